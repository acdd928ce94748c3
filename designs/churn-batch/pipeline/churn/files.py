"""Files that are the same, byte by byte, whenever their content is the same."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = [
    "SYNTHETIC",
    "is_synthetic",
    "read_json",
    "read_table",
    "sha256",
    "write_atomically",
    "write_json",
    "write_table",
]

SYNTHETIC = "# synthetic data: made by make_data.py from a seed, no real customer"
"""The first line of every table that holds no real person."""

Row = dict[str, str]


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object with sorted keys, so that equal objects give equal bytes."""
    write_atomically(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read_table(path: Path) -> list[Row]:
    """Read a table of comma-separated values, without its comment lines."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, synthetic: bool) -> None:
    """Write a table; `synthetic` puts the line on top that says so."""
    text = io.StringIO()
    if synthetic:
        text.write(SYNTHETIC + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_atomically(path, text.getvalue())


def is_synthetic(path: Path) -> bool:
    """Tell whether a table says of itself that it holds no real person."""
    with path.open(encoding="utf-8") as file:
        return file.readline().rstrip("\n") == SYNTHETIC


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old content or the new, never a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(text.encode())
    os.replace(draft, path)  # noqa: PTH105 - Path.replace documents no atomicity
