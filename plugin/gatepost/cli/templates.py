"""The files that `new` and `init` start from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

import gatepost

__all__ = ["filled", "template_root"]


def template_root() -> Path:
    """Give the folder of the templates: inside an installed package, at the top of a checkout."""
    package = Path(gatepost.__file__).parent
    shipped = package / "_templates"
    return shipped if shipped.is_dir() else package.parents[1] / "templates"


def filled(name: str, values: Mapping[str, str]) -> str:
    """Give a template with its `$names` filled in; a `$` that names nothing stays."""
    text = (template_root() / name).read_text(encoding="utf-8")
    return Template(text).safe_substitute(values)
