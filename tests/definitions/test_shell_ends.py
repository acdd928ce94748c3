"""What becomes of a script when its gate fails and everything else succeeds; a real shell is the oracle."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

from effort import first
from gatepost.definitions.definition import RealStage, Script
from gatepost.definitions.failures import failure_of
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.shell import ShellError, script_ends

GOES_ON: Final = [
    # what a shell without `-e` runs
    ("gate", "stops"),
    ("gate; echo done", "hidden"),
    ("gate\necho done", "hidden"),
    ("gate && echo done", "stops"),
    ("cd /; gate", "stops"),
    ("set -euo pipefail\ngate\nother", "stops"),
    ("set -o errexit\ngate\nother", "stops"),
    ("set -e; set +e; gate; other", "hidden"),
    ("gate || exit 1", "stops"),
    ("gate || exit 1; other", "stops"),
    ("gate || exit 0; other", "hidden"),
    ("gate || { echo no; exit 1; }\nother", "stops"),
    ("gate || (echo no; exit 1)\nother", "hidden"),
    ("gate || exit", "stops"),
    ("gate || exit $?", "stops"),
    ("if gate; then other; else exit 1; fi", "stops"),
    ("if ! gate; then exit 1; fi\nother", "stops"),
    ("if true; then gate; fi", "stops"),
    ("if true; then gate; fi; other", "hidden"),
    ("set -o pipefail; gate | cat", "stops"),
    ("set -o pipefail; gate | cat; other", "hidden"),
    ("other | gate", "stops"),
    ("f() { gate; }\nf", "stops"),
    ("f() { gate; echo; }\nf", "hidden"),
    ("f() { gate; }\nother", "absent"),
    ("(gate)", "stops"),
    ("{ gate; other; }", "hidden"),
    ("( gate; exit 0 )", "hidden"),
    ("gate; exit $?", "stops"),
    ("gate\nexit", "stops"),
    ("gate; exit 0", "hidden"),
    ("gate\ncode=$?\nother\nexit $code", "stops"),
    ("gate; r=$?; [ $r = 0 ] || exit 1", "stops"),
    ("sh -ec 'gate; echo done'", "stops"),
    ("bash -euo pipefail -c 'gate; other'", "stops"),
    ("bash -lc gate", "stops"),
    ('sh -c "gate"', "stops"),
    ("bash -c 'set -e; gate; other'", "stops"),
    ("eval 'gate; other'", "hidden"),
    ("x=$(gate)\nother", "hidden"),
    ("for i in 1 2; do gate || exit 1; done", "stops"),
    ("time gate", "stops"),
    ("gate > log 2>&1", "stops"),
    ("python - <<EOF\nx = 1; gate\nEOF\ngate", "stops"),
    ("if gate; then :; else false; fi", "stops"),
    ("gate ||\n  exit 1\nother", "stops"),
    ("gate; true", "hidden"),
    ("set -e\n(set +e; gate; other)\nother", "hidden"),
    ("while gate; do other; done", "hidden"),
    ("while ! gate; do break; done", "hidden"),
    ("until gate; do exit 1; done; other", "stops"),
    ("until gate; do exit $?; done", "stops"),
    ("for i in a b; do gate || break; done; other", "hidden"),
    ("for i in 1; do break; gate; done", "never"),
    ("gate & wait", "hidden"),
    ("gate & wait $!", "stops"),
    ("gate & job=$!; other; wait $job", "stops"),
    ("gate & job=$!\nother & wait $job || exit 1\nother", "stops"),
    ("gate & other & wait $!", "hidden"),
    ("gate & wait -n", "open"),
    ("f() { gate & }; f; wait $!", "stops"),
    ("gate || [ $? -eq 10 ]", "open"),
    ("gate || [ $? -ne 0 ]", "hidden"),
    ("gate || [ $? -eq 0 ]", "stops"),
    ("gate; [ $? = 0 ] || exit 1; other", "stops"),
    ("gate\nif [ $? -ne 0 ]; then exit 1; fi\nother", "stops"),
    ("gate; echo $?; other", "hidden"),
    ("gate; rc=$?; rc=0; exit $rc", "hidden"),
    ("rc=0; gate || rc=$?; other; exit $rc", "stops"),
    ("set +e; gate; rc=$?; set -e; echo rc=$rc; exit $rc", "stops"),
    ("if gate; then exit 0; fi; exit 1", "stops"),
    ("for i in a b; do gate && exit 0; other; done; exit 1", "stops"),
    ("{ gate || true; } && exit 0; exit 1", "hidden"),
    ('retry() { for i in a b; do "$@" && return 0; done; return 1; }; retry gate', "stops"),
    ('retry() { for i in a b; do "$@" && return 0; other; done; }; retry gate', "hidden"),
    ("end() { rm -f x; }; trap end EXIT; gate", "stops"),
    ("end() { exit 0; }; trap end EXIT; gate", "hidden"),
    ("trap 'exit 0' EXIT; trap 'rm -f x' EXIT; gate", "stops"),
    ("gate || rc=1; if [ $rc -ne 0 ]; then exit 1; fi; other", "stops"),
    ("gate || rc=1; other", "hidden"),
    ("rc=0; gate || { echo no; rc=1; }; exit $rc", "stops"),
    ("rc=0; for i in a b; do gate || rc=1; done; exit $rc", "stops"),
    ("f() { gate; rc=$?; }; f; exit $rc", "stops"),
    ("gate | tee log; exit ${PIPESTATUS[0]}", "stops"),
    ("gate | tee log; exit ${PIPESTATUS[1]}", "hidden"),
    ("gate | tee log; rc=${PIPESTATUS[0]}; other; exit $rc", "stops"),
    ("gate | tee log; test ${PIPESTATUS[0]} -eq 0 || exit 1; other", "stops"),
    ("gate | tee log; check ${PIPESTATUS[0]}; other", "hidden"),
    ("gate | tee log; check ${PIPESTATUS[0]}", "open"),
    ('gate; rc=$?; if [ -n "$X" ]; then exit 0; fi; exit $rc', "open"),
    ("cat <(gate)", "hidden"),
    ("gate > >(cat)", "stops"),
    ("while read x; do other; done < <(gate)", "hidden"),
    ("bash <<E\ngate\nother\nE", "hidden"),
    ("bash -e <<E\ngate\nother\nE", "stops"),
    ("cat <<E | bash\ngate || true\nE", "hidden"),
    ("bash <<< 'gate || true'", "hidden"),
    ("{ bash; } <<E\ngate\nE", "unread"),
    ("bash <<E\ngate; exit $?\nE", "unread"),
    ("cat <<E\n$(gate)\nE", "hidden"),
    ("gate() { true; }; gate", "hidden"),
    ("gate() { command gate; }; gate", "stops"),
    ("gate() { command gate || true; }; gate", "hidden"),
    ('if [ -n "$X" ]; then gate() { true; }; fi; gate', "open"),
    ("f() { true; }; x=$(f); gate", "stops"),
    ('run() { "$@"; }; run gate', "stops"),
    ('run() { "$@" || true; }; run gate', "hidden"),
    ('run() { shift; "$@"; }; run 5 gate', "stops"),
    ("eval 'exit 0'; gate", "never"),
    ("eval 'gate || exit 1'; other", "stops"),
    ("exec gate; other", "stops"),
    ("( ( gate ); other )", "hidden"),
    ("(( 1 )) && gate", "stops"),
    ("((gate) || true)", "absent"),
]
ENDS: Final = [
    # what a shell with `-e` runs
    ("gate; echo done", "stops"),
    ("gate && echo ok\nother", "hidden"),
    ("cd / && gate", "stops"),
    ("set +e && gate", "stops"),
    ("set +e\ngate\nother", "hidden"),
    ("gate || true", "hidden"),
    ("gate || (exit 1)\nother", "stops"),
    ("gate || echo no", "hidden"),
    ("if gate; then other; fi", "hidden"),
    ("if ! gate; then echo no; fi\nother", "hidden"),
    ("if gate; then other; else echo no; fi", "hidden"),
    ("if false; then gate; fi", "never"),
    ('if [ -n "$X" ]; then gate; fi', "open"),
    ("if true; then other; else gate; fi", "never"),
    ("true || gate", "never"),
    ('[ -n "$X" ] && gate; other', "open"),
    ("cat <<EOF\ngate\nEOF", "absent"),
    ("cat <<'EOF' > x\ngate\nEOF\nother", "absent"),
    ("echo gate", "absent"),
    ("echo 'gate; x'", "absent"),
    ("# gate\nother", "absent"),
    ("x='gate'\nother", "absent"),
    ("gate | cat", "hidden"),
    ("gate &", "hidden"),
    ("gate & wait", "hidden"),
    ("gate &\nother", "hidden"),
    ("! gate", "hidden"),
    ("trap 'exit 0' EXIT\ngate", "hidden"),
    ("trap 'rm -f x' EXIT\ngate", "stops"),
    ("trap 'rm -f x' INT\ngate", "stops"),
    ("f() { gate || return 1; echo; }\nf; other", "stops"),
    ("(gate); other", "stops"),
    ("exit 0\ngate", "never"),
    ("exit 0 && gate", "never"),
    ("if ! gate; then exit $?; fi", "hidden"),
    ("if exit; then other; fi; gate", "never"),
    ('gate || [ -n "$X" ]', "open"),
    ('gate || ! [ -n "$X" ]', "open"),
    ("gate || ! true; other", "hidden"),
    ('[ -n "$X" ] && exit 0 || gate', "open"),
    ("exec true\ngate", "never"),
    ("if true; then set +e; fi; gate; other", "hidden"),
    ("for x in a b; do set +e; done; gate; other", "hidden"),
    ('if [ -n "$X" ]; then set +e; fi; gate; other', "open"),
    ('trap "exit 1" ERR; gate; other', "stops"),
    ('[ -n "$S" ] && exit 0\ngate', "open"),
    ('if [ -n "$S" ]; then exit 0; fi\ngate', "open"),
    ('if [ -n "$S" ]; then exit 1; fi\ngate', "stops"),
    ("[ -f /etc/passwd ] || exit 1\ngate", "stops"),
    ("gate || failed=1\nother\nexit $failed", "stops"),
    ("sh -c 'gate; echo done'", "hidden"),
    ("x=$(gate)\nother", "stops"),
    ("echo $(gate)", "hidden"),
    ("export x=`gate`", "hidden"),
    ("for i in 1; do gate; done", "stops"),
    ("case $X in a) gate;; *) exit 1;; esac", "stops"),
    ("gate 2>&1 | tee log", "hidden"),
    ("gate || true; gate", "stops"),
    ("gate \\\n || true", "hidden"),
    ("gate || :", "hidden"),
    ("x=(a b)\ngate", "stops"),
    ("((1+1))\ngate", "stops"),
    ("[[ a && b ]] && gate", "stops"),
    ("A=1 gate", "stops"),
    ('if [ -n "$X" ]; then gate; else exit 1; fi', "stops"),
    ("until gate; do sleep 1; done", "open"),
]


def fate(script: str, *, stops: bool) -> str:
    """Give what becomes of a failure of the gate in a script; absent where no command runs it."""
    found = failure_of(RealStage("gate", "d", 1, scripts=(Script(script, stops, pipefail=False),)), "gate")
    assert found is not None
    return "unread" if found.why.startswith("how it is run is not followed") else found.fate


def ended(script: str, folder: Path, *, stops: bool) -> int:
    """Run a script in a real shell, in which `gate` fails and `other` succeeds, and give its exit code."""
    for name, code in (("gate", 1), ("other", 0)):
        (folder / name).write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    command = [str(shutil.which("bash")), *(["-e"] if stops else []), "-c", script]
    env = {"PATH": f"{folder}:/usr/bin:/bin"}
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, timeout=10, check=False).returncode


@pytest.mark.parametrize(("script", "expected"), GOES_ON)
def test_a_failure_is_followed_through_a_shell_that_goes_on(script: str, expected: str) -> None:
    """Without `-e` only the last command, or one that the script asks, decides how it ends."""
    assert fate(script, stops=False) == expected


@pytest.mark.parametrize(("script", "expected"), ENDS)
def test_a_failure_is_followed_through_a_shell_that_ends(script: str, expected: str) -> None:
    """With `-e` every command decides, but for those that are asked, piped, negated, or answered."""
    assert fate(script, stops=True) == expected


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(("script", "expected"), [*GOES_ON, *ENDS])
def test_a_real_shell_ends_as_it_is_told(script: str, expected: str, tmp_path: Path) -> None:
    """Where the fate is told, bash has it."""
    stops = (script, expected) in ENDS
    if expected not in {"open", "unread"}:
        assert (ended(script, tmp_path, stops=stops) != 0) is (expected == "stops")


@pytest.mark.parametrize(
    "script",
    [
        "{% if params.skip %}\ntrue\n{% else %}\ngate\n{% endif %}",
        "f() { f; }; f; gate",
        "if gate; then",
        "alias gate=true\ngate",
        "echo 'gate",
        "gate )",
        "select x in a; do gate; done",
    ],
)
def test_what_cannot_be_followed_is_said(script: str) -> None:
    """A template, a command of another meaning, broken syntax: nothing is claimed."""
    with pytest.raises(ShellError):
        script_ends(script, stops=True)


@pytest.mark.parametrize(
    "script",
    [
        "$(" * 50_000,
        "(" * 50_000,
        '"$(' * 20_000,
        "if true; then " * 10_000,
        "{ " * 30_000,
        "gate; " * 10_000,
        "gate && " * 8_000 + "gate",
        "gate && " * 4_000 + "gate",
        "gate | " * 8_000 + "gate",
        "! " * 30_000 + "gate",
        "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }}\n" for n in range(60)) + "f60() { gate; }\nf0",
        "<<E " * 15_000,
        "x" * 200_000,
        "`" * 60_000,
        "case a in " * 5_000,
        "if gate; then exit 1; fi\n" * 2_000,
        "(gate; " * 30 + ")" * 30,
        "gate\nrc=$?\n" * 5_000 + "exit $rc",
        "gate\n[ $? -eq 0 ]\n" * 3_000,
        '[ -n "$X" ] && exit 0\n' * 2_000 + "gate",
        "gate &\n" * 8_000 + "wait $!",
        "".join(f"gate & p{n}=$!\n" for n in range(4_000)),
        "eval " * 10_000 + "gate",
        "x=$(" * 18 + "gate" + ")" * 18,
        "set -e\n" + "x=$(gate; " * 8 + ")" * 8,
        "bash <<< '" * 50 + "'" * 50,
        "cat <(" * 18 + "gate" + ")" * 18,
        "until gate; do " * 38 + "break; " + "done; " * 38,
        "if gate; then :; else " * 38 + "gate" + "; fi" * 38,
        "f() { " + '"$@" "$@"; ' * 2_000 + "}\n" + "f gate\n" * 20,
        "".join(f"f{n}() {{ f{n + 1}" + ' "$@"' * 1_000 + "; }\n" for n in range(6)) + "f6() { gate; }\nf0 a b c",
        "gate <<E || " * 3_000 + "true\n" + "E\n" * 3_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_hostile_script_ends_within_bounds(script: str) -> None:
    """However deep or long a script is, it is judged soon, or said to be too much."""
    began = time.process_time()
    with contextlib.suppress(ShellError):
        script_ends(script, stops=False)
    assert time.process_time() - began < 2


TOKENS: Final = [
    "gate",
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "while",
    "until",
    "for",
    "in",
    "do",
    "done",
    "case",
    "esac",
    "{",
    "}",
    "(",
    ")",
    "((",
    "))",
    "[[",
    "]]",
    "[",
    "]",
    "!",
    "&",
    "&&",
    "||",
    "|",
    "|&",
    ";",
    ";;",
    "$?",
    "$!",
    "$@",
    '"$@"',
    '""',
    "x=$?",
    "rc=1",
    "$rc",
    "exit",
    "return",
    "break",
    "wait",
    "trap",
    "eval",
    "exec",
    "set",
    "-e",
    "+e",
    "shift",
    "f()",
    "f",
    "function",
    '"',
    "'",
    "`",
    "$(",
    ")",
    "<(",
    ">(",
    "<<E",
    "E",
    "<<<",
    ">",
    "2>&1",
    "bash",
    "-c",
    "true",
    "false",
    "echo",
    "#",
    "\\",
    "${",
    "{{",
    "}}",
    "time",
    "${PIPESTATUS[0]}",
    "alias",
    ".",
    "cat",
    "read",
    "export",
]


@pytest.mark.parametrize("case", first(range(10), 1))
def test_whatever_stands_in_a_script_it_is_judged_or_refused(case: int) -> None:
    """Words and operators in any order end in a fate, or in words that say what cannot be followed."""
    chance = random.Random(case)  # noqa: S311 - repeats
    for _ in range(2_000):
        joint = chance.choice((" ", " ", " ", "\n"))
        text = joint.join(chance.choice(TOKENS) for _ in range(chance.randint(1, 30)))
        stage = RealStage("gate", "d", 1, text)
        for ours in ("gate", text):
            assert failure_of(stage, ours, ScriptFiles({"gate": text.encode()}.get, "", ())) is not None
