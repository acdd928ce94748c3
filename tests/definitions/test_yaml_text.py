"""YAML of other tools becomes plain values with lines; a hostile file ends in one error with a line and a mend."""

from __future__ import annotations

import time

import pytest

from gatepost.definitions import DefinitionError
from gatepost.definitions.yaml_text import Lined, Tagged, line_of, load_yaml


def _one(text: str) -> Lined:
    (found,) = load_yaml("ci.yml", text.encode())
    assert isinstance(found, Lined)
    return found


def test_plain_scalars_are_those_of_yaml_1_2() -> None:
    """`on`, `yes` and times are texts, also as keys; numbers and truth values are what they look like."""
    text = "on: yes\nno: 12:30\na: [1, -2, 010, 0x1F, 0o17, 1e-3, .5, true, null, ~, 2026-11-26, '1', \"true\"]\n"
    found = _one(text)
    assert list(found) == ["on", "no", "a"]
    assert (found["on"], found["no"]) == ("yes", "12:30")
    assert found["a"] == [1, -2, 10, 31, 15, 0.001, 0.5, True, None, None, "2026-11-26", "1", "true"]


def test_each_key_and_mapping_knows_its_line() -> None:
    """Lines count from 1, in the file, whatever comes before and in whichever document."""
    first, second = load_yaml("ci.yml", b"# words\n---\na: 1\nb:\n  c: 2\n---\nd: 3\n")
    assert (line_of(first, "a"), line_of(first, "b"), line_of(first["b"], "c"), first["b"].line) == (3, 4, 5, 5)
    assert line_of(second, "d") == 7
    assert line_of(second, "absent") == 7


def test_tags_of_a_tool_are_kept_with_their_value() -> None:
    """`!reference` and `!Ref` are values that a reader can recognise."""
    found = _one("a: !reference [.setup, script]\nb: !Ref name\nc: !!str 1\n")
    assert found["a"] == Tagged("!reference", [".setup", "script"], 1)
    assert found["b"] == Tagged("!Ref", "name", 2)
    assert found["c"] == "1"


def test_anchors_and_merge_keys_are_unfolded() -> None:
    """What the mapping says itself wins over what it merges; of several merged the first wins."""
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  c: 3\nw: {<<: *x, b: 9}\nq: {'<<': 1}\n"
    found = _one(text)
    assert found["z"] == {"a": 1, "b": 1, "c": 3}
    assert found["w"] == {"a": 1, "b": 9}
    assert found["q"] == {"<<": 1}
    assert line_of(found["z"], "a") == 1


def test_a_key_that_stands_twice_is_refused() -> None:
    """One of the two would vanish without a word; GitLab, which takes the last, is asked for by its reader."""
    with pytest.raises(DefinitionError, match="has the key a twice: in line 1 and in line 3") as caught:
        load_yaml("ci.yml", b"a: 1\nb: 2\na: 3\n")
    assert caught.value.line == 3
    assert load_yaml("ci.yml", b"a: 1\na: 3\n", last_wins=True) == [{"a": 3}]


def test_json_has_lines_too() -> None:
    """Tabs that indent JSON, escapes and pairs of escapes are read as JSON reads them."""
    found = _one('{\n\t"a": "b\\/c \\u00e9 \\ud83d\\ude80",\n\t"n": [1.5e3]\n}\n')
    assert found == {"a": "b/c é 🚀", "n": [1500.0]}
    assert line_of(found, "n") == 3


@pytest.mark.parametrize(
    ("content", "line", "words", "mend"),
    [
        (b"a: 1\nb:\n\tc: 2\n", 3, "a tab indents this line", "spaces"),
        (b"a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, "merge-conflict marker", "resolve"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8: byte 0xe9", "UTF-8"),
        (b"a: b: c\n", 1, "mapping values are not allowed", "quotes"),
        (b"a: 1\nb: 'x\nc: 2\n", 2, "found unexpected end of stream", "close the quote"),
        ("a: 1\nb\u00a0c:2\nd: 3\n".encode(), 2, "a no-break space", "plain space"),
        (b"a: 1\nb: \0\n", 2, "control characters are not allowed", "binary"),
        (b"a: *nobody\n", 1, "found undefined alias", "quotes"),
        (b"a: {<<: 3}\n", 1, "merges with `<<` what is no mapping", "anchor"),
        (b"x" * 5_000_000, 1, "larger than 4 MiB", "definition itself"),
    ],
    ids=["tab", "conflict", "latin-1", "two colons", "quote", "no-break space", "NUL", "alias", "merge", "5 MB"],
)
def test_what_is_no_yaml_is_named_with_line_and_mend(content: bytes, line: int, words: str, mend: str) -> None:
    """One error names the file, what is wrong, its line, and what to do."""
    with pytest.raises(DefinitionError) as caught:
        load_yaml("ci.yml", content)
    assert str(caught.value).startswith("ci.yml ")
    assert words in str(caught.value)
    assert mend in caught.value.hint
    assert caught.value.line == line


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)
_SMALL_BOMB = _BOMB.partition("e: ")[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 500, "nests deeper than 40 levels"),
        ("a: " + "{b: " * 5000, "nests deeper than 40 levels"),
        ("- " * 3000 + "a", "nests deeper than 40 levels"),
        ("".join(" " * depth + "a:\n" for depth in range(60)), "nests deeper than 40 levels"),
        ("".join(" " * depth + "a:\n" for depth in range(2000)), "nests deeper than 40 levels"),
        ("\n".join(f"a{n}: &a{n} [*a{n - 1}]" if n else "a0: &a0 []" for n in range(60)), "nests deeper than 40"),
        ("a: &a [*a]", "unfolds into more than 200,000 values"),
        (_BOMB, "unfolds into more than 200,000 values"),
        ("---\n".join([_SMALL_BOMB] * 100), "unfolds into more than 200,000 values"),
        ("a: &a {" + ", ".join(f"k{n}: 1" for n in range(500)) + "}\nb: [" + "{<<: *a}, " * 600 + "]", "unfolds into"),
        ("a: &a " + "x" * 1_000_000 + "\nb: [" + "*a, " * 600 + "]", "unfolds into more than 16 MiB of text"),
    ],
    ids=[
        "brackets",
        "braces",
        "dashes",
        "blocks",
        "deep blocks",
        "chain",
        "circle",
        "bomb",
        "documents",
        "merges",
        "text",
    ],
)
def test_hostile_yaml_is_bounded(text: str, words: str) -> None:
    """Depth and what aliases unfold into are limited over all documents of a file, and the limit is reached quickly."""
    began = time.process_time()
    with pytest.raises(DefinitionError, match=words) as caught:
        load_yaml("ci.yml", text.encode(), last_wins=True)
    assert caught.value.hint
    assert time.process_time() - began < 5
