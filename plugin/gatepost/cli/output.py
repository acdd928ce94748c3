"""Where output goes: the terminal, a pipe, a file; with colour or without."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatepost.cli.trouble import CouldNotCheckError

if TYPE_CHECKING:
    from gatepost.report import Paint

__all__ = ["dressed", "emit"]

_NARROW: Final = 60
_WIDE: Final = 120
_USUAL: Final = 80


def _wants_colour() -> bool:
    """Tell whether output is coloured: NO_COLOR, then FORCE_COLOR, then whether it is a terminal.

    Source: https://no-color.org and https://force-color.org
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _width() -> int:
    """Give how many columns text may fill: those of the terminal within reason, 80 in a pipe or a file."""
    if not sys.stdout.isatty():
        return _USUAL
    return max(_NARROW, min(shutil.get_terminal_size((_USUAL, 24)).columns, _WIDE))


def dressed(file: Path | None = None) -> tuple[Paint, int]:
    """Give how text is painted and how many columns it may fill, on standard output or in a file."""
    from gatepost.report import in_colour, in_plain  # noqa: PLC0415 - not for --help

    if file is not None:
        return in_plain, _USUAL
    return in_colour if _wants_colour() else in_plain, _width()


def emit(text: str, file: Path | None = None) -> None:
    """Write text to standard output in one go, or to a file that is whole or not there.

    Raises:
        CouldNotCheckError: the file, or the output, cannot be written.
    """
    if file is not None:
        _write_file(text, file)
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough.
        _drop_output()
    except OSError as error:
        _drop_output()
        message = f"the output cannot be written: {error.strerror}"
        raise CouldNotCheckError(message) from error


def _drop_output() -> None:
    """Send what is still buffered nowhere, so that it does not fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_file(text: str, file: Path) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                stream.write(text)
            os.chmod(name, 0o666 & ~_umask())  # noqa: PTH101 - mkstemp gives a name, and only its owner may read it
            os.replace(name, file)  # noqa: PTH105 - the same
        except BaseException:
            os.unlink(name)  # noqa: PTH108 - the same
            raise
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise CouldNotCheckError(message) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
