"""`gatepost new pipeline --from`: a contract in a minute, for a team that has a pipeline; and back with `export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from commands import command
from trees import clean_log, git, write_tree

CONTRACT = "churn/pipeline.md"
DVC = """\
stages:
  prepare: {cmd: python prepare.py, deps: [raw.csv, prepare.py], outs: [out/rows.csv]}
  train: {cmd: python train.py, deps: [out/rows.csv], outs: [out/model.pkl]}
  evaluate: {cmd: python evaluate.py, deps: [out/model.pkl], metrics: [out/metrics.json: {cache: false}]}
  deploy: {cmd: python deploy.py, deps: [out/model.pkl, out/metrics.json]}
"""


def drafted(root: Path, files: dict[str, str], *more: str) -> str:
    """Write a log without a contract, draft one, and give its text."""
    log = {name: text for name, text in clean_log().items() if name != CONTRACT}
    done = command(write_tree(root, {**log, **files}), "new", "pipeline", 'From "facts" to: scores', *more)
    assert done.code == 0, done.err
    return (root / "docs" / CONTRACT).read_text(encoding="utf-8")


def test_what_the_definition_says_is_filled_in(tmp_path: Path) -> None:
    """Stages, guessed kinds, commands, files and the source; the text below the frontmatter is the template's."""
    text = drafted(tmp_path, {"churn/dvc.yaml": DVC}, "--from", "docs/churn/dvc.yaml")
    assert 'title: "From \\"facts\\" to: scores"\n' in text
    assert "source: {kind: dvc, path: dvc.yaml}\n" in text
    assert "    kind: promote   # told by its name: check it\n" in text
    assert "    run: python train.py\n    in: [rows]\n    out: [model]\n" in text
    assert "  raw: {type: dataset, path: raw.csv, source: " in text
    assert "\n# From" in text


def test_the_draft_agrees_with_the_definition_and_the_check_says_what_is_open(tmp_path: Path) -> None:
    """No difference from the first minute; what only a person can say is a finding with its place."""
    drafted(tmp_path, {"churn/dvc.yaml": DVC}, "--from", "docs/churn/dvc.yaml")
    assert command(tmp_path, "conform").code == 0
    done = command(tmp_path, "check")
    said = " ".join(done.out.split())
    assert done.code == 1
    assert "schema-valid" not in said
    assert "contract-conformant" not in said
    for words in ("the team that answers for the pipeline", "deploy reaches production without a measurable gate"):
        assert words in said
    assert "stages-reproducible" in said


@pytest.mark.parametrize(
    ("path", "text", "more"),
    [
        ("churn/ci.yml", "train: {script: python t.py, stage: build}\n", ("--kind", "gitlab-ci")),
        (".gitlab-ci.yml", "train: {script: python t.py, stage: build}\n", ()),
        ("churn/w.yml", "jobs:\n  train: {runs-on: x, steps: [{run: python t.py}]}\n", ()),
        ("churn/s.yaml", "tool: x 1\nstages: [{name: train, command: python t.py}]\n", ()),
    ],
)
def test_the_tool_is_told_by_name_and_content_or_said(
    path: str, text: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    """`--kind` says what a file is whose name and text do not."""
    drafted(tmp_path, {path: text}, "--from", f"docs/{path}", *more)
    assert command(tmp_path, "conform").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pipeline", "P", "--from", "docs/no.yaml"), "there is no file docs/no.yaml"),
        (("decision", "D", "--from", "docs/churn/dvc.yaml"), "--from drafts a pipeline"),
        (
            ("pipeline", "P", "--from", "docs/churn/dvc.yaml", "--kind", "make"),
            "there is no reader for make: say --kind dvc|",
        ),
        (("pipeline", "P", "--from", "docs/churn/bad.yaml", "--kind", "dvc"), "docs/churn/bad.yaml:1"),
    ],
)
def test_what_cannot_be_drafted_is_a_wrong_argument(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    """The message names what is wrong, and nothing is written."""
    files = {name: text for name, text in clean_log().items() if name != CONTRACT}
    root = write_tree(tmp_path, {**files, "churn/dvc.yaml": DVC, "churn/bad.yaml": "stages: {}\n"})
    done = command(root, "new", *arguments)
    assert done.code == (3 if "bad.yaml" in words else 2)
    assert words in " ".join(done.err.split())
    assert not (root / "docs" / CONTRACT).exists()


@pytest.mark.parametrize("kind", ["dvc", "github-actions"])
def test_what_is_exported_drafts_back(kind: str, tmp_path: Path) -> None:
    """A contract goes to a skeleton and back, with its order; only a gate that is still to be written is told."""
    root = write_tree(tmp_path, clean_log())
    text = command(root, "export", "churn", "--to", kind).out
    (tmp_path / "b").mkdir()
    back = drafted(tmp_path / "b", {"churn/back.yml": text}, "--from", "docs/churn/back.yml", "--kind", kind)
    for name in ("features", "train", "evaluate", "package", "promote"):
        assert f"\n  {name}:" in back
    told = json.loads(command(tmp_path / "b", "conform", "--format", "json").out)
    differing = [(one["id"], one["message"].partition(" is ")[0]) for one in told["differences"]]
    assert differing == [("stage-missing", "the gate quality-gate")]


def test_data_elsewhere_keeps_its_address(tmp_path: Path) -> None:
    """What a stage reads from a bucket is the same in the draft and in the definition."""
    text = "stages: {train: {cmd: python train.py, deps: ['s3://b/k.csv'], outs: [m.json]}}\n"
    made = drafted(tmp_path, {"churn/dvc.yaml": text}, "--from", "docs/churn/dvc.yaml")
    assert "path: s3://b/k.csv" in made.replace("'", "").replace('"', "")
    assert command(tmp_path, "conform").code == 0


@pytest.mark.parametrize(
    ("workdir", "said"),
    [
        ("./docs/churn", "working-directory: docs/churn"),
        (".hidden", "working-directory: .hidden"),
        ("../up", ""),
        ("/a", ""),
    ],
)
def test_an_export_runs_where_the_contract_says(workdir: str, said: str, tmp_path: Path) -> None:
    """A folder of the repository is named as it is; one outside is refused, as it is when the contract is run."""
    text = clean_log()[CONTRACT].replace("\nstages:", f"\nworkdir: {workdir}\nstages:", 1)
    done = command(write_tree(tmp_path, {**clean_log(), CONTRACT: text}), "export", "--to", "github-actions")
    assert done.code == (0 if said else 3)
    assert said in done.out.replace('"', "").replace("./docs", "docs").replace("./.hidden", ".hidden")
    assert said or f"workdir {workdir} leaves the repository" in done.err


def test_an_export_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """`--output` names the file; stages in a circle cannot be written, and the message names them."""
    root = write_tree(tmp_path, clean_log())
    assert command(root, "export", "--to", "dvc", "--output", "dvc.yaml").code == 0
    assert (root / "dvc.yaml").read_text(encoding="utf-8") == command(root, "export", "--to", "dvc").out
    text = clean_log()[CONTRACT].replace("{kind: data,", "{kind: data, after: [evaluate],")
    broken = write_tree(root, {**clean_log(), CONTRACT: text})
    done = command(broken, "export", "--to", "github-actions", "--output", "w.yml")
    assert done.code == 3
    assert "stages wait for each other in a circle: features" in done.err
    assert not (root / "w.yml").exists()


@pytest.mark.parametrize(
    ("definition", "title", "design"),
    [
        ("dvc.yaml", "Churn scores", "churn-scores"),
        ("pipelines/late_parcels/dvc.yaml", "Late parcels", "late-parcels"),
        (".github/workflows/nightly-train.yml", "Nightly train", "nightly-train"),
    ],
)
def test_a_team_with_a_pipeline_and_no_records_says_no_more_than_the_file(
    definition: str, title: str, design: str, tmp_path: Path
) -> None:
    """After `init`, with its example or without, one command writes the design and the contract in it."""
    root = tmp_path / "churn_scores"
    text = "jobs: {train: {runs-on: x, steps: [{run: python t.py}]}}\n" if definition.startswith(".") else DVC
    (root / definition).parent.mkdir(parents=True)
    (root / definition).write_text(text, encoding="utf-8")
    git(root, "init", "--quiet")
    assert command(root, "init", "--no-example").code == 0
    done = command(root, "new", "pipeline", "--from", definition)
    assert done.code == 0, done.err
    assert f"designs/{design}/pipeline.md ({design}/pipeline)." in done.out
    assert f"designs/{design}/index.md ({design})." in done.out
    assert f"\ntitle: {title}\n" in (root / "designs" / design / "pipeline.md").read_text(encoding="utf-8")
    assert command(root, "conform", design).code == 0


@pytest.mark.parametrize(
    ("name", "title", "design"),
    [
        ("Train and deploy churn model", "Train and deploy churn model", "train-and-deploy-churn-model"),
        ("Übergabe", "Übergabe", "ubergabe"),
        ("ML", "Release", "release"),
        ("CI", "Release", "release"),
        ("訓練", "Release", "release"),
        ("{a: b}", "Release", "release"),
    ],
)
def test_a_workflow_is_called_as_it_calls_itself(name: str, title: str, design: str, tmp_path: Path) -> None:
    """Unless that tells nothing, or no design can be called so."""
    text = f"name: {name}\njobs: {{train: {{runs-on: x, steps: [{{run: python t.py}}]}}}}\n"
    root = write_tree(tmp_path, {"index.md": "# x\n"})
    (root / "release.yml").write_text(text, encoding="utf-8")
    done = command(root, "new", "pipeline", "--from", "release.yml")
    assert done.code == 0, done.err
    assert yaml.safe_load((root / "docs" / design / "pipeline.md").read_text().split("---")[1])["title"] == title


def test_the_first_command_in_a_repository_is_enough(tmp_path: Path) -> None:
    """Where there is no log yet, its folder, its policy and its site are laid down, and are said to be."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "dvc.yaml").write_text(DVC, encoding="utf-8")
    done = command(tmp_path, "new", "pipeline", "--from", "dvc.yaml")
    assert done.code == 0, done.err
    assert [line.split()[1] for line in done.out.splitlines() if line.startswith("created")] == [
        "mkdocs.yml",
        ".gitignore",
        "designs/policy.md",
    ]
    assert command(tmp_path, "conform").code == 0
    assert "created" not in command(tmp_path, "new", "pipeline", "Again", "--from", "dvc.yaml").out


@pytest.mark.parametrize(
    ("text", "more", "code"), [("stages: [", (), 3), ("x: 1\n", (), 3), (DVC, ("--kind", "make"), 2)]
)
def test_what_cannot_be_drafted_lays_nothing_down(text: str, more: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """A definition that cannot be read is told before anything is written."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "dvc.yaml").write_text(text, encoding="utf-8")
    done = command(tmp_path, "new", "pipeline", "--from", "dvc.yaml", *more)
    assert done.code == code, done.err
    assert sorted(one.name for one in tmp_path.iterdir()) == [".git", "dvc.yaml"]


@pytest.mark.parametrize("place", ["below", "no definition", "a site", "a folder"])
def test_elsewhere_the_first_command_lays_nothing_down(place: str, tmp_path: Path) -> None:
    """Below the root, without the file, beside a site, or where another folder is named, a person decides."""
    git(tmp_path, "init", "--quiet")
    root = tmp_path / "ml" if place == "below" else tmp_path
    root.mkdir(exist_ok=True)
    if place != "no definition":
        (root / "dvc.yaml").write_text(DVC, encoding="utf-8")
    if place == "a site":
        (root / "mkdocs.yml").write_text("site_name: x\n", encoding="utf-8")
    folder = ("--docs", "log") if place == "a folder" else ()
    before = sorted(tmp_path.rglob("*"))
    done = command(root, "new", "pipeline", "--from", "dvc.yaml", *folder)
    assert done.code == 3, done.out
    assert "gatepost init" in done.err
    assert [one for one in sorted(tmp_path.rglob("*")) if ".git" not in one.parts] == [
        one for one in before if ".git" not in one.parts
    ]


def test_the_contract_goes_to_the_one_design_that_lacks_one(tmp_path: Path) -> None:
    """A design that has its contract is left alone; with none that lacks one, another design is written."""
    root = write_tree(tmp_path, {**clean_log(), "churn/dvc.yaml": DVC})
    assert command(root, "new", "design", "Late parcels").code == 0
    definition = ("--from", "docs/churn/dvc.yaml")
    assert "docs/late-parcels/pipeline.md" in command(root, "new", "pipeline", "Parcels", *definition).out
    again = command(root, "new", "pipeline", "Parcels", *definition)
    assert "docs/parcels/pipeline.md (parcels/pipeline)" in again.out, again.err
    assert "docs/parcels/index.md (parcels)" in again.out


def test_only_a_definition_stands_in_for_the_title(tmp_path: Path) -> None:
    """Without `--from`, a record without a title is a wrong argument."""
    done = command(write_tree(tmp_path, clean_log()), "new", "pipeline")
    assert done.code == 2
    assert "Missing argument 'TITLE'" in done.err
