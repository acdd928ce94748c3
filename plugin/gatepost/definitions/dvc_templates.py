"""DVC's templates: `${name.of[0].a.value}` filled in from variables, as text or as the value itself.

Source: https://dvc.org/doc/user-guide/project-structure/dvcyaml-files#templating
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any, Final

from gatepost.definitions.yaml_values import Lined, Tagged, as_text

__all__ = ["Filling", "NoValueError", "RedefinedError", "as_word", "merged", "plain"]

_TEMPLATE: Final = re.compile(r"(?<!\\)\$\{(.*?)\}")
_NAME: Final = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[[^.\[\]]+\])*\Z")
_MAX_TEXT: Final = 16 * 1024 * 1024
"""So many characters all templates of a file may grow to."""


class NoValueError(Exception):
    """A template that the files do not tell the value of."""

    def __init__(self, expression: str, why: str) -> None:
        super().__init__(f"${{{expression[:80]}}} {why}")


class RedefinedError(Exception):
    """A variable that two places give a value to."""


class Filling:
    """Fills in the templates of one file; how much text that makes is bounded."""

    def __init__(self) -> None:
        self._written = 0

    def fill(self, value: Any, variables: dict[str, Any], *, key: str = "") -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give a value with every template in it filled in.

        Args:
            value: a text, or a list or mapping of them.
            variables: what templates may name.
            key: the key of the stage that holds it; only a command writes a mapping as options, and only what is no
                part of a stage may be a list or a mapping.

        Raises:
            NoValueError: a template names what is not there, or what cannot be written as text.
        """
        if isinstance(value, list):
            return [self.fill(one, variables, key=key) for one in value]
        if isinstance(value, dict):
            return {
                as_text(self.fill(name, variables, key=key)): self.fill(one, variables, key=key)
                for name, one in value.items()
            }
        if not isinstance(value, str):
            return value
        self._count(len(value))
        return self._text(value, variables, key) if "${" in value else value

    def _text(self, text: str, variables: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - whatever a variable holds
        whole = _TEMPLATE.fullmatch(text)
        if whole and "}" not in whole[1]:
            found = _look_up(whole[1], variables)
            if key and isinstance(found, dict | list):
                raise NoValueError(whole[1], f"is a {_called(found)}, which cannot be written as text")
            self._count(len(found) if isinstance(found, str) else 0)
            return found
        parts: list[str] = []
        end = 0
        for match in _TEMPLATE.finditer(text):
            found = _look_up(match[1], variables)
            if isinstance(found, list) or (isinstance(found, dict) and key != "cmd"):
                raise NoValueError(match[1], f"is a {_called(found)}, which cannot be written as text")
            parts += [text[end : match.start()], _options(found) if isinstance(found, dict) else as_word(found)]
            end = match.end()
            self._count(len(parts[-1]))
        return "".join([*parts, text[end:]]).replace("\\${", "${")

    def _count(self, length: int) -> None:
        self._written += length
        if self._written > _MAX_TEXT:
            raise NoValueError("…", f"is not filled in: all texts together grow beyond {_MAX_TEXT // 1024**2} MiB")


def _called(value: Any) -> str:  # noqa: ANN401 - whatever a variable holds
    return "list" if isinstance(value, list) else "mapping"


def as_word(value: Any) -> str:  # noqa: ANN401 - whatever a variable holds
    """Give a scalar as DVC writes it into a text or a name."""
    return "None" if value is None else as_text(value)


def _options(values: dict[str, Any]) -> str:
    """Give a mapping as options of a command: `--lr 0.1 --shuffle --layers 64 32`."""
    return " ".join(word for name, value in _flat(values, "") for word in _option(name, value))


def _flat(values: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _option(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a variable holds
    if isinstance(value, bool):
        yield from [f"--{name}"] if value else []
    elif isinstance(value, list):
        if any(isinstance(one, dict | list) for one in value):
            raise NoValueError(name, "is a list of lists or mappings, which cannot be written as options")
        words = [shlex.quote(one) if isinstance(one, str) else as_word(one) for one in value]
        yield from [f"--{name}", *words] if words else []
    else:
        yield from (f"--{name}", shlex.quote(value) if isinstance(value, str) else as_word(value))


def _look_up(expression: str, variables: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever a variable holds
    if not _NAME.match(expression):
        raise NoValueError(expression, "is no name of a variable")
    value: Any = variables
    for step in expression.replace("[", ".").replace("]", "").split("."):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step.strip()]
        except (KeyError, IndexError, TypeError, ValueError):
            raise NoValueError(expression, "has no value in the files") from None
    return value


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Give a value of YAML as variables hold it: without lines, tags, or keys that are no text."""
    if isinstance(value, Tagged):
        return plain(value.value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        left_out = value.typed if isinstance(value, Lined) else {}
        return {name: plain(one) for name, one in value.items() if name not in left_out}
    return value


def merged(one: dict[str, Any], other: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give two sets of variables as one; mappings are merged, nothing else may stand in both.

    Raises:
        RedefinedError: a variable stands in both.
    """
    found = dict(one)
    for name, value in other.items():
        old = found.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            found[name] = merged(old, value, f"{prefix}{name}.")
        elif name in found:
            raise RedefinedError(prefix + name)
        else:
            found[name] = value
    return found
