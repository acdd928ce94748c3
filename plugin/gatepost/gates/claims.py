"""Does what a stage claims about a second run say anything, and is what it is held against there?"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.book import Fault, KeyPath
from gatepost.pipeline import Contract, Promise
from gatepost.pipeline.lineage import MODELS
from gatepost.pipeline.words import says_something
from gatepost.records.pipeline import EXECUTABLE_KINDS, Repeat

__all__ = ["claims", "is_without_input", "makes_a_model"]

_MARGINS: Final = 5
"""A tolerance of so many margins says nothing beside a comparison with another model."""
_MADE_OF_DATA: Final = frozenset({"data", "train"})


def makes_a_model(contract: Contract, one: Promise) -> bool:
    """Tell whether a stage of a kind that computes writes a model and reads none, which is training by another name."""
    known = contract.record.artifacts
    made, read = (
        any(name in known and known[name].type.strip().casefold() in MODELS for name in names)
        for names in (one.stage.out, one.stage.in_)
    )
    return one.kind in EXECUTABLE_KINDS and made and not read


def is_without_input(_: Contract, one: Promise) -> bool:
    """Tell whether a stage that makes data or a model names nothing that it is made of.

    A stage that draws its data by itself says so by a seed of its own, and one that makes no claim by its reason.
    """
    if one.kind not in _MADE_OF_DATA or one.stage.in_ or (one.repeat is not None and one.repeat.claim == "none"):
        return False
    return one.kind == "train" or one.stage.seed is None


def claims(contract: Contract) -> Iterator[Fault]:
    """Find claims that nothing can break: no reason, no such predictions, a tolerance as wide as a gate's own limit."""
    told: set[KeyPath] = set()
    for name, promise in contract.promises.items():
        repeat = promise.repeat
        if repeat is None:
            continue
        at: KeyPath = ("stages", name, "repeat") if promise.stage.repeat else ("defaults", "repeat")
        found = (
            _reason(at, repeat) or _probe(contract, promise, at, repeat) or _tolerance(contract, promise, at, repeat)
        )
        if found is not None and at not in told:
            told.add(at)
            yield found


def _reason(at: KeyPath, repeat: Repeat) -> Fault | None:
    if repeat.claim != "none" or says_something(repeat.reason or ""):
        return None
    message = f"`{{none: {repeat.reason}}}` gives no reason why a second run may give anything"
    return Fault(
        message, "say what makes it differ, such as `none: the kernels of the GPU add in any order`", at, "none"
    )


def _probe(contract: Contract, promise: Promise, at: KeyPath, repeat: Repeat) -> Fault | None:
    """Look for the predictions that a semantic claim is held against, and that come from the stage that claims it."""
    probe, known, graph = repeat.probe, contract.record.artifacts, contract.graph
    if probe is None:
        return None
    makers = graph.producers.get(probe, ())
    if makers and probe in known and known[probe].path:
        own = promise.stage.repeat is not None
        comes = any(one == promise.name or graph.comes_before(promise.name, one) for one in makers)
        if comes or not own:
            return None
        message = f"`{{semantic: {probe}}}` is held against {probe}, which is made without {promise.name}"
        return Fault(message, "name predictions of what the stage makes, on a fixed set", at, probe)
    if probe in known:
        lacks = "is written by no stage" if probe not in contract.graph.producers else "has no path"
        hint = "add it to `out:` of the stage that predicts, with a `path:`"
        return Fault(f"`{{semantic: {probe}}}` is held against {probe}, which {lacks}", hint, at, probe)
    near = get_close_matches(probe, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "name the artifact that holds predictions on a fixed set"
    return Fault(
        f"`{{semantic: {probe}}}` is held against {probe}, which is no artifact of the contract", hint, at, probe
    )


def _tolerance(contract: Contract, promise: Promise, at: KeyPath, repeat: Repeat) -> Fault | None:
    """Hold a tolerance against the limits that gates set for what the stage measures."""
    if repeat.tolerance is None:
        return None
    known, graph = contract.record.artifacts, contract.graph
    own = promise.stage.repeat is not None
    later = graph.members(graph.later[graph.number[promise.name]]) if own else ()
    outs = [out for name in (promise.name, *later) for out in contract.promises[name].stage.out]
    keys = {key for artifact in outs if artifact in known for key in known[artifact].keys}
    for gate in contract.guards:
        for condition in gate.stage.pass_:
            limit = abs(condition.number) * (_MARGINS if condition.reference is not None else 1)
            if condition.key in keys and 0 < limit <= repeat.tolerance:
                apart = f"two runs of {promise.name} may be {repeat.tolerance:g} apart in {condition.key}"
                message = f"{apart}, of which {gate.name} asks for {condition}"
                hint = "claim a tolerance that is small beside the limit, here or for the stage"
                return Fault(message, hint, at, f"{repeat.tolerance:g}")
    return None
