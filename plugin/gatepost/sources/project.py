"""Where a project's records are: the root of the repository, the docs folder, what MkDocs leaves out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, NamedTuple

from gatepost.sources.disk import Disk, Now
from gatepost.sources.mkdocs_settings import CONFIG_FILES, ProjectError, read_settings

__all__ = ["DEFAULT_DOCS", "NoFolderError", "Project", "ProjectError", "find_project", "nearest", "project_at"]

DEFAULT_DOCS: Final = ("designs", "docs")
"""The folders that records are looked for in where nothing names one."""


class NoFolderError(ProjectError):
    """A commit has no documentation folder: the log was begun later, or elsewhere."""


class Project(NamedTuple):
    """What has to be known to read a log from the working directory."""

    root: Path
    """The root of the repository; the folder of mkdocs.yml where there is no repository."""
    docs: Path
    """The documentation folder."""
    exclude: str = ""
    """MkDocs' `exclude_docs` and `draft_docs`: gitignore patterns of pages that a build does not publish."""
    repository: bool = False
    """Whether the root is that of a git repository."""
    repo_url: str = ""
    """What mkdocs.yml says of where the repository is in the web; empty when it says nothing."""


def find_project(start: Path, docs: Path | None = None) -> Project:
    """Find the project that a folder belongs to.

    Args:
        start: a folder in the project.
        docs: the documentation folder, when it is not the one that mkdocs.yml names.

    Raises:
        ProjectError: there is no documentation folder, or mkdocs.yml cannot be read.
    """
    start = _folder(start)
    base, settings = _configured(start, Now())
    folder = docs.resolve() if docs else _docs_folder(base, settings, Now())
    if not folder.is_dir():
        message = f"there is no folder {folder}; name the folder of your records with --docs, or run `gatepost init`"
        raise ProjectError(message)
    git = nearest(folder, (".git",), Now())
    root = git.parent if git else Path(os.path.commonpath([base, folder]))
    said = settings.get("repo_url")
    return Project(root, folder, _left_out(settings), git is not None, said if isinstance(said, str) else "")


def project_at(start: Path, docs: Path | None, root: Path, disk: Disk) -> Project:
    """Find the project that a folder belonged to at another time.

    Args:
        start: a folder in the project, as it is today.
        docs: the documentation folder, when it is not the one that mkdocs.yml names.
        root: the root of the repository.
        disk: its files at that time; where they have no mkdocs.yml, today's counts.

    Raises:
        ProjectError: there was no documentation folder, or mkdocs.yml cannot be read.
    """
    start = _folder(start)
    had_one = start.is_relative_to(root) and nearest(start, CONFIG_FILES, disk) is not None
    base, settings = _configured(start, disk if had_one else Now())
    folder = disk.real(Path(os.path.abspath(docs))) if docs else _docs_folder(base, settings, disk)
    if not disk.is_folder(folder):
        message = f"there is no folder {folder} {disk.when}; name the folder that the records were in with --docs"
        raise NoFolderError(message)
    return Project(root, folder, _left_out(settings), repository=True)


def _folder(start: Path) -> Path:
    start = start.resolve()
    if not start.is_dir():
        message = f"{start} is not a folder"
        raise ProjectError(message)
    return start


def _configured(start: Path, disk: Disk) -> tuple[Path, dict[str, Any]]:
    """Give the folder of mkdocs.yml and its settings; where there is none, the folder itself and no settings."""
    config = nearest(start, CONFIG_FILES, disk)
    return (config.parent, read_settings(config, disk)) if config else (start, {})


def nearest(start: Path, names: tuple[str, ...], disk: Disk) -> Path | None:
    """Give the first of some files that a folder or one above it has; the search ends at the repository's root."""
    for folder in (start, *start.parents):
        for name in names:
            if disk.exists(folder / name):
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def _docs_folder(base: Path, settings: dict[str, Any], disk: Disk) -> Path:
    named = settings.get("docs_dir")
    if isinstance(named, str):
        return disk.real(base / named)
    if settings:
        return disk.real(base / "docs")
    found = (base / name for name in DEFAULT_DOCS if disk.is_folder(base / name))
    return disk.real(next(found, base / DEFAULT_DOCS[0]))


def _left_out(settings: dict[str, Any]) -> str:
    return "\n".join(str(settings.get(key) or "") for key in ("exclude_docs", "draft_docs")).strip()
