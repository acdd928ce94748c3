"""What stages hand to each other: is each artifact listed, written once, read, and in the folder that is run?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from posixpath import normpath
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.violation import Violation, listed

__all__ = ["broken_artifacts", "leads_out"]

_ABSOLUTE: Final = re.compile(r"[/\\~]|[A-Za-z]:[/\\]")


def broken_artifacts(contract: Contract) -> Iterator[Violation]:
    """Find artifacts that are written twice or never read, that nobody lists, and paths that lead out."""
    yield from _outside(contract)
    yield from _written(contract)
    yield from _written_over(contract)
    yield from _one_input(contract)
    yield from _unread(contract)


def leads_out(path: str) -> bool:
    """Tell whether a path is absolute or climbs, so that another machine has another file there."""
    return bool(_ABSOLUTE.match(path)) or ".." in path.replace("\\", "/").split("/")


def _outside(contract: Contract) -> Iterator[Violation]:
    record = contract.record
    paths = [(("artifacts", name, "path"), one.path) for name, one in record.artifacts.items()]
    paths += [(("environments", name, "state"), one.state) for name, one in record.environments.items()]
    for at, path in paths:
        if path is not None and leads_out(path):
            message = f"{path} leads out of the folder that the stages run in"
            hint = "write a path below it; `workdir` says which folder that is"
            yield Violation("artifacts-used", message, hint, at, path)
    if record.workdir is not None and leads_out(normpath(record.workdir)):
        message, hint = f"workdir {record.workdir} leads out of the repository", "write a path from its root"
        yield Violation("artifacts-used", message, hint, ("workdir",), record.workdir)


def _written(contract: Contract) -> Iterator[Violation]:
    record, producers = contract.record, contract.graph.producers
    for name, makers in producers.items():
        stage = record.stages[makers[0]]
        at = ("stages", makers[0], "out", stage.out.index(name))
        if stage.out.count(name) > 1:
            message = f"{makers[0]} names {name} twice in `out:`"
            yield Violation("artifacts-used", message, "remove one of them", at, f"{name} twice")
        if len(makers) > 1:
            message = f"{name} is written by {listed(makers)}, so what is read depends on the order"
            yield Violation("artifacts-used", message, "give each its own artifact", at, f"{name} producers")
        if name not in record.artifacts and not _unmade(contract):
            near = get_close_matches(name, record.artifacts, n=1)
            hint = f"did you mean {near[0]}?" if near else "list it under artifacts with its type and path"
            message = f"{makers[0]} writes {name}, which is no artifact of the contract"
            yield Violation("artifacts-used", message, hint, at, name)


def _written_over(contract: Contract) -> Iterator[Violation]:
    """Find artifacts that two stages write to one path: what was judged may be gone when it is promoted.

    Promotions that follow each other write what the place serves, one after the other.
    """
    stages, producers = contract.record.stages, contract.graph.producers
    paths: dict[str, str] = {}
    for name, artifact in contract.record.artifacts.items():
        if artifact.path is None or (name not in producers and name not in contract.graph.readers):
            continue
        other = paths.setdefault(normpath(artifact.path), name)
        makers = [*producers.get(other, ()), *producers.get(name, ())]
        if not makers:
            continue  # two names of one input
        if other != name and not all(stages[one].kind == "promote" for one in makers):
            message = (
                f"{other} and {name} are written to one path, {artifact.path}, by {listed(list(dict.fromkeys(makers)))}"
            )
            hint = "give each a path of its own"
            yield Violation("artifacts-used", message, hint, ("artifacts", name, "path"), f"{other} {name} path")


def _one_input(contract: Contract) -> Iterator[Violation]:
    """Find inputs of two names that are the same bytes: what a model learns from is what it is judged by."""
    named: dict[str, str] = {}
    for name, artifact in contract.record.artifacts.items():
        if artifact.sha256 is None or name in contract.graph.producers or name not in contract.graph.readers:
            continue
        other = named.setdefault(artifact.sha256, name)
        if other != name:
            message = f"{other} and {name} are the same bytes: both have the sha256 {artifact.sha256[:12]}…"
            hint = "write the digest of each, or read one of them where both are read"
            yield Violation("artifacts-used", message, hint, ("artifacts", name, "sha256"), f"{other} {name} sha256")


def _unread(contract: Contract) -> Iterator[Violation]:
    record, producers, readers = contract.record, contract.graph.producers, contract.graph.readers
    unlisted = [name for name in (*readers, *producers) if name not in record.artifacts]
    for name, artifact in record.artifacts.items():
        if name in readers or _is_watched(contract, name):
            continue
        if (artifact.final and name in producers) or get_close_matches(name, unlisted, n=1):
            continue
        what = "is written and never read" if name in producers else "is neither written nor read"
        hint = "let a stage read it, write `final: true` if it is for readers outside, or remove it"
        if artifact.final:
            what, hint = "is for readers outside, and no stage writes it", "add it to `out:` of a stage, or remove it"
        yield Violation("artifacts-used", f"the artifact {name} {what}", hint, ("artifacts", name), name)


def _is_watched(contract: Contract, name: str) -> bool:
    """Tell whether a monitor writes down the very signals that it watches."""
    makers = (contract.promises[one] for one in contract.graph.producers.get(name, ()))
    keys = set(contract.record.artifacts[name].keys)
    return any(one.kind == "monitor" and not keys.isdisjoint(one.stage.signals) for one in makers)


def _unmade(contract: Contract) -> bool:
    """Tell whether an artifact is read that nobody makes: then one that is made and not listed has a wrong name."""
    artifacts, producers = contract.record.artifacts, contract.graph.producers
    return any(
        name in artifacts
        and name not in producers
        and artifacts[name].source is None
        and artifacts[name].sha256 is None
        for name in contract.graph.readers
    )
