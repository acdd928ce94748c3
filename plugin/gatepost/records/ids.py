"""Record identifiers: `ADR-0003`, `RISK-2`, `FU-7`, `CHK-1`.

The number is what counts: `ADR-3` and `ADR-0003` name the same record.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

__all__ = ["IDS_IN_PROSE", "ID_IN_PROSE", "PREFIX_OF_KIND", "Ref", "canonical", "kind_of_id", "without_accents"]

PREFIX_OF_KIND: Final = {"decision": "ADR", "risk": "RISK", "follow-up": "FU", "item": "CHK"}
"""The prefix of each kind of record that is numbered; an `item` is one criterion of a checklist."""

_KIND_OF_PREFIX: Final = {prefix: kind for kind, prefix in PREFIX_OF_KIND.items()}
_ID: Final = re.compile(r"(ADR|RISK|FU|CHK)-([0-9]{1,9})\Z")

_ALONE: Final = {prefix: rf"{prefix}(?<![\w/.#=&?-]{prefix})-[0-9]{{1,9}}(?![\w-]|\.\w)" for prefix in _KIND_OF_PREFIX}
IDS_IN_PROSE: Final = {f"{prefix}-": re.compile(pattern) for prefix, pattern in _ALONE.items()}
"""For each prefix with its dash: the ids with it as prose writes them. A search for one prefix is ten times as fast."""
ID_IN_PROSE: Final = re.compile("|".join(_ALONE.values()))
"""A record id as prose writes it: a word of its own, not part of a path, an address, an anchor or a longer name."""


@lru_cache(maxsize=1 << 16)
def canonical(record_id: str) -> str:
    """Give the one spelling of an id under which it is compared and looked up (`ADR-3`)."""
    match = _ID.match(record_id)
    return f"{match[1]}-{int(match[2])}" if match else record_id


def without_accents(text: str) -> str:
    """Give text in which a letter with a mark is the letter alone; other alphabets stay as they are."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", bare.replace("ß", "ss"))


def kind_of_id(record_id: str) -> str | None:
    """Give the kind of record that an id names by its prefix, or None when it has no known prefix."""
    match = _ID.match(record_id)
    return _KIND_OF_PREFIX[match[1]] if match else None


def _known_prefix(value: str) -> str:
    if not _ID.match(value):
        raise PydanticCustomError(
            "record_id",
            "'{value}' is not a record id: expected ADR-1, RISK-1, FU-1 or CHK-1",
            {"value": value[:60]},
        )
    return value


Ref = Annotated[str, AfterValidator(_known_prefix)]
"""The id of a record, as written."""
