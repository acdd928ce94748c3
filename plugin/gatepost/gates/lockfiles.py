"""Does a file pin what is installed? It is told by its name, and by what the tool writes that it belongs to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from gatepost.gates.lock_lines import Line, conda_lines, requirement_lines

__all__ = ["Disk", "NotPinned", "Unclear", "judge_lockfile"]


class NotPinned(NamedTuple):
    """Why a file is no lockfile, and how to mend that."""

    message: str
    hint: str


class Unclear(NamedTuple):
    """Why it cannot be told whether a file pins."""

    reason: str


_WRITTEN_BY: Final[dict[str, tuple[str, str]]] = {
    "uv.lock": ("uv", r"^\[\[package\]\]"),
    "poetry.lock": ("poetry", r"^content-hash ="),
    "pdm.lock": ("pdm", r"^content_hash ="),
    "pipfile.lock": ("pipenv", r'"_meta"'),
    "pylock.toml": ("a lock tool", r"^lock-version ="),
    "conda-lock.yml": ("conda-lock", r"^ +content_hash:"),
    "pixi.lock": ("pixi", r"^environments:"),
    "renv.lock": ("renv", r'"Packages"'),
    "package-lock.json": ("npm", r'"lockfileVersion"'),
    "npm-shrinkwrap.json": ("npm", r'"lockfileVersion"'),
    "yarn.lock": ("yarn", r"^# yarn lockfile|^__metadata:"),
    "pnpm-lock.yaml": ("pnpm", r"^lockfileVersion:"),
    "cargo.lock": ("cargo", r"^\[\[package\]\]"),
    "go.sum": ("go", r" h1:"),
    "gemfile.lock": ("bundler", r"^DEPENDENCIES"),
    "composer.lock": ("composer", r'"content-hash"'),
    "manifest.toml": ("Julia", r"^manifest_format =|^\[\["),
    "flake.lock": ("nix", r'"nodes"'),
}
"""Files that only a tool writes, by name in small letters: the tool, and what it always writes into one."""
_WISHES: Final = {
    "pyproject.toml": "uv.lock, poetry.lock or pylock.toml",
    "setup.cfg": "a requirements file with versions",
    "setup.py": "a requirements file with versions",
    "pipfile": "Pipfile.lock",
    "pixi.toml": "pixi.lock",
    "package.json": "package-lock.json",
    "cargo.toml": "Cargo.lock",
    "go.mod": "go.sum",
    "gemfile": "Gemfile.lock",
    "composer.json": "composer.lock",
    "project.toml": "Manifest.toml",
    "description": "renv.lock",
    "flake.nix": "flake.lock",
}
"""Files that say what is asked for, by name in small letters, each with the file that says what is taken."""
_NO_LIST: Final = frozenset(
    {".md", ".rst", ".adoc", ".html", ".pdf", ".csv", ".ipynb", ".py", ".r", ".jl", ".sh", ".sql", ".log"}
)
_LISTS: Final = frozenset({".txt", ".lock", ".in", ".pip"})
_KNOWN: Final = (
    "name a requirements file with versions, or what a lock tool wrote (uv.lock, poetry.lock, conda-lock.yml…)"
)
_PIN: Final = "write `name==version`, or let a tool write the file: `pip freeze`, `pip-compile`, `uv pip compile`"
_PIN_CONDA: Final = "write `name==version`, or let `conda env export` or conda-lock write the file"
_ENTRY_NAME: Final = re.compile(r'^name = "[^"$]+"', re.MULTILINE)
_ENTRY_PIN: Final = re.compile(
    r'^version = "[^"$]+"|^(?:source|vcs|directory|archive) = \{|^\[packages?\.(?:source|vcs|directory|archive)\]',
    re.MULTILINE,
)
_LONGEST: Final = 60


class Disk(NamedTuple):
    """What may be asked about the repository; paths are from its root."""

    read: Callable[[str], bytes | None]
    """Gives the bytes of a file, or None."""
    exists: Callable[[str], bool]
    """Tells whether there is a file or a folder."""
    workdir: str
    """The folder that commands run in, where an installer may have been started."""


def judge_lockfile(said: str, path: str, disk: Disk) -> NotPinned | Unclear | None:
    """Tell what a file leaves open; None when it pins.

    Args:
        said: the file as the contract names it.
        path: the file, from the root of the repository.
        disk: the repository.
    """
    content = disk.read(path)
    if content is None:
        return Unclear(f"{said} is too large or cannot be read")
    text = _text(content)
    name = posixpath.basename(path).casefold()
    if not text.strip():
        return NotPinned(f"the lockfile {said} is empty", "let a lock tool write it, and commit it")
    if name in _WISHES:
        return NotPinned(f"{said} asks for packages and does not lock them", f"commit and name {_WISHES[name]}")
    if name.startswith("dockerfile") or name.endswith(".dockerfile"):
        return NotPinned(f"{said} says how an image is made, and not which", "name the image by digest: name@sha256:…")
    if known := _written_by(name):
        tool, mark = known
        if re.search(mark, text, re.MULTILINE) and all(map(_is_whole, _entries(text))):
            return None
        return NotPinned(f"the lockfile {said} is not what {tool} writes", f"let {tool} write it, and commit it")
    if posixpath.splitext(name)[1] in _NO_LIST:
        return NotPinned(f"{said} is no lockfile", _KNOWN)
    return _listed(said, path, text, disk)


def _entries(text: str) -> Iterator[str]:
    """Give what a lockfile in TOML says of each package."""
    starts = [found.end() for found in re.finditer(r"^\[\[packages?\]\][ \t\r]*$", text, re.MULTILINE)]
    for start, end in pairwise([*starts, len(text)]):
        yield text[start:end]


def _is_whole(entry: str) -> bool:
    """Tell whether an entry has a name, and a version or the place that the package comes from."""
    return bool(_ENTRY_NAME.search(entry)) and bool(_ENTRY_PIN.search(entry))


def _text(content: bytes) -> str:
    """Read a file as pip does: UTF-8, or what a byte order mark says."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return content.decode(encoding, "replace")


def _written_by(name: str) -> tuple[str, str] | None:
    """Give the tool that writes a file of this name; lockfiles of the standard and of conda-lock bear names before."""
    if name.startswith("pylock.") and name.endswith(".toml"):
        name = "pylock.toml"
    if name.endswith("conda-lock.yml"):
        name = "conda-lock.yml"
    return _WRITTEN_BY.get(name)


def _listed(said: str, path: str, text: str, disk: Disk) -> NotPinned | Unclear | None:
    """Judge a list of packages that people may write, too."""
    suffix = posixpath.splitext(path)[1].casefold()
    if suffix in {".yml", ".yaml"} and re.search(r"^dependencies:", text, re.MULTILINE):
        lines = list(conda_lines(text))
        return _first_open(said, lines, _PIN_CONDA) or _first_absent(said, path, lines, disk)
    if re.search(r"^@EXPLICIT[ \t]*$", text, re.MULTILINE):
        return None  # one address of a package after another, each with its version and its build
    if suffix not in _LISTS or text.lstrip()[0] in "{[<(":
        return Unclear(f"{said} has no form of a lockfile that is known here, so whether it pins cannot be told")
    return _requirements(said, path, text, disk)


def _requirements(said: str, path: str, text: str, disk: Disk) -> NotPinned | None:
    """Judge a requirements file and what it reads, each file once."""
    waiting, seen = [(said, path, text)], {path}
    while waiting:
        said, path, text = waiting.pop(0)
        lines = list(requirement_lines(text))
        if problem := _first_open(said, lines, _PIN) or _first_absent(said, path, lines, disk):
            return problem
        for line in lines:
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), line.reads))
            if not line.reads or other in seen:
                continue
            content = disk.read(other)
            if content is None:
                message = f"line {line.number} of the lockfile {said} reads {other}, which does not exist"
                return NotPinned(message, "commit that file, or remove the line")
            seen.add(other)
            waiting.append((other, other, _text(content)))
    return None


def _first_open(said: str, lines: list[Line], hint: str) -> NotPinned | None:
    if not lines:
        nothing = "list the packages with their versions; when nothing is installed, write `--require-hashes`"
        return NotPinned(f"the lockfile {said} pins no package", nothing)
    line = next((line for line in lines if not line.pins), None)
    if line is None:
        return None
    quoted = line.text if len(line.text) <= _LONGEST else f"{line.text[: _LONGEST - 1]}…"
    return NotPinned(f"line {line.number} of the lockfile {said} pins nothing: {quoted}", hint)


def _first_absent(said: str, path: str, lines: list[Line], disk: Disk) -> NotPinned | None:
    """Find a line that installs what the repository does not have.

    Installers look from where they are started: the folder of the list, the one that commands run in, or one above.
    """
    folders = dict.fromkeys((*_up_from(posixpath.dirname(path)), *_up_from(disk.workdir)))
    for line in lines:
        places = (posixpath.normpath(posixpath.join(folder, line.needs)) for folder in folders)
        if line.needs and not any(map(disk.exists, places)):
            message = f"line {line.number} of the lockfile {said} installs {line.needs}, which does not exist"
            return NotPinned(message, "commit it, or name the package with its version")
    return None


def _up_from(folder: str) -> Iterator[str]:
    """Give a folder and those above it, up to the root."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
