"""What start.py tells: each trouble in one sentence, on standard error."""

from __future__ import annotations

import errno
import re
import shutil
import sys
from pathlib import Path


class SetupError(Exception):
    """Setting up failed, for a reason that the message tells in one sentence."""


def say(text: str) -> None:
    """A line on standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


ROOM = 1_000_000_000  # bytes that an environment takes, about
_MAKE_ROOM = f"Make room (about {ROOM / 1e9:.0f} GB is needed), and start again."
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

# What pip and venv print when they fail -> what is told; the first that is found holds.
_REASONS = (
    (
        ("no space left on device", "disk quota exceeded", "not enough space on the disk"),
        f"the disk is full. {_MAKE_ROOM}",
    ),
    (
        (
            "connection broken by",
            "failed to establish a new connection",
            "name resolution",
            "name or service not known",
            "nodename nor servname",
            "getaddrinfo failed",
            "network is unreachable",
            "connecttimeout",
            "read timed out",
            "proxyerror",
            "sslerror",
            "could not fetch url",
        ),
        "the package index cannot be reached. It is needed this once: connect to the internet "
        "(pip heeds HTTPS_PROXY and PIP_INDEX_URL), and start again.",
    ),
    (
        ("permission denied", "operation not permitted", "access is denied", "read-only file system"),
        "a file cannot be written.",
    ),
    (
        ("no matching distribution found", "could not find a version that satisfies"),
        "a package that is needed is not to be had for this Python and system.",
    ),
)
# Errors of pip that say that a step failed, and not why; and the last line of a traceback.
_SAYS_ONLY_THAT = re.compile(
    r"could not build|failed to build|subprocess|generation-failed|exception:", re.IGNORECASE
)
_RAISED = re.compile(r"[\w.]*(Error|Exception): \S")


def reason(output: str, folder: Path) -> str:
    """Why a step that fills `folder` failed, in one sentence, from all that it printed: a known trouble, little
    room, or its last error."""
    lower = output.lower()
    for marks, told in _REASONS:
        if any(mark in lower for mark in marks):
            return told
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        return f"there may be too little room on the disk, {free / 1e6:,.0f} MB. {_MAKE_ROOM}"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "× "))] or lines[-1:]
    if errors and _SAYS_ONLY_THAT.search(errors[-1]):  # what was raised within tells more
        errors += [line for line in lines if _RAISED.match(line)]
    return (errors[-1] if errors else "it gave no reason").removeprefix("ERROR:").strip()[:300]


def in_the_way(file: Path) -> str:
    """What stands where start.py has a file of its own: opening a pipe would wait for whoever is at its other end."""
    return f"{file} is a folder, a pipe or a device, and start.py keeps a file there: delete it, and start again."


def trouble(error: OSError) -> str:
    """What the system refused, in one sentence."""
    why = error.strerror or str(error)
    if error.errno in _NO_ROOM:
        return f"The disk is full ({why}). {_MAKE_ROOM}"
    where = error.filename or "A file"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{where} cannot be written or started ({why}): start again as the user to whom it belongs, or from a "
            "copy of this folder that is yours."
        )
    return f"{where}: {why}. If it is part of .venv, delete that folder: the next call makes it anew."
