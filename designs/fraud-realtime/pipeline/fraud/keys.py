"""Secrets: from the environment, or, for synthetic payments only, words that everybody can read here."""

from __future__ import annotations

import os
from typing import Final

from fraud.outcome import Rejected

__all__ = ["SIGNING_KEY", "TOKEN_KEY", "secret"]

TOKEN_KEY: Final = "FRAUD_TOKEN_KEY"  # noqa: S105 - the name of a variable
SIGNING_KEY: Final = "FRAUD_SIGNING_KEY"


def secret(name: str, *, synthetic: bool) -> bytes:
    """Give the secret in an environment variable.

    Args:
        name: the variable.
        synthetic: whether nobody's payments are handled with it.

    Raises:
        Rejected: it is not set, and the payments may be real.
    """
    value = os.environ.get(name, "").encode()
    if value or synthetic:
        return value or b"for synthetic payments, known to everybody"
    message = f"{name} is not set, and these payments are not marked as synthetic"
    raise Rejected(message)
