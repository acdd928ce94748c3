"""The command of a stage that both sides have: the same, another one, or one of which a run decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.commands import runs, runs_as_written, shortened
from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.followed import places_of, unseen_in
from gatepost.definitions.sides import Sides, differs
from gatepost.pipeline import Promise

__all__ = ["SHOWN", "command", "filled_in", "other_command"]

SHOWN: Final = 120
"""How many characters of a command a message shows."""
_BARE: Final = re.compile(r"\$([A-Za-z_]\w*)")


def command(sides: Sides, promise: Promise, real: RealStage) -> Iterator[Difference]:
    """Compare the command of a stage whose failure is not looked at."""
    ours, theirs = promise.stage.run, real.command
    if ours and real.idle:
        yield differs(
            promise,
            real,
            "command-differs",
            "run",
            f"{promise.name} runs `{shortened(ours, SHOWN)}` here and nothing in the definition ({real.idle})",
        )
    elif ours and not theirs:
        message = f"{promise.name} runs `{shortened(ours, SHOWN)}` here; its text shows no command in the definition"
        yield differs(promise, real, "command-differs", "run", message)._replace(weight="unknown")
    elif ours and theirs and not runs(theirs, ours) and not places_of(real, ours, sides.scripts):
        unseen = unseen_in(real, ours, sides.scripts)
        if unseen:
            message = f"{promise.name} runs `{shortened(ours, SHOWN)}` in the definition: {unseen}"
            yield differs(promise, real, "command-differs", "run", message)._replace(weight="unknown")
        else:
            yield other_command(promise, real)


def filled_in(sides: Sides, promise: Promise, real: RealStage) -> Difference | None:
    """Tell that what is filled in decides whether the command of the contract is run, or that no value gives it."""
    ours, theirs = promise.stage.run, real.command
    if not ours or not theirs or not runs(theirs, ours):
        return None
    followed = ("\n".join(one.text for one in place) for place in places_of(real, ours, sides.scripts))
    if any(runs_as_written(form, ours) for form in (*real.forms, theirs, *followed)):
        return None
    if real.forms and not any(runs(form, ours) for form in real.forms):
        return other_command(promise, real)
    shown = shortened(theirs, SHOWN)
    wanted = f"{promise.name} runs `{shortened(ours, SHOWN)}`"
    message = f"whether {wanted} in the definition, what is filled in decides: `{shown}`"
    return differs(promise, real, "command-differs", "run", message)._replace(weight="unknown")


def other_command(promise: Promise, real: RealStage) -> Difference:
    """Tell that another command is run; where the stage also runs what is not seen, that may be the one."""
    ours, theirs = (shortened(one, SHOWN) for one in (promise.stage.run, real.command))
    message = f"{promise.name} runs `{ours}` here and `{theirs}` in the definition"
    found = differs(promise, real, "command-differs", "run", message)
    return found._replace(weight="unknown") if real.unseen or _may_be(real, promise.stage.run or "") else found


def _may_be(real: RealStage, ours: str) -> bool:
    """Tell whether a command may be that of the contract: once its variables are filled in, or in other words."""
    theirs = real.command or ""
    if not runs(theirs, ours) and runs(_BARE.sub(r"${\1}", theirs), ours):
        return True
    stems = {word.rpartition("/")[2].partition(".")[0] for word in ours.split() if "." in word}
    programs = (one.text for one in real.scripts if not one.is_shell)
    return any(not stems.isdisjoint(re.findall(r"\w+", text)) for text in programs)
