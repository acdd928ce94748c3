"""Two reports compared: what a change makes worse, better, or leaves as it is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comparisons import between, judged, logs, renamed, without, worse
from effort import examples
from gatepost.book import Entry
from gatepost.check.compare import Comparison, compare, fate_of
from gatepost.check.compare_ids import with_taken_ids
from trees import TODAY, clean_log, edited, with_key

Log = Mapping[str, str]
LOG = clean_log()
ONLINE = "churn/decisions/0001-online-scoring.md"
BATCH = "churn/decisions/0002-batch-scoring.md"
MODEL = "churn/decisions/0003-logistic-regression.md"
DAILY = "churn/decisions/0004-retrain-daily.md"
STALE = "churn/risks/0001-stale-scores.md"
TAMPERED = "churn/risks/0002-tampered-bundle.md"
SWITCH = "churn/follow-ups/0001-switch-off-service.md"
NO_OWNER = edited(LOG, SWITCH, "owner: sre-oncall\n", "")


def fates(comparison: Comparison) -> list[tuple[str, str]]:
    """Give what became of each record that is not what it was."""
    return [(pair.id, fate_of(pair)) for pair in comparison.changed]


def moves(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Give what became of gates."""
    return [(one.pair.id, one.gate.id, one.move) for one in comparison.moves]


def test_the_same_log_has_no_difference() -> None:
    """Nothing changed, nothing is said; old failures stay old."""
    assert between(LOG, LOG).is_empty
    assert between(NO_OWNER, NO_OWNER).is_empty
    assert worse(between(NO_OWNER, NO_OWNER)) == []
    assert [one[2] for one in moves(between(NO_OWNER, NO_OWNER))] == ["still-failing", "still-failing"]


def test_a_new_failure_and_what_follows_from_it_are_worse() -> None:
    """The record that lost its owner has a finding; the decision that fails because of it counts too."""
    found = between(LOG, NO_OWNER)
    assert worse(found) == [
        ("ADR-0002", "follow-ups-accountable", "block"),
        ("FU-0001", "follow-ups-accountable", "block"),
    ]
    assert [(one.because, one.finding is None) for one in found.worse] == [("FU-0001", True), ("", False)]
    assert moves(between(NO_OWNER, LOG)) == [
        ("ADR-0002", "follow-ups-accountable", "newly-met"),
        ("FU-0001", "follow-ups-accountable", "newly-met"),
    ]


def test_one_more_cause_is_worse_though_the_gate_failed_before() -> None:
    """A decision that leaves a second broken promise is worse, and one with the first alone is not."""
    second = LOG[SWITCH].replace("FU-0001", "FU-0002").replace("title: Switch", "title: Then switch")
    before = {**NO_OWNER, "churn/follow-ups/0002-more.md": second.replace("owner: sre-oncall\n", "")}
    after = edited(before, BATCH, "follow-ups: [FU-0001]", "follow-ups: [FU-0001, FU-0002]")
    found = between(edited(before, "churn/follow-ups/0002-more.md", "decisions: [ADR-0002]\n", ""), after)
    assert ("ADR-0002", "follow-ups-accountable", "FU-0002") in {
        (one.record.id, one.gate.id, one.because) for one in found.worse
    }


def test_a_deletion_that_breaks_links_elsewhere_counts() -> None:
    """The records that still name the one that is gone fail, though nobody touched them."""
    found = between(LOG, without(LOG, STALE))
    assert worse(found) == [("ADR-0002", "links-resolve", "block"), ("FU-0001", "links-resolve", "block")]
    assert fates(found) == [("RISK-0001", "removed")]
    assert found.exposure == (14, 8)


@pytest.mark.parametrize("path", [BATCH, STALE, SWITCH, TAMPERED, ONLINE])
def test_a_rename_wakes_nothing(path: str) -> None:
    """A file with its id in the frontmatter may be called anything; its old failures stay old."""
    before = edited(NO_OWNER, STALE, "owner: Ana Ruiz\n", "")
    folder = path.rpartition("/")[0]
    found = between(before, renamed(before, path, f"{folder}/0099-other.md"))
    assert worse(found) == []
    assert [fate for _, fate in fates(found)] == ["moved"]


def test_a_renumbered_record_is_the_same_record() -> None:
    """A record that took another id, and whose references were mended, brings its old failures along."""
    after = renamed(
        {path: text.replace("FU-0001", "FU-0007") for path, text in NO_OWNER.items()},
        SWITCH,
        "churn/follow-ups/0007-off.md",
    )
    found = between(NO_OWNER, after)
    assert worse(found) == []
    assert ("FU-0007", "renumbered") in fates(found)


def test_a_file_that_cannot_be_read_is_followed_by_its_text() -> None:
    """Even a file without any id that is a failure under one name is the same failure under another."""
    before = {**LOG, "churn/decisions/notes.md": "no frontmatter"}
    found = between(before, renamed(before, "churn/decisions/notes.md", "churn/decisions/remarks.md"))
    assert worse(found) == []
    assert found.of_move("still-failing")[0].pair.path == "docs/churn/decisions/remarks.md"


def test_a_record_that_becomes_unreadable_is_worse_and_says_why() -> None:
    """No field seems to be gone; the reason is the change."""
    found = between(LOG, edited(LOG, BATCH, "status: accepted", "status: acceptd"))
    assert ("ADR-0002", "schema-valid", "block") in worse(found)
    (change,) = next(pair for pair in found.changed if pair.id == "ADR-0002").changes
    assert (change.kind, change.after) == ("unreadable", "status is 'acceptd'")


def test_an_item_put_before_others_makes_nothing_new_of_them() -> None:
    """The place in a list is no part of what is wrong: one new option leaves the failure of the next an old one."""
    before = edited(LOG, BATCH, "operability: 2, maintainability: 3, ", "operability: 2, ")
    third = "  - {name: nothing, security: 1, performance: 1, operability: 1, maintainability: 1, notes: none}\n"
    after = edited(before, BATCH, "options:\n", f"options:\n{third}")
    assert [one.gate.id for one in between(before, after).still] == ["tradeoffs-evaluated"]
    assert worse(between(before, after)) == []


def test_the_same_failure_twice_counts_twice() -> None:
    """A second gap of the same kind is new, whatever the first one is."""
    first = {**LOG, DAILY: f"{LOG[DAILY]}\n[one](missing.md)\n"}
    second = {**LOG, DAILY: f"{LOG[DAILY]}\n[one](missing.md) [two](missing.md)\n"}
    assert len({one.finding.fingerprint for one in between(LOG, second).worse}) == 1  # type: ignore[union-attr]
    assert len(between(LOG, second).worse) == 2
    assert len(between(first, second).worse) == 1
    assert len(between(second, first).gone) == 1


def test_accepting_with_gaps_is_worse() -> None:
    """What was open on a proposal blocks once the decision is accepted: it is the same finding, and it does more."""
    proposed = edited(NO_OWNER, BATCH, "status: accepted", "status: proposed")
    found = between(proposed, NO_OWNER)
    assert worse(found) == [("ADR-0002", "follow-ups-accountable", "block")]
    assert [one.was for one in found.worse] == ["open"]
    assert found.of_move("still-failing")[0].is_worse


def test_a_waiver_shows_and_makes_nothing_worse() -> None:
    """A gate that is set aside is neither met nor failing: it is waived, by whom and until when."""
    waiver = "waivers: [{gate: follow-ups-accountable, reason: asked, approved-by: Ana Ruiz, until: 2027-01-01}]"
    waived = with_key(NO_OWNER, SWITCH, waiver)
    found = between(NO_OWNER, waived)
    assert worse(found) == []
    assert {one[2] for one in moves(found)} == {"newly-waived"}
    assert {one.after.waiver.approved_by for one in found.of_move("newly-waived")} == {"Ana Ruiz"}  # type: ignore[union-attr]
    assert ("FU-0001", "follow-ups-accountable", "block") in worse(between(waived, NO_OWNER))


def test_a_weaker_policy_shows() -> None:
    """A gate that is turned off is not met: it is no longer asked, because the policy changed."""
    after = with_key(NO_OWNER, "policy.md", "enforcement: {follow-ups-accountable: 'off', GP106: advise}")
    found = between(NO_OWNER, after)
    assert {(one.gate.id, one.before, one.after, one.is_weaker) for one in found.enforcement} == {
        ("follow-ups-accountable", "block", "off", True),
        ("risks-owned", "block", "advise", True),
    }
    assert {one[2] for one in moves(found)} == {"no-longer-asked"}
    assert worse(between(after, NO_OWNER)) == [
        ("ADR-0002", "follow-ups-accountable", "block"),
        ("FU-0001", "follow-ups-accountable", "block"),
    ]


def test_an_accepted_risk_says_by_whom_and_how_much() -> None:
    """The exposure, the threshold of the tier, who accepted it, and whether that is within the policy."""
    before = edited(LOG, TAMPERED, "status: accepted", "status: open")
    after = edited(LOG, TAMPERED, "likelihood: 2", "likelihood: 3")
    (move,) = between(before, after).risks
    assert move.exposures == (8, 12)
    assert move.accepted is not None
    assert (move.accepted.by, move.accepted.threshold, move.accepted.within_policy) == ("Ana Ruiz", 9, "fail")
    assert between(before, LOG).risks[0].accepted.within_policy == "pass"  # type: ignore[union-attr]
    assert between(before, after).exposure == (14, 18)


@pytest.mark.parametrize(
    ("old", "new", "move", "days"),
    [
        ("due: 2027-02-01", "due: 2027-03-01", "pushed-back", 28),
        ("due: 2027-02-01", "due: 2027-01-31", "brought-forward", 1),
        ("status: open", "status: done\noutcome: It is off", "done", 0),
        ("status: open", "status: dropped\noutcome: Not needed", "dropped", 0),
    ],
)
def test_a_follow_up_says_what_became_of_it(old: str, new: str, move: str, days: int) -> None:
    """Done, dropped, put off by so many days, brought forward."""
    (found,) = between(LOG, edited(LOG, SWITCH, old, new)).follow_ups
    assert (found.move, found.days) == (move, days)


def test_a_follow_up_comes_goes_and_becomes_overdue() -> None:
    """One that is new is added; one that is deleted while it is owed is removed; an earlier date can be overdue."""
    assert [one.move for one in between(without(LOG, SWITCH), LOG).follow_ups] == ["added"]
    assert [one.move for one in between(LOG, without(LOG, SWITCH)).follow_ups] == ["removed"]
    late = between(LOG, edited(LOG, SWITCH, "due: 2027-02-01", "due: 2026-11-20")).follow_ups
    assert [(one.move, one.days) for one in late] == [("brought-forward", 73), ("newly-overdue", 3)]


def test_two_reports_of_different_days_are_not_compared() -> None:
    """Time alone is no difference that anybody made."""
    with pytest.raises(ValueError, match="judged on"):
        compare(judged(LOG), judged(LOG, TODAY + dt.timedelta(days=1)))


def test_a_part_is_about_some_designs() -> None:
    """What belongs to another design is left out, the policy never."""
    weaker = with_key(without(LOG, STALE), "policy.md", "warn-days: 5")
    found = between(LOG, weaker).only(frozenset({"none"}))
    assert [pair.id for pair in found.changed] == ["policy"]
    assert found.exposure == (0, 0)
    assert len(between(LOG, weaker).only(frozenset({"churn"})).changed) == 2


def test_an_id_that_the_tip_took_meanwhile_is_found() -> None:
    """Two branches gave one number: the one that comes second is told the next that is free on both."""
    mine = {
        **LOG,
        "churn/decisions/0005-mine.md": LOG[DAILY].replace("ADR-0004", "ADR-0005").replace("Retrain", "Mine"),
    }
    theirs = {
        **LOG,
        "churn/decisions/0005-theirs.md": LOG[DAILY].replace("ADR-0004", "ADR-5").replace("Retrain", "Theirs"),
    }
    theirs["churn/decisions/0008-more.md"] = LOG[DAILY].replace("ADR-0004", "ADR-0008").replace("Retrain", "More")
    base, tip = judged(LOG).book, judged(theirs).book
    report = with_taken_ids(judged(mine), base, tip, "main")
    (finding,) = report.findings
    assert finding.message == "main took the id ADR-0005 in the meantime: docs/churn/decisions/0005-theirs.md"
    assert (finding.hint, finding.effect, finding.field) == ("gatepost renumber ADR-0005 ADR-0009", "block", "id")
    assert not report.passed
    assert with_taken_ids(judged(LOG), base, tip, "main").passed
    assert with_taken_ids(judged(theirs), base, tip, "main").passed
    off = judged(with_key(mine, "policy.md", "enforcement: {id-unique: 'off'}"))
    assert with_taken_ids(off, base, tip, "main") is off


def test_an_item_that_the_tip_took_meanwhile_is_found() -> None:
    """Items of checklists have numbers, too."""
    item = "  - {id: CHK-3, criterion: %s, command: make, expect: ok}\n---\n"
    mine, theirs = (
        edited(LOG, "churn/checklist.md", "verifies: [RISK-0002]\n---\n", f"verifies: [RISK-0002]\n{item % what}")
        for what in "ab"
    )
    report = with_taken_ids(judged(mine), judged(LOG).book, judged(theirs).book, "main")
    assert [(one.field, one.hint) for one in report.findings] == [
        ("items.2.id", "call it CHK-0004, and mend what names it")
    ]


def told(troubles: object) -> Counter[tuple[str, ...]]:
    """Give troubles as what can be compared: file's record, gate, field, message or cause."""
    return Counter(
        (
            one.record.entry.path,
            one.gate.id,
            one.finding.field if one.finding else "",
            one.finding.message if one.finding else one.because,
        )
        for one in troubles  # type: ignore[attr-defined]
    )


@settings(max_examples=examples(80), deadline=None)
@given(logs(), logs())
def test_a_comparison_mirrors(one: dict[str, str], two: dict[str, str]) -> None:
    """Read backwards, what came is gone, what was added is removed, and exposures change places."""
    forward, backward = between(one, two), between(two, one)
    assert told(t for t in forward.worse if t.was == "none") == told(backward.gone)
    assert forward.exposure == tuple(reversed(backward.exposure))
    assert forward.fates["added"] == backward.fates["removed"]
    assert len(forward.of_move("still-failing")) == len(backward.of_move("still-failing"))
    changed = [
        {repr(change.mirrored()) for change in pair.changes} for pair in forward.changed if pair.before and pair.after
    ]
    mirrored = [{repr(change) for change in pair.changes} for pair in backward.changed if pair.before and pair.after]
    assert sorted(map(sorted, changed)) == sorted(map(sorted, mirrored))


@settings(max_examples=examples(40), deadline=None)
@given(logs(), logs(), st.randoms(use_true_random=False))
def test_the_order_of_files_never_matters(one: dict[str, str], two: dict[str, str], random: object) -> None:
    """The same two logs, read in another order, give the same comparison; each with itself gives none."""
    assert between(one, one).is_empty
    shuffled = list(two.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    plain, other = between(one, two), between(one, dict(shuffled))
    assert told(plain.worse) == told(other.worse)
    assert told(plain.gone) == told(other.gone)
    assert fates(plain) == fates(other)
    assert moves(plain) == moves(other)


@settings(max_examples=examples(40), deadline=None)
@given(logs())
def test_a_waiver_never_adds_a_failure(log: dict[str, str]) -> None:
    """A sound waiver of a gate that is not met on a record makes nothing worse anywhere."""
    report = judged(log)
    assume("policy.md" in log)
    for record in report.records:
        if not isinstance(record.entry, Entry):
            continue
        for gate, outcome in record.outcomes.items():
            if (
                not outcome.is_failure
                or not outcome.findings
                or gate in {"id-unique", "waivers-sound", "risk-within-policy"}
            ):
                continue
            lines = f"waivers: [{{gate: {gate}, reason: known, approved-by: Ana Ruiz, until: 2027-01-01}}]"
            after = with_key(log, record.entry.path.removeprefix("docs/"), lines)
            assert [one for one in worse(between(log, after)) if one[2] == "block"] == []
