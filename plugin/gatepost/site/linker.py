"""Record ids in prose become links, and numbers that prose quotes by reference are filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE

from gatepost.book import Book, Entry
from gatepost.book.prose import METRIC, without_code
from gatepost.book.quoted import quoted_number
from gatepost.records import ID_IN_PROSE
from gatepost.site.page import markdown_urls

if TYPE_CHECKING:
    from markdown import Markdown

    from gatepost.site.site import Site

__all__ = ["RecordLinks", "quote_metrics"]

_OPENS: Final = re.compile(r"<a[\s>]", re.IGNORECASE)
_AFTER_LINKS: Final = 65
"""Below Python-Markdown's links, code spans and autolinks, above its emphasis."""


class RecordLinks(Extension):
    """A Python-Markdown extension: `ADR-0003` in prose links to that record, with its title as tooltip.

    Code, existing links and ids that nobody has stay as they are. The same instance serves all pages: say
    which page comes next with `on_page`.
    """

    def __init__(self, site: Site | None = None) -> None:
        super().__init__()
        self.site = site
        """The site whose records are linked; can be set later, and nothing is linked before."""
        self._page: str | None = None

    def on_page(self, path: str | None) -> None:
        """Tell which page is rendered next, by its source path relative to the docs folder; None for none."""
        self._page = path

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown calls it by this name
        """Take part in rendering."""
        md.inlinePatterns.register(_RecordId(self, md), "gatepost-record", _AFTER_LINKS)

    def target(self, record_id: str) -> tuple[str, str] | None:
        """Give the address and the title of a record as seen from the current page, or None."""
        if self.site is None or self._page is None:
            return None
        page = self.site.page_of(record_id)
        if page is None or page == self._page:
            return None
        return markdown_urls(self._page, page), self.site.title_of(record_id)


class _RecordId(InlineProcessor):
    ANCESTOR_EXCLUDES: ClassVar[tuple[str, ...]] = ("a",)

    def __init__(self, links: RecordLinks, md: Markdown) -> None:
        super().__init__(ID_IN_PROSE.pattern, md)
        self._links = links

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name; its stub wants a Match of any kind
        self,
        m: re.Match[str],
        data: str,
    ) -> tuple[Element | None, int | None, int | None]:
        """Give a link for one id."""
        found = self._links.target(m[0])
        if found is None or self._in_raw_link(data[: m.start()]):
            return None, None, None
        link = Element("a", {"href": found[0], "title": found[1], "class": "gp-ref"})
        link.text = m[0]
        return link, m.start(0), m.end(0)

    def _in_raw_link(self, before: str) -> bool:
        """Tell whether a link that the author wrote in HTML is still open: its tags were set aside one by one."""
        inline, inside = self.md.treeprocessors["inline"], False
        if not isinstance(inline, InlineTreeprocessor):
            return inside
        for aside in INLINE_PLACEHOLDER_RE.finditer(before):
            stashed = inline.stashed_nodes.get(aside[1])
            kept = HTML_PLACEHOLDER_RE.match(stashed) if isinstance(stashed, str) else None
            raw = self.md.htmlStash.rawHtmlBlocks[int(kept[1])] if kept else None
            if isinstance(raw, str):
                inside = bool(_OPENS.match(raw)) or (inside and not raw.lower().startswith("</a"))
        return inside


def quote_metrics(markdown: str, entry: Entry, book: Book) -> str:
    """Put each quoted number in the place of its reference, `{{ metric('evidence/metrics.json#/auc') }}`.

    Args:
        markdown: the body of a page; references inside code stay as they are.
        entry: the record whose body it is.
        book: the book, for its files.
    """
    if "metric(" not in markdown:
        return markdown
    parts, done = [], 0
    for match in METRIC.finditer(without_code(markdown)):
        number = quoted_number(book, entry, match[2])
        text = f"`{match[2]}` (no number: {number})" if isinstance(number, str) else format(number, "f")
        parts += [markdown[done : match.start()], text]
        done = match.end()
    return "".join([*parts, markdown[done:]])
