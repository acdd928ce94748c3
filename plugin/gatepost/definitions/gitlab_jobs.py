"""The jobs of a GitLab pipeline after `extends`, `default`, `inherit` and `!reference`.

Source: https://docs.gitlab.com/ci/yaml/yaml_optimization/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gatepost.definitions.definition import DefinitionError
from gatepost.definitions.gitlab_files import At, laid_over
from gatepost.definitions.yaml_text import Lined, Tagged, as_dict, as_list, as_text, listed

__all__ = ["Jobs"]

_GLOBAL: Final = frozenset(
    {"stages", "default", "include", "variables", "workflow", "image", "services", "cache", "before_script"}
    | {"after_script", "spec", "types"}
)
_OLD_DEFAULTS: Final = ("image", "services", "cache", "before_script", "after_script")
_TELLING: Final = frozenset(
    {"script", "trigger", "run", "extends", "stage", "needs", "rules", "when", "environment", "only", "except"}
)
_MAX_EXTENDS: Final = 11
_MAX_REFERENCES: Final = 10
_MAX_VALUES: Final = 200_000
_LISTS: Final = frozenset({"script", "before_script", "after_script", "rules", "needs", "dependencies", "paths"})
"""Keys whose lists are flattened when a reference puts a list into them."""


class Jobs:
    """The jobs of files that were laid over one another."""

    def __init__(self, data: Lined, origin: dict[str, At], path: str, gap: Callable[[str, At], None]) -> None:
        self.data = data
        self.origin = origin
        self.path = path
        self.gap = gap
        self._extended: dict[str, Lined] = {}
        self._count = 0

    def at(self, name: str) -> At:
        """Give where a job is written."""
        return self.origin.get(name, (self.path, 1))

    def all(self) -> dict[str, Lined]:
        """Give every job that may run, by name, in the order of the files.

        Raises:
            DefinitionError: one extends itself, or they unfold into too much.
        """
        names = [name for name, one in self.data.items() if isinstance(one, Lined) and name not in _GLOBAL]
        found = {name: self._job(name) for name in names if not name.startswith(".")}
        return {name: job for name, job in found.items() if job.keys() & _TELLING}

    def _job(self, name: str) -> Lined:
        job = self._with_defaults(self._with_parents(name, 0))
        at = self.at(name)
        found = Lined(job.line)
        found.lines.update(job.lines)
        for key, value in job.items():
            found[key] = self._resolved(value, at, 0, key)
        return found

    def _with_parents(self, name: str, depth: int) -> Lined:
        """Give a job with what it extends below it."""
        if name in self._extended:
            return self._extended[name]
        if depth > _MAX_EXTENDS:
            message = f"{name} extends itself, or more than {_MAX_EXTENDS} others in a row"
            raise DefinitionError(message, "remove an `extends`", *self.at(name))
        own = as_dict(self.data.get(name))
        found = Lined(own.line)
        for parent in listed(own.get("extends")):
            if parent in self.data:
                found = laid_over(found, self._with_parents(parent, depth + 1))
            else:
                self.gap(f"{name} extends {parent}, which is not in these files", self.at(name))
        self._extended[name] = laid_over(found, own)
        return self._extended[name]

    def _with_defaults(self, job: Lined) -> Lined:
        """Give a job with the defaults that it inherits; a default is taken as a whole or not at all."""
        inherited = as_dict(job.get("inherit")).get("default", True)
        defaults = {key: self.data[key] for key in _OLD_DEFAULTS if key in self.data}
        defaults.update(as_dict(self.data.get("default")))
        found = laid_over(Lined(job.line), job)
        for key, value in defaults.items():
            if key not in job and inherited is not False and (inherited is True or key in listed(inherited)):
                found[key] = value
                found.lines[key] = job.line
        return found

    def _resolved(self, value: Any, at: At, depth: int, key: str = "") -> Any:  # noqa: ANN401 - whatever YAML holds
        """Put what `!reference` names in its place."""
        self._count += 1
        if self._count > _MAX_VALUES:
            message = f"the jobs of {self.path} unfold into more than {_MAX_VALUES:,} values"
            raise DefinitionError(message, "use fewer references", *at)
        if isinstance(value, Tagged):
            if value.tag != "!reference":
                return self._resolved(value.value, at, depth)
            if depth >= _MAX_REFERENCES:
                self.gap(f"a reference leads through more than {_MAX_REFERENCES} others, or to itself", at)
                return None
            return self._resolved(self._named(listed(value.value), at), at, depth + 1, key)
        if isinstance(value, list):
            inner = [self._resolved(one, at, depth, key) for one in value]
            return [flat for one in inner for flat in (as_list(one) if key in _LISTS else [one])]
        if isinstance(value, Lined):
            found = Lined(value.line)
            found.lines.update(value.lines)
            for name, one in value.items():
                found[name] = self._resolved(one, at, depth, name)
            return found
        return value

    def _named(self, steps: list[str], at: At) -> Any:  # noqa: ANN401 - whatever YAML holds
        value: Any = None
        if steps and isinstance(self.data.get(steps[0]), Lined):
            value = self._with_parents(steps[0], 0)
        for step in steps[1:]:
            value = as_dict(value).get(as_text(step))
        if value is None:
            self.gap(f"!reference [{', '.join(steps)}] names nothing in these files", at)
        return value
