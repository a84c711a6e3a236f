"""Where machine code is kept between runs: a file for each kernel and kind of arguments, in a folder for each version
of the rules.

Whatever is wrong with a file or the folder, the rules are compiled anew, and one sentence says so where they can't be
kept. A file is written under another name and then renamed; one that is damaged is known by its checksum. One process
compiles a kernel, and whoever else needs it waits for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from ..scenarios.bounded import UnreadableError, refuse_other_kinds
from .machine_code import MachineCode

ENDING = ".kernel"
_MADE_BY = ("numba", "llvmlite", "numpy")
_KEPT_VERSIONS = 5
_CHECKSUM = 32  # bytes at the beginning of a file, of all that follow; then a line of JSON, then machine code
_LOG = logging.getLogger(__name__.partition(".")[0])


@cache
def source_hash() -> str:
    """Hash of everything the machine code is made from: rule sources, fixed lists of names, versions."""
    rooms = Path(__file__).resolve().parent.parent
    sources = [*(rooms / "agents").rglob("*.py"), *(rooms / "model").rglob("*.py")]
    sources.append(rooms / "scenarios" / "catalogue.py")
    versions = " ".join(f"{name} {version(name)}" for name in _MADE_BY)
    digest = hashlib.sha256(f"{sys.version_info[:3]} {versions}".encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Where machine code of this version is kept: the user's cache, or a folder of the user's own among temporary ones
    where that cannot be written. None if neither can."""
    chosen = os.environ.get("LOCAL_CITIZENSHIP_CACHE")
    homes: list[Callable[[], Path]] = [lambda: Path(chosen)] if chosen else []
    homes += [lambda: user_cache_path("local-citizenship"), _private_temporary_folder]
    for home_of in homes:
        with contextlib.suppress(OSError):
            home = home_of()
            folder = home / source_hash()
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            os.utime(folder)  # in use, which reading alone does not show
            _forget_old_versions(home, folder)
            return folder
    return None


def _private_temporary_folder() -> Path:
    """Machine code is run, and others may write among temporary files: a folder that nobody else can enter, and that
    nobody else has made. Errors: PermissionError if somebody has."""
    if not hasattr(os, "getuid"):  # Windows, where temporary files are each user's own
        return Path(tempfile.gettempdir()) / "local-citizenship"
    folder = Path(tempfile.gettempdir()) / f"local-citizenship-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not ours alone")
    return folder


def _forget_old_versions(home: Path, current: Path) -> None:
    """Each edit of a rule makes a new folder; keep the few last used."""
    with contextlib.suppress(OSError):  # another process may be tidying up as well
        others = sorted(
            (p for p in home.iterdir() if p.is_dir() and p != current), key=lambda p: p.stat().st_mtime
        )
        for old in others[: -_KEPT_VERSIONS or None]:
            shutil.rmtree(old, ignore_errors=True)


def cache_is_cold() -> bool:
    """Whether all rules still have to be compiled for this version of the sources. (For other numbers of services,
    needs, doors, kinds of NGO or trades than any scenario had before, they have to be in any case.)"""
    folder = cache_folder()
    try:
        return folder is None or not any(file.endswith(ENDING) for file in os.listdir(folder))
    except OSError:
        return True


def kept(
    kernel: str, kind: tuple[Any, ...], compile_it: Callable[[], MachineCode], lacking: Callable[[], None]
) -> MachineCode:
    """The machine code of a kernel for arguments of this kind: as it is kept, or else compiled, and kept.

    `lacking` is called where there is none, before it is compiled here or waited for.
    """
    folder = cache_folder()
    file = None if folder is None else folder / f"{kernel}-{_digest(kind)}{ENDING}"
    code = _read(file)
    if code is None:
        lacking()
        with _alone(folder):
            code = _read(file)  # who had to wait will find it
            if code is None:
                code = compile_it()
                _write(file, code)
    return code


def _digest(kind: tuple[Any, ...]) -> str:
    """Of what machine code depends on beside the sources: its arguments, the processor, Numba's settings."""
    told = [f"({_text(each[0])}, {each[1]})" if isinstance(each, tuple) else repr(each) for each in kind]
    settings = sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_"))
    return hashlib.sha256(repr(((*told,), *_machine(), settings)).encode()).hexdigest()[:16]


_text = cache(repr)  # of a dtype with a hundred fields: half of what it takes to find machine code


@cache
def _machine() -> tuple[str, str, str]:
    from llvmlite import binding

    features = str(binding.get_host_cpu_features().flatten())
    return binding.get_process_triple(), binding.get_host_cpu_name(), features


def _read(file: Path | None) -> MachineCode | None:
    """None if there is none, or it is damaged."""
    if file is None:
        return None
    try:
        refuse_other_kinds(file)
        content = file.read_bytes()
    except (OSError, UnreadableError):
        return None
    rest = content[_CHECKSUM:]
    if hashlib.sha256(rest).digest() != content[:_CHECKSUM]:
        return None
    head, _, code = rest.partition(b"\n")
    return MachineCode(code, json.loads(head))


def _write(file: Path | None, code: MachineCode) -> None:
    if file is None:
        _say_once("no folder for them can be written")
        return
    rest = json.dumps(code.outside).encode() + b"\n" + code.content
    try:
        file.parent.mkdir(parents=True, exist_ok=True)  # it may have been removed meanwhile
        handle, name = tempfile.mkstemp(prefix=".", dir=file.parent)
        try:
            with open(handle, "wb") as new:
                new.write(hashlib.sha256(rest).digest() + rest)
            os.replace(name, file)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        _say_once(f"{file.parent}: {error.strerror or error}")


@cache
def _say_once(why: str) -> None:
    _LOG.warning("The compiled rules can't be kept, and the next run compiles them again (%s).", why)


@contextlib.contextmanager
def _alone(folder: Path | None) -> Iterator[None]:
    """One process at a time, as far as a lock can be had; a process that dies lets go of it."""
    with contextlib.ExitStack() as stack:
        if folder is not None:
            from filelock import FileLock

            with contextlib.suppress(OSError, NotImplementedError):
                stack.enter_context(FileLock(folder / "compiling.lock"))
        yield
