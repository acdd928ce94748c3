"""What each stage that decides is shown: files without which a gate, a monitor or an approval has nothing to go by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatepost.pipeline.contract import Contract, Promise
from gatepost.records.expressions import Condition

__all__ = ["Shown", "shown_to_judges", "watched_by"]


class Shown(NamedTuple):
    """Files that a stage decides by."""

    judge: Promise
    paths: tuple[str, ...]


def watched_by(contract: Contract, judge: Promise) -> tuple[Condition, ...]:
    """Give the conditions that a stage judges: a gate's own, and those of the rollbacks that a monitor watches."""
    if judge.kind != "monitor":
        return judge.stage.pass_
    before = contract.graph.ancestors(judge.name)
    promoted = (one for one in contract.promises.values() if one.kind == "promote" and one.name in before)
    return tuple(when for one in promoted if one.stage.rollback for when in one.stage.rollback.when)


def shown_to_judges(contract: Contract) -> Iterator[Shown]:
    """Give what is shown to each stage that decides by a command of its own.

    For gates and monitors that is each file with a metric of theirs; for an approval all that it reads, together.
    """
    for one in contract.promises.values():
        if one.stage.run is None:
            continue
        if one.kind == "approval":
            paths = _paths(contract, one, keys=None)
            yield from [Shown(one, paths)] if paths else []
        elif one.kind in {"gate", "monitor"}:
            keys = {key for each in watched_by(contract, one) for key in (each.key, each.reference) if key}
            yield from (Shown(one, (path,)) for path in _paths(contract, one, keys))


def _paths(contract: Contract, judge: Promise, keys: set[str] | None) -> tuple[str, ...]:
    """Give where the artifacts lie that a stage reads: all of them, or those that list one of some metrics."""
    artifacts = contract.record.artifacts
    read = (artifacts[name] for name in judge.stage.in_ if name in artifacts)
    return tuple(dict.fromkeys(one.path for one in read if one.path and (keys is None or keys.intersection(one.keys))))
