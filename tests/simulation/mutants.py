"""Contracts broken on purpose, and contracts changed honestly: each a small edit of a sound one."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from mutants_of_words import mutants_of_words
from steps import Data, leave_out, put

from gatepost.pipeline.metric_names import better
from gatepost.records.expressions import parse_condition

__all__ = ["honest_edits", "mutants", "without_gate"]


def without_gate(data: Data, name: str) -> Data:
    """Take a stage away, with whatever waits for it or reads what it writes."""
    made = copy.deepcopy(data)
    outs = set(made["stages"].pop(name).get("out", ()))
    for artifact in outs:
        made["artifacts"].pop(artifact, None)
    for stage in made["stages"].values():
        stage["after"] = [one for one in stage.get("after", ()) if one != name]
        stage["in"] = [one for one in stage.get("in", ()) if one not in outs]
    for stage in made["stages"].values():
        for key in ("in", "after"):
            if not stage[key]:
                del stage[key]
    return made


def _bypassed(data: Data, name: str) -> Data:
    """Let nothing wait for a gate any more; what it writes is for readers outside."""
    made = copy.deepcopy(data)
    outs = set(made["stages"][name].get("out", ()))
    for artifact in outs:
        made["artifacts"][artifact]["final"] = True
    for stage in made["stages"].values():
        stage["after"] = [one for one in stage.get("after", ()) if one != name]
        stage["in"] = [one for one in stage.get("in", ()) if one not in outs]
    return made


def moved_behind(data: Data, name: str, promotion: str) -> Data:
    """Let nothing wait for a gate any more but itself for a promotion."""
    made = _bypassed(data, name)
    made["stages"][name]["after"] = [promotion]
    return made


def _into_production(data: Data) -> str:
    return next(str(name) for name, stage in data["stages"].items() if stage.get("to") == "production")


def mutants(data: Data) -> Iterator[tuple[str, Data]]:
    """Give broken versions of a contract, each with a name that says what was done."""
    stages, defaults = data["stages"], data["defaults"]
    yield "drop the owner", leave_out(data, "owner")
    for key in ("timeout", "environment", "repeat", "on-fail"):
        yield f"drop defaults.{key}", leave_out(data, "defaults", key)
    if "seed" in defaults:
        yield "drop defaults.seed", leave_out(data, "defaults", "seed")
    yield "a tag instead of a lockfile", put(data, "trainer:latest", "defaults", "environment")
    yield "a default handler that tells nobody", put(data, "halt", "defaults", "on-fail")
    yield "a default handler that ends nothing", put(data, "alert", "defaults", "on-fail")
    for name, stage in stages.items():
        yield from _of_stage(data, name, stage)
    for name, artifact in data["artifacts"].items():
        yield from _of_artifact(data, name, artifact)
    yield from mutants_of_words(data)


def _of_stage(data: Data, name: str, stage: Data) -> Iterator[tuple[str, Data]]:
    kind = stage["kind"]
    at = ("stages", name)
    if kind in {"gate", "approval"}:
        yield f"drop the {kind} {name}", without_gate(data, name)
        yield f"bypass the {kind} {name}", _bypassed(data, name)
        yield f"nobody is told when {name} rejects", put(data, "halt", *at, "on-reject")
        yield f"nothing ends when {name} rejects", put(data, "alert", *at, "on-reject")
    if kind == "gate":
        late = moved_behind(data, name, _into_production(data))
        yield f"{name} comes after the promotion", late
        undone = put(put(late, "rollback + page", *at, "on-reject"), "rollback + page", *at, "on-fail")
        yield f"{name} comes after the promotion, and undoes it", undone
        yield f"no conditions in {name}", leave_out(data, *at, "pass")
        yield f"{name} judges a metric that nobody measures", put(data, ["no_such_metric >= 1"], *at, "pass")
        yield f"{name} does not read its metrics", leave_out(data, *at, "in")
        yield f"{name} compares with what nobody measures", put(data, [*stage["pass"], _beside(stage)], *at, "pass")
        yield from _turned_round(data, name, stage)
    if kind in {"gate", "approval"} and "run" in stage:
        yield f"what the {kind} {name} says is lost", put(data, f"{stage['run']} || true", *at, "run")
    if kind == "approval":
        yield f"{name} is nobody's", leave_out(data, *at, "by")
        yield f"{name} never expires", leave_out(data, *at, "expires")
    if kind == "promote" and stage["to"] == "production":
        yield from _of_promotion(data, name, stage)
    if kind == "monitor" and "on-fail" in stage:
        yield f"{name} only halts", put(data, "halt + page", *at, "on-fail")
        yield f"{name} rolls back and pages nobody", put(data, "rollback + alert", *at, "on-fail")
    if kind in {"data", "train", "validate", "package"}:
        yield from _of_computing(data, name, stage)
    if stage.get("in") and stage.get("out") and not set(stage["in"]) & set(stage["out"]):
        yield f"swap what {name} reads and writes", put(put(data, stage["out"], *at, "in"), stage["in"], *at, "out")
    yield f"{name} waits for itself", put(data, [*stage.get("after", ()), name], *at, "after")
    behind = _last_behind(data, name)
    yield f"{name} waits for what waits for it", put(data, [*stage.get("after", ()), behind], *at, "after")


def _of_computing(data: Data, name: str, stage: Data) -> Iterator[tuple[str, Data]]:
    at, kind = ("stages", name), stage["kind"]
    yield f"no command for {name}", leave_out(data, *at, "run")
    yield f"{name} gives no reason for what varies", put(data, {"none": "x"}, *at, "repeat")
    yield f"{name} claims what nobody predicts", put(data, {"semantic": "no-such-probe"}, *at, "repeat")
    if kind in {"data", "train"}:
        yield f"{name} is made of nothing", leave_out(data, *at, "in")
    for artifact in stage.get("out", ()):
        yield (
            f"{name} does not write {artifact}",
            put(data, [one for one in stage["out"] if one != artifact], *at, "out"),
        )


def _turned_round(data: Data, name: str, stage: Data) -> Iterator[tuple[str, Data]]:
    """Let a gate ask for a bad model, by each metric of which everybody knows which side is good.

    On a part of the data that may be what is wanted, such as on those that a model should have forgotten.
    """
    for condition in map(parse_condition, stage["pass"]):
        if condition.reference or condition.slice or not better(condition.metric):
            continue
        others = [one for one in stage["pass"] if parse_condition(one).key != condition.key]
        turned = "<=" if better(condition.metric) == "higher" else ">="
        limits = [*others, f"{condition.key} {turned} {condition.number}"]
        yield f"{name} asks for a bad {condition.key}", put(data, limits, "stages", name, "pass")


def _beside(stage: Data) -> str:
    """Give a condition on a metric that the gate has, against one that no artifact holds."""
    return f"{str(stage['pass'][0]).split()[0]} >= no_such_metric - 0.1"


def _last_behind(data: Data, name: str) -> str:
    """Give a stage that waits for this one, so that waiting for it makes a circle; else a name that no stage has."""
    outs = set(data["stages"][name].get("out", ()))
    for other, stage in data["stages"].items():
        if name in stage.get("after", ()) or outs & set(stage.get("in", ())):
            return str(other)
    return f"{name}-misspelt"


def _of_promotion(data: Data, name: str, stage: Data) -> Iterator[tuple[str, Data]]:
    at = ("stages", name)
    yield f"no rollback for {name}", leave_out(data, *at, "rollback")
    yield (
        f"that the rollback of {name} fails is lost",
        put(data, f"{stage['rollback']['run']}; true", *at, "rollback", "run"),
    )
    for key in ("first", "run", "within", "when"):
        if key in stage["rollback"]:
            yield f"rollback of {name} without {key}", leave_out(data, *at, "rollback", key)
    yield f"{name} watches nothing", leave_out(data, *at, "watch")
    yield f"no handler for {name}", leave_out(data, *at, "on-fail")
    yield f"{name} rolls back and pages nobody", put(data, "rollback + alert", *at, "on-fail")
    yield f"{name} only halts", put(data, "halt + page", *at, "on-fail")
    if stage.get("idempotent"):
        yield f"{name} is retried and may not be", leave_out(data, *at, "idempotent")
    once = put(put(data, 0, *at, "retries"), "retry + rollback + page", *at, "on-fail")
    once["stages"][name].pop("idempotent", None)
    yield f"{name} is tried again by its handler", once
    for answer in ("previous", "none", "the previous release", "nothing"):
        back = {**stage["rollback"], "first": answer}
        yield f"{name} answers a first release with {answer}", put(data, back, *at, "rollback")
    no = False
    yield f"{name} goes to a production that is none", put(data, no, "environments", "production", "production")
    yield f"{name} goes nowhere", leave_out(data, *at, "to")
    yield f"{name} brings nothing", leave_out(data, *at, "in")


def _of_artifact(data: Data, name: str, artifact: Data) -> Iterator[tuple[str, Data]]:
    at = ("artifacts", name)
    if "sign" in artifact:
        yield f"{name} is not signed", leave_out(data, *at, "sign")
        yield f"{name} is signed by nothing", put(data, "none", *at, "sign")
    gates = [stage for stage in data["stages"].values() if name in stage.get("in", ())]
    asked = {str(one).split()[0] for stage in gates for one in stage.get("pass", ())}
    for key in artifact.get("keys", ()):
        if key in asked:
            yield (
                f"{name} does not hold {key}",
                put(data, [one for one in artifact["keys"] if one != key], *at, "keys"),
            )
    if artifact.get("final"):
        yield f"{name} is for nobody", leave_out(data, *at, "final")
    if "source" in artifact:
        yield (
            f"{name} comes from nowhere",
            {
                **leave_out(data, *at, "source"),
                "artifacts": {
                    **data["artifacts"],
                    name: {key: value for key, value in artifact.items() if key not in {"source", "sha256"}},
                },
            },
        )


def honest_edits(data: Data) -> Iterator[tuple[str, Data]]:
    """Give versions that are as sound as the contract: nobody may be blamed for them."""
    stages = data["stages"]
    yield (
        "reorder",
        {
            **data,
            "stages": dict(reversed(list(stages.items()))),
            "artifacts": dict(reversed(list(data["artifacts"].items()))),
        },
    )
    yield "describe", put(data, "What it is for, in words", "stages", next(iter(stages)), "description")
    yield "a longer time-out", put(data, "2h", "defaults", "timeout")
    yield "another title", put(data, "Another title", "title")
    yield "rename a stage", _renamed(data, next(iter(stages)))
    gate = next(name for name, stage in stages.items() if stage["kind"] == "gate")
    yield "a stricter gate", put(data, [_stricter(one) for one in stages[gate]["pass"]], "stages", gate, "pass")
    more = copy.deepcopy(data)
    more["environments"] = {**more.get("environments", {}), "rehearsal": {"production": False}}
    package = next(name for name, one in data["artifacts"].items() if "sign" in one)
    more["stages"]["rehearse-promotion"] = {
        "kind": "promote",
        "to": "rehearsal",
        "run": "python rehearse.py",
        "in": [package],
    }
    yield "one more promotion, to a rehearsal", more
    fed = copy.deepcopy(data)
    fed["artifacts"]["calendar"] = {"type": "dataset", "source": "warehouse.calendar@2026-11-01"}
    first = next(name for name, one in stages.items() if one["kind"] == "data")
    fed["stages"][first]["in"] = [*fed["stages"][first].get("in", ()), "calendar"]
    yield "one more external data set", fed


def _stricter(condition: str) -> str:
    """Give a condition that lets less pass; one against nought stays."""
    key, operator, number = str(condition).split()
    return f"{key} {operator} {float(number) * (1.001 if operator in {'>', '>='} else 0.999):g}"


def _renamed(data: Data, name: str) -> Data:
    made = copy.deepcopy(data)
    made["stages"] = {f"{key}-renamed" if key == name else key: value for key, value in made["stages"].items()}
    for stage in made["stages"].values():
        if "after" in stage:
            stage["after"] = [f"{one}-renamed" if one == name else one for one in stage["after"]]
    return made
