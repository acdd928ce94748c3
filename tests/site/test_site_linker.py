"""Record ids in prose, and numbers quoted by reference."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown
from site_logs import HOSTILE, parsed, site_of

from gatepost.book import Entry
from gatepost.site import RecordLinks, Site, quote_metrics
from trees import clean_log, edited

PAGE = "churn/decisions/0002-batch-scoring.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Give a site with a hostile title."""
    files = edited(
        clean_log(),
        "churn/risks/0001-stale-scores.md",
        "title: Scores are a week old when they are used",
        f"title: '{HOSTILE}'",
    )
    return site_of(tmp_path_factory.mktemp("log"), files)


def _render(site: Site | None, text: str, page: str | None = PAGE) -> str:
    links = RecordLinks(site)
    links.on_page(page)
    return Markdown(extensions=[links, "toc", "fenced_code"]).convert(text)


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("See ADR-0003.", "0003-logistic-regression.md"),
        ("See ADR-3, please", "0003-logistic-regression.md"),
        ("(RISK-0001)", "../risks/0001-stale-scores.md"),
        ("**FU-1**", "../follow-ups/0001-switch-off-service.md"),
        ("CHK-1", "../checklist.md#chk-1"),
    ],
)
def test_an_id_becomes_a_link(site: Site, text: str, href: str) -> None:
    """An id in any spelling, also in emphasis, leads to its page by a relative path that generators check."""
    assert [tag["href"] for tag in parsed(_render(site, text)).all("a")] == [href]


@pytest.mark.parametrize(
    "text",
    [
        "`ADR-0003`",
        "```\nADR-0003\n```",
        "    ADR-0003",
        "ADR-0099",
        "ADR-0002",
        "XADR-0003, ADR-0003-x, x/ADR-0003, #ADR-0003",
        "<code>x</code> <!-- ADR-0003 -->",
    ],
    ids=["span", "fence", "indented", "nobody", "itself", "part of a name", "comment"],
)
def test_what_is_no_reference_stays_text(site: Site, text: str) -> None:
    """Code, comments, parts of names, ids that nobody has and the page's own id are left alone."""
    assert parsed(_render(site, text)).all("a") == []


@pytest.mark.parametrize(
    "text", ["[ADR-0003](x.md)", "[see **ADR-0003**][r]\n\n[r]: x.md", "<a href='x.md'>ADR-0003</a>"]
)
def test_a_link_holds_no_other(site: Site, text: str) -> None:
    """An id inside a link that the author wrote gets no second one."""
    hrefs = [tag["href"] for tag in parsed(_render(site, text)).all("a")]

    assert hrefs == ["x.md"]


def test_a_heading_keeps_its_id_and_its_words(site: Site) -> None:
    """An id in a heading is linked, and neither the anchor nor the table of contents notice."""
    links = RecordLinks(site)
    links.on_page(PAGE)
    reader = Markdown(extensions=[links, "toc"])
    html = reader.convert("## Why ADR-0003 is kept")

    assert 'id="why-adr-0003-is-kept"' in html
    assert "0003-logistic-regression.md" in html
    assert reader.toc_tokens[0]["name"] == "Why ADR-0003 is kept"  # type: ignore[attr-defined]


def test_the_tooltip_is_the_title_as_it_was_written(site: Site) -> None:
    """A title full of markup is one attribute, and opens nothing."""
    found = parsed(_render(site, "RISK-1"))

    assert [tag["title"] for tag in found.all("a")] == [HOSTILE]
    assert found.all("script") == []


def test_nothing_is_linked_before_a_page_is_told(site: Site) -> None:
    """Without a site or a page the extension leaves the text alone."""
    assert _render(None, "ADR-0003") == _render(site, "ADR-0003", None) == "<p>ADR-0003</p>"


def test_quoted_numbers_are_filled_in(site: Site) -> None:
    """A reference becomes the number in the file; in code it stays; one that leads nowhere says why."""
    entry = site.report.book.get("ADR-3")
    assert isinstance(entry, Entry)
    quoted = "{{ metric('evidence/metrics.json#/auc') }}"
    text = f"AUC {quoted}, `{quoted}`, {{{{ metric('evidence/none.json#/auc') }}}}."

    assert quote_metrics(text, entry, site.report.book) == (
        f"AUC 0.7641, `{quoted}`, `evidence/none.json#/auc` (no number: the file does not exist)."
    )


def test_text_without_quotes_is_given_back(site: Site, tmp_path: Path) -> None:
    """Other braces are another plugin's business."""
    entry = site.report.book.entries[0]
    assert quote_metrics(f"{{{{ other('x') }}}} {tmp_path.name} metric", entry, site.report.book).startswith(
        "{{ other('x') }}"
    )
