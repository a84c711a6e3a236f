"""Folders and files that are written whole or not at all, by one process at a time.

What is unfinished lies beside what it is to be, under a name that begins with a dot: NAME as `.NAME.partial-PID`, an
older NAME that is being replaced as `.NAME.old-PID`; while somebody writes, `.NAME.writing` is locked. The system lets
go of a lock when its holder ends, however it ends: so whoever writes into the same place next knows what was left by
the dead, and clears it away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from .interruption import undisturbed

_LEFT_BEHIND = re.compile(r"\.(?P<name>.+)\.(?:partial-\d+|old-\d+|writing)")
# What keeps long work, by a file that nothing else has, and as `what` calls it: none is written over by another kind.
KINDS = {
    "calibration.yaml": "a calibration",
    "study.yaml": "a study",
    "sets.csv": "an ensemble",
    "parts.csv": "runs under an ensemble",
    "comparison.json": "a comparison",
    "scenario.yaml": "a run",
}
_PATIENCE = 20.0  # seconds to wait for another process that writes the same file
_AT_WORK: set[tuple[Path, int]] = set()  # what is being written here, each with its thread


class OutputError(Exception):
    """A folder can't be written or read, for a reason that one sentence can tell."""


@contextlib.contextmanager
def whole_folder(
    path: str | Path,
    overwrite: bool = False,
    *,
    mark: str = "",
    what: str = "a folder of results",
    needed: Callable[[], float] | None = None,
) -> Iterator[Path]:
    """Give a folder beside `path` to write in: it becomes `path` if all goes well, and else disappears.

    Parents are made where missing. Whatever goes wrong, an interruption included, no half-written folder is left
    and an older one stays. `overwrite`: an older folder is replaced at once when the new one is complete, if it is
    one of `what`, known by its file `mark` (any, without a `mark`). `needed()`: bytes, for the message about a full
    disk. Errors: OutputError if the folder exists, is something else, is being written by another process, can't be
    made, or the disk is full.
    """
    target = Path(os.path.abspath(Path(path).expanduser()))
    check_target(target, overwrite, mark=mark, what=what)
    with refusal_told(target, needed), sole_writer(target):
        check_target(target, overwrite, mark=mark, what=what)  # another process may have been quicker
        with written_whole(target) as unfinished:
            yield unfinished


@contextlib.contextmanager
def refusal_told(target: Path, needed: Callable[[], float] | None = None) -> Iterator[None]:
    """What the disk refuses is told as an OutputError. `needed()`: bytes, for the message about a full disk."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            lost, size = str(target), ""
            if needed is not None:
                lost, size = "it", f"{target} needed about {max(1, round(needed() / 1e6)):,} MB, and "
            raise OutputError(f"the disk is full: {size}nothing of {lost} was kept") from error
        denied = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        why = "no permission to write there" if denied else error.strerror or error
        raise OutputError(f"{target} can't be written: {why}") from error


@contextlib.contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """As `whole_folder`, but whatever is there is replaced, and what the disk refuses is raised as OSError."""
    with workshop(target) as unfinished:
        yield unfinished
        _flush(unfinished)
        _put_in_place(unfinished, target)


@contextlib.contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, on the same disk; what is left in it afterwards goes.

    Errors: OutputError if another process writes `target`; OSError.
    """
    unfinished = _unfinished(target)
    with sole_writer(target):
        try:
            unfinished.mkdir()
            yield unfinished
        finally:
            with undisturbed():
                _remove(unfinished)


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8, at once or not at all.

    Errors: OutputError if another process has been writing it for long; OSError.
    """
    file = Path(os.path.abspath(file))
    unfinished = _unfinished(file)
    with sole_writer(file, wait=_PATIENCE):
        try:
            with unfinished.open("wb") as opened:
                opened.write(content.encode() if isinstance(content, str) else content)
                opened.flush()
                os.fsync(opened.fileno())
            if file.exists():
                shutil.copymode(file, unfinished)
            os.replace(unfinished, file)
        finally:
            with undisturbed(), contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def sole_writer(target: Path, wait: float = 0.0) -> Iterator[None]:
    """Nobody else writes `target` for the time of the block, which may hold others of its kind.

    What killed processes left half-written, of this and of other targets beside it, is cleared away. Parents are made
    where missing, and go again if they stay empty. `wait`: seconds to wait for another process. Errors: OutputError if
    another process is at it; OSError.
    """
    work = target, threading.get_ident()
    if work in _AT_WORK:
        yield
        return
    made = _parents_made(target)
    try:
        with _locked(target, wait):
            _AT_WORK.add(work)
            try:
                _clear(target)
                sweep(target.parent)
                yield
            finally:
                _AT_WORK.discard(work)
    finally:
        for folder in made:
            with contextlib.suppress(OSError):  # it is not empty
                folder.rmdir()


def is_being_written(target: Path) -> bool:
    """Whether a process is at it just now."""
    if not _lock_of(target).exists():
        return False
    try:
        with _locked(target):
            return False
    except OutputError:
        return True


def check_target(
    path: Path, overwrite: bool = False, *, mark: str = "", what: str = "a folder of results"
) -> None:
    """Whether `path` may be written, as `whole_folder` has it; nothing is left behind. Errors: OutputError."""
    try:
        os.path.abspath(path).encode()
    except UnicodeEncodeError:
        raise OutputError(f"{str(path)!r} is no name in UTF-8, which tables need: choose another") from None
    if os.path.lexists(path):
        if not path.is_dir():
            raise OutputError(f"{path} is a file, and {what} needs a folder: choose another name")
        if not overwrite:
            raise OutputError(f"{path} exists already: choose another name, or allow it to be overwritten")
        if mark and not (path / mark).is_file():
            raise OutputError(f"{path} holds something else than {what}, and is not overwritten")
        for file, kind in KINDS.items():
            if kind != what and (path / file).is_file():
                raise OutputError(
                    f"{path} holds {kind}, and {what} is not written over it: choose another name"
                )
    parent = existing_parent(path)
    if not parent.is_dir():
        raise OutputError(f"{path} can't be made, because {parent} is a file")


def existing_parent(path: Path) -> Path:
    """The nearest folder above `path` that there is already (or the file that stands in the way)."""
    parent = Path(os.path.abspath(path)).parent
    while not os.path.lexists(parent):
        parent = parent.parent
    return parent


def _unfinished(target: Path) -> Path:
    return target.with_name(f".{target.name}.partial-{os.getpid()}")


def _lock_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.writing")


@contextlib.contextmanager
def _locked(target: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of `target`. Errors: OutputError if another process does, for as long as that."""
    from filelock import FileLock, Timeout

    file = _lock_of(target)
    lock = FileLock(file, timeout=wait, thread_local=False)
    try:
        lock.acquire()
        while not file.exists():  # its last holder took it away just when this one had opened it
            lock.release()
            lock.acquire()
    except Timeout:
        raise OutputError(
            f"{target} is being written by another process: wait for it, or choose another name"
        ) from None
    except NotImplementedError:  # a file system without locks
        yield
        return
    try:
        yield
    finally:
        with undisturbed():
            with contextlib.suppress(OSError):  # Windows does so as it lets go
                file.unlink(missing_ok=True)
            lock.release()


def sweep(folder: Path, of: str = "") -> None:
    """Clear away what killed processes left in a folder, if its name begins with `of`. Those alive hold their locks."""
    with os.scandir(folder) as entries:
        found = [_LEFT_BEHIND.fullmatch(entry.name) for entry in entries]
    for name in {each["name"] for each in found if each and each["name"].startswith(of)}:
        target = folder / name
        if (target, threading.get_ident()) not in _AT_WORK:
            with contextlib.suppress(OSError, OutputError), _locked(target):
                _clear(target)


def _clear(target: Path) -> None:
    """Clear away what was left half-written of `target`, whose lock is held. An older one that was just being replaced
    comes back."""
    for entry in [*os.scandir(target.parent)]:
        left = _LEFT_BEHIND.fullmatch(entry.name)
        if left and left["name"] == target.name and not entry.name.endswith(".writing"):
            if entry.name.startswith(f".{target.name}.old-") and not os.path.lexists(target):
                os.rename(entry.path, target)
            else:
                _remove(Path(entry.path))


def _remove(path: Path) -> None:
    """Whatever it is, as far as the disk lets go of it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _parents_made(target: Path) -> list[Path]:
    """Make the folders above `target` that are missing, and say which, the nearest first."""
    missing = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _put_in_place(unfinished: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    with undisturbed():
        if replacing := target.exists():
            target.rename(old)
        try:
            unfinished.rename(target)
        except BaseException:
            if replacing:
                old.rename(target)
            raise
    _sync(target.parent)
    if replacing:
        shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    """Have everything in the folder on the disk before its name says that it is complete."""
    for path, _, files in os.walk(folder):
        for file in files:
            _sync(Path(path) / file)
        _sync(Path(path))


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems can't
            raise
    finally:
        os.close(handle)
