"""Calls of what the file defines itself: functions are walked through, DAGs and groups are opened, tasks are made."""

from __future__ import annotations

import ast
from typing import Final

from gatepost.definitions.airflow.decorators import Decorators
from gatepost.definitions.airflow.graph import Task
from gatepost.definitions.airflow.judging import holds_tasks, is_same
from gatepost.definitions.airflow.state import Flow, Frame
from gatepost.definitions.airflow.tasks import TASK_ENDINGS
from gatepost.definitions.airflow.values import REST, UNKNOWN, Bound, Function, Instance, LocalClass, Output, Scope

__all__ = ["Functions"]

_DEPTH: Final = 16
_SETS: Final = frozenset({"task_id", "trigger_rule", "retries", "execution_timeout", "default_args"})


class Functions(Decorators):
    """The part of a walk that calls what the file defines."""

    def invoke(
        self,
        node: ast.Call,
        target: Function | Bound,
        given: list[object],
        named: dict[str, object],
        *,
        is_mapped: bool = False,
    ) -> object:
        """Call a function of the file; `is_mapped` when `expand` calls it."""
        bound = target if isinstance(target, Bound) else Bound(target)
        function = bound.function
        options = {**function.options, **bound.options}
        if function.role == "group":
            mapped = _outputs_of([*given, *named.values()]) if is_mapped else None
            if mapped is not None:
                given, named = [], _each(function, mapped, named, is_all=bool(given))
            return self._open_group(node, function, options, mapped, [*bound.given, *given], {**bound.named, **named})
        given, named = [*bound.given, *given], {**bound.named, **named}
        match function.role:
            case "task":
                return self.decorated(node, function, options, [*given, *named.values()], is_mapped=is_mapped)
            case "dag":
                return self._open_dag(node, function, options)
            case "opaque":
                if self.open_dags or any(map(holds_tasks, (*given, *named.values()))):
                    self.gap(node, f"what the decorator of {function.name} makes of it is not known")
                return UNKNOWN
            case _:
                return self.run(node, function, given, named)

    def _open_dag(self, node: ast.Call, function: Function, options: dict[str, object]) -> object:
        dag = self.new_dag(node, options.get("dag_id") or function.name, options, function.name)
        self.open_dags.append(dag)
        try:
            self.run(node, function, [], {REST: UNKNOWN})  # its arguments are parameters of a run
        finally:
            self.open_dags.pop()
        return dag

    def _open_group(  # noqa: PLR0913, PLR0917 - a call in all its parts
        self,
        node: ast.Call,
        function: Function,
        options: dict[str, object],
        mapped: Output | None,
        given: list[object],
        named: dict[str, object],
    ) -> object:
        group = self.new_group(node, options.get("group_id", function.name), options, unique=True)
        if group is None:
            return UNKNOWN
        self.open_groups.append(group)
        try:
            found = self.run(node, function, given, named)
        finally:
            self.open_groups.pop()
        if mapped is not None:
            self.order(node, mapped, group)
        return group if found is None else found

    def run(self, node: ast.AST, function: Function, given: list[object], named: dict[str, object]) -> object:
        """Walk through the body of a function of the file; give what it returns."""
        if len(self.frames) > _DEPTH:
            self.gap(node, f"{function.name} calls itself, or others, too deep to follow")
            return UNKNOWN
        if isinstance(function.node, ast.AsyncFunctionDef) and function.role == "plain":
            return UNKNOWN
        frame = Frame([*function.closure, {}])
        self.frames.append(frame)
        try:
            self._bind(function, frame.scopes[-1], given, named)
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body)
            result: object = None
            try:
                self.body(function.node.body)
            except Flow as left:
                result = left.value
            if frame.yielded or _yields(function.node):
                return frame.yielded
            return result if all(is_same(result, one) for one in frame.returned) else UNKNOWN
        finally:
            self.frames.pop()

    def _bind(self, function: Function, scope: Scope, given: list[object], named: dict[str, object]) -> None:
        """Bind the arguments of a call to the parameters."""
        args = function.node.args
        positional = [one.arg for one in (*args.posonlyargs, *args.args)]
        names = {*positional, *(one.arg for one in args.kwonlyargs)}
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults)) + list(args.defaults)
        pairs = [*zip(positional, defaults, strict=True)]
        pairs += zip((one.arg for one in args.kwonlyargs), args.kw_defaults, strict=True)
        for name, default in pairs:
            scope[name] = UNKNOWN if default is None or REST in named else self.value(default)
        scope.update(zip(positional, given, strict=False))
        scope.update({name: value for name, value in named.items() if name in names})
        if args.vararg is not None:
            scope[args.vararg.arg] = given[len(positional) :]
        if args.kwarg is not None:
            scope[args.kwarg.arg] = {name: value for name, value in named.items() if name not in names}

    def construct(self, node: ast.Call, made: LocalClass, given: list[object], named: dict[str, object]) -> object:
        """Make an object of a class of the file."""
        if made.ends_with(TASK_ENDINGS):
            initial = made.find("__init__")
            if isinstance(initial, Function) and _sets(initial.node):
                self.gap(node, f"what {made.name} sets by itself is not followed")
            if any(isinstance(made.find(name), Function) for name in ("execute", "pre_execute")):
                self.gap(node, f"what {made.name} runs is not followed: it has an `execute` of its own")
            return self.operator(node, made.name, named, given)
        if made.ends_with(("TaskGroup", "DAG")):
            self.gap(node, f"what {made.name} makes by itself is not followed")
            if made.ends_with(("DAG",)):
                return self.new_dag(node, given[0] if given else named.get("dag_id"), named, made.name)
            return UNKNOWN
        instance = Instance(made)
        initial = made.find("__init__")
        if isinstance(initial, Function):
            self.run(node, initial, [instance, *given], named)
        elif made.is_record:
            self._fill(instance, made, given, named)
        return instance

    def _fill(self, instance: Instance, made: LocalClass, given: list[object], named: dict[str, object]) -> None:
        """Fill in the fields of a dataclass."""
        fields = [
            one.target.id
            for one in made.node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        for name in fields:
            instance.attributes[name] = made.scope.get(name, UNKNOWN)
        instance.attributes.update(zip(fields, given, strict=False))
        instance.attributes.update({name: value for name, value in named.items() if name != REST})


def _outputs_of(values: list[object]) -> Output:
    found: dict[Task, None] = {}
    for value in values:
        _collect(value, found)
    return Output(tuple(found))


def _each(function: Function, mapped: Output, named: dict[str, object], *, is_all: bool) -> dict[str, object]:
    """Give what the body of a mapped group sees of each mapped argument: that of one run of it."""
    args = function.node.args
    names = [one.arg for one in (*args.args, *args.kwonlyargs)] if is_all else list(named)
    return dict.fromkeys(names, mapped if mapped.tasks else UNKNOWN)


def _collect(value: object, found: dict[Task, None]) -> None:
    """Collect the tasks whose outputs a value holds."""
    if isinstance(value, Output):
        found.update(dict.fromkeys(value.tasks))
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            _collect(inner, found)


def _yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function itself yields, inner ones aside."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(one)
    return False


def _sets(node: ast.AST) -> bool:
    """Tell whether an operator's own `__init__` sets what decides about its task."""
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    return any(keyword.arg in _SETS and not _hands_on(keyword) for one in calls for keyword in one.keywords)


def _hands_on(keyword: ast.keyword) -> bool:
    return isinstance(keyword.value, ast.Name) and keyword.value.id == keyword.arg
