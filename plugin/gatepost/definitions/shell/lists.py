"""A failure followed through lists of commands: `;`, `&&`, `||`, pipes, and what comes after."""

from __future__ import annotations

from gatepost.definitions.shell.asking import is_test, known
from gatepost.definitions.shell.beside import awaited
from gatepost.definitions.shell.codes import Codes, note_in
from gatepost.definitions.shell.fates import Found, both
from gatepost.definitions.shell.feeding import fed
from gatepost.definitions.shell.outcomes import BAD, EXITS, LEAVING, End, Runs
from gatepost.definitions.shell.tree import AndOr, Block, Item, Node, Pipe

__all__ = ["Lists"]


class Lists(Codes):
    """The part of a walk that follows lists."""

    is_off = False
    """Whether the script says that its shell is to go on after a failure."""

    def node(self, node: Node, *, tested: bool) -> list[Found]:
        """Give the commands of a node, each with what becomes of its failure there."""
        raise NotImplementedError

    def block(self, block: Block, *, tested: bool) -> list[Found]:
        """Follow statements one after another."""
        kept = self.stops, self.pipefail
        each: list[list[Found]] = []
        behind = self.asked(self._behind, block.items, tested=tested)
        left: Runs = "always"
        for number, item in enumerate(block.items):
            here = self._beside(item, tested=tested) if item.is_background else self.chain(item.chain, tested=tested)
            leaves = self.left(item.chain) if not item.is_background else "always"
            for one in here:
                one.runs = both(one.runs, left)
                if not item.is_background:
                    self._pass_on(one, block.items[number + 1 :], behind[number + 1], tested=tested)
                    one.end = _behind_all(one.end, behind[number + 1], leaves)
                one.place, one.noted = None, ""
            left = both(left, leaves)
            each.append(here)
        for number, item in enumerate(block.items):
            if item.is_background:
                later = block.items[number + 1 :]
                awaited(each[number], later, each[number + 1 :], self.spend, is_open=self.script.awaits)
                for one in each[number]:
                    one.end = _behind_all(one.end, behind[number + 1], "always")
        found = [one for here in each for one in here]
        if block.is_subshell:
            self.stops, self.pipefail = kept
        for one in found if block.is_subshell or block.is_evaluated else []:
            one.end, one.is_exempt = EXITS.get(one.end, one.end) if block.is_subshell else one.end, False
        return found

    def _beside(self, item: Item, *, tested: bool) -> list[Found]:
        """Follow a statement in the background, which runs in a shell of its own.

        Whether `-e` ends that shell where the one around is asked depends on the shell.
        """
        kept = self.stops, self.pipefail
        found = self.chain(item.chain, tested=tested)
        self.stops, self.pipefail = kept
        other = self.chain(item.chain, tested=False) if tested and self.stops else found
        self.stops, self.pipefail = kept
        for one, same in zip(found, other, strict=True):
            end, same_end = (EXITS.get(way, way) for way in (one.end, same.end))
            one.end = end if end == same_end else "open"
            one.is_exempt, one.is_beside = False, True
        return found

    def _pass_on(self, one: Found, later: tuple[Item, ...], behind: End, *, tested: bool) -> None:
        """Go on behind a statement in which a command has failed."""
        if one.end != "fails":
            one.end = self.asked(self._kept, one, later, tested=tested)
            return
        asked = self.asked(self.asked_for, later, one.place, "fails", tested=tested) if later else None
        if self.stops and not tested and not one.is_exempt:
            one.end = "exits-bad"
        elif asked is not None:
            one.end = asked
        elif later:
            one.end = behind
        one.is_swallowed = one.is_swallowed or (self.is_off and one.end not in BAD)

    def _kept(self, one: Found, later: tuple[Item, ...]) -> End:
        """Give what becomes of a failure that a statement has not ended with, but has kept."""
        if one.end == "goes-on" and one.noted:
            return self.noted(one.noted, later)
        if one.end != "goes-on" or one.place is None or not later:
            return one.end
        asked = self.asked_for(later, one.place, "goes-on")
        return one.end if asked is None else asked

    def _behind(self, items: tuple[Item, ...]) -> list[End]:
        """Give what becomes of what follows each statement, when all of it succeeds."""
        found: list[End] = ["goes-on"]
        for item, following in zip(reversed(items), (None, *reversed(items)), strict=False):
            way = self.statement(item, "goes-on")
            if way == "fails" and following is not None and "$?" in following.text:
                way = "open"
            is_last = len(found) == 1
            if way == "may-leave" and not is_last:
                way = "goes-on" if found[-1] not in {*BAD, "open"} else "open"
            found.append(way if way in LEAVING or is_last else found[-1])
        return found[::-1]

    def chain(self, chain: AndOr, *, tested: bool) -> list[Found]:
        """Follow a statement through its `&&` and `||`."""
        found: list[Found] = []
        tests: list[Found] = []
        left: Runs = "always"
        for number, (operator, pipe) in enumerate(chain.parts):
            is_last = number == len(chain.parts) - 1
            here = self.pipe(pipe, tested=tested or not is_last)
            before = chain.parts[number - 1][1] if number else None
            left = self.left(AndOr(chain.parts[:number])) if number else left
            for one in here:
                one.needs += tests
                if before is not None:
                    one.runs = both(both(one.runs, left), _reached(operator, before))
                self._along(one, chain.parts[number + 1 :], tested=tested)
            if operator == "||":
                tests = []
            if pipe.is_negated or is_test(pipe) or known(pipe) is False:
                tests = [*tests, *here]
            found += here
        for one in found if len(chain.parts) > 1 else []:
            one.place = None
        return found

    def _along(self, one: Found, later: tuple[tuple[str, Pipe], ...], *, tested: bool) -> None:
        """Follow a failure through what `&&` and `||` join to it."""
        if one.end not in {"fails", "goes-on"}:
            return
        end: End = one.end
        is_last = not later
        for number, (operator, pipe) in enumerate(later):
            self.spend()
            ends_here = number == len(later) - 1
            if end == "fails" and operator == "||":
                one.noted = note_in(pipe) if ends_here else ""
                block = Block((Item(AndOr((("", pipe),)), is_background=False, text=""),))
                end = self.asked(self.answer, block, tested=tested or not ends_here)
                end = "goes-on" if one.noted else end
                end = "open" if is_test(pipe) and self.told(pipe, "fails") is None else end
                one.is_swallowed, is_last = True, ends_here and not pipe.is_negated
            elif end == "goes-on" and operator == "&&":
                end = self.asked(self.piped, pipe, "goes-on", tested=tested or not ends_here)
                is_last = ends_here
        one.end, one.is_exempt = end, one.is_exempt or not is_last

    def pipe(self, pipe: Pipe, *, tested: bool) -> list[Found]:
        """Follow commands that hand their output on."""
        found: list[Found] = []
        for number, node in enumerate(pipe.nodes):
            kept = self.stops, self.pipefail
            here = self.node(fed(pipe.nodes[number - 1], node) if number else node, tested=tested or pipe.is_negated)
            if len(pipe.nodes) > 1:
                self.stops, self.pipefail = kept
                for one in here:
                    one.end, one.is_exempt = EXITS.get(one.end, one.end), False
                    one.place = number if one.end == "fails" and not pipe.is_negated else None
                    if number < len(pipe.nodes) - 1 and one.end == "fails" and not self.pipefail:
                        one.end = "goes-on"
            found += here
        if pipe.is_negated:
            for one in found:
                one.end = {"fails": "goes-on", "goes-on": "open"}.get(one.end, one.end)  # type: ignore[assignment]
                one.is_swallowed = True
        return found


def _behind_all(end: End, behind: End, leaves: Runs) -> End:
    """Give what becomes of a failure that a statement has hidden, by what follows the statement.

    What follows runs in any case, unless the statement leaves when all is well: then it runs because of the failure.
    """
    if end != "goes-on" or (behind == "open" and leaves == "always"):
        return end
    return end if behind == "fails" and leaves == "always" else behind


def _reached(operator: str, before: Pipe) -> Runs:
    """Tell whether what stands behind `&&` or `||` runs."""
    told = known(before)
    if operator == "||":
        return "never" if told else "open" if told is None else "always"
    return "never" if told is False else "always"
