"""Reading and writing, so that equal content is equal bytes and no reader ever sees half a file."""

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

__all__ = ["SYNTHETIC", "digest_of", "is_synthetic", "read_json", "read_table", "sha256", "write_json", "write_table"]

SYNTHETIC = "# synthetic: built by make_data.py from invented sentences, no real customer"
"""The first line of every table without a real person in it."""


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object with sorted keys."""
    _replace(path, _pretty(content))


def read_table(path: Path) -> list[dict[str, str]]:
    """Read comma-separated values, without the line that says where they come from."""
    text = path.read_text(encoding="utf-8").removeprefix(SYNTHETIC + "\n")
    return list(csv.DictReader(io.StringIO(text)))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, synthetic: bool) -> None:
    """Write comma-separated values; `synthetic` puts the line on top that says so."""
    text = io.StringIO()
    if synthetic:
        text.write(SYNTHETIC + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    _replace(path, text.getvalue())


def is_synthetic(path: Path) -> bool:
    """Tell whether a table says that no real person is in it."""
    with path.open(encoding="utf-8") as file:
        return file.readline() == SYNTHETIC + "\n"


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of(content: object) -> str:
    """Give the SHA-256 of a value as compact JSON with sorted keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _pretty(content: dict[str, Any]) -> str:
    """Give JSON with a line for each key, and one for each row of weights, which stay readable in a diff."""
    lines = (f"{json.dumps(key)}: {_inner(value)}" for key, value in sorted(content.items()))
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def _inner(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict) and value:
        rows = (f"{json.dumps(key)}: {json.dumps(row, sort_keys=True)}" for key, row in sorted(value.items()))
        return "{\n  " + ",\n  ".join(rows) + "\n }"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(json.dumps(row, sort_keys=True) for row in value) + "\n ]"
    return json.dumps(value, sort_keys=True)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(text.encode())
    os.replace(draft, path)  # noqa: PTH105 - Path.replace does not promise that it is one step
