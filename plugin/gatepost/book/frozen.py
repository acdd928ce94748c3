"""What an accepted decision froze, and whether it still stands: the version that was sanctioned last, and what differs.

A version is sanctioned when the decision is accepted, and again by each amendment that is recorded with it or after it.
What was changed and put back is no difference: only what stands now counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.book.changes import Change
from gatepost.book.history import RecordHistory, Step
from gatepost.book.version import BELOW

if TYPE_CHECKING:
    from gatepost.records import HistoryPolicy

__all__ = ["ACCEPTED", "Alteration", "accepted_in", "alterations", "judged_steps", "predates", "was_accepted"]

ACCEPTED: Final = frozenset({"accepted", "deprecated", "superseded"})
"""The statuses of a decision that was accepted."""


class Alteration(NamedTuple):
    """Something frozen that differs from what was sanctioned."""

    change: Change
    step: Step
    """The step that brought what stands now."""
    sanctioned: Step
    """The step whose version was accepted, or amended last."""


def was_accepted(history: RecordHistory) -> bool:
    """Tell whether the record was an accepted decision at any time."""
    return accepted_in(history.readable) is not None


def accepted_in(steps: tuple[Step, ...]) -> int | None:
    """Give the index of the first step at which a decision was accepted; None when it never was."""
    return next((n for n, one in enumerate(steps) if one.facts and _is_accepted(one)), None)


def _is_accepted(step: Step) -> bool:
    return step.facts is not None and step.facts.kind == "decision" and step.facts.status in ACCEPTED


def judged_steps(history: RecordHistory, rules: HistoryPolicy, baseline: int | None) -> tuple[Step, ...]:
    """Give the steps that the rules are about: the last one before they hold, and all after it.

    Args:
        history: the record's.
        rules: the policy's.
        baseline: the place on the main line of the policy's baseline commit, when it names one that is there.
    """
    steps = history.readable
    if baseline is None and rules.since is None:
        return steps
    before = [n for n, one in enumerate(steps) if predates(one, rules, baseline)]
    return steps[before[-1] :] if before else steps


def predates(step: Step, rules: HistoryPolicy, baseline: int | None) -> bool:
    """Tell whether a step was made before the rules hold; see `judged_steps`."""
    if baseline is not None and step.number <= baseline:
        return True
    return rules.since is not None and step.commit is not None and step.commit.day < rules.since.isoformat()


def alterations(steps: tuple[Step, ...], rules: HistoryPolicy) -> Iterator[Alteration]:
    """Give what is frozen and differs now from what was sanctioned; steps are those that are judged."""
    start = accepted_in(steps)
    if start is None:
        return
    sanctioned = _sanctioned(steps, start)
    if sanctioned == len(steps) - 1:
        return
    for change in steps[-1].since(steps[sanctioned]):
        if _is_frozen(change, rules):
            yield Alteration(change, steps[_brought(change, steps, sanctioned)], steps[sanctioned])
    yield from _dates(steps, sanctioned)


def _sanctioned(steps: tuple[Step, ...], start: int) -> int:
    """Give the index of the last step that recorded an amendment; the acceptance when there is none."""
    most, found = _amendments(steps[start]), start
    for index in range(start + 1, len(steps)):
        if _amendments(steps[index]) > most:
            most, found = _amendments(steps[index]), index
    return found


def _amendments(step: Step) -> int:
    return step.facts.amendments if step.facts else 0


def _is_frozen(change: Change, rules: HistoryPolicy) -> bool:
    if change.kind in {"field", "item", "order"}:
        return change.field in rules.freeze_fields or (change.field == "amendments" and change.before is not None)
    if change.kind == "section":
        return _is_frozen_section(change.path, rules)
    if change.kind == "heading":
        return any(_is_frozen_section(str(name).split(BELOW), rules) for name in (change.before, change.after))
    return change.kind == "kind"


def _is_frozen_section(headings: Iterable[str], rules: HistoryPolicy) -> bool:
    """Tell whether the text below a heading is frozen, given the heading and those above it."""
    found = {name.casefold() for name in headings}
    if rules.freeze_sections:
        return bool(found & {name.casefold() for name in rules.freeze_sections})
    return not found & {name.casefold() for name in rules.living_sections}


def _brought(change: Change, steps: tuple[Step, ...], sanctioned: int) -> int:
    """Give the index of the step since which the changed thing is as it is now."""
    for index in range(len(steps) - 1, sanctioned, -1):
        if any(one.kind == change.kind and one.path == change.path for one in steps[-1].since(steps[index - 1])):
            return index
    return len(steps) - 1


def _dates(steps: tuple[Step, ...], sanctioned: int) -> Iterator[Alteration]:
    """Find a date that was rewritten: it is the day of the last change of status, so it moves with the status only."""
    status = steps[-1].facts.status if steps[-1].facts else ""
    since = len(steps) - 1
    while since > sanctioned and (facts := steps[since - 1].facts) and facts.status == status:
        since -= 1
    change = next((one for one in steps[-1].since(steps[since]) if one.field == "date"), None)
    if change is not None:
        yield Alteration(change, steps[_brought(change, steps, since)], steps[since])
