"""The DAGs that Airflow ships: what our reader says is what Airflow loads, or it says that something is unknown."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatepost.definitions import DefinitionError, read_definition
from gatepost.records.pipeline import Source

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("airflow") is None and not os.environ.get("GATEPOST_REQUIRE_AIRFLOW"),
        reason="Airflow is not installed; CI has a step of its own for it",
    ),
]

_LOAD = """
import json, sys, logging, warnings
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
from pathlib import Path
try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models.dagbag import DagBag
found = {}
for path in sys.argv[1:]:
    bag = DagBag(dag_folder=path)
    for dag in bag.dags.values():
        edges = [[one.task_id, other] for one in dag.tasks for other in sorted(one.downstream_task_ids)]
        found.setdefault(path, {})[dag.dag_id] = {"tasks": sorted(t.task_id for t in dag.tasks), "edges": sorted(edges)}
print("FOUND" + json.dumps(found))
"""


def _examples() -> list[Path]:
    spec = importlib.util.find_spec("airflow")
    roots = [Path(one) / "example_dags" for one in (spec.submodule_search_locations or ())] if spec else []
    standard = importlib.util.find_spec("airflow.providers.standard") if spec else None
    roots += [Path(one) / "example_dags" for one in (standard.submodule_search_locations or ())] if standard else []
    return [path for root in roots for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]


def test_every_example_is_exact_or_said_to_be_unknown(tmp_path: Path) -> None:
    """No DAG is silently another one than the one that Airflow runs."""
    paths = _examples()
    assert paths, "no examples are installed"
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, *map(str, paths)],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__UNIT_TEST_MODE": "True"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    line = next((one for one in done.stdout.splitlines() if one.startswith("FOUND")), None)
    assert line is not None, done.stderr[-2000:]
    exact, unknown, silent = [], [], []
    for path, dags in json.loads(line.removeprefix("FOUND")).items():
        for dag_id, real in dags.items():
            try:
                source = Source.model_validate({"kind": "airflow", "path": path, "dag": dag_id})
                read = read_definition(source, path, Path(path).read_bytes(), lambda _: None)
            except DefinitionError:
                unknown.append(dag_id)
                continue
            tasks = sorted(stage.name for stage in read.stages)
            edges = sorted([edge.before, edge.after] for edge in read.edges)
            same = tasks == real["tasks"] and edges == real["edges"]
            (exact if same else unknown if read.gaps else silent).append(dag_id)
    assert silent == []
    assert len(exact) > len(unknown)
