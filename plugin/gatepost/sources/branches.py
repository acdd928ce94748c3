"""Branches, the default one among them, and the address of the remote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from gatepost.sources.git_command import GitCommand

__all__ = ["Branch", "default_branch", "read_branches", "without_credentials"]

_HEADS: Final = "refs/heads/"
_REMOTES: Final = "refs/remotes/"
_USUAL: Final = ("origin/main", "origin/master", "main", "master")
_AUTHORITY: Final = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/]*@", re.IGNORECASE)


class Branch(NamedTuple):
    """A branch and the commit at its tip."""

    name: str
    """As a person writes it: `main`, `origin/main`."""
    commit: str
    """The full id of the commit."""
    remote: bool
    """Whether it is what was last fetched of a remote's branch."""


def read_branches(git: GitCommand) -> tuple[Branch, ...]:
    """Give all local and remote-tracking branches, by name; a ref that only points to another is left out."""
    listing = git.ask("for-each-ref", "--format=%(objectname) %(objecttype) %(symref) %(refname)", _HEADS, _REMOTES)
    found: list[Branch] = []
    for line in (listing or b"").decode("utf-8", "surrogateescape").split("\n"):
        commit, kind, points_to, name = (*line.split(" ", 3), "", "", "", "")[:4]
        if kind == "commit" and not points_to:
            remote = name.startswith(_REMOTES)
            found.append(Branch(name.removeprefix(_REMOTES if remote else _HEADS), commit, remote))
    return tuple(found)


def default_branch(git: GitCommand, branches: Sequence[Branch]) -> str | None:
    """Give the branch that changes are merged into; None when nothing tells."""
    names = {branch.name for branch in branches}
    said = git.ask("symbolic-ref", "--quiet", f"{_REMOTES}origin/HEAD")
    if said is not None:
        name = said.decode("utf-8", "surrogateescape").strip().removeprefix(_REMOTES)
        if name in names:
            return name
    return next((name for name in _USUAL if name in names), None)


def without_credentials(url: str) -> str:
    """Give an address without its user, password and query; `git@host:path`, which has no secret, stays."""
    if "://" in url:
        url = url.partition("?")[0].partition("#")[0]
    return _AUTHORITY.sub(r"\1", url)
