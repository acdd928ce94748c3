"""One build: the checked log, the site made of it, and its pages among the author's."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.files import File, InclusionLevel

from gatepost.book import Unread
from gatepost.book.dry_runs import dry_run_pages
from gatepost.book.layout import GENERATED_PAGES
from gatepost.mkdocs_plugin.nav import OwnNav, lead
from gatepost.mkdocs_plugin.options import Options, language_of_theme
from gatepost.mkdocs_plugin.pages import Pages
from gatepost.mkdocs_plugin.places import OVERVIEW, Places, is_in_nav
from gatepost.mkdocs_plugin.reading import Log
from gatepost.mkdocs_plugin.record_page import give_pages
from gatepost.mkdocs_plugin.sound import drop_unaddressable, fill_unreadable
from gatepost.site import RecordLinks, Site, status_words
from gatepost.sources.forge import CommitUrl, commit_urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation

    from gatepost.check import Report
    from gatepost.site import Asset, Page

__all__ = ["Build"]

_LINKED_SUFFIXES: Final = {".css": "extra_css", ".js": "extra_javascript"}
_WITH_FEED: Final = ("change-log.md",)
"""The pages whose head names the feed."""


class Build:
    """What one build knows; the next one starts from nothing."""

    def __init__(self, files: Files, config: MkDocsConfig, options: Options) -> None:
        """Check the log and prepare its site; for the exceptions see `Log`."""
        self._files, self._config, self._options = files, config, options
        self.warnings = list(drop_unaddressable(files))
        """What counts in a strict build beside the findings, as lines."""
        self.log = Log(files, config, options.as_of)
        self._places = Places(files, config)
        self._nav = OwnNav(files, config)
        self._language = options.language or language_of_theme(config)
        self._site = Site(
            self.report,
            urls=self._url,
            language=self._language,
            edit_url=self._places.edit_url,
            file_url=self._places.file_url,
            commit_url=self._commit_url,
            trend=self.log.trend() if options.trend else None,
        )
        self._links = RecordLinks(self._site)
        self._writing_pages = False
        self.pages = Pages(self.log, self._site, self._links, config)
        self._make_pages_readable()
        if not self.log.records:
            docs = self.report.book.docs or "the docs folder"
            self.warnings.append(
                f"no records found below {docs} (write a first one with `gatepost new decision TITLE`)"
            )

    def _make_pages_readable(self) -> None:
        for page, one in self.log.records.items():
            file = self._files.src_uris.get(page) if isinstance(one, Unread) else None
            if file is not None:
                fill_unreadable(file)

    @cached_property
    def _commit_urls(self) -> CommitUrl:
        said = self._options.commits or self._config.repo_url
        return commit_urls(said) if said else commit_urls(None, self.log.remote_url())

    def _commit_url(self, commit: str) -> str:
        """Give the address of a commit; git is asked for that of its remote when there is a commit to show."""
        return self._commit_urls(commit)

    @property
    def report(self) -> Report:
        """How the gates stand."""
        return self.log.report

    def add_pages(self) -> Iterator[str]:
        """Add the generated pages and files to the build; give what an author should know about that."""
        self._keep_records_out_of_nav()
        for page in self._pages():
            path = self._places.overview if page.path == OVERVIEW else page.path
            if self._places.author_of(path) is None:
                self._add(path, page.markdown, self._nav.of_generated(path, leading=page.path in GENERATED_PAGES))
        for asset in self._site.assets():
            self._add_file(asset)
            self._link(asset.path)
        if (feed := self._site.feed(self._config.site_name, self._config.site_url or "")) is not None:
            self._add_file(feed)
            self.pages.heads = {page: self._site.feed_link(page) for page in _WITH_FEED if page in self.pages.generated}
        self._take_part_in_markdown()
        self._explain_statuses()
        yield from self._notes()

    def _pages(self) -> tuple[Page, ...]:
        self._writing_pages = True
        try:
            pages = self._site.pages()
            found = any(page.path == OVERVIEW for page in pages)
            return pages if found else (self._site.overview(), *pages)
        finally:
            self._writing_pages = False

    def _notes(self) -> Iterator[str]:
        """Say which of the author's pages stand in the place of generated ones."""
        gates = (f"gates/{gate.id}.md" for gate in self.report.gates)
        for path in (*GENERATED_PAGES, self._places.overview, *gates):
            theirs = self._places.author_of(path)
            if theirs is None or (path == "policy.md" and theirs.src_uri in self.log.records):
                continue
            if path == OVERVIEW:
                yield f"{theirs.src_uri} is yours; the overview goes to {self._places.overview}"
            else:
                yield f"{theirs.src_uri} is yours; the generated page of that address is left out"

    def _explain_statuses(self) -> None:
        """Give Material's badges their words; those that the author chose win."""
        theirs = self._config.extra.get("status")
        if theirs is None or isinstance(theirs, dict):
            self._config.extra["status"] = {**status_words(self._language), **(theirs or {})}

    def _add(self, path: str, content: str | bytes, inclusion: InclusionLevel) -> None:
        unpublished = self._files.src_uris.get(path)
        if unpublished is not None:
            self._files.remove(unpublished)
        self._files.append(File.generated(self._config, path, content=content, inclusion=inclusion))
        self.pages.generated.add(path)

    def _add_file(self, asset: Asset) -> None:
        if self._places.author_of(asset.path) is None:
            self._add(asset.path, asset.content, InclusionLevel.INCLUDED)

    def _link(self, path: str) -> None:
        """Load a style sheet or a script on each page."""
        for suffix, setting in _LINKED_SUFFIXES.items():
            if path.endswith(suffix) and path not in self._config[setting]:
                self._config[setting].append(path)

    def _keep_records_out_of_nav(self) -> None:
        if self._options.records_in_nav:
            return
        for page in (*self.log.records, *self._dry_runs()):
            file = self._files.src_uris.get(page)
            if file is not None and is_in_nav(file):
                leads = page in GENERATED_PAGES  # the policy, at the address of the generated one
                file.inclusion = self._nav.of_generated(page, leading=True) if leads else self._nav.of_record(page)

    def _dry_runs(self) -> Iterator[str]:
        """Give the pages of executed dry runs, which the page of their contract leads to."""
        book = self.report.book
        prefix = f"{book.docs}/" if book.docs else ""
        for contract in book.of_kind("pipeline"):
            yield from (path.removeprefix(prefix) for path in dry_run_pages(book, contract))

    def _take_part_in_markdown(self) -> None:
        """Let ids in prose become links; a configuration that is used again keeps one instance."""
        extensions: list[Any] = self._config["markdown_extensions"]
        extensions[:] = [one for one in extensions if not isinstance(one, RecordLinks)]
        extensions.append(self._links)

    def _url(self, from_page: str, to_page: str) -> str:
        """Link two pages of the site, which does not know that the overview may have gone aside.

        Where a record is the start page, the site means that record, except when it writes the overview.
        """
        aside = self._places.overview
        theirs = OVERVIEW in self.log.records
        if from_page == OVERVIEW and (self._writing_pages or not theirs):
            from_page = aside
        path, sharp, anchor = to_page.partition("#")
        if path == OVERVIEW and not theirs:
            to_page = f"{aside}{sharp}{anchor}"
        return self._places.url(from_page, to_page)

    def arrange(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Put the pages that lead to all others first, below an author's own start page; give records their pages."""
        if not self._nav.exists and config.nav is None:
            nav = self._leading(nav, files)
        found = ((files.src_uris.get(path), one.document) for path, one in self.log.records.items())
        give_pages(((file, document) for file, document in found if file is not None), nav, config)
        return nav

    def _leading(self, nav: Navigation, files: Files) -> Navigation:
        first = (OVERVIEW, self._places.overview, *GENERATED_PAGES)
        found = [files.src_uris.get(path) or self._places.author_of(path) for path in first]
        pages = {file.src_uri: file.page for file in found if file is not None and self._may_lead(file)}
        return lead(nav, [page for page in pages.values() if page is not None])

    def _may_lead(self, file: File) -> bool:
        return is_in_nav(file) or file.src_uri in self.log.records
