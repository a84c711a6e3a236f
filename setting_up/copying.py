"""A checkout that may not be written: the work is done in a copy of it in the user's cache."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
from pathlib import Path

from .lock import alone
from .telling import SetupError

# What is made in a checkout, and is made anew in its copy.
_MADE = {".git", ".venv", "__pycache__", "build", "dist", "runs", "local_citizenship.egg-info"}


def copied(root: Path) -> Path:
    """A copy of the checkout, up to date, in the user's cache."""
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:8]
    try:
        copy = _cache() / "local-citizenship" / f"checkout-{name}"
        with alone(copy / "build" / "copy.lock"):
            _bring_up_to_date(root, copy)
    except (OSError, RuntimeError) as error:
        raise SetupError(
            f"{root} may not be written, nor may a copy be made of it ({error}): "
            "copy it to a place of your own, and start there."
        ) from None
    return copy


def _cache() -> Path:
    named = os.environ.get("XDG_CACHE_HOME") or (os.name == "nt" and os.environ.get("LOCALAPPDATA"))
    return Path(named) if named else Path.home() / ".cache"


def _bring_up_to_date(source: Path, target: Path) -> None:
    """Copy what is new or differs by size or date; remove what is no more."""
    target.mkdir(parents=True, exist_ok=True)
    there = {entry.name: entry for entry in source.iterdir() if entry.name not in _MADE}
    for entry in target.iterdir():
        if entry.name not in _MADE and entry.name not in there:
            _remove(entry)
    for name, entry in there.items():
        copy = target / name
        if entry.is_dir():
            if not copy.is_dir():  # it was a file
                _remove(copy)
            _bring_up_to_date(entry, copy)
        elif entry.is_file() and not (copy.exists() and filecmp.cmp(entry, copy)):
            _remove(copy)
            shutil.copyfile(entry, copy)
            shutil.copystat(entry, copy)


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
