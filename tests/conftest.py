"""What every test starts from: no colours, no clock of the machine's, no git settings of the person's."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from effort import FULL

settings.register_profile("same", derandomize=True)
settings.register_profile("quick", derandomize=True, max_examples=25)
settings.register_profile("search", max_examples=2000)
# The same examples everywhere, so that no change is blamed for an old fault; HYPOTHESIS_PROFILE=search finds new ones.

MUTANT = "mutant"
"""The property of a test that has what was broken on purpose, and what finds it."""
_LINE = 200

GIT_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--slow` and `--mutants`, which CI gives."""
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too")
    parser.addoption("--mutants", action="store_true", help="list what was broken on purpose, and what finds each")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the mutants that the tests have told, each with what finds it."""
    if not config.getoption("--mutants"):
        return
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, ())]
    told = sorted(tuple(found) for one in reports for name, found in one.user_properties if name == MUTANT)
    terminalreporter.section(f"{len(told)} mutants, each with what finds it")
    for design, what, killer in told:
        terminalreporter.write_line(f"{design}: {what}  <-  {killer}"[:_LINE])


def _hear_signals() -> None:
    """Let children hear the signals that tests send them: a shell's background job and `nohup` hand on deaf ears."""
    for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


def pytest_configure(config: pytest.Config) -> None:
    """Say how much is tried before any test is read."""
    _hear_signals()
    full = config.getoption("--slow")
    if full:
        os.environ[FULL] = "1"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same" if full else "quick"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless they are asked for."""
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="slow: run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Callable[[str, str, str], None]:
    """Give what writes a mutant down, for `--mutants`: whose it is, what was broken, and what finds it."""
    return lambda design, what, killer: record_property(MUTANT, (design, what, killer))


@pytest.fixture(scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which the tests of one process keep what was read of histories."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which the processes that tests start, all of one run, keep what they compile of modules."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, _cache: Path, _compiled: Path) -> None:
    """Let nothing of the machine's settings reach a test."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("SOURCE_DATE_EPOCH", "FORCE_COLOR", "NO_COLOR", "GITHUB_ACTIONS", "CI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    monkeypatch.setenv("GATEPOST_CACHE_DIR", str(_cache))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(_compiled))
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of an installed Chromium; a test that needs one is skipped where there is none."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    return need(found, "no Chromium is installed")


def need(found: str | None, reason: str) -> str:
    """Give what was found, or skip with the reason; where everything is required (in CI), fail instead."""
    if found is not None:
        return found
    if os.environ.get("GATEPOST_REQUIRE_ALL"):
        pytest.fail(f"required here: {reason}")
    pytest.skip(reason)
