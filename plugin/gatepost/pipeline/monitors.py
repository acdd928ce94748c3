"""Which monitors watch a release, and which only report on what nobody rolls back for, like drift."""

from __future__ import annotations

from gatepost.pipeline.contract import Contract, Promise

__all__ = ["only_reports"]


def only_reports(contract: Contract, monitor: Promise) -> bool:
    """Tell whether a breach of a monitor asks for no rollback.

    It does not when nothing that the monitor watches is watched by a promotion or named by the limits of a rollback,
    and each promotion to production before it has another monitor, which does roll back.
    """
    signals = set(map(_bare, monitor.stage.signals))
    before = _before(contract, monitor) & {one.name for one in contract.promotions}
    if not signals or not before or not signals.isdisjoint(_watched(contract)):
        return False
    others = [
        one
        for one in contract.promises.values()
        if one.kind == "monitor" and one.name != monitor.name and one.on_fail and "rollback" in one.on_fail
    ]
    return all(any(promotion in _before(contract, one) for one in others) for promotion in before)


def _watched(contract: Contract) -> set[str]:
    """Give the signals that promotions watch or that start a rollback, without their slices."""
    stages = [one for one in contract.record.stages.values() if one.kind == "promote"]
    limits = [condition.metric for one in stages if one.rollback for condition in one.rollback.when]
    return {*limits, *(_bare(signal) for one in stages for signal in one.watch)}


def _before(contract: Contract, promise: Promise) -> set[str]:
    graph = contract.graph
    return set(graph.members(graph.earlier[graph.number[promise.name]]))


def _bare(signal: str) -> str:
    return signal.partition("@")[0]
