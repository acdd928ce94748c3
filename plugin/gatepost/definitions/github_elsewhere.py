"""What runs outside of a workflow of GitHub because of it: workflows that wait for its end, and those that it starts.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.definitions.definition import DefinitionError, ReadFile
from gatepost.definitions.github_conditions import needs_a_good_end
from gatepost.definitions.yaml_text import Lined, as_dict, as_text, listed, load_yaml

__all__ = ["AFTER", "starts", "waiting"]

AFTER: Final = "workflow_run: whatever the result"
"""What lets a job of a workflow that waits for another one run though that has failed."""
_STARTS: Final = re.compile(r"\bgh\s+(?:workflow\s+run|api\b[^\n]*dispatches)|/dispatches\b|\brepository_dispatch\b")


def starts(command: str) -> str | None:
    """Say that a command starts a workflow, whose jobs are not seen; None for any other."""
    return "it starts another workflow" if _STARTS.search(command) else None


def waiting(named: Iterable[str], path: str, data: Lined, read_file: ReadFile) -> Iterator[tuple[str, Lined]]:
    """Give the workflows among some names that run once this one has ended, each with what it says.

    Args:
        named: what the contract sets aside: a path of the repository may be such a workflow.
        path: where this one is.
        data: what this one says.
        read_file: gives the others.
    """
    own = {as_text(data.get("name")) or path}
    for other in (posixpath.normpath(one) for one in named if one.endswith((".yml", ".yaml"))):
        content = read_file(other) if other != path else None
        try:
            found = as_dict(next(iter(load_yaml(other, content)), None)) if content is not None else Lined(1)
        except DefinitionError:
            continue
        event = as_dict(as_dict(found.get("on")).get("workflow_run"))
        if own & set(listed(event.get("workflows"))):
            yield other, _without_good_ends(found)


def _without_good_ends(data: Lined) -> Lined:
    """Leave out the jobs that run only when all has gone well."""
    found, jobs = Lined(data.line), as_dict(data.get("jobs"))
    kept = Lined(jobs.line)
    kept.update({name: job for name, job in jobs.items() if not needs_a_good_end(as_text(as_dict(job).get("if")))})
    kept.lines.update(jobs.lines)
    found.update({**data, "jobs": kept})
    found.lines.update(data.lines)
    return found
