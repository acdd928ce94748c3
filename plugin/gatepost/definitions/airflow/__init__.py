"""Airflow DAGs, read from the syntax tree of their file: a small interpreter that makes tasks and never acts.

Each module adds one part to the walk, from the state (`state`) to statements (`statements`); `reader` is the way in.
What the text does not tell is unknown, and where something unknown decides about tasks, a gap says so.
"""

from gatepost.definitions.airflow.reader import read_airflow

__all__ = ["read_airflow"]
