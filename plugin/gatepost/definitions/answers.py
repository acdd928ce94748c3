"""What a real definition does when one of its stages fails: which handlers run, and whether they run a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from gatepost.definitions.action_words import is_named_otherwise
from gatepost.definitions.answer_texts import HOW_IT_ENDED, Answered, answered, in_text, mentioned, of_answer, weakest
from gatepost.definitions.definition import Definition, RealStage
from gatepost.definitions.followed import folder_of
from gatepost.definitions.handlers import Handlers
from gatepost.definitions.mentions import are_words_of, is_put_together, mentions, words_in
from gatepost.definitions.playing import command_fails, play_job, starts_with, steps_of, surely
from gatepost.definitions.reach import Reach
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.shell import Fails, Played, Ran, ShellError, Where
from gatepost.definitions.starting import Case
from gatepost.records.expressions import Action

__all__ = ["Answers"]

_BEST: Final[tuple[Answered, ...]] = ("runs", "vouched", "open")
_ON_FAILURE: Final = re.compile(r"\|\||\btrap\b|\bif\b")
"""What in a script may run something because something before it has failed."""
_HANDED: Final = re.compile(r"\{\{\$")
"""What a command of Kubeflow is handed, which may be how the run has ended."""
_SURE: Final = {"allow_failure: true", "continue-on-error: true", "continue-on-error: True"}
"""What surely lets a failure count as success."""


class Answers:
    """The handlers of a definition."""

    def __init__(
        self,
        definition: Definition,
        reach: Reach,
        vouched: frozenset[str] = frozenset(),
        actions: Mapping[str, Action] = MappingProxyType({}),
        files: ScriptFiles | None = None,
    ) -> None:
        """Take a definition.

        Args:
            definition: the definition.
            reach: its order.
            vouched: the stages that the contract names as beside it: what cannot be read of them is taken to be right,
                unless their names say that they do something else.
            actions: the action that each command of the contract stands for.
            files: the files of the repository, to look into what handlers run.
        """
        self._definition = definition
        self._reach = reach
        self._vouched = vouched
        self._files = files
        self._actions = actions
        self._stages = {stage.name: stage for stage in definition.stages}
        self.handlers = Handlers(definition, reach)
        self._known: dict[tuple[str, str, str], Answered] = {}
        self._failed: dict[tuple[str, str], Played | None] = {}
        self._ran: dict[tuple[str, str, bool | None], tuple[Ran, ...] | None] = {}

    def of(self, name: str, command: str, ours: str | None = None, *, forgives: str | None = None) -> Answered:
        """Tell whether a command runs when a stage fails.

        Args:
            name: the stage.
            command: the command of the answer.
            ours: the command of the contract that fails in it, where it has one.
            forgives: what `forgiven` says of it, or by which words its rejection skips it.
        """
        stage = self._stages[name]
        is_skipped = forgives is not None and forgives == stage.rejects_by
        told = [] if is_skipped else [*self._own(stage, command, ours, is_hidden=forgives is not None)]
        failed = True if forgives is None else False if _is_hidden(forgives, ours) else None
        case = Case(name, failed, self._reach.stopped(name), stage.condition or "")
        told += [weakest(self._does(one, command, case), start) for one, start in self.handlers.starting(name, case)]
        if stage.hidden:
            told.append("open")
        return next((one for one in _BEST if one in told), "absent")

    def forgiven(self, name: str, ours: str | None) -> str | None:
        """Say why nothing outside of a stage learns that a command has failed in it, surely or perhaps."""
        stage = self._stages[name]
        if stage.forgiven:
            return stage.forgiven
        played = self._failing(stage, ours)
        if played is None or played.failed is True:
            return None
        return _hidden(ours) if played.failed is False else f"whether a failure of `{ours}` gets out is not known"

    def running(self, name: str, command: str) -> list[RealStage]:
        """Give the stages that run a command when one has failed; where none is shown, those that are vouched for."""
        told = self._surely_started(name, command)
        shown = [one for one, does in told if does == "runs"]
        return shown or [one for one, does in told if does == "vouched"]

    def _surely_started(self, name: str, command: str) -> list[tuple[RealStage, Answered]]:
        """Give the handlers that surely start when a stage has failed, with what is known of a command in each."""
        case = Case(name, True, self._reach.stopped(name), self._stages[name].condition or "")  # noqa: FBT003 - what became of it
        return [(one, self._does(one, command, case)) for one, start in self.handlers.starting(name, case) if start]

    def surely_runs(self, name: str, command: str, ours: str | None) -> bool:
        """Tell whether the text shows that a command runs when a stage fails, whichever stage that is."""
        stage = self._stages[name]
        if stage.hidden or stage.forgiven:
            return False
        played = self._failing(stage, ours)
        if played is not None and played.failed is True and surely(played.ran, mentioned(command)):
            return True
        callbacks = (one for one in stage.answers if not one.condition and one.commands and not stage.steps)
        if any(are_words_of(words, command) for one in callbacks for words in one.commands):
            return True
        shown = (one for one, does in self._surely_started(name, command) if does == "runs")
        return any(not (one.is_told or _HANDED.search(one.command or "")) for one in shown)

    def after_good(self, name: str, command: str) -> RealStage | None:
        """Give what surely runs a command once a stage has succeeded, though it answers a failure; None for nothing."""
        stage = self._stages[name]
        case = Case("", failed=False, stopped=frozenset(), condition=stage.condition or "")
        wanted = mentioned(command)
        if not stage.is_told and surely(self._well(stage, case) or (), wanted):
            return stage
        texts = [one.command for one in stage.answers if one.command and not one.condition]
        if not stage.steps and any(HOW_IT_ENDED not in text and in_text(text, command) == "runs" for text in texts):
            return stage
        for one, start in self.handlers.starting(name, case):
            is_run = surely(self._well(one, case) or (), wanted)
            if start and is_run and not one.is_told and not self._stops(one.name, name):
                return one
        return None

    def _stops(self, handler: str, name: str) -> bool:
        """Tell whether a handler does not come behind a stage, so that its end is no answer to it."""
        return handler not in self._reach.later(name)

    def _own(self, stage: RealStage, command: str, ours: str | None, *, is_hidden: bool) -> Iterator[Answered]:
        """Tell what a stage runs itself when it has failed; that it hides its failure may be told elsewhere."""
        played = self._failing(stage, ours)
        if played is not None and played.failed is not True and not is_hidden:
            yield answered(surely(played.ran, mentioned(command)))
            played = None
        is_played = played is not None and surely(played.ran, command_fails(ours)) is not False
        if played is not None and is_played:
            yield answered(surely(played.ran, mentioned(command)))
        elif _ON_FAILURE.search(stage.command or "") and mentions(stage.command or "", command):
            yield "runs"
        for one in stage.answers:
            if is_played and stage.steps and one.command and not one.unseen:
                continue
            start = starts_with(one.condition, True) if one.condition else True  # noqa: FBT003
            yield weakest(of_answer(one, command), start)

    def _failing(self, stage: RealStage, ours: str | None) -> Played | None:
        """Play a stage in which a command fails; None where that is not followed, or the command is not found."""
        if ours is None:
            return None
        key = (stage.name, ours)
        if key not in self._failed:
            fails = command_fails(ours)
            try:
                played = self._play(stage, fails, Case("", failed=False, stopped=frozenset()))
            except ShellError:
                self._failed[key] = None
            else:
                self._failed[key] = played if surely(played.ran, fails) is not False else None
        return self._failed[key]

    def _play(self, stage: RealStage, fails: Fails, case: Case) -> Played:
        where = Where(self._files, folder_of(stage))
        return play_job(steps_of(stage), fails, self.handlers.asked_of(stage, case), where)

    def _well(self, stage: RealStage, case: Case) -> tuple[Ran, ...] | None:
        """Give what a handler runs where nothing fails in it; None where that is not followed. It is played once."""
        asks = any("needs" in step.condition for step in stage.steps)
        key = (stage.name, case.failing if asks else "", case.failed if asks else None)
        if key not in self._ran:
            try:
                self._ran[key] = self._play(stage, command_fails(None), case).ran
            except ShellError:
                self._ran[key] = None
        return self._ran[key]

    def _does(self, stage: RealStage, command: str, case: Case) -> Answered:
        asks = any("needs" in step.condition for step in stage.steps)
        key = (stage.name, command, case.failing if asks else "")
        if key not in self._known:
            self._known[key] = self._of_stage(stage, command, case)
        return self._known[key]

    def _of_stage(self, stage: RealStage, command: str, case: Case) -> Answered:
        if stage.command and mentions(stage.command, command):
            told = self._in_handler(stage, command, case)
            if told != "absent":
                return told
        if any(not one.is_shell and is_put_together(words_in(one.text), command) for one in stage.scripts):
            return "runs"
        as_program = of_answer(stage.program, command) if stage.program else "absent"
        if as_program == "runs":
            return "runs"
        if (told := self._opened(stage, command, case)) != "absent":
            return told
        is_unread = self._definition.tool == "airflow" and bool(stage.command) and not stage.scripts
        is_unread = is_unread and not stage.program
        is_open = stage.hidden or stage.unseen or stage.is_told or is_unread or as_program == "open"
        return ("vouched" if self._vouches(stage, command) else "open") if is_open else "absent"

    def _vouches(self, stage: RealStage, command: str) -> bool:
        """Tell whether the contract vouches for a stage that cannot be read, and its name is not for something else."""
        action = self._actions.get(command)
        text = f"{stage.name} {stage.unseen or ''} {stage.hidden or ''}"
        return stage.name in self._vouched and (action is None or not is_named_otherwise(text, action))

    def _opened(self, stage: RealStage, command: str, case: Case) -> Answered:
        """Tell whether a handler runs a command in a file of the repository that it opens, or in one not seen."""
        ran = self._well(stage, case) or ()
        told = answered(surely(ran, mentioned(command)))
        return "open" if told == "absent" and any(one.unseen for one in ran) else told

    def _in_handler(self, stage: RealStage, command: str, case: Case) -> Answered:
        """Tell whether a handler runs a command of its text; where it is told what has failed, it may choose."""
        ran = self._well(stage, case)
        if ran is None:
            return "vouched" if self._vouches(stage, command) else "open"
        told = answered(surely(ran, mentioned(command)))
        return "runs" if told == "open" and stage.is_told else told


def _hidden(ours: str | None) -> str:
    return f"what runs `{ours}` hides its failure"


def _is_hidden(forgives: str, ours: str | None) -> bool:
    """Tell whether words surely say that a failure counts as none."""
    is_skip = forgives.endswith((": 10", "ShortCircuitOperator", "short_circuit"))
    return forgives in _SURE or is_skip or forgives == _hidden(ours)
