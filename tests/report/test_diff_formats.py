"""A comparison as text, JSON and a comment: what is said first, what is escaped, what is cut."""

from __future__ import annotations

import html
import json
import re
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comparisons import between, logs
from effort import examples
from gatepost.check.compare import Comparison
from gatepost.report.diff_json import render_diff_json
from gatepost.report.diff_markdown import LIMIT, MARKER, render_diff_markdown
from gatepost.report.diff_text import render_diff_text
from gatepost.report.diff_words import Sides, verdict_words
from gatepost.report.lines import columns, plain
from gatepost.report.markup import code, sentence, shown
from trees import clean_log, edited, with_key

SCHEMA = json.loads((files("gatepost.report") / "diff-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
SIDES = Sides("main", "0123456789abcdef0123456789abcdef01234567")
LOG = clean_log()
BATCH = "churn/decisions/0002-batch-scoring.md"
MODEL = "churn/decisions/0003-logistic-regression.md"
DAILY = "churn/decisions/0004-retrain-daily.md"
STALE = "churn/risks/0001-stale-scores.md"
TAMPERED = "churn/risks/0002-tampered-bundle.md"
SWITCH = "churn/follow-ups/0001-switch-off-service.md"
CELL = re.compile(r"(?<!\\)\|")
OURS = re.compile(r"</?(?:details|summary|br|code)>|<!-- gatepost-diff -->")


@pytest.fixture(name="busy", scope="module")
def _busy() -> Comparison:
    """Give a comparison with a bit of everything in it."""
    before = edited(LOG, MODEL, "status: accepted", "status: proposed")
    third = (
        LOG[STALE].replace("RISK-0001", "RISK-0003").replace("owner: Ana Ruiz\n", "").replace("title: ", "title: Old ")
    )
    before["churn/risks/0003-old.md"] = third
    after = edited(edited(before, MODEL, "status: proposed", "status: accepted"), SWITCH, "owner: sre-oncall\n", "")
    after = edited(after, SWITCH, "due: 2027-02-01", "due: 2027-05-01")
    after = edited(edited(after, TAMPERED, "likelihood: 2", "likelihood: 3"), BATCH, "in October", "in May and October")
    after = with_key(after, "policy.md", "enforcement: {nothing-overdue: 'off'}")
    after["churn/decisions/0044-daily.md"] = after.pop(DAILY)
    after["churn/decisions/0005-drift.md"] = LOG[DAILY].replace("ADR-0004", "ADR-0005").replace("rejected", "proposed")
    waiver = "waivers: [{gate: risks-owned, reason: soon, approved-by: Ana Ruiz, until: 2027-01-01}]"
    return between(before, with_key(after, STALE, waiver))


def test_the_verdict_says_what_a_reviewer_asks_first(busy: Comparison) -> None:
    """Gates, decisions, accepted risks, follow-ups put off and the open exposure are in one sentence."""
    assert verdict_words(busy) == (
        "4 gates newly failing, 4 newly open; ADR-0003 accepted, ADR-0005 added, "
        "RISK-0002 accepted at exposure 12 of 9, FU-0001 pushed back 89 days to 2027-05-01; open exposure 20 to 24"
    )
    assert verdict_words(between(LOG, LOG)) == "Nothing changed in the records or their gates"


def test_the_text_has_what_is_worse_first_and_the_verdict_last(busy: Comparison) -> None:
    """A terminal shows the end: the verdict stands there; findings have place and hint."""
    text = render_diff_text(busy, SIDES)
    assert text.startswith(
        "ADR-0002  Score customers in a weekly batch\nBLOCK  follow-ups-accountable  not met because"
    )
    place = "docs/churn/follow-ups/0001-switch-off-service.md:1:1\n"
    assert f"{place}    BLOCK  follow-ups-accountable  owner is missing\n    hint: " in text
    assert "\nDecisions\n  ADR-0002  Score" in text
    assert "    accepted (was proposed)\n" in text
    assert "    pushed back 89 days to 2027-05-01\n" in text
    assert "\nSTILL BLOCK  risks-owned  on ADR-0002, RISK-0003\n" in text
    assert "nothing-overdue: advise → off (weaker)" in text
    assert "compared with where it left main (0123456789ab), judged on" in text
    assert text.endswith("open exposure 20 to 24.\n")
    assert all(columns(line) <= 80 or line.lstrip().startswith("docs/") for line in text.splitlines())


def test_the_json_keeps_to_its_schema(busy: Comparison) -> None:
    """The schema validates each side against the other, an empty log, and no difference."""
    for found in (busy, between(LOG, {}), between({}, LOG), between(LOG, LOG)):
        read = json.loads(render_diff_json(found, SIDES, "1.2.3"))
        assert [error.message for error in VALIDATOR.iter_errors(read)] == []
    read = json.loads(render_diff_json(busy, SIDES, "1.2.3"))
    assert read["newly_blocking"]
    assert {one["state"] for one in read["findings"]} == {"new", "still"}
    assert {one["move"] for one in read["gates"]} >= {"newly-failing", "still-failing"}
    assert read["base"] == {"name": "main", "commit": SIDES.commit, "merge_base": True}


def test_the_schema_says_what_every_field_is() -> None:
    """The schema is a valid one, and each property is described or refers to what is."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for part in (SCHEMA, *SCHEMA["$defs"].values()):
        for key, field in part.get("properties", {}).items():
            described = field if "$ref" not in field else {**SCHEMA["$defs"][field["$ref"].rsplit("/")[-1]], **field}
            assert described.get("description"), key


def test_the_comment_has_its_marker_the_verdict_and_what_blocks_first(busy: Comparison) -> None:
    """The first line is the marker that a bot looks for, then the verdict; what blocks newly comes before the rest."""
    text = render_diff_markdown(busy, SIDES)
    lines = text.splitlines()
    assert lines[0] == MARKER
    assert lines[1].startswith("**4 gates newly failing, 4 newly open; ADR-0003 accepted")
    headings = [line for line in lines if line.startswith(("###", "<summary>"))]
    assert headings == [
        "### Look at this first",
        "### Decisions",
        "### Risks: open exposure 20 → 24",
        "### Follow-ups",
        "### Policy",
        "<summary>6 new findings, open or advice: nothing that blocks</summary>",
        "<summary>2 gate results still failing, as before</summary>",
    ]
    (row,) = (line for line in lines if "owner is missing<br>" in line and "**BLOCK**" in line)
    assert "| `follow-ups-accountable` | owner is missing<br>add `owner:`: name" in row
    assert row.endswith("| `docs/churn/follow-ups/0001-switch-off-service.md:1` |")


def test_what_is_met_without_an_edit_says_what_made_it_so() -> None:
    """A threshold that was raised turns a gate green without a word on the risk; so does a change of another record."""
    risky = edited(LOG, TAMPERED, "likelihood: 2", "likelihood: 3")
    raised = between(risky, edited(risky, "policy.md", "accepted-exposure: 9", "accepted-exposure: 12"))
    said = "MET  risk-within-policy  on RISK-0002: the record did not change, the policy did\n"
    assert said in render_diff_text(raised, SIDES)
    assert "tiers.medium.accepted-exposure: 9 → 12" in render_diff_text(raised, SIDES)
    assert "| met | RISK-0002 | `risk-within-policy` | the record did not change, the policy did |" in (
        render_diff_markdown(raised, SIDES)
    )
    mended = render_diff_text(between(edited(LOG, SWITCH, "owner: sre-oncall\n", ""), LOG), SIDES)
    assert "MET  follow-ups-accountable  on FU-0001\n" in mended
    assert "MET  follow-ups-accountable  on ADR-0002: unmet before on account of FU-0001\n" in mended
    link = {**LOG, DAILY: f"{LOG[DAILY]}\nADR-0009\n"}
    linked = between(link, {**link, "churn/decisions/0009-nine.md": LOG[DAILY].replace("ADR-0004", "ADR-0009")})
    text = " ".join(render_diff_text(linked, SIDES).split())
    assert "MET links-resolve on ADR-0004: the record did not change, another one did, or a file" in text


def test_what_is_not_asked_any_more_says_why() -> None:
    """A record that is gone or cannot be read, a gate that is off or does not apply: none of it is met."""
    gone = {path: text for path, text in LOG.items() if path != SWITCH}
    poor = edited(LOG, SWITCH, "owner: sre-oncall\n", "")
    assert "NOT ASKED  follow-ups-accountable  on FU-0001: the record is gone\n" in render_diff_text(
        between(poor, gone), SIDES
    )
    off = with_key(poor, "policy.md", "enforcement: {follow-ups-accountable: 'off'}")
    assert "on FU-0001: the policy turned it off" in render_diff_text(between(poor, off), SIDES)
    broken = edited(poor, SWITCH, "status: open", "status: opn")
    assert "on FU-0001: the record cannot be read" in render_diff_text(between(poor, broken), SIDES)
    missing = edited(LOG, STALE, "owner: Ana Ruiz\n", "")
    waiver = "waivers: [{gate: risks-owned, reason: soon, approved-by: Ana Ruiz, until: 2027-01-01}]"
    waived = render_diff_text(between(missing, with_key(missing, STALE, waiver)), SIDES)
    assert "WAIVED  risks-owned  on RISK-0001: waived until 2027-01-01 by Ana Ruiz: soon\n" in waived


def cells(text: str) -> list[int]:
    """Give how many bars each row of a table has, those of its text left out."""
    return [len(CELL.findall(line)) for line in text.splitlines() if line.startswith("|")]


HOSTILE = (
    "@octocat <img src=x onerror=alert(1)> #12 !34 `c` *b* [l](http://evil.example) a|b --> </details> \\| "
    "www.evil.example $x$ :tada:"
)


def test_nothing_that_a_record_says_is_taken_for_markup() -> None:
    """Titles, owners and values with mentions, HTML, links, bars and references are shown as they are."""
    quoted = json.dumps(HOSTILE)
    after = edited(LOG, DAILY, "title: Retrain every day", f"title: {quoted}")
    after = edited(after, SWITCH, "owner: sre-oncall", f"owner: {quoted}")
    after = edited(after, BATCH, "chosen: weekly batch", f"chosen: {quoted}")
    after = {**after, "churn/decisions/<b>@team|x`.md": "---\nid: [\n---\n"}
    text = render_diff_markdown(between(LOG, after), SIDES)
    assert "octocat" in text
    assert "team" in text
    assert re.search(r"@\w", re.sub(r"`[^`]*`", "", text)) is None
    assert re.search(r"(?<![&\w])[#!]\d", text) is None
    assert "<" not in OURS.sub("", text)
    assert "http://" not in text
    assert "www." not in text
    assert re.search(r"(?<!\\)\[", text) is None
    assert {"/" in line[:1] for line in text.splitlines()} == {False}
    for table in re.split(r"\n(?=###|<details>)", text):
        assert len(set(cells(table))) <= 1


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example(HOSTILE)
@example("GH-12 a_b_c ~label %mile &epic ^alert ~~s~~ C:\\x\\|y")
@example(":a:a::@@a##1")
def test_shown_text_reads_as_it_was(text: str) -> None:
    """Undone, the escapes give the text back; nothing of a mention, tag, cell or emphasis is left to the forge."""
    said = shown(text)
    undone = html.unescape(re.sub(r"\\([\\`*_\[\]~$])", r"\1", said)).replace("\u200b", "")
    assert undone == plain(text).replace("\u200b", "")
    assert "\n" not in said
    said = said.replace("&#124;", "")
    assert not re.search(r"[<>|]|[@#!]\w|https?://|(?<!\\)(?:\\\\)*[`*_\[\]]", said)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_code_never_ends_before_its_text(text: str) -> None:
    """A backtick, a bar or a tag inside code does not get out of it, in a sentence neither."""
    said = code(text)
    inside = said.removeprefix("`").removesuffix("`") if said.startswith("`") else OURS.sub("", said)
    assert not re.search(r"(?<!\\)(?:\\\\)*`|[|<>]", inside)
    assert not re.search(r"[|<>]", OURS.sub("", sentence(f"a `{text}` b")))


@pytest.fixture(name="huge", scope="module")
def _huge() -> Comparison:
    """Give a comparison with thousands of new findings."""
    more = {
        f"churn/risks/{number:04d}-r.md": LOG[STALE]
        .replace("RISK-0001", f"RISK-{number:04d}")
        .replace("title: Scores", f"title: Scores {number} 𝄞")
        .replace("owner: Ana Ruiz\n", "")
        for number in range(10, 1500)
    }
    return between(LOG, {**LOG, **more})


def test_a_comment_is_cut_at_a_row_and_says_how_many_are_left_out(huge: Comparison) -> None:
    """Thousands of findings fit the forge's limit; each table has some of its rows, none is half a row."""
    text = render_diff_markdown(huge, SIDES)
    assert len(text.encode("utf-16-le")) // 2 <= LIMIT
    assert len(text) > LIMIT * 0.9
    left = int(re.search(r"\n([\d]+) rows left out here: a comment holds 65,535 characters", text)[1])  # type: ignore[index]
    kept = sum(
        (line.startswith("| ") and "**RISK-" in line) or line.startswith("| **BLOCK**") for line in text.splitlines()
    )
    assert left + kept == 1490 + len([one for one in huge.worse if one.effect == "block"])
    assert all(line.endswith(" |") for line in text.splitlines() if line.startswith("|"))
    assert text.count("<details>") == text.count("</details>")
    assert len(json.loads(render_diff_json(huge, SIDES, "1"))["findings"]) == len(huge.troubles)


@pytest.mark.parametrize("limit", [700, 1000, 2000, 3000, 9000])
def test_no_limit_is_overrun(busy: Comparison, limit: int) -> None:
    """Whatever the limit, the comment keeps to it and its folds are closed."""
    text = render_diff_markdown(busy, SIDES, limit=limit)
    assert len(text) <= limit
    assert text.count("<details>") == text.count("</details>")
    assert ("left out here" in text) == (limit < 9000)


@settings(max_examples=examples(40), deadline=None)
@given(logs(), logs())
def test_each_format_can_say_any_comparison(one: dict[str, str], two: dict[str, str]) -> None:
    """Whatever happened to a log, the JSON keeps to its schema, the comment to its limit, the text to its width."""
    found = between(one, two)
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(render_diff_json(found, SIDES, "1")))] == []
    comment = render_diff_markdown(found, SIDES)
    assert len(comment) <= LIMIT
    assert "<" not in OURS.sub("", comment)
    text = render_diff_text(found, SIDES)
    assert all(columns(line) <= 80 or "docs/" in line for line in text.splitlines())
    assert (verdict_words(found).startswith("Nothing changed")) == found.is_empty
