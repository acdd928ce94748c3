"""What an environment is by its name: the place that users depend on, plainly none of these, or nobody can tell."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_called_production", "is_plainly_none"]

_PRODUCTION: Final = frozenset({"production", "prod", "prd", "live"})
"""Names that nobody gives to a place which users do not depend on."""
_USED: Final = _PRODUCTION | {"online", "canary", "ab"}
"""Words of a place that some users get, whatever else its name says: `live-test`, `ab-test`, `prod-shadow`."""
_NONE: Final = frozenset(
    "staging stage stg shadow dev development test tests testing qa uat sandbox preview preprod preproduction "  # noqa: SIM905 - words read best as a text
    "nonprod nonproduction integration".split()
)
"""Words of a place that no user depends on; each other name is taken to be one that they do."""
_WHERE: Final = frozenset(
    "a b c eu us uk de fr es it nl pl ca au nz jp cn kr in br za ap sa me af na latam emea apac europe america asia "  # noqa: SIM905 - the same
    "africa oceania north south east west central northeast northwest southeast southwest region zone az dc main "
    "primary secondary first second blue green".split()
)
"""Words that say where a place is, or which of several, and nothing else."""
_BEFORE: Final = re.compile(r"\b(pre|non)[-_. ]+(?=prod)")
_WORD: Final = re.compile(r"[^\W\d_]+")


def is_called_production(name: str) -> bool:
    """Tell whether a name by itself says production, in whatever letters: `prod`, `Production-EU`, `live-west-2`."""
    words = set(_WORD.findall(name.casefold()))
    return not words.isdisjoint(_PRODUCTION) and words <= _PRODUCTION | _WHERE


def is_plainly_none(name: str) -> bool:
    """Tell whether a name plainly is that of no production: `staging`, `eu-staging-2`, `pre-prod`, `qa`.

    One word that says so is enough, unless another says that users get it. A name that nobody here knows is not plain.
    """
    words = set(_WORD.findall(_BEFORE.sub(r"\1", name.casefold())))
    return not words.isdisjoint(_NONE) and words.isdisjoint(_USED)
