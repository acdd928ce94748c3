"""Real definitions of the worked designs from which a promise of the contract was taken; the contract stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shipped import ROOT

__all__ = ["SOURCE", "taken"]

SOURCE: Final = {"churn-batch": "dvc.yaml", "fraud-realtime": "workflow.yaml", "ticket-routing": "dag.py"}
_ARGO: Final = {
    "a time-out": r" *activeDeadlineSeconds: \d+\n",
    "a longer time-out": r"(?<=activeDeadlineSeconds: )\d+(?=\n)",
    "the retries": r" *retryStrategy: \*once\n",
    "the limit of the retries": r' *limit: "1"\n',
    "the exit handler": r" *onExit: answer\n",
    "what the exit handler does": r'answer, "\{\{workflow\.failures\}\}"',
    "what the exit handler is told": r', "\{\{workflow\.failures\}\}"',
}
"""What is taken from the workflow, each place by itself."""
_AIRFLOW: Final = {
    "a time-out": r' *"?execution_timeout"?(?:=|: )dt\.timedelta\(minutes=\d+\),\n',
    "the retries": r' *"retries": 1,\n',
    "a task that is not tried again": r", retries=0(?=\))| {8}retries=0,\n",
    "a failure handler": r' *"?on_failure_callback"?(?:=|: )answer\(.*\),\n',
    "the rollback": r'"rollback", (?="page"\))',
    "the page": r', "page"(?=\),\n)',
    "the quarantine": r'"quarantine", ',
    "what a rejection is answered with": r", rejected=\(.*?\)",
    "the call that runs the handlers": r"subprocess\.run(?=\(command)",
    "what the handlers run": r'"pipeline/pipeline\.py", action',
}
_INSTEAD: Final = {
    "a longer time-out": "86400",
    "what the exit handler does": "noop",
    "the call that runs the handlers": "print",
    "what the handlers run": '"-c", "pass"',
}
"""What is written in the place of what is taken."""


def taken(design: str) -> Iterator[tuple[str, str]]:
    """Give the definition of a design with one promise less, each time another, and a name that says which.

    DVC has neither time-outs nor retries nor handlers: nothing can be taken from it.
    """
    text = (ROOT / "designs" / design / SOURCE[design]).read_text(encoding="utf-8")
    patterns = {"fraud-realtime": _ARGO, "ticket-routing": _AIRFLOW}.get(design, {})
    for what, pattern in patterns.items():
        for place in re.finditer(pattern, text):
            line = text.count("\n", 0, place.start()) + 1
            yield f"{what} (line {line})", text[: place.start()] + _INSTEAD.get(what, "") + text[place.end() :]
