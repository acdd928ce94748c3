"""What git knows: files, commits, branches, contents, and why it cannot be asked. Asked once, when first needed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from gatepost.book.missing import NO_REPOSITORY
from gatepost.sources.blobs import Blobs, present
from gatepost.sources.branches import Branch, default_branch, read_branches, without_credentials
from gatepost.sources.follow import Entry
from gatepost.sources.git_command import GitCommand
from gatepost.sources.listed import FilesAt, entries_listed, files_listed
from gatepost.sources.published import MARKDOWN

__all__ = ["NO_COMMITS", "NO_REPOSITORY", "PARTIAL", "SHALLOW", "Repository"]

NO_COMMITS: Final = "no commits yet"
SHALLOW: Final = "shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"
PARTIAL: Final = "partial clone: fetch what was left out (clone without --filter, or git fetch --refetch --no-filter)"

_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}\Z")
_FULL: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_VERSION: Final = re.compile(r"^:\d+ 100\d+ \w+ (\w+) [AMT]\t", re.MULTILINE)
_MARKDOWN: Final = tuple(f"*{ending}" for ending in MARKDOWN)


class Repository:
    """The git repository around a folder, or the reason why there is none to ask.

    Nothing is written, nothing is fetched, and no program that the repository's configuration names is run.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git = GitCommand(root)
        self._lacks = ""
        self._files_at: dict[str, FilesAt | None] = {}

    @property
    def problem(self) -> str:
        """Why git cannot be asked; empty while it can."""
        return self._git.problem or self._lacks

    def ask(self, *words: str, given: bytes | None = None) -> bytes | None:
        """Run one git command that only reads, and give what it printed; None when it fails.

        Args:
            words: the command and its arguments; a path or a revision that somebody else chose goes behind
                `--end-of-options` or `--`.
            given: what the command reads from its standard input.
        """
        return self._git.ask(*words, given=given)

    def blobs(self, ids: Iterable[str], most: int = sys.maxsize) -> Iterator[tuple[str, bytes | None]]:
        """Give the contents of blobs from one process, in order; None for what is not here or is no blob.

        Args:
            ids: full object ids; taken some hundreds at a time, so that contents never pile up.
            most: contents are cut after so many bytes.
        """
        return self._blobs.many(ids, most)

    def blob(self, name: str, most: int = sys.maxsize) -> bytes | None:
        """Give the contents of one blob, cut after so many bytes; None when it is not here or is no blob."""
        return self._blobs.one(name, most)

    def sha256(self, name: str, most: int = sys.maxsize) -> str | None:
        """Give the SHA-256 of the contents of one blob; None when it is not here or has more bytes than `most`."""
        return self._blobs.sha256(name, most)

    @cached_property
    def _blobs(self) -> Blobs:
        return Blobs(self._git, some_left_out=self.is_partial)

    @cached_property
    def head(self) -> str | None:
        """The full id of the commit that is checked out; None in an empty repository and without git."""
        return self._asked_first[3]

    @cached_property
    def branch(self) -> str | None:
        """The branch that is checked out, with or without a commit; None when HEAD is detached."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the clone has only the newest part of the history."""
        return self._asked_first[0] == "true"

    @cached_property
    def is_partial(self) -> bool:
        """Whether the clone may lack contents, which git would fetch when they are asked for."""
        listing = self.ask("config", "--null", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$")
        for setting in (listing or b"").split(b"\0"):
            name, _, value = setting.partition(b"\n")
            if name == b"extensions.partialclone" or value in {b"true", b"yes", b"on", b"1"}:
                return True
        return False

    @cached_property
    def common_dir(self) -> Path | None:
        """The folder that all worktrees of the repository share, usually `.git`; None without git."""
        found = self._asked_first[2]
        return None if found is None else Path(os.path.normpath(self.root / found))

    @cached_property
    def prefix(self) -> str:
        """The folder, seen from the top of the work tree: empty, or with a slash at its end."""
        return self._asked_first[1] or ""

    @cached_property
    def _asked_first(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Whether the clone is shallow, the prefix, the common folder and the head; None for what git does not say.

        They are asked in one go, and one by one where a path with a line break makes the answer ambiguous.
        """
        words = ("--is-shallow-repository", "--show-prefix", "--git-common-dir")
        said = self._line("rev-parse", *words, "--revs-only", "HEAD^{commit}")
        match said.split("\n") if said is not None else []:
            case [shallow, prefix, common]:
                return shallow, prefix, common, None
            case [shallow, prefix, common, head] if _FULL.match(head):
                return shallow, prefix, common, head
            case []:
                return None, None, None, None
        each = [self._line("rev-parse", word) for word in words]
        return each[0], each[1], each[2], self.commit("HEAD")

    def commit(self, revision: str) -> str | None:
        """Give the full id of the commit that a revision names; None when it names none."""
        if not revision or revision.startswith("-"):
            return None
        peeled = (
            revision if revision.startswith(":/") else f"{revision}^{{commit}}"
        )  # what follows `:/` is searched for
        found = self._line("rev-parse", "--verify", "--quiet", "--end-of-options", peeled)
        return found if found is not None and _FULL.match(found) else None

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists; None when it cannot be known here."""
        if not _COMMIT.match(commit):
            return False
        if self.ask("cat-file", "-e", f"{commit}^{{commit}}") is not None:
            return True
        if not self._git.problem and self.is_shallow:
            self._lacks = SHALLOW
        return None if self.problem else False

    def files_at(self, commit: str) -> FilesAt | None:
        """Give what a commit has below the root, listed once; None when there is no such commit here."""
        if commit not in self._files_at:
            known = _COMMIT.match(commit) is not None
            listing = self.ask("ls-tree", "-r", "-z", "--end-of-options", commit) if known else None
            self._files_at[commit] = None if listing is None else files_listed(listing)
        return self._files_at[commit]

    @cached_property
    def index(self) -> dict[str, Entry] | None:
        """What git tracks, by its path from the root, with what it holds; None when git cannot be asked."""
        listing = self.ask("ls-files", "-z", "--stage")
        return None if listing is None else dict(entries_listed(listing, 1))

    @cached_property
    def tracked(self) -> frozenset[str] | None:
        """The paths that git tracks, relative to the root; None when git cannot be asked."""
        return None if self.index is None else frozenset(self.index)

    def tracks(self, path: str) -> bool | None:
        """Tell whether git tracks a file, itself or as part of a submodule; None when git cannot be asked."""
        if self.tracked is None:
            return None
        return path in self.tracked or any(parent.as_posix() in self.tracked for parent in PurePosixPath(path).parents)

    @cached_property
    def _branches(self) -> tuple[Branch, ...]:
        return read_branches(self._git)

    def branches(self) -> tuple[Branch, ...]:
        """Give the local and the remote-tracking branches, by name."""
        return self._branches

    def default_branch(self) -> str | None:
        """Give the name of the branch that changes are merged into: what origin says, else main or master."""
        return default_branch(self._git, self.branches())

    def merge_base(self, one: str, other: str) -> str | None:
        """Give the newest commit that two revisions share; None when there is none here."""
        if one.startswith("-") or other.startswith("-"):
            return None
        return self._line("merge-base", "--end-of-options", one, other)

    def remote_url(self) -> str | None:
        """Give the address of origin, without user, password and token; None when there is no origin."""
        found = self._line("remote", "get-url", "origin")
        return without_credentials(found) if found else None

    @cached_property
    def history_problem(self) -> str:
        """Why the history is not whole, and how to mend it; empty when all of it is here."""
        if self.common_dir is None:
            return self.problem or NO_REPOSITORY
        if self.head is None:
            return self._git.problem or NO_COMMITS
        if self.is_shallow:
            return SHALLOW
        return PARTIAL if self.is_partial and self._contents_are_missing() else ""

    def _contents_are_missing(self) -> bool:
        """Tell whether a version of a Markdown file was left out of a partial clone."""
        words = ("log", "--raw", "-m", "--no-renames", "--no-abbrev", "--format=", "HEAD", "--", *_MARKDOWN)
        listing = self.ask(*words)
        versions = frozenset(_VERSION.findall((listing or b"").decode("ascii", "replace")))
        return listing is None or present(self._git, versions) != versions

    def _line(self, *words: str) -> str | None:
        answer = self.ask(*words)
        return None if answer is None else answer.removesuffix(b"\n").decode("utf-8", "surrogateescape")
