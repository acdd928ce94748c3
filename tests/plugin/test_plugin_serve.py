"""The development server, really started: one edit, one build."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from builds import DECISION, dump, environment, project

from trees import clean_log, edited

REBUILT = "Reloading browsers"
DETECTED = "Detected file changes"


class Server:
    """A running server and what it says."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.address = address
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._lines.put(line)

    def wait_for(self, text: str, seconds: float = 40) -> str:
        """Give the next line that holds a text."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            self.said.append(line)
            if text in line:
                return line
        message = f"the server did not say {text!r}, but: {''.join(self.said)}"
        raise AssertionError(message)

    def listen(self, seconds: float) -> list[str]:
        """Give what it says in the next seconds."""
        time.sleep(seconds)
        said = []
        while not self._lines.empty():
            said.append(self._lines.get())
        self.said += said
        return said

    def page(self, path: str) -> str:
        """Give a page as a browser gets it."""
        with urlopen(f"{self.address}{path}", timeout=30) as answer:  # noqa: S310 - the server under test
            text: str = answer.read().decode()
        return text


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """Serve a project on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-u", "-W", "ignore", "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    env = {**os.environ, **environment()}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.PIPE, stdout=quiet, text=True) as process:
        try:
            yield Server(process, f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()


@pytest.mark.slow
def test_an_edit_is_built_once(tmp_path: Path) -> None:
    """An edit of a record builds once, one of evidence outside the docs folder, too; then there is quiet."""
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "load.csv").write_text("a,b\n", encoding="utf-8")
    evidence = "    path: evidence/metrics.json\n    pointer: /minutes/batch\n"
    outside = "    path: evidence/metrics.json\n    pointer: /minutes/batch\n    value: 11\n    date: 2026-11-02\n"
    entry = "  - {kind: load-test, claim: It holds, path: bench/load.csv, date: 2026-11-02}\n"
    files = edited(clean_log(), DECISION, f"{outside}", f"{outside}{entry}")
    assert evidence in files[DECISION]
    root = project(tmp_path, files)
    before = dump(root / "docs")
    with serving(root) as server:
        server.wait_for("Serving on")
        assert "Score customers in a weekly batch" in server.page("churn/decisions/0002-batch-scoring/")

        risk = root / "docs" / "churn" / "risks" / "0001-stale-scores.md"
        risk.write_text(risk.read_text(encoding="utf-8").replace("owner: ", "x-owner: "), encoding="utf-8")
        server.wait_for("risks-owned")
        server.wait_for(REBUILT)
        assert "not committed yet" in server.page("churn/risks/0001-stale-scores/")
        assert not [line for line in server.listen(3) if DETECTED in line]

        (root / "bench" / "load.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        server.wait_for(DETECTED)
        server.wait_for(REBUILT)
        assert not [line for line in server.listen(2) if DETECTED in line]

    assert sum(REBUILT in line for line in server.said) == 2
    assert dump(root / "docs").keys() == before.keys()
