"""Trigger rules: what lets a task run though one before it has failed, or has left itself out.

Source: https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#trigger-rules
"""

from __future__ import annotations

import ast
import re
from typing import Final, NamedTuple

from gatepost.definitions.airflow.graph import ALL_SUCCESS, Task
from gatepost.definitions.airflow.values import Bound, Function, Imported, Unknown
from gatepost.definitions.python_ends import DOUBT, shows_failure

__all__ = ["Passed", "doubt_of", "passed_by", "skips_in", "skips_of"]

_SKIPS_PASS: Final = frozenset({"none_failed", "all_skipped"})
"""Rules that a failure before stops, and a task that left itself out does not."""
_ONE_IS_ENOUGH: Final = frozenset({"none_failed_min_one_success", "none_failed_or_skipped"})
"""The same, as long as another task before has succeeded."""
_ONE_SUCCESS: Final = frozenset({"one_success", "all_done_min_one_success"})
"""Rules that want one task before to have succeeded: where there is only one, that one."""
_SKIPS_BY_99: Final = re.compile(r"\bexit\s+99\b")
"""The exit code by which a Bash operator leaves itself out, unless it says another one."""


class Passed(NamedTuple):
    """What an edge lets pass."""

    weakened: str | None = None
    skipped: str | None = None


def passed_by(before: Task, after: Task) -> Passed:
    """Tell what the trigger rule of a task lets pass of one before it; a rule that is not known lets all pass."""
    rule = after.trigger_rule or ALL_SUCCESS
    words = f"trigger_rule: {rule}"
    is_alone = len(after.before) == 1 and not before.is_mapped
    if rule == ALL_SUCCESS or (rule in _ONE_SUCCESS and is_alone):
        return Passed()
    if rule in _SKIPS_PASS:
        return Passed(skipped=words)
    if rule in _ONE_IS_ENOUGH:
        return Passed(skipped=None if is_alone else words)
    return Passed(weakened=words)


def skips_of(options: dict[str, object], command: str | None) -> str | None:
    """Say how the arguments of a task let it leave itself out in place of failing; None where they do not."""
    code = options.get("skip_on_exit_code")
    if isinstance(code, Unknown):
        return "skip_on_exit_code"
    if code is not None:
        return f"skip_on_exit_code: {code}"
    if options.get("soft_fail", False) is not False:
        return "soft_fail: True"
    if options.get("ignore_downstream_trigger_rules") is False:
        return "ignore_downstream_trigger_rules: False"
    if "skip_on_exit_code" not in options and _SKIPS_BY_99.search(command or ""):
        return "exit 99"
    called = options.get("python_callable")
    function = called.function if isinstance(called, Bound) else called
    if isinstance(function, Function):
        return skips_in(function)
    return None


def skips_in(function: Function) -> str | None:
    """Say that a function of the file leaves its task out; None where its own text does not."""
    raised = (one.exc for one in ast.walk(function.node) if isinstance(one, ast.Raise))
    return next(("AirflowSkipException" for one in raised if one and "AirflowSkip" in ast.unparse(one)), None)


def doubt_of(value: object) -> str | None:
    """Say why a function of the file may end well whatever it finds; None for one that shows how it fails."""
    function = value.function if isinstance(value, Bound) else value
    if isinstance(function, Imported):
        return f"what the function {function.name.removeprefix('builtins.')} does is not seen here"
    if not isinstance(function, Function):
        return None

    def called(name: str) -> ast.AST | None:
        scope = next((one for one in reversed(function.closure) if name in one), {})
        found = scope.get(name)
        return found.node if isinstance(found, Function) else None

    return None if shows_failure(function.node, called) else DOUBT
