"""A limit says something when values can be measured that meet it, and values that do not."""

from __future__ import annotations

import pytest
from honest_shapes import DATA, LATENCY, PACKAGE, RELEASE, TRAIN
from hypothesis import given
from hypothesis import strategies as st
from short_contracts import contract_of
from ways_around import COMPARED

from gatepost.pipeline import Contract
from gatepost.pipeline.limits import empty_gates, empty_triggers, says_nothing
from gatepost.records import Pipeline
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
        ("auc >= champion.recall", "compares one metric with another"),
        ("p99_ms <= champion.p99_s", "compares one metric with another"),
        ("roc_auc >= champion.auc", ""),
        ("f1_macro >= baseline_f1 - 0.01", ""),
        ("precision >= recall - 0.1", ""),
        ("auc_pr >= champion.auprc", ""),
        ("average_precision >= champion.pr_auc", ""),
        ("auc >= champion.pr_auc", "compares one metric with another"),
        ("val_loss <= champion.log_loss", ""),
        ("f1 >= champion.fscore", ""),
        ("answers_ok >= champion.good_answers", ""),
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


def said(conditions: str, *when: str) -> list[str]:
    """Give what is told of the limits of a gate, and of those of a rollback."""
    stages = DATA + TRAIN + COMPARED + f"quality gate metrics > verdict : {conditions}\n" + PACKAGE + LATENCY + RELEASE
    contract = contract_of(stages)
    data = contract.record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["stages"]["promote"]["rollback"] = {"to": "previous", "when": list(when)}
    contract = Contract(Pipeline.model_validate(data))
    return [one.message for one in (*empty_gates(contract), *empty_triggers(contract))]


@pytest.mark.parametrize(
    ("conditions", "when", "expected"),
    [
        ("error_rate <= 0.01", "error_rate > 2", "promote rolls back when error_rate > 2, which is on another scale"),
        ("auc >= 0.85, auc@new >= 80", "p99_ms > 5", "the gate quality asks for auc@new >= 80, which is on another"),
        ("error_rate >= 0.01", "p99_ms > 5", "the gate quality asks for error_rate >= 0.01, and of error_rate less is"),
        ("availability <= 0.99", "p99_ms > 5", "the gate quality asks for availability <= 0.99, and of availability"),
        ("auc >= 0.7", "availability > 0.99", "promote rolls back when availability > 0.99, and of availability more"),
        ("auc >= 0.7", "psi < 0.2", "promote rolls back when psi < 0.2, and of psi less is better"),
        ("auc >= 0.7", "val_loss < 0.4", "promote rolls back when val_loss < 0.4, and of val_loss less is better"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_told(conditions: str, when: str, expected: str) -> None:
    """One on another scale than a second limit of the metric has, or on the side where it is better."""
    (message,) = said(conditions, when)
    assert message.startswith(expected)


@pytest.mark.parametrize(
    ("conditions", "when"),
    [
        ("error_rate <= 0.5", "error_rate > 1.5"),
        ("error_rate <= 0.01", "error_rate > 0.02"),
        ("error_count <= 0.5", "error_count > 100"),
        ("auc >= 0.85", "auc < 0.8"),
    ],
)
def test_limits_that_may_both_be_meant_are_left_alone(conditions: str, when: str) -> None:
    """A breach is further out than what a gate lets pass, and a count has no scale."""
    assert said(conditions, when) == []


def test_a_gate_that_starts_training_may_ask_for_what_is_bad() -> None:
    """Training starts when what is served has become worse."""
    due = "see data live > seen[error_rate]\ndue gate seen > verdict-due : error_rate >= 0.05\n"
    stages = due + DATA + TRAIN.replace("verdict-data", "verdict-data verdict-due")
    assert list(empty_gates(contract_of(stages))) == []
