"""The words by which the name of a command or of a stage tells which action of a contract it does."""

from __future__ import annotations

import re
from typing import Final

from gatepost.pipeline.arguments import is_plain
from gatepost.records.expressions import Action

__all__ = ["action_of", "is_named_otherwise"]

_WORDS: Final[dict[Action, frozenset[str]]] = {
    "rollback": frozenset({"rollback", "revert", "undo", "restore", "unpublish"}),
    "quarantine": frozenset({"quarantine"}),
    "page": frozenset({"page", "pager", "pagerduty", "opsgenie", "oncall"}),
    "alert": frozenset(
        {"alert", "alerts", "notify", "notification", "notice", "slack", "mail", "sendmail", "email", "webhook"}
    ),
}
"""Words that tell what is done; the first action counts that any of them tells."""
_KIND: Final[dict[Action, Action]] = {"page": "alert"}
"""The actions that are one as far as a name tells: both tell a person."""


def action_of(command: str) -> Action | None:
    """Give the action that a command seems to do; None for something else, or for what only a shell can run."""
    if not is_plain(command):
        return None
    words = _words_of(command)
    return next((action for action, telling in _WORDS.items() if not words.isdisjoint(telling)), None)


def is_named_otherwise(text: str, action: Action) -> bool:
    """Tell whether the name of something that is not seen says that it does other actions, and not this one."""
    words = _words_of(text)
    named = {_KIND.get(one, one) for one, telling in _WORDS.items() if not words.isdisjoint(telling)}
    return bool(named) and _KIND.get(action, action) not in named


def _words_of(text: str) -> frozenset[str]:
    plain = re.sub(r"roll[-_ ]back", "rollback", text.casefold())
    return frozenset(re.findall(r"[a-z]+", re.sub(r"on[-_ ]call", "oncall", plain)))
