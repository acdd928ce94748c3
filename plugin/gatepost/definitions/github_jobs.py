"""A job of a workflow as a stage: what its keys say, one by one.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from gatepost.definitions.definition import RealStage
from gatepost.definitions.failures import TOLERATED, never_fails
from gatepost.definitions.github_answers import is_told, unseen_in
from gatepost.definitions.github_artifacts import actions_in, downloads_in, uploads_in
from gatepost.definitions.github_elsewhere import starts
from gatepost.definitions.github_matrix import UncountableError, forms_of, only_values, variants_of
from gatepost.definitions.github_order import NOT_SUCCESSFUL
from gatepost.definitions.github_step import Place, Run, may_fail_of, never_runs, seconds_of
from gatepost.definitions.github_steps import Steps, work_of
from gatepost.definitions.github_values import NOTHING, Values, renamed_in
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text

__all__ = ["JobReader", "cancels_of", "under"]

_SETTINGS: Final = "its reviewers are a setting of the repository, not in the file"
_SUCCESSFUL: Final = frozenset({"success"})
_OF_MATRIX: Final = re.compile(r"\$\{\{\s*matrix\.")
_MOST_FORMS: Final = 256
Gap = Callable[..., None]


class JobReader:
    """Reads the jobs of one file."""

    def __init__(self, path: str, steps: Steps, gap: Gap, place: Place, values: Values) -> None:
        """Take what holds for all jobs.

        Args:
            path: the file.
            steps: reads steps.
            gap: tells what is not known.
            place: where steps run that say nothing.
            values: what is known in the file: the inputs that it is called with, its own `env`.
        """
        self.path = path
        self.steps = steps
        self.gap = gap
        self.place = place
        self.values = values
        self.cancels: str | None = None
        """By which words a newer run may cancel each job."""

    def read(self, name: str, job: Lined, line: int) -> tuple[RealStage, str | None, frozenset[str]]:
        """Give a job as a stage, why it may count as successful though it failed, and what it then counts as."""
        matrix = as_dict(job.get("strategy")).get("matrix")
        renamed = renamed_in(self.steps.texts(job.get("steps")))
        values = self.values.with_matrix(only_values(matrix)).with_env(job.get("env")).without(renamed)
        place = self.place._replace(shell=self.place.shell or ("pwsh" if _is_windows(job) else ""))
        place = place.with_defaults(job, values).in_checkout(_checkout(job, values))
        self.steps.left_out.clear()
        doings = list(self.steps.doings(job.get("steps"), line, place, values))
        runs = [one for one in doings if not one.is_action]
        stage = self._stage(name, job, line, runs, values)
        stage = replace(stage, doings=tuple(one.step for one in doings) if len(doings) > len(runs) else ())
        stage = replace(stage, answers=tuple(self.steps.answers(job.get("steps"), line, place, values)))
        allowed = may_fail_of(job, values)
        if allowed is not False:
            words = "continue-on-error: true" if allowed else f"continue-on-error: {as_text(job['continue-on-error'])}"
            fails_as = _SUCCESSFUL if allowed else _SUCCESSFUL | NOT_SUCCESSFUL
            return replace(stage, forgiven=words), words, fails_as
        return (stage, *_tolerated(stage, runs))

    def _stage(self, name: str, job: Lined, line: int, runs: list[Run], values: Values) -> RealStage:
        words = as_text(job.get("if"))
        environment = values.filled(_named(job.get("environment"), "name"))
        is_hopeless = all(run.tolerated for run in runs)
        work, folders = work_of(runs)
        return RealStage(
            name,
            self.path,
            line,
            command=" && ".join(run.command for run in runs) or None,
            image=values.filled(_named(job.get("container"), "image")) or None,
            timeout=self._timeout(name, job, line, values),
            condition=f"if: {words}" if words else None,
            never=self._never(words, runs),
            waits_for=f"environment: {environment} ({_SETTINGS})" if environment else None,
            variants=self._variants(name, job, line),
            cancels=cancels_of(job, values) or self.cancels,
            forms=tuple(_forms(" && ".join(run.command for run in runs), job)),
            scripts=tuple(run.script for run in runs if is_hopeless or not run.tolerated),
            tolerated=() if is_hopeless else tuple(run.command for run in runs if run.tolerated),
            asked=tuple(run.command for run in runs if run.asked),
            unseen=unseen_in(job.get("steps")) or next(filter(None, (starts(run.command) for run in runs)), None),
            is_told=is_told(job.get("steps")),
            work=work,
            folders=folders,
            target=environment if environment and "${{" not in environment else None,
            targets=tuple(dict.fromkeys(one for one in _forms(environment, job) if one and "${{" not in one)),
            steps=tuple(run.step for run in runs),
            uploads=tuple(uploads_in(job.get("steps"))),
            downloads=tuple(downloads_in(job.get("steps"))),
            actions=tuple(actions_in(job.get("steps"))),
        )

    def _never(self, words: str, runs: list[Run]) -> str | None:
        """Say why a job never runs, or none of its steps that run a command."""
        if never_runs(words, self.values.without_env()):
            return f"if: {words}"
        return next((f"if: {one}" for one in self.steps.left_out if not runs), None)

    def _timeout(self, name: str, job: Lined, line: int, values: Values) -> float | None:
        """Give how long a job may run, in seconds: as it says itself, or as its only step with a command does."""
        steps = [one for one in map(as_dict, as_list(job.get("steps"))) if one.get("run") is not None]
        said = [one["timeout-minutes"] for one in (job, *steps) if one.get("timeout-minutes") is not None]
        if not said:
            return None
        decides = job.get("timeout-minutes") is not None or len(steps) == 1
        found = seconds_of(said[0], values) if decides else None
        if found is None:
            words = as_text(said[0]) if decides else "some of its steps have limits of their own"
            self.gap(f"how long {name} may run is not known: {words}", line, (name,))
        return found

    def _variants(self, name: str, job: Lined, line: int) -> tuple[str, ...]:
        matrix = as_dict(job.get("strategy")).get("matrix")
        try:
            return variants_of(matrix) if matrix is not None else ()
        except UncountableError as error:
            self.gap(f"how often {name} runs is not known: {error}", line, ())
            return ()


def under(condition: str, stage: RealStage, never: str | None) -> RealStage:
    """Give a job of a workflow that is called under a condition.

    Args:
        condition: the condition, `if: …`.
        stage: the job.
        never: why the whole workflow never runs; None where it may.
    """
    whole = f"{condition}; {stage.condition}" if stage.condition else condition
    return replace(stage, condition=whole, never=never or stage.never)


def _tolerated(stage: RealStage, runs: list[Run]) -> tuple[str | None, frozenset[str]]:
    """Say why a job without a word about it counts as successful though it failed, and what it counts as."""
    if runs and all(run.tolerated for run in runs):
        return TOLERATED, _SUCCESSFUL
    if runs and all(run.tolerated is not False for run in runs):
        open_one = next(run.script.condition for run in runs if run.tolerated is None)
        return f"{open_one} on a step", _SUCCESSFUL | NOT_SUCCESSFUL
    hides = never_fails(stage)
    return hides, _SUCCESSFUL if hides else NOT_SUCCESSFUL


def _forms(text: str, job: Lined) -> Iterator[str]:
    """Give what a text of a job is in each of its variants, where the values of its matrix stand in it."""
    found = forms_of(as_dict(job.get("strategy")).get("matrix")) if _OF_MATRIX.search(text) else []
    yield from (NOTHING.with_matrix(one).filled(text) for one in found[:_MOST_FORMS])


def cancels_of(holder: Lined, values: Values) -> str | None:
    """Say by which words of a workflow or a job a newer run may cancel it."""
    said = as_dict(holder.get("concurrency")).get("cancel-in-progress")
    if said is None or never_runs(as_text(said), values):
        return None
    return f"concurrency: cancel-in-progress: {as_text(said)}"


def _checkout(job: Lined, values: Values) -> str:
    """Give the folder in which a job puts the repository itself; empty for where it begins."""
    for step in map(as_dict, as_list(job.get("steps"))):
        given = as_dict(step.get("with"))
        if as_text(step.get("uses")).startswith("actions/checkout@") and not given.get("repository"):
            return values.filled(as_text(given.get("path")))
    return ""


def _is_windows(job: Lined) -> bool:
    """Tell whether a job may run on Windows, where another shell is the default."""
    asked = (job.get("runs-on"), as_dict(job.get("strategy")).get("matrix"))
    return "windows" in repr(asked).casefold()


def _named(value: Any, key: str) -> str:  # noqa: ANN401 - whatever YAML holds
    return as_text(value.get(key) if isinstance(value, dict) else value)
