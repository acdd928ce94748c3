"""A callback of Airflow answers a failure where its text shows that it runs the command, with no condition."""

from __future__ import annotations

import pytest
from test_conformance_answers import AIRFLOW, ALERT, BACK, UNDO, told, unseen

HEAD = "def undo(context):\n"
RUN = "    subprocess.run(UNDO, cwd=FOLDER, check=False)\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (HEAD, f"{HEAD}    return\n", UNDO),
        (HEAD, f"{HEAD}    if context.get('dry'):\n        return\n", UNDO),
        (RUN, "    subprocess.run(UNDO, cwd=FOLDER) if DRY else None\n", BACK),
        (RUN, "    if DRY:\n        subprocess.run(UNDO)\n", BACK),
        (RUN, "    DRY and subprocess.run(UNDO)\n", BACK),
        ("subprocess.run(UNDO, cwd", "subprocess.run([*UNDO[:2], 'noop'], cwd", BACK),
    ],
)
def test_a_callback_that_merely_holds_the_words_is_open(old: str, new: str, expected: str) -> None:
    """It leaves before, it asks something first, it hands other words on."""
    assert old in AIRFLOW
    assert told("airflow", AIRFLOW.replace(old, new).replace("UNDO = [", "DRY = False\nUNDO = [")) == [
        ("unknown", unseen(expected))
    ]


@pytest.mark.parametrize(
    "new",
    [
        "    try:\n        subprocess.run(UNDO, check=True)\n    except OSError:\n        pass\n",
        "    for command in [UNDO]:\n        subprocess.run(command)\n",
        "    subprocess.run(['python', str(FOLDER / 'ship.py'), '--undo'])\n",
        "    subprocess.run('python ship.py --undo', shell=True)\n",
        "    if 'x' in context:\n        subprocess.run(UNDO)\n    else:\n        subprocess.run([*UNDO, '--all'])\n",
        "    command = [sys.executable, 'ship.py']\n    command = [*command, '--undo']\n    subprocess.run(command)\n",
    ],
)
def test_a_callback_is_followed_as_honest_ones_are_written(new: str) -> None:
    """Loops over what the file says, paths put together, a choice of which each way runs something."""
    assert told("airflow", AIRFLOW.replace(RUN, new)) == []


@pytest.mark.parametrize(
    ("codes", "weight"), [("10", "differs"), ("[10, 99]", "differs"), ("CODES()", "unknown"), ("None", ""), ("99", "")]
)
def test_a_rejection_that_skips_is_not_answered(codes: str, weight: str) -> None:
    """A skipped task has not failed, and no callback hears of it."""
    text = AIRFLOW.replace('"python judge.py"', f'"python judge.py", skip_on_exit_code={codes}')
    text = text.replace("import sys\n", "import sys\nfrom common import CODES\n")
    expected = f"{ALERT.replace('fit and judge fail', 'judge fails')}; skip_on_exit_code"
    expected = unseen(expected) if weight == "unknown" else expected
    found = [(one, message) for one, message in told("airflow", text) if message.startswith(expected)]
    assert [one for one, _ in found] == ([weight] if weight else [])


def test_a_gate_that_short_circuits_skips() -> None:
    """It rejects by skipping what comes behind."""
    text = AIRFLOW.replace(
        'BashOperator(task_id="judge", bash_command="python judge.py")',
        'ShortCircuitOperator(task_id="judge", python_callable=lambda: False)',
    ).replace(
        "from airflow.sdk",
        "from airflow.providers.standard.operators.python import ShortCircuitOperator\nfrom airflow.sdk",
    )
    assert any(one == "differs" and "ShortCircuitOperator" in message for one, message in told("airflow", text))
