"""Starting: the first command with nothing compiled, the same again, and an installation that is read-only.

Each measurement is the whole command `local-citizenship run two-towns`, from the shell to the figures, in a
fresh process. The first compilation is its first run with an empty cache, less what it takes once warm. A
copy of the installation in another place compiles once for itself (Numba keeps machine code by path); that
run is not counted.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import ROOT, Figure, arguments, machine, median, report, spread

BAR_COLD, BAR_WARM = 40.0, 5.0
ROOMS = ("scenarios", "agents", "model", "outcomes", "experiments", "app")
# Runs the command of a copy of the rooms, wherever the package is installed.
FROM_COPY = """
import runpy, sys, types
package = types.ModuleType("local_citizenship")
package.__path__ = [sys.argv.pop(1)]
sys.modules["local_citizenship"] = package
runpy.run_module("local_citizenship.app", run_name="__main__", alter_sys=True)
"""


def seconds_to_figures(cache: Path, out: Path, copy: Path | None = None) -> float:
    """Seconds from the command to the figures. Errors: RuntimeError if there are none."""
    how = ["-c", FROM_COPY, str(copy)] if copy else ["-m", "local_citizenship.app"]
    command = [sys.executable, *how, "run", "two-towns", "--out", str(out), "--quiet"]
    environment = {**os.environ, "LOCAL_CITIZENSHIP_CACHE": str(cache)}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=out.parent, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode != 0 or not list((out / "figures").glob("*.png")):
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return seconds


def read_only_copy(where: Path) -> Path:
    """The rooms, copied and made read-only (which binds everybody but root)."""
    copy = where / "installation"
    for room in ROOMS:
        if (ROOT / room).is_dir():
            shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*copy.rglob("*"), copy]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    return copy


def contents(folder: Path) -> set[str]:
    """All files but Python's own byte code, which root may write anywhere."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def writable_again(copy: Path) -> None:
    """So that the temporary folder can be removed."""
    for path in [copy, *copy.rglob("*")]:
        if path.is_dir():
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


def main() -> None:
    options = arguments(__doc__, rounds=3).parse_args()
    about = machine()
    with tempfile.TemporaryDirectory(prefix="local-citizenship-bench-") as name:
        folder = Path(name)
        cold, warm, read_only = [], [], []
        copy = read_only_copy(folder)
        before = contents(copy)
        seconds_to_figures(folder / "cache-of-copy", folder / "read-only", copy)
        for number in range(options.rounds):
            cache = folder / f"cache-{number}"
            cold.append(seconds_to_figures(cache, folder / f"cold-{number}"))
            warm.append(seconds_to_figures(cache, folder / f"warm-{number}"))
            read_only.append(
                seconds_to_figures(folder / "cache-of-copy", folder / f"read-only-{number}", copy)
            )
        written = contents(copy) - before
        writable_again(copy)
    compiling = [first - later for first, later in zip(cold, warm, strict=True)]
    report(
        "start",
        [
            Figure("first command, nothing compiled", median(cold), "s", note=spread(cold)),
            Figure("of which compiling", median(compiling), "s", BAR_COLD, note=spread(compiling)),
            Figure("two-towns, warm, command to figures", median(warm), "s", BAR_WARM, note=spread(warm)),
            Figure(
                "the same, read-only installation", median(read_only), "s", BAR_WARM, note=spread(read_only)
            ),
            Figure(
                "files written into the installation", len(written), "", 0.0, note=", ".join(sorted(written))
            ),
        ],
        about,
        options.json,
    )


if __name__ == "__main__":
    main()
