"""What the pages of records show, and that every link of a site leads somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from builds import DECISION, broken_links, build, decision, project

from trees import clean_log, edited

HTML = "churn/decisions/0002-batch-scoring/index.html"
FIRST = "churn/decisions/0001-online-scoring.md"
HOSTILE = "</title><script>alert(1)</script> & co"
QUOTED = (
    "The best run reached {{ metric('evidence/metrics.json#/minutes/batch') }} minutes; see ADR-0003 and `ADR-0003`."
)


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ("", "/"),
        ("use_directory_urls: false\n", "/"),
        ("site_url: https://example.org/team/log/\n", "/team/log/"),
        ("theme: mkdocs\n", "/"),
        ("theme: readthedocs\nuse_directory_urls: false\n", "/"),
    ],
    ids=["directories", "files", "sub-folder", "mkdocs", "readthedocs"],
)
def test_every_link_leads_somewhere(tmp_path: Path, settings: str, base: str) -> None:
    """Each link and each anchor of each page is there, however pages are addressed and whatever the theme."""
    links = "[gates](gates/index.md), [risks](risk-register.md#register), [roles](policy.md#roles), ADR-0002"
    files = {**clean_log(), "start.md": f"# Start\n\n{links}\n"}
    files = edited(files, DECISION, "## Considered Options", f"{QUOTED}\n\n## Considered Options")
    anchors = "validation: {links: {anchors: warn, unrecognized_links: warn, absolute_links: warn}}\n"
    themed = build(project(tmp_path, files, settings=settings + anchors), "--strict")

    assert (themed.warnings, themed.code) == ([], 0)
    assert broken_links(themed, base) == []


def test_the_link_checker_sees_a_broken_link(tmp_path: Path) -> None:
    """The checker that the other tests rely on finds a missing page and a missing anchor."""
    files = {
        "index.md": "# Start\n\n<a href='nowhere/'>x</a> <a href='other/#nothing'>y</a>\n",
        "other.md": "# Other\n",
    }

    found = broken_links(build(project(tmp_path, files)))

    assert "index.html: nowhere/ leads to no file" in found
    assert "index.html: other/#nothing leads to no anchor" in found


def test_ids_and_numbers_in_prose_are_filled_in(tmp_path: Path) -> None:
    """An id in prose is a link with a title, one in code is not; a quoted number stands in the text."""
    files = edited(clean_log(), DECISION, "## Considered Options", f"{QUOTED}\n\n## Considered Options")

    page = build(project(tmp_path, files), "--strict").html(HTML)

    assert "reached 11.4 minutes" in page
    assert re.search(r'<a class="gp-ref" href="\.\./0003-logistic-regression/"[^>]*>ADR-0003</a>', page)
    assert "<code>ADR-0003</code>" in page


def test_the_author_s_words_stay_and_the_facts_are_around_them(tmp_path: Path) -> None:
    """A record's page has one heading of the first rank, the author's text, and the gates around it."""
    page = build(project(tmp_path)).html(HTML)

    assert page.count("<h1") == 1
    assert "It was down twice in October" in page
    assert page.index("<h1") < page.index("It was down twice in October")
    assert "evidence-backed" in page


def test_a_record_without_a_heading_gets_its_title(tmp_path: Path) -> None:
    """Where the author's text has no heading of the first rank, the record's title is one, in any theme."""
    files = edited(clean_log(), DECISION, "\n# Score customers in a weekly batch\n", "\n")

    for name, settings in (("material", ""), ("plain", "theme: mkdocs\n")):
        page = build(project(tmp_path / name, files, settings=settings)).html(HTML)

        assert page.count("<h1") == 1
        assert re.search(r"<h1[^>]*>[^\n]*Score customers in a weekly batch", page)


def test_markup_in_a_title_stays_text(tmp_path: Path) -> None:
    """A title that holds HTML is shown as it was written, on every page, in the navigation and the search."""
    files = edited(clean_log(), DECISION, "title: Score customers in a weekly batch", f"title: '{HOSTILE}'")
    files["decisions/0009-x.md"] = f"---\ntitle: '{HOSTILE}'\nstatus: [\n---\n"
    files["decisions/0010-x.md"] = decision(10, title=f"'{HOSTILE}'", status="nonsense")
    root = project(tmp_path, files, options="{records_in_nav: true}", settings="  - search\n")

    built = build(root)

    assert "&lt;script&gt;alert(1)" in built.html(HTML)
    for page in sorted(built.pages):
        assert "<script>alert(1)" not in built.html(page), page
    index = json.loads((built.site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert not [entry for entry in index["docs"] if "<script" in entry["title"] + entry["text"]]


@pytest.mark.parametrize(
    "text",
    [
        "---\nid: ADR-0009\ntitle: Nine\nstatus: [accepted\ndecision-makers: Ana\n---\n\n# Nine\n\nA text.\n",
        "---\nid: ADR-0009\ntitle: Nine\nstatus: accepted\n\n# Nine\n\nThe author's text.\n",
    ],
    ids=["not YAML", "not closed"],
)
def test_broken_frontmatter_is_not_shown_as_text(tmp_path: Path, text: str) -> None:
    """A record that cannot be read gets a clean page with what is to mend."""
    built = build(project(tmp_path, {**clean_log(), "churn/decisions/0009-nine.md": text}))
    page = built.html("churn/decisions/0009-nine/index.html")
    shown = re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.DOTALL)

    assert "schema-valid" in page
    assert "decision-makers: Ana" not in shown
    assert "status: accepted" not in shown
    assert "ADR-0009" in shown


def test_the_status_is_material_s_badge(tmp_path: Path) -> None:
    """Material's navigation shows a record's status with words; the words that the author chose win."""
    settings = "extra: {status: {accepted: In force, new: Fresh}}\n"

    files = edited(clean_log(), FIRST, "status: superseded\n", "status: superseded by ADR-0002\n")
    files = edited(files, FIRST, "superseded-by: [ADR-0002]\n", "")

    page = build(project(tmp_path, files, options="{records_in_nav: true}", settings=settings)).html(HTML)

    assert '<span class="md-status md-status--accepted" title="In force">' in page
    assert '<span class="md-status md-status--superseded" title="superseded">' in page


def test_a_record_can_be_edited_where_mkdocs_says(tmp_path: Path) -> None:
    """Records have MkDocs' own edit link, generated pages have none."""
    settings = "repo_url: https://example.org/team/log\nedit_uri: edit/main/docs/\n"
    root = project(tmp_path, settings=settings)
    text = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(text.replace("font: false", "font: false, features: [content.action.edit]"))

    built = build(root, "--strict")

    address = f"https://example.org/team/log/edit/main/docs/{DECISION}"
    assert f'<a class="gp-edit" href="{address}">' in built.html(HTML)
    assert f'<a href="{address}" title="Edit this page"' in built.html(HTML)
    assert "edit/main/docs/gate-matrix.md" not in built.html("gate-matrix/index.html")


def test_the_search_finds_a_record_by_its_own_words_only(tmp_path: Path) -> None:
    """What the plugin puts around a record is not indexed as if the author had written it."""
    built = build(project(tmp_path, settings="  - search\n"))
    index = json.loads((built.site / "search" / "search_index.json").read_text(encoding="utf-8"))
    mine = [entry for entry in index["docs"] if entry["location"].startswith("churn/decisions/0002")]

    assert any("down twice in October" in entry["text"] for entry in mine)
    assert "ADR-0002" in mine[0]["text"]
    assert mine[0]["title"] == "Score customers in a weekly batch"
    assert not any("evidence-backed" in entry["text"] + entry["title"] for entry in mine)
    assert "evidence-backed" in built.html(HTML)
    assert '<p class="gp-id">' not in built.html(HTML)


def test_the_search_finds_a_gate_but_not_each_record_under_it(tmp_path: Path) -> None:
    """Of a generated page the search knows the text; its tables are on the page all the same."""
    files = clean_log()
    files |= {f"churn/decisions/{number:04d}-x.md": decision(number) for number in range(20, 60)}
    built = build(project(tmp_path, files, settings="  - search\n"))
    index = json.loads((built.site / "search" / "search_index.json").read_text(encoding="utf-8"))
    matrix = [entry for entry in index["docs"] if entry["location"].startswith("gates/scope-explicit/")]

    assert matrix
    assert not any("Decision 30" in entry["text"] for entry in matrix)
    assert "Decision 30" in built.html("gates/scope-explicit/index.html")
    assert "gp-held" not in "".join(built.html(page) for page in built.pages)


def test_a_generated_page_says_how_it_is_shown_and_searched(tmp_path: Path) -> None:
    """A table that repeats records is not searched and has no sidebars; a gate's page counts twice in the search."""
    built = build(project(tmp_path, settings="  - search\n"))
    index = json.loads((built.site / "search" / "search_index.json").read_text(encoding="utf-8"))
    boosts = {entry["location"]: entry.get("boost") for entry in index["docs"]}

    assert "gate-matrix/" not in boosts
    assert boosts["gates/scope-explicit/"] == 2
    assert 'data-md-type="navigation" hidden' in built.html("gate-matrix/index.html")
    assert 'data-md-type="navigation" hidden' not in built.html(HTML)


def test_the_language_is_the_theme_s(tmp_path: Path) -> None:
    """Titles and labels follow the theme's language; the option overrides it."""
    theme = "theme: {name: material, font: false, language: zh}\n"
    chinese = build(project(tmp_path / "zh", settings=theme)).html("gate-matrix/index.html")
    english = build(project(tmp_path / "en", settings=theme, options="{language: en}")).html("gate-matrix/index.html")

    assert "Gate matrix" in english
    assert "Gate matrix" not in chinese
