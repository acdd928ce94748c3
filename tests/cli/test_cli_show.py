"""`gatepost show` and `gatepost list`: one record, and records by what they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import command
from trees import clean_log, edited, write_tree

RISK = """\
RISK-0001  Scores are a week old when they are used
risk, mitigated, design churn, due 2027-03-01, owner Ana Ruiz
docs/churn/risks/0001-stale-scores.md
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give the clean log in a repository."""
    return write_tree(tmp_path, clean_log())


def ids(root: Path, *words: str, day: str = "2026-11-23") -> list[str]:
    """Give the ids that `list` gives as JSON."""
    run = command(root, "list", "--format", "json", *words, day=day)
    assert run.code == 0, run.err
    return [record["id"] for record in json.loads(run.out)["records"]]


def test_a_record_is_shown_with_facts_gates_and_links_both_ways(log: Path) -> None:
    """The page of a record says what it is, how each gate stands, whom it names and who names it."""
    run = command(log, "show", "RISK-0001")
    assert run.code == 0
    assert run.out.startswith(RISK)
    assert "  schema-valid              met\n" in run.out
    assert "  waivers-sound             does not apply: no waivers\n" in run.out
    assert "\nNames\n  decisions      ADR-0002  Score customers in a weekly batch\n" in run.out
    assert "\nNamed by\n" in run.out
    assert "  risks          ADR-0002  Score customers in a weekly batch\n" in run.out
    assert [line for line in run.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ADR-2", "ADR-0002"),
        ("adr-0002", "ADR-0002"),
        ("churn", "churn"),
        ("churn/pipeline", "churn/pipeline"),
        ("policy", "policy"),
        ("CHK-0002", "churn/checklist"),
        ("docs/churn/risks/0001-stale-scores.md", "RISK-0001"),
    ],
)
def test_a_record_is_found_by_any_name_that_people_use(log: Path, name: str, shown: str) -> None:
    """Ids in any spelling, items of a checklist and paths all lead to the record."""
    assert command(log, "show", name).out.startswith(f"{shown}  ")


def test_findings_are_shown_with_the_record(tmp_path: Path) -> None:
    """What is to be mended in the record stands below its gates; a gate that is not met says so."""
    files = edited(clean_log(), "churn/risks/0001-stale-scores.md", "owner: Ana Ruiz\n", "")
    root = write_tree(tmp_path, files)
    own = command(root, "show", "RISK-1").out
    assert "  risks-owned               not met\n" in own
    assert "BLOCK  risks-owned  owner is missing\n" in own
    assert "  risks-owned               not met: because of RISK-0001\n" in command(root, "show", "ADR-2").out


def test_a_record_that_cannot_be_read_is_shown_with_its_faults(tmp_path: Path) -> None:
    """A broken file is found by the id that it says, and its fault is shown."""
    files = edited(clean_log(), "churn/risks/0001-stale-scores.md", "status: mitigated", "status: mitigatd")
    run = command(write_tree(tmp_path, files), "show", "RISK-0001")
    assert run.code == 0
    assert "risk, cannot be read" in run.out
    assert "did you mean mitigated?" in run.out


def test_a_record_as_json_has_its_fields_and_links(log: Path) -> None:
    """Programs get the author's fields, the outcomes and the links."""
    shown = json.loads(command(log, "show", "RISK-0001", "--format", "json").out)
    assert shown["schema_version"] == 1
    assert shown["record"]["id"] == "RISK-0001"
    assert shown["fields"]["residual-likelihood"] == 2
    assert shown["links"] == [{"relation": "decisions", "target": "ADR-2"}]
    assert {"relation": "risks", "source": "ADR-0002", "path": "docs/churn/decisions/0002-batch-scoring.md"} in shown[
        "backlinks"
    ]


def test_a_pipeline_can_be_shown_as_json(log: Path) -> None:
    """Parsed expressions are written as the author wrote them."""
    fields = json.loads(command(log, "show", "churn/pipeline", "--format", "json").out)["fields"]
    assert fields["stages"]["quality-gate"]["pass"][0] == "auc >= 0.72"


def test_the_table_fits_and_counts(log: Path) -> None:
    """The list is a table of 80 columns at most that ends with how many of how many."""
    run = command(log, "list", "--kind", "risk", "--kind", "follow-up")
    assert run.out == (
        "ID         STATUS     GATES  DATE        TITLE\n"
        "FU-0001    open       met    2027-02-01  Switch off the online service\n"
        "RISK-0001  mitigated  met    2027-03-01  Scores are a week old when they are us…\n"
        "RISK-0002  accepted   met    2027-03-01  A bundle is changed between packaging …\n"
        "3 of 11 records.\n"
    )


def test_wide_characters_take_two_columns(tmp_path: Path) -> None:
    """A title in Chinese is cut so that the line still fits."""
    files = edited(clean_log(), "churn/index.md", "title: Weekly churn scores", f"title: {'评分' * 40}")
    line = command(write_tree(tmp_path, files), "list", "--kind", "design").out.splitlines()[1]
    assert sum(2 if ord(character) > 0x2E80 else 1 for character in line) <= 80
    assert line.endswith("…")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--kind", "policy"), ["policy"]),
        (("--status", "rejected"), ["ADR-0004"]),
        (("--status", "Rejected", "--status", "superseded"), ["ADR-0001", "ADR-0004"]),
        (("--status", "accepted", "--kind", "risk"), ["RISK-0002"]),
        (("--stage", "features"), ["ADR-0002", "churn/pipeline"]),
        (("--owner", "sre-oncall"), ["FU-0001", "RISK-0002"]),
        (("--owner", "ana ruiz", "--kind", "risk"), ["RISK-0001"]),
        (("--owner", "Tom Berg", "--status", "accepted"), ["ADR-0002"]),
        (("--design", "nowhere"), []),
        (("--overdue",), []),
        (("--gate", "GP104=pass", "--kind", "decision"), ["ADR-0002", "ADR-0003"]),
        (("--gate", "in-scope"), []),
    ],
)
def test_filters_take_what_matches_all_of_them(log: Path, words: tuple[str, ...], expected: list[str]) -> None:
    """Values of one filter are alternatives; filters narrow each other."""
    assert ids(log, *words) == expected


def test_overdue_lists_what_is_late_on_that_day(log: Path) -> None:
    """What is overdue depends on the day, and finished things are never overdue."""
    assert ids(log, "--overdue", day="2027-02-02") == ["FU-0001"]
    done = log / "docs/churn/follow-ups/0001-switch-off-service.md"
    assert ids(log, "--overdue", day="2028-01-01") == ["FU-0001", "RISK-0001", "RISK-0002"]
    done.write_text(done.read_text("utf-8").replace("status: open", "status: done\noutcome: gone"), "utf-8")
    assert ids(log, "--overdue", day="2028-01-01") == ["RISK-0001", "RISK-0002"]


def test_gate_filter_finds_what_is_not_met(tmp_path: Path) -> None:
    """`--gate NAME` alone means not met; `unread` finds broken files."""
    files = edited(clean_log(), "churn/risks/0001-stale-scores.md", "owner: Ana Ruiz\n", "")
    files = edited(files, "churn/checklist.md", "kind: checklist\n", "kind: checklist\nitms: 3\n")
    root = write_tree(tmp_path, files)
    assert ids(root, "--gate", "risks-owned") == ["ADR-0002", "RISK-0001"]
    assert ids(root, "--status", "unread") == ["churn/checklist"]


def test_a_list_in_which_nothing_matches_says_so(log: Path) -> None:
    """An empty list is no error, and no empty table."""
    run = command(log, "list", "--status", "dropped")
    assert (run.code, run.out) == (0, "0 of 11 records.\n")
