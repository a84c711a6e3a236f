"""start.py: the environment it makes, keeps and repairs. No network: venv and pip are stood in for."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load_start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Steps:
    """Stands in for venv and pip: notes each step, and fails or is interrupted where told."""

    def __init__(self, start: ModuleType, root: Path) -> None:
        self.start, self.environment = start, start.Environment(root)
        self.done: list[str] = []
        self.interrupt_at = self.fail_at = ""

    def __call__(self, command: list[str], cwd: str | None = None) -> subprocess.CompletedProcess[str]:
        step = f"venv{' bare' if '--without-pip' in command else ''}" if "venv" in command else command[-1]
        self.done.append(step)
        if step == self.interrupt_at:
            raise KeyboardInterrupt
        if "venv" in command:
            self.environment.scripts.mkdir(exist_ok=True)
            self.environment.python.touch()
            if step == "venv" and self.fail_at != "venv":
                (self.environment.scripts / f"pip{self.environment.suffix}").touch()
        return subprocess.CompletedProcess(command, int(step == self.fail_at), stdout="why it failed")

    def ensure(self, extra: str = "") -> list[str]:
        """The steps one more call takes."""
        self.done.clear()
        self.start.Environment(self.environment.root).ensure(extra)
        return list(self.done)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    start = load_start()
    made = Steps(start, tmp_path)
    monkeypatch.setattr(start, "call", made)
    return made


def test_sets_up_once(steps: Steps) -> None:
    assert steps.ensure() == ["venv", "."]
    assert steps.ensure() == []


def test_adds_an_extra_and_keeps_it(steps: Steps) -> None:
    steps.ensure()
    assert steps.ensure("dev") == [".[dev]"]
    assert steps.ensure("notebook") == [".[dev,notebook]"]
    assert steps.ensure("dev") == steps.ensure() == []


def test_installs_again_when_the_project_changes(steps: Steps) -> None:
    steps.ensure("dev")
    (steps.environment.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert steps.ensure() == [".[dev]"]


@pytest.mark.parametrize(
    ("before", "extra", "step"), [(False, "", "venv"), (False, "", "."), (True, "dev", ".[dev]")]
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
    assert steps.ensure(extra) == ["venv", ".[dev]" if extra else "."]
    assert not (steps.environment.folder / "half").exists()


def test_another_python_a_moved_folder_and_a_torn_note_are_made_anew(steps: Steps) -> None:
    steps.ensure()
    note = json.loads(steps.environment.note.read_text())
    for text in (json.dumps({**note, "place": "Python 3.9, elsewhere"}), '{"made by"'):
        steps.environment.note.write_text(text)
        assert steps.ensure() == ["venv", "."]


def test_fills_in_for_a_missing_ensurepip(steps: Steps) -> None:
    steps.fail_at = "venv"
    assert steps.ensure() == ["venv", "venv bare", "."]


def test_leaves_a_foreign_environment_alone(steps: Steps) -> None:
    steps.environment.folder.mkdir()
    (steps.environment.folder / "pyvenv.cfg").write_text("mine")
    with pytest.raises(steps.start.SetupError, match="was not made by"):
        steps.ensure()
    assert (steps.environment.folder / "pyvenv.cfg").read_text() == "mine"


def test_shows_why_installing_failed_and_tries_again(steps: Steps) -> None:
    steps.fail_at = "."
    with pytest.raises(steps.start.SetupError, match="why it failed"):
        steps.ensure()
    steps.fail_at = ""
    assert steps.ensure()[-1] == "."


def test_an_old_python_can_read_it_and_is_told(monkeypatch, capsys) -> None:
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        exec(compile(source.partition("import hashlib")[0], "start.py", "exec"), {"__name__": "__main__"})
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in told
    assert "this is Python 3.8" in told


def test_without_a_command_it_tells_how_and_installs_nothing() -> None:
    told = subprocess.run([sys.executable, ROOT / "start.py"], capture_output=True, text=True)
    assert told.returncode == 0
    assert "start.py run japan" in told.stdout
    assert told.stderr == ""


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
