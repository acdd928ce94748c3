"""The risk record, in the terms of ISO 31000."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gatepost.records.base import Day, Model, Record, Text, Whole
from gatepost.records.ids import Ref

__all__ = ["Escalation", "Risk", "RiskStatus"]

RiskStatus = Literal["open", "mitigated", "accepted", "transferred", "avoided", "closed"]
Level = Annotated[Whole, Field(ge=1, le=5)]
"""From 1 (very low) to 5 (very high)."""


class Escalation(Model):
    """What someone above the team's own authority decided about a risk."""

    to: Text
    """The role that it was brought to."""
    date: Day
    """The day of the outcome, or of the request while it is pending."""
    outcome: Literal["pending", "accepted", "refused"]
    """What came of it."""
    decided_by: Text | None = None
    """Who decided; must hold a role that the policy lets decide for the design's tier."""
    reason: Text | None = None
    """Why."""


class Risk(Record):
    """A risk: an effect of uncertainty on what the design is meant to reach, with its treatment.

    Exposure is likelihood times impact, 1 to 25. Source for the terms: ISO 31000:2018.
    """

    kind: Literal["risk"] = "risk"
    """Which kind of record this is."""
    id: Ref
    """The record's id, `RISK-` and a number; taken from the file's name when left out."""
    status: RiskStatus
    """Where it stands: open, mitigated, accepted, transferred, avoided or closed."""
    likelihood: Level
    """How likely it is before treatment, 1 to 5."""
    impact: Level
    """How much it would hurt before treatment, 1 to 5."""
    residual_likelihood: Level | None = None
    """How likely it is with the treatment in place."""
    residual_impact: Level | None = None
    """How much it would hurt with the treatment in place."""
    treatment: Text | None = None
    """What is done about it."""
    owner: Text | None = None
    """The person or team that answers for it."""
    due: Day | None = None
    """The day by which the treatment is done, or an accepted risk is looked at again."""
    verification: Text | None = None
    """How one can see that the treatment works."""
    accepted_by: Text | None = None
    """Who accepted it. Required when the status is accepted."""
    accepted_on: Day | None = None
    """The day it was accepted. Required when the status is accepted."""
    escalation: Escalation | None = None
    """What someone with more authority decided, when the exposure is above the policy's threshold."""
    decisions: tuple[Ref, ...] = ()
    """The decisions that it comes from."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.status == "accepted" and not (self.accepted_by and self.accepted_on):
            raise PydanticCustomError(
                "accepted_risk",
                "accepted-by and accepted-on: an accepted risk says who accepted it and when",
            )
        if (self.residual_likelihood is None) != (self.residual_impact is None):
            raise PydanticCustomError(
                "residual",
                "residual-likelihood and residual-impact go together",
            )
        return self

    @property
    def inherent_exposure(self) -> int:
        """Likelihood times impact before treatment, 1 to 25."""
        return self.likelihood * self.impact

    @property
    def exposure(self) -> int:
        """What remains, 1 to 25: the residual exposure, or the inherent one when no residual is given."""
        if self.residual_likelihood is None or self.residual_impact is None:
            return self.inherent_exposure
        return self.residual_likelihood * self.residual_impact

    @property
    def is_live(self) -> bool:
        """Whether it can still hurt: neither avoided, transferred nor closed."""
        return self.status in {"open", "mitigated", "accepted"}
