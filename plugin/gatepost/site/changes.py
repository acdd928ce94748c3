"""One change of a record as HTML in the reader's language, written without a template."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gatepost.book.change_values import item_name, value_text
from gatepost.site.escape import safe
from gatepost.site.fragments import status

if TYPE_CHECKING:
    from gatepost.book.changes import Change
    from gatepost.site.words import Words

__all__ = ["badge", "change_html"]

_ARROW = '<span class="gp-arrow-to">→</span>'


def change_html(words: Words, change: Change) -> str:
    """Say what changed: the field as code, and from what to what; a move of the status with its badges."""
    one, two = change.before, change.after
    match change.kind:
        case "status":
            return f'<span class="gp-move">{badge(words, one)} {_ARROW} {badge(words, two)}</span>'
        case "item":
            sign, tag = ("+", "ins") if one is None else ("-", "del")
            return f"{_code('.'.join(change.path[:-1]))} <{tag}>{sign} {safe(item_name(change))}</{tag}>"
        case "section":
            named = _quoted(change.key) if change.key else words.html("history.lead")
            return f"{words.html('history.section')} {named}: {_edited(words, one, two)}"
        case "heading":
            return f"{words.html('history.heading')} {_quoted(one)} {_ARROW} {_quoted(two)}"
        case "order":
            return f"{_code(change.key)} {words.html('history.order')}"
        case "unreadable":
            if two is None:
                return words.html("history.readable")
            return f"{words.html('history.unreadable')} {safe(value_text(two))}"
        case "moved" | "renumbered" | "kind" | "design":
            return f"{safe(words(f'history.{change.kind}'))} {_from_to(words, one, two)}"
        case _:
            return f"{_code(change.key)} {_from_to(words, one, two)}"


def badge(words: Words, said: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    """Give the badge of a status; of one that is no status of today's too, and of none."""
    if said is None:
        return f'<span class="gp-note">{words.html("history.nothing")}</span>'
    name = value_text(said)
    return status(words, name) if words.known(f"status.{name}", "") else f'<span class="gp-s">{safe(name)}</span>'


@lru_cache(maxsize=1024)
def _code(key: str) -> str:
    return f"<code>{safe(key)}</code>"


def _quoted(text: str) -> str:
    return f"<q>{safe(value_text(text))}</q>"


def _from_to(words: Words, one: Any, two: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    return f"{_value(words, one)} {_ARROW} {_value(words, two)}"


def _value(words: Words, value: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    if value is None:
        return f'<span class="gp-note">{words.html("history.nothing")}</span>'
    return f'<span class="gp-value">{safe(value_text(value))}</span>'


@lru_cache(maxsize=1024)
def _edited(words: Words, one: int | None, two: int | None) -> str:
    """Say how many words a section had and has."""
    if one is None:
        return words("history.written", n=two or 0)
    return words("history.left-out", n=one) if two is None else words("history.edited", n=two, before=one)
