"""`measures`: the outcome measures E1 to E9 of a finished run, by year and group, and what each is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from ..outcomes.invocation import typed
from .console import UsageMistake, out, say
from .data_output import Json, say_json
from .folders import reading
from .tables import SHARE, add_row, short_unit, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.measures import Measure, Theme

# Characters that a table takes beside its years, and for each year; and how many years it has at most.
BESIDE_YEARS, BESIDE_GROUPS, FOR_A_YEAR = 78, 40, 10
MOST_YEARS, MOST_YEARS_OF_ONE = 4, 8
ABREAST = 7  # groups, the whole country among them, that stand side by side; of more, each has a line
LABEL = 18  # characters that a label has at least; where groups leave it fewer, they go into two tables
EDGES = 3  # characters around each column
_BY = {
    "stay": "years of stay",
    "origin_fifth": "fifth of origin",
    "ngos": "NGOs in the place",
    "weights": "weight",
}


def measures(
    run: Annotated[Path | None, Argument(metavar="RUN", help="The folder of a finished run.")] = None,
    identity: Annotated[
        str | None, Option("--id", metavar="ID", help="One of E1 to E9, with all its groups.")
    ] = None,
    name: Annotated[
        str | None,
        Option(
            "--measure",
            metavar="NAME",
            help="One measure, year by year, as E3.take_up (take_up with --id E3); or your own, as mine.py:share.",
        ),
    ] = None,
    year: Annotated[int | None, Option(metavar="YEAR", help="One year; several if left out.")] = None,
    define: Annotated[bool, Option("--define", help="Tell what each measure is; needs no RUN.")] = False,
    json: Json = False,
) -> None:
    """Print what came of a run: the outcome measures E1 to E9."""
    outcome, name = _outcome(identity, name)
    screen = out()
    if json and (define or run is not None):
        if define:
            say_json(_defined(outcome, name))
        else:
            assert run is not None
            with reading(run):
                say_json(_rows(run, outcome, name, year))
        return
    if define:
        for shown in _definitions(outcome):
            screen.print(shown)
        return
    if run is None:
        raise UsageMistake("measures needs the folder of a finished run (or --define, to tell what each is)")
    with reading(run):
        tables = _tables(run, outcome, name, year, screen.width)
    for shown in tables:
        screen.print(shown)
    if screen.is_terminal:
        one = f" --id {outcome.id}" if outcome else ""
        say(f"What each is: {typed('measures')}{one} --define")
        if outcome is None:
            say(f"One by its groups: {typed('measures')} {run} --id E3")
        example = f"{outcome.id}.{outcome.measures[-1].name}" if outcome else "E3.served_of_needs"
        say(f"One as a chart: {typed('plot')} {run} --measure {example}")


def _outcome(identity: str | None, name: str | None) -> tuple[Theme | None, str | None]:
    """The theme and the measure asked for, None for all. Errors: UsageMistake, MeasureError if there is none."""
    from ..outcomes.declaration import load_measures
    from ..outcomes.measures import BY_ID
    from ..outcomes.outcome_spec import OutcomeSpec, UnknownOutcome

    if name is not None and ".py" in name:
        theme, own = load_measures(name)[-1]
        return theme, own.name
    if name is not None and any(mark in name for mark in "[ "):
        raise UsageMistake(
            f"--measure takes a name alone, as E3.take_up, and no group or year as {name!r} has"
        )
    of, dot, alone = (name or "").rpartition(".")
    if identity is None:
        if name is not None and not dot:
            raise UsageMistake(
                "--measure needs --id, since the names are those within one of E1 to E9; or both in one, as E3.take_up"
            )
        if name is None:
            return None, None
    outcome = BY_ID.get((identity or of).upper())
    if outcome is None:
        raise UsageMistake(f"there is no measure {identity or name!r}: choose from {', '.join(BY_ID)}")
    if name is None:
        return outcome, None
    if dot and of.upper() != outcome.id:
        raise UsageMistake(f"{name!r} is no measure of {outcome.id}: leave out --id {identity}")
    try:  # which knows also what is called as a main outcome
        return outcome, OutcomeSpec.parse(f"{outcome.id}.{alone}").measure
    except UnknownOutcome:
        names = ", ".join(measure.name for measure in outcome.measures)
        raise UsageMistake(f"{outcome.id} has no measure {alone!r}: choose from {names}") from None


def _defined(outcome: Theme | None, name: str | None) -> list[dict[str, object]]:
    """What each measure is, for other programs."""
    from ..outcomes.measures import all_measures

    return [
        {
            "id": theme.id, "measure": each.name, "names": names_of(theme, each), "label": each.label,
            "unit": each.unit, "definition": each.definition, "source": each.source, "by": theme.parts_of(each),
        }
        for theme, each in all_measures()
        if outcome in (None, theme) and name in (None, each.name)
    ]  # fmt: skip


def _rows(folder: Path, outcome: Theme | None, name: str | None, year: int | None) -> pd.DataFrame:
    """The rows of the table of measures that are asked for."""
    from ..outcomes.measures import measures_table, with_measures
    from ..outcomes.run_folder import load_run

    run = load_run(folder)
    own = outcome is not None and any(each.is_users for each in outcome.measures)
    table = measures_table(run, [outcome.id]) if outcome and own else with_measures(run).table("measures")
    for column, wanted in (("id", outcome and outcome.id), ("measure", name), ("year", year)):
        table = table if wanted is None else table[table[column] == wanted]
    return table


def _tables(
    folder: Path, outcome: Theme | None, name: str | None, year: int | None, width: int
) -> list[Table]:
    from ..outcomes.measures import COUNTRY, measures_table, with_measures
    from ..outcomes.run_folder import load_run

    run = load_run(folder)
    if outcome is not None and any(each.is_users for each in outcome.measures):
        table = measures_table(run, [outcome.id])
    else:
        table = with_measures(run).table("measures")
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

    wanted = tuple(BY_ID.values()) if outcome is None else (outcome,)
    cited = {measure.source for each in wanted for measure in each.measures}
    references = [f"{short}: {full}." for short, full in REFERENCES.items() if short in cited]
    main = [main_numbers()] if outcome is None else []
    return [*main, *map(defined, wanted), *references]


def names_of(theme: Theme, measure: Measure) -> list[str]:
    """By which names a measure can be asked for: its own, and those of main outcomes that it is."""
    from ..outcomes.headline import headlines_that_are

    own = f"{theme.id}.{measure.name}"
    there = {each.name for each in theme.measures}  # of which one may be called as another's main outcome
    main = [each for each in headlines_that_are(theme.id, measure.name) if each not in there]
    return [own, *(f"{theme.id}.{each}" for each in main)]


def main_numbers() -> Table:
    """The main outcomes, each one number of a run, and of which measure it is the whole run's."""
    from ..outcomes.headline import HEADLINES, THEME_OF

    table = titled("Main outcomes: one number of a run", "name", "what it is", "unit", "year by year")
    for name, (label, unit, of, measure) in HEADLINES.items():
        add_row(table, name, label, unit, f"{THEME_OF[of]}.{measure}" if of in THEME_OF else "")
    for typed_out in (table.columns[0], table.columns[3]):
        typed_out.no_wrap = True
    return table


def over_years(title: str, table: pd.DataFrame, years: list[int]) -> Table:
    """Of the whole country: a line a measure, a column a year."""
    from ..outcomes.measures import all_measures

    cells = {(i, m, y): v for i, m, y, v in table[["id", "measure", "year", "value"]].itertuples(index=False)}
    there = {(i, m) for i, m, _ in cells}
    lines = [
        (
            theme.id,
            f"{theme.id}.{m.name}",
            m.label,
            m,
            [cells.get((theme.id, m.name, year)) for year in years],
            short_unit(m.unit),
        )
        for theme, m in all_measures()
        if (theme.id, m.name) in there
    ]
    shown = _in_sections(title, ["name", "measure"], years, ["unit"], lines)
    shown.columns[0].width = max((len(name) for _, name, *_ in lines), default=1)  # it can be typed
    return shown


def groups_over_years(outcome: Theme, measure: Measure, table: pd.DataFrame, years: list[int]) -> Table:
    """Of one measure: a line a group, a column a year."""
    rows = table.loc[table["measure"] == measure.name, ["by", "group", "year", "value"]]
    cells = {(by, group, year): value for by, group, year, value in rows.itertuples(index=False)}
    groups = rows[["by", "group"]].drop_duplicates().sort_values("by", kind="stable")
    lines = [
        (by, _BY.get(by, by), group, measure, [cells.get((by, group, year)) for year in years])
        for by, group in groups.itertuples(index=False)
    ]
    lines = [
        (by, "" if before and before[0] == by else head, *rest)
        for before, (by, head, *rest) in zip([None, *lines], lines, strict=False)
    ]
    title = f"{outcome.id} {outcome.title}: {_words(measure)}"
    return _in_sections(title, ["by", "group"], years, [], lines)


def _in_sections(
    title: str, before: list[str], years: list[int], after: list[str], lines: Iterable[tuple[Any, ...]]
) -> Table:
    """A column a year. `lines`: the section, how the line begins, its name, its measure, its values, what follows."""
    numbers = tuple(map(str, years))
    table = titled(title, *before, *numbers, *after, numbers=numbers)
    for column in table.columns[len(before) :]:
        column.no_wrap = True
    last = None
    for section, head, name, measure, values, *rest in lines:
        if last not in (None, section):
            table.add_section()
        told = (_said(value, measure) for value in values)
        add_row(table, head, name, *told, *rest)
        last = section
    return table


def by_groups(outcome: Theme, table: pd.DataFrame, year: int, width: int) -> list[Table]:
    """Of one year: a table for each division of the country, the whole country in its first column or line.

    `width`: characters on a line; groups that do not fit beside each other have a table of their own.
    """
    from ..outcomes.measures import COUNTRY

    now = table[table["year"] == year]
    whole, divided = now[now["by"] == COUNTRY], now[now["by"] != COUNTRY]
    found: list[Table] = []
    for _, rows in divided.groupby("by", observed=True):
        found += _divided(outcome, whole, rows, year, width)
    return found


def _divided(outcome: Theme, whole: pd.DataFrame, rows: pd.DataFrame, year: int, width: int) -> list[Table]:
    from ..outcomes.measures import ALL

    by = str(rows["by"].iloc[0])
    groups = [ALL, *map(str, rows["group"].unique())]
    headings = {group: "people" if by == "weights" and group == ALL else group for group in groups}
    values = {
        (g, m): v
        for part in (whole, rows)
        for g, m, v in part[["group", "measure", "value"]].itertuples(index=False)
    }
    measured = [m for m in outcome.measures if m.name in {name for _, name in values}]
    cells = {group: [_said(values.get((group, m.name)), m) for m in measured] for group in groups}
    title = f"{outcome.id} {outcome.title}, by {_BY.get(by, by)}, {year}"
    words = [_words(measure) for measure in measured]
    if len(groups) > ABREAST:
        table = titled(title, _BY.get(by, by), *words, numbers=tuple(words))
        for group in groups:
            add_row(table, headings[group], *cells[group])
        return [table]
    tables = []
    for some in _that_fit(
        {group: max(len(headings[group]), *map(len, cells[group])) for group in groups}, width
    ):
        names = [headings[group] for group in some]
        table = titled(title, "measure", *names, numbers=tuple(names))
        for column in table.columns[1:]:
            column.no_wrap = True
        for label, *line in zip(words, *(cells[group] for group in some), strict=True):
            add_row(table, label, *line)
        tables.append(table)
    return tables


def _that_fit(needed: dict[str, int], width: int) -> list[list[str]]:
    """Names in as few parts as fit on a line, each with what its column needs."""
    parts: list[list[str]] = [[]]
    room = left = width - LABEL - EDGES - 1
    for name, characters in needed.items():
        left -= characters + EDGES
        if left < 0 and parts[-1]:
            parts.append([])
            left = room - characters - EDGES
        parts[-1].append(name)
    return parts


def defined(outcome: Theme) -> Table:
    """What each measure is, its unit and source."""
    title = f"{outcome.id} {outcome.title}: {outcome.claim}"
    table = titled(title, "measure", "unit", "definition", "source")
    table.columns[3].no_wrap = True
    table.columns[0].overflow = table.columns[1].overflow = "fold"
    names = [name for m in outcome.measures for name in names_of(outcome, m)]
    table.columns[0].width = max(map(len, names), default=1)  # what is to be typed is not broken
    for m in outcome.measures:
        own, *others = names_of(outcome, m)
        also_called = [f"or {each}" for each in others]
        name = "\n".join([own, *also_called, *([] if m.name == m.label else [m.label])])
        add_row(table, name, m.unit, m.definition, m.source)
    also = dict.fromkeys(part for each in outcome.measures for part in each.also if part not in outcome.by)
    charts = (
        f" Charts (`{typed('plot')} RUN --measure {outcome.id}....`) also by {', '.join(also)}."
        if also
        else ""
    )
    example = f"{outcome.id}.{outcome.measures[-1].name}"
    one = (
        f" One group and year, to type: {example}\\[GROUP] 2004."
        if outcome.by
        else f" One year: {example} 2004."
    )
    by = f"By year; of the whole country, and by {outcome.groups}.{one}{charts}"
    table.caption = "\n".join((by, *outcome.notes))
    table.caption_justify, table.caption_style = "left", "none"
    return table


def _words(measure: Measure) -> str:
    plain = measure.unit.startswith(SHARE) or measure.unit in measure.label
    return measure.label if plain else f"{measure.label} ({measure.unit})"


def _said(value: float | None, measure: Measure) -> str:
    """A value as a table shows it; nothing where it is not measured."""
    from ..outcomes.wording import value_text

    return "" if value is None else value_text(value, measure.unit)
