"""Tries the package with the lowest and with the newest versions of what it needs, on each Python that is here.

    python3 .ci/versions.py                                      all of it, with the quick tests
    python3 .ci/versions.py --python 3.12 --take lowest          one of it
    python3 .ci/versions.py --take lowest -- tests -n 2          with what pytest is told after `--`

Each goes into a fresh environment, away from the checkout: what pyproject.toml declares, all extras too, at the lowest
(or newest) version that has a wheel for that Python, the project's own wheel, and a copy of the tests. Needs git, and
the package index (the tools stay in `build/tools`). A Python that is not here is told, and is no failure unless it
was named.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from packages import OF_EXTRAS, ROOT, SCRIPTS, away, build, commit_time, copy_tracked, tool

SHOWN = (
    "mesa",
    "numpy",
    "pandas",
    "numba",
    "scipy",
    "matplotlib",
    "pyarrow",
    "pydantic",
    "typer",
    "scikit-learn",
    "distributed",
    "starlette",
)
RESOLUTION = {"lowest": "lowest-direct", "newest": "highest"}
QUICK = (
    "test_mesa",
    "test_package",
    "test_run_folder",
    "test_cli",
    "test_cli_files",
    "test_scenario_errors",
    "test_study_files",
    "test_classroom_requests",
    "test_same_result",
    "test_plots",
    "test_study_killed",
    "test_study_sensitivity",
    "test_calibration_running",
    "test_classroom_widget",
)


def pythons() -> list[str]:
    """The versions of Python that the package is said to run on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line]


def where(version: str) -> str:
    """The path of that Python: on the PATH, or pyenv's, whose stand-ins on the PATH may not run; else its name."""
    named = shutil.which(f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates = [*([named] if named else []), *map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))]
    for candidate in candidates:
        if subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    return version


class Trial:
    """One Python with the lowest or the newest versions."""

    def __init__(self, folder: Path, version: str, take: str) -> None:
        self.folder, self.version, self.take = folder, version, take
        self.python = folder / SCRIPTS / "python"
        self.outcome = "not here: untested"
        self.seconds = 0.0

    def prepare(self, wheel: Path) -> bool:
        """Make the environment; False where this Python is not to be had."""
        if self._uv("venv", "--python", where(self.version), "--no-python-downloads", self.folder).returncode:
            return False
        into = ("pip", "install", "--python", self.python)
        versions = (
            "--no-build",
            "--resolution",
            RESOLUTION[self.take],
            "--all-extras",
            "-r",
            "pyproject.toml",
        )
        for what in (versions, ("--no-deps", wheel)):
            done = self._uv(*into, *what)
            if done.returncode:
                sys.exit(f"{done.stderr}\n{self}: installing failed; the reason is above.")
        return True

    def test(self, source: Path, arguments: list[str]) -> None:
        """Run tests against what is installed: `-P` keeps the copy's own folders off the path."""
        began = time.monotonic()
        surroundings = away(LOCAL_CITIZENSHIP_CACHE=str(self.folder / "cache"))
        done = subprocess.run(
            [self.python, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
            cwd=source,
            env=surroundings,
        )
        self.outcome = "passed" if done.returncode == 0 else f"failed ({done.returncode})"
        self.seconds = time.monotonic() - began

    def installed(self) -> dict[str, str]:
        """Versions of what is most likely to matter, and that the package is the wheel's."""
        ask = (
            "import importlib.metadata as m, local_citizenship as l, sys;"
            "assert 'site-packages' in l.__file__, l.__file__;"
            f"{OF_EXTRAS};"
            f"print(sys.version.split()[0], *(m.version(n) for n in {SHOWN}))"
        )
        told = subprocess.check_output([self.python, "-P", "-c", ask], text=True, env=away(), cwd=self.folder)
        return dict(zip(("Python", *SHOWN), told.split(), strict=True))

    def _uv(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(tool("uv")), "--quiet", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=away(), capture_output=True, text=True)

    def __str__(self) -> str:
        return f"Python {self.version}, {self.take} versions"


def main() -> int:
    """Try them one after the other, and print what came of each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", action="append", metavar="3.N", help="this one only; may be given again")
    parser.add_argument("--take", choices=list(RESOLUTION), action="append", help="these versions only")
    parser.add_argument("pytest", nargs="*", help="for pytest, after `--`; the quick tests if left out")
    asked = parser.parse_args()
    arguments = asked.pytest or [f"tests/{name}.py" for name in QUICK]
    lines, failed = [], False
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "checkout"
        copy_tracked(source)
        (wheel,) = (
            file for file in build(source, Path(scratch) / "dist", commit_time()) if file.suffix == ".whl"
        )
        for version in asked.python or pythons():
            for take in asked.take or RESOLUTION:
                trial = Trial(Path(scratch) / f"{version}-{take}", version, take)
                print(f"{trial} ...", flush=True)
                if trial.prepare(wheel):
                    told = " ".join(f"{name} {number}" for name, number in trial.installed().items())
                    print(told, flush=True)
                    trial.test(source, arguments)
                    lines.append(f"{trial}: {trial.outcome} in {trial.seconds:.0f} s ({told})")
                else:
                    lines.append(f"{trial}: {trial.outcome}")
                failed |= trial.outcome.startswith("failed") or (
                    "not here" in trial.outcome and bool(asked.python)
                )
    print(*lines, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
