"""The function of Python that a component of Kubeflow holds as a text: what it may run. It is not imported."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from gatepost.definitions.airflow.answers import program_of
from gatepost.definitions.airflow.state import Exhausted, Interrupt
from gatepost.definitions.airflow.statements import Statements
from gatepost.definitions.definition import Answer

__all__ = ["program_of_text"]


def program_of_text(texts: Iterable[str], name: str, line: int) -> Answer:
    """Give what a function that one of some texts defines may run; what cannot be read may be anything.

    Args:
        texts: the words of a container.
        name: the function.
        line: where the definition names it.
    """
    unseen = Answer(line, unseen=f"the function {name}")
    text = next((one for one in texts if f"def {name}(" in one), None)
    if text is None:
        return unseen
    walk = Statements(name)
    try:
        walk.body(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, Exhausted, Interrupt):
        return unseen
    return program_of(walk.globals.get(name), line) or unseen
