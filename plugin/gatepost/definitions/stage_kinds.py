"""Which kind a stage of a definition probably has, told by whole words of its name, then by those of its command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.definitions.definition import RealStage
from gatepost.definitions.draft_work import commands_in, work_of
from gatepost.definitions.shell import HARMLESS
from gatepost.definitions.telling import asked_of, words_of
from gatepost.pipeline.metric_names import better_served
from gatepost.records.pipeline import StageKind
from gatepost.records.places import is_called_production

__all__ = ["BY_NAME", "command_kind", "told_kind"]

BY_NAME: Final = "told by its name"

_BY_COMMAND: Final = "told by its command"


def _of(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^-])(?:{words})(?![^-])")


_KINDS: Final[tuple[tuple[StageKind, re.Pattern[str]], ...]] = (
    ("gate", _of(r"gat(?:e|es|ing)|thresholds?|check-quality|quality-check|validate-model|should|condition")),
    ("approval", _of(r"approv(?:e|es|ed|al|als|er|ing)|sign-?off")),
    (
        "promote",
        _of(
            r"deploy(?:s|ed|er|ing|ment)?|promot(?:e|es|ed|er|ing|ion)|releas(?:e|es|ing)|publish(?:es|ing)?|roll-?out"
            r"|canary|push-model|serve|ship|go-?live|kubectl-(?:apply|set)|helm-(?:upgrade|install)|terraform-apply"
        ),
    ),
    ("approval", _of(r"manual|hold")),
    ("monitor", _of(r"monitor(?:s|ing)?|watch(?:er|es)?|drift|observ(?:e|es|er|ability)")),
    (
        "validate",
        _of(
            r"evals?|evaluat(?:e|es|ing|ion|or)|validat(?:e|es|ing|ion|or)|metrics?|scor(?:e|es|ing)|smoke|reports?"
            r"|bench(?:mark|marks|marking)?|lint(?:er|ing)?|ruff|mypy|flake|pylint|pyright|pytest|tox|nox|pre-commit"
            r"|type-?checks?|unittests?"
        ),
    ),
    (
        "data",
        _of(
            r"features?|featuri[sz](?:e|er|ing|ation)|pre-?process(?:ing)?|split(?:s|ter|ting)?|ingest(?:ion)?|datasets?"
            r"|prep|prepar(?:e|es|ing|ation)|clean(?:s|ing)?|extract(?:s|ing|ion)?|fetch|download|transform|etl"
        ),
    ),
    ("validate", _of(r"tests?|testing|valid|checks?")),
    (
        "package",
        _of(
            r"packag(?:e|es|er|ing)|bundl(?:e|es|er|ing)|buil(?:d|ds|der|ding)|exports?|register|registration|registry"
            r"|images?|docker|wheels?"
        ),
    ),
    (
        "train",
        _of(r"(?:re|pre)?train(?:s|er|ing)?|(?:re)?fit(?:s|ter|ting)?|(?:fine-?)?tun(?:e|es|er|ing)|learn(?:er|ing)?"),
    ),
)
"""The first that tells counts: what is most to be guarded comes before what is said of data."""
_WEIGHT: Final = ("promote", "gate", "approval", "train", "package", "validate", "monitor", "data")
"""Which of several commands tells what a stage is for."""
_MAKES_KNOWN: Final = _of(
    r"(?:un)?register|deploy|promot(?:e|ion)|publish|releas(?:e|es)|push|transition|upload|rollout|alias"
)
"""What brings a model to production where production is named with it."""
_LIMIT: Final = re.compile(r"(?<!\S)--(?:min|minimum|max|maximum)[-_]([A-Za-z][\w-]*)[= ]+[\d.]")
_CONTAINERS: Final = frozenset({"docker", "podman"})
"""Commands that run anything: only what they are asked for tells."""


def told_kind(stage: RealStage) -> tuple[StageKind, str] | None:
    """Give the kind that the words of a stage tell, and which words those are; None where none does."""
    name = words_of(stage.name.partition("@")[0].rpartition(".")[2])
    commands = list(_commands(stage))
    asked = [_asked(one) for one in commands]
    named = _kind_of(name)
    is_brought = any(_brings_to_production(name, words, one) for words, one in zip(asked, commands, strict=True))
    if is_brought and named != "promote":
        return "promote", "told by its command, which names production"
    if named:
        return named, BY_NAME
    found = {kind for one in commands if (kind := command_kind(one))}
    if found:
        return min(found, key=_WEIGHT.index), _BY_COMMAND
    return ("promote", "told by the environment that it names") if is_called_production(stage.target or "") else None


def command_kind(command: str) -> StageKind | None:
    """Give the kind that the words of one command tell; None where none does."""
    told = _of_asked(_asked(command))
    return "gate" if told in {None, "validate"} and _sets_a_limit(command) else told


def _sets_a_limit(command: str) -> bool:
    """Tell whether an option holds a metric that everybody knows to a limit: `--min-f1 0.7`, `--max-p99-ms=50`."""
    return any(better_served(one.replace("-", "_")) for one in _LIMIT.findall(command))


def _asked(command: str) -> list[str]:
    return [word for one in asked_of(command) for word in words_of(one)]


def _of_asked(words: list[str]) -> StageKind | None:
    return _kind_of(one for one in words if one not in _CONTAINERS)


def _kind_of(words: Iterable[str]) -> StageKind | None:
    text = "-".join(words)
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), None)


def _commands(stage: RealStage) -> Iterator[str]:
    """Give the commands that a stage runs when all is well, without those that only print."""
    work = work_of(stage)
    text = work.command or stage.command or ""
    for one in [text] if work.command else commands_in(stage.work or (text,)) or []:
        if one.split(maxsplit=1)[0] not in HARMLESS:
            yield one


def _brings_to_production(name: list[str], asked: list[str], command: str) -> bool:
    """Tell whether a command registers or deploys something as production; a file that is called so tells nothing."""
    if not _MAKES_KNOWN.search("-".join((*name, "", *asked))):
        return False
    given = (one for one in re.split(r"[\s=,'\"]+", command) if not re.search(r"\.\w{1,5}\Z", one))
    return any(is_called_production(word) for one in (*name, *given) for word in words_of(one))
