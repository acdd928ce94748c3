"""Commands that only prepare the place where others run."""

from __future__ import annotations

import re
from typing import Final

from gatepost.definitions.shell import HARMLESS

__all__ = ["prepares"]

_SETTING_UP: Final = re.compile(
    r"set [-+]|(?:source|\.) \S*activate$|"
    r"(?:sudo )?(?:python[\d.]* -m )?"
    r"(?:pip[\d.]*|uv pip|uv|poetry|pipenv|pdm|conda|mamba|pixi|npm|yarn|pnpm|apt-get|apt|apk|dnf|brew)"
    r" (?:-\S+ )*(?:env |lock )?(?:install|sync|ci|update|upgrade|add)\b"
)
"""Commands that prepare the place where the others run, which `environment` is about."""


def prepares(command: str) -> bool:
    """Tell whether a command only prepares the place where others run: `pip install`."""
    return bool(_SETTING_UP.match(command)) or command.split(maxsplit=1)[0] in HARMLESS
