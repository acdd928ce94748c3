"""What the steps of a job hand to other jobs of the workflow, and what they fetch from these: artifacts, by name.

Source: https://docs.github.com/en/actions/tutorials/store-and-share-data
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

from gatepost.definitions.definition import Upload
from gatepost.definitions.yaml_text import as_dict, as_list, as_text

__all__ = ["actions_in", "does_work", "downloads_in", "is_fetched", "may_do", "uploads_in"]

_UP: Final = re.compile(r"actions/upload-artifact(?:@|/|\Z)")
_DOWN: Final = re.compile(r"actions/download-artifact(?:@|/|\Z)")
_PREPARING: Final = re.compile(r"actions/(?:checkout|cache|(?:up|down)load-artifact)(?:@|/|\Z)|[\w.-]+/setup-|\./")
"""Actions that fetch, set up and store, and those of the repository itself, which are read."""
_ENTERING: Final = re.compile(r"/[\w.-]*(?:login|auth|configure|credentials)")
"""Actions that only let the steps behind them in somewhere."""
_ASKS: Final = re.compile(r"(?:failure|always|cancelled)\(\)")
"""What in a condition asks how the steps before it have ended."""
_FILLED_IN: Final = re.compile(r"\$\{\{.*?\}\}")


def uploads_in(steps: Any) -> Iterator[Upload]:  # noqa: ANN401 - whatever YAML holds
    """Give what a job stores for others, path by path; what is left out of it (`!path`) is not told."""
    for given in _of(steps, _UP):
        name = as_text(given.get("name")) or "artifact"
        for path in as_text(given.get("path")).splitlines():
            if path.strip() and not path.strip().startswith("!"):
                yield Upload(name, path.strip())


def downloads_in(steps: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    """Give the names, or the patterns of names, of what a job fetches; `*` for all; nothing of another run's."""
    for given in _of(steps, _DOWN):
        if not given.get("run-id"):
            yield as_text(given.get("name")) or as_text(given.get("pattern")) or "*"


def is_fetched(name: str, wanted: str) -> bool:
    """Tell whether a job that wants some name fetches what another stored under one; what is filled in may be any."""
    return fnmatchcase(_FILLED_IN.sub("x", name), _FILLED_IN.sub("*", wanted))


def actions_in(steps: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    """Give the actions of others that a job uses when all is well and that do more than to set up and to store."""
    for step in map(as_dict, as_list(steps)):
        uses = as_text(step.get("uses"))
        if uses and not _PREPARING.match(uses) and not _ASKS.search(as_text(step.get("if"))):
            yield uses


def may_do(actions: Iterable[str]) -> list[str]:
    """Give the actions that may do the work of a job: those that do more than to log in."""
    return [one for one in actions if not _ENTERING.search(one.partition("@")[0])]


def does_work(uses: str) -> bool:
    """Tell whether an action of others may do the work of a job: it neither prepares, nor stores, nor logs in."""
    return bool(uses) and not _PREPARING.match(uses) and bool(may_do([uses]))


def _of(steps: Any, action: re.Pattern[str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever YAML holds
    return (
        as_dict(step.get("with")) for step in map(as_dict, as_list(steps)) if action.match(as_text(step.get("uses")))
    )
