"""Random shell scripts that run one gate, and a real shell that tells how they end when it fails."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["BASH", "DASH", "ONLY_BASH", "Bash", "Ended", "script"]

BASH: Final = shutil.which("bash")
DASH: Final = shutil.which("dash")
ONLY_BASH: Final = re.compile(r"[<>]\(|\[\[|\(\(|<<<|\|&|PIPESTATUS|pipefail|time |wait -n|trap|=\(|local ")
"""What other shells do not have, or do in their own way."""
_ATOMS: Final = [
    "gate",
    "command gate",
    "env gate",
    "time gate",
    "exec gate",
    "A=1 gate",
    'r() { "$@"; }; r gate',
    'r() { "$@" || true; }; r gate',
    'r() { other; "$1"; }; r gate',
    'r() { "$@"; other; }; r gate',
    "gate() { true; }; gate",
    "gate() { command gate; }; gate",
    "gate() { command gate || true; }; gate",
    'if [ -n "$X" ]; then gate() { true; }; fi; gate',
    "gate; gate",
    "gate || gate",
    "timeout 5 gate",
    "nice gate",
    "G=gate; $G",
    'A=g; B=ate; "$A${B}"',
    'set -- gate; "$@"',
    'set -- other gate; shift; "$@" || true',
    'c=(env gate); "${c[@]}"',
    'G="gate || true"; eval "$G"',
    'G="gate && other"; eval "$G"; other',
    'if [ -n "$X" ]; then G=gate; else G=other; fi; $G',
    'G=gate; if [ -n "$X" ]; then G=true; fi; "$G"',
]
_AROUND: Final = [
    "S; other",
    "other; S",
    "S\nother",
    "{ S; } && other",
    "other && { S; }",
    "false && { S; }",
    "other || { S; }",
    "{ S; } || other",
    "{ S; } || exit 1",
    "{ S; } || exit 0",
    "{ S; } || false",
    "{ S; } || true",
    "{ S; } || { other; exit 3; }",
    "{ S; } || exit",
    "{ S; } && exit 0 || exit 1",
    "! { S; }",
    "( S )",
    "( S; exit 0 )",
    "{ S; }",
    "{ S; } | cat",
    "other | { S; }",
    "{ S; } |& cat; other",
    "if { S; }; then other; fi",
    "if { S; }; then other; else exit 1; fi",
    "if ! { S; }; then exit 1; fi",
    "if ! { S; }; then exit $?; fi; other",
    'if [ -n "$X" ]; then S; fi',
    'if [ -n "$X" ]; then S; else exit 1; fi',
    '[ -n "$X" ] && { S; }',
    '[ -n "$X" ] || { S; }',
    '[ -n "$X" ] && exit 0; S',
    "if true; then S; fi",
    "if false; then S; fi",
    "case $X in a) S;; *) other;; esac",
    "case $X in a) S;; *) exit 1;; esac",
    "fN() { S; }; fN",
    "fN() { S; }; fN || exit 1",
    "fN() { S; return 0; }; fN",
    "fN() { gate && other; }; fN; other",
    "fN() { rc=1; }; rc=0; { S; } || fN; exit $rc",
    "rc=0; { S; } || { other; (rc=1); }; exit $rc",
    "rc=0; { S; } || ((rc++)); exit $rc",
    "eval 'gate && other'; other",
    "{ S; } && exit 0; exit 1",
    "{ S; } && exit 0; other; false",
    "if { S; }; then exit 0; fi; exit 1",
    'if { S; }; then exit 0; fi; if [ -n "$X" ]; then exit 1; fi',
    "for i in 1 2; do { S; } && exit 0; other; done; exit 1",
    "for i in 1 2; do { S; } && break; other; done; other",
    "for i in 1 2; do { S; } && break; done",
    "for i in 1 2; do { S; } && break; done; other",
    "for i in 1 2; do { S; } && exit 0; done; exit 1",
    "for i in 1 2; do other; S; done",
    'rN() { for i in 1 2; do "$@" && return 0; other; done; return 1; }; rN gate',
    'rN() { for i in 1 2; do "$@" && return 0; other; done; }; rN gate',
    "cN() { other; }; trap cN EXIT; S",
    "cN() { exit 0; }; trap cN EXIT; S",
    "cN() { false; }; trap cN EXIT; S",
    "set +e; S\nrc=$?\nset -e\necho rc=$rc\nexit $rc",
    "fN() { { S; } || return 1; other; }; fN",
    "fN() { other; }; S; fN",
    "fN() { exit 0; }; { S; } || fN",
    "fN() { exit 1; }; { S; } || fN; other",
    "while ! { S; }; do break; done",
    "while { S; }; do break; done",
    "until { S; }; do break; done; other",
    "until { S; }; do exit 1; done",
    "while ! { S; }; do exit 0; done",
    "for i in 1 2; do S; done",
    "for i in 1 2; do { S; } || exit 1; done",
    "for i in 1; do S; break; done",
    "for i in 1; do break; S; done",
    "for i in 1 2; do { S; } || continue; other; done",
    "for i in 1 2; do { S; } || break; done; other",
    "for i in 1 2; do { S; } && break; done",
    "for i in $X; do S; done",
    "{ S; } & wait",
    "{ S; } & wait $!",
    "{ S; } & wait $!; other",
    "{ S; } & p=$!; other; wait $p",
    '{ S; } & p=$!\nother &\nwait "$p" || exit 1',
    "{ S; } & other & wait $!",
    "{ S; } & wait $! || exit 1",
    "{ S; } & if wait $!; then other; else exit 1; fi",
    "{ S; } & wait -n",
    "{ S; } & wait; other",
    "{ S; } & { other & }; wait $!",
    "{ S; } &",
    "fN() { { S; } & }; fN; wait $!",
    "cat <( S )",
    "{ S; } > >(cat)",
    "while read l; do other; done < <( S )",
    "cat < <( S ); other",
    "other > >( S ); wait $!",
    "bash <<'E_N'\nS\nE_N",
    "bash -e <<E_N\nS\nE_N",
    "bash -s <<E_N || exit 1\nS\nE_N",
    "bash <<E_N\nS\nrc=\\$?\nother\nexit \\$rc\nE_N",
    'bash -c "gate; exit $?"',
    'bash -c "gate; exit \\$?"',
    'f=1; bash -c "f=0; gate || exit $f; other"',
    "( ( S ); other )",
    "(( 1 )) && { S; }",
    "for i in 1 2; do ( { S; } || break ); other; done",
    'S; if [ -n "$X" ]; then exit 0; fi; false',
    'S; if [ -n "$X" ]; then exit 0; fi; exit 1',
    'if [ -n "$X" ]; then return 1 2>/dev/null || exit 1; fi; S',
    "cat <<'E_N' | bash\nS\nE_N",
    "cat <<'E_N'\nS\nE_N",
    "cat <<E_N\n$( S )\nE_N",
    "other <<E_N && { S; }\ntext\nE_N",
    "set -e; S",
    "set +e; S",
    "set -o pipefail; S",
    "{ S; } || [ $? -eq 10 ]",
    "{ S; } || [ $? -ne 0 ]",
    "{ S; } || test $? -gt 0",
    "{ S; } || [ $? -eq 0 ]",
    "{ S; } || [ $? -eq 10 ] || exit 1",
    "S; [ $? -eq 0 ]",
    "S; [ $? = 0 ] || exit 1; other",
    "S\nif [ $? -ne 0 ]; then exit 1; fi\nother",
    "S\nif [ $? -eq 10 ]; then exit 1; fi",
    "S; [[ $? -eq 0 ]] || exit 1",
    "S; rc=$?; other; exit $rc",
    "S\nrc=$?\nif [ $rc -ne 0 ]; then other; exit $rc; fi\nother",
    "S\nrc=$?\nrc=0\nexit $rc",
    "S; test $? != 0 && exit 1; other",
    "{ S; } || rc=$?; other; exit ${rc:-0}",
    "{ S; } | cat; exit ${PIPESTATUS[0]}",
    "gate | cat; exit ${PIPESTATUS[0]}",
    'gate | cat\nrc=${PIPESTATUS[0]}\nother\nexit "$rc"',
    "other | { S; }; [ ${PIPESTATUS[0]} -eq 0 ] || exit 1",
    "other | gate | cat; [ ${PIPESTATUS[1]} -eq 0 ] || exit 1; other",
    "gate | cat; [ ${PIPESTATUS[0]} -eq 0 ] || other; exit ${PIPESTATUS[0]}",
    "gate | cat && other; exit ${PIPESTATUS[0]}",
    "rc=0; { S; } || rc=$?; other; exit $rc",
    "rc=0; { S; } || rc=1; if [ $rc -ne 0 ]; then exit 1; fi; other",
    "rc=0; { S; } || rc=1; [ $rc -eq 10 ] || other",
    "fN() { S; rc=$?; }; fN; exit $rc",
    "fN() { { S; } || rc=1; }; rc=0; fN; exit $rc",
    "rc=0; for i in 1 2; do { S; } || rc=1; done; exit $rc",
    "rc=0; { S; } || rc=1; rc=0; exit $rc",
    "rc=0; ( { S; } || rc=1 ); exit $rc",
    "{ S; } || { other; rc=1; }; exit ${rc:-0}",
    "x=$( S )",
    "x=$( S ) || exit 1",
    "echo $( S )",
    "export x=$( S )",
    "trap 'exit 0' EXIT; S",
    "trap 'other' EXIT; S",
    "other < /dev/null; S",
    "eval other; S",
    "case x in x) S;; esac",
    "if other; then S; elif other; then exit 1; fi",
    "fN() { local r=0; S; r=$?; return $r; }; fN",
    "fN() { { S; } || return 3; }; fN; [ $? -eq 3 ] && exit 1; other",
    "fN() ( S ); fN",
    "trap other ERR; S",
    "trap 'exit 0' ERR; S",
    "trap 'exit 1' ERR; S; other",
    "trap 'exit 1' ERR; fN() { S; other; }; fN; other",
    "while read l; do S; done <<E_N\na\nE_N",
    "OK=0; { S; } && OK=1; [ $OK = 1 ]",
    'OK=; { S; } && OK=yes; [ -n "$OK" ] || exit 1',
    "R=bad; { S; } && R=good; if [ $R = bad ]; then exit 1; fi; other",
    "R=bad; { S; } && R=good; case $R in bad) exit 1;; esac",
    "R=0; { S; } || R=$?; exit $((R))",
    "for i in 1 2 3; do S; [ $i = 2 ] && break; done",
    "for i in 1 2 3; do if [ $i -gt 1 ]; then S; fi; done",
    "( set -e; S; other )",
    "( set -e; S; other ) || exit 2",
    "set -e; ( S ) || other",
    "{ S; } 2> /dev/null",
    "A=$( S ) other",
    '[ "$( S )" = x ] || exit 1',
    "cd / && S",
    "( cd / ); S",
    "if { S; } && other; then other; else exit 1; fi",
    "if other || { S; }; then other; fi",
    "! { S; } || exit 1",
    "set -e; if ! { S; }; then exit 1; fi",
    "set -- a b; while [ $# -gt 0 ]; do shift; S; done",
    "echo 'S' | sh",
]
_OUTER: Final = ["bash -c 'S'", "bash -ec 'S'", "eval 'S'", "bash <<< 'S'", 'bash -c "S"']
"""What holds a script in quotes: only one that has none itself."""


class Ended(NamedTuple):
    """How a shell ended."""

    has_failed: bool
    has_run: bool
    """Whether it has run the gate."""


def script(seed: int) -> str:
    """Give a script that runs a gate, from a number."""
    chance = random.Random(seed)  # noqa: S311 - repeats
    found = chance.choice(_ATOMS) if chance.random() < 0.3 else "gate"
    for number in range(chance.randint(1, 3)):
        if "'" not in found and '"' not in found and "$" not in found and chance.random() < 0.1:
            around = chance.choice(_OUTER)
        else:
            around = chance.choice(_AROUND)
        inner = f"{found}\n" if "E_" in found.rpartition("\n")[2] and found.rpartition("\n")[2][:1] != " " else found
        inner = inner.replace("\n; ", "\n")
        for name in ("fN", "cN", "rN", "E_N"):
            around = around.replace(name, f"{name[:-1]}{number}")
        found = _put(around, inner)
    return script(seed + 1_000_003) if ">(" in found and "wait" in found else found  # they may wait for one another


def _put(around: str, inner: str) -> str:
    """Put a script into its place; behind one that ends a line no `;` may stand."""
    if inner.endswith("\n"):
        around = around.replace("S; ", "S").replace("S\n", "S")
    return around.replace("S", inner, 1)


class Bash:
    """A real shell in a folder in which `gate` fails and `other` succeeds."""

    def __init__(self, folder: Path, shell: str | None = BASH) -> None:
        self.folder = folder
        self.shell = str(shell)
        self.mark = folder / "ran"
        for name, text in (("gate", f": > {self.mark}; exit $CODE"), ("other", "exit 0")):
            (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            (folder / name).chmod(0o755)

    def ended(self, text: str, *, stops: bool, code: int = 1, x: str = "", seconds: float = 5) -> Ended:
        """Run a script; one that takes longer than it may has not failed.

        Args:
            text: the script.
            stops: whether the shell ends at the first failure (`-e`).
            code: how the gate ends.
            x: the value of a variable that a script may ask for.
            seconds: how long it may take.
        """
        self.mark.unlink(missing_ok=True)
        running = subprocess.Popen(
            [self.shell, *(["-e"] if stops else []), "-c", text],
            env={"PATH": f"{self.folder}:/usr/bin:/bin", "CODE": str(code), "X": x},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            running.communicate(timeout=seconds)  # what it left in the background writes there, too
            return Ended(running.returncode != 0, self.mark.exists())
        except subprocess.TimeoutExpired:
            return Ended(has_failed=False, has_run=self.mark.exists())
        finally:  # what a script without an end has started would run on for ever
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
