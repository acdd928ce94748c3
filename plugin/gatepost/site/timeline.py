"""What happened to a record, at the foot of its page: the newest step first, written without a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gatepost.book.entry import Entry
from gatepost.book.missing import missing_history
from gatepost.book.timeline import timeline
from gatepost.records import Decision
from gatepost.site.changes import badge, change_html
from gatepost.site.escape import safe
from gatepost.site.fragments import day

if TYPE_CHECKING:
    from gatepost.book.entry import Unread
    from gatepost.book.history import Commit
    from gatepost.book.timeline import Moment
    from gatepost.records.decision import Amendment
    from gatepost.site.lookup import Lookup
    from gatepost.site.words import Words

__all__ = ["record_timeline", "timeline_anchors"]

_ANCHOR: Final = "gp-history"
_AMENDMENTS: Final = "gp-amendments"
_OPEN: Final = 20
"""How many steps are shown before the rest is folded."""
_TELLS: Final = frozenset({"added", "known", "returned"})
"""What happened where the reader wants to know in which status."""


def record_timeline(lookup: Lookup, one: Entry | Unread) -> str:
    """Give what a decision says of its own corrections, and what git says; nothing where nobody looked."""
    record = one.record if isinstance(one, Entry) else None
    amendments = _amendments(lookup.words, record.amendments) if isinstance(record, Decision) else ""
    return f"{amendments}{_history(lookup, one)}"


def timeline_anchors(lookup: Lookup, one: Entry | Unread) -> Iterator[str]:
    """Give the ids that it defines."""
    record = one.record if isinstance(one, Entry) else None
    if isinstance(record, Decision) and record.amendments:
        yield _AMENDMENTS
    if lookup.report.history.problem or lookup.report.history.of(one) is not None:
        yield _ANCHOR


def _history(lookup: Lookup, one: Entry | Unread) -> str:
    words, problem = lookup.words, missing_history(lookup.report.history)
    history = lookup.report.history.of(one)
    if history is None and not problem:
        return ""
    moments = timeline(history, whole=not problem) if history else ()
    lacks = _problem(words, problem, known=bool(moments)) if problem else ""
    steps = _steps(lookup, moments) if moments else ""
    title = f'<h2 id="{_ANCHOR}">{words.html("history.title")}</h2>\n'
    return f'<section class="gp-history" aria-labelledby="{_ANCHOR}">{title}{lacks}{steps}</section>\n'


@lru_cache(maxsize=16)
def _problem(words: Words, problem: str, *, known: bool) -> str:
    said = words("history.not-whole", problem=problem) if known else words("history.not-known", problem=problem)
    return f'<p class="gp-calm gp-missing">{safe(said)}</p>\n'


def _steps(lookup: Lookup, moments: tuple[Moment, ...]) -> str:
    """Give the newest steps, and the older ones folded; print and search of a browser open what is folded."""
    words, rest = lookup.words, len(moments) - _OPEN
    shown = f'<ol class="gp-time">\n{_listed(lookup, moments[:_OPEN])}</ol>\n'
    if rest <= 0:
        return shown
    more = _listed(lookup, moments[_OPEN:])
    return (
        f'{shown}<details class="gp-older"><summary>{safe(words("history.older", n=rest))}</summary>\n'
        f'<ol class="gp-time">\n{more}</ol></details>\n'
    )


def _listed(lookup: Lookup, moments: Iterable[Moment]) -> str:
    return "".join([_moment(lookup, moment) for moment in moments])


def _moment(lookup: Lookup, moment: Moment) -> str:
    words, step = lookup.words, moment.step
    name = "gp-step gp-step-moved" if moment.status or moment.event != "changed" else "gp-step"
    head = _commit(lookup, step.commit) if step.commit else _uncommitted(words)
    said = [_event(words, moment)] if moment.event != "changed" else []
    said += [change_html(words, change) for change in moment.changes]
    if not said:
        said = [f'<span class="gp-note">{words.html("history.same")}</span>']
    brought = _brought(lookup, step.brought) if step.brought else ""
    changes = "".join([f"<li>{one}</li>" for one in said])
    return f'<li class="{name}"><p class="gp-step-head">{head}</p><ul class="gp-changes">{changes}</ul>{brought}</li>\n'


def _event(words: Words, moment: Moment) -> str:
    said = f"<strong>{safe(words(f'history.{moment.event}'))}</strong>"
    return f"{said} {badge(words, moment.stands)}" if moment.event in _TELLS and moment.stands else said


@lru_cache(maxsize=16)
def _uncommitted(words: Words) -> str:
    return f'<span class="gp-uncommitted">{words.html("history.uncommitted")}</span>'


def _commit(lookup: Lookup, commit: Commit) -> str:
    """Give a commit: its day, who made it, its id, which leads to the forge, and its subject."""
    url = lookup.commit_url(commit.id)
    name = f"<code>{commit.short}</code>"
    linked = f'<a href="{safe(url)}">{name}</a>' if url else name
    return (
        f'<time datetime="{safe(commit.date)}">{safe(commit.day)}</time> '
        f'<span class="gp-who">{safe(commit.author)}</span> {linked} '
        f'<span class="gp-subject">{safe(commit.subject)}</span>'
    )


def _brought(lookup: Lookup, commits: tuple[Commit, ...]) -> str:
    """Give the commits of a branch that a merge brought."""
    listed = "".join([f'<li class="gp-step-head">{_commit(lookup, one)}</li>' for one in reversed(commits)])
    return (
        f'<details class="gp-brought"><summary>{safe(lookup.words("history.merged", n=len(commits)))}</summary>'
        f"<ol>{listed}</ol></details>"
    )


def _amendments(words: Words, many: tuple[Amendment, ...]) -> str:
    """Give the corrections of what was decided, as the decision records them."""
    if not many:
        return ""
    label, rows = words.html("history.amendments"), "".join([_amendment(one) for one in many])
    head = "".join([f'<th scope="col">{words.html(f"col.{name}")}</th>' for name in ("date", "by", "why")])
    return (
        f'<h2 id="{_AMENDMENTS}">{label}</h2>\n<div class="gp-scroll" role="region" aria-label="{label}" tabindex="0">'
        f'<table class="gp-t gp-amended"><caption>{words.html("history.amendments-caption")}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>\n"
    )


def _amendment(one: Amendment) -> str:
    return f'<tr><th scope="row">{day(one.date)}</th><td>{safe(one.by)}</td><td>{safe(one.reason)}</td></tr>'
