"""A first contract from a real definition: what it says is filled in, what a person must decide is marked."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.definitions.compare_numbers import unlimited
from gatepost.definitions.definition import ENDLESS, Definition, RealStage
from gatepost.definitions.guess import artifact_type, is_data, stage_kind
from gatepost.definitions.reach import Reach
from gatepost.definitions.scalars import NO_TEXT, quoted
from gatepost.pipeline import listed
from gatepost.records.pipeline import pins_an_image

__all__ = ["draft"]

_HEAD: Final = """\
environments:
  production: {{known-good: previous}}
defaults:
  # environment: requirements.lock   # a lockfile, or an image by digest
{timeout}
  repeat: exact   # what a second run gives: exact, semantic, {{metric: 0.005}} or {{none: reason}}
  on-fail: halt + alert
"""
_OPEN: Final = {
    "gate": """\
    pass: []   # the conditions, like auc >= 0.72; list the metrics under `keys:` of what it reads
    on-reject: quarantine + alert
""",
    "approval": """\
    by: ["<the role that approves>"]
    expires: 24h
""",
    "promote": """\
    to: production
    watch: []   # the signals that show a bad release
    # rollback: {to: previous, first: disable-route, run: …, within: 15m, when: [error_rate > 0.01]}
    on-fail: rollback + page
""",
    "train": "    # seed: 1\n",
}
"""What a person must decide about each kind of stage."""
_WHERE_FROM: Final = 'source: "<where it comes from, with its version after an at sign>"'


def draft(definition: Definition, folder: str, title: str) -> str:
    """Give the frontmatter of a contract, as YAML text without its fences.

    Args:
        definition: what the definition says.
        folder: the folder of the contract, from the root of the repository.
        title: the contract's title.
    """
    return "\n".join(_Draft(definition, folder, title).lines()) + "\n"


class _Draft:
    def __init__(self, definition: Definition, folder: str, title: str) -> None:
        self.definition = definition
        self.title = title
        self.written = {path for stage in definition.stages for path in stage.writes}
        self.names = _names((stage.name for stage in definition.stages), "stage")
        self.artifacts = self._artifacts()
        self.base = folder
        """The folder that paths are seen from: the contract's, or the root of the repository when it does not do."""
        self.at_root = not folder or any(
            not path.startswith(f"{folder}/") for path in self.artifacts if "://" not in path
        )
        self.source = posixpath.relpath(definition.path, folder or ".")

    def _artifacts(self) -> dict[str, str]:
        """Give a name to each file that a stage writes, or reads as data that none writes, by its path."""
        found: dict[str, None] = {}
        for stage in self.definition.stages:
            found.update(dict.fromkeys(stage.writes))
            found.update({path: None for path in stage.reads if is_data(path) and not any(self._made(path))})
        names = _names((posixpath.basename(path).partition(".")[0] for path in found), "artifact", list(found))
        return {path: names[path] for path in found}

    def _made(self, path: str) -> Iterator[str]:
        """Give what some stage writes that is a file, holds it, or lies in it."""
        return (
            made for made in self.written if path == made or path.startswith(f"{made}/") or made.startswith(f"{path}/")
        )

    def lines(self) -> Iterator[str]:
        """Give the lines of the frontmatter."""
        yield "kind: pipeline"
        yield f"title: {quoted(self.title)}"
        yield 'owner: "<the team that answers for the pipeline>"'
        source = self.definition.path if self.source.startswith("..") else self.source
        yield f"source: {{kind: {self.definition.tool}, path: {quoted(source)}}}"
        if self.at_root:
            yield "workdir: ."
        yield _HEAD.format(timeout=_default_timeout(self.definition)).rstrip()
        if self.artifacts:
            yield "artifacts:"
            for path, name in self.artifacts.items():
                yield f"  {name}: {self._artifact(path)}"
        yield "stages:"
        reach = Reach(self.definition)
        for stage in self.definition.stages:
            yield from self._stage(stage, reach)
        for gap in self.definition.gaps:
            yield _plain(f"# {gap.path}:{gap.line}: {gap.message}")

    def _artifact(self, path: str) -> str:
        kind = artifact_type(path)
        seen = path if self.at_root or "://" in path else posixpath.relpath(path, self.base)
        parts = [f"type: {kind}", f"path: {quoted(seen)}"]
        if path not in self.written:
            parts.append(_WHERE_FROM)
        if kind == "metrics":
            parts.append("keys: []")
        if not any(path in self._inputs(stage) for stage in self.definition.stages):
            parts.append("final: true")
        return f"{{{', '.join(parts)}}}"

    def _inputs(self, stage: RealStage) -> list[str]:
        """Give the artifacts that a stage reads, by their paths."""
        found = [one for path in stage.reads for one in (path, *sorted(self._made(path)))]
        return [path for path in dict.fromkeys(found) if path in self.artifacts and path not in stage.writes]

    def _stage(self, stage: RealStage, reach: Reach) -> Iterator[str]:
        kind, why = stage_kind(stage)
        name = self.names[stage.name]
        yield _plain(f"  {name}:   # {stage.path}:{stage.line}")
        yield f"    kind: {kind}   # {why}: check it"
        if name != stage.name:
            yield f"    impl: {quoted(stage.name)}"
        if stage.command:
            yield f"    run: {quoted(stage.command)}"
        reads = self._inputs(stage)
        for key, names in (
            ("in", [self.artifacts[path] for path in reads]),
            ("out", [self.artifacts[path] for path in stage.writes]),
            ("after", [self.names[one] for one in self._after(stage, set(reads), reach)]),
        ):
            if names:
                yield f"    {key}: [{', '.join(dict.fromkeys(names))}]"
        if stage.retries == ENDLESS:
            yield "    # it is tried again until it succeeds"
        elif stage.retries is not None:
            yield f"    retries: {stage.retries}"
        if stage.timeout is not None:
            yield f"    timeout: {_duration(stage.timeout)}"
        yield from _environment(stage)
        yield from _OPEN.get(kind, "").splitlines()

    def _after(self, stage: RealStage, reads: set[str], reach: Reach) -> list[str]:
        """Give the stages that a stage waits for and reads nothing of; what follows from others is left out."""
        before = list(dict.fromkeys(edge.before for edge in self.definition.edges if edge.after == stage.name))
        giving = {one for one in before if not reads.isdisjoint(self._writes(one))}
        return [
            one
            for one in before
            if one not in giving and not any(other in reach.later(one) for other in before if other != one)
        ]

    def _writes(self, name: str) -> tuple[str, ...]:
        stage = self.definition.stage(name)
        return stage.writes if stage else ()


def _default_timeout(definition: Definition) -> str:
    """Give how long a stage may run that says nothing: what the tool allows, or a question where it has no limit."""
    names, limit = unlimited(definition)
    if not names:
        return "  timeout: 1h"
    if limit is not None:
        return f"  timeout: {_duration(limit)}   # what the tool itself allows where nothing is said"
    return _plain(f"  # timeout: 1h   # here and in the definition, which sets no limit for {listed(names)}")


def _environment(stage: RealStage) -> Iterator[str]:
    """Give the image, and what the contract has no field for as a comment."""
    if stage.image:
        yield (
            f"    environment: {quoted(stage.image)}"
            if pins_an_image(stage.image)
            else (f"    # it runs in {_plain(stage.image)}, which is no digest")
        )
    if stage.condition:
        yield f"    # it runs only sometimes: {_plain(stage.condition)}"
    if stage.waits_for:
        yield f"    # it waits for {_plain(stage.waits_for)}"


def _names(given: Iterable[str], otherwise: str, keys: list[str] | None = None) -> dict[str, str]:
    """Give each text a name that a contract may use, all different."""
    texts = list(given)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, text in zip(keys or texts, texts, strict=True):
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.")
        is_text = re.match(r"[A-Za-z]", plain) and plain.casefold() not in NO_TEXT
        stem = plain if is_text else f"{otherwise}-{plain}".rstrip("-")
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        found[key] = name
    return found


def _plain(text: str) -> str:
    """Give text for a comment: one line without control characters."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _duration(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s" if seconds >= 1 else f"{seconds * 1000:g}ms"
