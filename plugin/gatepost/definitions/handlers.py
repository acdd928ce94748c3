"""The stages of a definition that may run because another has failed, and whether each of them starts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.definition import Definition, RealEdge, RealStage
from gatepost.definitions.github_conditions import answers_failure
from gatepost.definitions.github_elsewhere import AFTER
from gatepost.definitions.github_runs import Runs
from gatepost.definitions.playing import Names
from gatepost.definitions.reach import Reach
from gatepost.definitions.starting import Case, lets_begin, starts
from gatepost.definitions.truth import all_of, any_of

__all__ = ["Handlers"]

_NOT_AFTER_FAILURE: Final = re.compile(
    r"trigger_rule: (?:none_failed|all_success|all_skipped|none_failed_or_skipped|none_failed_min_one_success)\b"
    r"|hooks: [^,]+, .*(?:Succeeded|Running|Pending)"
)
"""What lets a stage run that does not wait for success, and is no answer to a failure."""
_WELL: Final = re.compile(r"status\}\}['\"]?\s*==\s*['\"]?Succeeded\b")
"""A condition of Argo that holds when all is well."""
_FAILED: Final = re.compile(r"Failed|Error")
_RESULTS: Final = {
    True: frozenset({"failure"}),
    False: frozenset({"success"}),
    None: frozenset({"failure", "success"}),
}
"""How a job has ended whose failure counts, does not, or may, in the words of GitHub."""


class Handlers:
    """The handlers of a definition."""

    def __init__(self, definition: Definition, reach: Reach) -> None:
        """Take a definition, and its order."""
        self._definition = definition
        self._reach = reach
        self._stages = {stage.name: stage for stage in definition.stages}
        self._out: dict[str, list[RealEdge]] = defaultdict(list)
        self._into: dict[str, list[RealEdge]] = defaultdict(list)
        for edge in definition.edges:
            self._out[edge.before].append(edge)
            self._into[edge.after].append(edge)
        self._answering = [edge for edge in definition.edges if edge.lets_all_through and self._answers(edge)]
        self._runs = definition.runs
        self._handlers: dict[str, dict[str, bool]] = {}

    @property
    def has_any(self) -> bool:
        """Whether anything in the definition runs after a failure."""
        return bool(self._answering) or any(stage.answers for stage in self._definition.stages)

    def of(self, name: str) -> tuple[RealStage, ...]:
        """Give the stages that may run because one has failed, those behind them included."""
        return tuple(one for one in map(self._stages.__getitem__, self._found(name)) if not _is_left_out(one))

    def starting(self, name: str, case: Case) -> Iterator[tuple[RealStage, bool | None]]:
        """Give the handlers of a stage, each with whether it starts in some case; those that surely do not left out."""
        if self._runs is not None:
            ended = self._runs.after(case.failing, _RESULTS[case.failed])
            told = ((self._stages[one], ended[one].starts) for one in self._found(name))
            yield from ((stage, start) for stage, start in told if start is not False and not _is_left_out(stage))
            return
        known: dict[str, bool | None] = {}
        for handler, is_behind in self._found(name).items():
            stage = self._stages[handler]
            edges = self._into[handler]
            before = [known[edge.before] for edge in edges if edge.before in known] if is_behind else []
            reached = any_of(*before) if before else True
            known[handler] = all_of(reached, lets_begin(self._definition.tool, stage, edges, case, behind=is_behind))
            start = all_of(reached, starts(self._definition.tool, stage, edges, case, behind=is_behind))
            if start is not False and not _is_left_out(stage):
                yield stage, start

    def asked_of(self, stage: RealStage, case: Case) -> Names:
        """Give what the conditions of a job's steps ask of other jobs."""
        if self._runs is None:
            return lambda _: None
        return self._runs.names(stage.name, self._runs.after(case.failing, _RESULTS[case.failed]))

    def _found(self, name: str) -> dict[str, bool]:
        """Give the handlers by name, each with whether it only follows another."""
        if name not in self._handlers and self._runs is not None:
            self._handlers[name] = dict.fromkeys(self._asking(self._runs, name), False)
        if name not in self._handlers:
            found = dict.fromkeys(self._beginning(name), False)
            waiting = list(found)
            while waiting:
                for edge in self._out.get(waiting.pop(0), ()):
                    if edge.after not in found and not edge.lets_all_through:
                        found[edge.after] = True
                        waiting.append(edge.after)
            self._handlers[name] = found
        return self._handlers[name]

    def _asking(self, runs: Runs, name: str) -> Iterator[str]:
        """Give the jobs of GitHub that ask how those before them have ended, and may run where one has failed."""
        ended = runs.after(name, _RESULTS[True])
        behind = self._reach.later(name)
        return (
            one.name
            for one in self._definition.stages
            if one.name in behind and runs.is_answering(one.name) and ended[one.name].starts is not False
        )

    def _beginning(self, name: str) -> Iterator[str]:
        """Give the stages that an edge lets run though the one has failed, or what comes between was left out."""
        later = self._reach.later(name) if self._answering else frozenset()
        for edge in self._answering:
            if edge.before == name or (edge.before in later and not edge.direct):
                yield edge.after

    def _answers(self, edge: RealEdge) -> bool:
        words = edge.weakened or ""
        if self._definition.tool == "github-actions":
            return words == AFTER or answers_failure(words.removeprefix("if: "))
        return not _NOT_AFTER_FAILURE.search(words) or (words.startswith("hooks:") and bool(_FAILED.search(words)))


def _is_left_out(stage: RealStage) -> bool:
    """Tell whether a stage never runs, or only when all is well."""
    return stage.never is not None or bool(_WELL.search(stage.condition or ""))
