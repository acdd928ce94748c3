"""What can happen to a stage, and how a run that it happens to ends."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from gatepost.pipeline.contract import Promise
from gatepost.records.expressions import Action

__all__ = ["RETRIED", "Branch", "End", "Event", "FaultKind", "Production", "faults_of", "success_of"]

FaultKind = Literal[
    "fail",
    "fail-after-effect",
    "timeout",
    "timeout-after-effect",
    "infrastructure",
    "not-reproducible",
    "reject",
    "inconclusive",
    "expire",
    "breach",
    "rollback-fails",
]
"""What can go wrong. `…-after-effect`: a promotion ended badly, and what it was to do has happened."""

RETRIED: Final[frozenset[FaultKind]] = frozenset(
    {"fail", "fail-after-effect", "timeout", "timeout-after-effect", "infrastructure"}
)
"""What another attempt may mend; a gate that rejects is not asked again."""

End = Literal[
    "completed",
    "halted",
    "quarantined",
    "rolled-back",
    "fallback",
    "rollback-failed",
    "no-previous-version",
    "no-rollback",
    "unhandled",
]
"""The terminal states. `fallback`: what `rollback.first` names was done, since there was no previous version."""

Production = Literal["untouched", "new", "previous", "fallback", "rejected", "in-breach", "unknown"]
"""What users get at the end. `rejected`: a new version that a gate or an approval did not let through."""


class Event(NamedTuple):
    """Something that goes wrong in one stage."""

    stage: str
    fault: FaultKind
    recovered: bool = False
    """Whether the next attempt succeeds; else no attempt does, and the stage's handler answers."""


class Branch(NamedTuple):
    """One way through the pipeline, from the first stage to a terminal state."""

    events: tuple[Event, ...]
    """What goes wrong, in the order of the stages; nothing on the success branch."""
    end: End
    production: Production
    actions: tuple[Action, ...] = ()
    """What the handler does."""
    first_release: bool | None = None
    """Whether no version was in production before; None where that makes no difference."""
    after: str = ""
    """A promotion beside the last stage that has happened by then, with what comes before it, where that makes this end
    what it is; else empty.
    """


def success_of(kind: str) -> str:
    """Give the word for success of a kind of stage: ok, pass or approve."""
    return {"gate": "pass", "approval": "approve"}.get(kind, "ok")


_COMPUTES: Final[tuple[FaultKind, ...]] = ("fail", "timeout", "infrastructure")
_OWN: Final[dict[str, tuple[FaultKind, ...]]] = {
    "gate": ("reject", "inconclusive"),
    "approval": ("reject", "expire"),
    "promote": ("fail", "fail-after-effect", "timeout", "timeout-after-effect", "infrastructure", "breach"),
    "monitor": ("breach", "infrastructure"),
}


def faults_of(promise: Promise) -> tuple[FaultKind, ...]:
    """Give what can go wrong in a stage."""
    own = _OWN.get(promise.kind, ())
    if promise.kind == "promote":
        return own if promise.into_production else tuple(one for one in own if one != "breach")
    if promise.kind in _OWN:
        return tuple(dict.fromkeys((*own, *(_COMPUTES if promise.stage.run is not None else ()))))
    claims = promise.repeat is not None and promise.repeat.claim != "none"
    return (*_COMPUTES, "not-reproducible") if claims else _COMPUTES
