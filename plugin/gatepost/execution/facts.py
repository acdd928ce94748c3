"""What a file or a folder holds, piece by piece, so that pieces which vary from run to run can be told from others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from gatepost.execution.folder import COMPILED, digest, paths_below

__all__ = ["BYTES", "Facts", "facts_of", "unlike"]

Facts = dict[str, str]
"""For each piece what it is: a value of a JSON file, a line of a text, the digest of a file."""
BYTES: Final = "its bytes"
"""The piece that is a file as a whole."""
_MOST: Final = 1 << 20
"""Files of more bytes are not taken apart."""


def facts_of(path: Path) -> Facts:
    """Give the pieces of a file, or of the files in a folder; none when there is neither."""
    if not path.is_dir():
        return dict(_pieces(path))
    found: Facts = {}
    for one in paths_below(path):
        if COMPILED not in one.parts:
            name = one.relative_to(path).as_posix()
            found.update((f"{piece} in {name}", value) for piece, value in _pieces(one))
    return found


def _pieces(path: Path) -> Iterator[tuple[str, str]]:
    whole = digest(path)
    if whole is None:
        return
    yield BYTES, whole
    if path.stat().st_size > _MOST:
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    try:
        yield from _values(json.loads(text))
    except (ValueError, RecursionError):
        yield from ((f"line {number}", line) for number, line in enumerate(text.splitlines(), start=1))


def _values(value: Any, at: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _values(inner, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _values(inner, f"{at}[{index}]")
    else:
        yield at or "its value", json.dumps(value, ensure_ascii=False)


def unlike(clean: Facts, controls: Sequence[Facts], found: Facts) -> str:
    """Give a piece that is not as it must be; empty when all are.

    What all runs without a fault agree on must be the same in another; what varies between them may vary. Names may
    vary as well, such as a time for a key, but another run has no more pieces of a name of its own than they have.

    Args:
        clean: what a run without a fault leaves.
        controls: what others leave, one of them begun after `found` was made: what time alone changes differs there.
        found: what is held against them.
    """
    settled = [piece for piece, value in clean.items() if all(one.get(piece) == value for one in controls)]
    differing = [piece for piece in settled if found.get(piece) != clean[piece]]
    own, *others = (facts.keys() - clean.keys() for facts in (found, *controls))
    if len(own) > max(map(len, others), default=0):
        differing += sorted(own.difference(*others))
    return min(differing, key=lambda piece: piece.startswith(BYTES), default="")
