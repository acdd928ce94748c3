"""`dry-run-passed`: every branch of a contract ends safely, and an executed dry run of this very contract says so."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault
from gatepost.gates.executed import executed_run
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Passed, Unknown, Verdict
from gatepost.gates.violations import faults_of
from gatepost.pipeline import Contract, Simulation, unsafe
from gatepost.pipeline.arguments import is_plain
from gatepost.pipeline.violation import listed
from gatepost.records import Pipeline

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Simulate every branch; then look at the newest record of an executed dry run."""
    if not isinstance(entry.record, Pipeline):
        return NOT_APPLICABLE
    contract = Contract(entry.record)
    simulation = None if contract.graph.cyclic else Simulation(contract)
    faults = list(faults_of(unsafe(contract, simulation, context.policy)))
    if simulation is None:
        return faults or Unknown("stages wait for each other in a circle, so no branch of them ends")
    found = executed_run(entry, context, contract)
    if isinstance(found, Unknown):
        return faults or found
    faults += found.faults
    shell = () if context.policy.dry_run.executed == "off" else _needs_a_shell(contract)
    return faults or Passed((*_unreached(contract), *shell, *found.advice))


def _unreached(contract: Contract) -> Iterator[Fault]:
    """Ask about each production that is listed and that no branch can reach; a contract that only trains lists none."""
    reached = {promise.stage.to for promise in contract.promises.values() if promise.kind == "promote"}
    for name in contract.record.environments:
        if name not in reached and contract.record.is_production(name):
            message = f"the contract lists the environment {name}, and no stage promotes to it, so no branch reaches it"
            hint = f"give the stage that brings a model there `kind: promote` and `to: {name}`, or take {name} out"
            yield Fault(message, hint, ("environments", name), name)


def _needs_a_shell(contract: Contract) -> Iterator[Fault]:
    """Say which commands an executed dry run will refuse, before somebody waits for one."""
    refused = [at for at, run in contract.commands() if not is_plain(run)]
    if refused:
        where = listed([".".join(map(str, at)) for at in refused])
        verb = "needs" if len(refused) == 1 else "need"
        hint = "put it into a script, and let `run` name the script"
        yield Fault(f"{where} {verb} a shell, so `dry-run --execute` refuses it", hint, refused[0], "shell")


GATE = Gate(
    id="dry-run-passed",
    code="GP109",
    kind="quality",
    applies_to=frozenset({"pipeline"}),
    holds_when=(
        "Every success and failure branch of the contract holds its invariants, and the executed dry run that the "
        "policy asks for is of this very contract, passed, and is recent enough."
    ),
    check=check,
)
