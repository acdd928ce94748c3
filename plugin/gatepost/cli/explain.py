"""`gatepost explain`: what a gate asks for, and why."""

from __future__ import annotations

from difflib import get_close_matches

import click

from gatepost.check import GateLoadError, load_gates
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.gates import Gate, GateSet
from gatepost.gates.words import gate_text
from gatepost.report.gate_text import render_gate, render_gates

__all__ = ["command"]


@click.command("explain")
@click.argument("gate", required=False)
def command(gate: str | None) -> ExitCode:
    """Explain a gate, or list all gates.

    GATE is the name of a gate or its code: `evidence-backed`, `GP104`.
    """
    try:
        gates = GateSet(load_gates())
    except GateLoadError as error:
        raise CouldNotCheckError(str(error)) from error
    paint, columns = dressed()
    if gate is None:
        emit(render_gates(gates, paint=paint, width=columns))
    else:
        found = _named(gates, gate)
        emit(render_gate(found, gate_text(found), paint=paint, width=columns))
    return ExitCode.MET


def _named(gates: GateSet, name: str) -> Gate:
    found = gates.find(name)
    if found is None:
        near = get_close_matches(name.lower(), gates.names, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "`gatepost explain` lists the gates"
        message = f"there is no gate '{name}'; {hint}"
        raise click.UsageError(message)
    return found
