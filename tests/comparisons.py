"""Two logs compared in memory: edits of the tests' clean log, without a disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import posixpath
from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import strategies as st

from gatepost.book import FileFact, read_book, read_text
from gatepost.book.files import AtCommit
from gatepost.check import Report, check_book
from gatepost.check.compare import Comparison, compare
from trees import TODAY, clean_log

__all__ = ["MemoryFiles", "between", "judged", "logs", "renamed", "without", "worse"]


class MemoryFiles:
    """The files of a log that is only in memory; all of them tracked."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {f"docs/{path}": text.encode() for path, text in files.items()}

    def look(self, path: str, near: str) -> FileFact:
        """Find a file near a folder, or from the root."""
        for folder in (near, ""):
            candidate = posixpath.normpath(posixpath.join(folder, path))
            if candidate in self._files:
                return FileFact("found", candidate, tracked=True)
        return FileFact("missing")

    def exists(self, path: str) -> bool:
        """Tell whether a path is a file or a folder."""
        return any(one == path or one.startswith(f"{path}/") for one in self._files)

    def read(self, path: str) -> bytes | None:
        """Give a file's bytes."""
        return self._files.get(path)

    def sha256(self, path: str) -> str | None:
        """Give a file's digest."""
        content = self._files.get(path)
        return None if content is None else hashlib.sha256(content).hexdigest()

    def has_commit(self, commit: str) -> bool | None:  # noqa: ARG002 - the port's signature
        """Tell whether a commit exists: there are none."""
        return False

    def at_commit(self, commit: str, path: str) -> AtCommit | None:  # noqa: ARG002 - the port's signature
        """Tell whether a commit has a file: there are none."""
        return None

    def tracked_below(self, folder: str) -> tuple[str, ...]:
        """Give the files below a folder: all are tracked."""
        return tuple(sorted(path for path in self._files if path.startswith(f"{folder}/".removeprefix("/"))))

    def why_unknown(self) -> str:
        """Say why something cannot be known."""
        return "no git repository"


def judged(files: Mapping[str, str], today: dt.date = TODAY) -> Report:
    """Check a log that is only in memory."""
    documents = [read_text(f"docs/{path}", text) for path, text in files.items() if path.endswith(".md")]
    return check_book(read_book(documents, files=MemoryFiles(files), docs="docs"), today)


def between(before: Mapping[str, str], after: Mapping[str, str]) -> Comparison:
    """Compare two logs that are only in memory."""
    return compare(judged(before), judged(after))


def worse(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Give record, gate and effect of what is worse."""
    return [(one.record.id, one.gate.id, one.effect) for one in comparison.worse]


LOG: Final = clean_log()
MODEL: Final = "churn/decisions/0003-logistic-regression.md"
DAILY: Final = "churn/decisions/0004-retrain-daily.md"
STALE: Final = "churn/risks/0001-stale-scores.md"
SWITCH: Final = "churn/follow-ups/0001-switch-off-service.md"


def without(files: Mapping[str, str], path: str) -> dict[str, str]:
    """Give the files without one of them."""
    return {name: text for name, text in files.items() if name != path}


def renamed(files: Mapping[str, str], path: str, new: str) -> dict[str, str]:
    """Give the files with one of them under another name."""
    return {new if name == path else name: text for name, text in files.items()}


EDITS: list[Callable[[dict[str, str]], dict[str, str]]] = [
    lambda log: without(log, STALE),
    lambda log: without(log, DAILY),
    lambda log: without(log, "policy.md"),
    lambda log: without(log, "churn/index.md"),
    lambda log: renamed(log, MODEL, "churn/decisions/0033-model.md"),
    lambda log: renamed(log, SWITCH, "other/follow-ups/0001-off.md"),
    lambda log: {path: text.replace("RISK-0002", "RISK-0012") for path, text in log.items()},
    lambda log: {path: text.replace("owner: sre-oncall\n", "") for path, text in log.items()},
    lambda log: {path: text.replace("status: accepted", "status: proposed") for path, text in log.items()},
    lambda log: {path: text.replace("status: open", "status: opn") for path, text in log.items()},
    lambda log: {path: text.replace("due: 2027", "due: 2026") for path, text in log.items()},
    lambda log: {path: text.replace("likelihood: 2", "likelihood: 5") for path, text in log.items()},
    lambda log: {path: text.replace("environment: requirements.lock\n", "") for path, text in log.items()},
    lambda log: {path: text.replace("operability: 5, ", "") for path, text in log.items()},
    lambda log: {path: text.replace("threshold: 0.72", "threshold: 0.9") for path, text in log.items()},
    lambda log: {path: text.replace("title: Score", "title: <b>Score") for path, text in log.items()},
    lambda log: {**log, "churn/decisions/0004-twice.md": LOG[DAILY]},
    lambda log: {**log, "churn/risks/0009-none.md": "---\nid: [\n---\n"},
]


@st.composite
def logs(draw: st.DrawFn) -> dict[str, str]:
    """Give the clean log with some of the edits."""
    log = dict(LOG)
    for index in draw(st.lists(st.integers(0, len(EDITS) - 1), max_size=4, unique=True)):
        log = EDITS[index](log)
    return log
