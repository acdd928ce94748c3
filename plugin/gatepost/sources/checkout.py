"""A folder of the repository as an archive: as a commit has it, or as it is on disk."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path
from typing import Final

from gatepost.sources.repository import Repository

__all__ = ["checkout"]

_LINK: Final = "120000"


def checkout(
    root: Path, folder: str, revision: str | None, *, unchanged: tuple[str, ...] = ()
) -> tuple[bytes, str | None]:
    """Give a folder as a tar archive, and the commit that it is from.

    Args:
        root: the root of the project.
        folder: the folder, from the root; empty for the root itself.
        revision: the commit; None for the files on disk that git tracks or would track.
        unchanged: the folders that must be as they are committed, when the commit is HEAD.

    Raises:
        ValueError: git cannot be asked, there is no such commit, the commit has no such folder, or one of the folders
            has changes that are not committed.
    """
    repository = Repository(root)
    if revision is None:
        return _on_disk(repository, root, folder), None
    commit = repository.commit(revision)
    if commit is None:
        why = repository.problem or f"there is no commit {revision}"
        message = f"{why}; commit the design, or run what is on disk with --working-tree"
        raise ValueError(message)
    if revision == "HEAD" and (changed := _changed(repository, unchanged)):
        message = f"{changed} is not committed as it is: commit it, or run what is on disk with --working-tree"
        raise ValueError(message)
    packed = repository.ask("archive", "--format=tar", "--end-of-options", f"{commit}:./{folder}")
    if packed is None:
        message = f"commit {commit[:12]} has no folder {folder or '.'}"
        raise ValueError(message)
    return _whole(repository, packed, f"{commit}:./{folder}", root / folder), commit


def _whole(repository: Repository, packed: bytes, tree: str, disk: Path) -> bytes:
    """Add what an archive leaves out and a checkout has: what `export-ignore` names, and submodules that are here.

    Raises:
        ValueError: the contents of such a file are not here.
    """
    listing = repository.ask("ls-tree", "-r", "-z", "--end-of-options", tree) or b""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        there = set(archive.getnames())
    lines = (line.partition(b"\t") for line in listing.split(b"\0") if line)
    left_out = [(os.fsdecode(name), *facts.decode("ascii").split()) for facts, _, name in lines]
    kept = io.BytesIO(packed)
    with tarfile.open(fileobj=kept, mode="a", format=tarfile.PAX_FORMAT) as archive:
        for path, mode, kind, blob in left_out:
            if kind == "commit":
                _add_submodule(archive, path, blob, disk / path)
            if kind != "blob" or path in there:
                continue
            content = repository.blob(blob)
            if content is None:
                message = f"the contents of {path} are not in this clone; fetch them"
                raise ValueError(message)
            _add(archive, path, mode, content)
    return kept.getvalue()


def _add_submodule(archive: tarfile.TarFile, path: str, commit: str, disk: Path) -> None:
    """Add the files of a submodule as of a commit; none where it was not fetched."""
    inner = Repository(disk) if (disk / ".git").exists() else None
    packed = inner.ask("archive", "--format=tar", "--end-of-options", f"{commit}:") if inner else None
    if inner is None or packed is None:
        return
    with tarfile.open(fileobj=io.BytesIO(_whole(inner, packed, f"{commit}:", disk))) as files:
        for entry in files:
            content = files.extractfile(entry) if entry.isfile() else None
            entry.name = f"{path}/{entry.name}"
            archive.addfile(entry, content)


def _add(archive: tarfile.TarFile, path: str, mode: str, content: bytes) -> None:
    entry = tarfile.TarInfo(path)
    if mode == _LINK:
        entry.type, entry.linkname = tarfile.SYMTYPE, os.fsdecode(content)
        archive.addfile(entry)
        return
    entry.size, entry.mode = len(content), int(mode, 8) & 0o777
    archive.addfile(entry, io.BytesIO(content))


def _changed(repository: Repository, folders: tuple[str, ...]) -> str:
    """Give a file below some folders that is not as the last commit has it; evidence may be."""
    places = [f"./{folder}" for folder in dict.fromkeys(folders)]
    listing = repository.ask("status", "--porcelain", "-z", "--untracked-files=all", "--", *places) or b""
    for line in listing.split(b"\0"):
        path = line[3:].decode("utf-8", "surrogateescape")
        if path and "/evidence/dry-runs/" not in path:
            return path
    return ""


def _on_disk(repository: Repository, root: Path, folder: str) -> bytes:
    listing = repository.ask("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", f"./{folder}")
    if listing is None:
        message = f"{repository.problem or 'git cannot list the files'}; a dry run needs a git repository"
        raise ValueError(message)
    inner = repository.ask("ls-files", "-z", "--cached", "--recurse-submodules", "--", f"./{folder}") or b""
    kept = io.BytesIO()
    base = root / folder
    with tarfile.open(fileobj=kept, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for one in sorted({*listing.split(b"\0"), *inner.split(b"\0")}):
            path = root / os.fsdecode(one)
            if one and (path.is_file() or path.is_symlink()):
                archive.add(path, arcname=path.relative_to(base).as_posix(), recursive=False)
    return kept.getvalue()
