"""What would end a build with a traceback, in MkDocs or in a theme: it is taken out, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import TemplateNotFound
from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files

__all__ = ["drop_unaddressable", "fill_unreadable", "mend_meta"]

_PRINTED_RAW: Final = ("description", "author")
"""What Material puts into attributes of its head as it stands."""
_SHAPES: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "search": ((dict,), "a mapping such as {exclude: true}"),
    "hide": ((list, str), "a list such as [toc]"),
    "status": ((str,), "one word"),
    "template": ((str,), "the name of a template"),
    "icon": ((str,), "the name of an icon"),
}
"""What themes expect of a page's fields, and how to say so."""
_TEMPLATES: Final = {"template": "{}", "icon": ".icons/{}.svg"}
"""The fields that name a file of the theme, and where that file is."""


def drop_unaddressable(files: Files) -> Iterator[str]:
    """Take out the pages whose names are no UTF-8, for which there is no address; give a line on each."""
    for file in tuple(files.documentation_pages()):
        try:
            file.src_uri.encode()
        except UnicodeEncodeError:
            files.remove(file)
            name = file.src_uri.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            yield f"{name}: the name of the file is not UTF-8, so that the page has no address (rename the file)"


def fill_unreadable(file: File) -> None:
    """Let a page that MkDocs cannot read be an empty one; its finding says what is wrong with it."""
    try:
        _ = file.content_string
    except (OSError, ValueError):
        file.content_string = ""


def mend_meta(meta: MutableMapping[str, Any], path: str, config: MkDocsConfig) -> Iterator[str]:
    """Take out the fields of a record's page that a theme would fail on, escape what it prints raw; give the lines."""
    for name in _PRINTED_RAW:
        if meta.get(name) is not None:
            meta[name] = escape(str(meta[name]))
    for name, (types, expected) in _SHAPES.items():
        value = meta.get(name)
        if value is None:
            continue
        if not isinstance(value, types):
            del meta[name]
            yield f"{path}: `{name}` is ignored, a theme cannot use {value!r} (write {expected}, or leave it out)"
        elif name in _TEMPLATES and not _has(config.theme.get_env(), _TEMPLATES[name].format(value)):
            del meta[name]
            yield f"{path}: `{name}` is ignored, the theme has no {value!r} (mend the name, or leave it out)"


def _has(environment: Environment, template: str) -> bool:
    if environment.loader is None:
        return False
    try:
        environment.loader.get_source(environment, template)
    except (TemplateNotFound, OSError, ValueError):
        return False
    return True
