"""The files of a GitLab pipeline laid over one another: local includes below what includes them, inputs filled in.

Source: https://docs.gitlab.com/ci/yaml/#include
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from gatepost.definitions.definition import DefinitionError, PathsBelow, ReadFile
from gatepost.definitions.yaml_text import Lined, Tagged, as_dict, as_list, as_text, line_of, load_yaml

__all__ = ["At", "Files", "fits", "laid_over"]

At = tuple[str, int]
"""A file and a line."""

_MAX_INCLUDES: Final = 150
_MAX_TEXT: Final = 16 * 1024 * 1024
_STARS: Final = re.compile(r"(\*\*|\*)")
_INPUT: Final = re.compile(r"\$\[\[\s*inputs\.([\w-]+)\s*(\|[^\]]*)?\]\]")


class Files:
    """Reads a pipeline and what it includes."""

    def __init__(self, read_file: ReadFile, paths_below: PathsBelow, gap: Callable[[str, At], None]) -> None:
        self.read_file = read_file
        self.paths_below = paths_below
        self.gap = gap
        self.read: list[str] = []
        self.origin: dict[str, At] = {}
        """Where each job is written; where several files write one, the file that wins."""
        self.needing: tuple[str, ...] = ()
        """The jobs for which the outermost file says what they need: no other file can say otherwise."""
        self._open: list[str] = []
        self._filled = 0

    def pipeline(self, path: str, content: bytes, given: Lined | None = None) -> Lined:
        """Give a file with its local includes laid below it; what it says itself wins.

        Args:
            path: where it is.
            content: its bytes.
            given: the inputs that it is included with.

        Raises:
            DefinitionError: a file cannot be read, or too many are included.
        """
        self.read.append(path)
        if len(self.read) > _MAX_INCLUDES:
            message = f"{self.read[0]} includes more than {_MAX_INCLUDES} files"
            raise DefinitionError(message, "include fewer files", path)
        self._open.append(path)
        documents = load_yaml(path, content, last_wins=True)
        own = as_dict(documents[-1] if documents else None)
        if len(documents) > 1 and "spec" in as_dict(documents[0]):
            asked = as_dict(as_dict(as_dict(documents[0]).get("spec")).get("inputs"))
            own = as_dict(self._with_inputs(own, self._inputs(asked, given), path))
        found = Lined(own.line)
        for one in as_list(own.get("include")):
            for inner in self._local(one, (path, line_of(own, "include"))):
                found = laid_over(found, inner)
        for name in own:
            self.origin[name] = (path, line_of(own, name))
        self.needing = tuple(name for name, one in own.items() if as_dict(one).get("needs") is not None)
        self._open.pop()
        return laid_over(found, own)

    def _local(self, one: Any, at: At) -> Iterator[Lined]:  # noqa: ANN401 - whatever YAML holds
        local = as_text(one) if isinstance(one, str) else as_text(as_dict(one).get("local"))
        if not local or "://" in local:
            what = next((f"{key} {as_text(value)}" for key, value in as_dict(one).items() if key != "inputs"), local)
            self.gap(f"what {what} includes is not known: it lies outside of this repository", at)
            return
        if "$" in local:
            self.gap(f"what {local} includes is not known: a run fills it in", at)
            return
        if as_dict(one).get("rules") is not None:
            self.gap(f"whether {local} is included is not known: its rules decide", at)
        for path in self._named(posixpath.normpath(local.lstrip("/")), at):
            if path in self._open:
                continue
            content = self.read_file(path)
            if content is None:
                self.gap(f"what {path} includes is not known: it cannot be read", at)
            else:
                yield self.pipeline(path, content, as_dict(as_dict(one).get("inputs")))

    def _named(self, local: str, at: At) -> tuple[str, ...]:
        """Give the files that an include names: one, or those that a pattern fits, in their order."""
        if "*" not in local:
            return (local,)
        folder = posixpath.dirname(local.partition("*")[0])
        below = self.paths_below(folder)
        found = tuple(path for path in below or () if fits(path, local))
        if not found:
            why = "it fits no file in git" if below is not None else "git cannot say which files there are"
            self.gap(f"what {local} includes is not known: {why}", at)
        return found

    @staticmethod
    def _inputs(asked: Lined, given: Lined | None) -> dict[str, Any]:
        """Give the inputs that have a value: as they are given, or their default."""
        found = {name: as_dict(one)["default"] for name, one in asked.items() if "default" in as_dict(one)}
        return {**found, **{name: value for name, value in (given or {}).items() if name in asked}}

    def _with_inputs(self, value: Any, inputs: dict[str, Any], path: str, line: int = 1) -> Any:  # noqa: ANN401 - YAML
        if isinstance(value, Tagged):
            return value._replace(value=self._with_inputs(value.value, inputs, path, value.line))
        if isinstance(value, list):
            return [self._with_inputs(one, inputs, path, line) for one in value]
        if isinstance(value, Lined):
            found = Lined(value.line)
            for key, one in value.items():
                at = line_of(value, key)
                name = as_text(self._with_inputs(key, inputs, path, at))
                found[name] = self._with_inputs(one, inputs, path, at)
                found.lines[name] = at
            return found
        return self._text(value, inputs, (path, line)) if isinstance(value, str) and "$[[" in value else value

    def _text(self, text: str, inputs: dict[str, Any], at: At) -> Any:  # noqa: ANN401 - whatever an input holds
        for match in _INPUT.finditer(text):
            if match[2] or match[1] not in inputs:
                why = "it is worked out by a function" if match[2] else "it has no value in these files"
                self.gap(f"the input {match[1]} is not known: {why}", at)
                return text
        if whole := _INPUT.fullmatch(text):
            return inputs[whole[1]]
        parts: list[str] = []
        end = 0
        for match in _INPUT.finditer(text):
            parts += [text[end : match.start()], as_text(inputs[match[1]])]
            end = match.end()
            self._filled += len(parts[-1])
            if self._filled > _MAX_TEXT:
                message = f"the inputs of {at[0]} fill in more than {_MAX_TEXT // 1024**2} MiB"
                raise DefinitionError(message, "give shorter inputs", *at)
        return "".join([*parts, text[end:]])


def fits(path: str, pattern: str) -> bool:
    """Tell whether a pattern of GitLab names a file: `*` stays within a folder, `**` goes through any number."""
    reached = {0}
    for part in _STARS.split(pattern):
        if part == "**":
            reached = set(range(min(reached, default=len(path) + 1), len(path) + 1))
        elif part == "*":
            ends = {at: path.find("/", at) for at in reached}
            reached = {to for at, end in ends.items() for to in range(at, (end if end >= 0 else len(path)) + 1)}
        else:
            reached = {at + len(part) for at in reached if path.startswith(part, at)}
    return len(path) in reached


def laid_over(below: Lined, above: Lined) -> Lined:
    """Give two mappings as one: mappings in both are merged, of anything else the upper wins."""
    found = Lined(above.line or below.line)
    for source in (below, above):
        for key, value in source.items():
            old = found.get(key)
            found[key] = laid_over(old, value) if isinstance(old, Lined) and isinstance(value, Lined) else value
            found.lines[key] = source.lines.get(key, found.line)
    return found
