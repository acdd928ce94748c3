"""The neutral snapshot: stages and edges of a tool that has no reader here, as another program wrote them down."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field, ValidationError

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.yaml_text import Lined, load_yaml
from gatepost.records.base import Model, Text, Whole
from gatepost.records.pipeline import Source

__all__ = ["Snapshot", "read_snapshot"]


_FORM: Final = "see the guide's form of a snapshot"
_WRONG: Final = {"missing": "is missing", "extra_forbidden": "is no key of a snapshot", "tuple_type": "is no list"}


class SnapshotStage(Model):
    """A stage of the snapshot."""

    name: Text
    """What the tool calls it."""
    command: Text | None = None
    """What it runs."""
    image: Text | None = None
    """The container image that it runs in."""
    reads: tuple[Text, ...] = ()
    """The files that it reads, from the root of the repository; left out where the tool does not tell."""
    writes: tuple[Text, ...] = ()
    """The files that it writes, likewise."""
    retries: Whole | None = None
    """How often it is tried again."""
    timeout: float | None = None
    """How long it may run, in seconds."""
    condition: Text | None = None
    """When it runs at all."""
    waits_for: Text | None = None
    """The person or the setting that it waits for."""


class SnapshotEdge(Model):
    """An edge of the snapshot."""

    from_: Text = Field(alias="from")
    """The stage that comes first."""
    to: Text
    """The stage that waits for it."""
    via: Text | None = None
    """What is handed over."""
    weakened: Text | None = None
    """What lets `to` run though `from` has failed."""


class Snapshot(Model):
    """What a tool has loaded, written down."""

    tool: Text
    """The tool, with its version."""
    made_on: Text | None = None
    """The day it was made."""
    stages: tuple[SnapshotStage, ...] = Field(min_length=1)
    """The stages, in order."""
    edges: tuple[SnapshotEdge, ...] = ()
    """Which stage waits for which."""
    unknown: tuple[Text, ...] = ()
    """What the tool could not tell either."""


def read_snapshot(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a snapshot, as YAML or JSON.

    Raises:
        DefinitionError: it cannot be read, or an edge names a stage that is not there.
    """
    documents = load_yaml(path, content)
    data = documents[0] if documents else None
    if data is not None and not isinstance(data, dict):
        message = f"{path} holds no snapshot: expected `tool:` and `stages:`"
        raise DefinitionError(message, _FORM, path)
    if not (data or {}).get("stages"):
        message = f"{path} has no stages"
        raise DefinitionError(message, "let the tool write down what it has loaded", path)
    try:
        found = Snapshot.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        message = f"{path}: {where} {_WRONG.get(first['type']) or 'is wrong: ' + first['msg']}"
        raise DefinitionError(message, _FORM, path, _line(data, first["loc"])) from None
    names = {stage.name for stage in found.stages}
    for edge in found.edges:
        for name in (edge.from_, edge.to):
            if name not in names:
                message = f"{path}: an edge names {name}, which is no stage of the snapshot"
                raise DefinitionError(message, "add the stage, or correct the name", path)
    stages = tuple(
        RealStage(
            one.name,
            path,
            _line(data, ("stages", number)),
            one.command,
            one.image,
            one.reads,
            one.writes,
            (),
            one.retries,
            one.timeout,
            one.condition,
            one.waits_for,
            listed=frozenset(one.model_fields_set & {"reads", "writes"}),
        )
        for number, one in enumerate(found.stages)
    )
    edges = tuple(RealEdge(one.from_, one.to, one.via or "", one.weakened) for one in found.edges)
    gaps = tuple(Gap(message, path, 1) for message in found.unknown)
    return Definition("snapshot", path, stages, edges, gaps, (path,))


def _line(data: Any, at: tuple[int | str, ...]) -> int:  # noqa: ANN401 - whatever YAML holds
    """Give the line of the last mapping on the way to a value."""
    line = 1
    for step in at:
        if isinstance(data, Lined):
            line = data.lines.get(str(step), data.line)
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
            line = data.line if isinstance(data, Lined) else line
    return line
