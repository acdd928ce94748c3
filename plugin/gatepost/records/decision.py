"""The decision record: MADR 4's fields, and what a pipeline decision needs beyond them."""

import re
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gatepost.records.annotated import DurationField
from gatepost.records.base import Day, Model, Record, Text, Truth, Whole
from gatepost.records.evidence import Evidence
from gatepost.records.ids import Ref

__all__ = [
    "ATTRIBUTES",
    "DOMAINS",
    "Amendment",
    "Assumption",
    "Decision",
    "DecisionStatus",
    "Option",
    "Rollback",
    "RolloutCriterion",
    "Scope",
    "with_plain_status",
]

DecisionStatus = Literal["proposed", "accepted", "rejected", "deprecated", "superseded"]
DOMAINS: Final = ("data", "model", "training", "evaluation", "packaging", "promotion", "serving", "monitoring")
"""The trigger boundary: what a decision of this log may be about."""
ATTRIBUTES: Final = ("security", "performance", "operability", "maintainability")
"""What each option is scored on."""

Score = Annotated[Whole, Field(ge=1, le=5)]
"""From 1 (poor) to 5 (very good)."""

_SUPERSEDED_BY: Final = re.compile(r"superseded by\s+(\S.*)", re.IGNORECASE)
_LIST: Final = re.compile(r",|\band\b")
_LINKED: Final = re.compile(r"\[([A-Z]+-[0-9]+)\]\([^()\s]*\)")


def _successors(words: str) -> list[str]:
    """Read `ADR-2`, `ADR-2 and ADR-3`, `[ADR-2](0002-title.md)`."""
    return [name.strip() for name in _LIST.split(_LINKED.sub(r"\1", words))]


def with_plain_status(data: dict[str, Any]) -> dict[str, Any]:
    """Give what a decision's frontmatter holds with its status as one word, and successors under their own key.

    `Accepted` is `accepted`; `superseded by ADR-2` is `superseded` with `superseded-by: [ADR-2]`.
    """
    status = data.get("status")
    if not isinstance(status, str):
        return data
    match = _SUPERSEDED_BY.fullmatch(status.strip())
    if not match:
        return {**data, "status": status.strip().lower()} if status[:1].isupper() else data
    said = data.get("superseded-by", data.get("superseded_by"))
    if said is not None and not isinstance(said, (list, tuple)):
        return {**data, "status": "superseded"}
    rest = {key: value for key, value in data.items() if key != "superseded_by"}
    return {**rest, "status": "superseded", "superseded-by": [*(said or ()), *_successors(match[1])]}


class Scope(Model):
    """What the record covers, and what it leaves out on purpose."""

    in_: tuple[Text, ...] = Field(default=(), alias="in")
    """What it covers."""
    out: tuple[Text, ...] = ()
    """What a reader might expect here and will not find."""


class Assumption(Model):
    """Something taken to be true, and how a reviewer can tell whether it is."""

    text: Text
    """What is assumed."""
    check: Text | None = None
    """How a reviewer can check it: a query, a file, a person to ask."""


class Option(Model):
    """One way to go, scored from 1 (poor) to 5 (very good) on each of the four attributes."""

    name: Text
    """What the option is called; `chosen` and `supports` repeat it."""
    security: Score | None = None
    """How well it protects data, credentials and the supply chain."""
    performance: Score | None = None
    """How well it meets its latency, throughput and cost targets."""
    operability: Score | None = None
    """How well it can be deployed, observed and rolled back by those on call."""
    maintainability: Score | None = None
    """How well it can be changed by those who did not write it."""
    notes: Text | None = None
    """What the scores rest on."""

    @property
    def total(self) -> int:
        """The sum of the scores that were given."""
        return sum(score for name in ATTRIBUTES if (score := getattr(self, name)) is not None)


class RolloutCriterion(Model):
    """One step of a rollout and what must be measured before the next one."""

    step: Text
    """What is done: shadow, canary 5 %, full traffic."""
    criteria: tuple[Text, ...] = ()
    """Conditions that must hold to go on, each measurable: `error_rate <= 0.01`."""


class Rollback(Model):
    """How to get back: when, to what, how fast, and who does it."""

    trigger: tuple[Text, ...] = ()
    """Conditions on which to roll back, each measurable: `p99_ms > 50`."""
    target: Text | None = None
    """What is restored, for instance the previous table or bundle."""
    within: DurationField | None = None
    """How long it may take."""
    owner: Text | None = None
    """Who does it."""


class Amendment(Model):
    """A correction of what was decided, made in place after the decision was accepted."""

    date: Day
    """The day of the correction."""
    by: Text
    """Who answers for it."""
    reason: Text
    """What was corrected, and why that needs no new decision."""


class Decision(Record):
    """An architecture decision record (ADR) about how models get from training to production.

    Source: MADR 4.0.0 for the body and the fields status, date, decision-makers, consulted, informed.
    """

    other_names: ClassVar[dict[str, str]] = {"deciders": "decision-makers"}

    kind: Literal["decision"] = "decision"
    """Which kind of record this is."""
    id: Ref
    """The record's id, `ADR-` and a number; taken from the file's name when left out."""
    status: DecisionStatus
    """Where the decision stands: proposed, accepted, rejected, deprecated or superseded."""
    date: Day
    """The day of the last change of status."""
    decision_makers: tuple[Text, ...] = ()
    """Who decided. Required once the decision has left `proposed`."""
    consulted: tuple[Text, ...] = ()
    """Whose opinion was sought, in both directions."""
    informed: tuple[Text, ...] = ()
    """Who is kept up to date, in one direction."""
    domain: Text | None = None
    """What it is about: data, model, training, evaluation, packaging, promotion, serving or monitoring."""
    stages: tuple[Text, ...] = ()
    """The stages of the design's contract that it shapes, by name."""
    scope: Scope | None = None
    """What it covers and what it does not."""
    assumptions: tuple[Assumption, ...] = ()
    """What is taken to be true, each with a way to check it."""
    constraints: tuple[Text, ...] = ()
    """What cannot be traded."""
    options: tuple[Option, ...] = ()
    """The options considered, each scored on the four attributes."""
    chosen: Text | None = None
    """The name of the option that was chosen."""
    override: Text | None = None
    """Why the chosen option is not the one with the highest total."""
    evidence: tuple[Evidence, ...] = ()
    """What speaks for the options."""
    production_impact: Truth | None = None
    """Whether it changes what production does. Left out counts as true for a promotion or serving decision."""
    rollout: tuple[RolloutCriterion, ...] = ()
    """How it reaches production, step by step. Needed with production impact."""
    rollback: Rollback | None = None
    """How to get back. Needed with production impact."""
    risks: tuple[Ref, ...] = ()
    """The risks that remain."""
    residual_risk: Text | None = None
    """Why no risk remains, when none is named."""
    follow_ups: tuple[Ref, ...] = ()
    """What still has to be done."""
    supersedes: tuple[Ref, ...] = ()
    """The decisions that this one replaces."""
    superseded_by: tuple[Ref, ...] = ()
    """The decisions that replace this one; `status: superseded by ADR-2` says the same."""
    relates: tuple[Ref, ...] = ()
    """Records that help to understand this one."""
    verification: tuple[Text, ...] = ()
    """How one can see that the decision was carried out."""
    amendments: tuple[Amendment, ...] = ()
    """Corrections made after acceptance, the oldest first; each stays once it is recorded."""

    @model_validator(mode="before")
    @classmethod
    def _read_status(cls, data: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever was read
        return with_plain_status(data) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _names_who_decided(self) -> Self:
        if self.status != "proposed" and not self.decision_makers:
            raise PydanticCustomError(
                "decision_makers",
                "decision-makers: a decision that is {status} names who decided",
                {"status": self.status},
            )
        return self

    @property
    def is_history(self) -> bool:
        """Whether it no longer stands: rejected, deprecated or superseded."""
        return self.status in {"rejected", "deprecated", "superseded"}

    @property
    def changes_production(self) -> bool:
        """Whether production behaves differently because of it; assumed for promotion and serving."""
        if self.production_impact is None:
            return (self.domain or "").casefold() in {"promotion", "serving"}
        return self.production_impact
