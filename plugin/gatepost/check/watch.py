"""Questions that are asked of a book while gates look at a record: noted, so that it is known what they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from gatepost.book import Entry, FileFact, Link, Relation, Unread
from gatepost.book.files import AtCommit
from gatepost.book.links import links_of
from gatepost.sources import RevisionTree

__all__ = ["Question", "Watch", "WatchedFiles"]

Question = tuple[Hashable, ...]
"""What was asked: the kind of question first."""


class Watch:
    """What is asked, and what is remembered from one book of a log to the next."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.asked: set[Question] = set()
        """What was asked since this was emptied."""
        self.commits: dict[str, bool | None] = {}
        """The commits that were asked about, and whether they exist."""
        self._links: dict[Entry, tuple[Link, ...]] = {}
        self._sources: dict[tuple[str, Relation | None], dict[str, Entry]] = defaultdict(dict)

    def links(self, entry: Entry) -> tuple[Link, ...]:
        """Give what a record names, found once."""
        known = self._links.get(entry)
        if known is None:
            known = self._links[entry] = tuple(links_of(entry))
        return known

    def moved(self, before: Entry | Unread | None, after: Entry | Unread | None) -> None:
        """Take note that a record is another one."""
        if isinstance(before, Entry):
            for link in self.links(before):
                self._sources[link.target, link.relation].pop(before.path, None)
                self._sources[link.target, None].pop(before.path, None)
            del self._links[before]
        if isinstance(after, Entry):
            for link in self.links(after):
                self._sources[link.target, link.relation][after.path] = after
                self._sources[link.target, None][after.path] = after

    def backlinks(self, target: str, relation: Relation | None) -> tuple[tuple[Entry, Link], ...]:
        """Give the records that name a thing, each with the link, by path."""
        found = self._sources.get((target, relation))
        return (
            tuple(
                (found[path], link)
                for path in sorted(found)
                for link in self._links[found[path]]
                if link.target == target and relation in {None, link.relation}
            )
            if found
            else ()
        )


class WatchedFiles:
    """The files of one commit; what is asked of them is noted."""

    def __init__(self, tree: RevisionTree, watch: Watch) -> None:
        """Keep both."""
        self.tree, self.watch = tree, watch

    def look(self, path: str, near: str) -> FileFact:
        """Find a file that a record names."""
        self.watch.asked.add(("look", path, near))
        return self.tree.look(path, near)

    def exists(self, path: str) -> bool:
        """Tell whether a path is a file or a folder of the tree."""
        self.watch.asked.add(("exists", path))
        return self.tree.exists(path)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file."""
        self.watch.asked.add(("content", path))
        return self.tree.read(path)

    def sha256(self, path: str) -> str | None:
        """Give the SHA-256 of a file's bytes."""
        self.watch.asked.add(("content", path))
        return self.tree.sha256(path)

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists: it is the same for all commits of a log."""
        if commit not in self.watch.commits:
            self.watch.commits[commit] = self.tree.has_commit(commit)
        return self.watch.commits[commit]

    def at_commit(self, commit: str, path: str) -> AtCommit | None:
        """Tell whether a commit has a file as it is here."""
        self.watch.asked.add(("content", path))
        return self.tree.at_commit(commit, path)

    def tracked_below(self, folder: str) -> tuple[str, ...] | None:
        """Give the files below a folder that git tracks."""
        self.watch.asked.add(("below", folder))
        return self.tree.tracked_below(folder)

    def why_unknown(self) -> str:
        """Say why commits or tracked files cannot be known."""
        return self.tree.why_unknown()

    def answer(self, question: Question) -> Hashable:
        """Give what a question about files is answered with now; contents by what tells them from others."""
        what, path, *near = (str(word) for word in question)
        match what:
            case "look":
                return self.tree.look(path, near[0])
            case "exists":
                return self.tree.exists(path)
            case "below":
                return self.tree.tracked_below(path)
            case _:
                return self.tree.identity(path)
