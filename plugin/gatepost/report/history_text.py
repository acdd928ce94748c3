"""The history of one record as text: the newest step first, each with who made it and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gatepost.book.missing import missing_history
from gatepost.book.timeline import Moment, timeline
from gatepost.report.counts import counted
from gatepost.report.lines import plain, wrap
from gatepost.report.moment_words import moment_words
from gatepost.report.paint import Paint, in_plain
from gatepost.report.subject import Subject
from gatepost.report.text import revision_lines

if TYPE_CHECKING:
    from gatepost.book.history import Commit, RecordHistory
    from gatepost.check.results import Report

__all__ = ["render_history_text"]


def render_history_text(
    report: Report, subject: Subject, history: RecordHistory, *, paint: Paint = in_plain, width: int = 80
) -> str:
    """Give the history of a record as text.

    Args:
        report: the report that the record is from, or is missing from.
        subject: which record it is.
        history: its steps.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    moments = timeline(history, whole=not report.history.problem)
    blocks = [
        list(_head(subject, paint, width)),
        list(_amendments(subject, width)),
        *(list(_moment(one, paint, width)) for one in moments),
        list(_ending(report, len(moments), paint, width)),
        revision_lines(report),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(subject: Subject, paint: Paint, width: int) -> Iterator[str]:
    yield from (paint(line, "name") for line in wrap(f"{subject.id}  {subject.title}".rstrip(), width))
    facts = [subject.kind, subject.status if subject.path else "is no more"]
    if subject.design:
        facts.append(f"design {subject.design}")
    yield ", ".join(plain(fact) for fact in facts if fact)
    if subject.path:
        yield plain(subject.path)


def _amendments(subject: Subject, width: int) -> Iterator[str]:
    """Give the corrections of a decision that it records itself."""
    if subject.amendments:
        yield "Amendments"
    for one in subject.amendments:
        yield from _indented(f"{one.date}  {one.by}: {one.reason}", 2, width)


def _moment(moment: Moment, paint: Paint, width: int) -> Iterator[str]:
    commit = moment.step.commit
    if commit is None:
        yield paint("not committed yet", "open")
    else:
        yield from _commit(commit, 0, paint, width)
    for words in moment_words(moment):
        yield from _indented(words, 4, width)
    if moment.step.brought:
        yield f"    merged {counted(len(moment.step.brought), 'commit')}:"
        for one in reversed(moment.step.brought):
            yield from _commit(one, 6, paint, width)


def _commit(commit: Commit, margin: int, paint: Paint, width: int) -> Iterator[str]:
    """Give a commit as one entry: day, id, author, subject."""
    said = f"{commit.day}  {commit.short}  {commit.author}: {commit.subject}"
    first, *more = _indented(said, margin, width)
    yield first.replace(commit.day, paint(commit.day, "name"), 1)
    yield from more


def _ending(report: Report, steps: int, paint: Paint, width: int) -> Iterator[str]:
    yield f"{counted(steps, 'step')}, the newest first."
    if problem := missing_history(report.history):
        yield from (paint(line, "open") for line in wrap(f"The history is not whole: {problem}", width))


def _indented(said: str, margin: int, width: int) -> Iterator[str]:
    """Break a text into lines; those after the first stand further in."""
    first, *more = wrap(said, width - margin - 4, width - margin)
    yield f"{' ' * margin}{first}"
    yield from (f"{' ' * (margin + 4)}{line}" for line in more)
