"""A report as text for people: findings by file, what is set aside, each design's state, one sentence of numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry
from gatepost.report.counts import counted, counts_of, failing_findings
from gatepost.report.lines import columns, plain, wrap
from gatepost.report.paint import Paint, Role, in_plain

if TYPE_CHECKING:
    from gatepost.check.results import DesignReport, Finding, Report
    from gatepost.report.against import Against

__all__ = [
    "EFFECT_WORDS",
    "STATE_WORDS",
    "finding_lines",
    "findings_lines",
    "render_text",
    "revision_lines",
    "state_sentence",
    "verdict",
]

EFFECT_WORDS: Final[dict[str, tuple[str, Role]]] = {
    "block": ("BLOCK", "block"),
    "open": ("OPEN", "open"),
    "advise": ("ADVICE", "advise"),
    "none": ("NOTE", "faint"),
}
STATE_WORDS: Final[dict[str, tuple[str, Role, str]]] = {
    "stopped": ("STOPPED", "stop", "work must not go on until this is mended"),
    "escalated": ("ESCALATED", "stop", "someone with authority must decide"),
    "failing": ("FAILING", "block", "gates that block are not met"),
    "open": ("OPEN", "open", "only proposed decisions have something left to mend"),
    "clear": ("CLEAR", "good", "every gate that blocks is met"),
}
_WORST_FIRST: Final = tuple(STATE_WORDS)
_INDENT: Final = "    "
_NAMED: Final = 5
_ALIKE: Final = 3
"""So many findings that are alike are told in full."""
_FORM: Final = "schema-valid"
_ERRORS: Final = 100
"""So many errors of one record's form are: each is another one, and all can be mended before the next run."""
_STATE_COLUMN: Final = 11
_SHORT: Final = 12


def render_text(  # noqa: PLR0913 - what is shown, how wide and in which colour are asked for apart
    report: Report,
    *,
    paint: Paint = in_plain,
    width: int = 80,
    advice: bool = True,
    findings: bool = True,
    fail_on: str = "block",
    against: Against | None = None,
) -> str:
    """Give a report as text.

    Args:
        report: what checking gave.
        paint: what gives each piece its colour.
        width: columns that a line may fill; a place in a file is never broken.
        advice: whether advice is listed; it is always counted.
        findings: whether findings are listed at all; states and numbers always are.
        fail_on: the least grave effect that fails the check.
        against: the base that the report is seen against, which tells what is new.
    """
    blocks: list[list[str]] = []
    if findings:
        blocks += _files(report, paint, width, against, advice=advice)
        blocks.append(list(_because(report, width, against)))
        blocks.append(list(_unknown(report, width)))
        blocks.append(list(_waivers(report, width)))
    designs = sorted(
        (design for design in report.designs if design.records), key=lambda one: _WORST_FIRST.index(one.state)
    )
    blocks.append([line for design in designs for line in _design(design, paint, width)])
    closing = [*wrap(counts_of(report).sentence(), width), *revision_lines(report)]
    blocks.append([*closing, *_compared(against, width), _verdict(report, paint, fail_on, against)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _files(report: Report, paint: Paint, width: int, against: Against | None, *, advice: bool) -> Iterator[list[str]]:
    titles = {
        record.entry.path: record.entry.record.title
        if isinstance(record.entry, Entry)
        else "cannot be read as a record"
        for record in report.records
    }
    shown = (
        one for one in report.findings if (advice or one.effect != "advise") and (against is None or against.lists(one))
    )
    for path, found in groupby(shown, key=lambda one: one.path):
        group = list(found)
        name = group[0].record
        title = titles.get(path, "")
        head = "\n".join(wrap(f"{name}  {title}".rstrip(), width))
        yield [paint(head, "name"), *findings_lines(group, paint, width, against)]


def findings_lines(
    findings: Iterable[Finding], paint: Paint, width: int, against: Against | None = None
) -> Iterator[str]:
    """Give the findings of one file; of many alike, such as placeholders, the first few, and where the rest are.

    Two findings are alike when gate, effect and hint are the same.
    """
    alike: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        group = alike[one.path, one.gate.id, one.effect, one.hint, against is not None and against.is_new(one)]
        group.append(one)
        if len(group) <= _most(one):
            yield from finding_lines(one, paint, width, against)
    for group in alike.values():
        first, most = group[0], _most(group[0])
        if len(group) > most:
            places = ", ".join(f"{one.line}:{one.column}" for one in group[most:])
            said = f"and {len(group) - most} more of {first.gate.id} in {plain(first.path)}, at {places}"
            yield from (f"{_INDENT}{line}" for line in wrap(said, width - len(_INDENT)))


def _most(finding: Finding) -> int:
    return _ERRORS if finding.gate.id == _FORM else _ALIKE


def finding_lines(finding: Finding, paint: Paint, width: int, against: Against | None = None) -> Iterator[str]:
    """Give a finding: its place, whether it is new, what it does, its gate and message; below, how to mend it."""
    place = f"{plain(finding.path)}:{finding.line}:{finding.column}"
    word, role = EFFECT_WORDS[finding.effect]
    if against is not None and against.is_new(finding):
        word = f"NEW {word}"
    gate = finding.gate.id
    said = f"{paint(word, role)}  {paint(gate, 'name')}"
    used = columns(place) + len(word) + len(gate) + 4
    if used > width:
        yield place
        place, used = "  ", used - columns(place)
    room = width - len(_INDENT)
    message = wrap(finding.message, room)
    if len(message) == 1 and used + 2 + columns(message[0]) <= width:
        yield f"{place}  {said}  {message.pop()}"
    else:
        yield f"{place}  {said}"
    yield from (f"{_INDENT}{line}" for line in message)
    if finding.hint:
        yield from (f"{_INDENT}{paint(line, 'faint')}" for line in wrap(f"hint: {finding.hint}", room))


def _hang(text: str, width: int) -> Iterator[str]:
    first, *more = wrap(text, width - len(_INDENT), width)
    yield first
    yield from (f"{_INDENT}{line}" for line in more)


def _because(report: Report, width: int, against: Against | None) -> Iterator[str]:
    for record in report.records:
        for gate, outcome in record.outcomes.items():
            if outcome.because and outcome.is_failure:
                new, old = against.causes(record, gate, outcome.because) if against else ((), outcome.because)
                for mark, names in (("NEW ", new), ("", old)):
                    word = mark + EFFECT_WORDS[outcome.effect][0]
                    said = f"{record.id}  {word}  {gate}  not met because it is not met on {', '.join(names)}"
                    yield from _hang(said, width) if names else ()


def _unknown(report: Report, width: int) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in report.records:
        for gate, outcome in record.outcomes.items():
            if outcome.state == "unknown":
                groups[gate, outcome.reason].append(record.id)
    for (gate, reason), names in groups.items():
        listed = ", ".join(names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield from _hang(f"UNKNOWN  {gate}  on {listed}{more}: {reason}", width)


def _waivers(report: Report, width: int) -> Iterator[str]:
    for record, gate, waiver in report.waived:
        said = f"WAIVED until {waiver.until}  {gate.id}  on {record.id}, by {waiver.approved_by}: {waiver.reason}"
        yield from _hang(said, width)


def _design(design: DesignReport, paint: Paint, width: int) -> Iterator[str]:
    word, role, _ = STATE_WORDS[design.state]
    name = design.id or _outside(design)
    met = f"{design.met} of {counted(design.asked, 'gate result')} met"
    first, *more = wrap(f"{name}, {met}: {state_sentence(design)}", width - _STATE_COLUMN)
    yield f"{paint(word, role)}{' ' * (_STATE_COLUMN - len(word))}{first}"
    yield from (f"{' ' * _STATE_COLUMN}{line}" for line in more)


def _outside(design: DesignReport) -> str:
    """Name the records that belong to no design; the policy alone goes by its own name."""
    return "policy" if {record.entry.kind for record in design.records} == {"policy"} else "(no design)"


def state_sentence(design: DesignReport) -> str:
    """Say what a design's state means, by which gates on which records it came to that, and what is not known."""
    meaning = STATE_WORDS[design.state][2]
    if unknown := sum(one.state == "unknown" for record in design.records for one in record.outcomes.values()):
        clear = "nothing that could be decided blocks" if design.state == "clear" else meaning
        meaning = f"{clear}; {unknown} could not be decided"
    kind = {"stopped": "stop", "escalated": "escalation"}.get(design.state)
    causes = [
        f"{gate} on {record.id}"
        for record in design.records
        for gate, outcome in record.outcomes.items()
        if outcome.blocks and (not design.id or kind in {finding.gate.kind for finding in outcome.findings})
    ]
    more = f" and {len(causes) - _NAMED} more" if len(causes) > _NAMED else ""
    return f"{meaning} ({', '.join(causes[:_NAMED])}{more})" if causes else meaning


def revision_lines(report: Report) -> list[str]:
    """Say which commit was read; nothing for the working directory."""
    return [f"Read from commit {report.revision[:_SHORT]}."] if report.revision else []


def verdict(report: Report, fail_on: str = "block") -> str:
    """Say how the check came out, in one line.

    Args:
        report: what checking gave.
        fail_on: the least grave effect that fails the check.
    """
    if not report.passed:
        return f"Gates not met on {report.today}."
    if failing := failing_findings(report, fail_on):
        verb = "fails" if failing == 1 else "fail"
        return f"Nothing blocks on {report.today}, but {counted(failing, 'finding')} {verb}: --fail-on {fail_on}."
    met, asked = report.gates_met
    return f"Gates met on {report.today}." if met == asked else f"Nothing blocks on {report.today}."


def _compared(against: Against | None, width: int) -> list[str]:
    return wrap(against.sentence(), width) if against else []


def _verdict(report: Report, paint: Paint, fail_on: str, against: Against | None) -> str:
    if against is not None and against.new_only:
        return paint(against.verdict(fail_on), "block" if against.failing(fail_on) else "good")
    passed = report.passed and not failing_findings(report, fail_on)
    return paint(verdict(report, fail_on), "good" if passed else "block")
