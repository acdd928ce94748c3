"""Other plugins beside ours, and the fork of MkDocs that runs it unchanged. Each build is a process of its own."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from builds import DECISION, broken_links, project, run
from test_plugin_nav import LEADING

from conftest import need
from effort import first
from trees import clean_log, edited, git

HTML = "churn/decisions/0002-batch-scoring/index.html"
STRICT_NAV = "validation: {nav: {omitted_files: warn, not_found: warn}}\n"


def installed(module: str, package: str) -> None:
    """Skip where a neighbour is not installed."""
    need(module if find_spec(module) else None, f"{package} is not installed")


def test_awesome_nav_lists_the_generated_pages(tmp_path: Path) -> None:
    """Without a file of its own, awesome-nav lists the generated pages and no records."""
    installed("mkdocs_awesome_nav", "mkdocs-awesome-nav")
    built = run(project(tmp_path, settings="  - awesome-nav\n"), "--strict")

    nav = [link.removesuffix("/") for link in built.document("index.html").nav]
    assert (built.warnings, built.code) == ([], 0)
    assert set(LEADING) <= {link.removesuffix("/index.html") for link in nav}
    assert not [link for link in nav if "decisions" in link]


def test_awesome_nav_s_own_files_are_left_alone(tmp_path: Path) -> None:
    """What `.nav.yml` names is listed, records too; what it leaves out raises no warning."""
    installed("mkdocs_awesome_nav", "mkdocs-awesome-nav")
    files = {**clean_log(), "start.md": "# Start\n", ".nav.yml": f"nav: [start.md, gate-matrix.md, {DECISION}]\n"}
    settings = "  - awesome-nav\n" + STRICT_NAV + "not_in_nav: churn/evidence/\n"

    built = run(project(tmp_path, files, settings=settings), "--strict")

    nav = [link.removesuffix("/") for link in built.document("index.html").nav]
    assert (built.warnings, built.code) == ([], 0)
    assert nav == ["start", "gate-matrix", "churn/decisions/0002-batch-scoring"]


@pytest.mark.parametrize("order", first(["gatepost, literate-nav", "literate-nav, gatepost"]))
def test_literate_nav_is_left_alone(tmp_path: Path, order: str) -> None:
    """A SUMMARY.md finds generated pages and records, in whatever order the plugins stand."""
    installed("mkdocs_literate_nav", "mkdocs-literate-nav")
    summary = f"* [Overview](index.md)\n* gate-m*.md\n* [Batch]({DECISION})\n"
    settings = f"plugins: [{order}]\n" + STRICT_NAV + "not_in_nav: churn/evidence/\n"

    built = run(project(tmp_path, {**clean_log(), "SUMMARY.md": summary}, settings=settings), "--strict")

    nav = [link.removesuffix("/") for link in built.document("index.html").nav]
    assert (built.warnings, built.code) == ([], 0)
    assert nav == [".", "gate-matrix", "churn/decisions/0002-batch-scoring"]


@pytest.mark.parametrize("order", first(["gatepost, macros", "macros, gatepost"]))
def test_macros_leaves_our_numbers_and_texts_alone(tmp_path: Path, order: str) -> None:
    """A number is filled in before macros looks for one of that name; braces in a record's title stay text."""
    installed("mkdocs_macros", "mkdocs-macros-plugin")
    quoted = "It took {{ metric('evidence/metrics.json#/minutes/batch') }} minutes on {{ config.site_name }}."
    files = edited(clean_log(), DECISION, "## Considered Options", f"{quoted}\n\n## Considered Options")
    files = edited(files, "churn/risks/0001-stale-scores.md", "title: ", "title: Of {{ 6 * 7 }} and ")

    built = run(project(tmp_path, files, settings=f"plugins: [{order}]\n"), "--strict")

    assert (built.warnings, built.code) == ([], 0)
    assert "It took 11.4 minutes on Churn decisions." in built.html(HTML)
    assert "Of 42 and" not in built.html("risk-register/index.html")


def test_all_neighbours_together(tmp_path: Path) -> None:
    """With all of them a strict build passes, and each does its part."""
    installed("mkdocs_git_revision_date_localized_plugin", "mkdocs-git-revision-date-localized-plugin")
    installed("mkdocs_literate_nav", "mkdocs-literate-nav")
    installed("mkdocs_awesome_nav", "mkdocs-awesome-nav")
    installed("mkdocs_macros", "mkdocs-macros-plugin")
    dated = "Changed on {{ git_revision_date_localized }}."
    files = edited(clean_log(), DECISION, "## Considered Options", f"{dated}\n\n## Considered Options")
    revision = "git-revision-date-localized: {type: iso_date, enable_parallel_processing: false}"
    settings = f"plugins: [search, {{{revision}}}, macros, literate-nav, gatepost]\n"
    root = project(tmp_path, files, settings=settings)
    git(root, "commit", "--quiet", "--message", "The log", "--date", "2026-11-20T12:00:00Z")

    built = run(root, "--strict")

    assert (built.warnings, built.code) == ([], 0)
    assert re.search(r"Changed on <span[^>]*>2026-11-20<", built.html(HTML))
    assert broken_links(built) == []


@pytest.mark.parametrize("strict", first([True, False]))
def test_properdocs_gives_the_same(tmp_path: Path, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The other executable runs the plugin unchanged: same findings, same exit code, same pages."""
    installed("properdocs", "properdocs")
    files = edited(clean_log(), DECISION, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-0009]")
    words = ["--strict"] if strict else []
    one, other = (project(tmp_path / name, files) for name in ("mkdocs", "properdocs"))

    first, second = run(one, *words), run(other, *words, command="properdocs")

    assert first.warnings
    assert (second.warnings, second.code) == (first.warnings, first.code)
    assert second.notes == first.notes
    assert second.pages == first.pages
