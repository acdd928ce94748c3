"""The history of a record as text and as JSON: what a step says, what is told when something is missing."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.book import read_book
from gatepost.book.history import NoHistory, RecordHistory
from gatepost.check import Report, check_book
from gatepost.records.decision import Amendment
from gatepost.report.history_json import render_history_json
from gatepost.report.history_text import render_history_text
from gatepost.report.lines import columns
from gatepost.report.subject import Subject, subject_gone, subject_of
from lives import PATH, commit, life, lost, step, version
from trees import TODAY, checked, clean_log, with_key

SCHEMA = json.loads((files("gatepost.report") / "history-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
REPORT = check_book(read_book(()), TODAY)
BATCH = Subject("ADR-0002", "Score customers in a weekly batch", "decision", "accepted", PATH, "churn")
SHALLOW = "shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"

EARLY = version({"status": "proposed", "chosen": "batch", "options": [{"name": "batch"}]}, {"Decision Outcome": 120})
LATER = version(
    {"status": "accepted", "chosen": "stream", "options": [{"name": "batch"}, {"name": "nightly"}]},
    {"Decision Outcome": 96},
    "docs/churn/decisions/0002-weekly.md",
)


def shallow(problem: str = SHALLOW) -> Report:
    """Give a report whose history is not whole."""
    return check_book(read_book(()), TODAY, history=NoHistory(problem))


def merged() -> RecordHistory:
    """Give a life with a merge, and an edit that is not committed."""
    by = commit(3, "Choose the stream", "Tom"), commit(4, "Accept", "Kim")
    now = LATER._replace(fields={**LATER.fields, "chosen": "batch"})
    return RecordHistory((step(0, EARLY), step(5, LATER, *by), step(9, now, committed=False)))


def read(report: Report, subject: Subject, history: RecordHistory) -> dict[str, Any]:
    """Give the JSON, which keeps to the schema, as it is read."""
    found: dict[str, Any] = json.loads(
        render_history_json(report, subject, history, "1.2.3", "https://forge.example/c/".__add__)
    )
    assert [error.message for error in VALIDATOR.iter_errors(found)] == []
    return found


def test_a_step_says_who_did_what() -> None:
    """The newest first: what is not committed, then a merge with its commits, then the first version."""
    assert (
        render_history_text(REPORT, BATCH, merged())
        == f"""\
ADR-0002  Score customers in a weekly batch
decision, accepted, design churn
{PATH}

not committed yet
    chosen: stream → batch

2026-10-06  0000000000  Ana Ruiz: A version
    moved: docs/churn/decisions/0002-batch.md →
        docs/churn/decisions/0002-weekly.md
    status: proposed → accepted
    options: + nightly
    chosen: batch → stream
    text “Decision Outcome”: edited, 120 → 96 words
    merged 2 commits:
      2026-10-05  0000000000  Kim: Accept
      2026-10-04  0000000000  Tom: Choose the stream

2026-10-01  0000000000  Ana Ruiz: A version
    added (proposed)

3 steps, the newest first.
"""
    )


def test_what_did_not_change_anything_says_so() -> None:
    """A commit that only touched white space is a step of its own, with a reason to pass it over."""
    assert "    nothing that counts: white space" in render_history_text(REPORT, BATCH, life(EARLY, EARLY))


def test_a_history_that_is_not_whole_says_how_to_mend_it() -> None:
    """The oldest version is not called an addition, and one line names the reason and the way out."""
    text = render_history_text(shallow(), BATCH, life(EARLY, LATER))
    assert "    the oldest version that is known here (proposed)\n" in text
    assert "added" not in text
    assert " ".join(text.split()).endswith(f"The history is not whole: {SHALLOW}")


def test_content_that_was_left_out_is_named() -> None:
    """A partial clone knows the commit and not the words."""
    text = render_history_text(shallow("partial clone"), BATCH, life(EARLY, lost(), LATER))
    assert "    what it said is not in this repository\n" in text


def test_the_json_tells_moves_as_events() -> None:
    """Each step has its commit with the address, its event, how the status moved and every change."""
    found = read(REPORT, BATCH, merged())
    now, merge, first = found["steps"]
    assert (now["commit"], now["event"], now["moved"]) == (None, "changed", None)
    assert merge["moved"] == {"before": "proposed", "after": "accepted"}
    assert [one["author"] for one in merge["brought"]] == ["Kim", "Tom"]
    assert merge["commit"]["url"] == f"https://forge.example/c/{5:040x}"
    assert [change["key"] for change in merge["changes"]] == [
        "", "status", "options.nightly", "chosen", "Decision Outcome",
    ]  # fmt: skip
    assert (first["event"], first["status"], first["changes"]) == ("added", "proposed", [])
    assert (found["whole"], found["problem"]) == (True, None)


def test_the_json_says_what_is_missing() -> None:
    """Whole is false, with the reason, and the oldest step is known, not added."""
    found = read(shallow(), BATCH, life(EARLY, LATER))
    assert (found["whole"], found["problem"], found["steps"][-1]["event"]) == (False, SHALLOW, "known")


@pytest.mark.parametrize("event", ["returned", "removed", "lost"])
def test_every_event_keeps_to_the_schema(event: str) -> None:
    """What came back, what went and what is not here are told apart."""
    found = read(REPORT, BATCH, life(EARLY, None, lost(), None, LATER, None))
    assert event in {one["event"] for one in found["steps"]}


def test_the_schema_is_sound_and_says_what_every_field_is() -> None:
    """The schema is a valid one, and each property is described or refers to what is."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for part in (SCHEMA, *SCHEMA["$defs"].values()):
        for key, field in part.get("properties", {}).items():
            described = field if "$ref" not in field else {**SCHEMA["$defs"][field["$ref"].rsplit("/")[-1]], **field}
            assert described.get("description"), key


@pytest.mark.parametrize("key", ["record", "whole", "problem", "steps"])
def test_the_schema_refuses_a_history_without_a_part(key: str) -> None:
    """Each part is required: a reader may rely on it."""
    found = read(REPORT, BATCH, merged())
    del found[key]
    assert not VALIDATOR.is_valid(found)


def test_the_changes_are_those_of_a_comparison() -> None:
    """A change has the same fields, and the same kinds, in both schemas."""
    other = json.loads((files("gatepost.report") / "diff-1.schema.json").read_text(encoding="utf-8"))["$defs"]["change"]
    mine = SCHEMA["$defs"]["change"]
    assert mine["properties"]["kind"]["enum"] == other["properties"]["kind"]["enum"]
    assert mine["required"] == other["required"]


def test_amendments_stand_above_the_history(tmp_path: Path) -> None:
    """What a decision says of its own corrections is told in both formats."""
    lines = "amendments: [{date: 2026-10-05, by: Ana Ruiz, reason: The wrong table was named}]\n"
    report = checked(tmp_path, with_key(clean_log(), "churn/decisions/0002-batch-scoring.md", lines))
    record = report.of("ADR-2")
    assert record is not None
    subject, history = subject_of(record.entry), report.history.of(record.entry)
    assert history is not None
    assert subject.amendments[0].__class__ is Amendment
    assert "\nAmendments\n  2026-10-05  Ana Ruiz: The wrong table was named\n" in render_history_text(
        report, subject, history
    )
    assert read(report, subject, history)["amendments"] == [
        {"date": "2026-10-05", "by": "Ana Ruiz", "reason": "The wrong table was named"}
    ]


def test_a_record_that_is_no_more_is_what_its_last_version_said() -> None:
    """Its id, kind and title come from the version before the one that took it out."""
    gone = life(EARLY, version({"title": "Weekly", "status": "accepted"}), None)
    subject = subject_gone(gone)
    assert (subject.id, subject.title, subject.kind, subject.path) == ("ADR-0002", "Weekly", "decision", "")
    assert render_history_text(REPORT, subject, gone).startswith("ADR-0002  Weekly\ndecision, is no more\n\n")
    found = read(REPORT, subject, gone)
    assert (found["record"]["path"], found["record"]["status"]) == (None, "accepted")


HOSTILE = st.text(st.characters(codec=None), max_size=30)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_commit_says_lines_stay_lines(author: str, subject: str, value: str) -> None:
    """Nothing that steers a terminal comes through, no short word makes a line wider, and the JSON reads back."""
    last = step(1, version({"status": "accepted", "chosen": value}))
    last = last._replace(commit=commit(1, subject, author))
    history = RecordHistory((step(0, EARLY), last))
    text = render_history_text(REPORT, BATCH, history)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)
    assert all(columns(line) <= 80 or len(line.split()) < 4 for line in text.splitlines())
    found = read(REPORT, BATCH, history)
    assert found["steps"][0]["commit"]["author"] == author
    render_history_json(REPORT, BATCH, history, "1").encode()
