"""The main line of a history: first parents, each merge with the commits that it brought in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gatepost.sources.gitlog import LogCommit

__all__ = ["SpineStep", "spine_of"]


class SpineStep(NamedTuple):
    """One commit of the main line."""

    commit: LogCommit
    brought: tuple[LogCommit, ...]
    """For a merge: the commits that it made reachable, oldest first."""


def spine_of(commits: Iterable[LogCommit], head: str, after: str = "") -> tuple[SpineStep, ...] | None:
    """Give the main line up to a commit, oldest first.

    Args:
        commits: what the log gave, newest first.
        head: the commit that the line ends with.
        after: the commit that it starts behind; empty for its beginning.

    Returns:
        None when the line does not lead back to `after`: the history was rewritten, or came in by a merge.
    """
    newest_first = {commit.id: commit for commit in commits}
    line: list[LogCommit] = []
    at = head
    while at != after and at in newest_first:
        line.append(newest_first[at])
        at = line[-1].parents[0] if line[-1].parents else ""
    if after and at != after:
        return None
    return tuple(_steps(line[::-1], newest_first))


def _steps(line: list[LogCommit], known: dict[str, LogCommit]) -> Iterable[SpineStep]:
    order = {name: number for number, name in enumerate(known)} if any(len(one.parents) > 1 for one in line) else {}
    seen = {commit.id for commit in line}
    for commit in line:
        found: list[str] = []
        waiting = list(commit.parents[1:])
        while waiting:
            name = waiting.pop()
            if name in known and name not in seen:
                seen.add(name)
                found.append(name)
                waiting.extend(known[name].parents)
        found.sort(key=order.__getitem__, reverse=True)
        yield SpineStep(commit, tuple(known[name] for name in found))
