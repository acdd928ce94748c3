"""What every generated page has besides its own content: frontmatter, title, the way to the other pages."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from gatepost.site.escape import safe
from gatepost.site.lookup import Lookup
from gatepost.site.page import Page, front
from gatepost.site.render import block

__all__ = ["WAYS", "calm", "framed"]

WAYS: Final = (
    "gate-matrix",
    "decision-log",
    "risk-register",
    "follow-ups",
    "change-log",
    "checklists",
    "policy",
    "gates/index",
)
"""The pages that the overview leads to, without their ending."""


def framed(  # noqa: PLR0913 - the last two are switches, named where they are set
    lookup: Lookup, path: str, title: str, html: Markup, *, wide: bool = False, searched: bool = True
) -> Page:
    """Give a page that stands beside the overview, with links to the others on top.

    Args:
        lookup: for words and links.
        path: the page's source path.
        title: its title.
        html: its content.
        wide: whether the sidebars make room for it.
        searched: whether the search finds it.
    """
    ways = [
        (
            lookup.words("page.overview" if way == "index" else f"page.{way}"),
            lookup.urls(path, f"{way}.md"),
            f"{way}.md",
        )
        for way in ("index", *WAYS)
    ]
    bar = lookup.render("bar", ways=ways, here=path)
    return Page(path, title, f"{front(title, wide=wide, searched=searched)}{block(bar)}\n{block(html)}")


def calm(lede: str, words: str) -> Markup:
    """Give what stands in the place of a table without rows, whose template need not be compiled then."""
    return Markup(  # noqa: S704 - both are escaped
        f'<div class="gp gp-wide">\n<p class="gp-lede">{safe(lede)}</p>\n<p class="gp-calm">{safe(words)}</p>\n</div>'
    )
