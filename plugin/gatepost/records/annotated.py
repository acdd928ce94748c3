"""Fields that hold an expression: a string in the frontmatter, a parsed value in the record."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from gatepost.records.expressions import (
    Actions,
    Condition,
    Duration,
    ExpressionError,
    RolloutStep,
    parse_actions,
    parse_condition,
    parse_duration,
    parse_rollout_step,
)

__all__ = ["ActionsField", "ConditionField", "DurationField", "RolloutStepField"]

T = TypeVar("T")


def _reads(parse: Callable[[str], T], parsed: type[T]) -> BeforeValidator:
    """Give a validator that parses a string and reports where it stopped understanding."""

    def validate(value: Any) -> T:  # noqa: ANN401 - whatever the frontmatter holds
        if isinstance(value, parsed):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "Input should be a valid string")
        try:
            return parse(value)
        except ExpressionError as error:
            raise PydanticCustomError(
                "expression",
                "{message}",
                {"message": str(error), "offset": error.offset},
            ) from None

    return BeforeValidator(validate, json_schema_input_type=str)


_AS_TEXT = PlainSerializer(str, return_type=str)

ConditionField = Annotated[
    Condition,
    _reads(parse_condition, Condition),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "examples": ["auc >= 0.72", "auc@new >= champion.auc - 0.01"]}),
]
"""A measurable condition: `metric[@slice] operator (number | reference.metric [± number])`."""

DurationField = Annotated[
    Duration,
    _reads(parse_duration, Duration),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?(ms|s|m|h|d)$", "examples": ["10m"]}),
]
"""A length of time: a number and ms, s, m, h or d."""

ActionsField = Annotated[
    Actions,
    _reads(parse_actions, Actions),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "examples": ["halt + alert", "rollback + page"]}),
]
"""What happens on failure: halt, alert, page, quarantine, rollback, retry, joined by `+`."""

RolloutStepField = Annotated[
    RolloutStep,
    _reads(parse_rollout_step, RolloutStep),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "examples": ["1% 30m", "100%"]}),
]
"""One step of a rollout: a percentage of traffic and how long it is held."""
