"""The branches of a contract on its page: simulated, executed, and what each invariant means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from site_logs import Parsed, parsed, site_of

from gatepost.pipeline import INVARIANTS, Contract, Simulation
from gatepost.records import Pipeline
from gatepost.site import Site
from gatepost.site.words import Words
from trees import clean_log, edited

RUN = "churn/evidence/dry-runs/2026-11-04.md"
CONTRACT = "churn/pipeline.md"
BRANCHES = """branches:
  - {branch: all stages ok, outcome: promoted, passed: true}
  - {branch: quality-gate reject, outcome: quarantined, passed: true}
"""
WORDS = Words("en")
HEAD = ["Stage", "What goes wrong", "Then", "Ends", "Users get", "Executed"]


def _site(tmp_path: Path, files: Mapping[str, str], language: str = "en") -> Site:
    return site_of(tmp_path, files, language=language)


def _foot(tmp_path: Path, files: Mapping[str, str], key: str = "churn/pipeline") -> str:
    site = _site(tmp_path, files)
    entry = site.report.book.get(key)
    assert entry is not None
    return site.record_foot(entry)


def _page(tmp_path: Path, files: Mapping[str, str]) -> Parsed:
    page = parsed(_foot(tmp_path, files))
    page.text = " ".join(page.text.split())
    return page


def _ran(*lines: str, more: str = "") -> dict[str, str]:
    """Give the clean log with a record of these branches."""
    listed = "branches:\n" + "".join(f"  - {{{line}}}\n" for line in lines)
    return edited(clean_log(), RUN, BRANCHES, listed + more)


def _rows(page: Parsed) -> list[list[str]]:
    """Give the rows of the branch table, each with the stage that it belongs to, without the paths."""
    at = page.rows.index(HEAD) if HEAD in page.rows else page.rows.index(HEAD[:-1])
    size, rows = len(page.rows[at]), []
    for row in page.rows[at + 1 :]:
        cells = [" ".join(cell.partition("path")[0].split()) for cell in row]
        if len(cells) not in {size, size - 1}:
            break
        rows.append(cells if len(cells) == size else [rows[-1][0], *cells])
    return rows


def test_every_branch_that_no_attempt_mends_is_in_one_row(tmp_path: Path) -> None:
    """What goes wrong in each stage, with and without a previous version, is told once; nothing is left out."""
    files = clean_log()
    site = _site(tmp_path, files)
    entry = site.report.book.get("churn/pipeline")
    assert entry is not None
    assert isinstance(entry.record, Pipeline)
    expected = [
        (branch.events[0].stage, bool(branch.first_release), WORDS(f"fault.{branch.events[0].fault}"))
        for branch in Simulation(Contract(entry.record)).singles
        if not branch.events[0].recovered
    ]
    found = []
    for stage, wrong, *_ in _rows(parsed(site.record_foot(entry)))[1:]:
        first = wrong.startswith("First release:")
        if "rollback fails" not in wrong:
            found += [(stage, first, one) for one in wrong.removeprefix("First release:").strip().split(", ")]

    assert sorted(found) == sorted(expected)


def test_a_row_says_what_the_handler_does_and_what_users_get(tmp_path: Path) -> None:
    """A rejected candidate is quarantined; a breach is rolled back, on a first release to the fallback."""
    rows = _rows(_page(tmp_path, clean_log()))

    assert rows[0][:5] == ["every stage", "nothing goes wrong", "", "completed", "the new version"]
    assert ["quality-gate", "rejects, inconclusive", "quarantine + alert", "quarantined", "what they had"] in [
        row[:5] for row in rows
    ]
    assert [row[2:5] for row in rows if row[0] == "promote"] == [
        ["rollback + page", "rolled back", "the previous version"],
        ["rollback + page", "fallback", "the fallback"],
        ["rollback + page", "rollback failed", "unknown"],
    ]


def test_a_row_leads_to_its_stage_and_has_its_path(tmp_path: Path) -> None:
    """The stage is a link to its promises; the path says what succeeds before, what fails, and how it ends."""
    html = _foot(tmp_path, clean_log())

    assert '<th scope="rowgroup" rowspan="1"><a href="#stage-train">train</a>' in html
    assert "features ok → train ok → evaluate ok → quality-gate reject → quarantine + alert → quarantined" in html


def test_what_another_attempt_mends_is_one_line(tmp_path: Path) -> None:
    """The number of branches, of pairs and of mended faults is told above the table."""
    page = _page(tmp_path, clean_log())

    assert "safe 64 branches, and every one ends safely." in page.text
    assert "396 more with two faults end like one of these. 12 faults are mended by another attempt" in page.text
    assert "recovered" not in page.text


@pytest.mark.parametrize(
    ("old", "new", "invariant", "row"),
    [
        ("on-reject: quarantine + alert", "on-reject: alert", "handled", "nothing ends itbreaks handled"),
        ("on-fail: rollback + page}", "on-fail: alert + halt}", "production-safe", "haltedbreaks production-safe"),
        ("on-fail: halt + alert", "on-fail: halt", "notified", "haltedbreaks notified"),
    ],
)
def test_a_branch_that_ends_badly_is_marked_with_what_it_breaks(
    tmp_path: Path, old: str, new: str, invariant: str, row: str
) -> None:
    """The headline counts the broken invariants, the row that shows one names it, the table of invariants has it."""
    page = _page(tmp_path, edited(clean_log(), CONTRACT, old, new))

    assert f"branches; 1 invariant is broken: {invariant}" in page.text
    assert row in [cells[3] for cells in _rows(page)]
    standing = next(cells for cells in page.rows if cells[0].endswith(f" {invariant}"))
    assert standing[1].startswith("broken")
    assert " → " in standing[1]


def test_stages_in_a_circle_have_no_branches(tmp_path: Path) -> None:
    """The page says so, shows no table of branches, and does not claim to know what holds."""
    page = _page(
        tmp_path, edited(clean_log(), CONTRACT, "in: [facts], out: [features]", "after: [watch], out: [features]")
    )

    assert "Stages wait for each other in a circle, so no branch of them ends." in page.text
    assert HEAD not in page.rows
    states = {cells[0].split()[-1]: cells[1] for cells in page.rows if cells[0].split()[-1] in _IDS}
    assert states["ordered"].startswith("broken")
    assert states["handled"] == "not known here"


_IDS = {one.id for one in INVARIANTS}


def test_an_executed_branch_stands_beside_the_simulated_one(tmp_path: Path) -> None:
    """Each row says whether its branches ended the same, how they differ, or why they were not run."""
    files = _ran(
        "branch: success, outcome: completed, passed: true",
        "branch: train fail, outcome: halted, passed: true, seconds: 0.25",
        "branch: train timeout, outcome: halted, passed: true",
        "branch: train infrastructure, outcome: the stage went on, passed: false, expected: halted",
        "branch: evaluate fail, outcome: quarantined, passed: true",
        more="not-executed:\n  - {branch: train not-reproducible, reason: it cannot be provoked}\n",
    )
    page = _page(tmp_path, files)
    rows = {row[0]: row[5] for row in _rows(page)}

    assert rows["every stage"] == "same end"
    assert rows["train"] == "same end (2)differs: infrastructure errorthe stage went onnot run: not reproducible"
    assert rows["evaluate"].startswith("as promised then: failsquarantinednot in the record")
    assert rows["features"] == "not in the record (4)"
    assert "1: it cannot be provoked" in page.text
    assert "train infrastructure: the stage went on the contract promised halted" in page.text
    assert "Executed in: fails 0.25 s" in page.text


def test_a_record_says_how_much_was_run_and_on_what(tmp_path: Path) -> None:
    """Coverage, day, commit and the record itself are in one line; whether it is of this very contract in the next."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    files = edited(
        _ran("branch: success, outcome: completed, passed: true"),
        RUN,
        "result: passed",
        (f"result: passed\ncommit: {commit}\nsimulated: 64\nexecuted: 27\ntool: gatepost 0.1.0"),
    )
    html = _foot(tmp_path, files)
    text = " ".join(parsed(html).text.split())

    assert "passed 27 of 64 simulated branches were executed on 2026-11-04 at commit 0123456789ab; The record" in text
    assert 'href="evidence/dry-runs/2026-11-04.md"' in html
    assert "this very contract" in text
    assert "27 of 64 executed on 2026-11-04" in text


def test_a_record_of_another_contract_is_called_stale(tmp_path: Path) -> None:
    """A contract that promises something else since then is told plainly, at the top and beside the record."""
    text = _page(tmp_path, edited(clean_log(), CONTRACT, "auc >= 0.72", "auc >= 0.73")).text

    assert "2 branches executed on 2026-11-04, stale" in text
    assert "The contract has changed since: this record is of another one." in text
    assert "another contract" in text


def test_a_record_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    """It is named with the reason; the newest that can be read is shown."""
    files = {**clean_log(), "churn/evidence/dry-runs/2026-11-20.md": "---\nkind: dry-run\n---\n\n# Broken\n"}
    text = _page(tmp_path, files).text

    assert "2026-11-20.md A record cannot be read: design: Field required" in text
    assert "executed on 2026-11-04" in text


def test_a_contract_that_was_never_run_says_how(tmp_path: Path) -> None:
    """Without a record there is no column for it, and the command that makes one is named."""
    files = {path: text for path, text in clean_log().items() if path != RUN}
    page = _page(tmp_path, files)

    assert HEAD not in page.rows
    assert HEAD[:-1] in page.rows
    assert "This runs it: gatepost dry-run churn --execute" in page.text


def test_limits_and_repetitions_are_counted_and_listed(tmp_path: Path) -> None:
    """Each condition has the values at which it was tried; what does not agree opens the table and says how."""
    more = (
        "repeated:\n  - {artifact: model, stage: train, claim: exact, passed: false, found: the bytes differ}\n"
        "probes:\n"
        "  - {gate: quality-gate, condition: auc >= 0.72, value: '0.72', expected: pass, outcome: pass, passed: true}\n"
        "  - {gate: quality-gate, condition: auc >= 0.72, value: NaN, expected: reject, outcome: pass, passed: false}\n"
    )
    html = _foot(tmp_path, _ran("branch: success, outcome: completed, passed: true", more=more))
    page = parsed(html)

    assert "1 of 2 probes agree" in page.text
    assert "0 of 1 artifacts repeat as claimed" in page.text
    assert ["quality-gate", "auc >= 0.72", "0.72, NaN", "1 of 2 agreeat NaN: pass, not reject"] in page.rows
    assert ["model", "train", "exact", "the bytes differ", ""] in page.rows
    assert '<details class="gp-older" open>' in html


def test_what_stages_answer_to_nothing_is_counted_and_what_was_not_seen_is_told(tmp_path: Path) -> None:
    """Who went on without what it reads is in a table; what a run cannot show is said on the page as in the record."""
    more = (
        "refusals:\n"
        "  - {stage: quality-gate, kind: gate, paths: [out/m.json], how: 'null', outcome: passes, passed: false}\n"
        "  - {stage: approve, kind: approval, paths: [out/b.json], how: absent, outcome: rejects, passed: true}\n"
        "  - {stage: approve, kind: approval, paths: [out/n.md], how: absent, outcome: says yes, passed: true, "
        "required: false}\n"
        "notes: ['Not verified: whether page reaches anybody.']\n"
    )
    html = _foot(tmp_path, _ran("branch: success, outcome: completed, passed: true", more=more))
    page = parsed(html)

    assert "1 of 2 times refused" in page.text
    assert ["quality-gate", "out/m.json", "each number null", "passes"] in page.rows
    assert ["approve", "out/b.json", "absent", "rejects"] in page.rows
    assert ["approve", "out/n.md", "absent", "says yesit may: it goes by what else it reads"] in page.rows
    assert "Not verified: whether page reaches anybody." in page.text
    assert '<details class="gp-older" open>' in html


def test_every_invariant_is_explained_and_leads_to_its_gate(tmp_path: Path) -> None:
    """The English sentence is the checker's own; each row has the gate that reports it."""
    page = _page(tmp_path, clean_log())
    rows = {cells[0].split()[-1]: cells for cells in page.rows if cells[0].split()[-1] in _IDS}

    plain = str.maketrans("“”", "``")
    for one in INVARIANTS:
        said = rows[one.id][0].removesuffix(one.id).strip().translate(plain)
        assert said.replace("`", "") == one.holds_when.replace("`", "")
        assert rows[one.id][1:] == ["holds", one.gate]
    assert "18 of 18 invariants hold" in page.text
    assert "../gates/dry-run-passed.md" in [link.get("href") for link in page.all("a")]


def test_what_only_a_gate_can_see_is_taken_from_it(tmp_path: Path) -> None:
    """Whether a stage is pinned needs the files: the finding of the gate is shown."""
    page = _page(tmp_path, edited(clean_log(), CONTRACT, "environment: requirements.lock", "environment: missing.lock"))

    pinned = next(cells for cells in page.rows if cells[0].endswith(" pinned"))
    assert pinned[1].startswith("broken")
    assert "missing.lock" in pinned[1]


def test_the_words_of_a_record_are_text(tmp_path: Path) -> None:
    """What a dry run printed is shown as it is, never as markup or a macro."""
    outcome = "'<script>alert(1)</script> {{ macro }}'"
    html = _foot(tmp_path, _ran(f"branch: train fail, outcome: {outcome}, passed: false"))

    assert "<script" not in html
    assert "{{" not in html
    assert parsed(html).unbalanced == []


def test_decisions_lead_to_the_stages_that_they_shape_and_back(tmp_path: Path) -> None:
    """The row of a stage names the decisions that stand, and such a decision names the row."""
    site = _site(tmp_path, clean_log())
    pipeline, decision = site.report.book.get("churn/pipeline"), site.report.book.get("ADR-0003")
    assert pipeline is not None
    assert decision is not None

    assert re.search(r'id="stage-train">.*?shaped by.*?href="decisions/0003-', site.record_foot(pipeline))
    assert 'href="../pipeline.md#stage-train"' in site.record_foot(decision)


def test_a_page_in_chinese_has_no_english_words_of_ours(tmp_path: Path) -> None:
    """Faults, ends and invariants are translated; names, actions and paths stay as the contract has them."""
    site = _site(tmp_path, clean_log(), language="zh")
    entry = site.report.book.get("churn/pipeline")
    assert entry is not None
    html = site.record_foot(entry)

    assert "首次发布没有先前版本" in html
    for english in ("same end", "not reproducible", "rolled back", "holds", "Users get"):
        assert english not in re.sub(r'<p class="gp-path">.*?</p>', "", html)


def _long(stages: int) -> str:
    """Give a contract in a line: data, train, validate and gate stages in turn, then a promotion."""
    lines, before = [], ""
    for number in range(stages):
        kind = ("data", "train", "validate", "gate")[number % 4]
        more = ", pass: [auc >= 0.7], on-reject: quarantine + alert" if kind == "gate" else f", run: python {number}.py"
        lines.append(f"  s{number}: {{kind: {kind}, after: [{before}]{more}}}\n")
        before = f"s{number}"
    return (
        "---\nkind: pipeline\ntitle: Long\nowner: ml\nenvironments: {production: {}}\n"
        "defaults: {timeout: 5m, retries: 1, environment: requirements.lock, seed: 1, repeat: exact,\n"
        "  on-fail: halt + alert}\n"
        f"stages:\n{''.join(lines)}---\n\n# Long\n"
    )


def test_a_long_contract_has_a_page_that_opens(tmp_path: Path) -> None:
    """Of many stages those of one kind that end alike share a row, each named; 300 stages need half a megabyte."""
    html = _foot(tmp_path, {**clean_log(), CONTRACT: _long(300)})
    page = parsed(html)
    names = [row[0].partition("s0")[0] for row in _rows(page)]

    assert len(html) < 500_000
    assert len(_rows(page)) == 5
    assert "75 stages: train" in [name.split("s1,")[0] for name in names]
    assert html.count('href="#stage-s299"') >= 2


def test_what_the_contract_says_of_handlers_places_and_licenses_is_on_its_page(tmp_path: Path) -> None:
    """Who is on call finds which command answers, what is known to work, and where it is said what is served."""
    files = edited(
        clean_log(),
        CONTRACT,
        "  production: {known-good: previous}\n",
        "  production: {known-good: previous, state: out/live.json}\nhandlers: {page: python notify.py page}\n",
    )
    files = edited(files, CONTRACT, "pii: tokenised}", "pii: tokenised, license: MIT}")
    page = _page(tmp_path, files)
    assert "page python notify.py page" in page.text
    assert "staging Neither users nor decisions depend on it." in page.text
    assert "Known to work: previous. What is served is told by out/live.json" in page.text
    assert "License: MIT" in page.text


BESIDE = "  lint: {kind: data, run: ruff check .}\n"


def test_a_stage_beside_a_promotion_has_a_row_for_each_of_its_ends(tmp_path: Path) -> None:
    """Before the promotion users keep what they had; the other row says what has been promoted by then, as its path."""
    files = edited(clean_log(), CONTRACT, "stages:\n", f"stages:\n{BESIDE}")
    foot = _foot(tmp_path, files)
    rows = [(wrong, gets) for stage, wrong, _, _, gets, *_ in _rows(parsed(foot)) if stage == "lint"]
    faults = "fails, times out, infrastructure error, not reproducible"
    assert rows == [
        (faults, WORDS("production.untouched")),
        (f"After promote: {faults}", WORDS("production.new")),
    ]
    assert "promote ok → lint fail → " in foot


def test_a_promotion_that_cannot_be_undone_is_nowhere_said_to_end_safely(tmp_path: Path) -> None:
    """The line at the top, the headline of the branches and the row agree: not every branch ends safely."""
    files = clean_log()
    page = _page(tmp_path, {**files, CONTRACT: re.sub(r" +rollback: .*\n", "", files[CONTRACT])})

    assert "not all end safely" in page.text
    assert "all end safely" not in page.text.replace("not all end safely", "")
    assert "1 invariant is broken: rollback-complete" in page.text


def test_what_no_branch_shows_makes_no_branch_unsafe(tmp_path: Path) -> None:
    """An artifact that nobody reads is told as broken; the branches end as safely as before."""
    loose = "artifacts:\n  spare: {type: report, path: out/spare.json}\n"
    page = _page(tmp_path, edited(clean_log(), CONTRACT, "artifacts:\n", loose))

    assert "branches, all end safely" in page.text
    assert "1 invariant is broken: artifacts-used" in page.text
