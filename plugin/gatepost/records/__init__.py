"""What a record is: one pydantic model for each kind, ids, expressions, the policy."""

from __future__ import annotations

from typing import Final, Literal

from gatepost.records.base import PASS_THROUGH, Model, Record, Waiver
from gatepost.records.checklist import Checklist, Item
from gatepost.records.decision import ATTRIBUTES, DOMAINS, Amendment, Decision, Option, Scope
from gatepost.records.design import Design
from gatepost.records.dry_run import DryRun
from gatepost.records.evidence import Evidence
from gatepost.records.follow_up import FollowUp
from gatepost.records.ids import ID_IN_PROSE, PREFIX_OF_KIND, canonical, kind_of_id
from gatepost.records.lifecycle import may_move, moves_from
from gatepost.records.pipeline import Artifact, Pipeline, Stage
from gatepost.records.policy import DEFAULT_POLICY, HistoryPolicy, Policy
from gatepost.records.risk import Escalation, Risk

__all__ = [
    "ATTRIBUTES",
    "DEFAULT_POLICY",
    "DOMAINS",
    "ID_IN_PROSE",
    "KINDS",
    "MODEL_OF_KIND",
    "PASS_THROUGH",
    "PREFIX_OF_KIND",
    "Amendment",
    "AnyRecord",
    "Artifact",
    "Checklist",
    "Decision",
    "Design",
    "DryRun",
    "Escalation",
    "Evidence",
    "FollowUp",
    "HistoryPolicy",
    "Item",
    "Kind",
    "Model",
    "Option",
    "Pipeline",
    "Policy",
    "Record",
    "Risk",
    "Scope",
    "Stage",
    "Waiver",
    "canonical",
    "kind_of_id",
    "may_move",
    "moves_from",
]

Kind = Literal["decision", "risk", "follow-up", "design", "pipeline", "checklist", "policy"]
AnyRecord = Decision | Risk | FollowUp | Design | Pipeline | Checklist | Policy

MODEL_OF_KIND: Final[dict[Kind, type[AnyRecord]]] = {
    "decision": Decision,
    "risk": Risk,
    "follow-up": FollowUp,
    "design": Design,
    "pipeline": Pipeline,
    "checklist": Checklist,
    "policy": Policy,
}
KINDS: Final[tuple[Kind, ...]] = tuple(MODEL_OF_KIND)
"""The kinds of record, in the order in which they are listed."""
