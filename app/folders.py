"""The folder a run goes to, chosen and tried before the simulation rather than after it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .console import UsageMistake

DEFAULT_HOME = Path("runs")


def choose(name: str, seed: int, out: Path | None, overwrite: bool) -> Path:
    """The folder to write a run to: `out`, or a fresh name below `runs/`; nothing is left behind on disk.

    Errors: UsageMistake if `out` exists and may not be replaced, or if nothing can be written there.
    """
    folder = out
    if folder is None:
        stem, number = f"{name}-seed{seed}", 1
        folder = DEFAULT_HOME / stem
        while os.path.lexists(folder):
            number += 1
            folder = DEFAULT_HOME / f"{stem}-{number}"
        _prove_writable(folder)
        return folder
    check_target(folder, overwrite, "manifest.json", "a run")
    return folder


def check_target(folder: Path, overwrite: bool, mark: str, what: str) -> None:
    """Whether a folder of `what` ("a run"), known by its file `mark`, can be written here; nothing is left behind.

    Errors: UsageMistake if it exists and may not be replaced, or if nothing can be written there.
    """
    if os.path.lexists(folder):
        if not folder.is_dir():
            raise UsageMistake(f"{folder} is a file, and {what} needs a folder: give another --out")
        if not overwrite:
            raise UsageMistake(
                f"{folder} exists already: give another --out, or --overwrite to replace {what}"
            )
        if not (folder / mark).is_file():
            raise UsageMistake(f"{folder} holds something else than {what}, and is not overwritten")
    _prove_writable(folder)


def _prove_writable(folder: Path) -> None:
    """Try to write where the folder will be."""
    standing = Path(os.path.abspath(folder)).parent
    while not os.path.lexists(standing):
        standing = standing.parent
    if not standing.is_dir():
        raise UsageMistake(f"{folder} can't be made, because {standing} is a file")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=standing):
            pass
    except OSError as error:
        raise UsageMistake(f"{folder} can't be written: {error.strerror}") from error


@contextlib.contextmanager
def replacing_files(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write files in; each then replaces its namesake in `folder` at once.

    Errors: UsageMistake if the disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as workshop:
            yield Path(workshop)
            for file in sorted(Path(workshop).iterdir()):
                os.replace(file, folder / file.name)
    except OSError as error:
        raise UsageMistake(f"{folder} can't be written: {error.strerror or error}") from error
