"""Processes that are replaced when they die, and whose work is done again."""

from __future__ import annotations

import multiprocessing.util
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from local_citizenship.experiments.workers import DIED, WorkerDied, WorkerPool, clear_spilled


def process_ids(pool: WorkerPool) -> list[int]:
    """The processes at present."""
    return [pid for worker in pool._workers for pid in (worker.pool._processes or {})]


def square(number: int) -> int:
    return number * number


def fail(number: int) -> int:
    raise ValueError(f"not {number}")


def die_once(mark: str, number: int) -> int:
    if not os.path.exists(mark):
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die() -> None:
    os._exit(3)


def threads() -> str | None:
    return os.environ.get("OPENBLAS_NUM_THREADS")


LOADED: list[bytes] = []


def load(content: bytes) -> None:
    LOADED.append(content)


def loaded(more: bytes) -> int:
    return len(LOADED[0]) + len(more)


def large(mark: str) -> bytes:
    Path(mark).touch()
    return bytes(10_000_000)


def begin_and_sleep(mark: str, number: int) -> int:
    """Asleep, but for whoever comes after another."""
    if not os.path.exists(mark):
        Path(mark).touch()
        time.sleep(600)
    return number


def until_there(mark: Path) -> None:
    """Return when the file is there."""
    until = time.monotonic() + 300
    while not mark.exists():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.01)


def test_the_dead_are_replaced_and_their_work_done_again(tmp_path: Path) -> None:
    before = os.environ.get("OPENBLAS_NUM_THREADS")
    with WorkerPool(2) as pool:
        futures = [pool.submit(square, number) for number in range(10)]
        once = pool.submit(die_once, str(tmp_path / "mark"), 7)
        never = pool.submit(die)
        futures += [pool.submit(square, number) for number in range(10, 20)]
        wrong = pool.submit(fail, 3)
        alone = pool.submit(threads)
        assert [future.result(timeout=300) for future in futures] == [number**2 for number in range(20)]
        assert once.result(timeout=300) == 7
        with pytest.raises(WorkerDied, match=DIED):
            never.result(timeout=300)
        with pytest.raises(ValueError, match="not 3"):
            wrong.result(timeout=300)
        assert alone.result(timeout=300) == "1"
        assert [future.result(timeout=300) for future in [pool.submit(square, n) for n in (1, 2)]] == [1, 4]
        (idle, *_) = process_ids(pool)
        os.kill(idle, signal.SIGKILL)  # of one that has nothing to do
        assert [pool.submit(square, n).result(timeout=300) for n in (3, 4)] == [9, 16]
    assert os.environ.get("OPENBLAS_NUM_THREADS") == before
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(square, 1)


FORKED = """
import os
import time
from local_citizenship.experiments.workers import WorkerDied, WorkerPool

def said(future):
    try:
        return future.result(timeout=300)
    except WorkerDied as died:
        return type(died).__name__

pool = WorkerPool(1, attempts=1, method="fork")
first = pool.submit(os.getppid)
print(said(first) == os.getpid())
given = [pool.submit(os._exit, 3), *(pool.submit(pow, 2, 3) for _ in range(4))]
print(*map(said, given), said(pool.submit(pow, 2, 3)))
pool.shutdown(wait=False)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_forked_one_that_died_is_not_replaced_and_nobody_waits_for_it() -> None:
    """By then this process has threads, and who forks with them may wait for ever."""
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=300)
    assert (done.stderr, done.stdout.split("\n")[:2]) == ("", ["True", " ".join(["WorkerDied"] * 6)])


def test_work_given_when_its_process_is_just_found_dead_loses_no_other(tmp_path: Path) -> None:
    pool = WorkerPool(1)
    first = pool.submit(begin_and_sleep, str(tmp_path / "mark"), 1)
    until_there(tmp_path / "mark")
    (dead,) = process_ids(pool)
    pool._workers[0].pool._broken = "found dead, and nobody has been told yet"
    second = pool.submit(square, 2)
    os.kill(dead, signal.SIGKILL)
    done = [future.exception(timeout=300) for future in (first, second)]
    pool.shutdown(wait=False)
    assert done == [None, None]


def test_it_stops_at_once_when_told_to(tmp_path: Path) -> None:
    pool = WorkerPool(1)
    first = pool.submit(begin_and_sleep, str(tmp_path / "mark"), 1)
    waiting = [pool.submit(square, 2) for _ in range(4)]
    until_there(tmp_path / "mark")
    pool.shutdown(wait=False, cancel_futures=True)
    assert isinstance(first.exception(timeout=300), WorkerDied)  # it does not sleep to its end
    assert waiting[-1].cancelled()


def test_one_killed_while_it_tells_a_large_result_stops_nobody(tmp_path: Path, impatient: None) -> None:
    """Its reader is held back until the process has begun to write, and is dead."""
    mark, dead = tmp_path / "begun", threading.Event()
    with WorkerPool(1) as pool:
        first = pool.submit(square, 3)
        first.add_done_callback(lambda _: dead.wait(100))
        result = pool.submit(large, str(mark))
        until_there(mark)
        time.sleep(0.5)
        os.kill(process_ids(pool)[0], signal.SIGKILL)
        dead.set()
        assert (first.result(), len(result.result())) == (9, 10_000_000)


def test_there_must_be_a_worker() -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        WorkerPool(0)


@pytest.mark.skipif(sys.platform == "win32", reason="a process starts in another way on Windows")
def test_those_killed_before_they_read_what_they_are_told_stop_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than any pipe holds is told to each process at its start, and with its task."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    large = bytes(1_000_000)
    killed = []
    start = multiprocessing.util.spawnv_passfds

    def start_and_kill_two(path: bytes, arguments: list[str], descriptors: list[int]) -> int:
        process = start(path, arguments, descriptors)
        if len(killed) < 2 and any("spawn_main" in str(argument) for argument in arguments):
            os.kill(process, signal.SIGKILL)
            killed.append(process)
        return process

    monkeypatch.setattr(multiprocessing.util, "spawnv_passfds", start_and_kill_two)
    with WorkerPool(1, initializer=load, initargs=(large,)) as pool:
        waiting = pool.submit(loaded, large)
        assert waiting.result(timeout=300) == 2 * len(large)
        assert len(killed) == 2
        assert any(tmp_path.iterdir())
        with pytest.raises(Exception, match="pickle"):
            pool.submit(lambda: 1).result(timeout=300)
    assert not any(tmp_path.iterdir())


def test_what_a_killed_process_spilled_is_cleared_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    for name in (".local-citizenship-a1.partial-1", ".other.partial-1"):
        (tmp_path / name).mkdir()
    (tmp_path / ".local-citizenship-a1.writing").touch()
    clear_spilled()
    assert [each.name for each in tmp_path.iterdir()] == [".other.partial-1"]
