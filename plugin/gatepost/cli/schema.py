"""`gatepost schema`: what a record's frontmatter, or a report, may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast, get_args

import click

import gatepost
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import emit
from gatepost.records import Kind
from gatepost.records.schema import schema_of

__all__ = ["REPORT_SCHEMA", "command"]

REPORT_SCHEMA = Path(gatepost.__file__).parent / "report" / "report-1.schema.json"
"""The schema of `check --format json`."""
_DIFF_SCHEMA = REPORT_SCHEMA.with_name("diff-1.schema.json")
"""The schema of `diff --format json`."""


@click.command("schema")
@click.argument("kind", type=click.Choice([*get_args(Kind), "report", "diff"]), metavar="KIND")
def command(kind: str) -> ExitCode:
    """Print the JSON Schema of a kind of record, of the report, or of a comparison.

    KIND is decision, risk, follow-up, design, pipeline, checklist or policy, for the frontmatter of such a
    record; report, for what `gatepost check --format json` prints; or diff, for `gatepost diff --format json`.
    """
    if kind in {"report", "diff"}:
        emit((REPORT_SCHEMA if kind == "report" else _DIFF_SCHEMA).read_text(encoding="utf-8"))
    else:
        emit(json.dumps(schema_of(cast("Kind", kind)), indent=2, ensure_ascii=False) + "\n")
    return ExitCode.MET
