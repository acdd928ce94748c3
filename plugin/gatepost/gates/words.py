"""The page that explains a gate, as it was written beside the gate."""

from __future__ import annotations

from importlib.resources import files

from gatepost.gates.gate import Gate

__all__ = ["gate_text"]


def gate_text(gate: Gate) -> str | None:
    """Give the page that came with a gate, beside the module that checks it; None when there is none."""
    own = f"{gate.id.replace('-', '_')}.md"
    package, _, module = gate.check.__module__.rpartition(".")
    for name in (own, f"{module}.md"):
        if package and (found := files(package) / name).is_file():
            return found.read_text(encoding="utf-8")
    return None
