"""The exit codes are a table that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import command
from gatepost.cli import main, project
from gatepost.cli.exit_codes import MEANING, ExitCode
from trees import clean_log, write_tree


def test_every_code_has_a_meaning() -> None:
    """The table is complete: 0 to 3, each with a sentence."""
    assert {code.value for code in MEANING} == {0, 1, 2, 3}
    assert set(MEANING) == set(ExitCode)


def test_no_records_is_an_error_and_never_a_pass(tmp_path: Path) -> None:
    """A log in which nothing was found ends with 3, and says what to do."""
    run = command(write_tree(tmp_path, {"index.md": "# Nothing yet\n"}), "check")
    assert run.code == 3
    assert run.err.startswith(f"gatepost: no records in {tmp_path / 'docs'}: ")
    assert "--docs" in run.err


def test_no_project_is_an_error_with_one_line(tmp_path: Path) -> None:
    """Where there is no documentation folder, `init` is named."""
    run = command(tmp_path, "check")
    assert run.code == 3
    assert "gatepost init" in run.err
    assert run.err.count("\n") == 1


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """`-C` and `--docs` with a folder that does not exist end with 3."""
    assert command(tmp_path / "nowhere", "check").code == 3
    assert command(write_tree(tmp_path, clean_log()), "check", "--docs", "nowhere").code == 3


def test_a_broken_configuration_is_an_error_with_one_line(tmp_path: Path) -> None:
    """An mkdocs.yml that is no YAML is named in one line."""
    root = write_tree(tmp_path, clean_log())
    (root / "mkdocs.yml").write_text("site_name: [\n", encoding="utf-8")
    run = command(root, "check")
    assert run.code == 3
    assert "mkdocs.yml cannot be read" in run.err
    assert run.err.count("\n") == 1


def test_a_broken_clock_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH that is no number ends with 3; `--as-of` makes it irrelevant."""
    root = write_tree(tmp_path, clean_log())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert command(root, "check").code == 0
    assert main(["-C", str(root), "check"]) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("chek",),
        ("check", "--format", "xml"),
        ("check", "--as-of", "23.11.2026"),
        ("check", "too", "many"),
        ("new", "novel", "Title"),
        ("schema", "novel"),
        ("explain", "no-such-gate"),
        ("show", "ADR-99"),
        ("list", "--gate", "in-scope=maybe"),
    ],
)
def test_wrong_usage_ends_with_2_and_writes_to_standard_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A word that the command does not know is never taken for something else."""
    run = command(write_tree(tmp_path, clean_log()), *words)
    assert (run.code, run.out) == (2, "")
    assert "Error: " in run.err


def test_no_command_at_all_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """The help is shown, and a CI job that forgot the command does not pass."""
    assert main([]) == 2
    said = capsys.readouterr()
    assert "Commands:" in said.out + said.err


def test_an_unknown_command_names_the_nearest() -> None:
    """A typing error in the command's name gets a hint."""
    assert "did you mean check?" in command(Path(), "chek").err


def test_a_fault_in_gatepost_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks inside ends with 3 and no traceback; `--debug` raises it."""
    root = write_tree(tmp_path, clean_log())

    def broken(*_: object) -> None:
        message = "seven\nlines"
        raise RuntimeError(message)

    monkeypatch.setattr(project, "check_project", broken)
    run = command(root, "check")
    assert run.code == 3
    assert run.err == "gatepost: Gatepost itself broke: RuntimeError: seven lines; --debug shows where\n"
    with pytest.raises(RuntimeError):
        command(root, "check", "--debug")


def test_the_shared_options_stand_before_or_after_the_command(tmp_path: Path) -> None:
    """`--as-of` and its like mean the same on both sides; the one after the command wins."""
    root = write_tree(tmp_path, clean_log())
    run = command(root, "check", "--as-of", "2026-11-24", "--docs", "docs")
    assert run.out.endswith("Gates met on 2026-11-24.\n")
