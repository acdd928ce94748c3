"""Who does the work: threads that wait for processes here, or a Dask cluster as an executor of the standard library."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from gatepost.execution.processes import Processes, end_run

__all__ = ["ExecutorError", "executor_of"]

_DASK: Final = "dask://"


class ExecutorError(Exception):
    """An executor that cannot be used; the message says what to mend."""


@contextmanager
def executor_of(processes: Processes, address: str | None, jobs: int | None) -> Iterator[Executor]:
    """Give an executor, which is shut down afterwards; when work is broken off, what it has started is ended.

    Args:
        processes: the dry run's processes.
        address: `dask://HOST:PORT` of a scheduler; None for this machine.
        jobs: how many branches run at once here; as many as there are cores when left out.

    Raises:
        ExecutorError: the address has another form, Dask is not installed, or nobody answers there.
    """
    with _here(jobs) if address is None else _there(processes.run, address) as pool:
        try:
            yield pool
        except BaseException:
            processes.stop()
            raise


@contextmanager
def _here(jobs: int | None) -> Iterator[Executor]:
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _there(run: str, address: str) -> Iterator[Executor]:
    if not address.startswith(_DASK):
        message = f"'{address}' is no executor: expected dask://HOST:PORT"
        raise ExecutorError(message)
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        message = "Dask is not installed: pip install 'mkdocs-gatepost[dask]'"
        raise ExecutorError(message) from None
    try:
        client = Client(f"tcp://{address.removeprefix(_DASK)}", timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {address}: {type(error).__name__}"
        raise ExecutorError(message) from error
    with client, client.get_executor(pure=False) as executor:
        try:
            yield executor
        except BaseException:
            client.run(end_run, run)  # at once, beside the work that the workers are busy with
            raise
