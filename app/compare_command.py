"""`compare`: scenarios under the same seeds, or finished runs, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import UsageMistake

SEEDS = 10
MOST = 6  # what a figure can tell apart


def compare(
    worlds: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C ...]",
            help="Scenarios (names or files), which are run; or folders of finished runs.",
        ),
    ],
    seeds: Annotated[
        int | None, typer.Option(help=f"Runs of each scenario, the same seeds in all; {SEEDS} if left out.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The first seed; the first scenario's if left out.")
    ] = None,
    months: Annotated[int | None, typer.Option(help="How long; as the scenarios say if left out.")] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a parameter in all scenarios; may be given again."
        ),
    ] = None,
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            metavar="ID.MEASURE",
            help="A measure beside the main outcomes, as E3.willing_of_aware or E3.willing_of_aware[overstayer].",
        ),
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year of --outcome; the last if left out.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; the results are the same.")] = 2,
    folder: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Leave figures and tables in this folder."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the comparison in --out.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave the figures out.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the tables without explanation.")
    ] = False,
) -> None:
    """Set scenarios or finished runs side by side: what was changed, what came of it, and whose life differs.

    Scenarios are run under the same seeds, so that the same people with the same luck live in each.
    """
    if len(worlds) < 2:
        raise UsageMistake(f"compare needs two or more scenarios or run folders, and {worlds[0]} is only one")
    if len(worlds) > MOST:
        raise UsageMistake(f"{len(worlds)} are too many to be set side by side: give {MOST} or fewer")
    runs = [_is_run(world) for world in worlds]
    if all(runs):
        given = {
            "--seeds": seeds, "--seed": seed, "--months": months, "--set": sets, "--outcome": outcomes,
            "--year": year, "--out": folder, "--overwrite": overwrite or None, "--no-figures": no_figures or None,
        }  # fmt: skip
        unfit = [name for name, value in given.items() if value is not None]
        if unfit:
            raise UsageMistake(
                f"{unfit[0]} is for scenarios, which compare runs itself: finished runs are compared as they are"
            )
        from .compare_runs import compare_runs

        compare_runs([Path(world) for world in worlds], quiet=quiet)
        return
    if any(runs):
        raise UsageMistake(
            f"{worlds[runs.index(True)]} is a run folder and {worlds[runs.index(False)]} is none: compare takes either "
            "finished runs or scenarios, which it runs itself"
        )
    count = SEEDS if seeds is None else seeds
    if count < 2:
        raise UsageMistake(
            f"--seeds {count} gives no interval, since one pair of runs can't tell a difference from luck: "
            "give --seeds 2 or more"
        )
    if year is not None and not outcomes:
        raise UsageMistake("--year is the year of --outcome: give an --outcome with it")

    from .compare_scenarios import Wanted, compare_by_running

    compare_by_running(
        Wanted(worlds, count, seed, months, sets or [], outcomes or [], year, workers, folder, overwrite),
        figures=folder is not None and not no_figures,
        quiet=quiet,
    )


def _is_run(world: str) -> bool:
    """Whether this means a run folder: a folder with a run in it, or what can only be meant as one."""
    path = Path(world)
    if (path / "manifest.json").is_file():
        return True
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return False
    return len(path.parts) > 1 or (path.is_dir() and not _is_shipped(world))


def _is_shipped(name: str) -> bool:
    from ..scenarios import list_scenarios

    return name in {shipped for shipped, _, _ in list_scenarios()}
