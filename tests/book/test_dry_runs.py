"""The records of executed dry runs below a design: which is the newest, and which cannot be read."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from gatepost.book import Book
from gatepost.book.dry_runs import counting, dry_runs_of, read_dry_run
from gatepost.check import read_project
from gatepost.sources import find_project
from trees import clean_log, write_tree

_RECORD = """---
kind: dry-run
design: churn
contract-sha256: {digest}
date: {date}
result: passed
branches:
- {{branch: success, outcome: completed, passed: true}}
---
"""


def _book(tmp_path: Path, records: dict[str, str]) -> Book:
    files = {f"churn/evidence/dry-runs/{name}": text for name, text in records.items()}
    return read_project(find_project(write_tree(tmp_path, {**clean_log(), **files})))


def _record(date: str) -> str:
    return _RECORD.format(digest="a1" * 32, date=date)


def test_the_newest_record_comes_first_whatever_its_file_is_called(tmp_path: Path) -> None:
    """What counts is the day in the record; an index page of the folder is no record."""
    records = {"a.md": _record("2026-11-20"), "b.md": _record("2026-11-02"), "index.md": "# Dry runs\n"}
    book = _book(tmp_path, records)
    entry = book.get("churn/pipeline")
    assert entry is not None

    found = dry_runs_of(book, entry)

    assert [str(run.record.date) for run in found if run.record] == ["2026-11-20", "2026-11-04", "2026-11-02"]
    assert found[0].path.endswith("churn/evidence/dry-runs/a.md")


def test_a_record_that_cannot_be_read_is_told_before_all_others(tmp_path: Path) -> None:
    """It might be the newest, so it hides nothing and is hidden by nothing."""
    broken = _record("2026-11-01").replace("result: passed", "result: fine")
    book = _book(tmp_path, {"a.md": _record("2026-11-20"), "b.md": broken, "c.md": "# No frontmatter\n"})
    entry = book.get("churn/pipeline")
    assert entry is not None

    problems = [run.problem for run in dry_runs_of(book, entry)]

    assert problems == ["it has no frontmatter", "result: Input should be 'passed' or 'failed'", "", ""]


def test_a_record_is_read_once() -> None:
    """A gate, the evidence and a page that ask for the same bytes get the same record."""
    content = _record("2026-11-20").encode()

    assert read_dry_run("a.md", content) is read_dry_run("a.md", content)


OURS = "a1"
CASES = {
    "two contracts in one day": (
        [("first", "2026-11-20", OURS), ("second", "2026-11-20", "ff"), ("third", "2026-11-20", "0a")],
        "first",
    ),
    "taken back to an older contract": ([("first", "2026-11-20", OURS), ("second", "2026-11-22", "ff")], "first"),
    "the newest of two of the contract": ([("first", "2026-11-22", OURS), ("second", "2026-11-20", OURS)], "first"),
    "none of the contract": ([("first", "2026-11-22", "ff"), ("second", "2026-11-20", "0a")], "first"),
    "none at all": ([], ""),
}


@pytest.mark.parametrize("name", CASES)
def test_the_newest_record_of_the_contract_counts_else_the_newest(name: str, tmp_path: Path) -> None:
    """Whatever the files are called, and in whatever order they were written, it is the same one."""
    given, expected = CASES[name]
    for number, order in enumerate(itertools.permutations(given)):
        records = {
            f"{place}.md": _record(date)
            .replace(OURS * 32, digest * 32)
            .replace("outcome: completed", f"outcome: {own}")
            for place, (own, date, digest) in enumerate(order)
        }
        home = tmp_path / str(number)
        home.mkdir()
        book = _book(home, records)
        entry = book.get("churn/pipeline")
        assert entry is not None
        found = [one for one in dry_runs_of(book, entry) if "2026-11-04" not in one.path]
        run = counting(found, {OURS * 32})
        assert (run.record.branches[0].outcome if run and run.record else "") == expected


def test_of_two_records_of_one_contract_and_one_day_the_one_that_failed_counts(tmp_path: Path) -> None:
    """A record has no time of day; what would be a guess is not made in favour of the record."""
    for names in (("a.md", "b.md"), ("b.md", "a.md")):
        texts = (_record("2026-11-20"), _record("2026-11-20").replace("result: passed", "result: failed"))
        home = tmp_path / names[0]
        home.mkdir()
        book = _book(home, dict(zip(names, texts, strict=True)))
        entry = book.get("churn/pipeline")
        assert entry is not None
        run = counting(dry_runs_of(book, entry), {OURS * 32})
        assert run is not None
        assert run.record is not None
        assert run.record.result == "failed"
