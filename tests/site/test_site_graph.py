"""The stage graph: every stage is drawn once, arrows go forwards, nothing covers anything."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from site_logs import parsed, site_of

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


@settings(max_examples=60, deadline=None)
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
