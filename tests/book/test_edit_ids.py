"""A record's new number: mended wherever it stands as an id or in a link, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from effort import examples
from gatepost.book import read_document
from gatepost.book.code import code_and_comments
from gatepost.book.edit_ids import Mended, Renaming, respelled
from gatepost.book.edit_nav import mend_nav
from gatepost.book.edit_pages import mend_page
from gatepost.book.edit_source import EditError
from gatepost.book.prose import Prose

SUBJECT = "docs/churn/decisions/0003-x.md"
MOVED = "docs/churn/decisions/0017-x.md"
RENAMING = Renaming("ADR-3", "ADR-17", SUBJECT, MOVED)
PAGE = "docs/churn/index.md"


def mended(text: str, path: str = PAGE, renaming: Renaming = RENAMING) -> Mended:
    """Give a page with the new number."""
    return mend_page(path, text.encode(), renaming, "docs/churn")


def places(found: Mended) -> list[tuple[int, str]]:
    """Give the lines and texts that were left for a person."""
    return [(one.line, one.text) for one in found.left]


@pytest.mark.parametrize(
    ("digits", "number", "written"),
    [
        ("3", 17, "17"),
        ("0003", 17, "0017"),
        ("03", 7, "07"),
        ("0003", 12345, "12345"),
        ("1000", 7, "0007"),
        ("12", 7, "7"),
    ],
)
def test_a_number_is_written_as_wide_as_the_old_one(digits: str, number: int, written: str) -> None:
    """Leading zeros are kept; four digits are usual."""
    assert respelled(digits, number) == written


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See ADR-3 and ADR-0003, (ADR-03).", "See ADR-17 and ADR-0017, (ADR-17)."),
        ("**ADR-3**: _ADR-3_, ADR-3's", "**ADR-17**: _ADR-3_, ADR-17's"),
        ("[ADR-3](decisions/0003-x.md)", "[ADR-17](decisions/0017-x.md)"),
        ("[a](./decisions/../decisions/0003-x.md#why 'ADR-3')", "[a](./decisions/../decisions/0017-x.md#why 'ADR-17')"),
        ('[a](<decisions/0003-x.md> "t")', '[a](<decisions/0017-x.md> "t")'),
        ("[a](decisions/%30003-x.md)", "[a](decisions/0017-x.md)"),
        ("[ADR-3]: decisions/0003-x.md\n[ADR-3]", "[ADR-17]: decisions/0017-x.md\n[ADR-17]"),
        ("![a](decisions/0003-x.md?x=1)", "![a](decisions/0017-x.md?x=1)"),
        ("| ADR-3 | x |\n| --- | --- |\n", "| ADR-17 | x |\n| --- | --- |\n"),
        ("---\ntitle: After ADR-3 # and ADR-3\n---\nADR-3\n", "---\ntitle: After ADR-17 # and ADR-17\n---\nADR-17\n"),
        ("---\na: [ADR-3,\"ADR-0003\", 'ADR-3']\n---\n", "---\na: [ADR-17,\"ADR-0017\", 'ADR-17']\n---\n"),
        (
            "---\na: |\n  ADR-3\n\n  x\nb: &x ADR-3\nc: *x\n---\n",
            "---\na: |\n  ADR-17\n\n  x\nb: &x ADR-17\nc: *x\n---\n",
        ),
        (
            "---\nx-a: a ` sign\nrelates: [ADR-3]\nx-b: a ` sign\n---\n",
            "---\nx-a: a ` sign\nrelates: [ADR-17]\nx-b: a ` sign\n---\n",
        ),
        (
            "---\nevidence:\n  - path: decisions/0003-x.md\n---\n",
            "---\nevidence:\n  - path: decisions/0017-x.md\n---\n",
        ),
        ('---\na: "docs/churn/decisions/0003-x.md#/p"\n---\n', '---\na: "docs/churn/decisions/0017-x.md#/p"\n---\n'),
    ],
)
def test_references_are_mended_in_the_spelling_that_stands_there(before: str, after: str) -> None:
    """Ids in prose, fields and comments, links inline and by reference, paths in fields."""
    found = mended(before)
    assert found.content.decode() == after


@pytest.mark.parametrize(
    "text",
    [
        "ADR-30, ADR-13, ADR-3-x, ADR-3.md, XADR-3, a/ADR-3, #ADR-3, ADR-3x",
        "[a](0003-x.md) [b](decisions/0003-y.md) [c](other/decisions/0003-x.md) [d](../../../0003-x.md)",
        "RISK-3 FU-3",
        "---\nid: 3\n---\n0003\n",
        "",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    """Longer names and numbers, other kinds, files of the same name elsewhere, anchors."""
    found = mended(text)
    assert found.content == text.encode()
    assert found.count == 0


def test_code_is_left_alone_and_listed() -> None:
    """Fences, spans, comments, links to other sites, raw HTML: a person sees the line."""
    text = "---\nnote: run `x ADR-3`\n---\n`ADR-3`\n\n```\nADR-0003 decisions/0003-x.md\n```\n<!-- ADR-3 -->\n"
    text += "[ADR-3](https://example.org/x)\n<a href='decisions/0003-x.md'>x</a>\n"
    found = mended(text)
    assert found.content == text.encode()
    assert places(found) == [
        (2, "ADR-3"),
        (4, "ADR-3"),
        (7, "ADR-0003"),
        (7, "0003-x.md"),
        (9, "ADR-3"),
        (10, "ADR-3"),
        (11, "0003-x.md"),
    ]


def test_an_id_in_underscores_is_listed() -> None:
    """Nobody reads `_ADR-3_` as a reference, but a person may have meant one."""
    found = mended("_ADR-3_ and __ADR-3__\n")
    assert found.count == 0
    assert places(found) == [(1, "ADR-3"), (1, "ADR-3")]


def test_an_id_that_is_written_with_escapes_is_not_taken_for_mended() -> None:
    """The text does not show it, so the page stays as it is; whoever compares the links of the logs will see it."""
    text = '---\nrelates: ["ADR\\u002d3"]\n---\nADR-3\n'
    assert mended(text).content == text.replace("\nADR-3\n", "\nADR-17\n").encode()


def test_an_id_that_only_the_text_shows_is_refused() -> None:
    """An escape makes it the id of another record; changing it would change which one."""
    with pytest.raises(EditError, match="the id cannot be changed without touching something else"):
        mended('---\nrelates: ["ADR-3\\u0033"]\n---\n')


def test_a_frontmatter_that_cannot_be_read_is_left_for_a_person() -> None:
    """Its body is mended all the same."""
    text = "---\na: [ADR-3\n---\nADR-3\n"
    found = mended(text)
    assert found.content == b"---\na: [ADR-3\n---\nADR-17\n"
    assert places(found) == [(2, "ADR-3")]


def test_a_file_that_is_no_text_is_refused_only_when_it_names_the_record() -> None:
    """Other bytes are nobody's business."""
    assert mend_page(PAGE, b"\xff\xfe ADR-4", RENAMING).content == b"\xff\xfe ADR-4"
    with pytest.raises(EditError, match="not UTF-8"):
        mend_page(PAGE, b"\xff\xfe ADR-3", RENAMING)
    with pytest.raises(EditError, match="cannot be edited: the file is larger"):
        mend_page(PAGE, b"ADR-3 " * 400_000, RENAMING)


class TestTwoRecordsHadTheId:
    """After a merge a bare id may mean either of two records."""

    TWICE = Renaming("ADR-3", "ADR-17", SUBJECT, MOVED, "ADR-0003", frozenset({"docs/churn/decisions/0003-y.md"}))

    def test_only_what_is_certain_is_mended(self) -> None:
        """Links by path, with the id in their words; the rest is listed, links to the other file are not."""
        text = "ADR-3, [see ADR-3 [1]](decisions/0003-x.md), [ADR-3](decisions/0003-y.md)\n"
        found = mended(text, renaming=self.TWICE)
        assert found.content == b"ADR-3, [see ADR-17 [1]](decisions/0017-x.md), [ADR-3](decisions/0003-y.md)\n"
        assert places(found) == [(1, "ADR-3")]

    def test_the_record_itself_gets_the_new_id(self) -> None:
        """In its `id:`; what its prose says is left for a person, as are the fields of others."""
        text = "---\nid: 'ADR-0003'\nrelates: [ADR-3]\n---\n# ADR-3\n"
        found = mended(text, SUBJECT, self.TWICE)
        assert found.content == b"---\nid: 'ADR-0017'\nrelates: [ADR-3]\n---\n# ADR-3\n"
        assert places(found) == [(3, "ADR-3"), (5, "ADR-3")]
        assert mended(text, "docs/churn/decisions/0003-y.md", self.TWICE).content == text.encode()


def test_the_nav_names_the_file_where_it_will_lie() -> None:
    """Each entry in its own quotes; other keys of the configuration are left, and listed when they name the file."""
    text = (
        "site_name: ADR-3\r\nnav:\r\n  - 'ADR-3: x': churn/decisions/0003-x.md # c\r\n"
        '  - {A: ["./churn/decisions/0003-x.md", churn/decisions/0003-xy.md]}\r\n'
        "exclude_docs: churn/decisions/0003-x.md\r\nplugins: [!ENV [X, y]]\r\n"
    )
    after = text.replace("'ADR-3: x': churn/decisions/0003-x", "'ADR-17: x': churn/decisions/0017-x")
    after = after.replace("./churn/decisions/0003-x", "./churn/decisions/0017-x")
    found = mend_nav(text.encode(), RENAMING, "docs")
    assert found.content == after.encode()
    assert places(found) == [(5, "0003-x.md")]


@pytest.mark.parametrize("text", ["", "nav: [", "- 0003-x.md\n", "nav:\n", "x: 0003-x.md\n", "nav: {a: &a [*a]}\n"])
def test_a_configuration_without_a_nav_is_left_alone(text: str) -> None:
    """Also one that cannot be read."""
    assert mend_nav(text.encode(), RENAMING, "docs").content == text.encode()


NAMES = ["ADR-3", "ADR-0003", "ADR-4", "ADR-33", "decisions/0003-x.md", "0003-x.md", "https://a.b/"]
MARKS = ["<!--", "-->", "```\n", "~~~\n", "\n\n", "\r\n", "    ", "- ", "> ", "](", "]: ", *"[])<>`\n\r #\\é'\"a_"]
SIGNS = st.sampled_from([*NAMES, *MARKS])
SOUP = st.lists(SIGNS, max_size=40).map("".join)
LAWS = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
THERE = Renaming("ADR-3", "ADR-7", SUBJECT, "docs/churn/decisions/0007-x.md")
BACK = Renaming("ADR-7", "ADR-3", "docs/churn/decisions/0007-x.md", SUBJECT)


@LAWS
@given(SOUP, st.sampled_from(["", "---\ntitle: T\nrelates: [ADR-3]\n---\n"]))
def test_there_and_back_is_the_same_to_the_byte(body: str, front: str) -> None:
    """A number that is changed and changed back leaves no trace, whatever the text and its line ends."""
    text = (front + body).encode()
    there = mend_page(PAGE, text, THERE)
    assert mend_page(PAGE, there.content, BACK).content == text


@LAWS
@given(SOUP)
def test_no_reference_is_left_and_no_code_is_touched(body: str) -> None:
    """Outside code no old id and no link to the old file stands any more; code and comments are as they were."""
    text = read_document(PAGE, body.encode()).text
    if read_document(PAGE, body.encode()).faults:
        return
    after = mended(text).content.decode()
    before, prose = Prose(text, 0), Prose(after, 0)
    assert not [one for one in prose.ids if RENAMING.is_old(one.text)]
    assert [RENAMING.is_old(one.text) or one.text for one in before.ids] == [
        RENAMING.new == f"ADR-{int(one.text[4:])}" or one.text for one in prose.ids
    ]
    assert [text[one.start : one.end] for one in code_and_comments(text)] == [
        after[one.start : one.end] for one in code_and_comments(after)
    ]
