"""MkDocs' configuration, read for its plain values, with those that it inherits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import yaml

from gatepost.book.faults import FaultError
from gatepost.book.nodes import bound_depth
from gatepost.sources.disk import Disk

__all__ = ["CONFIG_FILES", "ProjectError", "read_settings"]

CONFIG_FILES: Final = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml")


class ProjectError(Exception):
    """The project cannot be found or its configuration cannot be read; the message says what to do."""


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


def read_settings(config: Path, disk: Disk, inherited_by: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Give the settings of a configuration with those of the one that it names under INHERIT, as MkDocs does.

    Args:
        config: the file.
        disk: what it is read from.
        inherited_by: the files that were read on the way to this one.

    Raises:
        ProjectError: it cannot be read, is no mapping, or inherits from itself.
    """
    if config in inherited_by:
        message = f"{config} inherits from itself"
        raise ProjectError(message)
    settings = _plain_settings(config, disk)
    parent = settings.get("INHERIT")
    if not isinstance(parent, str):
        return settings
    return {**read_settings(disk.real(config.parent / parent), disk, (*inherited_by, config)), **settings}


def _plain_settings(config: Path, disk: Disk) -> dict[str, Any]:
    try:
        text = disk.content(config).decode("utf-8-sig")
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
