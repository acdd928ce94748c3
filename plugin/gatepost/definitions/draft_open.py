"""What a draft leaves to a person, each with what the definition suggests: conditions, seeds, limits, environments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.definitions.draft_failures import Found
from gatepost.definitions.draft_text import plain
from gatepost.definitions.scalars import duration, quoted
from gatepost.pipeline import listed
from gatepost.records.pipeline import StageKind

__all__ = ["environment_line", "open_lines", "rollback_lines", "told"]

_OPEN: Final[dict[StageKind, str]] = {
    "gate": """\
    pass: []   # the conditions, like auc >= 0.72; list the metrics under `keys:` of what it reads
""",
    "approval": """\
    by: ["<the role that approves>"]
    expires: 24h
""",
}
"""What a person must decide about each kind of stage."""
_SEED: Final = re.compile(
    r"(?:^|[\s_-])(?:(?:random|np|torch|global)[_-]?)?(?:seed|random[_-]state)[=\s]+(\d{1,18})(?![\w.])", re.IGNORECASE
)
"""A seed that a command is given: `--seed 42`, `SEED=42`, `--random-state=7`."""
_ROLLBACK: Final = (
    "    # rollback: {to: previous, first: disable-route, run: …, within: 15m, when: [error_rate > 0.01]}"
)


def open_lines(kind: StageKind, command: str | None) -> Iterator[str]:
    """Give the lines of a stage that a person has to look at; a seed that its command is given is taken."""
    yield from _OPEN.get(kind, "").splitlines()
    if kind == "train":
        found = dict.fromkeys(_SEED.findall(command or ""))
        yield f"    seed: {int(next(iter(found)))}   # as its command says" if len(found) == 1 else "    # seed: 1"


def rollback_lines(found: Found | None, within: float | None) -> Iterator[str]:
    """Give the rollback of a promotion.

    Args:
        found: the command that undoes it, if any.
        within: how long the definition lets what runs it take, in seconds; None where that is not known.
    """
    if found is None:
        yield _ROLLBACK
        return
    yield "    rollback:"
    yield "      to: previous"
    yield plain(f"      run: {quoted(found.command)}   # {told(found)}")
    yield "      # first: disable-route   # what is done when there is no previous version yet"
    limit = (
        f"{duration(within)}   # as long as the definition lets it take" if within else "15m   # how long it may take"
    )
    yield f"      # within: {limit}"
    yield "      # when: [error_rate > 0.01]   # the conditions on what is watched that start it"


def told(found: Found) -> str:
    """Say what tells which action a command is, and where it stands."""
    return f"told by its words, {found.place}{'' if found.only else ', which runs it when all is well, too'}: check it"


def environment_line(lockfile: str | None, installed: Iterable[str], *, is_everywhere: bool) -> str:
    """Give what stages run in: the lockfile that all of them depend on, or a question with what they install."""
    if lockfile and is_everywhere:
        return f"  environment: {quoted(lockfile)}"
    own = list(installed)
    if not lockfile and own:
        more = f", and {listed(own[1:])}" if own[1:] else ""
        return plain(f"  # environment: {quoted(own[0])}   # what is installed{more}, if it pins each package")
    name = quoted(lockfile) if lockfile else "requirements.lock"
    return f"  # environment: {name}   # a lockfile, or an image by digest"
