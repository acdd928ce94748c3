"""Random histories of a log, written with one `git fast-import`, and what is true of each record in them."""

from __future__ import annotations

import random
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Story", "Told", "body", "record"]

WORDS = ("batch", "window", "feature", "store", "drift", "canary", "lineage", "budget", "schema", "slice", "owner")
DEEDS = ("rewrite", "add", "edit", "edit", "edit", "move", "move and edit", "delete", "back", "revert")
Files = dict[str, tuple[str, str]]
"""By the number of the record: its path and its text."""


def body(rng: random.Random, lines: int = 12) -> str:
    """Give text that is like no other."""
    return "\n".join(" ".join(f"{rng.choice(WORDS)}{rng.randrange(999)}" for _ in range(6)) for _ in range(lines))


def record(number: str, text: str, status: str = "proposed") -> str:
    """Give a decision."""
    front = f"id: ADR-{number}\ntitle: Decision {number}\nstatus: {status}\ndate: 2026-11-05\ndecision-makers: [Ana]\n"
    return f"---\n{front}---\n\n# Decision {number}\n\n## Decision Outcome\n\n{text}\n"


@dataclass
class Told:
    """What came of a story."""

    root: Path
    files: Files
    """The records that are there in the end."""
    commits: dict[str, set[str]]
    """By record: the ids of the commits, merges aside, that made it what it is."""
    reasons: dict[str, set[str]]
    """By record: what happened to it that `git log --follow` sees otherwise.

    `dropped`: a merge did not take what a branch had changed. `two names`: it had other names on a branch than on the
    main line. `rewritten`: it was moved and written anew in one commit. `returned elsewhere`: it was removed, and came
    back under another name.
    """
    merges: set[str]


@dataclass
class Story:
    """Writes commits; the same seed gives the same ids."""

    rng: random.Random
    files: Files = field(default_factory=dict)
    stream: list[str] = field(default_factory=list)
    mark: int = 0
    count: int = 0
    head: int = 0
    touched: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    reasons: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    merges: set[int] = field(default_factory=set)
    gone: dict[str, tuple[str, str]] = field(default_factory=dict)
    past: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def commit(self, files: Files, parents: list[int], others: Mapping[str, str] | None = None) -> int:
        """Write a commit whose tree holds just some files, and give its mark."""
        self.mark += 1
        who = f"Ana <ana@example.org> {1_700_000_000 + self.mark * 60} +0000"
        place = f"commit refs/heads/main\nmark :{self.mark}\ncommitter {who}\n"
        links = "".join(f"{word} :{one}\n" for word, one in zip(["from", *["merge"] * 9], parents, strict=False))
        said = f"commit {self.mark}"
        tree = {**{f"docs/{path}": text for path, text in files.values()}, **(others or {})}
        tree |= {"mkdocs.yml": "site_name: Log\n", "docs/index.md": "# Log\n"}
        changes = "".join(f"M 100644 inline {path}\n{data(text)}" for path, text in tree.items())
        self.stream.append(f"{place}{data(said)}{links}deleteall\n{changes}\n")
        return self.mark

    def step(self, files: Files, parent: int) -> tuple[Files, int, set[str]]:
        """Make one change somewhere, and give the files, the commit and the records that it changed."""
        files = dict(files)
        what = self.rng.choice(DEEDS)
        number = self.rng.choice(sorted(files)) if files else ""
        if what == "add" or not number:
            self.count += 1
            number = f"{self.count:04d}"
            files[number] = (f"decisions/{number}-first.md", record(number, body(self.rng)))
        elif what == "edit":
            files[number] = (files[number][0], edited(self.rng, files[number][1]))
        elif what.startswith("move"):
            folder = self.rng.choice(["decisions", "adr", "churn/decisions"])
            text = edited(self.rng, files[number][1]) if what == "move and edit" else files[number][1]
            files[number] = (f"{folder}/{number}-{self.rng.choice(WORDS)}{self.mark}.md", text)
        elif what == "rewrite":
            files[number] = (f"adr/{number}-{self.mark}.md", record(number, body(self.rng)))
            self.reasons[number].add("rewritten")
        elif what == "delete":
            self.gone[number] = files.pop(number)
        elif what == "back" and set(self.gone) - set(files):
            number = self.rng.choice(sorted(set(self.gone) - set(files)))
            elsewhere = self.rng.random() < 0.5
            path, text = self.gone[number]
            files[number] = (f"adr/{number}-back{self.mark}.md" if elsewhere else path, text)
            if elsewhere:
                self.reasons[number].add("returned elsewhere")
        elif what == "revert" and self.past[number]:
            files[number] = (files[number][0], self.rng.choice(self.past[number]))
        changed = {number}
        if number in files:
            self.past[number].append(files[number][1])
        return files, self.commit(files, [parent] if parent else []), changed

    def tell(self, root: Path, steps: int) -> Told:
        """Write the story into a repository below a folder, and check it out."""
        while self.mark < steps or not self.files:
            if self.head and self.rng.random() < 0.2:
                self.branch()
                continue
            before = self.files
            self.files, self.head, changed = self.step(self.files, self.head)
            self._note(changed, before, self.files, {self.head})
        return self._written(root)

    def branch(self) -> None:
        """Let a branch and the main line go on side by side, then merge them."""
        first = base = theirs = self.files
        at = self.head
        by: dict[str, set[int]] = defaultdict(set)
        for _ in range(self.rng.randint(1, 4)):
            was = theirs
            theirs, at, changed = self.step(theirs, at)
            for number in changed:
                if was.get(number) != theirs.get(number):
                    by[number].add(at)
        for _ in range(self.rng.randint(0, 2)):
            before = self.files
            self.files, self.head, changed = self.step(self.files, self.head)
            self._note(changed, before, self.files, {self.head})
        if self.rng.random() < 0.3:
            theirs = self._merged(base, theirs, self.files)
            at = self.commit(theirs, [at, self.head])
            self.merges.add(at)
            base = self.files
        before, drops = self.files, self.rng.random() < 0.2
        if not drops:
            self.files = self._merged(base, before, theirs)
        self.head = self.commit(self.files, [self.head, at])
        self.merges.add(self.head)
        for number, commits in by.items():
            if len({files[number][0] for files in (first, theirs, before) if number in files}) > 1:
                self.reasons[number].add("two names")
            if before.get(number) == self.files.get(number):
                self.reasons[number].add("dropped")
            else:
                self.touched[number] |= commits

    def _merged(self, base: Files, ours: Files, theirs: Files) -> Files:
        """Take what one side changed; where both did, a conflict, write something else or take one of them."""
        merged: Files = {}
        for number in sorted({*ours, *theirs}):
            one, two = ours.get(number), theirs.get(number)
            if one != two and base.get(number) not in {one, two}:
                if one and two:
                    text = edited(self.rng, self.rng.choice([one[1], two[1]]))
                    merged[number] = (self.rng.choice([one[0], two[0]]), text)
                    continue
                kept = one or two
            else:
                kept = two if one == base.get(number) else one
            if kept:
                merged[number] = kept
        return merged

    def _note(self, changed: set[str], before: Files, after: Files, commits: set[int]) -> None:
        for number in changed:
            if before.get(number) != after.get(number):
                self.touched[number] |= commits

    def _written(self, root: Path) -> Told:
        subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
        marks = root / ".git" / "marks"
        text = "".join(self.stream).encode()
        command = ["git", "fast-import", "--quiet", f"--export-marks={marks}"]
        subprocess.run(command, cwd=root, input=text, check=True)
        subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=root, check=True)
        ids = {int(one[1:]): commit for one, commit in (line.split() for line in marks.read_text().splitlines())}
        commits = {number: {ids[one] for one in marked} for number, marked in self.touched.items()}
        return Told(root, self.files, commits, dict(self.reasons), {ids[one] for one in self.merges})


def data(text: str) -> str:
    """Give text as fast-import takes it."""
    return f"data {len(text.encode())}\n{text}\n"


def edited(rng: random.Random, text: str) -> str:
    """Change one line of the body."""
    lines = text.split("\n")
    lines[rng.randrange(len(lines) - 8, len(lines) - 1)] = body(rng, 1)
    return "\n".join(lines)
