"""A comparison as a comment on a pull request: a verdict, what to look at first, tables, old things folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
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
from gatepost.report.markup import code, sentence, shown
from gatepost.report.text import EFFECT_WORDS

if TYPE_CHECKING:
    from gatepost.check.compare import Comparison
    from gatepost.check.compare_gates import GateMove, Move, Trouble
    from gatepost.check.compare_pairs import Pair

__all__ = ["LIMIT", "MARKER", "render_diff_markdown"]

MARKER: Final = "<!-- gatepost-diff -->"
"""The first line of every comment, by which a bot finds the one that it wrote before."""
LIMIT: Final = 65_535
"""The most characters that GitHub takes for a comment; GitLab takes more."""
_MOST_DETAILS: Final = 12
_LONGEST: Final = 400
_OVER: Final[dict[Move, str]] = {
    "newly-met": "met",
    "newly-waived": "waived",
    "newly-unknown": "unknown",
    "no-longer-asked": "not asked",
}


@dataclass(frozen=True, slots=True)
class _Section:
    """A table, whole or cut at a row; the heading and the end belong to it and are never cut."""

    head: str
    rows: tuple[str, ...]
    end: str = ""


def render_diff_markdown(found: Comparison, sides: Sides, *, limit: int = LIMIT) -> str:
    """Give a comparison as Markdown for a comment.

    Args:
        found: what lies between two reports.
        sides: what was compared with what.
        limit: the most characters that the forge takes.
    """
    lead = f"{MARKER}\n**{shown(verdict_words(found))}.**\n\n{shown(sides.sentence)}, judged on {found.after.today}.\n"
    sections = [section for section in _sections(found) if section.rows]
    note = "\n{} left out here: a comment holds " + f"{limit:,} characters. `gatepost diff` shows all of it.\n"
    room = limit - _size(lead) - _size(note.format(counted(sum(len(one.rows) for one in sections), "row")))
    text, left = _fitted(sections, room)
    return f"{lead}{text}{note.format(counted(left, 'row')) if left else ''}"


def _sections(found: Comparison) -> Iterator[_Section]:
    troubles = ("", "Record", "Gate", "What", "Where")
    blocking = [one for one in found.worse if one.effect == "block"]
    yield _table("Look at this first", troubles, map(_trouble, blocking))
    head = ("Record", "What happened", "In detail")
    notes = _notes(found)
    yield _table("Decisions", head, _records(found, ("decision",), notes))
    one, two = found.exposure
    moved = f"{one} → {two}" if one != two else f"{one}, as before"
    yield _table(f"Risks: open exposure {moved}", head, _records(found, ("risk",), notes))
    yield _table("Follow-ups", head, _records(found, ("follow-up",), notes))
    others = ("design", "pipeline", "checklist", "page")
    yield _table("Designs, contracts and checklists", head, _records(found, others, notes))
    policy = [enforcement_words(move) for move in found.enforcement]
    policy += [change_words(change) for change in found.policy if change.field != "enforcement"]
    yield _Section("\n### Policy\n\n", tuple(f"- {shown(_short(words))}\n" for words in policy))
    yield _table(
        "Not failing any more", ("", "Record", "Gate", "Why"), (_over(found, move) for move in found.of_move(*_OVER))
    )
    lesser = [one for one in found.worse if one.effect != "block"]
    summary = f"{counted(len(lesser), 'new finding')}, open or advice: nothing that blocks"
    yield _folded(summary, troubles, map(_trouble, lesser))
    old = [move for move in found.of_move("still-failing") if not move.is_worse]
    summary = f"{counted(len(old), 'gate result')} still failing, as before"
    yield _folded(summary, ("", "Record", "Gate", "What"), map(_still, old))


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> _Section:
    return _Section(f"\n### {title}\n\n{_head(head)}", tuple(map(_row, rows)))


def _folded(summary: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> _Section:
    opening = f"\n<details>\n<summary>{summary}</summary>\n\n{_head(head)}"
    return _Section(opening, tuple(map(_row, rows)), "\n</details>\n")


def _head(cells: tuple[str, ...]) -> str:
    return _row(cells) + _row(("---",) * len(cells))


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _trouble(one: Trouble) -> tuple[str, ...]:
    entry, finding = one.record.entry, one.finding
    was = f" (was {EFFECT_WORDS[one.was][0]})" if one.was != "none" else ""
    word = f"**{EFFECT_WORDS[one.effect][0]}**{was}"
    if finding is None:
        what = f"not met because it is not met on {shown(one.because)}" if one.because else "not met"
        return word, shown(one.record.id), code(one.gate.id), what, code(entry.path)
    hint = f"<br>{sentence(_short(finding.hint))}" if finding.hint else ""
    place = code(f"{finding.path}:{finding.line}")
    return word, shown(one.record.id), code(one.gate.id), f"{sentence(_short(finding.message))}{hint}", place


def _records(found: Comparison, kinds: tuple[str, ...], notes: dict[int, list[str]]) -> Iterator[tuple[str, ...]]:
    for pair in found.changed:
        if pair.kind in kinds:
            yield _name(pair), shown(_short(fate_words(pair))), _details(pair, notes.get(id(pair), []))


def _name(pair: Pair) -> str:
    return f"**{shown(pair.id)}**{f' {shown(_short(pair.title))}' if pair.title else ''}"


def _details(pair: Pair, notes: list[str]) -> str:
    lines = [f"**{shown(_short(words))}**" for words in notes] + [shown(_short(words)) for words in details(pair)]
    more = [f"and {len(lines) - _MOST_DETAILS} more"] if len(lines) > _MOST_DETAILS else []
    return "<br>".join(chain(lines[:_MOST_DETAILS], more))


def _notes(found: Comparison) -> dict[int, list[str]]:
    """Give what became of risks and follow-ups, by the record."""
    words: dict[int, list[str]] = defaultdict(list)
    for risk in found.risks:
        words[id(risk.pair)] += risk_words(risk)
    for follow_up in found.follow_ups:
        if follow_up.move not in {"done", "dropped"}:
            words[id(follow_up.pair)].append(follow_up_words(follow_up))
    return words


def _over(found: Comparison, move: GateMove) -> tuple[str, ...]:
    why = shown(_short(over_words(found, move)))
    return _OVER[move.move], shown(move.pair.id), code(move.gate.id), why


def _still(move: GateMove) -> tuple[str, ...]:
    messages = [one.finding.message if one.finding else f"not met on {one.because}" for one in move.troubles]
    more = f" and {len(messages) - 1} more" if len(messages) > 1 else ""
    what = sentence(_short(messages[0])) + more if messages else ""
    return EFFECT_WORDS[move.effect][0], shown(move.pair.id), code(move.gate.id), what


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _fitted(sections: list[_Section], room: int) -> tuple[str, int]:
    """Give as many rows as there is room for, and how many are left out; none takes the room of all that follow."""
    pieces: list[str] = []
    left = 0
    for number, section in enumerate(sections):
        is_last = number == len(sections) - 1
        budget = (room if is_last else room * 2 // 3) - _size(section.head) - _size(section.end)
        if sum(map(_size, (one.head + "".join(one.rows) + one.end for one in sections[number:]))) <= room:
            budget = room
        kept: list[str] = []
        for row in section.rows:
            budget -= _size(row)
            if budget < 0:
                break
            kept.append(row)
        left += len(section.rows) - len(kept)
        if kept:
            piece = f"{section.head}{''.join(kept)}{section.end}"
            pieces.append(piece)
            room -= _size(piece)
    return "".join(pieces), left


def _size(text: str) -> int:
    """Give how many characters a forge counts, at most: one outside the basic plane counts as two."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)
