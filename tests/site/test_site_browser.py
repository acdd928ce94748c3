"""In a real browser: sorting, filtering, the address that keeps a filter, narrow screens, both colour schemes."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from markdown import markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config
from site_logs import page, site_of, troubled_log

from conftest import need
from gatepost.site import Site
from trees import write_tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1400, 400)
ALL = ("index.md", "gate-matrix.md", "decision-log.md", "risk-register.md", "follow-ups.md", "checklists.md")


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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the pages of a log as plain HTML files, with the style sheet and the script."""
    place = tmp_path_factory.mktemp("site")
    site = site_of(tmp_path_factory.mktemp("log"), troubled_log())
    for asset in site.assets():
        (place / Path(asset.path).name).write_bytes(asset.content)
    for path in ALL:
        (place / path).with_suffix(".html").write_text(_html(site, path), encoding="utf-8")
    return place


def _html(site: Site, path: str) -> str:
    body = markdown(page(site, path).markdown.split("---\n", 2)[2])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="gatepost.css"><script src="gatepost.js" defer></script>'
        f'<body style="font: 16px sans-serif; margin: 16px">{body}</body></html>'
    )


def _open(browser: Browser, folder: Path, path: str, width: int = 1400, *, script: bool = True) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    tab = context.new_page()
    tab.goto((folder / path.partition("?")[0]).as_uri() + ("?" + path.partition("?")[2] if "?" in path else ""))
    return tab


def _shown(tab: Page) -> list[str]:
    rows = tab.locator("tbody tr:not(.gp-group):visible th .gp-id").all_text_contents()
    return [row.strip() for row in rows]


def test_a_filter_leaves_the_rows_that_match_and_counts_them(browser: Browser, folder: Path) -> None:
    """Choosing a status and typing a word hides all other rows; clearing the form brings them back."""
    tab = _open(browser, folder, "decision-log.html")
    tab.select_option("select[name=status]", "accepted")
    assert _shown(tab) == ["ADR-0003", "ADR-0002"]
    tab.fill("input[name=find]", "LOGISTIC")
    assert _shown(tab) == ["ADR-0003"]
    assert tab.locator(".gp-count").text_content() == "1 of 6 rows"
    tab.click("button[type=reset]")
    tab.wait_for_function("document.querySelector('.gp-count').value === '6 of 6 rows'")
    assert len(_shown(tab)) == 6


def test_a_filter_is_in_the_address_and_can_be_sent(browser: Browser, folder: Path) -> None:
    """A page from disk keeps its filter behind the hash; opened from that address it shows the same rows."""
    tab = _open(browser, folder, "decision-log.html")
    tab.select_option("select[name=stage]", "train")
    tab.wait_for_url(lambda url: urlsplit(url).fragment == "?stage=train")
    address = tab.url
    again = tab.context.new_page()
    again.goto(address)
    assert _shown(again) == _shown(tab) == ["ADR-0003"]


def test_a_served_page_keeps_its_filter_in_the_query(browser: Browser, folder: Path) -> None:
    """Over HTTP the filter is a query, beside parameters of others, which stay."""
    tab = browser.new_page()
    tab.route("http://log.example/**", lambda route: route.fulfill(path=folder / urlsplit(route.request.url).path[1:]))
    tab.goto("http://log.example/decision-log.html?h=batch&status=proposed")
    assert _shown(tab) == ["ADR-0005"]
    tab.select_option("select[name=status]", "rejected")
    tab.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"h": ["batch"], "status": ["rejected"]})
    tab.select_option("select[name=status]", "")
    tab.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"h": ["batch"]})


def test_a_column_sorts_up_and_down_by_keyboard(browser: Browser, folder: Path) -> None:
    """A header is a button; it says which way it sorts, by number where the column holds numbers."""
    tab = _open(browser, folder, "risk-register.html")
    head = tab.locator("th[data-gp-key=residual]")
    head.locator("button").focus()
    tab.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert _shown(tab)[-1] == "RISK-0003"
    tab.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert _shown(tab)[0] == "RISK-0003"


def test_a_cell_of_the_heat_map_filters_the_register(browser: Browser, folder: Path) -> None:
    """A click on a cell leaves its risks; a second one brings the others back."""
    tab = _open(browser, folder, "risk-register.html")
    cell = tab.locator('a[data-gp-set="residual=3x4"]')
    cell.click()
    assert _shown(tab) == ["RISK-0003"]
    cell.click()
    assert len(_shown(tab)) == 3


def test_a_group_without_rows_is_hidden(browser: Browser, folder: Path) -> None:
    """In the matrix a design whose rows are all filtered out takes its heading with it."""
    tab = _open(browser, folder, "gate-matrix.html")
    assert tab.locator("tr.gp-group:visible").count() == 3
    tab.select_option("select[name=status]", "proposed")
    assert tab.locator("tr.gp-group:visible").count() == 1


def test_without_the_script_every_row_is_there(browser: Browser, folder: Path) -> None:
    """With JavaScript switched off nothing is missing but the form."""
    tab = _open(browser, folder, "decision-log.html?status=proposed", script=False)

    assert len(_shown(tab)) == 6
    assert tab.locator("form:visible").count() == 0


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(browser: Browser, folder: Path, path: str, width: int) -> None:
    """Wide tables scroll in their own frame; the page itself never does, on a desk or in a hand."""
    tab = _open(browser, folder, str(Path(path).with_suffix(".html")), width)

    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_of_the_matrix_is_cut_off(browser: Browser, folder: Path) -> None:
    """The word in each cell fits into its cell, and the kind of gates above a single column into that."""
    tab = _open(browser, folder, "gate-matrix.html")
    cut = "[...document.querySelectorAll('td.gp-m')].filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"

    heads = "[...document.querySelectorAll('th.gp-kind')].filter(one => one.scrollWidth > one.clientWidth).length"

    assert tab.evaluate("document.querySelectorAll('td.gp-m').length") > 60
    assert [_open(browser, folder, "gate-matrix.html", width).evaluate(heads) for width in WIDTHS] == [0, 0]
    assert tab.evaluate(cut) == 0


@pytest.mark.parametrize("path", ["gate-matrix.html", "risk-register.html", "decision-log.html", "follow-ups.html"])
def test_no_column_is_cut_off_on_paper(browser: Browser, folder: Path, path: str) -> None:
    """Printed on a sheet across, each wide table ends where the sheet does."""
    tab = _open(browser, folder, path, 1040)
    tab.emulate_media(media="print")
    ends = "[...document.querySelectorAll('.gp-t')].map(table => table.getBoundingClientRect().right)"

    found = tab.evaluate(ends)

    assert found
    assert max(found) <= 1040


def test_headers_stay_in_sight(browser: Browser, folder: Path) -> None:
    """Scrolled inside its frame, the matrix keeps the names of the gates at the top and of the records at the left."""
    tab = _open(browser, folder, "gate-matrix.html", 400)
    frame = tab.locator(".gp-keep").first
    frame.evaluate("frame => { frame.style.maxHeight = '300px'; frame.scrollTo(200, 200); }")
    box, head, row = (
        frame.bounding_box(),
        frame.locator(".gp-gate").first.bounding_box(),
        frame.locator("tbody tr + tr th").last.bounding_box(),
    )
    assert box
    assert head
    assert row

    assert frame.evaluate("frame => [frame.scrollLeft, frame.scrollTop].every(Boolean)")
    assert box["y"] <= head["y"] < box["y"] + box["height"]
    assert abs(row["x"] - box["x"]) < 3


INSTANT = """site_name: Log
site_url: http://log.example/
theme: {name: material, font: false, features: [navigation.instant]}
plugins: [{gatepost: {as_of: 2026-11-23}}]
"""


def test_instant_navigation_of_material_goes_on(browser: Browser, tmp_path: Path) -> None:
    """Pages change without a reload, pictures with links included, and each new page filters at once."""
    root = write_tree(tmp_path, troubled_log())
    (root / "mkdocs.yml").write_text(INSTANT, encoding="utf-8")
    build(load_config(str(root / "mkdocs.yml")))
    tab = browser.new_page(viewport={"width": 1400, "height": 900})
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.route("http://log.example/**", lambda route: route.fulfill(path=_file(root / "site", route.request.url)))

    tab.goto("http://log.example/")
    tab.evaluate("window.same = true")
    tab.click(".gp-ways a[href$='risk-register/']")
    tab.wait_for_selector(".gp-filter:visible")
    tab.click('a[data-gp-set="residual=3x4"]')
    assert _shown(tab) == ["RISK-0003"]
    tab.click(".gp-bar-ways a[href$='decision-log/']")
    tab.wait_for_selector("select[name=stage]:visible")
    tab.click("a[href$='churn/pipeline/#stage-train']")
    tab.wait_for_selector(".gp-graph")
    tab.click(".gp-node-gate")
    tab.wait_for_url(lambda url: urlsplit(url).fragment == "stage-quality-gate")
    tab.click(".gp-head a[href$='/churn/']")
    tab.wait_for_function("document.title.startsWith('Weekly churn scores')")

    assert tab.evaluate("window.same")
    assert errors == []


def test_a_page_from_disk_filters_with_instant_navigation(browser: Browser, tmp_path: Path) -> None:
    """Material announces no page that is opened from disk; tables sort and filter all the same, and only once."""
    root = write_tree(tmp_path, troubled_log())
    (root / "mkdocs.yml").write_text(f"{INSTANT}use_directory_urls: false\n", encoding="utf-8")
    build(load_config(str(root / "mkdocs.yml")))

    tab = _open(browser, root / "site", "decision-log.html?state=waived")

    assert _shown(tab) == ["ADR-0003"]
    assert tab.locator("th[data-gp-key=id] button").count() == 1


def _file(site: Path, address: str) -> Path:
    path = site / urlsplit(address).path[1:]
    return path / "index.html" if path.is_dir() else path
