"""What a change log tells, from real histories: each kind of event, and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.book import Book
from gatepost.book.history import NO_HISTORY, Commit
from gatepost.check import Report
from gatepost.check.event import Event
from gatepost.check.events import Chronicle, chronicle
from gatepost.check.gate_moves import GateMove
from gatepost.gates import GateSet
from trees import TODAY, check_tree, clean_log, commit_files, edited, git, with_key, write_tree

DECISION = "churn/decisions/0002-batch-scoring.md"
RISK = "churn/risks/0001-stale-scores.md"
FOLLOW_UP = "churn/follow-ups/0001-switch-off-service.md"
CONTRACT = "churn/pipeline.md"


def front(**fields: object) -> str:
    """Give a record of a few fields and a body."""
    lines = [f"{key.replace('_', '-')}: {value}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", "# Words", "", "Some words.", ""])


def decided(**fields: object) -> str:
    """Give a decision."""
    return front(**{"id": "ADR-0001", "title": "One", "status": "proposed", "date": "2026-11-05", **fields})


def risk(**fields: object) -> str:
    """Give a risk."""
    return front(**{"id": "RISK-0001", "title": "Late", "status": "open", "likelihood": 4, "impact": 3, **fields})


def owed(**fields: object) -> str:
    """Give a follow-up."""
    return front(**{"id": "FU-0001", "title": "Drill", "status": "open", "due": "2026-11-30", **fields})


def told(root: Path, *versions: Mapping[str, str | None]) -> Chronicle:
    """Commit versions of a tree one after the other and give what happened."""
    return chronicle(check_tree(commit_files(root, *versions)))


def place(text: str, number: int) -> str:
    """Give a path for a record, by its id."""
    kinds = {"ADR-": "decisions", "RISK-": "risks", "FU-": "follow-ups"}
    return f"{next((folder for prefix, folder in kinds.items() if prefix in text), 'other')}/{number:04d}-one.md"


def short(events: Iterable[Event]) -> list[tuple[str, str, str]]:
    """Give the kind of each event, and from what to what it led."""
    return [(one.kind, one.before, one.after) for one in events]


MOVES: list[tuple[str, str | None, tuple[str, str, str]]] = [
    (decided(), decided(status="accepted"), ("decided", "proposed", "accepted")),
    (decided(), decided(status="Accepted"), ("decided", "proposed", "accepted")),
    (decided(), decided(status="rejected"), ("decided", "proposed", "rejected")),
    (decided(status="accepted"), decided(status="deprecated"), ("deprecated", "accepted", "deprecated")),
    (
        decided(status="accepted"),
        decided(status="superseded by ADR-7"),
        ("superseded", "accepted", "superseded"),
    ),
    (decided(status="rejected"), decided(), ("proposed", "rejected", "proposed")),
    (decided(), decided(id="ADR-0009"), ("renumbered", "ADR-0001", "ADR-0009")),
    (decided(status="accepted"), None, ("removed", "accepted", "")),
    (risk(), risk(status="mitigated"), ("risk-mitigated", "open", "mitigated")),
    (risk(), risk(status="closed"), ("risk-closed", "open", "closed")),
    (risk(), risk(status="avoided"), ("risk-closed", "open", "avoided")),
    (risk(), risk(status="transferred"), ("risk-closed", "open", "transferred")),
    (risk(status="closed"), risk(), ("risk-reopened", "closed", "open")),
    (risk(), risk(status="accepted", accepted_by="Kim Lee"), ("risk-accepted", "open", "accepted")),
    (
        risk(status="accepted", accepted_by="Kim Lee"),
        risk(status="accepted", accepted_by="Kim Lee", impact=5),
        ("risk-accepted", "accepted", "accepted"),
    ),
    (owed(), owed(status="done", outcome="Done"), ("follow-up-done", "open", "done")),
    (owed(), owed(status="dropped", outcome="Not needed"), ("follow-up-dropped", "open", "dropped")),
    (owed(status="done", outcome="D"), owed(), ("follow-up-reopened", "done", "2026-11-30")),
    (owed(), owed(due="2026-12-14"), ("follow-up-pushed-back", "2026-11-30", "2026-12-14")),
]
BIRTHS: list[tuple[str, list[tuple[str, str, str]]]] = [
    (decided(), [("proposed", "", "proposed")]),
    (decided(status="accepted"), [("decided", "", "accepted")]),
    (decided(status="superseded", superseded_by="[ADR-2]"), [("superseded", "", "superseded")]),
    (risk(), [("risk-raised", "", "open")]),
    (
        risk(status="accepted", accepted_by="Kim Lee"),
        [("risk-raised", "", "accepted"), ("risk-accepted", "", "accepted")],
    ),
    (owed(), [("follow-up-added", "", "2026-11-30")]),
    (owed(status="done"), [("follow-up-added", "", "2026-11-30"), ("follow-up-done", "", "done")]),
    (front(kind="pipeline", stages="{}"), [("contract-added", "", "")]),
    (front(kind="policy"), [("policy-added", "", "")]),
    (front(kind="design", id="churn", title="Churn"), []),
    (front(title="A page"), []),
]
NOTHING: list[tuple[str, str]] = [
    (decided(), decided() + "More words.\n"),
    (decided(), decided(title="Another title")),
    (decided(), decided(id="ADR-1")),
    (decided(), decided(status="[odd]")),
    (decided(status="accepted"), decided(status="accepted", consulted="[Kim Lee]")),
    (risk(), risk(owner="Kim Lee")),
    (risk(), risk(likelihood=5)),
    (risk(status="accepted", accepted_by="Kim"), risk(status="accepted", accepted_by="Kim", owner="Tom")),
    (owed(), owed(status="in-progress")),
    (owed(), owed(due="2026-11-20")),
    (owed(), owed(due="soon")),
    (owed(status="done", due="2026-11-30"), owed(status="done", due="2026-12-30")),
]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Event]]:
    """Give what happened in the second of two commits, by path: each case is a record of its own."""
    cases = [(one, two) for one, two, _ in MOVES] + [*NOTHING]
    before, after = {}, {}
    for number, (one, two) in enumerate(cases, 1):
        path = f"docs/{place(one, number)}"
        before[path] = numbered(one, number)
        after[path] = None if two is None else numbered(two, number)
    root = tmp_path_factory.mktemp("moved")
    versions = [{path.removeprefix("docs/"): text for path, text in side.items()} for side in (before, after)]
    events = told(root, *versions).events
    last = git(root, "rev-parse", "HEAD").strip()
    return {path: [one for one in events if one.path == path and one.commit.id == last] for path in before}


def numbered(text: str, number: int) -> str:
    """Give a record a number of its own."""
    return re.sub(r"^id: ([A-Z]+)-0*1$", rf"id: \1-{number:04d}", text, flags=re.MULTILINE)


@pytest.mark.parametrize("number", range(1, len(MOVES) + 1))
def test_a_step_is_told_as_what_it_means(moved: dict[str, list[Event]], number: int) -> None:
    """Each move of a record is one event with what it was and what it is."""
    before, _, expected = MOVES[number - 1]

    assert [numbered_as_one(one, number) for one in short(moved[f"docs/{place(before, number)}"])] == [expected]


def numbered_as_one(event: tuple[str, str, str], number: int) -> tuple[str, ...]:
    """Give an event as the case has it, which is written for the number one."""
    return tuple(one.replace(f"-{number:04d}", "-0001") for one in event)


@pytest.mark.parametrize("number", range(len(MOVES) + 1, len(MOVES) + len(NOTHING) + 1))
def test_what_moves_nothing_is_no_event(moved: dict[str, list[Event]], number: int) -> None:
    """Words of the body and minor fields are no news."""
    before, _ = NOTHING[number - len(MOVES) - 1]

    assert moved[f"docs/{place(before, number)}"] == []


@pytest.fixture(scope="module")
def born(tmp_path_factory: pytest.TempPathFactory) -> tuple[Event, ...]:
    """Give what happened in a single commit of many records."""
    files = {place(text, number): numbered(text, number) for number, (text, _) in enumerate(BIRTHS, 1)}
    return told(tmp_path_factory.mktemp("born"), files).events


@pytest.mark.parametrize("number", range(1, len(BIRTHS) + 1))
def test_a_birth_is_told_with_where_the_record_stands(born: tuple[Event, ...], number: int) -> None:
    """A record that comes as accepted was decided on that day; one that comes as proposed was proposed."""
    text, expected = BIRTHS[number - 1]

    assert short([one for one in born if one.path == f"docs/{place(text, number)}"]) == expected


def test_an_event_says_who_and_how_much(tmp_path: Path) -> None:
    """A decision names who decided, an accepted risk who accepted what exposure, a supersession the successor."""
    events = told(
        tmp_path,
        {
            "a.md": decided(kind="decision", status="accepted", decision_makers="[Ana Ruiz, Tom Berg]"),
            "b.md": risk(
                kind="risk", status="accepted", accepted_by="Kim Lee", residual_likelihood=2, residual_impact=3
            ),
        },
        {"a.md": decided(kind="decision", status="superseded by ADR-7 and ADR-8")},
    ).events

    assert [(one.kind, one.by, one.exposure) for one in events] == [
        ("superseded", ("ADR-7", "ADR-8"), None),
        ("decided", ("Ana Ruiz", "Tom Berg"), None),
        ("risk-raised", (), 6),
        ("risk-accepted", ("Kim Lee",), 6),
    ]


def test_an_amendment_says_by_whom_and_why(tmp_path: Path) -> None:
    """A recorded amendment is an event of its own, with its latest entry."""
    amended = with_key(
        clean_log(), DECISION, "amendments:\n  - {date: 2026-11-20, by: Ana Ruiz, reason: The wrong table was named}"
    )

    event = told(tmp_path, clean_log(), amended).events[0]

    assert (event.kind, event.by, event.reason) == ("amended", ("Ana Ruiz",), "The wrong table was named")
    assert (event.record.id, event.record.design, event.record.path) == ("ADR-0002", "churn", f"docs/{DECISION}")


def test_a_contract_and_a_policy_say_what_changed(tmp_path: Path) -> None:
    """A contract whose frontmatter changed is news, with the keys that did; one whose words changed is not."""
    log = clean_log()
    words = {CONTRACT: f"{log[CONTRACT]}\nMore words.\n", "policy.md": f"{log['policy.md']}\nMore.\n"}
    contract = {CONTRACT: with_key({CONTRACT: log[CONTRACT]}, CONTRACT, "owner: Somebody else")[CONTRACT]}
    policy = with_key({"policy.md": log["policy.md"]}, "policy.md", "unknown: block")

    events = told(tmp_path, log, words, contract, policy).events

    assert [(one.kind, one.fields, one.record.id) for one in events[:2]] == [
        ("policy-changed", ("unknown",), "policy"),
        ("contract-changed", ("owner",), "churn/pipeline"),
    ]
    assert events[2].kind in {"decided", "superseded"}


def test_what_was_removed_is_told_with_its_last_name(tmp_path: Path) -> None:
    """A record that is gone keeps its events, its id, its title and its design."""
    chronicle_ = told(tmp_path, clean_log(), {FOLLOW_UP: None})
    gone = [one for one in chronicle_.events if one.record.is_gone]

    assert [one.kind for one in gone] == ["removed", "follow-up-added"]
    assert {(one.record.id, one.record.design) for one in gone} == {("FU-0001", "churn")}
    assert all(one.record.title for one in gone)


def test_what_comes_back_is_told(tmp_path: Path) -> None:
    """A record that was deleted and brought back was removed and restored, and was not proposed twice."""
    path = "decisions/0001-one.md"

    events = told(tmp_path, {path: decided()}, {path: None}, {path: decided()}).events

    assert short(events) == [("restored", "", "proposed"), ("removed", "proposed", ""), ("proposed", "", "proposed")]
    assert not any(one.record.is_gone for one in events)


def test_a_version_that_cannot_be_read_hides_no_move(tmp_path: Path) -> None:
    """A move is told when the record can be read again, against the last version that could."""
    path = "decisions/0001-one.md"
    broken = "---\nid: ADR-0001\nstatus: [\n---\n"

    events = told(tmp_path, {path: decided()}, {path: broken}, {path: decided(status="accepted")}).events

    assert short(events) == [("decided", "proposed", "accepted"), ("proposed", "", "proposed")]


def test_changes_that_are_not_committed_are_no_events(tmp_path: Path) -> None:
    """What is only on disk has not happened yet, be it an edit, a new record or a deletion."""
    commit_files(tmp_path, clean_log())
    before = chronicle(check_tree(tmp_path))
    changed = edited(clean_log(), DECISION, "status: accepted", "status: deprecated")
    write_tree(tmp_path, {DECISION: changed[DECISION], "decisions/0009-nine.md": decided(id="ADR-9")}, repository=False)
    (tmp_path / "docs" / FOLLOW_UP).unlink()

    after = chronicle(check_tree(tmp_path))

    assert [(one.kind, one.path, one.commit) for one in after.events] == [
        (one.kind, one.path, one.commit) for one in before.events
    ]


def test_a_merge_is_told_once_with_who_made_it_on_the_branch(tmp_path: Path) -> None:
    """What a branch brought happened on the day of the merge; its author is the one who wrote it."""
    path = "decisions/0001-one.md"
    commit_files(tmp_path, {path: decided()})
    git(tmp_path, "switch", "--quiet", "--create", "work")
    commit_files(tmp_path, {path: decided(status="accepted")}, author="Kim Lee")
    git(tmp_path, "switch", "--quiet", "main")
    git(tmp_path, "merge", "--quiet", "--no-ff", "--message", "Merge work", "work")

    event, *rest = chronicle(check_tree(tmp_path)).events

    assert (event.kind, event.author, event.commit.subject) == ("decided", "Kim Lee", "Merge work")
    assert short(rest) == [("proposed", "", "proposed")]


def test_the_newest_are_given_and_the_older_counted(tmp_path: Path) -> None:
    """A bound leaves the oldest out, and says how many changes were not looked at."""
    path = "decisions/0001-one.md"
    turns = [{path: decided(status=one)} for one in ("proposed", "accepted", "deprecated", "superseded")]
    report = check_tree(commit_files(tmp_path, *turns))

    bounded, whole = chronicle(report, most=3), chronicle(report)

    assert (short(bounded.events), bounded.older) == (short(whole.events[:3]), 1)
    assert (len(whole.events), whole.older) == (4, 0)


def test_a_long_run_of_small_edits_does_not_hide_what_is_certain(tmp_path: Path) -> None:
    """Steps that only their versions could tell are looked at for a while; those that surely moved are found behind."""
    path = "follow-ups/0001-one.md"
    edits = [{path: owed() + f"Edit {number}.\n"} for number in range(6)]
    report = check_tree(commit_files(tmp_path, {path: owed()}, *edits))

    bounded = chronicle(report, most=1)

    assert (short(bounded.events), bounded.older) == ([("follow-up-added", "", "2026-11-30")], 2)
    assert chronicle(report) == Chronicle(bounded.events, 0, bounded.first)


def test_days_run_backwards_whatever_the_clocks_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events come by day, newest first, also when a commit is dated before the one that it follows."""
    for number, day in enumerate(("2026-11-05", "2026-11-09", "2026-11-07"), 1):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+01:00")
        commit_files(tmp_path, {f"decisions/000{number}-x.md": decided(id=f"ADR-{number}")})

    days = [one.day for one in chronicle(check_tree(tmp_path)).events]

    assert days == ["2026-11-09", "2026-11-07", "2026-11-05"]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("pass", "fail", ["gate-failing"]),
        ("pass", "error", ["gate-failing"]),
        ("fail", "pass", ["gate-met"]),
        ("unknown", "pass", ["gate-met"]),
        ("pass", "waived", []),
        ("fail", "error", []),
    ],
)
def test_moves_of_gates_are_told_among_the_others(tmp_path: Path, before: str, after: str, kinds: list[str]) -> None:
    """A gate that a commit made fail or hold is an event of that commit; one that was set aside is none."""
    report = check_tree(commit_files(tmp_path, clean_log()))
    commit = chronicle(report).events[0].commit
    move = GateMove(commit.day, commit, "ADR-2", "evidence-backed", before, after)  # type: ignore[arg-type]

    found = [one for one in chronicle(report, [move]).events if one.gate]

    assert [one.kind for one in found] == kinds
    assert {(one.record.id, one.record.title, one.gate) for one in found} == (
        {("ADR-0002", "Score customers in a weekly batch", "evidence-backed")} if kinds else set()
    )


def test_a_gate_moves_also_on_a_record_that_is_gone(tmp_path: Path) -> None:
    """The move of a gate on a record that nobody knows any more is told under its id."""
    commit = Commit("a" * 40, "Ana", "2026-11-05T10:00:00Z", "One")
    report = check_tree(commit_files(tmp_path, {}))

    [event] = chronicle(report, [GateMove(commit.day, commit, "ADR-0099", "in-scope", "pass", "fail")]).events

    assert (event.record.id, event.record.is_gone) == ("ADR-0099", True)


@pytest.mark.parametrize("commits", [0, 1])
def test_a_log_without_records_has_no_events(tmp_path: Path, commits: int) -> None:
    """An empty repository and one without records have nothing to tell."""
    write_tree(tmp_path, {}, commit=bool(commits))

    assert chronicle(check_tree(tmp_path)) == Chronicle(())


def test_no_history_is_no_events(tmp_path: Path) -> None:
    """Where the history is not known nothing is told, rather than that everything is new."""
    write_tree(tmp_path, clean_log(), repository=False)

    assert chronicle(check_tree(tmp_path)).events == ()


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Give the report of a log with a few commits, a record that is gone among them."""
    log = clean_log()
    changed = edited(log, DECISION, "status: accepted", "status: deprecated")
    return check_tree(commit_files(tmp_path_factory.mktemp("lively"), log, changed, {FOLLOW_UP: None, RISK: None}))


@settings(max_examples=30)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_files_never_matters(lively: Report, order: object) -> None:
    """The same log read in another order gives the same events in the same order."""
    entries = list(lively.book.entries)
    order.shuffle(entries)  # type: ignore[attr-defined]
    book = Book(entries, files=lively.book.files, docs=lively.book.docs)
    other = Report(book, lively.gates, lively.today, (), history=lively.history)

    assert chronicle(other) == chronicle(lively)


def test_a_report_without_history_tells_nothing() -> None:
    """A book that came without a history has no events."""
    report = Report(Book(()), GateSet(()), TODAY, (), history=NO_HISTORY)

    assert chronicle(report) == Chronicle(())
