"""`gatepost check`: what it prints, what it selects, how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commands import command
from trees import clean_log, edited, git, write_tree

FOLLOW_UP = "churn/follow-ups/0001-switch-off-service.md"


def without_owner() -> dict[str, str]:
    """Give the clean log with a follow-up that nobody owns."""
    return edited(clean_log(), FOLLOW_UP, "owner: sre-oncall\n", "")


def test_a_log_that_meets_every_gate_ends_with_0_and_three_lines_of_facts(tmp_path: Path) -> None:
    """Where nothing is to be mended, only states and numbers are printed."""
    run = command(write_tree(tmp_path, clean_log()), "check")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[0].startswith("CLEAR      churn, ")
    assert "Looked at 11 records (4 decisions, 2 risks, 1 follow-up, 1 design, 1 pipeline, 1\n" in run.out
    assert "could not read 0; " in run.out
    assert run.out.endswith("Gates met on 2026-11-23.\n")


def test_a_finding_has_place_effect_gate_message_and_hint(tmp_path: Path) -> None:
    """A gate that blocks and is not met ends with 1, and its finding says where, what and how to mend it."""
    run = command(write_tree(tmp_path, without_owner()), "check")
    assert run.code == 1
    assert (
        "FU-0001  Switch off the online service\n"
        "docs/churn/follow-ups/0001-switch-off-service.md:1:1\n"
        "    BLOCK  follow-ups-accountable  owner is missing\n"
        "    hint: "
    ) in run.out
    assert "FAILING    churn, " in run.out
    assert run.out.endswith("Gates not met on 2026-11-23.\n")


def test_a_decision_that_fails_because_of_another_record_says_which(tmp_path: Path) -> None:
    """One cause has one finding; what follows from it is listed with the cause's id."""
    run = command(write_tree(tmp_path, without_owner()), "check")
    assert "ADR-0002  BLOCK  follow-ups-accountable  not met because it is not met on" in run.out
    assert "1 blocking" in " ".join(run.out.split())


def test_a_record_that_cannot_be_read_fails_the_check(tmp_path: Path) -> None:
    """An unread record is a finding and is counted; the gates that were not asked are muted."""
    files = edited(clean_log(), RISK_FILE, "status: accepted", "status: acepted")
    run = command(write_tree(tmp_path, files), "check")
    text = " ".join(run.out.split())
    assert run.code == 1
    assert "status is 'acepted' hint: did you mean accepted?" in text
    assert "could not read 1;" in text
    assert " 0 muted" not in text


RISK_FILE = next(path for path in clean_log() if path.startswith("churn/risks/0002"))


def test_a_design_that_must_stop_is_named_with_its_cause(tmp_path: Path) -> None:
    """A stop gate that is not met marks the design STOPPED, by gate and record, in text and in annotations."""
    files = edited(clean_log(), "churn/pipeline.md", "  environment: requirements.lock\n", "")
    root = write_tree(tmp_path, files)
    run = command(root, "check")
    assert run.code == 1
    assert "\nSTOPPED    churn, " in run.out
    assert "(stages-reproducible on churn/pipeline)" in " ".join(run.out.split())
    annotated = command(root, "check", "--format", "github").out
    assert "::error title=STOPPED%3A churn::" in annotated


def test_what_a_waiver_sets_aside_is_no_cause_of_a_stop(tmp_path: Path) -> None:
    """The cause that is named with STOPPED is a gate that blocks, not one that is waived."""
    waiver = "waivers: [{gate: GP201, reason: soon, approved-by: Ana Ruiz, until: 2027-01-01}]\ntitle: "
    files = edited(clean_log(), "churn/pipeline.md", "  environment: requirements.lock\n", "")
    files = edited(files, "churn/pipeline.md", "\ntitle: ", f"\n{waiver}")
    assert "STOPPED" not in command(write_tree(tmp_path, files), "check").out
    (tmp_path / "docs/churn/pipeline.md").write_text(
        files["churn/pipeline.md"].replace("by: [ml-lead], ", ""), encoding="utf-8"
    )
    assert "(promotion-gated on churn/pipeline)" in " ".join(command(tmp_path, "check").out.split())


def test_the_worst_design_is_named_first(tmp_path: Path) -> None:
    """States are listed from the gravest to the mildest, whatever the designs are called."""
    calm = "---\nkind: design\ntitle: Calm\nowners: [x]\ntier: low\nscope: {in: [a b c], out: [d e f]}\nassumptions:\n"
    files = edited(clean_log(), "churn/pipeline.md", "  environment: requirements.lock\n", "")
    files["calm/index.md"] = f"{calm}  - {{text: one two three, check: look at it}}\n---\n"
    out = command(write_tree(tmp_path, files), "check", "--quiet").out
    assert out.index("STOPPED    churn") < out.index("CLEAR      calm")


def test_a_design_fails_because_of_a_record_of_another_design(tmp_path: Path) -> None:
    """Asking for one design does not make its decision pass whose risk nobody owns, wherever the risk is."""
    moved = {name.replace("churn/risks/0001", "other/risks/0001"): text for name, text in clean_log().items()}
    moved["other/index.md"] = "---\nkind: design\ntitle: Other\nowners: [x]\ntier: low\n---\n"
    path = next(name for name in moved if name.startswith("other/risks/"))
    root = write_tree(tmp_path, edited(moved, path, "owner: Ana Ruiz\n", ""))
    run = command(root, "check", "--design", "churn", "--gate", "risks-owned")
    assert "ADR-0002  BLOCK  risks-owned  not met because it is not met on RISK-0001" in run.out
    assert run.code == 1


def test_a_risk_above_the_threshold_is_escalated(tmp_path: Path) -> None:
    """An accepted risk above the tier's threshold marks the design ESCALATED."""
    files = edited(clean_log(), RISK_FILE, "likelihood: 2", "likelihood: 5")
    run = command(write_tree(tmp_path, files), "check")
    assert run.code == 1
    assert "\nESCALATED  churn, " in run.out


def test_no_line_of_text_is_wider_than_80_columns_unless_a_path_is(tmp_path: Path) -> None:
    """Messages are broken at 80 columns; a place in a file never is."""
    files = {
        name: text.replace("evidence:", "evidences:").replace("measured", "mesured")
        for name, text in clean_log().items()
    }
    run = command(write_tree(tmp_path, files), "check")
    assert run.code == 1
    assert [line for line in run.out.splitlines() if len(line) > 80] == []
    places = re.findall(r"^docs/\S+\.md:\d+:\d+(?=  |$)", run.out, re.MULTILINE)
    assert len(places) == len(re.findall(r"  BLOCK  [a-z-]+(?=  |$)", run.out, re.MULTILINE))


def test_a_gate_can_be_asked_for_alone_by_name_or_code(tmp_path: Path) -> None:
    """`--gate` leaves the other gates out of the findings, the numbers and the exit code."""
    root = write_tree(tmp_path, without_owner())
    assert command(root, "check", "--gate", "GP104").code == 0
    alone = command(root, "check", "--gate", "follow-ups-accountable")
    assert alone.code == 1
    assert "0 of 1 gate met" in " ".join(alone.out.split())


def test_a_record_that_cannot_be_read_is_shown_whatever_gate_is_asked_for(tmp_path: Path) -> None:
    """Asking for one gate never hides a file about which no gate can say anything."""
    files = edited(clean_log(), RISK_FILE, "status: accepted", "status: acepted")
    run = command(write_tree(tmp_path, files), "check", "--gate", "in-scope")
    assert run.code == 1
    assert "schema-valid" in run.out


def test_a_design_can_be_asked_for_alone(tmp_path: Path) -> None:
    """`--design` leaves the records of other designs out."""
    other = "---\nkind: design\ntitle: Other\nowners: [x]\ntier: low\n---\n"
    root = write_tree(tmp_path, {**clean_log(), "other/index.md": other})
    assert command(root, "check").code == 1
    assert command(root, "check", "--design", "churn").code == 0
    run = command(root, "check", "--design", "other")
    assert run.code == 1
    assert "Looked at 1 record (1 design)" in run.out


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--gate", "in-scop"), "there is no gate 'in-scop'; did you mean in-scope?"),
        (("--design", "chrn"), "there is no design 'chrn'; did you mean churn?"),
    ],
)
def test_an_unknown_name_is_wrong_usage_with_a_hint(tmp_path: Path, option: tuple[str, str], said: str) -> None:
    """A filter that names nothing is refused: a typing error must not pass for a met gate."""
    run = command(write_tree(tmp_path, clean_log()), "check", *option)
    assert run.code == 2
    assert said in run.err


def overdue(tmp_path: Path) -> Path:
    """Write the clean log; on 2028-01-01 what it promised is overdue, which is advice."""
    return write_tree(tmp_path, clean_log())


def test_advice_does_not_fail_unless_it_is_asked_to(tmp_path: Path) -> None:
    """`--fail-on` moves the line between 0 and 1, and the last line of output says so."""
    root = overdue(tmp_path)
    mild = command(root, "check", day="2028-01-01")
    strict = command(root, "check", "--fail-on", "advise", day="2028-01-01")
    assert "ADVICE" in mild.out
    assert (mild.code, strict.code) == (0, 1)
    assert mild.out.splitlines()[:-1] == strict.out.splitlines()[:-1]
    assert mild.out.endswith("\nNothing blocks on 2028-01-01.\n")
    number = mild.out.count("  ADVICE  ")
    assert strict.out.endswith(f"\nNothing blocks on 2028-01-01, but {number} findings fail: --fail-on advise.\n")


def test_open_items_of_a_proposed_decision_do_not_fail_unless_they_are_asked_to(tmp_path: Path) -> None:
    """What is open on a proposed decision is listed as OPEN and ends with 0."""
    path = "churn/decisions/0003-logistic-regression.md"
    files = edited(clean_log(), path, "status: accepted", "status: proposed")
    files = edited(files, path, "\ndomain: ", "\nx-domain: ")
    root = write_tree(tmp_path, files)
    run = command(root, "check")
    assert (run.code, command(root, "check", "--fail-on", "open").code) == (0, 1)
    assert "OPEN in-scope domain is missing" in " ".join(run.out.split())


def test_advice_can_be_left_out_and_is_counted_all_the_same(tmp_path: Path) -> None:
    """`--no-advice` hides the findings, not their number."""
    run = command(overdue(tmp_path), "check", "--no-advice", day="2028-01-01")
    assert "ADVICE" not in run.out
    assert " 0 advice" not in " ".join(run.out.split())


def test_quiet_prints_states_and_numbers_only(tmp_path: Path) -> None:
    """`--quiet` leaves the findings out, not the verdict."""
    run = command(write_tree(tmp_path, without_owner()), "check", "--quiet")
    assert run.code == 1
    assert run.out.startswith("FAILING    churn, ")
    assert "BLOCK" not in run.out


def test_a_waiver_is_listed_with_its_end(tmp_path: Path) -> None:
    """What is set aside is no finding; it is listed apart, with who approved it and until when."""
    waiver = (
        "waivers:\n  - {gate: follow-ups-accountable, reason: the team is being formed, approved-by: Ana Ruiz,"
        " until: 2026-12-31}\nid: FU-0001\n"
    )
    files = edited(without_owner(), FOLLOW_UP, "id: FU-0001\n", waiver)
    run = command(write_tree(tmp_path, files), "check")
    text = " ".join(run.out.split())
    assert "WAIVED until 2026-12-31 follow-ups-accountable on FU-0001, by Ana Ruiz: the team is being formed" in text
    assert " 0 waived" not in text


def test_what_could_not_be_decided_is_listed_with_the_reason(tmp_path: Path) -> None:
    """Without git, evidence cannot be looked up: unknown, with the reason, and not met."""
    run = command(write_tree(tmp_path, clean_log(), repository=False), "check")
    assert run.code == 0
    assert "UNKNOWN  evidence-backed  on ADR-000" in run.out


def test_output_goes_to_a_file_that_is_whole_or_not_there(tmp_path: Path) -> None:
    """`--output` prints nothing, replaces an older file and leaves nothing else behind."""
    root = write_tree(tmp_path, clean_log())
    (root / "out").mkdir()
    (root / "out" / "report.json").write_text("old", encoding="utf-8")
    run = command(root, "check", "--format", "json", "--output", "out/report.json")
    assert (run.code, run.out) == (0, "")
    assert json.loads((root / "out" / "report.json").read_text(encoding="utf-8"))["passed"] is True
    assert [file.name for file in (root / "out").iterdir()] == ["report.json"]


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """A folder in the place of the file ends with 3 and one line."""
    root = write_tree(tmp_path, clean_log())
    run = command(root, "check", "--output", "docs")
    assert run.code == 3
    assert run.err.startswith("gatepost: ")
    assert run.err.count("\n") == 1


def test_a_check_changes_nothing(tmp_path: Path) -> None:
    """After a check the repository is as it was."""
    root = write_tree(tmp_path, without_owner(), commit=True)
    command(root, "check")
    assert git(root, "status", "--porcelain") == ""
