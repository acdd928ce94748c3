"""An Airflow DAG, read from its syntax tree. The file is neither imported nor run; what only running tells is a gap."""

from __future__ import annotations

import ast
import warnings

from gatepost.definitions.airflow.graph import Dag, Link, Task
from gatepost.definitions.airflow.rules import passed_by
from gatepost.definitions.airflow.state import Exhausted, Interrupt
from gatepost.definitions.airflow.statements import Statements
from gatepost.definitions.airflow.tasks import branches
from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage, Script
from gatepost.records.pipeline import Source

__all__ = ["read_airflow"]

_MAX_BYTES = 1024 * 1024
_IDLE = frozenset({"EmptyOperator", "DummyOperator"})
_STARTS_ANOTHER = "TriggerDagRunOperator"
_SNAPSHOT = "write a snapshot where Airflow is installed, and name that"


def read_airflow(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a DAG file.

    Args:
        source: names the DAG by `dag`, where the file has several.
        path: where the file is.
        content: its bytes.
        read_file: not used; what a DAG takes from another module of the repository is a gap.

    Raises:
        DefinitionError: it is no Python, holds no DAG, or holds several and `dag` names none of them.
    """
    walk = Statements(path)
    tree = _parsed(path, content)
    try:
        walk.body(tree.body)
    except RecursionError:
        message = f"{path} nests too deep to be read"
        raise DefinitionError(message, "nest less deeply", path) from None
    except Exhausted:
        if not walk.dags:
            message = f"{path} does more than can be followed before it comes to a DAG"
            raise DefinitionError(message, _SNAPSHOT, path) from None
        walk.gaps[None, 1, "the file does more than can be followed"] = None
    except Interrupt:
        walk.gaps[None, 1, "the file ends in an exception, as far as it can be followed"] = None
    dag = _chosen(path, walk.dags, source.dag)
    return _definition(path, dag, walk)


def _parsed(path: str, content: bytes) -> ast.Module:
    if len(content) > _MAX_BYTES:
        message = f"{path} is larger than 1 MiB"
        raise DefinitionError(message, "name the file that defines the DAG", path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content, filename=path)
    except SyntaxError as error:
        message = f"{path} is not Python that can be read: {error.msg}"
        raise DefinitionError(message, "correct the syntax", path, error.lineno or 1) from None
    except RecursionError:
        told = "one expression, such as a chain of `a >> b`, has more parts than can be read"
        message = f"{path} cannot be read: {told}"
        raise DefinitionError(message, "split it: a chain of up to 2,500 parts is read", path) from None
    except (MemoryError, ValueError) as error:
        message = f"{path} cannot be read: {error or 'it nests too deep'}"
        raise DefinitionError(message, "nest less deeply, and save it as plain text", path) from None


def _chosen(path: str, dags: list[Dag], wanted: str | None) -> Dag:
    named = [dag for dag in dags if wanted is None or (dag.is_named and dag.id == wanted)]
    nameless = [dag for dag in dags if not dag.is_named]
    if not named and len(nameless) == 1:
        return nameless[0]
    if len(named) == 1:
        return named[0]
    ids = ", ".join(dag.id for dag in dags)
    if not dags:
        message = f"{path} holds no DAG that can be told from its text"
        raise DefinitionError(message, _SNAPSHOT, path)
    message = f"{path} holds several DAGs: {ids}" if wanted is None else f"{path} holds no DAG {wanted}: it has {ids}"
    if len(named) > 1 and wanted is not None:
        message = f"{path} holds several DAGs that are called {wanted}"
    raise DefinitionError(
        message, "name one: `source: {kind: airflow, path: …, dag: …}`", path, (named or dags)[0].line
    )


def _definition(path: str, dag: Dag, walk: Statements) -> Definition:
    edges = [
        _edge(task, after, link)
        for task in dag.tasks.values()
        for after, link in task.after.items()
        if after.dag is dag
    ]
    gaps = [Gap(message, path, line) for owner, line, message in walk.gaps if owner is None or owner is dag]
    if not dag.is_named:
        gaps.append(Gap("the name of the DAG is not known", path, dag.line))
    gaps += [
        Gap(f"which DAG {task.id} is part of is not known", path, task.line)
        for task in walk.orphans
        if task.dag is None
    ]
    gaps.sort(key=lambda gap: (gap.line, gap.message))
    stages = tuple(_stage(path, task) for task in dag.tasks.values())
    return Definition("airflow", path, stages, tuple(edges), tuple(gaps), (path,))


def _edge(task: Task, after: Task, link: Link) -> RealEdge:
    passed = passed_by(task, after)
    via = link.via if link.via != "return_value" else ""
    return RealEdge(task.id, after.id, via, passed.weakened, link.line, skipped=passed.skipped)


def _scripts(task: Task) -> tuple[Script, ...]:
    """Give what a `BashOperator` runs: its shell goes on after a failure, unless the text says not to."""
    is_bash = task.operator.endswith("BashOperator") or (task.operator == "@task.bash" and task.function is None)
    if task.command is None or not is_bash:
        return ()
    return (Script(task.command, stops=False, pipefail=False),)


def _stage(path: str, task: Task) -> RealStage:
    chosen = next((one for one in task.before if branches(one)), None)
    condition = f"{chosen.operator} {chosen.id} chooses whether it runs" if chosen is not None else None
    return RealStage(
        task.id,
        path,
        task.line,
        command=task.command,
        scripts=_scripts(task),
        image=task.image,
        retries=task.retries,
        timeout=task.timeout,
        run_limit=task.dag.limit if task.dag is not None else None,
        condition=task.condition or condition,
        waits_for=task.waits_for,
        skips=task.skips,
        rejects_by=task.rejects_by,
        unseen=task.operator if task.operator == _STARTS_ANOTHER else None,
        doubt=None if branches(task) or "sensor" in task.operator.casefold() else task.doubt,
        idle=task.operator if task.operator in _IDLE else None,
        function=task.function,
        program=task.program,
        answers=(*task.answers, *(task.dag.answers if task.dag is not None else ())),
    )
