"""The garbage collector during a build, and after it."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from builds import build, project

from gatepost.mkdocs_plugin.memory import kept, leave_at_exit, let_go
from trees import clean_log


def test_a_build_leaves_the_collector_as_it_found_it(tmp_path: Path) -> None:
    """After a build the garbage collector runs, and sees every object again."""
    build(project(tmp_path, clean_log()))

    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_what_is_kept_is_not_looked_at_until_it_is_let_go() -> None:
    """Nothing is collected inside; afterwards the objects made there are set aside, until they are let go."""
    with kept():
        assert not gc.isenabled()

    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    let_go()
    assert gc.get_freeze_count() == 0


def test_an_error_inside_leaves_nothing_set_aside() -> None:
    """When reading fails, the collector runs again and sees everything."""
    with pytest.raises(ValueError, match="broken"), kept():
        raise ValueError("broken")

    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_process_ends_without_a_last_look_at_the_log() -> None:
    """What is in a circle when the process ends is left to the system; without our word Python would take it apart."""
    circle = "class Log:\n def __del__(self): print('taken apart')\nlog = Log()\nlog.own = log\n"
    ours = f"from {leave_at_exit.__module__} import leave_at_exit\nleave_at_exit()\n"

    ends = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
        for code in (circle, ours + circle)
    ]

    assert ends == ["taken apart\n", ""]


def test_the_word_to_leave_the_log_at_the_end_is_given_once() -> None:
    """A server that builds again and again does not gather one word for each build."""
    leave_at_exit()
    before = leave_at_exit.cache_info().misses
    leave_at_exit()

    assert leave_at_exit.cache_info().misses == before == 1
