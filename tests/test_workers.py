"""Processes that are replaced when they die, and whose work is done again."""

from __future__ import annotations

import os
import signal
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
