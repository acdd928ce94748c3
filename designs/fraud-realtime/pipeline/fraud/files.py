"""Files whose bytes depend on their content alone, replaced in one step."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["digest", "read", "write"]


def read(path: Path) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """Give what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, content: object) -> None:
    """Write a JSON file; a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105 - Path.replace documents no atomicity


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
