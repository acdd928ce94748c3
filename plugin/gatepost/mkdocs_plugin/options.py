"""What can be set below `plugins: - gatepost:` in mkdocs.yml; nothing has to be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mkdocs.config import config_options as c
from mkdocs.config.base import BaseConfigOption, Config, ValidationError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["Options", "language_of_theme"]


class Day(BaseConfigOption[dt.date]):
    """A day: a YAML date, or the same as text, which is what an environment variable gives."""

    def run_validation(self, value: object) -> dt.date:
        """Give the day.

        Raises:
            ValidationError: it is no day of the calendar.
        """
        if type(value) is dt.date:
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            message = f"Expected a day like 2026-11-23, found {value!r}"
            raise ValidationError(message) from None


class Options(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves Config's hook untyped
    """The plugin's options."""

    enabled = c.Type(bool, default=True)
    """Whether the plugin does anything."""
    as_of = c.Optional(Day())
    """The day on which due dates, ages and waivers are judged; SOURCE_DATE_EPOCH's or today when left out."""
    language = c.Optional(c.Type(str))
    """The language of titles and labels; the theme's when left out."""
    records_in_nav = c.Type(bool, default=False)
    """Whether records stand in the navigation; the generated pages lead to them either way."""
    commits = c.Optional(c.Type(str))
    """Where commits are read: the address of the repository, or of a commit with `{commit}` in it; `repo_url` of
    mkdocs.yml, else git's remote `origin`, when left out."""
    trend = c.Type(bool, default=True)
    """Whether the overview shows how the log stood over time, from git."""


def language_of_theme(config: MkDocsConfig) -> str:
    """Give the language that a site is in: Material's `language`, else the `locale` of MkDocs' own themes."""
    said = config.theme.get("language") or config.theme.get("locale") or "en"
    return str(said)
