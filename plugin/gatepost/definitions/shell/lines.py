"""Shell scripts of jobs, as one line to compare."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["one_line"]


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
