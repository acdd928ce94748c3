"""What the name of an environment of a definition says: that users depend on it, that nobody does, or neither."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_for_users", "is_trial"]

_TRIAL: Final = frozenset(
    {"dev", "development", "preview", "qa", "review", "sandbox", "stage", "staging", "stg", "test", "testing", "uat"}
)
"""Words of a name that say that nobody depends on an environment."""
_FOR_USERS: Final = frozenset({"prod", "production", "live"})
"""Words of a name that say that users depend on an environment."""


def is_trial(environment: str) -> bool:
    """Tell whether the name of an environment says that nobody depends on it."""
    return not _TRIAL.isdisjoint(_words(environment))


def is_for_users(environment: str) -> bool:
    """Tell whether the name of an environment says that users depend on it."""
    return not _FOR_USERS.isdisjoint(_words(environment))


def _words(environment: str) -> list[str]:
    return re.split(r"[^a-z]+", environment.casefold())
