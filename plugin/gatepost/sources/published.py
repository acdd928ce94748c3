"""Which Markdown files a build publishes: the walk below the docs folder, and what MkDocs leaves out."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, Protocol

from gatepost.sources.project import ProjectError

__all__ = ["Folders", "Item", "is_below", "published", "walk"]

_MARKDOWN: Final = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")


class Item(Protocol):
    """One name in a folder; `os.DirEntry` is one."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def path(self) -> str:
        """The folder's path and the name."""

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Tell whether it is a folder."""


class Folders(Protocol):
    """Folders that can be walked."""

    def items(self, folder: str) -> Iterable[Item]:
        """Give what a folder holds; nothing when it cannot be read."""

    def identity(self, folder: str) -> Hashable:
        """Give what is the same for a folder under each of its names; None when it cannot be read."""

    def real(self, path: str) -> str | None:
        """Give a path without links; None when it leaves the repository."""


def walk(folders: Folders, docs: str) -> Iterator[str]:
    """Give the Markdown files below a folder; folders behind links come last, and none is walked twice."""
    waiting, links, seen = [docs], deque[str](), set[Hashable]()
    while waiting or links:
        folder = waiting.pop() if waiting else links.popleft()
        identity = folders.identity(folder)
        if identity is None or identity in seen:
            continue
        seen.add(identity)
        for item in sorted(folders.items(folder), key=lambda item: item.name):
            if item.name.startswith("."):
                continue
            if item.is_dir(follow_symlinks=False):
                waiting.append(item.path)
            elif _leads_to_a_folder(item) and (real := folders.real(item.path)) is not None:
                if not is_below(folders.real(folder) or "", real):
                    links.append(item.path)
            elif item.name.endswith(_MARKDOWN):
                yield item.path


def _leads_to_a_folder(link: Item) -> bool:
    try:
        return link.is_dir()
    except OSError:
        return False  # a link that leads to itself: reading it as a file says so


def is_below(path: str, folder: str) -> bool:
    """Tell whether a real path is a folder or lies below it; the empty folder is the root of all relative paths."""
    return path == folder or not folder or path.startswith(folder.rstrip("/") + "/")


def published(paths: list[str], docs: str, exclude: str) -> Iterable[str]:
    """Give those of some files that a build publishes.

    Args:
        paths: files below the docs folder.
        docs: the docs folder; empty when it is the root that the paths are relative to.
        exclude: MkDocs' `exclude_docs` and `draft_docs`.

    Raises:
        ProjectError: the patterns cannot be read.
    """
    prefix = f"{docs}/" if docs else ""
    if not exclude.strip():
        return (path for path in paths if not path.startswith(f"{prefix}templates/"))
    from pathspec.gitignore import GitIgnoreSpec  # noqa: PLC0415 - only for projects that exclude something

    try:
        spec = GitIgnoreSpec.from_lines(["/templates/", *exclude.splitlines()])
    except ValueError as error:
        message = f"exclude_docs or draft_docs of mkdocs.yml cannot be read: {error}"
        raise ProjectError(message) from None
    return (path for path in paths if not spec.match_file(path.removeprefix(prefix)))
