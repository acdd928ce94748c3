"""The frontmatter reader: strict YAML between two fences, and one message with its place for each trap."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from gatepost.book import Document, Position, read_document, read_text
from gatepost.book.frontmatter import MAX_FILE, MAX_FRONT

TRAPS = {
    "a key twice": ("title: a\nstatus: b\ntitle: c", 4, 1, "the key title stands here again, first in line 2"),
    "a key and its twin": (
        "decision-makers: [a]\ndecision_makers: [b]",
        3,
        1,
        "the key decision_makers, which is the same as decision-makers, stands here again, first in line 2",
    ),
    "a key twice in a list item": ("a:\n- b: 1\n  b: 2", 4, 3, "the key b stands here again, first in line 3"),
    "id: 007": ("id: 007", 2, 5, "YAML readers disagree about 007"),
    "an octal": ("a: 0o17", 2, 4, "YAML readers disagree about 0o17"),
    "a hexadecimal": ("a: 0x1F", 2, 4, "YAML readers disagree about 0x1F"),
    "a number with underscores": ("a: 1_000", 2, 4, "YAML readers disagree about 1_000"),
    "a fraction with underscores": ("a: 1_000.5", 2, 4, "YAML readers disagree about 1_000.5"),
    "a fraction with a leading zero": ("a: 01.5", 2, 4, "YAML readers disagree about 01.5"),
    "on as a value": ("a: on", 2, 4, "YAML 1.1 reads on as a truth value"),
    "Yes as a value": ("a: [b, Yes]", 2, 8, "YAML 1.1 reads Yes as a truth value"),
    "off as a key": ("off: a", 2, 1, "YAML 1.1 reads the key off as a truth value"),
    "true as a key": ("true: a", 2, 1, "YAML 1.1 reads the key true as a truth value"),
    "a number as a key": ("a: {1: b}", 2, 5, "the key 1 is not a word"),
    "a day as a key": ("a: {2026-01-01: b}", 2, 5, "the key 2026-01-01 is not a word"),
    "nothing as a key": ("~: b", 2, 1, "the key ~ is not a word"),
    "a list as a key": ("? [a, b]\n: c", 2, 3, "a key is a list or a mapping"),
    "minutes and seconds": ("a: 1:30", 2, 4, "YAML 1.1 reads 1:30 as a number to base 60"),
    "minutes with a fraction": ("a: 1:30.5_0", 2, 4, "YAML 1.1 reads 1:30.5_0 as a number to base 60"),
    "an impossible day": ("date: 2026-02-30", 2, 7, "2026-02-30 is not a day of the calendar"),
    "a day without zeros": ("date: 2026-1-5", 2, 7, "YAML readers turn 2026-1-5 into a date or a time"),
    "a time of day": ("date: 2026-01-05T10:00:00Z", 2, 7, "YAML readers turn 2026-01-05T10:00:00Z into a date"),
    "a huge number": (f"a: {'9' * 30}", 2, 4, "the number 99999999999999999999… has 30 digits"),
    "a tab": ("a:\n\tb: c", 3, 1, "a tab indents this line"),
    "a tag": ("a: !!str 1", 2, 4, "the tag tag:yaml.org,2002:str is not allowed"),
    "a tag on a key": ("!!str a: 1", 2, 1, "the tag tag:yaml.org,2002:str is not allowed"),
    "a tag that forges plainness": ("a: !<plain> 1", 2, 4, "the tag plain is not allowed"),
    "an object": ("a: !!python/object/apply:os.system [id]", 2, 4, "the tag tag:yaml.org,2002:python/object"),
    "a merge key": ("b: &b {x: 1}\na:\n  <<: *b", 4, 3, "the merge key << is not supported"),
    "an unknown alias": ("a: *b", 2, 4, "the frontmatter is not YAML: found undefined alias"),
    "an alias to itself": ("a: &a [*a]", 2, 4, "the frontmatter nests deeper than 40 levels"),
    "a conflict": ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x", 3, 1, "a merge-conflict marker stands in the"),
    "two documents": ("a: 1\n...\nb: 2", 4, 1, "the frontmatter is not YAML: "),
    "an unclosed quote": ('a: "b\nc: d', 2, 4, "the frontmatter is not YAML: "),
    "a colon in a value": ("title: Batch: weekly", 2, 13, "the frontmatter is not YAML: mapping values"),
    "an at sign": ("owner: @ana", 2, 8, "the frontmatter is not YAML: found character that cannot start any token"),
    "no mapping": ("- a\n- b", 2, 1, "the frontmatter is not a mapping of keys to values"),
    "a control character": ("a: b\x07c", 2, 5, "the frontmatter is not YAML: control characters are not allowed"),
    "a control character behind others": ("ä: ö\na: b\x07", 3, 5, "the frontmatter is not YAML: control characters"),
    "deep lists": (f"a: {'[' * 10_000}{']' * 10_000}", 2, 43, "the frontmatter nests deeper than 40 levels"),
    "deep dashes": (f"a:\n{'- ' * 10_000}x", 3, 79, "the frontmatter nests deeper than 40 levels"),
    "deep questions": (f"{'? ' * 10_000}x", 2, 81, "the frontmatter nests deeper than 40 levels"),
}


def read(front: str, body: str = "\nBody\n") -> Document:
    """Read a file with some frontmatter."""
    return read_text("x.md", f"---\n{front}\n---\n{body}")


@pytest.mark.parametrize(("front", "line", "column", "message"), TRAPS.values(), ids=TRAPS.keys())
def test_a_trap_has_its_own_message_and_place(front: str, line: int, column: int, message: str) -> None:
    """What YAML readers would take for different things, or cannot read, is one fault at its line and column."""
    document = read(front)
    (fault,) = document.faults
    assert document.data is None
    assert fault.message.startswith(message)
    assert isinstance(fault.at, int)
    assert document.position(fault.at) == Position(line, column)
    assert fault.hint


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a", "a"),
        ("'1'", "1"),
        ('"on"', "on"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0.80", Decimal("0.80")),
        ("1e-4", Decimal("1e-4")),
        (".5", Decimal("0.5")),
        (".inf", float("inf")),
        ("2026-11-23", dt.date(2026, 11, 23)),
        ("true", True),
        ("False", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("[a, 1]", ["a", 1]),
        ("{b: c}", {"b": "c"}),
        ("|\n  one\n  two", "one\ntwo\n"),
        (">-\n  one\n  two", "one two"),
        ("y", "y"),
        ("v1.2.3", "v1.2.3"),
        ("10m", "10m"),
        ("2026-W01", "2026-W01"),
        ("auc >= 0.8", "auc >= 0.8"),
        ("3.11.7", "3.11.7"),
        ("&x b", "b"),
    ],
)
def test_plain_values_are_read_as_one_expects(written: str, value: object) -> None:
    """Text, whole numbers, exact fractions, days, truth values, nothing, lists and mappings."""
    data = read(f"a: {written}").data
    assert data is not None
    assert data["a"] == value
    assert type(data["a"]) is type(value)


def test_aliases_repeat_what_they_name() -> None:
    """An alias stands for its anchor's value."""
    assert read("a: &x [1]\nb: *x").data == {"a": [1], "b": [1]}


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    """Nine levels of nine aliases would be half a billion values; the reader stops at twenty thousand."""
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    (fault,) = read(bomb).faults
    assert fault.message == "the frontmatter holds more than 20,000 values, its aliases written out"


def test_what_is_for_others_is_kept_and_counts_for_nothing() -> None:
    """Fields for others are known as a whole with ours, unless readers differ; however many values they hold."""
    many = ", ".join(["1"] * 19_000)
    small = read("title: a\ntags: [b]\nx-mine: {c: 1}")
    large = read(f"title: a\nx-one: [{many}]\nx-two: [{many}]\nconsulted: [{many}]")

    assert small.whole == {"title": "a", "tags": ["b"], "x-mine": {"c": 1}}
    assert small.data == {"title": "a"}
    assert large.faults == ()
    assert large.whole is None
    assert read("title: a\nx-mine: on").whole is None


def test_what_passes_through_is_not_read() -> None:
    """Keys of MkDocs and Material, and those that start with x-, may hold what YAML readers disagree about."""
    document = read("title: a\nsearch: {boost: 0o7}\nx-mine: on\nhide: [on]\ndraft: yes")
    assert document.data == {"title": "a"}


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("---\nid: ADR-1\n", "the frontmatter's closing --- is missing", "write --- on a line of its own"),
        ("---\nid: ADR-1\n...\n\nText.\n", "the frontmatter's closing --- is missing", "line 3 is ..."),
        ("---\nid: ADR-1\n-----\n\nText.\n", "the frontmatter's closing --- is missing", "line 3 has more than three"),
        (
            "---\nid: ADR-1\n\n# Title\n\nSome text here.\n\n---\n\nMore.\n",
            "the frontmatter's closing --- is missing: Markdown follows its keys",
            "write --- on a line of its own",
        ),
        (
            "---\nid: ADR-1\n# Title\nSome text of the body stands here\n\n---\n\nMore.\n",
            "the frontmatter's closing --- is missing: Markdown follows its keys",
            "write --- on a line of its own",
        ),
        (
            "---\nid: ADR-1\nSome text of the body\n## Heading\nMore text\n---\n",
            "the frontmatter's closing --- is missing: Markdown follows its keys",
            "write --- on a line of its own",
        ),
        ("----\nid: ADR-1\n----\n", "the frontmatter's fence is ----", "write three dashes"),
        ("\n---\nid: ADR-1\n---\n", "the frontmatter does not start in the first line", "remove what stands above it"),
        (" ---\nid: ADR-1\n---\n", "the frontmatter does not start in the first line", "remove what stands above it"),
        ("<<<<<<< HEAD\n---\nid: ADR-1\n---\n", "a merge-conflict marker stands in the file", "resolve the merge"),
        ("---\nid: ADR-1\n<<<<<<< HEAD\n", "a merge-conflict marker stands in the file", "resolve the merge"),
        ("---\nid: A\x00\n---\n", "a NUL byte stands in the text", "remove it"),
    ],
)
def test_a_broken_fence_is_named(text: str, message: str, hint: str) -> None:
    """A frontmatter that would be taken for text says which fence is wrong."""
    (fault,) = read_text("x.md", text).faults
    assert fault.message == message
    assert fault.hint.startswith(hint)


@pytest.mark.parametrize(
    "text",
    ["", "Text", "# Title\n", "--- a rule?\ntext", "-----\n\nA rule.\n", "\n\n---\n\nA rule.\n", "- item\n", "\ufeff"],
)
def test_a_page_without_frontmatter_is_fine(text: str) -> None:
    """Text, rules and lists at the beginning are no frontmatter."""
    document = read_text("x.md", text)
    assert document.faults == ()
    assert document.data is None
    assert document.body == text


def test_a_conflict_in_the_body_is_found_outside_code_only() -> None:
    """Both sides of a conflict in the body are a fault; in a code block they are an example."""
    sides = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n"
    (fault,) = read("a: b", sides).faults
    assert fault.message == "a merge-conflict marker stands in the file"
    assert read("a: b", f"```\n{sides}```\n").faults == ()
    assert read("a: b", ">>>>>>> a quote in a quote\n").faults == ()


def test_the_body_begins_below_the_closing_fence() -> None:
    """Frontmatter and body are cut at the fences; a later rule belongs to the body."""
    document = read_text("x.md", "---  \na: b\n--- \nText\n\n---\n\nMore\n")
    assert document.data == {"a": "b"}
    assert document.body == "Text\n\n---\n\nMore\n"
    assert document.text[document.front_start :].startswith("a: b")


def test_an_empty_frontmatter_holds_nothing() -> None:
    """Two fences with nothing between them are a record without fields."""
    assert read_text("x.md", "---\n---\n").data == {}
    assert read("# only a comment").data == {}


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_and_a_byte_order_mark_change_nothing(end: str) -> None:
    """Windows' line ends and its byte order mark read like any other."""
    text = "\ufeff---\na: b\nc: 007\n---\n".replace("\n", end)
    document = read_document("x.md", text.encode())
    (fault,) = document.faults
    assert document.position(fault.at if isinstance(fault.at, int) else 0) == Position(3, 4)


def test_bytes_that_are_no_text_are_placed() -> None:
    """A byte that is not UTF-8 is named with its line; what comes before it may be of any script."""
    document = read_document("x.md", "---\ntitle: größe\nowner: ".encode() + b"\xe9\n---\n")
    (fault,) = document.faults
    assert fault.message == "the file is not UTF-8: byte 0xe9 in line 3"
    assert isinstance(fault.at, int)
    assert document.position(fault.at) == Position(3, 8)


def test_a_frontmatter_has_a_largest_size() -> None:
    """Five megabytes of frontmatter are refused as such, not read."""
    room = MAX_FRONT - len("a: \n")
    assert read(f"a: {'x' * room}").faults == ()
    (fault,) = read(f"a: {'x' * (room + 1)}\n").faults
    assert fault.message == "the frontmatter has 256 KiB"
    (fault,) = read_document("x.md", b"---\na: " + b"x" * 5 * 1024 * 1024 + b"\n---\n").faults
    assert fault.message == "the file is larger than 2 MiB"


def test_a_file_has_a_largest_size() -> None:
    """A file of exactly the largest size is read, one byte more is not."""
    text = b"---\na: b\n---\n"
    assert read_document("x.md", text + b"x" * (MAX_FILE - len(text))).data == {"a": "b"}
    (fault,) = read_document("x.md", text + b"x" * (MAX_FILE - len(text) + 1)).faults
    assert fault.message == "the file is larger than 2 MiB"


@pytest.mark.parametrize(
    "front",
    [
        "".join(f"{' ' * n}a:\n" for n in range(700)),
        "a:\n" + "".join(f"{' ' * n}-\n" for n in range(700)),
        f"a: {'[' * 399}",
        f"a: {'{a: ' * 200}{'[' * 199}",
        ": " * 60_000 + "x",
        "a: " + "- " * 60_000,
        f"a: {'[' * 200_000}",
        f"a: {'&a [' * 50_000}",
        f"a: {'!x [' * 50_000}",
        "a: " + "[a: " * 60_000,
        "a: " + "{? " * 80_000,
        "?\n" * 100_000,
        f"a: '{'[' * 200_000}'",
    ],
    ids=range(13),
)
def test_nesting_never_reaches_the_stack_of_c(front: str) -> None:
    """Whatever nests, however it is written, ends in a fault or a value, not in a crash of the process."""
    document = read(front)
    assert bool(document.faults) != (document.data is not None)


@pytest.mark.parametrize(
    ("front", "line", "column", "message", "hint"),
    [
        ("title: T\nstatus:accepted", 3, 7, "no space follows the colon", "put a space after the colon"),
        ("title: T\nstatus:accepted\ndate: 2026-01-01", 3, 7, "no space follows the colon", "put a space"),
        ("evidence:\n  - kind:url\n    claim: it", 3, 9, "no space follows the colon", "put a space"),
        ("title: Batch: weekly", 2, 13, "the frontmatter is not YAML: mapping values", "in quotes"),
        ('a: "b\nc: d', 2, 4, "the frontmatter is not YAML: ", "close the quote"),
        ("a:\n\u00a0\u00a0b: c", 3, 1, "the key 'b' holds a no-break space (U+00A0)", "replace it by a plain space"),
        ("a\u200b: c", 2, 1, "the key 'a\u200b' holds a zero-width space (U+200B)", "remove it"),
        ("a:\n  b: c\n\u00a0d", 4, 1, "this line holds a no-break space (U+00A0)", "replace it by a plain space"),
        ("a:\n  target: #7 bundle", 3, 10, "the value is empty: what follows # is a comment", '"#7 bundle"'),
    ],
)
def test_a_slip_of_the_keyboard_has_its_own_hint(front: str, line: int, column: int, message: str, hint: str) -> None:
    """What is hard to see in the line is named, at its place, with the way to mend it."""
    document = read(front)
    (fault,) = document.faults
    assert fault.message.startswith(message)
    assert hint in fault.hint
    assert isinstance(fault.at, int)
    assert document.position(fault.at) == Position(line, column)


@pytest.mark.parametrize("written", ["", "# a note", "## a note", "a\u00a0b", "http://example.org/a"])
def test_a_comment_and_text_of_other_alphabets_are_no_slip(written: str) -> None:
    """A note behind an empty key, a no-break space in a value and an address are left alone."""
    assert read(f"a: {written}").faults == ()


def test_too_much_recursion_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever recurses too far in reading, the message speaks of nesting."""
    monkeypatch.setattr("gatepost.book.frontmatter.compose", _recurse)
    (fault,) = read("a: b").faults
    assert fault.message == "the frontmatter nests deeper than 40 levels"


def _recurse(front: str) -> None:
    _recurse(front)
