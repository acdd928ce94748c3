"""The guide and the README as tests see them: pages, fenced blocks, code spans, command lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["GUIDE", "PAGES", "README", "ROOT", "Block", "blocks", "command_lines", "prose", "titled", "write_files"]

ROOT: Final = Path(__file__).resolve().parents[2]
GUIDE: Final = ROOT / "designs" / "guide"
README: Final = ROOT / "README.md"
PAGES: Final = (*sorted(GUIDE.glob("*.md")), README)
"""Every page of the guide, and the README."""

_FENCE: Final = re.compile(r"^```(?P<words>[^\n`]*)\n(?P<text>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_TITLE: Final = re.compile(r'title="([^"]+)"')
_COMMAND: Final = re.compile(r"(?:^|[\s`$&(])(gatepost [a-z-][^\n`|&;)#]*)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the line of its fence, its language, its title and its text."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    @property
    def place(self) -> str:
        """Name it in a test's id."""
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> tuple[Block, ...]:
    """Give the fenced blocks of a page, in order."""
    return tuple(_blocks(page))


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        words = match["words"]
        title = _TITLE.search(words)
        language = words.split()[0] if words.split() else ""
        yield Block(page, text.count("\n", 0, match.start()) + 1, language, title[1] if title else "", match["text"])


def titled(*names: str) -> dict[str, str]:
    """Give the files that some pages of the guide show: path to text, for each block that has a title."""
    return {block.title: block.text for name in names for block in blocks(GUIDE / name) if block.title}


def prose(page: Path) -> str:
    """Give a page without its frontmatter, its fenced blocks and its code spans."""
    text = re.sub(r"\A---\n.*?\n---\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))


def command_lines(page: Path) -> Iterator[tuple[int, str]]:
    """Give each `gatepost …` command line that a page shows, in blocks and in code spans, with its line."""
    text = page.read_text(encoding="utf-8")
    outputs = [block.text for block in blocks(page) if block.language in {"text", "json", "markdown", "toml", "python"}]
    for shown in outputs:
        text = text.replace(shown, "\n" * shown.count("\n"))
    in_block = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("```"):
            in_block = not in_block
        for match in _COMMAND.finditer(line if in_block else " ".join(re.findall(r"`[^`]+`", line))):
            if "name: " not in line:
                yield number, match[1].strip()


def write_files(root: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
