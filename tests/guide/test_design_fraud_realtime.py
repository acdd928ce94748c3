"""The worked design of fraud scoring does what its contract says, and its contract says what its code does."""

from __future__ import annotations

import ast
import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from design_runs import DESIGNS, contract_of, copy_of, run

from gatepost.pipeline import Contract
from gatepost.records.expressions import Actions

DESIGN = DESIGNS / "fraud-realtime"
ROUTE = "out/production/route.json"
REPLAY = "pipeline/data/replay.csv"
STAGES = (
    *("ingest", "data-gate", "train", "evaluate", "quality-gate", "package"),
    *("latency", "latency-gate", "shadow", "shadow-gate", "approve", "canary", "observe", "watch"),
)
BUILD = ("package", "latency", "latency-gate", "shadow", "shadow-gate", "approve")


def contract() -> Contract:
    """Read the contract."""
    return contract_of("fraud-realtime")


def copy(to: Path) -> Path:
    """Lay the design out in a folder of its own."""
    return copy_of("fraud-realtime", to)


def stage(folder: Path, name: str, number: str = "1") -> tuple[int, str]:
    """Run a stage or another command as part of a run."""
    return run(folder, f"python pipeline/pipeline.py {name}", GATEPOST_RUN=number)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which one release was made, for tests that only read or that copy it."""
    folder = copy(tmp_path_factory.mktemp("once") / "design")
    env = {"GATEPOST_RUN": "1", "PYTHONHASHSEED": "1", "TZ": "UTC"}
    code, said = run(folder, "python pipeline/pipeline.py all", **env)
    assert code == 0
    assert [line for line in said.splitlines() if line.endswith(": ok")] == [f"{one}: ok" for one in STAGES]
    return folder


def again(released: Path, to: Path) -> Path:
    """Give a copy of a folder with one release."""
    return Path(shutil.copytree(released, to / "design"))


def read(folder: Path, path: str) -> dict[str, Any]:
    """Read a JSON file of a folder."""
    found: dict[str, Any] = json.loads((folder / path).read_bytes())
    return found


def change(folder: Path, path: str, **values: object) -> None:
    """Change keys of a JSON file; None takes one away."""
    kept = {name: one for name, one in {**read(folder, path), **values}.items() if one is not None}
    (folder / path).write_text(json.dumps(kept), encoding="utf-8")


def wrong_day(folder: Path) -> None:
    """Let every device of the replayed day be reported as new, and as abroad."""
    head, columns, *rows = (folder / REPLAY).read_text(encoding="utf-8").splitlines()
    fields = [row.split(",") for row in rows]
    changed = [",".join([*one[:3], "1", "1", *one[5:]]) for one in fields]
    (folder / REPLAY).write_text("\n".join([head, columns, *changed]) + "\n", encoding="utf-8")


def artifact(folder: Path, name: str) -> bytes:
    """Give the bytes of an artifact."""
    path = contract().record.artifacts[name].path
    assert path is not None
    return (folder / path).read_bytes()


@pytest.mark.slow
def test_each_release_has_all_of_the_traffic_and_a_number_of_its_own(released: Path, tmp_path: Path) -> None:
    """Running everything again makes release 2, also by hand, where no orchestrator says which run it is."""
    folder = again(released, tmp_path)
    assert read(folder, ROUTE)["shares"] == {"release-1": 100}
    assert run(folder, "python pipeline/pipeline.py all")[0] == 0
    assert read(folder, ROUTE)["shares"] == {"release-2": 100}


def test_a_second_attempt_of_a_canary_releases_nothing_more(released: Path, tmp_path: Path) -> None:
    """`idempotent: true` is true: the same run releases once."""
    folder = again(released, tmp_path)
    before = (folder / ROUTE).read_bytes()
    assert stage(folder, "canary") == (0, "release 1 answers already\ncanary: ok\n")
    assert (folder / ROUTE).read_bytes() == before


def test_a_breached_canary_puts_the_previous_bytes_back_by_itself(released: Path, tmp_path: Path) -> None:
    """The second release meets a wrong day at one percent: exit code 10, release 1 answers, no rollback was called."""
    folder = again(released, tmp_path)
    before = (folder / ROUTE).read_bytes()
    for name in BUILD:
        assert stage(folder, name, "2")[0] == 0
    wrong_day(folder)
    code, said = stage(folder, "canary", "2")
    assert (code, said.startswith("canary: reject: at 1 % alert_rate > 0.1: found 0.")) == (10, True)
    assert (folder / ROUTE).read_bytes() == before
    assert stage(folder, "rollback", "2")[0] == 0  # what an orchestrator does then changes nothing more
    assert (folder / ROUTE).read_bytes() == before


@pytest.mark.slow
def test_a_breached_first_canary_leaves_the_rules_engine(released: Path, tmp_path: Path) -> None:
    """There is no release before the first one; the next one has the next number."""
    folder = again(released, tmp_path)
    shutil.rmtree(folder / "out" / "production")
    sound = (folder / REPLAY).read_bytes()
    wrong_day(folder)
    assert stage(folder, "canary")[0] == 10
    assert read(folder, ROUTE) == {"release": None, "shares": {"rules-engine": 100}, "withdrawn": 1}
    (folder / REPLAY).write_bytes(sound)
    assert stage(folder, "canary", "2")[0] == 0
    assert read(folder, ROUTE)["release"] == 2


@pytest.mark.slow
def test_a_canary_takes_the_time_of_its_own_answers(released: Path, tmp_path: Path) -> None:
    """An answer that is slow only now ends the release: latency is not copied from the stage before."""
    folder = again(released, tmp_path)
    before = (folder / ROUTE).read_bytes()
    serving = folder / "pipeline/fraud/serving.py"
    slow = "        payment = payment_of(request)\n        time.sleep(0.06 * (payment.amount > 100))\n"
    text = serving.read_text(encoding="utf-8")
    serving.write_text(text.replace("        payment = payment_of(request)\n", slow), encoding="utf-8")
    code, said = stage(folder, "canary", "2")
    assert (code, "p99_ms > 50" in said) == (10, True)
    assert (folder / ROUTE).read_bytes() == before


@pytest.mark.parametrize("path", ["out/signals.json", "out/canary.json"])
def test_the_watch_refuses_figures_of_another_release(path: str, released: Path, tmp_path: Path) -> None:
    """What a release before it has measured says nothing about the one that answers."""
    folder = again(released, tmp_path)
    assert stage(folder, "watch")[0] == 0
    change(folder, path, release=0, bundle_sha256="0")
    said = f"watch: reject: {Path(path).name} is not about the release that answers, 1\n"
    assert stage(folder, "watch") == (10, said)


@pytest.mark.slow
def test_a_run_that_released_nothing_takes_nothing_back(released: Path, tmp_path: Path) -> None:
    """A canary that failed before its effect must not cost the release before it; another run's lock is respected."""
    folder = again(released, tmp_path)
    before = (folder / ROUTE).read_bytes()
    lock = folder / "out/production/canary.lock"
    lock.write_text("another", encoding="utf-8")
    assert stage(folder, "canary", "2")[0] == 124
    assert stage(folder, "rollback", "2")[0] == 0
    assert (folder / ROUTE).read_bytes() == before
    assert lock.exists()


@pytest.mark.slow
def test_a_damaged_release_does_not_answer_again(released: Path, tmp_path: Path) -> None:
    """The rules engine answers instead, and the rollback says that it is not what was asked for."""
    folder = again(released, tmp_path)
    assert stage(folder, "canary", "2")[0] == 0
    change(folder, "out/production/releases/0001/bundle.json", signature="hmac-sha256:0")
    assert stage(folder, "rollback", "2")[0] == 10
    assert read(folder, ROUTE)["shares"] == {"rules-engine": 100}


@pytest.mark.slow
def test_two_runs_repeat_as_the_contract_claims(released: Path, tmp_path: Path) -> None:
    """A process for each stage, another folder, hash seed, time zone: the bytes that are claimed, and the route."""
    folder = copy(tmp_path / "another place" / "design")
    env = {"GATEPOST_RUN": "1", "PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu"}
    for name in contract().graph.order:
        code, said = run(folder, str(contract().record.stages[name].run), **env)
        assert (code, said.splitlines()[-1]) == (0, f"{name}: ok")
    claims = {}
    for promise in contract().promises.values():
        claims.update(dict.fromkeys(promise.stage.out, promise.repeat.claim if promise.repeat else None))
    exact = {name for name, claim in claims.items() if claim == "exact"}
    assert exact >= {"payments", "model", "metrics", "bundle", "shadow-figures"}
    assert {name for name in (*exact, "route") if artifact(folder, name) != artifact(released, name)} == set()
    assert claims["latency-figures"] == "none"


def test_the_stages_of_the_contract_are_the_commands_of_the_code() -> None:
    """Each stage of the contract is run by the command of its name, and `all` knows no other."""
    commands = {name: stage.run for name, stage in contract().record.stages.items()}
    assert commands == {name: f"python pipeline/pipeline.py {name}" for name in STAGES}


def test_the_limits_of_the_code_are_those_of_the_contract() -> None:
    """Each gate asks for the contract's conditions, word for word, and so do canary and watch."""
    code = ast.parse((DESIGN / "pipeline/fraud/gates.py").read_text(encoding="utf-8"))
    values = {
        one.target.id: ast.literal_eval(one.value)
        for one in code.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None
        if one.target.id in {"GATES", "TAKE_BACK_WHEN"}
    }
    gates = [one for one in contract().guards if one.kind == "gate"]
    assert values["GATES"] == {one.name: tuple(map(str, one.stage.pass_)) for one in gates}
    (promotion,) = contract().promotions
    assert promotion.stage.rollback is not None
    assert values["TAKE_BACK_WHEN"] == tuple(map(str, promotion.stage.rollback.when))


@pytest.mark.parametrize("gate", ["data-gate", "quality-gate", "latency-gate", "shadow-gate"])
def test_a_gate_rejects_a_metric_that_is_missing_or_no_number(released: Path, tmp_path: Path, gate: str) -> None:
    """The command of each gate passes the clean metrics, rejects without one of them and with NaN, and says which."""
    folder = again(released, tmp_path)
    asked = contract().record.stages[gate]
    path = str(contract().record.artifacts[asked.in_[0]].path)
    sound, key = (folder / path).read_bytes(), asked.pass_[0].key
    for value in (float("nan"), None):
        change(folder, path, **{key: value})
        code, said = run(folder, str(asked.run))
        assert (code, key in said) == (10, True)
        assert not (folder / str(contract().record.artifacts[asked.out[0]].path)).exists()
    (folder / path).write_bytes(sound)
    assert run(folder, str(asked.run))[0] == 0


def test_a_gate_cannot_be_walked_around(released: Path, tmp_path: Path) -> None:
    """Better metrics written by hand are refused, and so is a bundle built after the gates had seen another."""
    folder = again(released, tmp_path)
    sound = (folder / "out/metrics.json").read_bytes()
    change(folder, "out/metrics.json", auc=0.99)
    assert stage(folder, "package") == (10, "package: reject: quality-gate has not passed this metrics.json\n")
    (folder / "out/metrics.json").write_bytes(sound)
    change(folder, "out/model.json", bias=-6.0)
    assert stage(folder, "package")[0] == 10
    for name in ("evaluate", "quality-gate", "package"):
        assert stage(folder, name)[0] == 0
    refused = "reject: latency-gate has passed another bundle than this bundle.json\n"
    assert stage(folder, "approve", "2") == (10, f"approve: {refused}")
    assert stage(folder, "canary", "2") == (10, f"canary: {refused}")


def test_answers_say_which_stage_they_are_about(released: Path, tmp_path: Path) -> None:
    """`alert`, `page` and `quarantine` run with what the orchestrator tells them."""
    folder = again(released, tmp_path)
    told = {"GATEPOST_STAGE": "shadow-gate", "GATEPOST_OUTCOME": "reject", "GATEPOST_RUN": "7"}
    for command in contract().record.handlers.values():
        assert run(folder, command, **told)[0] == 0
    notices = [json.loads(line) for line in (folder / "out/notices.jsonl").read_text(encoding="utf-8").splitlines()]
    expected = {"stage": "shadow-gate", "outcome": "reject", "run": "7"}
    assert notices == [{**expected, "action": action} for action in ("alert", "page")]
    assert not (folder / "out/bundle.json").exists()
    assert len(list((folder / "out/quarantine").glob("*/bundle.json"))) == 1


def test_the_end_of_a_workflow_answers_as_the_contract_does(released: Path, tmp_path: Path) -> None:
    """Given Argo's list of failed nodes, quoted as Argo quotes it, a breach of the watch is rolled back and paged."""
    folder = again(released, tmp_path)
    nodes = [
        {"displayName": "fraud-realtime-x7", "message": "child 'fraud-realtime-x7-1' failed", "phase": "Failed"},
        {"displayName": "watch", "message": "No more retries left", "phase": "Failed"},
        {"displayName": "watch(0)", "message": "main: Error (exit code 10)", "phase": "Failed"},
    ]
    failures = shlex.quote(json.dumps(json.dumps(nodes)))
    assert run(folder, f"python pipeline/pipeline.py answer {failures}", GATEPOST_RUN="1")[0] == 0
    assert read(folder, ROUTE)["shares"] == {"rules-engine": 100}
    notice = json.loads((folder / "out/notices.jsonl").read_text(encoding="utf-8"))
    assert notice == {"action": "page", "outcome": "reject", "run": "1", "stage": "watch"}


def actions(asked: Actions | None) -> tuple[str, ...]:
    """Give what is done beside ending the run."""
    assert asked is not None
    return tuple(one for one in asked.steps if one != "halt")


def test_what_the_code_answers_is_what_the_contract_answers() -> None:
    """For each stage, what follows a failure and what follows a rejection."""
    code = ast.parse((DESIGN / "pipeline/fraud/notices.py").read_text(encoding="utf-8"))
    (known,) = (
        ast.literal_eval(one.value)
        for one in code.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == "ANSWERS"
        if one.value is not None
    )
    for name, promise in contract().promises.items():
        on_fail = actions(promise.on_fail)
        on_reject = actions(promise.on_reject)
        assert known.get(name, (("alert",), ("alert",))) == (on_fail, on_reject), name


def test_no_card_number_leaves_the_first_stage(released: Path) -> None:
    """What looks like one is in the raw payments only; the gateway's tables have tokens."""
    raw = DESIGN / "pipeline/data/payments.csv"
    known = {line.split(",")[1] for line in raw.read_text(encoding="utf-8").splitlines()[2:]}
    files = [*(path for path in (released / "out").rglob("*.*") if path.is_file()), released / REPLAY]
    assert len(known) > 1000
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [card for card in known if card in text], path
