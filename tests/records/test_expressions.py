"""The one-line grammars of a contract: what they read, and at which character they stop."""

from __future__ import annotations

import pytest

from gatepost.records.expressions import (
    ExpressionError,
    parse_actions,
    parse_condition,
    parse_duration,
    parse_rollout_step,
)


@pytest.mark.parametrize(
    ("text", "metric", "part", "operator", "number", "reference"),
    [
        ("auc >= 0.72", "auc", None, ">=", 0.72, None),
        ("auc>=0.72", "auc", None, ">=", 0.72, None),
        ("p99_ms < 50 ms", "p99_ms", None, "<", 50, None),
        ("loss <= 1e-4", "loss", None, "<=", 1e-4, None),
        ("drift == -.5", "drift", None, "==", -0.5, None),
        ("auc@tenure_lt_12m > .7", "auc", "tenure_lt_12m", ">", 0.7, None),
        ("auc >= champion.auc", "auc", None, ">=", 0, "champion.auc"),
        ("auc@new >= champion.auc@new - 0.01", "auc", "new", ">=", -0.01, "champion.auc@new"),
        ("auc != base + 1", "auc", None, "!=", 1, "base"),
        ("recall-at-5/k >= 1", "recall-at-5/k", None, ">=", 1, None),
    ],
)
def test_a_condition(  # noqa: PLR0917, PLR0913 - the columns of the table
    text: str, metric: str, part: str | None, operator: str, number: float, reference: str | None
) -> None:
    """A metric with an optional slice, an operator, and a number or another metric give or take a margin."""
    read = parse_condition(text)
    assert (read.metric, read.slice, read.operator, read.number, read.reference) == (
        metric,
        part,
        operator,
        number,
        reference,
    )
    assert str(read) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("p99_ms < 50 ms", 50),
        ("p99_ms <= 0.05s", 50),
        ("p99_ms@eu > 2min", 120000),
        ("latency.p99_seconds <= 250ms", 0.25),
        ("age-hours < 7d", 168),
        ("missing_share <= 1%", 0.01),
        ("serving_ratio >= 99.5%", 0.995),
        ("missing_pct <= 1%", 1),
        ("error_percent <= 0.5 %", 0.5),
        ("size_mb <= 500MB", 500),
        ("p99_us <= 250us", 250),
        ("p99_us <= 1ms", 1000),
    ],
)
def test_a_unit_is_counted_in_that_of_the_metric(text: str, number: float) -> None:
    """A limit with a unit is compared in the unit that the metric's name ends with; the text stays as written."""
    read = parse_condition(text)
    assert read.number == pytest.approx(number, rel=1e-15)
    assert str(read) == text


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        (
            "auc >= 85%",
            9,
            "auc does not say that it is counted in %: write the bare number, or call the metric auc_pct",
        ),
        (
            "p99 <= 250ms",
            10,
            "p99 does not say that it is counted in ms: write the bare number, or call the metric p99_ms",
        ),
        ("p99_ms > 5%", 10, "% is a percentage, and p99_ms ends with ms: write the number in ms"),
        ("missing_share <= 5 ms", 19, "ms is a length of time, and missing_share ends with share"),
        ("p99_ms < 250m", 12, "m is minutes, and p99_ms is counted in ms: write ms, or s"),
        ("size_mb <= 1GB", 12, "'GB' is no unit that size_mb is counted in"),
        ("auc >= 0.85 banana", 12, "'banana' is no unit that auc is counted in"),
        ("auc >= 0.8 or better", 11, "'or' is no unit that auc is counted in"),
        ("error_rate <= 1%", 15, "error_rate does not say that it is counted in %"),
    ],
)
def test_a_unit_that_does_not_fit_the_metric_is_refused(text: str, offset: int, expected: str) -> None:
    """Nobody guesses in which unit a metric is measured, and a word behind a number is no unit."""
    with pytest.raises(ExpressionError) as error:
        parse_condition(text)
    assert expected in str(error.value)
    assert error.value.offset == offset


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, "expected a metric, like auc at the end"),
        ("0.8 <= auc", 0, "expected a metric, like auc at '0.8 <= auc'"),
        ("auc is high", 4, "expected an operator: <, <=, >, >=, == or != at 'is high'"),
        ("auc = 1", 4, "expected an operator"),
        ("auc >=", 6, "expected a number, or a metric to compare with, like champion.auc at the end"),
        (
            "auc >= 0.85 and recall > 0.3",
            12,
            "expected one condition: each other is an item of its own in the list, at 'and recall > 0.3'",
        ),
        (
            "auc >= 0.85, auc < 0.9",
            11,
            "expected one condition: each other is an item of its own in the list, at ', auc < 0.9'",
        ),
        ("auc >= champion.auc + -0.01", 22, "expected a number after the sign at '-0.01'"),
        ("auc >= champion.auc -", 21, "expected a number after the sign at the end"),
        ("auc >= 1 2", 9, "expected nothing more at '2'"),
        ("auc > nan", None, None),
        ("auc > 1e999", 0, "1e999 is not a finite number"),
    ],
)
def test_where_a_condition_stops(text: str, offset: int | None, expected: str | None) -> None:
    """What cannot be read says what was expected, and where; `nan` is a metric's name, never a number."""
    if expected is None:
        assert parse_condition(text).reference == "nan"
        return
    with pytest.raises(ExpressionError) as error:
        parse_condition(text)
    assert expected in str(error.value)
    assert error.value.offset == offset


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("text", ["auc >= 0", "auc < 1", "auc != 1", "auc >= ref", "auc != ref"])
def test_what_is_no_number_meets_no_condition(text: str, value: float) -> None:
    """NaN and infinity reject, whatever is asked and on whichever side they stand."""
    assert not parse_condition(text).holds(value, 0)
    if " ref" in text:
        assert not parse_condition(text).holds(0, value)


@pytest.mark.parametrize(
    ("text", "below", "at", "above"),
    [
        ("a < 1", True, False, False),
        ("a <= 1", True, True, False),
        ("a > 1", False, False, True),
        ("a >= 1", False, True, True),
        ("a == 1", False, True, False),
        ("a != 1", True, False, True),
        ("a >= b + 1", False, True, True),
    ],
)
def test_each_operator_at_its_limit(text: str, below: bool, at: bool, above: bool) -> None:  # noqa: FBT001 - columns of the table
    """The limit itself, a little less and a little more."""
    condition = parse_condition(text)
    assert [condition.holds(value) for value in (0.999, 1.0, 1.001)] == [below, at, above]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("250ms", 0.25), ("30s", 30), ("10m", 600), ("24h", 86400), ("7d", 604800), ("1.5h", 5400), (" 5s ", 5)],
)
def test_a_duration(text: str, seconds: float) -> None:
    """A number and a unit, from milliseconds to days."""
    read = parse_duration(text)
    assert (read.seconds, str(read)) == (seconds, text.strip())


@pytest.mark.parametrize("text", ["", "10", "m", "10 m", "10min", "-1s", "1e3s", "1w", "٣m", "1..5s", "10m 5s", "1.s"])
def test_what_is_no_duration(text: str) -> None:
    """Anything but one number with one unit is refused."""
    with pytest.raises(ExpressionError, match="is not a duration: expected a number and ms, s, m, h or d"):
        parse_duration(text)


def test_a_duration_has_a_length() -> None:
    """No time at all is refused, and so is more than can be counted."""
    with pytest.raises(ExpressionError, match="'0s' is no time at all"):
        parse_duration("0s")
    with pytest.raises(ExpressionError, match="is longer than can be counted"):
        parse_duration(f"{'9' * 400}d")


def test_actions() -> None:
    """Actions come in the order in which they are written."""
    actions = parse_actions("quarantine + alert")
    assert (actions.steps, "alert" in actions, "page" in actions) == (("quarantine", "alert"), True, False)


@pytest.mark.parametrize(
    ("text", "offset"),
    [("", 0), ("stop", 0), ("halt +", 6), ("halt + + alert", 7), ("halt, alert", 0), ("halt +  cry", 8)],
)
def test_what_is_no_action(text: str, offset: int) -> None:
    """An unknown or missing action is named where it stands."""
    with pytest.raises(ExpressionError, match="is no action: expected one of halt, alert") as error:
        parse_actions(text)
    assert error.value.offset == offset


@pytest.mark.parametrize(
    ("text", "percent", "hold"),
    [("1% 30m", 1, 1800), ("100%", 100, None), ("0.5% 1h", 0.5, 3600), (" 10%  1h ", 10, 3600)],
)
def test_a_rollout_step(text: str, percent: float, hold: float | None) -> None:
    """A share of traffic and how long it is held."""
    step = parse_rollout_step(text)
    assert (step.percent, step.hold.seconds if step.hold else None) == (percent, hold)


@pytest.mark.parametrize("text", ["", "0%", "101%", "10", "10% 1h 2h", "10 % 1h", "-5%", "ten%", "٣%"])
def test_what_is_no_rollout_step(text: str) -> None:
    """More than nothing, at most everything, one hold at most."""
    with pytest.raises(ExpressionError, match="is no rollout step"):
        parse_rollout_step(text)


def test_a_message_does_not_repeat_all_of_a_long_text() -> None:
    """An expression as long as the file is quoted by its beginning."""
    with pytest.raises(ExpressionError) as error:
        parse_condition("x " * 100_000)
    assert len(str(error.value)) < 200
