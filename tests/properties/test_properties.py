"""Laws that hold for whatever is written, found out with text that nobody would write."""

from __future__ import annotations

import datetime as dt
import math
import random
import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from effort import examples, first
from gatepost.book import Document, Fault, locate, read_book, read_document, read_text
from gatepost.book.code import without_code
from gatepost.book.entry import read_entry
from gatepost.book.prose import Prose
from gatepost.book.values import _ODD_NUMBER, _TIME  # the grammar under attack
from gatepost.check import Report
from gatepost.check.engine import check_book
from gatepost.gates.placeholders import is_placeholder, placeholders
from gatepost.records import DEFAULT_POLICY, ID_IN_PROSE
from gatepost.records.decision import Decision
from gatepost.records.expressions import ExpressionError, parse_condition
from trees import TODAY, clean_log

MANY = settings(
    max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SOME = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
LOG = clean_log()
RECORDS = sorted(path for path in LOG if path.endswith(".md"))
YAML_SIGNS = st.sampled_from(
    [
        *" \t\n-:?[]{},&*!|>'\"%@`#<.~=",
        "\n---\n",
        "---",
        "...",
        ": ",
        "- ",
        "? ",
        "<<: ",
        "*a",
        "&a ",
        "!!str ",
        "!<plain> ",
        "007",
        "1:30",
        "on",
        "Yes",
        "null",
        "2026-02-30",
        "2026-11-23",
        ".inf",
        "1e3",
        "0x1f",
        "1_0",
        "\ufeff",
        "\x85",
        "\u2028",
        "\x07",
        "\0",
        "\r",
        "\xa0",
        "a",
        "id",
        "title",
        "status",
        "ADR-1",
        "é",
        "𝄞",
        "<<<<<<< ",
        "=======\n",
        ">>>>>>> x\n",
    ]
)
SOUP = st.lists(YAML_SIGNS, max_size=60).map("".join)


def _is_sound(document: Document) -> None:
    """See that a document has data or faults, never both, and that each place is inside the file."""
    assert not (document.faults and document.data is not None)
    lines = document.text.split("\n")
    for fault in document.faults:
        assert fault.message
        assert fault.hint
        place = locate(document, fault.at, offset=fault.offset)
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    read = read_entry(document)
    for fault in getattr(read, "faults", ()):
        place = locate(document, fault.at, offset=fault.offset)
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1


@MANY
@given(st.one_of(st.text(max_size=300), SOUP, SOUP.map(lambda text: f"---\n{text}\n---\nbody")))
@example("---\n\x85a: [\n---\n")
@example("---\na: 'b\x85c'\nd: 007\n---\n")
@example("---\n? ? ?\n---\n")
def test_any_text_is_data_or_a_fault_with_a_place(text: str) -> None:
    """The reader never raises; what it cannot read has a place inside the file."""
    _is_sound(read_text("d/decisions/0001.md", text.replace("\r\n", "\n").replace("\r", "\n")))


@MANY
@given(st.binary(max_size=300))
def test_any_bytes_are_data_or_a_fault_with_a_place(content: bytes) -> None:
    """So does the reader of bytes."""
    _is_sound(read_document("d/decisions/0001.md", content))


@MANY
@given(
    st.sampled_from(RECORDS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 8), YAML_SIGNS), min_size=1, max_size=4),
)
def test_a_real_record_with_accidents_is_data_or_a_fault(path: str, edits: list[tuple[float, int, str]]) -> None:
    """Pieces cut out of real records and signs put in: read, or refused at a place in the file."""
    text = LOG[path]
    for where, cut, sign in edits:
        at = int(where * len(text))
        text = text[:at] + sign + text[at + cut :]
    _is_sound(read_text(f"docs/{path}", text.replace("\r", "\n")))


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict) and list(ours) == list(theirs) and all(_same(ours[key], theirs[key]) for key in ours)
        )
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(_same, ours, theirs))
    if isinstance(theirs, float):
        return isinstance(ours, (float, Decimal)) and (
            float(ours) == theirs or (math.isnan(ours) and math.isnan(theirs))
        )
    if isinstance(theirs, str) and isinstance(ours, Decimal):
        return (
            re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", theirs) is not None and Decimal(theirs) == ours
        )
    return type(ours) is type(theirs) and ours == theirs


SCALARS = st.one_of(
    st.from_regex(r"[+-]?[0-9_]{0,4}[.:]?[0-9_:]{0,4}(?:[eE][+-]?[0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.Z+-]{0,12})?", fullmatch=True),
    st.from_regex(r"0[xob]?[0-9a-f_]{0,5}", fullmatch=True),
    st.sampled_from(
        ["on", "Off", "yes", "NO", "true", "FALSE", "y", "null", "~", "", "=", "<<", ".inf", "-.INF", ".nan", "+.nan"]
    ),
    st.text("abz019 .:-_'\"#&*!?[]{},>|%@\n\t", max_size=12),
)


@MANY
@given(
    st.lists(
        st.tuples(st.sampled_from(["{k}: {v}", "{k}: [{v}]", "{k}:\n- {v}", "{k}: {{a: {v}}}", "{v}: {k}"]), SCALARS),
        min_size=1,
        max_size=4,
    )
)
@example([("{k}: {v}", "1_000.5")])
@example([("{k}: {v}", "0._")])
@example([("{k}: {v}", "2026-1-5")])
@example([("{k}: {v}", "12345678901234567890123")])
@example([("{v}: {k}", "1")])
def test_nothing_is_silently_read_as_something_else(lines: list[tuple[str, str]]) -> None:
    """What is accepted has the value that PyYAML's safe loader gives, which MkDocs uses; else it is refused.

    Numbers such as `1e-4` are the one exception: YAML 1.2 and people read a number, PyYAML reads text.
    """
    front = "\n".join(form.format(k=f"key{n}", v=value) for n, (form, value) in enumerate(lines))
    document = read_text("x.md", f"---\n{front}\n---\n")
    if document.data is None or "\n---" in f"\n{front}":
        return
    theirs = yaml.load(front, Loader=yaml.CSafeLoader)
    assert _same(document.data, theirs or {}), (document.data, theirs)


def _report(files: dict[str, str], order: list[str]) -> Report:
    return check_book(read_book([read_text(f"docs/{path}", files[path]) for path in order], docs="docs"), TODAY)


def _lines(report: Report) -> list[tuple[object, ...]]:
    return [
        (one.path, one.line, one.column, one.gate.id, one.effect, one.message, one.fingerprint)
        for one in report.findings
    ]


@SOME
@given(st.permutations(RECORDS), st.integers(0, 10**6))
def test_the_order_of_files_never_matters(order: list[str], seed: int) -> None:
    """A report is a function of the files, not of the order in which a file system lists them."""
    chance = random.Random(seed)  # noqa: S311 - accidents, no secrets
    files = {
        path: LOG[path].replace("ADR-0002", chance.choice(["ADR-0002", "ADR-0009", "ADR-0003"])) for path in RECORDS
    }
    assert _lines(_report(files, order)) == _lines(_report(files, RECORDS))


FAULTY = (
    "---\nid: ADR-0050\ntitle: A careless decision\nstatus: accepted\ndate: 2026-11-01\n"
    "decision-makers: [Ana Ruiz]\n{more}---\n\nTODO\n"
)


@SOME
@given(
    st.lists(
        st.sampled_from(
            ["in-scope", "GP102", "tradeoffs-evaluated", "evidence-backed", "risks-owned", "record-complete"]
        ),
        unique=True,
    ),
    st.lists(
        st.sampled_from(["domain: data\n", "domain: art\n", "residual-risk: none at all\n", "risks: [RISK-0001]\n"]),
        unique_by=lambda one: one[0:3],
    ),
)
def test_a_sound_waiver_never_makes_things_worse(gates: list[str], fields: list[str]) -> None:
    """It takes findings away; the only one that it can add is that it sets nothing aside."""
    waivers = "".join(
        f"- {{gate: {gate}, reason: agreed in the review, approved-by: Ana Ruiz, until: 2027-01-15}}\n"
        for gate in gates
    )
    more = "".join(fields)
    plain = {**LOG, "churn/decisions/0050.md": FAULTY.format(more=more)}
    waived = {**LOG, "churn/decisions/0050.md": FAULTY.format(more=more + (f"waivers:\n{waivers}" if gates else ""))}
    order = [*RECORDS, "churn/decisions/0050.md"]
    before = {one.fingerprint for one in _report(plain, order).blocking}
    added = [one.message for one in _report(waived, order).blocking if one.fingerprint not in before]
    assert all(message.startswith("the waiver sets nothing aside") for message in added)


@SOME
@given(st.integers(1, 7), st.integers(0, 5), st.lists(st.booleans(), min_size=7, max_size=7))
def test_a_circle_of_supersessions_is_always_found(length: int, tail: int, sides: list[bool]) -> None:
    """However long it is, whatever leads into it, and on whichever side it is written."""
    links: dict[int, list[str]] = {number: [] for number in range(length + tail)}
    for number in range(length):
        after = (number + 1) % length
        if sides[number]:
            links[number].append(f"superseded-by: [ADR-{after}]")
        else:
            links[after].append(f"supersedes: [ADR-{number}]")
    for number in range(length, length + tail):
        links[number].append(f"superseded-by: [ADR-{number - 1}]")
    files = {
        f"decisions/{number}.md": (
            f"---\nid: ADR-{number}\ntitle: T\nstatus: superseded\ndate: 2026-01-01\ndecision-makers: [a]\n"
            + "".join(f"{line}\n" for line in lines)
            + "---\n"
        )
        for number, lines in links.items()
    }
    found = [one.message for one in _report(files, list(files)).findings if one.gate.id == "links-agree"]
    assert sum("runs in a circle" in message for message in found) == 1, found


def assert_inside(offset: int, text: str) -> None:
    """See that an offset lies in a text."""
    assert 0 <= offset <= len(text)


@MANY
@given(st.text("aucz_@.0159<>=!+-% eE/é\t", max_size=30))
def test_a_condition_is_written_as_it_was_read(text: str) -> None:
    """Text to condition to text and back gives the same condition; what is no condition stops inside the text."""
    try:
        read = parse_condition(text)
    except ExpressionError as error:
        read = None
        assert_inside(error.offset, text)
    if read is None:
        return
    assert parse_condition(str(read)) == read
    assert math.isfinite(read.number)


@MANY
@given(
    st.lists(
        st.sampled_from(
            ["`", "``", "```", "~~~", "\n", "\n\n", " ", "<!--", "-->", "\\", "a", "> ", "- ", "    ", "# ", "ADR-1"]
        ),
        max_size=40,
    ).map("".join)
)
def test_blanking_code_is_stable(text: str) -> None:
    """Offsets stay, nothing appears that was not there, and prose without code is left as it is."""
    blank = without_code(text)
    assert len(blank) == len(text)
    assert all(after == before or (after == " " and before != "\n") for before, after in zip(text, blank, strict=True))
    prose = Prose(text, 0)
    assert all(text[found.offset :].startswith(found.text) for found in (*prose.ids, *prose.links))
    assert all(text[section.offset] == "#" for section in prose.sections)


def _body(text: str) -> object:
    prose = Prose(text, 0)
    return prose.ids, prose.links, prose.sections, prose.metrics


def _left(text: str) -> object:
    entry = read_entry(read_text("d/decisions/1.md", f"---\ntitle: T\nstatus: proposed\ndate: 2026-01-01\n---\n{text}"))
    return list(placeholders(entry, DEFAULT_POLICY)), is_placeholder(text, DEFAULT_POLICY)  # type: ignore[arg-type]


def _status(text: str) -> object:
    return Decision._read_status({"status": f"superseded by {text}"})  # type: ignore[operator]  # noqa: SLF001 - the reader under attack


READERS: dict[str, Callable[[str], object]] = {
    "prose": _body,
    "placeholders": _left,
    "ids": ID_IN_PROSE.findall,
    "numbers": lambda text: (_ODD_NUMBER.match(text), _TIME.match(text)),
    "frontmatter": lambda text: read_text("x.md", f"---\n{text}").faults,
    "a page": lambda text: read_text("x.md", text).faults,
    "a scalar": lambda text: read_text("x.md", f"---\na: {text}\n---\n").faults,
    "a status": _status,
}
PIECES = [
    *[
        "](",
        "](a ",
        '](a "',
        "](<",
        "[a]:",
        "[a]: b ",
        "[",
        "`",
        "` ``",
        "```\n",
        "~~~",
        "<!--",
        "# ",
        "#",
        "\n#",
        "\\",
        ">",
        "- ",
    ],
    *[
        "<a ",
        "<a",
        "{a ",
        "{a",
        "{{ metric(",
        "{{metric('",
        "ADR-",
        "ADR-1",
        " ",
        "\t",
        "\n",
        "_",
        "1_",
        "1",
        "1:",
        "0",
        "-",
        "---\n",
    ],
    *["<<<<<<< a\n", "=======\n", "\n\n", "a ", "and ", ", ", "[ADR-1](", "TODO", "a: b\n", "...\n", "&a ", "*a "],
]


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
@pytest.mark.parametrize("end", first(["", "x", "\n", ")", "}", ">"]), ids=repr)
def test_no_reader_takes_longer_than_its_text_allows(reader: Callable[[str], object], end: str) -> None:
    """Four times the text takes some four times as long, not sixteen: no sign, repeated, makes a reader backtrack."""

    def seconds(size: int, piece: str) -> float:
        text = piece * (size // len(piece)) + end
        best = math.inf
        for _ in range(2):
            started = time.process_time()
            reader(text)
            best = min(best, time.process_time() - started)
        return best

    for piece in PIECES:
        small = seconds(4_000, piece)
        large = seconds(16_000, piece)
        if large > 0.02:  # below that the clock tells nothing
            again = seconds(64_000, piece)
            assert again < max(large, 4 * small, 0.02) * 9, (piece, small, large, again)


@SOME
@given(st.dates(), st.sampled_from(RECORDS), st.floats(0, 1), YAML_SIGNS)
def test_every_finding_is_inside_its_file(day: dt.date, path: str, where: float, sign: str) -> None:
    """Whatever happens to a record, and whatever the day: each finding points into its file, and no gate breaks."""
    at = int(where * len(LOG[path]))
    files = {**LOG, path: (LOG[path][:at] + sign + LOG[path][at:]).replace("\r", "\n")}
    report = check_book(read_book([read_text(f"docs/{one}", files[one]) for one in RECORDS], docs="docs"), day)
    assert report.states["error"] == 0
    for finding in report.findings:
        lines = files[finding.path.removeprefix("docs/")].split("\n")
        assert isinstance(finding.fault, Fault)
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
