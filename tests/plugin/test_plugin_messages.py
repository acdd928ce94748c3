"""What a build says: every finding, once, at the right level, and what --strict makes of it."""

from __future__ import annotations

import logging
from pathlib import Path

from builds import DECISION, build, decision, project

from gatepost.check import check_book, read_project
from gatepost.gates import GATES, Because, Gate
from gatepost.mkdocs_plugin.messages import lines_of
from gatepost.sources import find_project
from trees import TODAY, clean_log, edited

RISK = "churn/risks/0001-stale-scores.md"


def test_a_clean_log_passes_a_strict_build(tmp_path: Path) -> None:
    """A log without findings builds under --strict, and says how many records it holds."""
    built = build(project(tmp_path), "--strict")

    assert built.warnings == []
    assert built.code == 0
    assert built.notes == ["11 records, 0 gates not met (0 blocking), 0 could not be read"]


def test_a_blocking_finding_fails_a_strict_build(tmp_path: Path) -> None:
    """One finding that blocks is one warning, which --strict counts."""
    files = edited(clean_log(), DECISION, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-0001, RISK-0002, RISK-0009]")
    root = project(tmp_path, files)

    strict, lax = build(root, "--strict"), build(root)

    assert len(strict.warnings) == 1
    assert "Aborted with 1 warnings in strict mode!" in strict.log
    assert (strict.code, lax.code) == (1, 0)
    assert strict.warnings == lax.warnings


def test_a_quiet_strict_build_fails_on_what_it_does_not_say(tmp_path: Path) -> None:
    """MkDocs counts no warning that --quiet silences: the build fails all the same, and says in one line why."""
    files = edited(clean_log(), DECISION, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-0001, RISK-0002, RISK-0009]")
    root = project(tmp_path, files)

    strict, lax = build(root, "--strict", "--quiet"), build(root, "--quiet")
    honest = build(project(tmp_path / "honest"), "--strict", "--quiet")

    assert (strict.code, lax.code, honest.code) == (1, 0, 0)
    assert "gatepost: 1 warning is hidden by --quiet, and --strict would count it: build without --quiet" in strict.log
    assert (lax.log, honest.log) == ("", "")


def test_a_finding_says_where_what_and_how_to_mend_it(tmp_path: Path) -> None:
    """A finding is one line: path from the root of the repository, line, column, gate, message, hint."""
    files = edited(clean_log(), RISK, "owner: ", "x-owner: ")

    built = build(project(tmp_path, files))

    assert built.warnings == [
        f"gatepost: docs/{RISK}:1:1 risks-owned owner is missing (add `owner:`: name a person or team)",
    ]


def test_all_findings_come_in_one_run(tmp_path: Path) -> None:
    """A record that cannot be read hides none of the others."""
    files = {
        "decisions/0001-a.md": "---\nid: ADR-0001\nstatus: [\n---\n# A\n",
        "decisions/0002-b.md": decision(2, status="acepted"),
        "decisions/0003-c.md": "# No frontmatter\n",
        "decisions/0004-d.md": decision(4, relates="[ADR-0077]"),
    }

    built = build(project(tmp_path, files), "--strict")

    found = [line.split(" ")[1].split(":")[0] for line in built.warnings]
    assert found == [
        f"docs/decisions/000{number}-{name}.md" for number, name in ((1, "a"), (2, "b"), (3, "c"), (4, "d"))
    ]
    assert "Aborted with 4 warnings" in built.log
    assert built.notes[-1].endswith("3 could not be read")


def test_advice_is_said_and_not_counted(tmp_path: Path) -> None:
    """What the policy makes advice is a note, and a strict build passes."""
    files = edited(clean_log(), RISK, "owner: ", "x-owner: ")
    files = edited(files, "policy.md", "kind: policy\n", "kind: policy\nenforcement: {risks-owned: advise}\n")

    built = build(project(tmp_path, files), "--strict")

    assert (built.warnings, built.code) == ([], 0)
    assert any(note.startswith("docs/churn/risks/0001-stale-scores.md:1:1 risks-owned") for note in built.notes)


def test_what_is_open_on_a_proposal_is_said_and_not_counted(tmp_path: Path) -> None:
    """Quality gates that a proposed decision does not meet yet are notes."""
    files = {"decisions/0001-a.md": decision(1)}

    built = build(project(tmp_path, files), "--strict")

    assert (built.warnings, built.code) == ([], 0)
    assert any(" tradeoffs-evaluated " in note for note in built.notes)
    assert "(0 blocking)" in built.notes[-1]


def test_a_gate_that_blocks_is_never_silent(tmp_path: Path) -> None:
    """When a record blocks because of others that carry no finding that blocks, it is named itself."""
    shy = Gate(
        id="shy",
        code="X001",
        kind="quality",
        applies_to=frozenset({"decision"}),
        holds_when="Nobody knows.",
        check=lambda entry, _: Because(("RISK-0001",)) if entry.id == "ADR-0002" else (),
    )
    book = read_project(find_project(project(tmp_path)))

    lines = list(lines_of(check_book(book, TODAY, (*GATES, shy))))

    assert lines == [
        (logging.WARNING, f"docs/{DECISION}:1:1 shy not met because of RISK-0001 (mend what is found there)"),
    ]


def test_a_finding_is_one_line_whatever_the_record_holds(tmp_path: Path) -> None:
    """Line breaks and control characters of a value reach no log."""
    files = {"decisions/0001-a.md": decision(1, status='"acc\\n\\e[31mepted"')}

    built = build(project(tmp_path, files))

    assert len(built.warnings) == 1
    assert "\x1b" not in built.log
    assert "acc" in built.warnings[0]
    assert "epted" in built.warnings[0]


def test_a_finding_is_one_line_whatever_a_file_is_called(tmp_path: Path) -> None:
    """Control characters of a file's name reach no log either."""
    built = build(project(tmp_path, {"decisions/0001-a\x1b[31m\nb.md": decision(1, status="nonsense")}))

    assert [line.split(":")[0] for line in built.warnings] == ["gatepost"]
    assert built.warnings[0].startswith("gatepost: docs/decisions/0001-a [31m b.md:4:9 schema-valid")


def test_the_day_is_an_option(tmp_path: Path) -> None:
    """`as_of` decides the day, whatever SOURCE_DATE_EPOCH says."""
    early = build(project(tmp_path / "early", options="{as_of: 2026-11-23}"))
    late = build(project(tmp_path / "late", options="{as_of: 2031-01-01}"))

    assert not any("overdue" in note for note in early.notes)
    assert any(" nothing-overdue " in note for note in late.notes)


def test_a_day_that_is_none_is_a_configuration_error(tmp_path: Path) -> None:
    """`as_of` must be a day of the calendar."""
    built = build(project(tmp_path, options="{as_of: next week}"))

    assert built.code == 1
    assert "Expected a day like 2026-11-23, found 'next week'" in built.log


def test_an_unusable_clock_stops_the_build_without_a_traceback(tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH that is no number is an error in one line."""
    built = build(project(tmp_path), env={"SOURCE_DATE_EPOCH": "1795392000.5x"})

    assert built.code == 1
    assert "1795392000.5x" in built.log
    assert "Traceback" not in built.log


def test_switched_off_it_does_nothing(tmp_path: Path) -> None:
    """`enabled: false` checks nothing and adds nothing."""
    files = {"decisions/0001-a.md": decision(1, status="nonsense"), "index.md": "# Start\n"}

    built = build(project(tmp_path, files, options="{enabled: false}"), "--strict")

    assert built.code == 0
    assert built.notes == []
    assert "gate-matrix/index.html" not in built.pages


def test_what_cannot_be_decided_here_is_said_once(tmp_path: Path) -> None:
    """Without git, the gates that need it are counted in one note with the reason."""
    root = project(tmp_path)
    (root / ".git").rename(root / "no-git")

    built = build(root)

    assert built.warnings == []
