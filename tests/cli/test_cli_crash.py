"""Killed at any write, a command leaves each file old or new; the next command makes all old or all new."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from commands import command
from gatepost.cli.journal import JOURNAL
from gatepost.cli.transaction import unfinished, writing
from trees import check_tree, clean_log, write_tree

COMMANDS = {"supersede": ["supersede", "ADR-3", "ADR-2"], "renumber": ["renumber", "RISK-2", "41"]}


def pages(root: Path) -> dict[str, bytes]:
    """Give the files that people write: no git, nothing hidden."""
    files = (file for file in root.rglob("*") if file.is_file() and ".git" not in file.parts)
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files if not file.name.startswith(".")}


def hidden(root: Path) -> list[str]:
    """Give the names of hidden files and folders besides git's own."""
    return [file.name for file in root.rglob(".*") if file.name != ".git" and ".git" not in file.parts]


def killed(template: Path, copies: Path, words: list[str]) -> list[Path]:
    """Kill the command at each of its writes, each time in a fresh copy; give the copies, the last one not killed."""
    program = Path(__file__).parent / "killing.py"
    done = subprocess.run(
        [sys.executable, str(program), str(template), str(copies), *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [copies / str(number) for number in range(1, int(done.stdout) + 1)]


def recover(root: Path, *, by_command: bool) -> None:
    """Do what each command that writes does first; where it matters most, let one do it that has nothing to write."""
    if by_command:
        run = command(root, "accept", "ADR-404")
        assert run.code == 2, run.err
        assert "completed an interrupted change" in run.err
        assert "there is no record 'ADR-404'" in run.err
        return
    with writing(root):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_leaves_files_old_or_new(name: str, tmp_path: Path) -> None:
    """At each point each file is whole; behind the next command all are new if the journal stood, else old."""
    (tmp_path / "log").mkdir()
    root = write_tree(tmp_path / "log", clean_log(), commit=True)
    old = pages(root)
    copies = killed(root, tmp_path / "copies", COMMANDS[name])
    new = pages(copies[-1])
    assert hidden(copies[-1]) == []
    assert check_tree(copies[-1]).passed
    states = set()
    for copy in copies[:-1]:
        found = pages(copy)
        for path in old.keys() | new.keys():
            assert found.get(path) in {old.get(path), new.get(path)}, f"{copy.name}: {path} is neither old nor new"
        assert set(found) <= old.keys() | new.keys()
        is_certain = (copy / JOURNAL).exists()
        assert (unfinished(copy) is not None) is is_certain
        recover(copy, by_command=found not in (old, new))
        after = pages(copy)
        assert after == (new if is_certain or found == new else old), copy.name
        assert hidden(copy) == [], copy.name
        states.add((found == old, found == new, after == new))
    mixed = {state for state in states if state[:2] == (False, False)}
    assert mixed == {(False, False, True)}, "no kill fell between two files: the test kills too rarely"
    assert (True, False, False) in states
    assert (True, False, True) in states
    assert (False, True, True) in states
