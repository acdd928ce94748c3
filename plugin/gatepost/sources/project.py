"""Where a project's records are: the root of the repository, the docs folder, what MkDocs leaves out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from gatepost.book.faults import FaultError
from gatepost.book.nodes import bound_depth

__all__ = ["Project", "ProjectError", "find_project"]

CONFIG_FILES: Final = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml")
_DEFAULT_DOCS: Final = ("designs", "docs")


class ProjectError(Exception):
    """The project cannot be found or its configuration cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """What has to be known to read a log from the working directory."""

    root: Path
    """The root of the repository; the folder of mkdocs.yml where there is no repository."""
    docs: Path
    """The documentation folder."""
    exclude: str = ""
    """MkDocs' `exclude_docs` and `draft_docs`: gitignore patterns of pages that a build does not publish."""
    repository: bool = False
    """Whether the root is that of a git repository."""


def find_project(start: Path, docs: Path | None = None) -> Project:
    """Find the project that a folder belongs to.

    Args:
        start: a folder in the project.
        docs: the documentation folder, when it is not the one that mkdocs.yml names.

    Raises:
        ProjectError: there is no documentation folder, or mkdocs.yml cannot be read.
    """
    start = start.resolve()
    if not start.is_dir():
        message = f"{start} is not a folder"
        raise ProjectError(message)
    config = _nearest(start, CONFIG_FILES)
    settings = _settings(config) if config else {}
    base = config.parent if config else start
    folder = docs.resolve() if docs else _docs_folder(base, settings)
    if not folder.is_dir():
        message = f"there is no folder {folder}; name the folder of your records with --docs, or run `gatepost init`"
        raise ProjectError(message)
    git = _nearest(folder, (".git",))
    root = git.parent if git else Path(os.path.commonpath([base, folder]))
    exclude = "\n".join(str(settings.get(key) or "") for key in ("exclude_docs", "draft_docs"))
    return Project(root, folder, exclude.strip(), git is not None)


def _nearest(start: Path, names: tuple[str, ...]) -> Path | None:
    """Give the first of some files that a folder or one above it has; the search ends at the repository's root."""
    for folder in (start, *start.parents):
        for name in names:
            if (folder / name).exists():
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def _docs_folder(base: Path, settings: dict[str, Any]) -> Path:
    named = settings.get("docs_dir")
    if isinstance(named, str):
        return (base / named).resolve()
    if settings:
        return (base / "docs").resolve()
    return next(((base / name).resolve() for name in _DEFAULT_DOCS if (base / name).is_dir()), base / _DEFAULT_DOCS[0])


class _ConfigLoader(yaml.CSafeLoader):
    """Reads mkdocs.yml for its plain values: tags such as !ENV and !!python/name are passed over."""


def _pass_over(loader: _ConfigLoader, tag: str, node: yaml.Node) -> object:
    """Give what `!ENV` stands for: the first variable that is set, or the default at the end; else nothing."""
    if tag != "!ENV":
        return None
    if isinstance(node, yaml.ScalarNode):
        return os.environ.get(node.value)
    *names, default = [loader.construct_object(one) for one in node.value] or [None]
    return next((os.environ[name] for name in names if isinstance(name, str) and name in os.environ), default)


_ConfigLoader.add_multi_constructor("", _pass_over)


def _settings(config: Path, inherited_by: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Give the settings of a configuration with those of the one that it names under INHERIT, as MkDocs does."""
    if config in inherited_by:
        message = f"{config} inherits from itself"
        raise ProjectError(message)
    settings = _plain_settings(config)
    parent = settings.get("INHERIT")
    if not isinstance(parent, str):
        return settings
    return {**_settings((config.parent / parent).resolve(), (*inherited_by, config)), **settings}


def _plain_settings(config: Path) -> dict[str, Any]:
    try:
        text = config.read_text(encoding="utf-8-sig")
        bound_depth(text, 0)
        settings = yaml.load(text, Loader=_ConfigLoader)  # noqa: S506 - a safe loader, tags passed over
    except (OSError, ValueError, FaultError, yaml.YAMLError) as error:
        reason = str(error).replace("\n", " ")
        message = f"{config} cannot be read: {reason}"
        raise ProjectError(message) from None
    if settings is None:
        return {}
    if not isinstance(settings, dict):
        message = f"{config} is not a mapping of settings"
        raise ProjectError(message)
    return settings
