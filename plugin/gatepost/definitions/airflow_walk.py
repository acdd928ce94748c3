"""A walk through the syntax tree of a DAG file: what creates tasks, what puts them in order, what cannot be told."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

from gatepost.definitions.airflow_tasks import UNKNOWN, Dag, Function, Group, Handle, Task, Unknown

__all__ = ["Walk"]

_DEPTH: Final = 12
_MOST: Final = 2000
_UNITS: Final = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}
_BRANCHES: Final = ("Branch", "ShortCircuit", "LatestOnly")
_TASK_ENDINGS: Final = ("Operator", "Sensor", "SensorAsync", "OperatorAsync", "Decorator", "Operation")
_TELLING: Final = frozenset({"task", "dag", "task_group", "setup", "teardown", "asset", "chain", "cross_downstream"})
_EDGES_OF: Final = {"set_downstream": True, "set_upstream": False}


class _Return(Exception):  # noqa: N818 - how a helper function ends
    def __init__(self, value: Any) -> None:  # noqa: ANN401 - whatever a helper gives
        self.value = value


class Walk:
    """One file."""

    def __init__(self) -> None:
        self.dags: list[Dag] = []
        self.gaps: set[tuple[int, str]] = set()
        self._scopes: list[dict[str, Any]] = [{}]
        self._open: list[Dag] = []
        self._groups: list[Group] = []
        self._depth = 0
        self._steps = 0

    # ---- what is told

    def gap(self, node: ast.AST, message: str) -> None:
        """Note something that the text alone does not tell."""
        line = getattr(node, "lineno", 1)
        (self._open[-1].gaps if self._open else self.gaps).add((line, message))

    def module(self, tree: ast.Module) -> None:
        """Walk a file."""
        self._body(tree.body)

    # ---- statements

    def _body(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._steps += 1
            if self._steps > _MOST * 10:
                self.gap(statement, "the file does more than can be followed")
                return
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:  # noqa: C901, PLR0912 - one case for each kind of statement
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.FunctionDef():
                self._define(node)
            case ast.Assign():
                value = self._value(node.value)
                for target in node.targets:
                    self._assign(target, value)
            case ast.AnnAssign(value=ast.expr() as given):
                self._assign(node.target, self._value(given))
            case ast.Expr():
                self._value(node.value)
            case ast.With():
                self._with(node)
            case ast.For():
                self._for(node)
            case ast.If():
                self._if(node)
            case ast.Try():
                self._body(node.body)
                self._body(node.orelse)
                self._body(node.finalbody)
                if any(map(_may_matter, node.handlers)):
                    self.gap(node, "what happens when a part of the file fails is not followed")
            case ast.Return():
                raise _Return(self._value(node.value) if node.value is not None else None)
            case ast.AugAssign():
                self._assign(node.target, UNKNOWN)
            case ast.While() | ast.ClassDef() | ast.Match() | ast.AsyncFunctionDef() | ast.AsyncWith():
                if _may_matter(node):
                    self.gap(node, f"what this {type(node).__name__.lower()} does is not followed")
            case _:
                pass

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for name in node.names:
            bound = name.asname or name.name.split(".")[0]
            origin = f"{getattr(node, 'module', None) or ''}.{name.name}".strip(".")
            level = getattr(node, "level", 0)
            self._scopes[0 if not self._depth else -1][bound] = _Imported(origin, outside=bool(level))

    def _define(self, node: ast.FunctionDef) -> None:
        role, flavour, options = "plain", "", {}
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = _dotted(call.func if call else decorator)
            last = name.split(".")
            head = last[-1] if last[-1] in {"dag", "task", "task_group", "setup", "teardown", "asset"} else ""
            if "task" in last[:-1] or last[-1] == "task":
                role = "task"
                flavour = last[-1] if last[-1] != "task" else flavour
            elif head in {"dag", "task_group"}:
                role = {"dag": "dag", "task_group": "group"}[head]
            elif head in {"setup", "teardown"}:
                role = "task" if role == "plain" else role
                self.gap(node, f"{node.name} is a {head}: when it runs is decided by Airflow")
            elif head == "asset" or "asset" in last:
                role = "asset"
                self.gap(node, f"{node.name} is an asset, which Airflow makes a DAG of")
            if call is not None:
                options.update(self._keywords(call))
                if call.args and role in {"dag", "group"}:
                    options.setdefault("dag_id" if role == "dag" else "group_id", self._value(call.args[0]))
        self._scopes[-1][node.name] = Function(node, role, options, flavour)

    def _assign(self, target: ast.expr, value: Any) -> None:  # noqa: ANN401 - whatever was computed
        if isinstance(target, ast.Name):
            self._scopes[-1][target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            values = (
                value if isinstance(value, list) and len(value) == len(target.elts) else [UNKNOWN] * len(target.elts)
            )
            if isinstance(value, Handle):
                values = [value] * len(target.elts)
            for one, inner in zip(target.elts, values, strict=True):
                self._assign(one, inner)
        elif isinstance(target, ast.Subscript):
            holder, key = self._value(target.value), self._value(target.slice)
            if isinstance(holder, dict) and isinstance(key, str | int):
                holder[key] = value
        elif isinstance(target, ast.Attribute):
            holder = self._value(target.value)
            if isinstance(holder, Handle) and holder.task is not None and target.attr == "trigger_rule":
                holder.task.trigger_rule = value if isinstance(value, str) else "set while the file runs"

    def _with(self, node: ast.With) -> None:
        closing: list[Callable[[], object]] = []
        for item in node.items:
            value = self._value(item.context_expr)
            if isinstance(value, Dag):
                self._open.append(value)
                closing.append(self._open.pop)
            elif isinstance(value, Group):
                self._groups.append(value)
                closing.append(self._groups.pop)
            elif isinstance(value, Handle):
                self.gap(node, "a task is used as a context: when setups and teardowns run is decided by Airflow")
            bound = value
            if item.optional_vars is not None:
                self._assign(item.optional_vars, bound)
        try:
            self._body(node.body)
        finally:
            for close in reversed(closing):
                close()

    def _for(self, node: ast.For) -> None:
        over = self._value(node.iter)
        if isinstance(over, dict):
            over = list(over)
        if isinstance(over, range | tuple):
            over = list(over)[: _MOST + 1]
        if not isinstance(over, list) or len(over) > _MOST:
            if _may_matter(node):
                self.gap(node, "how often this loop runs is not known")
            return
        for value in over:
            self._assign(node.target, value)
            self._body(node.body)
        self._body(node.orelse)

    def _if(self, node: ast.If) -> None:
        if ast.unparse(node.test).startswith("__name__"):
            return
        test = self._value(node.test)
        if isinstance(test, bool | int | str | list | dict) or test is None:
            self._body(node.body if test else node.orelse)
            return
        if "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if any(map(_may_matter, (*node.body, *node.orelse))):
            self.gap(node, f"what `if {ast.unparse(node.test)[:60]}` leaves out is not known")
        self._body(node.body)
        self._body(node.orelse)

    # ---- expressions

    def _value(self, node: ast.expr) -> Any:  # noqa: ANN401, C901, PLR0912 - one case for each kind of expression
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self._look_up(node.id)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._items(node.elts)
            case ast.Dict():
                return self._mapping(node)
            case ast.JoinedStr():
                return self._text(node)
            case ast.BinOp(op=ast.RShift() | ast.LShift()):
                return self._shifted(node)
            case ast.BinOp():
                return self._computed(node)
            case ast.Call():
                return self._called(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self._comprehension(node)
            case ast.UnaryOp(op=ast.USub()):
                inner = self._value(node.operand)
                return -inner if isinstance(inner, int | float) else UNKNOWN
            case ast.Starred():
                return self._value(node.value)
            case ast.NamedExpr():
                value = self._value(node.value)
                self._assign(node.target, value)
                return value
            case ast.Await():
                return self._value(node.value)
            case ast.IfExp() | ast.BoolOp() | ast.Compare() | ast.DictComp():
                if _may_matter(node):
                    self.gap(node, "which tasks this expression makes is not known")
                return UNKNOWN
            case _:
                return UNKNOWN

    def _look_up(self, name: str) -> Any:  # noqa: ANN401 - whatever the name holds
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return UNKNOWN

    def _items(self, nodes: list[ast.expr]) -> list[Any]:
        found: list[Any] = []
        for one in nodes:
            value = self._value(one)
            if isinstance(one, ast.Starred):
                if not isinstance(value, list):
                    self.gap(one, "what is unpacked here is not known")
                    continue
                found += value
            else:
                found.append(value)
        return found

    def _mapping(self, node: ast.Dict) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            inner = self._value(value)
            if key is None:
                found.update(inner if isinstance(inner, dict) else {})
                continue
            name = self._value(key)
            if isinstance(name, str | int | float | bool):
                found[name] = inner
        return found

    def _text(self, node: ast.JoinedStr) -> Any:  # noqa: ANN401 - a text, or unknown
        parts = []
        for piece in node.values:
            if isinstance(piece, ast.FormattedValue):
                value = self._value(piece.value)
                if not isinstance(value, str | int | float) or piece.format_spec is not None:
                    return UNKNOWN
                parts.append(str(value))
            else:
                parts.append(str(getattr(piece, "value", "")))
        return "".join(parts)

    def _computed(self, node: ast.BinOp) -> Any:  # noqa: ANN401 - whatever is computed
        left, right = self._value(node.left), self._value(node.right)
        if isinstance(node.op, ast.Add):
            if isinstance(left, str) and isinstance(right, str):
                return left + right
            if isinstance(left, list) and isinstance(right, list):
                return [*left, *right]
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if numbers and isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            return (
                left + right
                if isinstance(node.op, ast.Add)
                else left - right
                if isinstance(node.op, ast.Sub)
                else left * right
            )
        if isinstance(node.op, ast.Mod) and isinstance(left, str) and isinstance(right, str | int):
            return left.replace("%s", str(right)).replace("%d", str(right))
        return UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Any:  # noqa: ANN401
        generator = node.generators[0]
        over = self._value(generator.iter)
        over = list(over) if isinstance(over, range | dict) else over
        if len(node.generators) > 1 or generator.ifs or not isinstance(over, list) or len(over) > _MOST:
            if _may_matter(node):
                self.gap(node, "which tasks this comprehension makes is not known")
            return UNKNOWN
        self._scopes.append({})
        try:
            found = []
            for value in over:
                self._assign(generator.target, value)
                found.append(self._value(node.elt))
            return found
        finally:
            self._scopes.pop()

    def _attribute(self, node: ast.Attribute) -> Any:  # noqa: ANN401 - whatever it holds
        holder = self._value(node.value)
        if isinstance(holder, Handle):
            own = holder.task.id if holder.task is not None and node.attr == "task_id" else UNKNOWN
            return holder if node.attr == "output" else own
        if isinstance(holder, Function | Bound):
            return holder
        dotted = _dotted(node)
        if "TriggerRule." in dotted:
            return node.attr.lower()
        return _Imported(dotted) if isinstance(holder, _Imported) else UNKNOWN

    def _subscript(self, node: ast.Subscript) -> Any:  # noqa: ANN401 - whatever it holds
        holder, key = self._value(node.value), self._value(node.slice)
        if isinstance(holder, Handle):
            return holder
        try:
            return holder[key] if isinstance(holder, dict | list | str) else UNKNOWN
        except (KeyError, IndexError, TypeError):
            return UNKNOWN

    # ---- order

    def _shifted(self, node: ast.BinOp) -> Any:  # noqa: ANN401 - the side that the next shift goes on from
        left, right = self._value(node.left), self._value(node.right)
        if isinstance(right, _Label):
            return left
        if isinstance(left, _Label):
            return right
        if isinstance(node.op, ast.RShift):
            self._order(node, left, right)
        else:
            self._order(node, right, left)
        return right

    def _order(self, node: ast.AST, before: Any, after: Any) -> None:  # noqa: ANN401 - handles, or what is none
        one, other = list(self._handles(node, before)), list(self._handles(node, after))
        for first in one:
            for second in other:
                self._edges(node, first, second)

    def _edges(self, node: ast.AST, first: Handle, second: Handle) -> None:
        line = getattr(node, "lineno", 1)
        for a in first.leaves():
            for b in second.roots():
                if a != b:
                    first.dag.edges.setdefault((a, b), line)

    def _handles(self, node: ast.AST, value: Any) -> Iterator[Handle]:  # noqa: ANN401 - whatever stands beside `>>`
        if isinstance(value, Handle):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from self._handles(node, one)
        elif isinstance(value, Group):
            yield self._of_group(value)
        elif isinstance(value, Unknown | _Imported):
            self.gap(node, "what is put in order here is not known")

    def _of_group(self, group: Group) -> Handle:
        return Handle(self._open[-1], tuple(group.tasks), is_group=True)

    # ---- calls

    def _keywords(self, node: ast.Call) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self._value(keyword.value)
            if keyword.arg is None:
                if isinstance(value, dict):
                    found.update(value)
                else:
                    found["**"] = UNKNOWN
            else:
                found[keyword.arg] = value
        return found

    def _called(self, node: ast.Call) -> Any:  # noqa: ANN401, C901, PLR0912 - one case for each thing that can be called
        name = _dotted(node.func)
        last = name.rpartition(".")[2]
        if isinstance(node.func, ast.Attribute):
            holder = self._value(node.func.value)
            found = self._method(node, holder, node.func.attr)
            if found is not NotImplemented:
                return found
        target = self._value(node.func) if isinstance(node.func, ast.Name | ast.Call) else None
        if isinstance(target, Function | Bound):
            return self._function(node, target)
        match last:
            case "Label":
                return _Label()
            case "DAG":
                return self._dag(node)
            case "TaskGroup":
                return self._group(node)
            case "chain" | "chain_linear":
                return self._chain(node, linear=last == "chain_linear")
            case "cross_downstream":
                given = [*(self._value(one) for one in node.args), *self._keywords(node).values()]
                if len(given) > 1:
                    self._order(node, given[0], given[1])
                return None
            case "timedelta" | "duration":
                return self._duration(node)
            case "range":
                given = [self._value(one) for one in node.args]
                return list(range(*given))[:_MOST] if given and all(isinstance(one, int) for one in given) else UNKNOWN
            case "list" | "tuple" | "sorted" | "enumerate" | "zip" | "reversed" | "str" | "len":
                return self._builtin(node, last)
            case _:
                return self._operator(node, name)

    def _builtin(self, node: ast.Call, name: str) -> Any:  # noqa: ANN401 - whatever it gives
        given = [self._value(one) for one in node.args]
        if not given or not all(isinstance(one, list | dict | str | int) for one in given):
            return UNKNOWN
        first = list(given[0]) if isinstance(given[0], dict) else given[0]
        match name:
            case "str":
                return str(first) if isinstance(first, str | int) else UNKNOWN
            case "len":
                return len(first) if isinstance(first, list | str) else UNKNOWN
            case "enumerate" if isinstance(first, list):
                return [[number, one] for number, one in enumerate(first)]
            case "zip" if all(isinstance(one, list) for one in given):
                return [list(one) for one in zip(*given, strict=False)]
            case "list" | "tuple" if isinstance(first, list):
                return list(first)
            case "sorted" if isinstance(first, list) and all(isinstance(one, str) for one in first):
                return sorted(first)
            case "reversed" if isinstance(first, list):
                return first[::-1]
            case _:
                return UNKNOWN

    def _method(self, node: ast.Call, holder: Any, name: str) -> Any:  # noqa: ANN401, C901, PLR0912 - one case each
        if isinstance(holder, Handle | Group | list) and name in _EDGES_OF:
            for one in node.args:
                other = self._value(one)
                self._order(node, *((holder, other) if _EDGES_OF[name] else (other, holder)))
            return None
        if isinstance(holder, Handle):
            if name in {"as_setup", "as_teardown"}:
                self.gap(node, "when setups and teardowns run is decided by Airflow")
                self._keywords(node)
            else:
                given = [self._value(one) for one in node.args]
                given += self._keywords(node).values()
                for one in given:
                    if isinstance(one, Handle):
                        self._order(node, one, holder)
            return holder
        if isinstance(holder, Function | Bound):
            if name in {"override", "partial"}:
                return Bound(holder, {**_options(holder), **self._keywords(node)}, is_partial=name == "partial")
            if name in {"expand", "expand_kwargs", "map"}:
                return self._function(node, holder)
        if isinstance(holder, list) and name in {"append", "extend"}:
            value = self._value(node.args[0]) if node.args else UNKNOWN
            if name == "append":
                holder.append(value)
            elif isinstance(value, list):
                holder.extend(value)
            return None
        if isinstance(holder, dict) and name in {"items", "keys", "values"}:
            return [list(one) for one in holder.items()] if name == "items" else list(getattr(holder, name)())
        if isinstance(holder, str) and name in {"lower", "upper", "strip", "format", "replace", "split", "join"}:
            return self._string(node, holder, name)
        if isinstance(holder, PartialOperator) and name in {"expand", "expand_kwargs"}:
            return self._operator(node, holder.name, holder.options)
        return NotImplemented

    def _string(self, node: ast.Call, holder: str, name: str) -> Any:  # noqa: ANN401 - a text, or unknown
        given = [self._value(one) for one in node.args]
        if not all(isinstance(one, str | int | list) for one in given) or node.keywords:
            return UNKNOWN
        try:
            return getattr(holder, name)(*given)
        except (TypeError, ValueError, IndexError, KeyError):
            return UNKNOWN

    def _duration(self, node: ast.Call) -> Any:  # noqa: ANN401 - seconds, or unknown
        options = self._keywords(node)
        if node.args:
            options["days"] = self._value(node.args[0])
        if not options or not all(isinstance(one, int | float) and key in _UNITS for key, one in options.items()):
            return UNKNOWN
        return float(sum(one * _UNITS[key] for key, one in options.items()))

    def _dag(self, node: ast.Call) -> Dag:
        options = self._keywords(node)
        name = self._value(node.args[0]) if node.args else options.get("dag_id")
        return self._new_dag(node, name, options, f"dag of line {node.lineno}")

    def _new_dag(self, node: ast.AST, name: Any, options: dict[str, Any], fallback: str) -> Dag:  # noqa: ANN401
        defaults = options.get("default_args")
        dag = Dag(name if isinstance(name, str) else fallback, getattr(node, "lineno", 1))
        dag.defaults = defaults if isinstance(defaults, dict) else {}
        if isinstance(defaults, Unknown | _Imported):
            dag.gaps.add((dag.line, "the default arguments of the DAG are not known"))
        self.dags.append(dag)
        return dag

    def _group(self, node: ast.Call) -> Group:
        options = self._keywords(node)
        name = self._value(node.args[0]) if node.args else options.get("group_id")
        return self._new_group(node, name, options)

    def _new_group(self, node: ast.AST, name: Any, options: dict[str, Any]) -> Group:  # noqa: ANN401
        if not isinstance(name, str):
            self.gap(node, "the name of a task group is not known")
            name = f"group of line {getattr(node, 'lineno', 1)}"
        outer = self._groups[-1].prefix if self._groups else ""
        prefixed = options.get("prefix_group_id", True)
        return Group(f"{outer}{name}." if prefixed is not False else outer)

    def _chain(self, node: ast.Call, *, linear: bool) -> None:
        parts = self._items(node.args)
        for one, other in itertools.pairwise(parts):
            pairwise = isinstance(one, list) and isinstance(other, list) and not linear
            if pairwise and len(one) == len(other):
                for first, second in zip(one, other, strict=True):
                    self._order(node, first, second)
            else:
                self._order(node, one, other)

    # ---- tasks

    def _operator(self, node: ast.Call, name: str, given: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        options = {**(given or {}), **self._keywords(node)}
        positional = [self._value(one) for one in node.args]
        holder = name.rpartition(".")[0].rpartition(".")[2]
        last = name.rpartition(".")[2]
        if last == "partial" and holder.endswith(_TASK_ENDINGS):
            return PartialOperator(holder, options)
        is_task = last.endswith(_TASK_ENDINGS) or "task_id" in options
        if last == "task" or holder == "task":
            return self._inline(node, last, options)
        if not is_task:
            if any(isinstance(one, Handle | Dag) for one in (*positional, *options.values())):
                self.gap(node, f"what {last or 'this call'} does with tasks is not known")
            elif _local(self._look_up(name.split(".", maxsplit=1)[0])):
                self.gap(node, f"{last} comes from another file of the repository, which is not followed")
            return UNKNOWN
        own = options.get("dag")
        dag = own if isinstance(own, Dag) else self._open[-1] if self._open else None
        if dag is None:
            if own is not None:
                self.gap(node, "which DAG this task is part of is not known")
            return UNKNOWN
        task_id = options.get("task_id", positional[0] if positional and isinstance(positional[0], str) else None)
        if not isinstance(task_id, str):
            self.gap(node, "the name of a task is not known")
            task_id = f"task of line {node.lineno}"
        handle = self._add(node, dag, task_id, options)
        assert handle.task is not None  # noqa: S101 - a task was added just now
        self._describe(handle.task, last, options)
        for one in (*positional, *(value for key, value in options.items() if key != "dag")):
            self._feed(node, one, handle)
        return handle

    def _inline(self, node: ast.Call, flavour: str, options: dict[str, Any]) -> Any:  # noqa: ANN401
        """Follow `task(...)` called as a function: `task(fn)` or `task.bash(...)(fn)`."""
        first = self._value(node.args[0]) if node.args else None
        if isinstance(first, Function):
            return Bound(Function(first.node, "task", options, "" if flavour == "task" else flavour), options)
        return UNKNOWN

    def _add(self, node: ast.AST, dag: Dag, name: str, options: dict[str, Any], *, unique: bool = False) -> Handle:
        group = options.get("task_group")
        inner = group if isinstance(group, Group) else self._groups[-1] if self._groups else None
        full = f"{inner.prefix}{name}" if inner is not None else name
        if unique:
            base, number = full, 0
            while full in dag.tasks:
                number += 1
                full = f"{base}__{number}"
        elif full in dag.tasks:
            self.gap(node, f"two tasks are called {full}")
        task = dag.tasks.setdefault(full, Task(full, getattr(node, "lineno", 1)))
        for one in self._groups if inner is None or inner in self._groups else [*self._groups, inner]:
            one.tasks.append(full)
        rule, retries = options.get("trigger_rule"), options.get("retries")
        if rule is not None:
            task.trigger_rule = rule if isinstance(rule, str) else "not known"
        if isinstance(retries, int | float):
            task.retries = retries
        if isinstance(options.get("execution_timeout"), int | float):
            task.timeout = options["execution_timeout"]
        if "**" in options:
            self.gap(node, f"some arguments of {full} are not known")
        return Handle(dag, (full,), task=task)

    @staticmethod
    def _describe(task: Task, operator: str, options: dict[str, Any]) -> None:
        for key in ("bash_command", "command", "cmd", "sql", "python_callable"):
            value = options.get(key)
            if isinstance(value, str):
                task.command = value
            elif isinstance(value, Function):
                task.command = value.node.name
        image = options.get("image")
        task.image = image if isinstance(image, str) else None
        if operator.startswith(_BRANCHES):
            task.condition = f"{operator} chooses what runs after it"
        if operator.endswith(("Sensor", "SensorAsync")) or "HITL" in operator or "Approval" in operator:
            task.waits_for = operator

    def _feed(self, node: ast.AST, value: Any, handle: Handle) -> None:  # noqa: ANN401 - an argument
        """Put tasks whose output is an argument before the task that takes it."""
        if isinstance(value, Handle):
            self._order(node, value, handle)
        elif isinstance(value, list):
            for one in value:
                self._feed(node, one, handle)
        elif isinstance(value, dict):
            for one in value.values():
                self._feed(node, one, handle)

    def _function(self, node: ast.Call, target: Function | Bound) -> Any:  # noqa: ANN401 - what the function gives
        function, options = _unbound(target)
        positional = self._items(node.args)
        named = self._keywords(node)
        match function.role:
            case "task":
                return self._taskflow(
                    node, function, {**function.options, **options}, [*positional, *named.values()], options
                )
            case "dag":
                return self._dag_function(node, function)
            case "asset":
                return UNKNOWN
            case "group":
                return self._group_function(node, function, {**function.options, **options}, positional, named)
            case _:
                return self._inlined(node, function, positional, named)

    def _taskflow(
        self, node: ast.Call, function: Function, options: dict[str, Any], given: list[Any], bound: dict[str, Any]
    ) -> Any:  # noqa: ANN401 - a handle, or unknown outside of a DAG
        if not self._open:
            return UNKNOWN
        name = options.get("task_id", function.node.name)
        handle = self._add(
            node, self._open[-1], name if isinstance(name, str) else function.node.name, options, unique=True
        )
        assert handle.task is not None  # noqa: S101 - a task was added just now
        handle.task.command = function.node.name
        if "branch" in function.flavour or "short_circuit" in function.flavour:
            handle.task.condition = f"@task.{function.flavour} chooses what runs after it"
        if "sensor" in function.flavour:
            handle.task.waits_for = "@task.sensor"
        for one in (*given, *bound.values()):
            self._feed(node, one, handle)
        return handle

    def _dag_function(self, node: ast.Call, function: Function) -> Any:  # noqa: ANN401 - the DAG
        name = function.options.get("dag_id", function.node.name)
        dag = self._new_dag(node, name, function.options, function.node.name)
        self._open.append(dag)
        try:
            self._inlined(node, function, self._items(node.args), self._keywords(node))
        finally:
            self._open.pop()
        return dag

    def _group_function(
        self, node: ast.Call, function: Function, options: dict[str, Any], given: list[Any], named: dict[str, Any]
    ) -> Any:  # noqa: ANN401 - what the function gives, or the group
        name = options.get("group_id", function.node.name)
        taken = {one.rpartition(".")[0] for dag in self._open[-1:] for one in dag.tasks}
        group = self._new_group(node, name, options)
        base, number = group.prefix, 0
        while group.prefix and group.prefix.rstrip(".") in taken:
            number += 1
            group.prefix = f"{base.rstrip('.')}__{number}."
        is_mapped = isinstance(node.func, ast.Attribute) and node.func.attr.startswith("expand")
        if is_mapped:
            self.gap(node, f"how often the group {name} runs is not shown here")
        before = set(self._open[-1].edges) if self._open else set()
        self._groups.append(group)
        try:
            value = self._inlined(node, function, given, named)
        finally:
            self._groups.pop()
        handle = Handle(self._open[-1], tuple(group.tasks), is_group=True) if self._open else None
        del before
        return value if isinstance(value, Handle) else handle

    def _inlined(self, node: ast.Call, function: Function, given: list[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401
        if self._depth >= _DEPTH:
            self.gap(node, f"{function.node.name} calls itself, or others, too deep to follow")
            return UNKNOWN
        scope: dict[str, Any] = {}
        arguments = [*function.node.args.posonlyargs, *function.node.args.args]
        defaults = function.node.args.defaults
        for argument, default in zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True):
            scope[argument.arg] = self._value(default)
        for argument, default_or_none in zip(
            function.node.args.kwonlyargs, function.node.args.kw_defaults, strict=True
        ):
            scope[argument.arg] = self._value(default_or_none) if default_or_none is not None else UNKNOWN
        scope.update({argument.arg: value for argument, value in zip(arguments, given, strict=False)})
        scope.update({name: value for name, value in named.items() if name != "**"})
        for argument in arguments:
            scope.setdefault(argument.arg, UNKNOWN)
        if function.node.args.kwarg is not None:
            known = {argument.arg for argument in (*arguments, *function.node.args.kwonlyargs)}
            scope[function.node.args.kwarg.arg] = {name: value for name, value in named.items() if name not in known}
        if function.node.args.vararg is not None:
            scope[function.node.args.vararg.arg] = given[len(arguments) :]
        self._scopes.append(scope)
        self._depth += 1
        try:
            self._body(function.node.body)
        except _Return as returned:
            return returned.value
        finally:
            self._depth -= 1
            self._scopes.pop()
        return None


class _Label:
    """A label on an edge, which is no task."""


class _Imported:
    """A name of another module."""

    def __init__(self, name: str, *, outside: bool = False) -> None:
        self.name = name
        self.outside = outside
        """Whether it comes from a file beside this one."""


class Bound:
    """A function with arguments fixed by `override` or `partial`."""

    def __init__(self, function: Function | Bound, options: dict[str, Any], *, is_partial: bool = False) -> None:
        self.function = function
        self.options = options
        self.is_partial = is_partial


class PartialOperator:
    """An operator before `expand`."""

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self.name = name
        self.options = options


def _unbound(target: Function | Bound) -> tuple[Function, dict[str, Any]]:
    options: dict[str, Any] = {}
    while isinstance(target, Bound):
        options = {**target.options, **options}
        target = target.function
    return target, options


def _options(target: Function | Bound) -> dict[str, Any]:
    return _unbound(target)[1]


def _local(value: Any) -> bool:  # noqa: ANN401 - whatever a name holds
    return isinstance(value, _Imported) and value.outside


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}".lstrip(".")
    return _dotted(node.func) if isinstance(node, ast.Call) else ""


def _may_matter(node: ast.AST) -> bool:
    """Tell whether something may make tasks, or put them in order."""
    for one in ast.walk(node):
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.RShift | ast.LShift):
            return True
        if isinstance(one, ast.Call):
            last = _dotted(one.func).rpartition(".")[2]
            if last.endswith(_TASK_ENDINGS) or last in {*_TELLING, "DAG", "TaskGroup", *_EDGES_OF}:
                return True
        if isinstance(one, ast.FunctionDef) and one.decorator_list:
            return True
    return False
