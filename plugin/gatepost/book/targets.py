"""Where a relative Markdown link leads."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

__all__ = ["link_target"]


def link_target(target: str, folder: str) -> str | None:
    """Give the path from the root that a relative link leads to, or None when it leaves the root.

    Args:
        target: as it is written, perhaps with an anchor or a query.
        folder: the folder of the file it is written in, relative to the root.
    """
    path = unquote(target.partition("#")[0].partition("?")[0])
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined == ".." or joined.startswith("../") else joined
