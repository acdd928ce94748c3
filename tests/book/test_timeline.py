"""A history as a reader goes through it: what each step did, against what was there before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatepost.book.history import RecordHistory
from gatepost.book.timeline import timeline
from gatepost.book.version import Version
from lives import life, lost, step, version

PROPOSED = version({"status": "proposed", "owner": "Ana"})
ACCEPTED = version({"status": "accepted", "owner": "Ana"})


def events(*versions: Version | None, whole: bool = True) -> list[str]:
    """Give what each step did, the oldest first."""
    return [moment.event for moment in reversed(timeline(life(*versions), whole=whole))]


def test_the_newest_step_comes_first_with_what_it_changed() -> None:
    """The first version is added, the next one tells how the status moved and where the record stands."""
    newest, oldest = timeline(life(PROPOSED, ACCEPTED))
    assert (newest.event, newest.stands, oldest.event, oldest.stands) == ("changed", "accepted", "added", "proposed")
    assert newest.status is not None
    assert (newest.status.before, newest.status.after) == ("proposed", "accepted")
    assert oldest.changes == ()


def test_where_the_history_is_cut_nothing_is_said_to_be_added() -> None:
    """A shallow clone begins with a version that is only the oldest known."""
    assert events(PROPOSED, ACCEPTED, whole=False) == ["known", "changed"]


def test_what_comes_back_is_compared_with_what_went() -> None:
    """A record that was removed and brought back with another status shows that."""
    moments = timeline(life(PROPOSED, None, ACCEPTED))
    assert [moment.event for moment in moments] == ["returned", "removed", "added"]
    assert [change.key for change in moments[0].changes] == ["status"]
    assert moments[1].stands == ""


def test_a_version_that_is_not_here_is_passed_over() -> None:
    """The next one is compared with the last that is known; without any it is the oldest known."""
    moments = timeline(life(PROPOSED, lost(), ACCEPTED))
    assert [moment.event for moment in moments] == ["changed", "lost", "added"]
    assert [change.key for change in moments[0].changes] == ["status"]
    assert events(lost(), ACCEPTED) == ["lost", "known"]


def test_a_page_that_became_a_record_says_so_once() -> None:
    """That a page was no record is told by its kind, not as a record that could not be read."""
    page = Version("page", "", PROPOSED.path, {}, {}, "it is a page, no record")
    first = RecordHistory((step(0, page)._replace(facts=None), step(1, PROPOSED)))
    assert [change.kind for change in timeline(first)[0].changes] == ["kind", "renumbered"]


def test_each_version_is_read_once() -> None:
    """Reading costs: no version is asked for twice, and a lone one, which nothing is compared with, not at all."""
    asked: list[int] = []

    def counted(*versions: Version | None) -> RecordHistory:
        return RecordHistory(
            tuple(
                one._replace(read=lambda one=one: (asked.append(one.number), one.read())[1])
                for one in life(*versions).steps
            )
        )

    timeline(counted(PROPOSED))
    assert asked == []
    timeline(counted(PROPOSED, ACCEPTED, None, PROPOSED))
    assert asked == [0, 1, 3]


@given(st.lists(st.sampled_from([PROPOSED, ACCEPTED, None]), min_size=1, max_size=8).filter(lambda one: one[0]))
def test_the_moves_of_the_status_lead_from_the_first_to_the_last(versions: list[Version | None]) -> None:
    """Following the moves from the oldest step on gives where the record stands, whatever went and came back."""
    moments = timeline(life(*versions))
    assert len(moments) == len(versions)
    stands = "proposed" if versions[0] is PROPOSED else "accepted"
    for moment in reversed(moments):
        if moment.status:
            assert moment.status.before == stands
            stands = moment.status.after
    last = next(one for one in reversed(versions) if one is not None)
    assert stands == last.fields["status"]
