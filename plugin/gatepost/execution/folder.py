"""The folder that stages run in: packed, unpacked, and digested."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

__all__ = [
    "COMPILED",
    "OutsideError",
    "Packed",
    "TooLargeError",
    "digest",
    "inside",
    "pack",
    "packed_from_tar",
    "paths_below",
    "put_instead",
    "unpack",
]

_PIECE: Final = 1 << 20
_MOST: Final = 512 << 20
"""So many bytes a folder may hold to be kept in memory before each stage."""
_MINUTE: Final = 60 * 10**9
COMPILED: Final = "__pycache__"
"""What Python keeps of compiled modules."""


class OutsideError(ValueError):
    """A path that leads out of the folder that stages run in."""


class TooLargeError(ValueError):
    """A folder that is too large to be kept before each stage."""


def inside(folder: Path, path: str) -> Path:
    """Give a path below a folder.

    Raises:
        OutsideError: it is absolute, climbs out, or leads out by a link.
    """
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\0" in path:
        message = f"{path} leads out of the folder that the stages run in"
        raise OutsideError(message)
    found = folder / pure
    if not found.resolve().is_relative_to(folder.resolve()):
        message = f"{path} leads out of the folder that the stages run in, by a link"
        raise OutsideError(message)
    return found


def paths_below(folder: Path) -> Iterator[Path]:
    """Give the files below a folder, links among them, in an order that does not depend on the disk."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        for name in sorted((*names, *links)):
            yield Path(root) / name


def digest(path: Path) -> str | None:
    """Give the SHA-256 of a file, or of a folder's files with their names; None when there is neither.

    What Python keeps of compiled modules is no part of it, nor is a pipe or a socket.
    """
    if path.is_dir():
        found = hashlib.sha256()
        for one in paths_below(path):
            if COMPILED in one.parts or not (one.is_symlink() or one.is_file()):
                continue
            inner = one.readlink() if one.is_symlink() else _sha256(one)
            found.update(os.fsencode(f"{one.relative_to(path).as_posix()}\0{inner}\0"))
        return found.hexdigest()
    return _sha256(path) if path.is_file() else None


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


class Entry(NamedTuple):
    """One file, link or folder of a packed folder."""

    path: str
    mode: int
    changed: int
    """When it was written, in nanoseconds; tools such as Python's cache of compiled modules rely on it."""
    content: bytes | None
    """What a file holds, or where a link leads; None for a folder."""


Packed = tuple[Entry, ...]
"""A folder as a value: it can be laid out again anywhere, as often as needed."""


def pack(folder: Path, known: dict[bytes, bytes] | None = None) -> Packed:
    """Give a folder as a value; what is no file, folder or link is left out.

    Args:
        folder: what is packed.
        known: contents that were packed before, so that equal ones are kept once; added to.

    Raises:
        TooLargeError: its files are too many bytes to be kept.
    """
    shared = {} if known is None else known
    found: list[Entry] = []
    size = 0
    for root, folders, names in os.walk(folder):
        folders.sort()
        inner = os.path.relpath(root, folder)
        for name in (*folders, *sorted(names)):
            path = os.path.join(root, name)
            facts = os.lstat(path)
            at = name if inner == "." else f"{inner}/{name}"
            if stat.S_ISLNK(facts.st_mode):
                content: bytes | None = os.fsencode(os.readlink(path))
            elif stat.S_ISREG(facts.st_mode):
                size += facts.st_size
                if size > _MOST:
                    message = f"the folder holds more than {_MOST >> 20} MB: a dry run is for data of a few megabytes"
                    raise TooLargeError(message)
                read = Path(path).read_bytes()
                content = shared.setdefault(read, read)
            elif stat.S_ISDIR(facts.st_mode):
                content = None
            else:
                continue
            found.append(Entry(at, facts.st_mode, facts.st_mtime_ns if content is not None else 0, content))
    return tuple(found)


def unpack(packed: Packed, folder: Path, *, otherwise: bool = False) -> None:
    """Lay a packed folder out; it is made when it is not there.

    Args:
        packed: what is laid out.
        folder: where.
        otherwise: as another checkout may be: files were written a minute before, and the last one first, which is how
            some disks list them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = str(folder)
    if otherwise:
        above = [entry for entry in packed if entry.content is None]
        files = (entry._replace(changed=entry.changed - _MINUTE) for entry in packed if entry.content is not None)
        packed = (*above, *reversed([*files]))
    for entry in packed:
        path = f"{base}/{entry.path}"
        if entry.content is None:
            os.mkdir(path)
        elif stat.S_ISLNK(entry.mode):
            os.symlink(entry.content, os.fsencode(path))
            os.utime(path, ns=(entry.changed, entry.changed), follow_symlinks=False)
        else:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(entry.mode) | stat.S_IWUSR)
            with open(handle, "wb", buffering=0) as file:
                file.write(entry.content)
            os.utime(path, ns=(entry.changed, entry.changed))


def packed_from_tar(archive: bytes) -> Packed:
    """Give a tar archive as a packed folder."""
    with tempfile.TemporaryDirectory(prefix="gatepost-") as home:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(home, filter="tar")
        return pack(Path(home))


def put_instead(path: Path, content: bytes | None) -> None:
    """Let a file with other bytes stand at a path, or nothing; what a link leads to stays as it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
