"""`links-current`: nothing that a record rests on changed in substance after the record was last touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.book import Entry, Fault, Link
from gatepost.book.changes import Change
from gatepost.book.history import RecordHistory, Step
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.records import FollowUp, Risk

__all__ = ["GATE"]

_RESTS_ON: Final = frozenset({"relates", "risks", "decisions", "stages"})
_RISK: Final = frozenset({"likelihood", "impact", "residual-likelihood", "residual-impact", "treatment", "title"})


def check(entry: Entry, context: Context) -> Verdict:
    """Compare the last touch of the record with the last change of each thing that it rests on."""
    record = entry.record
    if isinstance(record, Risk | FollowUp) and not record.is_live:
        return NOT_APPLICABLE
    links = [link for link in context.book.links(entry) if link.relation in _RESTS_ON]
    if not links:
        return NOT_APPLICABLE
    if context.history.problem:
        return Unknown(context.history.problem)
    history = context.history.of(entry)
    if history is None:
        return []
    return [fault for link in links for fault in _changed_since(link, entry, history.last, context)]


def _changed_since(link: Link, entry: Entry, touched: Step, context: Context) -> Iterator[Fault]:
    name, _, stage = link.target.partition("#")
    target = context.book.get(name)
    theirs = context.history.of(target) if target is not None and target is not entry else None
    step = _last_change(theirs, touched, stage, context) if theirs else None
    if step is None or target is None or (entry.record.reviewed and _day(step) <= entry.record.reviewed.isoformat()):
        return
    what = f"the stage {stage}" if stage else target.id
    message = f"{what} changed in {step.said}, after this record was last touched in {touched.said}"
    hint = "read it again: adapt this record, or set `reviewed:` to the day on which you did"
    at = link.at if isinstance(link.at, tuple) else ()
    yield Fault(message, hint, at, f"{link.target} {step.commit.id if step.commit else ''}")


def _last_change(theirs: RecordHistory, touched: Step, stage: str, context: Context) -> Step | None:
    """Give the last step after a touch that changed the substance of a record, or of one of its stages."""
    for index in range(len(theirs.steps) - 1, 0, -1):
        step = theirs.steps[index]
        if step.number <= touched.number:
            return None
        if any(_is_substance(change, stage, context) for change in theirs.changes(index)):
            return step
    return None


def _is_substance(change: Change, stage: str, context: Context) -> bool:
    if stage:
        return change.field == "defaults" or change.path[:2] == ("stages", stage)
    if change.kind == "status":
        return True
    return change.kind in {"field", "item", "order"} and change.field in {
        *_RISK,
        *context.policy.history.freeze_fields,
    } - {"decision-makers"}


def _day(step: Step) -> str:
    return step.commit.day if step.commit else "9999-12-31"


GATE = Gate(
    id="links-current",
    code="GP111",
    kind="quality",
    applies_to=frozenset({"decision", "risk", "follow-up"}),
    holds_when="Nothing that the record rests on changed in substance after the record was last touched or reviewed.",
    check=check,
    needs_history=True,
    enforcement="advise",
)
