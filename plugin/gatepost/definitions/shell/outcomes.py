"""What a part of a shell script can do, and what several such parts have in common."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["BAD", "EXITS", "LEAVING", "RETURNS", "WELL", "End", "Runs", "agreed"]

End = Literal[
    "fails", "goes-on", "exits-bad", "exits-well", "returns-bad", "returns-well", "breaks", "may-leave", "open"
]
"""What a part of a script does: it fails or succeeds, and the next part runs or not; or it leaves.

Where it goes on in some cases, and leaves as if all were well in others, it may leave.
"""
Runs = Literal["always", "never", "open"]
"""Whether a command is reached at all."""
BAD: Final = frozenset({"fails", "exits-bad", "returns-bad"})
LEAVING: Final = frozenset({"exits-bad", "exits-well", "returns-bad", "returns-well", "breaks", "open"})
RETURNS: Final[dict[End, End]] = {"returns-bad": "fails", "returns-well": "goes-on"}
"""What becomes of a `return` behind the function that it leaves."""
EXITS: Final[dict[End, End]] = {
    **RETURNS,
    "exits-bad": "fails",
    "exits-well": "goes-on",
    "breaks": "goes-on",
    "may-leave": "goes-on",
}
"""What becomes of an `exit` behind the subshell that it leaves."""
WELL: Final = frozenset({"exits-well", "returns-well", "breaks"})
"""What leaves as if all were well."""


def agreed(ways: list[End]) -> End:
    """Give the way that all of some ways are."""
    same = set(ways)
    if len(same) == 1:
        return ways[0]
    return "exits-bad" if same <= BAD else "may-leave" if same <= WELL | {"goes-on", "may-leave"} else "open"
