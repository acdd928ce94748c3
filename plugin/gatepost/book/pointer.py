"""JSON Pointer (RFC 6901): from a document to one value in it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

__all__ = ["PointerError", "number_at", "rounds_to"]


_INDEX: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")


class PointerError(ValueError):
    """The document cannot be read, or has no number at that place; the message says which."""


def number_at(content: bytes, pointer: str) -> Decimal:
    """Give the number that a pointer leads to in a JSON document.

    Raises:
        PointerError: the content is not JSON, the pointer leads nowhere, or to something that is no number.
    """
    try:
        here: Any = json.loads(content, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        reason = "it nests too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        message = f"it is not JSON ({reason})"
        raise PointerError(message) from None
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and key in here:
            here = here[key]
        elif isinstance(here, list) and _INDEX.match(key) and int(key) < len(here):
            here = here[int(key)]
        else:
            message = f"it has nothing at {pointer}"
            raise PointerError(message)
    if not isinstance(here, Decimal) or not here.is_finite():
        message = f"what it has at {pointer} is not a number"
        raise PointerError(message)
    return here


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
