"""`record-complete`: sections that are written, placeholders that are gone, and no false alarm on honest prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, messages, outcome, said, with_key

GATE = "record-complete"
CONTRACT = "churn/pipeline.md"
ADR1 = "churn/decisions/0001-online-scoring.md"
ADR3 = "churn/decisions/0003-logistic-regression.md"


def with_prose(text: str) -> dict[str, str]:
    """Give the clean log with some text at the end of ADR-0003."""
    files = clean_log()
    return {**files, ADR3: f"{files[ADR3]}\n{text}\n"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TODO: measure it", "TODO"),
        ("owner is TBD.", "TBD"),
        ("(FIXME)", "FIXME"),
        ("XXX", "XXX"),
        ("The reason is ???", "???"),
        ("<describe the context here>", "<describe the context here>"),
        ("{title of option 1}", "{title of option 1}"),
        ("{Describe the context and problem statement, e.g., in free form.}", "{Describe the context and problem"),
    ],
)
def test_what_a_template_left_behind_is_found(text: str, found: str, tmp_path: Path) -> None:
    """A placeholder in the body is a finding at its place."""
    files = with_prose(text)
    report = checked(tmp_path, files)
    (finding,) = findings(report, GATE)
    assert finding.message.startswith(f"the placeholder {found}")
    assert files[ADR3].splitlines()[finding.line - 1][finding.column - 1 :].startswith(found[:5])


@pytest.mark.parametrize(
    "text",
    [
        "`TODO` in a code span",
        "```python\n# TODO\nx = {a b}\n```",
        "<!-- TODO: remove before merging -->",
        "a TODO-list and TODOs",
        "<details open><summary>More</summary>text</details>",
        "<figure markdown>\n![x](../evidence/load-test.csv)\n</figure>",
        '<a href="x">y</a><br><img alt="a b">',
        "{: .wide }",
        "{{ metric('evidence/metrics.json#/auc') }}",
        "the tiers {low, medium, high} and {fast, slow-ish}",
        r"\frac{a b}{c d}",
        "p99 < 50 ms and auc > 0.7",
        "see <https://example.org/a>",
        "{single}",
        "Really? Yes!",
    ],
)
def test_honest_prose_is_left_alone(text: str, tmp_path: Path) -> None:
    """Code, comments, HTML, attribute lists, sets, formulas and metrics are no placeholders."""
    assert messages(checked(tmp_path, with_prose(text))) == []


@pytest.mark.parametrize("line", ["title: TODO", "residual-risk: <say why>", "verification: [TBD]", "x-note: FIXME"])
def test_the_frontmatter_is_searched_too(line: str, tmp_path: Path) -> None:
    """A key whose value is a placeholder was not filled in."""
    assert len(said(checked(tmp_path, with_key(clean_log(), ADR3, line)), GATE)) == 1


@pytest.mark.parametrize(
    ("path", "old", "new", "field"),
    [
        (CONTRACT, "sign: cosign", "sign: todo", "artifacts.bundle.sign"),
        (CONTRACT, "pii: tokenised", "pii: To be decided", "artifacts.facts.pii"),
        (CONTRACT, "first: disable-route", "first: '...'", "stages.promote.rollback.first"),
        (CONTRACT, "owner: growth-ml", "owner: tbd.", "owner"),
        (CONTRACT, "kind: train,", "kind: train, description: '?',", "stages.train.description"),
        (CONTRACT, "kind: train,", "kind: train, description: no todo is left,", None),
        (CONTRACT, "title: From customer facts to scores", "title: From todo to done", None),
        (CONTRACT, "owner: growth-ml\n", "owner: growth-ml\ntags: [todo]\nx-state: todo\n", None),
    ],
)
def test_a_field_that_says_that_it_will_say_something_says_nothing(
    path: str, old: str, new: str, field: str | None, tmp_path: Path
) -> None:
    """In whatever case, when it is the whole value; a page's own keys are its own."""
    found = findings(checked(tmp_path, edited(clean_log(), path, old, new)), GATE)
    assert [one.field for one in found] == ([field] if field else [])


def test_words_of_the_policy_are_placeholders_too(tmp_path: Path) -> None:
    """The policy adds words; the list itself is no finding."""
    files = with_key(with_prose("lorem ipsum"), "policy.md", "placeholders: [lorem ipsum, A DEFINIR]")
    report = checked(tmp_path, files)
    assert messages(report) == [f"{GATE} docs/{ADR3}:45: the placeholder lorem ipsum is left"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## Considered Options", "## Options", "the section 'Considered Options' is missing"),
        ("## Considered Options", "## CONSIDERED OPTIONS", None),
        ("## Considered Options", "### Considered Options ###", None),
        ("## Considered Options", "## Considered Options {#options}", None),
        ("* logistic regression\n* boosted trees\n", "", "the section 'Considered Options' is empty"),
        ("* logistic regression\n* boosted trees\n", "<!-- later -->\n", "the section 'Considered Options' is empty"),
        (
            "* logistic regression\n* boosted trees\n",
            "### One\n\n### Two\n",
            "the section 'Considered Options' is empty",
        ),
        ("* logistic regression\n* boosted trees\n", "### One\n\ntext\n", None),
        ("* logistic regression\n* boosted trees\n", "```text\na\n```\n", None),
    ],
)
def test_sections(old: str, new: str, expected: str | None, tmp_path: Path) -> None:
    """A section is there when its heading is, at any rank, and something stands below it."""
    report = checked(tmp_path, edited(clean_log(), ADR3, f"\n{old}", f"\n{new}"))
    assert said(report, GATE) == ([expected] if expected else [])


def test_a_heading_in_code_is_no_section(tmp_path: Path) -> None:
    """What a fence shows is not what the record says."""
    files = edited(clean_log(), ADR3, "\n## Considered Options", "\n```markdown\n## Considered Options\n```")
    assert said(checked(tmp_path, files), GATE) == ["the section 'Considered Options' is missing"]


def test_history_is_left_alone(tmp_path: Path) -> None:
    """Nobody completes a superseded decision."""
    files = clean_log()
    report = checked(tmp_path, {**files, ADR1: files[ADR1].partition("\n## Decision Outcome")[0] + "\nTODO\n"})
    assert messages(report) == []
    assert outcome(report, "ADR-1", GATE).state == "not-applicable"


RISK1 = "churn/risks/0001-stale-scores.md"
ESCALATION = "escalation: {{to: head of ML, date: {}, outcome: {}, decided-by: Ana Ruiz, reason: r}}"


@pytest.mark.parametrize(
    ("path", "lines", "message"),
    [
        (ADR3, "date: 2027-10-23", "date is 2027-10-23, in the future"),
        (ADR3, "date: 2026-11-25", "date is 2026-11-25, in the future"),
        (ADR3, "date: 2026-11-23", None),
        (ADR3, "date: 1926-11-05", "date is 1926-11-05, before 1990"),
        (RISK1, "accepted-on: 2027-01-01", "accepted-on is 2027-01-01, in the future"),
        (RISK1, "accepted-on: 2026-11-23", None),
        (RISK1, ESCALATION.format("2027-01-01", "accepted"), "escalation.date is 2027-01-01, in the future"),
        (RISK1, ESCALATION.format("2027-01-01", "pending"), None),
    ],
)
def test_what_has_happened_is_not_in_the_future(path: str, lines: str, message: str | None, tmp_path: Path) -> None:
    """Nobody decides in the future, which begins late for those in the east; a request may name a day ahead."""
    files = with_key(clean_log(), path, lines)
    found = findings(checked(tmp_path, files), GATE)
    assert [one.message for one in found] == ([message] if message else [])
    assert all(str(one.line) in _lines_with(files[path], lines.partition(":")[0]) for one in found)


def _lines_with(text: str, key: str) -> list[str]:
    return [str(n) for n, line in enumerate(text.splitlines(), start=1) if line.startswith(f"{key}:")]


def test_a_proposed_decision_may_be_dated_ahead(tmp_path: Path) -> None:
    """The day on which a proposal will be decided lies ahead."""
    files = with_key(with_key(clean_log(), ADR3, "date: 2027-01-10"), ADR3, "status: proposed")
    assert said(checked(tmp_path, files), GATE) == []


def test_a_long_placeholder_is_cut_with_a_sign(tmp_path: Path) -> None:
    """Sixty characters are enough to find it, and one sees that there is more."""
    text = f"<describe {'it ' * 30}here>"
    assert said(checked(tmp_path, with_prose(text)), GATE) == [f"the placeholder {text[:59]}… is left"]
