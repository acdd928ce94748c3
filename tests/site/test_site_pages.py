"""The generated pages as a whole: which there are, that they are sound, and that a record's text stays text."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import markdown
import pytest
import yaml
from site_logs import EXTRA_GATES, HOSTILE, page, parsed, site_of, troubled_log

from gatepost.book.layout import GENERATED_PAGES
from gatepost.site import Site, markdown_urls
from trees import clean_log

EXTENSIONS = ["toc", "tables", "attr_list", "md_in_html", "fenced_code", "footnotes", "admonition", "def_list", "abbr"]


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Give the site of a log with something of each state."""
    return site_of(tmp_path_factory.mktemp("log"), troubled_log(), more=EXTRA_GATES)


def test_every_page_is_there_except_those_of_the_author(troubled: Site) -> None:
    """Each page that a build promises is generated, a foreign gate's too; the author's own page wins."""
    paths = {one.path for one in troubled.pages()}
    gates = {f"gates/{gate.id}.md" for gate in troubled.report.gates}

    assert paths == (set(GENERATED_PAGES) | gates) - {"policy.md"}


def test_a_policy_elsewhere_leaves_the_policy_page(tmp_path: Path) -> None:
    """A policy that lies at another path is shown on the generated page, which names its source."""
    files = clean_log()
    files["rules/our-policy.md"] = files.pop("policy.md")
    text = page(site_of(tmp_path, files), "policy.md").markdown

    assert 'href="rules/our-policy.md"' in text
    assert parsed(text).row("medium")[1:4] == ["9", "ml-lead", "head-of-data"]


def test_a_start_page_of_the_author_leaves_the_overview_to_the_generator(tmp_path: Path) -> None:
    """With an index.md of the author's the overview is no page, but can still be had."""
    site = site_of(tmp_path, {**clean_log(), "index.md": "# Mine\n"})

    assert "index.md" not in {one.path for one in site.pages()}
    assert "gp-verdict" in site.overview().markdown


def test_pages_start_with_their_title(troubled: Site) -> None:
    """The frontmatter of each page is YAML whose title is the page's."""
    for one in troubled.pages():
        front = yaml.safe_load(one.markdown.split("---\n")[1])
        assert front["title"] == one.title


def test_markdown_leaves_the_pages_alone(troubled: Site) -> None:
    """Rendered as Markdown with common extensions, each raw block, which has no blank line, comes out as it went in."""
    for one in troubled.pages():
        body = one.markdown.split("---\n", 2)[2]
        blocks = re.findall(r'^<div class="gp.*?^</div>$', body, re.MULTILINE | re.DOTALL)
        rendered = markdown.markdown(body, extensions=EXTENSIONS)
        assert blocks
        assert [line for block in blocks for line in block.splitlines() if not line.strip() or line[0] == " "] == []
        assert [block for block in blocks if block not in rendered] == [], one.path


def test_pages_are_well_formed(troubled: Site) -> None:
    """Each opened element is closed, each id is defined once, each table has a caption and scoped header cells."""
    for one in troubled.pages():
        html = markdown.markdown(one.markdown.split("---\n", 2)[2], extensions=EXTENSIONS)
        found = parsed(html)
        assert found.unbalanced == [], one.path
        assert len(found.ids) == len(set(found.ids)), one.path
        ours = parsed("".join(re.findall(r'<div class="gp.*?^</div>$', html, re.MULTILINE | re.DOTALL)))
        assert len(ours.all("table", "gp-t")) == len(ours.all("caption")), one.path
        assert [tag for tag in ours.all("th") if "scope" not in tag] == [], one.path


def test_text_of_a_record_is_text(troubled: Site) -> None:
    """A title full of markup shows as it was written, on every page and on the record's own."""
    entry = troubled.report.book.get("ADR-5")
    assert entry is not None
    shown = 0
    for one in troubled.pages():
        html = markdown.markdown(one.markdown.split("---\n", 2)[2], extensions=EXTENSIONS)
        found = parsed(html)
        shown += HOSTILE in found.text
        assert "{{ macro" not in one.markdown
        assert found.all("script") == found.all("del") == [], one.path
    assert shown > 5
    assert parsed(troubled.dress(entry, "<p>words</p>")).text.startswith(HOSTILE)


def test_every_link_of_every_page_leads_to_a_page(troubled: Site) -> None:
    """With links as Markdown writes them, each leads to a generated page or a file of the docs folder."""
    pages = {one.path for one in troubled.pages()} | {path.removeprefix("docs/") for path in troubled.report.book.pages}
    missing = []
    for one in troubled.pages():
        html = markdown.markdown(one.markdown.split("---\n", 2)[2], extensions=EXTENSIONS)
        for tag in parsed(html).all("a"):
            path = tag.get("href", "").partition("#")[0].partition("?")[0]
            target = os.path.normpath(Path(one.path).parent / path) if path else one.path
            if "://" not in path and target not in pages:
                missing.append((one.path, path))
    assert missing == []


@pytest.mark.parametrize(
    ("here", "there", "url"),
    [
        ("index.md", "churn/decisions/0001-x.md", "churn/decisions/0001-x.md"),
        ("churn/decisions/0001-x.md", "gate-matrix.md", "../../gate-matrix.md"),
        ("churn/decisions/0001-x.md", "churn/risks/0001-y.md#z", "../risks/0001-y.md#z"),
        ("gates/a.md", "gates/b.md", "b.md"),
        ("gates/a.md", "#below", "#below"),
        ("a/a/x.md", "a/b/a/x.md", "../b/a/x.md"),
        ("a/b.md/x.md", "a/b.md", "../b.md"),
    ],
)
def test_links_of_markdown_are_relative(here: str, there: str, url: str) -> None:
    """Without a generator's own addresses a page links to another by the relative path of its file."""
    assert markdown_urls(here, there) == url


@pytest.mark.slow
def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    """Pages, heads and feet do not depend on the order in which Python's sets happen to be."""
    site_of(tmp_path / "log", troubled_log())
    code = (
        "import sys, hashlib, datetime; from pathlib import Path; from gatepost.check import check_project;"
        "from gatepost.sources import find_project; from gatepost.site import Site;"
        "site = Site(check_project(find_project(Path(sys.argv[1])), datetime.date(2026, 11, 23)));"
        "text = ''.join(one.markdown for one in site.pages());"
        "text += ''.join(site.dress(one.entry, '') for one in site.report.records);"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "log")],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
    assert hashlib.sha256().digest_size * 2 == len(digests.pop().strip())


def test_work_grows_with_the_log_and_no_faster(tmp_path: Path) -> None:
    """Twice the records ask for about twice the links: no page of a record looks at all others."""
    calls = {}
    for count in (40, 80):
        asked = []
        files = dict(clean_log())
        for number in range(100, 100 + count):
            files[f"churn/decisions/{number}-more.md"] = (
                f"---\nid: ADR-{number}\nstatus: proposed\ndate: 2026-11-20\ntitle: T\n---\n\nADR-{number - 1}\n"
            )

        def urls(here: str, there: str, asked: list[str] = asked) -> str:
            asked.append(there)
            return markdown_urls(here, there)

        site = site_of(tmp_path / str(count), files, urls=urls)
        site.pages()
        for record in site.report.records:
            site.dress(record.entry, "")
        calls[count] = len(asked)
    assert calls[80] < 2.2 * calls[40]
