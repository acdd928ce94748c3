"""The stage graph: every stage is drawn once, arrows go forwards, nothing covers anything."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from site_logs import parsed, site_of

from effort import examples
from gatepost.pipeline import StageGraph
from gatepost.records import Pipeline
from gatepost.site.layers import arrange
from trees import clean_log, edited


def _graph(before: dict[str, list[str]]) -> StageGraph:
    stages = {name: {"kind": "data", "after": many} for name, many in before.items()}
    return StageGraph(Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages}))


@st.composite
def _contracts(draw: st.DrawFn) -> dict[str, list[str]]:
    names = [f"s{number}" for number in range(draw(st.integers(1, 14)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:place]), unique=True, max_size=3)) if place else []
        for place, name in enumerate(names)
    }


@settings(max_examples=examples(60), deadline=None)
@given(_contracts())
def test_arrows_go_forwards_and_lose_nothing(before: dict[str, list[str]]) -> None:
    """No two things share a slot, each arrow visits every layer on its way, and what is left out is implied."""
    layout = arrange(_graph(before))
    slots = {(slot.layer, slot.lane) for slot in layout.slots.values()}
    inner = [slot for _, _, way in layout.arrows for slot in way[1:-1]]
    places = [(slot.layer, slot.lane) for slot in inner]

    assert set(layout.slots) == set(before)
    assert len(slots) == len(before)
    assert len({*slots, *places}) == len(slots) + len(places)
    for _, _, way in layout.arrows:
        assert [slot.layer for slot in way] == list(range(way[0].layer, way[-1].layer + 1))
    kept = {name: [a for a, b, _ in layout.arrows if b == name] for name in before}
    assert all(_graph(kept).ancestors(name) == _graph(before).ancestors(name) for name in before)


def test_a_circle_is_drawn_backwards() -> None:
    """Stages that wait for each other are all drawn; the arrow that closes the circle is kept apart."""
    layout = arrange(_graph({"a": ["c"], "b": ["a"], "c": ["b"], "d": ["c"]}))

    assert set(layout.slots) == {"a", "b", "c", "d"}
    assert layout.back == (("c", "a"),)
    assert {(a, b) for a, b, _ in layout.arrows} == {("a", "b"), ("b", "c"), ("c", "d")}


def test_each_kind_has_its_word_and_its_shape(tmp_path: Path) -> None:
    """A stage shows its name and its kind in words, leads to its row, and no two kinds have the same outline."""
    site = site_of(tmp_path, clean_log())
    entry = site.report.book.get("churn/pipeline")
    assert entry is not None
    html = site.record_foot(entry)
    nodes = re.findall(
        r'<a xlink:href="#(stage-[\w-]+)" class="gp-node gp-node-(\w+)" aria-label="([^"]+)">.*?<path d="([^"]+)"', html
    )
    shapes = {kind: re.sub(r"[\d.]+", "", path) for _, kind, _, path in nodes}

    labels = [label.partition(";")[0] for *_, label, _ in nodes]
    assert labels[3:7:3] == ["quality-gate: gate", "promote: promote → production"]
    assert {anchor for anchor, *_ in nodes} <= set(parsed(html).ids)
    assert len(set(shapes.values())) == len(shapes) == 8


def test_a_contract_without_order_is_still_drawn(tmp_path: Path) -> None:
    """A stage that names one that does not exist is drawn without that arrow."""
    files = edited(clean_log(), "churn/pipeline.md", "after: [promote]", "after: [nowhere]")
    site = site_of(tmp_path, files)
    entry = site.report.book.get("churn/pipeline")
    assert entry is not None

    assert 'class="gp-node gp-node-monitor"' in site.record_foot(entry)


def _drawn(tmp_path: Path, *edits: tuple[str, str]) -> str:
    """Give the page of the clean contract after some edits."""
    files = clean_log()
    for old, new in edits:
        files = edited(files, "churn/pipeline.md", old, new)
    site = site_of(tmp_path, files)
    entry = site.report.book.get("churn/pipeline")
    assert entry is not None
    return site.record_foot(entry)


def _ends(html: str) -> list[tuple[str, str]]:
    """Give the failure branches of the first picture: how each is drawn, and what it says."""
    return re.findall(r'<g class="gp-branch gp-branch-([\w-]+)"><title>([^<]+)</title>', html.partition("</svg>")[0])


def test_a_failure_branch_is_drawn_where_it_ends_otherwise_than_usual(tmp_path: Path) -> None:
    """The default's answer is said once, below; a dashed arrow leads from the others to where they end."""
    html = _drawn(tmp_path)

    assert _ends(html) == [
        ("quarantined", "quality-gate rejects: quarantined"),
        ("rolled-back", "promote fails, breach: rolled back to previous; On the first release: disable-route"),
        ("rolled-back", "watch breach: rolled back promote: to previous; On the first release: disable-route"),
    ]
    assert "as the defaults say, halt + alert:" in html
    assert 'aria-label="quality-gate: gate; rejects: quarantined"' in html


def test_each_end_has_its_word_and_its_shape(tmp_path: Path) -> None:
    """Halted, quarantined, rolled back and an end that nobody should want are told apart without colour."""
    html = _drawn(
        tmp_path,
        ("on-fail: halt + alert", "on-fail: quarantine + alert"),
        ("on-reject: quarantine + alert", "on-reject: alert"),
    )
    drawn = dict(re.findall(r'gp-branch-([\w-]+)"><title>.*?gp-branch-end" d="([^"]+)"', html.partition("</svg>")[0]))
    shapes = {end: re.sub(r"[\d.]+", "", path) for end, path in drawn.items()}
    shapes["quarantined"] = re.sub(r"[\d.]+", "", re.findall(r'gp-branch-end" d="([^"]+)"', _drawn(tmp_path / "b"))[0])

    assert set(shapes) == {"halted", "unsafe", "rolled-back", "quarantined"}
    assert len(set(shapes.values())) == 4
    assert ("unsafe", "quality-gate rejects: nothing ends it") in _ends(html)


def test_a_monitor_points_back_at_what_it_rolls_back(tmp_path: Path) -> None:
    """In the row of the promotion its arrow runs back to that one's mark; elsewhere it names the promotion."""
    wide, narrow = re.findall(r'<svg class="gp-graph.*?</svg>', _drawn(tmp_path), re.DOTALL)
    back = r'<title>watch breach[^<]*</title><path class="gp-branch-arrow" d="M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)"'

    assert (found := re.search(back, wide)) is not None
    assert float(found[4]) < float(found[1])
    assert re.search(back, narrow)
    apart = _drawn(tmp_path / "b", ("after: [promote], signals", "after: [], signals"))
    assert re.search(r"<text[^>]*>promote: to previous</text>", apart)


def test_a_gate_may_fail_otherwise_than_it_rejects(tmp_path: Path) -> None:
    """Two ends of one stage stand side by side, each with its cause; without a default every stage has its own."""
    run = "    in: [metrics]\n    run: python gate.py\n    on-fail: halt + alert\n    pass:"
    html = _drawn(tmp_path, ("  on-fail: halt + alert\n", ""), ("    in: [metrics]\n    pass:", run))

    assert [said for _, said in _ends(html) if said.startswith("quality-gate")] == [
        "quality-gate rejects: quarantined",
        "quality-gate fails: halted",
    ]
    assert ("unsafe", "train fails: nothing ends it") in _ends(html)
    assert "The contract has no default for failures" in html


def test_a_screen_in_the_hand_has_a_picture_of_its_own(tmp_path: Path) -> None:
    """Both pictures have the same stages and ends, and share no id."""
    html = _drawn(tmp_path)
    pictures = re.findall(r'<svg class="gp-graph.*?</svg>', html, re.DOTALL)
    ids = [re.findall(r' id="([^"]+)"', picture) for picture in pictures]
    widths = [float(found) for found in re.findall(r'viewBox="0 0 ([\d.]+) ', html)[:1]]

    assert len(pictures) == 2
    assert not set(ids[0]) & set(ids[1])
    assert [picture.count("gp-node-kind") for picture in pictures] == [8, 8]
    assert [picture.count('<g class="gp-branch') for picture in pictures] == [3, 3]
    assert 'viewBox="0 0 384 ' in pictures[1]
    assert widths[0] > 600


def test_the_picture_has_a_description(tmp_path: Path) -> None:
    """Who cannot see it is told each failure branch and the usual end."""
    html = _drawn(tmp_path)
    described = re.search(r'<desc id="gp-graph-ends">(.*?)</desc>', html)

    assert described
    assert "quality-gate rejects: quarantined. promote fails, breach: rolled back to previous." in described[1]
    assert described[1].endswith(
        "A stage that does not succeed ends the run as the defaults say, halt + alert: halted."
    )
    assert 'aria-describedby="gp-graph-ends"' in html
