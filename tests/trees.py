"""Small trees of files for tests: write them into a temporary git repository, check them, ask for outcomes.

For instance `check_tree(write_tree(tmp_path, clean_log())).passed`, or shorter `checked(tmp_path, clean_log())`.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gatepost.check import Finding, Outcome, Report, check_project
from gatepost.sources import find_project

__all__ = [
    "MKDOCS_YML",
    "TODAY",
    "WORKFLOW",
    "check_tree",
    "checked",
    "clean_log",
    "commit_files",
    "edited",
    "findings",
    "git",
    "messages",
    "outcome",
    "said",
    "with_key",
    "write_tree",
]

TODAY: Final = dt.date(2026, 11, 23)
"""The day on which the tests' trees are judged."""

MKDOCS_YML: Final = "site_name: Churn decisions\ntheme: mkdocs\nplugins: [gatepost]\n"
"""The configuration that each tree gets; its docs folder is `docs`."""

WORKFLOW: Final = """\
jobs:
  features: {timeout-minutes: 10, steps: [{run: python features.py}]}
  train: {needs: features, timeout-minutes: 10, steps: [{run: python train.py}]}
  evaluate: {needs: [train, features], timeout-minutes: 10, steps: [{run: python evaluate.py}]}
  quality-gate: {needs: evaluate, timeout-minutes: 10, steps: [{run: python gate.py}]}
  package: {needs: [train, quality-gate], timeout-minutes: 10, steps: [{run: python package.py}]}
  promote: {needs: package, environment: production, timeout-minutes: 10, steps: [{run: python promote.py}, \
{if: failure(), run: python rollback.py}]}
"""
"""A workflow of GitHub Actions that does what the contract of the clean log says."""

_CLEAN: Final = Path(__file__).parent / "clean_log"


def clean_log() -> dict[str, str]:
    """Give a complete log without a single finding on `TODAY`: path below the docs folder to text.

    It holds a policy and one design, `churn`, with a contract and its lockfile, decisions (ADR-0001 superseded
    by ADR-0002, ADR-0002 and ADR-0003 accepted, ADR-0004 rejected), two risks, a follow-up, a checklist, evidence.
    """
    return {
        path.relative_to(_CLEAN).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(_CLEAN.rglob("*"))
        if path.is_file()
    }


def edited(files: Mapping[str, str], path: str, old: str, new: str) -> dict[str, str]:
    """Give the files with one piece of text replaced, once, in one of them.

    Raises:
        ValueError: the piece does not stand there exactly once, so the edit would not be the one that is meant.
    """
    count = files[path].count(old)
    if count != 1:
        message = f"{old!r} stands {count} times in {path}"
        raise ValueError(message)
    return {**files, path: files[path].replace(old, new)}


def with_key(files: Mapping[str, str], path: str, lines: str) -> dict[str, str]:
    """Give the files with lines added at the end of one record's frontmatter; a key that is there already is replaced.

    Args:
        files: the tree.
        path: the record.
        lines: a key with its value, and more below it when the value is a block.
    """
    front, fence, body = files[path].removeprefix("---\n").partition("\n---\n")
    key = lines.partition(":")[0]
    kept = re.sub(rf"^{re.escape(key)}:.*\n(?:[ -].*\n)*", "", f"{front}\n", flags=re.MULTILINE)
    return {**files, path: f"---\n{kept}{lines}{fence}{body}"}


def git(root: Path, *words: str) -> str:
    """Run one git command in a folder and give what it printed."""
    who = ["-c", "user.name=Ana Ruiz", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def write_tree(root: Path, files: Mapping[str, str], *, repository: bool = True, commit: bool = False) -> Path:
    """Write files below `root/docs`, with a `mkdocs.yml` beside them, and give the root.

    Args:
        root: an existing folder.
        files: path relative to the docs folder, and text.
        repository: make a git repository of it and add every file.
        commit: commit them too.
    """
    (root / "docs").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text(MKDOCS_YML, encoding="utf-8")
    for path, text in files.items():
        place = root / "docs" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    if repository:
        git(root, "init", "--quiet", "--initial-branch=main")
        git(root, "add", "--all")
    if commit:
        git(root, "commit", "--quiet", "--message", "The log")
    return root


def commit_files(root: Path, *versions: Mapping[str, str | None], author: str = "Ana Ruiz") -> Path:
    """Commit versions of a tree one after the other, and give the root.

    Args:
        root: an existing folder; made a repository with a `mkdocs.yml` when it is none.
        versions: for each commit, path relative to the docs folder and text; None removes the file.
        author: who commits.
    """
    if not (root / ".git").exists():
        write_tree(root, {})
    for version in versions:
        for path, text in version.items():
            place = root / "docs" / path
            if text is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8", newline="\n")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--allow-empty", f"--author={author} <a@example.org>", "--message", "A version")
    return root


def check_tree(root: Path, today: dt.date = TODAY) -> Report:
    """Check the project in a folder as it stands on a day."""
    return check_project(find_project(root), today)


def checked(root: Path, files: Mapping[str, str], today: dt.date = TODAY) -> Report:
    """Write files into a fresh git repository and check them."""
    return check_tree(write_tree(root, files), today)


def outcome(report: Report, record: str, gate: str) -> Outcome:
    """Give how a gate stands on a record, both by name."""
    found = report.of(record)
    assert found is not None, f"no record {record}: {[one.entry.key for one in report.records]}"
    return found.outcomes[gate]


def findings(report: Report, gate: str) -> list[Finding]:
    """Give the findings of one gate, in the order of the report."""
    return [finding for finding in report.findings if finding.gate.id == gate]


def said(report: Report, gate: str) -> list[str]:
    """Give the messages of one gate, in the order of the report."""
    return [finding.message for finding in findings(report, gate)]


def messages(report: Report) -> list[str]:
    """Give every finding as one line, so that a failing comparison shows what was found."""
    return [f"{one.gate.id} {one.path}:{one.line}: {one.message}" for one in report.findings]
