"""The history of one record as JSON. Its schema is `history-1.schema.json`; fields are only added while it stays 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gatepost.book.missing import missing_history
from gatepost.book.timeline import Moment, timeline
from gatepost.report.diff_json import change_row
from gatepost.report.json_report import document

if TYPE_CHECKING:
    from gatepost.book.history import Commit, RecordHistory
    from gatepost.check.results import Report
    from gatepost.records.decision import Amendment
    from gatepost.report.subject import Subject

__all__ = ["HISTORY_SCHEMA_VERSION", "render_history_json"]

HISTORY_SCHEMA_VERSION: Final = 1

CommitUrl = Callable[[str], str]


def render_history_json(
    report: Report, subject: Subject, history: RecordHistory, version: str, commit_url: CommitUrl = lambda _: ""
) -> str:
    """Give the history of a record as JSON, one step on one line; it is never cut.

    Args:
        report: the report that the record is from, or is missing from.
        subject: which record it is.
        history: its steps.
        version: Gatepost's.
        commit_url: from a commit's id to its address on the forge; empty where there is none.
    """
    problem = missing_history(report.history)
    moments = timeline(history, whole=not problem)
    head = {
        "schema_version": HISTORY_SCHEMA_VERSION,
        "tool": {"name": "gatepost", "version": version},
        "revision": report.revision,
        "record": {
            "id": subject.id,
            "kind": subject.kind,
            "title": subject.title or None,
            "status": subject.status or None,
            "path": subject.path or None,
            "design": subject.design or None,
        },
        "whole": not problem,
        "problem": problem or None,
    }
    lists = {
        "amendments": (_amendment_row(one) for one in subject.amendments),
        "steps": (_step_row(moment, commit_url) for moment in moments),
    }
    return document(head, lists)


def _amendment_row(one: Amendment) -> dict[str, Any]:
    return {"date": str(one.date), "by": one.by, "reason": one.reason}


def _step_row(moment: Moment, commit_url: CommitUrl) -> dict[str, Any]:
    step, status = moment.step, moment.status
    return {
        "event": moment.event,
        "commit": _commit_row(step.commit, commit_url) if step.commit else None,
        "brought": [_commit_row(one, commit_url) for one in reversed(step.brought)],
        "path": step.path or None,
        "status": moment.stands or None,
        "moved": {"before": status.before, "after": status.after} if status else None,
        "changes": [change_row(change) for change in moment.changes],
    }


def _commit_row(commit: Commit, commit_url: CommitUrl) -> dict[str, Any]:
    return {
        "id": commit.id,
        "author": commit.author,
        "date": commit.date,
        "subject": commit.subject,
        "url": commit_url(commit.id) or None,
    }
