"""JSON Pointer (RFC 6901), and when a quoted number is the file's number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gatepost.book.pointer import PointerError, number_at, rounds_to

RFC = (
    b'{"foo": [1, 2], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, '
    b'"i\\\\j": 5, "k\\"l": 6, " ": 7, "m~n": 8, "~1": 9}'
)


@pytest.mark.parametrize(
    ("pointer", "number"),
    [
        ("/foo/0", 1),
        ("/foo/1", 2),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
        ("/~01", 9),
    ],
)
def test_the_examples_of_the_rfc(pointer: str, number: int) -> None:
    """Keys with slashes and tildes are escaped, and unescaped in the right order."""
    assert number_at(RFC, pointer) == number


@pytest.mark.parametrize(
    "pointer", ["/bar", "/foo/2", "/foo/-", "/foo/01", "/foo/-1", "/foo/\u0660", "/foo/0/1", f"/foo/{'1' * 5000}"]
)
def test_a_pointer_that_leads_nowhere(pointer: str) -> None:
    """A key that is not there, an index past the end, an index that is not written as RFC 6901 wants it."""
    with pytest.raises(PointerError, match="it has nothing at"):
        number_at(RFC, pointer)


@pytest.mark.parametrize("value", [b'"0.8"', b"true", b"null", b"NaN", b"Infinity", b"[1]", b"{}"])
def test_what_is_no_number(value: bytes) -> None:
    """Text, truth values and what JSON does not know are no numbers."""
    with pytest.raises(PointerError, match="is not a number"):
        number_at(b'{"a": ' + value + b"}", "/a")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\xfd", b"[" * 100_000, b'{"a":' * 100_000, b"1 2", b"\0"], ids=range(7)
)
def test_what_is_no_json(content: bytes) -> None:
    """Whatever is wrong with the file, and however deep it nests, it is said, not thrown."""
    with pytest.raises(PointerError, match="it is not JSON"):
        number_at(content, "/a")


def test_numbers_of_any_size_are_read() -> None:
    """A million digits or a huge exponent take no longer than their text."""
    assert number_at(b'{"a": ' + b"9" * 1_000_000 + b"}", "/a") > 10**100
    assert number_at(b'{"a": 1e999999999}', "/a") > 1
    assert not rounds_to(Decimal("1e999999999"), Decimal("0.8"))
    assert not rounds_to(Decimal("0.8"), Decimal("1e999999999"))
    assert not rounds_to(Decimal("0.8"), Decimal("1e-999999999"))


@pytest.mark.parametrize(
    ("actual", "quoted", "same"),
    [
        ("0.8114", "0.81", True),
        ("0.8114", "0.8", True),
        ("0.8114", "0.8114", True),
        ("0.8114", "0.812", False),
        ("0.8114", "0.82", False),
        ("0.815", "0.81", True),
        ("0.815", "0.82", True),
        ("0.8151", "0.81", False),
        ("-0.8114", "-0.81", True),
        ("0.8114", "0.810", False),
        ("12345", "12345", True),
        ("12345.4", "12345", True),
        ("12345", "12000", False),
        ("12345", "1.2e4", False),
        ("0", "0.0", True),
        ("0.04", "0", True),
        ("0.8", "NaN", False),
        ("0.8", "Infinity", False),
    ],
)
def test_a_quoted_number_may_be_rounded(actual: str, quoted: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    """The file's number, rounded to the digits that are quoted, must be the quoted one."""
    assert rounds_to(Decimal(actual), Decimal(quoted)) is same


def test_a_file_that_nests_too_deep_is_said_to() -> None:
    """The message speaks of the file, not of the reader's stack."""
    with pytest.raises(PointerError, match=r"it is not JSON \(it nests too deep\)"):
        number_at(b"[" * 200_000 + b"]" * 200_000, "/0")


@pytest.mark.parametrize(
    ("pointer", "value"), [("/executed", "113"), ("/metrics/auc@new", "0.7612"), ("/metrics/champion.auc", "0.75")]
)
def test_a_number_of_a_frontmatter_is_found(pointer: str, value: str) -> None:
    """The record of a dry run is Markdown; what it measured can be quoted like a number of a JSON file."""
    content = b"---\nexecuted: 113\nmetrics: {auc@new: 0.7612, champion.auc: 0.75}\n---\n\n# R\n"
    assert number_at(content, pointer) == Decimal(value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"---\na: [\n---\n", "its frontmatter cannot be read"),
        (b"---\nexecuted: 1\n---\n", "it has nothing at /x"),
        (b"---\nx: true\n---\n", "is not a number"),
    ],
)
def test_a_frontmatter_without_the_number_is_told(content: bytes, words: str) -> None:
    """Broken, without the key, or a truth value."""
    with pytest.raises(PointerError, match=words):
        number_at(content, "/x")
