"""What the template of one Argo stage says: what it runs, in which image, how often, how long, for whom it waits."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from gatepost.definitions.conditions import is_false
from gatepost.definitions.definition import ENDLESS, Script
from gatepost.definitions.scalars import duration
from gatepost.definitions.shell import nested
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text

__all__ = [
    "Given",
    "Leaf",
    "conditions",
    "filled",
    "given_by",
    "goes_on",
    "leaf_of",
    "never_runs",
    "outputs_in",
    "seconds",
    "values_for",
]

Given = Mapping[str, str]
"""The values of a template's inputs, by name."""
_INPUT: Final = re.compile(r"\{\{\s*(?:inputs\.parameters\.([\w-]+)|(workflow\.parameters\.[\w-]+))\s*\}\}")
_OF_WORKFLOW: Final = "workflow.parameters."
_OUTPUT: Final = re.compile(
    r"\{\{=?[^{}]*?\b(?:tasks|steps)(?:\.([\w-]+)|\[['\"]([\w-]+)['\"]\])\.(?:outputs\.)?(?:(?:parameters|artifacts)\.)?([\w-]+)"
)
_FAILURES: Final = re.compile(r"\{\{[^{}]*\b(?:workflow\.failures|(?:tasks|steps)\.[\w-]+\.(?:status|exitCode))\b")
"""What Argo fills in to say which stages have failed, or how one has ended."""
_TIME: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_APART: Final = {
    "daemon": "how {} ends is not known: it is a daemon, which nothing waits for",
    "memoize": "whether {} runs is not known: an earlier result may stand for it (memoize)",
}
_RUNNING: Final = ("container", "script", "containerSet", "resource", "http", "data", "plugin")


class Leaf(NamedTuple):
    """A template that runs something itself."""

    command: str | None
    scripts: tuple[Script, ...]
    image: str | None
    retries: int | None
    timeout: float | None
    waits_for: str | None
    resumes: str | None
    hidden: str | None
    is_told: bool
    unknown: tuple[str, ...]
    """What cannot be told: `how often {} is tried again`."""


def leaf_of(template: Lined, defaults: Lined, given: Given) -> Leaf:
    """Read a template.

    Args:
        template: the template.
        defaults: the workflow's `templateDefaults`.
        given: the values of the template's inputs.
    """
    container = as_dict(template.get("container")) or as_dict(template.get("script"))
    default = as_dict(defaults.get("container")) or as_dict(defaults.get("script"))
    unknown: list[str] = []
    retry = template.get("retryStrategy", defaults.get("retryStrategy"))
    limit = filled(as_text(as_dict(retry).get("limit")), given)
    endless = ENDLESS if retry is not None and not limit else None
    if limit and not limit.isdecimal():
        unknown.append("how often {} is tried again is not known: " + limit[:60])
    unknown += [words for key, words in _APART.items() if template.get(key)]
    timeout = None
    for key in ("activeDeadlineSeconds", "timeout"):
        text = filled(as_text(template.get(key, defaults.get(key))), given)
        timeout = timeout or seconds(text)
        if text and timeout is None:
            unknown.append("how long {} may run is not known: " + text[:60])
    return Leaf(
        filled(_command(template, container), given) or None,
        _scripts(template, container, given),
        filled(as_text(container.get("image", default.get("image") if container else None)), given) or None,
        int(limit[:9]) if limit.isdecimal() else endless,
        timeout,
        _waits(template),
        _resumes(template, given),
        _hidden(template),
        _is_told(container, given),
        tuple(unknown),
    )


def _command(template: Lined, container: Lined) -> str:
    words = _words(container)
    source = as_text(container.get("source")).strip()
    return source or " ".join(words) or " && ".join(" ".join(one) for one in _several(template))


def _scripts(template: Lined, container: Lined, given: Given) -> tuple[Script, ...]:
    """Give what each container runs; a `source` is read by the shell, or another program, that `command` names."""
    words = _words(container)
    source = as_text(container.get("source")).strip()
    if not source:
        return tuple(
            Script(shlex.join(filled(word, given) for word in one)) for one in (words, *_several(template)) if one
        )
    shell = nested(words) if words else None
    if shell is None:
        return (Script(filled(source, given), is_shell=not words),)
    return (Script(filled(source, given), stops=shell.stops, pipefail=shell.pipefail),)


def _several(template: Lined) -> list[list[str]]:
    containers = map(as_dict, as_list(as_dict(template.get("containerSet")).get("containers")))
    return [words for one in containers if (words := _words(one))]


def _words(container: Lined) -> list[str]:
    return [as_text(one) for one in (*as_list(container.get("command")), *as_list(container.get("args")))]


def _waits(template: Lined) -> str | None:
    """Say that a template waits until somebody resumes it; one that only pauses waits for nobody."""
    if "suspend" not in template or as_text(as_dict(template["suspend"]).get("duration")):
        return None
    return "suspend"


def _resumes(template: Lined, given: Given) -> str | None:
    """Say after which time a template that only pauses goes on."""
    text = filled(as_text(as_dict(template.get("suspend")).get("duration")), given)
    length = seconds(text)
    return duration(length) if length else text or None


def _is_told(container: Lined, given: Given) -> bool:
    """Tell whether a container is handed what has failed, in a word of its command or in its environment."""
    values = [as_dict(one).get("value") for one in as_list(container.get("env"))]
    return any(
        _FAILURES.search(filled(as_text(one), given)) for one in (*_words(container), container.get("source"), *values)
    )


def _hidden(template: Lined) -> str | None:
    resource = as_dict(template.get("resource"))
    if resource:
        return f"resource: {as_text(resource.get('action')) or 'apply'}, whose manifest is not followed"
    if "plugin" in template:
        return f"plugin: {', '.join(as_dict(template['plugin'])) or 'unknown'}"
    if "suspend" in template or any(key in template for key in _RUNNING):
        return None
    return "a template that says nothing of what it runs"


def seconds(text: str) -> float | None:
    """Give a length of time, `90`, `90s` or `1h30m`, in seconds; None for what is none."""
    if text.isdecimal():
        return float(text[:12])
    parts = _TIME.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return float(sum(float(number) * _UNITS[unit] for number, unit in parts))


def values_for(task: Lined, template: Lined, outer: Given) -> dict[str, str]:
    """Give the values of a template's inputs: what the task hands over, else the default."""
    found = {name: value for name, value in outer.items() if name.startswith(_OF_WORKFLOW)}
    for holder in (as_dict(template.get("inputs")), as_dict(task.get("arguments"))):
        for one in as_list(holder.get("parameters")):
            parameter = as_dict(one)
            value = parameter.get("value", parameter.get("default"))
            if value is not None:
                found[as_text(parameter.get("name"))] = filled(as_text(value), outer)
    return found


def given_by(spec: Lined) -> dict[str, str]:
    """Give the values that a workflow has in its own file, for all of its templates and for the first one's inputs."""
    own: dict[str, str] = {}
    for one in map(as_dict, as_list(as_dict(spec.get("arguments")).get("parameters"))):
        value = one.get("value", one.get("default"))
        if value is not None:
            own[as_text(one.get("name"))] = as_text(value)
    return own | {f"{_OF_WORKFLOW}{name}": value for name, value in own.items()}


def filled(text: str, given: Given) -> str:
    """Fill in the inputs that are known; what else is in braces is left as it is."""
    return _INPUT.sub(lambda match: given.get(match[1] or match[2], match[0]), text)[:65536]


def goes_on(task: Lined) -> str | None:
    """Say why what comes after a task runs though it has failed."""
    on = as_dict(task.get("continueOn"))
    kinds = [name for name, value in on.items() if value is True]
    return f"continueOn: {', '.join(kinds)}" if kinds else None


def conditions(task: Lined) -> Iterator[str]:
    """Give when a task runs at all: its `when`, and a list that is only known while it runs, which may be empty."""
    if task.get("when") is not None:
        yield f"when: {as_text(task['when'])}"
    if task.get("withParam") is not None:
        yield f"withParam: {as_text(task['withParam'])}"
    sequence = as_dict(task.get("withSequence"))
    if sequence:
        yield f"withSequence: {', '.join(f'{key} {as_text(value)}' for key, value in sequence.items())}"


def never_runs(task: Lined, given: Given) -> str | None:
    """Say why a task never runs: a condition of literals that does not hold, a list of nothing."""
    when = filled(as_text(task.get("when")), given)
    if when and is_false(when):
        return f"when: {when}"
    if task.get("withItems") == [] or as_text(task.get("withParam")).strip() == "[]":
        return "a list without items"
    return "withSequence: count 0" if as_text(as_dict(task.get("withSequence")).get("count")) == "0" else None


def outputs_in(value: Any) -> Iterable[tuple[str, str]]:  # noqa: ANN401 - whatever YAML holds
    """Give the tasks whose outputs a value names, each with the name of the output."""
    if isinstance(value, dict):
        for one in value.values():
            yield from outputs_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from outputs_in(one)
    elif isinstance(value, str) and "{{" in value:
        for dotted, quoted, output in _OUTPUT.findall(value):
            yield dotted or quoted, output
