"""What is watched: is each signal measured by a stage, or held to a limit?"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from gatepost.pipeline.arguments import lost_by, says_yes
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation

__all__ = ["unseen_signals"]


def unseen_signals(contract: Contract) -> Iterator[Violation]:
    """Find monitors that watch nothing, and signals that no artifact holds and no limit names.

    A monitor may also watch what a promotion watches. A promotion whose rollback has no limits, or one on a signal that
    the promotion does not watch, is told so, and that finding is enough.
    """
    measured = {key for artifact in contract.record.artifacts.values() for key in artifact.keys}
    measured |= {key.partition("@")[0] for key in measured}
    promotions = [one for one in contract.promises.values() if one.kind == "promote"]
    limited = {key for one in promotions for key in _limits(one)}
    for one in promotions:
        limits = _limits(one)
        if limits and limits <= set(one.stage.watch):
            yield from _unseen(contract, one, "watch", one.stage.watch, measured | limited)
    watched = {signal for one in promotions for signal in one.stage.watch}
    for one in contract.promises.values():
        if one.kind != "monitor":
            continue
        yield from _unseen(contract, one, "signals", one.stage.signals, measured | limited | watched)
        if says_yes(one.stage.run or ""):
            message = f"{one.name} runs `{str(one.stage.run).strip()}`, which ends well whatever is the case"
            path = path_to(contract, one.name, f"{one.name} breach", "it ends well")
            hint = "let `run` name the command that watches"
            yield Violation("watched", message, hint, ("stages", one.name, "run"), f"{one.name} run", path)
        elif sign := lost_by(one.stage.run or ""):
            message = f"what {one.name} sees may be lost behind '{sign}': {str(one.stage.run).strip()}"
            path = path_to(contract, one.name, f"{one.name} breach", "it ends well")
            hint = "let `run` name the command that watches, and nothing behind it"
            yield Violation("watched", message, hint, ("stages", one.name, "run"), f"{one.name} run", path)
        if one.on_fail and "rollback" in one.on_fail and promotions and not _is_behind_any(contract, one):
            message = f"{one.name} rolls back, and it comes behind no promotion"
            path = path_to(contract, one.name, f"{one.name} breach", "nothing was promoted by then")
            hint = f"name {promotions[0].name} in `after:` of {one.name}"
            yield Violation("watched", message, hint, ("stages", one.name), f"{one.name} early", path)
        if not one.stage.signals and one.stage.run is None:
            message = f"the monitor {one.name} watches nothing: it has no signals and no command"
            path = path_to(contract, one.name, f"{one.name} breach", "nobody sees it")
            hint = "add `signals:` with the metrics that show a bad release"
            yield Violation("watched", message, hint, ("stages", one.name), "signals", path)


def _is_behind_any(contract: Contract, monitor: Promise) -> bool:
    if contract.graph.cyclic:
        return True  # nobody can tell what comes first
    promotions = (one.name for one in contract.promises.values() if one.kind == "promote")
    return any(contract.graph.comes_before(one, monitor.name) for one in promotions)


def _limits(promotion: Promise) -> set[str]:
    back = promotion.stage.rollback
    return set() if back is None else {condition.key for condition in back.when}


def _unseen(
    contract: Contract, one: Promise, key: str, signals: tuple[str, ...], known: set[str]
) -> Iterator[Violation]:
    for index, signal in enumerate(signals):
        if signal in known:
            continue
        near = get_close_matches(signal, sorted(known), n=1)
        add = "list it under `keys:` of the artifact that holds it, or give it a limit in `when:` of a rollback"
        message = f"{one.name} watches {signal}, which no artifact holds and no limit names"
        path = path_to(contract, one.name, f"{one.name} breach", f"nobody sees {signal}")
        hint = f"did you mean {near[0]}?" if near else add
        yield Violation("watched", message, hint, ("stages", one.name, key, index), signal, path)
