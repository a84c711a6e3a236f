"""start.py among what a stranger left: variables that mislead, and files that are pipes, folders, huge or torn."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starting import ROOT, Steps, part, start, stood_in_for

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
LIMIT = 300  # seconds, after which start.py is held to wait for ever


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return stood_in_for(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "name",
    [
        "SOURCE_DATE_EPOCH", "PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONSTARTUP", "PIP_TARGET", "PIP_VERSION",
        "PIP_HELP", "PIP_LOG", "PIP_NO_BINARY", "PIP_REQUIREMENT", "PIP_NO_BUILD_ISOLATION", "SETUPTOOLS_USE_DISTUTILS",
        "DIST_EXTRA_CONFIG",
    ],
)  # fmt: skip
def test_a_step_does_not_see_what_would_lead_it_astray(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "abc")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    tells = "import os; print(sorted(os.environ.items()))"
    done = part("steps").call([sys.executable, "-c", tells])
    assert done.returncode == 0, done.stdout
    seen = dict(eval(done.stdout))
    assert name not in seen
    assert seen["PIP_INDEX_URL"] == "https://index.example/simple"
    assert seen["HTTPS_PROXY"] == "http://proxy.example"
    assert seen["PIP_USER"] == seen["PIP_NO_DEPS"] == "0", "whatever pip's own file of settings says"


@pytest.mark.parametrize("date", ["abc", "", "-1", "1" * 400])
def test_a_senseless_date_stops_no_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, date: str) -> None:
    """A wheel of a package of one line, by the tools that are installed."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'small'\nversion = '1'\n")
    (tmp_path / "small.py").touch()
    build = "from setuptools.build_meta import build_editable; print(build_editable('.'))"
    done = part("steps").call([sys.executable, "-c", build], cwd=str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert list(tmp_path.glob("small-1-*.whl"))


@needs_pipes
@pytest.mark.parametrize("name", ["PIP_CONFIG_FILE", "PIP_CERT", "PIP_CONSTRAINT", "SSL_CERT_FILE", "NETRC"])
def test_a_variable_that_names_a_pipe_is_told(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pipe = steps.environment.root / "a pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv(name, str(pipe))
    with pytest.raises(part("telling").SetupError, match=rf"{name} names .*a pipe, a pipe or a device"):
        steps.ensure()
    assert steps.done == []
    monkeypatch.setenv(name, os.devnull)  # which is how one says that there is none
    assert steps.ensure() == ["venv", ".[classroom]"]


@needs_pipes
@pytest.mark.parametrize(
    "name",
    [
        "pip/pip.conf",
        ".netrc",
        ".pydistutils.cfg",
        "{root}/setup.cfg",
        "{root}/README.md",
        "{root}/.venv/pip.conf",
    ],
)
def test_pip_is_not_left_waiting_for_a_file_of_its_own(steps: Steps, tmp_path: Path, name: str) -> None:
    root = steps.environment.root
    pipe = tmp_path / "home" / name.format(root=root)
    if ".venv" in name:
        steps.ensure()
    pipe.parent.mkdir(exist_ok=True)
    os.mkfifo(pipe)
    with pytest.raises(part("telling").SetupError, match=re.escape(f"{pipe} is a pipe or a device")):
        steps.ensure("dev")
    assert steps.done == []


def folder(file: Path) -> None:
    file.mkdir()


def pipe(file: Path) -> None:
    os.mkfifo(file)


def huge(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(10**10)  # that takes no room


def other_letters(file: Path) -> None:
    file.write_bytes("# für die Klasse".encode("latin-1"))


def nothing(file: Path) -> None:
    pass


def endless(file: Path) -> None:
    file.symlink_to("/dev/zero")


def torn(file: Path) -> None:
    file.write_text("[project\n__version__ = ")


INSTEAD = [
    (folder, "is a folder, a pipe or a device"),
    pytest.param(pipe, "is a folder, a pipe or a device", marks=needs_pipes),
    pytest.param(endless, "is a folder, a pipe or a device", marks=needs_pipes),
    (huge, "has more than 1 MB"),
    (other_letters, "is not UTF-8"),
    (nothing, "cannot be read (No such file or directory)"),
]


@pytest.mark.parametrize(("make", "told"), [*INSTEAD, (torn, "pyproject.toml is damaged")])
def test_whatever_stands_in_place_of_pyproject_toml(
    steps: Steps, make: Callable[[Path], None], told: str
) -> None:
    file = steps.environment.root / "pyproject.toml"
    file.unlink()
    make(file)
    with pytest.raises(part("telling").SetupError) as refused:
        steps.ensure()
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert steps.done == []


@pytest.mark.parametrize(("make", "told"), [*INSTEAD, (torn, "says no version")])
def test_whatever_stands_in_place_of_the_file_that_says_the_version(
    tmp_path: Path, make: Callable[[Path], None], told: str
) -> None:
    shutil.copytree(ROOT / "setting_up", tmp_path / "setting_up")
    shutil.copy(ROOT / "start.py", tmp_path)
    (tmp_path / "package").mkdir()
    make(tmp_path / "package" / "__init__.py")
    done = start("--version", root=tmp_path, timeout=LIMIT)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "make", [folder, pytest.param(pipe, marks=needs_pipes), other_letters, nothing, torn]
)
def test_whatever_stands_in_place_of_a_part_of_its_own(tmp_path: Path, make: Callable[[Path], None]) -> None:
    shutil.copytree(
        ROOT / "setting_up", tmp_path / "setting_up", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "start.py", tmp_path)
    lost = tmp_path / "setting_up" / "telling.py"
    lost.unlink()
    make(lost)
    done = start("list", root=tmp_path, timeout=LIMIT)
    assert done.returncode == 2
    assert done.stderr.startswith("A part of start.py cannot be read (")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "make", [folder, pytest.param(pipe, marks=needs_pipes), pytest.param(endless, marks=needs_pipes)]
)
@pytest.mark.parametrize("name", ["python", "command", "pyvenv.cfg"])
def test_what_is_no_file_in_the_environment_is_made_anew(
    steps: Steps, make: Callable[[Path], None], name: str
) -> None:
    steps.ensure()
    environment = steps.environment
    file = {"python": environment.python, "command": environment.command}.get(name, environment.folder / name)
    file.unlink()
    make(file)
    assert not environment.is_ready()
    if name != "command":
        assert steps.ensure() == ["venv", ".[classroom]"]
        assert environment.is_ready()


@pytest.mark.parametrize("make", [huge, other_letters])
def test_a_note_that_nobody_would_have_written_is_none(steps: Steps, make: Callable[[Path], None]) -> None:
    steps.ensure()
    make(steps.environment.note)
    assert steps.ensure() == ["venv", ".[classroom]"]


def test_an_installation_that_left_nothing_is_told(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip's own settings (a `target`, a `prefix`) would have it."""
    monkeypatch.setattr(
        part("environment"),
        "call",
        lambda command, **_: (
            steps(command) if "venv" in command else subprocess.CompletedProcess(command, 0, "")
        ),
    )
    with pytest.raises(part("telling").SetupError, match="its own settings lead it elsewhere"):
        steps.ensure()
    assert not steps.environment.is_ready()


def test_a_copy_follows_files_that_became_folders_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    (source / "was a folder").mkdir(parents=True)
    (source / "was a folder" / "x").touch()
    (source / "was a file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    part("copying").copied(source)
    shutil.rmtree(source / "was a folder")
    (source / "was a folder").write_text("now a file")
    (source / "was a file").unlink()
    (source / "was a file").mkdir()
    (source / "was a file" / "y").write_text("in a folder")
    copy = part("copying").copied(source)
    assert (copy / "was a folder").read_text() == "now a file"
    assert (copy / "was a file" / "y").read_text() == "in a folder"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "  ValueError: no such date\n  ERROR: Failed building\nERROR: Could not build wheels for x\n",
            "no such date",
        ),
        ("ERROR: Exception:\nTraceback\n  File x\nKeyError: 'y'\n", "KeyError: 'y'"),
        ("ERROR: Could not build wheels for x\n", "Could not build wheels for x"),
    ],
)
def test_a_build_that_failed_is_told_by_what_was_raised(said: str, told: str) -> None:
    assert told in part("telling").reason(said, ROOT)
