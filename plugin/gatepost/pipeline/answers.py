"""Who does what a contract calls for: where it gives commands for its actions, each that it uses has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.pipeline.arguments import says_yes
from gatepost.pipeline.contract import Contract
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed
from gatepost.records.expressions import Action
from gatepost.records.pipeline import ENGINE

__all__ = ["unanswered_actions"]

_BY_COMMAND: Final[dict[Action, tuple[str, str]]] = {
    "alert": ("notified", "nobody is told"),
    "page": ("notified", "nobody is paged"),
    "quarantine": ("handled", "nothing is put away"),
}
"""Actions that a command does, each with the invariant that is broken without it, and what happens then.

Halting, rolling back and trying again are for whatever runs the stages.
"""


def unanswered_actions(contract: Contract) -> Iterator[Violation]:
    """Find actions without a command where another has one; without any, what runs the stages does them all.

    A command that only prints is none, but for an alert, which may be read where it is printed.
    """
    handlers = contract.record.handlers
    if handlers.keys().isdisjoint(_BY_COMMAND):
        return
    for action, (invariant, effect) in _BY_COMMAND.items():
        if action in handlers and not (action != "alert" and says_yes(handlers[action])):
            continue
        asked = {one.name: one.on_fail for one in contract.promises.values() if one.on_fail and action in one.on_fail}
        asked |= {
            one.name: one.on_reject for one in contract.promises.values() if one.on_reject and action in one.on_reject
        }
        if asked:
            name = next(iter(asked))
            verb = "calls" if len(asked) == 1 else "call"
            lacks = "has no command for it"
            if action in handlers:
                lacks = f"runs `{handlers[action].strip()}`, which does nothing"
            message = f"{listed(list(asked))} {verb} for {action}, and `handlers` {lacks}: {effect}"
            hint = (
                f"add `{action}:` with its command, or `{action}: {ENGINE}` if what runs the stages does it by itself"
            )
            path = path_to(contract, name, f"{name} does not succeed", effect)
            yield Violation(invariant, message, hint, ("handlers",), action, path)
