"""`accept`, `reject`, `deprecate`, `supersede`, `close`: what they write, and what they refuse to."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from commands import Run, command
from gatepost.book.edit_source import Source
from gatepost.cli.journal import JOURNAL
from gatepost.cli.lock import LOCK
from trees import check_tree, clean_log, edited, with_key, write_tree

OLD = "churn/decisions/0001-online-scoring.md"
BATCH = "churn/decisions/0002-batch-scoring.md"
REGRESSION = "churn/decisions/0003-logistic-regression.md"
REJECTED = "churn/decisions/0004-retrain-daily.md"
RISK = "churn/risks/0001-stale-scores.md"
FOLLOW_UP = "churn/follow-ups/0001-switch-off-service.md"


def proposed(files: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the clean log with ADR-0003 still proposed, by nobody yet, with a comment beside its status."""
    files = edited(files or clean_log(), REGRESSION, "status: accepted\n", "status: proposed   # see the minutes\n")
    return edited(files, REGRESSION, "decision-makers: [Ana Ruiz]\n", "decision-makers: []\n")


def held(root: Path) -> dict[str, bytes]:
    """Give every file of the docs folder."""
    return {file.relative_to(root / "docs").as_posix(): file.read_bytes() for file in (root / "docs").rglob("*.md")}


def changes(root: Path, files: Mapping[str, str]) -> dict[str, list[str]]:
    """Give the lines that a command removed and added, by file; see that it left nothing else behind."""
    assert not (root / LOCK).exists()
    assert not (root / JOURNAL).exists()
    assert [file for file in root.rglob("*") if file.name.endswith(".gatepost-new")] == []
    found = {}
    for path, content in held(root).items():
        before, after = files[path].split("\n"), content.decode().split("\n")
        if before != after:
            found[path] = [f"-{line}" for line in before if line not in after]
            found[path] += [f"+{line}" for line in after if line not in before]
    return found


def refused(run: Run, root: Path, files: Mapping[str, str], code: int = 1) -> str:
    """See that a command wrote nothing, and give what it said."""
    assert run.code == code, run.out + run.err
    assert changes(root, files) == {}
    assert len([line for line in run.err.splitlines() if not line.startswith(("Usage", "Try"))]) <= 2
    return run.out + run.err


def test_accept_changes_three_lines(tmp_path: Path) -> None:
    """Status, date and who decided; the comment stays, and the log passes its gates as before."""
    files = proposed()
    root = write_tree(tmp_path, files)
    run = command(root, "accept", "ADR-3", "--by", "Ana Ruiz", "--by", " Omar  Haddad ")
    assert (run.code, run.err) == (0, "")
    assert run.out.endswith(f"docs/{REGRESSION}: ADR-0003, proposed → accepted.\n")
    assert changes(root, files) == {
        REGRESSION: [
            "-status: proposed   # see the minutes",
            "-date: 2026-11-06",
            "-decision-makers: []",
            "+status: accepted   # see the minutes",
            "+date: 2026-11-23",
            "+decision-makers: [Ana Ruiz, Omar Haddad]",
        ]
    }
    assert check_tree(root).passed


def test_the_day_is_the_one_that_is_said(tmp_path: Path) -> None:
    """`--date`, else `--as-of`; a day in the future is refused by the gate that knows."""
    root = write_tree(tmp_path, proposed())
    late = command(root, "accept", "ADR-3", "--by", "Ana", "--date", "2027-01-01")
    assert late.code == 1
    assert "date is 2027-01-01, in the future" in late.out
    assert command(root, "accept", "ADR-3", "--by", "Ana", "--date", "2026-11-20").code == 0
    assert "date: 2026-11-20\n" in (root / "docs" / REGRESSION).read_text(encoding="utf-8")


def test_nobody_decides_anonymously(tmp_path: Path) -> None:
    """While the record names no one, --by is needed; a name that is none is refused."""
    root = write_tree(tmp_path, proposed())
    assert "say who with --by NAME" in refused(command(root, "accept", "ADR-3"), root, proposed(), 2)
    assert "the name is empty" in refused(command(root, "accept", "ADR-3", "--by", " "), root, proposed(), 2)
    assert "control character" in refused(command(root, "accept", "ADR-3", "--by", "a\x1bb"), root, proposed(), 2)
    files = edited(proposed(), REGRESSION, "decision-makers: []", "decision-makers: [Ana Ruiz]")
    root = write_tree(tmp_path, files)
    assert command(root, "accept", "ADR-3").code == 0


def test_accept_is_refused_while_a_gate_would_block(tmp_path: Path) -> None:
    """What was open becomes a reason; it is shown where it stands in the file as it is, and nothing is written."""
    files = edited(proposed(), REGRESSION, "decision-makers: []\n", "")
    files = edited(files, REGRESSION, "security: 4, performance: 3", "performance: 3")
    files = edited(files, REGRESSION, "* boosted trees\n", "* boosted trees, see <the minutes>\n")
    root = write_tree(tmp_path, files)
    said = refused(command(root, "accept", "ADR-3", "--by", "Ana"), root, files)
    lines = files[REGRESSION].split("\n")
    option = next(number for number, line in enumerate(lines, 1) if "performance: 3, operability: 5" in line)
    minutes = next(number for number, line in enumerate(lines, 1) if "<the minutes>" in line)
    assert f"docs/{REGRESSION}:{option}:5\n    BLOCK  tradeoffs-evaluated" in said
    assert f"docs/{REGRESSION}:{minutes}:" in said
    assert said.endswith("Nothing was written: 2 findings block this.\n")


def test_the_reasons_may_stand_in_another_record(tmp_path: Path) -> None:
    """A decision cannot be accepted while a risk that it names is nobody's; the risk's finding is shown."""
    files = edited(proposed(), REGRESSION, "residual-risk: ", "risks: [RISK-0001]\nx-note: ")
    files = edited(files, RISK, "owner: ", "x-owner: ")
    root = write_tree(tmp_path, files)
    said = refused(command(root, "accept", "ADR-3", "--by", "Ana"), root, files)
    assert f"docs/{RISK}:" in said
    assert "risks-owned" in said


def test_what_blocked_elsewhere_before_is_no_reason(tmp_path: Path) -> None:
    """An old failure of another record does not keep a decision from being accepted."""
    files = with_key(proposed(), OLD, "relates: [ADR-77]\n")
    root = write_tree(tmp_path, files)
    assert not check_tree(root).passed
    assert command(root, "accept", "ADR-3", "--by", "Ana").code == 0


def test_reject_and_deprecate(tmp_path: Path) -> None:
    """Each moves one decision; deprecating leaves who decided alone."""
    root = write_tree(tmp_path, proposed())
    assert command(root, "reject", "ADR-3", "--by", "Ana").code == 0
    assert "status: rejected   # see" in (root / "docs" / REGRESSION).read_text(encoding="utf-8")
    files = clean_log()
    root = write_tree(tmp_path, files)
    assert command(root, "deprecate", f"docs/{REGRESSION}").code == 0
    assert [line for line in changes(root, files)[REGRESSION] if line[0] == "+"] == [
        "+status: deprecated",
        "+date: 2026-11-23",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("accept", "ADR-1"), "ADR-0001 is superseded, which is final"),
        (("accept", "ADR-2"), "ADR-0002 is accepted already"),
        (("accept", "ADR-4"), "ADR-0004 is rejected, which is final"),
        (("reject", "ADR-2"), "ADR-0002 is accepted, and cannot become rejected: from there it can become deprecated"),
        (("deprecate", "ADR-4"), "which is final, so there is nothing to deprecate: write a new decision"),
        (("supersede", "ADR-1", "ADR-3"), "ADR-0001 is superseded already"),
        (("supersede", "ADR-3", "ADR-4"), "ADR-0004 is rejected: only an accepted decision replaces another"),
        (("supersede", "ADR-3", "ADR-1"), "ADR-0001 is superseded: only an accepted decision replaces another"),
    ],
)
def test_illegal_moves_are_refused(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    """In one line that says what the record is, with the exit code of a gate that is not met."""
    root = write_tree(tmp_path, clean_log())
    said = refused(command(root, *words), root, clean_log())
    assert why in said
    assert said.endswith("; nothing was written\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("accept", "ADR-77"), "there is no record 'ADR-77'"),
        (("accept", "RISK-1"), "RISK-0001 is a risk, not a decision"),
        (("accept", "CHK-1"), "is a checklist, not a decision"),
        (("close", "ADR-2"), "ADR-0002 is a decision, not a risk or a follow-up"),
        (("supersede", "ADR-2", "adr-0002"), "ADR-0002 cannot replace itself"),
        (("supersede", "ADR-2", "ADR-3", "--by", "Ana"), "it goes with --accept"),
        (("close", "RISK-1", "--outcome", "over"), "are for follow-ups, and RISK-0001 is a risk"),
        (("close", "RISK-1", "--dropped"), "are for follow-ups"),
        (("close", "FU-1"), "say so with --outcome TEXT"),
        (("close", "FU-1", "--outcome", " "), "--outcome: the text is empty"),
        (("accept", "ADR-3", "--date", "soon"), "Invalid value for '--date'"),
    ],
)
def test_what_was_called_wrongly_is_said(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    """The exit code of wrong usage, and nothing is written."""
    root = write_tree(tmp_path, clean_log())
    assert why in refused(command(root, *words), root, clean_log(), 2)


def test_supersede_writes_both_sides(tmp_path: Path) -> None:
    """The old decision gets status, day and successor; the new one only says what it replaces."""
    files = clean_log()
    root = write_tree(tmp_path, files)
    run = command(root, "supersede", "ADR-3", "ADR-2")
    assert run.code == 0, run.out
    assert [line.rpartition(": ")[2] for line in run.out.splitlines()] == [
        "ADR-0003, accepted → superseded.",
        "ADR-0002 supersedes ADR-0003.",
    ]
    assert changes(root, files) == {
        REGRESSION: [
            "-status: accepted",
            "-date: 2026-11-06",
            "+status: superseded",
            "+date: 2026-11-23",
            "+superseded-by: [ADR-0002]",
        ],
        BATCH: ["-supersedes: [ADR-0001]", "+supersedes: [ADR-0001, ADR-0003]"],
    }
    assert check_tree(root).passed


def test_a_proposed_successor_is_accepted_in_the_same_go(tmp_path: Path) -> None:
    """With --accept, and only then; both files are written at once."""
    files = proposed()
    root = write_tree(tmp_path, files)
    said = refused(command(root, "supersede", "ADR-2", "ADR-3"), root, files)
    assert "ADR-0003 is proposed" in said
    assert "--accept" in said
    assert "--by NAME" in refused(command(root, "supersede", "ADR-2", "ADR-3", "--accept"), root, files, 2)
    files = edited(files, REGRESSION, "ADR-0002 needs a model", "We need a model")
    root = write_tree(tmp_path, files)
    run = command(root, "supersede", "ADR-2", "ADR-3", "--accept", "--by", "Ana")
    assert run.code == 0, run.out + run.err
    found = changes(root, files)
    assert "+supersedes: [ADR-0002]" in found[REGRESSION]
    assert "+decision-makers: [Ana]" in found[REGRESSION]
    assert "+superseded-by: [ADR-0003]" in found[BATCH]
    assert check_tree(root).passed


def test_a_successor_that_says_so_already_is_left_alone(tmp_path: Path) -> None:
    """Only the old side is written when the new one was written by hand."""
    files = edited(clean_log(), BATCH, "supersedes: [ADR-0001]", "supersedes: [ADR-0001, ADR-3]")
    root = write_tree(tmp_path, files)
    assert command(root, "supersede", "ADR-3", "ADR-2").code == 0
    assert set(changes(root, files)) == {REGRESSION}
    assert check_tree(root).passed


def test_the_author_s_own_conventions_are_kept(tmp_path: Path) -> None:
    """A capital letter, another convention's key, underscores, line ends and a byte order mark."""
    text = clean_log()[REGRESSION].replace("status: accepted", "status: Accepted")
    text = text.replace("decision-makers: [Ana Ruiz]", "deciders: [Ana Ruiz]").replace("residual-risk", "residual_risk")
    text = text.replace("production-impact", "production_impact")
    root = write_tree(tmp_path, clean_log())
    file = root / "docs" / REGRESSION
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert command(root, "supersede", "ADR-3", "ADR-2").code == 0
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf---\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == text.count("\n") + 1
    assert "\nstatus: Superseded\ndate: 2026-11-23\n" in Source(content).text
    assert "\nsuperseded_by: [ADR-0002]\n" in Source(content).text
    assert check_tree(root).passed


def test_a_supersession_that_madr_wrote_is_understood(tmp_path: Path) -> None:
    """`status: superseded by ADR-0002` is final like any other."""
    files = edited(clean_log(), OLD, "status: superseded\n", "status: superseded by ADR-0002\n")
    files = edited(files, OLD, "superseded-by: [ADR-0002]\n", "")
    root = write_tree(tmp_path, files)
    assert "ADR-0001 is superseded already" in refused(command(root, "supersede", "ADR-1", "ADR-3"), root, files)


def test_close_a_follow_up_with_its_outcome(tmp_path: Path) -> None:
    """Words are quoted where YAML needs it; the outcome goes below the verification."""
    files = clean_log()
    root = write_tree(tmp_path, files)
    run = command(root, "close", "FU-1", "--outcome", "off since May: nobody noticed")
    assert run.code == 0, run.out + run.err
    assert [line for line in changes(root, files)[FOLLOW_UP] if line[0] == "+"] == [
        "+status: done",
        '+outcome: "off since May: nobody noticed"',
    ]
    assert "FU-0001 is done already" in command(root, "close", "FU-1").err
    assert command(root, "close", "FU-1", "--dropped").code == 1
    assert check_tree(root).passed


def test_a_follow_up_can_be_dropped(tmp_path: Path) -> None:
    """The outcome that it has already is enough."""
    files = with_key(clean_log(), FOLLOW_UP, "outcome: the service is needed after all\n")
    root = write_tree(tmp_path, files)
    assert command(root, "close", "FU-1", "--dropped").code == 0
    assert changes(root, files)[FOLLOW_UP] == ["-status: open", "+status: dropped"]


def test_close_a_risk(tmp_path: Path) -> None:
    """One line, from any status that is not closed."""
    files = clean_log()
    root = write_tree(tmp_path, files)
    assert command(root, "close", "RISK-1").code == 0
    assert [line for line in changes(root, files)[RISK] if line[0] == "+"] == ["+status: closed"]
    assert "RISK-0001 is closed already" in command(root, "close", "RISK-1").err


def test_a_dry_run_shows_a_diff_that_git_applies(tmp_path: Path) -> None:
    """What is printed is what would be written, to the byte, and nothing is."""
    files = clean_log()
    root = write_tree(tmp_path, files)
    (root / "docs" / RISK).write_bytes((root / "docs" / RISK).read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n"))
    before = held(root)
    run = command(root, "supersede", "ADR-3", "ADR-2", "--dry-run")
    risk = command(root, "close", "RISK-1", "--dry-run")
    assert run.code == risk.code == 0
    assert held(root) == before
    patch = (run.out + risk.out).encode()
    subprocess.run(["git", "apply", "-"], cwd=root, input=patch, check=True, capture_output=True)
    applied = held(root)
    for path, content in before.items():
        (root / "docs" / path).write_bytes(content)
    assert command(root, "supersede", "ADR-3", "ADR-2").code == command(root, "close", "RISK-1").code == 0
    assert held(root) == applied


def test_a_dry_run_is_refused_as_the_real_one_is(tmp_path: Path) -> None:
    """Nothing is shown that would not be written; and an interrupted change is no ground to plan on."""
    root = write_tree(tmp_path, proposed())
    assert "is final" in refused(command(root, "accept", "ADR-1", "--dry-run"), root, proposed())
    step = {"path": f"docs/{OLD}", "before": "0" * 64, "after": "1" * 64}
    (root / JOURNAL).write_text(json.dumps({"version": 1, "steps": [step]}), encoding="utf-8")
    run = command(root, "accept", "ADR-3", "--by", "Ana", "--dry-run")
    assert run.code == 3
    assert "was interrupted; the next command that writes completes it" in run.err


def test_a_record_that_cannot_be_read_is_not_moved(tmp_path: Path) -> None:
    """The first reason is given."""
    files = edited(clean_log(), REGRESSION, "status: accepted", "status: acepted")
    root = write_tree(tmp_path, files)
    assert "cannot be read" in refused(command(root, "deprecate", "ADR-3"), root, files)


def test_an_id_that_two_files_claim_is_no_name(tmp_path: Path) -> None:
    """Both are named; the path of one is."""
    files = clean_log() | {"churn/decisions/0003-other.md": clean_log()[REGRESSION]}
    root = write_tree(tmp_path, files)
    said = refused(command(root, "deprecate", "ADR-3"), root, files, 2)
    assert f"is claimed by docs/{REGRESSION} and docs/churn/decisions/0003-other.md" in said


def test_what_cannot_be_edited_safely_is_left_alone(tmp_path: Path) -> None:
    """An anchor at the status: exit code 3, one line with file and line."""
    files = edited(clean_log(), REGRESSION, "status: accepted\n", "status: &s accepted\nx-same: *s\n")
    root = write_tree(tmp_path, files)
    said = refused(command(root, "deprecate", "ADR-3"), root, files, 3)
    assert f"docs/{REGRESSION}:4: status has an anchor or a tag; edit it by hand; nothing was written" in said


def test_a_record_behind_a_link_is_left_alone(tmp_path: Path) -> None:
    """The file is written that was named, not the one that a link leads to."""
    root = write_tree(tmp_path, clean_log())
    real = root / "docs/churn/shared.txt"
    (root / "docs" / REGRESSION).rename(real)
    (root / "docs" / REGRESSION).symlink_to(real)
    before = real.read_bytes()
    run = command(root, "deprecate", "ADR-3")
    assert run.code == 3
    assert "is a symbolic link" in run.err
    assert real.read_bytes() == before
