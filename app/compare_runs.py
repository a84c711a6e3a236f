"""`compare` with the folders of finished runs: what was changed, what came of it, one run each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .compare_effort import effort
from .compare_lives import lives_told
from .console import out
from .tables import add_row, number_with_unit, titled

if TYPE_CHECKING:
    from rich.table import Table

    from ..outcomes.headline import Outcome
    from ..outcomes.run import Run, ScenarioInfo


def compare_runs(folders: Sequence[Path], *, quiet: bool) -> None:
    """Print the runs in these folders side by side, all against the first. Errors: OutputError."""
    from ..outcomes.run_folder import load_run
    from ..outcomes.worlds import world_names

    runs = [load_run(folder) for folder in folders]
    first, *others = runs
    screen = out()
    worlds = [run.scenario for run in runs]
    screen.print(changes(worlds, world_names(worlds)))
    screen.print(_outcomes(runs))
    notes = []
    for number, other in enumerate(others, start=2):
        if (efforts := effort(first, other)) is not None:
            table, note = efforts
            if len(others) > 1:
                table.title = f"{table.title}: run 1 and run {number}"
            screen.print(table)
            notes.append(note)
    for number, other in enumerate(others, start=2):
        names = ("the first run", "the second run" if len(others) == 1 else f"run {number}")
        lives, words = lives_told(first, other, names, (str(folders[0]), str(folders[number - 1])))
        if lives is not None:
            screen.print(lives)
        notes += words
    for line in [*dict.fromkeys(notes), *_cautions(runs)] if not quiet else []:
        screen.print(line, markup=False)


def changes(worlds: Sequence[ScenarioInfo], names: Sequence[str]) -> Table:
    """Parameters whose value at the start, or whose dated changes, differ between scenarios."""
    from ..outcomes.run import date_of
    from ..outcomes.worlds import dated_changes

    table = titled("What was changed", "parameter", *names)
    for path in sorted({path for world in worlds for path in world.parameters}):
        values = [world.parameters.get(path) for world in worlds]
        if any(value != values[0] for value in values):
            add_row(table, path, *values)
    dated = [dated_changes(world) for world in worlds]
    for key in sorted({key for each in dated for key in each}):
        values = [each.get(key, "no change") for each in dated]
        if any(value != values[0] for value in values):
            add_row(table, f"{key[1]} from {date_of(worlds[0].start, key[0])}", *values)
    if not table.row_count:
        seeds = {world.seed for world in worlds}
        what = "nothing" if len(seeds) == 1 else "nothing but chance"
        add_row(table, what, *(f"seed {world.seed}" for world in worlds))
    return table


def _outcomes(runs: Sequence[Run]) -> Table:
    from ..outcomes.measures import main_outcomes

    found = [main_outcomes(run) for run in runs]
    names: tuple[str, ...] = ("first", "second", "change")
    if len(runs) > 2:
        names = ("run 1", *(f"run {n}{what}" for n in range(2, len(runs) + 1) for what in ("", " change")))
    table = titled("What came of it", "outcome", *names, "unit", numbers=names)
    for name, outcome in found[0].items():
        value, unit = number_with_unit(outcome)
        cells = [value]
        for other in found[1:]:
            cells += [number_with_unit(other[name])[0], change(outcome, other[name])]
        add_row(table, outcome.label, *cells, unit)
    return table


def change(before: Outcome, after: Outcome) -> str:
    """The difference, in points for shares; empty where either is missing."""
    from ..outcomes.wording import value_text

    difference = after.value - before.value
    return "" if math.isnan(difference) else value_text(difference, before.unit, change=True)


def _cautions(runs: Sequence[Run]) -> list[str]:
    if len({run.seed for run in runs}) > 1:
        seeds = " and ".join(str(run.seed) for run in runs)
        return [f"The seeds differ ({seeds}): part of the difference is luck."]
    worlds = "both runs" if len(runs) == 2 else "all runs"
    return [
        f"Same seed: the same people meet with the same luck in {worlds}, so what differs follows from the change.",
        "It is one run each: `local-citizenship compare SCENARIO OTHER` runs many pairs, and tells what is luck.",
    ]
