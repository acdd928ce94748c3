"""Real builds of small sites, and what a test asks about them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock
from urllib.parse import unquote, urldefrag, urlsplit

from click.testing import CliRunner
from jinja2 import BytecodeCache, Environment
from mkdocs.__main__ import ColorFormatter, cli
from mkdocs.config.defaults import get_schema
from mkdocs.plugins import get_plugins
from mkdocs.theme import Theme

from trees import TODAY, clean_log, write_tree

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

__all__ = [
    "DECISION",
    "Built",
    "Document",
    "broken_links",
    "build",
    "decision",
    "digest_of",
    "dump",
    "environment",
    "project",
    "run",
]

ColorFormatter.text_wrapper.width = 0  # a terminal would wrap the lines that tests compare

_ROOT: Final = Path(__file__).parents[2]
_EPOCH: Final = str(int(dt.datetime.combine(TODAY, dt.time(), dt.UTC).timestamp()))

DECISION = "churn/decisions/0002-batch-scoring.md"
"""An accepted decision of the clean log."""


@dataclass(frozen=True)
class Built:
    """What a build left behind."""

    code: int
    """The exit code."""
    log: str
    """What it printed."""
    site: Path

    @property
    def warnings(self) -> list[str]:
        """The lines that --strict counts."""
        return [line[11:] for line in self.log.splitlines() if line.startswith("WARNING")]

    @property
    def notes(self) -> list[str]:
        """The plugin's lines that --strict does not count."""
        return [line[21:] for line in self.log.splitlines() if line.startswith("INFO    -  gatepost: ")]

    def html(self, page: str) -> str:
        """Give a page by its path in the site."""
        return (self.site / page).read_text(encoding="utf-8")

    def document(self, page: str) -> Document:
        """Give a page, parsed."""
        document = Document()
        document.feed(self.html(page))
        return document

    @property
    def pages(self) -> set[str]:
        """The paths of all pages in the site."""
        return {path.relative_to(self.site).as_posix() for path in self.site.rglob("*.html")}


class Document(HTMLParser):
    """The links, the anchors and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.nav: list[str] = []
        """Where the primary navigation leads, in order."""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        named = dict(attrs)
        self.tags.append(tag)
        self.anchors |= {value for key in ("id", "name") if (value := named.get(key))}
        target = named.get("src") or (named.get("href") if tag in {"a", "link", "use"} else None)
        if target and named.get("rel") not in {"canonical", "edit"}:
            self.links.append(target)
        if tag == "a" and "md-nav__link" in (named.get("class") or "") and target and not target.startswith("#"):
            self.nav.append(target)


def project(root: Path, files: Mapping[str, str] | None = None, settings: str = "", options: str = "") -> Path:
    """Write a log, the clean one when none is given, with a mkdocs.yml of Material's theme, into a git repository.

    Args:
        root: an empty folder, or one to make.
        files: path relative to the docs folder, and text.
        settings: further settings of mkdocs.yml, as they stand there.
        options: the plugin's options, in braces.
    """
    root.mkdir(exist_ok=True)
    write_tree(root, clean_log() if files is None else files)
    text = f"site_name: Churn decisions\ntheme: {{name: material, font: false}}\nplugins:\n  - gatepost: {options}\n"
    if "plugins:" in settings:
        text = text.partition("plugins:")[0]
    if "theme:" in settings:
        text = re.sub("^theme:.*\n", "", text, flags=re.MULTILINE)
    (root / "mkdocs.yml").write_text(text + settings, encoding="utf-8")
    return root


@cache
def environment() -> dict[str, str]:
    """Give the environment of a build: a fixed day, and a plugin that MkDocs can find.

    From a checkout in which the package is not installed, its entry point is written down beside it.
    """
    day = {"SOURCE_DATE_EPOCH": _EPOCH}
    if any(point.name == "gatepost" for point in entry_points(group="mkdocs.plugins")):
        return day
    place = _METADATA.name
    _write_metadata(Path(place) / "mkdocs_gatepost-0.dist-info")
    sys.path.append(place)
    dict(get_schema())["plugins"].installed_plugins = get_plugins()
    return {**day, "PYTHONPATH": os.pathsep.join((place, str(_ROOT / "plugin")))}


_METADATA: Final = tempfile.TemporaryDirectory(prefix="gatepost-metadata-")


def _write_metadata(folder: Path) -> None:
    folder.mkdir()
    points = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    lines = ["[mkdocs.plugins]", *(f"{name} = {value}" for name, value in points["mkdocs.plugins"].items())]
    (folder / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: mkdocs-gatepost\nVersion: 0\n", encoding="utf-8")


def build(root: Path, *words: str, config: str = "mkdocs.yml", env: Mapping[str, str] | None = None) -> Built:
    """Build a site with MkDocs' own command, in this process."""
    site = root / "site"
    command = ["build", "--config-file", str(root / config), "--site-dir", str(site), *words]
    with mock.patch.object(Theme, "get_env", _environment):
        done = CliRunner().invoke(cli, command, env={**environment(), **(env or {})})
    trace = "" if isinstance(done.exception, SystemExit | None) else "".join(traceback.format_exception(done.exception))
    return Built(done.exit_code, done.output + trace, site)


class _Compiled(BytecodeCache):
    """Keeps what the templates of themes compile to: a process that builds a hundred sites compiles them once."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what a template compiled to, if it was the same text."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template compiled to."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()
_get_env: Final = Theme.get_env


def _environment(theme: Theme) -> Environment:
    """Give MkDocs' own environment of a theme, with what was compiled before."""
    found = _get_env(theme)
    found.bytecode_cache = _COMPILED
    return found


def run(root: Path, *words: str, command: str = "mkdocs", path: Path | None = None) -> Built:
    """Build a site in a process of its own: for plugins that keep state, and for other executables.

    Args:
        root: the folder of mkdocs.yml.
        words: further words of the command.
        command: the executable.
        path: a folder of further packages.
    """
    site = root / "site"
    env = {**os.environ, **environment()}
    if path:
        env["PYTHONPATH"] = os.pathsep.join(part for part in (str(path), env.get("PYTHONPATH")) if part)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", command, "build", "--site-dir", str(site), *words],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env=env,
    )
    return Built(done.returncode, done.stdout + done.stderr, site)


def decision(number: int, *, body: str = "", **fields: str) -> str:
    """Give a decision record with a few fields; most gates are not met."""
    head = {
        "id": f"ADR-{number:04d}",
        "title": f"Decision {number}",
        "status": "proposed",
        "date": "2026-11-05",
        **fields,
    }
    lines = [f"{key.replace('_', '-')}: {value}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", "", body or f"# Decision {number}", ""])


def dump(folder: Path) -> dict[str, str]:
    """Give every file below a folder with the digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): digest_of(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def broken_links(built: Built, base: str = "/") -> list[str]:
    """Give each link of each page that leads to no file of the site, or to no anchor of its page.

    Args:
        built: the site.
        base: the path at which the site is published; absolute links below it are links into the site.
    """
    documents = {page: built.document(page) for page in sorted(built.pages)}
    broken = []
    for page, document in documents.items():
        for link in document.links:
            target = _target(page, link, base)
            if target is None:
                continue
            path, anchor = target
            if not (built.site / path).is_file():
                broken.append(f"{page}: {link} leads to no file")
            elif anchor and path in documents and anchor not in documents[path].anchors:
                broken.append(f"{page}: {link} leads to no anchor")
    return broken


def _target(page: str, link: str, base: str) -> tuple[str, str] | None:
    """Give the file of the site and the anchor that a link leads to; None when it leaves the site."""
    address, anchor = urldefrag(link)
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if path.startswith("/"):
        if not path.startswith(base):
            return path.lstrip("/"), anchor
        joined = Path(path.removeprefix(base))
    elif not path:
        joined = Path(page)
    else:
        joined = Path(page).parent / path
    steps: list[str] = []
    for step in joined.parts:
        if step != "..":
            steps.append(step)
        elif steps:
            steps.pop()
        else:
            return f"../{link}", anchor
    if path.endswith(("/", "/.", "..")) or path in {".", ".."}:
        steps.append("index.html")
    return "/".join(steps), unquote(anchor)
