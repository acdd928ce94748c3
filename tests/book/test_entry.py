"""Which files are records, and what is said about those that cannot be read."""

from __future__ import annotations

import pytest

from gatepost.book import Entry, Unread, locate, read_document, read_text
from gatepost.book.entry import read_entry
from gatepost.book.frontmatter import MAX_FILE
from gatepost.book.layout import id_from_name

DECISION = "title: T\nstatus: proposed\ndate: 2026-01-01\n"


def kind(path: str, front: str | None = DECISION, text: str = "") -> str | None:
    """Give the kind of record that a file is read as, with a mark when it cannot be read; None for a page."""
    read = read_entry(read_text(path, text if front is None else f"---\n{front}---\n{text}"))
    return None if read is None else f"{'unread ' if isinstance(read, Unread) else ''}{read.kind}"


@pytest.mark.parametrize(
    ("path", "front", "expected"),
    [
        ("d/decisions/0001-a.md", DECISION, "decision"),
        ("d/adr/0001-a.md", DECISION, "decision"),
        ("adrs/adr-0001.md", DECISION, "decision"),
        ("d/risks/1-a.md", "title: T\nstatus: open\nlikelihood: 1\nimpact: 1\n", "risk"),
        ("d/follow-ups/1-a.md", "title: T\nstatus: open\n", "follow-up"),
        ("anywhere.md", f"kind: decision\nid: ADR-1\n{DECISION}", "decision"),
        ("d/index.md", "kind: design\ntitle: T\nowners: [a]\ntier: low\n", "design"),
        ("policy.md", "kind: policy\ntitle: T\n", "policy"),
        ("d/checklist.md", "title: T\nitems:\n- {id: CHK-1, criterion: c}\n", "checklist"),
        ("d/pipeline.md", "title: T\nowner: o\nstages:\n  a: {kind: data}\n", "pipeline"),
        ("d/decisions/index.md", DECISION, None),
        ("d/decisions/README.md", DECISION, None),
        ("d/decisions/adr-template.md", DECISION, None),
        ("d/decisions/template.md", DECISION, None),
        ("d/decisions/2026/0001-a.md", DECISION, "decision"),
        ("adr/platform/serving/adr-12.md", DECISION, "decision"),
        ("d/decisions/2026/notes.md", DECISION, None),
        ("d/decisions/notes/2026-11-23-meeting.md", DECISION, None),
        ("d/policy.md", "title: T\n", None),
        ("d/pipeline.md", "title: About pipelines\n", None),
        ("guide.md", "title: T\nkind: tutorial\n", None),
        ("guide.md", "title: T\n", None),
        ("guide.md", "kind: decisions\n", "unread page"),
        ("guide.md", "kind: Risk\n", "unread page"),
        ("d/decisions/0001.md", "kind: opinion\n", "unread page"),
        ("d/decisions/0001-a.md", "kind: risk\nid: RISK-1\ntitle: T\nstatus: open\nlikelihood: 1\nimpact: 1\n", "risk"),
    ],
)
def test_what_makes_a_file_a_record(path: str, front: str, expected: str | None) -> None:
    """What `kind:` says counts, then the folder, then a name with its telling key; a near miss is refused."""
    assert kind(path, front) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("d/decisions/0001.md", "no frontmatter", "unread decision"),
        ("d/decisions/0001.md", "", "unread decision"),
        ("d/decisions/0001.md", "---\ntitle: a\n", "unread decision"),
        ("d/decisions/0001.md", "\n---\nkind: decision\n---\n", "unread decision"),
        ("d/decisions/2026/0001.md", "no frontmatter", "unread decision"),
        ("guide.md", "\n---\nkind: decision\nid: ADR-1\n---\n", "unread decision"),
        ("d/pipeline.md", "\n---\nstages: {}\n---\n", "unread pipeline"),
        ("guide.md", "---\nkind: risk\na: [\n---\n", "unread risk"),
        ("guide.md", "<<<<<<< HEAD\n---\nkind: risk\n---\n", "unread risk"),
        ("guide.md", "---\ntitle: a: b\n---\n", "unread page"),
        ("guide.md", "---\ntitle: [\n---\n", "unread page"),
        ("guide.md", "---\ntitle: a\n", "unread page"),
    ],
)
def test_a_record_that_cannot_be_read_is_not_lost(path: str, text: str, expected: str) -> None:
    """Whatever breaks the frontmatter, a file that should be a record is reported, not taken for a page."""
    assert kind(path, None, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text",
        "---\n\nA page that starts with a rule.\n",
        "---\nA rule above.\n---\nAnd below.\n",
        "---\ndraft: yes\ntitle: on\n---\n",
        "---\ndate: 2026-01-01T10:00:00\n---\n",
        "---\n<<: {a: b}\n---\n",
        "---\ntitle: 007\ntitle: 008\n---\n",
        "a\0b",
        "x" * (MAX_FILE + 1),
        "---\ntitle: Large\n---\n" + "x" * (MAX_FILE + 1),
    ],
    ids=range(11),
)
def test_a_page_is_left_alone(text: str) -> None:
    """What MkDocs shows as a page is none of a decision log's business, however its YAML is written."""
    assert read_entry(read_document("guide.md", text.encode())) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"---\nkind: risk\n---\n" + b"x" * (MAX_FILE + 1), "the file is larger than 2 MiB"),
        (b"---\nkind: risk\ntitle: \xff\n---\n", "the file is not UTF-8: byte 0xff in line 3"),
        (b"---\nkind: risk\ntitle: a\0b\n---\n", "a NUL byte stands in the text"),
    ],
)
def test_a_record_too_large_or_not_text_is_reported(text: bytes, message: str) -> None:
    """The beginning of the file tells that it is a record, even when the rest is not read."""
    read = read_entry(read_document("guide.md", text))
    assert isinstance(read, Unread)
    assert (read.kind, read.faults[0].message) == ("risk", message)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("0003-batch.md", "ADR-0003"),
        ("3.md", "ADR-3"),
        ("adr-0003-x.md", "ADR-0003"),
        ("ADR_3.md", "ADR-3"),
        ("3 batch.md", "ADR-3"),
        ("2026-01-05-batch.md", None),
        ("batch.md", None),
        ("3batch.md", None),
        ("1234567890.md", None),
        ("٣-x.md", None),
    ],
)
def test_the_id_that_a_name_stands_for(name: str, expected: str | None) -> None:
    """A number at the start of the name is the id; a date is not."""
    assert id_from_name(f"d/decisions/{name}", "decision") == expected


def test_what_an_unread_file_is_called() -> None:
    """A file that cannot be read keeps its id, from its text or its name, so that links to it do not break as well."""
    for path, text, name in [
        ("d/decisions/0003-a.md", "---\na: [\n---\n", "ADR-0003"),
        ("d/decisions/a.md", "---\nid: ADR-4\na: [\n---\n", "ADR-4"),
        ("d/decisions/a.md", "---\na: [\n---\n", "d/decisions/a.md"),
        ("d/index.md", "---\nkind: design\na: [\n---\n", "d"),
    ]:
        read = read_entry(read_text(path, text))
        assert isinstance(read, Unread)
        assert read.id == name


REFUSED = {
    "missing": ("status: proposed\ndate: 2026-01-01", "title is missing", "add `title:`", 1, 1),
    "unknown": ("follow_up: [a]", "the key follow_up is unknown in a decision", "did you mean follow-ups?", 5, 12),
    "unknown below": (
        "options:\n- {name: A, securty: 3}",
        "the key securty is unknown in options[1]",
        "did you mean security?",
        6,
        22,
    ),
    "comma": (
        "options: [{name: a, notes: cheap, and simple to run: yes it is}]",
        "'and simple to run' is no key of options[1]",
        "put the value before it in quotes",
        5,
        54,
    ),
    "far": (
        "colour: red",
        "the key colour is unknown in a decision",
        "known are title, waivers, reviewed, kind, id",
        5,
        9,
    ),
    "one of": ("status: acepted", "status is 'acepted'", "did you mean accepted? Allowed are", 5, 9),
    "empty": ("status:", "status is empty", "write a value, or remove the key", 5, 1),
    "empty date": ("date:", "date is empty", "write a value, or remove the key", 5, 1),
    "range": ("options: [{name: A, security: 9}]", "options[1].security is 9", "write a number of at most 5", 5, 31),
    "truth for a number": (
        "options: [{name: A, security: true}]",
        "options[1].security is the truth value true",
        "expected a whole number",
        5,
        31,
    ),
    "text for a number": (
        "options: [{name: A, security: '3'}]",
        "options[1].security is '3'",
        "expected a whole",
        5,
        31,
    ),
    "number for text": ("chosen: 12", "chosen is the number 12", "expected text; put it in quotes", 5, 9),
    "word for truth": ("production-impact: 'no'", "production-impact is 'no'", "expected true or false", 5, 20),
    "text for a list": ("risks: RISK-1", "risks is 'RISK-1'", "expected a list: [one, two]", 5, 8),
    "text for a mapping": ("scope: all", "scope is 'all'", "expected a mapping of keys to values", 5, 8),
    "id": ("risks: [R-1]", "risks[1]: 'R-1' is not a record id", "write the prefix", 5, 9),
    "day": (
        "waivers: [{gate: a, reason: b, approved-by: c, until: soon}]",
        "waivers[1].until: expected a date",
        "",
        5,
        55,
    ),
    "alias": ("deciders: [3]", "decision-makers[1] is the number 3", "expected text", 5, 12),
    "who": ("status: accepted", "decision-makers: a decision that is accepted names who decided", "add `dec", 5, 9),
    "successor": (
        "deciders: [a]\nstatus: superseded by the next one",
        "status: 'the next one' is not a record id",
        "",
        6,
        9,
    ),
    "duration": ("rollback: {within: 10 minutes}", "rollback.within: '10 minutes' is not a duration", "see the", 5, 20),
    "two places": (
        "evidence: [{kind: url, claim: c, url: 'https://a', run: b}]",
        "evidence[1]: give one of path",
        "",
        5,
        12,
    ),
}


@pytest.mark.parametrize(("line", "message", "hint", "row", "column"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_said_in_words(line: str, message: str, hint: str, row: int, column: int) -> None:
    """A refusal names the key as the author wrote it, counts from one, says what was found and what to do."""
    front = line if line.startswith("status: proposed\n") else f"{_others(line)}{line}"
    read = read_entry(read_text("d/decisions/0001.md", f"---\n{front}\n---\n"))
    assert isinstance(read, Unread)
    fault = read.faults[0]
    assert fault.message.startswith(message)
    assert fault.hint.startswith(hint)
    place = locate(read.document, fault.at, offset=fault.offset)
    assert (place.line, place.column) == (row, column)


def _others(line: str) -> str:
    """Give the fields that a decision needs, each on its line; those that a line sets itself are left out."""
    needed = DECISION.splitlines()
    return "".join("# said below\n" if f"\n{one.partition(':')[0]}:" in f"\n{line}" else f"{one}\n" for one in needed)


def test_each_fault_of_a_record_is_told_at_once() -> None:
    """One bad field does not hide the others."""
    read = read_entry(read_text("d/decisions/0001.md", "---\ntitle: 3\nstatus: open\nfoo: bar\n---\n"))
    assert isinstance(read, Unread)
    assert {fault.message for fault in read.faults} == {
        "title is the number 3",
        "status is 'open'",
        "date is missing",
        "the key foo is unknown in a decision",
    }


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("id: 7\n", "id is the number 7, not an id"),
        ("id: RISK-7\n", "id is RISK-7, but this is a decision"),
        ("id: ADR-x\n", "id: 'ADR-x' is not a record id: expected ADR-1, RISK-1, FU-1 or CHK-1"),
        ("id: ../../etc/passwd\n", "id: '../../etc/passwd' is not a record id"),
        ("id: [a]\n", "id is a list"),
        ("id:\n", "id is empty"),
    ],
)
def test_an_id_is_an_id(front: str, message: str) -> None:
    """An id is a prefix that fits the kind, a dash and a number; nothing else gets through."""
    read = read_entry(read_text("d/decisions/0001.md", f"---\n{front}{DECISION}---\n"))
    assert isinstance(read, Unread)
    assert read.faults[0].message.startswith(message)


def test_a_file_without_number_needs_an_id() -> None:
    """Neither an id nor a number in the name: the message gives both ways out."""
    read = read_entry(read_text("d/decisions/batch.md", f"---\n{DECISION}---\n"))
    assert isinstance(read, Unread)
    assert read.faults[0].message == "id is missing, and the file's name has no number"


def test_other_conventions_keys_are_read() -> None:
    """MADR's older `deciders` is `decision-makers`; both at once are an error, in either spelling."""
    read = read_entry(read_text("adr/1.md", f"---\n{DECISION}deciders: [Ana]\n---\n"))
    assert isinstance(read, Entry)
    assert getattr(read.record, "decision_makers", ()) == ("Ana",)
    for key in ("decision-makers", "decision_makers"):
        both = read_entry(read_text("adr/1.md", f"---\n{DECISION}deciders: [Ana]\n{key}: [Bo]\n---\n"))
        assert isinstance(both, Unread)
        assert both.faults[0].message == "the key deciders is unknown in a decision"


CONTRACT = """\
kind: pipeline
title: Churn
owner: ml
artifacts: {model: {type: model, path: m.json}}
stages:
  train: {kind: train, out: [model]}
  gate: {kind: gate, in: [model], pass: [auc >= 0.7]}
"""


@pytest.mark.parametrize(
    ("old", "new", "message", "hints"),
    [
        (
            "{type: model,",
            "{typ: model,",
            "the key typ is unknown in artifacts.model",
            ("did you mean type?", "Known are type, path, schema, source"),
        ),
        ("{kind: train,", "{kin: train,", "the key kin is unknown in stages.train", ("did you mean kind?", "run, in")),
        (
            "path: m.json",
            "place: m.json",
            "the key place is unknown in artifacts.model",
            ("known are type, path, schema, source",),
        ),
        (
            "{kind: train,",
            "{kind: train, on-fail: [halt, alert],",
            "stages.train.on-fail is a list",
            ("write it as one text: halt + alert",),
        ),
        (
            "[auc >= 0.7]",
            "[{auc: 0.7}]",
            "stages.gate.pass[1] is a mapping",
            ("write it as one text: auc >= 0.7, or auc <= 0.7",),
        ),
        ("[auc >= 0.7]", "[0.7]", "stages.gate.pass[1] is the number 0.7", ("one text, like auc >= 0.72",)),
        ("{kind: train,", "{kind: train, timeout: 10,", "stages.train.timeout is the number 10", ("like 10m",)),
        ("{kind: train,", "{kind: train, on-fail: [],", "stages.train.on-fail is a list", ("like halt + alert",)),
    ],
)
def test_a_hint_shows_the_form_that_is_expected(old: str, new: str, message: str, hints: tuple[str, ...]) -> None:
    """Below a name that the author gave, the known keys are told; an expression is shown as it is written."""
    read = read_entry(read_text("d/pipeline.md", f"---\n{CONTRACT.replace(old, new, 1)}---\n"))
    assert isinstance(read, Unread)
    fault = next(one for one in read.faults if one.message == message)
    for hint in hints:
        assert hint in fault.hint
    assert "quotes" not in fault.hint
