# ruff: noqa: INP001, AIR001 - a DAG file, no package; task ids are the contract's stages, whose names have hyphens
"""The real definition of the pipeline that pipeline.md is the contract of: an Airflow 3 DAG, one task a stage.

What decides (gates, the approval, the watch) is asked once; what computes is tried again once. A task that fails for
good answers as the contract says: `on_failure_callback` runs the same commands that a person would.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

FOLDER = Path(__file__).resolve().parent


OUTCOMES = {"10": "reject", "11": "inconclusive", "75": "infrastructure", "124": "timeout"}
"""What the exit codes of the stages mean."""


def answer(*actions: str, rejected: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - a callback, as Airflow takes it
    """Give a callback that runs the commands behind some actions, in order; one that fails does not stop the next.

    Args:
        *actions: what is done.
        rejected: what is done instead when the stage ended with exit code 10.
    """

    def callback(context: dict[str, Any]) -> None:
        task = context["ti"]
        code = re.search(r"exit code (\d+)", str(context.get("exception")))
        outcome = (
            OUTCOMES.get(code[1], "fail") if code else "timeout"
        )  # Airflow ends what takes too long, without a code
        told = {"GATEPOST_STAGE": task.task_id, "GATEPOST_OUTCOME": outcome, "GATEPOST_RUN": task.run_id}
        for action in rejected if rejected and outcome == "reject" else actions:
            command = [sys.executable, "pipeline/pipeline.py", action]
            subprocess.run(command, cwd=FOLDER, env={**os.environ, **told}, check=False)  # noqa: S603 - our own words

    return callback


with DAG(
    dag_id="ticket-routing",
    schedule=None,  # a release is started by hand, when the month's tickets are closed
    start_date=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "growth-ml",
        "retries": 1,
        "retry_delay": dt.timedelta(seconds=30),
        "execution_timeout": dt.timedelta(minutes=5),
        "cwd": str(FOLDER),
        "env": {"GATEPOST_RUN": "{{ run_id }}"},
        "append_env": True,
        "skip_on_exit_code": None,  # a skipped task would leave a green run behind
        "on_failure_callback": answer("alert"),
    },
):
    curate = BashOperator(task_id="curate", bash_command="python pipeline/pipeline.py curate")
    data_gate = BashOperator(task_id="data-gate", bash_command="python pipeline/pipeline.py data-gate", retries=0)
    finetune = BashOperator(
        task_id="finetune",
        bash_command="python pipeline/pipeline.py finetune",
        execution_timeout=dt.timedelta(minutes=20),
    )
    evaluate = BashOperator(task_id="evaluate", bash_command="python pipeline/pipeline.py evaluate")
    quality_gate = BashOperator(
        task_id="quality-gate",
        bash_command="python pipeline/pipeline.py quality-gate",
        retries=0,
        on_failure_callback=answer("alert", rejected=("quarantine", "alert")),
    )
    safety_gate = BashOperator(
        task_id="safety-gate",
        bash_command="python pipeline/pipeline.py safety-gate",
        retries=0,
        on_failure_callback=answer("alert", rejected=("quarantine", "page")),
    )
    package = BashOperator(task_id="package", bash_command="python pipeline/pipeline.py package")
    smoke = BashOperator(task_id="smoke", bash_command="python pipeline/pipeline.py smoke")
    smoke_gate = BashOperator(
        task_id="smoke-gate",
        bash_command="python pipeline/pipeline.py smoke-gate",
        retries=0,
        on_failure_callback=answer("alert", rejected=("quarantine", "alert")),
    )
    promote_staging = BashOperator(
        task_id="promote-staging", bash_command="python pipeline/pipeline.py promote-staging"
    )
    # Nobody waits in a worker: without an answer the task fails with exit code 11, and clearing it asks again.
    red_team = BashOperator(
        task_id="red-team",
        bash_command="python pipeline/pipeline.py red-team",
        retries=0,
        on_failure_callback=answer("alert", rejected=("quarantine", "alert")),
    )
    promote_production = BashOperator(
        task_id="promote-production",
        bash_command="python pipeline/pipeline.py promote-production",
        on_failure_callback=answer("rollback", "page"),
    )
    observe = BashOperator(
        task_id="observe",
        bash_command="python pipeline/pipeline.py observe",
        on_failure_callback=answer("rollback", "page"),
    )
    watch = BashOperator(
        task_id="watch",
        bash_command="python pipeline/pipeline.py watch",
        retries=0,
        on_failure_callback=answer("rollback", "page"),
    )

    curate >> [data_gate, finetune, evaluate, smoke]
    data_gate >> finetune
    finetune >> [evaluate, package, smoke]
    evaluate >> [quality_gate, safety_gate, package]
    [quality_gate, safety_gate] >> package
    package >> [smoke, promote_staging, promote_production]
    smoke >> [smoke_gate, promote_staging, promote_production]
    smoke_gate >> [promote_staging, promote_production]
    promote_staging >> red_team >> promote_production >> [observe, watch]
    observe >> watch
