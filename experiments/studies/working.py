"""One run of a study, in whichever process it is done: what is loaded once, what is kept, what is let go of."""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import threading
import time
from functools import cache, lru_cache

from ...agents.code_cache import source_hash
from ...outcomes.outcome_spec import Values
from ...outcomes.simulate import simulate
from .kept import kept_of
from .points import Point, scenario_at, seed_for
from .records import Record
from .study import Study

_LONGEST_ERROR = 300


class NotInstalled(Exception):
    """A process was given a run of a study that it does not know."""


class _Installed:
    """The study that this process works at, and the design point it was last at."""

    def __init__(self, study: Study, points: list[Point]) -> None:
        self.study, self.points = study, points
        self.scenario = lru_cache(1)(lambda point: scenario_at(study, points[point]))
        self.lock = threading.Lock()  # a process of a cluster may have several threads


_INSTALLED: dict[str, _Installed] = {}


def packed(study: Study, points: list[Point]) -> tuple[str, bytes]:
    """A study as it travels to a process, and the name it has there."""
    content = pickle.dumps((study, points))
    return hashlib.sha256(content).hexdigest()[:16], content


def install(name: str, content: bytes) -> None:
    """Make a study known in this process."""
    if name not in _INSTALLED:
        _INSTALLED.clear()
        study, points = pickle.loads(content)
        _INSTALLED[name] = _Installed(study, points)


def carry_out(name: str, point: int, replicate: int) -> Record:
    """Do one run of the study `name`; what goes wrong in it is part of the record. Errors: NotInstalled."""
    installed = _INSTALLED.get(name)
    if installed is None:
        raise NotInstalled(f"process {os.getpid()} does not know this study")
    with installed.lock:
        started = time.perf_counter()
        seed = seed_for(installed.study, point, replicate)
        values, error = None, ""
        try:
            values = _values(installed, point, seed)
        except Exception as problem:
            error = f"{type(problem).__name__}: {problem}".splitlines()[0][:_LONGEST_ERROR]
        gc.collect()  # a model and its agents refer to each other
        _keep_what_is_loaded()
        return Record(
            point=point,
            replicate=replicate,
            seed=seed,
            key=installed.points[point].key,
            values=values,
            error=error,
            seconds=round(time.perf_counter() - started, 6),
            memory=_memory_mb(),
            process=os.getpid(),
            rules=source_hash(),
        )


def _values(installed: _Installed, point: int, seed: int) -> Values:
    return kept_of(simulate(installed.scenario(point), seed=seed), installed.study.outcomes)


@cache
def _keep_what_is_loaded() -> None:
    """What the first run has loaded stays; to look it through for garbage after each run would take longer than many
    a run.
    """
    gc.freeze()


def _memory_mb() -> float:
    """What this process holds now, in MB (10^6 bytes); on macOS the most it has held, on Windows 0."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return round(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    except OSError:
        try:
            import resource
        except ImportError:
            return 0.0
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 1)
