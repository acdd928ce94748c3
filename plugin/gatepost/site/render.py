"""Templates, compiled once; whatever they print is escaped."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from gatepost.site.words import Words

__all__ = ["block", "render", "safe"]

_TABLE: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&#34;",
        "'": "&#39;",
        "{": "&#123;",
        "}": "&#125;",
        "`": "&#96;",
        "~": "&#126;",
        "\n": " ",
        "\r": " ",
    },
)
"""What HTML takes for markup, and what other plugins take for theirs: macros, fences, blank lines."""
_SPECIAL: Final = re.compile("[&<>\"'{}`~\n\r]")


def safe(value: object) -> Markup:
    """Give a value as text that HTML, Markdown and macros leave alone; Markup stays what it is."""
    if type(value) is Markup:
        return value
    return _escaped(value if type(value) is str else str(value))


@lru_cache(maxsize=4096)
def _escaped(text: str) -> Markup:
    """Give a plain string escaped; pages repeat the same words and hints over and over."""
    return str.__new__(Markup, text.translate(_TABLE) if _SPECIAL.search(text) else text)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("gatepost.site", "templates"),
        autoescape=True,
        finalize=safe,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        optimized=False,  # there are no constants to fold, and looking for them is a third of the compiling
    )
    environment.globals["t"] = Words(language)
    return environment


@cache
def _template(language: str, name: str) -> Template:
    return _environment(language).get_template(f"{name}.html.j2")


def render(language: str, template: str, /, **values: object) -> Markup:
    """Give what a template makes of some values.

    Args:
        language: one of the catalogue's.
        template: its name, without its ending.
        values: what it prints.
    """
    return Markup(_template(language, template).render(values))  # noqa: S704 - the templates escape


def block(html: str) -> str:
    """Give HTML as one raw block of Markdown: nothing indented, no blank line, which would end it."""
    return "\n".join(line for raw in html.splitlines() if (line := raw.strip())) + "\n"
