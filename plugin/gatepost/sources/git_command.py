"""The git command: read-only, never asking a person, never the network, deaf to what would lead it astray."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from gatepost.book.missing import NO_GIT, NO_REPOSITORY

if TYPE_CHECKING:
    from git import Git

__all__ = ["NO_GIT", "NO_REPOSITORY", "GitCommand"]

_ENVIRONMENT: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",  # the same for older versions: no protocol is allowed, so nothing is fetched
    "GIT_PAGER": "cat",
    "GIT_FLUSH": "0",  # a log is written in large pieces, not commit by commit
}
_ASTRAY: Final = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_ATTR_SOURCE",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
"""What a hook or a shell sets to make git read another repository, or read this one otherwise."""
_SETTINGS: Final = (
    "core.fsmonitor=",  # no program of the repository's configuration is run
    "core.quotePath=false",
    "color.ui=false",
    "log.showSignature=false",
    "log.follow=false",
    "i18n.logOutputEncoding=UTF-8",
    "diff.noprefix=false",
    "diff.mnemonicPrefix=false",
)
_OF_DIFFS: Final = ("--no-ext-diff", "--no-textconv")
_AFTER: Final = dict.fromkeys(("log", "show", "diff", "diff-tree", "diff-index", "whatchanged"), _OF_DIFFS)
_TRUST: Final = ("dubious ownership", "unsafe repository")
_BROKEN: Final = ("bad config", "unknown repository extension", "git repo version")
"""How git says that it cannot read a repository at all."""


class GitCommand:
    """Git, asked about one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problem = ""
        """Why git cannot be asked; empty while it can."""

    @cached_property
    def _git(self) -> Git | None:
        if not self.root.is_dir():
            self.problem = NO_REPOSITORY
            return None
        try:
            import git  # noqa: PLC0415 - costs 60 ms, and most logs need it for evidence only
        except ImportError:
            self.problem = NO_GIT
            return None
        found = git.Git(str(self.root))
        found.update_environment(**_ENVIRONMENT)
        return found

    def ask(self, *words: str, given: bytes | None = None) -> bytes | None:
        """Run one command that only reads.

        Args:
            words: the command and its arguments; a path or a revision that somebody else chose goes behind
                `--end-of-options` or `--`.
            given: what the command reads from its standard input.

        Returns:
            What it printed, or None when it failed; `problem` says why when git cannot be asked at all.
        """
        if self._git is None:
            return None
        from git.exc import CommandError, GitCommandNotFound  # noqa: PLC0415 - see _git

        try:
            with undirected(), _file_of(given) as stdin:
                answer: bytes = self._git.execute(
                    self._line(words),
                    istream=stdin,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                )
        except GitCommandNotFound:
            self.problem = NO_GIT
            return None
        except CommandError as error:
            self._note(str(error.stderr))
            return None
        except OSError as error:
            self.problem = f"no git: the git command cannot be run: {error.strerror}"
            return None
        except ValueError:
            return None  # a NUL in a word: no revision and no path has one
        return answer

    def start(self, *words: str) -> Git.AutoInterrupt | None:
        """Start a command that reads and answers for as long as it is asked; None when git cannot be run."""
        if self._git is None:
            return None
        from subprocess import PIPE  # noqa: PLC0415 - see _git

        try:
            with undirected():
                return self._git.execute(self._line(words), istream=PIPE, as_process=True)
        except Exception:  # noqa: BLE001 - whatever it was, `ask` says it better
            self.ask("rev-parse", "--git-dir")
            return None

    def _line(self, words: Sequence[str]) -> list[str]:
        program = getattr(self._git, "GIT_PYTHON_GIT_EXECUTABLE", None) or "git"
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        return [program, "--no-pager", *settings, words[0], *_AFTER.get(words[0], ()), *words[1:]]

    def _note(self, said: str) -> None:
        """Keep why git cannot be asked, when what it said means that."""
        if any(words in said for words in _TRUST):
            self.problem = f"git does not trust this folder: run git config --global --add safe.directory {self.root}"
        elif "not a git repository" in said:
            self.problem = NO_REPOSITORY
            if (self.root / ".git").exists():
                self.problem = (
                    f"{NO_REPOSITORY}: .git is damaged or leads nowhere; run git worktree repair, or clone again"
                )
        elif any(words in said for words in _BROKEN):
            reason = " ".join(said.partition("fatal: ")[2].rstrip("'").split())
            self.problem = f"git cannot read the repository: {reason}"


@contextmanager
def undirected() -> Iterator[None]:
    """Take away what would lead git astray, for as long as a command is started; usually there is nothing."""
    hidden = {name: os.environ.pop(name) for name in _ASTRAY if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


@contextmanager
def _file_of(content: bytes | None) -> Iterator[BinaryIO | None]:
    if content is None:
        yield None
        return
    from tempfile import TemporaryFile  # noqa: PLC0415 - rarely needed

    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield cast("BinaryIO", file)
