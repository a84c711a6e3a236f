"""Machine code of kernels: called with what it is made for only, and kept on disk so that nothing there can hurt."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local_citizenship.agents import code_cache, rule
from local_citizenship.agents.machine_code import MachineCode, kind_of


@rule.kernel
def divide(numbers, by):
    """The first of some numbers, divided."""
    numbers[0] = numbers[0] // by
    return np.int64(numbers[0])


@rule.kernel
def add_up(table):
    """The sum of a table, by way of room of the kernel's own."""
    sums = np.zeros(table.shape[0])
    for row in range(table.shape[0]):
        for column in range(table.shape[1]):
            sums[row] += table[row, column]
    table[0, 0] = sums.sum()


rule.RULES.remove(divide)
rule.RULES.remove(add_up)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of the test's own."""
    monkeypatch.setenv("LOCAL_CITIZENSHIP_CACHE", str(tmp_path))
    usual = code_cache.cache_folder
    usual.cache_clear()
    code_cache._say_once.cache_clear()
    yield tmp_path
    usual.cache_clear()


class Compiler:
    """Stands in for the compiler, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> MachineCode:
        self.asked += 1
        return MachineCode(b"machine code\n" * 100, ["outside"])


def kept(compiler: Compiler) -> MachineCode:
    return code_cache.kept("a_kernel", (int,), compiler, lambda: None)


def the_file() -> Path:
    folder = code_cache.cache_folder()
    assert folder is not None
    (file,) = folder.glob(f"*{code_cache.ENDING}")
    return file


# Calls ---------------------------------------------------------------------------------------------------


def test_a_kernel_takes_arrays_and_numbers_and_gives_a_number(home: Path) -> None:
    numbers = np.array([7, 8])
    assert divide(numbers, 2) == 3
    assert numbers.tolist() == [3, 8]
    assert divide(np.array([9]), np.int64(3)) == 3
    assert kind_of((numbers, 2)) in divide.signatures


def test_what_a_kernel_raises_reaches_its_caller(home: Path) -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        divide(np.array([7]), 0)


def test_a_kernel_has_room_of_its_own(home: Path) -> None:
    table = np.arange(200_000.0).reshape(-1, 2)
    wanted = table.sum()
    add_up(table)
    assert table[0, 0] == wanted


@pytest.mark.parametrize("spoilt", ["order", "writeable"])
def test_arrays_that_do_not_fit_are_refused(home: Path, spoilt: str) -> None:
    table = np.ones((4, 4))
    add_up(table)
    unfit = table.T[:, ::2] if spoilt == "order" else table.copy()
    if spoilt == "writeable":
        unfit.flags.writeable = False
    with pytest.raises(ValueError, match="in C order"):
        add_up(unfit)


def test_dtypes_and_shapes_are_told_apart_from_call_to_call(home: Path) -> None:
    narrow, wide = np.array([-7], np.int32), np.array([2**40], np.int64)
    assert [divide(each, 2) for each in (narrow, wide, narrow, wide)] == [-4, 2**39, -2, 2**38]
    with pytest.raises(TypeError, match="not list"):
        divide([7], 2)


# The disk ------------------------------------------------------------------------------------------------


def test_what_was_compiled_once_is_found_again(home: Path) -> None:
    compiler = Compiler()
    assert code_cache.cache_is_cold()
    first = kept(compiler)
    assert kept(compiler) == first
    assert compiler.asked == 1
    assert not code_cache.cache_is_cold()


@pytest.mark.parametrize("damage", ["empty", "cut off", "one bit", "a folder", "a pipe"])
@pytest.mark.usefixtures("impatient")
def test_a_damaged_file_is_compiled_anew(home: Path, damage: str) -> None:
    compiler = Compiler()
    code = kept(compiler)
    file = the_file()
    content = file.read_bytes()
    if damage == "a folder":
        file.unlink()
        file.mkdir()
    elif damage == "a pipe":
        file.unlink()
        os.mkfifo(file)
    else:
        changed = bytes([*content[:-1], content[-1] ^ 1])
        file.write_bytes({"empty": b"", "cut off": content[:-7], "one bit": changed}[damage])
    assert kept(compiler) == code
    assert compiler.asked == 2
    if damage != "a folder":
        assert file.read_bytes() == content


def test_a_folder_that_is_removed_meanwhile_is_made_again(home: Path) -> None:
    compiler = Compiler()
    kept(compiler)
    for file in the_file().parent.iterdir():
        file.unlink()
    folder = code_cache.cache_folder()
    assert folder is not None
    folder.rmdir()
    kept(compiler)
    kept(compiler)
    assert compiler.asked == 2


def test_a_full_disk_costs_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    code_cache.cache_folder()
    monkeypatch.setattr(os, "replace", full)
    with caplog.at_level(logging.WARNING):
        assert kept(Compiler()).outside == ["outside"]
        kept(Compiler())
    (told,) = caplog.messages
    assert "can't be kept" in told
    assert "No space left on device" in told
    folder = code_cache.cache_folder()
    assert folder is not None
    assert [each.name for each in folder.iterdir() if each.suffix != ".lock"] == []  # nothing half written


def test_without_any_folder_rules_are_compiled_and_not_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(code_cache, "cache_folder", lambda: None)
    compiler = Compiler()
    with caplog.at_level(logging.WARNING):
        kept(compiler)
        kept(compiler)
    assert compiler.asked == 2
    assert len(caplog.messages) == 1
    assert code_cache.cache_is_cold()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="temporary files are each user's own")
@pytest.mark.parametrize("theirs", ["nobody's", "open to others", "a link", "a file"])
def test_the_folder_among_temporary_files_is_nobody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / f"local-citizenship-{os.getuid()}"
    if theirs == "nobody's":
        assert code_cache._private_temporary_folder() == folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert code_cache._private_temporary_folder() == folder
        return
    if theirs == "open to others":
        folder.mkdir()
        folder.chmod(0o777)
    elif theirs == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.touch()
    with pytest.raises(PermissionError, match="not ours alone"):
        code_cache._private_temporary_folder()


def test_machine_code_in_use_is_not_forgotten_for_that_of_later_edits(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installed release's cache stays, however often the rules of a checkout are edited beside it."""
    edits = [home / f"edit-{number}" for number in range(6)]
    for age, folder in enumerate([home / code_cache.source_hash(), *edits]):
        folder.mkdir()
        os.utime(folder, (1_000 + age, 1_000 + age))
    release = code_cache.cache_folder()
    monkeypatch.setattr(code_cache, "source_hash", lambda: "one-more-edit")
    code_cache.cache_folder.cache_clear()
    code_cache.cache_folder()
    assert release is not None
    assert release.is_dir()
    assert [folder.is_dir() for folder in edits] == [False, False, True, True, True, True]


# Several processes -----------------------------------------------------------------------------------------


def test_one_compiles_and_the_others_wait(home: Path) -> None:
    """Threads, each with a lock of its own, as processes have."""
    begun, go_on, asked, lacking = threading.Event(), threading.Event(), list[int](), list[int]()

    def compile_it() -> MachineCode:
        asked.append(1)
        begun.set()
        assert go_on.wait(300)
        return MachineCode(b"code", [])

    def find() -> None:
        code_cache.kept("a_kernel", (int,), compile_it, lambda: lacking.append(1))

    threads = [threading.Thread(target=find) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(300)
    go_on.set()
    for thread in threads:
        thread.join(300)
    assert asked == [1]
    assert 1 <= len(lacking) <= 3


def test_a_process_that_died_holds_nobody_up(home: Path) -> None:
    folder = code_cache.cache_folder()
    program = f"""
import os
from filelock import FileLock
FileLock({str(folder / "compiling.lock")!r}).acquire()
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-P", "-c", program], timeout=600).returncode == 9
    compiler = Compiler()
    kept(compiler)
    assert compiler.asked == 1


def test_who_waits_is_told_how_much_is_ready(home: Path) -> None:
    told: list[tuple[int, int]] = []
    with rule.told_of_compiling(lambda ready, total: told.append((ready, total))):
        divide._find((np.array([1], np.int16), 1))
        divide._find((np.array([1], np.int16), 1))
    ((ready, total),) = told
    assert 0 <= ready <= total
    assert total == sum(isinstance(each, rule.Kernel) for each in rule.RULES)


def test_machine_code_is_called_without_numba() -> None:
    """All that a process needs that finds its kernels on the disk."""
    program = """
import sys
import local_citizenship.model.month
assert "numba" not in sys.modules
"""
    subprocess.run([sys.executable, "-P", "-c", program], check=True, timeout=600)


def test_code_for_another_kind_of_arguments_has_a_name_of_its_own(home: Path) -> None:
    kinds = [(int,), (np.int64,), (float,), kind_of((np.zeros(1),)), kind_of((np.zeros((1, 1)),))]
    assert len({code_cache._digest(kind) for kind in kinds}) == len(kinds)


def test_threads_that_come_together_run_one_and_the_same_code(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that is replaced while another thread is within it is the end of the process."""
    made: list[object] = []

    class Slow(rule.Entry):
        def __init__(self, *given: Any) -> None:
            made.append(self)
            time.sleep(0.05)
            super().__init__(*given)

    monkeypatch.setattr(rule, "Entry", Slow)
    kernel = rule.Kernel(add_up.py_func, ())
    rule.RULES.remove(kernel)
    tables = [np.full((2, 3), float(number)) for number in range(8)]
    with ThreadPoolExecutor(len(tables)) as pool:
        list(pool.map(kernel, tables))
    assert [table[0, 0] for table in tables] == [6.0 * number for number in range(8)]
    assert len(made) == 1
