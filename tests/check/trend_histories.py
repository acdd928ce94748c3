"""Histories of a log made at random from a seed: whatever people do to records, files and policy, week after week."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from trees import clean_log, git, with_key, write_tree

__all__ = ["BEGIN", "RandomLog", "commit_on"]

BEGIN: Final = dt.date(2026, 9, 7)
_DAY: Final = re.compile(r"20\d\d-\d\d-\d\d")
_STATUSES: Final = (
    "proposed",
    "accepted",
    "rejected",
    "superseded",
    "open",
    "mitigated",
    "closed",
    "in-progress",
    "done",
)
_GATES: Final = ["evidence-backed", "scope-explicit", "nothing-overdue", "links-resolve", "accepted-immutable", "GP105"]
_HALF: Final = 0.5
_POLICY: Final = (
    ("accepted-exposure: 9", "accepted-exposure: 4"),
    ("max-age-days: 200", "max-age-days: 3"),
    ("max-days: 90", "max-days: 10"),
    (
        "kind: policy",
        "kind: policy\nenforcement: {evidence-backed: advise, scope-explicit: 'off', GP111: block}",
    ),
    ("kind: policy", "kind: policy\nunknown: block"),
    ("kind: policy", "kind: polic"),
    ("approve: [ml-lead]", "approve: [head-of-data]"),
    ("Tom Berg decides", "TODO: Tom Berg decides"),
)


def commit_on(root: Path, day: dt.date, message: str = "A week") -> str:
    """Commit all that there is on a day, and give the commit's id."""
    git(root, "add", "--all")
    when = f"{day}T12:00:00+00:00"
    words = ("git", "commit", "--quiet", "--allow-empty", "--message", message)
    subprocess.run(words, cwd=root, check=True, env={**os.environ, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when})
    return git(root, "rev-parse", "HEAD").strip()


class RandomLog:
    """A log to which something happens each week."""

    def __init__(self, root: Path, seed: int, *, links: bool) -> None:
        """Write the clean log.

        Args:
            root: an empty folder.
            seed: what decides about all that happens.
            links: whether symbolic links may come, too.
        """
        self.root, self.docs = write_tree(root, clean_log()), root / "docs"
        self.random, self.links = random.Random(seed), links  # noqa: S311 - nothing secret
        self.day, self.commits = BEGIN, [commit_on(root, BEGIN)]
        self.day_of = {self.commits[0]: BEGIN}

    def week(self) -> None:
        """Let some things happen, and commit them some days later."""
        for _ in range(self.random.choice((0, 1, 2, 4, 6))):
            self.random.choice(self._happenings)()
        for _ in range(self.random.choice((0, 0, 1, 3))):
            self._restore()
        self.day += dt.timedelta(days=self.random.choice((2, 7, 7, 7, 30)))
        self.commits.append(commit_on(self.root, self.day))
        self.day_of[self.commits[-1]] = self.day

    @property
    def _happenings(self) -> tuple[Callable[[], None], ...]:
        some = (
            self._date, self._date, self._status, self._status, self._waive, self._remove, self._restore, self._rename,
            self._copy, self._break, self._policy, self._policy, self._measure, self._design, self._nest, self._page,
            self._mention, self._item, self._swap, self._cite, self._supersede, self._body, self._far, self._restore,
            self._disown, self._disown, self._waive, self._supersede, self._supersede, self._remove_evidence,
        )  # fmt: skip
        return (*some, self._link, self._link) if self.links else some

    def _files(self, pattern: str = "*.md") -> list[Path]:
        return sorted(path for path in self.docs.rglob(pattern) if path.is_file() and not path.is_symlink())

    def _edit(self, change: Callable[[str], str], pattern: str = "*.md") -> None:
        if files := self._files(pattern):
            path = self.random.choice(files)
            path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def _key(self, lines: str, pattern: str = "*.md") -> None:
        def change(text: str) -> str:
            return with_key({"a": text}, "a", lines)["a"] if text.startswith("---\n") and "\n---\n" in text else text

        self._edit(change, pattern)

    def _date(self) -> None:
        to = self.day + dt.timedelta(days=self.random.randint(-60, 60))
        self._edit(lambda text: _DAY.sub(str(to), text, count=self.random.randint(1, 3)))

    def _status(self) -> None:
        status = self.random.choice(_STATUSES)
        self._edit(lambda text: re.sub(r"^status: .*", f"status: {status}", text, flags=re.MULTILINE))

    def _waive(self) -> None:
        until = self.day + dt.timedelta(days=self.random.randint(-5, 40))
        gate = self.random.choice(_GATES)
        self._key(f"waivers:\n  - {{gate: {gate}, reason: later, approved-by: Ana Ruiz, until: {until}}}")

    def _disown(self) -> None:
        """Leave a risk or a follow-up without an owner; half of the time that is waived."""
        files = [*self._files("risks/*.md"), *self._files("follow-ups/*.md")]
        if not files:
            return
        path = self.random.choice(files)
        text = re.sub(r"^owner: .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        gate = "risks-owned" if path.parent.name == "risks" else "follow-ups-accountable"
        until = self.day + dt.timedelta(days=self.random.randint(5, 60))
        if self.random.random() < _HALF and text.startswith("---\n") and "\n---\n" in text:
            waiver = f"waivers:\n  - {{gate: {gate}, reason: later, approved-by: Ana Ruiz, until: {until}}}"
            text = with_key({"a": text}, "a", waiver)["a"]
        path.write_text(text, encoding="utf-8")

    def _remove_evidence(self) -> None:
        if files := [*self._files("*.csv"), *self._files("*.json"), *self._files("*.lock")]:
            self.random.choice(files).unlink()

    def _remove(self) -> None:
        if files := self._files("*"):
            self.random.choice(files).unlink()

    def _restore(self) -> None:
        path, text = self.random.choice(sorted(clean_log().items()))
        place = self.docs / path
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif place.is_symlink():
            place.unlink()
        if all(not parent.is_file() for parent in place.parents):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def _to(self) -> str:
        folder = self.random.choice(("churn/decisions", "churn/risks", "churn/sub/decisions", "other/decisions", "."))
        return f"{folder}/{self.random.choice(('0001-a.md', '0009-b.md', 'c.md', 'index.md', '.hidden.md'))}"

    def _move(self, put: Callable[[Path, Path], object]) -> None:
        if files := self._files():
            place = self.docs / self._to()
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                put(self.random.choice(files), place)

    def _rename(self) -> None:
        self._move(lambda path, place: path.rename(place))

    def _copy(self) -> None:
        self._move(shutil.copyfile)

    def _break(self) -> None:
        wrong = self.random.choice(("id: ADR-0002", "title: [", "kind: decision", "kind: design", "id: RISK-1", "x: 1"))
        self._key(wrong)

    def _policy(self) -> None:
        old, new = self.random.choice(_POLICY)
        if self.random.random() < _HALF:
            old, new = new, old
        self._edit(lambda text: text.replace(old, new), "policy.md")

    def _measure(self) -> None:
        self._edit(lambda text: text.replace("0.76", self.random.choice(("0.77", "0.76"))), "*.json")
        self._edit(lambda text: f"{text}\n", "*.csv")

    def _design(self) -> None:
        place = self.docs / self.random.choice(("other", "churn/sub")) / "index.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"---\nkind: design\ntitle: Other\nid: {self.random.choice(('other', 'churn'))}\n---\n# O\n")

    def _nest(self) -> None:
        name = f"id: {self.random.choice(('churn', 'x'))}"
        self._edit(lambda text: re.sub(r"^id: .*", name, text, count=1, flags=re.MULTILINE), "index.md")

    def _page(self) -> None:
        notes = self.docs / "notes.md"
        if notes.exists():
            notes.unlink()
        else:
            notes.write_text("# Notes\n", encoding="utf-8")
        self._edit(lambda text: f"{text}\nSee [the notes](../../notes.md) and [that](../evidence/metrics.json).\n")

    def _mention(self) -> None:
        name = self.random.choice(("ADR-0009", "RISK-0002", "CHK-3", "FU-0001", "ADR-0003"))
        self._edit(lambda text: f"{text}\nAs {name} says.\n")

    def _item(self) -> None:
        self._edit(lambda text: re.sub(r"CHK-\d", f"CHK-{self.random.randint(1, 3)}", text, count=1), "checklist.md")

    def _swap(self) -> None:
        place = self.docs / "churn/evidence"
        if place.is_file():
            place.unlink()
        elif place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
            place.write_text("gone\n", encoding="utf-8")

    def _cite(self) -> None:
        commit = self.random.choice((*self.commits, "deadbeef" * 5))
        self._key(f"evidence:\n  - {{kind: commit, claim: It is done, commit: {commit}}}", "decisions/000*.md")

    def _supersede(self) -> None:
        key = self.random.choice(("supersedes", "superseded-by"))
        self._key(f"{key}: [ADR-000{self.random.randint(1, 4)}]", "decisions/000*.md")

    def _body(self) -> None:
        self._edit(lambda text: f"{text}\nMore words, TODO.\n")

    def _far(self) -> None:
        (self.root / "README.txt").write_text(str(self.random.random()), encoding="utf-8")

    def _link(self) -> None:
        links = ((self.docs / "churn/evidence/metrics.json", "load-test.csv"), (self.docs / "linked", "churn"),
                 (self.docs / "churn/decisions/0004-retrain-daily.md", "0003-logistic-regression.md"))  # fmt: skip
        place, target = self.random.choice(links)
        if place.is_symlink() or place.is_file():
            place.unlink()
        if not place.exists() and place.parent.is_dir():
            place.symlink_to(target)
