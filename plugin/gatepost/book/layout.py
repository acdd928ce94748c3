"""Which Markdown files are records, and of which kind."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from gatepost.book.document import Document
from gatepost.records import KINDS, PREFIX_OF_KIND, Kind

__all__ = [
    "GENERATED_PAGES",
    "RECORD_FOLDERS",
    "declared_id",
    "declared_kind",
    "id_from_name",
    "is_candidate",
    "is_generated",
    "kind_of",
]

RECORD_FOLDERS: Final[dict[str, Kind]] = {
    "decisions": "decision",
    "adr": "decision",
    "adrs": "decision",
    "risks": "risk",
    "follow-ups": "follow-up",
}
"""Folders whose Markdown files are records without saying so."""

GENERATED_PAGES: Final = (
    "index.md",
    "gate-matrix.md",
    "decision-log.md",
    "risk-register.md",
    "follow-ups.md",
    "change-log.md",
    "checklists.md",
    "policy.md",
    "gates/index.md",
)
"""The pages that a build adds, relative to the docs folder; a page of the author's at one of these paths wins."""

_GATE_PAGE: Final = re.compile(r"gates/[a-z0-9-]+\.md\Z")
_PAGES: Final = re.compile(r"(?:index|readme|(?:.*[-_])?template)\.md\Z", re.IGNORECASE)
_TELLING_KEY: Final[dict[str, tuple[Kind, str]]] = {
    "pipeline.md": ("pipeline", "stages"),
    "checklist.md": ("checklist", "items"),
}
_STARTS: Final = ("---", "<<<<<<<")
_KIND_LINE: Final = re.compile(r"^kind:[ \t]*['\"]?([\w-]+)", re.MULTILINE)
_ID_LINE: Final = re.compile(r"^id:[ \t]*+['\"]?([\w-]++)['\"]?[ \t]*+(?:#.*)?$", re.MULTILINE)
_NUMBERED: Final = re.compile(r"(?:(?:adr|risk|fu)[-_]?)?([0-9]{1,9})(?:[-_ .]|\Z)", re.IGNORECASE)
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def kind_of(document: Document) -> Kind | str | None:
    """Give the kind of record that a file holds, or None when it is a page like any other.

    What `kind:` says counts; then the folder; then, for a contract or a checklist, the file's name with
    its telling key. A kind that does not exist is given back as it stands, for the reader to refuse.
    """
    folder, name = _folder_kind(document.path), document.path.rpartition("/")[2]
    said = declared_kind(document)
    if said is not None and (said in KINDS or folder is not None or _nearly_a_kind(said)):
        return said
    if folder is not None:
        return None if _PAGES.match(name) else folder
    if name in _TELLING_KEY:
        kind, key = _TELLING_KEY[name]
        if f"\n{key}:" in f"\n{_front(document)}":
            return kind
    return None


def is_candidate(path: str) -> bool:
    """Tell whether a file must be a record because of the folder that it lies in."""
    return _folder_kind(path) is not None and not _PAGES.match(path.rpartition("/")[2])


def _folder_kind(path: str) -> Kind | None:
    """Give the kind of record that a file's folder stands for; further down (`decisions/2026/`) only by its number."""
    *folders, name = path.split("/")
    if not folders:
        return None
    if folders[-1] in RECORD_FOLDERS:
        return RECORD_FOLDERS[folders[-1]]
    if not _NUMBERED.match(name) or _DATED.match(name):
        return None
    return next((RECORD_FOLDERS[folder] for folder in reversed(folders) if folder in RECORD_FOLDERS), None)


def declared_kind(document: Document) -> str | None:
    """Give what a file says its kind is, even when the rest of its frontmatter cannot be read."""
    if document.data is not None:
        said = document.data.get("kind")
        return said if isinstance(said, str) else None
    match = _KIND_LINE.search(_front(document))
    return match[1] if match else None


def _front(document: Document) -> str:
    """Give the frontmatter that a file has, or seems to have: its beginning, when that looks like one."""
    return document.front or (document.text[:4096] if document.text[:256].lstrip().startswith(_STARTS) else "")


def declared_id(document: Document) -> str | None:
    """Give what a file says its id is, even when the rest of its frontmatter cannot be read."""
    if document.data is not None:
        said = document.data.get("id")
        return said if isinstance(said, str) else None
    match = _ID_LINE.search(_front(document))
    return match[1] if match else None


def id_from_name(path: str, kind: str) -> str | None:
    """Give the id that a file's name stands for: `decisions/0003-batch.md` is `ADR-0003`."""
    prefix = PREFIX_OF_KIND.get(kind)
    if prefix is None:
        return None
    name = posixpath.splitext(posixpath.basename(path))[0]
    match = _NUMBERED.match(name)
    if match is None or _DATED.match(name):
        return None
    return f"{prefix}-{match[1]}"


def _nearly_a_kind(word: str) -> bool:
    from difflib import get_close_matches  # noqa: PLC0415 - rarely needed

    return bool(get_close_matches(word, KINDS, n=1, cutoff=0.75))


def is_generated(page: str) -> bool:
    """Tell whether a build adds a page, given its path relative to the docs folder, unless the author wrote it."""
    return page in GENERATED_PAGES or bool(_GATE_PAGE.match(page))
