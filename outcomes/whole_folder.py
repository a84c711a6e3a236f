"""A folder that is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


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
    disk. Errors: OutputError if the folder exists, is something else, can't be made, or the disk is full.
    """
    target = Path(os.path.abspath(Path(path).expanduser()))
    check_target(target, overwrite, mark=mark, what=what)
    try:
        with written_whole(target) as unfinished:
            yield unfinished
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
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.partial-{os.getpid()}")
    if unfinished.exists():  # of a dead process that had the same number
        shutil.rmtree(unfinished)
    try:
        unfinished.mkdir()
        yield unfinished
        _flush(unfinished)
        _put_in_place(unfinished, target)
    except BaseException:  # Ctrl-C too
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def write_whole(file: Path, text: str) -> None:
    """Write a text file at once or not at all. Errors: OSError."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, file)
    except BaseException:  # Ctrl-C too
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def check_target(
    path: Path, overwrite: bool = False, *, mark: str = "", what: str = "a folder of results"
) -> None:
    """Whether `path` may be written, as `whole_folder` has it; nothing is left behind. Errors: OutputError."""
    if os.path.lexists(path):
        if not path.is_dir():
            raise OutputError(f"{path} is a file, and {what} needs a folder: choose another name")
        if not overwrite:
            raise OutputError(f"{path} exists already: choose another name, or allow it to be overwritten")
        if mark and not (path / mark).is_file():
            raise OutputError(f"{path} holds something else than {what}, and is not overwritten")
    parent = existing_parent(path)
    if not parent.is_dir():
        raise OutputError(f"{path} can't be made, because {parent} is a file")


def existing_parent(path: Path) -> Path:
    """The nearest folder above `path` that there is already (or the file that stands in the way)."""
    parent = Path(os.path.abspath(path)).parent
    while not os.path.lexists(parent):
        parent = parent.parent
    return parent


def _put_in_place(unfinished: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
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
