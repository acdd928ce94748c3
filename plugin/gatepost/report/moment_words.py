"""One step of a record's history in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gatepost.report.change_words import change_words

if TYPE_CHECKING:
    from gatepost.book.timeline import Event, Moment

__all__ = ["moment_words"]

_EVENTS: Final[dict[Event, str]] = {
    "added": "added",
    "known": "the oldest version that is known here",
    "changed": "",
    "removed": "removed",
    "returned": "brought back",
    "lost": "what it said is not in this repository",
}


def moment_words(moment: Moment) -> Iterator[str]:
    """Say what a step did: what became of the record first, then each thing that changed."""
    event = _EVENTS[moment.event]
    if event:
        tells = moment.event in {"added", "known", "returned"}
        yield f"{event} ({moment.stands})" if tells and moment.stands else event
    yield from (change_words(change) for change in moment.changes)
    if moment.event == "changed" and not moment.changes:
        yield "nothing that counts: white space, spelling of values or comments"
