"""The page of a record in MkDocs, which need not read again what the check has read."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from mkdocs.structure.pages import Page
from mkdocs.utils.meta import YAML_RE

from gatepost.mkdocs_plugin.converter import Converter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

    from gatepost.book import Document

__all__ = ["give_pages"]


class RecordPage(Page):
    """A page whose Markdown and metadata are known before MkDocs comes to it: they are what it would find."""

    def __init__(self, file: File, config: MkDocsConfig, document: Document, converter: Converter) -> None:
        super().__init__(None, file, config)
        self._document, self._converter = document, converter

    def read_source(self, config: MkDocsConfig) -> None:
        """Take what was read, unless a plugin has given the page another source since, or wants to."""
        if config.plugins.events["page_read_source"] or self.file.abs_src_path is None:
            super().read_source(config)
        else:
            self.markdown, self.meta = self._document.body.lstrip("\n"), _copied(self._document.whole or {})

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown as MkDocs does, with a converter that other records have used."""
        with self._converter.lent(config):
            super().render(config, files)


def _copied(fields: dict[str, Any]) -> dict[str, Any]:
    """Give fields that somebody may change; most are text, which nobody can."""
    return {name: deepcopy(value) if isinstance(value, list | dict) else value for name, value in fields.items()}


def give_pages(found: Iterable[tuple[File, Document]], nav: Navigation, config: MkDocsConfig) -> None:
    """Give records their pages, where MkDocs would read the same as the check; those in the navigation keep theirs."""
    listed, converter = {id(page) for page in nav.pages}, Converter()
    for file, document in found:
        if type(file.page) is Page and id(file.page) not in listed and _reads_the_same(document):
            RecordPage(file, config, document, converter)  # MkDocs puts it into the file


def _reads_the_same(document: Document) -> bool:
    if not document.whole:
        return False
    fences = YAML_RE.match(document.text)
    return fences is not None and fences.end() == document.body_start
