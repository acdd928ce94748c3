"""What decorators make of the functions of a file: tasks, DAGs, groups, assets."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Final

from gatepost.definitions.airflow.expressions import Expressions
from gatepost.definitions.airflow.tasks import CONDITION
from gatepost.definitions.airflow.values import REST, UNKNOWN, Bound, Decorator, Definer, Function, Imported, LocalClass

__all__ = ["Decorators"]

_BINDINGS: Final = frozenset({"staticmethod", "classmethod", "property", "cached_property"})
_KEEPS: Final = frozenset({"wraps", "lru_cache", "cache", "override", "overload", "abstractmethod", "no_type_check"})
_RECORDS: Final = frozenset({"dataclass", "NamedTuple", "define", "frozen", "BaseModel", "BaseSettings"})


class Decorators(Expressions):
    """The part of a walk that defines functions and classes."""

    def keywords(self, node: ast.Call) -> dict[str, object]:
        """Give the named arguments of a call; those unpacked from something unknown are one, under `**`."""
        found: dict[str, object] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                found[keyword.arg] = value
            elif isinstance(value, dict):
                found.update({str(name): inner for name, inner in value.items()})
            else:
                found[REST] = UNKNOWN
        return found

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Bind a function of the file."""
        made: object = Function(node.name, node, tuple(self.frames[-1].scopes))
        for decorator in reversed(node.decorator_list):
            made = self._decorated(decorator, made)
        self.put_name(node.name, made)

    def _decorated(self, node: ast.expr, made: object) -> object:
        call = node if isinstance(node, ast.Call) else None
        target = self.value(call.func if call is not None else node)
        if call is None or isinstance(target, Function | Bound):
            return self.decorate(node, made, target if call is None else self.call(call), {})
        options = self.keywords(call)
        first = self.value(call.args[0]) if call.args else None
        if isinstance(target, Imported) and target.last == "dag" and first is not None:
            options.setdefault("dag_id", first)
        if isinstance(target, Imported) and target.last == "wraps" and isinstance(first, Function):
            return replace(made, name=first.name) if isinstance(made, Function) else made
        return self.decorate(node, made, target, options)

    def decorate(self, node: ast.expr, made: object, target: object, options: dict[str, object]) -> object:
        """Apply one decorator."""
        if isinstance(target, Decorator):
            return self.decorate(node, made, target.target, {**target.options, **options})
        if not isinstance(made, Function):
            return made
        if isinstance(target, Definer):
            return self._as_task(node, made, "", {"dag": target.dag, **options})
        if isinstance(target, Function | Bound):
            return self._by_own(node, made, target)
        if not isinstance(target, Imported):
            return replace(made, role="opaque")
        if not target.is_airflow:
            return self._by_others(made, target)
        return self._by_airflow(node, made, target, options)

    def _by_own(self, node: ast.expr, made: Function, target: Function | Bound) -> object:
        """Let a decorator of the file give what it gives."""
        bound = target if isinstance(target, Bound) else Bound(target)
        if bound.function.role != "plain":
            return replace(made, role="opaque")
        found = self.run(node, bound.function, [*bound.given, made], bound.named)
        return found if isinstance(found, Function | Bound) else replace(made, role="opaque")

    @staticmethod
    def _by_others(made: Function, target: Imported) -> Function:
        if target.last in _BINDINGS:
            return replace(made, binding="property" if target.last == "cached_property" else target.last)
        keeps = target.is_harmless and target.last in _KEEPS
        return made if keeps or made.role != "plain" else replace(made, role="opaque")

    def _by_airflow(self, node: ast.expr, made: Function, target: Imported, options: dict[str, object]) -> object:
        parts = target.name.split(".")
        match parts[-1]:
            case "run_if" | "skip_if":
                return replace(made, options={**made.options, CONDITION: ast.unparse(node)[:80]})
            case "dag":
                return replace(made, role="dag", options=options)
            case "task_group":
                return replace(made, role="group", options=options)
            case "setup":
                return replace(self._as_task(node, made, "", options), is_setup=True)
            case "teardown":
                return replace(self._as_task(node, made, "", options), is_teardown=True)
            case "asset" | "multi" if "asset" in parts:
                return self.asset(node, made, options, is_multi=parts[-1] == "multi")
            case "result":
                return made
        if "task" in parts:
            return self._as_task(node, made, ".".join(parts[parts.index("task") + 1 :]), options)
        return replace(made, role="opaque")

    def _as_task(self, node: ast.expr, made: Function, flavour: str, options: dict[str, object]) -> Function:
        if made.role == "opaque" and "task_id" not in options:
            self.gap(node, f"what another decorator does with {made.name} is not known")
        if made.role == "task":
            return replace(made, options={**made.options, **options})
        return replace(made, role="task", flavour=flavour, options={**made.options, **options})

    def asset(self, node: ast.expr, made: Function, options: dict[str, object], *, is_multi: bool) -> object:
        """Make the DAG of one task that an asset is."""
        named = made.name if is_multi else options.get("name", made.name)
        dag = self.new_dag(node, options.get("dag_id") or named, {}, made.name)
        self.open_dags.append(dag)
        try:
            own = made.options if made.role == "task" else {}
            task = self.new_task(node, own.get("task_id", made.name), own)
            task.command, task.operator = made.name, "@asset"
        finally:
            self.open_dags.pop()
        return UNKNOWN

    def define_class(self, node: ast.ClassDef) -> None:
        """Bind a class of the file."""
        bases = tuple(self.value(base) for base in node.bases)
        marks = [self.value(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list]
        names = {one.last for one in (*bases, *marks) if isinstance(one, Imported)}
        above = any(base.is_record for base in bases if isinstance(base, LocalClass))
        scope: dict[str, object] = {}
        made = LocalClass(node.name, node, scope, bases, bool(names & _RECORDS) or above)
        self.frames[-1].scopes.append(scope)
        try:
            scope["__class__"] = made
            self.body(node.body)
        finally:
            self.frames[-1].scopes.pop()
        self.put_name(node.name, made)
