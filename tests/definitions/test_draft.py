"""A contract drafted from a real definition: it parses, it agrees, and it marks what a person must decide."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from reading import read
from test_readers import ACTIONS, AIRFLOW, ARGO, DVC, FILES, GITLAB, KUBEFLOW, SNAPSHOT

from effort import first
from gatepost.definitions import Definition, Gap, RealEdge, RealStage, compare
from gatepost.definitions.draft import draft
from gatepost.records import Pipeline

WEAKENED = {"guard-weakened", "edge-weakened", "guard-conditional"}
"""What is no matter of the draft: the definition says so."""


def drafted(found: Definition, folder: str = "p", title: str = "Title: with a colon") -> Pipeline:
    """Draft a contract, and read it."""
    return Pipeline.model_validate(yaml.safe_load(draft(found, folder, title)))


@pytest.mark.parametrize(
    ("kind", "text", "files", "path"),
    [
        ("dvc", DVC, FILES, "p/dvc.yaml"),
        ("github-actions", ACTIONS, {}, ".github/workflows/release.yml"),
        ("gitlab-ci", GITLAB, {"ci/base.yml": ".setup: {script: [x]}\n"}, ".gitlab-ci.yml"),
        ("argo", ARGO, {}, "p/workflow.yaml"),
        ("kubeflow", yaml.safe_dump(KUBEFLOW), {}, "p/pipeline.yaml"),
        ("airflow", AIRFLOW.format(marker="x"), {}, "dags/release.py"),
        ("snapshot", SNAPSHOT, {}, "p/snapshot.yaml"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 15 else "",
)
def test_a_draft_agrees_with_any_definition(kind: str, text: str, files: dict[str, str], path: str) -> None:
    """Whatever the tool, nothing differs but what the definition itself weakens."""
    found = read(kind, text, files, path)
    record = drafted(found)
    found_apart = compare(record, found, "p").differences
    assert {one.id for one in found_apart if (one.id, one.weight) != ("folder-differs", "unknown")} <= WEAKENED
    assert record.source is not None
    jobs = {stage.impl or name for name, stage in record.stages.items()}
    assert jobs | set(record.source.besides) == {stage.name for stage in found.stages}
    assert record.title == "Title: with a colon"


@pytest.mark.parametrize(
    "name", ["true", "on", "1e5", "0x1F", "a b", "a:b", "#x", "ä", "a@b", "- x", "{x}", "*a", "2024-01-01", "a\nb", "…"]
)
def test_hostile_names_and_commands_stay_text(name: str) -> None:
    """Whatever a stage is called and runs, the draft is YAML that says so; of two commands, none is the one."""
    stages = (
        RealStage(name, "d", 1, name, writes=(f"out/{name}",)),
        RealStage("x", "d", 2, "y", reads=(f"out/{name}",)),
    )
    found = Definition("dvc", "d/dvc.yaml", stages, (RealEdge(name, "x", f"out/{name}"),), (Gap(name, name, 1),))
    record = drafted(found, "d", name)
    first = next(iter(record.stages.values()))
    assert (first.run, record.title) == (None if "\n" in name else name, name)
    assert compare(record, found, "d").differences == ()


def test_two_names_that_a_contract_would_spell_alike_stay_two() -> None:
    """Stages and artifacts get different names, each with the stage that it stands for."""
    stages = (
        RealStage("a b", "d", 1, "x", writes=("one/x.csv",)),
        RealStage("a-b", "d", 2, "y", writes=("two/x.csv",)),
    )
    record = drafted(Definition("dvc", "d/dvc.yaml", stages, ()), "d")
    assert {name: stage.impl for name, stage in record.stages.items()} == {"a-b": "a b", "a-b-2": "a-b"}
    assert list(record.artifacts) == ["x", "x-2"]


@pytest.mark.parametrize(
    ("name", "writes", "kind"),
    [
        ("quality-gate", (), "gate"),
        ("train@en", (), "train"),
        ("deploy_prod", (), "promote"),
        ("ship-it", (), "promote"),
        ("approve", (), "approval"),
        ("step3", ("out/model.pkl",), "train"),
        ("step4", ("out/metrics.json",), "validate"),
        ("step5", ("out/table.csv",), "data"),
        ("watch_drift", (), "monitor"),
        ("build-image", (), "package"),
    ],
)
def test_kinds_are_told_by_name_and_then_by_what_is_written(name: str, writes: tuple[str, ...], kind: str) -> None:
    """Each is said to be a guess."""
    found = Definition("dvc", "d/dvc.yaml", (RealStage(name, "d", 1, "x", writes=writes),), ())
    (stage,) = drafted(found, "d").stages.values()
    assert stage.kind == kind
    assert stage.run == "x"
    assert "check it" in draft(found, "d", "T")


@pytest.mark.parametrize(
    ("name", "command", "kind"),
    [
        ("m", "python deploy.py", "promote"),
        ("m", "make train SEED=42", "train"),
        ("m", "python -m churn.gate metrics.json --min 0.8", "gate"),
        ("m", "python check.py --min-f1 0.7", "gate"),
        ("m", "python judge.py --max-p99-ms=50", "gate"),
        ("m", "pytest --cov-fail-under 80", "validate"),
        ("m", "python train.py --min-auc 0.6", "train"),
        ("m", "python x.py --max-iter 3", "data"),
        ("m", "uv run ruff check .", "validate"),
        ("m", "mypy src", "validate"),
        ("lint", "make all", "validate"),
        ("m", "python -m pytest -q", "validate"),
        ("m", "python src/features.py --split train", "data"),
        ("m", "python p.py --config train.yaml", "data"),
        ("m", "docker run ghcr.io/acme/ml python x.py", "data"),
        ("m", "docker build -t x .", "package"),
        ("m", "helm upgrade churn chart", "promote"),
        ("m", "echo deploy", "data"),
        ("m", "python features.py && python fit.py", "train"),
        ("features_train", "python x.py", "data"),
        ("features_valid", "python x.py", "data"),
        ("build_features", "python x.py", "data"),
        ("data_validation", "python x.py", "validate"),
        ("trainModel", "python x.py", "train"),
        ("pretrained-weights", "python x.py", "data"),
        ("obtain", "python x.py", "data"),
        ("latest", "python x.py", "data"),
        ("retrain", "python deploy.py", "train"),
        ("register", "python src/register.py --stage production", "promote"),
        ("register", "python src/register.py --stage=Production", "promote"),
        ("register", "python src/register.py", "package"),
        ("register", "python src/register.py --stage staging", "package"),
        ("register", "python src/register.py --data production.csv", "package"),
        ("upload", "aws s3 cp out/m.pkl s3://models/production/m", "promote"),
        ("evaluate", "python src/evaluate.py --against production", "validate"),
        ("build", "docker build --target production .", "package"),
    ],
)
def test_whole_words_of_the_name_tell_and_then_those_of_the_command(name: str, command: str, kind: str) -> None:
    """A part of a word, the value of an option and a file tell nothing; what registers as production is a promotion."""
    found = Definition("dvc", "d/dvc.yaml", (RealStage(name, "d", 1, command),), ())
    (stage,) = drafted(found, "d").stages.values()
    assert stage.kind == kind


def test_a_job_that_names_production_and_nothing_else_is_a_promotion() -> None:
    """Its environment tells where no word does."""
    record = drafted(read("github-actions", "jobs: {go: {environment: production, steps: [{run: ./x.sh}]}}\n"))
    assert (record.stages["go"].kind, record.stages["go"].to) == ("promote", "production")


@pytest.mark.parametrize(("script", "run"), [("echo approved", None), ("./ask.sh", "./ask.sh")])
def test_an_approval_that_only_prints_is_given_by_a_person(script: str, run: str | None) -> None:
    """A job that is started by hand has to run something; what asks is a command."""
    found = read("gitlab-ci", f"approve: {{when: manual, allow_failure: false, script: [{script}]}}\n")
    record = drafted(found)
    assert (record.stages["approve"].kind, record.stages["approve"].run) == ("approval", run)
    assert compare(record, found, "p").differences == ()


def test_a_draft_of_what_promotes_nothing_names_no_production() -> None:
    """A pipeline that only trains has no place that users depend on; a comment asks for it."""
    found = Definition("dvc", "d/dvc.yaml", (RealStage("train", "d", 1, "python train.py"),), ())
    assert drafted(found, "d").environments == {}
    assert "# environments: {production: {known-good: previous}}   # nothing here seems to promote" in draft(
        found, "d", "T"
    )


def test_a_file_in_a_folder_that_a_stage_writes_has_no_source_of_its_own() -> None:
    """Who reads a part of a folder reads the folder."""
    stages = (
        RealStage("a", "d", 1, "a", reads=("raw.csv", "src/code.py"), writes=("out",)),
        RealStage("b", "d", 2, "b", reads=("out/x.csv", "requirements.lock")),
    )
    found = Definition("dvc", "dvc.yaml", stages, (RealEdge("a", "b", "out"),))
    record = drafted(found, "docs/x")
    assert {name: one.source is None for name, one in record.artifacts.items()} == {"raw": False, "out": True}
    assert record.stages["b"].in_ == ("out",)
    assert record.stages["b"].after == ()
    assert (record.workdir, record.source.path) == (".", "dvc.yaml")  # type: ignore[union-attr]
    assert compare(record, found, "docs/x").differences == ()


@pytest.mark.parametrize(
    ("name", "spelt"),
    [("übergabe", "ubergabe"), ("Prüfung groß", "Prufung-gross"), ("étape", "etape"), ("訓練", "stage")],
)
def test_a_letter_with_a_mark_is_the_letter(name: str, spelt: str) -> None:
    """As in the id of a design; other alphabets have no letters that every file system takes."""
    record = drafted(Definition("gitlab-ci", "d", (RealStage(name, "d", 1, "x"),), ()), "")
    assert {one: stage.impl for one, stage in record.stages.items()} == {spelt: name}


def test_order_that_follows_from_other_order_is_left_out() -> None:
    """A draft says each thing once."""
    stages = tuple(RealStage(name, "d", 1, name) for name in "abc")
    found = Definition("argo", "d", stages, (RealEdge("a", "b"), RealEdge("b", "c"), RealEdge("a", "c")))
    assert drafted(found, "").stages["c"].after == ("b",)


def test_what_the_contract_has_no_field_for_is_a_comment() -> None:
    """Conditions, waits, images without a digest and gaps are not lost."""
    pinned = f"trainer@sha256:{'a' * 64}"
    stages = (
        RealStage("a", "d", 1, "a", image="python:3.12", condition="if: main"),
        RealStage("b", "d", 2, "b", image=pinned, waits_for="environment: production", retries=2, timeout=90.0),
    )
    text = draft(Definition("argo", "d", stages, (), (Gap("a loop\nover rows", "d", 7),)), "", "T")
    assert "# it runs in python:3.12, which is no digest" in text
    assert "# it runs only sometimes: if: main" in text
    assert "# it waits for environment: production" in text
    assert "# d:7: a loop over rows" in text
    stage = Pipeline.model_validate(yaml.safe_load(text)).stages["b"]
    assert (stage.environment, stage.retries, str(stage.timeout)) == (pinned, 2, "90s")


@pytest.mark.parametrize("block", first(range(10)))
def test_a_draft_agrees_with_random_definitions(block: int) -> None:
    """Files that are folders, parts of folders, order with and without files, any numbers: no difference."""
    for seed in range(block * 100, (block + 1) * 100):
        chance = random.Random(seed)  # noqa: S311 - a test
        tool = chance.choice(["dvc", "snapshot", "argo", "gitlab-ci", "github-actions"])
        found = _random_definition(chance, tool)
        record = drafted(found, chance.choice(["", "d", "docs/x"]))
        differences = compare(record, found, "d").differences
        assert [one.message for one in differences] == [], seed


def _random_definition(chance: random.Random, tool: str) -> Definition:
    stages: list[RealStage] = []
    edges: dict[tuple[str, str], RealEdge] = {}
    names = ["fit", "Fit", "fit@a", "fit@b", "grp.one", "grp.two", "a_b", "deploy", "gate", "x y", "on", "3"]
    for name in chance.sample(names, k=chance.randint(1, 8)):
        before = chance.sample(stages, k=min(len(stages), chance.randint(0, 3)))
        reads = [path for one in before for path in one.writes if chance.random() < 0.7]
        edges.update({(one.name, name): RealEdge(one.name, name) for one in before})
        more: dict[str, Any] = {
            "command": chance.choice(["run it", "a && b", "true", "x: #y"]),
            "writes": tuple(
                f"d/out/{name}/{part}" for part in chance.sample(["m.json", "model", "t.csv"], k=chance.randint(0, 2))
            ),
            "reads": (*(f"{path}/part" if chance.random() < 0.2 else path for path in reads), "d/code.py", "d/in.csv"),
            "retries": chance.choice([None, 0, 3]),
            "timeout": chance.choice([None, 60.0, 90.0, 86400.0, 0.5]),
        }
        stages.append(RealStage(name, "d/x", len(stages) + 1, **more))
    return Definition(tool, "d/x", tuple(stages), tuple(edges.values()))


@pytest.mark.parametrize(
    ("environment", "name", "is_production"),
    [
        ("production", "production", True),
        ("{name: prod-eu, url: https://x}", "prod-eu", True),
        ("live", "live", True),
        ("eu-staging", "eu-staging", False),
        ("Test", "Test", False),
        ("'${{ inputs.place }}'", "production", True),
        ("latest", "latest", True),
    ],
)
def test_a_promotion_goes_where_the_definition_says(environment: str, name: str, is_production: bool) -> None:  # noqa: FBT001 - a table
    """An environment whose name does not say that nobody depends on it is taken to be production."""
    text = f"jobs: {{deploy: {{environment: {environment}, steps: [{{run: a}}]}}}}\n"
    record = drafted(read("github-actions", text))
    assert record.stages["deploy"].to == name
    assert list(record.environments) == [name]
    assert record.is_production(name) is is_production
    gitlab = drafted(read("gitlab-ci", f"deploy: {{environment: {environment}, script: [a]}}\n"))
    assert gitlab.stages["deploy"].to == name
