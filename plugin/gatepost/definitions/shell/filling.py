"""What the shell fills in: variables whose values stand in the script, exit codes, arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gatepost.definitions.shell.state import BAD, Filled, Job, State, Value
from gatepost.definitions.shell.words import Word, is_assignment

__all__ = ["demanded", "filled", "filled_text", "known_text"]

_PART: Final = re.compile(
    r"\$(?:([A-Za-z_]\w*|[?!@*#0-9])"
    r"|\{([A-Za-z_]\w*(?:\[[@*\d]\])?|[?!@*0-9])(?::?-([^{}$`\"']*))?\})"
)
_ALL: Final = re.compile(r"\$(?:[@*]|\{[@*]\})\Z")
_WHOLE_ARRAY: Final = re.compile(r"\$\{([A-Za-z_]\w*)\[[@*]\]\}\Z")
_OF_PIPE: Final = re.compile(r"PIPESTATUS\[(\d)\]\Z")
_DEMANDED: Final = re.compile(r"\$\{([A-Za-z_]\w*):?\?")


def filled(words: Iterable[Word], state: State) -> list[Filled]:
    """Give words as a command gets them in a state."""
    return [one for word in words for one in _filled(word, state)]


def _filled(word: Word, state: State) -> tuple[Filled, ...]:
    text = word.value
    if word.is_literal:
        return (Filled(text, text),)
    if word.is_kept or word.inner or word.processes or "$" not in text:
        return (Filled(text, None),)
    if _ALL.match(text):
        return (Filled(text, None),) if state.given is None else state.given
    if array := _WHOLE_ARRAY.match(text):
        found = state.value(f"{array[1]}[]")
        return found if isinstance(found, tuple) and not isinstance(found, Job) else (Filled(text, None),)
    value = _value(text, state)
    shown = filled_text(text, state)
    if isinstance(value, str) and word.is_plain and shown != text and not is_assignment(text):
        return tuple(Filled(part, part) for part in value.split())
    return (Filled(shown, value),)


def _value(text: str, state: State) -> Value | None:
    """Give what a text with variables becomes; None where something of it is not known."""
    single = _PART.fullmatch(text)
    if single is not None:
        return _held(single, state)
    values = [_held(part, state) for part in _PART.finditer(text)]
    rest = _PART.sub("", text)
    if "$" in rest or "`" in rest or "{{" in rest or not all(isinstance(one, str) for one in values):
        return None
    return _PART.sub(lambda part: str(_held(part, state)), text)


def _held(part: re.Match[str], state: State) -> Value | None:
    name = part[1] or part[2]
    if name == "?":
        return BAD if state.last == BAD else str(state.last)
    if piped := _OF_PIPE.match(name):
        number = int(piped[1])
        code = state.codes[number] if number < len(state.codes) else None
        return None if code is None else BAD if code == BAD else str(code)
    if name == "#":
        return str(len(state.given)) if state.given is not None else None
    if name.isdecimal():
        place = int(name) - 1
        return state.given[place].value if state.given is not None and 0 <= place < len(state.given) else None
    found = state.value(name)
    return None if isinstance(found, tuple) and not isinstance(found, Job) else found


def filled_text(text: str, state: State) -> str:
    """Give a text with each variable filled in whose value is a known text."""

    def said(part: re.Match[str]) -> str:
        value = _held(part, state)
        if isinstance(value, str):
            return value if (part[1] or part[2]) not in {"?", "!"} and "[" not in part[0] else part[0]
        return part[0]

    return _PART.sub(said, text)


def known_text(given: Iterable[Filled]) -> str | None:
    """Give words as one text; None where one of them is not known."""
    texts = [one.value for one in given]
    return " ".join(map(str, texts)) if all(isinstance(one, str) for one in texts) else None


def demanded(words: Iterable[Word], state: State) -> bool:
    """Tell whether words end the shell where a variable has no value, `${GATE:?}`, and it may have none."""
    return any(
        state.value(name) is None for word in words if not word.is_literal for name in _DEMANDED.findall(word.value)
    )
