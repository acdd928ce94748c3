"""The stage contract: its graph, its branches, and the invariants that they hold to. It reads and runs nothing."""

from gatepost.pipeline.branch import Branch, Event
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.digest import contract_digest, contract_digests
from gatepost.pipeline.elsewhere import other_place
from gatepost.pipeline.graph import StageGraph
from gatepost.pipeline.promises import broken_promises
from gatepost.pipeline.safety import unsafe_ends
from gatepost.pipeline.shown import shown_to_judges, watched_by
from gatepost.pipeline.simulate import Simulation
from gatepost.pipeline.trace import Row, before_fault, key_of, rows_of, trace
from gatepost.pipeline.verdict import DryRunVerdict, simulated, unsafe
from gatepost.pipeline.violation import INVARIANTS, Invariant, Violation, listed
from gatepost.pipeline.ways import open_ways

__all__ = [
    "INVARIANTS",
    "Branch",
    "Contract",
    "DryRunVerdict",
    "Event",
    "Invariant",
    "Promise",
    "Row",
    "Simulation",
    "StageGraph",
    "Violation",
    "before_fault",
    "broken_promises",
    "contract_digest",
    "contract_digests",
    "key_of",
    "listed",
    "open_ways",
    "other_place",
    "rows_of",
    "shown_to_judges",
    "simulated",
    "trace",
    "unsafe",
    "unsafe_ends",
    "watched_by",
]
