"""The latest changes, for the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from gatepost.site.change_log import CHANGE_LOG, day_anchor
from gatepost.site.escape import safe
from gatepost.site.told import badge, sentence

if TYPE_CHECKING:
    from gatepost.check.event import Event
    from gatepost.site.lookup import Lookup

__all__ = ["latest"]

_MOST: Final = 5


def latest(lookup: Lookup, page: str) -> Markup:
    """Give the newest few events under a heading; nothing when none is known.

    Args:
        lookup: the report.
        page: the page that they stand on.
    """
    events = lookup.chronicle.events[:_MOST]
    if not events:
        return Markup("")
    items = "\n".join(_item(lookup, page, event) for event in events)
    more = f'<a href="{safe(lookup.urls(page, CHANGE_LOG))}">{lookup.words.html("latest.all")}</a>'
    return Markup(  # noqa: S704 - each piece was escaped
        f'<h2 id="latest">{lookup.words.html("latest.title")}</h2>\n<ul class="gp-latest">\n{items}\n</ul>\n'
        f"<p>{more}</p>\n"
    )


def _item(lookup: Lookup, page: str, event: Event) -> str:
    day = day_anchor(event)
    href = lookup.urls(page, f"{CHANGE_LOG}#{day}")
    told = not event.author or event.author in event.by
    who = "" if told else f' <span class="gp-note">· {safe(event.author)}</span>'
    return (
        f'<li><a class="gp-latest-day" href="{safe(href)}"><time>{safe(day)}</time></a> '
        f"{badge(lookup.words, event)} <span>{sentence(lookup, page, event)}{who}</span></li>"
    )
