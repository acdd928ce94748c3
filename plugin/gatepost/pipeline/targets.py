"""What a rollback restores, and what is done when there is nothing to restore.

A target is there on a first release when it is fixed by itself, or when the author says so. Whatever else it is called,
it is taken to be what came before, which a first release does not have.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.words import said_by, words_of
from gatepost.records.expressions import ACTIONS
from gatepost.records.pipeline import StageRollback
from gatepost.records.versions import is_fixed, names_a_version

__all__ = ["is_always_there", "is_answered", "means_before"]

_BEFORE: Final = frozenset(
    {"previous", "last", "prior", "earlier", "before", "champion", "current", "known", "rollback"}
)
"""Words of a rollback's target that mean whatever came before."""
_GOES_ON: Final = frozenset(
    "keep keeps kept continue continues go goes going on proceed ignore ignores accept accepts tolerate live with stay "  # noqa: SIM905 - words read best as a text
    "stays leave leaves as do does nobody wait waits hold holds retry again good stable new whatever something some "
    "anything old any this that these those they there we breach failure error alarm unclear unsure open question "
    "maybe handle handled look investigate fix forward roll rolls hotfix revert undo applicable initial cannot can t "
    "happen happens see above below runbook call notify inform tell team incident ticket sre ops open redeploy deploy "
    "rerun re run pipeline restart decide serve serves on oncall".split()
)
"""Words that by themselves leave what was just released where it is: `keep it`, `accept the breach`, `wait`."""
_ONE_BEFORE: Final = re.compile(r"(?<![^\W_])n\s*[-\N{EN DASH}\N{MINUS SIGN}]\s*\d", re.IGNORECASE)
"""The one before, counted: `N-1`."""
_SAME: Final = re.compile(
    r"\W*(?:(?:it|this|that) is )?(?:the )?same(?![^\W_])"
    r"|.*\b(?:always there|there (?:already|from the (?:start|beginning))|exists from the (?:start|beginning))\b",
    re.IGNORECASE | re.DOTALL,
)
"""What an author writes under `first` of a target that is there on a first release, too."""
_SAME_AS_BEFORE: Final = re.compile(
    r"\bsame\W+(?:as\W+)?(?:the\W+)?(?:before|previous|prior|last|earlier)\b", re.IGNORECASE
)


def is_always_there(contract: Contract, back: StageRollback) -> bool:
    """Tell whether what a rollback restores is there on a first release, too, and stays what it is.

    It is when `to` names a version, or an input of the contract that is pinned to one, and when `first` says that it is
    the same. Of what plainly is whatever came before (`previous`, `N-1`) nobody can say that.
    """
    if _is_pinned(contract, back.to):
        return True
    is_before = means_before(back.to) or _SAME_AS_BEFORE.search(back.first or "")
    return _says_the_same(back) and not is_before


def is_answered(contract: Contract, back: StageRollback) -> bool:
    """Tell whether a rollback has an answer for a first release: a target that is there, or what is done instead."""
    if is_always_there(contract, back):
        return True
    return _says_what_to_do_first(contract, back.first or "") and not _says_the_same(back)


def means_before(target: str) -> bool:
    """Tell whether a target plainly is whatever came before; a version is not, whatever it is called."""
    if _is_a_version(target):
        return False
    return bool(_ONE_BEFORE.search(target)) or any(map(_is_before, words_of(target)))


def _says_what_to_do_first(contract: Contract, first: str) -> bool:
    """Tell whether a rollback says what is done on a first release, so that what was released no longer answers.

    `none`, `the previous one`, `later`, `keep it` and `page` do not, and neither does the name of what the run
    has made.
    """
    if _ONE_BEFORE.search(first) or first.strip() in contract.graph.producers:
        return False
    made = {word for one in contract.graph.producers for word in words_of(one)}
    return not all(map(_is_before, said_by(first) - _GOES_ON - set(ACTIONS) - made))


def _says_the_same(back: StageRollback) -> bool:
    first = (back.first or "").strip()
    return bool(_SAME.match(first)) or first.casefold() == back.to.strip().casefold()


def _is_pinned(contract: Contract, target: str) -> bool:
    """Tell whether a target is a version, or the name of an input that a version or a digest pins."""
    known = contract.record.artifacts.get(target.strip())
    if known is None or target.strip() in contract.graph.producers:
        return _is_a_version(target)
    return known.sha256 is not None or (known.source is not None and names_a_version(known.source))


def _is_a_version(target: str) -> bool:
    return names_a_version(target) or ("@" not in target and is_fixed(target))


def _is_before(word: str) -> bool:
    return word in _BEFORE or bool(get_close_matches(word, ("previous",), n=1, cutoff=0.8))
