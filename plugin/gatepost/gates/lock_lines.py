"""The lines of a list of packages, each with whether it says exactly what is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Line", "conda_lines", "requirement_lines"]

_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_HASH: Final = re.compile(r"--hash[= ]\w+:[0-9a-f]{32,}")
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*")
_EXACT: Final = re.compile(r"(?:===\s*|==\s*v?\d)[^\s*,;=<>!~${}]*\Z")
_REFERENCE: Final = re.compile(r"@[0-9a-f]{40}\b|[#&](?:sha256|sha384|sha512)=[0-9a-f]{64,}")
"""What fixes an address: the id of a commit, or the digest of the file."""
_HERE: Final = ("./", "../", ".")
_BEHIND_PATH: Final = re.compile(r"\s|\[")
"""What ends a path: extras, options."""
_CONDA_WORD: Final = r"[^\s=<>!~*|,${}]+"
_CONDA_EXACT: Final = re.compile(rf"{_CONDA_WORD}(?:=={_CONDA_WORD}|={_CONDA_WORD}={_CONDA_WORD})\Z")
_ITEM: Final = re.compile(r"(\s*)-\s+(.+)\Z")


class Line(NamedTuple):
    """A line that brings packages."""

    number: int
    text: str
    pins: bool
    """Whether it says exactly which: a version, a digest, a commit, or a folder of the repository itself."""
    reads: str = ""
    """The file whose packages it brings, as it is written."""
    needs: str = ""
    """The folder or file of the repository that it installs, as it is written."""


def requirement_lines(text: str) -> Iterator[Line]:
    """Read a list in the form of pip: requirements, with the options that bring or fix packages.

    Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
    """
    for number, written in _joined(text):
        line = _COMMENT.sub("", written).strip()
        option, _, value = line.replace("=", " ", 1).partition(" ") if line.startswith("-") else ("", "", "")
        match option:
            case "":
                yield from [_requirement(number, line)] if line else []
            case "-r" | "--requirement":
                yield Line(number, line, pins=True, reads=value.strip())
            case "-e" | "--editable":
                yield _requirement(number, line.partition(" ")[2].strip())
            case "--require-hashes":
                yield Line(number, line, pins=True)


def conda_lines(text: str) -> Iterator[Line]:
    """Read the dependencies of a conda environment; `name=1.2` is a family of versions there, `name==1.2` is one."""
    section, pip_indent = "", -1
    for number, written in enumerate(text.splitlines(), 1):
        line = _COMMENT.sub("", written).rstrip()
        if line and not line[0].isspace() and not line.startswith("-"):
            section, pip_indent = line.partition(":")[0], -1
        item = _ITEM.match(line)
        if section != "dependencies" or item is None:
            continue
        indent, said = len(item[1]), item[2].strip("'\"")
        if pip_indent >= 0 and indent > pip_indent:
            yield _requirement(number, said)
        elif said == "pip:":
            pip_indent = indent
        else:
            pip_indent = -1
            yield Line(number, said, bool(_CONDA_EXACT.match(said)))


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines with those that a backslash continues put together, each with its first number."""
    begun, parts = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        begun = begun or number
        if line.endswith("\\"):
            parts += line[:-1]
            continue
        yield begun, parts + line
        begun, parts = 0, ""
    if parts:
        yield begun, parts


def _requirement(number: int, line: str) -> Line:
    wanted = line.partition(";")[0].strip()
    name = _NAME.match(wanted)
    rest = wanted[name.end() :].strip() if name else wanted
    if wanted.startswith(_HERE):
        return Line(number, line, pins=True, needs=_BEHIND_PATH.split(wanted, maxsplit=1)[0])
    if _HASH.search(line) or _REFERENCE.search(line):
        return Line(number, line, pins=True)
    return Line(number, line, bool(name) and bool(_EXACT.match(rest.strip("()"))))
