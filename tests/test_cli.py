"""The command line: runs, what they print and leave, and how they take mistakes, signals and closed streams."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from command_line import call, process, told, worked
from rich.text import Text

from local_citizenship.app import running
from local_citizenship.app.cli import app, relaxed_gc
from local_citizenship.app.surroundings import settle_surroundings
from local_citizenship.outcomes.invocation import COMMANDS, TYPED, as_typed
from local_citizenship.outcomes.run_folder import load_run
from local_citizenship.scenarios import load_scenario

SMALL = "two-towns"


def quick_run(folder: Path, *options: object, months: int = 2) -> Path:
    """A run of two towns without figures, in this folder."""
    worked("run", SMALL, "--months", months, "--no-figures", *options, "--out", folder)
    return folder


# --- the whole


def test_without_a_command_it_tells_the_commands() -> None:
    shown = call("--help").stdout
    for name in ("run", "check", "list", "explain", "schedule", "plot", "story", "new"):
        assert f" {name} " in shown


def test_a_bug_shows_its_traceback(tmp_path: Path) -> None:
    code = """
import local_citizenship.scenarios as scenarios
def broken(*args, **kwargs):
    raise ZeroDivisionError("a bug")
scenarios.load_scenario = broken"""
    done = process(code, "check", SMALL, cwd=tmp_path, status=1)
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: a bug" in done.stderr


def test_garbage_is_looked_for_as_before_even_after_a_mistake() -> None:
    before, seen = gc.get_threshold(), list[int]()

    @relaxed_gc()
    def fail() -> None:
        seen.append(gc.get_threshold()[0])
        raise ValueError("on purpose")

    for _ in range(2):
        with pytest.raises(ValueError, match="on purpose"):
            fail()
        assert gc.get_threshold() == before
    assert min(seen) > before[0]


# --- run


def test_piped_it_prints_one_line_with_a_fresh_folder(tmp_path: Path) -> None:
    options = ("run", SMALL, "--months", 2, "--seed", 5, "--no-figures")
    folder = Path("runs") / f"{SMALL}-seed5-2"
    (tmp_path / "runs" / f"{SMALL}-seed5").mkdir(parents=True)
    done = process("", *options, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout == f"{SMALL}, seed 5, 2 months: {folder}\n"
    assert (tmp_path / folder / "manifest.json").is_file()
    assert not (tmp_path / folder / "figures").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize("quiet", [False, True])
def test_at_a_terminal_it_shows_progress_outcomes_and_where_next(tmp_path: Path, quiet: bool) -> None:
    shown = at_a_terminal("run", SMALL, "--months", 2, "--no-figures", *["--quiet"] * quiet, cwd=tmp_path)
    folder = f"runs/{SMALL}-seed1"
    if quiet:
        assert shown.split() == [folder]
        return
    for step in ("Setting up", "Saving the tables", "Migrants at the end", f"story {folder}"):
        assert step in shown
    assert load_scenario(SMALL).date(1) in shown


def at_a_terminal(*arguments: object, cwd: Path) -> str:
    """What the command line prints to a terminal that is 120 columns wide."""
    import pty

    command = [sys.executable, "-P", "-m", "local_citizenship.app", *(str(a) for a in arguments)]
    seen, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": "120", "TERM": "xterm", "NO_COLOR": "1"}
    running = subprocess.Popen(command, cwd=cwd, env=environment, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):  # how Linux tells that the other end has closed
        while part := os.read(seen, 65536):
            shown += part
    os.close(seen)
    assert running.wait() == 0
    return shown.decode()


def test_quiet_prints_the_folder_only(tmp_path: Path) -> None:
    result = call("run", SMALL, "--months", 2, "--no-figures", "--quiet", "--out", tmp_path / "a")
    assert result.stdout.splitlines() == [str(tmp_path / "a")]
    assert result.stderr == ""


def test_a_senseless_date_of_building_stops_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy and Matplotlib read it, and take nothing but a number."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    done = process("", "run", SMALL, "--months", 2, "--no-figures", "--quiet", "--out", "a", cwd=tmp_path)
    assert done.stderr == ""
    assert (tmp_path / "a" / "manifest.json").is_file()
    for date, kept in (("0", True), ("1700000000", True), ("", False), ("-1", False), ("9" * 400, False)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
        settle_surroundings()
        assert ("SOURCE_DATE_EPOCH" in os.environ) is kept, date


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_settings_of_matplotlib_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "pipe"))
    code = "from local_citizenship.app.surroundings import settle_surroundings as s; s(); import matplotlib"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


def test_csv_on_request(tmp_path: Path) -> None:
    assert list(quick_run(tmp_path / "a", "--csv").rglob("monthly.csv"))


def test_set_changes_the_parameter_and_says_so(tmp_path: Path) -> None:
    run = load_run(
        quick_run(tmp_path / "a", "--set", "enforcement.apprehension=0.02", "--set", "fear.local=0.25")
    )
    assert run.parameters["enforcement.apprehension"] == 0.02
    assert run.parameters["fear.local"] == 0.25
    assert run.scenario.layers["fear.local"] == "--set"
    assert run.months == 2


def test_an_existing_folder_is_an_error_before_simulating(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("it simulated")

    monkeypatch.setattr(running, "run_into", never)
    (tmp_path / "thing").write_text("precious")
    assert "exists already" in told(call("run", SMALL, "--out", tmp_path))
    assert "something else than a run" in told(call("run", SMALL, "--out", tmp_path, "--overwrite"))
    assert "is a file" in told(call("run", SMALL, "--out", tmp_path / "thing", "--overwrite"))
    assert (tmp_path / "thing").read_text() == "precious"


def test_overwrite_replaces_a_run(tmp_path: Path) -> None:
    folder = quick_run(tmp_path / "a")
    assert "exists already" in told(call("run", SMALL, "--no-figures", "--months", 3, "--out", folder))
    quick_run(folder, "--overwrite", months=3)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert load_run(folder).months == 3


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_and_its_like_leave_nothing(tmp_path: Path, name: str) -> None:
    if not hasattr(signal, name):
        pytest.skip("Windows has no terminal that hangs up")
    interrupt = """
import atexit
from local_citizenship.model.simulation import Simulation
step = Simulation.step
def interrupted(self):
    if self.month == 2:
        atexit.register(signal.raise_signal, signal.SIGTERM)  # once more, while Python ends
        signal.raise_signal(signal.NAME)
    step(self)
Simulation.step = interrupted"""
    # Restored first: a shell that starts the tests in the background has its children ignore Ctrl-C, and `nohup` that
    # a terminal was closed.
    usual = "default_int_handler" if name == "SIGINT" else "SIG_DFL"
    code = f"import signal\nsignal.signal(signal.NAME, signal.{usual}){interrupt}".replace("NAME", name)
    done = process(code, "run", SMALL, "--months", 6, "--out", "a", cwd=tmp_path, status=130)
    assert done.stdout == ""
    assert done.stderr == "Stopped. No half-written folder was left behind.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
def test_streams_that_are_closed_or_full(tmp_path: Path) -> None:
    """Whoever closes a stream asks for silence, and no file takes its place; what can't be written is a sentence."""
    command = f"{sys.executable} -P -m local_citizenship.app"
    (tmp_path / "mine.yaml").write_text("extends: two-towns\nfear: {lokal: 1}\n")
    for words, status, said in (
        ("--version >&-", 0, ""),
        ("list <&- >&- 2>&-", 0, ""),
        ("check mine.yaml 2>&-", 2, ""),
        ("--version >/dev/full", 2, "the disk is full\n"),
        ("list >/dev/full", 2, "the disk is full\n"),
    ):
        done = subprocess.run(f"{command} {words}", shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (status, "", said), words


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for command in (("run", SMALL, "--months", 2), ("handout", SMALL, "--months", 2, "-o", "h.html")):
        assert "The folder in which this was started is gone" in told(call(*command))


def test_hints_name_the_command_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "`local-citizenship explain` lists the sections" in told(call("explain", "xyzzy"))
    monkeypatch.setenv(TYPED, "python3 ../start.py")
    assert "`python3 ../start.py explain` lists the sections" in told(call("explain", "xyzzy"))


def test_commands_named_in_a_message_stand_as_they_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert set(COMMANDS) == set(group.list_commands(None))  # type: ignore[arg-type]
    monkeypatch.setenv(TYPED, "python3 start.py")
    assert as_typed("go on with `study resume x`, `explain`, `patterns: fit`") == (
        "go on with `python3 start.py study resume x`, `python3 start.py explain`, `patterns: fit`"
    )
    assert as_typed(as_typed("`run x`")) == "`python3 start.py run x`"


def test_no_help_text_loses_words_in_brackets() -> None:
    """Help is marked up: what stands in brackets passes for a style, and vanishes, unless a backslash precedes it."""

    def texts(command: Any, path: str) -> Iterator[tuple[str, str]]:
        for parameter in command.params:
            yield f"{path} {parameter.name}", getattr(parameter, "help", None) or ""
        for name in command.list_commands(None) if hasattr(command, "list_commands") else []:
            yield from texts(command.get_command(None, name), f"{path} {name}")

    everything = dict(texts(typer.main.get_command(app), "local-citizenship"))
    assert len(everything) > 100
    shown = {name: Text.from_markup(text).plain for name, text in everything.items()}
    assert shown == {name: text.replace("\\[", "[") for name, text in everything.items()}
