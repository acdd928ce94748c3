"""From raw tickets to what may be learned from: masked, each text once, split by its own digest."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Final

from routing.files import is_synthetic, read_table, sha256, write_json, write_table
from routing.measure import Case
from routing.model import QUEUES, Example
from routing.outcome import Rejected
from routing.text import identifiers, mask, normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["cases", "curate", "examples", "part_of", "require_unchanged"]

_COLUMNS: Final = ("ticket", "language", "queue", "part", "text")
_LEARNED_SHARE: Final = 0.6


def curate(raw: Path, others: Sequence[Path], curated: Path, profile: Path) -> None:
    """Mask and split tickets, and count what the data gate asks about.

    Args:
        raw: the tickets as they were closed.
        others: tables that only measure; no text of theirs may be learned from.
        curated: what is written.
        profile: what was counted.
    """
    rows, seen = [], set()
    for row in read_table(raw):
        text = mask(row["text"])
        key = normalised(text)
        if key not in seen:
            seen.add(key)
            rows.append((row["ticket"], row["language"], row["queue"], part_of(key), text))
    write_table(curated, _COLUMNS, rows, synthetic=is_synthetic(raw))
    write_json(profile, {**_counted(read_table(curated), others), "curated_sha256": sha256(curated)})


def part_of(key: str) -> str:
    """Give the part that a normalised text belongs to, for ever: `learn` or `evaluate`."""
    place = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 0x1_0000_0000
    return "learn" if place < _LEARNED_SHARE else "evaluate"


def require_unchanged(curated: Path, counted: str) -> None:
    """Ask whether the curated tickets are those that were counted.

    Raises:
        Rejected: they are not.
    """
    if sha256(curated) != counted:
        message = f"{curated.name} is not the file that was counted"
        raise Rejected(message)


def examples(curated: Path) -> list[Example]:
    """Give the part that is learned from, in the order of the file."""
    return [Example.of(row["text"], row["queue"]) for row in read_table(curated) if row["part"] == "learn"]


def cases(table: Path) -> list[Case]:
    """Give the tickets of a table that measure: all, or the part that is not learned from."""
    rows = [row for row in read_table(table) if row.get("part") != "learn"]
    return [Case(row["language"], row["queue"], row["text"]) for row in rows]


def _counted(rows: Sequence[dict[str, str]], others: Iterable[Path]) -> dict[str, float | int]:
    queues = Counter(row["queue"] for row in rows)
    learned = {normalised(row["text"]) for row in rows if row["part"] == "learn"}
    measured = [row["text"] for row in rows if row["part"] != "learn"]
    measured += [row["text"] for other in others for row in read_table(other)]
    return {
        "rows": len(rows),
        "smallest_queue_share": round(min(queues[queue] for queue in QUEUES) / max(len(rows), 1), 6),
        "unknown_queues": sum(count for queue, count in queues.items() if queue not in QUEUES),
        "pii_hits": sum(identifiers(row["text"]) for row in rows),
        "masked": sum("mask" in row["text"] for row in rows),
        "eval_overlap": sum(normalised(text) in learned for text in measured),
    }
