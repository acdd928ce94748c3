"""An executed dry run is bounded, starts no shell, leaves nothing behind, and is honest about what it ran."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pipelines import MAKE, PIPELINE, TINY, design, executed, record, repository, tiny

from commands import command, process
from gatepost.book.dry_runs import read_dry_run
from gatepost.execution import render_record
from gatepost.execution.command import run_command
from gatepost.execution.folder import OutsideError, inside, pack, unpack
from gatepost.execution.metrics import metric_in, with_metric
from gatepost.execution.processes import StoppedError, running
from gatepost.execution.zones import clean_zones
from gatepost.pipeline.arguments import CommandError, arguments_of
from gatepost.records import DryRun
from trees import git


def test_the_record_names_what_was_run_and_what_was_not(tmp_path: Path) -> None:
    """Commit, digests, both clean runs, each branch, and each branch that was not run with its reason."""
    assert executed(tmp_path, tiny()).code == 0
    found = record(tmp_path)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.commit == head.stdout.strip()
    assert [one.path for one in found.files] == ["pipeline.py", "requirements.lock", "rows.json"]
    assert [(one.hash_seed, one.time_zone) for one in found.clean_runs] == list(
        zip(("0", "4093"), clean_zones(), strict=True)
    )
    assert {one.branch for one in found.branches} == {"success", "make fail", "make timeout", "make infrastructure"}
    assert [one.branch for one in found.not_executed] == ["make not-reproducible"]
    assert found.simulated == len(found.branches) - 1 + len(found.not_executed)


def test_the_gate_accepts_the_record_that_a_run_leaves(tmp_path: Path) -> None:
    """A run, its record, and the gate agree on what the contract is."""
    files = {**tiny(), "policy.md": "---\nkind: policy\ntitle: P\ndry-run: {executed: require}\n---\n\n# P\n"}
    executed(tmp_path, files)
    assert "dry-run-passed" not in command(tmp_path, "check").out
    (tmp_path / "docs/nightly/pipeline.py").write_text(f"{MAKE}\n", encoding="utf-8")
    assert "pipeline.py changed after the dry run of" in command(tmp_path, "check").out


def test_what_is_not_committed_is_not_run_by_accident(tmp_path: Path) -> None:
    """A changed file is refused with its name; --working-tree runs it, and the record names no commit."""
    root = repository(tmp_path, tiny())
    (root / "docs/nightly/pipeline.py").write_text(f"{MAKE}# more\n", encoding="utf-8")
    done = command(root, "dry-run", "nightly", "--execute")
    assert done.code == 3
    assert "docs/nightly/pipeline.py is not committed as it is" in done.err
    assert not (root / "docs/nightly/evidence").exists()
    assert command(root, "dry-run", "nightly", "--execute", "--working-tree").code == 0
    assert record(root).commit is None


def test_another_commit_can_be_run(tmp_path: Path) -> None:
    """With --rev the files of that commit are run, whatever lies on disk."""
    root = repository(tmp_path, tiny())
    (root / "docs/nightly/pipeline.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "Broken")
    assert command(root, "dry-run", "nightly", "--execute").code == 1
    assert command(root, "dry-run", "nightly", "--execute", "--rev", "HEAD~1").code == 0


def test_a_command_sees_only_what_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of the caller stay with the caller, unless they are named with --env."""
    monkeypatch.setenv("MODEL_TOKEN", "s3cret")
    code = f"import os, sys\nif 'MODEL_TOKEN' in os.environ: sys.exit('seen')\n{MAKE}"
    assert executed(tmp_path, tiny(code=code)).code == 0
    done = command(tmp_path, "dry-run", "nightly", "--execute", "--env", "MODEL_TOKEN")
    assert done.code == 1
    assert "seen" in done.out


@pytest.mark.parametrize(
    "run",
    [
        *("a && b", "a&&b", "a | b", "a|b", "a > b", "a>b", "a; b", "a;b", "a 2>&1", "a '", "X=1 a", "a\nb", "a *.csv"),
        *("echo $HOME", "echo `id`", 'echo "$HOME"', 'echo "$(id)"'),
    ],
)
def test_what_needs_a_shell_is_refused(run: str) -> None:
    """No shell is started, so nothing that only a shell understands is passed on as an argument."""
    with pytest.raises(CommandError):
        arguments_of(run)


@pytest.mark.parametrize(
    "run",
    [
        "python train.py --seed 3",
        "a 'b && c'",
        "a --to=b",
        "a http://x/y?z",
        "a '*.csv' '$HOME'",
        'a "b|c"',
        r"a \; \$b",
        "a\n",
    ],
)
def test_plain_commands_are_split(run: str) -> None:
    """Quotes keep an argument together."""
    assert arguments_of(run)[0] in {"python", "a"}


def test_a_contract_that_needs_a_shell_says_where(tmp_path: Path) -> None:
    """The message names the field and the way out, and nothing is run."""
    done = executed(tmp_path, tiny(TINY.replace("run: python pipeline.py", "run: python pipeline.py && true")))
    assert done.code == 3
    assert "stages.make.run: 'python pipeline.py && true' needs a shell ('&&')" in done.err


@pytest.mark.parametrize("path", ["../up", "/etc/passwd", "out/../../up"])
def test_paths_that_lead_out_are_refused(path: str, tmp_path: Path) -> None:
    """An artifact outside the run's folder is neither read nor compared."""
    done = executed(tmp_path, tiny(TINY.replace("out/made.json", path)))
    assert done.code == 3
    assert "artifacts.made.path" in done.err


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    """A folder that a stage links elsewhere is not followed."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "out").symlink_to(tmp_path)
    with pytest.raises(OutsideError):
        inside(tmp_path / "in", "out/x")


def test_a_command_that_runs_out_of_time_ends_with_its_children(tmp_path: Path) -> None:
    """The whole process group is ended, grandchildren that ignore a request to end, too."""
    child = (
        "import signal, time, pathlib, os; signal.signal(15, signal.SIG_IGN); "
        "pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(60)"
    )
    parent = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    done = run_command([sys.executable, "-c", parent], tmp_path, dict(os.environ), 1.5)
    assert done.code == 124
    assert not _lives(int((tmp_path / "pid").read_text()))


def _lives(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
        except (ProcessLookupError, FileNotFoundError):
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


def test_a_child_that_outlives_its_command_is_ended(tmp_path: Path) -> None:
    """What a stage leaves running in the background does not run on."""
    parent = (
        "import subprocess, sys, pathlib; "
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "pathlib.Path('pid').write_text(str(p.pid))"
    )
    assert run_command([sys.executable, "-c", parent], tmp_path, dict(os.environ), 10).code == 0
    assert not _lives(int((tmp_path / "pid").read_text()))


def test_nothing_starts_after_an_interrupt(tmp_path: Path) -> None:
    """Once a run was stopped, its other threads start no command."""
    with running() as processes:
        processes.stop()
        with pytest.raises(StoppedError):
            run_command([sys.executable, "-c", ""], tmp_path, {}, 5, processes.run)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(number: int, tmp_path: Path) -> None:
    """No process, no temporary folder, no record: what was begun is undone, and the exit code is not 0."""
    (tmp_path / "log").mkdir()
    root = repository(tmp_path / "log", tiny(code="import time; time.sleep(60)\n"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    started = subprocess.Popen(
        [sys.executable, "-m", "gatepost", "dry-run", "nightly", "--execute"],
        cwd=root,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 20
    while not list(scratch.glob("gatepost-*/*/run")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    started.send_signal(number)
    _, said = started.communicate(timeout=20)
    assert started.returncode == 3, said
    assert list(scratch.iterdir()) == []
    assert not (root / "docs/nightly/evidence").exists()


def test_time_that_is_up_is_told(tmp_path: Path) -> None:
    """A stage that takes longer than its time-out fails the clean run, and the report shows its last words."""
    slow = "print('loading', flush=True)\nimport time\ntime.sleep(60)\n"
    done = executed(tmp_path, tiny(TINY.replace("timeout: 5s", "timeout: 500ms"), slow))
    assert done.code == 1
    assert "make runs out of time without a fault being injected" in done.out
    assert "loading" in done.out


def test_a_packed_folder_is_laid_out_as_it_was(tmp_path: Path) -> None:
    """Files, modes, links, empty folders and times come back."""
    one = tmp_path / "one"
    (one / "empty").mkdir(parents=True)
    (one / "tool").write_bytes(b"#!")
    (one / "tool").chmod(0o755)
    (one / "link").symlink_to("tool")
    os.utime(one / "tool", ns=(1, 1_000_000_000))
    os.utime(one / "link", ns=(1, 2_000_000_000), follow_symlinks=False)
    unpack(pack(one), tmp_path / "two")
    assert pack(tmp_path / "two") == pack(one)


@pytest.mark.parametrize(
    ("data", "key", "value"),
    [
        ({"auc": 0.7}, "auc", 0.7),
        ({"auc@new": 1}, "auc@new", 1.0),
        ({"champion.auc": 0.6}, "champion.auc", 0.6),
        ({"champion": {"auc": 0.6}}, "champion.auc", 0.6),
    ],
)
def test_metrics_are_found_and_set_by_name_or_by_steps(data: object, key: str, value: float, tmp_path: Path) -> None:
    """A metric is read and written where it lies; None takes it away."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert metric_in(path, key) == value
    with_metric(path, {key: 0.25})
    assert metric_in(path, key) == 0.25
    with_metric(path, {key: None})
    assert metric_in(path, key) != metric_in(path, key)


@pytest.mark.parametrize("value", ["true", '"0.7"', "null", "[0.7]"])
def test_what_is_no_number_is_no_metric(value: str, tmp_path: Path) -> None:
    """A truth value or a text is not taken for a measurement."""
    path = tmp_path / "m.json"
    path.write_text(f'{{"auc": {value}}}', encoding="utf-8")
    assert metric_in(path, "auc") != metric_in(path, "auc")


def test_the_statement_is_in_toto_s(tmp_path: Path) -> None:
    """With --in-toto the same result is written as a Statement with the test-result predicate."""
    done = executed(tmp_path, tiny(), "--in-toto", "statement.json")
    assert done.code == 0
    found = json.loads((tmp_path / "statement.json").read_text(encoding="utf-8"))
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicate"]["result"] == "PASSED"
    assert "make fail" in found["predicate"]["passedTests"]
    assert found["subject"][0]["digest"]["sha256"] == record(tmp_path).contract_sha256


def test_a_record_reads_back_as_it_was_written() -> None:
    """A digest, a number or a word that some version of YAML takes for something else stays the text that it is."""
    given = {
        "kind": "dry-run",
        "design": "x",
        "contract-sha256": "1" * 64,
        "date": "2026-11-26",
        "commit": "12345678",
        "result": "passed",
        "branches": [{"branch": "on", "outcome": "1e-06", "passed": True, "expected": "null"}],
        "probes": [
            {"gate": "1_0", "condition": "0x10", "value": value, "expected": "pass", "outcome": "no", "passed": True}
            for value in ("1e-06", "-1e-06", "0", "1:30", ".5", "NaN", "absent", "1e5", "~")
        ],
    }
    made = DryRun.model_validate(given)
    read = read_dry_run("x.md", render_record(made, "all of it").encode())
    assert read == made


def test_a_site_with_a_record_builds_strictly(tmp_path: Path) -> None:
    """The record is a page like any other, and no file is taken for a broken record."""
    executed(tmp_path, tiny())
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "site/nightly/evidence/dry-runs").rglob("*.html"))


@pytest.mark.slow
def test_a_rollback_that_fails_pages(tmp_path: Path) -> None:
    """On the branches where the rollback fails, the page handler must run; one that fails is found."""
    sabotaged = PIPELINE.replace('    note("page")', '    sys.exit("pager is down")')
    assert sabotaged != PIPELINE
    done = command(repository(tmp_path, design(pipeline=sabotaged)), "dry-run", "nightly", "--execute")
    assert done.code == 1
    assert "promote fail, rollback fails" in record(tmp_path).model_dump_json()
    failed = {one.branch for one in record(tmp_path).branches if not one.passed}
    assert {"promote breach, rollback fails", "watch breach, rollback fails"} <= failed


def test_a_repository_without_git_cannot_be_run(tmp_path: Path) -> None:
    """The message says what is missing."""
    (tmp_path / "docs").mkdir()
    for path, text in tiny().items():
        place = tmp_path / "docs" / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", encoding="utf-8")
    done = command(tmp_path, "dry-run", "nightly", "--execute")
    assert done.code == 3
    assert "git" in done.err


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None and not os.environ.get("GATEPOST_REQUIRE_ALL"),
    reason="Dask is not installed: the extra `dask`",
)
def test_a_dask_cluster_does_the_same_work(tmp_path: Path) -> None:
    """Branches that a real local cluster runs end as those that this machine runs."""
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        done = process(repository(tmp_path, design()), "dry-run", "nightly", "--execute", "--executor", address)
    assert done.returncode == 0, done.stderr + done.stdout
    assert b"88 of 93 simulated branches executed; 17 of 17 probes agree" in done.stdout


def test_an_executor_that_is_none_is_told(tmp_path: Path) -> None:
    """The message gives the form of an address."""
    done = executed(tmp_path, tiny(), "--executor", "ray://x")
    assert done.code == 3
    assert "expected dask://HOST:PORT" in done.err


def test_workdir_says_where_commands_run(tmp_path: Path) -> None:
    """Code that lies outside the design's folder is run where the contract says."""
    files = tiny(
        TINY.replace("owner: ml\n", "owner: ml\nworkdir: docs/code\n").replace(
            "requirements.lock", "docs/nightly/requirements.lock"
        )
    )
    del files["nightly/pipeline.py"]
    files["code/pipeline.py"] = MAKE
    assert executed(tmp_path, files).code == 0
    assert [one.path for one in record(tmp_path).files] == ["docs/code/pipeline.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_what_is_no_file_is_neither_read_nor_waited_for(tmp_path: Path) -> None:
    """A named pipe, or a socket, that a stage leaves behind holds nothing that could be compared."""
    code = f"{MAKE}import os, socket\nos.mkfifo('out/pipe')\nsocket.socket(socket.AF_UNIX).bind('out/socket')\n"
    done = executed(tmp_path, tiny(code=code))
    assert done.code == 0, done.out


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_name_that_is_no_text_is_compared_and_cannot_be_written_down(tmp_path: Path) -> None:
    """A stage may leave one behind; one that is committed would be in the record, so it is refused by its name."""
    root = repository(tmp_path, tiny(code=f"{MAKE}open(b'out/\\xff.bin', 'wb').close()\n"))
    assert command(root, "dry-run", "nightly", "--execute").code == 0
    (root / "docs/nightly" / os.fsdecode(b"data-\xff.bin")).write_bytes(b"x")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Data")
    done = command(root, "dry-run", "nightly", "--execute")
    assert done.code == 3
    assert "'data-\\udcff.bin' has a name that a record cannot hold: give it one that is text" in done.err
