"""The pieces that several templates share, as `p`: compiled with this module, not with every process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from gatepost.site import fragments
from gatepost.site.escape import safe

if TYPE_CHECKING:
    from gatepost.records.risk import Escalation
    from gatepost.site.filters import Filter
    from gatepost.site.lookup import Ref
    from gatepost.site.marks import Mark
    from gatepost.site.record_foot import EvidenceRow
    from gatepost.site.words import Words

__all__ = ["Parts"]


class Parts:
    """The shared pieces in one language; whatever they print is escaped."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def mark(self, name: Mark) -> Markup:
        """Give how a gate stands."""
        return _html(fragments.mark(self._words, name))

    def status(self, name: str) -> Markup:
        """Give the badge of a status; nothing for none."""
        return _html(fragments.status(self._words, name))

    def state(self, name: str) -> Markup:
        """Give the state of a design."""
        return _html(f'<span class="gp-d gp-d-{name}">{self._words.html(f"state.{name}")}</span>')

    @staticmethod
    def day(value: dt.date | None) -> Markup:
        """Give a day; nothing for none."""
        return _html(fragments.day(value))

    def ref(self, one: Ref) -> Markup:
        """Give a link under the id of a record."""
        return self.refs([one])

    def refs(self, many: Iterable[Ref]) -> Markup:
        """Give links under the ids of records, in one line."""
        return _html(fragments.linked(self._words, many))

    def titled(self, one: Ref) -> Markup:
        """Give a link under the id and the title of a record."""
        return _html(fragments.titled(self._words, one))

    @staticmethod
    def names(many: Iterable[str]) -> Markup:
        """Give names in one line."""
        return safe(", ".join(many))

    @staticmethod
    def bullets(many: Sequence[str]) -> Markup:
        """Give a single text as it is, several as a list, nothing for none."""
        return _html(fragments.bullets(many))

    @staticmethod
    def head(label: str, key: str = "", kind: str = "text") -> Markup:
        """Give the head of a column; with a key, the script sorts by it."""
        sorts = f' data-gp-sort="{kind}" data-gp-key="{key}"' if key else ""
        return _html(f'<th scope="col"{sorts}>{safe(label)}</th>')

    def filter(self, filters: Iterable[Filter]) -> Markup:
        """Give the form that filters the rows of a table, which the script brings to light."""
        words = self._words
        return _html(
            f'<form class="gp-filter" role="search" aria-label="{words.html("filter.label")}" hidden>\n'
            f"{''.join(self._choice(one) for one in filters)}"
            f'<label class="gp-find">{words.html("filter.find")} '
            '<input type="search" name="find" autocomplete="off"></label>\n'
            f'<button type="reset">{words.html("filter.clear")}</button>\n'
            f'<output class="gp-count" data-gp-words="{words.html("filter.count")}"></output>\n</form>\n'
        )

    def _choice(self, one: Filter) -> str:
        options = "".join(f'<option value="{safe(value)}">{safe(said)}</option>' for value, said in one.options)
        none = f'<option value="">{self._words.html("filter.any")}</option>'
        return f'<label>{safe(one.label)} <select name="{one.name}">{none}{options}</select></label>\n'

    def exposure(self, value: int, limit: int, escalation: Escalation | None = None) -> Markup:
        """Give an exposure, and that it is above what the tier accepts, unless someone has accepted that."""
        words, over = self._words, value > limit
        decided = over and escalation is not None and escalation.outcome == "accepted"
        title = safe(words("exposure.of", value=value, limit=limit))
        shown = f'<span class="gp-e{" gp-e-over" if over and not decided else ""}" title="{title}">{value}</span>'
        if not over:
            return _html(shown)
        said = safe(words("exposure.over", limit=limit))
        more = f", {words.html('exposure.escalated')}" if decided else ""
        return _html(f'{shown}<span class="gp-note{"" if decided else " gp-over"}">, {said}{more}</span>')

    def evidence(self, rows: Iterable[EvidenceRow]) -> Markup:
        """Give a table of evidence, each piece with its grade and what looking at it gave."""
        words = self._words
        names = (words("col.grade"), words("col.claim"), words("col.place"), words("col.looked"))
        heads, found = "".join(map(self.head, names)), "".join(map(self._piece, rows))
        return _html(
            f'<div class="gp-scroll" role="region" aria-label="{words.html("foot.evidence")}" tabindex="0">'
            f'<table class="gp-t"><caption>{words.html("evidence.caption")}</caption>\n'
            f"<thead><tr>{heads}</tr></thead><tbody>\n{found}</tbody></table></div>\n"
        )

    def _piece(self, one: EvidenceRow) -> str:
        words = self._words
        supports = words("evidence.supports", option=one.supports) if one.supports else ""
        kind = " · ".join(safe(said) for said in (one.kind, one.date, supports) if said)
        place = f"<code>{safe(one.place)}</code>" if one.place or one.href else words.html("none")
        if one.href:
            place = f'<a href="{safe(one.href)}">{place}</a>'
        number = f'<br><span class="gp-note"><code>{safe(one.number)}</code></span>' if one.number else ""
        broken = f'<span class="gp-m gp-m-failing">{words.html("evidence.broken")}</span> ' if one.broken else ""
        return (
            f'<tr><td><span class="gp-g gp-g-{safe(one.grade.lower())}">{safe(one.grade)}</span></td>'
            f'<td>{safe(one.claim)}<br><span class="gp-note">{kind}</span></td><td>{place}{number}</td>'
            f"<td>{broken}{safe(one.note)}</td></tr>\n"
        )


def _html(text: str) -> Markup:
    """Mark as HTML what was put together from escaped pieces."""
    return Markup(text)  # noqa: S704 - each piece was escaped where it was put in
