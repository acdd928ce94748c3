"""`schema-valid`: the frontmatter parses into its record type."""

from __future__ import annotations

from gatepost.book import Entry
from gatepost.gates.gate import Context, Gate, Verdict
from gatepost.records import KINDS

__all__ = ["GATE"]


def check(_entry: Entry, _context: Context) -> Verdict:
    """Pass: an entry is a record that was read; a file that could not be read carries its own faults."""
    return ()


GATE = Gate(
    id="schema-valid",
    code="GP001",
    kind="integrity",
    applies_to=frozenset(KINDS),
    holds_when="The frontmatter parses into its record type.",
    check=check,
)
