#!/usr/bin/env python3
"""Set up and run with one command, on a machine that has only Python.

    python3 start.py run japan     set up once, then run a scenario (any `local-citizenship` command)
    python3 start.py explore       set up once, then explore two towns in the browser (or: explore SCENARIO)
    python3 start.py test          set up once, then check style, types and tests (types: only these)
    python3 start.py notebook      set up once, then open the notebooks

What it installs goes into the folder `.venv` beside this file, and nowhere else.
"""

import sys

OLDEST = (3, 11)

# First of all, so that an old Python gets this far (hence no newer syntax in this file) and no further.
if sys.version_info < OLDEST:
    sys.stderr.write(
        "local-citizenship needs Python %d.%d or newer, and this is Python %d.%d: "
        "install a newer one (https://www.python.org/downloads/) and start again with it.\n"
        % (OLDEST + tuple(sys.version_info[:2]))
    )
    sys.exit(2)

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
EXTRAS = {"test": "dev", "types": "dev", "notebook": "notebook", "explore": "classroom"}


class SetupError(Exception):
    """Setting up failed, for a reason that one message can tell."""


class Environment:
    """The virtual environment beside this file, and a note in it of what has been installed.

    The note is written before and after each step, so that an installation that was interrupted is seen as
    such and made anew: pip cannot be trusted to notice a package that it half installed.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.note = self.folder / "local-citizenship.json"
        self.scripts = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.suffix = ".exe" if os.name == "nt" else ""
        self.python = self.scripts / ("python" + self.suffix)

    def ensure(self, extra: str = "") -> None:
        """Make the environment, or bring it up to date, with the given extra; quick when all is there."""
        note = self._read_note()
        sound = self.python.exists() and note.get("place") == self._place() and note.get("complete") is True
        extras = set(note.get("extras", [])) if sound else set()
        if sound and note.get("project") == self._project() and extra in extras | {""}:
            return
        if not sound:
            self._create()
        wanted = sorted((extras | {extra}) - {""})
        self._install(wanted)

    def _place(self) -> str:
        """What an environment depends on beside the packages: this Python and this folder."""
        return "Python %d.%d, %s" % (sys.version_info[0], sys.version_info[1], self.root)

    def _project(self) -> str:
        return hashlib.sha256((self.root / "pyproject.toml").read_bytes()).hexdigest()

    def _read_note(self) -> dict:
        try:
            note = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def _write_note(self, complete: bool, extras: list) -> None:
        note = {
            "made by": "start.py",
            "place": self._place(),
            "project": self._project(),
            "complete": complete,
            "extras": extras,
        }
        self.note.write_text(json.dumps(note, indent=1), encoding="utf-8")

    def _create(self) -> None:
        if self.folder.exists():
            if not self.note.exists() and any(self.folder.iterdir()):
                raise SetupError(
                    "%s was not made by start.py: rename or delete it, and start again." % self.folder
                )
            for item in self.folder.iterdir():
                if item != self.note:  # the note goes last, so that the rest stays ours to remove
                    shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
        self.folder.mkdir(exist_ok=True)
        self._write_note(complete=False, extras=[])
        say("Making a Python environment in .venv (once) ...")
        made = call([sys.executable, "-m", "venv", str(self.folder)])
        if made.returncode == 0:
            return
        # Debian and Ubuntu put venv's pip into a package of its own; the system's pip can fill in.
        bare = call([sys.executable, "-m", "venv", "--without-pip", str(self.folder)])
        if bare.returncode != 0 or importlib.util.find_spec("pip") is None:
            shutil.rmtree(str(self.folder), ignore_errors=True)
            raise SetupError(
                made.stdout.strip()
                + "\nThis Python makes no environments (Debian, Ubuntu: `sudo apt install python3-venv`)."
            )

    def _install(self, extras: list) -> None:
        self._write_note(complete=False, extras=extras)
        target = ".[%s]" % ",".join(extras) if extras else "."
        say("Installing local-citizenship and what it needs into .venv (once, a minute or a few) ...")
        if (self.scripts / ("pip" + self.suffix)).exists():
            pip = [str(self.python), "-m", "pip"]
        else:
            pip = [sys.executable, "-m", "pip", "--python", str(self.python)]
        options = ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--editable", target]
        done = call(pip + options, cwd=str(self.root))
        if done.returncode != 0:
            raise SetupError(done.stdout.strip() + "\nInstalling failed; the reason is above.")
        self._write_note(complete=True, extras=extras)


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def call(command: list, cwd: "str | None" = None) -> "subprocess.CompletedProcess[str]":
    """Run a step of the set-up and keep what it prints, to be shown only if it fails."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def hand_over(command: list) -> int:
    """Run the command in place of this one: its output, Ctrl-C and exit code are its own."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # the command has seen it too, and decides


def lay_out_links(root: Path, links: "Path | None" = None) -> Path:
    """Link the rooms under their installed names into a folder (build/links), for type checkers and editors.

    They go by folders, and a link is always up to date. Rooms are the folders with a `py.typed`; what lies in
    `package` is the package's own. Returns the folder `local_citizenship` with the links.
    """
    package = (links or root / "build" / "links") / "local_citizenship"
    package.mkdir(parents=True, exist_ok=True)
    above = root / "package"
    sources = [folder for folder in root.iterdir() if (folder / "py.typed").is_file() and folder != above]
    sources += [file for file in above.iterdir() if file.is_file()] if above.is_dir() else []
    wanted = {source.name: source for source in sources}
    for link in package.iterdir():
        if link.name not in wanted or not (link.exists() and link.samefile(wanted[link.name])):
            _remove(link)
    for name, source in wanted.items():
        if not (package / name).exists():
            _link(source, package / name)
    return package


def _link(source: Path, link: Path) -> None:
    """A symbolic link; on a Windows that forbids them a junction, or a hard link for a file; else a copy."""
    try:
        link.symlink_to(os.path.relpath(str(source), str(link.parent)), target_is_directory=source.is_dir())
    except OSError:
        try:
            if source.is_dir():
                importlib.import_module("_winapi").CreateJunction(str(source), str(link))
            else:
                os.link(str(source), str(link))
        except (ImportError, AttributeError, OSError):
            shutil.copytree(str(source), str(link)) if source.is_dir() else shutil.copy(
                str(source), str(link)
            )


def _remove(link: Path) -> None:
    """A link, junction or copy; what it leads to stays."""
    if link.is_symlink() or link.is_file():
        link.unlink()
        return
    try:
        os.rmdir(str(link))  # a junction goes; a copy is not empty, and stays
    except OSError:
        shutil.rmtree(str(link))


def check_types(environment: Environment) -> int:
    """Run mypy on the rooms and this file; messages name the files where they really are."""
    package = lay_out_links(environment.root)
    command = [str(environment.python), "-m", "mypy", str(package), "start.py"]
    done = call(command, cwd=str(environment.root))
    prefix = str(package.relative_to(environment.root)) + os.sep
    print(done.stdout.replace(prefix, "").strip(), flush=True)
    return done.returncode


def check(environment: Environment, arguments: list) -> int:
    """Style, types and tests; every check runs, so that one failure does not hide another."""
    python, root = str(environment.python), str(environment.root)
    failed = []
    for name, command in (
        ("ruff check", ["-m", "ruff", "check", "--quiet", "."]),
        ("ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ):
        say("%s ..." % name)
        if subprocess.call([python, *command], cwd=root) != 0:
            failed.append(name)
    say("mypy ...")
    if check_types(environment) != 0:
        failed.append("mypy")
    if failed:
        say("Failed: %s (see above). Going on to the tests ..." % ", ".join(failed))
    # -P keeps the checkout's folders from passing for top-level packages of the same names.
    tests = subprocess.call([python, "-P", "-m", "pytest", "-n", "2", *arguments], cwd=root)
    return tests or (1 if failed else 0)


def main(arguments: list) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    environment = Environment()
    try:
        environment.ensure(EXTRAS.get(arguments[0], ""))
        lay_out_links(environment.root)
        if arguments[0] == "test":
            return check(environment, arguments[1:])
        if arguments[0] == "types":
            return check_types(environment)
        if arguments[0] == "notebook":
            folder = str(environment.root / "notebooks")
            return hand_over([str(environment.python), "-m", "jupyterlab", folder, *arguments[1:]])
        script = environment.scripts / ("local-citizenship" + environment.suffix)
        return hand_over([str(script), *arguments])
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next call repairs what was left unfinished.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
