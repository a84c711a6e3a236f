"""Whatever is killed, the study ends with the same tables: runner, worker, Ctrl-C, the scheduler of a cluster."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from study_tools import made, ran, tables

APP = [sys.executable, "-P", "-m", "local_citizenship.app", "study"]
TEXT = """\
scenarios: two-towns
months: 6
factors: {fear.weight: [0, 5, 10]}
replicates: 12
outcomes: [stock, needs_met]
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the study, undisturbed."""
    study = made(tmp_path_factory.mktemp("undisturbed"), TEXT, "killed")
    ran(study)
    return tables(study.path)


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    (folder / "killed.yaml").write_text(TEXT)
    command = [*APP, "run", "killed.yaml", "--out", "killed", *options]
    return subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.01)


def lines(folder: Path) -> int:
    file = folder / "killed" / "records" / "runs.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def children(pid: int) -> list[int]:
    """The worker processes of a runner."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parts = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(parts[1]) == pid and "spawn_main" in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
    return found


def resumed(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*APP, "resume", "killed", "--workers", "2"], cwd=folder, text=True, capture_output=True
    )


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes by /proc")
def test_killed_worker_and_killed_runner(tmp_path: Path, expected: dict[str, bytes]) -> None:
    runner = started(tmp_path, "--workers", "2")
    wait_for(lambda: lines(tmp_path) >= 3)
    workers = children(runner.pid)
    os.kill(workers[0], signal.SIGKILL)
    seen = lines(tmp_path)
    wait_for(lambda: lines(tmp_path) >= seen + 4)  # it goes on
    runner.kill()
    runner.wait()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))  # nobody is left behind
    done = lines(tmp_path)
    assert not (tmp_path / "killed" / "tables").exists()
    again = resumed(tmp_path)
    assert (again.returncode, again.stderr) == (0, "") or "torn off" in again.stderr
    assert lines(tmp_path) == 36
    assert done < 36
    assert tables(tmp_path / "killed") == expected


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    runner = started(tmp_path, "--workers", "1")
    wait_for(lambda: lines(tmp_path) >= 2)
    os.killpg(runner.pid, signal.SIGINT)  # as a terminal does: to all of them
    out, err = runner.communicate(timeout=60)
    assert (runner.returncode, out) == (130, "")
    assert err == "Stopped. What is finished is kept; go on with: local-citizenship study resume killed\n"
    assert 2 <= lines(tmp_path) < 36


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def scheduler(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A Dask scheduler on loopback with two worker processes."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    python = [sys.executable, "-P", "-m"]
    where = ["--host", "127.0.0.1", "--no-dashboard"]
    first = subprocess.Popen(
        [*python, "distributed.cli.dask_scheduler", *where, "--port", str(port)], cwd=folder, **quiet
    )  # type: ignore[call-overload]
    options = [
        "--nworkers",
        "2",
        "--nthreads",
        "1",
        "--local-directory",
        str(folder),
        "--death-timeout",
        "20",
    ]
    second = subprocess.Popen(
        [*python, "distributed.cli.dask_worker", f"tcp://127.0.0.1:{port}", *where, *options],
        cwd=folder,
        **quiet,
    )  # type: ignore[call-overload]
    try:
        wait_for(lambda: reachable(port))
        yield first
    finally:
        for process in (second, first):
            process.terminate()
        for process in (second, first):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()


def reachable(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_a_cluster_gives_the_same_and_may_be_lost(tmp_path: Path, expected: dict[str, bytes]) -> None:
    pytest.importorskip("distributed")
    port = free_port()
    with scheduler(tmp_path, port) as first:
        runner = started(tmp_path, "--cluster", f"tcp://127.0.0.1:{port}")
        wait_for(lambda: lines(tmp_path) >= 6)
        first.kill()
        out, err = runner.communicate(timeout=90)
    assert (runner.returncode, out) == (2, "")
    assert f"the Dask scheduler at tcp://127.0.0.1:{port} is gone; all runs finished before are kept" in err
    assert err.count("\n") == 1
    assert 6 <= lines(tmp_path) < 36
    port = free_port()
    with scheduler(tmp_path, port):
        again = subprocess.run(
            [*APP, "resume", "killed", "--cluster", f"tcp://127.0.0.1:{port}"],
            cwd=tmp_path, text=True, capture_output=True,
        )  # fmt: skip
    assert (again.returncode, again.stderr) == (0, "")
    assert lines(tmp_path) == 36
    assert tables(tmp_path / "killed") == expected


def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from local_citizenship.experiments.studies import cluster
    from local_citizenship.experiments.studies.records import StudyError

    study = made(tmp_path, TEXT, "killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "_CONNECT", 0.2)
        with pytest.raises(StudyError, match=r"there is no Dask scheduler at tcp://127.0.0.1:1: "):
            cluster.DaskEngine(study, "tcp://127.0.0.1:1")
