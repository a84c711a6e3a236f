"""The progress of a run: the date it has reached, its rate, the time left."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

if TYPE_CHECKING:
    from ..scenarios import Scenario


COMPILING = "Compiling the rules, once: some 30 s"


def time_in_words(seconds: float) -> str:
    """About how long: 40 s, 12 min, 3 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    hours = round(seconds / 3600)
    return f"{hours} h" if hours < 72 else f"{round(hours / 24)} days"


class FinishedRun(Protocol):
    """What is told of a run that is over."""

    @property
    def seed(self) -> int: ...

    @property
    def error(self) -> str | None: ...

    @property
    def failed(self) -> bool: ...


class _Bar:
    """A bar that is shown while its block lasts. One that is disabled is never begun: rich 13 ends it with a line."""

    _bar: Progress

    def __enter__(self) -> Self:
        if not self._bar.disable:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._bar.disable:
            self._bar.stop()


class MonthProgress(_Bar):
    """A progress bar over months; call it with (months done, months in all, migrants now).

    The clock starts with the first month done, so that the rate leaves the compilation out.
    """

    def __init__(
        self,
        console: Console,
        date: Callable[[int], str],
        start: str = "Setting up ...",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._date = date
        self._clock = clock
        self._since: float | None = None
        self._first = 0
        self._migrant_months = 0
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),  # what is told beside it fits into a line of 80
            TextColumn("{task.fields[detail]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task(start, total=None, detail="")

    def say(self, text: str) -> None:
        """Name the step that follows the simulation."""
        self._bar.update(self._task, description=text, detail="")

    def compiling(self, ready: int, total: int) -> None:
        """Show that the rules have to be compiled, and how many loops of them are ready."""
        self._bar.update(
            self._task, description=COMPILING, completed=ready, total=total, detail=f"{ready} of {total}"
        )

    def __call__(self, done: int, total: int, migrants: int) -> None:
        """Show that `done` of `total` months are over, with `migrants` records in the country."""
        now = self._clock()
        if self._since is None:
            self._since, self._first = now, done
        else:
            self._migrant_months += migrants
        self._bar.update(
            self._task,
            completed=done,
            total=total,
            description=self._date(max(0, done - 1)),
            detail=self.detail(now - self._since, done, total, migrants),
        )

    def detail(self, seconds: float, done: int, total: int, migrants: int) -> str:
        """The numbers beside the bar: migrants, rate, time left."""
        text = f"{migrants:,} migrants"
        if seconds <= 0 or done <= self._first:
            return text
        millions = self._migrant_months / seconds / 1e6
        rate = f"{millions:.1f}" if millions >= 1 else f"{millions:.2f}"
        left = round(seconds / (done - self._first) * (total - done))
        return f"{text}  {rate} million migrant-months/s  {left // 60}:{left % 60:02d} left"


@contextlib.contextmanager
def month_progress(
    console: Console, scenario: Scenario, start: str = "Setting up ...", *, show: bool
) -> Iterator[MonthProgress | None]:
    """A bar over the months of a run of `scenario`, and over the compilation of the rules where it is needed; nothing
    unless it is to `show`."""
    if not show:
        yield None
        return
    from ..agents.rule import told_of_compiling

    with MonthProgress(console, scenario.date, start) as progress, told_of_compiling(progress.compiling):
        yield progress


class _Rate(ProgressColumn):
    """Runs a second, or seconds a run."""

    def render(self, task: Task) -> Text:
        speed = task.speed
        if not speed:
            return Text("")
        return Text(f"{speed:.1f} runs/s" if speed >= 1.0 else f"{1.0 / speed:.1f} s a run")


class RunsProgress(_Bar):
    """A progress bar over many runs; call it with (runs done, runs in all, the run that is done).

    Shown at a terminal only, and not if `quiet`; a run that failed is told in a line all the same.
    """

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[runs]}"),  # once it is known how many they are
            _Rate(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._bar.add_task(self._first_step(), total=None, runs="")
        self._begun = False

    def _first_step(self) -> str:
        """What comes first: the workers compile the rules where that was not done before."""
        if self._bar.disable:
            return ""
        from ..agents.code_cache import cache_is_cold

        return COMPILING if cache_is_cold() else "Running ..."

    def __call__(self, done: int, total: int, run: FinishedRun, what: str = "Running ...") -> None:
        """Show that `done` of `total` runs are over."""
        if run.failed:
            line = f"The run with seed {run.seed} failed: {run.error}"
            self._console.print(line, markup=False, soft_wrap=True)
        if not self._begun and done > 1:  # those done before say nothing of the rate
            self._bar.reset(self._task, total=total, completed=done - 1)
        self._begun = True
        runs = f"{done} of {total} runs"
        self._bar.update(self._task, completed=done, total=total, description=what, runs=runs)
