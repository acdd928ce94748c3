"""The matrix, the log, the register, the follow-ups, the checklists and the gates' own pages."""

from __future__ import annotations

from pathlib import Path

import markdown
import pytest
from site_logs import EXTRA_GATES, Parsed, page, parsed, site_of, troubled_log

from gatepost.site import Site
from trees import clean_log, edited


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Give the site of a log with something of each state."""
    return site_of(tmp_path_factory.mktemp("log"), troubled_log(), more=EXTRA_GATES)


def _page(site: Site, path: str) -> Parsed:
    return parsed(page(site, path).markdown)


@pytest.mark.parametrize(
    ("record", "gate", "word", "note"),
    [
        ("ADR-0002", "schema-valid", "met", ""),
        ("ADR-0006", "schema-valid", "fails", "status is 'acepted'"),
        ("ADR-0005", "links-resolve", "fails", "RISK-9 does not exist"),
        ("ADR-0005", "tradeoffs-evaluated", "open", "no options considered (and 1 more)"),
        (
            "RISK-0003",
            "nothing-overdue",
            "advice",
            "due on 2026-11-01, 22 days ago; the date passed, the record did not change",
        ),
        ("ADR-0003", "scope-explicit", "waived", "waived until 2026-12-31 by Ana Ruiz: Rewritten soon"),
        ("ADR-0002", "needs-history", "unknown", "shallow clone"),
        ("RISK-0003", "breaks", "error", "the gate itself broke: RuntimeError: it broke"),
    ],
)
def test_a_cell_says_its_state_in_a_word_and_leads_to_the_finding(
    troubled: Site, record: str, gate: str, word: str, note: str
) -> None:
    """Each state has a word of its own, and what is not met says why and links to the finding on the record's page."""
    html = page(troubled, "gate-matrix.md").markdown
    line = next(line for line in html.splitlines() if f">{record}</span>" in line and line.startswith("<tr"))
    names = [name for kind in ("integrity", "quality", "stop", "escalation") for name in _asked(troubled, record, kind)]
    cell = line.split("<td")[1:][names.index(gate)]

    assert f">{word}</" in cell
    links = parsed(f"<table><tr><td{cell}").all("a")
    assert [(note in link["title"], link["href"].endswith(f"#gate-{gate}")) for link in links] == [(True, True)] * bool(
        note
    )


def _asked(site: Site, record: str, kind: str) -> list[str]:
    """Give the columns of the table that holds a record, of one kind, in order."""
    decisions = record.startswith("ADR")
    asked = {
        gate for one in site.report.records if (one.entry.kind == "decision") == decisions for gate in one.outcomes
    }
    return [gate.id for gate in site.report.gates if gate.kind == kind and gate.id in asked]


def test_rows_carry_what_they_are_filtered_by(troubled: Site) -> None:
    """A row of the matrix names its design, status, gates not met, state, stages and people."""
    rows = _page(troubled, "gate-matrix.md").all("tr")
    row = next(row for row in rows if row.get("data-status") == "proposed")

    assert (row["data-design"], row["data-state"]) == ("churn", "failing")
    assert {"links-resolve", "tradeoffs-evaluated"} <= set(row["data-gate"].split("|"))
    owner = next(row for row in rows if row.get("data-owner") == "Kim Lee")
    assert owner["data-state"] == "error"


def test_the_form_is_hidden_until_the_script_shows_it(troubled: Site) -> None:
    """Without JavaScript nobody sees controls that do nothing; the rows are all there."""
    for path in ("gate-matrix.md", "decision-log.md", "risk-register.md", "follow-ups.md"):
        forms = _page(troubled, path).all("form")
        assert [("hidden" in form) for form in forms] == [True], path


def test_the_log_tells_status_makers_stages_and_supersession(troubled: Site) -> None:
    """The newest decision comes first, each with its facts; one that cannot be read is listed with its gate."""
    found = _page(troubled, "decision-log.md")
    firsts = [row[0].split()[0] for row in found.rows if row[0].startswith("ADR")]

    assert firsts == ["ADR-0006", "ADR-0005", "ADR-0004", "ADR-0003", "ADR-0002", "ADR-0001"]
    assert found.row("ADR-0002")[1:8] == [
        "accepted",
        "2026-11-05",
        "serving",
        "features, promote",
        "yes",
        "Ana Ruiz, Tom Berg",
        "Supersedes ADR-0001",
    ]
    assert found.row("ADR-0001")[7] == "Superseded by ADR-0002"
    assert found.row("ADR-0006")[-1] == "failsschema-valid"


def test_the_register_puts_the_highest_live_exposure_first(troubled: Site) -> None:
    """Each risk shows what remains of its exposure against its design's threshold, its owner, and how late it is."""
    found = _page(troubled, "risk-register.md")
    firsts = [row[0].split()[0] for row in found.rows if row[0].startswith("RISK")]
    late = found.row("RISK-0003")

    assert firsts[0] == "RISK-0003"
    assert late[2:4] == ["25 5\u00d75", "12, above 9 3\u00d74"]
    assert late[4:8] == ["A second source", "A drill each month", "Kim Lee", "2026-11-0122 days late"]
    assert late[8] == "accepted by Ana Ruiz2026-10-01"


def test_the_heat_map_counts_each_cell_and_draws_the_threshold(troubled: Site) -> None:
    """A cell with risks says how many and which, and asks the table for them; the line follows the tier's threshold."""
    html = page(troubled, "risk-register.md").markdown
    cells = [tag for tag in parsed(html).all("a") if "data-gp-set" in tag]
    asked = {tag["data-gp-set"]: tag["aria-label"] for tag in cells}

    assert asked["residual=3x4"] == "1 risk with likelihood 3, impact 4, exposure 12: RISK-0003 A late risk"
    assert asked["inherent=5x5"].startswith("1 risk with likelihood 5, impact 5, exposure 25")
    assert {tag["xlink:href"] for tag in cells} >= {"?residual=3x4#register"}
    allowed = {likelihood: 9 // likelihood for likelihood in range(2, 6)}
    steps = "".join(f"V{10 + (5 - impact) * 42}H{46 + likelihood * 58}" for likelihood, impact in allowed.items())
    assert f'd="M104 10{steps}"' in html


def test_a_closed_risk_is_on_no_map(tmp_path: Path) -> None:
    """Only risks that can still hurt are counted in the maps; the table keeps all of them."""
    files = edited(clean_log(), "churn/risks/0001-stale-scores.md", "status: mitigated", "status: closed")
    html = page(site_of(tmp_path, files), "risk-register.md").markdown

    assert "inherent=4x3" not in "".join(tag.get("data-gp-set", "") for tag in parsed(html).all("a"))
    assert parsed(html).row("RISK-0001")


def test_follow_ups_are_in_the_order_in_which_they_are_due(tmp_path: Path) -> None:
    """What is late comes first with the days since, then what is owed, then what is done."""
    made = "---\nid: FU-{n}\ntitle: T\nstatus: {status}\nowner: Kim\ndue: {due}\nverification: V\n{more}---\n\nT\n"
    files = {
        **clean_log(),
        "churn/follow-ups/2-a.md": made.format(n=2, status="done", due="2026-01-01", more="outcome: Done\n"),
        "churn/follow-ups/3-b.md": made.format(n=3, status="open", due="2026-11-20", more=""),
        "churn/follow-ups/4-c.md": made.format(n=4, status="in-progress", due="2026-11-24", more=""),
    }
    found = _page(site_of(tmp_path, files), "follow-ups.md")

    assert [row[0].split()[0] for row in found.rows[1:]] == ["FU-3", "FU-4", "FU-0001", "FU-2"]
    assert (found.row("FU-3")[2], found.row("FU-4")[2]) == ("2026-11-203 days late", "2026-11-24in 1 day")
    assert "3 still owed, 1 of them late" in found.text


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("", "", "met"),
        ("measured: 0.764", "measured: 0.71", "not met"),
        ("    measured: 0.764\n    measured-on: 2026-11-03\n", "", "not measured yet"),
        ("    threshold: 0.72\n", "", "not measurable"),
    ],
)
def test_an_item_is_measured_against_its_threshold(tmp_path: Path, old: str, new: str, result: str) -> None:
    """The checklists' page says of each criterion what was asked, what was measured, and whether that meets it."""
    files = edited(clean_log(), "churn/checklist.md", old, new) if old else clean_log()
    found = _page(site_of(tmp_path, files), "checklists.md")

    assert found.row("CHK-1")[4] == result
    assert found.row("CHK-2")[2:5] == ["python promote.py --verify-only → signature ok", "\u2013", "not measured yet"]


def test_a_gate_has_its_text_and_where_it_stands(troubled: Site) -> None:
    """A gate's page holds the text that came with it, once titled, and each record on which it is not met."""
    text = page(troubled, "gates/links-resolve.md").markdown

    rendered = parsed(markdown.markdown(text.split("---\n", 2)[2], extensions=["fenced_code"]))
    assert (len(rendered.all("h1")), "How to mend" in rendered.text) == (1, True)
    assert parsed(text).row("ADR-0005")[1:] == ["fails", "RISK-9 does not exist"]


def test_a_gate_without_a_text_gets_one(troubled: Site) -> None:
    """A gate of another package that brings no page is described by its own sentence, code and state."""
    found = _page(troubled, "gates/needs-history.md")

    assert "The history is there." in found.text
    assert "XX1" in found.text
    assert found.row("ADR-0002")[1:] == ["unknown", "shallow clone"]


def test_the_log_answers_what_changed_production(troubled: Site) -> None:
    """Each decision that can be read says so in a column, and the rows can be filtered by it."""
    html = page(troubled, "decision-log.md").markdown
    found = parsed(html)

    assert [found.row(f"ADR-000{number}")[5] for number in (2, 3, 6)] == ["yes", "no", ""]
    assert {tag.get("data-production") for tag in found.all("tr")} == {None, "yes", "no"}
    assert [tag["name"] for tag in found.all("select")].count("production") == 1


def test_something_waived_is_found_below_a_graver_mark(tmp_path: Path) -> None:
    """The filter `waived` finds each record with a waived gate, whatever else is wrong with it."""
    files = edited(
        troubled_log(), "churn/decisions/0003-logistic-regression.md", "waivers:", "supersedes: [ADR-99]\nwaivers:"
    )
    html = page(site_of(tmp_path, files), "gate-matrix.md").markdown
    row = next(line for line in html.splitlines() if line.startswith("<tr") and ">ADR-0003</span>" in line)

    assert 'data-state="failing|waived"' in row


def test_the_register_says_what_the_maps_leave_out(tmp_path: Path) -> None:
    """A closed risk is a row but no number on the maps, and a line says so; without one the line is not there."""
    files = edited(troubled_log(), "churn/risks/0003-late.md", "status: accepted", "status: closed")
    without, closed = (
        page(site_of(tmp_path / name, log), "risk-register.md").markdown
        for name, log in (("open", troubled_log()), ("closed", files))
    )

    assert "1 risk that is closed, avoided or transferred is not drawn." in closed
    assert "not drawn" not in without


def test_an_exposure_that_was_escalated_and_accepted_says_so(tmp_path: Path) -> None:
    """What is above the threshold with leave from above does not look like what is above it without."""
    granted = (
        "escalation: {to: head-of-data, date: 2026-10-01, outcome: accepted, decided-by: Eva Moss}\nowner: Kim Lee"
    )
    files = edited(troubled_log(), "churn/risks/0003-late.md", "owner: Kim Lee", granted)

    found = _page(site_of(tmp_path, files), "risk-register.md")

    assert found.row("RISK-0003")[3].startswith("12, above 9, escalated")


@pytest.mark.parametrize(("number", "tall"), [(50, False), (70, True)])
def test_only_a_long_table_scrolls_in_a_box(tmp_path: Path, number: int, *, tall: bool) -> None:
    """A table that a reader can take in at once is shown whole."""
    files = {
        f"churn/decisions/{one:04}-x.md": f"---\nid: ADR-{one:04}\ntitle: X\nstatus: proposed\ndate: 2026-11-05\n---\n"
        for one in range(1, number + 1)
    }
    site = site_of(tmp_path, files)

    for path in ("gate-matrix.md", "decision-log.md"):
        assert ("gp-tall" in page(site, path).markdown) is tall


def test_ids_in_the_fields_of_a_record_are_links(tmp_path: Path) -> None:
    """The words of a field link the records that they name, but never the record itself, and are escaped."""
    name = "churn/decisions/0003-logistic-regression.md"
    files = edited(clean_log(), name, "(ADR-0002)", "(ADR-0002 or ADR-0003 or ADR-0099 or <b>)")
    site = site_of(tmp_path, files)
    foot = site.record_foot(site.report.book.named("ADR-3")[0])

    assert '(<a class="gp-ref" href="0002-batch-scoring.md" title="' in foot
    assert "ADR-0002</a> or ADR-0003 or ADR-0099 or &lt;b&gt;)" in foot


@pytest.mark.parametrize(
    ("path", "words", "pages"),
    [
        ("churn/follow-ups/0001-switch-off-service.md", "answers 404", ["follow-ups.md"]),
        ("churn/checklist.md", "ranks customers well enough", ["checklists.md", "CHK-1"]),
        ("churn/index.md", "all paying customers every Monday", ["churn"]),
        ("churn/index.md", "The job churn-weekly", ["churn"]),
        ("churn/index.md", "by six on Monday", ["churn"]),
        ("churn/decisions/0003-logistic-regression.md", "Rewritten soon", ["ADR-3", "policy"]),
    ],
)
def test_ids_in_all_words_that_people_write_are_links(tmp_path: Path, path: str, words: str, pages: list[str]) -> None:
    """A promise, a criterion, a scope, a constraint and the reason of a waiver link what they name, escaped."""
    site = site_of(tmp_path, edited(troubled_log(), path, words, f"{words} (RISK-1 and <b>)"))

    for name in pages:
        found = page(site, name).markdown if name.endswith(".md") else _foot(site, name)
        assert f"{words} (<a" in found
        assert 'title="Scores are a week old' in found
        assert ">RISK-1</a> and &lt;b&gt;)" in found


def _foot(site: Site, key: str) -> str:
    entries = site.report.book.named(key) or [site.report.book.items[key][0][0]]
    return site.record_foot(entries[0])
