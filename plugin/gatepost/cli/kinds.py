"""The kind of a record as an argument, with a hint for those who know it by another name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

import click
from click.shell_completion import CompletionItem

from gatepost.records import KINDS

__all__ = ["KIND"]

_ALSO_CALLED: Final = {"adr": "decision", "madr": "decision", "fu": "follow-up", "contract": "pipeline"}


class _Kind(click.ParamType):  # type: ignore[type-arg]  # older click has no type arguments here
    """One of the kinds of records."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        word = value.lower()
        near = [_ALSO_CALLED[word]] if word in _ALSO_CALLED else get_close_matches(word, KINDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the kinds are {', '.join(KINDS)}"
        if value not in KINDS:
            self.fail(f"there is no kind '{value}'; {hint}", param, ctx)
        return value

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        return [CompletionItem(kind) for kind in KINDS if kind.startswith(incomplete)]


KIND: Final = _Kind()
"""One of the kinds of records; another word is refused, with the kind that was probably meant."""
