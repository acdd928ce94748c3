"""Files of the repository, read and written so that a crash leaves each of them whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Final

from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["beside", "digest", "mode_of", "place", "read_whole", "sync_folder", "write_durably", "write_new"]

_LARGEST: Final = 64 * 1024 * 1024
_SUFFIX: Final = ".gatepost-new"
_BINARY: Final = getattr(os, "O_BINARY", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)


def place(root: Path, path: str) -> Path:
    """Give where a file of the repository is that may be written.

    Args:
        root: the root of the repository.
        path: the file, relative to the root, with `/`.

    Raises:
        CouldNotCheckError: it is no path inside the repository, or a symbolic link.
    """
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path or path.startswith("/") or {"..", ".git"} & {part.casefold() for part in parts}:
        message = f"'{path}' is not a file of this repository; nothing was written to it"
        raise CouldNotCheckError(message)
    full = root.joinpath(*parts)
    if not full.parent.resolve().is_relative_to(root.resolve()):
        message = f"{path} lies behind a symbolic link that leaves the repository; nothing was written to it"
        raise CouldNotCheckError(message)
    if full.is_symlink():
        message = f"{path} is a symbolic link; name the file that it leads to"
        raise CouldNotCheckError(message)
    return full


def beside(full: Path) -> Path:
    """Give the hidden file in which a file's new contents wait."""
    return full.with_name(f".{full.name}{_SUFFIX}")


def digest(content: bytes | None) -> str | None:
    """Give the SHA-256 of contents; None for a file that is not there."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def read_whole(full: Path) -> bytes | None:
    """Give a file's bytes; None when it is not there.

    Raises:
        CouldNotCheckError: it cannot be read, is no regular file, or is larger than anything written here.
    """
    try:
        handle = os.open(full, os.O_RDONLY | _BINARY | _NO_LINK | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"{full} cannot be read: {error.strerror}"
        raise CouldNotCheckError(message) from error
    with os.fdopen(handle, "rb") as stream:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _LARGEST:
            message = f"{full} is no regular file, or larger than {_LARGEST // 1024**2} MiB"
            raise CouldNotCheckError(message)
        return stream.read()


def mode_of(full: Path) -> int:
    """Give a file's permissions; of one that is not there, those that the process gives to new files."""
    try:
        return stat.S_IMODE(full.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def write_durably(full: Path, content: bytes, mode: int) -> None:
    """Write a file that nobody reads yet and let the disk have it before going on; what stood there is removed.

    Raises:
        OSError: it cannot be written; nothing of it is left.
    """
    full.unlink(missing_ok=True)
    handle = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(handle, left) :]
            full.chmod(mode)
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        full.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Let the disk have a folder's names, where the system can do so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet, and its folders.

    Raises:
        CouldNotCheckError: it is there, or it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        message = f"{file} is there already; nothing was written"
        raise CouldNotCheckError(message) from None
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise CouldNotCheckError(message) from error
