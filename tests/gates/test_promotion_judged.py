"""`promotion-gated`: what stands before production looks at what is promoted, and at nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, findings, said

GATE = "promotion-gated"
ARTIFACTS = {
    "facts": "{type: dataset, source: w.facts@1}",
    "hosted": "{type: model, source: vendor/llm@2026-01-02}",
    "champion": "{type: model, source: registry/churn@7}",
    "clean": "{type: dataset, path: c}",
    "profile": "{type: metrics, path: p, keys: [rows]}",
    "model": "{type: model, path: m}",
    "model2": "{type: model, path: m2}",
    "metrics": "{type: metrics, path: x, keys: [auc]}",
    "bundle": "{type: package, path: b}",
    "smoke": "{type: metrics, path: s, keys: [load_ok]}",
    "seen": "{type: metrics, path: z, keys: [errors]}",
    "scores": "{type: dataset, path: y}",
    "predictions": "{type: report, path: r}",
    "verdict": "{type: report, path: v}",
}
INGEST = "ingest: {kind: data, run: a, in: [facts], out: [clean, profile]}"
DATA_GATE = "data-gate: {kind: gate, in: [profile], pass: [rows >= 10]}"
TRAIN = "train: {kind: train, run: a, in: [clean], out: [model], after: [data-gate]}"
EVALUATE = "evaluate: {kind: validate, run: b, in: [model, clean, champion], out: [metrics]}"
QUALITY = "quality: {kind: gate, in: [metrics], pass: [auc >= 0.7], out: [verdict]}"
PACKAGE = "package: {kind: package, run: c, in: [model, metrics, verdict], out: [bundle]}"
APPROVE = "approve: {kind: approval, by: [lead], after: [package]}"
PROMOTE = "promote: {kind: promote, to: production, in: [bundle, metrics], after: [approve]}"
BASE = (INGEST, DATA_GATE, TRAIN, EVALUATE, QUALITY, PACKAGE, APPROVE, PROMOTE)
STAGED = "stage: {kind: promote, to: staging, in: [bundle]}"
SMOKE_GATE = "smoke-gate: {kind: gate, in: [smoke], pass: [load_ok >= 1]}"


def contract(*stages: str) -> dict[str, str]:
    """Give a tree with one contract of some stages, and of the artifacts that they name."""
    lines = "".join(f"  {stage}\n" for stage in stages)
    named = "".join(f"  {name}: {one}\n" for name, one in ARTIFACTS.items() if name in lines)
    front = "kind: pipeline\ntitle: P\nowner: ml\nenvironments: {staging: {}, shadow: {}, production: {}}\n"
    return {"pipeline.md": f"---\n{front}artifacts:\n{named}stages:\n{lines}---\n\n# P\n"}


def base(
    *, changes: tuple[tuple[str, str], ...] = (), without: tuple[str, ...] = (), more: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Give the stages with some words replaced, some stages left out and some added."""
    stages = []
    for stage in (*BASE, *more):
        if stage not in without:
            for old, new in changes:
                stage = stage.replace(old, new)  # noqa: PLW2901 - one change after the other
            stages.append(stage)
    return tuple(stages)


HONEST = {
    "base": BASE,
    "a smoke gate in staging is the only one": base(
        without=(QUALITY, EVALUATE, DATA_GATE),
        changes=(
            ("in: [model, metrics, verdict]", "in: [model]"),
            ("[clean, profile]", "[clean]"),
            ("[bundle, metrics]", "[bundle]"),
            (", after: [data-gate]", ""),
            ("after: [approve]", "after: [approve, smoke-gate]"),
        ),
        more=(STAGED, "look: {kind: validate, run: s, out: [smoke], after: [stage]}", SMOKE_GATE),
    ),
    "a canary, its gate, and everybody": base(
        more=(
            "look: {kind: validate, run: s, out: [seen], after: [promote]}",
            "canary-gate: {kind: gate, in: [seen], pass: [errors <= 1], on-reject: rollback + page}",
            "full: {kind: promote, to: production, in: [bundle], after: [canary-gate]}",
        ),
    ),
    "a shadow": base(
        changes=(("after: [package]", "after: [shadow-gate]"),),
        more=(
            "shadow: {kind: promote, to: shadow, in: [bundle]}",
            "look: {kind: validate, run: s, out: [smoke], after: [shadow]}",
            "shadow-gate: {kind: gate, in: [smoke], pass: [load_ok >= 1]}",
        ),
    ),
    "two regions": base(
        more=("eu: {kind: promote, to: prod-eu, in: [bundle], after: [approve]}",),
    ),
    "a hosted model without training": (
        "ask: {kind: validate, run: b, in: [hosted, facts], out: [metrics]}",
        QUALITY,
        "package: {kind: package, run: c, in: [hosted], out: [bundle], after: [quality]}",
        "approve: {kind: approval, by: [lead], after: [quality]}",
        "promote: {kind: promote, to: production, in: [bundle], after: [approve]}",
    ),
    "a table of data": (
        INGEST,
        DATA_GATE,
        "package: {kind: package, run: c, in: [clean], out: [bundle], after: [data-gate]}",
        "approve: {kind: approval, by: [lead], after: [data-gate]}",
        "promote: {kind: promote, to: production, in: [bundle], after: [approve]}",
    ),
    "a report after the release": base(
        more=("report: {kind: validate, run: d, in: [metrics], out: [predictions], after: [promote]}",),
    ),
    "an approval beside the gate": base(
        changes=(("after: [package]", "in: [metrics]"),),
    ),
    "training measures itself": base(
        without=(EVALUATE,), changes=(("in: [clean], out: [model]", "in: [clean], out: [model, metrics]"),)
    ),
    "measured on what training has predicted": base(
        changes=(
            ("out: [model]", "out: [model, predictions]"),
            ("in: [model, clean, champion]", "in: [predictions, clean]"),
        ),
    ),
    "scores are promoted": base(
        changes=(("[bundle, metrics]", "[scores]"),),
        more=("score: {kind: data, run: s, in: [bundle, clean], out: [scores]}",),
    ),
    "what was judged is converted": base(
        changes=(("in: [model, metrics, verdict]", "in: [model2]"),),
        more=("convert: {kind: package, run: q, in: [model, verdict], out: [model2]}",),
    ),
    "one of two is chosen": base(
        changes=(
            ("in: [model, clean, champion]", "in: [model, model2, clean]"),
            ("in: [model, metrics, verdict]", "in: [model, model2, metrics, verdict]"),
        ),
        more=("other: {kind: train, run: a, in: [clean], out: [model2]}",),
    ),
    "a teacher has a gate of its own": base(
        changes=(("in: [clean], out: [model], after: [", "in: [clean, model2], out: [model], after: [smoke-gate, "),),
        more=(
            "teach: {kind: train, run: a, in: [clean], out: [model2]}",
            "mark: {kind: validate, run: a, in: [model2], out: [smoke]}",
            SMOKE_GATE,
        ),
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_a_gate_that_judges_what_is_promoted_is_enough(name: str, tmp_path: Path) -> None:
    """Whatever way the model takes from training to production, a gate on its way has judged it."""
    assert said(checked(tmp_path, contract(*HONEST[name])), GATE) == []


RETRAINED = "train-all: {kind: train, run: a, in: [clean], out: [model2]}"
UNJUDGED = {
    "another model is promoted": (
        base(changes=(("in: [model, metrics, verdict]", "in: [model2], after: [quality]"),), more=(RETRAINED,)),
        "promote brings model2, which no gate before it judges: quality judges model",
    ),
    "it is trained again, from what was judged": (
        base(
            changes=(("in: [model, metrics, verdict]", "in: [model2], after: [quality]"),),
            more=(RETRAINED.replace("[clean]", "[clean, model]"),),
        ),
        "promote brings model2, which no gate before it judges: quality judges model",
    ),
    "the candidate is not measured": (
        base(changes=(("in: [model, clean, champion]", "in: [champion, clean]"),)),
        "promote brings model, which no gate before it judges: quality asks for what was measured without it",
    ),
    "only the data are": (
        base(
            without=(EVALUATE, QUALITY),
            changes=(("in: [model, metrics, verdict]", "in: [model]"), ("[bundle, metrics]", "[bundle]")),
        ),
        "promote brings model, which no gate before it judges: data-gate asks for what was measured without it",
    ),
    "nobody knows what the bundle is made of": (
        base(changes=(("in: [model, metrics, verdict],", "after: [train, quality],"),)),
        "promote brings bundle, which no gate before it judges: quality judges model",
    ),
    "the verdict of another gate is no data": (
        base(
            without=(QUALITY,),
            changes=(
                ("in: [model, clean, champion]", "in: [clean, predictions]"),
                ("[rows >= 10]", "[rows >= 10], out: [predictions]"),
                ("in: [model, metrics, verdict]", "in: [model], after: [quality]"),
            ),
            more=("quality: {kind: gate, in: [metrics], pass: [auc >= 0.7]}",),
        ),
        "promote brings model, which no gate before it judges: quality asks for what was measured without it",
    ),
    "a model is judged that nobody promotes": (
        base(
            changes=(
                ("in: [model, metrics, verdict]", "in: [model2], after: [quality]"),
                ("after: [approve]", "after: [approve, smoke-gate]"),
            ),
            more=(RETRAINED, "try: {kind: validate, run: s, in: [bundle], out: [smoke]}", SMOKE_GATE),
        ),
        "the gate quality judges model, which no promotion brings",
    ),
    "an approval before training": (
        base(changes=(("after: [package]", "after: [data-gate]"),)),
        "approve may be given before model is there, which promote brings",
    ),
    "an approval that waits for nothing": (
        base(
            without=(APPROVE,),
            more=("approve: {kind: approval, by: [lead]}",),
            changes=(("after: [approve]", "after: [approve, package]"),),
        ),
        "approve may be given before model is there, which promote brings",
    ),
}


@pytest.mark.parametrize("name", UNJUDGED)
def test_a_guard_that_looks_at_something_else_is_none(name: str, tmp_path: Path) -> None:
    """The judged model is the promoted one, and who approves has something to approve: one finding for one cause."""
    stages, message = UNJUDGED[name]
    found = said(checked(tmp_path, contract(*stages)), GATE)
    assert [one.partition(";")[0] for one in found] == [message]


def test_the_finding_names_the_stage_that_is_to_be_waited_for(tmp_path: Path) -> None:
    """An approval that comes too early is told what to wait for, at its own place."""
    stages, _ = UNJUDGED["an approval before training"]
    (found,) = findings(checked(tmp_path, contract(*stages)), GATE)
    assert (found.field, found.hint) == ("stages.approve", "name evaluate in `after:` of approve")


def test_a_package_of_nobody_knows_what_is_told_to_say_it(tmp_path: Path) -> None:
    """Who left out what a stage reads mends it there."""
    stages, _ = UNJUDGED["nobody knows what the bundle is made of"]
    (found,) = findings(checked(tmp_path, contract(*stages)), GATE)
    assert str(found.hint).startswith(
        "say in `in:` of package what it makes bundle of; add bundle to `in:` of the stage"
    )
