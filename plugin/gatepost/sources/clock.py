"""The day that a log is judged on: an argument, SOURCE_DATE_EPOCH, or today."""

from __future__ import annotations

import datetime as dt
import os

__all__ = ["ClockError", "judged_on"]


class ClockError(ValueError):
    """SOURCE_DATE_EPOCH is not a number of seconds."""


def judged_on(as_of: dt.date | None = None) -> dt.date:
    """Give the day: the one asked for, else that of SOURCE_DATE_EPOCH (UTC), else today (UTC).

    Source: https://reproducible-builds.org/specs/source-date-epoch/

    Raises:
        ClockError: SOURCE_DATE_EPOCH is set and is not a number of seconds since 1970.
    """
    if as_of is not None:
        return as_of
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.now(dt.UTC).date()
    try:
        if epoch.isascii() and epoch.isdigit():
            return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        pass
    message = f"SOURCE_DATE_EPOCH is '{epoch[:40]}', not a number of seconds since 1970"
    raise ClockError(message)
