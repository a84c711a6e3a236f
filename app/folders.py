"""The folder a run goes to, chosen and tried before the simulation rather than after it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from .console import UsageMistake, is_users_mistake

DEFAULT_HOME = Path("runs")
RUN = "manifest.json", "a run"  # by which file a run is known, and what it is called


def choose(name: str, seed: int, out: Path | None, overwrite: bool) -> Path:
    """The folder to write a run to: `out`, or one below `runs/`, fresh unless it may be replaced; nothing is left
    behind on disk.

    Errors: UsageMistake or OutputError if `out` may not be replaced, or if nothing can be written there.
    """
    if out is not None:
        out = out.expanduser()
        check_target(out, overwrite, *RUN)
        return out
    called = f"{name}-seed{seed}"
    folder = DEFAULT_HOME / called if overwrite else fresh(DEFAULT_HOME, called)
    check_target(folder, overwrite, *RUN)
    return folder


def fresh(home: Path, stem: str) -> Path:
    """A folder below `home` that is not there yet, nor about to be: STEM, or STEM-2, STEM-3 and so on."""
    from ..outcomes.whole_folder import is_being_written

    folder, number = home / stem, 1
    while os.path.lexists(folder) or is_being_written(folder):
        number += 1
        folder = home / f"{stem}-{number}"
    return folder


def choose_all(runs: Sequence[tuple[str, int]], out: Path | None, overwrite: bool) -> list[Path]:
    """The folders of runs, each by its scenario's name and its seed: `out` for one, of several its sub-folders.

    Errors: as `choose`; UsageMistake if two would go to the same one.
    """
    if len(runs) == 1:
        ((name, seed),) = runs
        return [choose(name, seed, out, overwrite)]
    called = [f"{name}-seed{seed}" for name, seed in runs]
    if twice := [each for each in called if called.count(each) > 1]:
        raise UsageMistake(
            f"two of the scenarios would go into the same folder {twice[0]}: run one after the other"
        )
    if out is None:
        return [choose(name, seed, None, overwrite) for name, seed in runs]
    return [
        choose(name, seed, out / each, overwrite) for (name, seed), each in zip(runs, called, strict=True)
    ]


def check_target(folder: Path, overwrite: bool, mark: str, what: str) -> None:
    """Whether a folder of `what` ("a run"), known by its file `mark`, can be written here; nothing is left behind.

    Errors: UsageMistake or OutputError if it exists and may not be replaced, or if nothing can be written there.
    """
    from ..outcomes import whole_folder

    if os.path.isdir(folder) and not overwrite:
        raise UsageMistake(f"{folder} exists already: give another --out, or --overwrite to replace {what}")
    whole_folder.check_target(folder, overwrite, mark=mark, what=what)
    try:
        parent = whole_folder.existing_parent(folder)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=parent):
            pass
    except OSError as error:
        raise UsageMistake(f"{folder} can't be written: {error.strerror}") from error


def check_file(file: Path) -> None:
    """Whether a file can be written here, with the folders above it; nothing is left behind. Errors: UsageMistake."""
    from ..outcomes.whole_folder import existing_parent

    if file.is_dir():
        raise UsageMistake(f"{file} is a folder, and a file is needed: give another name")
    if file.exists() and not file.is_file():
        raise UsageMistake(
            f"{file} is a pipe or a device, which would be replaced by a file: give another name"
        )
    parent = existing_parent(file)
    if not parent.is_dir():
        raise UsageMistake(f"{file} can't be written: {parent} is a file")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=parent):
            pass
    except OSError as error:
        raise UsageMistake(f"{file} can't be written: {error.strerror or error}") from error


@contextlib.contextmanager
def reserved(folder: Path | None, overwrite: bool, mark: str, what: str) -> Iterator[None]:
    """Be the only process that writes `folder`, if one is given, from before the first run until it is written.

    Errors: as `check_target` has them; OutputError if another process is at it, or the disk refuses.
    """
    from ..outcomes.whole_folder import refusal_told, sole_writer

    if folder is None:
        yield
        return
    check_target(folder, overwrite, mark, what)
    with refusal_told(folder), sole_writer(Path(os.path.abspath(folder))):
        check_target(folder, overwrite, mark, what)  # it may just have been finished, or come back
        yield


@contextlib.contextmanager
def reading(*folders: Path) -> Iterator[None]:
    """What goes wrong over folders of results that are not as this version writes them is told in a sentence.

    Errors: OutputError, which names the place in the program, should the folders be sound after all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of numbers that are none
            yield
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        NotImplementedError,
        TypeError,
        ValueError,
    ) as error:
        if is_users_mistake(error):
            raise
        from ..outcomes.declaration import in_words
        from ..outcomes.run import NoTable
        from ..outcomes.whole_folder import OutputError

        last = traceback.extract_tb(error.__traceback__)[-1]
        names = " or ".join(str(folder) for folder in folders)
        if isinstance(error, NoTable):
            raise OutputError(
                f"{names} is damaged, or made without what this needs ({error.args[0]})"
            ) from error
        raise OutputError(
            f"{names} is not as this version writes it, or damaged ({in_words(error)}, in {Path(last.filename).name}, "
            f"line {last.lineno}): make it again"
        ) from error


@contextlib.contextmanager
def replacing_files(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write files in; each then replaces its namesake in `folder` at once.

    Errors: OutputError if the disk refuses, or another process is at it.
    """
    from ..outcomes.interruption import undisturbed
    from ..outcomes.whole_folder import refusal_told, workshop

    place = Path(os.path.abspath(folder.expanduser()))
    with refusal_told(folder), workshop(place / "files") as built:
        yield built
        with undisturbed():
            for file in sorted(built.iterdir()):
                os.replace(file, place / file.name)
