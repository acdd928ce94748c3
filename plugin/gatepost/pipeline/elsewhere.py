"""Commands that name another place than the one that their promotion goes to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
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
    places = _Places(contract)
    for promotion in contract.promises.values():
        if promotion.kind != "promote" or not promotion.stage.to:
            continue
        name, to, back = promotion.name, promotion.stage.to, promotion.stage.rollback
        if other := places.named(to, promotion.stage.run):
            message = f"{name} goes to {to}, and its command names {other}: {promotion.stage.run}"
            hint = f"let `run` name {to}, or correct `to:`"
            path = path_beside(contract, name)
            yield Violation("no-bypass", message, hint, ("stages", name, "run"), f"{name} run {other}", path)
        if back is not None and (other := places.named(to, back.run)):
            message = f"{name} goes to {to}, and its rollback names {other}: {back.run}"
            hint = f"let it name {to}"
            at = ("stages", name, "rollback", "run")
            path = path_to(contract, name, f"{name} breach", f"{other} is rolled back")
            yield Violation("rollback-complete", message, hint, at, f"{name} rollback {other}", path)


def other_place(contract: Contract, promotion: Promise, run: str) -> str:
    """Give the place that a command of a promotion names, where that is another one of the contract; else nothing."""
    return _Places(contract).named(promotion.stage.to, run) if promotion.stage.to else ""


class _Places:
    """The places of a contract, and the words of their names."""

    def __init__(self, contract: Contract) -> None:
        stages = contract.promises.values()
        promoted = {one.stage.to for one in stages if one.kind == "promote" and one.stage.to}
        self._words = {name: _words(name) for name in promoted | contract.record.environments.keys()}
        self._holding: dict[str, set[str]] = defaultdict(set)
        for name, words in self._words.items():
            for word in words:
                self._holding[word].add(name)

    def named(self, to: str, run: str | None) -> str:
        """Give the other place that a command names as an argument; empty where it names its own, or none.

        A part of a name is enough that tells the one place from the other, such as `eu` of `prod-eu`.
        """
        said, own, found = _arguments(run or ""), self._words[to], ""
        for one in said:
            holding = [self._holding.get(word, set()) for word in one]
            is_of_own = one == own or (one <= own and len(set().union(*holding)) < len(self._words))
            if is_of_own:
                return ""
            others = sorted(set.intersection(*holding) - {to})
            found = next((name for name in others if one == self._words[name] or one.isdisjoint(own)), found)
        return found


def _arguments(run: str) -> list[frozenset[str]]:
    """Give the words of each argument of a command that is no option, no path, and not where something comes from."""
    parts = [one for one in _ARGUMENT.split(run) if one]
    return [
        words
        for earlier, one in pairwise(parts)
        if not one.startswith("-") and "/" not in one and "." not in one and _FROM.isdisjoint(_words(earlier))
        if (words := _words(one))
    ]


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.casefold()))
