"""`compare`: two runs side by side, with what was changed between them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .compare_effort import effort
from .console import out
from .tables import add_row, number_with_unit, titled

if TYPE_CHECKING:
    from rich.table import Table

    from ..outcomes.headline import Outcome
    from ..outcomes.run import Run


def compare(
    first: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")],
    second: Annotated[Path, typer.Argument(metavar="OTHER", help="The folder it is compared with.")],
) -> None:
    """Set two runs side by side: what was changed, and what came of it."""
    from ..outcomes.run import Run

    one, other = Run.load(first), Run.load(second)
    screen = out()
    screen.print(_changes(one, other))
    screen.print(_outcomes(one, other))
    notes = []
    if (efforts := effort(one, other)) is not None:
        table, note = efforts
        screen.print(table)
        notes.append(note)
    for line in [*notes, *_cautions(one, other)]:
        screen.print(line, markup=False)


def _changes(one: Run, other: Run) -> Table:
    """Parameters whose value at the start, or whose dated changes, differ."""
    table = titled("What was changed", "parameter", str(one.scenario_name), str(other.scenario_name))
    for path in sorted({*one.parameters, *other.parameters}):
        before, after = one.parameters.get(path), other.parameters.get(path)
        if before != after:
            add_row(table, path, before, after)
    dated_one, dated_other = _dated(one), _dated(other)
    for key in sorted({*dated_one, *dated_other}):
        before, after = dated_one.get(key, "no change"), dated_other.get(key, "no change")
        if before != after:
            add_row(table, f"{key[1]} from {one.date(key[0])}", before, after)
    if not table.row_count:
        add_row(table, "nothing but chance", f"seed {one.seed}", f"seed {other.seed}")
    return table


def _dated(run: Run) -> dict[tuple[int, str], Any]:
    return {(int(change["month"]), str(change["path"])): change["value"] for change in run.timeline}


def _outcomes(one: Run, other: Run) -> Table:
    from ..outcomes.measures import main_outcomes

    numbers = ("first", "second", "change")
    table = titled("What came of it", "outcome", *numbers, "unit", numbers=numbers)
    before, after = main_outcomes(one), main_outcomes(other)
    for name, outcome in before.items():
        value, unit = number_with_unit(outcome)
        add_row(
            table, outcome.label, value, number_with_unit(after[name])[0], _change(outcome, after[name]), unit
        )
    return table


def _change(before: Outcome, after: Outcome) -> str:
    """The difference, in points for shares."""
    change = after.value - before.value
    if math.isnan(change):
        return ""
    if before.unit == "persons":
        return f"{change:+,.0f}"
    if before.unit.startswith("share of "):
        return f"{100 * change:+.1f} points"
    return f"{change:+.3g}"


def _cautions(one: Run, other: Run) -> list[str]:
    if one.seed != other.seed:
        return [f"The seeds differ ({one.seed} and {other.seed}): part of the difference is luck."]
    return [
        "Same seed: the same people meet with the same luck in both runs, so what differs follows from the change.",
        "It is one pair of runs; repeat it with other seeds (--seed) before you trust a small difference.",
    ]
