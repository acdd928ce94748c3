"""Whatever a command does, and however a dry run ends, nothing of it runs on, and nothing grows without a bound."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import wait
from pathlib import Path

import pytest
from pipelines import MAKE, TINY, executed, repository, tiny

from gatepost.execution import pool, zones
from gatepost.execution.command import run_command
from gatepost.execution.folder import TooLargeError, pack
from gatepost.execution.processes import StoppedError, end_run
from gatepost.execution.strays import end_strays
from gatepost.execution.zones import clean_zones

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc")

SERVER = """\
import pathlib, subprocess, sys
started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
pathlib.Path("pid").write_text(str(started.pid))
"""


def lives(pid: int) -> bool:
    """Tell whether a process still runs after a moment."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.02)
    return True


def test_a_flood_of_words_fills_neither_memory_nor_disk(tmp_path: Path) -> None:
    """Of what a command says its last four kilobytes are kept; nothing is written anywhere."""
    code = "import sys\nfor _ in range(400): sys.stdout.write('x' * 65536)\nprint('the end')"
    done = run_command([sys.executable, "-c", code], tmp_path, dict(os.environ), 20)
    assert done.code == 0
    assert done.said.endswith("the end")
    assert len(done.said) <= 4096
    assert list(tmp_path.iterdir()) == []


@linux
def test_a_server_that_leaves_its_process_group_is_ended(tmp_path: Path) -> None:
    """What a stage starts in a session of its own is known by its home folder."""
    run_command([sys.executable, "-c", SERVER], tmp_path, {**os.environ, "HOME": str(tmp_path / "home")}, 10)
    pid = int((tmp_path / "pid").read_text())
    end_strays(tmp_path / "hom")
    os.kill(pid, 0)  # a folder whose name only begins alike is another one
    end_strays(tmp_path)
    assert not lives(pid)


@linux
def test_a_dry_run_leaves_no_server_behind(tmp_path: Path) -> None:
    """When a run has ended, whatever its stages started has ended, too."""
    kept = tmp_path / "kept"
    kept.mkdir()
    code = SERVER.replace('pathlib.Path("pid")', f"pathlib.Path({str(kept)!r}, str(started.pid))") + MAKE
    assert executed(tmp_path, tiny(code=code)).code == 0
    pids = [int(path.name) for path in kept.iterdir()]
    assert len(pids) >= 2
    assert not any(lives(pid) for pid in pids)


BARE = """\
import os, pathlib, subprocess, sys
started = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(60)"],
    start_new_session=True, env={}, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **{how}
)
pathlib.Path("pid").write_text(str(started.pid))
"""
GONE = "(os.mkdir('x'), os.chdir('x'), os.rmdir('../x'))"
HOLDS = {
    "its working folder": "{'stdout': subprocess.DEVNULL}",
    "a folder that it has removed": "{'stdout': subprocess.DEVNULL, 'preexec_fn': lambda: " + GONE + "}",
    "a file of the run": "{'stdout': open('log', 'w'), 'cwd': '/'}",
}


@linux
@pytest.mark.parametrize("held", sorted(HOLDS))
def test_a_server_that_leaves_its_environment_too_is_ended(held: str, tmp_path: Path) -> None:
    """What a stage starts in a session of its own, without any variable, is known by what it holds of the run."""
    run_command([sys.executable, "-c", BARE.replace("{how}", HOLDS[held])], tmp_path, dict(os.environ), 10)
    pid = int((tmp_path / "pid").read_text())
    assert end_strays(tmp_path / "another") == ()
    os.kill(pid, 0)
    assert len(end_strays(tmp_path)) == 1
    assert not lives(pid)


@linux
def test_what_ran_before_the_dry_run_is_no_stray(tmp_path: Path) -> None:
    """A person's shell that stands in the folder of a run is left alone: it began before this process did."""
    code = "import pathlib, sys; from gatepost.execution.strays import end_strays as end"
    words = [sys.executable, "-c", f"{code}; print(end(pathlib.Path(sys.argv[1])))", str(tmp_path)]
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path) as shell:
        try:
            time.sleep(0.1)
            done = subprocess.run(words, check=True, capture_output=True, text=True)
            assert (done.stdout.strip(), shell.poll()) == ("()", None)
        finally:
            shell.kill()


@linux
def test_a_command_that_another_thread_is_starting_is_no_stray(tmp_path: Path) -> None:
    """Until a new process runs its own program it holds whatever this process had open, of any folder."""
    started: list[int] = []

    def start() -> None:
        with subprocess.Popen([sys.executable, "-c", ""], preexec_fn=lambda: time.sleep(0.5)) as process:  # noqa: PLW1509
            started.append(process.wait())

    with (tmp_path / "read").open("w", encoding="utf-8"):
        work = threading.Thread(target=start)
        work.start()
        time.sleep(0.2)
    assert end_strays(tmp_path) == ()
    work.join(10)
    assert started == [0]


@linux
def test_what_was_left_running_is_told(tmp_path: Path) -> None:
    """The terminal and the record name the program that a stage has started and not ended."""
    code = BARE.replace("{how}", HOLDS["its working folder"]) + MAKE
    done = executed(tmp_path, tiny(code=code))
    assert done.code == 0, done.out
    assert "Left running by a command, outside its process group, and ended: python" in " ".join(done.out.split())
    (path,) = (tmp_path / "docs/nightly/evidence/dry-runs").glob("*.md")
    assert "Left running by a command" in path.read_text(encoding="utf-8")


@posix
def test_a_cluster_s_worker_ends_what_it_runs_when_it_is_told(tmp_path: Path) -> None:
    """A run is ended by its name, from another thread; then it starts nothing any more."""
    found: list[int] = []
    words = [sys.executable, "-c", "import pathlib, time; pathlib.Path('on').touch(); time.sleep(60)"]
    work = threading.Thread(target=lambda: found.append(run_command(words, tmp_path, {}, 60, "a-run").code))
    work.start()
    while not (tmp_path / "on").exists():
        time.sleep(0.02)
    end_run("a-run")
    work.join(10)
    assert found == [-signal.SIGKILL]
    with pytest.raises(StoppedError):
        run_command([sys.executable, "-c", ""], tmp_path, {}, 5, "a-run")


@posix
@pytest.mark.parametrize("numbers", [[signal.SIGHUP], [signal.SIGINT, signal.SIGINT]])
def test_an_interrupt_among_the_branches_leaves_nothing_behind(numbers: list[int], tmp_path: Path) -> None:
    """A closed terminal or a hand that presses twice: no process, no folder, no record stays."""
    contract = TINY.replace("artifacts:", "handlers: {alert: python pipeline.py alert}\nartifacts:")
    (tmp_path / "log").mkdir()
    root = repository(tmp_path / "log", tiny(contract, f"import sys, time\nif sys.argv[1:]: time.sleep(60)\n{MAKE}"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    started = subprocess.Popen(
        [sys.executable, "-m", "gatepost", "dry-run", "nightly", "--execute", "--jobs", "3"],
        cwd=root,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while len(list(scratch.glob("gatepost-*"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    for number in numbers:
        started.send_signal(number)
        time.sleep(0.005)
    _, said = started.communicate(timeout=20)
    assert started.returncode == 3, said
    assert list(scratch.iterdir()) == []
    assert not (root / "docs/nightly/evidence").exists()


def test_an_interrupt_that_is_dropped_on_its_way_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python ignores what is raised while an object is finalised; what was asked for is not forgotten with it."""
    rounds = []

    def dropping(*words: object) -> object:
        if not rounds:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        rounds.append(words)
        return wait(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(pool, "wait", dropping)
    done = executed(tmp_path, tiny())
    assert (done.code, len(rounds)) == (3, 1), done.out
    assert not (tmp_path / "docs/nightly/evidence").exists()


def test_the_limit_holds_for_runs_without_a_fault(tmp_path: Path) -> None:
    """A stage is ended when all of it takes too long, not only when the stage itself does."""
    began = time.monotonic()
    done = executed(tmp_path, tiny(code="import time\ntime.sleep(60)\n"), "--limit", "500ms")
    assert done.code == 3
    assert "time is up in a run without a fault, at make: allow more with --limit" in done.err
    assert time.monotonic() - began < 4
    assert not (tmp_path / "docs/nightly/evidence").exists()


def test_a_folder_too_large_to_be_kept_is_refused(tmp_path: Path) -> None:
    """Snapshots are held in memory, so their size has a bound, told before anything is read."""
    with (tmp_path / "large").open("wb") as file:
        file.truncate(600 << 20)
    with pytest.raises(TooLargeError, match="more than 512 MB"):
        pack(tmp_path)


CLOCK = "import datetime; print(datetime.datetime(2026, 11, 26, {hour}, tzinfo=datetime.UTC).astimezone().date())"


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("hour", range(0, 24, 4))
def test_the_two_clean_runs_never_share_a_local_date(
    hour: int, *, listed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The zones are more than a day apart at any hour, on a system without a list of time zones, too."""
    if not listed:
        monkeypatch.setattr(zones, "_LISTED", tmp_path)
    words = [sys.executable, "-c", CLOCK.format(hour=hour)]
    said = {run_command(words, tmp_path, {"TZ": zone}, 5).said for zone in clean_zones()}
    assert len(said) == 2


def test_a_variable_that_is_not_set_cannot_be_passed_on(tmp_path: Path) -> None:
    """A misspelt --env is a wrong use, not a secret that is silently missing."""
    done = executed(tmp_path, tiny(), "--env", "NO_SUCH_VARIABLE")
    assert done.code == 2
    assert "--env NO_SUCH_VARIABLE: this variable is not set" in done.err


@pytest.mark.parametrize("words", [["--format", "json"], ["--output", "branches.txt"]])
def test_what_only_the_branch_table_takes_is_refused_with_execute(words: list[str], tmp_path: Path) -> None:
    """An executed run writes its record: an option that it would ignore is a wrong use, told before anything runs."""
    done = executed(tmp_path, tiny(), *words)
    assert done.code == 2
    assert "--format and --output are for the branch table" in done.err
    assert not (tmp_path / "docs/nightly/evidence").exists()


def test_a_stage_is_told_its_seed(tmp_path: Path) -> None:
    """GATEPOST_STAGE and GATEPOST_SEED say what the contract says; GATEPOST_OUTCOME is for handlers only."""
    code = f"import os\nassert os.environ['GATEPOST_STAGE'] == 'make' and os.environ['GATEPOST_SEED'] == '1'\n{MAKE}"
    assert executed(tmp_path, tiny(TINY, code + "assert 'GATEPOST_OUTCOME' not in os.environ\n")).code == 0
