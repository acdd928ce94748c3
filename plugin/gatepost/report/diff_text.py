"""A comparison as text for people: what is worse first, then decisions, risks, follow-ups, and what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gatepost.report.change_words import change_words
from gatepost.report.counts import counted
from gatepost.report.diff_words import (
    Sides,
    details,
    enforcement_words,
    fate_words,
    follow_up_words,
    over_words,
    risk_words,
    verdict_words,
)
from gatepost.report.lines import wrap
from gatepost.report.paint import Paint, Role, in_plain
from gatepost.report.text import EFFECT_WORDS, finding_lines, findings_lines

if TYPE_CHECKING:
    from gatepost.check.compare import Comparison
    from gatepost.check.compare_gates import GateMove, Move, Trouble

__all__ = ["render_diff_text"]

_GROUPS: Final = (
    ("Decisions", ("decision",)),
    ("Risks", ("risk",)),
    ("Follow-ups", ("follow-up",)),
    ("Designs, contracts and checklists", ("design", "pipeline", "checklist", "page")),
)
_OVER: Final[dict[Move, tuple[str, Role]]] = {
    "newly-met": ("MET", "good"),
    "newly-waived": ("WAIVED", "open"),
    "newly-unknown": ("UNKNOWN", "open"),
    "no-longer-asked": ("NOT ASKED", "faint"),
}


def render_diff_text(found: Comparison, sides: Sides, *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give a comparison as text.

    Args:
        found: what lies between two reports.
        sides: what was compared with what.
        paint: what gives each piece its colour.
        width: columns that a line may fill; a place in a file is never broken.
    """
    blocks = [
        *_worse(found, paint, width),
        [line for move in found.of_move(*_OVER) for line in _over(found, move, paint, width)],
        *(_records(found, title, kinds, paint, width) for title, kinds in _GROUPS),
        _policy(found, paint, width),
        _still(found, width),
        _ending(found, sides, paint, width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _worse(found: Comparison, paint: Paint, width: int) -> Iterator[list[str]]:
    """Give what is worse, by file, with how to mend it; what did less before says so."""
    troubles = sorted(found.worse, key=lambda one: one.record.entry.path)
    titles = {id(pair.after): pair.title for pair in found.pairs}
    for _, group in groupby(troubles, key=lambda one: one.record.entry.path):
        listed = list(group)
        record = listed[0].record
        head = wrap(f"{record.id}  {titles.get(id(record), '')}".rstrip(), width)
        plainly = [one.finding for one in listed if one.finding is not None and one.was == "none"]
        others = (one for one in listed if one.finding is None or one.was != "none")
        yield [
            *(paint(line, "name") for line in head),
            *findings_lines(plainly, paint, width),
            *(line for one in others for line in _trouble(one, paint, width)),
        ]


def _trouble(one: Trouble, paint: Paint, width: int) -> Iterator[str]:
    if one.finding is not None:
        yield from finding_lines(one.finding, paint, width)
    else:
        word, role = EFFECT_WORDS[one.effect]
        said = f"not met because it is not met on {one.because}" if one.because else "not met"
        yield from _hung(word, role, f"{one.gate.id}  {said}", paint, width)
    if one.was != "none":
        yield f"    it was {EFFECT_WORDS[one.was][0]} before"


def _over(found: Comparison, move: GateMove, paint: Paint, width: int) -> Iterator[str]:
    word, role = _OVER[move.move]
    why = over_words(found, move)
    yield from _hung(word, role, f"{move.gate.id}  on {move.pair.id}{f': {why}' if why else ''}", paint, width)


def _records(found: Comparison, title: str, kinds: tuple[str, ...], paint: Paint, width: int) -> list[str]:
    promises = _promises(found)
    lines: list[str] = []
    for pair in found.changed:
        if pair.kind in kinds:
            first, *more = wrap(f"{pair.id}  {pair.title}".rstrip(), width - 2, width - 2)
            lines += [f"  {paint(first, 'name')}", *(f"  {paint(line, 'name')}" for line in more)]
            words = [fate_words(pair), *promises.get(id(pair), ()), *details(pair)]
            lines += [line for one in words if one != "changed" for line in _indented(one, width)]
    return [paint(title, "name"), *lines] if lines else []


def _promises(found: Comparison) -> dict[int, list[str]]:
    """Give what became of risks and follow-ups, by the record."""
    words: dict[int, list[str]] = defaultdict(list)
    for risk in found.risks:
        words[id(risk.pair)] += risk_words(risk)
    for follow_up in found.follow_ups:
        if follow_up.move not in {"added", "done", "dropped"}:
            words[id(follow_up.pair)].append(follow_up_words(follow_up))
    return words


def _policy(found: Comparison, paint: Paint, width: int) -> list[str]:
    words = [enforcement_words(one) for one in found.enforcement]
    words += [change_words(change) for change in found.policy if change.field != "enforcement"]
    lines = [line for one in words for line in _indented(one, width)]
    return [paint("Policy", "name"), *lines] if lines else []


def _still(found: Comparison, width: int) -> list[str]:
    """Name what fails as before, by gate; it is nothing that this change did."""
    groups: dict[str, list[str]] = defaultdict(list)
    for move in found.of_move("still-failing"):
        if not move.is_worse:
            groups[f"STILL {EFFECT_WORDS[move.effect][0]}  {move.gate.id}"].append(move.pair.id)
    return [line for said, names in groups.items() for line in _hang(f"{said}  on {_listed(names)}", width)]


def _listed(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _ending(found: Comparison, sides: Sides, paint: Paint, width: int) -> list[str]:
    one, two = found.exposure
    numbers = ", ".join(
        f"{found.fates[fate]} {fate}" for fate in ("added", "removed", "renumbered", "moved", "changed")
    )
    still = counted(len([move for move in found.of_move("still-failing") if not move.is_worse]), "gate result")
    facts = f"Records: {numbers}. Open exposure {one} before, {two} after. {still} fail as before."
    worst = any(trouble.effect == "block" for trouble in found.worse)
    verdict = wrap(f"{verdict_words(found)}.", width)
    compared = f"{sides.sentence}, judged on {found.after.today}."
    return [
        *wrap(facts, width),
        *wrap(compared, width),
        *(paint(line, "block" if worst else "good") for line in verdict),
    ]


def _hung(word: str, role: Role, said: str, paint: Paint, width: int) -> Iterator[str]:
    first, *more = wrap(said, width - 4, width - len(word) - 2)
    yield f"{paint(word, role)}  {first}"
    yield from (f"    {line}" for line in more)


def _indented(said: str, width: int) -> Iterable[str]:
    first, *more = wrap(said, width - 6, width - 4)
    return [f"    {first}", *(f"      {line}" for line in more)]


def _hang(said: str, width: int) -> Iterable[str]:
    first, *more = wrap(said, width - 4, width)
    return [first, *(f"    {line}" for line in more)]
