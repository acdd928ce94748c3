"""Compiled templates are kept where Python keeps compiled modules, and under the same conditions.

That is a `__pycache__` folder beside the source, or below `PYTHONPYCACHEPREFIX`. Who can write there can change what
the modules do, too, so that code from there is trusted no more than they are. Nothing is written where Python writes
nothing: with `PYTHONDONTWRITEBYTECODE`, or in a folder of somebody else.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import FileSystemBytecodeCache

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket

__all__ = ["CompiledTemplates"]

_SETTINGS: Final = (
    "autoescape",
    "keep_trailing_newline",
    "lstrip_blocks",
    "newline_sequence",
    "optimized",
    "trim_blocks",
)
"""What the code of a template depends on, beside its text."""


class CompiledTemplates(FileSystemBytecodeCache):
    """The compiled templates of one folder; one whose text or settings have changed is compiled again."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the templates."""
        self._folder = Path(cache_from_source(str(folder / "_.py"))).parent
        super().__init__(str(self._folder), "%s.jinja")

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Give what is kept of a template; the source is only what it is told by, and the settings are part of that."""
        settings = {setting: getattr(environment, setting) for setting in _SETTINGS}
        return super().get_bucket(environment, name, filename, f"{settings}{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept; what is damaged counts as not there."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - a file cut short may be anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless Python would keep nothing here."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
