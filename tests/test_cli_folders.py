"""Where a run goes, chosen and tried beforehand; and how far it is, by a clock that starts with its first month."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest
from command_line import call, told
from rich.console import Console

from local_citizenship.app.console import UsageMistake
from local_citizenship.app.folders import choose, replacing_files
from local_citizenship.app.progress import MonthProgress
from local_citizenship.outcomes.whole_folder import OutputError


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_the_default_is_a_fresh_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert choose("japan", 1, None, overwrite=False) == Path("runs/japan-seed1")
    assert names(tmp_path) == []  # choosing leaves nothing behind
    Path("runs/japan-seed1").mkdir(parents=True)
    assert choose("japan", 1, None, overwrite=False) == Path("runs/japan-seed1-2")
    Path("runs/japan-seed1-2").write_text("a file is in the way")
    assert choose("japan", 1, None, overwrite=False) == Path("runs/japan-seed1-3")
    Path("runs/japan-seed1/manifest.json").write_text("{}")
    assert choose("japan", 1, None, overwrite=True) == Path("runs/japan-seed1")


@pytest.mark.parametrize(
    ("below", "overwrite", "told"),
    [
        ("run", False, "exists already"),
        ("", True, "something else than a run"),
        ("file", True, "is a file"),
        ("file/deep/er", True, "is a file"),
        ("x" * 300, False, "can't be written"),
        ("\udcff", False, "no name in UTF-8"),
    ],
)
def test_what_may_not_be_written_is_told_beforehand(
    tmp_path: Path, below: str, overwrite: bool, told: str
) -> None:
    (tmp_path / "file").write_text("three years of work")
    run = tmp_path / "run"
    run.mkdir()
    (run / "manifest.json").write_text("{}")
    with pytest.raises((UsageMistake, OutputError), match=told):
        choose("japan", 1, tmp_path / below, overwrite)
    assert choose("japan", 1, run, overwrite=True) == run
    assert names(tmp_path) == ["file", "run"]


def test_a_refusing_disk_is_told_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(UsageMistake, match="run can't be written: Permission denied"):
        choose("japan", 1, tmp_path / "run", overwrite=False)


def test_figures_are_replaced_one_by_one(tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "old.png").write_text("kept")
    (figures / "stock.png").write_text("old")
    with replacing_files(figures) as built:
        (built / "stock.png").write_text("new")
        assert (figures / "stock.png").read_text() == "old"
    assert {p.name: p.read_text() for p in figures.iterdir()} == {"old.png": "kept", "stock.png": "new"}


def test_a_disk_that_refuses_figures_leaves_the_old_ones(tmp_path: Path) -> None:
    (tmp_path / "stock.png").write_text("old")

    def fill() -> None:
        with replacing_files(tmp_path) as built:
            (built / "stock.png").write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="the disk is full"):
        fill()
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"stock.png": "old"}


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


def test_the_bar_says_that_rules_are_compiled_and_how_many_are_ready() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)
    with MonthProgress(console, "1990-{:02d}".format) as progress:
        progress.compiling(7, 25)
    shown = screen.getvalue()
    assert "Compiling the rules, once: some 30 s" in shown
    assert "7 of 25" in shown


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_a_pipe_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "h.html")
    said = told(call("handout", "two-towns", "--months", 2, "-o", pipe, "--overwrite"))
    assert "is a pipe or a device" in said
    assert pipe.is_fifo()
