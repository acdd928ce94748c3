"""What commits have, one after the other: the list of files is brought forward, never read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.sources.follow import LINK, MODULE, Entry, is_gits

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["Listing", "Shift", "shifts"]

_EMPTY_TREE: Final = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without files, which git knows in every repository, by the length of its ids."""


class Shift(NamedTuple):
    """One path that is not what it was."""

    path: str
    entry: Entry | None
    """What is there now; None for nothing."""


class Listing:
    """The files, links and submodules of a commit, and the names in each folder."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries: dict[str, Entry] = {}
        self.children: dict[str, dict[str, None]] = {"": {}}
        self._special = 0

    @property
    def has_links(self) -> bool:
        """Whether there is a link or a submodule, so that a path may lead to somewhere else."""
        return self._special > 0

    def move(self, rows: Iterable[Shift]) -> set[str]:
        """Take what the next commit has in another way; give the paths at which something differs, folders too."""
        touched: set[str] = set()
        for path, entry in sorted(rows, key=lambda row: row.entry is not None):  # a file may make room for a folder
            was = self.entries.pop(path, None)
            self._special += _is_special(entry) - _is_special(was)
            touched.add(path)
            if entry is not None:
                self.entries[path] = entry
                if was is None:
                    touched.update(self._put(path))
            elif was is not None:
                touched.update(self._take(path))
        return touched

    def _put(self, path: str) -> Iterator[str]:
        """Add a name to its folder; give the folders that came with it."""
        while path:
            folder, _, name = path.rpartition("/")
            is_new = folder not in self.children
            self.children.setdefault(folder, {})[name] = None
            if not is_new:
                return
            yield folder
            path = folder

    def _take(self, path: str) -> Iterator[str]:
        """Take a name out of its folder; give the folders that went with it."""
        while path:
            folder, _, name = path.rpartition("/")
            self.children.get(folder, {}).pop(name, None)
            if self.children.get(folder) or not folder:
                return
            self.children.pop(folder, None)
            yield folder
            path = folder


def _is_special(entry: Entry | None) -> bool:
    return entry is not None and entry.mode in {LINK, MODULE}


def shifts(repository: Repository, commits: list[str]) -> Iterator[list[Shift]] | None:
    """Give for each of some commits what it has in another way than the one before it; the first, than nothing.

    Args:
        repository: where to ask, from its root.
        commits: full ids.

    Returns:
        None when git cannot say.
    """
    trees = _trees(repository, commits)
    if trees is None:
        return None
    pairs = list(zip([_EMPTY_TREE[len(trees[0])], *trees], trees, strict=False)) if trees else []
    asked = "".join(f"{old} {new}\n" for old, new in pairs if old != new)
    words = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev")
    output = repository.ask(*words, given=asked.encode()) if asked else b""
    return None if output is None else _each(output, pairs)


def _trees(repository: Repository, commits: list[str]) -> list[str] | None:
    """Give the tree of each commit, that of the root's folder; the empty tree where it was not there."""
    folder = repository.prefix.rstrip("/")
    asked = "".join(f"{commit}:{folder}\n" for commit in commits)
    answer = repository.ask("cat-file", "--batch-check", given=asked.encode("utf-8", "surrogateescape"))
    if answer is None:
        return None
    found = answer.decode("utf-8", "surrogateescape").splitlines()
    if len(found) != len(commits):
        return None
    words = (line.split(" ") for line in found)
    return [
        one[0] if one[1:2] == ["tree"] else _EMPTY_TREE[len(name)] for one, name in zip(words, commits, strict=True)
    ]


def _each(output: bytes, pairs: list[tuple[str, str]]) -> Iterator[list[Shift]]:
    """Give what stands below each line with two trees."""
    tokens = output.split(b"\0")
    at = 0
    for old, new in pairs:
        rows: list[Shift] = []
        if old != new:
            tokens[at] = tokens[at].removeprefix(f"{old} {new}\n".encode())
        while old != new and tokens[at].startswith(b":"):
            _, mode, _, blob, _ = tokens[at][1:].decode("ascii").split(" ")
            path = tokens[at + 1].decode("utf-8", "surrogateescape")
            if not is_gits(path):
                rows.append(Shift(path, Entry(mode, blob) if mode != "000000" else None))
            at += 2
        yield rows
