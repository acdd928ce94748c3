"""A gate that is a script of the repository is looked into: one whose text always ends well is no gate."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from reading import read
from shell_scripts import BASH, Bash, script

from effort import first
from gatepost.definitions import compare
from gatepost.definitions.script_files import ScriptFiles
from gatepost.records import Pipeline

SHIP: dict[str, Any] = {"kind": "promote", "to": "production", "run": "ship", "after": ["gate"]}
_MANY = 40


def told(gate: str, files: dict[str, str], theirs: str | None = None, **more: object) -> list[str]:
    """Compare a gate that both sides run with DVC, in a repository with some files; tell what is said of it."""
    stages = {"gate": {"kind": "gate", "run": gate}, "ship": SHIP}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages, **more})
    cmd = (theirs or gate).replace('"', '\\"')
    definition = read("dvc", f'stages:\n  gate: {{cmd: "{cmd}", outs: [g]}}\n  ship: {{cmd: ship, deps: [g]}}\n')
    contents = {name: text.encode() for name, text in files.items()}
    found = compare(record, definition, "p", contents.get).differences
    return [one.message for one in found if one.id.startswith(("guard", "command"))]


SWALLOWS = "#!/bin/sh\npython gate.py || true\n"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("./gate.sh", None),
        ("sh gate.sh", None),
        ("bash gate.sh --min 1", None),
        ("./gate.sh", "sh ./gate.sh"),
        ("./gate.sh", "pip install x && ./gate.sh"),
        ("bash -eu gate.sh", None),
        ("A=1 env ./gate.sh", None),
    ],
)
def test_a_script_that_hides_its_failure_is_no_gate(ours: str, theirs: str | None) -> None:
    """However the two run it, and though they agree."""
    (message,) = told(ours, {"p/gate.sh": SWALLOWS}, theirs)
    assert message.startswith("in the definition the gate gate cannot fail: `")
    assert message.endswith("p/gate.sh ends well whatever fails in it")


@pytest.mark.parametrize(
    ("text", "ends_well"),
    [
        (SWALLOWS, True),
        ("python gate.py\nexit 0\n", True),
        ("python gate.py\necho done\n", True),
        ("python gate.py | tee log\n", True),
        ("#!/bin/bash -e\nif python gate.py; then echo good; else echo bad; fi\n", True),
        ("set -e\ntrap 'exit 0' EXIT\npython gate.py\n", True),
        ("check() { python gate.py; }\ncheck || echo bad\nexit 0\n", True),
        ("#!/usr/bin/env bash\nset -euo pipefail\npython gate.py || :\n", True),
        ("echo all is well\n", True),
        ("python gate.py\n", False),
        ("#!/bin/sh -e\npython gate.py\necho done\n", False),
        ("#!/bin/bash -e -o pipefail\npython gate.py | tee log\n", False),
        ("set -euo pipefail\npython gate.py | tee log\n", False),
        ("if grep -q bad report; then exit 1; fi\nexit 0\n", False),
        ("python gate.py || exit 1\nexit 0\n", False),
        (". ./lib.sh\npython gate.py || die\nexit 0\n", False),
        ("trap 'exit 1' EXIT\npython gate.py || true\n", False),
        ("end() { exit 1; }\ntrap end EXIT\npython gate.py || true\n", False),
        ("python gate.py || true\necho ${PASSED:?}\n", False),
        ("! python gate.py\n", False),
        ("if ! python gate.py; then echo 'oh no!'; fi\n", True),
        ("[ ! -f x ] || python gate.py || true\n", True),
        ('eval "$GATE"\nexit 0\n', False),
        ("#!/usr/bin/env python\nprint(1) or True\n", False),
        ("alias a=b\npython gate.py || true\n", False),
        ("case $x in a) exit 1;; esac\nexit 0\n", False),
        ("python gate.py || [ $? -eq 10 ]\n", False),
    ],
)
def test_only_a_script_that_surely_ends_well_is_told(text: str, ends_well: bool) -> None:  # noqa: FBT001 - a table
    """What a script does is its authors' affair, and what cannot be followed is not blamed."""
    assert bool(told("./gate.sh", {"p/gate.sh": text})) is ends_well


def test_a_script_is_where_the_contract_runs() -> None:
    """A file of the same name elsewhere is looked at only where there is none; then each that it may be must tell."""
    fails = "python gate.py\n"
    assert told("./gate.sh", {"p/gate.sh": fails, "gate.sh": SWALLOWS}) == []
    assert told("ci/gate.sh", {"ci/gate.sh": SWALLOWS}) != []
    assert told("ci/gate.sh", {"ci/gate.sh": SWALLOWS}, workdir="sub") != []
    assert told("ci/gate.sh", {"ci/gate.sh": SWALLOWS, "p/ci/gate.sh": fails}, workdir="sub") == []
    assert told("ci/gate.sh", {"ci/gate.sh": SWALLOWS, "sub/ci/gate.sh": fails}, workdir="sub") == []
    assert told("../../gate.sh", {"../gate.sh": SWALLOWS, "gate.sh": SWALLOWS}) == []
    assert told("./gate.sh", {}) == []


@pytest.mark.parametrize(
    "command",
    [
        "gate.sh",
        "python gate.sh",
        "docker run image sh gate.sh",
        "bash -c 'x'",
        "$DIR/gate.sh",
        "sh",
    ],
)
def test_a_command_that_may_run_another_file_is_left_alone(command: str) -> None:
    """A name that is looked up, a path in an image, one that is filled in: nothing is said."""
    assert ScriptFiles({"gate.sh": SWALLOWS.encode()}.get, "", ()).never_fails(command) is None


def test_a_gate_of_several_commands_is_more_than_one_script() -> None:
    """Where the contract names no command, a script that prepares something says nothing of the others."""
    stages = {"gate": {"kind": "gate"}, "ship": SHIP}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    files = {"p/prepare.sh": SWALLOWS.encode(), "p/gate.sh": SWALLOWS.encode()}

    def found(cmd: str) -> list[str]:
        definition = read("dvc", f"stages:\n  gate: {{cmd: {cmd}, outs: [g]}}\n  ship: {{cmd: ship, deps: [g]}}\n")
        compared = compare(record, definition, "p", files.get).differences
        return [f"{one.id} {one.weight}" for one in compared if one.id.startswith("guard")]

    assert found("./prepare.sh && python gate.py") == []
    assert found("./gate.sh") == ["guard-cannot-fail differs"]


@pytest.mark.skipif(BASH is None, reason="no bash here")
@pytest.mark.parametrize("case", first(list(range(20)), 4))
def test_a_real_shell_ends_well_where_that_is_told(case: int, tmp_path: Path) -> None:
    """Whatever the gate in the script does, and whatever a variable holds, its exit code is 0."""
    bash = Bash(tmp_path)
    ends = ("", "\nexit 0", "\necho done", "\nother || true")
    count = 0
    for seed in range(case * _MANY, (case + 1) * _MANY):
        text = f"#!{BASH}\n{script(seed)}{ends[seed % 4]}\n"
        (tmp_path / "gate.sh").write_text(text, encoding="utf-8")
        run = "bash -e gate.sh" if seed % 3 else "./gate.sh"
        os.chmod(tmp_path / "gate.sh", 0o755)  # noqa: PTH101, S103 - it is run
        if ScriptFiles({"gate.sh": text.encode()}.get, "", ()).never_fails(run) is None:
            continue
        count += 1
        ways = [(code, x) for code in (0, 1, 10) for x in ("", "a")]
        assert not any(bash.ended(run, stops=False, code=code, x=x, seconds=3).has_failed for code, x in ways), text
    assert count


def until_gone(process: int) -> None:
    """Ask for a process until whoever inherited it has seen its end, for five seconds."""
    for _ in range(250):
        os.kill(process, 0)
        time.sleep(0.02)


@pytest.mark.skipif(BASH is None, reason="no bash here")
def test_what_a_script_without_an_end_started_does_not_outlive_its_test(tmp_path: Path) -> None:
    """A shell that runs for ever in another one would take a core from everything that comes after it."""
    (tmp_path / "loop.sh").write_text("echo $$ > pid; while true; do :; done\n", encoding="utf-8")
    assert not Bash(tmp_path).ended("sh loop.sh; other", stops=False, seconds=0.5).has_failed
    inner = int((tmp_path / "pid").read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        until_gone(inner)
