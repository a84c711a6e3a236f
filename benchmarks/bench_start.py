"""Starting: the first command with nothing compiled, the same again, and an installation that is read-only.

Each measurement is the whole command `local-citizenship run two-towns`, from the shell to the figures, in a
fresh process. The first compilation is its first run with an empty cache, less what it takes once warm. A
copy of the installation in another place has a cache of its own here, and compiles for it once; that run is
not counted. Where a run costs little, as here, the command runs four further seeds, so that its headlines may
compare: what it takes with its own seed alone (`--seeds 1`) stands beside.
"""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
from pathlib import Path

from benchmarks.common import ROOT, Cost, Figure, arguments, cost_of, machine, median, report, spread

BAR_COLD, BAR_WARM = 40.0, 5.0
ROOMS = ("scenarios", "agents", "model", "outcomes", "experiments", "app")


def cost_to_figures(cache: Path, out: Path, copy: Path | None = None, *options: str) -> Cost:
    """What it costs from the command to the figures. Errors: RuntimeError if there are none."""
    command = [sys.executable, "-P", "-m", "local_citizenship.app"]
    command += ["run", "two-towns", "--out", str(out), "--quiet", *options]
    surroundings = {"LOCAL_CITIZENSHIP_CACHE": str(cache)} | ({"PYTHONPATH": str(copy)} if copy else {})
    cost = cost_of(command, out.parent, surroundings)
    if not list((out / "figures").glob("*.png")):
        raise RuntimeError(f"{' '.join(command)} left no figures")
    return cost


def read_only_copy(where: Path) -> Path:
    """A folder to import from: the package, copied and made read-only (which binds everybody but root)."""
    copy = where / "installation"
    package = copy / "local_citizenship"
    shutil.copytree(ROOT / "package", package, ignore=shutil.ignore_patterns("__pycache__"))
    for room in ROOMS:
        shutil.copytree(ROOT / room, package / room, ignore=shutil.ignore_patterns("__pycache__"))
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
        cold, warm, alone, read_only = list[Cost](), list[Cost](), list[Cost](), list[Cost]()
        copy = read_only_copy(folder)
        before = contents(copy)
        cost_to_figures(folder / "cache-of-copy", folder / "read-only", copy)
        for number in range(options.rounds):
            cache = folder / f"cache-{number}"
            cold.append(cost_to_figures(cache, folder / f"cold-{number}"))
            warm.append(cost_to_figures(cache, folder / f"warm-{number}"))
            alone.append(cost_to_figures(cache, folder / f"alone-{number}", None, "--seeds", "1"))
            read_only.append(cost_to_figures(folder / "cache-of-copy", folder / f"read-only-{number}", copy))
        written = contents(copy) - before
        writable_again(copy)
    first, again, one, copied = ([cost.wall for cost in costs] for costs in (cold, warm, alone, read_only))
    processor, of_one = ([cost.cpu for cost in costs] for costs in (warm, alone))
    compiling = [one - later for one, later in zip(first, again, strict=True)]
    report(
        "start",
        [
            Figure("first command, nothing compiled", median(first), "s", note=spread(first)),
            Figure("of which compiling", median(compiling), "s", BAR_COLD, note=spread(compiling)),
            Figure("two-towns, warm, command to figures", median(again), "s", BAR_WARM, note=spread(again)),
            Figure("the same, processor time", median(processor), "s", note=spread(processor)),
            Figure("the same with --seeds 1", median(one), "s", note=spread(one)),
            Figure("the same with --seeds 1, processor time", median(of_one), "s", note=spread(of_one)),
            Figure("the same, read-only installation", median(copied), "s", BAR_WARM, note=spread(copied)),
            Figure(
                "files written into the installation", len(written), "", 0.0, note=", ".join(sorted(written))
            ),
        ],
        about,
        options.json,
    )


if __name__ == "__main__":
    main()
