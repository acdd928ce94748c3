"""What a contract promises and a skeleton has no place for: comments, so that nothing is dropped in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from gatepost.definitions.sides import GUARDS
from gatepost.pipeline import Contract, Promise
from gatepost.records.base import Model

__all__ = ["Names", "comment", "head", "is_unwritten", "running", "tail", "unsaid"]

_ORDER: Final = {"kind", "run", "in", "out", "after", "description", "impl", "gate"}
"""The keys of a stage that every skeleton shows, in its own way."""
_PLACES: Final = ("environments", "handlers", "defaults")


def comment(text: str, indent: int = 0) -> str:
    """Give a comment on one line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"{' ' * indent}# {' '.join(plain.split())}"


def head(contract: Contract, tool: str, shown: Iterable[str]) -> Iterator[str]:
    """Give the first lines: what it is, and what holds for all stages.

    Args:
        contract: the contract.
        tool: what the skeleton is for.
        shown: the keys of `defaults` that the skeleton shows with each stage.
    """
    yield comment(f"A skeleton for {tool}, from the stage contract '{contract.record.title}'. Go on from here.")
    yield comment(f"What {tool} has no place for is a comment; the contract has it all.")
    for key in _PLACES:
        said = getattr(contract.record, key)
        fields = _fields(said, set(shown)) if isinstance(said, Model) else list(_dumped(contract.record, key).items())
        if fields:
            yield comment(f"{key}: {_listed(fields)}")


def tail(contract: Contract) -> Iterator[str]:
    """Give the last lines: what the contract says of artifacts besides their path."""
    for name, artifact in contract.record.artifacts.items():
        if fields := _fields(artifact, {"path"}):
            yield comment(f"artifact {name}: {_listed(fields)}")


def unsaid(promise: Promise, shown: Iterable[str], indent: int) -> Iterator[str]:
    """Give what a stage says of itself that the skeleton does not show.

    Args:
        promise: the stage.
        shown: the keys that the skeleton shows.
        indent: spaces before the comment.
    """
    fields = _fields(promise.stage, _ORDER | set(shown))
    yield comment(f"{promise.kind}; {_listed(fields)}" if fields else promise.kind, indent)


def _dumped(model: Model, key: str) -> dict[str, Any]:
    found: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_unset=True).get(key, {})
    return found


def _fields(model: Model, besides: set[str]) -> list[tuple[str, Any]]:
    dumped = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return [(key.replace("_", "-"), said) for key, said in dumped.items() if key.replace("_", "-") not in besides]


def _listed(fields: Iterable[tuple[str, Any]]) -> str:
    return "; ".join(f"{key}: {_short(said)}" for key, said in fields)


def _short(said: Any) -> str:  # noqa: ANN401 - whatever a field holds
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def is_unwritten(promise: Promise) -> bool:
    """Tell whether a stage is a gate or an approval for which nothing is run yet, nor in another stage."""
    return promise.kind in GUARDS and promise.stage.run is None and promise.stage.gate is None


def running(contract: Contract, name: str, *, shown: Callable[[str], bool]) -> list[str]:
    """Give the stages that a stage waits for, those stepped over that have no command.

    Args:
        contract: the contract.
        name: the stage.
        shown: tells of a stage without a command whether the skeleton has it all the same.
    """
    found: dict[str, None] = {}
    waiting, seen = list(contract.graph.before[name]), set()
    while waiting:
        earlier = waiting.pop(0)
        if earlier in seen:
            continue
        seen.add(earlier)
        if contract.promises[earlier].stage.run is None and not shown(earlier):
            waiting += contract.graph.before[earlier]
        else:
            found[earlier] = None
    return list(found)


class Names:
    """The names of stages as a tool allows them."""

    def __init__(self, contract: Contract, tool: str, *, digit_first: bool) -> None:
        """Give each stage a name of its own.

        Args:
            contract: the contract.
            tool: the kind of definition; `impl` names stages of the one that the contract has for a source.
            digit_first: whether a name may begin with a digit.
        """
        source = contract.record.source
        self._given: dict[str, str] = {}
        self._renamed: set[str] = set()
        for name, stage in contract.record.stages.items():
            is_named = stage.impl is not None and source is not None and source.kind == tool
            wanted = str(stage.impl).removeprefix(f"{tool}:") if is_named else name
            self._given[name] = self._free(wanted, digit_first=digit_first)
            if self._given[name] != wanted.replace(".", "-"):
                self._renamed.add(name)

    def _free(self, wanted: str, *, digit_first: bool) -> str:
        stem = re.sub(r"[^A-Za-z0-9_-]", "-", wanted)
        stem = stem if digit_first or not stem[:1].isdigit() else f"_{stem}"
        name, number = stem, 2
        while name in self._given.values():
            name, number = f"{stem}-{number}", number + 1
        return name

    def __getitem__(self, name: str) -> str:
        """Give the name of a stage."""
        return self._given[name]

    def told(self, name: str, indent: int) -> Iterator[str]:
        """Say which stage it is, where the name does not tell."""
        if name in self._renamed:
            yield comment(f"{name} in the contract: say `impl: {self._given[name]}` there", indent)
