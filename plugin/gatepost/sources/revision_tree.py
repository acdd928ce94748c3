"""A commit as a tree: what a working directory of that commit would say, without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from gatepost.book import Document, read_document
from gatepost.book.frontmatter import MAX_FILE
from gatepost.sources.commit_files import CommitFiles, Place
from gatepost.sources.project import Project
from gatepost.sources.published import published, walk
from gatepost.sources.repository import Repository
from gatepost.sources.tree import MAX_DIGESTED, MAX_READ, PathKind, Tree, refused

__all__ = ["RevisionTree"]


class RevisionTree(Tree):
    """The files of a project as a commit has them.

    What is read are the bytes that were committed: where a checkout would convert them (line ends, or the files of
    Git LFS), the digest and the contents of a cited file are those before the conversion.
    """

    def __init__(self, project: Project, repository: Repository, commit: str, files: CommitFiles | None = None) -> None:
        """Keep what is asked later.

        Args:
            project: the project as it was at that commit.
            repository: the repository around its root.
            commit: the full id of the commit.
            files: the files of that commit, when somebody listed them already.
        """
        super().__init__(project, repository)
        self.commit = commit
        self._files = files or CommitFiles(repository, commit)

    @cached_property
    def docs(self) -> str:
        """The documentation folder, relative to the root; empty when it is the root."""
        relative = self.project.docs.relative_to(self.project.root).as_posix()
        return "" if relative == "." else relative

    def markdown_files(self) -> tuple[str, ...]:
        """Give the paths, from the root, of the Markdown files below the docs folder that MkDocs would publish."""
        found = sorted(walk(self._files, self.docs))
        return tuple(published(found, self.docs, self.project.exclude))

    def documents(self) -> Iterator[Document]:
        """Give every Markdown file that a build would publish, read from one stream, in order of path."""
        places = [(path, self._place(path)) for path in self.markdown_files()]
        contents = self.repository.blobs((place.id for _, place in places if place.kind == "file"), MAX_FILE + 1)
        for path, place in places:
            content = self._files.known(place, next(contents)[1]) if place.kind == "file" else b""
            yield _document(path, place, content)

    def document(self, path: str, known: dict[str, dict[str, Any]] | None = None) -> Document:
        """Read one file by its path from the root; for `known` see `read_document`."""
        place = self._place(path)
        content = self._files.content(place, MAX_FILE + 1) if place.kind == "file" else b""
        return _document(path, place, content, known)

    def identity(self, path: str) -> str:
        """Give what tells the contents at a path from others: two that are the same have the same."""
        place = self._place(path)
        return f"{place.kind} {place.id}"

    def _place(self, path: str) -> Place:
        return self._files.follow(path)

    def _kind(self, path: str) -> PathKind:
        return "missing" if "\0" in path else self._place(path).kind

    def _tracks(self, path: str) -> bool | None:
        return self._files.tracks(path)

    def _blobs(self, path: str) -> Iterator[str]:
        yield self._place(path).id

    def _tracked(self, folder: str) -> Iterable[str]:
        return self._files.below(folder)

    def _read(self, path: str) -> bytes | None:
        content = self._files.content(self._place(path), MAX_READ + 1)
        return None if len(content) > MAX_READ else content

    def _digest(self, path: str) -> str | None:
        place = self._place(path)
        self._files.content(place, 0)  # complains when it is not here
        return self.repository.sha256(place.id, MAX_DIGESTED)


def _document(path: str, place: Place, content: bytes, known: dict[str, dict[str, Any]] | None = None) -> Document:
    match place.kind:
        case "outside":
            return refused(path, "outside")
        case "folder":
            return refused(path, "other")
        case "missing":
            return refused(path, place.reason)
        case "file":
            return read_document(path, content, known)
