"""The change log and its feed in real builds."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from builds import DECISION, Built, broken_links, build, dump, project

from trees import clean_log, commit_files, edited

ATOM = "{http://www.w3.org/2005/Atom}"
HEAD = re.compile(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"')


def lively(root: Path, settings: str = "", **more: str) -> Path:
    """Give a project with a history of two commits, and further files."""
    project(root, {}, settings=settings)
    return commit_files(
        root, {**clean_log(), **more}, edited(clean_log(), DECISION, "status: accepted", "status: deprecated")
    )


def feed_links(built: Built) -> list[str]:
    """Give where the feed of a site leads."""
    top = ET.fromstring((built.site / "change-log.xml").read_bytes())  # noqa: S314 - our own output
    return [link.get("href", "") for link in top.iter(f"{ATOM}link") if link.get("rel") == "alternate"]


@pytest.mark.parametrize(
    ("settings", "base", "page"),
    [
        ("", "", "change-log/index.html"),
        pytest.param("use_directory_urls: false\n", "", "change-log.html", marks=pytest.mark.slow),
        ("site_url: https://example.org/team/log/\n", "/team/log/", "change-log/index.html"),
        ("site_url: https://example.org/team/log\nuse_directory_urls: false\n", "/team/log/", "change-log.html"),
        pytest.param("theme: mkdocs\n", "", "change-log/index.html", marks=pytest.mark.slow),
        pytest.param("theme: readthedocs\n", "", "change-log/index.html", marks=pytest.mark.slow),
    ],
    ids=["directories", "files", "sub-folder", "sub-folder, files", "mkdocs", "readthedocs"],
)
def test_the_page_and_the_feed_lead_somewhere(tmp_path: Path, settings: str, base: str, page: str) -> None:
    """However pages are addressed, the page leads to the feed, its head names it, and the feed leads to the pages."""
    built = build(lively(tmp_path, settings))
    heads = HEAD.findall(built.html(page))

    assert broken_links(built, base or "/") == []
    assert [(built.site / page).parent.joinpath(one).resolve() for one in heads] == [built.site / "change-log.xml"]
    for link in feed_links(built):
        path = urlsplit(link).path.removeprefix(base)
        assert urlsplit(link).netloc == ("example.org" if base else "")
        assert (built.site / (f"{path}index.html" if path.endswith("/") or not path else path)).is_file(), link


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """The same commit on the same day is the same site, whether or not the history was read before."""
    root = lively(tmp_path)
    first = dump(build(root).site)
    cold = build(root, env={"GATEPOST_CACHE_DIR": ""})

    assert dump(cold.site) == first
    assert first["change-log.xml"]


def test_a_page_of_the_author_s_wins(tmp_path: Path) -> None:
    """A change log that the author wrote stays; the feed is there all the same."""
    built = build(lively(tmp_path, **{"change-log.md": "# Mine\n"}))

    assert "Mine" in built.html("change-log/index.html")
    assert HEAD.findall(built.html("change-log/index.html")) == []
    assert (built.site / "change-log.xml").is_file()
    assert "change-log.md is yours; the generated page of that address is left out" in built.notes


def test_a_feed_of_the_author_s_wins(tmp_path: Path) -> None:
    """A file at the feed's address is not overwritten."""
    built = build(lively(tmp_path, **{"change-log.xml": "<mine/>\n"}))

    assert (built.site / "change-log.xml").read_text(encoding="utf-8") == "<mine/>\n"


def test_without_git_the_build_goes_on(tmp_path: Path) -> None:
    """Where there is no git command the page says so, and there is no feed."""
    root = lively(tmp_path)
    built = build(root, env={"PATH": ""})

    assert built.code == 0
    assert "no git: the git command was not found" in built.html("change-log/index.html")
    assert not (built.site / "change-log.xml").exists()


def test_an_empty_repository_has_a_page(tmp_path: Path) -> None:
    """Before the first commit the page says that there is nothing to tell."""
    built = build(project(tmp_path, {}))

    assert "No change of a record has been committed yet" in built.html("change-log/index.html")
