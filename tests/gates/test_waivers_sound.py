"""`waivers-sound`: who may set what aside, and until when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from trees import TODAY, checked, clean_log, edited, findings, messages, outcome, said, with_key

GATE = "waivers-sound"
ADR3 = "churn/decisions/0003-logistic-regression.md"
ADR4 = "churn/decisions/0004-retrain-daily.md"
RISK1 = "churn/risks/0001-stale-scores.md"
POLICY = "policy.md"


def waived(gate: str = "in-scope", by: str = "Ana Ruiz", until: object = "2026-12-31") -> str:
    """Give the lines of one waiver."""
    return f"waivers:\n  - gate: {gate}\n    reason: it was agreed\n    approved-by: {by}\n    until: {until}"


def unmet(waiver: str) -> dict[str, str]:
    """Give the clean log with ADR-0003 out of scope, and a waiver on it."""
    return with_key(with_key(clean_log(), ADR3, "domain: database"), ADR3, waiver)


@pytest.mark.parametrize("name", ["in-scope", "GP101", "gp101", "In-Scope"])
def test_a_gate_is_named_by_name_or_code(name: str, tmp_path: Path) -> None:
    """A sound waiver sets its gate aside: neither met nor failed, and shown with the waiver."""
    report = checked(tmp_path, unmet(waived(name)))
    assert report.passed
    assert messages(report) == []
    stands = outcome(report, "ADR-3", "in-scope")
    assert (stands.state, stands.effect) == ("waived", "none")
    assert [(record.id, gate.id) for record, gate, _ in report.waived] == [("ADR-0003", "in-scope")]


@pytest.mark.parametrize(
    ("day", "state"),
    [(dt.date(2026, 12, 31), "waived"), (dt.date(2027, 1, 1), "fail")],
    ids=["on the last day", "the day after"],
)
def test_a_waiver_holds_through_its_last_day(day: dt.date, state: str, tmp_path: Path) -> None:
    """An expired waiver is no waiver: the gate comes back by itself."""
    report = checked(tmp_path, unmet(waived()), day)
    assert outcome(report, "ADR-3", "in-scope").state == state
    assert report.passed == (state == "waived")


@pytest.mark.parametrize(("days", "sound"), [(90, True), (91, False)])
def test_a_waiver_may_run_as_long_as_the_policy_allows(days: int, sound: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """The longest run is a limit that may be reached."""
    report = checked(tmp_path, unmet(waived(until=TODAY + dt.timedelta(days=days))))
    assert (said(report, GATE) == []) == sound
    assert outcome(report, "ADR-3", "in-scope").state == ("waived" if sound else "fail")


@pytest.mark.parametrize("by", ["ana ruiz", "ANA RUIZ"])
def test_names_are_compared_without_regard_to_case(by: str, tmp_path: Path) -> None:
    """Ana Ruiz is ana ruiz."""
    assert said(checked(tmp_path, unmet(waived(by=by))), GATE) == []


@pytest.mark.parametrize("by", ["Eve Roth", "ml-lead", "Tom Berg"])
def test_a_waiver_by_somebody_who_may_not_sets_nothing_aside(by: str, tmp_path: Path) -> None:
    """Only a person with an approving role waives; the hint names those who may."""
    report = checked(tmp_path, unmet(waived(by=by)))
    (finding,) = findings(report, GATE)
    assert finding.message == f"{by} may not approve waivers"
    assert finding.hint == "who may: ml-lead (Ana Ruiz)"
    assert outcome(report, "ADR-3", "in-scope").state == "fail"


def test_without_a_policy_nobody_may_waive(tmp_path: Path) -> None:
    """The defaults let nobody set a gate aside."""
    files = unmet(waived())
    del files[POLICY]
    (finding,) = findings(checked(tmp_path, files), GATE)
    assert finding.hint == "who may: nobody, since the policy names no role"


@pytest.mark.parametrize("name", ["schema-valid", "id-unique", "waivers-sound", "risk-within-policy", "GP202"])
def test_some_gates_are_never_waived(name: str, tmp_path: Path) -> None:
    """Four gates by nature, others by the policy."""
    assert [one for one in said(checked(tmp_path, unmet(waived(name))), GATE) if "cannot be waived" in one]


def test_a_waiver_of_a_gate_that_is_met_is_a_finding(tmp_path: Path) -> None:
    """A waiver that has done its work must go."""
    report = checked(tmp_path, with_key(clean_log(), ADR3, waived()))
    assert said(report, GATE) == ["the waiver sets nothing aside: in-scope is met"]


def test_a_waiver_of_a_gate_that_does_not_apply_is_a_finding(tmp_path: Path) -> None:
    """A risk has no scope to waive."""
    report = checked(tmp_path, with_key(clean_log(), RISK1, waived()))
    assert said(report, GATE) == ["the waiver sets nothing aside: in-scope does not apply to this record"]


def test_an_expired_waiver_does_not_also_count_as_idle(tmp_path: Path) -> None:
    """What has expired is overdue, and told there."""
    report = checked(tmp_path, with_key(clean_log(), ADR3, waived(until="2026-11-01")))
    assert [(one.gate.id, one.effect) for one in report.findings] == [("nothing-overdue", "advise")]


def test_history_keeps_its_waivers(tmp_path: Path) -> None:
    """A rejected decision is left alone by quality gates, and its old waivers are no findings."""
    assert messages(checked(tmp_path, with_key(clean_log(), ADR4, waived()))) == []


def test_a_waiver_on_a_rejected_decision_still_sets_integrity_aside(tmp_path: Path) -> None:
    """History is held to integrity, so it can be waived there."""
    files = with_key(clean_log(), ADR4, "relates: [ADR-9]")
    report = checked(tmp_path, with_key(files, ADR4, waived("links-resolve")))
    assert report.passed
    assert outcome(report, "ADR-4", "links-resolve").state == "waived"


def test_a_waiver_on_a_risk_reaches_the_decisions_that_fail_because_of_it(tmp_path: Path) -> None:
    """A decision that is unmet only because of a waived risk is waived too, not failing without a finding."""
    files = edited(clean_log(), RISK1, "owner: Ana Ruiz\n", "")
    unwaived = checked(tmp_path, files)
    assert outcome(unwaived, "ADR-2", "risks-owned").because == ("RISK-0001",)
    report = checked(tmp_path, with_key(files, RISK1, waived("risks-owned")))
    assert report.passed
    assert outcome(report, "ADR-2", "risks-owned").state == "waived"


def test_a_waiver_on_one_of_two_risks_does_not(tmp_path: Path) -> None:
    """The decision stays unmet because of the other one."""
    files = edited(clean_log(), RISK1, "owner: Ana Ruiz\n", "")
    files = edited(files, "churn/risks/0002-tampered-bundle.md", "owner: sre-oncall\n", "")
    report = checked(tmp_path, with_key(files, RISK1, waived("risks-owned")))
    assert outcome(report, "ADR-2", "risks-owned").state == "fail"
    assert [one.record for one in report.blocking] == ["RISK-0002"]


def test_a_policy_that_cannot_be_read_takes_no_waiver_away(tmp_path: Path) -> None:
    """A mistake in the policy is one finding, not one on each record with a waiver."""
    report = checked(tmp_path, edited(unmet(waived()), POLICY, "max-days: 90", "max-days: ninety"))
    assert [one.path for one in report.findings] == ["docs/policy.md"]


def test_two_waivers_of_one_gate_do_not_make_the_second_idle(tmp_path: Path) -> None:
    """A renewal beside the old waiver is no finding."""
    twice = waived() + "\n" + waived().removeprefix("waivers:\n")
    assert messages(checked(tmp_path, unmet(twice))) == []
