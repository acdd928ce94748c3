"""What has to find each kind of mutant: the invariant that it breaks, or the gate where no invariant is about it.

A mutant that is found by something else alone is as good as not found: whoever breaks a contract in this way and in no
other must be told of this.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["expected"]

_KINDS: Final = {
    "drop the owner": "schema-valid",
    "gives no reason|claims what nobody|is made of nothing": "stages-reproducible",
    "fails is lost": "rollback-complete",
    "what the gate .* says is lost": "gated",
    "what the approval .* says is lost": "approved",
    "the owner is todo": "record-complete",
    r"drop defaults\.timeout|time-out of more than a year|never expires|good for more than a year": "bounded",
    r"drop defaults\.(environment|repeat|seed)|a tag instead of a lockfile": "stages-reproducible",
    r"drop defaults\.on-fail|handler that ends nothing|nothing ends when|no command for quarantine": "handled",
    "tells nobody|nobody is told|no command for (alert|page)": "notified",
    "no command for|comes from nowhere|has no version|is whatever": "stages-reproducible",
    "waits for itself|waits for what waits for it": "ordered",
    "drop the gate|measures$|does not read its metrics|does not hold|asks for": "judged",
    "bypass the gate|comes after the promotion": "no-bypass",
    "no conditions in|goes to a production that is none|goes nowhere": "gated",
    "the approval|is nobody's|given by nobody|a role that nobody has": "approved",
    "no rollback for|rollback of .* without (run|within|when)": "rollback-complete",
    "without first|answers a first release|goes back to": "first-release",
    "watches": "watched",
    "no handler for|only halts": "production-safe",
    "pages nobody": "rollback-pages",
    "is retried|tried again": "retry-safe",
    "is not signed|is signed by|brings nothing": "signed",
    "swap what|is for nobody": "artifacts-used",
    "does not write": "",
}
"""Patterns, of which the first that is in a mutant's name counts."""


def expected(what: str, *, is_read: bool = True) -> str:
    """Give the invariant or the gate that has to find a mutant.

    Args:
        what: the name of the mutant.
        is_read: of an artifact that nobody writes any more, whether a stage reads it.
    """
    found = next(killer for pattern, killer in _KINDS.items() if re.search(pattern, what))
    return found or ("stages-reproducible" if is_read else "artifacts-used")
