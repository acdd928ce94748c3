"""The overview: a verdict that nobody can miss, the numbers behind it, what needs a person now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from site_logs import page, parsed, site_of, troubled_log

from trees import clean_log, edited

PIPELINE, RISK, DECISION = (
    "churn/pipeline.md",
    "churn/risks/0001-stale-scores.md",
    "churn/decisions/0002-batch-scoring.md",
)


def _stopped() -> dict[str, str]:
    return edited(clean_log(), PIPELINE, "kind: approval, by: [ml-lead],", "kind: approval,")


def _escalated() -> dict[str, str]:
    accepted = "status: accepted\naccepted-by: Ana Ruiz\naccepted-on: 2026-10-01"
    files = edited(clean_log(), RISK, "status: mitigated", accepted)
    return edited(files, RISK, "residual-likelihood: 2\nresidual-impact: 3\n", "")


def _failing() -> dict[str, str]:
    return edited(clean_log(), DECISION, "## Considered Options", "## Options")


def _unsound_policy() -> dict[str, str]:
    return edited(clean_log(), "policy.md", "waivers-allowed:", "enforcement: {no-such-gate: block}\nwaivers-allowed:")


def _open() -> dict[str, str]:
    return {
        **clean_log(),
        "churn/decisions/0009-x.md": "---\nid: ADR-9\nstatus: proposed\ndate: 2026-11-20\ntitle: X\n---\n\nX\n",
    }


def _nothing() -> dict[str, str]:
    return {"about.md": "# About\n"}


@pytest.mark.parametrize(
    ("files", "state", "words"),
    [
        (_stopped(), "STOPPED", "Work must stop on 1 design."),
        (_escalated(), "ESCALATED", "1 design waits for someone with authority to decide."),
        (_failing(), "Failing", "1 finding must be mended before this log passes."),
        (_unsound_policy(), "Failing", "1 finding must be mended before this log passes."),
        (_open(), "Open", "Nothing blocks. 1 proposal still has open gates."),
        (clean_log(), "Clear", "Every gate that blocks is met."),
        (_nothing(), "Clear", "There is no record yet."),
    ],
    ids=["stopped", "escalated", "failing", "policy", "open", "clear", "empty"],
)
def test_the_verdict_comes_first(tmp_path: Path, files: Mapping[str, str], state: str, words: str) -> None:
    """The first words of the page are the state of the log and one sentence that says what it means."""
    text = " ".join(parsed(page(site_of(tmp_path, files), "index.md").markdown.split("---\n", 2)[2]).text.split())

    assert text.startswith(f"# Decision log at a glance {state} {words}")


def test_what_needs_a_person_is_listed_by_urgency(tmp_path: Path) -> None:
    """Stopped comes before escalated, failing and overdue; each names who and when, and leads to its finding."""
    html = page(site_of(tmp_path, troubled_log()), "index.md").markdown
    needs = html[html.index('<ol class="gp-needs">') : html.index("</ol>")]
    urgencies = [tag["class"].split()[1].removeprefix("gp-need-") for tag in parsed(needs).all("li")]

    assert urgencies == sorted(urgencies, key=["stopped", "escalated", "failing", "overdue"].index)
    assert set(urgencies) == {"stopped", "escalated", "failing", "overdue"}
    late = parsed(needs[needs.index("gp-need-overdue") - 20 :])
    assert "due on 2026-11-01, 22 days ago" in late.text
    assert "Kim Lee" in late.text
    assert "churn/risks/0003-late.md#gate-nothing-overdue" in [tag["href"] for tag in late.all("a")]


def test_the_numbers_are_those_of_the_log(tmp_path: Path) -> None:
    """Designs, decisions by status, gates, exposure against its threshold, what is due soon and what is late."""
    site = site_of(tmp_path, troubled_log())
    html = page(site, "index.md").markdown
    cards = [
        " ".join(parsed(card).text.split())
        for card in re.findall(r'<section class="gp-card.*?</section>', html, re.DOTALL)
    ]
    met, asked = site.report.gates_met

    assert cards[0] == "Designs 1 STOPPED 1"
    assert cards[1] == "Decisions 5 accepted 2 proposed 1 superseded 1 rejected 1"
    assert cards[2].startswith(f"Gates met {met} of {asked} ")
    assert (
        cards[3] == "Highest open exposure 12 of 25 RISK-0003 A late risk, Kim Lee Weekly churn scores 12, threshold 9"
    )
    assert cards[4] == "Due in 14 days 0 Nothing is due."
    assert cards[5] == "Overdue 1 2026-11-01 RISK-0003"


def test_a_long_list_is_cut_and_says_where_the_rest_is(tmp_path: Path) -> None:
    """No more than a hundred findings are listed; a link says how many more the matrix has."""
    files = dict(clean_log())
    for number in range(200, 310):
        files[f"churn/decisions/{number}-x.md"] = f"---\nid: ADR-{number}\ntitle: X\n---\n"
    html = page(site_of(tmp_path, files), "index.md").markdown

    assert html.count('class="gp-need gp-need-') == 100
    assert re.search(r'href="gate-matrix.md">and \d+ more in the gate matrix', html)


def test_what_is_waived_leads_to_the_matrix(tmp_path: Path) -> None:
    """The number of waived gates is a link to the rows that have them."""
    links = parsed(page(site_of(tmp_path, troubled_log()), "index.md").markdown).all("a")

    assert "gate-matrix.md?state=waived" in [link["href"] for link in links]
