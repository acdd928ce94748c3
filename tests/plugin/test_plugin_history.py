"""The history on the pages of a real site: links to the forge, the same bytes twice, what an edit shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from builds import DECISION, Built, build, dump, project

from trees import clean_log, edited, git

HTML = "churn/decisions/0002-batch-scoring/index.html"
SUBJECT = "Accept <script>alert(1)</script> {{ config.site_name }} `code`"


def committed(root: Path, settings: str = "", options: str = "") -> Path:
    """Commit the clean log with ADR-2 proposed, then accept it under a hostile subject."""
    project(root, edited(clean_log(), DECISION, "status: accepted", "status: proposed"), settings, options)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Propose")
    (root / "docs" / DECISION).write_text(clean_log()[DECISION], encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", SUBJECT)
    return root


def history(built: Built, page: str = HTML) -> str:
    """Give the HTML of the section on the history."""
    html = built.html(page)
    return html[html.index('<section class="gp-history"') : html.index("</aside>", html.index('class="gp-history"'))]


def test_each_record_has_its_history(tmp_path: Path) -> None:
    """Who accepted it stands on its page, escaped, and the build is as strict as before."""
    built = build(committed(tmp_path), "--strict")
    section = history(built)

    assert (built.code, built.warnings) == (0, [])
    assert ">Ana<" in section
    assert section.index("gp-s-proposed") < section.index("gp-s-accepted")
    assert "Accept &lt;script&gt;alert(1)&lt;/script&gt; &#123;&#123; config.site_name" in section
    assert 'href="http' not in section
    for page in ("churn/risks/0001-stale-scores/index.html", "churn/pipeline/index.html", "churn/index.html"):
        assert "<time" in history(built, page)


@pytest.mark.parametrize(
    ("settings", "options", "start"),
    [
        ("repo_url: https://gitlab.com/acme/ml/churn\n", "", "https://gitlab.com/acme/ml/churn/-/commit/"),
        (
            "repo_url: https://gitlab.com/acme/ml/churn\n",
            "{commits: 'https://code.acme.example/?id={commit}'}",
            "https://code.acme.example/?id=",
        ),
        ("", "", "https://github.com/acme/churn/commit/"),
    ],
    ids=["repo_url", "option", "remote"],
)
def test_commits_lead_to_the_forge(tmp_path: Path, settings: str, options: str, start: str) -> None:
    """The plugin's option counts, else `repo_url` of mkdocs.yml, else the remote, whose password stays out."""
    root = committed(tmp_path, settings, options)
    git(root, "remote", "add", "origin", "https://ana:secret@github.com/acme/churn.git")
    head = git(root, "rev-parse", "HEAD").strip()
    built = build(root)

    assert f'href="{start}{head}"' in history(built)
    assert "secret" not in built.html(HTML)


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """With the index cold and warm, every file of the site is the same."""
    root = committed(tmp_path)
    first = dump(build(root).site)
    shutil.rmtree(root / "site")

    assert dump(build(root).site) == first


def test_an_edit_that_is_not_committed_is_shown(tmp_path: Path) -> None:
    """The page says so, and names what changed."""
    root = committed(tmp_path)
    text = clean_log()[DECISION].replace("in October", "in May")
    (root / "docs" / DECISION).write_text(text, encoding="utf-8")
    section = history(build(root))

    assert section.index("not committed yet") < section.index(">Ana<")
    assert "<q>Context and Problem Statement</q>: edited" in section


def test_a_shallow_clone_says_on_each_page_what_to_do(tmp_path: Path) -> None:
    """What CI checks out by default still builds, and tells the reader what is missing."""
    (tmp_path / "whole").mkdir()
    root = committed(tmp_path / "whole")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "shallow")
    built = build(tmp_path / "shallow")

    assert "This history is not whole: shallow clone: fetch the whole history (fetch-depth: 0" in history(built)
    assert len(re.findall("<time", history(built))) == 1


def test_the_words_of_commits_are_not_searched(tmp_path: Path) -> None:
    """The search finds records by their own words, not by who committed them."""
    built = build(committed(tmp_path, "plugins: [search, gatepost]\n"))

    assert "Propose" not in built.html("search/search_index.json")
