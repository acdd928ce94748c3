"""A report seen against a base: which findings are new, and which are left aside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost.report.counts import FAIL_ON, counted

if TYPE_CHECKING:
    from gatepost.check.compare import Comparison
    from gatepost.check.compare_gates import Trouble
    from gatepost.check.results import Finding, RecordReport, Report
    from gatepost.report.diff_words import Sides

__all__ = ["Against"]


@dataclass(eq=False)
class Against:
    """What a report is seen against."""

    comparison: Comparison
    sides: Sides
    report: Report
    """The report that is shown; it may be a part of the one that was compared."""
    new_only: bool = False
    """Whether only what is new is listed, and fails."""

    @cached_property
    def worse(self) -> tuple[Trouble, ...]:
        """What is new, or does more than it did, in the part that is shown."""
        return tuple(one for one in self.comparison.worse if self._is_shown(one))

    @cached_property
    def still(self) -> tuple[Trouble, ...]:
        """What the base has too, in the part that is shown."""
        return tuple(one for one in self.comparison.still if self._is_shown(one))

    @cached_property
    def _shown(self) -> frozenset[tuple[int, str]]:
        return frozenset((id(record.entry), gate) for record in self.report.records for gate in record.outcomes)

    def _is_shown(self, one: Trouble) -> bool:
        return (id(one.record.entry), one.gate.id) in self._shown

    def is_new(self, finding: Finding) -> bool:
        """Tell whether a finding is new, or does more than it did."""
        return self.comparison.is_new(finding)

    def lists(self, finding: Finding) -> bool:
        """Tell whether a finding is listed."""
        return not self.new_only or self.is_new(finding)

    def causes(
        self, record: RecordReport, gate: str, because: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give of the records that a gate is not met on those that are new, and the others that are listed."""
        worse = {one.because for one in self.worse if one.record.entry is record.entry and one.gate.id == gate}
        new = tuple(name for name in because if name in worse)
        return new, () if self.new_only else tuple(name for name in because if name not in worse)

    def failing(self, fail_on: str) -> int:
        """Give how many new things are at least as grave as what is to fail the check."""
        return sum(one.effect in FAIL_ON[fail_on] for one in self.worse)

    def sentence(self) -> str:
        """Say how many are new, and how many are left aside or old."""
        old = sum(one.effect == "block" for one in self.still)
        name = self.sides.base
        left = f"{counted(len(self.still), 'finding')} that {name} has too" + (f", {old} blocking" if old else "")
        return f"Compared with {name}: {len(self.worse)} new; {'left aside' if self.new_only else 'not new'}: {left}."

    def verdict(self, fail_on: str) -> str:
        """Say how a check of what is new came out, in one line."""
        number = self.failing(fail_on)
        day = self.report.today
        if not number:
            return f"Nothing new fails on {day}."
        return f"{counted(number, 'new finding')} {'fails' if number == 1 else 'fail'} on {day}."
