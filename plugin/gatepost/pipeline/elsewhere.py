"""Commands that name another place than the one that their promotion goes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.trace import path_beside, path_to
from gatepost.pipeline.violation import Violation

__all__ = ["commands_elsewhere", "other_place"]

_WORD: Final = re.compile(r"[^\W_]+")
_ARGUMENT: Final = re.compile(r"[\s=,'\"]+")
_FROM: Final = frozenset({"from", "source", "src", "like", "baseline", "compare"})
"""What stands before the place that something is taken from."""


def commands_elsewhere(contract: Contract) -> Iterator[Violation]:
    """Find promotions whose command, or whose rollback, names another place of the contract, and not its own."""
    promotions = [one for one in contract.promises.values() if one.kind == "promote" and one.stage.to]
    places = _places(contract)
    for promotion in promotions:
        name, back = promotion.name, promotion.stage.rollback
        if other := _named(places, promotion, promotion.stage.run):
            message = f"{name} goes to {promotion.stage.to}, and its command names {other}: {promotion.stage.run}"
            hint = f"let `run` name {promotion.stage.to}, or correct `to:`"
            path = path_beside(contract, name)
            yield Violation("no-bypass", message, hint, ("stages", name, "run"), f"{name} run {other}", path)
        if back is not None and (other := _named(places, promotion, back.run)):
            message = f"{name} goes to {promotion.stage.to}, and its rollback names {other}: {back.run}"
            hint = f"let it name {promotion.stage.to}"
            at = ("stages", name, "rollback", "run")
            path = path_to(contract, name, f"{name} breach", f"{other} is rolled back")
            yield Violation("rollback-complete", message, hint, at, f"{name} rollback {other}", path)


def other_place(contract: Contract, promotion: Promise, run: str) -> str:
    """Give the place that a command of a promotion names, where that is another one of the contract; else nothing."""
    return _named(_places(contract), promotion, run) if promotion.stage.to else ""


def _places(contract: Contract) -> dict[str, frozenset[str]]:
    """Give each place of a contract with the words of its name."""
    named = {one.stage.to for one in contract.promises.values() if one.kind == "promote" and one.stage.to}
    return {name: _words(name) for name in sorted(named | contract.record.environments.keys())}


def _named(places: dict[str, frozenset[str]], promotion: Promise, run: str | None) -> str:
    """Give the other place that a command names as an argument; empty where it names its own, or none."""
    said, found = _arguments(run or ""), ""
    if not said:
        return found
    own = places[promotion.stage.to or ""]
    for name, theirs in places.items():
        if any(one == own or one <= own - theirs for one in said):
            return ""
        if name != promotion.stage.to and any(one == theirs or one <= theirs - own for one in said):
            found = name
    return found


def _arguments(run: str) -> list[frozenset[str]]:
    """Give the words of each argument of a command that is no option, no path, and not where something comes from."""
    parts = [one for one in _ARGUMENT.split(run) if one]
    before = ["", *parts]
    return [
        words
        for one, earlier in zip(parts[1:], before[1:], strict=False)
        if not one.startswith("-") and "/" not in one and "." not in one and _FROM.isdisjoint(_words(earlier))
        if (words := _words(one))
    ]


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.casefold()))
