"""`gatepost schema`: what a record's frontmatter, or a report, may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, cast, get_args

import click

import gatepost
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import emit
from gatepost.records import Kind
from gatepost.records.schema import schema_of

__all__ = ["REPORT_SCHEMA", "command"]

REPORT_SCHEMA = Path(gatepost.__file__).parent / "report" / "report-1.schema.json"
"""The schema of `check --format json`."""
_OF_FORMATS: Final = {
    "report": REPORT_SCHEMA,
    "diff": REPORT_SCHEMA.with_name("diff-1.schema.json"),
    "history": REPORT_SCHEMA.with_name("history-1.schema.json"),
    "conform": REPORT_SCHEMA.with_name("conform-1.schema.json"),
    "dry-run": REPORT_SCHEMA.with_name("dry-run-1.schema.json"),
}
"""The schemas of what commands print as JSON."""


@click.command("schema")
@click.argument("kind", type=click.Choice([*get_args(Kind), *_OF_FORMATS]), metavar="KIND")
def command(kind: str) -> ExitCode:
    """Print the JSON Schema of a kind of record, or of what a command prints as JSON.

    KIND is decision, risk, follow-up, design, pipeline, checklist or policy, for the frontmatter of such a
    record; report, for what `gatepost check --format json` prints; diff, for `gatepost diff --format json`;
    history, for `gatepost history ID --format json`; dry-run, for `gatepost dry-run DESIGN --format json`; or conform,
    for `gatepost conform DESIGN --format json`.
    """
    if kind in _OF_FORMATS:
        emit(_OF_FORMATS[kind].read_text(encoding="utf-8"))
    else:
        emit(json.dumps(schema_of(cast("Kind", kind)), indent=2, ensure_ascii=False) + "\n")
    return ExitCode.MET
