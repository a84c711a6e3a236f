"""Runs of a study on a cluster: an existing Dask scheduler, used as an Executor like any other."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import Any

from .folder import StudyFolder
from .records import StudyError
from .running import LocalEngine
from .working import install, packed

_CONNECT = 10.0  # seconds to wait for the scheduler
_LOOK_EVERY = 2.0  # seconds between two looks at how many workers there are
_GONE_AFTER = 3.0  # seconds without the scheduler after which it is given up


class Installer:
    """Makes a study known in every worker, those that come later included (a worker plugin of Dask)."""

    idempotent = True

    def __init__(self, name: str, content: bytes) -> None:
        self.name = f"local-citizenship-{name}"
        self._study = (name, content)

    def setup(self, worker: Any) -> None:
        """Called by each worker as it starts, or as this is registered."""
        install(*self._study)


class DaskEngine(LocalEngine):
    """The workers of a Dask scheduler. Errors: StudyError if it can't be reached, or Dask is not installed."""

    def __init__(self, folder: StudyFolder, address: str) -> None:
        try:
            from distributed import Client
            from distributed.diagnostics.plugin import WorkerPlugin
        except ImportError:
            raise StudyError(
                "--cluster needs Dask's package `distributed`: install local-citizenship[cluster]"
            ) from None
        self.address = address
        for name in ("distributed.client", "tornado.application"):  # what they would say is said here
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self.client = Client(address, timeout=_CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise StudyError(f"there is no Dask scheduler at {address}: {_first_line(error)}") from error
        name, content = packed(folder.study, folder.points)
        plugin = type("StudyInstaller", (Installer, WorkerPlugin), {})(name, content)
        self.client.register_plugin(plugin)
        self.executor = self.client.get_executor(pure=False)
        self._threads, self._looked = 0, -_LOOK_EVERY
        self._missed: float | None = None

    def room(self, finished: int) -> int:
        """One run to do and one to go on with, for each thread of each worker; one even if no worker is there yet."""
        if time.monotonic() - self._looked > _LOOK_EVERY and self.client.status == "running":
            self._looked = time.monotonic()
            with contextlib.suppress(Exception):  # of a scheduler that is gone, which `check` sees
                self._threads = sum(self.client.nthreads().values())
        return max(1, 2 * self._threads)

    def check(self) -> None:
        """Errors: StudyError if the scheduler is gone."""
        if self.client.status == "running":
            self._missed = None
            return
        self._missed = time.monotonic() if self._missed is None else self._missed
        if self.client.status == "closed" or time.monotonic() - self._missed > _GONE_AFTER:
            raise StudyError(
                f"the Dask scheduler at {self.address} is gone; all runs finished before are kept: go on with "
                "`study resume`, with a new --cluster or without one"
            )

    def verdict(self, error: BaseException) -> str:
        """A task that takes one worker after the other along."""
        if type(error).__name__ == "KilledWorker":
            return "its process died, perhaps for want of memory"
        if self.client.status != "running" or "Cancelled" in type(error).__name__:
            time.sleep(0.2)  # the scheduler is gone, or will be back
            return ""
        raise StudyError(f"the workers at {self.address} can't do the runs: {_first_line(error)}") from error

    def close(self, at_once: bool) -> None:
        """Leave the cluster as it was."""
        with contextlib.suppress(Exception):
            self.executor.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(Exception):
            self.client.close(timeout=2)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
