"""A class's server of its own, for benchmarks that come to it as students do."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from benchmarks.common import ROOT

SECONDS_TO_WARM = 6.0  # until its other process is ready as well


@dataclass(frozen=True)
class ClassServer:
    """Where it answers on this machine: `port`, the teacher's secret `teacher` path, the `code`, its process."""

    port: int
    teacher: str
    code: str
    pid: int


@contextlib.contextmanager
def class_server(scenario: str = "two-towns") -> Iterator[ClassServer]:
    """`explore --class`, open to all addresses of this machine, until it is left. Errors: RuntimeError if it has
    said anything by then that it should not: a traceback."""
    command = [sys.executable, "-P", "-m", "local_citizenship.app", "explore", scenario, "--no-browser"]
    command += ["--class", "--host", "0.0.0.0", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        assert process.stdout is not None
        said = dict(process.stdout.readline().split() for _ in ("yours", "students", "code"))
        _, _, authority, path = said["Yours:"].split("/", 3)
        server = ClassServer(int(authority.split(":")[1]), f"/{path}", said["Code:"], process.pid)
        try:
            wait_until_warm(server)
            yield server
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=60)
    if errors:
        raise RuntimeError(f"the server said:\n{errors}")


def wait_until_warm(server: ClassServer) -> None:
    """Until one of its processes has run something."""
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=300) as teacher:
        teacher.get(server.teacher)
        teacher.get("/api/class/measures").raise_for_status()
    time.sleep(SECONDS_TO_WARM)
