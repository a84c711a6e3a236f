"""A class's server of its own, for benchmarks that come to it as students do."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from benchmarks.common import ROOT, Figure

SECONDS_TO_WARM = 6.0  # until its other process is ready as well
SECONDS_TO_END = 60.0


@dataclass(frozen=True)
class ClassServer:
    """Where it answers on this machine: `port`, the teacher's secret `teacher` path, the `code`, its process.

    `complaints`, once it has ended: what it said that it should not have (a traceback), and that it did not end.
    """

    port: int
    teacher: str
    code: str
    pid: int
    complaints: list[str] = field(default_factory=list)

    def figure(self) -> Figure:
        """That it had nothing to complain of, as a benchmark reports it beside what it measured."""
        lines = "".join(self.complaints).strip().splitlines()
        return Figure(
            "complaints of the server", len(self.complaints), "", 0, note=lines[-1] if lines else ""
        )


@contextlib.contextmanager
def class_server(scenario: str = "two-towns") -> Iterator[ClassServer]:
    """`explore --class`, open to all addresses of this machine, until it is left; then it has its complaints, and what
    was measured is still there to be reported."""
    command = [sys.executable, "-P", "-m", "local_citizenship.app", "explore", scenario, "--no-browser"]
    command += ["--class", "--host", "0.0.0.0", "--port", "0"]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdout is not None
        said = dict(process.stdout.readline().split() for _ in ("yours", "students", "code"))
        _, _, authority, path = said["Yours:"].split("/", 3)
        server = ClassServer(int(authority.split(":")[1]), f"/{path}", said["Code:"], process.pid)
        try:
            wait_until_warm(server)
            yield server
        finally:
            server.complaints.extend(ended(process))
            errors.seek(0)
            if text := errors.read():
                server.complaints.append(text)


def ended(process: subprocess.Popen[str], patience: float = SECONDS_TO_END) -> list[str]:
    """End it, by force if it takes longer than that; what there is to complain of."""
    process.terminate()
    try:
        process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return [f"it did not end within {patience:g} seconds\n"]
    return []


def wait_until_warm(server: ClassServer) -> None:
    """Until one of its processes has run something."""
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=300) as teacher:
        teacher.get(server.teacher)
        teacher.get("/api/class/measures").raise_for_status()
    time.sleep(SECONDS_TO_WARM)
