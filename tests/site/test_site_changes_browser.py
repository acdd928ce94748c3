"""The change log in a real browser: rows are filtered by what happened, on a wide screen and on a telephone."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown import markdown
from site_logs import page

from conftest import need
from gatepost.site import Site
from trees import check_tree, clean_log, commit_files, edited

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DECISION = "churn/decisions/0002-batch-scoring.md"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Give a running browser."""
    need(importlib.util.find_spec("playwright") and "there", "playwright is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of a log in which a decision was deprecated, as a plain HTML file."""
    changed = edited(clean_log(), DECISION, "status: accepted", "status: deprecated")
    site = Site(check_tree(commit_files(tmp_path_factory.mktemp("log"), clean_log(), changed)))
    place = tmp_path_factory.mktemp("site")
    for asset in site.assets():
        (place / Path(asset.path).name).write_bytes(asset.content)
    body = markdown(page(site, "change-log.md").markdown.split("---\n", 2)[2])
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" '
    script = 'href="gatepost.css"><script src="gatepost.js" defer></script>'
    (place / "page.html").write_text(f'<!doctype html><html lang="en">{head}{script}<body>{body}', encoding="utf-8")
    return place / "page.html"


def _open(browser: Browser, file: Path, width: int, *, script: bool = True) -> Page:
    tab = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script).new_page()
    tab.goto(file.as_uri())
    return tab


def _shown(tab: Page) -> int:
    return tab.locator("tbody tr[data-change]:visible").count()


@pytest.mark.parametrize("width", [1400, 390])
def test_rows_are_filtered_by_what_happened(browser: Browser, file: Path, width: int) -> None:
    """Choosing a kind hides all other rows, and the address keeps the choice."""
    tab = _open(browser, file, width)
    everything = _shown(tab)

    tab.select_option("select[name=change]", "deprecated")

    assert (everything > 5, _shown(tab)) == (True, 1)
    tab.wait_for_url(lambda url: url.endswith("change=deprecated"))
    tab.reload()
    assert _shown(tab) == 1


@pytest.mark.parametrize("width", [1400, 390])
def test_without_javascript_every_event_is_there(browser: Browser, file: Path, width: int) -> None:
    """The rows are all on the page, none wider than it, and no form that does nothing."""
    tab = _open(browser, file, width, script=False)

    assert _shown(tab) == tab.locator("tbody tr[data-change]").count() > 5
    assert tab.locator("form").is_hidden()
    assert tab.locator("table.gp-changes").bounding_box()["width"] <= width  # type: ignore[index]
