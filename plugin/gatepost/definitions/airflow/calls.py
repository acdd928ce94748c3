"""Calls: what Airflow's names do, what Python's do, and what is not known of all others."""

from __future__ import annotations

import ast
import itertools
from typing import Final

from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.judging import holds_tasks
from gatepost.definitions.airflow.literals import built_in, iterated
from gatepost.definitions.airflow.methods import NOT_OURS, Methods
from gatepost.definitions.airflow.tasks import TASK_ENDINGS
from gatepost.definitions.airflow.values import (
    REST,
    UNKNOWN,
    Bound,
    Decorator,
    Definer,
    FilePath,
    Function,
    Imported,
    Inside,
    Instance,
    Label,
    LocalClass,
    Output,
    Super,
    Unknown,
)

__all__ = ["Calls"]

_UNITS: Final = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}
_POSITIONS: Final = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")
_DECORATORS: Final = frozenset({"dag", "task", "task_group", "setup", "teardown"})
_Named = dict[str, object]


class Calls(Methods):
    """The part of a walk that calls."""

    def call(self, node: ast.Call) -> object:
        """Give what a call gives."""
        holder: object = None
        if isinstance(node.func, ast.Attribute):
            holder = self.value(node.func.value)
        given, named = self.items(node.args), self.keywords(node)
        if isinstance(node.func, ast.Attribute):
            found = self.method(node, holder, node.func.attr, given, named)
            if found is not NOT_OURS:
                return found
            target = self.attribute(node.func, holder, node.func.attr)
        else:
            target = self.value(node.func)
        match target:
            case Function() | Bound():
                return self.invoke(node, target, given, named)
            case LocalClass():
                return self.construct(node, target, given, named)
            case Decorator() | Definer():
                return self._decorator(node, target, given, named)
            case Imported():
                return self._imported(node, target, given, named)
            case _:
                return self._unknown(node, target, given, named)

    def _decorator(self, node: ast.Call, target: object, given: list[object], named: _Named) -> object:
        """Give a function to a decorator, or options to one that still waits for its function."""
        first = given[0] if given else None
        if isinstance(first, Function):
            return self.decorate(node, first, target, named)
        return Decorator(target, node, named)

    def _imported(self, node: ast.Call, target: Imported, given: list[object], named: _Named) -> object:
        if target.module == "builtins":
            self._note_built_in(node, target, [*given, *named.values()])
            return self._built_in(node, target.last, given, named)
        if target.is_airflow:
            found = self._airflow(node, target, given, named)
            if found is not NOT_OURS:
                return found
        found = self._standard(node, target, given, named)
        if found is not NOT_OURS:
            return found
        if target.is_class and (target.last.endswith(TASK_ENDINGS) or "task_id" in named):
            return self.operator(node, target.last, named, given)
        if target.is_class and target.last.endswith("TaskGroup"):
            self.gap(node, f"what {target.last} makes by itself is not known")
            return self.new_group(node, given[0] if given else named.get("group_id"), named, unique=False) or UNKNOWN
        if target.last in {"DAG", "Dag"}:
            self.gap(node, f"what {target.name} adds to a DAG is not known")
            return self._dag(node, given, named)
        return self._unknown(node, target, given, named)

    # ---- Airflow

    def _airflow(self, node: ast.Call, target: Imported, given: list[object], named: _Named) -> object:
        match target.last:
            case "DAG":
                return self._dag(node, given, named)
            case "TaskGroup":
                named = {**({"group_id": given[0]} if given else {}), **named}
                unique = named.get("add_suffix_on_collision") is True
                return self.new_group(node, named.get("group_id"), named, unique=unique) or UNKNOWN
            case "Label" | "EdgeModifier":
                return Label()
            case "chain" | "chain_linear":
                self.chain(node, given, linear=target.last == "chain_linear")
                return None
            case "cross_downstream":
                sides = [*given, *(named[key] for key in ("from_tasks", "to_tasks") if key in named)]
                if len(sides) == 2:  # noqa: PLR2004 - from and to
                    self.order(node, sides[0], sides[1])
                return None
            case "XComArg" | "PlainXComArg":
                first = given[0] if given else named.get("operator")
                return Output((first,)) if isinstance(first, Task) else first
            case "TriggerRule" if given:
                return given[0]
            case _ if target.last in _DECORATORS or "task" in target.name.split("."):
                return self._decorator(node, target, given, named)
            case _:
                return NOT_OURS

    def _dag(self, node: ast.Call, given: list[object], named: _Named) -> object:
        name = given[0] if given else named.get("dag_id")
        return self.new_dag(node, name, named, f"dag of line {node.lineno}")

    # ---- Python

    def _standard(self, node: ast.Call, target: Imported, given: list[object], named: _Named) -> object:
        first = given[0] if given else UNKNOWN
        match target.last:
            case "timedelta" | "duration":
                return _seconds(given, named)
            case "Path" | "PurePath" | "abspath" | "realpath" if isinstance(first, FilePath):
                return first
            case "basename" if isinstance(first, FilePath):
                return first.name
            case "splitext" if isinstance(first, str):
                stem, dot, ending = first.rpartition(".")
                return [stem, f".{ending}"] if dot else [first, ""]
            case "partial" if isinstance(first, Function | Bound):
                bound = first if isinstance(first, Bound) else Bound(first)
                return Bound(bound.function, bound.options, (*bound.given, *given[1:]), {**bound.named, **named})
            case "reduce" if isinstance(first, Function | Bound) and len(given) > 1:
                return self._reduced(node, first, given)
            case "pairwise" if (many := iterated(first)) is not None:
                return [[one, other] for one, other in itertools.pairwise(many)]
            case "product" if given and not named:
                return _product([iterated(one) for one in given])
            case "chain" | "from_iterable" if target.module.startswith("itertools"):
                parts = [iterated(one) for one in (given if target.last == "chain" else iterated(first) or [UNKNOWN])]
                return [one for part in parts for one in ([UNKNOWN] if part is None else part)]
            case _:
                return NOT_OURS

    def _reduced(self, node: ast.Call, function: Function | Bound, given: list[object]) -> object:
        many = iterated(given[1])
        if many is None or not (many or given[2:]):
            return self._unknown(node, UNKNOWN, given, {})
        found = given[2] if len(given) > 2 else many.pop(0)  # noqa: PLR2004 - where it starts
        for one in many:
            found = self.invoke(node, function, [found, one], {})
        return found

    def _note_built_in(self, node: ast.Call, target: Imported, values: list[object]) -> None:
        """Say that Python's own may change the graph: by a method on what a task keeps, or by text that is run."""
        if target.last in {"exec", "eval"} and self.dags:
            self.gap(node, f"what {target.last} does is not known: it runs a text")
        elif ("." in target.name or target.last == "delattr") and any(map(holds_tasks, values)):
            self.gap(node, f"what {target.name} does with tasks is not known")

    def _built_in(  # noqa: C901 - one case for each function
        self, node: ast.Call, name: str, given: list[object], named: _Named
    ) -> object:
        first = given[0] if given else UNKNOWN
        match name:
            case "globals" | "vars" if not given:
                return self.globals
            case "vars" if isinstance(first, Task | Group | Dag):
                return Inside(first, "__dict__")
            case "setattr" | "getattr" if holds_tasks(first) and not isinstance((*given, None)[1], str):
                self.gap(node, f"which attribute {name} takes of a task is not known")
                return UNKNOWN
            case "super":
                return self._super()
            case "setattr" if len(given) > 2 and isinstance(given[1], str):  # noqa: PLR2004 - object, name, value
                self.set_attribute(node, first, given[1], given[2])
                return None
            case "getattr" if len(given) > 1 and isinstance(given[1], str):
                return self.attribute(node, first, given[1])
            case "map" | "filter" if isinstance(first, Function | Bound | LocalClass) and len(given) > 1:
                return self._map(node, name, first, given[1:])
            case "dict" if REST not in named:
                return {**first, **named} if isinstance(first, dict) else dict(named) if not given else UNKNOWN
            case "sorted" if named and isinstance(first, list):
                return [UNKNOWN] if first else []
            case "next" | "iter":
                return UNKNOWN
            case _:
                return built_in(name, given)

    def _map(self, node: ast.Call, name: str, function: Function | Bound | LocalClass, rows: list[object]) -> object:
        many = [iterated(one) for one in rows]
        known = [one for one in many if one is not None]
        if name == "filter" or len(known) < len(many) or isinstance(function, LocalClass):
            return self._unknown(node, UNKNOWN, [function, *rows], {})
        return [self.invoke(node, function, list(one), {}) for one in zip(*known, strict=False)]

    def _super(self) -> object:
        above, instance = self.look_up("__class__"), self.look_up("self")
        if isinstance(above, LocalClass) and isinstance(instance, Instance):
            return Super(instance, above)
        return UNKNOWN

    def set_attribute(self, node: ast.AST, holder: object, name: str, value: object) -> None:
        """Keep a value as `holder.name`."""
        raise NotImplementedError

    # ---- all others

    def _unknown(self, node: ast.Call, target: object, given: list[object], named: _Named) -> object:
        """Say what cannot be told of a call that may make tasks, or put some in order."""
        name = ast.unparse(node.func)[:60]
        values = [*given, *named.values()]
        imported = target if isinstance(target, Imported) else None
        why = self._why_unknown(imported, values, named)
        is_told = imported is not None and imported.is_told
        if why is not None and not is_told:
            self.gap(node, f"what {name} {why}")
        if imported is None or imported.is_harmless:
            return UNKNOWN if imported is None else Unknown(imported.name)
        if not imported.is_class:
            self._spoil(values)
        return Imported(f"{imported.name}()", imported.module, is_told or why is not None)

    def _why_unknown(self, target: Imported | None, values: list[object], named: _Named) -> str | None:
        """Say what a call may do to the graph; None for one that does nothing to it."""
        is_harmless = target is not None and target.is_harmless
        if any(map(holds_tasks, values)):
            return "does with tasks is not known"
        if not self.open_dags or is_harmless:
            return None
        if target is not None and self._may_make_tasks(target, named):
            return "makes is not known: it comes from another file"
        takes = any(isinstance(one, Function | Bound) for one in values)
        if takes and (target is None or not target.is_class):
            return "does with a function of this file is not known"
        return None

    def _spoil(self, values: list[object]) -> None:
        """Forget what is in lists and mappings that code of another file may have changed."""
        for value in values:
            if isinstance(value, dict | list):
                self.forget(value)

    @staticmethod
    def _may_make_tasks(target: Imported, named: _Named) -> bool:
        return not target.is_class or REST in named or "group_id" in named


def _seconds(given: list[object], named: _Named) -> object:
    """Give a length of time in seconds."""
    parts = {**dict(zip(_POSITIONS, given, strict=False)), **named}
    total = 0.0
    for unit, number in parts.items():
        if unit not in _UNITS or not isinstance(number, int | float):
            return UNKNOWN
        total += number * _UNITS[unit]
    return total


def _product(rows: list[list[object] | None]) -> object:
    found: list[list[object]] = [[]]
    for row in rows:
        if row is None or len(found) * len(row) > 5_000:  # noqa: PLR2004 - as in a loop
            return UNKNOWN
        found = [[*start, one] for start in found for one in row]
    return found
