"""The checklist record: measurable pass-fail criteria and what was measured."""

from typing import Annotated, Literal

from pydantic import Field

from gatepost.records.base import Day, Model, Record, Text, no_truth
from gatepost.records.expressions import Condition, Operator
from gatepost.records.ids import Ref

__all__ = ["Checklist", "Item"]

Number = Annotated[float, Field(strict=False), no_truth]
"""A number; `.nan` and `.inf` are read, so that a gate can refuse them by name."""


class Item(Model):
    """One criterion.

    It is measurable with a metric, an operator and a threshold, or with a command and its expected result.
    """

    id: Ref
    """The item's id, `CHK-` and a number."""
    criterion: Text
    """What must be true, in words."""
    metric: Text | None = None
    """The metric that tells."""
    operator: Operator | None = None
    """How the measured value is compared with the threshold."""
    threshold: Number | None = None
    """The value that it is compared with."""
    unit: Text | None = None
    """The unit of threshold and measured value."""
    slice: Text | None = None
    """The part of the data that it is measured on; all of it when left out."""
    command: Text | None = None
    """A command that tells, when no metric does."""
    expect: Text | None = None
    """The result that the command must have."""
    measured: Number | None = None
    """The value that was measured."""
    result: Text | None = None
    """The result that the command had."""
    measured_on: Day | None = None
    """The day of the measurement."""
    evidence: Text | None = None
    """The file that holds the measurement, with an optional JSON Pointer: `evidence/metrics.json#/auc`."""
    owner: Text | None = None
    """Who measures it."""
    verifies: tuple[Ref, ...] = ()
    """The decisions, risks or follow-ups that it verifies."""

    @property
    def condition(self) -> Condition | None:
        """The criterion as a condition, or None when metric, operator or threshold is missing."""
        if self.metric is None or self.operator is None or self.threshold is None:
            return None
        part = f"@{self.slice}" if self.slice else ""
        text = f"{self.metric}{part} {self.operator} {self.threshold:g}"
        return Condition(self.metric, self.slice, self.operator, self.threshold, None, text)


class Checklist(Record):
    """What must be measured before a design is called done, and the values measured so far."""

    kind: Literal["checklist"] = "checklist"
    """Which kind of record this is."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """The criteria."""
