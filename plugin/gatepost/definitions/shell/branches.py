"""A failure followed through branches and loops."""

from __future__ import annotations

from gatepost.definitions.shell.fates import Found, both
from gatepost.definitions.shell.lists import Lists
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.results import BAD, End, Runs, agreed, known_of
from gatepost.definitions.shell.tree import Block, Choice, Loop

__all__ = ["Branches"]


class Branches(Lists):
    """The part of a walk that follows branches and loops."""

    def choice(self, choice: Choice, *, tested: bool) -> list[Found]:
        """Follow `if` and `case`."""
        found: list[Found] = []
        before: list[Found] = []
        reached: Runs = "always"
        set_before = self.stops, self.pipefail
        set_after = set()
        otherwise = [choice.otherwise] if choice.otherwise is not None else []
        for number, (test, body) in enumerate(choice.branches):
            told = known_of(test) if test is not None else None
            asked = self.block(test, tested=True) if test is not None else []
            no = self._merged([other for _, other in choice.branches[number + 1 :]], otherwise)
            yes = self.answer(body, "goes-on")
            for one in asked:
                one.runs = both(one.runs, reached)
                one.needs += before
                one.is_swallowed = one.is_swallowed or one.end in {"fails", "goes-on"}
                one.end = {"fails": no, "goes-on": yes}.get(one.end, one.end)
            here = self.block(body, tested=tested)
            set_after.add((self.stops, self.pipefail))
            self.stops, self.pipefail = set_before
            way = reached if told else "never" if told is False else reached if test is not None else "open"
            for one in here:
                one.runs = both(one.runs, way)
                one.needs += [*before, *(asked if told is None else [])]
            found += [*asked, *here]
            is_told_off = told is False or yes in BAD
            reached = "never" if told else reached if is_told_off else "open"
        for body in otherwise:
            here = self.block(body, tested=tested)
            set_after.add((self.stops, self.pipefail))
            for one in here:
                one.runs = both(one.runs, reached)
            found += here
        if len(set_after | ({set_before} if not otherwise else set())) > 1:
            message = "it sets what its shell does at a failure in one branch only"
            raise ShellError(message)
        return found

    def _merged(self, branches: list[Block], otherwise: list[Block]) -> End:
        """Give what happens when a test fails: what comes next, or nothing."""
        ways: list[End] = [self.answer(one) for one in (*branches, *otherwise)]
        return agreed(ways if otherwise else [*ways, "goes-on"])

    def loop(self, loop: Loop, *, tested: bool) -> list[Found]:
        """Follow `while`, `until` and `for`."""
        kept = self.stops, self.pipefail
        asked = self.block(loop.test, tested=True) if loop.test is not None else []
        for one in asked:
            one.end = "open"
        found = self.block(loop.body, tested=tested)
        for one in found:
            if not loop.is_sure:
                one.end = "open" if one.end == "fails" else one.end
                one.runs = both(one.runs, "open")
        if (self.stops, self.pipefail) != kept:
            message = "it sets what its shell does at a failure in a loop"
            raise ShellError(message)
        return [*asked, *found]
