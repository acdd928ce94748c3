"""The worked designs as they are shipped, with some of their files in another version."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import frontmatter
import yaml

from gatepost.book import FileFact, read_book
from gatepost.book.files import NoFiles
from gatepost.book.frontmatter import read_text
from gatepost.check import Report, check_book
from gatepost.records import DryRun

__all__ = ["CONTRACTS", "ROOT", "TODAY", "Shipped", "data_of", "page_of", "recorded", "report_of"]

ROOT: Final = Path(__file__).parents[2]
TODAY: Final = dt.date(2026, 11, 26)
CONTRACTS: Final = {path.parent.name: path for path in sorted((ROOT / "designs").glob("*/pipeline.md"))}


class Shipped(NoFiles):
    """The files of this repository, all of them tracked, some of them in another version."""

    def __init__(self, versions: Mapping[str, str]) -> None:
        """Take the versions by their paths from the root."""
        self._versions = versions

    def look(self, path: str, near: str) -> FileFact:
        """Find a file or a folder, near a record first."""
        for found in (f"{near}/{path}", path):
            if (ROOT / found).is_dir():
                return FileFact("folder", found, tracked=True)
            if self.exists(found):
                return FileFact("found", found, tracked=True)
        return FileFact("missing")

    def exists(self, path: str) -> bool:
        """Tell whether it is there."""
        return path in self._versions or (ROOT / path).exists()

    def read(self, path: str) -> bytes | None:
        """Give its bytes."""
        if path in self._versions:
            return self._versions[path].encode()
        return (ROOT / path).read_bytes() if (ROOT / path).is_file() else None

    def sha256(self, path: str) -> str | None:
        """Give its digest."""
        content = self.read(path)
        return None if content is None else hashlib.sha256(content).hexdigest()

    def has_commit(self, commit: str) -> bool:
        """Know it."""
        return bool(commit)


PROSE: Final = "# The pipeline\n\n## Stages\n\nThey run.\n\n## Rolling back\n\nOne command does it."
"""What a page of a contract says where only its data matter."""


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def data_of(name: str) -> dict[str, Any]:
    """Give the contract of a design as data."""
    data: dict[str, Any] = frontmatter.loads(_text(CONTRACTS[name])).metadata
    return data


def page_of(data: Mapping[str, Any], prose: str = PROSE) -> str:
    """Give the page of a contract."""
    return f"---\n{yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True)}---\n\n{prose}\n"


@cache
def recorded(name: str) -> DryRun:
    """Give the newest record of a dry run of a design."""
    path = max((CONTRACTS[name].parent / "evidence/dry-runs").glob("*.md"))
    return DryRun.model_validate(frontmatter.loads(_text(path)).metadata)


def report_of(versions: Mapping[str, str], *patterns: str) -> Report:
    """Check the designs with some files in another version.

    Args:
        versions: those files, by their paths from the root.
        patterns: which pages are read beside the policy, below `designs`.
    """
    found = {ROOT / "designs/policy.md", *(path for one in patterns for path in (ROOT / "designs").glob(one))}
    paths = sorted(path for path in found if "guide" not in path.parts)
    named = {path.relative_to(ROOT).as_posix(): path for path in paths}
    documents = [read_text(name, versions.get(name) or _text(path)) for name, path in named.items()]
    return check_book(read_book(documents, files=Shipped(versions), docs="designs"), TODAY)
