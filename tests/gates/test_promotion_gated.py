"""`promotion-gated`: every way into production passes a gate that measures and a person who approves."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, messages, outcome, said

GATE = "promotion-gated"
CONTRACT = "churn/pipeline.md"
DESIGN = "churn/index.md"
ADR2 = "churn/decisions/0002-batch-scoring.md"

ARTIFACTS = """\
artifacts:
  facts: {type: dataset, source: w.facts@1}
  model: {type: model, path: m}
  metrics: {type: metrics, path: x, keys: [auc, auc@new]}
  seen: {type: metrics, path: z, keys: [errors]}
  other: {type: metrics, path: y, source: registry@3, keys: [champion_auc]}
"""


def contract(*stages: str, environments: str = "") -> dict[str, str]:
    """Give a tree with one contract of some stages, each a line of YAML."""
    lines = "".join(f"  {stage}\n" for stage in stages)
    front = f"kind: pipeline\ntitle: P\nowner: ml\n{environments}{ARTIFACTS}stages:\n{lines}"
    return {"pipeline.md": f"---\n{front}---\n\n# P\n"}


TRAIN = "train: {kind: train, run: a, in: [facts], out: [model]}"
EVALUATE = "evaluate: {kind: validate, run: b, in: [model], out: [metrics]}"
QUALITY = "quality: {kind: gate, in: [metrics], pass: [auc >= 0.7]}"
APPROVE = "approve: {kind: approval, by: [lead], after: [quality]}"
PROMOTE = "promote: {kind: promote, to: production, in: [model], after: [approve]}"
CHECK = "check: {kind: gate, in: [seen], pass: [errors <= 1], on-reject: rollback + page}"
BASE = (TRAIN, EVALUATE, QUALITY, APPROVE, PROMOTE)


PROMOTE_ON = "promote-on: {kind: promote, to: production, in: [model], after: [check]}"


def replaced(old: str, new: str) -> tuple[str, ...]:
    """Give the stages with one of them replaced."""
    return tuple(new if stage == old else stage for stage in BASE)


@pytest.mark.parametrize(
    "stages",
    [
        BASE,
        tuple(reversed(BASE)),
        (*BASE, "watch: {kind: monitor, after: [promote]}"),
        (*BASE, "look: {kind: validate, run: c, out: [seen], after: [promote]}", CHECK),
        (*BASE, "check: {kind: gate, in: [metrics], pass: [auc >= 0.7], after: [promote]}", PROMOTE_ON),
        (TRAIN, EVALUATE),
        (TRAIN, EVALUATE, QUALITY),
        (TRAIN, "stage: {kind: promote, to: staging, in: [model]}"),
    ],
    ids=[
        "base",
        "in any order",
        "a monitor",
        "a gate after, on what was measured after",
        "a gate between two promotions",
        "no promotion",
        "a gate and no promotion",
        "staging only",
    ],
)
def test_honest_contracts_are_met(stages: tuple[str, ...], tmp_path: Path) -> None:
    """Order of writing, gates after the promotion, staging, and no promotion at all are no fault."""
    files = contract(*stages, environments="environments: {staging: {}, production: {}}\n")
    assert said(checked(tmp_path, files), GATE) == []


@pytest.mark.parametrize(
    ("stages", "state"),
    [
        ((TRAIN, EVALUATE), "not-applicable"),
        ((TRAIN, EVALUATE, QUALITY), "not-applicable"),
        ((TRAIN, "stage: {kind: promote, to: staging, in: [model]}"), "not-applicable"),
        ((TRAIN, EVALUATE, QUALITY.replace("auc >= 0.7", "auc >= 0")), "fail"),
        (BASE, "pass"),
    ],
)
def test_where_nothing_is_promoted_there_is_nothing_to_meet(
    stages: tuple[str, ...], state: str, tmp_path: Path
) -> None:
    """A contract that only trains is not said to guard its promotions; what is wrong in it is told all the same."""
    files = contract(*stages, environments="environments: {staging: {}, production: {}}\n")
    found = outcome(checked(tmp_path, files), "docs/pipeline", GATE)
    assert found.state == state
    assert found.reason == ("nothing is promoted to production" if state == "not-applicable" else "")


DEPENDED_ON = (
    *("prod", "prod-eu", "production-eu", "live", "prd", "PRODUCTION", "online", "eu", "canary", "rehearsal"),
    *("live-test", "prod-shadow", "ab-test", "contest", "users"),
)
NOBODY_DEPENDS_ON = (
    *("staging", "staging-eu", "eu_staging_2", "staging2", "Shadow", "dev", "churn-dev", "test", "qa", "uat"),
    *("sandbox", "preview", "preprod", "pre-prod", "pre-production", "non-prod", "integration"),
)


@pytest.mark.parametrize(
    ("environments", "to", "is_production"),
    [
        ("", "production", True),
        ("", "staging", True),
        ("environments: {staging: {}}\n", "staging", False),
        ("environments: {live: {production: true}}\n", "live", True),
        ("environments: {staging: {}}\n", "stagin", True),
        ("environments: {rehearsal: {production: false}}\n", "rehearsal", False),
        *((f"environments: {{{name}: {{}}}}\n", name, True) for name in DEPENDED_ON),
        *((f"environments: {{{name}: {{}}}}\n", name, False) for name in NOBODY_DEPENDS_ON),
    ],
)
def test_what_is_production(environments: str, to: str, is_production: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Whatever is not listed as something else, or plainly called otherwise: a typo does not open a way round."""
    files = contract(TRAIN, f"out: {{kind: promote, to: {to}, in: [model]}}", environments=environments)
    found = said(checked(tmp_path, files), GATE)
    expected = ["out reaches production without a measurable gate", "out reaches production without an approval"]
    assert [one.partition(";")[0] for one in found] == (expected if is_production else [])


PLAINLY = ("production", "Production", "prod", "prd", "live", "prod-eu", "production_us_west_2", "live2", "main-prod")
NOT_PLAINLY = ("prod-shadow", "production-mirror", "live-test", "preprod", "canary", "eu", "product-eu")


@pytest.mark.parametrize("name", NOT_PLAINLY)
def test_who_means_no_production_can_say_so(name: str, tmp_path: Path) -> None:
    """A name with a word that may take production back is believed when it says that it is none."""
    environments = f"environments: {{{name}: {{production: false}}}}\n"
    files = contract(TRAIN, f"out: {{kind: promote, to: {name}, in: [model]}}", environments=environments)
    assert said(checked(tmp_path, files), GATE) == []


@pytest.mark.parametrize("name", PLAINLY)
def test_production_is_not_talked_away(name: str, tmp_path: Path) -> None:
    """That the place called production is none would switch off all that guards it."""
    environments = f"environments: {{{name}: {{production: false}}}}\n"
    files = contract(TRAIN, f"out: {{kind: promote, to: {name}, in: [model]}}", environments=environments)
    (found,) = said(checked(tmp_path, files), GATE)
    assert found.startswith(f"out promotes to {name}, and the contract says that it is no production")


@pytest.mark.parametrize(
    ("environments", "to", "why"),
    [
        (
            "environments: {eu: {}}\n",
            "eu",
            "eu counts as production, since its name does not plainly say",
        ),
        ("", "staging", "staging counts as production, since `environments` does not list it"),
    ],
)
def test_who_meant_no_production_is_told_how_to_say_so(environments: str, to: str, why: str, tmp_path: Path) -> None:
    """A finding about a place that does not call itself production says why it counts, and how to say otherwise."""
    files = contract(TRAIN, f"out: {{kind: promote, to: {to}, in: [model]}}", environments=environments)
    found = findings(checked(tmp_path, files), GATE)
    assert found
    assert all(why in str(one.hint) and "production: false" in str(one.hint) for one in found)


@pytest.mark.parametrize(
    ("environments", "to"), [("environments: {live: {production: true}}\n", "live"), ("", "production")]
)
def test_production_that_says_so_needs_no_reason(environments: str, to: str, tmp_path: Path) -> None:
    """Where the author says production, nobody explains what that is."""
    files = contract(TRAIN, f"out: {{kind: promote, to: {to}, in: [model]}}", environments=environments)
    assert not [one for one in findings(checked(tmp_path, files), GATE) if "counts as" in str(one.hint)]


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (replaced(QUALITY, QUALITY.replace("pass: [auc >= 0.7]", "pass: []")), ["the gate quality has no condition"]),
        (replaced(APPROVE, APPROVE.replace("by: [lead], ", "")), ["the approval approve does not say whose it is"]),
        (replaced(PROMOTE, PROMOTE.replace("to: production, ", "")), ["the promotion promote does not say where to"]),
        (
            replaced(APPROVE, APPROVE.replace(", after: [quality]", "")),
            ["promote reaches production without a measurable gate"],
        ),
        (
            replaced(PROMOTE, PROMOTE.replace("after: [approve]", "after: [quality]")),
            ["promote reaches production without an approval"],
        ),
        (
            replaced(PROMOTE, PROMOTE.replace("after: [approve]", "after: [aprove]")),
            ["after names aprove, which is no stage"],
        ),
        (
            (*BASE, "bias: {kind: gate, in: [metrics], pass: [auc@new >= 0.6]}"),
            ["the gate bias guards nothing: no promotion waits for it"],
        ),
        (
            (*BASE, "check: {kind: gate, in: [metrics], pass: [auc@new >= 0.6], after: [promote]}"),
            ["the gate check comes after promote, and judges only what was known before"],
        ),
        (
            (*BASE, "look: {kind: validate, run: c, out: [seen]}", PROMOTE_ON.replace("[check]", "[look, promote]")),
            ["look measures seen, and no gate before promote-on asks for any of it"],
        ),
        (
            (
                *replaced(QUALITY, QUALITY.replace("[metrics], ", "[metrics, seen], ")),
                "look: {kind: data, out: [seen]}",
            ),
            ["look measures seen, and no gate before promote asks for any of it"],
        ),
        (
            (*BASE, "hotfix: {kind: promote, to: production, in: [model], after: [quality]}"),
            ["hotfix reaches production without an approval"],
        ),
        (replaced(TRAIN, TRAIN.replace("]}", "], after: [promote]}", 1)), ["stages wait for each other in a circle: "]),
        (replaced(QUALITY, QUALITY.replace("auc >=", "auk >=")), ["the gate quality asks for auk, which no artifact"]),
        (
            replaced(QUALITY, QUALITY.replace("in: [metrics]", "in: [model]")),
            ["the gate quality asks for auc, which no"],
        ),
        (
            replaced(
                QUALITY, QUALITY.replace("in: [metrics], pass: [auc", "in: [metrics, other], pass: [champion_auc")
            ),
            ["the gate quality judges champion_auc by other, which comes from outside the run"],
        ),
    ],
)
def test_each_hole_is_one_finding(stages: tuple[str, ...], expected: list[str], tmp_path: Path) -> None:
    """A gate that is bypassed, empty or blind, and an approval that is nobody's: one finding for one cause."""
    found = said(checked(tmp_path, contract(*stages)), GATE)
    assert len(found) == len(expected)
    assert all(one.startswith(wanted) for one, wanted in zip(found, expected, strict=True))


def test_a_circle_names_only_the_stages_on_it(tmp_path: Path) -> None:
    """Stages that merely wait behind a circle are not blamed for it."""
    stages = (
        "a: {kind: data, run: a, after: [b]}",
        "b: {kind: data, run: b, after: [a]}",
        "c: {kind: data, run: c, after: [b]}",
    )
    assert said(checked(tmp_path, contract(*stages)), GATE) == ["stages wait for each other in a circle: a, b"]


def test_a_gate_upstream_of_the_bundle_counts(tmp_path: Path) -> None:
    """Edges come from artifacts as well as from `after`."""
    stages = (
        TRAIN,
        EVALUATE,
        "quality: {kind: gate, in: [metrics], pass: [auc >= 0.7], out: [verdict]}",
        "approve: {kind: approval, by: [lead], in: [verdict], out: [approval]}",
        "promote: {kind: promote, to: production, in: [model, approval]}",
    )
    assert said(checked(tmp_path, contract(*stages)), GATE) == []


def test_the_nearest_metric_is_offered(tmp_path: Path) -> None:
    """A misspelt metric comes with the one that it is close to."""
    (finding,) = findings(checked(tmp_path, contract(*replaced(QUALITY, QUALITY.replace("auc >=", "acu >=")))), GATE)
    assert finding.hint == "did you mean auc?"


def test_a_design_that_changes_production_has_a_contract(tmp_path: Path) -> None:
    """Once a decision with production impact is accepted, the design must have a stage contract."""
    files = edited(clean_log(), DESIGN, "[the contract](pipeline.md)", "the contract")
    del files[CONTRACT]
    (finding,) = findings(checked(tmp_path, files), GATE)
    assert finding.message == "ADR-0002 changes production, but the design has no stage contract"
    assert finding.path == f"docs/{DESIGN}"


@pytest.mark.parametrize(
    "edit",
    [(ADR2, "status: accepted", "status: proposed"), (ADR2, "production-impact: true", "production-impact: false")],
    ids=["proposed", "no impact"],
)
def test_until_then_it_needs_none(edit: tuple[str, str, str], tmp_path: Path) -> None:
    """A design without an accepted change of production needs no contract yet."""
    files = edited(clean_log(), *edit)
    del files[CONTRACT]
    assert said(checked(tmp_path, files), GATE) == []


def test_a_contract_that_cannot_be_read_is_not_missing(tmp_path: Path) -> None:
    """A broken contract is one finding, and neither the design nor the decisions say that it is not there."""
    report = checked(tmp_path, edited(clean_log(), CONTRACT, "kind: approval", "kind: aproval"))
    assert len(messages(report)) == 1
    assert outcome(report, "churn", GATE).state == "not-applicable"


@pytest.mark.parametrize(
    ("stages", "hint"),
    [
        (replaced(APPROVE, APPROVE.replace(", after: [quality]", "")), "name quality in `after:`"),
        (replaced(PROMOTE, PROMOTE.replace("after: [approve]", "after: [quality]")), "name approve in `after:`"),
        ((TRAIN, EVALUATE, QUALITY, PROMOTE.replace("approve", "quality")), "add a stage of kind approval with `by:`"),
    ],
)
def test_the_hint_names_the_stage_that_is_there(stages: tuple[str, ...], hint: str, tmp_path: Path) -> None:
    """A gate or an approval that exists is to be waited for; one that does not is to be written."""
    (finding,) = findings(checked(tmp_path, contract(*stages)), GATE)
    assert finding.hint.startswith(hint)


@pytest.mark.parametrize(
    ("by", "message", "hint"),
    [
        ("ml-lead", None, ""),
        ("ML-Lead", None, ""),
        ("ana ruiz", None, ""),
        ("nobody", "approve waits for nobody, and the policy has no such role", "name people under"),
        ("ml-led", "approve waits for ml-led, and the policy has no such role", "did you mean ml-lead?"),
        ("auditor", "approve waits for auditor, and nobody holds that role", "name people under"),
        ("ml-lead, legal", "approve waits for legal, and the policy has no such role", "name people under"),
    ],
)
def test_an_approval_is_one_that_somebody_can_give(by: str, message: str | None, hint: str, tmp_path: Path) -> None:
    """Each role of an approval is one that the policy knows and somebody holds, or the name of such a person."""
    files = edited(clean_log(), "policy.md", "  ml-lead: [Ana Ruiz]\n", "  ml-lead: [Ana Ruiz]\n  auditor: []\n")
    found = findings(checked(tmp_path, edited(files, CONTRACT, "by: [ml-lead]", f"by: [{by}]")), GATE)
    assert [one.field for one in found] == ([f"stages.approve.by.{by.count(',')}"] if message else [])
    assert all(one.message.startswith(str(message)) and str(one.hint).startswith(hint) for one in found)


@pytest.mark.parametrize(("by", "known"), [("lead", True), ("nobody", False), ("none", False)])
def test_a_log_without_roles_leaves_open_who_approves(by: str, known: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Without a policy any role may be one; nobody is none."""
    stages = replaced(APPROVE, APPROVE.replace("by: [lead]", f"by: [{by}]"))
    assert (said(checked(tmp_path, contract(*stages)), GATE) == []) is known


def test_a_gate_that_no_value_misses_or_meets_is_found(tmp_path: Path) -> None:
    """Such a gate lets everything through, or nothing."""
    cases = [("auc >= 0", "holds whatever is measured"), ("auc >= 1.2", "never holds")]
    cases += [("auc >= auc", "holds whatever is measured"), ("auc@new > auc@new", "never holds")]
    cases += [("auc >= auc - 0.01", "holds whatever is measured")]
    for number, (limit, why) in enumerate(cases):
        (tmp_path / str(number)).mkdir()
        stages = replaced(QUALITY, QUALITY.replace("auc >= 0.7", limit))
        (found,) = findings(checked(tmp_path / str(number), contract(*stages)), GATE)
        assert found.message.startswith(f"the gate quality asks for {limit}, which {why}; shown by: ")
        assert found.field == "stages.quality.pass.0"


@pytest.mark.parametrize(
    ("run", "sign"),
    [
        ("python gate.py | tee gate.log", "|"),
        ("|-\n      python gate.py\n      echo done", "a new line"),
        ("python gate.py && echo passed", None),
        ("python gate.py || exit 10", None),
    ],
)
def test_what_a_gate_says_is_heard(run: str, sign: str | None, tmp_path: Path) -> None:
    """Behind a pipe, a `;` or `|| true` another command's exit code counts; in quotes these are words."""
    files = edited(clean_log(), CONTRACT, "    kind: gate\n", f"    kind: gate\n    run: {run}\n")
    found = findings(checked(tmp_path, files), GATE)
    assert [one.field for one in found] == (["stages.quality-gate.run"] if sign else [])
    assert all(one.message.startswith(f"what quality-gate says may be lost behind '{sign}': ") for one in found)


def test_a_rollback_that_fails_is_heard(tmp_path: Path) -> None:
    """A rollback whose failure is hidden pages nobody."""
    files = edited(clean_log(), CONTRACT, "run: python rollback.py", 'run: "python rollback.py || true"')
    (found,) = findings(checked(tmp_path, files), "dry-run-passed")
    assert found.message.startswith("that the rollback of promote fails may be lost behind '||': python rollback.py")
