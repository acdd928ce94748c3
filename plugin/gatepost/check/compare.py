"""Two reports to what is between them: records, gates, risks, follow-ups, policy. Both are judged on the same day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gatepost.book.changes import Change
from gatepost.check.compare_gates import GRAVITY, GateMove, Move, Trouble, moves_of, troubles_of
from gatepost.check.compare_pairs import Pair, paired
from gatepost.check.compare_promises import (
    FollowUpMove,
    RiskMove,
    follow_up_moves,
    open_exposure,
    risk_moves,
)

if TYPE_CHECKING:
    from gatepost.check.results import Finding, Report
    from gatepost.gates import Gate

__all__ = ["Comparison", "EnforcementMove", "Fate", "compare", "fate_of"]

Fate = Literal["added", "removed", "renumbered", "moved", "changed", "same"]
"""What became of a record: the first of these that is true of it."""
_MOVED: Final = ("moved", "design")


class EnforcementMove(NamedTuple):
    """A gate that the policy makes something else of."""

    gate: Gate
    before: str
    after: str

    @property
    def is_weaker(self) -> bool:
        """Whether it does less than it did."""
        order = ("block", "advise", "off")
        return order.index(self.after) > order.index(self.before)


@dataclass(eq=False)
class Comparison:
    """What lies between two reports."""

    before: Report
    after: Report
    pairs: tuple[Pair, ...]
    """Each record once, by path; those that are the same, too."""
    designs: frozenset[str] | None = None
    """The designs that it is about; None for all, and the records of none."""

    def only(self, designs: frozenset[str]) -> Comparison:
        """Give the part that is about some designs, by what a record belongs to before or after; and the policy."""
        kept = tuple(pair for pair in self.pairs if pair.kind == "policy" or _designs(pair) & designs)
        return Comparison(self.before, self.after, kept, designs)

    @cached_property
    def _gates(self) -> dict[str, Gate]:
        return {gate.id: gate for gate in (*self.before.gates, *self.after.gates)}

    @cached_property
    def _names(self) -> dict[str, str]:
        both = ((pair.before.entry.key, pair.after.entry.key) for pair in self.pairs if pair.before and pair.after)
        return {one: two for one, two in both if one != two}

    @cached_property
    def _troubles(self) -> tuple[tuple[Pair, tuple[Trouble, ...], tuple[Trouble, ...]], ...]:
        return tuple((pair, *troubles_of(pair, self._gates, self._names)) for pair in self.pairs)

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """All that there is to mend now, each with what it did before, by record and gate."""
        return tuple(one for _, now, _ in self._troubles for one in now)

    @cached_property
    def worse(self) -> tuple[Trouble, ...]:
        """What there is to mend that was not there before, or does more than it did; the gravest first."""
        found = (one for one in self.troubles if one.is_worse)
        return tuple(sorted(found, key=lambda one: -GRAVITY[one.effect]))

    @cached_property
    def still(self) -> tuple[Trouble, ...]:
        """What there is to mend and was before."""
        return tuple(one for one in self.troubles if not one.is_worse)

    @cached_property
    def gone(self) -> tuple[Trouble, ...]:
        """What there was to mend and is there no more."""
        return tuple(one for _, _, over in self._troubles for one in over)

    @cached_property
    def _worse_findings(self) -> frozenset[int]:
        return frozenset(id(one.finding) for one in self.worse if one.finding)

    def is_new(self, finding: Finding) -> bool:
        """Tell whether a finding of the later report was not there before, or does more than it did."""
        return id(finding) in self._worse_findings

    @cached_property
    def moves(self) -> tuple[GateMove, ...]:
        """What became of each gate on each record, where there is anything to say; the gravest first."""
        gates = self._gates.values()
        found = [move for pair, now, over in self._troubles for move in moves_of(pair, gates, now, over)]
        return tuple(sorted(found, key=lambda move: -GRAVITY[move.effect]))

    def of_move(self, *moves: Move) -> tuple[GateMove, ...]:
        """Give the gates of which some things became."""
        return tuple(one for one in self.moves if one.move in moves)

    @cached_property
    def changed(self) -> tuple[Pair, ...]:
        """The records that are not what they were, by path."""
        return tuple(pair for pair in self.pairs if fate_of(pair) != "same")

    @cached_property
    def fates(self) -> Counter[Fate]:
        """How many records became what."""
        return Counter(fate_of(pair) for pair in self.pairs)

    @cached_property
    def risks(self) -> tuple[RiskMove, ...]:
        """The risks of which exposure, status or due date changed."""
        return tuple(risk_moves(self.pairs, self.after))

    @cached_property
    def exposure(self) -> tuple[int, int]:
        """The sum of the residual exposures of risks that can still hurt, before and after."""
        return open_exposure(self.before, self.designs), open_exposure(self.after, self.designs)

    @cached_property
    def follow_ups(self) -> tuple[FollowUpMove, ...]:
        """What became of follow-ups."""
        return tuple(follow_up_moves(self.pairs, self.after.today))

    @cached_property
    def policy(self) -> tuple[Change, ...]:
        """What changed in the policy."""
        return tuple(change for pair in self.pairs if pair.kind == "policy" for change in pair.changes)

    @cached_property
    def enforcement(self) -> tuple[EnforcementMove, ...]:
        """The gates that the policy makes something else of."""
        return tuple(
            EnforcementMove(gate, self.before.enforced[name], self.after.enforced[name])
            for name, gate in self._gates.items()
            if name in self.before.enforced and self.before.enforced[name] != self.after.enforced.get(name)
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all differs."""
        return not (self.changed or self.worse or self.gone or self.moves_that_matter or self.enforcement)

    @property
    def moves_that_matter(self) -> tuple[GateMove, ...]:
        """What became of gates, without those that fail as before."""
        return tuple(one for one in self.moves if one.move != "still-failing" or one.is_worse)


def compare(before: Report, after: Report) -> Comparison:
    """Compare two whole reports.

    Raises:
        ValueError: they are judged on different days, so that time alone would make a difference.
    """
    if before.today != after.today:
        message = f"one report is judged on {before.today}, the other on {after.today}"
        raise ValueError(message)
    return Comparison(before, after, paired(before.records, after.records))


def fate_of(pair: Pair) -> Fate:
    """Give what became of a record."""
    if pair.before is None:
        return "added"
    if pair.after is None:
        return "removed"
    if pair.before.entry.key != pair.after.entry.key:
        return "renumbered"
    if pair.of_change(*_MOVED):
        return "moved"
    return "changed" if pair.changes else "same"


def _designs(pair: Pair) -> frozenset[str]:
    return frozenset(side.entry.design for side in (pair.before, pair.after) if side)
