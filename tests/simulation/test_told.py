"""Whoever asks sees every mutant with its killer, in a run of many processes, too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from expected import expected

ROOT = Path(__file__).parents[2]
ASKED = (
    "tests/simulation/test_definition_mutants.py::test_each_promise_that_the_definition_drops_is_found[fraud-realtime]"
)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "listed"), [(["--mutants", "-n", "1"], True), (["-n", "0"], False)])
def test_mutants_are_listed_where_they_are_asked_for(words: list[str], *, listed: bool) -> None:
    """One line for each, with the design, what was broken, and the difference that tells it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ASKED, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if "  <-  " in line]
    assert (len(lines) > 7) is listed
    assert all("SURVIVES" not in line and line.startswith("fraud-realtime: ") for line in lines)


@pytest.mark.parametrize(
    ("what", "killer"),
    [
        ("gate does not read its metrics", "judged"),
        ("no command for page", "notified"),
        ("no command for train", "stages-reproducible"),
        ("bypass the approval approve", "approved"),
    ],
)
def test_each_kind_of_mutant_has_a_killer_of_its_own(what: str, killer: str) -> None:
    """What else is broken with it, such as metrics that nobody reads any more, does not count."""
    assert expected(what) == killer
