"""What stands above and below the author's words on a record's page."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_logs import EXTRA_GATES, Parsed, parsed, site_of, troubled_log

from gatepost.book import Entry, Unread
from gatepost.site import Site
from trees import clean_log, edited

BATCH = "churn/decisions/0002-batch-scoring.md"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Give the site of a log without findings."""
    return site_of(tmp_path_factory.mktemp("clean"), clean_log())


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Give the site of a log with something of each state."""
    return site_of(tmp_path_factory.mktemp("troubled"), troubled_log(), more=EXTRA_GATES)


def _entry(site: Site, key: str) -> Entry | Unread:
    return site.report.book.named(key)[0]


def _head(site: Site, key: str) -> Parsed:
    return parsed(site.record_head(_entry(site, key)))


def _foot(site: Site, key: str) -> Parsed:
    return parsed(site.record_foot(_entry(site, key)))


def _words(found: Parsed) -> str:
    return " ".join(found.text.split())


def test_the_head_tells_what_the_record_is(clean: Site) -> None:
    """Status, id, kind, date, design and how many gates are met stand above the text, with a link to edit it."""
    found = _head(clean, "ADR-2")

    assert _words(found).startswith("accepted ADR-0002 Decision 2026-11-05 in Weekly churn scores Edit this record")
    assert "https://forge.example/edit/churn/decisions/0002-batch-scoring.md" in [tag["href"] for tag in found.all("a")]


def test_each_gate_that_applies_is_in_the_strip(troubled: Site) -> None:
    """A met gate leads to its page, one that is not met to its finding below; what does not apply is left out."""
    found = _head(troubled, "ADR-3")
    links = [tag["href"] for tag in found.all("a")]

    assert "../../gates/evidence-backed.md" in links
    assert {"#gate-scope-explicit", "#gate-needs-history"} <= set(links)
    assert not {"../../gates/rollout-and-rollback.md", "#gate-rollout-and-rollback"} & set(links)


def test_a_finding_says_what_where_and_how_to_mend_it(troubled: Site) -> None:
    """Each finding stands under its gate with its message, field, line and hint."""
    said = _words(_head(troubled, "ADR-5"))

    assert "fails links-resolve GP003 RISK-9 does not exist risks.0, line 7 To mend it: correct the id" in said


def test_what_has_no_finding_says_why(troubled: Site) -> None:
    """A waived gate names approver, end and reason; an unknown one the reason; a broken one the error."""
    assert "waived scope-explicit GP102 waived until 2026-12-31 by Ana Ruiz: Rewritten soon" in _words(
        _head(troubled, "ADR-3")
    )
    assert "unknown needs-history XX1 shallow clone" in _words(_head(troubled, "ADR-2"))
    assert "error breaks XX2 the gate itself broke: RuntimeError: it broke" in _words(_head(troubled, "RISK-3"))


def test_every_record_of_a_stopped_design_says_so(troubled: Site, clean: Site) -> None:
    """The banner names what stops the design and leads there; a design that goes on has none."""
    found = _head(troubled, "ADR-2")

    assert "STOPPED Work on this design must not go on. Because of churn/pipeline: promotion-gated" in _words(found)
    assert "../pipeline.md#gate-promotion-gated" in [tag["href"] for tag in found.all("a")]
    assert "STOPPED" not in _words(_head(clean, "ADR-2"))


def test_a_record_that_cannot_be_read_still_has_a_head(troubled: Site) -> None:
    """It shows what could be told, the fault with its hint, and how many gates wait; a foot it has not."""
    entry = _entry(troubled, "ADR-6")
    found = _words(_head(troubled, "ADR-6"))

    assert found.startswith("ADR-0006 Decision in Weekly churn scores")
    assert "status is 'acepted' status, line 4 To mend it: did you mean accepted?" in found
    assert "gates wait until it can be read" in found
    assert troubled.record_foot(entry) == ""


def test_a_decision_shows_its_options_rollback_and_evidence(clean: Site) -> None:
    """The foot has the scores with totals and the chosen option, how to go back, and the grade of the evidence."""
    found = _foot(clean, "ADR-3")
    said = _words(_foot(clean, "ADR-2"))

    assert found.row("logistic regression")[1:] == ["4", "3", "5", "5", "17 highest"]
    assert found.row("logistic regression")[0] == "logistic regression chosen"
    assert found.row("B")[-1] == "the number was found in the file"
    assert "Roll back When" in said
    assert "Decided by Ana Ruiz, Tom Berg" in said


def test_broken_evidence_is_told_from_sound_evidence(tmp_path: Path) -> None:
    """Evidence that does not hold up is marked broken, with grade D and the reason."""
    files = edited(clean_log(), "churn/decisions/0003-logistic-regression.md", "value: 0.764", "value: 0.9")
    found = _foot(site_of(tmp_path, files), "ADR-3")

    assert found.row("D")[-1].startswith("broken the claim quotes 0.9")


def test_links_are_shown_both_ways(clean: Site) -> None:
    """What a record names and what names it stand together, each under the relation it has from here, once."""
    said = _words(_foot(clean, "RISK-1"))
    foot = clean.record_foot(_entry(clean, "ADR-2"))

    assert "Decisions ADR-0002" in said
    assert "Follow-ups FU-0001 Switch off the online service open" in said
    assert foot.count('href="../risks/0001-stale-scores.md"') == 1


def test_a_supersession_is_a_chain_from_old_to_new(clean: Site) -> None:
    """Each decision of a chain shows all of it, with its own place marked."""
    html = clean.record_foot(_entry(clean, "ADR-1"))
    chain = html[html.index('<ol class="gp-chain">') : html.index("</ol>")]

    assert _words(parsed(chain)).startswith("ADR-0001 Score customers")
    assert chain.index("ADR-0001") < chain.index("ADR-0002")
    assert [tag.get("aria-current") for tag in parsed(chain).all("li")] == ["page", None]


def test_a_chain_in_a_circle_ends(tmp_path: Path) -> None:
    """Two decisions that replace each other are shown once each."""
    made = (
        "---\nid: ADR-{a}\nstatus: superseded by ADR-{b}\ndate: 2026-11-01\ntitle: T{a}\ndecision-makers: [A]\n"
        "supersedes: [ADR-{b}]\n---\n"
    )
    files = {
        **clean_log(),
        "churn/decisions/11-a.md": made.format(a=11, b=12),
        "churn/decisions/12-b.md": made.format(a=12, b=11),
    }
    html = site_of(tmp_path, files).record_foot(_entry(site_of(tmp_path / "again", files), "ADR-11"))

    chain = html[html.index('<ol class="gp-chain">') : html.index("</ol>")]
    assert chain.count("<li") == 2


def test_a_design_lists_its_records_and_what_it_is_for(clean: Site) -> None:
    """A design's page has its state, owners, outcomes and every record with its status."""
    head, foot = _words(_head(clean, "churn")), _foot(clean, "churn")

    assert "medium tier" in head
    assert "Clear" in head
    assert foot.row("RISK-0001")[1:] == ["Risk", "mitigated", "met"]
    assert foot.row("churn/pipeline")[1:3] == ["Stage contract", ""]


def test_a_contract_is_readable_without_its_frontmatter(clean: Site) -> None:
    """Each stage shows its order, conditions, promises with defaults applied, and the decisions that shape it."""
    found = _foot(clean, "churn/pipeline")
    train, gate = found.row("train"), found.row("quality-gate")

    assert "shaped by ADR-0003" in " ".join(train[0].split())
    assert train[1] == "afterfeaturesreadsfeatureswritesmodel"
    assert "environmentrequirements.lockseed11repeatexact" in train[3]
    assert "auc >= champion.auc - 0.01" in gate[2]
    assert "on-rejectquarantine + alert" in gate[3]
    assert "10% 24h → 100%" in found.row("promote")[2]
    assert "within 15m" in found.row("promote")[2]
    assert "on-failrollback + page" in found.row("promote")[3]


def test_the_ids_of_a_page_are_those_that_links_may_lead_to(troubled: Site) -> None:
    """The anchors promised for a record are exactly the ids that head and foot define, save those of pictures."""
    for record in troubled.report.records:
        html = troubled.record_head(record.entry) + troubled.record_foot(record.entry)
        own = {one for one in parsed(html).ids if not one.startswith("gp-")}
        extra = (
            {"thresholds", "roles", "waivers", "evidence", "history", "enforcement"}
            if record.entry.kind == "policy"
            else set()
        )
        assert own - extra == troubled.anchors(record.entry), record.id


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("ADR-2", BATCH),
        ("ADR-0002", BATCH),
        ("CHK-01", "churn/checklist.md#chk-1"),
        ("churn/pipeline#train", "churn/pipeline.md#stage-train"),
        ("churn/pipeline#nothing", None),
        ("churn", "churn/index.md"),
        ("ADR-99", None),
    ],
)
def test_a_key_leads_to_a_page(clean: Site, key: str, page: str | None) -> None:
    """Records, items and stages have an address; what does not exist has none."""
    assert clean.page_of(key) == page


def test_the_words_of_the_author_are_not_touched(clean: Site) -> None:
    """The head stands below the author's title, the foot below the text; a page without a title gets the record's."""
    entry = _entry(clean, "ADR-2")
    words = '<p>Some <em>words</em> &amp; a table</p>\n<h1 id="x">Late</h1>'
    titled = clean.dress(entry, f'<h1 id="t">Mine</h1>\n{words}')

    assert titled.startswith('<h1 id="t">Mine</h1>\n<div class="gp gp-head">')
    assert titled.index("gp-head") < titled.index(words) < titled.index("gp-foot")
    assert clean.dress(entry, words).startswith('<div class="gp gp-head">')
    assert clean.dress(entry, "<p>x</p>").startswith("<h1>Score customers in a weekly batch</h1>")


def test_records_dressed_ahead_look_the_same(troubled: Site, tmp_path: Path) -> None:
    """Writing all heads and feet in one go changes nothing, is used once, and the next time they are written anew."""
    ahead = site_of(tmp_path, troubled_log(), more=EXTRA_GATES)
    words = "<h1>A title</h1><p>Words.</p>"
    expected = [troubled.dress(one, words) for one in troubled.report.book.files_read]

    ahead.dress_ahead(ahead.report.book.files_read)

    assert [ahead.dress(one, words) for one in ahead.report.book.files_read] == expected
    assert [ahead.dress(one, words) for one in ahead.report.book.files_read] == expected
    assert len(expected) > 10
