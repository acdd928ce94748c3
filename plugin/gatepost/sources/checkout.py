"""A folder of the repository as an archive: as a commit has it, or as it is on disk."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from gatepost.sources.repository import Repository

__all__ = ["checkout"]


def checkout(root: Path, folder: str, revision: str | None) -> tuple[bytes, str | None]:
    """Give a folder as a tar archive, and the commit that it is from.

    Args:
        root: the root of the project.
        folder: the folder, from the root; empty for the root itself.
        revision: the commit; None for the files on disk that git tracks or would track.

    Raises:
        ValueError: git cannot be asked, there is no such commit, the commit has no such folder, or the folder has
            changes that are not committed.
    """
    repository = Repository(root)
    if revision is None:
        return _on_disk(repository, root, folder), None
    commit = repository.commit(revision)
    if commit is None:
        why = repository.problem or f"there is no commit {revision}"
        message = f"{why}; commit the design, or run what is on disk with --working-tree"
        raise ValueError(message)
    if revision == "HEAD" and (changed := _changed(repository, folder)):
        message = f"{changed} is not committed as it is: commit it, or run what is on disk with --working-tree"
        raise ValueError(message)
    packed = repository.ask("archive", "--format=tar", "--end-of-options", f"{commit}:./{folder}")
    if packed is None:
        message = f"commit {commit[:12]} has no folder {folder or '.'}"
        raise ValueError(message)
    return packed, commit


def _changed(repository: Repository, folder: str) -> str:
    """Give a file below a folder that is not as the last commit has it; evidence may be."""
    listing = repository.ask("status", "--porcelain", "-z", "--untracked-files=all", "--", f"./{folder}") or b""
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
    kept = io.BytesIO()
    base = root / folder
    with tarfile.open(fileobj=kept, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for one in sorted(set(listing.split(b"\0"))):
            path = root / os.fsdecode(one)
            if one and (path.is_file() or path.is_symlink()):
                archive.add(path, arcname=path.relative_to(base).as_posix(), recursive=False)
    return kept.getvalue()
