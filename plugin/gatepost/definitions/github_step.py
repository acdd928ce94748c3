"""One step of a job that runs a command: its shell, its folder, when it runs, and whether it may fail.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsteps
"""

from __future__ import annotations

import posixpath
import re
from typing import Any, Final, NamedTuple

from gatepost.definitions.definition import Script, Step
from gatepost.definitions.github_conditions import never_holds, surely_well
from gatepost.definitions.github_expressions import asks_for_status, plain_of
from gatepost.definitions.github_truth import ANY, truth_of
from gatepost.definitions.github_values import NOTHING, Values
from gatepost.definitions.shell import nested
from gatepost.definitions.yaml_text import Lined, as_dict, as_text

__all__ = ["Place", "Run", "condition_of", "joined", "may_fail_of", "never_runs", "script_of"]

_OTHERS: Final = frozenset({"pwsh", "powershell", "cmd"})
"""Shells with a syntax of their own; they hand on the exit code of the one command that they are given."""
_ROOT: Final = re.compile(r"\$(?:\{\{\s*github\.workspace\s*\}\}|GITHUB_WORKSPACE\b|\{GITHUB_WORKSPACE\})")
"""Where the repository is, in the words of the file."""


class Place(NamedTuple):
    """Where a step runs that says nothing itself."""

    shell: str = ""
    """What runs it; empty for what GitHub takes where none is named."""
    folder: str = "."
    """From the root of the repository, or the words that say so."""
    checkout: str = ""
    """Where the job puts the repository; empty for where it begins."""

    def of(self, holder: Lined, values: Values) -> Place:
        """Give the place of what names its own shell, or folder."""
        shell = values.filled(as_text(holder.get("shell"))) or self.shell
        said = values.filled(as_text(holder.get("working-directory")))
        return self._replace(shell=shell, folder=_seen_from(said, self.checkout) if said else self.folder)

    def with_defaults(self, holder: Lined, values: Values) -> Place:
        """Give the place below a workflow or a job, which may say it for all its steps: `defaults.run`."""
        return self.of(as_dict(as_dict(holder.get("defaults")).get("run")), values)

    def in_checkout(self, path: str) -> Place:
        """Give the place in a job that puts the repository in a folder."""
        if not path:
            return self
        checkout = posixpath.normpath(path)
        return self._replace(checkout=checkout, folder=_seen_from(self.folder, checkout))


def _seen_from(said: str, checkout: str) -> str:
    """Give a folder from the root of the repository; what lies beside it stays `../…`."""
    folder = posixpath.normpath(_ROOT.sub(".", said))
    return posixpath.relpath(folder, checkout) if checkout and "$" not in folder else folder


class Run(NamedTuple):
    """One step that runs a command."""

    command: str
    script: Script
    tolerated: bool | None
    """Whether it may fail without failing the job; None where that is not known."""
    condition: str = ""
    """Its condition as it is written, with that of the action that holds it."""
    folder: str = "."
    """Where it runs, from the root of the repository, or the words that say so."""
    asked: bool = False
    """Whether a later step asks for its outcome, and may do anything about it."""
    id: str = ""
    known: Values = NOTHING
    """What is known where its condition stands."""
    is_action: bool = False
    """Whether it uses an action of others, and runs no command that is seen."""
    timeout: float | None = None
    """How long it may run by itself, in seconds, as far as that is known."""

    @property
    def step(self) -> Step:
        """The step as it stands among the others."""
        return Step(self.script, self.condition, self.id, self.tolerated, self.folder, self.known.known, self.timeout)


def seconds_of(value: Any, values: Values) -> float | None:  # noqa: ANN401 - whatever YAML holds
    """Read `timeout-minutes`; None where what it says is not known."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value * 60.0
    text = values.filled(as_text(value)).strip()
    return float(text) * 60 if text.isdecimal() else None


def joined(outer: str, words: str) -> str:
    """Give the condition of a step together with that of the step that holds it."""
    return " && ".join(f"({_plain(one)})" for one in (outer, words) if one) if outer and words else outer or words


def _plain(words: str) -> str:
    plain = plain_of(words)
    return plain if plain is not None else "always()" if asks_for_status(words) else "true"


def condition_of(words: str, values: Values) -> str | None:
    """Give the condition of a step, unless it holds whenever all is well."""
    return None if surely_well(words, values.operand) else f"if: {words.strip()}"


def never_runs(words: str, values: Values) -> bool:
    """Tell whether a step is left out of each run."""
    return never_holds(words, values.operand)


def may_fail_of(step: dict[str, Any], values: Values) -> bool | None:
    """Tell whether a job goes on as if a step had succeeded, or a workflow as if a job had; None where that is open."""
    said = step.get("continue-on-error")
    if said is None or isinstance(said, bool):
        return bool(said)
    return truth_of(as_text(said), ANY._replace(value=values.operand)).sure


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
