"""Gates that hand over their verdict: something later reads what they say, in place of how they end.

What reads it decides. That is not followed, so nothing is claimed of such a gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.definitions.commands import runs
from gatepost.definitions.definition import RealStage

__all__ = ["asks_for", "is_read_later", "only_shows"]

_PARTS: Final = re.compile(r"\n|&&|\|\||;|\|")
_CAPTURED: Final = re.compile(r"\$\(([^()]*)\)|`([^`]*)`")
_KEPT: Final = re.compile(r"(\w+)=[\"']?(?:\$\(|`)")
_TESTING: Final = re.compile(r"(?:^|[\s;&|!(])(?:\[\[?|test|case|if|while|until|grep)\s")
_FILE: Final = re.compile(r"[\w./@{}$+-]*[\w}]\.(?!(?:py|sh|jar|R|js)\b)\w+|/?(?:[\w.-]+/)+[\w-]+")
_WORD: Final = re.compile(r"[^\s\"'=<>()]+")
_SHOWS: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "echo printf cat head tail less tee cp mv rm ls touch true : chmod logger date exit mkdir gzip tar"
    ).split()
)
"""Commands that read a file and judge nothing; any other may judge."""


def asks_for(stage: str, conditions: Iterable[str]) -> bool:
    """Tell whether one of some conditions asks for what a stage hands over: an output, an exit code."""
    name = re.escape(stage.rpartition(".")[2])
    held = rf"\b(?:needs|tasks|steps)(?:\.{name}|\[['\"]{name}['\"]\])\.(?:outputs|exitCode)\b"
    pattern = re.compile(rf"{held}|pipelinechannel--{name}-", re.IGNORECASE)
    return any(pattern.search(one) for one in conditions)


def only_shows(run: str) -> bool:
    """Tell whether commands only print and keep things."""
    return all(words[0] in _SHOWS - {"exit"} for part in _PARTS.split(run) if (words := part.split()))


def is_read_later(stage: RealStage, ours: str | None) -> bool:
    """Tell whether a stage itself reads what its gate says: it tests its output, or a file that the gate names."""
    texts = [one.text for one in stage.scripts] or [stage.command or ""]
    return _is_tested("\n".join(texts), ours) or _is_file_read("\n".join(texts), ours)


def _is_gate(text: str, ours: str | None) -> bool:
    return (
        bool(text.strip())
        and not only_shows(text)
        and (ours is None or any(runs(part, ours) for part in (text, *_PARTS.split(text))))
    )


def _is_tested(text: str, ours: str | None) -> bool:
    """Tell whether the output of a gate is kept or taken, `$(gate)`, and a test asks for it."""
    for match in _CAPTURED.finditer(text):
        if not _is_gate(match[1] or match[2] or "", ours):
            continue
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if _TESTING.search(line):
            return True
        kept = _KEPT.search(text, max(0, match.start() - 80), match.start() + 2)
        rest = text[match.end() :]
        if kept and any(
            re.search(rf"\$\{{?{kept[1]}\b", one) and _TESTING.search(one) for one in re.split(r"\n|&&|;", rest)
        ):
            return True
    return False


def _is_file_read(text: str, ours: str | None) -> bool:
    """Tell whether a command behind a gate reads a file that the gate writes, or is given."""
    parts = [part.strip() for part in _PARTS.split(text.replace("\\\n", " "))]
    for place, part in enumerate(parts):
        if not _is_gate(part, ours):
            continue
        rest = parts[place + 1 :]
        files = set(_files(part)) | {one for other in rest if other.startswith("tee ") for one in _files(other)}
        if any(files & set(_WORD.findall(other)) and not only_shows(other) for other in rest):
            return True
    return False


def _files(part: str) -> Iterator[str]:
    yield from (word for word in _WORD.findall(part) if _FILE.fullmatch(word))
