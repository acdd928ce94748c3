"""The navigation of a site, in which a record's file gets a new name."""

from __future__ import annotations

import posixpath

from yaml import YAMLError
from yaml.nodes import MappingNode, Node

from gatepost.book.edit_ids import BY_NAME, Left, Mended, Renaming, is_within
from gatepost.book.edit_source import Source, Splice
from gatepost.book.edit_values import scalars
from gatepost.book.faults import FaultError
from gatepost.book.nodes import bound_depth, compose
from gatepost.book.prose import Prose

__all__ = ["mend_nav"]


def mend_nav(content: bytes, renaming: Renaming, docs: str) -> Mended:
    """Give a configuration of MkDocs whose `nav` names the file where it will lie.

    Args:
        content: the bytes of mkdocs.yml.
        renaming: which number becomes which.
        docs: the documentation folder, relative to the root.
    """
    if not renaming.concerns(content.decode("utf-8", "replace")):
        return Mended(content)
    source = Source(content)
    splices: set[Splice] = set()
    for node in scalars(_nav(source.text)):
        start, end = node.start_mark.index, node.end_mark.index
        written = source.text[start:end]
        if renaming.moved_to and posixpath.normpath(posixpath.join(docs, node.value)) == renaming.subject:
            inner = start + written.find(node.value)
            if inner >= start:
                splices.add(Splice(inner, inner + len(node.value), renaming.path_for(node.value)))
        elif not renaming.others:
            splices.update(
                Splice(found.offset, found.offset + len(found.text), renaming.id_for(found.text))
                for found in Prose(written, start).ids
                if renaming.is_old(found.text)
            )
    spans = [(one.start, one.end) for one in splices]
    rest = [span for span in renaming.names_in(source.text) if not is_within(span, spans)]
    left = tuple(Left(source.line(at), source.text[at:end], BY_NAME) for at, end in rest)
    return Mended(source.spliced(splices), len(splices), left)


def _nav(text: str) -> Node | None:
    try:
        bound_depth(text, 0)
        top = compose(text)
    except (YAMLError, FaultError, RecursionError):
        return None
    pairs = top.value if isinstance(top, MappingNode) else []
    return next((value for key, value in pairs if key.value == "nav"), None)
