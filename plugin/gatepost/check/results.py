"""What checking a book gives: an outcome for each record and gate, findings, the state of each design."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple

from gatepost.book import Book, Entry, Fault, Position, Unread, locate
from gatepost.book.history import NO_HISTORY, History
from gatepost.gates import Gate, GateSet
from gatepost.records import Waiver

__all__ = [
    "DesignReport",
    "DesignState",
    "Effect",
    "Finding",
    "Outcome",
    "RecordReport",
    "Report",
    "State",
]

State = Literal["pass", "fail", "waived", "not-applicable", "unknown", "error"]
"""How a gate stands on a record. Waived is no pass; an error counts as a failure."""

Effect = Literal["block", "open", "advise", "none"]
"""What a finding does: fails the check; is open on a proposed decision; is advice; nothing."""

DesignState = Literal["stopped", "escalated", "failing", "open", "clear"]
"""The worst first: work must stop; someone must decide; gates are not met; only open items; nothing to do."""


class Finding(NamedTuple):
    """One thing to mend: which gate, which record, where, what, how."""

    gate: Gate
    record: str
    """The record's id, or its path when it has none."""
    kind: str
    """The kind of record."""
    path: str
    """The file, relative to the root of the repository."""
    effect: Effect
    fault: Fault
    position: Position

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return self.position.line

    @property
    def column(self) -> int:
        """The column, counted from 1."""
        return self.position.column

    @property
    def message(self) -> str:
        """What is wrong, in one line that a terminal can show."""
        return _one_line(self.fault.message)

    @property
    def hint(self) -> str:
        """How to mend it, in one line that a terminal can show."""
        return _one_line(self.fault.hint)

    @property
    def field(self) -> str:
        """The key path in the frontmatter, `options.0.security`; `body` for the prose."""
        at = self.fault.at
        return "body" if isinstance(at, int) else ".".join(str(step) for step in at)

    @property
    def fingerprint(self) -> str:
        """What makes it the same finding in another tree: gate, record, field and value, never line or path."""
        parts = (self.gate.id, self.record, self.field, self.fault.value or self.fault.message)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Outcome(NamedTuple):
    """How one gate stands on one record."""

    state: State
    effect: Effect = "none"
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    """Why it is unknown or not applicable."""
    because: tuple[str, ...] = ()
    """The records that carry the findings."""
    waiver: Waiver | None = None
    """The waiver that sets the gate aside."""

    @property
    def blocks(self) -> bool:
        """Whether it makes the check fail."""
        return self.effect == "block" and self.state in {"fail", "error", "unknown"}

    @property
    def is_failure(self) -> bool:
        """Whether the gate is not met, whatever that does."""
        return self.state in {"fail", "error"}


@dataclass(eq=False)
class RecordReport:
    """A record and how each gate that applies to its kind stands."""

    entry: Entry | Unread
    outcomes: dict[str, Outcome]
    """By the id of the gate, in the order of the gates."""
    muted: int = 0
    """Gates that are not decided while the record cannot be read."""

    @property
    def id(self) -> str:
        """The record's id."""
        return self.entry.id

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that there is to mend in this record, waived gates left out."""
        return tuple(one for outcome in self.outcomes.values() if outcome.state != "waived" for one in outcome.findings)

    @property
    def blocks(self) -> bool:
        """Whether a gate that blocks is not met."""
        return any(outcome.blocks for outcome in self.outcomes.values())

    @property
    def effect(self) -> Effect:
        """The gravest effect of any gate that is not met."""
        effects = {outcome.effect for outcome in self.outcomes.values() if outcome.is_failure or outcome.blocks}
        return next((effect for effect in _GRAVEST_FIRST if effect in effects), "none")


_GRAVEST_FIRST: Final[tuple[Effect, ...]] = ("block", "open", "advise")
_NOT_IN_A_DESIGN: Final = ""
_LONGEST: Final = 1000
"""The longest message, in characters: a value of the record's may be as long as the record."""


class DesignReport(NamedTuple):
    """A design, or the records that belong to none, and where it stands."""

    id: str
    """The design's id; empty for the records that belong to none."""
    title: str
    state: DesignState
    records: tuple[RecordReport, ...]
    met: int
    """Gates that are met, over all its records."""
    asked: int
    """Gates that apply: met, not met, waived or unknown."""


@dataclass(eq=False)
class Report:
    """What checking a book gave."""

    book: Book
    gates: GateSet
    today: dt.date
    records: tuple[RecordReport, ...]
    """Every record, by path."""
    enforced: dict[str, Literal["block", "advise", "off"]] = field(default_factory=dict)
    """What the policy makes of each gate, by its id."""
    history: History = NO_HISTORY
    """What the records were before."""
    revision: str | None = None
    """The full id of the commit that the records were read from; None for the working directory."""

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All that there is to mend, by path, line and column; waived gates left out."""
        found = [finding for record in self.records for finding in record.findings]
        return tuple(sorted(found, key=lambda one: (one.path, one.position, one.gate.code)))

    @cached_property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that make the check fail."""
        return tuple(finding for finding in self.findings if finding.effect == "block")

    @cached_property
    def passed(self) -> bool:
        """Whether no gate that blocks is unmet."""
        return not any(record.blocks for record in self.records)

    @cached_property
    def states(self) -> Counter[State]:
        """How many outcomes are in each state."""
        return Counter(outcome.state for record in self.records for outcome in record.outcomes.values())

    @cached_property
    def by_gate(self) -> dict[str, Counter[State]]:
        """How many outcomes of each gate are in each state."""
        counts: dict[str, Counter[State]] = {gate.id: Counter() for gate in self.gates}
        for record in self.records:
            for gate, outcome in record.outcomes.items():
                counts[gate][outcome.state] += 1
        return counts

    @cached_property
    def gates_met(self) -> tuple[int, int]:
        """How many gates are met on every record they apply to, and how many apply to any record."""
        asked = {gate: counts for gate, counts in self.by_gate.items() if _asked(counts)}
        met = sum(1 for counts in asked.values() if counts["pass"] == _asked(counts))
        return met, len(asked)

    @cached_property
    def waived(self) -> tuple[tuple[RecordReport, Gate, Waiver], ...]:
        """The gates that are set aside, with the waiver."""
        return tuple(
            (record, gate, outcome.waiver)
            for record in self.records
            for gate in self.gates
            if (outcome := record.outcomes.get(gate.id)) and outcome.waiver
        )

    @cached_property
    def unread(self) -> int:
        """How many records could not be read."""
        return sum(isinstance(record.entry, Unread) for record in self.records)

    @cached_property
    def muted(self) -> int:
        """How many gates are not decided while their record cannot be read."""
        return sum(record.muted for record in self.records)

    @cached_property
    def _by_key(self) -> dict[str, RecordReport]:
        return {record.entry.key: record for record in reversed(self.records)}

    def of(self, key: str) -> RecordReport | None:
        """Give the report of a record by the key of its entry."""
        return self._by_key.get(key)

    @cached_property
    def designs(self) -> tuple[DesignReport, ...]:
        """Each design, by path; last the records of none, when there are any besides a policy that blocks nothing."""
        groups: dict[str, list[RecordReport]] = {design.id: [] for design in self.book.designs}
        for record in self.records:
            groups.setdefault(record.entry.design, []).append(record)
        loose = groups.pop(_NOT_IN_A_DESIGN, [])
        reports = [self._design(design, records) for design, records in groups.items()]
        if any(record.entry.kind != "policy" or record.blocks for record in loose):
            reports.append(self._design(_NOT_IN_A_DESIGN, loose))
        return tuple(reports)

    def _design(self, design: str, records: list[RecordReport]) -> DesignReport:
        counts: Counter[State] = Counter(outcome.state for record in records for outcome in record.outcomes.values())
        known = self.book.design(design)
        title = known.title if known else design or "Outside any design"
        return DesignReport(design, title, self._state(records), tuple(records), counts["pass"], _asked(counts))

    def _state(self, records: list[RecordReport]) -> DesignState:
        unmet = list(self._unmet(records))
        blocking = {gate.kind for gate, outcome in unmet if outcome.blocks}
        if "stop" in blocking:
            return "stopped"
        if "escalation" in blocking:
            return "escalated"
        if blocking:
            return "failing"
        return "open" if any(outcome.effect == "open" for _, outcome in unmet) else "clear"

    def _unmet(self, records: list[RecordReport]) -> Iterator[tuple[Gate, Outcome]]:
        for record in records:
            for gate in self.gates:
                outcome = record.outcomes.get(gate.id)
                if outcome is not None and outcome.state in {"fail", "error", "unknown"}:
                    yield gate, outcome


def _one_line(text: str) -> str:
    """Give a text without what would steer a terminal or break a line, and not longer than anybody reads."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _asked(counts: Counter[State]) -> int:
    return sum(counts.values()) - counts["not-applicable"]


def place(entry: Entry | Unread, fault: Fault) -> Position:
    """Give where in its file a fault is."""
    return locate(entry.document, fault.at, offset=fault.offset)
