"""Ids that records have on the tips of all branches: what the working directory does not show and a merge would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gatepost.book import Document
from gatepost.book.layout import declared_id, id_from_name, kind_of
from gatepost.records import PREFIX_OF_KIND
from gatepost.sources.published import MARKDOWN
from gatepost.sources.repository import NO_REPOSITORY, PARTIAL, Repository

__all__ = ["Taken", "taken_on_branches"]

_HEAD: Final = 64 * 1024
"""So much of a file is looked into for its ids, in bytes."""
_ITEM: Final = re.compile(r"^[ \t]*-?[ \t]*id:[ \t]*['\"]?(CHK-[0-9]{1,9})\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids on other branches."""

    ids: dict[str, str] = field(default_factory=dict)
    """Each id with the first branch that has it."""
    problem: str = ""
    """Why branches could not be looked at, where there are any."""


def taken_on_branches(repository: Repository, docs: str) -> Taken:
    """Give the ids of records at the tips of the local and the remote-tracking branches.

    Only files are looked into that differ from the commit that is checked out, and of that commit those that
    the working directory has changed; everything else is in the working directory.

    Args:
        repository: the repository.
        docs: the documentation folder, relative to the root; empty when it is the root.
    """
    branches = repository.branches()
    if not branches and repository.problem:
        return Taken(problem="" if repository.problem == NO_REPOSITORY else repository.problem)
    found: dict[tuple[str, str], str] = {}
    tips: dict[str, str] = {}
    for branch in branches:
        tips.setdefault(branch.commit, branch.name)
    for name, listing in _listings(repository, tips, docs):
        if listing is None:
            return Taken(problem=PARTIAL if repository.is_partial else f"{name} cannot be read; git fsck says more")
        for path, blob in listing:
            found.setdefault((path, blob), name)
    return Taken(_ids(repository, found))


_Listing = Iterator[tuple[str, str]] | None


def _listings(repository: Repository, tips: dict[str, str], docs: str) -> Iterator[tuple[str, _Listing]]:
    """Give, for each branch, the Markdown files to look into, with their blobs."""
    where = ("--", f":(literal){docs}") if docs else ()
    head = repository.head
    if head is None:
        for tip, name in tips.items():
            answer = repository.ask("ls-tree", "-r", "-z", tip, *where)
            yield name, None if answer is None else _listed(answer)
        return
    here = repository.branch or tips.get(head) or "HEAD"
    # Without the folder: git needs time that is quadratic in the size of the index to look at a part of it.
    answer = repository.ask("diff-index", "-z", "--no-renames", head)
    yield here, None if answer is None else _changed(answer, f"{docs}/" if docs else "")
    # A commit with another beside it is compared with that one, as if it were its parent.
    others = {tip: name for tip, name in tips.items() if tip != head}
    if others:
        asked = "".join(f"{tip} {head}\n" for tip in others).encode()
        words = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--diff-filter=AMT", *where)
        answer = repository.ask(*words, given=asked)
        yield from _by_tip(answer, others)


def _by_tip(answer: bytes | None, tips: dict[str, str]) -> Iterator[tuple[str, _Listing]]:
    """Give the differences of each tip; before those of a commit stands its id."""
    if answer is None:
        yield ", ".join(tips.values()), None
        return
    name = ""
    fields = iter(answer.split(b"\0"))
    for one in fields:
        if one.startswith(b":"):
            yield name, _side(one, next(fields, b""), old=False)
        elif one:
            name = tips.get(one.decode("ascii", "replace").strip(), name)


def _changed(answer: bytes, folder: str) -> Iterator[tuple[str, str]]:
    """Give what stood in a folder before each change."""
    fields = answer.split(b"\0")
    for facts, path in zip(fields[::2], fields[1::2], strict=False):
        if path.startswith(folder.encode("utf-8", "surrogateescape")):
            yield from _side(facts, path, old=True)


def _side(facts: bytes, path: bytes, *, old: bool) -> Iterator[tuple[str, str]]:
    """Read `:mode mode blob blob status` and a path, and give the old or the new side when it is a Markdown file."""
    before, after, was, now, _ = facts.decode("ascii", "replace").lstrip(":").split(" ")
    mode, blob = (before, was) if old else (after, now)
    name = path.decode("utf-8", "surrogateescape")
    if mode.startswith("100") and name.endswith(MARKDOWN):
        yield name, blob


def _listed(answer: bytes) -> Iterator[tuple[str, str]]:
    for line in answer.decode("utf-8", "surrogateescape").split("\0"):
        facts, _, path = line.partition("\t")
        if facts.startswith("100") and path.endswith(MARKDOWN):
            yield path, facts.split(" ")[2]


def _ids(repository: Repository, found: dict[tuple[str, str], str]) -> dict[str, str]:
    """Give the ids that some files have, with the branch of each; a text that is not here leaves the name."""
    taken: dict[str, str] = {}
    contents = repository.blobs((blob for _, blob in found), _HEAD)
    for ((path, _), branch), (_, content) in zip(found.items(), contents, strict=True):
        for one in _ids_of(path, content or b""):
            taken.setdefault(one, branch)
    return taken


def _ids_of(path: str, content: bytes) -> Iterator[str]:
    """Give the ids that a file claims: by its frontmatter, by its name, and those of a checklist's items.

    The frontmatter is not parsed: of a file that nobody can read the number is taken, too.
    """
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    front = text.removeprefix("---").partition("\n---")[0] if text.startswith("---") else ""
    document = Document(path, text, front=front)
    kind = kind_of(document)
    if kind is None:
        return
    said, named = declared_id(document), id_from_name(path, kind)
    if said is not None:
        yield f"{PREFIX_OF_KIND[kind]}-{said}" if said.isdigit() and kind in PREFIX_OF_KIND else said
    if named is not None:
        yield named
    if kind == "checklist":
        yield from _ITEM.findall(front)
