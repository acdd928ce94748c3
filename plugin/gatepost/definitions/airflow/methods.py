"""Methods of what expressions give: tasks, groups, DAGs, functions, lists, texts."""

from __future__ import annotations

import ast
from typing import Final

from gatepost.definitions.airflow.containers import Containers
from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.judging import holds_tasks
from gatepost.definitions.airflow.literals import string_method
from gatepost.definitions.airflow.tasks import TASK_ENDINGS
from gatepost.definitions.airflow.values import (
    UNKNOWN,
    Bound,
    FilePath,
    Function,
    Imported,
    Inside,
    Label,
    LocalClass,
    Output,
    PartialOperator,
    Super,
)

__all__ = ["NOT_OURS", "Methods"]


class _NotOurs:
    """Says that a method is none of those that are known."""


NOT_OURS = _NotOurs()
_READING: Final = tuple(
    (  # noqa: SIM905 - words read best as a text
        "add_inlet add_outlet check_ cleanup clear cli create_ dry_run execute expand get_ has_ hierarchical is_ iter "
        "log partial_subset pprint print render resolve run serialize sync test to_ topological_sort tree_view "
        "validate xcom_"
    ).split()
)
"""How the names of methods begin that read, or do something to runs and not to the graph."""
_LOOKING: Final = frozenset(
    "keys values items get copy union intersection difference issubset issuperset isdisjoint".split()  # noqa: SIM905 - words read best as a text
)
_Named = dict[str, object]


class Methods(Containers):
    """The part of a walk that calls methods."""

    def method(  # noqa: C901, PLR0912 - one case for each kind of value
        self, node: ast.Call, holder: object, name: str, given: list[object], named: _Named
    ) -> object:
        """Give what `holder.name(…)` gives, or `NOT_OURS`."""
        match holder:
            case Task() | Output() | Group() | Label() if name in {"set_upstream", "set_downstream"}:
                for other in (*given, *(named[key] for key in ("other", "task_or_task_list") if key in named)):
                    self.order(node, *((holder, other) if name == "set_downstream" else (other, holder)))
                return None
            case Task() | Output():
                return self._of_tasks(node, holder, name, given, named)
            case Group():
                return self._group_method(node, holder, name, given)
            case Inside():
                return self._kept_method(node, holder, name, given, named)
            case Dag():
                return self._dag_method(node, holder, name, given, named)
            case Function() | Bound():
                return self._function_method(node, holder, name, given, named)
            case PartialOperator() if name in {"expand", "expand_kwargs"}:
                return self.operator(node, holder.name, holder.options, (), [*given, *named.values()])
            case LocalClass() if name == "partial" and holder.ends_with(TASK_ENDINGS):
                return PartialOperator(holder.name, named)
            case Imported() if name == "partial" and holder.is_class:
                return PartialOperator(holder.last, named)
            case Super():
                return self._super_method(node, holder, name, given, named)
            case FilePath() if name in {"resolve", "absolute", "with_suffix"}:
                return holder
            case str():
                return string_method(holder, name, given, named)
            case list():
                return self.list_method(holder, name, given)
            case dict():
                return self.dict_method(holder, name, given, named)
            case _:
                return NOT_OURS

    def _of_tasks(self, node: ast.Call, holder: Task | Output, name: str, given: list[object], named: _Named) -> object:
        tasks = holder.tasks if isinstance(holder, Output) else (holder,)
        match name:
            case "as_setup":
                for task in tasks:
                    self.as_setup(task)
                return holder
            case "as_teardown":
                for task in tasks:
                    self.as_teardown(node, task, self._setups(node, named.get("setups")))
                return holder
            case "zip" | "concat":
                others = [task for one in given if isinstance(one, Output) for task in one.tasks]
                return Output((*tasks, *others))
            case "map":
                return Output(tasks)
        if any(map(holds_tasks, (*given, *named.values()))):
            return NOT_OURS
        if name in {"add_inlets", "add_outlets"}:
            return holder
        self._only_read(node, name, ", ".join(task.id for task in tasks))
        return UNKNOWN

    def _only_read(self, node: ast.AST, name: str, what: str, dag: Dag | None = None) -> None:
        """Say that a method may change the graph, unless its name tells that it only reads."""
        if not name.startswith(_READING):
            self.gap(node, f"what {name} does to {what} is not known", dag)

    def _kept_method(self, node: ast.Call, kept: Inside, name: str, given: list[object], named: _Named) -> object:
        if kept.name == "task_dict" and isinstance(kept.holder, Dag) and name in _LOOKING:
            return self.dict_method(dict(kept.holder.tasks), name, given, named)
        if name not in _LOOKING:
            self.changed_inside(node, kept)
        return UNKNOWN

    def _setups(self, node: ast.AST, value: object) -> list[Task]:
        if value is None:
            return []
        many = value if isinstance(value, list) else [value]
        if not all(isinstance(one, Task | Output) for one in many):
            self.gap(node, "the setups of a teardown are not known")
        found = [one for one in many if isinstance(one, Task)]
        return found + [task for one in many if isinstance(one, Output) for task in one.tasks]

    def _group_method(self, node: ast.Call, group: Group, name: str, given: list[object]) -> object:
        match name:
            case "get_child_by_label" if given and isinstance(given[0], str):
                return self.child(group, given[0])
            case "get_roots":
                return list(group.roots())
            case "get_leaves":
                return list(group.leaves())
            case "add" if given and isinstance(given[0], Task) and given[0] in group.children:
                return given[0]
            case _ if any(map(holds_tasks, given)):
                return NOT_OURS
            case _:
                self._only_read(node, name, f"the group {group.id}", group.dag)
                return UNKNOWN

    def _dag_method(self, node: ast.Call, dag: Dag, name: str, given: list[object], named: _Named) -> object:
        values = [*given, *named.values()]
        match name:
            case "add_task" | "add_tasks":
                flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
                for one in flat:
                    if isinstance(one, Task):
                        self.adopt(one, dag)
                    else:
                        self.gap(node, "which task is added here is not known", dag)
                return None
            case "get_task" | "has_task" if values and isinstance(values[0], str):
                return dag.tasks.get(values[0], UNKNOWN) if name == "get_task" else values[0] in dag.tasks
            case "set_dependency" if len(values) > 1:
                pair = [dag.tasks.get(one, UNKNOWN) if isinstance(one, str) else UNKNOWN for one in values[:2]]
                self.order(node, *pair)
                return None
            case _ if any(map(holds_tasks, values)):
                return NOT_OURS
            case _:
                self._only_read(node, name, f"the DAG {dag.id}", dag)
                return UNKNOWN

    def _function_method(
        self, node: ast.Call, holder: Function | Bound, name: str, given: list[object], named: _Named
    ) -> object:
        bound = holder if isinstance(holder, Bound) else Bound(holder)
        match name:
            case "override":
                return Bound(bound.function, {**bound.options, **named}, bound.given, bound.named)
            case "partial":
                return Bound(bound.function, bound.options, bound.given, {**bound.named, **named})
            case "expand" | "expand_kwargs":
                return self.invoke(node, bound, given, named, is_mapped=True)
            case _:
                return NOT_OURS

    def _super_method(self, node: ast.Call, holder: Super, name: str, given: list[object], named: _Named) -> object:
        found = next(
            (
                one
                for base in holder.above.bases
                if isinstance(base, LocalClass) and isinstance(one := base.find(name), Function)
            ),
            None,
        )
        return self.run(node, found, [holder.instance, *given], named) if found is not None else UNKNOWN
