"""A limit says something when values can be measured that meet it, and values that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.pipeline.limits import says_nothing
from gatepost.records.expressions import parse_condition

METRICS = st.sampled_from(
    ["auc", "roc_auc", "val/accuracy", "precision", "recall_at_fpr1", "f1", "macro_f1", "f1_macro", "accuracy_top5"]
)
OPERATORS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("auc >= 1.2", "never holds"),
        ("auc > 1", "never holds"),
        ("auc <= 1", "holds whatever is measured"),
        ("auc >= 0", "holds whatever is measured"),
        ("auc@new >= -0.1", "holds whatever is measured"),
        ("accuracy <= -1", "never holds"),
        ("accuracy >= 101", "never holds"),
        ("recall != -1", "holds whatever is measured"),
        ("recall == 200", "never holds"),
        ("first_wave_share < 0", "never holds"),
        ("auc_pct >= 110%", "never holds"),
        ("accuracy_pct >= 0.85", "holds whatever is measured"),
        ("accuracy_pct < 0.8", "never holds"),
        ("auc_pct >= 1", "holds whatever is measured"),
        *((one, "") for one in ("auc >= 0.7", "auc >= 1", "auc > 0", "auc >= 87", "auc_pct >= 40%", "accuracy >= 92")),
        *(
            (one, "")
            for one in ("accuracy >= 1.5", "accuracy == 100", "f1_percent >= 92%", "missing_rate <= 0", "share <= 250")
        ),
        *((one, "") for one in ("auc_delta >= -0.01", "delta_auc >= -0.01", "growth_rate >= -2", "brier <= 1.4")),
        *(
            (one, "")
            for one in ("auc >= champion.auc - 0.01", "late_events <= 0", "recalled_parcels <= 200", "psi >= 0")
        ),
        *((one, "") for one in ("precision_bits >= 128", "share_of_change >= -1", "recall_drop >= -1", "wape <= 1.2")),
    ],
)
def test_a_limit_outside_of_what_can_be_measured_says_nothing(condition: str, why: str) -> None:
    """Only of metrics that everybody computes alike is it known what can be measured, on either scale."""
    assert says_nothing(parse_condition(condition)) == why


@given(METRICS, OPERATORS, st.integers(-3000, 3000))
def test_what_it_blames_is_so_for_every_value_on_a_scale_where_the_limit_makes_sense(
    metric: str, operator: str, thousandths: int
) -> None:
    """Between 0 and 1 every value agrees with the reason that is given."""
    condition = parse_condition(f"{metric} {operator} {thousandths / 1000}")
    holding = {condition.holds(value / 200) for value in range(201)}
    expected = {"never holds": {False}, "holds whatever is measured": {True}}
    assert holding == expected.get(says_nothing(condition), holding)


@given(METRICS, OPERATORS, st.integers(1, 999))
def test_a_limit_inside_is_never_blamed(metric: str, operator: str, thousandths: int) -> None:
    """It can be met and missed."""
    assert says_nothing(parse_condition(f"{metric} {operator} {thousandths / 1000}")) == ""
    if thousandths > 10:  # one percent, which is taken for a fraction up to 1
        assert says_nothing(parse_condition(f"{metric}_pct {operator} {thousandths / 10}%")) == ""
