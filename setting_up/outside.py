"""What comes from outside: files that may be none, and environment variables that lead a step astray."""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from .telling import SetupError

MOST = 1_000_000  # bytes of a file of the project that start.py reads itself
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)
_AGAIN = "It is part of the project: get it again, or a new copy of all."

# Variables of Python, of venv and of what builds the package, by how they begin: none is needed, each can make an
# installation fail, change nothing, or land elsewhere.
_MISLEADING = (
    "PYTHON",
    "_PYTHON",
    "__PYVENV",
    "PIP_",
    "SETUPTOOLS_",
    "DISTUTILS_",
    "DIST_EXTRA_CONFIG",
    "SOURCE_DATE_EPOCH",
)
# Those that are kept: where packages come from, and how they are reached.
_OF_THE_INDEX = {"PYTHON_KEYRING_BACKEND"} | {
    f"PIP_{name}"
    for name in (
        "CACHE_DIR",
        "CERT",
        "CLIENT_CERT",
        "CONFIG_FILE",
        "CONSTRAINT",
        "DEFAULT_TIMEOUT",
        "EXTRA_INDEX_URL",
        "FIND_LINKS",
        "INDEX_URL",
        "KEYRING_PROVIDER",
        "NO_CACHE_DIR",
        "NO_INDEX",
        "PROXY",
        "RETRIES",
        "TIMEOUT",
        "TRUSTED_HOST",
        "USE_DEPRECATED",
        "USE_FEATURE",
    )
}
# What is read of a project's own files when it is built.
_OF_THE_BUILD = (
    "README.md",
    "LICENSE",
    "NOTICE",
    "MANIFEST.in",
    "setup.py",
    "setup.cfg",
    "package/__init__.py",
)
_PIP_CONF = "pip.ini" if os.name == "nt" else "pip.conf"
# What pip's own file of settings may say, and must not here.
_SAID_ANYWAY = dict.fromkeys(("PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_REQUIRE_VIRTUALENV", "PIP_USER"), "0")
# Variables that name files which pip opens.
_NAME_FILES = (
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_CONSTRAINT",
    "PIP_FIND_LINKS",
    "CURL_CA_BUNDLE",
    "NETRC",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
)


def surroundings() -> dict[str, str]:
    """The environment variables of a step."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _OF_THE_INDEX or not name.startswith(_MISLEADING)
    }
    return {**kept, **_SAID_ANYWAY}


def own_bytes(file: Path) -> bytes:
    """What is in a file of the project. Errors: SetupError if it can't be read, or would be waited for."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise SetupError(f"{file} is a folder, a pipe or a device, not a file. {_AGAIN}")
        with open(os.open(file, os.O_RDONLY | _NO_WAITING | getattr(os, "O_BINARY", 0)), "rb") as opened:
            data = opened.read(MOST + 1)
    except OSError as error:
        raise SetupError(f"{file} cannot be read ({error.strerror or error}). {_AGAIN}") from None
    if len(data) > MOST:
        raise SetupError(f"{file} has more than {MOST / 1e6:g} MB. {_AGAIN}")
    return data


def own_text(file: Path) -> str:
    """The text of a file of the project. Errors: SetupError."""
    try:
        return own_bytes(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SetupError(f"{file} is not UTF-8: {error.reason} at byte {error.start}. {_AGAIN}") from None


def refuse_what_an_installation_stumbles_over(root: Path) -> None:
    """Whether pip and setuptools can read what they will, without waiting. Errors: SetupError."""
    project = root / "pyproject.toml"
    try:
        tomllib.loads(own_text(project))
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{project} is damaged: {error}. {_AGAIN}") from None
    for name in _NAME_FILES:
        value = os.environ.get(name, "")
        for word in (value, *value.split()):
            if _is_waited_for(word):
                raise SetupError(
                    f"{name} names {word}, a pipe or a device, and pip would wait for its other end: "
                    "name a file, or take the variable away."
                )
    for file in (root / ".venv" / _PIP_CONF, *_settings_of_pip(), *(root / name for name in _OF_THE_BUILD)):
        if _is_waited_for(file):
            raise SetupError(
                f"{file} is a pipe or a device, and pip would wait for its other end: take it away, and start again."
            )


def _settings_of_pip() -> Iterator[Path]:
    """Files in a user's own folders that pip and setuptools read if they are there."""
    home = Path(os.path.expanduser("~"))
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    for folder in (
        settings / "pip",
        home / ".pip",
        home / "pip",
        Path(os.environ.get("APPDATA", home), "pip"),
    ):
        yield folder / _PIP_CONF
    if sys.platform == "darwin":
        yield home / "Library" / "Application Support" / "pip" / _PIP_CONF
    for each in (".netrc", "_netrc", ".pydistutils.cfg", "pydistutils.cfg"):
        yield home / each


def _is_waited_for(file: str | os.PathLike[str]) -> bool:
    """Whether opening it waits for somebody, or reading it does not end."""
    if os.fspath(file) == os.devnull:
        return False
    try:
        mode = os.stat(file).st_mode
    except (OSError, ValueError):  # not there, or no file's name: pip says so itself
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
