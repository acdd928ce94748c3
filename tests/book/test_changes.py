"""What differs between two versions of a record: what counts as a change, and what does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from gatepost.book import read_document, read_text
from gatepost.book.changes import Change, Version, changes, version_of
from trees import clean_log, edited, with_key

LOG = clean_log()
BATCH = "churn/decisions/0002-batch-scoring.md"
CONTRACT = "churn/pipeline.md"
RECORDS = sorted(path for path in LOG if path.endswith(".md") and "dry-runs" not in path)


def version(path: str, text: str | None = None) -> Version:
    """Read one record of the clean log, or another text in its place, as a version."""
    return version_of(read_text(f"docs/{path}", LOG[path] if text is None else text))


def after(path: str, *edits: tuple[str, str]) -> tuple[Change, ...]:
    """Give what some edits of a record of the clean log change."""
    files = LOG
    for old, new in edits:
        files = edited(files, path, old, new)
    return changes(version(path), version(path, files[path]))


def test_a_record_that_comes_or_goes_is_one_change() -> None:
    """What was not there has nothing to be compared with."""
    batch = version(BATCH)
    assert changes(None, batch) == (Change("added", (), None, "ADR-0002"),)
    assert changes(batch, None) == (Change("removed", (), "ADR-0002", None),)
    assert changes(None, None) == ()


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("status: accepted", "status: deprecated", Change("status", ("status",), "accepted", "deprecated")),
        ("date: 2026-11-05\n", "date: 2026-11-06\n", Change("field", ("date",), "2026-11-05", "2026-11-06")),
        (
            "chosen: weekly batch",
            "chosen: online service",
            Change("field", ("chosen",), "weekly batch", "online service"),
        ),
        (
            "production-impact: true",
            "production-impact: false",
            Change("field", ("production-impact",), before=True, after=False),
        ),
        ("production-impact: true\n", "", Change("field", ("production-impact",), before=True)),
        ("risks: [RISK-0001, RISK-0002]", "risks: [RISK-0002]", Change("item", ("risks", "RISK-1"), "RISK-0001", None)),
        ("operability: 5", "operability: 2", Change("field", ("options", "weekly batch", "operability"), 5, 2)),
        (
            "{name: online service,",
            "{name: service,",
            Change("field", ("options", "name"), "online service", "service"),
        ),
        ("  within: 15m\n", "", Change("field", ("rollback", "within"), "15m", None)),
        (
            "value: 11\n",
            "value: 11.5\n",
            Change("field", ("evidence", "A batch run takes 11 minutes", "value"), 11, 11.5),
        ),
        (
            "[opt_out_rate <= 0.02, rows_served >= 4000]",
            "[opt_out_rate <= 0.02]",
            Change(
                "item",
                ("rollout", "one tenth of the customers", "criteria", "rows_served >= 4000"),
                "rows_served >= 4000",
            ),
        ),
    ],
)
def test_a_field_is_compared_by_what_it_means(old: str, new: str, change: Change) -> None:
    """Each edit of the frontmatter is one change, at the key, the item and the value that it is about."""
    assert after(BATCH, (old, new)) == (change,)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (BATCH, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-2, RISK-1]"),
        (BATCH, "supersedes: [ADR-0001]", "supersedes:\n  - ADR-0001"),
        (BATCH, "decision-makers: [Ana Ruiz, Tom Berg]", "deciders: [Tom Berg, Ana Ruiz]"),
        (BATCH, "follow-ups: [FU-0001]", "follow_ups: [FU-0001]"),
        (BATCH, "status: accepted", "status: Accepted"),
        (BATCH, "stages: [features, promote]", "stages: [promote, features]\nconsulted: []\noverride:"),
        (BATCH, "chosen: weekly batch", "chosen: >\n  weekly\n  batch"),
        (BATCH, "date: 2026-11-05\n", 'date: "2026-11-05"\n'),
        (BATCH, "title: Score", "tags: [batch]\nx-ticket: 12\ntitle: Score"),
        (CONTRACT, "within: 15m", "within: 900s"),
        (CONTRACT, "pass: [auc >= 0.72, auc >= champion.auc - 0.01,", "pass: [auc >= champion.auc - 0.01, auc>=0.72,"),
        ("churn/decisions/0001-online-scoring.md", "status: superseded\n", "status: superseded by ADR-2\n"),
        (BATCH, "# Score customers in a weekly batch\n\n", "# Score customers in a weekly batch  \n\n\n<!-- why -->\n"),
    ],
)
def test_another_way_to_write_the_same_is_no_change(path: str, old: str, new: str) -> None:
    """Spelling, order that means nothing, empty lists, page metadata and white space say nothing new."""
    if "superseded by" in new:
        assert changes(version(path), version(path, edited(with_key(LOG, path, ""), path, old, new)[path])) == ()
    else:
        assert after(path, (old, new)) == ()


def test_a_condition_is_known_by_what_it_says() -> None:
    """Spaces around a comparison are not another condition; another number is."""
    change = after(CONTRACT, ("auc@new >= 0.68", "auc@new>=0.7"))
    assert [(one.kind, one.path[-1]) for one in change] == [("item", "auc@new >= 0.68"), ("item", "auc@new >= 0.7")]


def test_steps_have_an_order() -> None:
    """Two steps of a rollout that change places are a change; two options that do are none."""
    steps = LOG[BATCH].split("rollout:\n")[1].split("rollback:")[0]
    one, two = steps.splitlines()
    (change,) = after(BATCH, (steps, f"{two}\n{one}\n"))
    assert (change.kind, change.field) == ("order", "rollout")
    assert change.before == list(reversed(change.after))
    (change,) = after(CONTRACT, ("[10% 24h, 100%]", "[20% 24h, 100%]"))
    assert (change.key, change.before) == ("stages.promote.rollout", ["10% 24h", "100%"])


def test_stages_and_artifacts_are_compared_by_name() -> None:
    """Names keep their underscores; a stage that goes is one item, a field of one that stays is a field."""
    files = edited(LOG, CONTRACT, "  watch: {kind: monitor,", "  watch_all: {kind: monitor,")
    found = changes(version(CONTRACT), version(CONTRACT, files[CONTRACT]))
    assert [(one.kind, one.path, one.before is None) for one in found] == [
        ("item", ("stages", "watch"), False),
        ("item", ("stages", "watch_all"), True),
    ]
    (found_one,) = after(CONTRACT, ("expires: 24h", "expires: 48h"))
    assert (found_one.key, found_one.before, found_one.after) == ("stages.approve.expires", "24h", "48h")


def test_checklist_items_are_compared_by_id() -> None:
    """`CHK-1` and `CHK-0001` are one item."""
    found = after("churn/checklist.md", ("id: CHK-1\n", "id: CHK-0001\n"), ("threshold: 0.72", "threshold: 0.70"))
    assert found == (Change("field", ("items", "CHK-1", "threshold"), 0.72, 0.7),)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("in October,", "in October and in May,", Change("section", ("Context and Problem Statement",), 18, 21)),
        (
            "\n## Considered Options\n",
            "\n## What We Looked At\n",
            Change("heading", (), "Considered Options", "What We Looked At"),
        ),
        ("\n## Considered Options\n", "\n## Considered Options\n\n### New\n\nOne word\n", None),
    ],
)
def test_the_body_is_compared_by_section(old: str, new: str, change: Change | None) -> None:
    """A section that was edited has its number of words; one with the same words has another heading."""
    found = after(BATCH, (old, new))
    if change is None:
        assert found[-1].key == "Considered Options > New"
    else:
        assert found == (change,)


def test_headings_in_code_and_a_reflow_are_no_sections() -> None:
    """A fence that holds `# x` and words on other lines are no edit of anything but their own section."""
    text = LOG[BATCH] + "\n```sh\n# no heading\n```\n"
    (change,) = changes(version(BATCH), version(BATCH, text))
    assert change.kind == "section"
    front, _, body = LOG[BATCH].partition("\n---\n")
    reflown = "\n".join(line if line.startswith(("#", "*")) else line.replace(". ", ".\n") for line in body.split("\n"))
    assert reflown != body
    assert changes(version(BATCH), version(BATCH, f"{front}\n---\n{reflown}")) == ()


def test_a_title_is_changed_once() -> None:
    """A title that changes in the frontmatter and in the first heading is one change of a field."""
    title = "Score customers in a weekly batch"
    files = {**LOG, BATCH: LOG[BATCH].replace(title, "Score in a batch")}
    assert changes(version(BATCH), version(BATCH, files[BATCH])) == (
        Change("field", ("title",), title, "Score in a batch"),
    )


def test_a_record_that_cannot_be_read_says_why() -> None:
    """One side without a frontmatter that can be read gives the reason, and no fields that seem to be gone."""
    (change,) = after(BATCH, ("status: accepted", "status: [accepted"))
    assert (change.kind, change.before) == ("unreadable", None)
    assert "not YAML" in change.after
    assert version(BATCH, "no frontmatter").problem == "a decision without frontmatter"
    assert version_of(read_document("docs/index.md", b"# Page")).problem == "it is a page, no record"
    assert version_of(read_document("docs/x/decisions/1.md", b"---\nid: \xff\n---")).problem.startswith(
        "the file is not UTF-8"
    )


def test_a_file_can_move_and_take_another_number() -> None:
    """The path, the number and the kind are changes of the record, not of a field."""
    text = LOG["churn/decisions/0004-retrain-daily.md"].replace("id: ADR-0004\n", "")
    one = version_of(read_text("docs/churn/decisions/0004-retrain.md", text))
    two = version_of(read_text("docs/other/decisions/0009-retrain.md", text))
    assert [(change.kind, change.before, change.after) for change in changes(one, two)] == [
        ("renumbered", "ADR-0004", "ADR-0009"),
        ("moved", "docs/churn/decisions/0004-retrain.md", "docs/other/decisions/0009-retrain.md"),
    ]


@pytest.mark.parametrize("path", RECORDS)
def test_a_version_survives_json(path: str) -> None:
    """What is kept as JSON is read back as the same version, and equals itself."""
    one = version(path)
    assert Version.from_json(one.to_json()) == one
    assert "\n" not in one.to_json()
    assert changes(one, Version.from_json(one.to_json())) == ()


def test_odd_numbers_survive_json() -> None:
    """A number with more digits than a float has, and one that is none, stay what they are."""
    item = "{id: CHK-1, criterion: c, threshold: 0.1234567890123456789, measured: .nan}"
    one = version_of(read_text("docs/checklist.md", f"---\nkind: checklist\ntitle: T\nitems:\n- {item}\n---\n"))
    assert one.fields["items"][0] == {
        "id": "CHK-1",
        "criterion": "c",
        "threshold": "0.1234567890123456789",
        "measured": "nan",
    }
    assert changes(one, Version.from_json(one.to_json())) == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "[1,2,3,4,5,6]", '["a","b","c",{},{"h":1},""]', '["a","b","c",[],{},""]']
)
def test_what_is_no_version_is_refused(text: str) -> None:
    """A cache of something else is never taken for a version."""
    with pytest.raises(ValueError, match=r".") as caught:
        Version.from_json(text)
    assert caught.type in {ValueError, json.JSONDecodeError}


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from(["a", "b", "ADR-1", "ADR-0001", "10m", "600s", "x > 1"]),
)
ITEMS = st.one_of(SCALARS, st.dictionaries(st.sampled_from(["name", "id", "text", "x"]), SCALARS, max_size=3))
VALUES: st.SearchStrategy[Any] = st.one_of(
    SCALARS, st.lists(ITEMS, max_size=4), st.dictionaries(st.sampled_from(["within", "a_b", "b"]), ITEMS, max_size=3)
)
KEYS = st.sampled_from(["status", "title", "options", "rollout", "stages", "risks", "within", "owner"])
FACTS = st.tuples(st.sampled_from(["d1", "d2"]), st.integers(0, 2))
VERSIONS = st.builds(
    Version,
    kind=st.sampled_from(["decision", "risk"]),
    id=st.sampled_from(["ADR-1", "ADR-01", "ADR-2"]),
    path=st.sampled_from(["a.md", "b.md"]),
    fields=st.dictionaries(KEYS, VALUES, max_size=4),
    sections=st.dictionaries(st.sampled_from(["", "A", "A > B", "C"]), FACTS, max_size=4),
    problem=st.sampled_from(["", "", "", "broken"]),
)
_by_text: Callable[[Change], str] = repr


@settings(max_examples=examples(600), deadline=None)
@given(VERSIONS, VERSIONS)
def test_changes_mirror(one: Version, two: Version) -> None:
    """Read backwards, the same differences are there with before and after changed over; the same is no change."""
    forward, backward = changes(one, two), changes(two, one)
    assert sorted((change.mirrored() for change in forward), key=_by_text) == sorted(backward, key=_by_text)
    assert changes(one, one) == ()
    assert changes(one, Version.from_json(one.to_json())) == ()


PIECES = st.sampled_from(
    [
        "---\n",
        "\n",
        "kind: decision\n",
        "id: ADR-1\n",
        "title: [a, {b: c}]\n",
        "status: Superseded by ADR-2 and ADR-3\n",
        "options: [{name: a}, {name: a}, a, 1, null, [x]]\n",
        "superseded_by: ADR-1\n",
        "deciders: [a]\n",
        "# H\n",
        "## A\n",
        "## A ##\n",
        "### B {#b}\n",
        "```\n",
        "<!-- x -->\n",
        "<!--",
        "text \u2028 é\n",
        "stages: {a_b: {on_fail: 1.50}}\n",
        "\t- x\n",
    ]
)


@settings(max_examples=examples(500), deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=14).map(lambda some: "".join(some).encode())))
def test_any_file_is_a_version(content: bytes) -> None:
    """Whatever a commit holds, it can be read as a version, kept as JSON, and compared with itself and with others."""
    one = version_of(read_document("d/decisions/0001-x.md", content))
    assert Version.from_json(one.to_json()) == one
    assert changes(one, one) == ()
    other = version(BATCH)
    mirrored = sorted((change.mirrored() for change in changes(one, other)), key=_by_text)
    assert mirrored == sorted(changes(other, one), key=_by_text)


def test_a_second_heading_of_the_same_words_has_a_number() -> None:
    """Two sections of one name are two; the second one is told apart."""
    body = "---\nid: ADR-1\ntitle: T\n---\n## A\n\none\n\n## A\n\ntwo words\n"
    one = version_of(read_text("d/decisions/1.md", body))
    assert {name: words for name, (_, words) in one.sections.items()} == {"A": 1, "A (2)": 2}


def test_headings_alike_are_told_apart_without_end() -> None:
    """Ten thousand equal headings, below one that is as long as a book, are read in a moment and kept apart."""
    body = f"## {'long ' * 20_000}\n\n" + "".join(f"### Notes\n\n{number}\n\n" for number in range(10_000))
    version = version_of(read_text("decisions/0001-a.md", f"---\nid: ADR-1\n---\n{body}"))
    assert len(version.sections) == 10_001
    assert sum(len(name) for name in version.sections) < 3_000_000


def test_a_heading_that_looks_numbered_keeps_its_own_name() -> None:
    """`Notes (2)` as a heading of its own is not taken for the second `Notes`."""
    version = version_of(
        read_text("decisions/0001-a.md", "---\nid: ADR-1\n---\n## Notes (2)\n\na\n\n## Notes\n\nb\n\n## Notes\n\nc\n")
    )
    assert list(version.sections) == ["Notes (2)", "Notes", "Notes (3)"]
