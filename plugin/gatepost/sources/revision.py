"""A revision that a person names, opened as a tree: which commit it is, and what the project was then."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Final

from gatepost.sources.commit_files import CommitFiles
from gatepost.sources.disk import Now
from gatepost.sources.project import ProjectError, find_project, nearest, project_at
from gatepost.sources.repository import NO_COMMITS, SHALLOW, Repository
from gatepost.sources.revision_tree import RevisionTree

__all__ = ["open_revision"]

_SHORT: Final = 10


def open_revision(start: Path, docs: Path | None, revision: str) -> RevisionTree:
    """Open the project that a folder belongs to as it was at a commit; nothing is checked out.

    Args:
        start: a folder in the project, as it is today.
        docs: the documentation folder, when it is not the one that mkdocs.yml names.
        revision: the commit: a digest, a branch, a tag, or anything else that git takes for one.

    Raises:
        ProjectError: git cannot be asked, there is no such commit, or it has no documentation folder.
    """
    root = _root(start, docs)
    repository = Repository(root)
    commit = repository.commit(revision)
    if commit is None:
        raise ProjectError(_why_not(repository, revision))
    files = CommitFiles(repository, commit)
    return RevisionTree(project_at(start, docs, root, _Then(files, root)), repository, commit, files)


def _root(start: Path, docs: Path | None) -> Path:
    """Give the root of the repository that the records are in today; if there are none, of the folder's own."""
    try:
        today = find_project(start, docs)
    except ProjectError:
        git = nearest(start.resolve(), (".git",), Now())
        return git.parent if git else start.resolve()
    return today.root


def _why_not(repository: Repository, revision: str) -> str:
    """Say why a revision is no commit, and what to do."""
    if repository.problem:
        return f"--rev {revision} cannot be read: {repository.problem}"
    if repository.head is None and not repository.branches():
        return f"there is no commit '{revision}': {NO_COMMITS}"
    tags = (repository.ask("for-each-ref", "--format=%(refname:short)", "refs/tags") or b"").decode("utf-8", "replace")
    names = [*(branch.name for branch in repository.branches()), *tags.split()]
    if near := get_close_matches(revision, names, n=1):
        return f"there is no commit '{revision}'; did you mean {near[0]}?"
    if repository.is_shallow:
        return f"there is no commit '{revision}' in this {SHALLOW}"
    return f"there is no commit '{revision}'; `git fetch --tags` may bring it, `git log --oneline` lists what is here"


class _Then:
    """The files of a commit by their absolute paths."""

    def __init__(self, files: CommitFiles, root: Path) -> None:
        self._files = files
        self._root = root
        self.when = f"in commit {files.commit[:_SHORT]}"

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file or a folder."""
        return self._files.follow(str(path)).kind in {"file", "folder"}

    def is_folder(self, path: Path) -> bool:
        """Tell whether there is a folder."""
        return self._files.follow(str(path)).kind == "folder"

    def real(self, path: Path) -> Path:
        """Give a path without links and without `..`; one that leaves the repository is today's."""
        place = self._files.follow(str(path))
        return path.resolve() if place.kind == "outside" else self._root / place.path

    def content(self, path: Path) -> bytes:
        """Give the bytes of a file; one outside the repository is today's."""
        place = self._files.follow(str(path))
        if place.kind == "outside":
            return path.read_bytes()
        if place.kind != "file":
            reason = place.reason or "it is no regular file"
            message = f"{reason} {self.when}"
            raise OSError(message)
        return self._files.content(place)
