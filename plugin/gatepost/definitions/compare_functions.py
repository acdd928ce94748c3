"""Stages that are a function of Python in the definition and a command in the contract.

A function that runs the contract's command is the same, one that does nothing but run another is not. Of any other it
is not shown whether it does what the command does, which is told once for all. Its name for a `run` is accepted.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final, Literal

from gatepost.definitions.commands import runs, shortened
from gatepost.definitions.compare_commands import SHOWN
from gatepost.definitions.definition import Called, RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.mentions import are_words_of
from gatepost.definitions.sides import Sides, differs
from gatepost.pipeline import Promise, listed

__all__ = ["Same", "functions", "is_same"]

Same = Literal["same", "other", "open"]
"""Whether a function runs a command: its text shows that it does, that it does something else, or neither."""
_OPEN: Final = "whether the same is done is not shown"
_HINT: Final = "a function that runs that command itself would show it: `subprocess.run([…], check=True)`"


def is_same(real: RealStage, ours: str) -> Same:
    """Tell whether the function of a stage does what a command of a contract does."""
    if real.function is not None and ours.strip() in {real.function.name, real.command}:
        return "same"
    program = real.program
    if program is None:
        return "open"
    if any(_is(words, ours) for words in program.commands):
        return "same"
    return "other" if program.whole else "open"


def _is(words: tuple[str, ...], ours: str) -> bool:
    """Tell whether the words that a function hands on are a command; their paths may be put together."""
    said = shlex.join(words)
    return runs(said, ours) or (len(words) == len(ours.split()) and are_words_of(words, ours))


def functions(sides: Sides) -> Iterator[Difference]:
    """Compare the stages that are a function in the definition with the commands of the contract."""
    unsure: list[tuple[Promise, RealStage, Called]] = []
    for promise, real in sides.pairs():
        if real.function is None or promise.stage.run is None:
            continue
        same = is_same(real, promise.stage.run)
        if same == "other":
            yield _other(promise, real, real.function)
        elif same == "open":
            unsure.append((promise, real, real.function))
    if unsure:
        yield _unsure(unsure)


def _other(promise: Promise, real: RealStage, function: Called) -> Difference:
    commands = real.program.commands if real.program else ()
    theirs = listed([f"`{shortened(shlex.join(one), SHOWN)}`" for one in commands])
    message = f"{_heading(promise, function)}, which runs {theirs}"
    return differs(promise, real, "command-differs", "run", message)


def _unsure(unsure: list[tuple[Promise, RealStage, Called]]) -> Difference:
    names = [promise.name for promise, _, _ in unsure]
    places = list(dict.fromkeys(f"{function.name} ({function.place})" for _, _, function in unsure))
    first, real, function = unsure[0]
    message = f"{listed(names)} run commands here and functions in the definition: {listed(places)}"
    message = f"{message if len(unsure) > 1 else _heading(first, function)}; {_OPEN}"
    found = differs(first, real, "command-differs", "run", message)
    return found._replace(hint=_HINT, value=f"{' '.join(names)} run", weight="unknown")


def _heading(promise: Promise, function: Called) -> str:
    ours = shortened(promise.stage.run, SHOWN)
    return f"{promise.name} runs `{ours}` here and the function {function.name} ({function.place}) in the definition"
