"""The virtual environment `.venv`: made, kept up to date, and mended."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

from .lock import alone
from .outside import own_bytes, own_text, refuse_what_an_installation_stumbles_over
from .steps import call
from .telling import SetupError, in_the_way, reason, say

FROM_THE_START = "classroom"  # light, and a teacher who has set up at home may be offline in class


class Environment:
    """The virtual environment of a checkout, and a note in it of what has been installed.

    The note is written before and after each step, so that an installation that was interrupted is seen as
    such and made anew: pip cannot be trusted to notice a package that it half installed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.note = self.folder / "local-citizenship.json"
        self.log = self.folder / "install.log"
        self.scripts = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.suffix = ".exe" if os.name == "nt" else ""
        self.python = self.scripts / f"python{self.suffix}"
        self.command = self.scripts / f"local-citizenship{self.suffix}"

    def ensure(self, extra: str = "") -> None:
        """Make the environment, or bring it up to date, with the given extra; quick when all is there."""
        if self.is_ready(extra):
            return
        with alone(self.root / "build" / "start.lock") as lock:
            if self.is_ready(extra):  # by now, thanks to another start.py
                return
            refuse_what_an_installation_stumbles_over(self.root)
            extras = self._extras()
            if not self._is_sound():
                if extras or self.note.is_file():
                    say("The environment in .venv is not as it was left, or not complete: making it anew.")
                self._create(lock)
            self._install(sorted((extras | {FROM_THE_START, extra}) - {""}), lock)

    def is_ready(self, extra: str = "") -> bool:
        """Whether nothing needs to be done for a command that takes the given extra."""
        current = self._read_note().get("project") == self._project()
        return self._is_sound() and current and self.command.is_file() and extra in self._extras() | {""}

    def _is_sound(self) -> bool:
        """Whether all that was installed is still there, and an installation came to its end."""
        note = self._read_note()
        return (
            note.get("complete") is True
            and note.get("place") == self._place()
            and self.python.is_file()
            and (self.folder / "pyvenv.cfg").is_file()  # Python would wait for a pipe
            and set(note.get("modules", [])) <= set(self._modules())
        )

    def _extras(self) -> set[str]:
        return set(self._read_note().get("extras", []))

    def _place(self) -> str:
        """What an environment depends on beside the packages: this Python and this folder."""
        return f"Python {sys.version_info[0]}.{sys.version_info[1]}, {self.root}"

    def _project(self) -> str:
        return hashlib.sha256(own_bytes(self.root / "pyproject.toml")).hexdigest()

    def _modules(self) -> list[str]:
        """What can be imported, by name; the versions may change under a user's own hands."""
        places = [*self.folder.glob("lib/python3*/site-packages"), *self.folder.glob("Lib/site-packages")]
        names = {entry for place in places if place.is_dir() for entry in os.listdir(place)}
        return sorted(name for name in names if not name.endswith(("-info", "__pycache__")))

    def _read_note(self) -> dict:
        """The note, or nothing where there is none that start.py wrote."""
        try:
            note = json.loads(own_text(self.note))
        except (SetupError, ValueError, RecursionError):
            return {}
        if not isinstance(note, dict):
            return {}
        lists = [note.get(name, []) for name in ("extras", "modules")]
        sound = all(isinstance(each, list) and all(isinstance(one, str) for one in each) for each in lists)
        return note if sound else {}

    def _write_note(self, complete: bool, extras: list[str]) -> None:
        note = {
            "made by": "start.py",
            "place": self._place(),
            "project": self._project(),
            "complete": complete,
            "extras": extras,
            "modules": self._modules() if complete else [],
        }
        self.note.write_text(json.dumps(note, indent=1), encoding="utf-8")

    def _make_room(self) -> None:
        """Clear what is in the way: what start.py made goes, anything else of the user's stays."""
        if self.folder.is_symlink() and not self.folder.exists():
            say("The link .venv led nowhere: it is removed.")
            self.folder.unlink()
        elif self.folder.is_dir():
            if not self.note.is_file() and any(self.folder.iterdir()):
                raise SetupError(
                    f"{self.folder} was not made by start.py: rename or delete it, and start again."
                )
            for item in self.folder.iterdir():
                if item != self.note:  # the note goes last, so that the rest stays ours to remove
                    shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
        elif self.folder.exists():
            aside = next(name for n in range(1, 1000) if not (name := self.root / f".venv.{n}.old").exists())
            say(f"The name .venv is needed for a folder: the file of that name is now {aside.name}.")
            self.folder.rename(aside)

    def _create(self, lock: int) -> None:
        self._make_room()
        self.folder.mkdir(exist_ok=True)
        self._write_note(complete=False, extras=[])
        say("Making a Python environment in .venv (once) ...")
        made = call([self._outer_python(), "-m", "venv", str(self.folder)], lock=lock)
        if made.returncode == 0:
            return
        # Debian and Ubuntu put venv's pip into a package of its own; the system's pip can fill in.
        bare = call([self._outer_python(), "-m", "venv", "--without-pip", str(self.folder)], lock=lock)
        if bare.returncode != 0 or importlib.util.find_spec("pip") is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise SetupError(
                f"This Python makes no environment in {self.folder}: {reason(made.stdout, self.root)} "
                "(On Debian and Ubuntu, `sudo apt install python3-venv` may be what is missing.)"
            )

    def _install(self, extras: list[str], lock: int) -> None:
        if self.log.exists() and not self.log.is_file():
            raise SetupError(in_the_way(self.log))
        self._write_note(complete=False, extras=extras)
        target = f".[{','.join(extras)}]" if extras else "."
        say("Installing local-citizenship and what it needs into .venv (once, a minute or a few) ...")
        if (self.scripts / f"pip{self.suffix}").exists():
            pip = [str(self.python), "-m", "pip"]
        else:
            pip = [self._outer_python(), "-m", "pip", "--python", str(self.python)]
        options = ["install", "--progress-bar=off", "--disable-pip-version-check", "--no-input"]
        done = call([*pip, *options, "--editable", target], cwd=str(self.root), lock=lock)
        self.log.write_text(done.stdout, encoding="utf-8")
        if done.returncode != 0:
            raise SetupError(
                f"Installing failed: {reason(done.stdout, self.root)} (All that pip said is in {self.log}.)"
            )
        if not self.command.is_file():
            raise SetupError(
                f"pip ended well, and {self.command} is not there: its own settings lead it elsewhere "
                "(`pip config list` tells them)."
            )
        self._write_note(complete=True, extras=extras)

    def _outer_python(self) -> str:
        """The Python that runs this, or what it came from if it is this environment's own, which may be cleared."""
        inside = Path(sys.prefix).resolve() == self.folder.resolve()
        return getattr(sys, "_base_executable", sys.executable) if inside else sys.executable
