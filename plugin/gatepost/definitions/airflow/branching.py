"""What may run, or run any number of times: nobody knows, so nothing that follows from it is claimed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from gatepost.definitions.airflow.journal import Changes
from gatepost.definitions.airflow.state import Interrupt, State, Stop

__all__ = ["Branching"]


class Branching(State):
    """The part of a walk that follows what is not sure."""

    def perhaps(self, walk: Callable[[], object]) -> tuple[Interrupt | None, int]:
        """Walk through something that may not run; give how it was left, and the point before it."""
        mark = self.journal.mark()
        try:
            walk()
        except Interrupt as left:
            return left, mark
        return None, mark

    def guess(self, node: ast.AST, walk: Callable[[], object], message: str) -> Interrupt | None:
        """Walk once through what may run any number of times, and take it back; if it makes tasks, that is a gap."""
        gaps = len(self.gaps)
        left, mark = self.perhaps(walk)
        drew = self.journal.has_drawn(mark)
        changed = self.journal.take_back(mark, graph=True)
        if drew:
            for one in list(self.gaps)[gaps:]:
                del self.gaps[one]
            self.gap(node, message)
        self.journal.join([changed, {}])
        return left

    def maybe(self, node: ast.AST, branches: Sequence[Callable[[], object]], message: str = "") -> list[Interrupt]:
        """Walk through branches of which one runs; what they do not agree on is unknown, and tasks in them are a gap.

        Gives how branches were left, where it was not by coming to their end.
        """
        before = self.journal.mark()
        ends: list[Changes] = []
        left: list[Interrupt] = []
        for branch in branches:
            interrupt, mark = self.perhaps(branch)
            changes = self.journal.take_back(mark)
            if interrupt is not None:
                left.append(interrupt)
            if not isinstance(interrupt, Stop):
                ends.append(changes)
        if self.journal.has_drawn(before):
            self.gap(node, message or "which tasks this expression makes is not known")
        self.journal.join(ends or [{}])
        return left
