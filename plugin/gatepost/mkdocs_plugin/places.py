"""Where generated pages go beside the author's, and how pages link to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_relative_url

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

__all__ = ["OVERVIEW", "Places", "is_in_nav", "is_published"]

OVERVIEW: Final = "index.md"
_ASIDE: Final = "overview.md"


def is_published(file: File) -> bool:
    """Tell whether a build publishes a file: it is neither excluded nor a draft."""
    return bool(file.inclusion.value > InclusionLevel.DRAFT.value)


def is_in_nav(file: File) -> bool:
    """Tell whether a page takes part in the navigation."""
    return bool(file.inclusion.value > InclusionLevel.NOT_IN_NAV.value)


class Places:
    """The source paths of pages, and the addresses that MkDocs gives them."""

    def __init__(self, files: Files, config: MkDocsConfig) -> None:
        """Take the files of a build before any page is added to them."""
        self._files, self._config = files, config
        self._addresses: dict[str, str] = {}
        self._theirs = {file.dest_uri: file for file in files if is_published(file)}
        self.overview = _ASIDE if self.author_of(OVERVIEW) else OVERVIEW
        """Where the overview goes: aside, when the author has a start page."""

    def author_of(self, page: str) -> File | None:
        """Give the author's file that stands where a generated page would go."""
        return self._theirs.get(self._file(page).dest_uri)

    def url(self, from_page: str, to_page: str) -> str:
        """Give a relative URL from one page to another, both source paths; see `gatepost.site.Urls`."""
        path, sharp, anchor = to_page.partition("#")
        relative = get_relative_url(self._address(path or from_page), self._address(from_page))
        return f"{relative}{sharp}{anchor}"

    def _address(self, path: str) -> str:
        """Give a page's address in the site; it can be asked for before the page is added."""
        known = self._addresses.get(path)
        if known is None:
            file = self._files.src_uris.get(path) or self.author_of(path) or self._file(path)
            known = self._addresses[path] = file.url
        return known

    def edit_url(self, page: str) -> str | None:
        """Give the address at which MkDocs says that a page can be edited; there is none before it made the page."""
        file = self._files.src_uris.get(page)
        return file.page.edit_url if file is not None and file.page is not None else None

    def file_url(self, from_page: str, path: str) -> str | None:
        """Give a relative URL from a page to a file of the docs folder; there is none to what is not published."""
        file = self._files.src_uris.get(path)
        return self.url(from_page, path) if file is not None and is_published(file) else None

    def _file(self, path: str) -> File:
        return File(path, None, self._config.site_dir, self._config.use_directory_urls)
