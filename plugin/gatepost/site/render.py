"""Templates, compiled once; whatever they print is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from gatepost.site.compiled import CompiledTemplates
from gatepost.site.escape import safe
from gatepost.site.parts import Parts
from gatepost.site.words import words_in

__all__ = ["block", "render", "safe"]


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("gatepost.site", "templates"),
        bytecode_cache=CompiledTemplates(Path(__file__).with_name("templates")),
        autoescape=True,
        finalize=safe,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        optimized=False,  # there are no constants to fold, and looking for them is a third of the compiling
    )
    words = words_in(language)
    environment.globals.update(t=words, p=Parts(words))
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
