"""Book, policy and day to a report."""

from gatepost.check.engine import check_book
from gatepost.check.load import GateLoadError, check_project, history_of, load_gates, read_project
from gatepost.check.results import (
    DesignReport,
    DesignState,
    Effect,
    Finding,
    Outcome,
    RecordReport,
    Report,
    State,
)

__all__ = [
    "DesignReport",
    "DesignState",
    "Effect",
    "Finding",
    "GateLoadError",
    "Outcome",
    "RecordReport",
    "Report",
    "State",
    "check_book",
    "check_project",
    "history_of",
    "load_gates",
    "read_project",
]
