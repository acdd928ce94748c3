"""Book, policy and day to a report: asks the gates, applies enforcement and waivers. It prints and reads nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from gatepost.book import Book, Entry, Fault, Unread
from gatepost.book.history import NO_HISTORY, History
from gatepost.check.results import Effect, Finding, Outcome, RecordReport, Report, place
from gatepost.gates import GATES, Because, Context, Gate, GateSet, NotApplicable, Passed, Unknown, Verdict
from gatepost.gates.policy_sound import ALWAYS_BLOCKS
from gatepost.gates.waivers_sound import is_in_force, is_sound
from gatepost.records import Decision, Waiver, canonical

__all__ = ["Run", "check_book", "settle"]

Enforced = Literal["block", "advise", "off"]

_PASS: Final = Outcome("pass")
_NOT_APPLICABLE: Final = Outcome("not-applicable")
_HISTORY: Final = Outcome("not-applicable", reason="history: the decision no longer stands")
_SCHEMA: Final = ALWAYS_BLOCKS
_WAIVERS: Final = "waivers-sound"


def check_book(book: Book, today: dt.date, gates: Iterable[Gate] = GATES, history: History = NO_HISTORY) -> Report:
    """Ask every gate about every record.

    Args:
        book: the records.
        today: the day on which due dates, ages and waivers are judged.
        gates: the gates, in order; those that come with Gatepost when left out.
        history: what the records were before; every record is new when left out.

    Raises:
        ValueError: two gates share a name or a code.
    """
    run = Run(Context(book, today, GateSet(gates), history))
    records = [*(run.unread(one) for one in book.unread), *(run.record(entry) for entry in book.entries)]
    records.sort(key=lambda record: record.entry.path)
    settle(records, {record.entry.key: record for record in records})
    return Report(book, run.context.gates, today, tuple(records), run.enforced, history)


class Run:
    """One pass over a book."""

    def __init__(self, context: Context) -> None:
        self.context, gates = context, context.gates
        said = {
            gate.id: enforced
            for name, enforced in context.policy.enforcement.items()
            if (gate := gates.find(name)) is not None
        }
        self.enforced: dict[str, Enforced] = {gate.id: said.get(gate.id, gate.enforcement) for gate in gates}
        self.enforced[_SCHEMA] = "block"
        self.by_kind: dict[str, tuple[Gate, ...]] = {}

    def gates_for(self, kind: str) -> tuple[Gate, ...]:
        """Give the gates that are asked about one kind of record, in order."""
        if kind not in self.by_kind:
            self.by_kind[kind] = tuple(
                gate for gate in self.context.gates if kind in gate.applies_to and self.enforced[gate.id] != "off"
            )
        return self.by_kind[kind]

    def unread(self, one: Unread) -> RecordReport:
        """Report a file that cannot be read: its faults, and what other gates find whatever they are mended to."""
        from gatepost.check.readings import found_in_each  # noqa: PLC0415 - most records can be read

        gate = next(gate for gate in self.context.gates if gate.id == _SCHEMA)
        findings = tuple(self.finding(gate, one, fault, "block") for fault in one.faults)
        gates = self.gates_for(one.kind)
        others = [gate for gate in gates if gate.id != _SCHEMA and not gate.needs_history]
        outcomes = {_SCHEMA: Outcome("fail", "block", findings), **found_in_each(one, others, self.reading)}
        return RecordReport(one, outcomes, max(0, len(gates) - len(outcomes)))

    def reading(self, entry: Entry, gates: Iterable[Gate]) -> dict[str, Outcome]:
        """Ask some gates about what a record may be that cannot be read."""
        outcomes = {gate.id: self.asked(gate, entry) for gate in gates if not self.leaves_alone(gate, entry)}
        if entry.record.waivers:
            self.waive(entry, outcomes, tells_idle=False)
        return {gate.id: outcomes.get(gate.id, _HISTORY) for gate in gates}

    def record(self, entry: Entry) -> RecordReport:
        """Ask every gate that applies to a record."""
        outcomes: dict[str, Outcome] = {}
        for gate in self.gates_for(entry.kind):
            outcomes[gate.id] = _HISTORY if self.leaves_alone(gate, entry) else self.ask(gate, entry)
        if entry.record.waivers:
            self.waive(entry, outcomes, tells_idle=not _is_history(entry))
        return RecordReport(entry, outcomes)

    @staticmethod
    def leaves_alone(gate: Gate, entry: Entry) -> bool:
        """Tell whether a gate is not asked about a record, since that is a decision which no longer stands."""
        return gate.kind == "quality" and gate.leaves_history_alone and _is_history(entry)

    def ask(self, gate: Gate, entry: Entry) -> Outcome:
        """Ask one gate about one record."""
        return self.asked(gate, entry)

    def asked(self, gate: Gate, entry: Entry) -> Outcome:
        """Give what a gate answers; one that breaks is not met, and says so."""
        try:
            return self.outcome(gate, entry, gate.check(entry, self.context))
        except Exception as error:  # noqa: BLE001 - a gate fails closed, whatever breaks in it
            return self.broken(gate, entry, error)

    def outcome(self, gate: Gate, entry: Entry, verdict: Verdict) -> Outcome:
        """Turn what a gate answered into an outcome with findings that have a place."""
        if isinstance(verdict, NotApplicable):
            return Outcome("not-applicable", reason=verdict.reason) if verdict.reason else _NOT_APPLICABLE
        if isinstance(verdict, Unknown):
            return self.unknown(gate, entry, verdict.reason)
        effect = self.effect(gate, entry)
        if isinstance(verdict, Because):
            return Outcome("fail", effect, because=verdict.records)
        if isinstance(verdict, Passed):
            advice = tuple(self.finding(gate, entry, fault, "advise") for fault in verdict.advice)
            return Outcome("pass", findings=advice) if advice else _PASS
        findings = tuple(self.finding(gate, entry, fault, effect) for fault in verdict)
        return Outcome("fail", effect, findings) if findings else _PASS

    def unknown(self, gate: Gate, entry: Entry, reason: str) -> Outcome:
        """Give the outcome of a gate that could not be decided; it blocks when the policy says so."""
        if self.context.policy.unknown != "block" or self.enforced[gate.id] == "advise":
            return Outcome("unknown", reason=reason)
        fault = Fault(
            f"could not be decided here: {reason}", "check where git and the whole history are", (), "unknown"
        )
        effect = self.effect(gate, entry)
        return Outcome("unknown", effect, (self.finding(gate, entry, fault, effect),), reason=reason)

    def broken(self, gate: Gate, entry: Entry, error: Exception) -> Outcome:
        """Give the outcome of a gate that broke: it is not met."""
        message = f"the gate itself broke: {type(error).__name__}: {str(error)[:200]}"
        fault = Fault(message, "report it with this record; until then it counts as not met", (), "error")
        effect = self.effect(gate, entry)
        return Outcome("error", effect, (self.finding(gate, entry, fault, effect),))

    def effect(self, gate: Gate, entry: Entry) -> Effect:
        """Give what a failure does: advice stays advice, quality is open while a decision is proposed."""
        if self.enforced[gate.id] == "advise":
            return "advise"
        proposed = isinstance(entry.record, Decision) and entry.record.status == "proposed"
        return "open" if proposed and gate.kind == "quality" else "block"

    def finding(self, gate: Gate, one: Entry | Unread, fault: Fault, effect: Effect) -> Finding:
        """Give a fault its place in the file."""
        return Finding(gate, one.id, one.kind, one.path, effect, fault, place(one, fault))

    def waive(self, entry: Entry, outcomes: dict[str, Outcome], *, tells_idle: bool) -> None:
        """Set aside what sound waivers in force name; one that sets nothing aside is a finding where that is told."""
        idle: list[Fault] = []
        for index, waiver in enumerate(entry.record.waivers):
            gate = self.context.gates.find(waiver.gate)
            if gate is None or not is_in_force(waiver, self.context.today) or not is_sound(waiver, self.context):
                continue
            outcome = outcomes.get(gate.id)
            if outcome is not None and (outcome.is_failure or outcome.blocks):
                outcomes[gate.id] = outcome._replace(state="waived", effect="none", waiver=waiver)
            elif tells_idle and (outcome is None or outcome.state in {"pass", "not-applicable"}):
                idle.append(_idle(index, waiver, outcome))
        if idle and _WAIVERS in outcomes and outcomes[_WAIVERS].state in {"pass", "fail"}:
            gate = next(gate for gate in self.context.gates if gate.id == _WAIVERS)
            effect = self.effect(gate, entry)
            more = tuple(self.finding(gate, entry, fault, effect) for fault in idle)
            outcomes[_WAIVERS] = Outcome("fail", effect, (*outcomes[_WAIVERS].findings, *more))


def settle(records: Iterable[RecordReport], by_key: Mapping[str, RecordReport]) -> None:
    """Where a gate fails only because of other records, and is waived on all of them, let it count as waived here.

    Args:
        records: the reports that may have such a gate, by path.
        by_key: all reports by the keys of their records; of several with one key the last by path.
    """
    for record in records:
        for gate, outcome in record.outcomes.items():
            if outcome.because and outcome.is_failure:
                others = [by_key[canonical(name)] for name in outcome.because if canonical(name) in by_key]
                waivers = [waiver for other in others if (waiver := _waiver(other, gate))]
                if len(waivers) == len(outcome.because):
                    record.outcomes[gate] = outcome._replace(state="waived", effect="none", waiver=waivers[0])


def _is_history(entry: Entry) -> bool:
    return isinstance(entry.record, Decision) and entry.record.is_history


def _waiver(record: RecordReport, gate: str) -> Waiver | None:
    outcome = record.outcomes.get(gate)
    return outcome.waiver if outcome is not None and outcome.state == "waived" else None


def _idle(index: int, waiver: Waiver, outcome: Outcome | None) -> Fault:
    why = "is met" if outcome is not None and outcome.state == "pass" else "does not apply to this record"
    message = f"the waiver sets nothing aside: {waiver.gate} {why}"
    return Fault(message, "remove the waiver", ("waivers", index), waiver.gate)
