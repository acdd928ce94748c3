"""`verification-measurable`: criteria that can be measured, and measurements that meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import TODAY, check_tree, checked, clean_log, findings, said, write_tree

GATE = "verification-measurable"
CHECKLIST = "churn/checklist.md"


def item(**keys: object) -> dict[str, str]:
    """Give the clean log with a checklist of one item."""
    lines = "".join(f"    {key.replace('_', '-')}: {value}\n" for key, value in keys.items())
    front = (
        f"kind: checklist\ntitle: Before the release\nitems:\n  - id: CHK-1\n    criterion: It is good enough\n{lines}"
    )
    return {**clean_log(), CHECKLIST: f"---\n{front}---\n\n# Before the release\n"}


def auc(measured: object, operator: str = ">=", threshold: object = 0.72, **more: object) -> dict[str, str]:
    """Give the clean log with one measured item."""
    return item(
        metric="auc", operator=f'"{operator}"', threshold=threshold, measured=measured, measured_on=TODAY, **more
    )


@pytest.mark.parametrize(
    ("measured", "operator", "met"),
    [
        (0.72, ">=", True),
        (0.7199, ">=", False),
        (0.72, ">", False),
        (0.72, "<=", True),
        (0.72, "<", False),
        (0.72, "==", True),
        (0.72, "!=", False),
        (0.5, "!=", True),
        (".nan", ">=", False),
        (".nan", "!=", False),
        (".inf", ">=", False),
        ("-.inf", "<=", False),
    ],
)
def test_the_measured_value_meets_the_threshold(measured: object, operator: str, met: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """At the threshold the operator decides; NaN and infinity never pass."""
    assert (said(checked(tmp_path, auc(measured, operator)), GATE) == []) == met


@pytest.mark.parametrize("threshold", [".nan", ".inf", "-.inf"])
def test_a_threshold_is_finite(threshold: str, tmp_path: Path) -> None:
    """A threshold that nothing or everything meets is a finding, once."""
    (message,) = said(checked(tmp_path, auc(0.7, threshold=threshold)), GATE)
    assert message.startswith("CHK-1: the threshold is ")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ["CHK-1 is not measurable: 'It is good enough'"]),
        ({"metric": "auc", "threshold": 1}, ["CHK-1 is not measurable: 'It is good enough'"]),
        ({"command": "make smoke"}, ["CHK-1 is not measurable: 'It is good enough'"]),
        ({"command": "make smoke", "expect": "ok"}, []),
        ({"command": "make", "expect": "ok", "result": "ok", "measured-on": "2026-11-02"}, []),
        (
            {"command": "make", "expect": "ok", "result": "failed", "measured-on": "2026-11-02"},
            ["CHK-1: the result is 'failed', but 'ok' is asked for"],
        ),
        ({"metric": "auc", "operator": '">="', "threshold": 0.7}, []),
    ],
)
def test_an_item_is_measurable(keys: dict[str, object], expected: list[str], tmp_path: Path) -> None:
    """A metric with operator and threshold, or a command with what to expect."""
    assert said(checked(tmp_path, item(**keys)), GATE) == expected


def test_a_slice_is_named_in_the_finding(tmp_path: Path) -> None:
    """A value that fails on a part of the data says on which."""
    (message,) = said(checked(tmp_path, auc(0.6, slice="new")), GATE)
    assert message == "CHK-1: measured 0.6, but auc@new >= 0.72 is asked for"


@pytest.mark.parametrize(
    ("on", "message"),
    [
        (None, "was measured, but not said when"),
        ("2026-11-25", "in the future"),
        ("2026-11-24", None),
        ("2026-11-23", None),
    ],
)
def test_a_measurement_has_a_day(on: str | None, message: str | None, tmp_path: Path) -> None:
    """When it was taken is written down, and is today at the latest; east of here that is tomorrow."""
    keys = {"metric": "auc", "operator": '">="', "threshold": 0.7, "measured": 0.8}
    found = said(checked(tmp_path, item(**keys, **({"measured_on": on} if on else {}))), GATE)
    assert [message in one for one in found if message] == ([True] if message else [])
    assert len(found) == (1 if message else 0)


@pytest.mark.parametrize(
    ("measured", "pointer", "message"),
    [
        (0.7641, "/auc", None),
        (0.764, "/auc", None),
        (0.76, "/auc", None),
        (0.77, "/auc", "measured is 0.77, but evidence/metrics.json#/auc has 0.7641"),
        (48210, "/rows", None),
        (48000, "/rows", "measured is 48000, but evidence/metrics.json#/rows has 48210"),
        (0.764, "/roc", "the number evidence/metrics.json#/roc was not found: it has nothing at /roc"),
        (0.764, "/minutes", "what it has at /minutes is not a number"),
    ],
)
def test_the_measured_value_is_the_one_in_the_file(
    measured: float, pointer: str, message: str | None, tmp_path: Path
) -> None:
    """The file's number, rounded to the digits that are written, is the measured one."""
    found = said(checked(tmp_path, auc(measured, ">", 0, evidence=f"evidence/metrics.json#{pointer}")), GATE)
    assert len(found) == (1 if message else 0)
    assert message is None or message in found[0]


def test_rounding_does_not_lift_a_value_over_the_threshold(tmp_path: Path) -> None:
    """0.7641 written as 0.8 is rounded honestly, and still below 0.77."""
    found = said(checked(tmp_path, auc(0.8, ">=", 0.77, evidence="evidence/metrics.json#/auc")), GATE)
    assert found == [
        "CHK-1: evidence/metrics.json#/auc has 0.7641, and auc >= 0.77 holds only for the rounded 0.8",
    ]


def test_a_missing_file_is_one_finding(tmp_path: Path) -> None:
    """That the cited file is not there is told by `links-resolve` alone."""
    report = checked(tmp_path, auc(0.764, evidence="evidence/gone.json#/auc"))
    assert [one.gate.id for one in report.findings] == ["links-resolve"]


def test_each_item_is_looked_at(tmp_path: Path) -> None:
    """Two items that fail are two findings, each at its own item."""
    files = auc(0.6)
    files[CHECKLIST] = files[CHECKLIST].replace("---\n\n#", "  - {id: CHK-2, criterion: It is robust}\n---\n\n#")
    found = findings(check_tree(write_tree(tmp_path, files)), GATE)
    assert [one.field for one in found] == ["items.0.measured", "items.1"]
