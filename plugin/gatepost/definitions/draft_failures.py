"""What a definition runs after a failure, as a draft can say it: rollbacks, handlers, and what remains a comment.

Which action a command is, is told by its words, for a person to check. A stage is said to be answered with a command
only where the definition runs it when that stage fails.
"""

from __future__ import annotations

import itertools
import math
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from gatepost.definitions.action_words import action_of
from gatepost.definitions.after_failure import after_success
from gatepost.definitions.answers import Answers
from gatepost.definitions.compare_numbers import limit_of
from gatepost.definitions.definition import Definition, RealStage
from gatepost.definitions.draft_pieces import Pieces
from gatepost.definitions.draft_work import commands_in, work_of
from gatepost.definitions.guess import stage_kind, target_of
from gatepost.definitions.reach import Reach
from gatepost.definitions.sides import GUARDS
from gatepost.pipeline import listed
from gatepost.pipeline.arguments import is_plain
from gatepost.records.expressions import Action

__all__ = ["Failures", "Found", "unseen_answers"]

_HANDLED: Final[tuple[Action, ...]] = ("alert", "page", "quarantine")
_NOTICES: Final[tuple[Action, ...]] = ("alert", "page")


class Found(NamedTuple):
    """A command that runs after a failure."""

    command: str
    action: Action | None
    """What it seems to do; None for something else, or for what only a shell can run."""
    place: str
    """Where the definition says so, for people."""
    only: bool
    """Whether it runs after a failure only."""
    limit: float | None = None
    """How long what runs it may take, in seconds; None where it is part of something else, or that is not said."""


class Failures:
    """The answers of a definition to failures."""

    def __init__(self, definition: Definition, besides: dict[str, bool], pieces: Pieces, reach: Reach) -> None:
        """Take a definition.

        Args:
            definition: the definition.
            besides: its stages that only answer failures, as `after_failure` gives them.
            pieces: the definition as the draft has it.
            reach: the order of the pieces.
        """
        self.besides = besides
        """The stages that only answer failures, by name: no part of the pipeline."""
        self.well = after_success(definition, besides)
        """Those of them that run at the end where all is well, and answer nothing."""
        self.stages = tuple(one for one in pieces.definition.stages if one.name not in besides)
        self._jobs = pieces.jobs
        self._definition = definition
        self._answering = [one for one in definition.stages if one.name in self.besides]
        self._reach = reach
        self._answers = Answers(definition, Reach(definition), frozenset())
        self.targets = {one.name: target for one in self.stages if (target := target_of(one)) is not None}
        """Where each promotion goes to, by its name."""
        self._promotions = [name for name, target in self.targets.items() if target.is_production]
        self._found = {stage.name: tuple(self._of(stage)) for stage in pieces.definition.stages}
        self._answered = self._all_answered()
        """For each command the stages that it answers."""
        found = [one for several in self._found.values() for one in several]
        self.handlers: dict[Action, Found] = {
            action: first for action in _HANDLED if (first := _first(found, action)) is not None
        }
        """The command of each action that has one."""
        backs = list({one.command: one for one in reversed(found) if one.action == "rollback"}.values())[::-1]
        self.rollbacks = {name: back for name in self._promotions if (back := self._back(name, backs)) is not None}
        """How each promotion to production is undone, by its name, where a command tells."""
        self._said = {one.command for one in (*self.handlers.values(), *self.rollbacks.values())}

    def _of(self, stage: RealStage) -> Iterator[Found]:
        """Give the commands that a stage runs after a failure: of its own, or of the stages before it."""
        given = [(one.command, one.line, one.only) for one in stage.answers if one.command]
        given += [(shlex.join(words), one.line, True) for one in stage.answers for words in one.commands]
        if stage.name in self.besides and stage.name not in self.well:
            only = self.besides[stage.name]
            given += [(whole, stage.line, only) for whole in _work(stage)]
        for text, line, only in given:
            for command in commands_in([text]) or [text]:
                action = action_of(command) or (_named(stage, command) if stage.name in self.besides else None)
                said = stage.timeout if stage.timeout is not None else stage.run_limit
                limit = said if stage.name in self.besides else None
                yield Found(command, action, f"{stage.path}:{line}", only, limit)

    def _all_answered(self) -> dict[str, set[str]]:
        """Give for each command the stages in whose failure the definition runs it."""
        answered: dict[str, set[str]] = defaultdict(set)
        for stage in self.stages:
            job, ours = self._jobs.get(stage.name, stage.name), stage.command if stage.name in self._jobs else None
            handlers = [one.name for one in self._answers.handlers.of(job) if one.name in self.besides]
            told = {one.command for name in (stage.name, *handlers) for one in self._found[name]}
            for command in told:
                if self._answers.of(job, command, ours) == "runs":
                    answered[command].add(stage.name)
        return answered

    def _back(self, promotion: str, backs: list[Found]) -> Found | None:
        """Give what undoes a promotion: what is run when it fails itself, or else when what follows it does."""
        behind = self._reach.later(promotion)
        own = (one for one in backs if self._runs(promotion, one))
        late = (one for one in backs if not behind.isdisjoint(self._answered.get(one.command, ())))
        return next(itertools.chain(own, late), None)

    def _runs(self, name: str, found: Found) -> bool:
        return name in self._answered.get(found.command, ())

    def _given(self, stage: RealStage) -> list[Action]:
        """Give the actions whose command the definition runs when a stage fails."""
        return [action for action, found in self.handlers.items() if self._runs(stage.name, found)]

    def _is_rolled_back(self, stage: RealStage) -> bool:
        """Tell whether what was promoted by then is undone when a stage fails, as far as commands tell."""
        happened = [one for one in self._promotions if one == stage.name or stage.name in self._reach.later(one)]
        backs = [self.rollbacks[one] for one in happened if one in self.rollbacks]
        if not backs:
            return stage.name in self._promotions
        return all(self._runs(stage.name, one) for one in backs)

    def on_fail(self, stage: RealStage) -> str:
        """Give what a stage is answered with when it fails; what nothing tells is what it ought to be."""
        given = self._given(stage)
        is_back = self._is_rolled_back(stage)
        away = "quarantine" in given and stage_kind(stage)[0] not in GUARDS
        told = [one for one in _NOTICES if one in given]
        wanted: Action = "page" if is_back else "alert"
        if not told and wanted not in self.handlers:
            told = [wanted]
        return " + ".join(("rollback" if is_back else "quarantine" if away else "halt", *told))

    def on_reject(self, stage: RealStage) -> str:
        """Give what a gate is answered with when it rejects; one that skips in place of failing has no answer."""
        given = [] if stage.rejects_by else self._given(stage)
        away = "quarantine" in given or "quarantine" not in self.handlers
        told = [one for one in _NOTICES if one in given]
        if not told and "alert" not in self.handlers:
            told = ["alert"]
        return " + ".join(("quarantine" if away else "halt", *told))

    def within(self, promotion: str) -> float | None:
        """Give how long what undoes a promotion may take, in seconds; None where no limit is known."""
        command, job = self.rollbacks[promotion].command, self._jobs.get(promotion, promotion)
        own = self._definition.stage(job)
        is_own = own is not None and any(command in (one.command or "") for one in own.answers)
        running = [*([own] if own and is_own else []), *self._answers.running(job, command)]
        limits = [limit_of(self._definition, one) for one in running]
        known = [limit for limit, is_set in limits if limit is not None and not is_set and not math.isinf(limit)]
        return max(known) if known and len(known) == len(limits) else None

    def remaining(self, stage: RealStage) -> Iterator[Found]:
        """Give what a stage runs after a failure and no field of the draft says."""
        return (one for one in self._found[stage.name] if one.command not in self._said)

    def beside(self) -> Iterator[tuple[RealStage, str]]:
        """Give the stages that only answer failures, each with what it runs that no field says."""
        for stage in self._answering:
            if stage.name in self.well:
                yield from ((stage, f": {command}") for command in _work(stage))
            elif not self._found[stage.name]:
                function = f": the function {stage.function.name}" if stage.function is not None else ""
                yield stage, function or ", and what it runs is not seen here"
            for one in self.remaining(stage):
                yield stage, f": {one.command}"


def _work(stage: RealStage) -> list[str]:
    """Give what a stage runs as a whole: the commands of its function, where that surely runs some."""
    if stage.function is not None:
        return [shlex.join(words) for words in (stage.program.commands if stage.program is not None else ())]
    work = work_of(stage)
    whole = work.command or work.several
    return [whole] if whole else []


def _first(found: list[Found], action: Action) -> Found | None:
    """Give the command of an action that stands most often, of several the first."""
    own = [one for one in found if one.action == action]
    count = Counter(one.command for one in own)
    return max(own, key=lambda one: count[one.command], default=None)


def _named(stage: RealStage, command: str) -> Action | None:
    """Give what the one command of a stage does that only answers failures, as the name of the stage tells."""
    return action_of(stage.name) if is_plain(command) and [command] == _work(stage) else None


def unseen_answers(stages: Iterable[RealStage], names: Mapping[str, str]) -> Iterator[str]:
    """Give comments on what may answer failures and shows no command, each once for all stages that it is said of.

    Args:
        stages: the stages of a draft.
        names: what it calls them.
    """
    found: dict[str, dict[str, str]] = {}
    stages = list(stages)
    for stage in stages:
        for answer in stage.answers:
            if not answer.command and not answer.commands:
                found.setdefault(answer.unseen or "", {}).setdefault(names[stage.name], f"{stage.path}:{answer.line}")
    for unseen, places in found.items():
        place = next(iter(places.values()))
        of = "any stage" if len(places) == len(stages) > 1 else listed(list(places))
        told = f"a callback answers a failure of {of}: say under `handlers` what it runs"
        told = f"{unseen} may answer a failure of {of}; what it runs is not seen here" if unseen else told
        yield f"# {place}: {told}"
