"""Does an author's own text answer what was asked, or does it deny it, put it off, or say nothing?"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NOTHING", "PUT_OFF", "said_by", "says_how_it_is_signed", "says_something", "words_of"]

NOTHING: Final = frozenset(
    "none nothing no null na n a todo tbd unknown the one release version model to back".split()  # noqa: SIM905 - words read best as a text
)
"""Words that by themselves say nothing."""
_SHORTEST: Final = 3
"""A word of so many Latin letters says something; shorter ones are `x`, `na`, `ok`."""

PUT_OFF: Final = frozenset(
    "later soon yet planned pending todo tbd undecided not decided needed required determined defined be is it "  # noqa: SIM905 - words read best as a text
    "will for now by then".split()
)
"""Words that by themselves deny an answer, or put it off: `not decided yet`, `to be defined`."""
_WORD: Final = re.compile(r"[^\W_]+")
_DENIES: Final = frozenset("no not none never nothing nobody without un".split())  # noqa: SIM905 - the same
"""Words that take back what follows, at the beginning of an answer."""
_NOT_YET: Final = frozenset({"unsigned", "later", "planned", "pending", "todo", "tbd", "yet", "soon"})
"""Words that take back how something is signed, wherever they stand."""
_NO_SCHEME: Final = frozenset({"sign", "signs", "signed", "signature", "signatures", "unsigned", "design", "assigned"})
_SCHEMES: Final = frozenset(
    "sigstore gpg pgp hmac rsa ecdsa eddsa ed25519 dsa x509 pki pkcs7 kms hsm tpm notary notation dsse jws jwt "  # noqa: SIM905 - the same
    "jose cms tuf slsa authenticode sha256 sha384 sha512 vault key keys keyless cert certificate".split()
)
"""What things are signed with."""
_OWN: Final = re.compile(r"\b(?:with|by|using)\s+\w", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """Give the words of a text, in small letters."""
    return _WORD.findall(text.casefold())


def said_by(text: str) -> set[str]:
    """Give the words of a text that say something: neither put off, nor too short."""
    long = {one for one in words_of(text) if len(one) >= _SHORTEST or not one.isascii()}
    return long - NOTHING - PUT_OFF


def says_something(text: str) -> bool:
    """Tell whether a text gives a reason, by a word at least: `x`, `todo` and `none` do not."""
    return bool(said_by(text) - {"reason", "why", "because", "whatever", "yes", "reasons"})


def says_how_it_is_signed(sign: str) -> bool:
    """Tell whether a text names what something is signed with: a scheme that is known, or `with` what it is.

    A text that nobody here understands says nothing, and one that denies it or puts it off does not either.
    """
    words = words_of(sign)
    if not words or words[0] in _DENIES or not _NOT_YET.isdisjoint(words):
        return False
    named = any(one in _SCHEMES or ("sign" in one and one not in _NO_SCHEME) for one in words)
    return named or bool(_OWN.search(sign))
