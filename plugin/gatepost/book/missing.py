"""Why a history is not whole, always with how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gatepost.book.history import History

__all__ = ["NO_GIT", "NO_REPOSITORY", "missing_history"]

NO_GIT: Final = "no git: the git command was not found"
NO_REPOSITORY: Final = "no git repository"

_MENDS: Final = {
    NO_GIT: "install git",
    NO_REPOSITORY: "check out the repository instead of copying its files",
}
"""How to mend what these only name; the other reasons say it themselves."""


def missing_history(history: History) -> str:
    """Say in one line what is missing of a history and what to do; nothing when it is whole."""
    problem = history.problem
    return f"{problem}; {_MENDS[problem]}" if problem in _MENDS else problem
