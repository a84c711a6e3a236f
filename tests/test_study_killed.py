"""Whatever is killed, the study ends with the same tables: runner, worker, Ctrl-C, the scheduler of a cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts import benchmark_module
from study_tools import made, made_and_ran, tables

killing = benchmark_module("bench_study_killed")
# The command line on a machine that may be busy: it waits long for a cluster, and after so many runs for a file
# `go-on-8`, so that the study is never over before something is killed.
PATIENTLY = """
import time
from pathlib import Path
from local_citizenship.app.cli import main
from local_citizenship.experiments.studies import cluster
from local_citizenship.experiments.studies.records import Journal
cluster._CONNECT = 300.0
append, written = Journal.append, []
def then_wait(journal, record):
    append(journal, record)
    written.append(record)
    while len(written) in {waits_after} and not Path(f"go-on-{{len(written)}}").exists():
        time.sleep(0.01)
Journal.append = then_wait
main()"""
PATIENCE = 900.0  # seconds: the machine may be busy
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
    return tables(made_and_ran(tmp_path_factory.mktemp("undisturbed"), TEXT, name="killed").path)


def study(*words: str, waits_after: tuple[int, ...] = ()) -> list[str]:
    return [sys.executable, "-P", "-c", PATIENTLY.format(waits_after=waits_after), "study", *words]


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    """The study under way; it waits after 8 runs, and after 20."""
    (folder / "killed.yaml").write_text(TEXT)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = study("run", "killed.yaml", "--out", "killed", *options, waits_after=(8, 20))
    return subprocess.Popen(command, cwd=folder, text=True, start_new_session=True, **pipes)


def wait_for(
    condition: Callable[[], bool], seconds: float = PATIENCE, of: subprocess.Popen[str] | None = None
) -> None:
    """Wait for something, or, in vain, for the end of the process that would bring it about."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        assert of is None or of.poll() is None, f"the process is gone: {of.communicate()[1]}"
        time.sleep(0.01)


def lines(folder: Path) -> int:
    file = folder / "killed" / "records" / "runs.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def resumed(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(study("resume", "killed", *options), cwd=folder, text=True, capture_output=True)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes by /proc")
def test_killed_worker_and_killed_runner(tmp_path: Path, expected: dict[str, bytes]) -> None:
    runner = started(tmp_path, "--workers", "2")
    wait_for(lambda: lines(tmp_path) >= 8, of=runner)
    workers = killing.workers_of(runner.pid)
    os.kill(workers[0], signal.SIGKILL)
    (tmp_path / "go-on-8").touch()
    wait_for(lambda: lines(tmp_path) >= 20, of=runner)  # it goes on
    workers += killing.workers_of(runner.pid)
    runner.kill()
    runner.wait()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))  # nobody is left behind
    done = lines(tmp_path)
    assert not (tmp_path / "killed" / "tables").exists()
    again = resumed(tmp_path, "--workers", "2")
    assert (again.returncode, again.stderr) == (0, "") or "torn off" in again.stderr
    assert lines(tmp_path) == 36
    assert done < 36
    assert tables(tmp_path / "killed") == expected


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    runner = started(tmp_path, "--workers", "1")
    wait_for(lambda: lines(tmp_path) >= 8, of=runner)
    os.killpg(runner.pid, signal.SIGINT)  # as a terminal does: to all of them
    out, err = runner.communicate(timeout=PATIENCE)
    assert (runner.returncode, out) == (130, "")
    assert err == "Stopped. What is finished is kept; go on with: local-citizenship study resume killed\n"
    assert lines(tmp_path) == 8


def test_a_cluster_gives_the_same_and_may_be_lost(tmp_path: Path, expected: dict[str, bytes]) -> None:
    pytest.importorskip("distributed")
    with killing.cluster(tmp_path) as (first, address):
        runner = started(tmp_path, "--cluster", address)
        wait_for(lambda: lines(tmp_path) >= 8, of=runner)
        first.kill()
        (tmp_path / "go-on-8").touch()
        (tmp_path / "go-on-20").touch()
        out, err = runner.communicate(timeout=PATIENCE)
    assert (runner.returncode, out) == (2, "")
    assert f"the Dask scheduler at {address} is gone; all runs finished before are kept" in err
    assert err.count("\n") == 1
    assert 8 <= lines(tmp_path) < 36
    with killing.cluster(tmp_path) as (_, address):
        again = resumed(tmp_path, "--cluster", address)
    assert (again.returncode, again.stderr) == (0, "")
    assert lines(tmp_path) == 36
    assert tables(tmp_path / "killed") == expected


def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from local_citizenship.experiments.studies import cluster as module
    from local_citizenship.experiments.studies.records import StudyError

    folder = made(tmp_path, TEXT, "killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CONNECT", 0.2)
        with pytest.raises(StudyError, match=r"there is no Dask scheduler at tcp://127.0.0.1:1: "):
            module.DaskEngine(folder, "tcp://127.0.0.1:1")
