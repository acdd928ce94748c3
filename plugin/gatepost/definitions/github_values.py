"""What names of a workflow of GitHub Actions stand for, where the file says it: `env`, `inputs`, a matrix of one value.

GitHub fills in `${{ env.X }}` before a shell sees it; the shell fills in `$X` itself. What only a run knows (`vars`,
`secrets`, what a person chooses, what a step writes to `GITHUB_ENV`) stays as it is written.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from gatepost.definitions.github_truth import Operand, Texts, Truth
from gatepost.definitions.yaml_text import Lined, as_dict, as_text

__all__ = ["NOTHING", "Values", "renamed_in"]

_FILLED_IN: Final = re.compile(r"\$\{\{\s*((?:env|inputs|matrix)\.[\w-]+)\s*\}\}", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"(\w+)(?:=|<<)")


class Values(NamedTuple):
    """What is known where something stands."""

    known: tuple[tuple[str, str | bool], ...] = ()
    """Names in small letters, `env.limit`, with what they stand for."""

    def get(self, name: str) -> str | bool | None:
        """Give what a name stands for; None for what is not known."""
        return next((value for one, value in self.known if one == name), None)

    def operand(self, name: str) -> Operand | None:
        """Give what a name stands for in a condition."""
        value = self.get(name)
        if isinstance(value, bool):
            return Truth.YES if value else Truth.NO
        return None if value is None else Texts(frozenset({value.casefold()}))

    def filled(self, text: str) -> str:
        """Fill in what is known."""

        def value(match: re.Match[str]) -> str:
            found = self.get(match[1].casefold())
            return match[0] if found is None else as_text(found)

        return _FILLED_IN.sub(value, text) if "${{" in text else text

    def variable(self, name: str) -> str | None:
        """Give what a variable of the shell stands for."""
        found = self.get(f"env.{name.casefold()}")
        return found if isinstance(found, str) else None

    def with_env(self, env: Any) -> Values:  # noqa: ANN401 - whatever YAML holds
        """Give what is known beneath an `env`."""
        return self._over("env", as_dict(env))

    def with_inputs(self, asked: Lined, given: Lined, *, is_typed: bool) -> Values:
        """Give what is known within what is called: the inputs as they are given, or their defaults.

        Args:
            asked: the inputs that it has.
            given: `with` of who calls it, whose own values are filled in.
            is_typed: whether a truth value stays one; to an action all inputs are texts.
        """
        found = Lined(asked.line)
        for name, one in asked.items():
            value = given.get(name, as_dict(one).get("default"))
            if value is not None:
                found[name] = value if is_typed and isinstance(value, bool) else self.filled(as_text(value))
            elif not as_dict(one).get("required") and not (is_typed and as_dict(one).get("type") == "boolean"):
                found[name] = ""
        own = Values(tuple(one for one in self.known if not one[0].startswith("inputs.")))
        return own._over("inputs", found)

    def with_matrix(self, values: Mapping[str, str | bool]) -> Values:
        """Give what is known within a matrix, of which each of some axes has one value."""
        return self._over("matrix", values)

    def without_env(self) -> Values:
        """Give what is known in another file: variables are not handed over to it."""
        return Values(tuple(one for one in self.known if not one[0].startswith(("env.", "matrix."))))

    def without(self, names: Iterable[str]) -> Values:
        """Give what is known where steps write some variables while the job runs."""
        gone = {f"env.{name.casefold()}" for name in names}
        return Values(tuple(one for one in self.known if one[0] not in gone))

    def _over(self, kind: str, said: Mapping[str, Any]) -> Values:
        found = dict(self.known)
        for name, value in said.items():
            text = value if isinstance(value, bool) and kind != "env" else self.filled(as_text(value))
            found.pop(f"{kind}.{name.casefold()}", None)
            if not (isinstance(text, str) and "${{" in text) and not isinstance(value, dict | list):
                found[f"{kind}.{name.casefold()}"] = text
        return Values(tuple(found.items()))


NOTHING: Final = Values()
"""Where the file says nothing."""


def renamed_in(runs: Iterable[str]) -> set[str]:
    """Give the variables that steps write for those behind them: `echo "X=1" >> $GITHUB_ENV`."""
    return {name for text in runs if "GITHUB_ENV" in text for name in _WRITTEN.findall(text)}
