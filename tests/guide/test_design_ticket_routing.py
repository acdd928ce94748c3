"""The worked design of ticket routing does what its contract says, and its contract says what its code does."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest
from design_runs import DESIGNS, contract_of, copy_of, run

from gatepost.pipeline import Contract

DESIGN = DESIGNS / "ticket-routing"
ACTIVE = "out/production/active.json"
FIRST_DAY = "pipeline/data/first-day.csv"
WHEN = "WITHDRAW_WHEN"


def contract() -> Contract:
    """Read the contract."""
    return contract_of("ticket-routing")


def copy(to: Path) -> Path:
    """Lay the design out in a folder of its own."""
    return copy_of("ticket-routing", to)


def release(folder: Path, **more: str) -> tuple[int, str]:
    """Run every stage in one process."""
    return run(folder, "python pipeline/pipeline.py all", **more)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which one release was made, for tests that only read or that copy it."""
    folder = copy(tmp_path_factory.mktemp("once") / "design")
    assert release(folder, GATEPOST_RUN="1", PYTHONHASHSEED="1", TZ="UTC")[0] == 0
    return folder


@pytest.fixture(scope="module")
def twice(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which two releases were made."""
    folder = again(released, tmp_path_factory.mktemp("twice") / "design")
    assert release(folder, GATEPOST_RUN="2")[0] == 0
    return folder


def again(released: Path, to: Path) -> Path:
    """Give a copy of a folder with one release."""
    return Path(shutil.copytree(released, to))


def artifact(folder: Path, name: str) -> bytes:
    """Give the bytes of an artifact."""
    path = contract().record.artifacts[name].path
    assert path is not None
    return (folder / path).read_bytes()


@pytest.mark.slow
def test_stages_run_in_contract_order_from_a_clean_checkout(tmp_path: Path) -> None:
    """Each stage's own command succeeds, one after the other, and writes what the contract says."""
    folder = copy(tmp_path / "design")
    for name in contract().graph.order:
        stage = contract().record.stages[name]
        code, said = run(folder, str(stage.run))
        assert (code, said.splitlines()[-1]) == (0, f"{name}: ok")
        assert all(artifact(folder, out) for out in stage.out)


@pytest.mark.slow
def test_each_release_is_another_one(released: Path, twice: Path) -> None:
    """Running everything again makes release 2, in the other slot."""
    first, second = (json.loads((place / ACTIVE).read_bytes()) for place in (released, twice))
    assert (first["release"], first["slot"]) == (1, "blue")
    assert (second["release"], second["slot"], second["previous"]) == (2, "green", 1)


def test_a_second_attempt_of_a_promotion_changes_nothing(released: Path, tmp_path: Path) -> None:
    """`idempotent: true` is true: the same run promotes once."""
    folder = again(released, tmp_path / "design")
    before = (folder / ACTIVE).read_bytes()
    assert run(folder, "python pipeline/pipeline.py promote-production", GATEPOST_RUN="1")[0] == 0
    assert (folder / ACTIVE).read_bytes() == before


@pytest.mark.slow
def test_a_breach_after_promotion_rolls_back_to_the_previous_bytes(released: Path, tmp_path: Path) -> None:
    """A first day with dangers that nobody thought of: the watch rejects, and release 1 answers again, byte by byte."""
    folder = again(released, tmp_path / "design")
    before = (folder / ACTIVE).read_bytes()
    shutil.copyfile(folder / "pipeline/data/blind.csv", folder / FIRST_DAY)
    code, said = release(folder, GATEPOST_RUN="2")
    assert (code, "late_escalations > 2: found 5" in said) == (10, True)
    assert json.loads((folder / ACTIVE).read_bytes())["release"] == 2
    for _ in range(2):  # a second rollback of the same run does no more harm
        assert run(folder, rollback(), GATEPOST_RUN="2")[0] == 0
        assert (folder / ACTIVE).read_bytes() == before


def test_a_breach_of_the_first_release_disables_the_route(released: Path, tmp_path: Path) -> None:
    """Without a release before it a person reads every ticket."""
    folder = again(released, tmp_path / "design")
    assert run(folder, rollback(), GATEPOST_RUN="1")[0] == 0
    now = json.loads((folder / ACTIVE).read_bytes())
    assert now == {"release": None, "route": "disabled", "to": "person", "withdrawn": 1}
    assert run(folder, "python pipeline/pipeline.py promote-production", GATEPOST_RUN="2")[0] == 0
    assert json.loads((folder / ACTIVE).read_bytes())["release"] == 2


def test_the_watch_refuses_signals_of_another_release(released: Path, tmp_path: Path) -> None:
    """What a release before it has measured says nothing about the one that answers."""
    folder = again(released, tmp_path / "design")
    watch = "python pipeline/pipeline.py watch"
    assert run(folder, watch, GATEPOST_RUN="1")[0] == 0
    signals = json.loads((folder / "out/signals.json").read_bytes())
    (folder / "out/signals.json").write_text(json.dumps({**signals, "release": 7}), encoding="utf-8")
    said = "watch: reject: the signals are about release 7, and release 1 answers\n"
    assert run(folder, watch, GATEPOST_RUN="1") == (10, said)


def test_a_run_that_promoted_nothing_rolls_nothing_back(released: Path, tmp_path: Path) -> None:
    """A promotion that failed before its effect leaves what the run before it has released."""
    folder = again(released, tmp_path / "design")
    before = (folder / ACTIVE).read_bytes()
    (folder / "out/production/promoting.lock").touch()
    assert run(folder, "python pipeline/pipeline.py promote-production", GATEPOST_RUN="2")[0] == 124
    assert run(folder, rollback(), GATEPOST_RUN="2")[0] == 0
    assert (folder / ACTIVE).read_bytes() == before
    assert not (folder / "out/production/promoting.lock").exists()


@pytest.mark.slow
def test_a_rollback_refuses_a_damaged_slot(twice: Path, tmp_path: Path) -> None:
    """What is not there as it was released does not answer again."""
    folder = again(twice, tmp_path / "design")
    (folder / "out/production/blue/bundle.json").write_text("{}", encoding="utf-8")
    before = (folder / ACTIVE).read_bytes()
    assert run(folder, rollback(), GATEPOST_RUN="2")[0] == 10
    assert (folder / ACTIVE).read_bytes() == before


@pytest.mark.slow
def test_two_runs_repeat_as_the_contract_claims(released: Path, tmp_path: Path) -> None:
    """Another folder, hash seed and time zone: equal bytes where exact is claimed, equal predictions where semantic."""
    folder = copy(tmp_path / "another place" / "design")
    assert release(folder, GATEPOST_RUN="1", PYTHONHASHSEED="77", TZ="Asia/Kathmandu")[0] == 0
    claims = {}
    for promise in contract().promises.values():
        claim = promise.repeat.claim if promise.repeat else None
        claims.update(dict.fromkeys(promise.stage.out, claim) if claim else {})
    exact = {name for name, claim in claims.items() if claim == "exact"}
    assert exact >= {"curated", "metrics", "safety", "bundle"}
    assert {name for name in exact if artifact(folder, name) != artifact(released, name)} == set()
    assert artifact(folder, "predictions") == artifact(released, "predictions")
    assert artifact(folder, "model") != artifact(released, "model")
    assert {name for name, claim in claims.items() if claim == "semantic"} == {"model", "predictions"}


def test_the_limits_of_the_code_are_those_of_the_contract() -> None:
    """Each gate asks for the contract's conditions, word for word, and the watch for those of the rollback."""
    code = ast.parse((DESIGN / "pipeline/routing/gates.py").read_text(encoding="utf-8"))
    values = {
        str(one.target.id): ast.literal_eval(one.value)
        for one in code.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id in {"GATES", WHEN}
        if one.value is not None
    }
    gates = [one for one in contract().guards if one.kind == "gate"]
    assert values["GATES"] == {one.name: tuple(map(str, one.stage.pass_)) for one in gates}
    (promotion,) = contract().promotions
    assert promotion.stage.rollback is not None
    assert values[WHEN] == tuple(map(str, promotion.stage.rollback.when))


@pytest.mark.parametrize("gate", ["data-gate", "quality-gate", "safety-gate", "smoke-gate"])
def test_a_gate_rejects_a_metric_that_is_missing_or_no_number(released: Path, tmp_path: Path, gate: str) -> None:
    """The command of each gate passes the clean metrics, rejects without one of them and with NaN, and says which."""
    folder = again(released, tmp_path / "design")
    stage = contract().record.stages[gate]
    path = folder / str(contract().record.artifacts[stage.in_[0]].path)
    sound = json.loads(path.read_bytes())
    key = stage.pass_[-1].key
    for changed in ({**sound, key: float("nan")}, {name: one for name, one in sound.items() if name != key}):
        path.write_text(json.dumps(changed), encoding="utf-8")
        code, said = run(folder, str(stage.run))
        assert (code, key in said) == (10, True)
        assert not (folder / str(contract().record.artifacts[stage.out[0]].path)).exists()
    path.write_text(json.dumps(sound), encoding="utf-8")
    assert run(folder, str(stage.run))[0] == 0


def test_a_gate_cannot_be_walked_around(released: Path, tmp_path: Path) -> None:
    """The next stage asks for a verdict on exactly these metrics: better ones, written by hand, are refused."""
    folder = again(released, tmp_path / "design")
    path = folder / "out/safety.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "sensitive_cases": 500}), encoding="utf-8")
    code, said = run(folder, "python pipeline/pipeline.py package")
    assert (code, said.strip()) == (10, "package: reject: safety-gate has not passed this safety.json")


def test_answers_say_which_stage_they_are_about(released: Path, tmp_path: Path) -> None:
    """`alert`, `page` and `quarantine` run with what the orchestrator tells them."""
    folder = again(released, tmp_path / "design")
    told = {"GATEPOST_STAGE": "safety-gate", "GATEPOST_OUTCOME": "reject", "GATEPOST_RUN": "7"}
    for command in contract().record.handlers.values():
        assert run(folder, command, **told)[0] == 0
    notices = [json.loads(line) for line in (folder / "out/notices.jsonl").read_text(encoding="utf-8").splitlines()]
    expected = {"stage": "safety-gate", "outcome": "reject", "run": "7"}
    assert notices == [{**expected, "action": action} for action in ("alert", "page")]
    assert not (folder / "out/bundle.json").exists()
    assert len(list((folder / "out/quarantine").glob("*/bundle.json"))) == 1


def test_the_dag_has_the_stages_edges_and_bounds_of_the_contract() -> None:
    """Read as text: a task a stage, with its command, its retries and its time-out; each edge that artifacts make."""
    tree = ast.parse((DESIGN / "dag.py").read_text(encoding="utf-8"))
    (block,) = (one for one in tree.body if isinstance(one, ast.With))
    tasks = {
        one.targets[0].id: {word.arg: word.value for word in one.value.keywords}
        for one in block.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and isinstance(one.value, ast.Call)
    }
    names = {variable: ast.literal_eval(words["task_id"]) for variable, words in tasks.items()}
    promises = contract().promises
    assert list(names.values()) == list(promises)
    for variable, words in tasks.items():
        promise = promises[names[variable]]
        assert ast.literal_eval(words["bash_command"]) == promise.stage.run
        assert ast.literal_eval(words.get("retries", ast.Constant(1))) == promise.retries
        limit = ast.unparse(words["execution_timeout"]) if "execution_timeout" in words else "dt.timedelta(minutes=5)"
        assert promise.timeout is not None
        assert limit == f"dt.timedelta(minutes={promise.timeout.seconds / 60:g})"
    statements = [one.value for one in block.body if isinstance(one, ast.Expr)]
    assert {edge for one in statements for edge in edges(one, names)} == artifact_edges()


def edges(node: ast.expr, names: dict[str, str]) -> list[tuple[str, str]]:
    """Give the edges of an expression with `>>`."""
    if not isinstance(node, ast.BinOp):
        return []
    last = node.left.right if isinstance(node.left, ast.BinOp) else node.left
    pairs = [(a, b) for a in ends(last, names) for b in ends(node.right, names)]
    return [*edges(node.left, names), *pairs]


def ends(node: ast.expr, names: dict[str, str]) -> list[str]:
    """Give the tasks of one side."""
    inner = node.elts if isinstance(node, ast.List) else [node]
    return [names[one.id] for one in inner if isinstance(one, ast.Name)]


def artifact_edges() -> set[tuple[str, str]]:
    """Give the edges that artifacts make in the contract."""
    producers = contract().graph.producers
    stages = contract().record.stages
    return {
        (maker, name) for name, stage in stages.items() for given in stage.in_ for maker in producers.get(given, ())
    }


def rollback() -> str:
    """Give the command of the rollback."""
    (promotion,) = contract().promotions
    assert promotion.stage.rollback is not None
    return str(promotion.stage.rollback.run)
