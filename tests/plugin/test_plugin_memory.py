"""The garbage collector during a build, and after it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from builds import build, project

from gatepost.mkdocs_plugin.memory import kept, let_go
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
