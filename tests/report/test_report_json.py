"""The JSON report keeps to its schema, and the annotations to GitHub's grammar."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatepost.book import Fault, Position
from gatepost.check import Finding, Report, check_book
from gatepost.gates import GATES
from gatepost.report import counts_of, render_github, render_json
from gatepost.report.github import annotation
from gatepost.report.lines import plain
from trees import TODAY, checked, clean_log, edited

SCHEMA = json.loads((files("gatepost.report") / "report-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def broken(tmp_path: Path) -> Report:
    """Give a report with every kind of thing in it: unread, blocking, because, waived, open and advice."""
    follow_up = "churn/follow-ups/0001-switch-off-service.md"
    waiver = "waivers: [{gate: GP107, reason: soon, approved-by: Ana Ruiz, until: 2027-01-01}]\nid: FU-0001\n"
    log = edited(edited(clean_log(), follow_up, "owner: sre-oncall\n", ""), follow_up, "id: FU-0001\n", waiver)
    log = edited(log, follow_up, "due: 2027-02-01", "due: 2026-11-30")
    log = edited(log, "churn/risks/0001-stale-scores.md", "owner: Ana Ruiz\n", "")
    log = edited(log, "churn/decisions/0004-retrain-daily.md", "status: rejected", "status: rejekted")
    third = "churn/decisions/0003-logistic-regression.md"
    log = edited(edited(log, third, "status: accepted", "status: proposed"), third, "\ndomain: ", "\nx-domain: ")
    return checked(tmp_path, log)


def test_the_schema_is_sound_and_says_what_every_field_is() -> None:
    """The schema is a valid one, and each property is described or refers to what is."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for part in (SCHEMA, *SCHEMA["$defs"].values()):
        for key, field in part.get("properties", {}).items():
            described = field if "$ref" not in field else {**SCHEMA["$defs"][field["$ref"].rsplit("/")[-1]], **field}
            assert described.get("description"), key


def test_a_report_with_everything_in_it_keeps_to_the_schema(tmp_path: Path) -> None:
    """The schema validates real output, with each effect and most states in it."""
    report = broken(tmp_path)
    read = json.loads(render_json(report, "1.2.3"))
    assert [error.message for error in VALIDATOR.iter_errors(read)] == []
    assert {finding["effect"] for finding in read["findings"]} == {"block", "open", "advise"}
    assert {one["state"] for record in read["records"] for one in record["outcomes"]} >= {
        "pass",
        "fail",
        "waived",
        "not-applicable",
    }
    assert read["waivers"][0]["until"] == "2027-01-01"
    assert any(one.get("because") for record in read["records"] for one in record["outcomes"])
    assert [record["title"] for record in read["records"] if not record["read"]] == [None]


def test_the_clean_report_keeps_to_the_schema(tmp_path: Path) -> None:
    """Lists without rows are lists."""
    read = json.loads(render_json(checked(tmp_path, clean_log()), "1.2.3"))
    assert [error.message for error in VALIDATOR.iter_errors(read)] == []
    assert (read["findings"], read["waivers"], read["passed"]) == ([], [], True)
    assert (read["tool"], read["as_of"]) == ({"name": "gatepost", "version": "1.2.3"}, "2026-11-23")


@pytest.mark.parametrize("key", ["schema_version", "records", "findings", "summary"])
def test_the_schema_refuses_a_report_without_a_part(tmp_path: Path, key: str) -> None:
    """Each part is required: a reader may rely on it."""
    read: dict[str, Any] = json.loads(render_json(checked(tmp_path, clean_log()), "1"))
    del read[key]
    assert not VALIDATOR.is_valid(read)


def test_the_same_tree_gives_the_same_bytes(tmp_path: Path) -> None:
    """Asking again about the same book on the same day changes nothing."""
    report = broken(tmp_path)
    again = check_book(report.book, TODAY, history=report.history)
    assert render_json(report, "1") == render_json(again, "1")


def test_numbers_agree_in_every_format(tmp_path: Path) -> None:
    """The summary counts what the lists hold."""
    report = broken(tmp_path)
    read = json.loads(render_json(report, "1"))
    counts = counts_of(report)
    assert read["summary"]["records"] == len(read["records"]) == counts.records == sum(counts.kinds.values())
    for name, effect in (("blocking", "block"), ("open", "open"), ("advice", "advise")):
        assert read["summary"][name] == sum(finding["effect"] == effect for finding in read["findings"])
    assert counts.sentence() in render_github(report)


def test_each_finding_becomes_an_annotation_of_its_gravity(tmp_path: Path) -> None:
    """Blocking is an error, open a warning, advice a notice, each on its line."""
    report = broken(tmp_path)
    lines = render_github(report).splitlines()
    for level, effect in (("error", "block"), ("warning", "open"), ("notice", "advise")):
        found = [line for line in lines if line.startswith(f"::{level} file=")]
        assert len(found) == sum(finding.effect == effect for finding in report.findings)
    assert (
        "::error file=docs/churn/risks/0001-stale-scores.md,line=1,col=1,"
        "title=risks-owned GP106%3A RISK-0001::owner is missing%0A"
    ) in "\n".join(lines)
    assert lines[-1].startswith(f"{len(lines) - 1} annotations. Looked at ")


def test_advice_can_be_left_out_of_the_annotations(tmp_path: Path) -> None:
    """Without advice there is no notice, and the numbers stay."""
    report = broken(tmp_path)
    assert "::notice" not in render_github(report, advice=False)
    assert f"{counts_of(report).advice} advice" in render_github(report, advice=False)


def unescape(text: str, *, in_property: bool) -> str:
    """Read text the way GitHub's runner does."""
    if in_property:
        text = text.replace("%3A", ":").replace("%2C", ",")
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


@example(path="100%0A,a:b.md", message="50%25 of 1%0A::error::", record="%")
@given(path=st.text(min_size=1), message=st.text(min_size=1), record=st.text(min_size=1))
def test_whatever_a_record_holds_an_annotation_reads_back(path: str, message: str, record: str) -> None:
    """No path, id or message can end the command early, forge a property or start another command."""
    finding = Finding(GATES[0], record, "risk", path, "block", Fault(message, "hint"), Position(3, 4))
    line = annotation(finding)
    assert "\n" not in line
    assert "\r" not in line
    head, _, data = line.removeprefix("::error ").partition("::")
    properties = dict(one.split("=", 1) for one in head.split(","))
    assert list(properties) == ["file", "line", "col", "title"]
    assert not re.search("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]", line)
    assert unescape(properties["file"], in_property=True) == plain(path)
    assert unescape(data, in_property=False) == f"{plain(finding.message)}\n{finding.hint}"
