"""A process that runs scenarios for the server, one at a time, and answers in messages.

It is given what to run by a pipe, and says through it, of each job and before it is "ready": ("compiling", ready,
kernels) where rules have to be compiled, and ("progress", done, months, date) now and then; and at last of a job one
of ("world", bytes, places as JSON), ("made", object), ("refused", message, hint) for a mistake in what was asked,
("stopped",), ("failed", message).
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...outcomes.run import Run
    from ...scenarios import Scenario, ScenarioTemplate

SECONDS_BETWEEN_NEWS = 0.05
_KEPT = 24  # scenarios read, and tables of places sent


@dataclass(frozen=True)
class Limits:
    """What one run may cost. `migrant_months`: records times months, as estimated from the scenario; `records`:
    migrants in the country at once; `lives`: recorded in full, estimated likewise."""

    migrant_months: float = 2_000e6
    records: int = 5_000_000
    lives: float = 200_000
    seconds: float = 900.0


@dataclass(frozen=True)
class Work:
    """What is to be run: `reference`, a scenario's name or file (never as a browser gave it), and its settings.

    `edited`: when the file was last changed (see `last_edit`), since an edited file is read again. `make`: None for a
    world, else a function of this package that makes something of the finished Run, which is sent instead.
    """

    reference: str
    sets: tuple[str, ...] = ()
    seed: int | None = None
    months: int | None = None
    edited: int = 0
    make: Callable[[Run], Any] | None = None
    limits: Limits = field(default_factory=Limits)


def last_edit(reference: str) -> int:
    """When a scenario's file was last changed, in nanoseconds; 0 for a shipped scenario."""
    return os.stat(reference).st_mtime_ns if os.path.isfile(reference) else 0


class TooCostly(Exception):
    """The run would take, or has taken, more than is allowed."""


def serve(connection: Connection, stopped: Any, warm_with: str | None) -> None:
    """Take jobs, (number, Work), from the pipe until it is closed. `stopped`: a shared number, the job to be
    given up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the server decides
    runner = _JobRunner(connection, stopped)
    with runner.telling_of_compiling(0):
        runner.warm(warm_with)
    gc.collect()
    gc.freeze()
    gc.disable()  # a model's objects refer to each other, but there is time for that between jobs
    try:
        connection.send((0, "ready"))
        while True:
            number, work = connection.recv()
            runner.carry_out(number, work)
            gc.collect()
    except (EOFError, OSError):
        return  # the server is gone


class _JobRunner:
    def __init__(self, connection: Connection, stopped: Any) -> None:
        self._connection, self._stopped = connection, stopped
        self._prepared: dict[tuple[str, int], ScenarioTemplate] = {}
        self._places_made: dict[str, bytes] = {}
        self._speaking = threading.Lock()

    @contextlib.contextmanager
    def telling_of_compiling(self, number: int) -> Iterator[None]:
        """While this lasts, whoever waits for the job hears of kernels that are compiled."""
        from ...agents.rule import told_of_compiling

        def tell(ready: int, kernels: int) -> None:
            with self._speaking:  # kernels are compiled in several threads
                self._connection.send((number, "compiling", ready, kernels))

        with told_of_compiling(tell):
            yield

    def warm(self, reference: str | None) -> None:
        """Compile, or fetch, the machine code and read the scenario that will be asked for."""
        from ...outcomes.simulate import simulate
        from ...scenarios import ScenarioError
        from .payload import world_of

        world_of(simulate(self._scenario(Work("two-towns", months=2))))
        if reference is not None:
            with contextlib.suppress(
                ScenarioError
            ):  # edited, with a mistake: whoever asks for it will be told
                self._scenario(Work(reference, edited=last_edit(reference)))

    def carry_out(self, number: int, work: Work) -> None:
        """Do one job and say what came of it, whatever that is."""
        from ...outcomes.simulate import Stopped
        from ...scenarios import ScenarioError

        try:
            reply = self._done(number, work)
        except ScenarioError as error:
            reply = ("refused", error.message, error.hint or "")
        except TooCostly as error:
            reply = ("refused", str(error), "")
        except Stopped:
            reply = ("stopped",)
        except MemoryError:
            reply = ("failed", "there was not enough memory for this run")
        except Exception as error:  # a bug must not take the process along
            reply = ("failed", f"{type(error).__name__}: {error}".splitlines()[0])
        self._connection.send((number, *reply))

    def _done(self, number: int, work: Work) -> tuple[Any, ...]:
        from ...outcomes.simulate import simulate
        from .payload import world_of

        scenario = self._scenario(work)
        refuse_what_costs_too_much(scenario, work.limits)
        progress = self._progress(number, scenario, work.limits)
        with self.telling_of_compiling(number):
            run = simulate(scenario, progress=progress, stop=lambda: self._stopped.value == number)
        if work.make is not None:
            return ("made", work.make(run))
        return ("world", world_of(run), self._places(run))

    def _progress(self, number: int, scenario: Scenario, limits: Limits) -> Callable[[int, int, int], None]:
        """What a run calls each month: tells how far it is, and ends it if it costs too much."""
        began = time.perf_counter()

        def say(done: int, months: int) -> None:
            with self._speaking:
                self._connection.send((number, "progress", done, months, scenario.date(done - 1)))

        tell = throttled(say, SECONDS_BETWEEN_NEWS)

        def progress(done: int, months: int, people: int) -> None:
            if people > limits.records:
                allowed = f"{limits.records:,} records that are allowed here"
                raise TooCostly(f"this run has grown beyond the {allowed}")
            if time.perf_counter() - began > limits.seconds:
                after = f"after {limits.seconds:.0f} seconds"
                raise TooCostly(f"this run was stopped {after}: ask for fewer months or people")
            tell(done, months, people)

        return progress

    def _scenario(self, work: Work) -> Scenario:
        from ...scenarios import ScenarioTemplate

        key = work.reference, work.edited
        if key not in self._prepared:
            _make_room(self._prepared)
            self._prepared[key] = ScenarioTemplate(work.reference)
        return self._prepared[key].scenario(sets=work.sets, seed=work.seed, months=work.months)

    def _places(self, run: Run) -> bytes:
        """The places as JSON, made once."""
        from .payload import places_id, places_json

        name = places_id(run.table("places"))
        if name not in self._places_made:
            _make_room(self._places_made)
            self._places_made[name] = places_json(run)
        return self._places_made[name]


def _make_room(kept: dict[Any, Any]) -> None:
    """Forget the oldest where as many are kept as may be."""
    if len(kept) >= _KEPT:
        kept.pop(next(iter(kept)))


def throttled(tell: Callable[[int, int], None], seconds: float) -> Callable[[int, int, int], None]:
    """A run's progress that is told, (months done, months in all), at most once in so many seconds."""
    last = time.perf_counter()

    def progress(done: int, months: int, people: int) -> None:
        nonlocal last
        if time.perf_counter() - last >= seconds:
            last = time.perf_counter()
            tell(done, months)

    return progress


def refuse_what_costs_too_much(scenario: Scenario, limits: Limits) -> None:
    """Errors: TooCostly for a run of more migrant-months than allowed, by the numbers at the start and through
    the doors."""
    parameters = scenario.parameters
    share, persons = parameters.scale.share, parameters.scale.persons_per_record
    doors = list(parameters.doors.values())
    initial = sum(door.initial for door in doors) * share / persons
    arrivals = sum(door.arrivals for door in doors) * share / persons
    if initial + arrivals > limits.records:
        raise TooCostly(
            f"this run would begin with more than the {limits.records:,} records that are allowed here"
        )
    cost = scenario.months * (initial + arrivals * scenario.months / 2)
    if parameters.stories.share * (initial + arrivals * scenario.months) > limits.lives:
        raise TooCostly(
            f"this run would record more than the {limits.lives:,.0f} lives that are allowed here: lower stories.share"
        )
    if cost > limits.migrant_months:
        allowed = limits.migrant_months / 1e6
        raise TooCostly(
            f"this run would take about {cost / 1e6:,.0f} million migrant-months, and {allowed:,.0f} million are "
            "allowed here: ask for fewer months, or let a record stand for more people (scale.persons_per_record)"
        )
