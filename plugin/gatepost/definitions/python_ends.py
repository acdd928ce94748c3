"""Functions of Python that are gates: whether their text shows a way to end badly."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Final

__all__ = ["DOUBT", "Called", "doubt_of_text", "shows_failure"]

DOUBT: Final = "its function shows no way to fail: it raises nothing, and exits with no code"
"""What is said of a function that shows none."""
Called = Callable[[str], "ast.AST | None"]
"""Gives the body of another function of the file by its name."""
_LEAVES: Final = frozenset({"exit", "_exit", "quit", "abort", "check_call", "check_output", "raise_for_status", "fail"})
"""Functions that end badly, or raise where what they run has ended badly."""
_MOST: Final = 200


def shows_failure(node: ast.AST, called: Called) -> bool:
    """Tell whether a function raises, asserts or exits somewhere, itself or in a function of its file that it calls."""
    waiting, seen = [node], {id(node)}
    while waiting and len(seen) < _MOST:
        for one in _parts(waiting.pop()):
            if isinstance(one, ast.Raise | ast.Assert):
                return True
            if isinstance(one, ast.Call):
                if _ends(one):
                    return True
                other = called(one.func.id) if isinstance(one.func, ast.Name) else None
                if other is not None and id(other) not in seen:
                    seen.add(id(other))
                    waiting.append(other)
    return False


def doubt_of_text(texts: Iterable[str], name: str) -> str | None:
    """Say why a function that a text defines may end well whatever it finds; None where it shows how it fails."""
    for text in texts:
        if f"def {name}(" not in text:
            continue
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return DOUBT
        known = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        return None if name in known and shows_failure(known[name], known.get) else DOUBT
    return DOUBT


def _ends(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "run" and any(
        one.arg == "check" and getattr(one.value, "value", None) is not False for one in call.keywords
    ):
        return True
    given = [one.value for one in call.args if isinstance(one, ast.Constant)]
    return name in _LEAVES and not (name in {"exit", "_exit"} and (given in ([0], [None]) or not call.args))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Give the parts of a body whose exceptions leave it: what a broad `except` swallows is left out."""
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        one = waiting.pop()
        yield one
        swallows = isinstance(one, ast.Try) and any(_is_broad(handler) for handler in one.handlers)
        if isinstance(one, ast.Try) and swallows:
            waiting += [*one.handlers, *one.orelse, *one.finalbody]
        elif not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(one)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
