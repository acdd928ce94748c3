"""Which pages stand in the navigation, and in which order. An author's own navigation is left alone."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure import StructureItem
    from mkdocs.structure.files import Files

__all__ = ["OwnNav", "lead"]

_AWESOME: Final = "awesome-nav"
_NAV_PLUGINS: Final = frozenset({_AWESOME, "literate-nav"})


class OwnNav:
    """What the author says about the navigation: in mkdocs.yml, or in the files of a navigation plugin."""

    def __init__(self, files: Files, config: MkDocsConfig) -> None:
        self._files, self._config = files, config
        self.exists = config.nav is not None or bool(_NAV_PLUGINS & config.plugins.keys())
        """Whether there is one, so that nothing is to be arranged."""
        self._awesome = _AWESOME in config.plugins

    def of_generated(self, page: str, *, leading: bool) -> InclusionLevel:
        """Give how a generated page takes part.

        Args:
            page: its source path.
            leading: whether it is one of the pages that lead to all others.
        """
        if self._awesome:
            wanted = self._names(page) or (leading and self._lists_everything)
        else:
            wanted = leading and not self.exists
        return InclusionLevel.INCLUDED if wanted else InclusionLevel.NOT_IN_NAV

    def of_record(self, page: str) -> InclusionLevel:
        """Give how a record's page takes part; MkDocs and literate-nav find one that they name in any case."""
        named = self._awesome and self._names(page)
        return InclusionLevel.INCLUDED if named else InclusionLevel.NOT_IN_NAV

    @cached_property
    def _nav_files(self) -> dict[str, str]:
        """The texts of awesome-nav's files, by folder."""
        name = self._config.plugins[_AWESOME].config["filename"]
        found = (file for file in self._files if posixpath.basename(file.src_uri) == name)
        return {posixpath.dirname(file.src_uri): file.content_string for file in found}

    def _names(self, page: str) -> bool:
        """Tell whether a file of awesome-nav's names a page, or the folder that it is the index of."""
        names = [page, posixpath.dirname(page)] if posixpath.basename(page) == "index.md" else [page]
        return any(
            re.search(rf"(?<![\w./-]){re.escape(posixpath.relpath(name, folder or '.'))}(?![\w-]|/\w)", text)
            for folder, text in self._nav_files.items()
            if not folder or page.startswith(f"{folder}/")
            for name in names
            if name != folder
        )

    @property
    def _lists_everything(self) -> bool:
        """Whether awesome-nav's topmost file lists what it does not name, as it does when there is none."""
        topmost = self._nav_files.get("")
        return topmost is None or "*" in topmost


def lead(nav: Navigation, pages: Iterable[Page]) -> Navigation:
    """Give a navigation in which some pages come first, at the top level; the others keep their order."""
    first = list(pages)
    items = [*first, *_without(nav.items, first)]
    for page in first:
        page.parent = None
    listed = list(_pages(items))
    for page in listed:
        page.previous_page = page.next_page = None
    for before, after in pairwise(listed):
        before.next_page, after.previous_page = after, before
    return Navigation(items, listed)


def _without(items: list[StructureItem], pages: list[Page]) -> list[StructureItem]:
    """Give the items that are none of the pages; a section that is left empty goes, too."""
    kept: list[StructureItem] = []
    for item in items:
        if isinstance(item, Section):
            item.children = _without(item.children, pages)
            if item.children:
                kept.append(item)
        elif not any(item is page for page in pages):
            kept.append(item)
    return kept


def _pages(items: Iterable[StructureItem]) -> Iterable[Page]:
    for item in items:
        if isinstance(item, Page):
            yield item
        elif isinstance(item, Section):
            yield from _pages(item.children)
