"""What the stages of a contract run in: a lockfile that is there and pins, or an image by its digest."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import Context
from gatepost.gates.lockfiles import Disk, NotPinned, Unclear, judge_lockfile
from gatepost.pipeline import Contract
from gatepost.records import Pipeline
from gatepost.records.pipeline import looks_like_an_image, pins_an_image

__all__ = ["unknown_lockfile", "unpinned"]


def unpinned(entry: Entry, context: Context, contract: Contract) -> Iterator[Fault]:
    """Find environments that pin nothing, each once."""
    for environment, at in _environments(contract).items():
        yield from _environment(entry, context, environment, at)


def unknown_lockfile(entry: Entry, context: Context, contract: Contract) -> str | None:
    """Say of the first lockfile what nobody here can tell: whether git tracks it, or whether it pins; else None."""
    files, near = context.book.files, context.book.folder(entry)
    for name in _environments(contract):
        fact = files.look(name, near)
        if pins_an_image(name) or fact.state != "found":
            continue
        if fact.tracked is None:
            return f"whether git tracks {name} is not known: {files.why_unknown()}"
        if isinstance(judged := judge_lockfile(name, fact.path, _disk(entry, context)), Unclear):
            return judged.reason
    return None


def _disk(entry: Entry, context: Context) -> Disk:
    workdir = entry.record.workdir if isinstance(entry.record, Pipeline) else None
    files = context.book.files
    return Disk(files.read, files.exists, normpath(workdir) if workdir else context.book.folder(entry))


def _environments(contract: Contract) -> dict[str, KeyPath]:
    """Give each environment that something runs in, and where it is named first."""
    places: dict[str, KeyPath] = {}
    for name, one in contract.promises.items():
        if one.environment is not None and one.executes:
            own = one.stage.environment is not None
            places.setdefault(one.environment, ("stages", name, "environment") if own else ("defaults", "environment"))
    return places


def _environment(entry: Entry, context: Context, environment: str, at: KeyPath) -> Iterator[Fault]:
    if pins_an_image(environment):
        return
    fact = context.book.files.look(environment, context.book.folder(entry))
    if fact.state == "found" and fact.tracked is not False:
        judged = judge_lockfile(environment, fact.path, _disk(entry, context))
        if isinstance(judged, NotPinned):
            yield Fault(judged.message, judged.hint, at, environment)
        return
    if fact.state == "found":
        message, hint = f"the lockfile {environment} is not tracked by git", f"run `git add {fact.path}`"
    elif fact.state == "refused":
        message, hint = f"the lockfile {environment} is refused: {fact.reason}", "name a file of this repository"
    elif looks_like_an_image(environment):
        message, hint = (
            f"the environment {environment} is a tag, which pins nothing",
            "name the image by digest: name@sha256:…",
        )
    else:
        message, hint = f"the lockfile {environment} does not exist", "commit it, or name an image by digest"
    yield Fault(message, hint, at, environment)
