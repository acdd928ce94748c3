"""The steps of a job: what they run, which of them may fail, and what local actions run in their place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.conditions import is_false
from gatepost.definitions.definition import Answer, DefinitionError, ReadFile, Script, Step
from gatepost.definitions.github_answers import answers_failure, only_after_failure, unseen_in
from gatepost.definitions.github_elsewhere import starts
from gatepost.definitions.github_outcomes import outcome_of
from gatepost.definitions.shell import nested, one_line
from gatepost.definitions.yaml_text import as_dict, as_list, as_text, load_yaml

__all__ = ["Run", "Steps", "work_of"]

_MAX_DEPTH: Final = 10
_MAX_STEPS: Final = 20_000


_OTHERS: Final = frozenset({"pwsh", "powershell", "cmd"})
"""Shells with a syntax of their own; they hand on the exit code of the one command that they are given."""
_STATUS: Final = re.compile(r"(?:success|always|!cancelled)\(\)|true", re.IGNORECASE)
"""Conditions of a step that hold as long as nothing before it has failed."""


class Run(NamedTuple):
    """One step that runs a command."""

    command: str
    script: Script
    tolerated: bool
    """Whether it may fail without failing the job."""
    condition: str = ""
    """Its condition as it is written, with that of the action that holds it."""
    folder: str = "."
    """Where it runs, from the root of the repository, or the words that say so."""
    asked: bool = False
    """Whether a later step asks for its outcome, and may do anything about it."""
    id: str = ""

    @property
    def step(self) -> Step:
        """The step as it stands among the others."""
        return Step(self.script, self.condition, self.id, self.tolerated)


class Steps:
    """Reads steps; local composite actions are read for what they run."""

    def __init__(self, read_file: ReadFile, gap: Callable[[str, int], None]) -> None:
        self.read_file = read_file
        self.gap = gap
        self.read: dict[str, list[Any]] = {}
        """The actions that were read, with their steps."""
        self._count = 0

    def runs(  # noqa: PLR0913 - where the steps stand
        self,
        steps: Any,  # noqa: ANN401 - YAML
        line: int,
        depth: int = 0,
        *,
        shell: str = "",
        folder: str = "",
        condition: str | None = None,
        tolerated: bool = False,
        words: str = "",
    ) -> Iterator[Run]:
        """Give what each step runs.

        Args:
            steps: the steps of a job, or of an action.
            line: where they are run.
            depth: how many actions hold them.
            shell: the shell that runs what names none.
            folder: where what names no folder runs.
            condition: what must hold for all of them.
            tolerated: whether all of them may fail.
            words: the condition of the step that holds them, as it is written.
        """
        for place, one in enumerate(as_list(steps), start=1):
            self._count += 1
            if self._count > _MAX_STEPS:
                self.gap(f"only the first {_MAX_STEPS:,} steps are read", line)
                return
            step = as_dict(one)
            if is_false(as_text(step.get("if"))):
                continue
            only = _condition(as_text(step.get("if"))) or condition
            may_fail = tolerated or (
                step.get("continue-on-error") is not None and step["continue-on-error"] is not False
            )
            whole = " && ".join(f"({one})" for one in (words, unbraced(as_text(step.get("if")))) if one)
            command = one_line([as_text(step.get("run"))])
            outcome = outcome_of(as_text(step.get("id")), as_list(steps)[place:]) if may_fail and not tolerated else ""
            may_fail = may_fail and outcome != "fails"
            if command:
                run = as_text(step.get("run"))
                script = script_of(run, as_text(step.get("shell")) or shell, only)
                runs_in = posixpath.normpath(as_text(step.get("working-directory")) or folder or ".")
                asked = outcome == "asked"
                yield Run(command, script, may_fail, whole, runs_in, asked=asked, id=as_text(step.get("id")))
            uses = as_text(step.get("uses"))
            if uses.startswith("./"):
                inner = self._local(uses, step.line or line, depth)
                yield from self.runs(inner, line, depth + 1, condition=only, tolerated=may_fail, words=whole)

    def answers(self, steps: Any, line: int) -> Iterator[Answer]:  # noqa: ANN401 - YAML
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
                for run in self.runs([step], line):
                    unseen = starts(run.command)
                    yield Answer(at, run.command, unseen=unseen, only=only, condition=run.condition)
                unseen = unseen_in([step])
                if unseen:
                    yield Answer(at, unseen=unseen, condition=condition)

    def _local(self, uses: str, line: int, depth: int) -> list[Any]:
        """Give the steps of a composite action of this repository; an action of another kind has none."""
        folder = posixpath.normpath(uses)
        for name in ("action.yml", "action.yaml"):
            path = posixpath.join(folder, name)
            if path in self.read and depth < _MAX_DEPTH:
                return self.read[path]
            content = self.read_file(path) if depth < _MAX_DEPTH else None
            if content is None:
                continue
            self.read[path] = []
            try:
                data = as_dict(next(iter(load_yaml(path, content)), None))
            except DefinitionError as error:
                self.gap(f"what {uses} runs is not known: {error}", line)
                return []
            self.read[path] = as_list(as_dict(data.get("runs")).get("steps"))
            return self.read[path]
        self.gap(f"what {uses} runs is not known: it cannot be read", line)
        return []


def work_of(runs: list[Run]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what steps run when all is well, and where: without what answers a failure, or may fail itself."""
    own = [run for run in runs if not only_after_failure(run.condition)]
    first = [run for run in own if not answers_failure(run.condition)] or own
    work = [run for run in first if not run.tolerated] or first
    return tuple(run.script.text for run in work), tuple(dict.fromkeys(run.folder for run in work))


def unbraced(words: str) -> str:
    """Give a condition without the braces that may be around all of it."""
    plain = words.strip()
    return plain.removeprefix("${{").removesuffix("}}").strip() if plain.count("${{") == 1 else plain


def _condition(words: str) -> str | None:
    """Give the condition of a step, unless it holds whenever all is well."""
    plain = words.strip().removeprefix("${{").removesuffix("}}").strip()
    return None if not plain or _STATUS.fullmatch(plain) else f"if: {words.strip()}"


def script_of(run: str, shell: str, condition: str | None) -> Script:
    """Give a script with what its shell does at a failure; GitHub runs `bash -e {0}` where none is named.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
    """
    if not shell or shell == "sh":
        return Script(run, stops=True, pipefail=False, condition=condition)
    if shell == "bash":
        return Script(run, stops=True, pipefail=True, condition=condition)
    words = shell.split()
    told = nested(words)
    if told is None and words[0] in _OTHERS and not re.search(r"[\n;&|]", run.strip()):
        return Script(run.strip(), stops=True, condition=condition)
    if told is None or told.only_reads or "{0}" not in words:
        return Script(run, condition=condition, is_shell=False)
    return Script(run, stops=told.stops, pipefail=told.pipefail, condition=condition)
