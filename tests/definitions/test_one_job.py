"""Several stages of a contract in one job: their order, and what still runs when one of them has failed."""

from __future__ import annotations

from typing import Any

import pytest
from reading import read

from gatepost.definitions import compare
from gatepost.records import Pipeline

STAGES: dict[str, Any] = {
    "fit": {"kind": "train", "run": "python fit.py", "impl": "all"},
    "judge": {"kind": "gate", "run": "python judge.py", "impl": "all", "after": ["fit"]},
    "ship": {"kind": "promote", "to": "production", "run": "python ship.py", "impl": "all", "after": ["judge"]},
}
FIT, JUDGE, SHIP = "{run: python fit.py}", "{run: python judge.py}", "{run: python ship.py}"

LET = "{id: g, run: python judge.py, continue-on-error: true}"


def told(tool: str, text: str) -> list[tuple[str, str]]:
    """Give each difference as its weight and its id."""
    contract = Pipeline.model_validate(
        {"title": "x", "owner": "x", "source": {"kind": tool, "path": "d"}, "stages": STAGES}
    )
    return [(one.weight, one.id) for one in compare(contract, read(tool, text, path="d/x"), "d").differences]


def steps(*each: str) -> str:
    """Give a workflow with one job."""
    return "jobs:\n  all:\n    steps:\n" + "".join(f"      - {one}\n" for one in each)


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ((FIT, JUDGE, SHIP), []),
        ((FIT, "{run: python judge.py && python ship.py}"), []),
        ((FIT, "{run: 'if python judge.py; then python ship.py; fi'}"), []),
        ((FIT, '{run: "python judge.py || exit 1\\npython ship.py"}'), []),
        ((FIT, LET, "{run: exit 1, if: steps.g.outcome != 'success'}", SHIP), []),
        ((FIT, LET, "{run: python ship.py, if: steps.g.outcome == 'success'}"), []),
        ((FIT, SHIP, JUDGE), [("differs", "guard-missing")]),
        ((JUDGE, FIT, SHIP), [("differs", "edge-reversed")]),
        ((FIT, '{run: "python ship.py\\npython judge.py"}'), [("differs", "guard-missing")]),
        ((FIT, JUDGE, "{run: python ship.py, if: always()}"), [("differs", "guard-weakened")]),
        ((FIT, JUDGE, '{run: python ship.py, if: "!cancelled()"}'), [("differs", "guard-weakened")]),
        (("{run: python fit.py, continue-on-error: true}", JUDGE, SHIP), [("differs", "edge-weakened")]),
        ((FIT, "{run: python judge.py, continue-on-error: true}", SHIP), [("differs", "guard-cannot-fail")]),
        ((FIT, '{run: "set +e\\npython judge.py\\npython ship.py"}'), [("differs", "guard-cannot-fail")]),
        ((FIT, JUDGE, "{run: python ship.py, if: always() && inputs.force}"), [("unknown", "guard-weakened")]),
    ],
)  # fmt: skip
def test_steps_run_in_their_order(each: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    """A promotion behind its gate, and only when that has succeeded."""
    found = told("github-actions", steps(*each))
    assert [one for one in found if one != ("not-shown", "approval-not-shown")] == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[python fit.py, python judge.py, python ship.py]", []),
        ("[python fit.py && python judge.py && python ship.py]", []),
        ("[python fit.py, python ship.py, python judge.py]", [("differs", "guard-missing")]),
        ("[python fit.py, 'trap tidy EXIT', python judge.py, python ship.py]", []),
        (
            "['alias tidy=x', python fit.py, python judge.py, python ship.py]",
            [("unknown", "guard-missing"), ("unknown", "guard-cannot-fail")],
        ),
    ],
)
def test_a_script_of_gitlab_is_one_shell(script: str, expected: list[tuple[str, str]]) -> None:
    """It ends at the first failure; what cannot be followed is unknown."""
    assert told("gitlab-ci", f"all: {{script: {script}}}") == expected


def unnamed(text: str, *without: str, tool: str = "github-actions") -> list[tuple[str, str]]:
    """Tell the differences of guards where some stages of the contract name no command."""
    stages = {name: {**one, "run": None if name in without else one["run"]} for name, one in STAGES.items()}
    source = {"kind": tool, "path": "d"}
    contract = Pipeline.model_validate({"title": "x", "owner": "x", "source": source, "stages": stages})
    found = compare(contract, read(tool, text, path="d/x"), "d").differences
    return [(one.weight, one.id) for one in found if one.id.startswith("guard")]


CHECK, SET_UP = "{run: ./check --all}", "{run: pip install -r requirements.lock}"
TIDY = "{run: ./tidy, if: always()}"


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ((SET_UP, FIT, CHECK, SHIP), []),
        ((FIT, CHECK, "{run: ./report}", SHIP, TIDY), []),
        ((FIT, '{run: "./check --all && python ship.py"}'), []),
        ((SET_UP, FIT, SHIP), [("differs", "guard-missing")]),
        ((FIT, SHIP, CHECK), [("differs", "guard-missing")]),
        ((FIT, "{uses: org/check@v1}", SHIP), [("unknown", "guard-missing")]),
        ((FIT, CHECK, "{run: python ship.py, if: always()}"), [("differs", "guard-weakened")]),
        ((FIT, CHECK, "{run: python ship.py, if: always() && inputs.force}"), [("unknown", "guard-weakened")]),
        ((FIT, "{run: ./check --all, continue-on-error: true}", SHIP), [("differs", "guard-weakened")]),
    ],
)
def test_a_gate_without_a_command_of_its_own_is_looked_for_before_the_promotion(
    each: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    """Any command that is none of another stage may be the gate; where none can be, there is none."""
    assert unnamed(steps(*each), "judge") == expected


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ((FIT, JUDGE, "{run: ./deploy}", TIDY), []),
        ((FIT, "{run: ./deploy}", JUDGE), [("unknown", "guard-missing")]),
        ((FIT, JUDGE, "{uses: org/deploy@v1}"), []),
        ((FIT, JUDGE, "{uses: org/deploy@v1}", "{uses: org/tell@v1, if: always()}"), []),
        ((FIT, JUDGE, "{uses: org/cloud@v1}"), []),
        ((FIT, JUDGE, "{uses: actions/checkout@v4}", "{uses: org/login@v1}"), [("unknown", "guard-missing")]),
        ((FIT, "{uses: org/deploy@v1}", JUDGE), [("differs", "guard-missing")]),
        ((FIT, "{uses: org/cloud@v1}", JUDGE), [("unknown", "guard-missing")]),
        ((FIT, JUDGE, "{uses: org/deploy@v1, if: always()}"), [("differs", "guard-weakened")]),
        ((FIT, JUDGE, "{uses: org/tell@v1}", "{uses: org/deploy@v1, if: always()}"), [("differs", "guard-weakened")]),
        ((FIT, JUDGE, "{uses: org/cloud@v1, if: always()}"), [("unknown", "guard-weakened")]),
        ((FIT, LET, "{uses: org/deploy@v1}"), [("differs", "guard-weakened")]),
        (
            (FIT, LET, "{uses: org/deploy@v1, if: steps.g.outcome == 'success'}"),
            [("unknown", "guard-cannot-fail")],
        ),
        ((FIT, JUDGE, "{run: ./deploy, if: always()}"), [("differs", "guard-weakened")]),
    ],
)
def test_a_promotion_without_a_command_of_its_own_is_looked_for_behind_the_gate(
    each: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    """What only tidies up behind it does not count against it."""
    assert unnamed(steps(*each), "ship") == expected


def test_a_script_of_gitlab_is_looked_at_in_the_same_way() -> None:
    """`set +e` lets the promotion run in spite of whatever is the gate."""
    script = "all: {script: [%python fit.py, ./check --all, python ship.py]}"
    assert unnamed(script.replace("%", ""), "judge", tool="gitlab-ci") == []
    assert unnamed(script.replace("%", "set +e, "), "judge", tool="gitlab-ci") == [("differs", "guard-weakened")]
