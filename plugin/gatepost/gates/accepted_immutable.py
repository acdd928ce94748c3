"""`accepted-immutable`: what was decided is as it was when it was accepted, or as an amendment records it."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final

from gatepost.book import Entry, Fault, Place
from gatepost.book.changes import Change
from gatepost.book.frozen import Alteration, alterations, judged_steps
from gatepost.book.history import RecordHistory
from gatepost.book.version import TITLE
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.records import KINDS, Decision

__all__ = ["GATE"]

_LONGEST: Final = 60
_MOST: Final = 3
"""How many changes of one field are told."""


def check(entry: Entry, context: Context) -> Verdict:
    """Compare an accepted decision with what was accepted; look for decisions that are gone beside a record."""
    is_decision = isinstance(entry.record, Decision)
    if context.history.problem:
        return Unknown(context.history.problem) if is_decision else NOT_APPLICABLE
    missing = [_missing(one) for one in context.missing_beside(entry)]
    history = context.history.of(entry) if is_decision else None
    if history is None:
        return missing or NOT_APPLICABLE
    steps = judged_steps(history, context.policy.history, context.baseline)
    found = sorted(alterations(steps, context.policy.history), key=_thing)
    return [*missing, *(_fault(list(same), entry) for _, same in groupby(found, key=_thing))]


def _thing(one: Alteration) -> tuple[bool, str]:
    """Give what one finding is about: a field, or a section."""
    in_body = one.change.kind in {"section", "heading"}
    return in_body, one.change.key if in_body else one.change.field


def _fault(alike: list[Alteration], entry: Entry) -> Fault:
    one, change = alike[-1], alike[0].change
    if change.kind == "section":
        what = _section(change)
    elif change.kind == "heading":
        what = f"a heading changed from {_shown(change.before)} to {_shown(change.after)}"
    elif len(alike) == 1 and change.kind == "field":
        what = f"{change.key} changed from {_shown(change.before)} to {_shown(change.after)}"
    else:
        told = [_item(other.change) for other in alike[:_MOST]]
        what = f"{change.field or 'the kind'} changed: {', '.join(told)}" + (" and more" if len(alike) > _MOST else "")
    after = "and the status did not move" if change.field == "date" else f"after {_since(one)}"
    message = f"{what} in {one.step.said}, {after}"
    hint = "put it back, or record why under `amendments:` with date, by and reason, or supersede the decision"
    return Fault(message, hint, _place(one, entry), " ".join(str(part) for part in _thing(one)))


def _item(change: Change) -> str:
    if change.kind == "item":
        return f"{change.path[-1]} was {'removed' if change.after is None else 'added'}"
    return f"{'.'.join(change.path[1:]) or change.kind} from {_shown(change.before)} to {_shown(change.after)}"


def _section(change: Change) -> str:
    odd = {"": "the text before the first heading", TITLE: "the title above the text"}
    return f"{odd.get(change.key) or f'the section «{change.key}»'} changed"


def _since(one: Alteration) -> str:
    facts, commit = one.sanctioned.facts, one.sanctioned.commit
    done = "amended" if facts and facts.amendments else "accepted"
    return f"it was {done} in {commit.short} ({commit.day})" if commit else f"it was {done}"


def _place(one: Alteration, entry: Entry) -> Place:
    if one.change.kind not in {"section", "heading"}:
        return (one.change.field,)
    title = one.change.path[-1] if one.change.path else ""
    found = (heading.offset for heading in entry.prose.headings if heading.title == title)
    return next(found, entry.document.body_start)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"«{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}»"


def _missing(history: RecordHistory) -> Fault:
    last = next(step for step in reversed(history.readable) if step.path)
    facts = last.facts
    name = (facts.id if facts else "") or last.path
    message = f"{name} ({last.path}), {facts.status if facts else ''}, was removed in {history.last.said}"
    hint = "bring the file back; a decision that no longer stands is deprecated or superseded"
    return Fault(message, hint, (), name)


GATE = Gate(
    id="accepted-immutable",
    code="GP006",
    kind="integrity",
    applies_to=frozenset(KINDS),
    holds_when=(
        "What was decided is as it was accepted, or an amendment says what was corrected; "
        "no accepted decision was removed."
    ),
    check=check,
    needs_history=True,
)
