"""What makes DAGs, task groups and tasks, and what their arguments say."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Sequence
from typing import Final

from gatepost.definitions.airflow.answers import CALLBACK, answers_of, called_by, program_of
from gatepost.definitions.airflow.graph import TEARDOWN_RULE, Dag, Group, Task
from gatepost.definitions.airflow.rules import doubt_of, skips_in, skips_of
from gatepost.definitions.airflow.setups import Setups
from gatepost.definitions.airflow.simple import text_of
from gatepost.definitions.airflow.state import line_of
from gatepost.definitions.airflow.values import REST, Bound, Function, Imported, Output, PartlyKnown, Unknown

__all__ = ["COMMANDS", "CONDITION", "SETTINGS", "TASK_ENDINGS", "Tasks", "branches", "command_of"]

TASK_ENDINGS: Final = ("Operator", "Sensor", "SensorAsync", "OperatorAsync", "Decorator", "Operation")
CONDITION: Final = "?"
"""The key under which the condition of a decorator is kept: `run_if(…)`."""
COMMANDS: Final = ("bash_command", "command", "cmd", "sql", "hql", "pyspark_file", "application", "python_callable")
SETTINGS: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "owner email email_on_failure email_on_retry pool pool_slots queue priority_weight weight_rule params "
        "start_date end_date inlets outlets retry_delay retry_exponential_backoff sla resources executor "
        "executor_config env cwd append_env templates_dict depends_on_past wait_for_downstream"
    ).split()
)
"""What may be set on a task without another order, command, or answer to a failure."""
_BY_PEOPLE: Final = ("HITL", "Approval")
_SKIPPING: Final = "skip_on_exit_code"
_NEVER: Final = 99
"""The exit code that skips a task where nothing else is said."""
_REJECTED: Final = 10
_BRANCHING: Final = ("Branch", "ShortCircuit", "LatestOnly")
_BRANCHING_FLAVOURS: Final = ("branch", "short_circuit")
_NOT_FED: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "dag default_args doc doc_md end_date execution_timeout on_failure_callback on_retry_callback "
        "on_success_callback params pool python_callable queue retries retry_delay start_date task_group task_id "
        "trigger_rule"
    ).split()
)
"""Arguments that take no output of another task."""


class Tasks(Setups):
    """The part of a walk that makes tasks."""

    def new_dag(self, node: ast.AST, name: object, options: dict[str, object], fallback: str) -> Dag:
        """Make a DAG."""
        is_named = isinstance(name, str)
        dag = Dag(name if isinstance(name, str) else fallback, line_of(node), is_named)
        defaults = options.get("default_args")
        if isinstance(defaults, dict):
            dag.defaults = defaults
        elif defaults is not None:
            self.gap(node, "the default arguments of the DAG are not known", dag)
        if REST in options and "default_args" not in options:
            self.gap(node, "some arguments of the DAG are not known", dag)
        dag.answers = answers_of(options.get(CALLBACK), dag.line)
        limit = options.get("dagrun_timeout")
        dag.limit = float(limit) if isinstance(limit, int | float) else None
        if limit is not None and dag.limit is None:
            self.gap(node, "how long a run of the DAG may take is not known", dag)
        self.dags.append(dag)
        self.journal.drew(lambda: self.dags.remove(dag))
        return dag

    def new_group(self, node: ast.AST, name: object, options: dict[str, object], *, unique: bool) -> Group | None:
        """Make a task group inside of what is open; None outside of a DAG."""
        parent = options.get("parent_group")
        own = options.get("dag")
        dag = parent.dag if isinstance(parent, Group) else own if isinstance(own, Dag) else self.dag_here()
        if dag is None:
            self.gap(node, "which DAG this task group is part of is not known")
            return None
        outer = parent if isinstance(parent, Group) else self.group_here(dag)
        if not isinstance(name, str):
            self.gap(node, "the name of a task group is not known")
            name = f"group of line {line_of(node)}"
        if unique and outer is not None and outer.child_id(name) not in dag.groups and name in dag.groups:
            self.gap(node, f"whether this group is called {name} or {name}__1 depends on the release of Airflow")
        if unique:
            name = dag.unique_group(name, outer)
        prefixes = options.get("prefix_group_id", True)
        if isinstance(prefixes, Unknown | Imported):
            self.gap(node, f"whether the group {name} gives its name to its tasks is not known")
        defaults = options.get("default_args")
        if isinstance(defaults, Unknown | Imported):
            self.gap(node, f"the default arguments of the group {name} are not known")
        inherited = outer.defaults if outer is not None else {}
        group = Group(
            name,
            line_of(node),
            dag,
            outer,
            prefixes is not False,
            {**inherited, **(defaults if isinstance(defaults, dict) else {})},
        )
        self._keep(dag, outer, group)
        return group

    def _keep(self, dag: Dag, outer: Group | None, child: Task | Group) -> None:
        """Take a task or a group into the DAG and the group around it."""
        children = outer.children if outer is not None else dag.children
        names: dict[str, Task] | dict[str, Group] = dag.tasks if isinstance(child, Task) else dag.groups
        name = child.id
        known = name in names
        names.setdefault(name, child)  # type: ignore[arg-type]
        children.append(child)

        def undo() -> None:
            children.remove(child)
            if not known:
                names.pop(name)

        self.journal.drew(undo)

    def new_task(self, node: ast.AST, name: object, options: dict[str, object], *, unique: bool = False) -> Task:
        """Make a task inside of what is open."""
        own, given = options.get("dag"), options.get("task_group")
        dag = own if isinstance(own, Dag) else given.dag if isinstance(given, Group) else self.dag_here()
        if own is not None and not isinstance(own, Dag):
            self.gap(node, "which DAG this task is part of is not known")
        group = given if isinstance(given, Group) else self.group_here(dag)
        if given is not None and not isinstance(given, Group):
            self.gap(node, "which group this task is part of is not known")
        if not isinstance(name, str):
            self.gap(node, "the name of a task is not known")
            name = f"task of line {line_of(node)}"
        if unique and dag is not None:
            name = dag.unique_task(name, group)
        full = group.child_id(name) if group is not None else name
        task = Task(full, line_of(node), dag, group)
        if dag is not None and full in dag.tasks:
            self.gap(node, f"two tasks are called {full}")
            return dag.tasks[full]
        self._describe(node, task, options)
        if dag is not None:
            self._keep(dag, group, task)
        else:
            self.orphans.append(task)
            self.journal.drew(lambda: self.orphans.remove(task))
        return task

    def _describe(self, node: ast.AST, task: Task, options: dict[str, object]) -> None:
        """Read what the arguments say, and the default arguments where they say nothing."""
        own = options.get("default_args")
        dag, group = task.dag, task.group
        defaults = {
            **(dag.defaults if dag is not None else {}),
            **(group.defaults if group is not None else {}),
            **(own if isinstance(own, dict) else {}),
        }
        if REST in options or REST in defaults or (own is not None and not isinstance(own, dict)):
            self.gap(node, f"some arguments of {task.id} are not known")
        rule = options.get("trigger_rule", defaults.get("trigger_rule"))
        task.trigger_rule = self.rule(node, task, rule)
        retries = options.get("retries", defaults.get("retries"))
        task.retries = retries if type(retries) is int else None
        if retries is not None and task.retries is None:
            self.gap(node, f"how often {task.id} is tried again is not known")
        timeout = options.get("execution_timeout", defaults.get("execution_timeout"))
        task.timeout = float(timeout) if isinstance(timeout, int | float) else None
        if timeout is not None and task.timeout is None:
            self.gap(node, f"how long {task.id} may run is not known")
        image = options.get("image")
        task.image = image if isinstance(image, str) else None
        task.command = command_of(options)
        task.skips = skips_of(options, task.command)
        task.doubt = doubt_of(options.get("python_callable"))
        task.function = called_by(options.get("python_callable"), self.path, line_of(node))
        task.program = program_of(options.get("python_callable"), line_of(node))
        task.answers = answers_of(options.get(CALLBACK, defaults.get(CALLBACK)), line_of(node))
        task.rejects_by = _rejects_by(options.get(_SKIPPING, defaults.get(_SKIPPING, _NEVER)))
        condition = options.get(CONDITION)
        task.condition = condition if isinstance(condition, str) else self.conditions[-1] if self.conditions else None

    def rule(self, node: ast.AST, task: Task, value: object) -> str | None:
        """Give a trigger rule by its name; one that is not known is a gap."""
        if value is None:
            return None
        if isinstance(value, str):
            return value.rpartition(".")[2].lower()
        self.gap(node, f"when {task.id} runs, its trigger rule, is not known")
        return "not known"

    def operator(
        self,
        node: ast.Call,
        name: str,
        options: dict[str, object],
        given: Sequence[object] = (),
        expanded: Sequence[object] | None = None,
    ) -> Task:
        """Make the task of an operator; one for `partial(…).expand(…)`, however often that runs."""
        called = options.get("task_id", given[0] if given and isinstance(given[0], str) else None)
        task = self.new_task(node, called, options)
        task.operator = name
        task.rejects_by = name if "ShortCircuit" in name else task.rejects_by
        if expanded is not None:
            self._map_over(task)
        if name.endswith(("Sensor", "SensorAsync")) or name.startswith(_BY_PEOPLE):
            task.waits_for = name
        self._feed_all(node, task, [*given, *(expanded or ())], options)
        return task

    @staticmethod
    def _map_over(task: Task) -> None:
        """Say that a task runs once for each of what it is given, and never for nothing."""
        task.is_mapped = True
        task.condition = task.condition or "expand: once for each item"

    def _feed_all(self, node: ast.AST, task: Task, given: list[object], options: dict[str, object]) -> None:
        for value in (*given, *(value for key, value in options.items() if key not in _NOT_FED)):
            self.feed(node, value, task)
        self.note_work(task)

    def decorated(
        self,
        node: ast.Call,
        function: Function,
        options: dict[str, object],
        given: list[object],
        *,
        is_mapped: bool = False,
    ) -> Output:
        """Make the task of a function with `@task`."""
        task = self.new_task(node, options.get("task_id", function.name), options, unique=True)
        given_back = text_of(function) if function.flavour == "bash" else None
        task.command = given_back or function.name
        if given_back is None:
            task.function = called_by(function, self.path, line_of(node))
            task.program = program_of(function, line_of(node))
        task.skips = task.skips or skips_in(function)
        task.doubt = doubt_of(function)
        task.operator = f"@task.{function.flavour}" if function.flavour else "@task"
        task.rejects_by = task.operator if "short_circuit" in function.flavour else task.rejects_by
        if is_mapped:
            self._map_over(task)
        if function.is_setup or function.is_teardown:
            task.is_setup, task.is_teardown = function.is_setup, function.is_teardown
            task.trigger_rule = TEARDOWN_RULE if function.is_teardown else task.trigger_rule
        if "sensor" in function.flavour:
            task.waits_for = task.operator
        self._feed_all(node, task, given, options)
        return Output((task,))


def _rejects_by(codes: object) -> str | None:
    """Say by which words a rejection skips a task; a gate rejects with exit code 10.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html#skipping
    """
    known = codes if isinstance(codes, list) else [codes]
    if all(type(one) is int or one is None for one in known):
        return f"{_SKIPPING}: {_REJECTED}" if _REJECTED in known else None
    return f"{_SKIPPING}, which is not known"


def command_of(options: dict[str, object]) -> str | None:
    """Give what a task runs, as far as its arguments say it."""
    for key in COMMANDS:
        value = options.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, PartlyKnown):
            return value.text
        if isinstance(value, Function | Bound):
            return (value.function if isinstance(value, Bound) else value).name
    words = [word for key in ("cmds", "arguments") for word in _listed(options.get(key))]
    return shlex.join(words) or None


def _listed(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def branches(task: Task) -> bool:
    """Tell whether a task chooses what runs after it."""
    if task.operator.startswith("@task."):
        return any(one in task.operator for one in _BRANCHING_FLAVOURS)
    return any(one in task.operator for one in _BRANCHING)
