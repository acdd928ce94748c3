"""A handler that ends with 0 and does nothing that can be seen is told: it may have been emptied."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipelines import MAKE, TINY, executed, record, tiny

from gatepost.execution.traces import marks_of

CONTRACT = TINY.replace("artifacts:", "handlers: {alert: RUN}\nartifacts:")
UNSAID = (
    "Not verified: whether alert does anything; it left no trace on any branch: it ended with 0, printed nothing and "
    "changed no file, as a script does that was emptied. Let it print whom it tells."
)


def told(root: Path, run: str, code: str = MAKE) -> str:
    """Run a contract of one stage with a handler; give what was said."""
    done = executed(root, tiny(CONTRACT.replace("RUN", run), code))
    assert done.code == 0, done.out
    return " ".join(done.out.split())


@pytest.mark.parametrize("run", ['"true"', "python -c pass", "python alert.py"])
def test_a_handler_that_does_nothing_is_told(run: str, tmp_path: Path) -> None:
    """A command without an effect, a program without a word, a script whose body is gone: each left no trace."""
    emptied = "import json\n\n\ndef main():\n    pass\n\n\nmain()\n"
    done = executed(tmp_path, tiny(CONTRACT.replace("RUN", run)) | {"nightly/alert.py": emptied})
    assert done.code == 0, done.out
    assert UNSAID in " ".join(done.out.split())
    found = record(tmp_path)
    assert [(one.action, one.silent, one.ran, one.branch) for one in found.silent] == [("alert", 3, 3, "make fail")]
    assert UNSAID in found.notes


@pytest.mark.parametrize(
    "code",
    [
        "print('told the team')",
        "import sys; sys.stderr.write('told the team')",
        "open('out.log', 'w')",
        "open('rows.json', 'a').write(' ')",
        "import os; os.utime('rows.json')",
        "import os; os.remove('rows.json')",
        "import os; os.mkdir('told')",
        "import pathlib; (pathlib.Path.home() / 'told').touch()",
    ],
)
def test_a_handler_that_does_anything_is_not_blamed(code: str, tmp_path: Path) -> None:
    """A word, a file that is new, changed, touched or gone, in the folder or in its home: each is a trace."""
    files = tiny(CONTRACT.replace("RUN", "python alert.py")) | {"nightly/alert.py": code}
    done = executed(tmp_path, files)
    assert done.code == 0, done.out
    assert "left no trace" not in done.out
    assert record(tmp_path).silent == ()


def test_a_handler_that_is_silent_for_some_faults_names_one(tmp_path: Path) -> None:
    """It may answer some faults only: how many, and one of them, is told."""
    answer = "print('x' if os.environ['GATEPOST_OUTCOME'] == 'fail' else '', end='')"
    code = f"import os, sys\nif sys.argv[1:]:\n    {answer}\n    sys.exit()\n{MAKE}"
    said = told(tmp_path, "python pipeline.py alert", code)
    assert "it left no trace on 2 of 3 branches, such as make timeout:" in said


def test_marks_do_not_depend_on_what_python_compiles(tmp_path: Path) -> None:
    """A module that is compiled when it is first read is no trace of what was done."""
    before = marks_of(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").touch()
    assert marks_of(tmp_path) == before
    (tmp_path / "x").touch()
    assert marks_of(tmp_path) != before
