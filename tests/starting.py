"""start.py in tests: in a process of its own, and with venv and pip stood in for. No network."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from scripts import ROOT, script


def load_start() -> ModuleType:
    return script("start.py")


def part(name: str) -> ModuleType:
    """A module of what start.py does."""
    load_start()
    return importlib.import_module(f"setting_up.{name}")


def start(*arguments: str, root: Path = ROOT, **options: object) -> subprocess.CompletedProcess[str]:
    """What start.py says in a process of its own, without setting up."""
    command = [sys.executable, root / "start.py", *arguments]
    return subprocess.run(command, text=True, **{"capture_output": True, **options})  # type: ignore[call-overload]


class Steps:
    """Stands in for venv and pip: notes each step, and fails or is interrupted where told."""

    def __init__(self, root: Path) -> None:
        self.environment = part("environment").Environment(root)
        self.done: list[str] = []
        self.interrupt_at = self.fail_at = ""
        self.says = "why it failed"

    def __call__(
        self, command: list[str], cwd: str | None = None, lock: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        step = f"venv{' bare' if '--without-pip' in command else ''}" if "venv" in command else command[-1]
        self.done.append(step)
        if step == self.interrupt_at:
            raise KeyboardInterrupt
        made = self.environment
        if "venv" in command:
            made.scripts.mkdir(exist_ok=True)
            made.python.touch()
            (made.folder / "pyvenv.cfg").touch()
            if step == "venv" and self.fail_at != "venv":
                (made.scripts / f"pip{made.suffix}").touch()
        elif step != self.fail_at:
            (made.folder / "lib" / "python3" / "site-packages" / "numpy").mkdir(parents=True, exist_ok=True)
            made.command.touch()
        return subprocess.CompletedProcess(command, int(step == self.fail_at), stdout=self.says)

    def ensure(self, extra: str = "") -> list[str]:
        """The steps one more call takes."""
        self.done.clear()
        type(self.environment)(self.environment.root).ensure(extra)
        return list(self.done)


def stood_in_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """A small project, set up by steps that are stood in for."""
    root = tmp_path / "für die Klasse"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]\n")
    made = Steps(root)
    monkeypatch.setattr(part("environment"), "call", made)
    return made
