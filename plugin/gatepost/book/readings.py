"""What a record may be once the values in it that cannot be read are mended: readings, one for each way of it.

What a gate finds in every one of them does not depend on these values, so it can be told together with them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from gatepost.book.explain import path_in
from gatepost.book.mends import Edit
from gatepost.book.stand_ins import stand_ins
from gatepost.records import MODEL_OF_KIND, AnyRecord, Kind

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["readings_of"]

_MOST: Final = 64
"""So many readings of one record are looked at."""
_AGAIN: Final = 3
"""So often what was put in is looked at again: a key that is another one may have a value that cannot be read."""
_FEW: Final = 4


def readings_of(kind: Kind, data: dict[str, Any]) -> Iterator[AnyRecord | None]:
    """Give the readings of a frontmatter, the likeliest first; none where nobody can tell what may stand there.

    None stands for one that asks for more than these values: an accepted decision for the people who made it.
    """
    return islice(_mended(kind, data, _MOST, _AGAIN), _MOST)


def _mended(kind: Kind, data: dict[str, Any], most: int, again: int) -> Iterator[AnyRecord | None]:
    try:
        record = MODEL_OF_KIND[kind].model_validate(data)
    except ValidationError as error:
        choices = list(_choices(kind, data, error)) if again else [[]]
    else:
        if again < _AGAIN:
            yield record
        return
    if not all(choices):
        yield None
        return
    for edits in _combined(choices, most):
        mended = _edited(data, edits)
        yield from _mended(kind, mended, _FEW, again - 1) if mended is not None else (None,)


def _edited(data: dict[str, Any], edits: Iterable[Edit]) -> dict[str, Any] | None:
    """Give frontmatter with all of some edits; None where one takes away what another one is about."""
    mended = copy.deepcopy(data)
    try:
        for edit in edits:
            edit(mended)
    except (LookupError, TypeError):
        return None
    return mended


def _choices(kind: Kind, data: dict[str, Any], error: ValidationError) -> Iterator[list[Edit]]:
    """Give what may stand at each place; names come last, since all else is found by them."""
    for details in sorted(error.errors(include_url=False), key=_is_of_a_name):
        what = "key" if _is_of_a_name(details) else details["type"]
        yield stand_ins(kind, data, path_in(data, details["loc"]), what, details["input"])


def _is_of_a_name(details: ErrorDetails) -> bool:
    return details["loc"][-1:] == ("[key]",)


def _combined(choices: Sequence[list[Edit]], most: int) -> Iterator[Sequence[Edit]]:
    """Give every combination; of very many so few that each choice meets the other ones at each place in turn."""
    if prod(map(len, choices)) <= most:
        yield from product(*choices)
        return
    turn = max(map(len, choices))
    for row in range(most):
        yield [some[(row + place * (row // turn)) % len(some)] for place, some in enumerate(choices)]
