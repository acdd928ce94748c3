"""What git knows: which files it tracks, which commits exist. Asked once, when first needed."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git import Repo

__all__ = ["Repository"]

_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")


class Repository:
    """The git repository around a folder, or the reason why there is none to ask."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.problem = ""
        """Why git cannot be asked; empty while it can."""

    @cached_property
    def _repo(self) -> Repo | None:
        try:
            import git  # noqa: PLC0415 - costs 60 ms, and most logs need it for evidence only
        except ImportError:
            self.problem = "no git: the git command was not found"
            return None
        try:
            return git.Repo(self._root)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            self.problem = "no git repository"
            return None

    @cached_property
    def tracked(self) -> frozenset[str] | None:
        """The paths that git tracks, relative to the root; None when git cannot be asked."""
        listing = self._ask("ls-files", "-z", "--cached")
        if listing is None:
            return None
        return frozenset(path.decode("utf-8", "surrogateescape") for path in listing.split(b"\0") if path)

    def tracks(self, path: str) -> bool | None:
        """Tell whether git tracks a file, itself or as part of a submodule; None when git cannot be asked."""
        if self.tracked is None:
            return None
        return path in self.tracked or any(parent.as_posix() in self.tracked for parent in PurePosixPath(path).parents)

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the clone has only the newest part of the history."""
        answer = self._ask("rev-parse", "--is-shallow-repository")
        return answer is not None and answer.strip() == b"true"

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists; None when it cannot be known here."""
        if not _COMMIT.match(commit):
            return False
        if self._repo is None:
            return None
        if self._ask("cat-file", "-e", f"{commit}^{{commit}}") is not None:
            return True
        if self.is_shallow:
            self.problem = "shallow clone: fetch the whole history (fetch-depth: 0)"
            return None
        return None if self.problem else False

    def _ask(self, *words: str) -> bytes | None:
        """Run one git command that only reads; None when it fails."""
        if self._repo is None:
            return None
        from git.exc import GitCommandError, GitCommandNotFound  # noqa: PLC0415 - see _repo

        try:
            answer: bytes = self._repo.git.execute(
                ["git", *words],
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
        except GitCommandNotFound:
            self.problem = "no git: the git command was not found"
            return None
        except GitCommandError as error:
            if "dubious ownership" in str(error.stderr):
                self.problem = (
                    f"git does not trust this folder: run git config --global --add safe.directory {self._root}"
                )
            return None
        return answer
