"""The histories that the benchmark reads: honest lives of decisions, written with one `git fast-import`."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from typing import Final

from corpora import write_corpus

__all__ = ["write_history"]

_LIVES: Final = ("settle", "grow", "grow", "rename", "grow", "merge")
"""What happens to a record after it was proposed, in this order, one commit each; `merge` is a branch and its merge."""
_MORE: Final = "## More Information\n\n"


def write_history(root: Path, records: int) -> tuple[int, int]:
    """Write a log of plain records with their past, and give how many versions and commits it has.

    Each record is proposed, then decided, then what may grow grows; every fifth is renamed, every tenth comes back from
    a branch. The lives run side by side, as they do in a log.
    """
    write_corpus(root, "plain", records)
    life = _Life(random.Random(records), root)  # noqa: S311 - reproducible text, no secret
    for path in sorted((root / "docs").rglob("*.md")):
        life.begin(path)
    life.run()
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input="".join(life.stream).encode(), check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard", "main"], cwd=root, check=True)
    subprocess.run(["git", "repack", "-a", "-d", "-f", "--quiet"], cwd=root, check=True)
    return life.versions, life.mark


class _Life:
    """The lives of all records, one commit after the other."""

    def __init__(self, rng: random.Random, root: Path) -> None:
        self.rng, self.root = rng, root
        self.stream: list[str] = []
        self.mark = self.head = self.versions = 0
        self.waiting: list[tuple[int, str, str, str]] = []
        self.config = _blob("mkdocs.yml", (root / "mkdocs.yml").read_text(encoding="utf-8"))

    def begin(self, path: Path) -> None:
        """Let a record be proposed, and its life begin."""
        name, text = path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8")
        number = len(self.waiting)
        settled = _status(text)
        proposed = text.replace(f"status: {settled}", "status: proposed", 1)
        self.waiting.append((number, name, proposed, settled))

    def run(self) -> None:
        """Make the commits: of all records the first, then of all in turn what comes next, in some other order."""
        for number, name, text, _ in self.waiting:
            self.commit(name, text, f"Propose {number}")
        for deed in _LIVES:
            self.rng.shuffle(self.waiting)
            self.waiting = [self.live(deed, *one) for one in self.waiting]

    def live(self, deed: str, number: int, name: str, text: str, settled: str) -> tuple[int, str, str, str]:
        """Let one thing happen to one record."""
        if deed == "settle" and settled != "proposed":
            text = text.replace("status: proposed", f"status: {_decided(settled)}", 1)
            self.commit(name, text, f"Decide {number}")
        elif deed == "grow":
            text = f"{text.rstrip()}\n\n{'' if _MORE in text else _MORE}It held.\n"
            self.commit(name, text, f"More on {number}")
        elif deed == "rename" and number % 5 == 0:
            new = name.replace(".md", "-again.md")
            self.commit(new, text, f"Rename {number}", old=name)
            name = new
        elif deed == "merge" and number % 10 == 0:
            base = self.head
            text = f"{text.rstrip()}\n\nSeen on a branch.\n"
            branch = self.commit(name, text, f"Branch of {number}")
            self.commit(name, text, f"Merge {number}", parents=(base, branch))
        return number, name, text, settled

    def commit(self, name: str, text: str, subject: str, *, old: str = "", parents: tuple[int, ...] = ()) -> int:
        """Write one commit, and give its mark."""
        parents = parents or ((self.head,) if self.head else ())
        self.mark += 1
        self.versions += 1
        who = f"committer Ana <ana@example.org> {1_600_000_000 + self.mark * 600} +0000"
        links = "".join(f"{word} :{one}\n" for word, one in zip(("from", "merge"), parents, strict=False))
        gone = f"D {old}\n" if old else ""
        files = f"{self.config if self.mark == 1 else ''}{gone}{_blob(name, text)}"
        self.stream.append(f"commit refs/heads/main\nmark :{self.mark}\n{who}\n{_data(subject)}{links}{files}\n")
        self.head = self.mark
        return self.mark


def _status(text: str) -> str:
    return text.partition("\nstatus: ")[2].partition("\n")[0]


def _decided(settled: str) -> str:
    """Give the status that a proposed decision may move to."""
    return settled if settled == "rejected" else "accepted"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _blob(path: str, text: str) -> str:
    return f"M 100644 inline {path}\n{_data(text)}"
