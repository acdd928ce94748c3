"""From MkDocs' files to a report: what a build publishes is what is checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import set_exclusions

from gatepost.book import Document, Entry, Unread, read_book, read_document
from gatepost.check import check_book, history_of, load_gates
from gatepost.check.trend import trend_of
from gatepost.sources import WorkingTree, find_project, judged_on

if TYPE_CHECKING:
    import datetime as dt

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files

    from gatepost.check import Report
    from gatepost.check.trend import Trend

__all__ = ["Log"]


class Log:
    """The records of one build, checked."""

    def __init__(self, files: Files, config: MkDocsConfig, as_of: dt.date | None) -> None:
        """Read the records among the files that the build publishes.

        Args:
            files: MkDocs' files, those that other plugins made included.
            config: the site's configuration.
            as_of: the day to judge on, when the author named one.

        Raises:
            ProjectError: the documentation folder or mkdocs.yml cannot be read.
            ClockError: SOURCE_DATE_EPOCH is not a number of seconds.
            GateLoadError: a gate of another package cannot be used.
        """
        docs = Path(config.docs_dir)
        start = Path(config.config_file_path).parent if config.config_file_path else docs
        tree = WorkingTree(find_project(start, docs))
        set_exclusions(files, config)
        pages = sorted(files.documentation_pages(), key=lambda file: file.src_uri)
        book = read_book((_document(file, tree, config) for file in pages), files=tree, docs=tree.docs)
        self.root, self._tree = tree.project.root, tree
        self.remote_url = tree.repository.remote_url
        self.report: Report = check_book(book, judged_on(as_of), load_gates(), history_of(tree))
        found: tuple[Entry | Unread, ...] = (*book.entries, *book.unread)
        self.records = {self.page(one.path): one for one in found}
        """The records by the source path of their page, relative to the docs folder."""

    def page(self, path: str) -> str:
        """Give a path from the root as a path from the docs folder."""
        docs = self.report.book.docs
        return path.removeprefix(f"{docs}/") if docs else path

    def trend(self) -> Trend:
        """Give how the log stood over time."""
        return trend_of(self.report, self._tree)

    def cited_outside(self) -> tuple[Path, ...]:
        """Give the files outside the docs folder that the evidence of records rests on."""
        book = self.report.book
        prefix = f"{book.docs}/" if book.docs else ""
        facts = [
            book.files.look(link.written, book.folder(entry))
            for entry in book.entries
            for link in book.links(entry)
            if link.relation == "evidence"
        ]
        outside = {fact.path for fact in facts if fact.state == "found" and not fact.path.startswith(prefix)}
        return tuple(self.root / path for path in sorted(outside)) if prefix else ()


def _document(file: File, tree: WorkingTree, config: MkDocsConfig) -> Document:
    """Read one page: from disk as it is, or what another plugin made of it."""
    path = f"{tree.docs}/{file.src_uri}" if tree.docs else file.src_uri
    on_disk = file.src_dir == config.docs_dir or (
        file.src_dir is not None and Path(file.src_dir) == Path(config.docs_dir)
    )
    if on_disk and file.generated_by is None and file.abs_src_path is not None:
        return tree.document(path)
    return read_document(path, file.content_bytes)
