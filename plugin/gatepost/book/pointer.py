"""JSON Pointer (RFC 6901): from a JSON document, or the frontmatter of a Markdown file, to one value in it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

from gatepost.book.frontmatter import read_document

__all__ = ["PointerError", "number_at", "rounds_to"]


_FENCE: Final = b"---"
_INDEX: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")


class PointerError(ValueError):
    """The document cannot be read, or has no number at that place; the message says which."""


def number_at(content: bytes, pointer: str) -> Decimal:
    """Give the number that a pointer leads to in a JSON document, or in the frontmatter of a Markdown file.

    Raises:
        PointerError: the content is neither, the pointer leads nowhere, or to something that is no number.
    """
    here = _front(content) if content.startswith(_FENCE) else _json(content)
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and key in here:
            here = here[key]
        elif isinstance(here, list) and _INDEX.match(key) and int(key) < len(here):
            here = here[int(key)]
        else:
            message = f"it has nothing at {pointer}"
            raise PointerError(message)
    if isinstance(here, int | float) and not isinstance(here, bool):
        here = Decimal(str(here))
    if not isinstance(here, Decimal) or not here.is_finite():
        message = f"what it has at {pointer} is not a number"
        raise PointerError(message)
    return here


def _json(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(content, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        reason = "it nests too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        message = f"it is not JSON ({reason})"
        raise PointerError(message) from None


def _front(content: bytes) -> Any:  # noqa: ANN401 - whatever YAML holds
    document = read_document("", content)
    if document.faults or document.data is None:
        reason = document.faults[0].message if document.faults else "it has none"
        message = f"its frontmatter cannot be read ({reason})"
        raise PointerError(message)
    return document.data


def rounds_to(actual: Decimal, quoted: Decimal) -> bool:
    """Tell whether a number, rounded to the digits of the one that is quoted, equals it."""
    exponent = quoted.as_tuple().exponent
    if not isinstance(exponent, int):
        return False
    try:
        unit = Decimal(1).scaleb(min(exponent, 0))
        return abs(actual - quoted) <= unit / 2
    except ArithmeticError:
        return False
