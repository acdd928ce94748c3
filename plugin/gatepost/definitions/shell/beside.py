"""Commands in the background: whether the script waits for them, and takes what they end with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from gatepost.definitions.shell.fates import Found
from gatepost.definitions.shell.tree import Item

__all__ = ["awaited"]

_KEPT: Final = re.compile(r"([A-Za-z_]\w*)=\$!\Z")
_SET: Final = re.compile(r"(?:^|\s)([A-Za-z_]\w*)\+?=")


def awaited(
    beside: list[Found],
    later: tuple[Item, ...],
    found: list[list[Found]],
    spend: Callable[[], None],
    *,
    is_open: bool,
) -> None:
    """Give commands in the background what becomes of the `wait` for them; without one, their failure is lost.

    Args:
        beside: the commands of the statement that runs in the background.
        later: the statements behind it.
        found: the commands of these, followed already.
        spend: counts the statements that are looked at.
        is_open: whether somewhere in the script a `wait` names what it waits for, which may be them.
    """
    waits = _wait_for(later, found, spend)
    for one in beside:
        if one.end != "fails":
            continue
        if waits is None:
            one.end = "open" if is_open else "goes-on"
        else:
            _take_on(one, waits)


def _wait_for(later: tuple[Item, ...], found: list[list[Found]], spend: Callable[[], None]) -> Found | None:
    """Find the `wait` for what runs in the background, by `$!` or by a variable that holds it.

    A plain `wait` ends the search: whether another one behind it still knows the command depends on the shell.
    """
    names = {"$!"}
    for item, here in zip(later, found, strict=True):
        spend()
        if kept := _KEPT.match(item.text):
            names = _without(names, kept[1]) | (_both(kept[1]) if "$!" in names else set())
        else:
            for name in _SET.findall(item.text):
                names = _without(names, name)
        waits = next((one for one in here if _named(one) in names), None)
        if waits is not None and not item.is_background:
            return waits
        if any(one.text == "wait" for one in here):
            return None
        if any(one.is_beside for one in here):
            names.discard("$!")
        if not names:
            return None
    return None


def _named(wait: Found) -> str:
    words = wait.text.split()
    return words[1] if words[:1] == ["wait"] and len(words) == 2 else ""  # noqa: PLR2004 - for what it waits


def _both(name: str) -> set[str]:
    return {f"${name}", f"${{{name}}}"}


def _without(names: set[str], name: str) -> set[str]:
    return names - _both(name)


def _take_on(one: Found, waits: Found) -> None:
    """Let a command in the background fail as the `wait` for it does."""
    one.end = {"always": waits.end, "never": "goes-on", "open": "open"}[waits.runs]
    one.is_exempt, one.is_swallowed = waits.is_exempt, one.is_swallowed or waits.is_swallowed
    one.needs += waits.needs
