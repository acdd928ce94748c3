"""The navigation: sensible without a word from the author, untouched where there is one."""

from __future__ import annotations

from pathlib import Path

from builds import DECISION, build, project

from trees import clean_log

LEADING = ["gate-matrix", "decision-log", "risk-register", "follow-ups", "change-log", "checklists", "policy", "gates"]
NAV = "nav:\n  - Home: start.md\n  - The decision: churn/decisions/0002-batch-scoring.md\n"
STRICT_NAV = "validation: {nav: {omitted_files: warn, not_found: warn}}\n"


def nav_of(root: Path, *words: str) -> list[str]:
    """Build a site and give where the navigation of its start page leads."""
    built = build(root, *words)
    assert built.code == 0, built.log
    return [link.removesuffix("/") for link in built.document("index.html").nav]


def test_without_a_nav_the_generated_pages_lead(tmp_path: Path) -> None:
    """The overview comes first, then the tables, then the author's pages as MkDocs lists them; records stay out."""
    files = {**clean_log(), "guide/one.md": "# One\n", "about.md": "# About\n"}

    found = nav_of(project(tmp_path, files), "--strict")

    assert list(dict.fromkeys(found)) == [".", *LEADING, "about", "guide/one"]
    assert not [link for link in found if "decisions/" in link or link == "churn"]


def test_the_record_of_a_dry_run_is_a_page_that_its_contract_leads_to(tmp_path: Path) -> None:
    """It is built, stays out of the navigation without a warning, and the page of the contract links to it."""
    files = {**clean_log(), "start.md": "# Start\n"}
    settings = "nav:\n  - start.md\nvalidation: {nav: {omitted_files: warn, not_found: warn}}\n"

    built = build(project(tmp_path, files, settings=settings), "--strict")

    assert built.code == 0, built.log
    assert "Dry run of 4 November" in built.html("churn/evidence/dry-runs/2026-11-04/index.html")
    assert "../evidence/dry-runs/2026-11-04/" in built.document("churn/pipeline/index.html").links


def test_an_author_s_start_page_comes_before_the_overview(tmp_path: Path) -> None:
    """A start page of the author's stays first."""
    found = nav_of(project(tmp_path, {**clean_log(), "index.md": "# Start\n"}), "--strict")

    assert list(dict.fromkeys(found))[:3] == [".", "overview", "gate-matrix"]


def test_reading_on_follows_the_navigation(tmp_path: Path) -> None:
    """The links to the previous and the next page follow the order of the navigation."""
    page = build(project(tmp_path, settings="theme: readthedocs\n")).document("gate-matrix/index.html")

    assert page.links.count("../decision-log/") >= 2  # in the navigation, and as the next page


def test_records_can_be_listed(tmp_path: Path) -> None:
    """`records_in_nav: true` puts every record where MkDocs would, below the pages that lead."""
    found = nav_of(project(tmp_path, options="{records_in_nav: true}"), "--strict")

    assert list(dict.fromkeys(found))[: len(LEADING) + 1] == [".", *LEADING]
    assert "churn/decisions/0002-batch-scoring" in found


def test_an_author_s_nav_is_left_alone(tmp_path: Path) -> None:
    """A `nav:` stays what it is, may name records, and nobody warns of pages that it leaves out."""
    files = {**clean_log(), "start.md": "# Start\n"}
    settings = NAV + STRICT_NAV + "not_in_nav: |\n  *.md\n"

    found = nav_of(project(tmp_path, files, settings=settings), "--strict")

    assert found == ["start", "churn/decisions/0002-batch-scoring"]


def test_generated_pages_outside_an_author_s_nav_raise_no_warning(tmp_path: Path) -> None:
    """With omitted pages as warnings, only the author's own pages are named."""
    files = {**clean_log(), "start.md": "# Start\n", "forgotten.md": "# Forgotten\n"}

    built = build(project(tmp_path, files, settings=NAV + STRICT_NAV))

    named = [line.strip(" -") for line in built.log.splitlines() if line.strip().startswith("- ")]
    assert "forgotten.md" in named
    assert DECISION not in named
    assert "gate-matrix.md" not in named


def test_a_nav_may_name_generated_pages(tmp_path: Path) -> None:
    """A `nav:` that lists generated pages finds them."""
    settings = "nav:\n  - index.md\n  - Gates: gate-matrix.md\n  - gates/evidence-backed.md\n"

    found = nav_of(project(tmp_path, settings=settings), "--strict")

    assert found == [".", "gate-matrix", "gates/evidence-backed"]
