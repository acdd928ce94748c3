"""A gate whose command cannot fail, or may not run, is told for every tool, by how that tool runs it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reading import read

from gatepost.definitions import compare
from gatepost.records import Pipeline

GATE: dict[str, Any] = {"kind": "gate", "run": "python gate.py"}
SHIP: dict[str, Any] = {"kind": "promote", "to": "production", "run": "ship", "after": ["gate"]}


def told(kind: str, text: str, gate: dict[str, Any] = GATE) -> list[str]:
    """Compare a gate and a promotion behind it with a definition; tell the ids and weights of what is run otherwise."""
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": {"gate": gate, "ship": SHIP}})
    found = compare(record, read(kind, text, path="d"), "").differences
    return [f"{one.id} {one.weight}" for one in found if one.id.startswith(("guard", "command", "stage-missing"))]


HIDDEN = ["guard-cannot-fail differs"]
OPEN = ["guard-cannot-fail unknown"]
OTHER = ["command-differs differs"]


def dvc(cmd: str) -> str:
    """Give a DVC pipeline with a command of the gate, as YAML."""
    return f"stages:\n  gate: {{cmd: {cmd}, outs: [g]}}\n  ship: {{cmd: ship, deps: [g]}}\n"


@pytest.mark.parametrize(
    ("cmd", "expected"),
    [
        ("python gate.py", []),
        ("[pip install x, python gate.py, echo done]", []),
        ('"pip install x\\npython gate.py"', []),
        ('"set -e\\npython gate.py\\necho done"', []),
        ('"python gate.py\\necho done"', HIDDEN),
        ("python gate.py; echo done", HIDDEN),
        ("sh -c 'python gate.py; echo done'", HIDDEN),
        ("sh -ec 'python gate.py; echo done'", []),
        ('"cat <<EOF > notes\\npython gate.py\\nEOF"', OTHER),
        ("echo done; python gate.py &", HIDDEN),
    ],
)
def test_dvc_runs_each_command_in_a_shell_that_goes_on(cmd: str, expected: list[str]) -> None:
    """A list of commands ends at the first that fails; lines of one command do not."""
    assert told("dvc", dvc(cmd)) == expected


def argo(gate: str) -> str:
    """Give a workflow with the template of a gate, as YAML."""
    return f"""
    kind: Workflow
    spec:
      entrypoint: main
      templates:
        - {{name: gate, {gate}}}
        - {{name: ship, container: {{image: i, command: [ship]}}}}
        - name: main
          dag: {{tasks: [{{name: gate, template: gate}}, {{name: ship, template: ship, depends: gate}}]}}
    """


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("container: {command: [python, gate.py]}", []),
        ("container: {command: [sh, -c], args: [python gate.py]}", []),
        ("container: {command: [sh, -c], args: ['cd /x; python gate.py']}", []),
        ("container: {command: [sh, -c], args: ['if python gate.py; then echo; else exit 1; fi']}", []),
        ("container: {command: [sh, -ec], args: ['python gate.py; echo done']}", []),
        ("container: {command: [sh, -c], args: ['python gate.py; echo done']}", HIDDEN),
        ("container: {command: [/bin/bash, -c, 'python gate.py | tee log']}", HIDDEN),
        ("container: {command: [bash, -o, pipefail, -c, 'python gate.py | tee log']}", []),
        ("container: {command: [sh, -c, 'if false; then python gate.py; fi']}", HIDDEN),
        ("container: {command: [sh, -c, 'if [ \"$X\" ]; then python gate.py; fi']}", OPEN),
        ("container: {command: [sh, -c, 'echo python gate.py']}", OTHER),
        ("container: {command: [sh, -c, 'exit 0; python gate.py']}", HIDDEN),
        ("container: {image: gate}", OPEN),
        ('script: {command: [bash], source: "python gate.py\\necho done"}', HIDDEN),
        ('script: {command: [bash, -e], source: "python gate.py\\necho done"}', []),
        ('script: {command: [bash], source: "set -euo pipefail\\npython gate.py\\necho done"}', []),
        ("script: {command: [python], source: \"'''\\npython gate.py\\n'''\"}", OPEN),
        ("script: {command: [python], source: print(1)}", OTHER),
        ("containerSet: {containers: [{name: a, command: [python, gate.py]}, {name: b, command: [b]}]}", []),
    ],
)
def test_argo_runs_what_the_container_says(gate: str, expected: list[str]) -> None:
    """`sh -c` goes on after a failure, `sh -ec` does not; a source is read by what `command` names."""
    assert told("argo", argo(gate)) == expected


def github(steps: str, job: str = "", head: str = "") -> str:
    """Give a workflow with the steps of a gate, as YAML."""
    return f"{head}jobs:\n  gate: {{{job}steps: [{steps}]}}\n  ship: {{needs: gate, steps: [{{run: ship}}]}}\n"


TWO = '"python gate.py\\necho done"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (github(f"{{run: {TWO}}}"), []),
        (github(f"{{shell: bash, run: {TWO}}}"), []),
        (github(f"{{shell: 'bash -e {{0}}', run: {TWO}}}"), []),
        (github(f"{{shell: 'bash --noprofile --norc -eo pipefail {{0}}', run: {TWO}}}"), []),
        (github(f"{{shell: 'bash {{0}}', run: {TWO}}}"), HIDDEN),
        (github(f"{{shell: 'bash {{0}}', run: {TWO}}}, {{run: echo}}"), HIDDEN),
        (github("{shell: 'bash {0}', run: python gate.py}"), []),
        (github(f"{{run: {TWO}}}", "defaults: {run: {shell: 'bash {0}'}}, "), HIDDEN),
        (github(f"{{run: {TWO}}}", head="defaults: {run: {shell: 'sh {0}'}}\n"), HIDDEN),
        (github(f"{{run: {TWO}}}", "runs-on: windows-latest, "), OPEN),
        (github("{run: python gate.py}", "runs-on: windows-latest, "), []),
        (github("{shell: python, run: 'import x'}, {run: python gate.py}"), []),
        (github("{shell: 'cat {0}', run: python gate.py}"), OPEN),
        (github("{shell: 'bash -n {0}', run: python gate.py}"), OPEN),
        (github("{run: python gate.py | tee log}"), HIDDEN),
        (github("{shell: bash, run: python gate.py | tee log}"), []),
        (github("{run: 'set -o pipefail; python gate.py | tee log'}"), []),
        (github("{if: github.ref == 'x', run: python gate.py}"), OPEN),
        (github("{if: always(), run: python gate.py}"), []),
        (github("{if: '${{ success() }}', run: python gate.py}"), []),
        (github("{if: false, run: python gate.py}, {run: other}"), OTHER),
        (github('{run: "mkdir x || true\\npython gate.py"}'), []),
        (github('{run: "python gate.py && echo good\\necho done"}'), HIDDEN),
    ],
)
def test_github_runs_a_step_in_the_shell_that_it_names(text: str, expected: list[str]) -> None:
    """`bash -e {0}` where none is named; a shell of its own may go on; a step may run only with its `if`."""
    assert told("github-actions", text) == expected


def gitlab(gate: str) -> str:
    """Give a pipeline with what a gate says, as YAML."""
    return f"stages: [a, b]\ngate: {{stage: a, {gate}}}\nship: {{stage: b, script: ship}}\n"


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("script: [python gate.py, echo done]", []),
        ("before_script: [set +e], script: [python gate.py, echo done]", HIDDEN),
        ("before_script: [exit 0], script: [python gate.py]", HIDDEN),
        ("script: [if python gate.py; then, echo good, fi]", HIDDEN),
        ("script: [python gate.py | tee log]", OPEN),
        ("script: [set -o pipefail, python gate.py | tee log]", []),
        ('script: ["for x in a b; do python gate.py || exit 1; done"]', []),
        ('script: ["for x in $LANGS; do python gate.py || exit 1; done"]', OPEN),
    ],
)
def test_gitlab_runs_the_lines_of_a_job_in_one_shell_that_ends(gate: str, expected: list[str]) -> None:
    """What stands in `before_script` is read by the same shell."""
    assert told("gitlab-ci", gitlab(gate)) == expected


def airflow(command: str) -> str:
    """Give a DAG with the command of a gate."""
    return (
        "from airflow.sdk import DAG\nfrom airflow.providers.standard.operators.bash import BashOperator\n"
        "with DAG('d'):\n"
        f"    gate = BashOperator(task_id='gate', bash_command={command!r})\n"
        "    gate >> BashOperator(task_id='ship', bash_command='ship')\n"
    )


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cd /x && python gate.py", []),
        ("cd x && python gate.py", []),
        ("set -euo pipefail\npython gate.py\necho done", []),
        ("python gate.py --day {{ ds }}", OTHER),
        ("python gate.py\necho done", HIDDEN),
        ("{% if params.skip %}\ntrue\n{% else %}\npython gate.py\n{% endif %}", OPEN),
    ],
)
def test_airflow_runs_a_bash_command_in_a_shell_that_goes_on(command: str, expected: list[str]) -> None:
    """`bash -c` has no `-e`; a template may leave the gate out."""
    assert told("airflow", airflow(command)) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("f'cd {HOME} && python gate.py'", []),
        ("'export DAY=' + HOME + '; python gate.py'", []),
        ("f'python gate.py --day {HOME}'", OTHER),
        ("f'cd {HOME}; python gate.py || true'", HIDDEN),
        ("'cd ' + HOME + ' && python gate.py | tee log'", HIDDEN),
        ("f'{HOME}'", ["command-differs unknown"]),
    ],
)
def test_a_text_that_a_dag_puts_together_is_known_but_for_what_it_fills_in(command: str, expected: list[str]) -> None:
    """What stands behind a value that only a run knows is read all the same."""
    text = (
        airflow("COMMAND")
        .replace("'COMMAND'", command)
        .replace("with DAG", "import os\nHOME = os.environ['H']\nwith DAG")
    )
    assert told("airflow", text) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [("python gate.py", []), ("python gate.py; echo done", OPEN), ("python gate.py || true", HIDDEN)],
)
def test_where_the_shell_is_not_known_only_what_is_sure_is_told(command: str, expected: list[str]) -> None:
    """A snapshot names a command, and not how its shell treats a failure."""
    stages = f"[{{name: gate, command: '{command}'}}, {{name: ship, command: ship}}]"
    assert told("snapshot", f"tool: x\nstages: {stages}\nedges: [{{from: gate, to: ship}}]\n") == expected


def test_kubeflow_runs_what_the_container_says() -> None:
    """The script of `sh -c` is followed, too."""

    def compiled(script: str) -> str:
        executor = f"{{container: {{image: i, command: [sh, -c], args: ['{script}']}}}}"
        return f"""
        deploymentSpec: {{executors: {{g: {executor}, s: {{container: {{image: i, command: [ship]}}}}}}}}
        components: {{g: {{executorLabel: g}}, s: {{executorLabel: s}}}}
        root:
          dag:
            tasks:
              gate: {{componentRef: {{name: g}}}}
              ship: {{componentRef: {{name: s}}, dependentTasks: [gate]}}
        """

    assert told("kubeflow", compiled("python gate.py")) == []
    assert told("kubeflow", compiled("python gate.py; echo done")) == HIDDEN


def test_an_approval_that_a_command_decides_cannot_be_hidden_either() -> None:
    """What reads the answers of people guards a promotion as a gate does."""
    approval = {"kind": "approval", "by": ["lead"], "run": "python gate.py"}
    assert told("argo", argo("container: {command: [sh, -c, 'python gate.py || true']}"), approval) == HIDDEN
    assert told("argo", argo("container: {command: [python, gate.py]}"), approval) == []


def test_a_gate_without_a_command_of_its_own_is_all_that_its_stage_runs() -> None:
    """Each command may be the gate: where all are swallowed, it is; where only some decide, nobody knows."""
    gate = {"kind": "gate"}
    assert told("argo", argo("container: {command: [sh, -c, 'cd x; export A=1; check']}"), gate) == []
    assert told("argo", argo("container: {command: [sh, -c, 'check; echo done']}"), gate) == HIDDEN
    assert told("argo", argo("container: {command: [sh, -c, 'check || true; tidy']}"), gate) == OPEN
    assert told("argo", argo("container: {command: [sh, -c, 'check || true; tidy || echo no']}"), gate) == HIDDEN
    assert told("argo", argo("container: {command: [sh, -c, 'check; tidy']}"), gate) == OPEN


@pytest.mark.parametrize(
    "steps",
    [
        "{run: docker pull registry/gate || true}, {run: docker run registry/gate}",
        '{run: "pip install -q -r requirements.txt || true\\npython gate.py"}',
        '{run: "python gate.py\\naws s3 cp gate.log s3://logs/ || true"}',
        '{run: "if ! command -v jq; then apt-get install -y jq || brew install jq; fi\\npython gate.py"}',
    ],
)
def test_a_tolerated_line_beside_the_gate_is_not_taken_for_the_gate(steps: str) -> None:
    """Where the contract names no command, or the whole text, one line that ends the stage may be the gate."""
    assert set(told("github-actions", github(steps), {"kind": "gate"})) <= set(OPEN)
    assert told("github-actions", github(steps), {**GATE, "run": "python gate.py"}) in ([], OTHER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python() { true; }; python gate.py", HIDDEN),
        ("python() { true; }; python gate.py; tidy", OPEN),
        ('[ -n "$X" ] && python() { true; }; python gate.py', OPEN),
        ("alias python=true; python gate.py", OPEN),
        ("hash -p /bin/true python; python gate.py", OPEN),
        ('log() { echo "$@"; }; log start; python gate.py', []),
        ("banner() { echo ---; }; banner; python gate.py", []),
        ("bash <<E\npython gate.py || true\nE", HIDDEN),
        ("bash <<'E'\npython gate.py\ntrue\nE", HIDDEN),
        ("bash -e <<'E'\npython gate.py\ntidy\nE", []),
        ("echo 'python gate.py || true' | sh", HIDDEN),
        ("cat <(python gate.py)", HIDDEN),
        ("tidy < <(python gate.py)", OPEN),
        ("python gate.py > >(tee log)", []),
        ("python gate.py & wait", HIDDEN),
        ("python gate.py & wait $!", []),
        ("python gate.py || [ $? -eq 10 ]", OPEN),
        ("python gate.py || [ $? -gt 0 ]", HIDDEN),
        ("while ! python gate.py; do break; done", HIDDEN),
        ("python gate.py\nif [ $? -ne 0 ]; then exit 1; fi\ntidy", []),
        ('eval "$SETUP; python gate.py"', OPEN),
    ],
)
def test_what_the_contract_and_the_definition_both_say_is_followed_as_well(text: str, expected: list[str]) -> None:
    """That the two agree word by word is no answer: a gate whose failure its own command loses is none."""
    gate = {**GATE, "run": text}
    definition = f"tool: x\nstages: [{{name: gate, command: {json.dumps(text)}}}, {{name: ship, command: ship}}]\n"
    assert told("dvc", dvc(json.dumps(text)), gate) == expected
    assert told("snapshot", f"{definition}edges: [{{from: gate, to: ship}}]\n", gate) in (expected, OPEN)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("dvc", "stages:\n  train: {cmd: t | tee log, outs: [m]}\n  ship: {cmd: ship, deps: [m]}\n"),
        (
            "github-actions",
            "jobs:\n  train: {steps: [{run: t | tee log}]}\n  ship: {needs: train, steps: [{run: ship}]}\n",
        ),
        ("gitlab-ci", "stages: [a, b]\ntrain: {stage: a, script: t || echo no}\nship: {stage: b, script: ship}\n"),
    ],
)
def test_a_stage_whose_command_hides_each_failure_holds_nothing_back(kind: str, text: str) -> None:
    """Its own failure is lost, and that is told once; what stands before it still stops what comes after."""
    stages = {"train": {"kind": "train", "run": "t"}, "ship": {**SHIP, "after": ["train"]}}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    found = read(kind, text, path="d")
    told = {one.id for one in compare(record, found, "").differences if one.weight == "differs"}
    assert told - {"output-undocumented"} == {"edge-weakened"}
    assert [edge.tolerated for edge in found.edges] == [True]
