"""The follow-up record: something that was promised."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from gatepost.records.base import Day, Record, Text
from gatepost.records.ids import Ref

__all__ = ["FollowUp", "FollowUpStatus"]

FollowUpStatus = Literal["open", "in-progress", "done", "dropped"]


class FollowUp(Record):
    """Work that a decision or a risk left to be done, with who owes it and by when."""

    kind: Literal["follow-up"] = "follow-up"
    """Which kind of record this is."""
    id: Ref
    """The record's id, `FU-` and a number; taken from the file's name when left out."""
    status: FollowUpStatus
    """Where it stands: open, in-progress, done or dropped."""
    owner: Text | None = None
    """The person or team that owes it."""
    due: Day | None = None
    """The day by which it is done."""
    verification: Text | None = None
    """How one can see that it was done."""
    outcome: Text | None = None
    """What came of it. Required when the status is done or dropped."""
    decisions: tuple[Ref, ...] = ()
    """The decisions that it comes from."""
    risks: tuple[Ref, ...] = ()
    """The risks that it treats."""

    @model_validator(mode="after")
    def _says_what_came_of_it(self) -> Self:
        if not self.is_live and not self.outcome:
            raise PydanticCustomError(
                "outcome",
                "outcome: a follow-up that is {status} says what came of it",
                {"status": self.status},
            )
        return self

    @property
    def is_live(self) -> bool:
        """Whether it is still owed."""
        return self.status in {"open", "in-progress"}
