"""`gatepost renumber`: the file, its id, and whatever names it; all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from commands import Run, command
from gatepost.cli.disk import beside
from trees import check_tree, clean_log, edited, git, messages, with_key, write_tree

BATCH = "churn/decisions/0002-batch-scoring.md"
MOVED = "churn/decisions/0012-batch-scoring.md"
REGRESSION = "churn/decisions/0003-logistic-regression.md"
RISK = "churn/risks/0001-stale-scores.md"
GUIDE = """# Guide

[Batch](churn/decisions/0002-batch-scoring.md#decision-outcome), ADR-2, ADR-0002.

    [indented](churn/decisions/0002-batch-scoring.md)

```
ADR-2
```

[1]: churn/decisions/0002-batch-scoring.md
"""


def held(root: Path) -> dict[str, bytes]:
    """Give every file but git's own."""
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in root.rglob("*")
        if file.is_file() and ".git" not in file.parts
    }


def tree(root: Path, files: Mapping[str, str] | None = None) -> Path:
    """Lay down a log with a guide that names ADR-0002."""
    return write_tree(root, files or {**clean_log(), "guide.md": GUIDE})


def refused(run: Run, before: dict[str, bytes], root: Path, code: int) -> str:
    """See that nothing was written, and give what was said."""
    assert run.code == code, run.out + run.err
    assert held(root) == before
    return run.err


def test_the_record_gets_its_number_and_everything_follows(tmp_path: Path) -> None:
    """File, id, fields, prose, links; the log passes as before, and where ids stood nothing else changed."""
    root = tree(tmp_path)
    (root / "docs" / BATCH).chmod(0o640)
    before = held(root)
    run = command(root, "renumber", "ADR-2", "12")
    assert run.code == 0, run.out + run.err
    after = held(root)
    assert (root / "docs" / MOVED).stat().st_mode & 0o777 == 0o640
    assert set(before) - set(after) == {f"docs/{BATCH}"}
    assert set(after) - set(before) == {f"docs/{MOVED}"}
    report = check_tree(root)
    assert messages(report) == []
    assert report.of("ADR-2") is None
    assert report.of("ADR-12") is not None
    for path, content in after.items():
        old = before[f"docs/{BATCH}" if path == f"docs/{MOVED}" else path]
        back = content.replace(b"ADR-0012", b"ADR-0002").replace(b"ADR-12", b"ADR-2").replace(b"/0012-", b"/0002-")
        assert back == old, path
    guide = after["docs/guide.md"].decode()
    assert "[Batch](churn/decisions/0012-batch-scoring.md#decision-outcome), ADR-12, ADR-0012." in guide
    assert "[1]: churn/decisions/0012-batch-scoring.md" in guide
    assert "```\nADR-2\n```" in guide


def test_what_was_written_is_told_path_by_path(tmp_path: Path) -> None:
    """Each file with what happened to it, then each place that was left alone."""
    root = tree(tmp_path)
    run = command(root, "renumber", "ADR-2", "ADR-12")
    lines = run.out.splitlines()
    assert sum(line.startswith("Wrote ") for line in lines) == 8
    assert any(line.endswith("ADR-0002 is now ADR-0012, moved from 0002-batch-scoring.md.") for line in lines)
    assert any(line.endswith("docs/guide.md: 5 references mended.") for line in lines)
    assert lines[-1] == "Not changed: docs/guide.md:8  ADR-2  (in code, in a comment, or no reference)"


def test_a_dry_run_is_a_patch_that_does_the_same(tmp_path: Path) -> None:
    """`git apply` of what is printed gives what the command itself writes."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        tree(tmp_path / name)
    before = held(tmp_path / "a")
    run = command(tmp_path / "a", "renumber", "ADR-2", "12", "--dry-run")
    assert held(tmp_path / "a") == before
    patch = "\n".join(line for line in run.out.splitlines() if not line.startswith("Not changed")) + "\n"
    (tmp_path / "patch").write_text(patch, encoding="utf-8")
    git(tmp_path / "a", "apply", str(tmp_path / "patch"))
    command(tmp_path / "b", "renumber", "ADR-2", "12")
    assert held(tmp_path / "a") == held(tmp_path / "b")


def test_the_nav_is_mended(tmp_path: Path) -> None:
    """The nearest mkdocs.yml, where it names the file."""
    root = tree(tmp_path)
    config = root / "mkdocs.yml"
    text = config.read_text(encoding="utf-8") + "nav:\n  - 'ADR-2': churn/decisions/0002-batch-scoring.md # c\n"
    config.write_text(text, encoding="utf-8")
    assert command(root, "renumber", "ADR-2", "12").code == 0
    assert config.read_text(encoding="utf-8") == text.replace("0002", "0012").replace("ADR-2", "ADR-12")


def test_a_risk_and_a_follow_up_and_an_item(tmp_path: Path) -> None:
    """Each kind that has a number; an item has no file that moves."""
    root = tree(tmp_path)
    for old, new in (("RISK-1", "41"), ("FU-1", "FU-42"), ("CHK-1", "chk-43")):
        run = command(root, "renumber", old, new)
        assert run.code == 0, run.out + run.err
    assert messages(check_tree(root)) == []
    assert (root / "docs/churn/risks/0041-stale-scores.md").exists()
    assert b"CHK-43" in (root / "docs/churn/checklist.md").read_bytes()


def test_an_id_that_comes_from_the_file_s_name_alone(tmp_path: Path) -> None:
    """The file is renamed, and no `id:` is added."""
    files = edited(clean_log(), BATCH, "id: ADR-0002\n", "")
    root = tree(tmp_path, files)
    assert command(root, "renumber", "ADR-2", "12").code == 0
    assert (root / "docs" / MOVED).read_text(encoding="utf-8") == files[BATCH]
    assert messages(check_tree(root)) == []


def test_a_name_that_does_not_hold_the_number_stays(tmp_path: Path) -> None:
    """Only the id changes."""
    files = clean_log()
    files["churn/decisions/batch.md"] = files.pop(BATCH)
    root = tree(tmp_path, files)
    assert command(root, "renumber", "ADR-2", "12").code == 0
    assert b"id: ADR-0012" in (root / "docs/churn/decisions/batch.md").read_bytes()


def test_names_are_as_wide_as_those_beside_them(tmp_path: Path) -> None:
    """In a folder of `01-…`, `12-…` becomes `07-…`."""
    record = "---\nid: ADR-{0}\ntitle: T\nstatus: proposed\ndate: 2026-11-01\n---\n"
    files = {f"decisions/{number}-t.md": record.format(int(number)) for number in ("01", "12")}
    root = tree(tmp_path, files)
    assert command(root, "renumber", "ADR-12", "7").code == 0
    assert (root / "docs/decisions/07-t.md").read_text(encoding="utf-8") == record.format(7)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("ADR-77", "12"), "there is no record 'ADR-77'"),
        (("ADR-2", "RISK-12"), "ADR-2 cannot become RISK-12: its ids start with ADR-"),
        (("ADR-2", "next"), "'next' is no new number; give a number, or an id such as ADR-7"),
        (("ADR-2", "0"), "'0' is no new number"),
        (("ADR-2", "-5"), "No such option"),
        (("ADR-2", "3"), f"ADR-3 is taken by docs/{REGRESSION}; ADR-0005 is free"),
        (("ADR-2", "ADR-0002"), "ADR-2 is taken"),
        (("CHK-1", "2"), "CHK-2 is taken by docs/churn/checklist.md"),
        (("churn", "2"), "churn has no number"),
        (("docs/policy.md", "2"), "policy has no number"),
    ],
)
def test_what_was_called_wrongly_is_said(tmp_path: Path, words: tuple[str, str], why: str) -> None:
    """Nothing is written."""
    root = tree(tmp_path)
    assert why in refused(command(root, "renumber", *words), held(root), root, 2)


def test_a_number_is_taken_by_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Its name tells its id; and no file of that name is ever overwritten, whatever it holds."""
    root = tree(tmp_path, {**clean_log(), "churn/decisions/0012-x.md": "---\n[\n---\n"})
    assert "ADR-12 is taken by" in refused(command(root, "renumber", "ADR-2", "12"), held(root), root, 2)
    (root / "docs/churn/decisions/0013-batch-scoring.md").mkdir()
    assert "is there already" in refused(command(root, "renumber", "ADR-2", "13"), held(root), root, 2)


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """Give a log in which a merge brought a second ADR-0003."""
    files = {
        **clean_log(),
        "guide.md": "[ADR-3](churn/decisions/0003-other.md) and [ADR-3](churn/decisions/0003-x.md)\n",
    }
    other = edited(files, REGRESSION, "title: Train a logistic regression", "title: Another")[REGRESSION]
    files["churn/decisions/0003-other.md"] = other
    return tree(tmp_path, files)


def test_an_id_that_two_files_claim_is_no_name(merged: Path) -> None:
    """Both files are named, so that a person can say which."""
    said = refused(command(merged, "renumber", "ADR-3", "12"), held(merged), merged, 1)
    assert (
        "is claimed by docs/churn/decisions/0003-logistic-regression.md and docs/churn/decisions/0003-other.md" in said
    )


def test_one_of_two_is_renumbered_by_its_path(merged: Path) -> None:
    """Its file and id, and what certainly means it; the rest is listed, and the ids are unique afterwards."""
    files = clean_log()
    (merged / "docs" / RISK).write_text(
        with_key(files, RISK, "decisions: [ADR-0003]\n")[RISK], encoding="utf-8", newline="\n"
    )
    before = held(merged)
    run = command(merged, "renumber", "docs/churn/decisions/0003-other.md", "12")
    assert run.code == 0, run.out + run.err
    after = held(merged)
    assert b"\nid: ADR-0012\n" in b"\n" + after["docs/churn/decisions/0012-other.md"]
    assert after["docs/guide.md"] == before["docs/guide.md"].replace(
        b"[ADR-3](churn/decisions/0003-other.md)", b"[ADR-12](churn/decisions/0012-other.md)"
    )
    assert after[f"docs/{REGRESSION}"] == before[f"docs/{REGRESSION}"]
    assert after[f"docs/{RISK}"] == before[f"docs/{RISK}"]
    risk = before[f"docs/{RISK}"].decode().split("\n").index("decisions: [ADR-0003]") + 1
    assert f"Not changed: docs/{RISK}:{risk}  ADR-0003  (two records had this id: which one is meant?)" in run.out
    assert [one for one in messages(check_tree(merged)) if one.startswith("id-unique")] == []


def test_an_old_failure_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """What blocked before blocks after, on the record itself and on others."""
    files = with_key(clean_log(), BATCH, "relates: [ADR-77]\n")
    files = with_key(files, RISK, "decisions: [ADR-0002, ADR-78]\n")
    root = tree(tmp_path, files)
    before = messages(check_tree(root))
    assert len(before) == 2
    assert command(root, "renumber", "ADR-2", "12").code == 0
    assert [one.replace("0012-", "0002-") for one in messages(check_tree(root))] == before


def test_a_reference_that_nobody_can_mend_stops_all(tmp_path: Path) -> None:
    """An id that is written with an escape would be left behind: nothing is written, and the file is named."""
    files = with_key(clean_log(), RISK, 'decisions: ["ADR\\u002d0002"]\n')
    root = tree(tmp_path, files)
    assert check_tree(root).passed
    said = refused(command(root, "renumber", "ADR-2", "12"), held(root), root, 3)
    assert f"docs/{RISK} would not name ADR-12 where it names ADR-2; nothing was written" in said


def test_line_ends_marks_and_odd_names_survive(tmp_path: Path) -> None:
    """A file name in another alphabet, a byte order mark, CRLF."""
    files = clean_log()
    files["churn/decisions/0002-größe.md"] = files.pop(BATCH)
    files["guide.md"] = "[a](churn/decisions/0002-gr%C3%B6%C3%9Fe.md) [b](churn/decisions/0002-größe.md)\n"
    root = tree(tmp_path, files)
    guide = root / "docs/guide.md"
    guide.write_bytes(b"\xef\xbb\xbf" + guide.read_bytes().replace(b"\n", b"\r\n"))
    before = guide.read_bytes()
    assert command(root, "renumber", "ADR-2", "12").code == 0
    assert guide.read_bytes() == before.replace(b"0002", b"0012")
    assert (root / "docs/churn/decisions/0012-größe.md").exists()
    assert not beside(guide).exists()
