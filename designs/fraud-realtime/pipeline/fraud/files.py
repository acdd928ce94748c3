"""Files whose bytes follow from their content alone, each replaced in one step."""

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
    "replace",
    "sha256",
    "write_json",
    "write_table",
]

SYNTHETIC = "# synthetic payments: made by make_data.py from a seed; no real card, shop or person"
"""The first line of every table that holds nobody's payments."""


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object with sorted keys."""
    replace(path, (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a table; the line that says where it comes from is no row."""
    text = path.read_text(encoding="utf-8").removeprefix(SYNTHETIC + "\n")
    columns, *rows = csv.reader(io.StringIO(text))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, synthetic: bool) -> None:
    """Write a table; `synthetic` puts the line on top that says so."""
    text = io.StringIO()
    if synthetic:
        text.write(SYNTHETIC + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    replace(path, text.getvalue().encode())


def is_synthetic(path: Path) -> bool:
    """Tell whether a table says that nobody's payments are in it."""
    with path.open(encoding="utf-8") as file:
        return file.readline() == SYNTHETIC + "\n"


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(content)
    os.replace(draft, path)  # noqa: PTH105 - Path.replace does not promise that it is one step
