"""What counts as a difference, rule by rule: names, families, commands, conditions, and whose failure stops what."""

from __future__ import annotations

import time
from typing import Any

import pytest

from gatepost.definitions import Definition, Gap, RealEdge, RealStage, compare
from gatepost.definitions.commands import runs
from gatepost.definitions.definition import Script
from gatepost.definitions.failures import never_fails
from gatepost.records import Pipeline

GATE: dict[str, Any] = {"kind": "gate", "run": "gate"}
SHIP: dict[str, Any] = {"kind": "promote", "to": "production", "run": "ship", "after": ["gate"]}


def told(
    stages: dict[str, Any],
    real: dict[str, Any],
    *edges: tuple[Any, ...],
    tool: str = "argo",
    gaps: tuple[Gap, ...] = (),
    **source: Any,
) -> list[str]:
    """Compare a contract with stages and edges, and give each difference as its id and its message."""
    record = Pipeline.model_validate(
        {"title": "T", "owner": "o", "stages": stages, "source": {"kind": tool, "path": "d", **source}}
    )
    found = tuple(
        RealStage(name, "d", 1, **(one if isinstance(one, dict) else {"command": one})) for name, one in real.items()
    )
    definition = Definition(tool, "d", found, tuple(RealEdge(*edge) for edge in edges), gaps)
    return [f"{one.id}: {one.message}" for one in compare(record, definition, "").differences]


def ids(told: list[str]) -> list[str]:
    """Give the ids alone."""
    return [one.partition(":")[0] for one in told]


@pytest.mark.parametrize("name", ["my_gate", "My-Gate", "checks.my_gate", "my-gate@eu"])
def test_a_name_is_found_however_it_is_spelt(name: str) -> None:
    """Case, hyphens and underscores, the group around a stage, and the item of a matrix make no difference."""
    assert told({"my-gate": {"kind": "validate", "run": "gate"}}, {name: "gate"}) == []


def test_a_stage_that_is_asked_for_by_name_stands_for_no_other() -> None:
    """A group stands for its stages except those that the contract names."""
    stages = {
        "model": {"kind": "train"},
        "score": {"kind": "validate", "impl": "model.score", "run": "score", "after": ["model"]},
    }
    assert told(stages, {"model.fit": "fit", "model.score": "score"}, ("model.fit", "model.score")) == []
    alone = {"ingest.check": {"kind": "data", "run": "c"}, "check": {"kind": "validate", "run": "other"}}
    found = told(alone, {"ingest.check": "c"})
    assert found == ["stage-missing: check is not shown by the definition"]


def test_a_stage_under_another_name_is_one_difference() -> None:
    """Where exactly one unknown stage runs the command of a missing one, the message names it."""
    found = told({"train": {"kind": "train", "run": "fit it"}}, {"learn": "fit  it"})
    assert found == ["stage-missing: train is not shown by the definition, which runs its command as learn"]
    assert ids(told({"train": {"kind": "train", "run": "fit it"}}, {"a": "fit it", "b": "fit it"})) == [
        "stage-missing",
        "stage-undocumented",
        "stage-undocumented",
    ]


def test_besides_leaves_out_a_stage_and_a_whole_group() -> None:
    """What is no part of the pipeline is listed once."""
    stages = {"train": {"kind": "train", "run": "fit"}}
    real = {"train": "fit", "docs.build": "b", "docs.push": "p", "lint@3.12": "l"}
    assert told(stages, real, besides=["docs", "lint"]) == []


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ({"kind": "gate"}, "stage-missing"),
        ({"kind": "promote", "to": "production"}, "promotion-not-shown"),
        ({"kind": "promote", "to": "production", "run": "ship"}, "stage-missing"),
        ({"kind": "approval", "by": ["lead"]}, "approval-not-shown"),
        ({"kind": "monitor"}, "monitor-not-shown"),
        ({"kind": "package"}, "stage-missing"),
    ],
)
def test_what_people_do_is_not_missing(stage: dict[str, Any], expected: str) -> None:
    """Approvals, monitors and promotions without a command may be outside; a gate that nothing shows guards nothing."""
    assert ids(told({"train": {"kind": "train"}, "x": stage}, {"train": "fit"})) == [expected]


def test_an_approval_is_shown_by_what_waits_next() -> None:
    """A wait far behind, in front of another promotion, shows no approval here."""
    stages = {
        "approve": {"kind": "approval", "by": ["lead"]},
        "stage": {"kind": "promote", "to": "staging", "run": "s", "after": ["approve"]},
        "ship": {"kind": "promote", "to": "production", "run": "p", "after": ["stage"]},
    }
    waits = {"command": "p", "waits_for": "suspend"}
    assert ids(told(stages, {"stage": "s", "ship": waits}, ("stage", "ship"))) == ["approval-not-shown"]
    first = {"command": "s", "waits_for": "suspend"}
    assert told(stages, {"stage": first, "ship": "p"}, ("stage", "ship")) == []


def test_each_part_of_a_promotion_waits_for_the_gate() -> None:
    """One of two regions that ships without the gate is found; a gate for each region may guard its own."""
    stages = {"gate": GATE, "ship": SHIP}
    both = {"gate": "gate", "ship@eu": "ship", "ship@us": "ship"}
    assert told(stages, both, ("gate", "ship@eu"), ("gate", "ship@us")) == []
    found = told(stages, both, ("gate", "ship@eu"))
    assert found == ["guard-missing: in the definition ship@us does not wait for gate, which guards it here"]
    pairs = {"gate@eu": "gate", "gate@us": "gate", "ship@eu": "ship", "ship@us": "ship"}
    assert told(stages, pairs, ("gate@eu", "ship@eu"), ("gate@us", "ship@us")) == []
    loose = told(stages, {**pairs, "ship@us": "ship"}, ("gate@eu", "ship@eu"), ("gate@eu", "ship@us"))
    assert ids(loose) == ["guard-missing"]


def test_each_of_a_matrix_hands_over() -> None:
    """An edge between families must hold for each of the family, of a group for any of its stages."""
    stages = {"fit": {"kind": "train"}, "report": {"kind": "validate", "after": ["fit"]}}
    assert ids(told(stages, {"fit@a": "f", "fit@b": "f", "report": "r"}, ("fit@a", "report"))) == ["edge-missing"]
    assert told(stages, {"fit.load": "f", "fit.log": "f", "report": "r"}, ("fit.load", "report")) == []


ALWAYS = "if: always()"


def test_one_condition_that_frees_a_promotion_of_two_gates_is_told_once() -> None:
    """Both gates are named in one message."""
    stages = {"auc": {**GATE, "run": "a"}, "bias": {**GATE, "run": "b"}, "ship": {**SHIP, "after": ["auc", "bias"]}}
    edges = (("auc", "ship", "", ALWAYS), ("bias", "ship", "", ALWAYS))
    (message,) = told(stages, {"auc": "a", "bias": "b", "ship": "ship"}, *edges)
    assert message.startswith("guard-weakened: in the definition auc and bias do not guard ship: ship runs though auc")


def test_a_failure_that_no_longer_ends_the_run_is_told() -> None:
    """A stage before a promotion that may fail without holding it back is a weakened edge."""
    stages = {"train": {"kind": "train", "run": "t"}, "ship": {**SHIP, "after": ["train"]}}
    (message,) = told(stages, {"train": "t", "ship": "ship"}, ("train", "ship", "", ALWAYS))
    assert message.startswith("edge-weakened: in the definition ship runs though train has failed (if: always())")


def test_a_failure_that_is_tolerated_hides_only_itself() -> None:
    """What stands before a stage that may fail still stops what comes after it; a stage that always runs lets it by."""
    stages = {
        "gate": GATE,
        "report": {"kind": "monitor", "run": "r", "after": ["gate"]},
        "ship": {**SHIP, "after": ["report"]},
    }
    real = {"gate": "gate", "report": "r", "ship": "ship"}
    tolerated = ("report", "ship", "", "allow_failure: true", 3, True)
    assert ids(told(stages, real, ("gate", "report"), tolerated, tool="gitlab-ci")) == ["edge-weakened"]
    always = ("gate", "report", "", "when: always")
    assert ids(told(stages, real, always, ("report", "ship"), tool="gitlab-ci")) == ["guard-weakened"]


def test_a_way_around_that_still_waits_for_the_gate_is_none() -> None:
    """A weakened edge beside one that holds frees nothing."""
    stages = {"gate": GATE, "x": {"kind": "package", "run": "x", "after": ["gate"]}, "ship": {**SHIP, "after": ["x"]}}
    edges = (("gate", "x", "", ALWAYS), ("x", "ship"), ("gate", "ship"))
    assert told(stages, {"gate": "gate", "x": "x", "ship": "ship"}, *edges) == []


def test_a_gate_that_may_be_left_out_is_pointed_at() -> None:
    """Where the tool goes on without a stage that its condition leaves out, that is said; one condition is fine."""
    stages = {"gate": GATE, "ship": SHIP}
    only = {"command": "gate", "condition": "when: x"}
    assert ids(told(stages, {"gate": only, "ship": "ship"}, ("gate", "ship"))) == ["guard-conditional"]
    same = {"command": "ship", "condition": "when: x"}
    assert told(stages, {"gate": only, "ship": same}, ("gate", "ship")) == []
    assert told(stages, {"gate": only, "ship": "ship"}, ("gate", "ship"), tool="github-actions") == []


def test_a_gate_that_cannot_fail_is_no_gate() -> None:
    """The command's own way to hide a failure is one difference, and not that the command differs, too."""
    stages = {"gate": GATE, "ship": SHIP}
    found = told(stages, {"gate": "gate || true", "ship": "ship"}, ("gate", "ship"))
    assert found == ["guard-cannot-fail: in the definition the gate gate cannot fail: `gate || true`"]
    inside = {"gate": {"kind": "gate", "gate": {"in": "ship"}}, "ship": {**SHIP, "after": ["gate"]}}
    assert ids(told(inside, {"ship": {"command": "set +e && ship; tidy"}})) == ["guard-cannot-fail"]


@pytest.mark.parametrize(
    ("theirs", "same"),
    [
        ("python gate.py --min 1", True),
        ("pip install x && python gate.py --min 1 && rm -r tmp", True),
        ("sh -c 'python gate.py --min 1'", True),
        ("uv run python gate.py   --min 1 > log.txt 2>&1", True),
        ("python gate.py \\\n  --min 1", True),
        ("python gate.py --min ${MIN}", True),
        ("python gate.py --min {{inputs.parameters.min}}", True),
        ("python gate.py --min 10", False),
        ("python gate.py --min 1 --skip", False),
        ("python gate.py --min 1 | tee log", False),
        ("python gate.py --min 1 || true", False),
        ("echo python gate.py --min 1", False),
        ("true || python gate.py --min 1", False),
        ("# python gate.py --min 1", False),
        ("notpython gate.py --min 1", False),
        ("exit 0; python gate.py --min 1", False),
        ("python ${{ inputs.script }} --min 1", True),
        ("{{inputs.parameters.command}}", True),
        ("sh -c python $(pwd)/gate.py --min 1", False),
        ("echo skip ${{ github.sha }}", False),
        ("python train.py ${{ inputs.more }}", False),
        ("sh -c ${{ inputs.command }}", True),
    ],
)
def test_a_command_is_the_same_with_the_same_arguments(theirs: str, same: bool) -> None:  # noqa: FBT001 - a table
    """Wrappers, other commands around it and where output goes are allowed; other arguments, pipes and `||` are not."""
    assert runs(theirs, "python gate.py --min 1") is same


@pytest.mark.parametrize(
    ("command", "hides"),
    [
        ("g || true", True),
        ("cd a && g || :", True),
        ("set +e; g; echo done", True),
        ("g || exit 0", True),
        ("g || echo failed", True),
        ("trap 'exit 0' EXIT; g", True),
        ("if false; then a; fi; g || true", True),
        ("g", False),
        ("g && true", False),
        ("a && g || exit 1", False),
        ("set +e && g", False),
        ("a || true; g", False),
        ("g; tidy", False),
        ("trap 'rm -r tmp' INT; g", False),
        ("echo built", False),
        ("g || [ $? -eq 10 ]", False),
        ("if [", False),
    ],
)
def test_what_hides_each_failure_is_known(command: str, hides: bool) -> None:  # noqa: FBT001 - a table
    """A stage never fails when no failure of its work gets out; one that only prints has none to hide."""
    why = never_fails(RealStage("s", "d", 1, command))
    assert why == (f"its command hides each failure: `{command}`" if hides else None)


def test_a_stage_with_one_script_that_may_fail_may_fail() -> None:
    """All of its scripts must hide each failure; one that is not read tells nothing."""
    hides, fails = Script("g || true", stops=True), Script("h", stops=True)
    assert never_fails(RealStage("s", "d", 1, "…", scripts=(hides, hides))) is not None
    for other in (fails, Script("h()", stops=True), Script("h", is_shell=False)):
        assert never_fails(RealStage("s", "d", 1, "…", scripts=(hides, other))) is None


@pytest.mark.parametrize("theirs", ["python " + "${a}x" * 30, "a ${{x}} " * 20_000, "${a} " * 20_000, "$(" * 50_000])
def test_a_command_that_is_meant_to_take_long_does_not(theirs: str) -> None:
    """However much of a command is filled in, the time grows with its text only."""
    began = time.process_time()
    assert not runs(theirs, "python " + "x" * 60 + "y")
    assert time.process_time() - began < 1
