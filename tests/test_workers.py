"""Processes that are replaced when they die, and whose work is done again."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest

from local_citizenship.experiments.workers import DIED, WorkerDied, WorkerPool


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


def children() -> set[int]:
    """Processes started by this one, as soon as they are there."""
    return {
        int(child)
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    }


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_the_dead_are_replaced_and_their_work_done_again(tmp_path: Path) -> None:
    before = os.environ.get("OPENBLAS_NUM_THREADS")
    with WorkerPool(2) as pool:
        futures = [pool.submit(square, number) for number in range(10)]
        once = pool.submit(die_once, str(tmp_path / "mark"), 7)
        never = pool.submit(die)
        futures += [pool.submit(square, number) for number in range(10, 20)]
        wrong = pool.submit(fail, 3)
        alone = pool.submit(threads)
        assert [future.result(timeout=60) for future in futures] == [number**2 for number in range(20)]
        assert once.result(timeout=60) == 7
        with pytest.raises(WorkerDied, match=DIED):
            never.result(timeout=60)
        with pytest.raises(ValueError, match="not 3"):
            wrong.result(timeout=60)
        assert alone.result(timeout=60) == "1"
        assert [future.result(timeout=60) for future in [pool.submit(square, n) for n in (1, 2)]] == [1, 4]
        (idle, *_) = pool.process_ids()
        os.kill(idle, signal.SIGKILL)  # of one that has nothing to do
        assert [pool.submit(square, n).result(timeout=60) for n in (3, 4)] == [9, 16]
    assert os.environ.get("OPENBLAS_NUM_THREADS") == before
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(square, 1)


def test_it_stops_at_once_when_told_to() -> None:
    pool = WorkerPool(1)
    assert pool.submit(square, 2).result(timeout=60) == 4
    first, waiting = pool.submit(sleep, 60.0), [pool.submit(sleep, 60.0) for _ in range(4)]
    time.sleep(0.2)
    started = time.monotonic()
    pool.shutdown(wait=False, cancel_futures=True)
    assert time.monotonic() - started < 10.0
    assert isinstance(first.exception(timeout=10), WorkerDied)
    assert waiting[-1].cancelled()


def test_there_must_be_a_worker() -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        WorkerPool(0)


@pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="how to see a process start is known for Linux"
)
def test_those_killed_before_they_read_what_they_are_told_stop_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than any pipe holds is told to each process at its start, and with its task."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    large = bytes(1_000_000)
    before, killed, done = children(), [], threading.Event()

    def kill_two() -> None:
        while len(killed) < 2 and not done.is_set():
            for child in children() - before - set(killed):
                with contextlib.suppress(OSError):
                    if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(child, signal.SIGKILL)
                        killed.append(child)

    killer = threading.Thread(target=kill_two, daemon=True)
    with WorkerPool(1, initializer=load, initargs=(large,)) as pool:
        killer.start()
        waiting = pool.submit(loaded, large)
        assert waiting.result(timeout=60) == 2 * len(large)
        assert len(killed) == 2
        assert any(tmp_path.iterdir())
        with pytest.raises(Exception, match="pickle"):
            pool.submit(lambda: 1).result(timeout=60)
    done.set()
    assert not any(tmp_path.iterdir())
