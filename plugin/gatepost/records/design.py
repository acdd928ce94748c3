"""The design record: what a group of decisions is for."""

from typing import Annotated, Literal

from pydantic import Field

from gatepost.records.annotated import ConditionField
from gatepost.records.base import Model, Record, Text
from gatepost.records.decision import Assumption, Scope
from gatepost.records.evidence import Evidence

__all__ = ["Constraints", "Design", "Outcome", "Tier"]

Tier = Literal["low", "medium", "high"]


class Outcome(Model):
    """Something that the design is meant to reach."""

    outcome: Text
    """What should be true afterwards."""
    measure: ConditionField
    """How one can tell: `retained_revenue_pct >= 2`."""


class Constraints(Model):
    """What the design cannot trade."""

    operational: tuple[Text, ...] = ()
    """Limits of running it: windows, budgets, people on call."""
    compliance: tuple[Text, ...] = ()
    """Law, contracts, and the organisation's own rules."""
    rollout: tuple[Text, ...] = ()
    """Limits of bringing it to production."""


class Design(Record):
    """A pipeline design: its outcomes, its scope, how much risk it may carry, and its hard constraints."""

    kind: Literal["design"] = "design"
    """Which kind of record this is."""
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """A short name in kebab-case; the name of its folder when left out."""
    owners: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The people or teams that answer for it."""
    tier: Tier
    """How much is at stake: low, medium or high. The policy sets the risk threshold for each."""
    outcomes: tuple[Outcome, ...] = ()
    """What it is meant to reach, each measurable."""
    scope: Scope | None = None
    """What it covers and what it does not."""
    change_scope: tuple[Text, ...] = ()
    """Which systems, tables, jobs or teams it changes."""
    constraints: Constraints | None = None
    """Operational, compliance and rollout limits that cannot be traded."""
    domain_evidence: tuple[Evidence, ...] = ()
    """What is known about the domain: volumes, base rates, incidents."""
    assumptions: tuple[Assumption, ...] = ()
    """What is taken to be true, each with a way to check it."""
