"""The progress of a run: dates, rate and time left, from a clock that starts with the first month done."""

from __future__ import annotations

import io

from rich.console import Console

from local_citizenship.app.progress import MonthProgress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_leave_the_compilation_out() -> None:
    clock = Clock()
    progress = MonthProgress(Console(file=io.StringIO()), "month {}".format, clock=clock)
    clock.now = 30.0  # compiling and the first month
    progress(1, 241, 1_000_000)
    for month in range(2, 42):
        clock.now += 0.5
        progress(month, 241, 1_000_000)
    detail = progress.detail(clock.now - 30.0, 41, 241, 1_000_000)
    assert detail == "1,000,000 migrants  2.0 million migrant-months/s  1:40 left"


def test_without_a_second_month_there_is_no_rate() -> None:
    progress = MonthProgress(Console(file=io.StringIO()), str, clock=Clock())
    progress(1, 12, 300)
    assert progress.detail(0.0, 1, 12, 300) == "300 migrants"


def test_the_bar_shows_the_month_that_is_over() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with MonthProgress(console, "1990-{:02d}".format, "Compiling ...") as progress:
        progress(3, 12, 300)
        progress.say("Saving ...")
        progress(4, 12, 300)
    shown = screen.getvalue()
    assert "1990-03" in shown  # the fourth month, counted from 0
    assert "1990-04" not in shown
