"""The policy record: what a team's gates hold it to."""

from typing import Annotated, Final, Literal

from pydantic import Field

from gatepost.records.annotated import DurationField
from gatepost.records.base import Day, Model, Record, Text, Whole
from gatepost.records.design import Tier
from gatepost.records.expressions import parse_duration

__all__ = [
    "DEFAULT_POLICY",
    "DryRunPolicy",
    "Enforcement",
    "EvidencePolicy",
    "Grade",
    "HistoryPolicy",
    "Policy",
    "TierPolicy",
    "WaiverPolicy",
]

Enforcement = Literal["block", "advise", "off"]
Grade = Literal["A", "B", "C", "D"]
_A_DAY: Final = parse_duration("24h")
Days = Annotated[Whole, Field(ge=1, le=36500)]
Exposure = Annotated[Whole, Field(ge=1, le=25)]


class TierPolicy(Model):
    """How much risk a design of one tier may accept, and who may accept it."""

    accepted_exposure: Exposure
    """The highest exposure (likelihood times impact, 1 to 25) that may be accepted without escalation."""
    accept: tuple[Text, ...] = ()
    """Roles that may accept a risk up to that exposure; anyone when left out."""
    escalate: tuple[Text, ...] = ()
    """Roles that may decide about a risk above it; nobody when left out."""


class EvidencePolicy(Model):
    """What counts as evidence."""

    minimum: Grade = "C"
    """The grade that the best evidence for the chosen option needs: A re-computable here, B bound to a digest or a
    number, C a reference, D an assertion.
    """
    minimum_production: Grade = "B"
    """The same for a decision with production impact."""
    max_age_days: Days = 365
    """How old evidence may be on the day of the decision."""


class WaiverPolicy(Model):
    """Who may set a gate aside, which, and for how long."""

    approve: tuple[Text, ...] = ()
    """Roles that may approve a waiver; nobody when left out."""
    max_days: Days = 180
    """The longest that a waiver may still run on the day the log is checked."""
    never: tuple[Text, ...] = ()
    """Gates that cannot be waived, besides `schema-valid`, `id-unique`, `waivers-sound` and `risk-within-policy`."""


class HistoryPolicy(Model):
    """What the history of a record is held to."""

    freeze_fields: tuple[Text, ...] = (
        "title",
        "domain",
        "decision-makers",
        "scope",
        "constraints",
        "options",
        "chosen",
        "override",
    )
    """Fields of a decision that do not change once it was accepted, save by a recorded amendment."""
    freeze_sections: tuple[Text, ...] = ()
    """Headings whose text does not change either; all that are not living when left out."""
    living_sections: tuple[Text, ...] = (
        "More Information",
        "Links",
        "References",
        "Related",
        "See also",
        "Notes",
        "Follow-ups",
        "Status",
        "History",
        "Changelog",
        "Amendments",
        "Confirmation",
        "Verification",
    )
    """Headings below which an accepted decision goes on growing."""
    since: Day | None = None
    """The day from which on the rules hold; what was committed before it is taken as it stood."""
    baseline: Text | None = None
    """The same by commit: what that commit holds is taken as it stands there."""


class DryRunPolicy(Model):
    """What an executed dry run of a stage contract is worth, and for how long."""

    executed: Literal["require", "advise", "off"] = "advise"
    """Whether a contract that reaches production must have one; else a record that is there and stale is advice, or
    is not looked at.
    """
    max_age_days: Days = 180
    """How old it may be."""
    max_rollback: DurationField = _A_DAY
    """The longest that a contract may give the rollback of a promotion to production."""


class Policy(Record):
    """Thresholds, enforcement, approvers and rules of one decision log; every field has a default."""

    kind: Literal["policy"] = "policy"
    """Which kind of record this is."""
    enforcement: dict[str, Enforcement] = {}
    """For each gate, by name or code: block, advise or off. Gates left out keep their own default."""
    roles: dict[str, tuple[Text, ...]] = {}
    """The people who hold each role, by name."""
    tiers: dict[Tier, TierPolicy] = {}
    """The risk thresholds of each tier; those left out keep their default (low 12, medium 9, high 6)."""
    default_tier: Tier = "medium"
    """The tier of risks that belong to no design."""
    evidence: EvidencePolicy = EvidencePolicy.model_construct()
    """What counts as evidence."""
    waivers_allowed: WaiverPolicy = WaiverPolicy.model_construct()
    """Who may set a gate aside, which, and for how long."""
    placeholders: tuple[Text, ...] = ()
    """Words that mean that something is not written yet, besides `TODO`, `TBD`, `FIXME`, `XXX`, `???`, `<…>`, `{…}`."""
    sections: dict[Literal["decision", "risk", "follow-up", "design", "pipeline", "checklist"], tuple[Text, ...]] = {
        "decision": ("Context and Problem Statement", "Considered Options", "Decision Outcome"),
    }
    """The headings that the body of each kind of record must have, each with text below it."""
    out_of_scope: dict[str, Text] = {}
    """Domains that do not belong in this log, and where such decisions go instead."""
    unknown: Literal["advise", "block"] = "advise"
    """What a gate that could not be decided here does (a shallow clone, no git)."""
    history: HistoryPolicy = HistoryPolicy.model_construct()
    """What stays as it was decided, and from when on."""
    dry_run: DryRunPolicy = DryRunPolicy.model_construct()
    """What an executed dry run of a stage contract is worth, and for how long."""
    warn_days: Days = 21
    """How many days ahead a due date or the end of a waiver is advised."""

    def tier(self, name: Tier) -> TierPolicy:
        """Give the thresholds of a tier."""
        return self.tiers.get(name) or _DEFAULT_TIERS[name]

    def roles_of(self, person: str) -> frozenset[str]:
        """Give the roles that a person holds; names are compared without regard to case."""
        wanted = person.casefold().strip()
        return frozenset(
            role for role, people in self.roles.items() if any(wanted == name.casefold() for name in people)
        )

    def elsewhere(self, domain: str) -> str | None:
        """Give where a decision of a domain out of scope belongs instead, or None when it is unknown."""
        return self.out_of_scope.get(domain) or _ELSEWHERE.get(domain)


_DEFAULT_TIERS: Final = {
    "low": TierPolicy.model_construct(accepted_exposure=12),
    "medium": TierPolicy.model_construct(accepted_exposure=9),
    "high": TierPolicy.model_construct(accepted_exposure=6),
}
_ELSEWHERE: Final = {
    "model-architecture": "the research group's own log",
    "model-architecture-research": "the research group's own log",
    "research": "the research group's own log",
    "api": "the API governance process",
    "api-governance": "the API governance process",
    "api-lifecycle": "the API governance process",
    "database": "the database administrators' change process",
    "database-administration": "the database administrators' change process",
}

# Constructed, not validated: that would build the models' validators at import, a hundredth of a second for nothing.
DEFAULT_POLICY: Final = Policy.model_construct(title="Gatepost's defaults")
"""The policy of a log that has none."""
