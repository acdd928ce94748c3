"""Names, and what is in the values behind them: attributes, items, members of classes."""

from __future__ import annotations

import ast
import builtins
from typing import Final

from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.tasks import Tasks
from gatepost.definitions.airflow.values import (
    UNKNOWN,
    Bound,
    Definer,
    FilePath,
    Function,
    Imported,
    Inside,
    Instance,
    LocalClass,
    Output,
    Unknown,
)

__all__ = ["Names"]

_KEPT: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "upstream_task_ids downstream_task_ids upstream_group_ids downstream_group_ids children task_dict "
        "task_group_dict used_group_ids __dict__ partial_kwargs"
    ).split()
)
"""What Airflow keeps the graph in."""
_BUILT_INS: Final = frozenset(dir(builtins)) - {"__name__", "__doc__"}


class Names(Tasks):
    """The part of a walk that looks things up."""

    def run(self, node: ast.AST, function: Function, given: list[object], named: dict[str, object]) -> object:
        """Walk through the body of a function of the file."""
        raise NotImplementedError

    def look_up(self, name: str) -> object:
        """Give what a name holds."""
        for scope in reversed(self.frames[-1].scopes):
            if name in scope:
                return scope[name]
        return Imported(name, "builtins" if name in _BUILT_INS else "")

    def attribute(self, node: ast.AST, holder: object, name: str) -> object:
        """Give `holder.name`."""
        match holder:
            case Imported():
                if holder.last == "TriggerRule":
                    return name.lower()
                return holder if name == "value" else holder.attribute(name)
            case Instance() if name in holder.attributes:
                return holder.attributes[name]
            case Instance():
                return self._member(node, holder, holder.of.find(name))
            case LocalClass():
                found = holder.find(name)
                is_class_method = isinstance(found, Function) and found.binding == "classmethod"
                return Bound(found, given=(holder,)) if is_class_method and isinstance(found, Function) else found
            case Task() | Output():
                return self._of_task(holder, name)
            case Dag() | Group():
                return self._of_group(holder, name)
            case _:
                return _of_plain(holder, name)

    def _member(self, node: ast.AST, instance: Instance, found: object) -> object:
        if not isinstance(found, Function) or found.binding == "staticmethod":
            return found
        if found.binding == "property":
            return self.run(node, found, [instance], {})
        return Bound(found, given=(instance.of if found.binding == "classmethod" else instance,))

    @staticmethod
    def _of_task(holder: Task | Output, name: str) -> object:
        if isinstance(holder, Output):
            sole = holder.tasks[0] if len(holder.tasks) == 1 else None
            if name == "operator" and sole is not None:
                return sole
            return sole.id if name == "task_id" and sole is not None else UNKNOWN
        known = {
            "output": Output((holder,)),
            "task_id": holder.id,
            "dag": holder.dag,
            "task_group": holder.group,
            "upstream_list": list(holder.before),
            "downstream_list": list(holder.after),
        }
        return Inside(holder, name) if _is_kept(name) else known.get(name) or UNKNOWN

    @staticmethod
    def _of_group(holder: Dag | Group, name: str) -> object:
        if _is_kept(name):
            return Inside(holder, name)
        if isinstance(holder, Group):
            known: dict[str, object] = {"group_id": holder.id, "dag": holder.dag}
            return known.get(name, UNKNOWN)
        tasks = list(holder.tasks.values())
        known = {
            "dag_id": holder.id if holder.is_named else UNKNOWN,
            "task": Definer(holder),
            "tasks": tasks,
            "task_ids": list(holder.tasks),
            "default_args": holder.defaults,
            "roots": [task for task in tasks if not task.before],
            "leaves": [task for task in tasks if not task.after],
        }
        return known.get(name, UNKNOWN)

    def _subscript(self, node: ast.Subscript) -> object:
        holder = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._sliced(holder, node.slice)
        key = self.value(node.slice)
        if isinstance(holder, Output):
            return Output(holder.tasks, key if isinstance(key, str) else "?")
        if isinstance(holder, Group) and isinstance(key, str):
            return self.child(holder, key)
        if isinstance(holder, Inside):
            return self._item(holder, key)
        if isinstance(holder, LocalClass | Imported):
            return holder  # a generic: `list[str]`
        if isinstance(holder, dict) and isinstance(key, str | int | float | bool):
            return holder.get(key, UNKNOWN)
        if isinstance(holder, list | str) and type(key) is int and -len(holder) <= key < len(holder):
            return holder[key]
        return UNKNOWN

    @staticmethod
    def _item(holder: Inside, key: object) -> object:
        """Give one of what a DAG keeps: a task by its name."""
        tasks = holder.holder.tasks if isinstance(holder.holder, Dag) and holder.name == "task_dict" else {}
        return tasks.get(key, UNKNOWN) if isinstance(key, str) else UNKNOWN

    @staticmethod
    def child(group: Group, label: str) -> object:
        """Give the task or the group of a name inside of a group."""
        wanted = group.child_id(label)
        return next((one for one in group.children if one.id == wanted), UNKNOWN)

    def _sliced(self, holder: object, node: ast.Slice) -> object:
        parts = [self.value(one) if one is not None else None for one in (node.lower, node.upper, node.step)]
        if not isinstance(holder, list | str) or any(one is not None and type(one) is not int for one in parts):
            return UNKNOWN
        if any(isinstance(one, Unknown) for one in holder) or parts[2] == 0:
            return UNKNOWN
        lower, upper, step = (one if isinstance(one, int) else None for one in parts)
        return holder[lower:upper:step]


def _is_kept(name: str) -> bool:
    return name in _KEPT or name.startswith("_")


def _of_plain(holder: object, name: str) -> object:
    """Give `holder.name` of what has few names."""
    if isinstance(holder, FilePath):
        return {"stem": holder.stem, "name": holder.name}.get(name, UNKNOWN)
    if isinstance(holder, Function) and name == "__name__":
        return holder.name
    return holder if isinstance(holder, str) and name == "value" else UNKNOWN
