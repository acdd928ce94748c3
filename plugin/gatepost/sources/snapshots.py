"""A log at one commit after the other: what each has in another way than the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gatepost.book import Document, read_document
from gatepost.book.frontmatter import MAX_FILE
from gatepost.sources.commit_files import CommitFiles
from gatepost.sources.follow import LINK, MODULE
from gatepost.sources.listing import Listing, Shift, shifts
from gatepost.sources.mkdocs_settings import ProjectError
from gatepost.sources.published import MARKDOWN
from gatepost.sources.repository import Repository
from gatepost.sources.revision_tree import RevisionTree
from gatepost.sources.tree import Tree

__all__ = ["Snapshot", "snapshots"]

_NO_FILE: Final = frozenset({LINK, MODULE})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A log as a commit has it; it can be asked until the next one is."""

    tree: RevisionTree
    pages: frozenset[str]
    """The Markdown files that a build would publish."""
    came: tuple[str, ...]
    """Those of them that are new, or hold something else than before, by path."""
    gone: frozenset[str]
    """Those that were there before and are no more."""
    touched: frozenset[str] | None
    """The paths, folders too, at which something differs; None when links make that hard to tell: anything may."""
    contents: Mapping[str, bytes | None]
    """What some of those that came hold: it was read in one stream."""

    def document(self, path: str, known: dict[str, dict[str, Any]]) -> Document:
        """Read one of the pages that came; for `known` see `read_document`."""
        content = self.contents.get(path)
        return self.tree.document(path, known) if content is None else read_document(path, content, known)


def snapshots(today: Tree, commits: list[str]) -> Iterator[Snapshot]:
    """Give a log as each of some commits has it, in the folder and with the exclusions that it has today.

    Args:
        today: the log of today.
        commits: full ids.

    Raises:
        ProjectError: a commit cannot be read here.
    """
    project, repository = today.project, today.repository
    found = shifts(repository, commits)
    if found is None:
        message = f"the commits of the trend cannot be read: {repository.problem or 'git fsck says more'}"
        raise ProjectError(message)
    listing, at, all_rows = Listing(), dict[str, str](), list(found)
    contents = _contents(repository, all_rows, today.docs, today.published)
    for commit, rows, read in zip(commits, all_rows, contents, strict=True):
        had_links = listing.has_links
        touched = listing.move(rows)
        tree = RevisionTree(project, repository, commit, CommitFiles(repository, commit, listing))
        linked = had_links or listing.has_links
        now = _followed(tree) if linked else _brought_forward(at, rows, tree)
        came = sorted(path for path, what in now.items() if at.get(path) != what) if linked else _changed(rows, now)
        yield Snapshot(
            tree,
            frozenset(now),
            tuple(came),
            frozenset(path for path in at if path not in now),
            None if linked else frozenset(touched),
            read,
        )
        at = now


def _contents(
    repository: Repository, all_rows: list[list[Shift]], docs: str, shown: Callable[[list[str]], Iterable[str]]
) -> Iterator[dict[str, bytes | None]]:
    """Give what the pages hold that came with each commit, from one stream."""
    wanted = []
    for rows in all_rows:
        pages = {
            path: entry.id for path, entry in rows if entry and entry.mode not in _NO_FILE and _is_page(path, docs)
        }
        wanted.append([(path, pages[path]) for path in shown(sorted(pages))])
    stream = repository.blobs((blob for some in wanted for _, blob in some), MAX_FILE + 1)
    for some in wanted:
        yield {path: next(stream)[1] for path, _ in some}


def _followed(tree: RevisionTree) -> dict[str, str]:
    """Give what is at each page, with links followed."""
    return {path: tree.identity(path) for path in tree.markdown_files()}


def _brought_forward(at: dict[str, str], rows: list[Shift], tree: RevisionTree) -> dict[str, str]:
    """Give what is at each page, from what was there before, where no path leads to somewhere else."""
    changed = {path for path, _ in rows if _is_page(path, tree.docs)}
    if not changed:
        return at
    shown = tree.published(sorted(path for path, entry in rows if entry is not None and path in changed))
    now = {path: what for path, what in at.items() if path not in changed}
    now.update((path, tree.identity(path)) for path in shown)
    return now


def _changed(rows: list[Shift], now: dict[str, str]) -> list[str]:
    return sorted(path for path, entry in rows if entry is not None and path in now)


def _is_page(path: str, docs: str) -> bool:
    """Tell whether the walk below the docs folder would find a file."""
    inner = path.removeprefix(f"{docs}/") if docs else path
    if docs and inner == path:
        return False
    return inner.endswith(MARKDOWN) and not inner.startswith(".") and "/." not in inner
