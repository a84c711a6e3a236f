"""One process at a time writes a folder or file, whole or not at all; what killed ones left is cleared away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import call, told
from study_tools import made

from local_citizenship.app.folders import choose, replacing_files
from local_citizenship.experiments.studies import folder as studies
from local_citizenship.experiments.workers import WorkerPool
from local_citizenship.outcomes import interruption
from local_citizenship.outcomes.interruption import (
    STOPPING,
    cannot_be_stopped,
    stop_as_by_ctrl_c,
    undisturbed,
)
from local_citizenship.outcomes.whole_folder import (
    OutputError,
    is_being_written,
    sole_writer,
    whole_folder,
    write_whole,
)

HANGS_UP = """
import os, signal, time
from local_citizenship.experiments.workers import WorkerPool
from local_citizenship.outcomes.interruption import stop_as_by_ctrl_c
if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which `nohup` has its children ignore
    stop_as_by_ctrl_c()
    try:
        with WorkerPool(1) as pool:
            pool.submit(os.getpid).result()
            os.killpg(0, signal.SIGHUP)
            time.sleep(600)
    except KeyboardInterrupt:
        print("stopped")
"""
HOLD = """
import sys
from pathlib import Path
from local_citizenship.outcomes.whole_folder import whole_folder
with whole_folder(sys.argv[1]) as unfinished:
    (unfinished / "half").touch()
    print("writing", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left_behind(folder: Path, name: str) -> Path:
    """An unfinished folder of a process that is no more."""
    left = folder / f".{name}.partial-1"
    left.mkdir()
    (left / "half.txt").write_text("half")
    (folder / f".{name}.writing").touch()
    return left


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which is writing the folder `r`."""
    command = [sys.executable, "-P", "-c", HOLD, str(tmp_path / "r")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_what_the_dead_left_is_cleared_away_by_whoever_writes_there(tmp_path: Path) -> None:
    left_behind(tmp_path, "r")
    left_behind(tmp_path, "another")
    (tmp_path / ".text.md.partial-1").write_text("half")
    with whole_folder(tmp_path / "r") as unfinished:
        assert names(tmp_path) == [unfinished.name, ".r.writing"]
        assert names(unfinished) == []
    assert names(tmp_path) == ["r"]


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    mine = (".r.lock", ".git", ".r.partial", "r.partial-1", ".r.partial-x")
    for name in mine:
        (tmp_path / name).touch()
    with whole_folder(tmp_path / "s"):
        pass
    assert names(tmp_path) == sorted([*mine, "s"])


def test_a_folder_that_was_just_being_replaced_comes_back(tmp_path: Path) -> None:
    old = tmp_path / ".r.old-1"
    old.mkdir()
    (old / "mark").touch()
    left_behind(tmp_path, "r")
    with pytest.raises(OutputError, match="exists already"), whole_folder(tmp_path / "r"):
        pass
    assert names(tmp_path) == ["r"]
    assert names(tmp_path / "r") == ["mark"]


def test_what_came_back_is_not_run_over(tmp_path: Path) -> None:
    (tmp_path / ".r.old-1").mkdir()
    assert "exists already" in told(call("run", "two-towns", "--months", 1, "--out", tmp_path / "r"))
    assert names(tmp_path) == ["r"]


def test_of_two_writers_the_second_is_told(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    assert is_being_written(tmp_path / "r")
    with (
        pytest.raises(OutputError, match="r is being written by another process"),
        whole_folder(tmp_path / "r"),
    ):
        pass
    assert "is being written" in told(call("run", "two-towns", "--months", 1, "--out", tmp_path / "r"))
    with whole_folder(tmp_path / "s"):  # which leaves what belongs to the living
        pass
    assert names(tmp_path) == [f".r.partial-{other.pid}", ".r.writing", "s"]
    other.communicate()
    assert names(tmp_path) == ["r", "s"]
    assert not is_being_written(tmp_path / "r")


def test_a_run_without_a_name_takes_the_next_free_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = []
    with sole_writer(tmp_path / "runs" / "x-seed1"):
        thread = threading.Thread(target=lambda: seen.append(choose("x", 1, None, overwrite=False)))
        thread.start()
        thread.join()
    assert seen == [Path("runs/x-seed1-2")]
    assert names(tmp_path) == []  # folders that stayed empty are gone again


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_after_a_kill_the_next_one_may_write(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert names(tmp_path) == [f".r.partial-{other.pid}", ".r.writing"]
    with whole_folder(tmp_path / "r"):
        pass
    assert names(tmp_path / "r") == []
    assert names(tmp_path) == ["r"]


def test_a_file_is_written_whole_and_keeps_its_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new" / "notes.md"
    write_whole(file, "old")
    file.chmod(0o600)
    write_whole(file, b"n\xc3\xa9")
    assert file.read_text(encoding="utf-8") == "né"
    assert file.stat().st_mode & 0o777 == 0o600

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "lost")
    assert file.read_text(encoding="utf-8") == "né"
    assert names(file.parent) == ["notes.md"]


def test_figures_that_a_killed_process_drew_are_cleared_away(tmp_path: Path) -> None:
    left_behind(tmp_path, "files")
    with replacing_files(tmp_path) as built:
        (built / "stock.png").touch()
    assert names(tmp_path) == ["stock.png"]


def test_parts_of_a_study_that_begin_at_once_share_its_folder(tmp_path: Path) -> None:
    study = made(tmp_path, "scenarios: two-towns\nmonths: 2\nreplicates: 2\n", "s")
    target, entered = tmp_path / "both", threading.Event()

    def first() -> None:
        with sole_writer(target):
            entered.set()
            time.sleep(0.3)
            os.rename(study.path, target)
            (target / "records" / "mine.jsonl").touch()

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait()
    joined = studies.join(tmp_path / "s.yaml", target)
    thread.join()
    assert joined.path == target
    assert names(target / "records") == ["mine.jsonl"]  # nothing of the first part is lost


# Being stopped


@pytest.fixture
def handlers() -> Iterator[None]:
    """The usual ones, whatever this process was told to ignore; its own are put back afterwards."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", STOPPING)
def test_each_is_heard_as_ctrl_c_unless_it_is_to_be_ignored(number: int) -> None:
    signal.signal(number, signal.SIG_IGN)  # as by nohup
    stop_as_by_ctrl_c()
    signal.raise_signal(number)
    signal.signal(number, signal.SIG_DFL)
    stop_as_by_ctrl_c()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


@pytest.mark.usefixtures("handlers")
def test_what_must_not_be_left_half_done_is_finished_first() -> None:
    stop_as_by_ctrl_c()
    done = []

    def work() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGTERM)
            done.append("finished")
        done.append("went on")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["finished"]


@pytest.mark.usefixtures("handlers")
def test_what_follows_at_once_means_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that closes, or a batch system, sends several signals: what is tidied up is not stopped again."""
    done = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGHUP)
        finally:
            signal.raise_signal(signal.SIGTERM)
            with undisturbed():
                signal.raise_signal(signal.SIGINT)
            done.append("tidied up")

    stop_as_by_ctrl_c()
    monkeypatch.setattr(interruption, "_SAME_WISH", 600.0)  # "at once" may last on a busy machine
    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["tidied up"]
    monkeypatch.setattr(interruption, "_SAME_WISH", 0.0)
    with pytest.raises(KeyboardInterrupt):  # later it is another one
        signal.raise_signal(signal.SIGTERM)
    cannot_be_stopped()
    for number in STOPPING:
        signal.raise_signal(number)


@pytest.mark.usefixtures("handlers")
def test_a_signal_is_not_lost_where_python_can_raise_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    stop_as_by_ctrl_c()

    class Gone:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def work() -> None:
        it = Gone()
        del it
        time.sleep(600)  # in vain: nothing else ends it before

    with pytest.raises(KeyboardInterrupt):
        work()
    assert capfd.readouterr().err == ""


def handlers_of_terminals() -> list[bool]:
    return [signal.getsignal(number) == signal.SIG_IGN for number in STOPPING]


@pytest.mark.skipif(len(STOPPING) < 3, reason="Windows has no terminal that hangs up")
def test_workers_leave_the_terminal_to_whoever_started_them() -> None:
    with WorkerPool(1) as pool:
        assert pool.submit(handlers_of_terminals).result() == [True, False, True]


@pytest.mark.skipif(len(STOPPING) < 3, reason="Windows has no terminal that hangs up")
def test_a_terminal_that_closes_is_no_traceback_in_any_process(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(HANGS_UP)
    command = [sys.executable, "-P", str(tmp_path / "main.py")]
    done = subprocess.run(command, capture_output=True, text=True, start_new_session=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")


def test_large_calls_leave_nothing_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left_behind(tmp_path, "local-citizenship-dead")
    with WorkerPool(1) as pool:
        assert pool.submit(len, b"x" * 10_000).result() == 10_000
    assert names(tmp_path) == []


def ended(*words: str, stdout: int) -> tuple[int, str]:
    """Exit status and error output of a command that prints to `stdout`."""
    command = [sys.executable, "-P", "-m", "local_citizenship.app", *words]
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True)
    os.close(stdout)
    return done.returncode, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_nobody_who_reads_on_is_no_error() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    assert ended("list", stdout=writes) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence_wherever_it_is_met() -> None:
    assert ended("list", stdout=os.open("/dev/full", os.O_WRONLY)) == (2, "the disk is full\n")
