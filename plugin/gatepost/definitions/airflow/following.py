"""A callback followed statement by statement, without being run: the commands that it surely runs, and those it may.

A choice of which every way runs something is an answer in itself; which way belongs to which failure is not compared.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterable, Sequence
from typing import Final

from gatepost.definitions.airflow.values import UNKNOWN, Bound, FilePath, Function, Imported, Scope

__all__ = ["RUNNING", "followed", "value_of"]

RUNNING: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "run call check_call check_output Popen system popen getoutput getstatusoutput execv execve execvp spawnv "
        "spawnl create_subprocess_exec create_subprocess_shell execute"
    ).split()
)
"""The functions of Python, and of what people use instead, that run a command."""
_DEEPEST: Final = 10
_MOST: Final = 2_000


def followed(value: object) -> tuple[tuple[str, ...], ...]:
    """Give the commands, each as its words, that calling a value surely runs."""
    following = _Following()
    bound = value if isinstance(value, Bound) else Bound(value) if isinstance(value, Function) else None
    if bound is not None:
        following.call(bound, [], {}, 0)
    return tuple(following.sure)


class _Following:
    def __init__(self) -> None:
        self.sure: list[tuple[str, ...]] = []
        self.count = 0

    def call(self, bound: Bound, given: list[object], named: dict[str, object], depth: int) -> bool:
        """Follow a call of a function of the file; tell whether it ends as its text does, not by leaving early."""
        node = bound.function.node
        if depth > _DEEPEST or bound.function.role not in {"plain", "task"}:
            return True
        scope = _bound(node.args, [*bound.given, *given], {**bound.named, **named})
        body = [ast.Expr(node.body)] if isinstance(node, ast.Lambda) else node.body
        self.body(body, (*bound.function.closure, scope), depth)
        return True

    def body(self, statements: Iterable[ast.stmt], scopes: Sequence[Scope], depth: int) -> bool:
        """Follow statements; tell whether what comes behind them is surely reached."""
        return all(self._statement(one, scopes, depth) for one in statements)

    def _statement(self, node: ast.stmt, scopes: Sequence[Scope], depth: int) -> bool:  # noqa: C901, PLR0912 - one case for each kind
        self.count += 1
        if self.count > _MOST:
            return False
        match node:
            case ast.Return():
                self._expression(node.value, scopes, depth)
                return False
            case ast.Raise() | ast.Break() | ast.Continue():
                return False
            case ast.Expr():
                self._expression(node.value, scopes, depth)
            case ast.Import() | ast.ImportFrom():
                scopes[-1].update(_imported(node))
            case ast.Assign(targets=[ast.Name() as name]) | ast.AnnAssign(target=ast.Name() as name):
                self._expression(node.value, scopes, depth)
                scopes[-1][name.id] = value_of(node.value, scopes) if node.value is not None else UNKNOWN
            case ast.With() | ast.AsyncWith():
                return self.body(node.body, scopes, depth)
            case ast.Try():
                goes_on = self.body(node.body, scopes, depth)
                return self.body(node.finalbody, scopes, depth) and goes_on
            case ast.If():
                return self._choice([node.body, node.orelse], scopes, depth)
            case ast.For(target=ast.Name() as name):
                return self._loop(name.id, node, scopes, depth)
            case ast.While() | ast.For() | ast.Match():
                return not _leaves(node)
            case _:
                for one in ast.walk(node):
                    if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                        scopes[-1][one.id] = UNKNOWN
        return True

    def _choice(self, ways: list[list[ast.stmt]], scopes: Sequence[Scope], depth: int) -> bool:
        """Follow each way; what they run counts where every way runs something."""
        kept, found = self.sure, []
        goes_on = True
        for way in ways:
            self.sure = []
            goes_on = self.body(way, (*scopes[:-1], dict(scopes[-1])), depth) and goes_on
            found.append(self.sure)
        self.sure = kept + ([one for way in found for one in way] if all(found) else [])
        for one in (one for way in ways for statement in way for one in ast.walk(statement)):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                scopes[-1][one.id] = UNKNOWN
        return goes_on

    def _loop(self, name: str, node: ast.For, scopes: Sequence[Scope], depth: int) -> bool:
        """Follow a loop over what is known; over one of several lists where each of them runs something."""
        ways = [node.iter.body, node.iter.orelse] if isinstance(node.iter, ast.IfExp) else [node.iter]
        lists = [value_of(one, scopes) for one in ways]
        kept, found = self.sure, []
        for one in lists:
            self.sure = []
            for value in one if isinstance(one, list) else []:
                inner = {**scopes[-1], name: value}
                if not self.body(node.body, (*scopes[:-1], inner), depth):
                    break
            found.append(self.sure)
        used = [way for way, one in zip(found, lists, strict=True) if one != []]
        self.sure = kept + ([one for way in used for one in way] if all(used) else [])
        return not any(isinstance(one, ast.Return | ast.Raise) for one in ast.walk(node))

    def _expression(self, node: ast.AST | None, scopes: Sequence[Scope], depth: int) -> None:
        """Follow the calls of an expression; one that a condition decides about is not sure."""
        if node is None or isinstance(node, ast.IfExp | ast.BoolOp | ast.Lambda | ast.comprehension | ast.ListComp):
            return
        for one in ast.iter_child_nodes(node):
            self._expression(one, scopes, depth)
        if isinstance(node, ast.Call):
            self._call(node, scopes, depth)

    def _call(self, node: ast.Call, scopes: Sequence[Scope], depth: int) -> None:
        target = value_of(node.func, scopes)
        given = value_of(ast.List(node.args), scopes)
        named = {one.arg: value_of(one.value, scopes) for one in node.keywords if one.arg}
        if isinstance(target, Function | Bound):
            bound = target if isinstance(target, Bound) else Bound(target)
            self.call(bound, given if isinstance(given, list) else [UNKNOWN], named, depth + 1)
        elif isinstance(target, Imported) and target.last in RUNNING:
            first = given[0] if isinstance(given, list) and given else named.get("args", UNKNOWN)
            words = _words(first)
            if words:
                self.sure.append(words)


def _imported(node: ast.Import | ast.ImportFrom) -> Scope:
    """Give the names that an import in a body binds."""
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return {one.asname or one.name: Imported(f"{module}.{one.name}", module) for one in node.names}
    found: Scope = {}
    for one in node.names:
        name = one.name if one.asname else one.name.partition(".")[0]
        found[one.asname or name] = Imported(name, name)
    return found


def _leaves(node: ast.stmt) -> bool:
    return any(isinstance(one, ast.Return | ast.Raise) for one in ast.walk(node))


def _words(value: object) -> tuple[str, ...]:
    """Give the words of a command; none where one of them is not known."""
    if isinstance(value, str):
        try:
            return tuple(shlex.split(value))
        except ValueError:
            return ()
    words = [_word(one) for one in value] if isinstance(value, list) else []
    return tuple(words) if None not in words else ()  # type: ignore[arg-type]


def _word(value: object) -> str | None:
    if isinstance(value, Imported) and value.name == "sys.executable":
        return "python"
    return value if isinstance(value, str) else value.path if isinstance(value, FilePath) else None


def value_of(node: ast.AST | None, scopes: Sequence[Scope]) -> object:
    """Give what an expression holds, as far as names and texts tell."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return next((scope[node.id] for scope in reversed(scopes) if node.id in scope), UNKNOWN)
        case ast.Attribute():
            holder = value_of(node.value, scopes)
            return holder.attribute(node.attr) if isinstance(holder, Imported) else UNKNOWN
        case ast.List() | ast.Tuple():
            return _list(node.elts, scopes)
        case ast.BinOp(op=ast.Add()):
            one, other = value_of(node.left, scopes), value_of(node.right, scopes)
            both = (isinstance(one, str) and isinstance(other, str)) or (
                isinstance(one, list) and isinstance(other, list)
            )
            return one + other if both else UNKNOWN  # type: ignore[operator]
        case ast.BinOp(op=ast.Div()):
            return value_of(node.right, scopes)
        case ast.Call(func=ast.Name(id="str"), args=[only]):
            return value_of(only, scopes)
        case ast.JoinedStr():
            parts = [value_of(one.value if isinstance(one, ast.FormattedValue) else one, scopes) for one in node.values]
            return "".join(map(str, parts)) if all(isinstance(one, str) for one in parts) else UNKNOWN
        case _:
            return UNKNOWN


def _list(elements: list[ast.expr], scopes: Sequence[Scope]) -> object:
    found: list[object] = []
    for one in elements:
        value = value_of(one.value if isinstance(one, ast.Starred) else one, scopes)
        if isinstance(one, ast.Starred):
            if not isinstance(value, list):
                return UNKNOWN
            found += value
        else:
            found.append(value)
    return found


def _bound(given: ast.arguments, values: list[object], named: dict[str, object]) -> Scope:
    """Give the names that a call binds; what nobody gives, and what Airflow gives, is not known."""
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    scope: Scope = dict.fromkeys((*names, *(one.arg for one in given.kwonlyargs)), UNKNOWN)
    for name, default in zip(reversed(names), reversed(given.defaults), strict=False):
        scope[name] = value_of(default, ())
    scope |= dict(zip(names, values, strict=False))
    if given.vararg is not None:
        scope[given.vararg.arg] = values[len(names) :]
    if given.kwarg is not None:
        scope[given.kwarg.arg] = UNKNOWN
    return scope | {key: value for key, value in named.items() if key in scope}
