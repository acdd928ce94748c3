"""What happens to each page while MkDocs renders it.

The author's words go through Markdown and into the search as they are. Our own HTML goes around both: it is put
in place when the search has seen the page, so that a record is found by its words, and tables cost no parsing.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.toc import AnchorLink

from gatepost.book import Entry, Unread
from gatepost.mkdocs_plugin.sound import mend_meta
from gatepost.records import kind_of_id
from gatepost.site import quote_metrics

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from gatepost.mkdocs_plugin.reading import Log
    from gatepost.site import RecordLinks, Site

__all__ = ["Pages"]

_LONG: Final = 2000
"""From how many characters on a raw block of a generated page is held back."""
_ANCHOR: Final = re.compile(r' id="([^"]+)"')
_PART: Final = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")
_TITLE: Final = re.compile(r"\s*<h1[^>]*>.*?</h1>", re.DOTALL)


class Pages:
    """The pages of one build, each on its way through MkDocs' events."""

    def __init__(self, log: Log, site: Site, links: RecordLinks, config: MkDocsConfig) -> None:
        self._log, self._site, self._links, self._config = log, site, links, config
        self.warnings: list[str] = []
        """What is wrong with the fields of the page that was rendered last, as lines."""
        self.generated: set[str] = set()
        """The source paths of the pages that the plugin added."""
        self.heads: dict[str, str] = {}
        """For a page by its source path, what is added to its head."""
        self._meta: dict[str, MutableMapping[str, Any]] = {}
        """What generated pages say about themselves, while other pages are published: see `_lay_aside`."""
        self._held: dict[str, dict[str, str]] = {}
        """For each page, what stands for a block of HTML, and the block."""

    def markdown(self, markdown: str, page: Page) -> str:
        """Give the Markdown of a page as it is to be rendered."""
        path = page.file.src_uri
        self._links.on_page(path)
        self.warnings = []
        if path in self.generated:
            page.meta["render_macros"] = False  # the macros plugin would run what a gate's example only shows
            return self._hold_back(markdown, path)
        one = self._log.records.get(path)
        if one is None:
            return markdown
        self.warnings = list(mend_meta(page.meta, one.path, self._config))
        readable = bool(page.meta) or not one.document.text.startswith("---")
        page.meta["title"] = escape(_title(one, page), quote=False)
        if isinstance(one, Entry):
            if status := getattr(one.record, "status", None):
                page.meta["status"] = status
            return quote_metrics(markdown, one, self._log.report.book)
        return markdown if readable else _without_frontmatter(one)

    def content(self, html: str, page: Page) -> str:
        """Give the HTML of a page: a record's with its id, so that the search finds it."""
        if page.file.src_uri in self.generated:
            self._lay_aside(page)
            return html
        one = self._log.records.get(page.file.src_uri)
        if one is None:
            return html
        title = _TITLE.match(html)
        end = title.end() if title else 0
        if "<h1" not in html and kind_of_id(one.id) is not None:
            page.meta["title"] = f"{escape(one.id)} {page.meta['title']}"
        return f"{html[:end]}{_id_line(one)}{html[end:]}"

    def dress_ahead(self) -> None:
        """Write what goes around the records, once MkDocs has made all pages and knows where each can be edited."""
        self._site.dress_ahead(self._log.records.values())

    def open(self, page: Page) -> None:
        """Give a generated page back what it says about itself: it is published now."""
        page.meta = self._meta.get(page.file.src_uri, page.meta)

    def finish(self, page: Page) -> None:
        """Put everything in place: the tables of a generated page, head and foot around a record."""
        path = page.file.src_uri
        held, one = self._held.get(path), self._log.records.get(path)
        if not held and one is None:
            return
        content = page.content or ""
        for token, block in (held or {}).items():
            content = content.replace(token, block, 1)
        if one is not None:
            content = self._site.dress(one, content.replace(_id_line(one), "", 1))
            _list_parts(page, content)
        page.content = content
        if page.present_anchor_ids is not None:  # MkDocs knows only those that it rendered, and warns of other links
            page.present_anchor_ids.update(_ANCHOR.findall(content))

    def whole(self, output: str, page: Page) -> str:
        """Give a page as it is published: with what belongs in its head, where the theme has one."""
        added = self.heads.get(page.file.src_uri)
        if page.file.src_uri in self._meta:
            page.meta = {}
        return output.replace("</head>", f"{added}\n</head>", 1) if added else output

    def _lay_aside(self, page: Page) -> None:
        """Take a page's metadata away until its own template is filled.

        On each page Material asks each other one in the navigation for an icon, a status and more, if it has any
        metadata at all. That took a fiftieth of the build of a thousand records.
        """
        page.title, self._meta[page.file.src_uri] = page.title, page.meta
        page.meta = {}

    def _hold_back(self, markdown: str, path: str) -> str:
        """Keep long raw blocks from Markdown, which would parse them to no end."""
        held: dict[str, str] = {}
        blocks = markdown.split("\n\n")
        for number, block in enumerate(blocks):
            if len(block) > _LONG and block.startswith("<") and 'class="gp' in block[:200]:
                token = f'<div id="gp-held-{number}"></div>'
                held[token], blocks[number] = block, token
        self._held[path] = held
        return "\n\n".join(blocks)


def _list_parts(page: Page, content: str) -> None:
    """Add the parts of a page that are not the author's to its table of contents, below the title as theirs are."""
    first = next(iter(page.toc), None)
    parts = first.children if first is not None and first.level == 1 else page.toc.items
    known = {part.id for part in parts}
    parts += [
        AnchorLink(_TAG.sub("", name), anchor, 2) for anchor, name in _PART.findall(content) if anchor not in known
    ]


def _title(one: Entry | Unread, page: Page) -> str:
    """Give a record's title; for one that cannot be read what MkDocs made of it, else its id."""
    return one.record.title if isinstance(one, Entry) else str(page.meta.get("title", one.id))


def _without_frontmatter(one: Unread) -> str:
    """Give the body of a record whose frontmatter MkDocs would show as text; nothing when its end is not known."""
    return one.document.body if one.document.body_start else ""


def _id_line(one: Entry | Unread) -> str:
    return f'<p class="gp-id">{escape(one.id)}</p>\n'
