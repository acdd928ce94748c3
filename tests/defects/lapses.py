"""What a defect of a history is: commits one after the other, on branches too, and what is not committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trees import git, write_tree

if TYPE_CHECKING:
    from edits import Edit, Files

__all__ = ["Commit", "Lapse"]

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Commit:
    """Some edits, committed together."""

    edits: tuple[Edit, ...] = ()
    branch: str = MAIN
    """Where; a branch that is not there yet begins where the main line is."""
    merges: str = ""
    """The branch that it brings in; what of it is taken, the edits say."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A mistake that only the history shows, and the one finding that it must give."""

    name: str
    commits: tuple[Commit, ...]
    """The first one writes the clean log, as its edits change it."""
    gate: str
    path: str
    """The file that the finding must stand in, relative to the docs folder."""
    says: str
    """Words of the finding."""
    on_disk: tuple[Edit, ...] = field(default=())
    """What is edited at last, and not committed."""

    def lived(self, root: Path, clean: Files) -> Path:
        """Write the history into an empty folder, and give it."""
        write_tree(root, {})
        there: dict[str, dict[str, str]] = {MAIN: dict(clean)}
        at = MAIN
        for number, commit in enumerate(self.commits):
            files = there.setdefault(commit.branch, dict(there[MAIN]))
            if commit.branch != at:
                git(root, "checkout", "--quiet", *([] if _exists(root, commit.branch) else ["-b"]), commit.branch)
                at = commit.branch
            if commit.merges:
                git(root, "merge", "--quiet", "--no-commit", "--no-ff", "--strategy=ours", commit.merges)
            there[at] = _written(root, files, commit.edits)
            git(root, "add", "--all")
            git(root, "commit", "--quiet", "--allow-empty", "--message", f"Step {number}")
        _written(root, there[at], self.on_disk)
        return root


def _exists(root: Path, branch: str) -> bool:
    return bool(git(root, "branch", "--list", branch).strip())


def _written(root: Path, files: Files, edits: tuple[Edit, ...]) -> dict[str, str]:
    after = dict(files)
    for edit in edits:
        after = edit(after)
    for path in files.keys() - after.keys():
        (root / "docs" / path).unlink(missing_ok=True)
    for path, text in after.items():
        place = root / "docs" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    return after
