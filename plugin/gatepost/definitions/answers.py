"""What a real definition does when one of its stages fails: which handlers run, and whether they run a command."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final, Literal

from gatepost.definitions.commands import runs
from gatepost.definitions.definition import Answer, Definition, RealEdge, RealStage
from gatepost.definitions.failures import failure_of
from gatepost.definitions.github_answers import answers_failure
from gatepost.definitions.reach import Reach

__all__ = ["Answered", "Answers"]

Answered = Literal["runs", "open", "absent"]
"""Whether a command runs when a stage fails: its text shows it; it cannot be told; it surely does not."""

_NOT_AFTER_FAILURE: Final = re.compile(
    r"trigger_rule: (?:none_failed|all_success|all_skipped|none_failed_or_skipped|none_failed_min_one_success)\b"
    r"|needs: optional: true|hooks: [^,]+, .*(?:Succeeded|Running|Pending)"
)
"""What lets a stage run that does not wait for success, and is no answer to a failure."""
_WELL: Final = re.compile(r"status\}\}['\"]?\s*==\s*['\"]?Succeeded\b")
"""A condition of Argo that holds when all is well."""
_WORD: Final = re.compile(r"[^\s'\"(),\[\]{};]+")
_FAILED: Final = re.compile(r"Failed|Error")
_ON_FAILURE: Final = re.compile(r"\|\||\btrap\b|\bif\b")
"""What in a script may run something because something before it has failed."""
_SAYS_ONLY: Final = frozenset({"echo", "printf", "true", ":", "#", "exit"})
_LINES: Final = re.compile(r"\n|&&|\|\||;|\|")


class Answers:
    """The handlers of a definition."""

    def __init__(self, definition: Definition, reach: Reach, vouched: frozenset[str]) -> None:
        """Take a definition.

        Args:
            definition: the definition.
            reach: its order.
            vouched: the stages that the contract names as beside it: what cannot be read of them is taken to be right.
        """
        self._definition = definition
        self._reach = reach
        self._vouched = vouched
        self._stages = {stage.name: stage for stage in definition.stages}
        self._out: dict[str, list[RealEdge]] = defaultdict(list)
        for edge in definition.edges:
            self._out[edge.before].append(edge)
        self._answering = [edge for edge in definition.edges if edge.lets_all_through and self._answers(edge)]
        self._handlers: dict[str, tuple[RealStage, ...]] = {}
        self._known: dict[tuple[str, str], Answered] = {}

    @property
    def has_any(self) -> bool:
        """Whether anything in the definition runs after a failure."""
        return bool(self._answering) or any(stage.answers for stage in self._definition.stages)

    def of(self, name: str, command: str) -> Answered:
        """Tell whether a command runs when a stage fails."""
        stage = self._stages[name]
        told = [_of_answer(one, command) for one in stage.answers]
        told += [self._does(one, command) for one in self.handlers(name)]
        if _ON_FAILURE.search(stage.command or "") and _mentions(stage.command or "", command):
            told.append("runs")
        if stage.hidden:
            told.append("open")
        return "runs" if "runs" in told else "open" if "open" in told else "absent"

    def running(self, name: str, command: str) -> list[RealStage]:
        """Give the stages that run a command when one has failed."""
        return [one for one in self.handlers(name) if self._does(one, command) == "runs"]

    def _does(self, stage: RealStage, command: str) -> Answered:
        key = (stage.name, command)
        if key not in self._known:
            self._known[key] = self._of_stage(stage, command)
        return self._known[key]

    def handlers(self, name: str) -> tuple[RealStage, ...]:
        """Give the stages that may run because one has failed, those behind them included."""
        if name not in self._handlers:
            found = dict.fromkeys(self._beginning(name))
            waiting = list(found)
            while waiting:
                for edge in self._out.get(waiting.pop(), ()):
                    if edge.after not in found and not edge.lets_all_through:
                        found[edge.after] = None
                        waiting.append(edge.after)
            self._handlers[name] = tuple(one for one in map(self._stages.__getitem__, found) if not _is_left_out(one))
        return self._handlers[name]

    def _beginning(self, name: str) -> Iterator[str]:
        """Give the stages that an edge lets run though the one has failed, or what comes between was left out."""
        later = self._reach.later(name) if self._answering else frozenset()
        for edge in self._answering:
            if edge.before == name or (edge.before in later and not edge.direct):
                yield edge.after

    def _answers(self, edge: RealEdge) -> bool:
        words = edge.weakened or ""
        if self._definition.tool == "github-actions":
            return answers_failure(words.removeprefix("if: ")) or "result" in words
        return not _NOT_AFTER_FAILURE.search(words) or (words.startswith("hooks:") and bool(_FAILED.search(words)))

    def _of_stage(self, stage: RealStage, command: str) -> Answered:
        text = stage.command or ""
        if text and _mentions(text, command) and _is_reached(stage, command):
            return "runs"
        if any(not one.is_shell and _is_put_together(_WORD.findall(one.text), command) for one in stage.scripts):
            return "runs"
        as_program = _of_answer(stage.program, command) if stage.program else "absent"
        if as_program == "runs":
            return "runs"
        is_unread = self._definition.tool == "airflow" and bool(text) and not stage.scripts and not stage.program
        is_open = stage.hidden or stage.unseen or stage.is_told or is_unread or as_program == "open"
        return ("runs" if stage.name in self._vouched else "open") if is_open else "absent"


def _is_left_out(stage: RealStage) -> bool:
    """Tell whether a stage never runs, or only when all is well."""
    return stage.never is not None or bool(_WELL.search(stage.condition or ""))


def _of_answer(answer: Answer, command: str) -> Answered:
    if answer.command and _mentions(answer.command, command):
        return "runs"
    if answer.words and _is_put_together(answer.words, command):
        return "runs"
    return "open" if answer.unseen else "absent"


def _is_reached(stage: RealStage, command: str) -> bool:
    """Tell whether a handler that has a command in its text runs it at all."""
    failure = failure_of(stage, command)
    return failure is None or failure.fate != "never"


def _mentions(text: str, command: str) -> bool:
    """Tell whether commands run another one, perhaps with more arguments; what is only printed does not count."""
    if runs(text, command):
        return True
    wanted = _words(command)
    return any(_holds(_words(part), wanted) for part in _LINES.split(text.replace("\\\n", " ")))


def _holds(words: list[str], wanted: list[str]) -> bool:
    places = (place for place in range(len(words) - len(wanted) + 1) if words[place : place + len(wanted)] == wanted)
    return any(_SAYS_ONLY.isdisjoint(words[:place]) for place in places)


def _words(text: str) -> list[str]:
    return text.translate(str.maketrans("", "", "\"'\\{}()")).split()


def _is_put_together(words: Collection[str], command: str) -> bool:
    """Tell whether a program holds each word of a command; a path may be put together, and Python is at hand."""
    known = {word.rpartition("/")[2] for word in words} | set(words)
    try:
        wanted = shlex.split(command)
    except ValueError:
        wanted = command.split()
    said = wanted[1:] if len(wanted) > 1 and wanted[0].startswith("python") else wanted
    return all(one in known or one.rpartition("/")[2] in known for one in said)
