"""The site: a report as pages and files. It knows nothing of the generator that publishes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from gatepost.book import Entry, Unread
from gatepost.check import Report
from gatepost.check.trend import Trend
from gatepost.site.change_log import change_log
from gatepost.site.checklists import checklists
from gatepost.site.decision_log import decision_log
from gatepost.site.feed import feed, feed_link
from gatepost.site.follow_ups import follow_ups
from gatepost.site.gate_pages import gate_pages
from gatepost.site.lookup import Lookup, title
from gatepost.site.matrix import gate_matrix
from gatepost.site.overview import overview
from gatepost.site.page import (
    Asset,
    CommitUrl,
    EditUrl,
    FileUrl,
    Page,
    Urls,
    markdown_urls,
    no_commit_url,
    no_edit_url,
    no_file_url,
)
from gatepost.site.policy_page import policy_page
from gatepost.site.record_foot import foot_anchors, record_foot
from gatepost.site.record_head import head_anchors, record_head
from gatepost.site.render import safe
from gatepost.site.risk_register import risk_register
from gatepost.site.timeline import timeline_anchors
from gatepost.site.words import words_in

__all__ = ["STATUSES", "Site", "status_words"]

STATUSES: Final = (
    "proposed",
    "accepted",
    "rejected",
    "deprecated",
    "superseded",
    "open",
    "mitigated",
    "transferred",
    "avoided",
    "closed",
    "in-progress",
    "done",
    "dropped",
)
"""The words of `status:` in the frontmatter of any record; Material shows each as a badge."""

_ASSETS: Final = ("gatepost.css", "gatepost.js")
_FOLDER: Final = "assets/gatepost"
_WRITTEN: Final = (overview, gate_matrix, decision_log, risk_register, follow_ups, change_log, checklists, policy_page)
_TITLE: Final = re.compile(r"\s*<h1[^>]*>.*?</h1>\s*", re.DOTALL)


def status_words(language: str = "en") -> dict[str, str]:
    """Give the tooltip of each status badge, for `extra.status` of Material."""
    words = words_in(language)
    return {status: words(f"status.{status}") for status in STATUSES}


class Site:
    """All that readers see of one report."""

    def __init__(  # noqa: PLR0913 - each is one thing that the pages ask for
        self,
        report: Report,
        *,
        urls: Urls = markdown_urls,
        language: str = "en",
        edit_url: EditUrl = no_edit_url,
        file_url: FileUrl = no_file_url,
        commit_url: CommitUrl = no_commit_url,
        trend: Trend | None = None,
    ) -> None:
        """Take what is shown.

        Args:
            report: the checked log.
            urls: how one page links to another.
            language: the theme's language code; English where the catalogue has no such language.
            edit_url: where a reader can edit a page.
            file_url: where a reader finds a file that is cited.
            commit_url: where a reader finds a commit.
            trend: how the log stood over time, and how its gates moved; not shown when left out.
        """
        self.report = report
        self._lookup = Lookup(report, urls, words_in(language), edit_url, file_url, commit_url, trend=trend)
        self._ahead: dict[str, tuple[str, str] | tuple[()]] = {}

    def pages(self) -> tuple[Page, ...]:
        """Give every generated page, except those at whose path the author has written one."""
        written = self.report.book.pages
        pages = (*(write(self._lookup) for write in _WRITTEN), *gate_pages(self._lookup))
        return tuple(page for page in pages if f"{self._lookup.prefix}{page.path}" not in written)

    def overview(self) -> Page:
        """Give the overview, also where the author's start page takes its path: the generator may put it elsewhere."""
        return overview(self._lookup)

    def assets(self) -> tuple[Asset, ...]:
        """Give the style sheet and the script."""
        folder = files("gatepost.site") / "assets"
        return tuple(Asset(f"{_FOLDER}/{name}", (folder / name).read_bytes()) for name in _ASSETS)

    def feed(self, name: str, root: str) -> Asset | None:
        """Give the change log as an Atom feed; None when there is nothing to tell.

        Args:
            name: what the site is called.
            root: its address; empty when it is not known.
        """
        return feed(self._lookup, name, root)

    def feed_link(self, page: str) -> str:
        """Give what the head of a page, by its source path, says about the feed."""
        return feed_link(self._lookup, page)

    def record_head(self, entry: Entry | Unread) -> str:
        """Give the HTML that stands above the author's words on a record's page."""
        return record_head(self._lookup, entry)

    def record_foot(self, entry: Entry | Unread) -> str:
        """Give the HTML that stands below them."""
        return record_foot(self._lookup, entry)

    def dress_ahead(self, entries: Iterable[Entry | Unread]) -> None:
        """Write the heads and feet of many records in one go: between two pages of a build each takes twice as long."""
        self.report.history.read_ahead()
        self._ahead = {one.path: (self.record_head(one), self.record_foot(one)) for one in entries}

    def dress(self, entry: Entry | Unread, html: str) -> str:
        """Put head and foot around the rendered words: the head below the title, which is added when there is none.

        Args:
            entry: the record whose page it is.
            html: the author's Markdown, rendered; nothing in it is changed.
        """
        ahead = self._ahead.pop(entry.path, ())
        head, foot = ahead or (self.record_head(entry), self.record_foot(entry))
        match = _TITLE.match(html)
        if match:
            return f"{html[: match.end()]}{head}{html[match.end() :]}{foot}"
        if "<h1" in html:
            return f"{head}{html}{foot}"
        return f"<h1>{safe(title(entry))}</h1>\n{head}{html}{foot}"

    def anchors(self, entry: Entry | Unread) -> frozenset[str]:
        """Give the ids that head and foot define, which links may lead to."""
        lookup = self._lookup
        return frozenset((*head_anchors(lookup, entry), *foot_anchors(entry), *timeline_anchors(lookup, entry)))

    def page_of(self, key: str) -> str | None:
        """Give the source path of a record's page, with the anchor for an item of a checklist or a stage.

        Args:
            key: an id in any spelling, an item's id, or `churn-batch/pipeline#train`.
        """
        return self._lookup.page_of(key)

    def title_of(self, key: str) -> str:
        """Give what a record or an item is called; empty when there is none."""
        return self._lookup.title_of(key)
