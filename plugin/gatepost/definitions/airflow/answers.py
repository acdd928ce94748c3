"""What a callback runs when a task has failed: the words that it may put commands together from.

A callback is a program, and is not run here. What it hands to a command stands in it, in what it was given, or in
functions of the file that it calls. Code of other files may run anything.

Source: https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gatepost.definitions.airflow.following import RUNNING, followed
from gatepost.definitions.airflow.simple import only_runs
from gatepost.definitions.airflow.values import (
    Bound,
    FilePath,
    Function,
    Imported,
    Instance,
    LocalClass,
    Scope,
    Unknown,
)
from gatepost.definitions.definition import Answer, Called

__all__ = ["CALLBACK", "answers_of", "called_by", "program_of"]

CALLBACK: Final = "on_failure_callback"
"""The argument of a task, a DAG, or the default arguments, that names what is called after a failure."""
_MOST: Final = 200
"""More functions than a callback calls."""
_ASIDE: Final = frozenset(
    "cwd env check timeout text shell capture_output stdout stderr stdin encoding".split()  # noqa: SIM905 - words read best as a text
)
"""What is said of how a command runs, and not which."""


def answers_of(value: object, line: int) -> tuple[Answer, ...]:
    """Give what is run for the value of `on_failure_callback`: nothing for None, each of a list.

    Args:
        value: what the argument holds.
        line: where it is said.
    """
    values = value if isinstance(value, list) else [value]
    return tuple(_answer(one, line) for one in values if one is not None)


def program_of(value: object, line: int) -> Answer | None:
    """Give what the function of a task may run; None for what is no function."""
    return _answer(value, line) if isinstance(value, Function | Bound | Imported) else None


def called_by(value: object, path: str, line: int) -> Called | None:
    """Give the function that a task calls; None for what is none.

    Args:
        value: what the task is given to call.
        path: the file.
        line: where the task is made, for a function that is defined in another file.
    """
    function = value.function if isinstance(value, Bound) else value
    if isinstance(function, Function):
        return Called(function.name, f"{path}:{function.node.lineno}")
    return Called(function.name.removeprefix("builtins."), f"{path}:{line}") if isinstance(function, Imported) else None


def _answer(value: object, line: int) -> Answer:
    words = _Words()
    words.take(value)
    found = frozenset(words.found if words.runs else ())
    commands = followed(value)
    whole = not words.unseen and only_runs(value, len(commands))
    return Answer(line, words=found, unseen=words.unseen, commands=commands, whole=whole)


class _Words:
    """The words that a program holds."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.unseen: str | None = None
        self.runs = False
        """Whether it runs any command."""
        self._seen: set[int] = set()

    def take(self, value: object) -> None:  # noqa: C901 - one case for each kind of value
        """Take the words of a value, and of what it calls."""
        match value:
            case str():
                self.found.update((value, *value.split()))
            case list() | dict():
                if id(value) not in self._seen:
                    self._seen.add(id(value))
                    for one in (*value, *value.values()) if isinstance(value, dict) else value:
                        self.take(one)
            case FilePath():
                self.take(value.path)
            case Function():
                self._function(value)
            case Bound():
                self._function(value.function)
                self.take([*value.given, *value.named.values()])
            case Imported():
                self._imported(value)
            case LocalClass():
                self._body(value.node, (value.scope,))
            case Instance():
                self.take(value.of)
                self.take(list(value.attributes.values()))
            case Unknown():
                self._outside(value.source or "something that is not known")
            case _:
                pass

    def _outside(self, name: str) -> None:
        self.unseen = self.unseen or name

    def _function(self, function: Function) -> None:
        if id(function.node) in self._seen or len(self._seen) > _MOST:
            return
        self._seen.add(id(function.node))
        self._body(function.node, function.closure)

    def _body(self, node: ast.AST, closure: Sequence[Scope]) -> None:
        """Take the words of a body, of the names outside that it uses, and of what it calls."""
        inner = set(_bound(node))
        for one in _parts(node):
            if isinstance(one, ast.Constant):
                self.take(one.value)
            elif isinstance(one, ast.Call):
                self.runs = self.runs or _runs(one, closure)
            elif isinstance(one, ast.Import | ast.ImportFrom):
                self._imports(one)
            elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id not in inner:
                self._name(one.id, closure)

    def _imports(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            module = one.name if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
            self._imported(Imported(one.name, module))

    def _imported(self, value: Imported) -> None:
        """Note code of another file; what Python and well-known packages do is in what they are given."""
        if value.module != "builtins" and (value.is_airflow or not value.is_harmless):
            self._outside(value.name)

    def _name(self, name: str, closure: Sequence[Scope]) -> None:
        scope = next((one for one in reversed(closure) if name in one), None)
        value = None if scope is None else scope[name]
        if isinstance(value, Imported):
            self._imported(value)
        elif scope is not None:
            self.take(value)
        elif not hasattr(builtins, name):
            self._outside(name)


def _runs(node: ast.Call, closure: Sequence[Scope]) -> bool:
    """Tell whether a call runs a command; one of a function of the file does what that does."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in RUNNING
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    return name in RUNNING and not any(isinstance(one.get(name), Function) for one in closure)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Give the parts of a body, texts that only describe it left out."""
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += _children(one)


def _children(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None]
        return [*defaults, *node.body]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []
    if isinstance(node, ast.Call):
        return [node.func, *node.args, *(one.value for one in node.keywords if one.arg not in _ASIDE)]
    if isinstance(node, ast.AnnAssign):
        return [one for one in (node.target, node.value) if one is not None]
    return ast.iter_child_nodes(node)


def _bound(node: ast.AST) -> Iterator[str]:
    """Give the names that a body binds itself: parameters, what it assigns, what it imports."""
    for one in ast.walk(node):
        if isinstance(one, ast.arg):
            yield one.arg
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, ast.ExceptHandler) and one.name:
            yield one.name
        elif isinstance(one, ast.alias):
            yield one.asname or one.name.partition(".")[0]
