"""start.py: the environment it makes, keeps and mends. No network: venv and pip are stood in for."""

from __future__ import annotations

import ast
import contextlib
import errno
import importlib
import importlib.util
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from starting import ROOT, Steps, load_start, part, start, stood_in_for

from local_citizenship.app.cli import _Commands, app
from local_citizenship.outcomes.invocation import TYPED


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    return stood_in_for(tmp_path, monkeypatch)


def test_sets_up_once(steps: Steps) -> None:
    assert steps.ensure() == ["venv", ".[classroom]"]
    assert steps.ensure() == []


def test_adds_an_extra_and_keeps_it(steps: Steps) -> None:
    steps.ensure()
    assert steps.ensure("classroom") == []  # in class, offline
    assert steps.ensure("dev") == [".[classroom,dev]"]
    assert steps.ensure("notebook") == [".[classroom,dev,notebook]"]
    assert steps.ensure("dev") == steps.ensure() == []


def test_installs_again_when_the_project_changes(steps: Steps) -> None:
    steps.ensure("dev")
    (steps.environment.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert steps.ensure() == [".[classroom,dev]"]


@pytest.mark.parametrize(
    ("before", "extra", "step"),
    [(False, "", "venv"), (False, "", ".[classroom]"), (True, "dev", ".[classroom,dev]")],
)
def test_an_interrupted_set_up_or_upgrade_is_made_anew(
    steps: Steps, before: bool, extra: str, step: str
) -> None:
    if before:
        steps.ensure()
    steps.interrupt_at = step
    with pytest.raises(KeyboardInterrupt):
        steps.ensure(extra)
    (steps.environment.folder / "half").mkdir()
    steps.interrupt_at = ""
    assert steps.ensure(extra) == ["venv", ".[classroom,dev]" if extra else ".[classroom]"]
    assert not (steps.environment.folder / "half").exists()


def test_another_python_a_moved_folder_and_a_torn_note_are_made_anew(steps: Steps) -> None:
    steps.ensure()
    note = json.loads(steps.environment.note.read_text())
    others = [
        {**note, **other} for other in ({"place": "Python 3.9, elsewhere"}, {"modules": 3}, {"modules": [[]]})
    ]
    for text in (*map(json.dumps, others), '{"made by"', "[" * 100_000, "[]", ""):
        steps.environment.note.write_text(text)
        assert steps.ensure() == ["venv", ".[classroom]"]


def test_what_went_missing_comes_back(steps: Steps) -> None:
    steps.ensure("dev")
    steps.environment.command.unlink()
    assert steps.ensure() == [".[classroom,dev]"]
    shutil.rmtree(steps.environment.folder / "lib" / "python3" / "site-packages" / "numpy")
    assert steps.ensure() == ["venv", ".[classroom,dev]"]
    steps.environment.python.unlink()
    steps.environment.python.symlink_to("a Python that was removed")
    assert steps.ensure() == ["venv", ".[classroom,dev]"]


def test_a_file_in_the_way_is_kept_under_another_name(steps: Steps, capsys) -> None:
    steps.environment.folder.write_text("mine")
    assert steps.ensure() == ["venv", ".[classroom]"]
    assert (steps.environment.root / ".venv.1.old").read_text() == "mine"
    assert "is now .venv.1.old" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".venv/local-citizenship.json", "was not made by start.py: rename or delete it"),
        (".venv/install.log", "install.log is a folder, a pipe or a device"),
        ("build/start.lock", "start.lock is a folder, a pipe or a device"),
    ],
)
def test_a_pipe_in_place_of_a_file_is_told_and_not_waited_for(steps: Steps, name: str, told: str) -> None:
    steps.ensure()
    file = steps.environment.root / name
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    if "log" in name:  # which is cleared with all the rest if the environment is made anew
        (steps.environment.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    asked = "dev" if "lock" in name else ""
    with pytest.raises(part("telling").SetupError, match=re.escape(told)):
        steps.ensure(asked)
    assert file.is_fifo()


def test_a_link_that_leads_nowhere_is_removed_and_one_to_a_folder_is_followed(steps: Steps) -> None:
    steps.environment.folder.symlink_to("nowhere")
    assert steps.ensure() == ["venv", ".[classroom]"]
    assert not steps.environment.folder.is_symlink()
    elsewhere = steps.environment.root / "elsewhere"
    steps.environment.folder.rename(elsewhere)
    steps.environment.folder.symlink_to(elsewhere)
    assert steps.ensure() == []


def test_leaves_a_foreign_environment_alone(steps: Steps) -> None:
    steps.environment.folder.mkdir()
    (steps.environment.folder / "pyvenv.cfg").write_text("mine")
    with pytest.raises(part("telling").SetupError, match="was not made by"):
        steps.ensure()
    assert (steps.environment.folder / "pyvenv.cfg").read_text() == "mine"


def test_the_systems_pip_fills_in_for_a_missing_ensurepip_if_there_is_one(
    steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.fail_at = "venv"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: "pip")
    assert steps.ensure() == ["venv", "venv bare", ".[classroom]"]
    shutil.rmtree(steps.environment.folder)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(part("telling").SetupError, match="python3-venv"):
        steps.ensure()
    assert not steps.environment.folder.exists()


OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/setuptools/
ERROR: Could not find a version that satisfies the requirement setuptools>=77 (from versions: none)
ERROR: No matching distribution found for setuptools>=77
"""


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (OFFLINE, "the package index cannot be reached"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            "disk is full",
        ),
        ("ERROR: No matching distribution found for numba>=0.61\n", "not to be had for this Python"),
        ("Collecting numpy\nERROR: something unheard of\n  in many\n  lines\n", "something unheard of"),
    ],
)
def test_tells_in_one_line_why_installing_failed_keeps_all_and_tries_again(
    steps: Steps, says: str, told: str
) -> None:
    steps.fail_at, steps.says = ".[classroom]", says
    with pytest.raises(part("telling").SetupError, match=told) as failed:
        steps.ensure()
    assert "\n" not in str(failed.value)
    assert str(steps.environment.log) in str(failed.value)
    assert steps.environment.log.read_text() == says
    steps.fail_at = ""
    assert steps.ensure()[-1] == ".[classroom]"


def test_little_room_is_told_where_the_step_gave_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 23 * 10**6))
    assert "too little room on the disk, 23 MB" in part("telling").reason("ensurepip returned 1", ROOT)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "x cannot be written or started (Permission denied)"),
        (errno.EROFS, "x cannot be written or started (Read-only file system)"),
        (errno.ENOSPC, "The disk is full (No space left on device)"),
        (errno.ENOEXEC, "x: Exec format error. If it is part of .venv, delete"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys, number: int, told: str
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number), "x")

    monkeypatch.setattr(part("environment").Environment, "is_ready", refused)
    assert load_start().main(["list"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(told)
    assert said.count("\n") == 1


def test_what_stumbles_as_it_is_stopped_was_stopped(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def stumbles(*_: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            os.close(-1)  # as in shutil.rmtree

    monkeypatch.setattr(part("environment").Environment, "is_ready", stumbles)
    assert load_start().main(["list"]) == 130
    assert capsys.readouterr().err == "Stopped. The next call mends what was left unfinished.\n"


def test_one_waits_while_another_sets_up(tmp_path: Path) -> None:
    waits = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from setting_up.lock import alone
with alone(Path({str(tmp_path / "lock")!r})): print("mine", flush=True)
"""
    with part("lock").alone(tmp_path / "lock"):
        other = subprocess.Popen(
            [sys.executable, "-c", waits], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert other.stderr is not None
        assert other.stderr.readline() == "Another start.py is setting up here: waiting for it ...\n"
        assert other.poll() is None
    assert other.communicate(timeout=300)[0] == "mine\n"


@pytest.mark.skipif(os.name == "nt", reason="processes end otherwise there")
def test_a_step_that_is_stopped_takes_along_what_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    reads, writes = os.pipe()  # held by the step and all that it begins, as a lock is

    def stop(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(part("steps")._Newest, "show", stop)
    with pytest.raises(KeyboardInterrupt):
        part("steps").call(["sh", "-c", "(echo begun; sleep 600) & wait"], lock=writes)
    os.close(writes)
    assert select.select([reads], [], [], 300)[0] == [reads], "somebody goes on"
    assert os.read(reads, 1) == b""
    os.close(reads)


def test_a_checkout_that_may_not_be_written_is_copied_and_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    for name in ("model/a.py", "model/b.py", ".venv/x", "runs/y"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    copy = part("copying").copied(source)
    kept = copy / ".venv"
    kept.mkdir()
    (source / "model" / "a.py").write_text("an edit")
    (source / "model" / "b.py").unlink()
    assert part("copying").copied(source) == copy
    assert sorted(each.name for each in copy.iterdir()) == [".venv", "build", "model"]
    assert [each.read_text() for each in (copy / "model").iterdir()] == ["an edit"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(source / "model" / "a.py"))
    with pytest.raises(part("telling").SetupError, match="may not be written, nor may a copy"):
        part("copying").copied(source)


def test_it_goes_on_in_the_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands, handed = part("commands"), []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(commands.Environment, "is_ready", lambda *_: False)
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(commands, "copied", lambda root: tmp_path / root.name)
    monkeypatch.setattr(commands, "hand_over", lambda command: handed.append(command) or 0)
    assert commands.main(["run", "two-towns"]) == 0
    assert handed == [[sys.executable, str(tmp_path / ROOT.name / "start.py"), "run", "two-towns"]]


def test_the_site_is_built_with_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    commands, ensured, handed = part("commands"), [], []
    monkeypatch.setattr(commands.Environment, "is_ready", lambda *_: True)
    monkeypatch.setattr(commands.Environment, "ensure", lambda _, extra: ensured.append(extra))
    monkeypatch.setattr(commands, "lay_out_links", lambda _: None)
    monkeypatch.setattr(commands, "hand_over", lambda command: handed.append(command) or 0)
    assert commands.main(["site", "--quick"]) == 0
    ((_, alone, builder, *others),) = handed
    assert (ensured, alone, others) == (["docs"], "-P", ["--quick"])
    assert Path(builder).is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec")
def test_it_tells_the_command_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "execv", lambda *_: None)
    monkeypatch.setattr(
        subprocess, "Popen", lambda _: contextlib.nullcontext(SimpleNamespace(wait=lambda: 0))
    )
    monkeypatch.setattr(sys, "argv", ["my model/start.py", "list"])
    monkeypatch.setenv(TYPED, "")
    assert part("commands").hand_over(["local-citizenship", "list"]) == 0
    assert os.environ[TYPED] == "python3 'my model/start.py'"
    assert part("commands").TYPED == TYPED


def test_an_old_python_can_read_it_and_is_told(monkeypatch, capsys) -> None:
    source = (ROOT / "start.py").read_text(encoding="ascii")  # Python 2 takes no other letters
    newer = (
        ast.JoinedStr,
        ast.AnnAssign,
        ast.NamedExpr,
        ast.arg,
        ast.Starred,
        ast.AsyncFunctionDef,
        ast.Raise,
    )
    found = [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, newer)]
    assert found == [], "syntax that Python 2 cannot read"
    monkeypatch.setattr(sys, "version_info", (2, 7, 18, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        exec(
            compile(source, "start.py", "exec"), {"__name__": "__main__", "__file__": str(ROOT / "start.py")}
        )
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in told
    assert "this is Python 2.7" in told


def test_without_a_command_it_tells_all_of_them_and_installs_nothing() -> None:
    told = start()
    assert (told.returncode, told.stderr) == (0, "")
    own = {"notebook", "site", "test", "types"}
    commands = {*_Commands.list_commands(app_group(), None)} | own
    assert set(re.findall(r"^    (\w+)  ", told.stdout, re.MULTILINE)) == commands
    assert start("--help").stdout == told.stdout


def app_group() -> _Commands:
    import typer

    group = typer.main.get_command(app)
    assert isinstance(group, _Commands)
    return group


def test_a_mistyped_command_is_told_before_anything_is_installed(tmp_path: Path) -> None:
    told = start("rnu", "japan")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "There is no command rnu: did you mean run?\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
def test_who_reads_no_further_gets_no_traceback() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    told = start("--help", capture_output=False, stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert (told.returncode, told.stderr) == (0, "")


def test_it_starts_from_any_folder_in_any_language_and_without_its_folder_on_the_path(tmp_path: Path) -> None:
    root = tmp_path / "für die Klasse 教室"
    for folder in ("setting_up", "package"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "start.py", root)
    for setting in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONSAFEPATH": "1"}):
        told = start("--version", root=root, env={**os.environ, **setting}, cwd=tmp_path)
        assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", told.stdout), told.stderr
        lost = start("list", root=root, env={**os.environ, **setting}, cwd=tmp_path)  # no pyproject.toml
        assert lost.returncode == 2
        assert lost.stderr.count("\n") == 1
        assert "Traceback" not in lost.stderr
    shutil.rmtree(root / "setting_up")
    assert start(root=root).returncode == 2


def small_house(root: Path) -> Path:
    for room in ("model", "package"):
        (root / room).mkdir()
        (root / room / "py.typed").touch()
        (root / room / "__init__.py").write_text("x = 1\n")
    (root / "tests").mkdir()
    return root


def test_rooms_are_linked_under_their_installed_names(tmp_path: Path) -> None:
    root = small_house(tmp_path)
    package = load_start().lay_out_links(root)
    assert package == root / "build" / "links" / "local_citizenship"
    assert sorted(each.name for each in package.iterdir()) == ["__init__.py", "model", "py.typed"]
    (root / "model" / "__init__.py").write_text("x = 2\n")  # an edit is seen at once
    assert (package / "model" / "__init__.py").read_text() == "x = 2\n"
    (root / "model" / "py.typed").unlink()  # a room no more
    load_start().lay_out_links(root)
    assert not (package / "model").exists()
    assert (root / "model" / "__init__.py").exists()


@pytest.mark.parametrize("junctions", [True, False])
def test_where_links_are_forbidden_there_are_junctions_or_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, junctions: bool
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise OSError("A required privilege is not held by the client")

    root = small_house(tmp_path)
    make_link = Path.symlink_to
    monkeypatch.setattr(Path, "symlink_to", forbidden)
    fake = ModuleType("_winapi")
    fake.CreateJunction = lambda source, link: make_link(Path(link), source)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "_winapi", fake if junctions else None)
    start = load_start()
    for x in (1, 2):  # a copy is made anew each time
        (root / "model" / "__init__.py").write_text(f"x = {x}\n")
        package = start.lay_out_links(root)
        assert (package / "model" / "__init__.py").read_text() == f"x = {x}\n"
        assert (package / "model").is_symlink() is junctions
    assert (package / "__init__.py").read_text() == "x = 1\n"


def test_editors_resolve_the_installed_names(tmp_path: Path) -> None:
    """Pyright, with the project's own settings: every `local_citizenship.*` that tests and notebooks import."""
    command = shutil.which("pyright", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if command is None or subprocess.run([command, "--version"], capture_output=True).returncode:
        pytest.skip("Pyright is not installed")  # or cannot fetch itself, as it does when first used
    load_start().lay_out_links(ROOT)
    tests = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").glob("*.py"))
    names = sorted(set(re.findall(r"^from (local_citizenship\S*)", tests, re.MULTILINE)))
    assert len(names) > 50
    (tmp_path / "asks.py").write_text("".join(f"import {name}\n" for name in ["local_citizenship", *names]))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]
    settings["extraPaths"] = [str(ROOT / path) for path in settings["extraPaths"]]
    quiet = {"typeCheckingMode": "off", "reportMissingImports": "error", "venvPath": "", "venv": ""}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({**settings, **quiet, "include": ["asks.py"]}))
    done = subprocess.run([command, "-p", str(tmp_path)], capture_output=True, text=True, cwd=tmp_path)
    assert "0 errors" in done.stdout, done.stdout + done.stderr
