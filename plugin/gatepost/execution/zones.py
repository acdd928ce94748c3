"""The time zones of the two clean runs: so far apart that no local date and no naive time is ever the same in both."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["clean_zones"]

_LISTED: Final = Path("/usr/share/zoneinfo")
"""Where a system keeps its list of time zones."""
_NAMED: Final = ("Etc/GMT+12", "Etc/GMT-14")
"""Twelve hours behind UTC, and fourteen ahead of it: 26 hours apart, on every day of every year."""
_UNNAMED: Final = ("<-12>12", "<+14>-14")
"""The same for a system without a list, which would silently take a name for UTC.

Not used everywhere, since libraries that look the name up themselves refuse what is no name.
"""


def clean_zones() -> tuple[str, str]:
    """Give TZ of the first clean run and of the second."""
    return _NAMED if all((_LISTED / one).is_file() for one in _NAMED) else _UNNAMED
