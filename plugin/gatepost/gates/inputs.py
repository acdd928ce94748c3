"""What a stage contract reads from outside: is it pinned, and is it still what was pinned?"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from posixpath import normpath
from typing import Final

from gatepost.book import Entry, Fault, FileFact, KeyPath
from gatepost.gates.cited_files import problem_of
from gatepost.gates.gate import Context
from gatepost.pipeline import Contract
from gatepost.pipeline.artifacts import leads_out
from gatepost.records import Artifact, Pipeline
from gatepost.records.versions import FIXED_FORMS, names_a_version

__all__ = ["inputs", "unknown_input"]

_NO_VERSION: Final = f"write `source: name@version` with {FIXED_FORMS}; or add `sha256:`"


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
    if artifact.source is None and artifact.sha256 is None:
        hint = "add it to `out:` of a stage, or add `source: name@version`"
        yield Fault(f"no stage writes {name}, and it names no source", hint, at, name)
    elif artifact.sha256 is not None:
        yield from _digested(entry, context, name, artifact)
    elif artifact.source is not None and not names_a_version(artifact.source):
        message = f"the input {name} is not pinned to a version: {artifact.source}"
        yield Fault(message, _NO_VERSION, at, name)


def _digested(entry: Entry, context: Context, name: str, artifact: Artifact) -> Iterator[Fault]:
    """Hold an input that is pinned by its digest against the file, where the repository has it or must have it."""
    files, fact = context.book.files, _file(entry, context, artifact)
    if fact is None:
        return
    actual = files.sha256(fact.path) if fact.state == "found" else artifact.sha256
    if actual not in {None, artifact.sha256}:
        message = f"the sha256 of the input {name} is {str(actual)[:12]}…, not {str(artifact.sha256)[:12]}…"
        hint = f"{fact.path} changed: look at it again, then write its new digest"
        yield Fault(message, hint, ("artifacts", name, "sha256"), str(artifact.sha256))
    elif artifact.source is None and (problem := problem_of(fact)):
        message = f"the input {name} names no source, and its file {artifact.path} {problem}"
        hint = "add the file to git, or say under `source:` where it comes from"
        yield Fault(message, hint, ("artifacts", name, "path"), str(artifact.path))


def unknown_input(entry: Entry, context: Context, contract: Contract) -> str | None:
    """Say of the first input that a digest pins what nobody here can tell about its file; else None."""
    files = context.book.files
    for name, artifact in contract.record.artifacts.items():
        if artifact.sha256 is None or name in contract.graph.producers or name not in contract.graph.readers:
            continue
        fact = _file(entry, context, artifact)
        if fact is None or fact.state != "found":
            continue
        if files.sha256(fact.path) is None:
            return f"whether {fact.path} has the sha256 of {name} is not known: it is too large or cannot be read"
        if artifact.source is None and fact.tracked is None:
            return f"whether git tracks {artifact.path} is not known: {files.why_unknown()}"
    return None


def _file(entry: Entry, context: Context, artifact: Artifact) -> FileFact | None:
    """Look for the file of an input, from where the stages run; a source is one when the repository has it."""
    record, files = entry.record, context.book.files
    workdir = record.workdir if isinstance(record, Pipeline) else None
    near = normpath(workdir) if workdir else context.book.folder(entry)
    if artifact.path and not leads_out(artifact.path):
        return files.look(artifact.path, near)
    fact = files.look(artifact.source, near) if artifact.source else None
    return fact if fact is not None and fact.state == "found" else None
