"""Compiled templates are kept under the conditions of compiled modules, and never instead of what the text says."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest
from jinja2 import Environment, FileSystemLoader

from gatepost.site.compiled import CompiledTemplates


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each template that is compiled."""
    names: list[str] = []
    compile_ = jinja2.Environment.compile

    def noted(self: Environment, source: str, name: str | None = None, filename: str | None = None) -> object:
        names.append(source)
        return compile_(self, source, name, filename)

    monkeypatch.setattr(jinja2.Environment, "compile", noted)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return names


def said(folder: Path, *, trim_blocks: bool = True) -> str:
    """Render the template as a new process would."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=CompiledTemplates(folder),
        autoescape=True,
        trim_blocks=trim_blocks,
    )
    return environment.get_template("a.j2").render(x="<b>")


def written(folder: Path, text: str = "{% if x %}\n{{ x }}{% endif %}") -> Path:
    """Write the template."""
    (folder / "a.j2").write_text(text, encoding="utf-8")
    return folder


def kept(folder: Path) -> list[Path]:
    """Give the files that are kept below a folder."""
    return sorted(folder.rglob("*.jinja"))


def test_a_template_is_compiled_once(tmp_path: Path, compiled: list[str]) -> None:
    """The next process takes what the first one made, from where Python keeps its own."""
    assert said(written(tmp_path)) == said(tmp_path) == "&lt;b&gt;"
    assert len(compiled) == 1
    assert [one.parent for one in kept(tmp_path)] == [tmp_path / "__pycache__"]


def test_another_text_or_setting_is_compiled_again(tmp_path: Path, compiled: list[str]) -> None:
    """What is kept of an older text is not shown, nor what was made for other settings."""
    said(written(tmp_path))
    assert said(written(tmp_path, "new")) == "new"
    said(written(tmp_path))
    assert said(tmp_path, trim_blocks=False) == "\n&lt;b&gt;"
    assert len(compiled) == 4


@pytest.mark.parametrize("keep", [0, 3, 40])
def test_what_is_damaged_counts_as_not_there(keep: int, tmp_path: Path, compiled: list[str]) -> None:
    """A file that was cut short is written anew."""
    said(written(tmp_path))
    (file,) = kept(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:keep])
    assert said(tmp_path) == "&lt;b&gt;"
    assert file.read_bytes() == whole
    assert len(compiled) == 2


def test_nothing_is_written_where_python_writes_nothing(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own switches count, and a folder that cannot be written to is no error."""
    folder = written(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(folder) == "&lt;b&gt;"
    assert [one.name for one in folder.iterdir()] == ["a.j2"]
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (folder / "__pycache__").write_text("in the way", encoding="utf-8")
    assert said(folder) == "&lt;b&gt;"
    (folder / "__pycache__").unlink()
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "elsewhere"))
    assert said(folder) == "&lt;b&gt;"
    assert kept(folder) == kept(folder / "elsewhere")
    assert len(compiled) == len(["switched off", "in the way", "elsewhere"])
