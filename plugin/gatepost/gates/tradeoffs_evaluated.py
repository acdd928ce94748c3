"""`tradeoffs-evaluated`: two options or more, all scored, and the choice follows from the scores or says why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.records import ATTRIBUTES, Decision, Option

__all__ = ["GATE"]

_MIN_OPTIONS: Final = 2


def check(entry: Entry, _context: Context) -> Verdict:
    """Look at the options, their scores and the choice."""
    if not isinstance(entry.record, Decision):
        return NOT_APPLICABLE
    return [*_options(entry.record), *_choice(entry.record)]


def _options(record: Decision) -> Iterator[Fault]:
    if len(record.options) < _MIN_OPTIONS:
        found = "one option" if record.options else "no options"
        yield Fault(f"{found} considered", "add at least two real options", ("options",), str(len(record.options)))
    for name, count in Counter(option.name for option in record.options).items():
        if count > 1:
            yield Fault(f"{count} options are called '{name}'", "give each its own name", ("options",), name)
    for index, option in enumerate(record.options):
        missing = [name for name in ATTRIBUTES if getattr(option, name) is None]
        if missing:
            message = f"the option '{option.name}' has no score for {', '.join(missing)}"
            yield Fault(message, "score it from 1 (poor) to 5 (very good)", ("options", index), option.name)


def _is_scored(option: Option) -> bool:
    return all(getattr(option, name) is not None for name in ATTRIBUTES)


def _choice(record: Decision) -> Iterator[Fault]:
    by_name = {option.name: option for option in record.options}
    if record.chosen is None:
        yield Fault("chosen is missing", "add `chosen:` with the name of an option", ("chosen",))
    elif record.chosen not in by_name:
        if by_name:
            near = get_close_matches(record.chosen, by_name, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"the options are {', '.join(by_name)}"
            yield Fault(
                f"the chosen option '{record.chosen}' is not among the options", hint, ("chosen",), record.chosen
            )
    elif record.override is None and len(by_name) == len(record.options) and all(map(_is_scored, record.options)):
        best = max(record.options, key=lambda option: option.total)
        chosen = by_name[record.chosen]
        if chosen.total < best.total:
            message = f"'{chosen.name}' has {chosen.total} points, '{best.name}' has {best.total}"
            yield Fault(message, "say in `override:` why the top scorer was not chosen", ("chosen",), chosen.name)


GATE = Gate(
    id="tradeoffs-evaluated",
    code="GP103",
    kind="quality",
    applies_to=frozenset({"decision"}),
    holds_when=(
        "Two options or more are scored on security, performance, operability and maintainability, and the "
        "chosen one scores highest or says why it was chosen all the same."
    ),
    check=check,
)
