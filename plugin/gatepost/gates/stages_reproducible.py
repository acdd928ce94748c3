"""`stages-reproducible`: each stage pins its environment, its inputs and its sources of randomness."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.pipeline import StageGraph
from gatepost.records import Pipeline, Stage
from gatepost.records.pipeline import EXECUTABLE_KINDS, looks_like_an_image, pins_an_image

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Look at each stage that computes something, and at what it reads from outside."""
    contract = entry.record
    if not isinstance(contract, Pipeline):
        return NOT_APPLICABLE
    return [*_stages(entry, context, contract), *_inputs(contract)]


def _stages(entry: Entry, context: Context, contract: Pipeline) -> Iterator[Fault]:
    seen: set[str] = set()
    for name, stage in contract.stages.items():
        at: KeyPath = ("stages", name)
        if stage.run is None and stage.kind not in EXECUTABLE_KINDS:
            continue
        if stage.run is None:
            yield Fault(f"the stage {name} has no command", "add `run:`", at, f"{name} run")
        place = (*at, "environment") if stage.environment else ("defaults", "environment")
        environment = stage.environment or contract.defaults.environment
        if environment is None:
            hint = "add `environment:` with a lockfile or an image by digest, here or under defaults"
            yield Fault(f"the stage {name} pins no environment", hint, at, f"{name} environment")
        elif environment not in seen:
            seen.add(environment)
            yield from _environment(entry, context, environment, place)
        if stage.kind in EXECUTABLE_KINDS:
            yield from _repeatability(contract, name, stage)


def _environment(entry: Entry, context: Context, environment: str, at: KeyPath) -> Iterator[Fault]:
    if pins_an_image(environment):
        return
    fact = context.book.files.look(environment, context.book.folder(entry))
    if fact.state == "found" and fact.tracked is not False:
        return
    if fact.state == "found":
        message, hint = f"the lockfile {environment} is not tracked by git", f"run `git add {fact.path}`"
    elif fact.state == "refused":
        message, hint = f"the lockfile {environment} is refused: {fact.reason}", "name a file of this repository"
    elif looks_like_an_image(environment) and (":" in environment or "@" in environment):
        message, hint = (
            f"the environment {environment} is a tag, which pins nothing",
            "name the image by digest: name@sha256:…",
        )
    else:
        message, hint = f"the lockfile {environment} does not exist", "commit it, or name an image by digest"
    yield Fault(message, hint, at, environment)


def _repeatability(contract: Pipeline, name: str, stage: Stage) -> Iterator[Fault]:
    at: KeyPath = ("stages", name)
    repeat = stage.repeat or contract.defaults.repeat
    if repeat is None:
        hint = "add `repeat:`: exact, semantic, {metric: 0.005} or {none: reason}, here or under defaults"
        yield Fault(f"the stage {name} does not say what a second run gives", hint, at, f"{name} repeat")
    if (
        stage.kind == "train"
        and stage.seed is None
        and contract.defaults.seed is None
        and (repeat is None or repeat.claim != "none")
    ):
        hint = "add `seed:` here or under defaults"
        yield Fault(f"the stage {name} trains without a seed", hint, at, f"{name} seed")


def _inputs(contract: Pipeline) -> Iterator[Fault]:
    produced = StageGraph(contract).producers
    read = dict.fromkeys(artifact for stage in contract.stages.values() for artifact in stage.in_)
    for name in read:
        at: KeyPath = ("artifacts", name)
        known = contract.artifacts.get(name)
        if name in produced:
            continue
        if known is None:
            yield Fault(
                f"the artifact {name} has no producer and no source",
                "add it under artifacts with a `source:`",
                ("artifacts",),
                name,
            )
        elif known.sha256 is None and (known.source is None or "@" not in known.source):
            hint = "add `source: name@version` or `sha256:`"
            yield Fault(f"the input {name} is not pinned to a version", hint, at, name)


GATE = Gate(
    id="stages-reproducible",
    code="GP201",
    kind="stop",
    applies_to=frozenset({"pipeline"}),
    holds_when=(
        "Each stage pins its environment, its inputs and its sources of randomness, and says what a second run gives."
    ),
    check=check,
)
