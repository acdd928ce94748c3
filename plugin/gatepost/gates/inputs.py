"""What a stage contract reads from outside: is it pinned, and is it still what was pinned?"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import Context
from gatepost.pipeline import Contract
from gatepost.records import Artifact, Pipeline

__all__ = ["inputs"]

_MOVING: Final = frozenset({"", "latest", "current", "newest", "head", "main", "master", "today"})
"""What stands behind an `@` and names no version."""


def inputs(entry: Entry, context: Context, contract: Contract) -> Iterator[Fault]:
    """Find what stages read that no stage writes and that is pinned to no version, or to another one."""
    record = contract.record
    seen = set(contract.graph.producers)
    for stage_name, stage in record.stages.items():
        for index, name in enumerate(stage.in_):
            if name in seen:
                continue
            seen.add(name)
            known = record.artifacts.get(name)
            if known is None:
                yield _unlisted(record, name, ("stages", stage_name, "in", index))
            else:
                yield from _pinned(entry, context, name, known)


def _unlisted(contract: Pipeline, name: str, at: KeyPath) -> Fault:
    near = get_close_matches(name, contract.artifacts, n=1)
    hint = f"did you mean {near[0]}?" if near else "list it under artifacts with a `source:`"
    return Fault(f"no stage writes {name}, and it is no artifact of the contract", hint, at, name)


def _pinned(entry: Entry, context: Context, name: str, artifact: Artifact) -> Iterator[Fault]:
    at: KeyPath = ("artifacts", name)
    version = (artifact.source or "").rpartition("@")[2] if "@" in (artifact.source or "") else ""
    if artifact.source is None and artifact.sha256 is None:
        hint = "add it to `out:` of a stage, or add `source: name@version`"
        yield Fault(f"no stage writes {name}, and it names no source", hint, at, name)
    elif artifact.sha256 is None and version.strip().casefold() in _MOVING:
        message = f"the input {name} is not pinned to a version: {artifact.source}"
        yield Fault(message, "write `source: name@version`, or add `sha256:`", at, name)
    elif artifact.sha256 is not None and artifact.path:
        fact = context.book.files.look(artifact.path, context.book.folder(entry))
        actual = context.book.files.sha256(fact.path) if fact.state == "found" else None
        if actual not in {None, artifact.sha256}:
            message = f"the sha256 of the input {name} is {str(actual)[:12]}…, not {artifact.sha256[:12]}…"
            hint = f"{fact.path} changed: look at it again, then write its new digest"
            yield Fault(message, hint, (*at, "sha256"), artifact.sha256)
