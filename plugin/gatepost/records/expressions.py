"""The one-line grammars of a stage contract: conditions, durations, actions, rollout steps.

    condition   metric[@slice] operator (number[unit of the metric] | reference.metric [± number])
    duration    250ms 30s 10m 24h 7d
    actions     halt + alert
    rollout     1% 30m

Each has a parser that gives a frozen value, or raises `ExpressionError` with the character at
which it stopped understanding and the form that it expected there.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from gatepost.records.units import UnitError, in_unit_of

__all__ = [
    "ACTIONS",
    "Action",
    "Actions",
    "Condition",
    "Duration",
    "ExpressionError",
    "Operator",
    "RolloutStep",
    "parse_actions",
    "parse_condition",
    "parse_duration",
    "parse_rollout_step",
]

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Action = Literal["halt", "alert", "page", "quarantine", "rollback", "retry"]
ACTIONS: Final[tuple[Action, ...]] = ("halt", "alert", "page", "quarantine", "rollback", "retry")

_LONGEST_QUOTE: Final = 80
"""So much of an expression is repeated in a message, in characters."""
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NAME: Final = re.compile(r"[A-Za-z_][\w/-]*(?:\.[A-Za-z_][\w/-]*)*")
_SLICE: Final = re.compile(r"@[\w=<>.,:/-]*[\w]")
_OPERATOR: Final = re.compile(r"<=|>=|==|!=|<|>")
_UNSIGNED: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBER: Final = re.compile(rf"[+-]?{_UNSIGNED.pattern}")
_UNIT: Final = re.compile(r"%|[A-Za-z]+")
_ANOTHER: Final = re.compile(r"and\b|[,;&]", re.IGNORECASE)
_ONE_EACH: Final = "one condition: each other is an item of its own in the list,"
_SIGN: Final = re.compile(r"[+-]")
_SPACE: Final = re.compile(r"\s*")
_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)\Z")
_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)%\Z")


class ExpressionError(ValueError):
    """An expression that cannot be read; `offset` counts characters from its start."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; `text` is how the author wrote it."""

    seconds: float
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Condition:
    """What a metric must be: compared with a number, or with another metric give or take a margin."""

    metric: str
    slice: str | None
    operator: Operator
    number: float
    """The threshold in the metric's unit, or the signed margin when `reference` is given."""
    reference: str | None
    """The metric compared with, for instance `champion.auc`; None when compared with a number."""
    text: str

    @property
    def key(self) -> str:
        """The metric with its slice, as an artifact lists it: `auc@tenure_lt_12m`."""
        return f"{self.metric}@{self.slice}" if self.slice else self.metric

    def holds(self, value: float, reference: float = 0.0) -> bool:
        """Tell whether a measured value meets the condition; NaN and infinity never do."""
        if not (math.isfinite(value) and math.isfinite(reference)):
            return False
        limit = reference + self.number if self.reference else self.number
        compare = {
            "<": value < limit,
            "<=": value <= limit,
            ">": value > limit,
            ">=": value >= limit,
            "==": value == limit,
            "!=": value != limit,
        }
        return compare[self.operator]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Actions:
    """What happens when a stage does not succeed, in order."""

    steps: tuple[Action, ...]
    text: str

    def __contains__(self, action: str) -> bool:
        return action in self.steps

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class RolloutStep:
    """A share of traffic and how long it is held; the last step has no hold."""

    percent: float
    hold: Duration | None
    text: str

    def __str__(self) -> str:
        return self.text


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def parse_duration(text: str) -> Duration:
    """Read a duration such as `250ms`, `30s`, `10m`, `24h` or `7d`.

    Raises:
        ExpressionError: it is something else, or is not longer than nothing.
    """
    match = _DURATION.match(text.strip())
    if not match:
        message = f"'{_short(text)}' is not a duration: expected a number and ms, s, m, h or d, like 10m"
        raise ExpressionError(message, 0)
    seconds = float(match[1]) * _SECONDS[match[2]]
    if not math.isfinite(seconds):
        message = f"'{_short(text)}' is longer than can be counted"
        raise ExpressionError(message, 0)
    if seconds <= 0:
        message = f"'{_short(text)}' is no time at all: expected more than zero"
        raise ExpressionError(message, 0)
    return Duration(seconds, text.strip())


class _Scanner:
    """Reads one token after another and says where it stopped."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def take(self, pattern: re.Pattern[str], *, space: bool = True) -> str | None:
        if space and (gap := _SPACE.match(self.text, self.at)):
            self.at = gap.end()
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def need(self, pattern: re.Pattern[str], expected: str) -> str:
        token = self.take(pattern)
        if token is None:
            raise self.error(expected)
        return token

    def error(self, expected: str) -> ExpressionError:
        found = self.text[self.at : self.at + 20].strip()
        place = f"at '{found}'" if found else "at the end"
        return ExpressionError(f"'{_short(self.text)}': expected {expected} {place}", self.at)

    def finish(self, expected: str) -> None:
        self.take(_SPACE)
        if self.at != len(self.text):
            raise self.error(expected)


def parse_condition(text: str) -> Condition:
    """Read a condition such as `auc >= 0.72` or `auc@new >= champion.auc - 0.01`.

    Raises:
        ExpressionError: it does not have that form.
    """
    scan = _Scanner(text)
    metric = scan.need(_NAME, "a metric, like auc")
    part = scan.take(_SLICE, space=False)
    operator = cast("Operator", scan.need(_OPERATOR, "an operator: <, <=, >, >=, == or !="))
    reference = None
    number = scan.take(_NUMBER)
    if number is None:
        reference = scan.need(_NAME, "a number, or a metric to compare with, like champion.auc")
        other = scan.take(_SLICE, space=False)
        reference += other or ""
        sign = scan.take(_SIGN)
        number = sign + scan.need(_UNSIGNED, "a number after the sign") if sign else "0"
    value = float(number)
    if not math.isfinite(value):
        message = f"'{_short(text)}': {_short(number)} is not a finite number"
        raise ExpressionError(message, 0)
    if reference is None:
        value = _counted(scan, metric, value)
    scan.take(_SPACE)
    scan.finish(_ONE_EACH if _ANOTHER.match(text, scan.at) else "nothing more")
    return Condition(metric, part[1:] if part else None, operator, value, reference, text)


def _counted(scan: _Scanner, metric: str, number: float) -> float:
    """Give a number in the unit of its metric; what is no unit at all is left to be read."""
    before = scan.at
    unit = scan.take(_UNIT)
    if unit is None:
        return number
    at = scan.at - len(unit)
    try:
        return in_unit_of(metric, number, unit)
    except UnitError as error:
        if _ANOTHER.match(scan.text, at):
            scan.at = before
            return number
        message = f"'{_short(scan.text)}': {error}"
        raise ExpressionError(message, at) from error


def parse_actions(text: str) -> Actions:
    """Read the actions of a handler, joined by `+`: `quarantine + alert`.

    Raises:
        ExpressionError: an action is unknown or missing.
    """
    steps: list[Action] = []
    offset = 0
    for part in text.split("+"):
        name = part.strip()
        if name not in ACTIONS:
            message = f"'{_short(name)}' is no action: expected one of {', '.join(ACTIONS)}, joined by +"
            raise ExpressionError(message, offset + len(part) - len(part.lstrip()))
        steps.append(name)
        offset += len(part) + 1
    return Actions(tuple(steps), text.strip())


def parse_rollout_step(text: str) -> RolloutStep:
    """Read one step of a rollout: a percentage of traffic, then how long it is held (`10% 1h`).

    Raises:
        ExpressionError: it has another form, or is not between 0 and 100 percent.
    """
    parts = text.split()
    match = _PERCENT.match(parts[0]) if parts else None
    if not match or len(parts) > 2 or not 0 < float(match[1]) <= 100:  # noqa: PLR2004 - a share and a hold; percent
        message = f"'{_short(text)}' is no rollout step: expected a percentage and a duration, like 10% 1h"
        raise ExpressionError(message, 0)
    hold = parse_duration(parts[1]) if len(parts) > 1 else None
    return RolloutStep(float(match[1]), hold, text.strip())
