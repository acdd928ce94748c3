"""Shell scripts of jobs, as one line to compare; and whether one can fail at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["cannot_fail", "one_line"]

_SWALLOWED: Final = re.compile(r"(?:\|\||;)\s*(true|:|exit 0)\s*\Z")


def one_line(scripts: Iterable[str]) -> str | None:
    """Give scripts as one line: lines joined by `&&`, broken lines mended, comments left out; None for nothing."""
    lines: list[str] = []
    for script in scripts:
        broken = ""
        for line in script.splitlines():
            whole = f"{broken} {line.strip()}".strip()
            broken = ""
            if whole.endswith("\\") and not whole.endswith("\\\\"):
                broken = whole[:-1].rstrip()
            elif whole and not whole.startswith("#"):
                lines.append(whole)
        if broken:
            lines.append(broken)
    return " && ".join(lines) or None


def cannot_fail(command: str | None) -> str | None:
    """Say why a command never fails, in its own words: each part of it ends in `|| true`. None when it can."""
    parts = (command or "").split("&&")
    found = [_SWALLOWED.search(part.rstrip()) for part in parts]
    return f"its command ends in `{found[-1][0].strip()}`" if command and found[-1] and all(found) else None
