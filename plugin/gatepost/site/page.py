"""What the site hands to a generator: pages of Markdown, files, and how pages are linked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

__all__ = [
    "Asset",
    "CommitUrl",
    "EditUrl",
    "FileUrl",
    "Page",
    "Urls",
    "front",
    "markdown_urls",
    "no_commit_url",
    "no_edit_url",
    "no_file_url",
]

Urls: TypeAlias = Callable[[str, str], str]
"""From the page that links and the page that is linked, `#anchor` included, to a relative URL.

Both pages are source paths relative to the docs folder: `churn-batch/decisions/0001-batch.md`.
"""

EditUrl: TypeAlias = Callable[[str], str | None]
"""From a page's source path to the address where a reader can edit it, or None."""


CommitUrl: TypeAlias = Callable[[str], str | None]
"""From the full id of a commit to the address where a reader sees it, or None."""


FileUrl: TypeAlias = Callable[[str, str], str | None]
"""From the page that links and the path of a file below the docs folder to a relative URL, or None."""


class Page(NamedTuple):
    """A generated page."""

    path: str
    """Its source path, relative to the docs folder."""
    title: str
    markdown: str
    """Its whole text, frontmatter included."""


class Asset(NamedTuple):
    """A file that the pages need."""

    path: str
    """Where it goes, relative to the root of the site."""
    content: bytes


def markdown_urls(from_page: str, to_page: str) -> str:
    """Link to the Markdown file itself, which most generators and every forge understand."""
    path, sharp, anchor = to_page.partition("#")
    if not path:
        return to_page
    here, there = from_page.split("/")[:-1], path.split("/")
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) + sharp + anchor


def no_edit_url(_page: str) -> str | None:
    """Know no place where a page can be edited."""
    return None


def no_commit_url(_commit: str) -> str | None:
    """Know no place where a commit can be seen."""
    return None


def no_file_url(_page: str, _path: str) -> str | None:
    """Know no files but pages."""
    return None


def front(title: str, *, wide: bool = False, searched: bool = True) -> str:
    """Give what a generated page starts with: its frontmatter and its title.

    Args:
        title: the page's title.
        wide: whether the sidebars make room for a wide table.
        searched: whether the search finds the page; tables that repeat the records are left out.
    """
    lines = ["---", f"title: {json.dumps(title, ensure_ascii=False)}"]
    lines += ["hide: [navigation, toc]"] if wide else ["hide: [toc]"]
    lines += ["search: {boost: 2}"] if searched else ["search: {exclude: true}"]
    return "\n".join([*lines, "---", "", f"# {title}", "", ""])
