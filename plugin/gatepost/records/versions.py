"""Does a name say which version is meant, the same one next year, or a version that moves?

One rule, for what a contract reads (`warehouse.facts@2026-11-02`) and for what a rollback restores (`champion@7`). It
trusts what says by itself which version it is, and no other word: a name that nobody here knows is taken to move.
"""

from __future__ import annotations

import re
from calendar import monthrange
from itertools import pairwise
from typing import Final

__all__ = ["FIXED_FORMS", "is_fixed", "names_a_version"]

FIXED_FORMS: Final = "a date, a version or a digest; a name of your own behind `tag:`, as in `@tag:gold-3`"
"""What an author may write, in the words of a hint."""

_LONGEST: Final = 2000
"""No source and no version that anybody wrote is longer, in characters."""
_LOGIN: Final = re.compile(r"\w+://[^/@]*@|[\w.-]+@[\w-]+(?:\.[\w-]+)+:(?=\D)")
_TEMPLATE: Final = re.compile(r"[$`]|\{[^}]*\}|<[^>]*>|%\(")
_OPEN: Final = re.compile(
    r"[$`{}\[\]<>*^~%?!|]"  # templates, ranges, what is counted back from a branch
    r"|\.\.|\+$|(?:^|\.)x(?:\.|$)"  # v1..v2, 2026-11-02+, 1.x
    r"|(?:^|[:=\s])-\d"  # -1: the last one
    r"|\d[-.]snapshot$"  # what Maven builds anew each day
)
_REMARK: Final = re.compile(
    r"(?:\s*\((?![^)]*\b(?:or|else|otherwise|if|unless|newer|later)\b)[^()]*\)|\s#.*)\Z", re.IGNORECASE
)
"""What is said beside a name, unless it takes back what the name says."""
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)"
)
_NO_WORD: Final = r"(?<![^\W_])"
_EXACT: Final = re.compile(
    rf"{_NO_WORD}g?[0-9a-f]{{7,}}(?![^\W_])"  # a digest, the id of a commit, a date or a time in digits alone
    rf"|(?<!\d){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:t\d+z?)?(?![^\W_])"  # 20261102, 20261102T1015Z
    rf"|(?<!\d){_YEAR}([-._])(?:0?[1-9]|1[0-2])(?:\1(?:0?[1-9]|[12]\d|3[01]))?(?!\d)"  # 2026-11-02, 2026.11
    rf"|(?<!\d)(?:0?[1-9]|[12]\d|3[01])([-.])(?:0?[1-9]|1[0-2])\2{_YEAR}(?!\d)"  # 02.11.2026
    rf"|(?<!\d){_YEAR}[-_ ]?(?:w\d\d?|q[1-4]|h[12])(?![^\W_])"  # 2026-W45, 2026Q3
    rf"|{_NO_WORD}(?:w\d\d?|q[1-4]|h[12])[-_ ]?{_YEAR}(?!\d)"  # Q3-2026
    rf"|(?<![^\W\d_]){_MONTH}[-_. ]*(?:\d\d?[-_ ]+)?{_YEAR}(?!\d)"  # 2-Nov-2026, November 2026
    rf"|(?<!\d){_YEAR}[-_. ]*{_MONTH}(?![^\W\d_])"  # 2026-nov
    rf"|{_NO_WORD}(?:before|until|as[-_ ]of|of)[-_ ]{_YEAR}(?![^\W_])"  # before-2026
    rf"|{_NO_WORD}v?\d+\.\d+\.\d+"  # 1.4.2
)
"""What says by itself which version is meant, whatever stands beside it: `main-3f2a1bc`, `nightly-2026-11-02`."""
_DAYS: Final = (
    re.compile(
        rf"(?<![^\W_])(?P<year>{_YEAR})(?P<sign>-?)(?P<month>0[1-9]|1[0-2])(?P=sign)(?P<day>0[1-9]|[12]\d|3[01])"
        r"(?![^\W_t])"
    ),
    re.compile(
        rf"(?<![^\W_])(?P<day>0?[1-9]|[12]\d|3[01])(?P<sign>[-.])(?P<month>0?[1-9]|1[0-2])(?P=sign)(?P<year>{_YEAR})"
        r"(?![^\W_])"
    ),
)
"""A date with its day."""
_SLASHED: Final = re.compile(rf"(?<!\d)({_YEAR}/\d\d?(?:/\d\d?)?|\d\d?/\d\d?/{_YEAR})(?!\d)")
_NOUNS: Final = frozenset(
    "v ver version versionasof r rev revision rel release b build run job batch snapshot snap tag edition "  # noqa: SIM905 - words read best as a text
    "gen generation ckpt checkpoint iter iteration epoch step model bundle package image table offset seq sequence "
    "fy id no nr number".split()
)
"""What makes a number a version: `v3`, `release-7`, `snapshot 8123`."""
_PRELIMINARY: Final = frozenset({"a", "alpha", "beta", "c", "rc", "pre", "post", "dev", "patch"})
"""What follows a version of two numbers: `1.4-rc1`."""
_FILLERS: Final = frozenset({"the", "of", "as", "a", "an"})
_PART: Final = re.compile(r"[^\W\d_]+|\d+")
_DOTTED: Final = re.compile(r"\d\.\d")
_INTRODUCED: Final = re.compile(
    r"(?:(?:refs/)?tags?[:=/]|(?:version|ver|v|snapshot|snapshot[-_]id|revision|rev|commit|run|build|release|id)[:=])"
    r"\s*(?P<name>.*\d.*)\Z"
)
_MOVING: Final = frozenset(
    "latest newest head tip main master trunk dev develop development default daily nightly weekly hourly monthly "  # noqa: SIM905 - the same
    "current stable unstable testing prod production staging live edge canary next today yesterday now recent last "
    "previous prior champion challenger candidate best rolling snapshot".split()
)
"""Words that move even behind `tag:`."""
_DURATION: Final = re.compile(r"\d+\W?(?:ms|[smhdwy]|min|minutes?|hours?|days?|weeks?|months?|years?)\Z")
_OPAQUE: Final = re.compile(r"[\w.+=-]{20,}\Z", re.ASCII)
_RUN: Final = re.compile(r"[A-Za-z0-9]+")
_CAMEL: Final = re.compile(r"(?:[A-Z]?[a-z]+\d*)+\Z")
_SHORTEST_RUN: Final = 10
"""So many letters and digits stand together in a token that a machine made, at some place in it."""
_MIXED: Final = 0.25
"""The share of neighbours of different kinds (small letter, capital, digit) above which no person wrote a text."""
_STORED: Final = re.compile(
    r"\w+://\S+[?&]versionid=(?P<id>[\w.+/=-]+)(?:&|\Z)"  # an object store
    r"|models:/[\w.-][\w. -]*/(?P<number>\d+)\Z"  # the registry of MLflow
    r"|runs:/(?P<run>[0-9a-f]{32})(?:/|\Z)",
    re.IGNORECASE,
)
"""Addresses in which a store names the version itself."""
_SHORTEST_ID: Final = 16
"""No object store gives a shorter version, in characters; `null` is that of an object which has none."""


def names_a_version(source: str) -> bool:
    """Tell whether what stands behind the last `@` of a source is fixed, and no part of the source is a variable.

    So is the version in the address of a store that has versions: `s3://bucket/key?versionId=…`, `models:/fraud/7`.
    """
    if len(source) > _LONGEST:
        return False
    if _is_stored(source.strip()):
        return True
    text = _LOGIN.sub("", source.strip(), count=1)
    _, sign, version = text.rpartition("@")
    return bool(sign) and not _TEMPLATE.search(text) and is_fixed(version)


def _is_stored(source: str) -> bool:
    """Tell whether a source is the address of one version in a store."""
    found = _STORED.match(source)
    if found is None or _TEMPLATE.search(source):
        return False
    version = found["id"]
    if version is None:
        return True
    is_given = len(version) >= _SHORTEST_ID and any(one.isdigit() for one in version)
    return is_fixed(version) or (is_given and _MOVING.isdisjoint(_PART.findall(version.casefold())))


def is_fixed(name: str) -> bool:
    """Tell whether a name says which version is meant.

    It does when it holds a digest, the id of a commit (seven hexadecimal digits or more), a date, a version of three
    numbers or a token that a machine made; when it is a number or a version of two, alone or with a word for versions
    (`v3`, `release-7`); and when it is introduced as the name of one version (`tag:gold-3`). It does not when any part
    of it is a variable, a range or counted back from something, and not by any other word, with or without a number
    (`main-2`, `daily2`, `7d`).
    """
    if len(name) > _LONGEST:
        return False
    original = _REMARK.sub("", name.strip())
    text = _SLASHED.sub(lambda found: found[0].replace("/", "-"), " ".join(original.casefold().split()))
    if _is_opaque(original):
        return True
    if not text or _OPEN.search(text) or _is_no_day(text):
        return False
    if _is_introduced(text):
        return True
    head = text.partition("/")[0]
    rest, said = _EXACT.subn(" ", head)
    if said and " " not in head:
        return True
    return _is_a_number(rest, is_said=bool(said))


def _is_no_day(text: str) -> bool:
    """Tell whether a text holds a day that no calendar has, such as the 31st of February."""
    return any(
        int(found["day"]) > monthrange(int(found["year"]), int(found["month"]))[1]
        for form in _DAYS
        for found in form.finditer(text)
    )


def _is_introduced(text: str) -> bool:
    found = _INTRODUCED.match(text)
    if found is None or _DURATION.match(found["name"]):
        return False
    return _MOVING.isdisjoint(_PART.findall(found["name"]))


def _is_opaque(text: str) -> bool:
    """Tell a token that a machine made, like the version of an object in S3, from words: its characters are mixed."""
    if not _OPAQUE.match(text):
        return False
    run = max(_RUN.findall(text), key=len, default="")
    kinds = [(one.isdigit(), one.isupper()) for one in run]
    changes = sum(one != other for one, other in pairwise(kinds))
    return len(run) >= _SHORTEST_RUN and changes >= _MIXED * len(run) and not _CAMEL.match(run)


def _is_a_number(text: str, *, is_said: bool) -> bool:
    """Tell whether a text is a number, or what is left beside a date, with nothing but words for versions."""
    parts = _PART.findall(text)
    known = _NOUNS | _FILLERS | (_PRELIMINARY if _DOTTED.search(text) else frozenset())
    return (is_said or any(one.isdigit() for one in parts)) and all(one.isdigit() or one in known for one in parts)
