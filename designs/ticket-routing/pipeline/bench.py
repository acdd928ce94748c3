# ruff: noqa: INP001 - a folder of scripts, not a package
"""The shipped data and the shipped code, ready to be tried with another model, another guard or other tickets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from routing import measure
from routing.curate import cases
from routing.decide import Router
from routing.files import read_json, read_table
from routing.guard import Guard
from routing.model import Example, Weights, adapter, combined, fit, weights_from
from routing.stages import RECIPE, quality_of
from workspace import workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routing.measure import Case
    from routing.model import Recipe

__all__ = ["Bench"]

_DATA: Final = Path(__file__).resolve().parent / "data"


class Bench:
    """The shipped data, curated once, and ways to measure a model on it."""

    def __init__(self) -> None:
        with workspace() as place:
            place.run("curate")
            curated = place.out / "curated.csv"
            self.rows = read_table(curated)
            self.own = cases(curated)
        self.learned = [row for row in self.rows if row["part"] == "learn"]
        self.base = weights_from(read_json(_DATA / "base.json")["weights"])
        self.champion = weights_from(read_json(_DATA / "champion.json")["adapter"])
        self.general, self.sensitive = cases(_DATA / "general.csv"), cases(_DATA / "sensitive.csv")
        self.blind = cases(_DATA / "blind.csv")
        self.guard = Guard.of(read_json(_DATA / "guard-words.json"))
        self.first_guard = Guard.of(read_json(_DATA / "guard-words-first.json"), forgiving=False)

    def examples(self, rows: Sequence[dict[str, str]] | None = None) -> list[Example]:
        """Give rows as examples; all that may be learned from when none are given."""
        return [Example.of(row["text"], row["queue"]) for row in (self.learned if rows is None else rows)]

    def tuned(self, examples: Sequence[Example], recipe: Recipe = RECIPE) -> Weights:
        """Fine-tune the base, and give base and adapter as they would be shipped."""
        return combined(self.base, adapter(self.base, fit(examples, recipe, self.base)))

    def quality(self, weights: Weights, guard: Guard | None = None) -> measure.Metrics:
        """Measure what the quality gate asks about."""
        router = Router(weights, self.guard if guard is None else guard)
        found = quality_of(router, self.base, self.own, self.general)
        against = measure.quality(Router(combined(self.base, self.champion), self.guard), self.own)
        return measure.rounded({**found, "champion.macro_f1": against["macro_f1"]})

    @staticmethod
    def misroutes(weights: Weights, guard: Guard, own: Sequence[Case]) -> int:
        """Count what must not be misrouted and would be."""
        return len(measure.misrouted(Router(weights, guard), own))
