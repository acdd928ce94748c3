"""Airflow loads DAGs itself: what our reader says is what Airflow runs, or it says that something is unknown."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from airflow_programs import program

from gatepost.definitions import Definition, DefinitionError, read_definition
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
try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models.dagbag import DagBag
found = {}
for path in sys.argv[1:]:
    for dag in DagBag(dag_folder=path).dags.values():
        tasks = {
            task.task_id: {
                "rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
                "retries": task.retries,
                "timeout": task.execution_timeout.total_seconds() if task.execution_timeout else None,
                "mapped": bool(getattr(task, "is_mapped", False)),
            }
            for task in dag.tasks
        }
        edges = [[one.task_id, other] for one in dag.tasks for other in sorted(one.downstream_task_ids)]
        found.setdefault(path, {})[dag.dag_id] = {"tasks": tasks, "edges": sorted(edges)}
print("FOUND" + json.dumps(found))
"""


def _loaded(paths: list[Path], home: Path) -> dict[str, Any]:
    """Let Airflow load files, in a process and a home of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, *map(str, paths)],
        env={**os.environ, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__UNIT_TEST_MODE": "True"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    line = next((one for one in done.stdout.splitlines() if one.startswith("FOUND")), None)
    assert line is not None, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(line.removeprefix("FOUND"))
    return found


def _differences(read: Definition, real: dict[str, Any]) -> list[str]:
    """Compare tasks, edges, trigger rules, retries and time-outs."""
    stages = {stage.name: stage for stage in read.stages}
    weak = {(edge.before, edge.after): edge.weakened or edge.skipped for edge in read.edges}
    count = Counter(after for _, after in real["edges"])
    edges = {(before, after) for before, after in real["edges"]}
    found = [f"task {name}" for name in sorted(stages.keys() ^ real["tasks"].keys())]
    found += [f"edge {before} > {after}" for before, after in sorted(weak.keys() ^ edges)]
    for name in sorted(stages.keys() & real["tasks"].keys()):
        stage, task = stages[name], real["tasks"][name]
        if ((stage.retries or 0), stage.timeout) != (task["retries"], task["timeout"]):
            found.append(f"retries or time-out of {name}")
    for before, after in sorted(weak.keys() & edges):
        rule = real["tasks"][after]["rule"]
        is_alone = count[after] == 1 and not real["tasks"][before]["mapped"]
        is_strict = rule == "all_success" or (is_alone and "one_success" in rule)
        if weak[before, after] != (None if is_strict else f"trigger_rule: {rule}"):
            found.append(f"trigger rule of {after}")
    return found


def _verdicts(loaded: dict[str, Any]) -> tuple[Counter[str], list[str]]:
    """Count what is exact and what is unknown; list what is neither."""
    verdicts, silent = Counter[str](), []
    for path, dags in loaded.items():
        for dag_id, real in dags.items():
            source = Source.model_validate({"kind": "airflow", "path": path, "dag": dag_id})
            try:
                read = read_definition(source, path, Path(path).read_bytes(), lambda _: None)
            except DefinitionError:
                verdicts["unknown"] += 1
                continue
            wrong = _differences(read, real)
            verdicts["exact" if not wrong else "unknown"] += 1
            if wrong and not read.gaps:
                silent.append(f"{dag_id}: {'; '.join(wrong)}")
    return verdicts, silent


def _examples() -> list[Path]:
    roots = []
    for name in ("airflow", "airflow.providers.standard", "airflow.providers.common.sql"):
        spec = importlib.util.find_spec(name)
        roots += [Path(one) / "example_dags" for one in (spec.submodule_search_locations or ())] if spec else []
    return [path for root in roots for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]


def test_every_example_is_exact_or_said_to_be_unknown(tmp_path: Path) -> None:
    """No DAG that Airflow ships is silently another one than the one that Airflow runs; nearly all are exact."""
    paths = _examples()
    assert paths, "no examples are installed"
    verdicts, silent = _verdicts(_loaded(paths, tmp_path))
    assert silent == []
    assert verdicts["exact"] > 100
    assert verdicts["unknown"] <= verdicts["exact"] // 20


def test_random_programs_are_exact(tmp_path: Path) -> None:
    """Loops, groups, decorators, mapping, labels, helpers, setups: whatever they draw, we draw the same."""
    paths = [tmp_path / f"random_{seed}.py" for seed in range(120)]
    for seed, path in enumerate(paths):
        path.write_text(program(seed), encoding="utf-8")
    loaded = _loaded(paths, tmp_path / "home")  # Airflow refuses some: a cycle, a rule behind a setup
    verdicts, silent = _verdicts(loaded)
    assert silent == []
    assert verdicts["exact"] == len(loaded) > 60
