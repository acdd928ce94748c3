"""Why a place that a promotion goes to counts as production, where its own name does not say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.violation import Violation
from gatepost.records.places import is_called_production

__all__ = ["explained", "why_production"]

_OF_PRODUCTION: Final = frozenset(
    {"gated", "approved", "no-bypass", "production-safe", "rollback-complete", "first-release", "retry-safe"}
    | {"watched", "signed"}
)
"""The invariants that a promotion has to hold to because it goes to production."""


def explained(contract: Contract, violations: Iterable[Violation]) -> Iterator[Violation]:
    """Add to the hint of what a promotion breaks why its place counts as production, and how to say otherwise.

    Nothing is added where the place is called production or says that it is.
    """
    why = {one.name: why_production(contract, one.stage.to) for one in contract.promotions if one.stage.to}
    for one in violations:
        stage = str(one.at[1]) if one.at[0] == "stages" else one.value
        reason = why.get(stage, "") if one.invariant in _OF_PRODUCTION else ""
        yield one._replace(hint=f"{one.hint}; {reason}") if reason else one


def why_production(contract: Contract, place: str) -> str:
    """Give why a place is taken to be production, with the way to say otherwise; empty where it says so itself."""
    known = contract.record.environments.get(place)
    if is_called_production(place) or (known is not None and known.production is not None):
        return ""
    if known is None:
        return (
            f"{place} counts as production, since `environments` does not list it: "
            f"if nobody depends on it, add `{place}: {{production: false}}` there"
        )
    return (
        f"{place} counts as production, since its name does not plainly say otherwise: "
        f"if nobody depends on it, write `production: false` under `environments: {{{place}: …}}`"
    )
