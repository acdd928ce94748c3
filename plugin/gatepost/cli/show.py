"""`gatepost show`: one record."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from gatepost.book import Entry
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.find import record_named
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import checked
from gatepost.cli.settings import Settings, project_options, revision_option
from gatepost.report.json_report import SCHEMA_VERSION, finding_row, record_row, sendable
from gatepost.report.record_text import render_record

if TYPE_CHECKING:
    from gatepost.check import RecordReport, Report

__all__ = ["command"]


@click.command("show")
@click.argument("name", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@revision_option
@project_options
@click.pass_obj
def command(settings: Settings, name: str, form: str) -> ExitCode:
    """Show one record: its gates, findings and links.

    ID is what the record is called (`ADR-3`, `RISK-0002`, `churn/pipeline`, a design's id), the id of a
    checklist's item, or the path of its file.
    """
    report = checked(settings)
    record = record_named(report, name)
    if form == "json":
        text = json.dumps(_as_json(report, record), indent=2, ensure_ascii=False, default=_plain)
        emit(sendable(f"{text}\n"))
    else:
        paint, columns = dressed()
        emit(render_record(report, record, paint=paint, width=columns))
    return ExitCode.MET


def _as_json(report: Report, record: RecordReport) -> dict[str, Any]:
    entry = record.entry
    fields, links = None, []
    if isinstance(entry, Entry):
        fields = entry.record.model_dump(by_alias=True, exclude_unset=True)
        links = [{"relation": one.relation, "target": one.target} for one in report.book.links(entry)]
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": str(report.today),
        "revision": report.revision,
        "record": record_row(record),
        "fields": fields,
        "findings": [finding_row(finding) for finding in record.findings],
        "links": links,
        "backlinks": [
            {"relation": link.relation, "source": other.id, "path": other.path}
            for other, link in report.book.backlinks(entry.key)
        ],
    }


def _plain(value: object) -> object:
    """Give a field's value as JSON has it: numbers as numbers, days and expressions as the author writes them."""
    return float(value) if isinstance(value, Decimal) else str(value)
