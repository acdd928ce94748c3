"""What gates find in a record whatever is written where it cannot be read: in each of its readings, told once.

A finding at such a place, or about what stands in for its value, is none: the place is told already. No gate is met
on such a record; those that find nothing wait until it can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from gatepost.book import Entry, Fault, KeyPath, Unread, locate
from gatepost.book.stand_ins import NOBODY_WROTE
from gatepost.check.results import Effect, Outcome
from gatepost.gates import Gate
from gatepost.gates.violations import without_branch

__all__ = ["found_in_each"]

Ask = Callable[[Entry, Iterable[Gate]], dict[str, Outcome]]
"""Asks gates about a reading, and applies its waivers."""

_NUMBER: Final = re.compile(r"\d[\d.]*")
_MILDEST_FIRST: Final[tuple[Effect, ...]] = ("none", "advise", "open", "block")


def found_in_each(one: Unread, gates: Iterable[Gate], ask: Ask) -> dict[str, Outcome]:
    """Give the outcomes of the gates that are not met in any reading, with the findings that all of them have.

    Args:
        one: what cannot be read.
        gates: the gates to ask.
        ask: how they are asked; a gate is asked no more once a reading has none of its findings.
    """
    left, found = list(gates), None
    for reading in one.readings() if left else ():
        if reading is None:
            return {}
        outcomes = {gate: _told(one, outcome) for gate, outcome in ask(reading, left).items()}
        found = outcomes if found is None else {gate: _both(found[gate], outcomes[gate]) for gate in outcomes}
        left = [gate for gate in left if found[gate.id].findings]
        if not left:
            return {}
    return {gate.id: found[gate.id] for gate in left} if found is not None else {}


def _told(one: Unread, outcome: Outcome) -> Outcome:
    """Keep of an outcome what is found elsewhere than where the record cannot be read."""
    if outcome.state != "fail":
        return Outcome("unknown")
    signs = {locate(one.document, place) for place in (*one.places, *(fault.at for fault in one.faults))}
    kept = tuple(
        finding
        for finding in outcome.findings
        if not _is_made_up(finding.fault)
        and not any(_is_below(finding.fault.at, place) for place in one.places)
        and not (isinstance(finding.fault.at, int) and locate(one.document, finding.fault.at) in signs)
    )
    return outcome._replace(findings=kept)


def _is_below(at: object, place: KeyPath) -> bool:
    return isinstance(at, tuple) and _plain(at[: len(place)]) == _plain(place)


def _plain(path: KeyPath) -> tuple[str, ...]:
    """Give a path in the one spelling of its keys."""
    return tuple(str(step).replace("_", "-") for step in path)


def _is_made_up(fault: Fault) -> bool:
    said = (fault.message, fault.hint, fault.value, *(map(str, fault.at) if isinstance(fault.at, tuple) else ()))
    return any(NOBODY_WROTE in text for text in said)


def _both(known: Outcome, other: Outcome) -> Outcome:
    """Give what two readings have in common; of two wordings the shorter, which names what both do."""
    effect = min(known.effect, other.effect, key=_MILDEST_FIRST.index)
    shared = []
    for finding in known.findings:
        twin = next((twin.fault for twin in other.findings if _is_same(finding.fault, twin.fault)), None)
        if twin is not None:
            shared.append(finding._replace(fault=_shorter(finding.fault, twin), effect=effect))
    return known._replace(effect=effect, findings=tuple(shared))


def _is_same(one: Fault, other: Fault) -> bool:
    """Tell whether two findings are one: at the same place, told alike or mended alike, with the same numbers."""
    if one.at != other.at:
        return False
    shorter, longer = sorted((without_branch(one.message), without_branch(other.message)), key=len)
    alike = (one.value == other.value != "") or one.hint == other.hint
    return shorter == longer or (alike and set(_NUMBER.findall(longer)).issuperset(_NUMBER.findall(shorter)))


def _shorter(one: Fault, other: Fault) -> Fault:
    if one.message == other.message:
        return one
    faults = [fault._replace(message=without_branch(fault.message)) for fault in (one, other)]
    return min(faults, key=lambda fault: len(fault.message))
