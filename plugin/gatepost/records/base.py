"""What all records share: strictness, field names, dates, waivers."""

import datetime as dt
import re
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

__all__ = ["PASS_THROUGH", "Day", "Model", "Record", "Text", "Truth", "Waiver", "Whole", "kebab", "no_truth"]

PASS_THROUGH: Final = frozenset(
    {
        "authors",
        "boost",
        "categories",
        "comments",
        "description",
        "draft",
        "hide",
        "icon",
        "layout",
        "links",
        "pin",
        "readtime",
        "render_macros",
        "revision_date",
        "search",
        "slug",
        "social",
        "subtitle",
        "tags",
        "template",
    },
)
"""Frontmatter keys of MkDocs, Material and common plugins: they pass through, as does any `x-` key."""

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def kebab(name: str) -> str:
    """Give the canonical frontmatter key of a field: `decision_makers` is `decision-makers`."""
    return name.rstrip("_").replace("_", "-")


def _day(value: object) -> dt.date:
    if type(value) is dt.date:
        return value
    if isinstance(value, str) and _ISO_DAY.match(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError(
                "day",
                "{value} is not a day of the calendar",
                {"value": value},
            ) from None
    raise PydanticCustomError(
        "day",
        "expected a date like 2026-11-23, found {value}",
        {"value": f"'{value}'"[:60]},
    )


Day = Annotated[dt.date, BeforeValidator(_day, json_schema_input_type=dt.date)]
"""A day of the calendar, written 2026-11-23."""

Truth = Annotated[bool, Field(strict=True)]
"""True or false; neither a number nor a word that could be read as one of them."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number; neither text nor a truth value."""


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "Input should be a valid number")
    return value


no_truth: Final = BeforeValidator(_no_truth)
"""Refuses true and false where a number belongs: Python counts them as 1 and 0."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Words that are not empty."""


class Model(BaseModel):
    """A frozen value whose keys are kebab-case; snake_case is accepted, an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=kebab,
        populate_by_name=True,
        defer_build=True,
        ser_json_inf_nan="strings",
    )


class Waiver(Model):
    """A gate that someone with authority has set aside on this record until a day.

    A waived gate is not met: it is counted apart, with its end date, and comes back when the day has passed.
    """

    gate: Text
    """Name or code of the gate that is set aside, for instance `evidence-backed` or `GP104`."""
    reason: Text
    """Why the team accepts that the gate is not met."""
    approved_by: Text
    """The person who approved it; must hold a role that the policy lets approve waivers."""
    until: Day
    """The last day on which the waiver holds."""


class Record(Model):
    """What every record can carry: a kind, a title and waivers."""

    other_names: ClassVar[dict[str, str]] = {}
    """Keys that other conventions use, and the canonical key each one stands for."""

    title: Text
    """What the record is called; shown wherever the record is linked."""
    waivers: tuple[Waiver, ...] = ()
    """Gates set aside on this record, each with a reason, an approver and an end date."""
    reviewed: Day | None = None
    """The day on which someone last read it against what it rests on, and found that it still holds."""

    @classmethod
    def field_keys(cls) -> frozenset[str]:
        """Give the canonical keys that this kind of record knows."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())

    def key_values(self) -> dict[str, Any]:
        """Give the fields that the author wrote, by canonical key, in the order of the model."""
        return {
            field.alias or name: getattr(self, name)
            for name, field in type(self).model_fields.items()
            if name in self.model_fields_set
        }
