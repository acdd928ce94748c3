"""What `init` lays down: the files, each with its text, as far as the project does not have them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from gatepost.book import Book
from gatepost.cli.templates import filled, template_root

__all__ = ["CI_FILES", "EXAMPLE", "Ci", "Layout", "Piece", "has_plugin", "pieces"]

Ci = Literal["github", "gitlab"]
CI_FILES: Final[dict[str, str]] = {"github": ".github/workflows/gatepost.yml", "gitlab": ".gitlab-ci.yml"}
"""For each forge: the file that runs the gates."""
EXAMPLE: Final = "late-parcels"
"""The folder and id of the design that a new log starts with."""
_PLUGIN: Final = re.compile(
    r"^\s*-\s*[\"']?gatepost\b|^\s{2,}gatepost\s*:|^plugins:\s*\[[^\]]*\bgatepost\b", re.MULTILINE
)
_RISK_DAYS: Final = 120
_FOLLOW_UP_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to lay down."""

    path: str
    """Where it goes, relative to the folder that is laid out."""
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What is to be laid down."""

    docs: str
    """The documentation folder, relative to the folder that is laid out."""
    day: dt.date
    """The day that the example is dated."""
    config: bool
    """Whether the project has a configuration of MkDocs."""
    example: bool
    """Whether the example is laid down."""
    ci: Ci | None
    """The forge to run the gates on."""


def pieces(book: Book, layout: Layout) -> Iterator[Piece]:
    """Give the files that make a working log, given what the documentation folder holds already."""
    docs, day = layout.docs, layout.day
    values = {
        "docs": docs,
        "date": str(day),
        "due_risk": str(day + dt.timedelta(days=_RISK_DAYS)),
        "due_follow_up": str(day + dt.timedelta(days=_FOLLOW_UP_DAYS)),
    }
    if not layout.config:
        yield Piece("mkdocs.yml", filled("init/mkdocs.yml", values))
        yield Piece(".gitignore", filled("init/gitignore", values))
    policy = book.policy_entry
    if policy is None or policy.path.endswith(f"{docs}/policy.md"):
        yield Piece(f"{docs}/policy.md", filled("init/docs/policy.md", values))
    if layout.example:
        root = template_root() / "init" / "docs"
        for file in sorted(one for one in (root / EXAMPLE).rglob("*") if one.is_file() and one.suffix != ".pyc"):
            name = file.relative_to(root).as_posix()
            yield Piece(str(PurePosixPath(docs) / name), filled(f"init/docs/{name}", values))
    if layout.ci is not None:
        yield Piece(CI_FILES[layout.ci], filled(f"init/ci/{layout.ci}.yml", values))


def has_plugin(config: Path) -> bool:
    """Tell whether a configuration of MkDocs names the plugin."""
    return bool(_PLUGIN.search(config.read_text(encoding="utf-8", errors="replace")))
