"""The steps of a job: what they run, where, which of them may fail, and what local actions run in their place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from gatepost.definitions.definition import Answer, DefinitionError, ReadFile, Script
from gatepost.definitions.github_answers import unseen_in
from gatepost.definitions.github_artifacts import does_work
from gatepost.definitions.github_conditions import answers_failure, only_after_failure
from gatepost.definitions.github_elsewhere import starts
from gatepost.definitions.github_outcomes import outcome_of
from gatepost.definitions.github_step import (
    Place,
    Run,
    condition_of,
    joined,
    may_fail_of,
    never_runs,
    script_of,
    seconds_of,
)
from gatepost.definitions.github_values import NOTHING, Values
from gatepost.definitions.shell import one_line
from gatepost.definitions.shell_variables import in_shell
from gatepost.definitions.truth import any_of
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, load_yaml

__all__ = ["Steps", "work_of"]

_MAX_DEPTH: Final = 10
_SCRIPT: Final = re.compile(r"[\w./-]+\.(?:sh|bash|py)\b")
_MAX_STEPS: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for all steps of one list."""

    place: Place
    values: Values = NOTHING
    depth: int = 0
    """How many actions hold them."""
    condition: str | None = None
    """What must hold for all of them."""
    tolerated: bool | None = False
    """Whether all of them may fail; None where that is not known."""
    words: str = ""
    """The condition of the step that holds them, as it is written."""


class Steps:
    """Reads steps; local composite actions are read for what they run."""

    def __init__(self, read_file: ReadFile, gap: Callable[[str, int], None]) -> None:
        self.read_file = read_file
        self.gap = gap
        self.read: dict[str, Lined] = {}
        """The actions that were read, by their paths."""
        self.left_out: list[str] = []
        """The conditions of steps with a command that no run has, since this was emptied."""
        self._count = 0

    def runs(self, steps: Any, line: int, place: Place, values: Values = NOTHING) -> Iterator[Run]:  # noqa: ANN401 - YAML
        """Give what each step of a job runs.

        Args:
            steps: the steps.
            line: where the job is.
            place: where steps run that say nothing themselves.
            values: what is known in the job.
        """
        return (run for run in self.doings(steps, line, place, values) if not run.is_action)

    def doings(self, steps: Any, line: int, place: Place, values: Values = NOTHING) -> Iterator[Run]:  # noqa: ANN401 - YAML
        """Give what each step of a job does: what it runs, and the actions of others that may do the job's work."""
        return self._runs(steps, line, _Around(place, values))

    def _runs(self, steps: Any, line: int, around: _Around) -> Iterator[Run]:  # noqa: ANN401 - YAML
        for number, one in enumerate(as_list(steps), start=1):
            self._count += 1
            if self._count > _MAX_STEPS:
                self.gap(f"only the first {_MAX_STEPS:,} steps are read", line)
                return
            step = as_dict(one)
            words = as_text(step.get("if"))
            values = around.values.with_env(step.get("env"))
            if never_runs(words, around.values):
                self.left_out += [words] if step.get("run") is not None else []
                continue
            inner = replace(
                around,
                condition=condition_of(words, around.values) or around.condition,
                words=joined(around.words, words),
                tolerated=any_of(around.tolerated, may_fail_of(step, around.values)),
            )
            may_fail = inner.tolerated is not False
            outcome = outcome_of(as_text(step.get("id")), as_list(steps)[number:]) if may_fail else ""
            if around.tolerated is False and outcome == "fails":
                inner = replace(inner, tolerated=False)
            if one_line([as_text(step.get("run"))]):
                yield _run(step, inner, values, asked=around.tolerated is False and outcome == "asked")
            uses = as_text(step.get("uses"))
            if does_work(uses):
                yield Run(
                    f"uses: {uses}",
                    Script(f"uses: {uses}", is_shell=False),
                    inner.tolerated,
                    inner.words,
                    id=as_text(step.get("id")),
                    known=values,
                    is_action=True,
                )
            if uses.startswith("./"):
                yield from self._inside(uses, step, line, replace(inner, values=values))

    def _inside(self, uses: str, step: Lined, line: int, around: _Around) -> Iterator[Run]:
        """Give what an action of this repository runs."""
        data = self._local(uses, step.line or line, around.depth)
        values = around.values.with_inputs(as_dict(data.get("inputs")), as_dict(step.get("with")), is_typed=False)
        inner = replace(around, place=Place(), values=values, depth=around.depth + 1)
        yield from self._runs(as_dict(data.get("runs")).get("steps"), line, inner)

    def texts(self, steps: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:  # noqa: ANN401 - YAML
        """Give what steps run as text, with that of the scripts and the actions of the repository that they name."""
        for step in map(as_dict, as_list(steps)):
            run, uses = as_text(step.get("run")), as_text(step.get("uses"))
            yield run
            for path in _SCRIPT.findall(run):
                yield (self.read_file(posixpath.normpath(path)) or b"").decode("utf-8", "replace")
            if uses.startswith("./") and uses not in seen and len(seen) < _MAX_DEPTH:
                seen |= {uses}
                data = self._local(uses, step.line, 0)
                yield from self.texts(as_dict(data.get("runs")).get("steps"), seen)

    def answers(self, steps: Any, line: int, place: Place, values: Values = NOTHING) -> Iterator[Answer]:  # noqa: ANN401 - YAML
        """Give what runs in a job though a step before it has failed; what stands first answers nothing."""
        has_run = False
        for one in as_list(steps):
            step = as_dict(one)
            if not answers_failure(as_text(step.get("if"))):
                has_run = has_run or step.get("run") is not None or as_text(step.get("uses")).startswith("./")
            elif has_run:
                at = step.line or line
                condition = as_text(step.get("if"))
                only = only_after_failure(condition)
                for run in self.runs([step], line, place, values):
                    unseen = starts(run.command)
                    yield Answer(at, run.command, unseen=unseen, only=only, condition=run.condition)
                unseen = unseen_in([step])
                if unseen:
                    yield Answer(at, unseen=unseen, condition=condition)

    def _local(self, uses: str, line: int, depth: int) -> Lined:
        """Give a composite action of this repository; an action of another kind runs no steps."""
        folder = posixpath.normpath(uses)
        for name in ("action.yml", "action.yaml"):
            path = posixpath.join(folder, name)
            if path in self.read and depth < _MAX_DEPTH:
                return self.read[path]
            content = self.read_file(path) if depth < _MAX_DEPTH else None
            if content is None:
                continue
            self.read[path] = Lined(line)
            try:
                self.read[path] = as_dict(next(iter(load_yaml(path, content)), None))
            except DefinitionError as error:
                self.gap(f"what {uses} runs is not known: {error}", line)
            return self.read[path]
        self.gap(f"what {uses} runs is not known: it cannot be read", line)
        return Lined(line)


def _run(step: Lined, around: _Around, values: Values, *, asked: bool) -> Run:
    run = values.filled(as_text(step.get("run")))
    place = around.place.of(step, values)
    script = script_of(run, place.shell, around.condition)
    if script.is_shell:
        script = replace(script, text=in_shell(script.text, values.variable))
    if around.tolerated is None:
        script = replace(script, condition=f"continue-on-error: {as_text(step.get('continue-on-error'))}")
    return Run(
        one_line([script.text]) or "",
        script,
        around.tolerated,
        around.words,
        place.folder,
        asked=asked,
        id=as_text(step.get("id")),
        known=around.values,
        timeout=seconds_of(step.get("timeout-minutes"), values),
    )


def work_of(runs: list[Run]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what steps run when all is well, and where: without what answers a failure, or may fail itself."""
    own = [run for run in runs if not only_after_failure(run.condition)]
    first = [run for run in own if not answers_failure(run.condition)] or own
    work = [run for run in first if not run.tolerated] or first
    return tuple(run.script.text for run in work), tuple(dict.fromkeys(run.folder for run in work))
