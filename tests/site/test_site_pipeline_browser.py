"""The page of a contract in a real browser: it fits a desk, a hand and a sheet of paper."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from site_logs import site_of

from conftest import need
from trees import clean_log, edited

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK, COLUMN, HAND = 1280, 730, 390
BROKEN = ("on-reject: quarantine + alert", "on-reject: alert")


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
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of the page of a contract with a broken invariant, a stale record and long names."""
    files = edited(clean_log(), "churn/pipeline.md", *BROKEN)
    return _written(tmp_path_factory, files, "pipeline.html", head=False)


def _written(factory: pytest.TempPathFactory, files: dict[str, str], name: str, *, head: bool) -> str:
    """Write the parts of a contract's page that are made for it, and give their address."""
    site = site_of(factory.mktemp("log"), files)
    entry = site.report.book.get("churn/pipeline")
    assert entry is not None
    place = factory.mktemp("site")
    for asset in site.assets():
        (place / Path(asset.path).name).write_bytes(asset.content)
    (place / name).write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="gatepost.css"><body style="font: 16px sans-serif; margin: 16px">'
        f"{site.record_head(entry) if head else ''}{site.record_foot(entry)}</body></html>",
        encoding="utf-8",
    )
    return (place / name).as_uri()


def _open(browser: Browser, address: str, width: int) -> Page:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto(address)
    return tab


@pytest.mark.parametrize(("width", "picture"), [(DESK, "wide"), (HAND, "narrow")])
def test_the_picture_fits_the_screen(browser: Browser, address: str, width: int, picture: str) -> None:
    """One of the two pictures is shown, whole and without scrolling; the page is no wider than the screen."""
    tab = _open(browser, address, width)
    box = tab.locator(f".gp-graph-{picture}").bounding_box()

    assert tab.locator(".gp-graph:visible").count() == 1
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [DESK, HAND])
def test_no_word_of_the_picture_covers_another(browser: Browser, address: str, width: int) -> None:
    """Names, kinds, causes and ends keep clear of each other, so that each can be read."""
    tab = _open(browser, address, width)
    boxes: list[list[float]] = tab.evaluate(
        "[...document.querySelectorAll('.gp-graph text')].map(one => one.getBoundingClientRect())"
        ".filter(box => box.width).map(box => [box.left, box.top + 2, box.right, box.bottom - 2])"
    )
    covered = [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]

    assert len(boxes) > 20
    assert covered == []


@pytest.mark.parametrize(
    ("width", "names"), [(COLUMN, ("artifacts", "invariants")), (HAND, ("stages", "artifacts", "invariants"))]
)
def test_no_table_of_the_contract_is_cut_off(
    browser: Browser, address: str, width: int, names: tuple[str, ...]
) -> None:
    """In the column that a theme leaves between its menus, and in the hand, nothing lies off to the side."""
    tab = _open(browser, address, width)
    for name in names:
        frame = tab.locator(f".gp-scroll:has(> .gp-{name})")
        assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth"), name


def test_a_branch_in_the_hand_is_read_from_top_to_bottom(browser: Browser, address: str) -> None:
    """On a narrow screen nothing of the branch table is off to the side, and what a cell means is said in it."""
    tab = _open(browser, address, HAND)
    frame = tab.locator(".gp-branches-box")

    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    label = "getComputedStyle(document.querySelector('.gp-branches [data-gp-label]'), '::before').content"
    assert "Users get" in tab.evaluate(label)


def test_on_paper_every_path_is_open(browser: Browser, address: str) -> None:
    """Printed, the wide picture is there, no table is cut off, and what is folded on a screen is told."""
    tab = _open(browser, address, 1040)
    tab.emulate_media(media="print")
    ends = tab.evaluate("[...document.querySelectorAll('.gp-t')].map(table => table.getBoundingClientRect().right)")

    assert tab.locator(".gp-graph-wide").is_visible()
    assert not tab.locator(".gp-graph-narrow").is_visible()
    assert max(ends) <= 1040
    assert tab.locator(".gp-branches .gp-path").first.is_visible()


def test_a_stage_leads_from_picture_and_table_to_its_row(browser: Browser, address: str) -> None:
    """By keyboard, too: a stage of the picture and the name in the branch table are links to what it promises."""
    tab = _open(browser, address, DESK)
    tab.locator(".gp-node-gate:visible").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#stage-quality-gate")  # a key says nothing of the page that it leads to
    tab.click(".gp-branches a[href='#stage-train']")
    tab.wait_for_url("**#stage-train")
    tab.click(".gp-told a[href='#invariants']")
    assert tab.locator("#invariants").is_visible()


LONG = "exit-handler-1.for-loop-2.train-and-tune"
"""The name of a stage as a compiler of pipelines gives it."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of the page of a contract with names that a tool has made, one of them blamed in the head."""
    files = edited(clean_log(), "churn/pipeline.md", "  train: {kind", f"  {LONG}: {{seed: 1, kind")
    files = edited(files, "churn/pipeline.md", "  package: {kind", "  promote-everywhere-in-production: {kind")
    files = edited(files, "churn/pipeline.md", "after: [package]", "after: [promote-everywhere-in-production]")
    files = edited(files, "churn/pipeline.md", "run: python train.py", "environment: latest, run: python train.py")
    return _written(tmp_path_factory, files, "generated.html", head=True)


@pytest.mark.parametrize("width", [DESK, HAND])
@pytest.mark.parametrize("which", ["address", "generated"])
def test_words_stay_within_the_shape_of_their_stage(
    browser: Browser, request: pytest.FixtureRequest, which: str, width: int
) -> None:
    """Long names and the place that a promotion goes to, too: nothing crosses an edge."""
    tab = _open(browser, request.getfixturevalue(which), width)
    beyond = tab.evaluate(
        "[...document.querySelectorAll('.gp-node')].flatMap(node => {"
        "  const shape = node.querySelector('path').getBoundingClientRect();"
        "  const texts = [...node.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);"
        "  return texts.filter(([, box]) => box.width && (box.left < shape.left + 1 || box.right > shape.right - 1"
        "    || box.top < shape.top || box.bottom > shape.bottom)).map(([text]) => text)})"
    )
    assert tab.locator(".gp-node text:visible").count() > 15
    assert beyond == []


def test_what_is_wrong_in_a_stage_with_a_long_name_wraps_in_the_hand(browser: Browser, generated: str) -> None:
    """The field and the line of a finding take no more than the width of the screen."""
    tab = _open(browser, generated, HAND)
    assert f"stages.{LONG}" in tab.locator(".gp-findings").inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") <= HAND
