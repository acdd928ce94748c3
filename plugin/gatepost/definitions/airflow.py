"""An Airflow DAG, read from its syntax tree. The file is neither imported nor run; what only running tells is a gap."""

from __future__ import annotations

import ast
import warnings

from gatepost.definitions.airflow_tasks import Dag, Task
from gatepost.definitions.airflow_walk import Walk
from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.records.pipeline import Source

__all__ = ["read_airflow"]

_MAX_BYTES = 1024 * 1024
_ALL_SUCCESS = "all_success"


def read_airflow(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a DAG file.

    Args:
        source: names the DAG by `dag`, where the file has several.
        path: where the file is.
        content: its bytes.
        read_file: not used; a DAG that imports another module of the repository has a gap.

    Raises:
        DefinitionError: it is no Python, holds no DAG, or holds several and `dag` names none of them.
    """
    if len(content) > _MAX_BYTES:
        message = f"{path} is larger than 1 MiB"
        raise DefinitionError(message, "name the file that defines the DAG", path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content, filename=path)
    except SyntaxError as error:
        message = f"{path} is not Python that can be read: {error.msg}"
        raise DefinitionError(message, "correct the syntax", path, error.lineno or 1) from None
    except (RecursionError, MemoryError, ValueError) as error:
        message = f"{path} cannot be read: {type(error).__name__}"
        raise DefinitionError(message, "nest less deeply", path) from None
    walk = Walk()
    try:
        walk.module(tree)
    except RecursionError:
        message = f"{path} nests too deep to be read"
        raise DefinitionError(message, "nest less deeply", path) from None
    return _definition(path, _chosen(path, walk.dags, source.dag), walk)


def _chosen(path: str, dags: list[Dag], wanted: str | None) -> Dag:
    named = [dag for dag in dags if wanted is None or dag.id == wanted]
    if len(named) == 1:
        return named[0]
    ids = ", ".join(dag.id for dag in dags)
    if not dags:
        message = f"{path} holds no DAG that can be told from its text"
        raise DefinitionError(message, "write a snapshot where Airflow is installed, and name that", path)
    message = f"{path} holds several DAGs: {ids}" if wanted is None else f"{path} holds no DAG {wanted}: it has {ids}"
    raise DefinitionError(message, "name one: `source: {kind: airflow, path: …, dag: …}`", path)


def _definition(path: str, dag: Dag, walk: Walk) -> Definition:
    stages = tuple(_stage(path, task, dag) for task in dag.tasks.values())
    edges = []
    for (before, after), line in dag.edges.items():
        if before not in dag.tasks or after not in dag.tasks:
            dag.gaps.add((line, f"{before} and {after} are tasks of two DAGs"))
            continue
        rule = dag.tasks[after].trigger_rule or dag.default_text("trigger_rule")
        weakened = f"trigger_rule: {rule}" if rule and rule != _ALL_SUCCESS else None
        edges.append(RealEdge(before, after, weakened=weakened, line=line))
    gaps = tuple(Gap(message, path, line) for line, message in sorted({*walk.gaps, *dag.gaps}))
    return Definition("airflow", path, stages, tuple(edges), gaps, (path,))


def _stage(path: str, task: Task, dag: Dag) -> RealStage:
    retries = task.retries if task.retries is not None else dag.default_number("retries")
    timeout = task.timeout if task.timeout is not None else dag.default_number("execution_timeout")
    return RealStage(
        task.id,
        path,
        task.line,
        command=task.command,
        image=task.image,
        retries=int(retries) if retries is not None else None,
        timeout=timeout,
        condition=task.condition,
        waits_for=task.waits_for,
    )
