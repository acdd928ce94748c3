"""A report as JSON. Its schema is `report-1.schema.json`; fields are only added while the version stays 1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from gatepost.book import Entry
from gatepost.report.counts import counts_of

if TYPE_CHECKING:
    from gatepost.check.results import DesignReport, Finding, Outcome, RecordReport, Report
    from gatepost.gates import Gate
    from gatepost.records import Waiver
    from gatepost.report.against import Against

__all__ = [
    "SCHEMA_VERSION",
    "document",
    "finding_row",
    "outcome_rows",
    "record_row",
    "render_json",
    "render_list",
    "sendable",
]

SCHEMA_VERSION: Final = 1
_UNSENDABLE: Final = re.compile("[\x7f-\x9f\ud800-\udfff]")
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


def render_json(report: Report, version: str, against: Against | None = None) -> str:
    """Give a report as JSON, one row of each list on one line.

    Args:
        report: what checking gave.
        version: Gatepost's.
        against: the base that the report is seen against, which tells what is new.
    """
    head = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "gatepost", "version": version},
        "as_of": str(report.today),
        "revision": report.revision,
        "base": _base_row(against) if against else None,
        "passed": report.passed,
        "summary": asdict(counts_of(report)),
    }
    lists = {
        "gates": (_gate_row(report, gate) for gate in report.gates),
        "designs": (_design_row(design) for design in report.designs if design.records),
        "records": (record_row(record) for record in report.records),
        "findings": _finding_rows(report, against),
        "waivers": (_waiver_row(*waived) for waived in report.waived),
    }
    return document(head, lists)


def _base_row(against: Against) -> dict[str, Any]:
    return {
        "name": against.sides.base,
        "commit": against.sides.commit,
        "merge_base": against.sides.is_merge_base,
        "new_only": against.new_only,
        "new": len(against.worse),
        "newly_blocking": against.failing("block"),
        "left_aside": len(against.still) if against.new_only else 0,
    }


def _finding_rows(report: Report, against: Against | None) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        if against is None or against.lists(finding):
            yield {**finding_row(finding), "new": against.is_new(finding) if against else None}


def render_list(report: Report, records: Iterable[RecordReport]) -> str:
    """Give some of a report's records as JSON, with the fields that they have in the report."""
    head = {"schema_version": SCHEMA_VERSION, "as_of": str(report.today), "revision": report.revision}
    return document(head, {"records": (record_row(record) for record in records)})


def document(head: Mapping[str, Any], lists: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """Give an object as JSON, its lists with one row on each line."""
    parts = [f"{_encode(key)}: {_encode(value)}" for key, value in head.items()]
    parts += [f"{_encode(key)}: {_rows(values)}" for key, values in lists.items()]
    return sendable("{\n" + ",\n".join(parts) + "\n}\n")


def sendable(text: str) -> str:
    """Give JSON that is UTF-8: the bytes of a path that are no text, and control codes, as JSON's own escapes."""
    return _UNSENDABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _rows(values: Iterable[Mapping[str, Any]]) -> str:
    """Give a list as JSON with one row on each line: short to write, and good to compare."""
    listed = ",\n  ".join(map(_encode, values))
    return f"[\n  {listed}\n]" if listed else "[]"


def _gate_row(report: Report, gate: Gate) -> dict[str, Any]:
    counts = report.by_gate[gate.id]
    return {
        "id": gate.id,
        "code": gate.code,
        "kind": gate.kind,
        "enforcement": report.enforced[gate.id],
        "holds_when": gate.holds_when,
        "states": {state: counts[state] for state in sorted(counts)},
    }


def _design_row(design: DesignReport) -> dict[str, Any]:
    return {
        "id": design.id,
        "title": design.title,
        "state": design.state,
        "met": design.met,
        "asked": design.asked,
    }


def record_row(record: RecordReport) -> dict[str, Any]:
    """Give a record and how each gate stands on it."""
    entry = record.entry
    known = entry.record if isinstance(entry, Entry) else None
    return {
        "id": record.id,
        "kind": entry.kind,
        "path": entry.path,
        "design": entry.design,
        "title": known.title if known else None,
        "status": getattr(known, "status", None),
        "read": known is not None,
        "muted": record.muted,
        "outcomes": outcome_rows(record.outcomes),
    }


def outcome_rows(outcomes: Mapping[str, Outcome]) -> list[dict[str, Any]]:
    """Give how each gate stands; reason, records and waiver only where there are any."""
    return [_outcome_row(gate, outcome) for gate, outcome in outcomes.items()]


def _outcome_row(gate: str, outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"gate": gate, "state": outcome.state, "effect": outcome.effect}
    if outcome.reason:
        row["reason"] = outcome.reason
    if outcome.because:
        row["because"] = outcome.because
    if outcome.waiver:
        row["waived_until"] = str(outcome.waiver.until)
    return row


def finding_row(finding: Finding) -> dict[str, Any]:
    """Give a finding with its place and its fingerprint."""
    return {
        "gate": finding.gate.id,
        "code": finding.gate.code,
        "kind": finding.gate.kind,
        "effect": finding.effect,
        "record": finding.record,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "field": finding.field,
        "message": finding.message,
        "hint": finding.hint,
        "fingerprint": finding.fingerprint,
    }


def _waiver_row(record: RecordReport, gate: Gate, waiver: Waiver) -> dict[str, Any]:
    return {
        "record": record.id,
        "path": record.entry.path,
        "gate": gate.id,
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "until": str(waiver.until),
    }
