"""What `gatepost check` says at the end agrees with how it ends, in every format."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from commands import command, process
from trees import clean_log, edited, git, with_key, write_tree

FOLLOW_UP = "churn/follow-ups/0001-switch-off-service.md"


def one_line(text: str) -> str:
    """Give text without its line breaks."""
    return " ".join(text.split())


def test_a_design_whose_gates_could_not_all_be_decided_is_not_said_to_meet_them(tmp_path: Path) -> None:
    """Without git the state says how many gates are not known instead of calling every one met."""
    root = write_tree(tmp_path, clean_log(), repository=False)
    run = command(root, "check")
    report = json.loads(command(root, "check", "--format", "json").out)
    unknown = report["summary"]["unknown"]
    assert run.code == 0
    assert unknown > 0
    assert f"nothing that could be decided blocks; {unknown} could not be decided" in one_line(run.out)
    assert "every gate that blocks is met" not in one_line(run.out)


@pytest.mark.parametrize(
    ("old", "new", "gate"),
    [
        ("kind: policy\n", "kind: policy\nid: [\n", "schema-valid"),
        ("", "enforcement: {no-such: block}\n", "policy-sound"),
    ],
)
@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_a_policy_that_fails_the_check_is_said_to(
    tmp_path: Path, old: str, new: str, gate: str, quiet: tuple[str, ...]
) -> None:
    """The policy belongs to no design, and has a state of its own when it is why the check fails."""
    files = edited(clean_log(), "policy.md", old, new) if old else with_key(clean_log(), "policy.md", new)
    run = command(write_tree(tmp_path, files), "check", *quiet)
    assert run.code == 1
    assert "\nFAILING    " in f"\n{run.out}"
    said = one_line(run.out[run.out.index("FAILING    ") :])
    assert "policy" in said.partition(":")[0]
    assert f"gates that block are not met ({gate} on " in said


def test_a_sound_policy_has_no_line_of_its_own(tmp_path: Path) -> None:
    """Only what is gone wrong with the policy is worth a line."""
    out = command(write_tree(tmp_path, clean_log()), "check", "--quiet").out
    assert [line for line in out.splitlines() if line.startswith(("CLEAR", "FAILING"))] == [out.splitlines()[0]]


@pytest.mark.parametrize("form", ["text", "github"])
def test_the_last_line_says_that_advice_fails_here(tmp_path: Path, form: str) -> None:
    """With `--fail-on advise` a check that ends with 1 never ends with words of success."""
    root = write_tree(tmp_path, clean_log())
    words = ("check", "--format", form, "--fail-on", "advise")
    failing, passing = command(root, *words, day="2028-01-01"), command(root, *words)
    assert (failing.code, passing.code) == (1, 0)
    assert failing.out.endswith(" findings fail: --fail-on advise.\n")
    assert passing.out.endswith("Gates met on 2026-11-23.\n")


def test_annotations_show_what_could_not_be_decided(tmp_path: Path) -> None:
    """Each unknown gate is a notice with record, gate and reason on the first line of the file."""
    root = write_tree(tmp_path, clean_log(), repository=False)
    report = json.loads(command(root, "check", "--format", "json").out)
    lines = command(root, "check", "--format", "github", "--no-advice").out.splitlines()
    unknown = [(record, one) for record in report["records"] for one in record["outcomes"] if one["state"] == "unknown"]
    assert unknown
    for record, one in unknown:
        start = f"::notice file={record['path']},line=1,title=UNKNOWN {one['gate']} "
        (line,) = [line for line in lines if line.startswith(start) and f"%3A {record['id']}::" in line]
        assert line.endswith(f"::could not be decided: {one['reason']}")
    assert lines[-1].startswith(f"{len(lines) - 1} annotations. ")


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("to_file", [False, True])
def test_a_path_that_is_no_text_or_steers_a_terminal_is_shown_not_obeyed(
    tmp_path: Path, form: str, *, to_file: bool
) -> None:
    """A file name of any bytes gives output that is UTF-8 without control codes, printed or in a file."""
    root = write_tree(tmp_path, edited(clean_log(), FOLLOW_UP, "owner: sre-oncall\n", ""))
    file = root / "docs" / FOLLOW_UP
    file.rename(file.with_name(os.fsdecode(b"0001-\xff\x1b[31m\xc2\x9b.md")))
    git(root, "add", "--all")
    done = process(root, "--as-of", "2026-11-23", "check", "--format", form, *(["--output", "o"] if to_file else []))
    out = (root / "o").read_bytes() if to_file else done.stdout
    assert (done.returncode, done.stderr) == (1, b"")
    text = out.decode("utf-8")
    assert not [character for character in text if not character.isprintable() and character != "\n"]
    assert "0001-\\udcff\\" in text
    if form == "json":
        (found,) = json.loads(text)["findings"]
        assert found["path"].endswith("/0001-\udcff\x1b[31m\x9b.md")


def test_output_into_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    """A misspelt folder is not made: it is named, and nothing is checked or written."""
    root = write_tree(tmp_path, clean_log())
    run = command(root, "check", "--output", "reprots/gates.json")
    assert run.code == 2
    assert f"the folder {root / 'reprots'} does not exist" in one_line(run.err)
    assert not (root / "reprots").exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("adr", "there is no kind 'adr'; did you mean decision?"),
        ("ADR", "there is no kind 'ADR'; did you mean decision?"),
        ("followup", "there is no kind 'followup'; did you mean follow-up?"),
        ("xyz", "there is no kind 'xyz'; the kinds are "),
    ],
)
@pytest.mark.parametrize("before", [("new",), ("list", "--kind")])
def test_a_kind_by_another_name_is_refused_with_the_one_that_was_meant(
    tmp_path: Path, before: tuple[str, ...], word: str, said: str
) -> None:
    """Who thinks of a decision as an ADR learns what it is called here."""
    run = command(write_tree(tmp_path, clean_log()), *before, word, *(["Title"] if before == ("new",) else []))
    assert run.code == 2
    assert said in one_line(run.err)
