"""Time-outs and retries as a draft says them: what most stages share stands under `defaults`, the rest at its stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from gatepost.definitions.compare_numbers import unlimited
from gatepost.definitions.definition import ENDLESS, Definition, RealStage
from gatepost.definitions.draft_text import plain
from gatepost.definitions.guess import stage_kind
from gatepost.definitions.scalars import duration
from gatepost.pipeline import listed
from gatepost.records.pipeline import EXECUTABLE_KINDS

__all__ = ["Numbers"]


_Number = TypeVar("_Number", int | None, float)


class Numbers:
    """The time-outs and retries of a definition."""

    def __init__(self, definition: Definition, stages: tuple[RealStage, ...], names: Mapping[str, str]) -> None:
        """Take a definition.

        Args:
            definition: the definition.
            stages: those of its stages that a draft has.
            names: what the draft calls them.
        """
        self._running = [one for one in stages if one.command or stage_kind(one)[0] in EXECUTABLE_KINDS]
        self._names = names
        self._unlimited, self._by_tool = unlimited(definition, self._running)
        self._limited = [one for one in self._running if one.timeout is None and one.run_limit is not None]
        said = [one.timeout for one in self._running if one.timeout is not None]
        whole = next((one.run_limit for one in self._limited), None)
        self.timeout: float | None = None if self._unlimited else whole or _most(said)
        """What holds for a stage that says nothing else; None where the definition leaves that open."""
        again = [one.retries for one in self._running]
        most = _most(again)
        self.retries = most if None not in again and most != ENDLESS and again.count(most) > 1 else None
        """How often a stage is tried again that says nothing else; None where each says it itself, or none does."""

    def defaults(self) -> Iterator[str]:
        """Give the lines under `defaults`."""
        yield self._default_timeout()
        if self.retries is not None:
            yield f"  retries: {self.retries}"

    def of(self, stage: RealStage) -> Iterator[str]:
        """Give the lines of one stage, where it says something else."""
        if stage.retries == ENDLESS:
            yield "    # it is tried again until it succeeds"
        elif stage.retries is not None and stage.retries != self.retries:
            yield f"    retries: {stage.retries}"
        if stage.timeout is not None and stage.timeout != self.timeout:
            yield f"    timeout: {duration(stage.timeout)}"

    def _default_timeout(self) -> str:
        """Give what the definition or its tool allows, or a question where there is no limit."""
        if self._unlimited and self._by_tool is not None:
            return f"  timeout: {duration(self._by_tool)}   # what the tool itself allows where nothing is said"
        if self._unlimited:
            names = listed([self._names[one] for one in self._unlimited])
            return plain(f"  # timeout: 1h   # here and in the definition, which sets no limit for {names}")
        if self._limited and self.timeout is not None:
            names, limit = listed([self._names[one.name] for one in self._limited]), duration(self.timeout)
            return plain(f"  timeout: {limit}   # the limit of the whole run, for {names}: none has its own")
        return f"  timeout: {duration(self.timeout or 3600)}"


def _most(values: Iterable[_Number]) -> _Number | None:
    """Give the value that stands most often, of several the first; None for none."""
    return next((value for value, _ in Counter(values).most_common(1)), None)
