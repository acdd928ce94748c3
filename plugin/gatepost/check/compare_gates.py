"""How the gates stand before and after: what is newly not met, what is met now, what is still to be mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from gatepost.records import canonical

if TYPE_CHECKING:
    from gatepost.check.compare_pairs import Pair
    from gatepost.check.results import Effect, Finding, Outcome, RecordReport
    from gatepost.gates import Gate

__all__ = ["GRAVITY", "GateMove", "Move", "Trouble", "moves_of", "troubles_of"]

Move = Literal["newly-failing", "newly-met", "newly-waived", "still-failing", "no-longer-asked", "newly-unknown"]
"""What became of a gate on a record. No longer asked: the record is gone, the gate is off or does not apply."""

GRAVITY: Final[dict[str, int]] = {"none": 0, "advise": 1, "open": 2, "block": 3}
"""How grave an effect is."""
_NUMBER: Final = re.compile(r"(?<=\.)[0-9]+(?=\.|\Z)")


@dataclass(frozen=True, eq=False)
class Trouble:
    """One thing to mend: a finding, or that a gate is not met on account of another record."""

    record: RecordReport
    gate: Gate
    effect: Effect
    finding: Finding | None = None
    because: str = ""
    """The record that the gate is not met on, when there is no finding here."""
    was: Effect = "none"
    """What it did in the other report; `none` when it was not there."""

    @property
    def is_worse(self) -> bool:
        """Whether it was not there before, or did less."""
        return GRAVITY[self.effect] > GRAVITY[self.was]


@dataclass(frozen=True, eq=False)
class GateMove:
    """One gate on one record, before and after."""

    pair: Pair
    gate: Gate
    move: Move
    before: Outcome | None
    after: Outcome | None
    troubles: tuple[Trouble, ...] = ()
    """What there is to mend now, or was, when nothing is left."""

    @property
    def effect(self) -> Effect:
        """What it does, or did when it is over."""
        shown = self.after if self.move in {"newly-failing", "still-failing"} else self.before
        return shown.effect if shown else "none"

    @property
    def is_worse(self) -> bool:
        """Whether anything of it is worse than it was."""
        return self.move in {"newly-failing", "still-failing"} and any(one.is_worse for one in self.troubles)


def moves_of(
    pair: Pair, gates: Iterable[Gate], troubles: Iterable[Trouble], gone: Iterable[Trouble]
) -> Iterator[GateMove]:
    """Give what became of each gate on a record, where there is anything to say.

    Args:
        pair: the record before and after.
        gates: the gates, in order.
        troubles: what there is to mend in it now.
        gone: what there was to mend and is not there any more.
    """
    now, over = _by_gate(troubles), _by_gate(gone)
    for gate in gates:
        before, after = _outcome(pair.before, gate), _outcome(pair.after, gate)
        if (move := _move(before, after)) is not None:
            yield GateMove(pair, gate, move, before, after, tuple(now[gate.id] or over[gate.id]))


def _by_gate(troubles: Iterable[Trouble]) -> Mapping[str, list[Trouble]]:
    found: dict[str, list[Trouble]] = defaultdict(list)
    for one in troubles:
        found[one.gate.id].append(one)
    return found


def _outcome(side: RecordReport | None, gate: Gate) -> Outcome | None:
    return side.outcomes.get(gate.id) if side else None


def _move(before: Outcome | None, after: Outcome | None) -> Move | None:
    failed, fails = _is_unmet(before), _is_unmet(after)
    if fails:
        return "still-failing" if failed else "newly-failing"
    if after is not None and after.state == "waived":
        return "newly-waived" if before is None or before.state != "waived" else None
    if not failed and (before is None or before.state != "waived"):
        decided = before is not None and before.state == "pass"
        return "newly-unknown" if decided and after is not None and after.state == "unknown" else None
    if after is not None and after.state == "pass":
        return "newly-met"
    return "newly-unknown" if after is not None and after.state == "unknown" else "no-longer-asked"


def _is_unmet(outcome: Outcome | None) -> bool:
    return outcome is not None and (outcome.is_failure or outcome.blocks)


def troubles_of(
    pair: Pair, gates: Mapping[str, Gate], names: Mapping[str, str]
) -> tuple[tuple[Trouble, ...], tuple[Trouble, ...]]:
    """Give what there is to mend in a record now, each with what it did before; and what is there no more.

    Two are the same when gate, field and value are; after that, when only the place in a list differs.

    Args:
        pair: the record before and after.
        gates: the gates by name.
        names: for records that took another id, the new key by the old one.
    """
    before = list(_troubles(pair.before, gates)) if pair.before else []
    now = list(_troubles(pair.after, gates)) if pair.after else []
    was: dict[int, Trouble] = {}
    for key in (_exactly, _anywhere):
        waiting: dict[Hashable, list[Trouble]] = defaultdict(list)
        for old in before:
            waiting[key(old, names)].append(old)
        for index, one in enumerate(now):
            if index not in was and (same := waiting[key(one, {})]):
                was[index] = same.pop(0)
                before.remove(was[index])
    marked = (replace(one, was=was[index].effect) if index in was else one for index, one in enumerate(now))
    return tuple(marked), tuple(before)


def _troubles(side: RecordReport, gates: Mapping[str, Gate]) -> Iterator[Trouble]:
    for name, outcome in side.outcomes.items():
        gate = gates.get(name)
        if gate is None or outcome.state == "waived":
            continue
        for finding in outcome.findings:
            yield Trouble(side, gate, finding.effect, finding)
        if _is_unmet(outcome):
            for other in outcome.because or (() if outcome.findings else ("",)):
                yield Trouble(side, gate, outcome.effect, because=other)


def _exactly(one: Trouble, names: Mapping[str, str]) -> tuple[str, str | None, str]:
    """Give what makes it the same in another report: what goes into a fingerprint, but for the record."""
    if one.finding is None:
        key = canonical(one.because)
        return one.gate.id, None, names.get(key, key)
    return one.gate.id, one.finding.field, one.finding.fault.value or one.finding.fault.message


def _anywhere(one: Trouble, names: Mapping[str, str]) -> Hashable:
    """Give the same without the places in lists, so that an item put before others makes nothing new of them."""
    gate, field, value = _exactly(one, names)
    return gate, field and _NUMBER.sub("*", field), value
