"""Helpers of the tests of DAG files: read a body of a DAG, and give what matters of it in short."""

from __future__ import annotations

import textwrap

from reading import edges, names, read

from gatepost.definitions import Definition

__all__ = ["HEAD", "dag_of", "drawn", "gaps", "told"]

HEAD = """\
import functools, itertools, os
from datetime import timedelta
from airflow.sdk import (
    DAG, Label, Param, TaskGroup, TriggerRule, Variable, XComArg, asset, chain, chain_linear, cross_downstream, dag,
    setup, task, task_group, teardown,
)
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import BranchPythonOperator, PythonOperator
"""


def dag_of(body: str, head: str = "") -> Definition:
    """Read a DAG with a body, behind the imports that all of these share."""
    inside = textwrap.indent(textwrap.dedent(body), "    ")
    return read("airflow", f"{HEAD}{textwrap.dedent(head)}\nwith DAG('d') as dag:\n{inside}", path="dags/release.py")


def drawn(body: str, head: str = "") -> str:
    """Give the edges of a DAG in short, `a>b b>c`, where nothing of it is unknown."""
    found = dag_of(body, head)
    assert found.gaps == ()
    return " ".join(sorted(edges(found)))


def told(body: str, head: str = "") -> str:
    """Give the names of the tasks in short, where nothing is unknown."""
    found = dag_of(body, head)
    assert found.gaps == ()
    return " ".join(names(found))


def gaps(body: str, head: str = "") -> str:
    """Give what is unknown of a DAG."""
    return "; ".join(gap.message for gap in dag_of(body, head).gaps)
