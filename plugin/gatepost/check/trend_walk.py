"""Judging a log at one commit after the other: only what can stand otherwise than before is asked again.

A gate is a pure function of its record and of what it asks the book. So an outcome is kept while the record is the
same, no answer that its gates were given is another one, no day has passed that the record names, and the policy is
the same. Gates of other packages, of which nobody knows what they look at, are asked anew each time.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Final

from gatepost.book import Entry, Fault, Position, Unread
from gatepost.check.engine import Run, settle
from gatepost.check.results import Effect, Finding, Outcome, RecordReport
from gatepost.check.standing import Standing, standing_of
from gatepost.check.trend_records import Changed, TrendRecords, days_in
from gatepost.check.watch import Question, Watch, WatchedFiles
from gatepost.check.watched import WatchedBook, answers_of
from gatepost.gates import GATES, Context, Gate, GateSet
from gatepost.records import AnyRecord, Policy
from gatepost.sources import Snapshot

__all__ = ["Walk"]

_OURS: Final = frozenset(gate.id for gate in GATES)
_NOT_JUDGED: Final = Outcome("unknown", reason="not part of the trend")
_NOWHERE: Final = Position(1, 1)
_OF_FILES: Final = frozenset({"look", "exists", "content", "below"})
_SLACK: Final = 2
"""Days: gates look at today and at tomorrow, before and after a day that is named."""


class _Rerun(Run):
    """One pass over a book that asks a gate of Gatepost's only when nothing is known about it."""

    def __init__(self, context: Context, outcomes: dict[str, dict[str, Outcome]]) -> None:
        super().__init__(context)
        self.known = outcomes

    def ask(self, gate: Gate, entry: Entry) -> Outcome:
        if gate.needs_history:
            return _NOT_JUDGED
        if gate.id not in _OURS:
            return super().ask(gate, entry)
        known = self.known.setdefault(entry.path, {})
        if gate.id not in known:
            known[gate.id] = super().ask(gate, entry)
        return known[gate.id]

    def finding(self, gate: Gate, one: Entry | Unread, fault: Fault, effect: Effect) -> Finding:
        """Give a finding without its place in the file, which takes most of the time and which nobody sees."""
        return Finding(gate, one.id, one.kind, one.path, effect, fault, _NOWHERE)


class Walk:
    """A log on its way through its history."""

    def __init__(self, gates: GateSet) -> None:
        """Begin before the first commit.

        Args:
            gates: all gates that are asked; those that need a history are left out.
        """
        self._gates = gates
        self._foreign = [gate for gate in gates if gate.id not in _OURS and not gate.needs_history]
        self.watch = Watch()
        self._ones: dict[str, Entry | Unread] = {}
        self._records = TrendRecords()
        self._book: WatchedBook | None = None
        self._known: dict[str, dict[str, Outcome]] = {}
        self._reports: dict[str, RecordReport] = {}
        self._askers: dict[Question, set[str]] = defaultdict(set)
        self._answers: dict[Question, Hashable] = {}
        self._about: dict[str, set[Question]] = defaultdict(set)
        self._folders: set[Question] = set()
        self._days: dict[int, set[str]] = defaultdict(set)
        self._dated: dict[str, AnyRecord] = {}
        self._standings: dict[str, Standing] = {}
        self._left_out = frozenset(gate.id for gate in gates if gate.needs_history)
        self._because: set[str] = set()
        self._day = dt.date.min

    def step(self, snapshot: Snapshot, day: dt.date) -> Mapping[str, Standing]:
        """Judge the next commit.

        Args:
            snapshot: the log as that commit has it.
            day: the day on which it is judged.

        Returns:
            How each record stands, by path, in that order.
        """
        changed = self._records.step(snapshot)
        self._ones = self._records.all
        files = WatchedFiles(snapshot.tree, self.watch)
        book = WatchedBook(self._ones.values(), self._records.folders, files, snapshot.pages, self.watch)
        again = self._to_judge(book, changed, snapshot, day)
        for one, other in changed.values():
            self.watch.moved(one, other)
        self._book, self._day = book, day
        self._judge(Context(book, day, self._gates), again & self._ones.keys(), files)
        self._forget(changed.keys() - self._ones.keys())
        return self._settled()

    def _to_judge(self, book: WatchedBook, changed: Changed, snapshot: Snapshot, day: dt.date) -> set[str]:
        """Give the records of which some gate may stand otherwise than before."""
        ones = [one for pair in changed.values() for one in pair if one is not None]
        other_files = list(self._other_files(book, snapshot))
        if self._book is None or any(one.kind == "policy" for one in ones):
            return set(self._ones)
        found = set(changed)
        for question in (*answers_of(self._book, book, ones), *other_files):
            found |= self._askers.get(question, set())
        for passed in self._passed(book.policy, day):
            found |= self._days.get(passed, set())
        return found

    def _other_files(self, book: WatchedBook, snapshot: Snapshot) -> Iterator[Question]:
        """Give the questions about files that have another answer now."""
        files = book.files
        touched = self._about if snapshot.touched is None else snapshot.touched & self._about.keys()
        about = {question for path in touched for question in self._about[path]}
        for question in about | set(self._around(snapshot.touched)):
            if isinstance(files, WatchedFiles) and (now := files.answer(question)) != self._answers[question]:
                self._answers[question] = now
                yield question

    def _around(self, touched: Iterable[str] | None) -> Iterator[Question]:
        """Give the questions about folders in which a file is not what it was; all of them when that is not known."""
        for question in self._folders:
            base = f"{question[1]}/" if question[1] not in {"", "."} else ""
            if touched is None or any(path.startswith(base) for path in touched):
                yield question

    def _passed(self, policy: Policy, day: dt.date) -> Iterator[int]:
        """Give the days of which the passing may make a difference between the commit before and this one."""
        start, end = sorted((self._day.toordinal(), day.toordinal()))
        for shift in {0, policy.evidence.max_age_days, -policy.waivers_allowed.max_days}:
            yield from range(start - shift - _SLACK, end - shift + _SLACK + 1)

    def _judge(self, context: Context, again: set[str], files: WatchedFiles) -> None:
        """Ask the gates about some records, and those of other packages about all."""
        run = _Rerun(context, self._known)
        foreign = {kind for gate in self._foreign for kind in gate.applies_to}
        for path in self._ones if foreign else sorted(again):
            one = self._ones[path]
            if path in again:
                self._known.pop(path, None)
            elif one.kind not in foreign:
                continue
            self.watch.asked = set()
            self._reports[path] = run.unread(one) if isinstance(one, Unread) else run.record(one)
            self._standings[path] = standing_of(self._reports[path], self._left_out)
            because = any(outcome.because for outcome in self._reports[path].outcomes.values())
            (self._because.add if because else self._because.discard)(path)
            if path in again:
                self._note(path, one, files)

    def _note(self, path: str, one: Entry | Unread, files: WatchedFiles) -> None:
        """Keep what the outcomes of a record rest on."""
        for question in self.watch.asked:
            self._askers[question].add(path)
            if question[0] in _OF_FILES and question not in self._answers:
                self._answers[question] = files.answer(question)
                if question[0] == "below":
                    self._folders.add(question)
                    continue
                for place in _places(question):
                    self._about[place].add(question)
        known = one if isinstance(one, Entry) else next(one.readings(), None)
        if known is not None and self._dated.get(path) is not known.record:
            self._dated[path] = known.record
            for day in days_in(known.record):
                self._days[day.toordinal()].add(path)

    def _forget(self, paths: Iterable[str]) -> None:
        for path in paths:
            for kept in (self._known, self._reports, self._standings):
                kept.pop(path, None)
            self._because.discard(path)

    def _settled(self) -> Mapping[str, Standing]:
        """Let what is waived on other records count as waived on those that only fail because of them."""
        found = {path: self._standings[path] for path in self._ones}
        if because := sorted(self._because):
            reports = dict(self._reports)
            for path in because:
                reports[path] = RecordReport(reports[path].entry, dict(reports[path].outcomes))
            settle([reports[path] for path in because], {one.key: reports[path] for path, one in self._ones.items()})
            found.update((path, standing_of(reports[path], self._left_out)) for path in because)
        return found


def _places(question: Question) -> tuple[str, ...]:
    """Give the paths from the root that a question about files is about."""
    what, path, *near = (str(word) for word in question)
    if what != "look":
        return (path,)
    return tuple(posixpath.normpath(posixpath.join(folder, path)) for folder in (near[0], ""))
