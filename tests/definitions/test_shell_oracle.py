"""Whatever is said of a script, a real shell does it: no failure is claimed that is lost, none lost that gets out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ordinary_scripts import ORDINARY
from shell_scripts import BASH, DASH, ONLY_BASH, Bash, script

from effort import first
from gatepost.definitions.definition import RealStage, Script
from gatepost.definitions.failures import failure_of

GATE = "python gate.py"
_OPEN = 4
"""So many ordinary scripts may be open."""
_MANY = 40
"""So many scripts are one case."""


def fates(text: str, *, stops: bool) -> tuple[str, str]:
    """Give what becomes of a failing gate, where the contract names it alone, and where it names the whole script."""
    stage = RealStage("gate", "d", 1, text, scripts=(Script(text, stops=stops, pipefail=False),))
    alone, whole = failure_of(stage, "gate"), failure_of(stage, text)
    return (alone.fate if alone else "none"), (whole.fate if whole else "none")


def lies(bash: Bash, text: str, *, stops: bool) -> Iterator[str]:
    """Give what is said of a script that a real shell does not do, however the gate fails."""
    alone, whole = fates(text, stops=stops)
    if alone in {"open", "absent"} and whole != "stops":
        return
    for x in ("", "a") if "X" in text else ("",):
        good = bash.ended(text, stops=stops, code=0, x=x)
        for code in (1, 10) if "10" in text else (1,):
            bad = bash.ended(text, stops=stops, code=code, x=x)
            if alone == "stops" and not bad.has_failed:
                yield f"stops, and ends well with {code}, {x!r}"
            if whole == "stops" and not bad.has_failed and bad.has_run:
                yield f"stops as a whole, and ends well with {code}, {x!r}"
            if alone == "hidden" and bad.has_failed and not good.has_failed:
                yield f"is hidden, and fails with {code}, {x!r}"
            if alone == "never" and bad.has_run:
                yield f"never runs, and does with {code}, {x!r}"


@pytest.mark.parametrize(("case", "shell"), first([(case, shell) for case in range(30) for shell in (BASH, DASH)], 6))
def test_a_real_shell_ends_as_it_is_told(case: int, shell: str | None, tmp_path: Path) -> None:
    """Neither is a failure said to end a script that ends well, nor to be hidden where it does not; in no shell."""
    if shell is None:
        pytest.skip("no such shell here")
    real = Bash(tmp_path, shell)
    seeds = [
        seed
        for seed in range(case * _MANY, (case + 1) * _MANY)
        if shell == BASH or ONLY_BASH.search(script(seed)) is None
    ]
    told = {seed: list(lies(real, script(seed), stops=seed % 2 == 0)) for seed in seeds}
    assert {seed: (seed % 2 == 0, script(seed), said) for seed, said in told.items() if said} == {}


def test_ordinary_scripts_are_not_blamed_and_seldom_open() -> None:
    """A gate whose failure gets out of a script of an ordinary shape is known to be one, but for a few."""
    found = [failure_of(RealStage("gate", "d", 1, one, scripts=(Script(one, stops=True),)), GATE) for one in ORDINARY]
    told = [one.fate if one is not None else "none" for one in found]
    assert set(told) <= {"stops", "open"}, [one for one, fate in zip(ORDINARY, told, strict=True) if fate != "stops"]
    assert told.count("open") <= _OPEN, [one for one, fate in zip(ORDINARY, told, strict=True) if fate == "open"]


@pytest.mark.parametrize("stops", [True, False])
def test_random_scripts_are_mostly_followed(stops: bool) -> None:  # noqa: FBT001 - which shell
    """What is open is a part that does not grow: no script of these is refused, and three in four have an answer."""
    told = [fates(script(seed), stops=stops)[0] for seed in range(400)]
    assert told.count("open") + told.count("absent") <= len(told) * 0.32
