"""What one step of a record's history means: decided, accepted, put off, removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypedDict, Unpack

from gatepost.book.changes import changes
from gatepost.check.event import Event, EventKind, Named
from gatepost.check.event_steps import is_renumbered

if TYPE_CHECKING:
    from gatepost.book.history import Facts, Step
    from gatepost.book.version import Version
    from gatepost.check.event_steps import Moment, Past

__all__ = ["Kept", "events_in"]

_DECISION: Final[Mapping[str, EventKind]] = {
    "proposed": "proposed",
    "accepted": "decided",
    "rejected": "decided",
    "superseded": "superseded",
    "deprecated": "deprecated",
}
_RISK: Final[Mapping[str, EventKind]] = {
    "mitigated": "risk-mitigated",
    "accepted": "risk-accepted",
    "transferred": "risk-closed",
    "avoided": "risk-closed",
    "closed": "risk-closed",
}
_FOLLOW_UP: Final[Mapping[str, EventKind]] = {"done": "follow-up-done", "dropped": "follow-up-dropped"}
_OWED: Final = frozenset({"open", "in-progress"})
_BY: Final[Mapping[str, str]] = {
    "accepted": "decision-makers",
    "rejected": "decision-makers",
    "superseded": "superseded-by",
}
_FROM_FIELDS: Final = frozenset({"field", "item", "order"})


class _Said(TypedDict, total=False):
    before: str
    after: str
    by: tuple[str, ...]
    exposure: int | None
    fields: tuple[str, ...]
    reason: str


Kept: TypeAlias = "dict[Past, tuple[Step, Version | None]]"
"""The oldest version of each record that was read: the next older step ends with it."""


def events_in(moment: Moment, kept: Kept) -> Iterator[Event]:
    """Give what happened in one step; nothing when only words of the body or minor fields changed.

    Args:
        moment: the step.
        kept: what was read for newer steps, so that no version is read twice; brought up to date.
    """
    return _Reading(moment, kept).events()


class _Reading:
    """One step and the versions on both sides of it, read when they are needed."""

    def __init__(self, moment: Moment, kept: Kept) -> None:
        self.moment, self.kept = moment, kept
        self.was: Facts | None = moment.before.facts if moment.before else None

    def events(self) -> Iterator[Event]:
        moment, was, now = self.moment, self.was, self.moment.step.facts
        if now is None:
            yield self._event("removed", before=was.status if was else "")
            return
        if moment.is_return:
            yield self._event("restored", after=now.status)
        if was is not None and is_renumbered(was, now):
            yield self._event("renumbered", before=was.id, after=now.id)
        match now.kind:
            case "decision":
                yield from self._decision(now)
            case "risk":
                yield from self._risk(now.status)
            case "follow-up":
                yield from self._follow_up(now.status)
            case "pipeline":
                yield from self._changed("contract-added" if self._is_new else "contract-changed")
            case "policy":
                yield from self._changed("policy-added" if self._is_new else "policy-changed")

    @property
    def _is_new(self) -> bool:
        """Whether there was no such record before, or one of another kind."""
        now = self.moment.step.facts
        return self.was is None or now is None or self.was.kind != now.kind

    @property
    def _status_before(self) -> str:
        return self.was.status if self.was is not None and not self._is_new else ""

    def _decision(self, now: Facts) -> Iterator[Event]:
        status, before = now.status, self._status_before
        if status != before and (kind := _DECISION.get(status)):
            by = _names(self._field(_BY[status])) if status in _BY else ()
            yield self._event(kind, before=before, after=status, by=by)
        if self.was is not None and not self._is_new and now.amendments > self.was.amendments:
            last = self._field("amendments")
            said = last[-1] if isinstance(last, list) and last and isinstance(last[-1], dict) else {}
            yield self._event("amended", by=_names(said.get("by")), reason=_text(said.get("reason")))

    def _risk(self, status: str) -> Iterator[Event]:
        before = self._status_before
        if self._is_new:
            yield self._event("risk-raised", after=status, exposure=_exposure(self._after))
        elif status == "open" and before not in {"", "open"}:
            yield self._event("risk-reopened", before=before, after=status, exposure=_exposure(self._after))
        accepted_anew = status == before == "accepted" and _acceptance(self._before) != _acceptance(self._after)
        if (kind := _RISK.get(status)) and (status != before or accepted_anew):
            by = _names(self._field("accepted-by")) if status == "accepted" else ()
            yield self._event(kind, before=before, after=status, by=by, exposure=_exposure(self._after))

    def _follow_up(self, status: str) -> Iterator[Event]:
        before = self._status_before
        if status not in _OWED and status == before:
            return
        due = _text(self._field("due"))
        if self._is_new:
            yield self._event("follow-up-added", after=due)
        elif status in _OWED and before and before not in _OWED:
            yield self._event("follow-up-reopened", before=before, after=due)
        elif status in _OWED and (old := _day(self._before)) and (new := _day(self._after)) and new > old:
            yield self._event("follow-up-pushed-back", before=old.isoformat(), after=new.isoformat())
        if status != before and (kind := _FOLLOW_UP.get(status)):
            yield self._event(kind, before=before, after=status, reason=_text(self._field("outcome")))

    def _changed(self, kind: EventKind) -> Iterator[Event]:
        if kind.endswith("-added"):
            yield self._event(kind)
            return
        found = changes(self._before, self._after)
        fields = tuple(dict.fromkeys(one.field for one in found if one.kind in _FROM_FIELDS))
        if fields:
            yield self._event(kind, fields=fields)

    def _event(self, kind: EventKind, **said: Unpack[_Said]) -> Event:
        moment, past = self.moment, self.moment.past
        title = past.title
        if title is None:
            title = _text(_value(self._before if moment.step.facts is None else self._after, "title"))
        named = Named(past.id, title, past.path, past.design, past.is_gone)
        return Event(kind, named, moment.commit, moment.step.who, moment.path, **said)

    @cached_property
    def _before(self) -> Version | None:
        if self.moment.before is None:
            return None
        version = self.moment.before.read()
        self.kept[self.moment.past] = (self.moment.before, version)
        return version

    @cached_property
    def _after(self) -> Version | None:
        step, version = self.kept.get(self.moment.past, (None, None))
        return version if step is self.moment.step else self.moment.step.read()

    def _field(self, name: str) -> Any:  # noqa: ANN401 - frontmatter holds anything
        return _value(self._after, name)


def _value(version: Version | None, name: str) -> Any:  # noqa: ANN401 - frontmatter holds anything
    return version.fields.get(name) if version else None


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    many = value if isinstance(value, list) else [value]
    return tuple(text for one in many if (text := _text(one)))


def _exposure(version: Version | None) -> int | None:
    """Give what remains of a risk, as `Risk.exposure` does; None when its levels are no levels."""
    for names in (("residual-likelihood", "residual-impact"), ("likelihood", "impact")):
        one, two = (_value(version, name) for name in names)
        if type(one) is int and type(two) is int:
            return one * two
    return None


def _acceptance(version: Version | None) -> tuple[int | None, tuple[str, ...]]:
    return _exposure(version), _names(_value(version, "accepted-by"))


def _day(version: Version | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(_text(_value(version, "due")))
    except ValueError:
        return None
