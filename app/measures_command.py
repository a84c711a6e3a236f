"""`measures`: the outcome measures E1 to E9 of a finished run, by year and group, and what each is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import UsageMistake, out

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.measures import Theme

# Characters that a table takes beside its years, and for each year; and how many years it has at most.
BESIDE_YEARS, BESIDE_GROUPS, FOR_A_YEAR = 60, 40, 10
MOST_YEARS, MOST_YEARS_OF_ONE = 4, 8


def measures(
    run: Annotated[Path | None, typer.Argument(metavar="RUN", help="The folder of a finished run.")] = None,
    identity: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="One of E1 to E9, with all its groups.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--measure", metavar="NAME", help="With --id: one measure, year by year.")
    ] = None,
    year: Annotated[int | None, typer.Option(metavar="YEAR", help="One year; several if left out.")] = None,
    define: Annotated[
        bool, typer.Option("--define", help="Tell what each measure is; needs no RUN.")
    ] = False,
) -> None:
    """Print what came of a run: the outcome measures E1 to E9."""
    outcome = _outcome(identity, name)
    screen = out()
    if define:
        for shown in _definitions(outcome):
            screen.print(shown)
        return
    if run is None:
        raise UsageMistake("measures needs the folder of a finished run (or --define, to tell what each is)")
    for shown in _tables(run, outcome, name, year, screen.width):
        screen.print(shown)
    if screen.is_terminal:
        one = f" --id {outcome.id}" if outcome else ""
        screen.print(f"What each is: local-citizenship measures{one} --define", markup=False, soft_wrap=True)
        if outcome is None:
            line = f"One by its groups: local-citizenship measures {run} --id E3"
            screen.print(line, markup=False, soft_wrap=True)


def _outcome(identity: str | None, name: str | None) -> Theme | None:
    """The outcome asked for, None for all. Errors: UsageMistake if there is no such one, or measure in it."""
    from ..outcomes.measures import BY_ID

    if identity is None:
        if name is not None:
            raise UsageMistake("--measure needs --id, since the names are those within one of E1 to E9")
        return None
    outcome = BY_ID.get(identity.upper())
    if outcome is None:
        raise UsageMistake(f"there is no measure {identity!r}: choose from {', '.join(BY_ID)}")
    names = [measure.name for measure in outcome.measures]
    if name is not None and name not in names:
        raise UsageMistake(f"{outcome.id} has no measure {name!r}: choose from {', '.join(names)}")
    return outcome


def _tables(
    folder: Path, outcome: Theme | None, name: str | None, year: int | None, width: int
) -> list[Table]:
    from ..outcomes.measures import COUNTRY, with_measures
    from ..outcomes.run_folder import load_run
    from .measures_tables import by_groups, groups_over_years, over_years

    run = with_measures(load_run(folder))
    table = run.table("measures")
    table = table[(table["by"] == COUNTRY) if outcome is None else (table["id"] == outcome.id)]
    fitting = (width - (BESIDE_YEARS if name is None else BESIDE_GROUPS)) // FOR_A_YEAR
    most = max(2, min(MOST_YEARS if name is None else MOST_YEARS_OF_ONE, fitting))
    years = _years(table, year, outcome, most)
    if outcome is None:
        title = f"{run.scenario_name}, seed {run.seed}: outcome measures of the whole country"
        return [over_years(title, table, years)]
    if name is not None:
        return [groups_over_years(outcome, outcome[name], table, years)]
    divided = by_groups(outcome, table, years[-1], width)
    if year is not None and divided:  # which have the whole country in their first column
        return divided
    country = table[table["by"] == COUNTRY]
    return [over_years(f"{outcome.id} {outcome.title}: the whole country", country, years), *divided]


def _years(table: pd.DataFrame, year: int | None, outcome: Theme | None, most: int) -> list[int]:
    """The year asked for, or at most so many from first to last. Errors: UsageMistake if there are none."""
    there = sorted({int(each) for each in table["year"]})
    what = f"{outcome.id} in this run" if outcome else "this run"
    if not there:
        raise UsageMistake(f"there is no {what}, which ends before its first December")
    if year is None:
        last, gaps = len(there) - 1, min(most, len(there)) - 1
        return [there[round(i * last / gaps)] for i in range(gaps + 1)] if gaps else there
    if year not in there:
        have = f"{there[0]}" if len(there) == 1 else f"{there[0]} to {there[-1]}"
        raise UsageMistake(f"there is no year {year} for {what}: there is {have}")
    return [year]


def _definitions(outcome: Theme | None) -> list[Table | str]:
    from ..outcomes.measures import BY_ID, REFERENCES
    from .measures_tables import defined

    wanted = tuple(BY_ID.values()) if outcome is None else (outcome,)
    cited = {measure.source for each in wanted for measure in each.measures}
    references = [f"{short}: {full}." for short, full in REFERENCES.items() if short in cited]
    return [*map(defined, wanted), *references]
