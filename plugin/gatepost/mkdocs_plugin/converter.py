"""One Markdown converter for all records of a build, where MkDocs makes one for each page.

Python-Markdown's converters are made to be used again after a reset, and a new one costs a fifth of what it takes to
convert a short record; more with the extensions that Material recommends. MkDocs makes its own in the middle of
`Page.render`, so that it is led to ours for as long as a record's page is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import markdown
from mkdocs.structure import pages

from gatepost.site import RecordLinks

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["FORGETTING", "Converter"]

FORGETTING: Final = frozenset(
    {"admonition", "attr_list", "codehilite", "def_list", "fenced_code", "footnotes", "md_in_html", "meta"}
    | {"nl2br", "sane_lists", "smarty", "tables", "toc"}
    | {f"pymdownx.{name}" for name in ("arithmatex", "betterem", "caret", "critic", "details", "emoji", "highlight")}
    | {f"pymdownx.{name}" for name in ("inlinehilite", "keys", "mark", "smartsymbols", "superfences", "tabbed")}
    | {f"pymdownx.{name}" for name in ("tasklist", "tilde")}
)
"""The extensions of which a test shows that nothing of one page is left for the next."""


class Converter:
    """The converter of one build."""

    def __init__(self) -> None:
        self._made: markdown.Markdown | None = None
        self._settings: tuple[list[Any], dict[str, Any]] = ([], {})
        """The extensions and the settings of these that it was made with."""

    @contextmanager
    def lent(self, config: MkDocsConfig) -> Iterator[None]:
        """Let MkDocs have it, unless an extension of the site may remember a page; after an error it is made anew."""
        settings = config["markdown_extensions"], config["mdx_configs"] or {}
        if not all(isinstance(one, RecordLinks) or one in FORGETTING for one in settings[0]):
            yield
            return
        if settings != self._settings:
            self._made, self._settings = None, (list(settings[0]), deepcopy(settings[1]))
        place = vars(pages)
        place["markdown"] = self
        try:
            yield
        except BaseException:
            self._made = None
            raise
        finally:
            place["markdown"] = markdown

    def Markdown(  # noqa: N802 - what MkDocs calls
        self, *, extensions: list[Any], extension_configs: dict[str, Any]
    ) -> markdown.Markdown:
        """Give the converter, as good as new."""
        if self._made is None:
            self._made = markdown.Markdown(extensions=extensions, extension_configs=extension_configs)
        return self._made.reset()

    def __getattr__(self, name: str) -> object:
        """Give what else MkDocs looks for in Python-Markdown's package."""
        return getattr(markdown, name)
