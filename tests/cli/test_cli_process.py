"""What only a process of its own shows: encodings, pipes, colours, what is imported, how long it takes to start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands import process
from effort import first
from trees import clean_log, edited, write_tree

DAY = ("--as-of", "2026-11-23")
DESIGN = "churn/index.md"


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    """Give a log whose one finding is about a record with a Chinese title."""
    files = edited(clean_log(), DESIGN, "title: Weekly churn scores", "title: 每周流失评分")
    files = edited(files, DESIGN, "owners: [growth-ml]", "owners: []")
    return write_tree(tmp_path, files)


@pytest.mark.parametrize(
    "settings",
    first([{"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, {"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii:strict"}]),
    ids=["POSIX without UTF-8 mode", "C", "ascii asked for"],
)
def test_output_is_utf_8_whatever_the_locale_says(tmp_path: Path, settings: dict[str, str]) -> None:
    """A title in any script is written as UTF-8, in text and in JSON."""
    files = edited(clean_log(), DESIGN, "title: Weekly churn scores", "title: 每周流失评分")
    root = write_tree(tmp_path, files)
    shown = process(root, *DAY, "list", "--kind", "design", settings=settings)
    assert "每周流失评分" in shown.stdout.decode("utf-8")
    report = json.loads(process(root, *DAY, "check", "--format", "json", settings=settings).stdout.decode("utf-8"))
    assert "每周流失评分" in {record["title"] for record in report["records"]}


def test_a_pipe_gets_no_colour_and_force_color_gives_it(chinese: Path) -> None:
    """NO_COLOR wins over FORCE_COLOR; without either a pipe gets plain text."""
    plain = process(chinese, *DAY, "check").stdout
    forced = process(chinese, *DAY, "check", settings={"FORCE_COLOR": "1"}).stdout
    both = process(chinese, *DAY, "check", settings={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert b"\x1b[" not in plain
    assert b"\x1b[1;31mBLOCK\x1b[0m" in forced
    assert both == plain


def test_colour_never_reaches_a_file(chinese: Path) -> None:
    """A file that is asked for with `--output` is plain text even when colour is forced."""
    process(chinese, *DAY, "check", "--output", "report.txt", settings={"FORCE_COLOR": "1"})
    assert b"\x1b" not in (chinese / "report.txt").read_bytes()


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    """When the reader of a pipe has seen enough, nothing is complained about and the exit code stays."""
    files = {f"risks/{number:04d}-{'r' * 60}.md": "# broken\n" for number in range(1, 2000)}
    root = write_tree(tmp_path, files, repository=False)
    with subprocess.Popen(
        [sys.executable, "-m", "gatepost", "list"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=60) == 0


def test_an_output_that_cannot_be_written_is_no_pass(tmp_path: Path) -> None:
    """On a full disk the command ends with 3 and one line: a report that nobody got is no check."""
    root = write_tree(tmp_path, clean_log())
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gatepost", *DAY, "check"],
            cwd=root,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == b"gatepost: the output cannot be written: No space left on device\n"


def test_check_imports_neither_mkdocs_nor_the_site(tmp_path: Path) -> None:
    """The gate runs where MkDocs is not installed, and does not pay for it where it is."""
    root = write_tree(tmp_path, clean_log())
    script = (
        "import sys; from gatepost.cli import main; code = main(['check']);"
        "print(code, sorted({name.split('.')[0] for name in sys.modules} & {'mkdocs', 'material', 'jinja2'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_help_starts_without_the_models() -> None:
    """`--help` imports no pydantic and takes less than a quarter of a second of CPU time."""
    script = "import sys; from gatepost.cli import main; main(['--help']); print('pydantic' in sys.modules)"
    resource = pytest.importorskip("resource", reason="this system does not tell the CPU time of a child")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.splitlines()[-1] == "False"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.25


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """`python -m gatepost` ends with the command's exit code."""
    assert process(tmp_path, "check").returncode == 3
    assert process(write_tree(tmp_path, clean_log()), *DAY, "check").returncode == 0


def test_a_file_name_that_is_no_text_is_reported_and_not_choked_on(tmp_path: Path) -> None:
    """A name of undecodable bytes is shown with escapes, in text and in JSON that parses."""
    root = write_tree(tmp_path, clean_log(), repository=False)
    name = os.fsencode(root / "docs" / "churn" / "risks") + b"/0009-\xff.md"
    try:
        with open(name, "wb") as file:  # noqa: PTH123 - a name of bytes
            file.write(b"# broken\n")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    shown = process(root, *DAY, "check")
    assert shown.returncode == 1
    assert b"0009-\\udcff.md" in shown.stdout
    report = json.loads(process(root, *DAY, "check", "--format", "json").stdout)
    assert any("0009-" in finding["path"] for finding in report["findings"])
