"""The steps of a job: what they run, which of them may fail, and what local actions run in their place."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.definition import DefinitionError, ReadFile
from gatepost.definitions.shell import one_line
from gatepost.definitions.yaml_text import as_dict, as_list, as_text, load_yaml

__all__ = ["Run", "Steps"]

_MAX_DEPTH: Final = 10
_MAX_STEPS: Final = 20_000


class Run(NamedTuple):
    """One step that runs a command."""

    command: str
    tolerated: bool
    """Whether it may fail without failing the job."""


class Steps:
    """Reads steps; local composite actions are read for what they run."""

    def __init__(self, read_file: ReadFile, gap: Callable[[str, int], None]) -> None:
        self.read_file = read_file
        self.gap = gap
        self.read: dict[str, list[Any]] = {}
        """The actions that were read, with their steps."""
        self._count = 0

    def runs(self, steps: Any, line: int, depth: int = 0, *, tolerated: bool = False) -> Iterator[Run]:  # noqa: ANN401 - YAML
        """Give what each step runs."""
        for one in as_list(steps):
            self._count += 1
            if self._count > _MAX_STEPS:
                self.gap(f"only the first {_MAX_STEPS:,} steps are read", line)
                return
            step = as_dict(one)
            if as_text(step.get("if")).strip("${} ").casefold() == "false":
                continue
            may_fail = tolerated or (
                step.get("continue-on-error") is not None and step["continue-on-error"] is not False
            )
            command = one_line([as_text(step.get("run"))])
            if command:
                yield Run(command, may_fail)
            uses = as_text(step.get("uses"))
            if uses.startswith("./"):
                yield from self.runs(self._local(uses, step.line or line, depth), line, depth + 1, tolerated=may_fail)

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
