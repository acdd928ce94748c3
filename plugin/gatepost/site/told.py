"""What happened, in words: a badge, a sentence about the record, who and in which commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gatepost.site.escape import safe
from gatepost.site.fragments import prose

if TYPE_CHECKING:
    from gatepost.check.event import Event, EventKind
    from gatepost.site.lookup import Lookup
    from gatepost.site.words import Words

__all__ = ["badge", "people", "predicate", "sentence", "source", "subject"]

_LOOKS: Final[dict[EventKind, str]] = {
    "proposed": "gp-s-proposed",
    "superseded": "gp-s-superseded",
    "deprecated": "gp-s-deprecated",
    "amended": "gp-m-advice",
    "risk-raised": "gp-m-advice",
    "risk-accepted": "gp-s-accepted",
    "risk-mitigated": "gp-s-mitigated",
    "risk-closed": "gp-s-closed",
    "risk-reopened": "gp-m-advice",
    "follow-up-added": "gp-s-open",
    "follow-up-pushed-back": "gp-d-overdue",
    "follow-up-done": "gp-s-done",
    "follow-up-dropped": "gp-s-dropped",
    "follow-up-reopened": "gp-s-open",
    "removed": "gp-m-failing",
    "gate-failing": "gp-m-failing",
    "gate-met": "gp-m-met",
}
"""The colours and the sign of each badge, which the style sheet has for states and statuses."""
_OTHER: Final = "gp-s-superseded"
_MOST: Final = 240
"""The longest reason that is told, in characters; the record has it whole."""
_HERE: Final = "\0"


def badge(words: Words, event: Event) -> str:
    """Give what kind of thing happened, in a word or two with a sign."""
    if event.kind == "decided":
        return f'<span class="gp-s gp-s-{safe(event.after)}">{words.html(f"status.{event.after}")}</span>'
    look = _LOOKS.get(event.kind, _OTHER)
    return f'<span class="gp-s {look}">{words.html(f"event.{event.kind}")}</span>'


def sentence(lookup: Lookup, page: str, event: Event) -> str:
    """Give the record, linked while it is there, and what happened to it, with ids and gates linked.

    Args:
        lookup: for words and links.
        page: the page that links.
        event: what happened.
    """
    name = f'<span class="gp-id">{safe(event.record.id)}</span> {safe(event.record.title)}'
    target = target_of(lookup, event)
    named = f'<a href="{safe(lookup.urls(page, target))}">{name}</a>' if target else name
    gone = "" if target else f' <span class="gp-note">({lookup.words.html("event.gone")})</span>'
    return f"{named} {_happened(lookup, page, event)}{gone}"


def target_of(lookup: Lookup, event: Event) -> str:
    """Give the source path of the record's page; empty for one that is gone."""
    return "" if event.record.is_gone else event.record.path.removeprefix(lookup.prefix)


def _happened(lookup: Lookup, page: str, event: Event) -> str:
    if not event.gate:
        return prose(lookup, page, predicate(lookup.words, event))
    before, _, after = lookup.words(f"said.{event.kind}", gate=_HERE).partition(_HERE)
    href = lookup.gate_links(page).get(event.gate)
    gate = f'<a href="{safe(href)}">{safe(event.gate)}</a>' if href else safe(event.gate)
    return f"{safe(before)}{gate}{safe(after)}"


def subject(event: Event) -> str:
    """Give what people call the record."""
    return f"{event.record.id} {event.record.title}".strip()


def predicate(words: Words, event: Event) -> str:
    """Say what happened to the record, as plain text that follows its name."""
    said = _verb(words, event)
    if event.by:
        said += words("said.by", by=", ".join(event.by))
    if event.exposure is not None:
        said += words("said.exposure", exposure=event.exposure)
    if event.reason:
        reason = event.reason if len(event.reason) <= _MOST else f"{event.reason[: _MOST - 1]}…"
        said += words("said.reason", reason=reason)
    return said


def _verb(words: Words, event: Event) -> str:
    match event.kind:
        case "decided":
            return words(f"said.{event.after}")
        case "proposed" if event.before:
            return words("said.proposed-again")
        case "risk-closed":
            return words(f"said.{event.after}")
        case "follow-up-added" | "follow-up-reopened":
            return words(f"said.{event.kind}") + (words("said.due", due=event.after) if event.after else "")
        case "follow-up-pushed-back":
            days = (dt.date.fromisoformat(event.after) - dt.date.fromisoformat(event.before)).days
            return words("said.follow-up-pushed-back", n=days, due=event.after)
        case "contract-changed" | "policy-changed":
            return words(f"said.{event.kind}", fields=", ".join(event.fields))
        case "renumbered":
            return words("said.renumbered", before=event.before, after=event.after)
        case "gate-failing" | "gate-met":
            return words(f"said.{event.kind}", gate=event.gate)
        case _:
            return words(f"said.{event.kind}")


def source(lookup: Lookup, event: Event) -> str:
    """Give who made the change, and the commit, linked where it can be seen."""
    commit = event.commit
    name = f"<code>{safe(commit.short)}</code>"
    href = lookup.commit_url(commit.id)
    linked = f'<a href="{safe(href)}">{name}</a>' if href else name
    if event.gate:
        return linked  # the commit at which it was seen, which need not be the one that moved the gate
    return " · ".join(part for part in (safe(event.author), linked, safe(commit.subject)) if part)


def people(event: Event) -> Iterable[str]:
    """Give who made the change, and who decided or accepted what it says."""
    named = () if event.kind == "superseded" else event.by
    return dict.fromkeys(name for name in (event.author, *named) if name)
