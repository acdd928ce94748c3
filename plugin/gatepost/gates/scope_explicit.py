"""`scope-explicit`: scope and assumptions are written, specific, and can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.gates.placeholders import is_placeholder
from gatepost.records import Decision, Design, Policy, Scope

__all__ = ["GATE"]

_MIN_WORDS: Final = 3


def check(entry: Entry, context: Context) -> Verdict:
    """Look for what is in, what is out, and how each assumption can be checked."""
    record = entry.record
    if not isinstance(record, Decision | Design):
        return NOT_APPLICABLE
    return [*_scope(record.scope, context.policy), *_assumptions(record, context.policy)]


def _scope(scope: Scope | None, policy: Policy) -> Iterator[Fault]:
    if scope is None:
        yield Fault("scope is missing", "add `scope:` with `in:` and `out:`", ("scope",))
        return
    if not scope.in_:
        yield Fault("scope.in is missing", "say what the record covers", ("scope", "in"))
    if not scope.out:
        yield Fault("scope.out is missing", "say what a reader might expect here and will not find", ("scope", "out"))
    for side, texts in (("in", scope.in_), ("out", scope.out)):
        for index, text in enumerate(texts):
            yield from _specific(text, ("scope", side, index), policy)


def _assumptions(record: Decision | Design, policy: Policy) -> Iterator[Fault]:
    if not record.assumptions:
        yield Fault("assumptions are missing", "write what is taken to be true, each with a `check:`", ("assumptions",))
    for index, assumption in enumerate(record.assumptions):
        yield from _specific(assumption.text, ("assumptions", index, "text"), policy)
        if assumption.check is None:
            hint = "add `check:` with a query, a file or a person to ask"
            yield Fault(
                "the assumption says no way to check it", hint, ("assumptions", index, "check"), assumption.text
            )


def _specific(text: str, at: tuple[str | int, ...], policy: Policy) -> Iterator[Fault]:
    if len(text.split()) < _MIN_WORDS and not _is_dense(text) and not is_placeholder(text, policy):
        hint = f"say it in {_MIN_WORDS} words or more; quote it when it holds a comma"
        yield Fault(f"'{text}' is not specific", hint, at, text)


def _is_dense(text: str) -> bool:
    """Tell whether a text belongs to a script that is written without spaces between words."""
    return sum(ord(character) > 0x2E80 for character in text) > _MIN_WORDS  # noqa: PLR2004 - where CJK begins


GATE = Gate(
    id="scope-explicit",
    code="GP102",
    kind="quality",
    applies_to=frozenset({"decision", "design"}),
    holds_when=(
        "What is in scope, what is out, and the assumptions are written and specific, and each assumption "
        "says how to check it."
    ),
    check=check,
)
