"""What a command runs of the repository is followed, or said to be unknown: folders, scripts, make, npm, variables."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reading import read

from gatepost.definitions import compare
from gatepost.records import Pipeline

GATE: dict[str, Any] = {"kind": "gate", "run": "python gate.py"}
SHIP: dict[str, Any] = {"kind": "promote", "to": "production", "run": "ship", "after": ["gate"]}
HIDDEN = ["guard-cannot-fail differs"]
OPEN = ["guard-cannot-fail unknown"]
OTHER = ["command-differs differs"]
UNSURE = ["command-differs unknown"]
MOVED = ["folder-differs differs"]
PERHAPS = ["folder-differs unknown"]


def told(script: str, files: dict[str, str] | None = None, gate: dict[str, Any] = GATE, **more: object) -> list[str]:
    """Compare a gate that a step of GitHub runs with the contract, in a repository with some files."""
    stages = {"gate": gate, "ship": SHIP}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages, **more})
    jobs = {"gate": {"steps": [{"run": script}]}, "ship": {"needs": "gate", "steps": [{"run": "ship"}]}}
    definition = read("github-actions", json.dumps({"jobs": jobs}), path=".github/workflows/ci.yml")
    contents = {name: text.encode() for name, text in (files or {}).items()}
    found = compare(record, definition, "", contents.get).differences
    return [f"{one.id} {one.weight}" for one in found if one.id.startswith(("guard", "command", "folder"))]


BOTH = {"gate.py": "", "sub/gate.py": ""}


@pytest.mark.parametrize(
    ("script", "files", "workdir", "expected"),
    [
        ("cd sub && python gate.py", BOTH, None, MOVED),
        ("cd sub\npython gate.py", BOTH, None, MOVED),
        ("pushd sub; python gate.py", BOTH, None, MOVED),
        ("( cd sub; python gate.py )", BOTH, None, MOVED),
        ("env -C sub python gate.py", BOTH, None, MOVED),
        ("cd sub && python gate.py", {}, None, PERHAPS),
        ('cd "$DIR" && python gate.py', BOTH, None, PERHAPS),
        ("cd /srv/app && python gate.py", BOTH, None, PERHAPS),
        ("[ -d sub ] && cd sub; python gate.py", BOTH, None, PERHAPS),
        ("git clone https://x/y && cd y && python gate.py", BOTH, None, PERHAPS),
        ("cd sub && python gate.py", BOTH, "other", MOVED),
        ("cd sub && python gate.py", {"sub/gate.py": ""}, None, PERHAPS),
        ("cd sub && python gate.py", BOTH, ".", MOVED),
        ("cd sub && python gate.py", BOTH, "sub", []),
        ("cd sub/deep/.. && python gate.py", BOTH, "sub", []),
        ('cd "$GITHUB_WORKSPACE/sub" && python gate.py', BOTH, "sub", []),
        ('cd "${{ github.workspace }}" && python gate.py', BOTH, None, []),
        ("cd sub; make; cd ..\npython gate.py", BOTH, None, []),
        ("cd sub; make; cd -\npython gate.py", BOTH, None, PERHAPS),
        ("pushd sub; make; popd; python gate.py", BOTH, None, []),
        ("( cd sub; make )\npython gate.py", BOTH, None, []),
        ("(cd sub && ./build.sh) && python gate.py", BOTH, None, []),
        ("mkdir -p out; cd .; python gate.py", BOTH, None, []),
        ("docker run --rm image bash -c 'cd /w && python gate.py'", BOTH, None, []),
    ],
)
def test_the_same_words_elsewhere_are_another_command(
    script: str, files: dict[str, str], workdir: str | None, expected: list[str]
) -> None:
    """A folder that is known and holds another file is a difference, one that is not known is open."""
    assert told(script, files, **({"workdir": workdir} if workdir else {})) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('G="python gate.py"; $G', []),
        ('G="python gate.py"; $G || true', HIDDEN),
        ("G='python gate.py'\nif ! $G; then exit 1; fi", []),
        ('CMD=gate.py; python "$CMD"', []),
        ('CMD=gate.py; python "$CMD" || echo no', HIDDEN),
        ('PY=python; FILE=gate; "$PY" "${FILE}.py"', []),
        ('set -- python gate.py; "$@"', []),
        ('set -- python gate.py; "$@" || true', HIDDEN),
        ('cmd=(python gate.py); "${cmd[@]}"', []),
        ('cmd=(python gate.py); "${cmd[@]}" || true', HIDDEN),
        ('if [ "$CI" ]; then P=python; else P=python; fi; $P gate.py', []),
        ('P=python; if [ "$CI" ]; then P=true; fi; $P gate.py', OPEN),
        ("$GATE", OPEN),
        ('eval "$GATE"', OPEN),
        ('G="python gate.py"; eval "$G"', []),
        ('G="python gate.py || true"; eval "$G"', HIDDEN),
        ("G='$P gate.py'; P=true; $G", UNSURE),
    ],
)
def test_a_command_that_stands_in_a_variable_is_followed(script: str, expected: list[str]) -> None:
    """Where its value stands in the script; else it is open what it runs."""
    assert told(script) == expected


RUNS = "python gate.py\n"
HIDES = "python gate.py || true\n"


@pytest.mark.parametrize(
    "script",
    [
        "sh < gate.sh",
        "bash -s < gate.sh",
        "cat gate.sh | bash",
        "bash gate.sh",
        "./gate.sh",
        ". ./gate.sh",
        "source gate.sh",
        "timeout 600 ./gate.sh",
        "sudo -E bash gate.sh",
        "exec ./gate.sh",
        "chmod +x gate.sh && ./gate.sh",
        "bash <<'E'\n. ./gate.sh\nE",
        "make -f gate.mk gate",
        "npm run gate",
        "npm run -s gate",
        "yarn gate",
        "make gate",
        "make -C . gate",
        "make all",
        "make",
        "nice -n 5 make -s gate",
        "env A=1 make gate",
    ],
)
def test_a_file_that_runs_the_gate_is_opened(script: str) -> None:
    """A file that hides its failure is no gate; one that runs something else is another command."""

    def files(text: str) -> dict[str, str]:
        line = text.strip()
        makefile = f".PHONY: gate all\nall: gate\n\ngate:\n\t@{line}\n"
        package = json.dumps({"scripts": {"gate": line}})
        return {"gate.sh": text, "gate.mk": makefile, "Makefile": makefile, "package.json": package}

    assert told(script, files(RUNS)) == []
    assert told(script, files(HIDES)) == HIDDEN
    assert told(script, files("python other.py\n")) == OTHER


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("just gate", OPEN),
        ("task gate", OPEN),
        ("tox -e gate", OPEN),
        ("nox -s gate", OPEN),
        ("dvc repro gate", OPEN),
        ("poetry run poe gate", OPEN),
        ("make gate", OPEN),
        ("npm run gate", OPEN),
        ("bash gate.sh", OPEN),
        (". ./gate.sh", OPEN),
        ("curl -s https://x | bash", OPEN),
        ("bash <(curl -s https://x)", OPEN),
        ("ls *.py | xargs -n 1 python", OPEN),
        ("dvc pull", OTHER),
        (". venv/bin/activate && python other.py", OTHER),
        ("pip install -r requirements.txt", OTHER),
    ],
)
def test_what_is_not_seen_is_open(script: str, expected: list[str]) -> None:
    """A runner whose file is not read may run the gate; what only prepares does not."""
    assert told(script) == expected
    train = {"kind": "train", "run": "python gate.py"}
    stages = {"gate": train}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    definition = read("github-actions", json.dumps({"jobs": {"gate": {"steps": [{"run": script}]}}}), path="d")
    found = [one.weight for one in compare(record, definition, "").differences if one.id == "command-differs"]
    assert found == (["unknown"] if expected == OPEN else ["differs"])


@pytest.mark.parametrize(
    "wrapper",
    [
        "poetry run",
        "uv run --frozen",
        "uv run --with pandas",
        "pipenv run",
        "pdm run",
        "conda run -n ml --no-capture-output",
        "xvfb-run -a",
        "time",
        "nice -n 10",
        "timeout 600",
        "timeout -k 5 10m",
        "env X=1",
        "env -u HOME X=1",
        "X=1",
        "sudo -E",
        "sudo -u ci -E",
        "command",
        "stdbuf -oL",
    ],
)
def test_a_wrapper_only_runs_what_is_behind_it(wrapper: str) -> None:
    """Before the gate itself, before a shell, and before a file that is opened."""
    assert told(f"{wrapper} python gate.py") == []
    assert told(f"{wrapper} python gate.py || true") == HIDDEN
    assert told(f"{wrapper} bash -c 'python gate.py || true'") == HIDDEN
    assert told(f"{wrapper} ./gate.sh", {"gate.sh": RUNS}) == []
    assert told(f"{wrapper} ./gate.sh", {"gate.sh": HIDES}) == HIDDEN


@pytest.mark.parametrize(
    ("makefile", "command", "expected"),
    [
        ("gate:\n\tpython gate.py\n", "make gate", []),
        ("gate: data\n\tpython gate.py\ndata:\n\tpython data.py\n", "make gate", []),
        ("PY = python\ngate:\n\t$(PY) gate.py\n", "make gate", []),
        ("PY ?= python\nF := gate\ngate:\n\t${PY} $(F).py\n", "make gate", []),
        ("gate:\n\tpython gate.py\n", "make gate PY=python3", []),
        ("gate:\n\t@echo judging\n\t@python gate.py\n\t@echo done\n", "make gate", []),
        ("gate:\n\tset -o pipefail; \\\n\tpython gate.py\n", "make gate", []),
        ("gate: ; python gate.py\n", "make gate", []),
        ("include common.mk\ngate:\n\tpython gate.py\n", "make gate", []),
        ("check:\n\t$(MAKE) gate\ngate:\n\tpython gate.py\n", "make check", []),
        ("# the gate\ngate: # judges\n\tpython gate.py\n\n.PHONY: gate\n", "make", []),
        ("gate:\n\t-python gate.py\n", "make gate", HIDDEN),
        ("gate:\n\t@-python gate.py\n", "make gate", HIDDEN),
        ("gate:\n\tpython gate.py | tee log\n", "make gate", HIDDEN),
        ("gate:\n\tpython gate.py; echo done\n", "make gate", HIDDEN),
        (".IGNORE:\ngate:\n\tpython gate.py\n", "make gate", HIDDEN),
        (".IGNORE: gate\ngate:\n\tpython gate.py\n", "make gate", HIDDEN),
        ("gate:\n\tpython gate.py\n", "make -i gate", HIDDEN),
        ("gate:\n\tpython gate.py\n", "make gate || true", HIDDEN),
        ("gate:\n\tpython gate.py\n", "make -n gate", OTHER),
        ("gate: check\ncheck:\n\t-python gate.py\n", "make gate", HIDDEN),
        ("SHELL := /bin/bash\n.SHELLFLAGS := -eu -o pipefail -c\ngate:\n\tpython gate.py | tee log\n", "make gate", []),
        ("ifdef CI\ngate:\n\tpython gate.py\nendif\n", "make gate", OPEN),
        ("%:\n\tpython gate.py\n", "make gate", OPEN),
        ("gate:\n\tpython gate.py\n", "make -k gate", OPEN),
        ("gate:\n\tpython gate.py\n", "make $T", OPEN),
        ("other:\n\tpython gate.py\n", "make gate", OPEN),
        ("ifdef CI\nPY = python\nelse\nPY = true\nendif\ngate:\n\t$(PY) gate.py\n", "make gate", []),
        ("gate:\n\tcd sub && python gate.py\n", "make gate", MOVED),
    ],
)
def test_a_plain_makefile_is_read(makefile: str, command: str, expected: list[str]) -> None:
    """Each line of a recipe is a shell of its own, and the first that fails ends it; what is not plain is open."""
    assert told(command, {"Makefile": makefile, **BOTH}) == expected


def test_files_are_found_where_the_command_runs() -> None:
    """`cd`, `make -C`, `npm --prefix`; a file of the same name elsewhere is another one."""
    makefile = "gate:\n\tpython gate.py\n"
    hides = "gate:\n\t-python gate.py\n"
    there = {"sub/gate.py": "", "sub/Makefile": makefile, "Makefile": hides, "sub/gate.sh": RUNS, "gate.sh": HIDES}
    assert told("make -C sub gate", there, workdir="sub") == []
    assert told("cd sub && make gate", there, workdir="sub") == []
    assert told("cd sub && ./gate.sh", there, workdir="sub") == []
    assert told("make gate", there) == HIDDEN
    assert told("make -C sub gate", {**there, "gate.py": ""}) == MOVED
    package = {"ui/package.json": json.dumps({"scripts": {"gate": "python ../gate.py"}})}
    assert told("npm --prefix ui run gate", package, {"kind": "gate", "run": "python ../gate.py"}, workdir="ui") == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('cd "$(dirname "$0")/.."\npython gate.py', []),
        ('cd "$(dirname "${BASH_SOURCE[0]}")"\npython gate.py', MOVED),
        ('HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\ncd "$HERE/.."\npython gate.py', []),
        ('HERE=$(cd $(dirname $0) >/dev/null 2>&1; pwd -P)\n"$HERE/inner.sh"', HIDDEN),
        ('ROOT="$(git rev-parse --show-toplevel)"\ncd "$ROOT"\npython gate.py', []),
        ('cd "$(git rev-parse --show-toplevel)"; python gate.py', []),
    ],
)
def test_a_script_finds_itself(script: str, expected: list[str]) -> None:
    """By its own path, as many do in their first lines."""
    files = {"ci/run.sh": f"#!/usr/bin/env bash\nset -euo pipefail\n{script}\n", "ci/inner.sh": HIDES}
    assert told("./ci/run.sh", {**files, "gate.py": "", "ci/gate.py": ""}) == expected


def test_a_contract_may_name_what_runs_it() -> None:
    """Both sides say `make gate`: a recipe that hides its failure is no gate, and one that is not seen is its own."""
    gate = {"kind": "gate", "run": "make gate"}
    assert told("make gate", {"Makefile": "gate:\n\tpython gate.py\n"}, gate) == []
    assert told("make gate", {"Makefile": "gate:\n\t-python gate.py\n"}, gate) == HIDDEN
    assert told("make gate", {}, gate) == []
    assert told("just gate", {}, {"kind": "gate", "run": "just gate"}) == []
    assert told("make gate || true", {}, gate) == HIDDEN


def test_a_promotion_behind_its_gate_in_a_makefile_is_guarded() -> None:
    """Several stages of the contract in one target, in their order, and the other way round."""
    stages = {"gate": {**GATE, "impl": "all"}, "ship": {**SHIP, "impl": "all"}}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    definition = read("github-actions", json.dumps({"jobs": {"all": {"steps": [{"run": "make release"}]}}}), path="d")

    def found(makefile: str) -> list[str]:
        files = {"Makefile": makefile.encode()}
        return [f"{one.id} {one.weight}" for one in compare(record, definition, "", files.get).differences]

    assert found("release: gate\n\tship\ngate:\n\tpython gate.py\n") == []
    assert found("release:\n\tship\n\tpython gate.py\n") == ["guard-missing differs"]
    assert "guard-weakened differs" in found("release:\n\t-python gate.py\n\tship\n") or HIDDEN[0] in found(
        "release:\n\t-python gate.py\n\tship\n"
    )


SAFE = "if python gate.py; then ship; fi"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (SAFE, ["answer-missing differs"]),
        ("if python gate.py; then ship; else exit 1; fi", []),
        ("python gate.py && ship", []),
        ("python gate.py || exit 1\nship", []),
        ("if ! python gate.py; then tell; exit 0; fi; ship", []),
        (f"{SAFE[:-2]}else tell; fi", []),
    ],
)
def test_a_gate_whose_rejection_ends_well_shows_no_answer(script: str, expected: list[str]) -> None:
    """The promotion is guarded, and what hangs on a failure of the job never runs."""
    stages = {
        "gate": {**GATE, "impl": "all", "on-reject": "halt + alert"},
        "ship": {**SHIP, "impl": "all", "on-fail": "halt"},
    }
    handlers = {"alert": "tell"}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "handlers": handlers, "stages": stages})
    steps = [{"run": script}, {"if": "failure()", "run": "tell"}]
    definition = read("github-actions", json.dumps({"jobs": {"all": {"steps": steps}}}), path="d")
    found = compare(record, definition, "").differences
    assert [f"{one.id} {one.weight}" for one in found] == expected
