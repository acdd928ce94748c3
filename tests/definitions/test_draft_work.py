"""Which command of several a draft gives to a stage, and where it runs: what then can be executed as it stands."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from reading import read

from gatepost.definitions import compare
from gatepost.definitions.draft import draft
from gatepost.pipeline.arguments import is_plain
from gatepost.records import Pipeline

FOLDER = "docs/x"
MARK = '# run: "<one script for these commands>"'


def drafted(
    kind: str, text: str, path: str = "ci/definition", folder: str = FOLDER, files: tuple[str, ...] = ()
) -> tuple[Pipeline, str]:
    """Draft a contract that agrees with its definition, with some files beside; give it as a record and as text."""
    found = read(kind, text, {}, path)
    written = draft(found, folder, "T", dict.fromkeys(files, b"x").get)
    record = Pipeline.model_validate(yaml.safe_load(written))
    apart = [(one.id, one.weight) for one in compare(record, found, folder).differences]
    assert set(apart) <= {("folder-differs", "unknown")}
    return record, written


def of_steps(*steps: Any, **more: Any) -> tuple[Pipeline, str]:
    """Draft a contract from a workflow of one job."""
    return drafted("github-actions", yaml.safe_dump({"jobs": {"fit": {"steps": list(steps)}}, **more}))


@pytest.mark.parametrize(
    ("run", "expected", "beside"),
    [
        ("python fit.py --x 'a && b'", "python fit.py --x 'a && b'", ()),
        ("python fit.py \\\n  --x 1\n", "python fit.py --x 1", ()),
        ("set -euo pipefail\n# it fits\npython fit.py", "python fit.py", ("set -euo pipefail",)),
        ("pip install -r r.lock && python fit.py", "python fit.py", ("pip install -r r.lock",)),
        ("python -m pip install x; uv sync\npython fit.py", "python fit.py", ("python -m pip install x", "uv sync")),
        ("source .venv/bin/activate\necho fits\npython fit.py", "python fit.py", ("echo fits",)),
        ("pip install -r r.lock", "pip install -r r.lock", ()),
    ],
)
def test_what_only_prepares_a_command_is_told_beside_it(run: str, expected: str, beside: tuple[str, ...]) -> None:
    """Installing and shell settings are for `environment`; the one command that is left is what the stage runs."""
    record, text = of_steps({"uses": "actions/checkout@v4"}, {"run": run})
    assert record.stages["fit"].run == expected
    assert is_plain(expected)
    assert MARK not in text
    for one in beside:
        assert f"    # before it, the definition runs {one}\n" in text


@pytest.mark.parametrize(
    "run",
    [
        "python fit.py > log\npython pack.py",
        "mkdir -p out; python fit.py",
        "export X=1\npython fit.py",
        "python fit.py || true",
        "if test -f x; then python fit.py; fi",
        "for x in a b; do python fit.py $x; done",
        "python fit.py &\nwait",
        "(python fit.py)",
        "python - <<END\nprint(1)\nEND",
        "python fit.py\ncd out\npython pack.py",
    ],
)
def test_several_commands_are_for_a_script_that_a_person_writes(run: str) -> None:
    """None of them is taken for all: the draft shows them, and marks what is to be written."""
    record, text = of_steps({"run": run})
    assert record.stages["fit"].run is None
    assert MARK in text
    assert "# the definition runs " in text
    assert "fit.py" in text or "<<END" in text


def test_what_may_fail_is_not_what_a_stage_is_about() -> None:
    """It is told beside the one command that may not."""
    record, text = of_steps({"run": "a"}, {"run": "b", "continue-on-error": True})
    assert record.stages["fit"].run == "a"
    assert "    # it also runs b, which may fail\n" in text


@pytest.mark.parametrize("run", ["python fit.py > log", "python fit.py | tee log", "X=1 python fit.py", "rm out/*"])
def test_one_command_that_needs_a_shell_is_kept_and_told(run: str) -> None:
    """It is what the definition runs; what an executed dry run makes of it is said beside it."""
    record, text = of_steps({"run": run})
    assert record.stages["fit"].run == run
    assert "# an executed dry run starts no shell, which this needs" in text


def test_words_of_a_container_stay_the_words_that_they_are() -> None:
    """A script behind `sh -c` is one argument, so that it can be run as it is."""
    text = """\
kind: Workflow
spec:
  entrypoint: fit
  templates: [{name: fit, container: {command: [sh, -c, "python a.py && python b.py"]}}]
"""
    record, _ = drafted("argo", text)
    assert record.stages["fit"].run == "sh -c 'python a.py && python b.py'"


@pytest.mark.parametrize(
    ("more", "step", "workdir"),
    [
        ({}, {}, "."),
        ({"defaults": {"run": {"working-directory": "./svc/"}}}, {}, "svc"),
        ({"defaults": {"run": {"working-directory": "svc"}}}, {"working-directory": "ml"}, "ml"),
        ({}, {"working-directory": "docs/x"}, None),
        ({}, {"run": "cd ml/fit\npython fit.py"}, "ml/fit"),
        ({"defaults": {"run": {"working-directory": "svc"}}}, {"run": "cd ../ml && python fit.py"}, "ml"),
    ],
)
def test_the_contract_says_where_a_workflow_runs(
    more: dict[str, Any], step: dict[str, str], workdir: str | None
) -> None:
    """The root of the repository, or the folder that the workflow names; nothing where that is the contract's own."""
    record, _ = of_steps({"run": "python fit.py", **step}, **more)
    assert (record.workdir, record.stages["fit"].run) == (workdir, "python fit.py")


@pytest.mark.parametrize("place", ["/opt/ml", "${{ env.DIR }}", "../other"])
def test_a_folder_that_is_not_in_the_repository_is_told(place: str) -> None:
    """A contract cannot name it, so it is said in words."""
    record, text = of_steps({"run": "python fit.py", "working-directory": place})
    assert record.workdir == "."
    assert f"# the definition runs it in {place}" in text


def test_stages_that_run_in_several_folders_are_told_apart() -> None:
    """A contract has one folder: the root, and a word at each stage that runs elsewhere."""
    steps = [{"run": "a", "working-directory": "one"}], [{"run": "b", "working-directory": "two"}]
    jobs = {"fit": {"steps": steps[0]}, "pack": {"steps": steps[1]}}
    record, text = drafted("github-actions", yaml.safe_dump({"jobs": jobs}))
    assert record.workdir == "."
    assert [stage.run for stage in record.stages.values()] == ["sh -c 'cd one && a'", "sh -c 'cd two && b'"]
    assert "# the definition runs it in one" in text
    assert "# the definition runs it in two" in text


@pytest.mark.parametrize(
    ("path", "folder", "workdir", "model"),
    [
        ("dvc.yaml", "docs/x", ".", "m.pkl"),
        ("docs/x/dvc.yaml", "docs/x", None, "m.pkl"),
        ("ml/dvc.yaml", "docs/x", "ml", "m.pkl"),
        ("ml/dvc.yaml", "", "ml", "m.pkl"),
    ],
)
def test_stages_of_dvc_run_beside_their_file(path: str, folder: str, workdir: str | None, model: str) -> None:
    """Their paths are seen from there, too."""
    record, _ = drafted("dvc", "stages: {fit: {cmd: python fit.py, outs: [m.pkl]}}\n", path, folder)
    assert (record.workdir, record.artifacts["m"].path) == (workdir, model)


def test_a_file_outside_of_the_folder_moves_the_contract_to_the_root() -> None:
    """An executed dry run reads no path that leads out of where the stages run."""
    text = "stages: {fit: {wdir: ../src, cmd: python fit.py, outs: [../out/m.pkl]}}\n"
    record, written = drafted("dvc", text, "p/dvc.yaml")
    assert (record.workdir, record.artifacts["m"].path) == (".", "out/m.pkl")
    assert "# the definition runs it in src" in written


def test_gitlab_changes_the_folder_before_its_script() -> None:
    """Both run in one shell, at the root of the repository."""
    job = {"before_script": ["pip install -r r.lock", "cd ml"], "script": ["python fit.py"]}
    record, _ = drafted("gitlab-ci", yaml.safe_dump({"fit": job}))
    assert (record.workdir, record.stages["fit"].run) == ("ml", "python fit.py")


@pytest.mark.parametrize(
    ("deps", "expected", "words"),
    [
        (
            ("[requirements.lock, a.csv]", "[requirements.lock]"),
            "requirements.lock",
            "  environment: requirements.lock",
        ),
        (("[requirements.lock]", "[b.csv]"), None, "  # environment: requirements.lock   # a lockfile"),
        (("[uv.lock]", "[a.lock, uv.lock]"), "uv.lock", "  environment: uv.lock"),
        (("[a.csv]", "[b.csv]"), None, "  # environment: requirements.lock   # a lockfile, or an image by digest"),
    ],
)
def test_a_lockfile_that_every_stage_depends_on_is_what_they_run_in(
    deps: tuple[str, str], expected: str | None, words: str
) -> None:
    """One that only some depend on is named for a person to decide."""
    text = f"stages:\n  a: {{cmd: a, deps: {deps[0]}, outs: [m]}}\n  b: {{cmd: b, deps: {deps[1]}, outs: [n]}}\n"
    record, written = drafted("dvc", text, "docs/x/dvc.yaml")
    assert record.defaults.environment == expected
    assert words in written


def test_what_a_second_run_gives_is_for_a_person_to_say() -> None:
    """No definition says it, so no draft claims it."""
    record, text = of_steps({"run": "python fit.py"})
    assert record.defaults.repeat is None
    assert record.stages["fit"].repeat is None
    assert "  # repeat: exact   # what a second run gives, for you to say" in text


def test_each_step_has_a_shell_of_its_own() -> None:
    """A folder that one step changes into is not where the next one runs; lines of one script share it."""
    apart, _ = of_steps({"run": "cd ml"}, {"run": "python fit.py"})
    together, _ = of_steps({"run": "cd ml\npython fit.py"})
    assert (apart.workdir, together.workdir) == (".", "ml")


def test_what_only_answers_a_failure_is_no_part_of_a_gate() -> None:
    """Whether the gate can fail is asked of the rest of its job."""
    steps = [{"run": "python gate.py"}, {"run": "mkdir out"}, {"run": "python alert.py", "if": "failure()"}]
    record, _ = drafted("github-actions", yaml.safe_dump({"jobs": {"gate": {"steps": steps}}}))
    assert (record.stages["gate"].kind, record.stages["gate"].run) == ("gate", None)


def workflow_text(*steps: dict[str, Any], name: str = "deploy") -> str:
    """Draft a workflow of one job, and give the text."""
    job = {name: {"environment": "production", "steps": list(steps)}}
    return drafted("github-actions", yaml.safe_dump({"jobs": job}))[1]


def test_the_actions_of_a_job_are_told() -> None:
    """Those that fetch, set up and store are not; a job of nothing else has no command."""
    used = ["astral-sh/setup-uv@v5", "docker/login-action@v3", "docker/build-push-action@v6"]
    tell = {"uses": "org/tell@v1", "if": "failure()"}
    text = workflow_text(*({"uses": one} for one in used), tell, name="build-image")
    assert f"    # it uses {used[1]} and {used[2]}: what that does is not seen here\n" in text
    assert "run:" not in text


@pytest.mark.parametrize(
    ("commands", "line"),
    [
        (["./smoke.sh"], '    # run: "./smoke.sh"   # if that is the work, and not azure/k8s-deploy@v5\n'),
        (["./smoke.sh", "./check.sh"], f"    {MARK}"),
    ],
)
def test_a_command_beside_an_action_is_not_said_to_promote(commands: list[str], line: str) -> None:
    """The action may be what deploys; the job stays one stage, since no command of it is called so."""
    text = workflow_text({"uses": "azure/k8s-deploy@v5"}, *({"run": one} for one in commands))
    assert line in text
    assert text.count("kind: promote") == 1
    assert "\n    run:" not in text


@pytest.mark.parametrize(
    ("action", "run"),
    [
        ("aws-actions/configure-aws-credentials@v4", "./go.sh"),
        ("google-github-actions/auth@v2", "./go.sh"),
        ("azure/k8s-deploy@v5", "./deploy.sh"),
    ],
)
def test_an_action_that_only_logs_in_promotes_nothing(action: str, run: str) -> None:
    """Nor does another where the command is called so."""
    text = workflow_text({"uses": action}, {"run": run})
    assert f"    run: {run}\n" in text.replace('"', "")
    assert f"# it uses {action}: what that does is not seen here" in text


def test_what_is_called_a_gate_stays_one_where_no_command_is() -> None:
    """Two commands of which neither says so are not taken apart."""
    jobs = {"quality-gate": {"steps": [{"run": "python a.py"}, {"run": "python b.py"}]}}
    record, _ = drafted("github-actions", yaml.safe_dump({"jobs": jobs}))
    assert {name: one.kind for name, one in record.stages.items()} == {"quality-gate": "gate"}


@pytest.mark.parametrize(
    ("run", "filled", "needs_a_shell"),
    [
        ("python t.py --region ${{ matrix.region }}", "${{ matrix.region }}", False),
        ("python t.py ${{ inputs.a }} > log", "${{ inputs.a }}", True),
        ("python t.py $HOME", None, True),
    ],
)
def test_what_the_tool_fills_in_is_told_as_such(run: str, filled: str | None, needs_a_shell: bool) -> None:  # noqa: FBT001 - a table
    """An executed dry run needs a value there, not a script."""
    _, text = of_steps({"run": run})
    told = f"# the tool fills in {filled}; for an executed dry run, put a value in its place"
    assert (told in text) is (filled is not None)
    assert ("starts no shell" in text) is needs_a_shell


@pytest.mark.parametrize(
    ("run", "seed"),
    [
        ("python t.py --seed 42", 42),
        ("python t.py --random-state=7 --lr 0.1", 7),
        ("make train SEED=42", 42),
        ("python t.py --seed 1 --np-seed 2", None),
        ("python t.py --seed ${{ matrix.seed }}", None),
        ("python t.py --seeds 3", None),
        ("python t.py --seed 1.5", None),
        ("python t.py", None),
    ],
)
def test_a_seed_that_a_command_is_given_is_that_of_the_stage(run: str, seed: int | None) -> None:
    """Where it is given none, or several, a person is asked."""
    _, text = drafted("github-actions", yaml.safe_dump({"jobs": {"train": {"steps": [{"run": run}]}}}))
    assert (f"    seed: {seed}   # as its command says\n" in text) is (seed is not None)
    assert ("    # seed: 1\n" in text) is (seed is None)


INSTALLS = {
    "pip install -r requirements.txt": "requirements.txt",
    "python -m pip install --no-deps --requirement=requirements.txt": "requirements.txt",
    "pip install -U pip -r ml/../requirements.txt": "requirements.txt",
    "uv sync --frozen": "uv.lock",
    "poetry install": "poetry.lock",
    "pip install -r missing.txt": None,
    "pip install scikit-learn": None,
    "echo -r requirements.txt": None,
}


@pytest.mark.parametrize("install", INSTALLS)
def test_what_is_installed_is_offered_as_the_environment(install: str) -> None:
    """A person checks that it pins each package; what is not in the repository is not offered."""
    files = ("requirements.txt", "uv.lock", "poetry.lock")
    text = yaml.safe_dump({"jobs": {"fit": {"steps": [{"run": install}, {"run": "python fit.py"}]}}})
    record, written = drafted("github-actions", text, files=files)
    name = INSTALLS[install]
    told = f"  # environment: {name}   # what is installed, if it pins each package\n"
    assert (told in written) is (name is not None)
    assert record.defaults.environment is None


def test_what_a_script_of_gitlab_installs_before_is_seen() -> None:
    """Also where the job is taken apart."""
    job = {"before_script": ["pip install -r r.txt"], "script": ["python a.py", "python b.py"]}
    written = drafted("gitlab-ci", yaml.safe_dump({"fit": job}), files=("r.txt",))[1]
    assert "# environment: r.txt   # what is installed" in written


LET = "as long as the definition lets it take"


@pytest.mark.parametrize(
    ("job", "step", "within"),
    [
        ({"timeout-minutes": 60}, None, f"1h   # {LET}"),
        ({}, None, f"6h   # {LET}"),
        ({}, {"run": "./undo.sh", "if": "failure()"}, f"20m   # {LET}"),
    ],
)
def test_a_rollback_is_given_the_time_that_the_definition_gives_it(
    job: dict[str, Any], step: dict[str, Any] | None, within: str
) -> None:
    """Who follows the draft agrees with the definition."""
    own = [{"run": "./deploy.sh"}, *([step] if step else [])]
    jobs: dict[str, Any] = {"deploy": {"steps": own, "timeout-minutes": 20}}
    if not step:
        jobs["back"] = {"needs": "deploy", "if": "failure()", "steps": [{"run": "./undo.sh"}], **job}
    text = yaml.safe_dump({"jobs": jobs})
    _, written = drafted("github-actions", text)
    assert f"      # within: {within}\n" in written
    found = read("github-actions", text, {}, "ci/definition")
    followed = Pipeline.model_validate(yaml.safe_load(written.replace("      # within: ", "      within: ")))
    assert compare(followed, found, FOLDER).differences == ()


def test_a_command_that_needs_a_shell_gets_one_where_it_changes_the_folder() -> None:
    """It can be run as it stands then."""
    steps = [{"run": "a > log", "working-directory": "one"}], [{"run": "b", "working-directory": "two"}]
    jobs = {"fit": {"steps": steps[0]}, "pack": {"steps": steps[1]}}
    record, text = drafted("github-actions", yaml.safe_dump({"jobs": jobs}))
    assert record.stages["fit"].run == "sh -c 'cd one && a > log'"
    assert is_plain(record.stages["fit"].run)
    assert "starts no shell" not in text
