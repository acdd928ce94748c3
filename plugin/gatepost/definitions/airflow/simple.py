"""Functions so simple that their text shows all that they do: they run a command, or give one back."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from gatepost.definitions.airflow.following import RUNNING, value_of
from gatepost.definitions.airflow.values import Bound, Function, Scope

__all__ = ["only_runs", "text_of"]


def only_runs(value: object, count: int) -> bool:
    """Tell whether all that a function of the file does is to run so many commands."""
    function = value.function if isinstance(value, Bound) else value
    if not isinstance(function, Function) or isinstance(function.node, ast.Lambda) or count == 0:
        return False
    calls = [_only_call(one) for one in function.node.body]
    return None not in calls and sum(name in RUNNING for name in calls) == count and set(calls) <= RUNNING | {""}


def text_of(function: Function) -> str | None:
    """Give the text that a function gives back, where it always is one and the same; None where that is not seen."""
    node = function.node
    given = (
        [node.body]
        if isinstance(node, ast.Lambda)
        else [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    )
    own = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    own |= {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
    texts = [_text(one, function.closure, own) for one in given]
    return texts[0] if texts and all(one == texts[0] for one in texts) else None


def _text(node: ast.expr | None, closure: Sequence[Scope], own: set[str]) -> str | None:
    """Give the text that an expression is, as written or by a name of the file that the function does not bind."""
    if not isinstance(node, ast.Constant) and not (isinstance(node, ast.Name) and node.id not in own):
        return None
    value = value_of(node, closure)
    return value if isinstance(value, str) else None


def _only_call(node: ast.stmt) -> str | None:
    """Give the name of the one call that a statement is; empty for one that does nothing, None for any other."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return ""
    value = node.value if isinstance(node, ast.Expr | ast.Return | ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Constant) or (value is None and isinstance(node, ast.Return)):
        return ""
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    if value is None or len(calls) != (1 if isinstance(value, ast.Call) else 0):
        return None
    called = value.func if isinstance(value, ast.Call) else None
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
