"""What a piece of evidence is worth: it is looked at, not believed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gatepost.book import Fault, NoFiles, read_book, read_text
from gatepost.book.evidence import Assessment, assess
from gatepost.book.links import evidence_of
from gatepost.check import read_project
from gatepost.sources import find_project
from trees import git, write_tree

DECISION = (
    "---\nid: ADR-1\ntitle: T\nstatus: proposed\ndate: 2026-01-01\n"
    "evidence:\n- {{kind: {kind}, claim: c, {rest}}}\n---\n"
)
DESIGN = "---\nkind: design\ntitle: D\nowners: [a]\ntier: low\n---\n"
METRICS = '{"auc": 0.8114, "runs": [1, 2]}\n'
DIGEST = hashlib.sha256(METRICS.encode()).hexdigest()
DRY_RUN = (
    "---\nkind: dry-run\ndesign: d\ncontract-sha256: {digest}\ndate: 2026-01-01\nresult: {result}\n"
    "branches: [{{branch: ok, outcome: released, passed: true}}]\n---\n"
)
FILES = {
    "d/index.md": DESIGN,
    "d/evidence/metrics.json": METRICS,
    "d/evidence/broken.json": "[" * 100_000,
    "d/evidence/run.md": DRY_RUN.format(digest="ab" * 32, result="passed"),
    "d/evidence/failed.md": DRY_RUN.format(digest="ab" * 32, result="failed"),
    "d/evidence/odd.md": DRY_RUN.format(digest="abc", result="passed"),
    "d/evidence/text.md": "No frontmatter.\n",
}


def looked_at(root: Path, kind: str, rest: str, *, repository: bool = True, track: bool = True) -> Assessment:
    """Look at one piece of evidence in a repository with a few files."""
    text = DECISION.format(kind=kind, rest=rest)
    write_tree(root, {**FILES, "d/decisions/0001.md": text}, repository=repository)
    if not track:
        git(root, "rm", "--cached", "--quiet", "docs/d/evidence/metrics.json")
    book = read_project(find_project(root))
    entry = book.get("ADR-1")
    assert entry is not None
    ((at, evidence),) = evidence_of(entry)
    return assess(book, entry, at, evidence)


GRADED = {
    "an assertion": ("expert-judgement", "", "D", "asserted"),
    "an address": ("url", "url: https://a", "C", "claimed"),
    "a tracker's run": ("experiment", "run: abc", "C", "claimed"),
    "a file": ("benchmark", "path: evidence/metrics.json", "C", "verified"),
    "a file from the root": ("benchmark", "path: docs/d/evidence/metrics.json", "C", "verified"),
    "a digest": ("benchmark", f"path: evidence/metrics.json, sha256: {DIGEST}", "B", "verified"),
    "a number": ("benchmark", "path: evidence/metrics.json, pointer: /auc, value: 0.81", "B", "verified"),
    "a number in a list": ("benchmark", "path: evidence/metrics.json, pointer: /runs/1, value: 2", "B", "verified"),
    "a dry run": ("dry-run", "path: evidence/run.md", "A", "verified"),
}


@pytest.mark.parametrize(("kind", "rest", "grade", "state"), GRADED.values(), ids=GRADED.keys())
def test_the_grade_of_what_holds(kind: str, rest: str, grade: str, state: str, tmp_path: Path) -> None:
    """A can be run again, B is bound to a digest or a number, C is a reference, D an assertion."""
    found = looked_at(tmp_path, kind, rest)
    assert (found.grade, found.state, found.fault) == (grade, state, None)


BROKEN = {
    "no file": ("path: evidence/none.json", "path", "the file evidence/none.json does not exist"),
    "a folder": ("path: evidence", "path", "the file evidence is a folder"),
    "refused": ("path: ../x.json", "path", "the path ../x.json is refused: it holds `..`"),
    "another digest": (
        f"path: evidence/metrics.json, sha256: {'ab' * 32}",
        "sha256",
        "the sha256 of evidence/metrics.json is ",
    ),
    "another number": (
        "path: evidence/metrics.json, pointer: /auc, value: 0.82",
        "value",
        "the claim quotes 0.82, but evidence/metrics.json has 0.8114 at /auc",
    ),
    "no such number": (
        "path: evidence/metrics.json, pointer: /f1, value: 1",
        "pointer",
        "the quoted number was not found",
    ),
    "a huge index": (
        f"path: evidence/metrics.json, pointer: /runs/{'9' * 5000}, value: 1",
        "pointer",
        "the quoted number was not found",
    ),
    "no number": (
        "path: evidence/metrics.json, pointer: /runs, value: 1",
        "pointer",
        "the quoted number was not found",
    ),
    "no JSON": ("path: evidence/broken.json, pointer: /a, value: 1", "pointer", "the quoted number was not found"),
    "no commit": ("commit: abcdef0123", "commit", "commit abcdef0123 is not in this repository"),
}


@pytest.mark.parametrize(("rest", "key", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_hold_is_a_fault_at_its_key(rest: str, key: str, message: str, tmp_path: Path) -> None:
    """Broken evidence is worth an assertion, and says which of its keys is wrong."""
    found = looked_at(tmp_path, "benchmark", rest)
    assert (found.grade, found.state) == ("D", "broken")
    assert isinstance(found.fault, Fault)
    assert found.fault.at == ("evidence", 0, key)
    assert found.fault.message.startswith(message)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("failed.md", "the dry run in docs/d/evidence/failed.md failed"),
        ("odd.md", "the dry-run record docs/d/evidence/odd.md cannot be read: contract-sha256"),
        ("text.md", "the dry-run record docs/d/evidence/text.md cannot be read: it has no frontmatter"),
        ("broken.json", "the dry-run record docs/d/evidence/broken.json cannot be read: it has no frontmatter"),
    ],
)
def test_a_dry_run_counts_when_it_passed(name: str, message: str, tmp_path: Path) -> None:
    """A record of a dry run is read like any other; one that failed speaks for nothing."""
    found = looked_at(tmp_path, "dry-run", f"path: evidence/{name}")
    assert found.fault is not None
    assert found.fault.message.startswith(message)


def test_a_file_that_git_does_not_track_is_broken(tmp_path: Path) -> None:
    """What only this machine has is no evidence."""
    found = looked_at(tmp_path, "benchmark", "path: evidence/metrics.json", track=False)
    assert found.fault is not None
    assert found.fault.message == "the file evidence/metrics.json is not tracked by git"
    assert found.fault.hint == "run `git add docs/d/evidence/metrics.json`"


def test_without_git_it_is_not_known(tmp_path: Path) -> None:
    """Where git cannot be asked the file is looked at, and what cannot be known is said, not guessed."""
    found = looked_at(tmp_path, "benchmark", f"path: evidence/metrics.json, sha256: {DIGEST}", repository=False)
    assert (found.grade, found.state) == ("B", "unknown")
    assert found.note.endswith("whether git tracks it is not known")


def test_a_commit_without_git_is_not_known() -> None:
    """A book without files knows no commit."""
    text = DECISION.format(kind="commit", rest="commit: abcdef1")
    book = read_book([read_text("d/decisions/0001.md", text)], files=NoFiles())
    ((at, evidence),) = evidence_of(book.entries[0])
    found = assess(book, book.entries[0], at, evidence)
    assert (found.grade, found.state, found.note) == ("C", "unknown", "commit not looked up: no repository")
