"""What a shell forgets of a command that has failed."""

from __future__ import annotations

import pytest

from gatepost.pipeline.arguments import lost_by, says_yes


@pytest.mark.parametrize(
    ("run", "sign"),
    [
        ("python gate.py || true", "||"),
        ("python gate.py | tee gate.log", "|"),
        ("python gate.py; echo done", ";"),
        ("python gate.py & wait", "&"),
        ("sh -c 'python gate.py || true'", "||"),
        ("bash -lc 'python gate.py | tee gate.log'", "|"),
        ("set -e; python gate.py || true", "||"),
        ("python gate.py --exit 1 || true", "||"),
        ("make -i gate", "-i"),
        ("make gate --ignore-errors", "--ignore-errors"),
        ("make -C gates gate -ki", "-ki"),
        ("make gate", ""),
        ("make -j 4 gate", ""),
        ("make -Cpipeline gate", ""),
        ("make -fci gate", ""),
        ("make -si gate", "-si"),
        ("make -k gate", ""),
        ("python make.py -i gate", ""),
        ("python gate.py", ""),
        ("sh -c 'python gate.py'", ""),
        ("set -e; python gate.py; echo done", ""),
        ("python gate.py || { exit 10; }", ""),
        ("python gate.py && echo passed", ""),
        ("python gate.py > gate.log 2>&1", ""),
        ("python gate.py || exit 10", ""),
        ("set -euo pipefail; python gate.py | tee gate.log", ""),
        ("python gate.py --slices 'new|old;all'", ""),
        ("python gate.py\necho done", "a new line"),
    ],
)
def test_where_a_failure_is_lost(run: str, sign: str) -> None:
    """Behind a pipe, a `;` or `|| true` another command's exit code counts, also in what is given to a shell."""
    assert lost_by(run) == sign


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        *(
            (one, True)
            for one in ("true", ":", "echo ok", "exit 0", "sh -c 'exit 0'", "bash -c 'echo fine'", "make -n gate")
        ),
        *((one, False) for one in ("python gate.py", "exit 10", "sh gate.sh", "echo-gate --limit 3", "", "sh -c")),
    ],
)
def test_what_says_yes_whatever_is_the_case(run: str, expected: bool) -> None:  # noqa: FBT001 - a case
    """What only prints, or ends well by itself, has looked at nothing."""
    assert says_yes(run) is expected
