"""What an expression gives: plain values, tasks, or unknown."""

from __future__ import annotations

import ast
from collections.abc import Callable

from gatepost.definitions.airflow.judging import is_same, truth
from gatepost.definitions.airflow.literals import bounded, compared, computed, formatted, iterated
from gatepost.definitions.airflow.names import Names
from gatepost.definitions.airflow.values import REST, UNKNOWN, Function, Imported, PartlyKnown, Unknown

__all__ = ["Expressions"]


class Expressions(Names):
    """The part of a walk that evaluates."""

    def call(self, node: ast.Call) -> object:
        """Give what a call gives."""
        raise NotImplementedError

    def value(self, node: ast.expr) -> object:  # noqa: C901, PLR0912 - one case for each kind of expression
        """Give what an expression gives."""
        self.spend()
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self.look_up(node.id)
            case ast.Attribute():
                return self.attribute(node, self.value(node.value), node.attr)
            case ast.Call():
                return self.call(node)
            case ast.List() | ast.Tuple() | ast.Set():
                return self.items(node.elts)
            case ast.Dict():
                return self._mapping(node)
            case ast.JoinedStr():
                return self._text(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node.generators, lambda found: found.append(self.value(node.elt)), [])
            case ast.DictComp():
                return self._dict_comprehension(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BoolOp():
                return self._bool(node)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self._if_expression(node)
            case ast.NamedExpr():
                found = self.value(node.value)
                self.assign(node.target, found)
                return found
            case ast.Starred() | ast.Await():
                return self.value(node.value)
            case ast.Yield() | ast.YieldFrom():
                return self._yield(node)
            case ast.Lambda():
                return Function("lambda", node, tuple(self.frames[-1].scopes))
            case _:
                return UNKNOWN

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> object:
        """Keep what a generator yields; it is followed to its end at once."""
        value = self.value(node.value) if node.value is not None else None
        many = [value] if isinstance(node, ast.Yield) else iterated(value)
        kept = self.frames[-1].yielded
        self.journal.put(kept, None, [*kept, *([UNKNOWN] if many is None else many)])
        return UNKNOWN

    # ---- collections

    def items(self, nodes: list[ast.expr]) -> list[object]:
        """Give what a list, or the arguments of a call, hold; what cannot be unpacked is one unknown item."""
        found: list[object] = []
        for one in nodes:
            value = self.value(one)
            if not isinstance(one, ast.Starred):
                found.append(value)
                continue
            many = list(value) if isinstance(value, list) else iterated(value)
            found += [UNKNOWN] if many is None else many
        return found

    def _mapping(self, node: ast.Dict) -> dict[object, object]:
        found: dict[object, object] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            inner = self.value(value)
            if key is None:
                unknown = dict.fromkeys([*found, REST], UNKNOWN)  # what is unpacked may hold any of the keys before
                found.update(inner if isinstance(inner, dict) else unknown)
                continue
            name = self.value(key)
            found[name if isinstance(name, str | int | float | bool) else REST] = inner
        return found

    def _text(self, node: ast.JoinedStr) -> object:
        parts: list[str] = []
        known = True
        for piece in node.values:
            if isinstance(piece, ast.FormattedValue):
                spec = self._text(piece.format_spec) if isinstance(piece.format_spec, ast.JoinedStr) else ""
                value = self.value(piece.value)
                text = formatted(value, spec, piece.conversion) if isinstance(spec, str) else None
                known = known and text is not None
                parts.append(_piece(piece.value, value) if text is None else text)
            else:
                parts.append(str(getattr(piece, "value", "")))
        whole = bounded("".join(parts))
        return PartlyKnown(whole) if isinstance(whole, str) and not known else whole

    def _comprehension(
        self, generators: list[ast.comprehension], add: Callable[[list[object]], object], found: list[object]
    ) -> object:
        self.frames[-1].scopes.append({})
        try:
            known = self._rounds(generators, lambda: add(found))
        finally:
            self.frames[-1].scopes.pop()
        return bounded(found) if known else UNKNOWN

    def _rounds(self, generators: list[ast.comprehension], add: Callable[[], object]) -> bool:
        """Go through the loops of a comprehension; tell whether all of it was known."""
        if not generators:
            add()
            return True
        first, rest = generators[0], generators[1:]
        rounds = iterated(self.value(first.iter))
        if rounds is None:
            self.guess(
                first.iter, lambda: self._unknown_round(first, rest, add), "how often this loop runs is not known"
            )
            return False
        known = True
        for one in rounds:
            known = self._one_round(first, rest, add, one) and known
        return known

    def _one_round(
        self, first: ast.comprehension, rest: list[ast.comprehension], add: Callable[[], object], value: object
    ) -> bool:
        self.spend()
        self.assign(first.target, value)
        tests = [truth(self.value(test)) for test in first.ifs]
        if False in tests:
            return True
        if None in tests:
            self.guess(first.iter, lambda: self._rounds(rest, add), "what this comprehension leaves out is not known")
            return False
        return self._rounds(rest, add)

    def _unknown_round(
        self, first: ast.comprehension, rest: list[ast.comprehension], add: Callable[[], object]
    ) -> None:
        self.assign(first.target, UNKNOWN)
        self._rounds(rest, add)

    def _dict_comprehension(self, node: ast.DictComp) -> object:
        found: dict[object, object] = {}

        def add(_: list[object]) -> None:
            key, value = self.value(node.key), self.value(node.value)
            found[key if isinstance(key, str | int | float | bool) else REST] = value

        known = self._comprehension(node.generators, add, [])
        return UNKNOWN if isinstance(known, Unknown) else bounded(found)

    # ---- operations

    def _binary(self, node: ast.BinOp) -> object:
        """Compute from the left; a chain of operations may be longer than Python nests."""
        spine = [node]
        while isinstance(spine[-1].left, ast.BinOp):
            spine.append(spine[-1].left)
        left = self.value(spine[-1].left)
        for one in reversed(spine):
            right = self.value(one.right)
            if isinstance(one.op, ast.RShift | ast.LShift):
                left = self.shifted(one, left, right, forward=isinstance(one.op, ast.RShift))
            else:
                left = _joined(one, left, right) or computed(one.op, left, right)
        return left

    def _unary(self, node: ast.UnaryOp) -> object:
        inner = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            told = truth(inner)
            return UNKNOWN if told is None else not told
        if isinstance(node.op, ast.USub) and isinstance(inner, int | float):
            return -inner
        return inner if isinstance(node.op, ast.UAdd) else UNKNOWN

    def _bool(self, node: ast.BoolOp) -> object:
        is_or = isinstance(node.op, ast.Or)
        for number, one in enumerate(node.values):
            found = self.value(one)
            told = truth(found)
            if told is None:
                self._maybe_rest(node, node.values[number + 1 :])
                return UNKNOWN
            if told == is_or:
                return found
        return found

    def _maybe_rest(self, node: ast.expr, rest: list[ast.expr]) -> None:
        self.maybe(node, [lambda: [self.value(one) for one in rest], lambda: None])

    def _compare(self, node: ast.Compare) -> object:
        left = self.value(node.left)
        result: bool | None = True
        for op, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            is_module_name = isinstance(left, Imported) and left.name == "__name__"
            told = isinstance(op, ast.NotEq) if is_module_name else compared(op, left, right)
            if told is False:
                return False
            result = None if told is None else result
            left = right
        return UNKNOWN if result is None else result

    def _if_expression(self, node: ast.IfExp) -> object:
        told = truth(self.value(node.test))
        if told is not None:
            return self.value(node.body if told else node.orelse)
        found: list[object] = []
        self.maybe(node, [lambda: found.append(self.value(node.body)), lambda: found.append(self.value(node.orelse))])
        return found[0] if len(found) == 2 and is_same(*found) else UNKNOWN  # noqa: PLR2004 - both branches


def _joined(node: ast.BinOp, left: object, right: object) -> PartlyKnown | None:
    """Join a text and what is not known, or only partly; None where that is something else than a text."""
    texts = [isinstance(one, str | PartlyKnown) for one in (left, right)]
    if not isinstance(node.op, ast.Add) or not any(texts) or (isinstance(left, str) and isinstance(right, str)):
        return None
    whole = bounded("".join(_piece(*one) for one in ((node.left, left), (node.right, right))))
    return PartlyKnown(whole) if isinstance(whole, str) else None


def _piece(node: ast.expr, value: object) -> str:
    """Give a piece of a text; what is not known by its name, where it has one."""
    if isinstance(value, str):
        return value
    if isinstance(value, PartlyKnown):
        return value.text
    return f"{{{{ {node.id if isinstance(node, ast.Name) else 'value'} }}}}"
