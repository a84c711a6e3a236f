"""What the commands print as tables and summaries."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from ..outcomes.invocation import as_typed

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, ConsoleOptions, RenderResult

    from ..outcomes.headline import Outcome
    from ..outcomes.run import Run
    from ..scenarios import Scenario
    from ..scenarios.timeline import Change


MOST_NAMED = 4  # parameters in one sentence
FEW_RECORDS = 50  # below which luck is all that a run shows
SHARE = "share of "  # begins the unit of what is said as a percentage


class WholeNumbers(Table):
    """A table in which no number is ever broken: where there is little room, columns of text are folded; what still
    does not fit stands in a further table below, which begins with the same names; one column too wide juts out."""

    _TEXT = 8  # characters that a column of text keeps

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if Measurement.get(console, options.update(width=10_000), self).maximum > options.max_width:
            for column in self.columns:
                cells = [cell_len(str(cell)) for cell in column.cells]
                if column.justify == "right":
                    column.width = max([*map(cell_len, str(column.header).split()), *cells], default=1)
                else:
                    column.min_width = min(self._TEXT, max(cells, default=1))
            parts = self._parts(options.max_width)
            if len(parts) > 1:
                for number, part in enumerate(parts):
                    yield from self._of(part, first=number == 0).__rich_console__(console, options)
                return
            options = options.update(width=max(_least(self.columns), options.max_width))
        yield from super().__rich_console__(console, options)

    def _parts(self, room: int) -> list[list[Column]]:
        """The columns in as few tables as fit, of like size, each with the columns of text that stand first."""
        names = list(takewhile(lambda column: column.justify != "right", self.columns))
        parts: list[list[Column]] = []
        for column in self.columns[len(names) :]:
            if parts and _least([*parts[-1], column]) <= room:
                parts[-1].append(column)
            else:
                parts.append([*names, column])
        numbers = self.columns[len(names) :]
        size = -(-len(numbers) // max(1, len(parts)))
        alike = [[*names, *numbers[first : first + size]] for first in range(0, len(numbers), size or 1)]
        fit = len(alike) == len(parts) and all(_least(part) <= room for part in alike)
        return alike if fit else parts

    def _of(self, columns: list[Column], *, first: bool) -> WholeNumbers:
        """The same table with some of its columns; its title above the first alone."""
        part = WholeNumbers(
            title=self.title if first else None,
            title_justify=self.title_justify,
            title_style=self.title_style,
            show_header=self.show_header,
        )
        part.columns = [replace(column, _index=place) for place, column in enumerate(columns)]
        part.rows = self.rows
        return part


def _least(columns: Sequence[Column]) -> int:
    """The least width of a table of these columns, with what stands between them."""
    return sum(column.width or column.min_width or 0 for column in columns) + 3 * len(columns) + 1


def titled(title: str, *headings: str, numbers: tuple[str, ...] = ()) -> Table:
    """A table with its title on the left; columns named in `numbers` are set to the right."""
    table = WholeNumbers(title=title, title_justify="left", title_style="bold", show_header=bool(headings))
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in numbers else "left")
    return table


def add_row(table: Table, *cells: object) -> None:
    """Add a row as it stands: a bracket in a text is no markup."""
    table.add_row(*(Text(str(cell)) for cell in cells))


def scenario_summary(scenario: Scenario) -> list[str]:
    """The lines of `check`: where, when, and what differs from the defaults."""
    places = scenario.places
    kind = "synthetic municipalities" if places.synthetic else "municipalities"
    last = scenario.date(scenario.months - 1)
    layers = Counter(_file(layer) for layer in scenario.layers.values())
    changed = sum(n for layer, n in layers.items() if layer != "default")
    by = ", ".join(f"{n} by {layer}" for layer, n in layers.items() if layer != "default") or "none"
    lines = [
        f"places      {len(places.code):,} {kind} in {len(places.regions)} regions ({places.source})",
        f"period      {scenario.start} to {last}, {scenario.months} months, seed {scenario.seed}",
        f"parameters  {changed} set, {len(scenario.layers) - changed} at their default"
        + (f" ({by})" if by else ""),
        f"timeline    {len(scenario.timeline)} dated changes",
        f"people      {_people(scenario)}",
    ]
    for name, section in scenario.parameters.keyed():
        added = [entry for entry in section.names if entry not in section.shipped]
        dropped = [entry for entry in section.shipped if entry not in section]
        told = [f"{what} {', '.join(of)}" for what, of in (("added", added), ("dropped", dropped)) if of]
        lines += [f"{name:<12}{'; '.join(told)}"] if told else []
    lines += [
        f"  never happens, the run ends before: {_dated(scenario, change)}"
        for change in scenario.unused_changes
    ]
    lines += [
        f"  nobody offers {name}: its level is 0 in every place, and cities decide nothing (city.pace is 0)"
        for name in scenario.never_offered
    ]
    lines += [f"  overtakes a --set: {_dated(scenario, change)}" for change in scenario.overtaken_sets]
    if scenario.is_small_part:
        lines.append(
            f"  these places stand for {scenario.parameters.scale.share:.2%} of the country: their NGOs make hardly "
            "any national law, however strong (voice.cases, voice.state)"
        )
    if scenario.cracks_down_by_luck:
        lines.append(
            f"  these places stand for {scenario.parameters.scale.share:.2%} of the country: whether the state cracks "
            "down hangs on their luck (enforcement.borne=1 keeps it from doing so)"
        )
    return lines + [f"  {as_typed(line)}" for line in cautions(scenario)]


def cautions(scenario: Scenario) -> list[str]:
    """What may be a mistake of whoever wrote the scenario, though it can be run."""
    lines = _empty(scenario)
    values, changes, defaults = scenario.borrowed
    if values or changes or defaults:
        lines.append(
            f"the table of places is your own; {values} values and {changes} dated changes are Japan's, and {defaults} "
            "are at their default, set with Japan in mind: if this is another country, say where it differs (`explain "
            "doors`; `timeline_replaces: true` drops the changes)"
        )
    lines += _idle(scenario)
    lines += [
        f"no other door has the group {group!r} of doors.{door}: did you mean {near!r}?"
        for door, group, near in scenario.odd_groups
    ]
    public = scenario.parameters.public
    if public.media > 0.0 and public.memory >= public.habit:
        lines.append(
            f"the public notices news (public.memory, {public.memory:g} months) no sooner than it gets used to them "
            f"(public.habit, {public.habit:g}): a rise in the news then makes no concern over crime"
        )
    if dated := scenario.beyond_its_dates:
        lines.append(
            f"nothing is dated after {scenario.date(dated)}, and it goes on to {scenario.date(scenario.months - 1)}"
            ": arrivals and policy then stand still, and what comes of them is no forecast"
        )
    return lines


def _people(scenario: Scenario) -> str:
    """Who is here at the start, and who comes."""
    from ..outcomes.wording import count

    arrivals = scenario.arrivals_by_year()
    first, last = min(arrivals), max(arrivals)
    told = f"{count(scenario.people_at_start)} before the first month (a run's figures begin at its end); "
    told += f"{count(arrivals[first])} a year would come in {first}"
    told += f", {count(arrivals[last])} in {last}" if last > first else ""
    each = scenario.parameters.scale.persons_per_record
    return told + (f" (one record stands for {each:,})" if each > 1 else "")


def _empty(scenario: Scenario) -> list[str]:
    """A word on a world in which nobody, or hardly anybody, lives."""
    people, arrivals = scenario.people_at_start, scenario.arrivals_by_year()
    each = scenario.parameters.scale.persons_per_record
    came = people + sum(arrivals.values()) * scenario.months / 12 / len(arrivals)
    if came <= 0:
        return [
            "nobody lives here: no door has people at the start (initial), and nobody comes through any (arrivals); "
            "`extends: japan` has Japan's doors"
        ]
    if came / each < FEW_RECORDS:
        return [
            f"{came / each:,.0f} records live in all of this run: what comes of it is luck alone "
            "(raise scale.share, or lower scale.persons_per_record)"
        ]
    return []


def _idle(scenario: Scenario) -> list[str]:
    """In a sentence for each switch, what was set and can do nothing because of it."""
    from ..scenarios.idle import idle_parameters

    behind: dict[str, list[str]] = {}
    for each in idle_parameters(scenario):
        keys = " and ".join(f"{key} is {_as_set(value)}" for key, value in each.keys.items())
        behind.setdefault(keys, []).append(each.path)
    return [
        f"{', '.join(paths[:MOST_NAMED])}{' and others' if len(paths) > MOST_NAMED else ''} "
        f"{'does' if len(paths) == 1 else 'do'} nothing here: {keys} all along"
        for keys, paths in behind.items()
    ]


def _as_set(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def _dated(scenario: Scenario, change: Change) -> str:
    return f"{change.path} from {scenario.date(change.month)} ({change.where})"


def _file(layer: str) -> str:
    """`japan.yaml:12` -> `japan.yaml`."""
    from ..scenarios.settings import place_of

    return place_of(layer)[0] or layer


def schedule(title: str, headings: tuple[str, ...], steps: Iterable[tuple[int | str, ...]]) -> Table:
    """What happens in which order: a row a step, which begins with its number and its name."""
    table = titled(title, *headings, numbers=headings[:1])
    table.columns[1].no_wrap = True
    for step in steps:
        add_row(table, *step)
    return table


def outcomes(run: Run) -> Table:
    """The headline numbers of a run."""
    from ..outcomes.measures import main_outcomes

    title = f"{run.scenario_name}, seed {run.seed}, {run.start} to {run.date(run.months - 1)}"
    table = titled(title, "outcome", "value", "unit", numbers=("value",))
    for outcome in main_outcomes(run).values():
        add_row(table, outcome.label, *number_with_unit(outcome))
    return table


def number_with_unit(outcome: Outcome) -> tuple[str, str]:
    """A value as one says it, and its unit: 12,345 persons; 34% of needs; 0.102 Theil index."""
    from ..outcomes.wording import value_text

    unit = "no case in this run" if math.isnan(outcome.value) else short_unit(outcome.unit)
    return value_text(outcome.value, outcome.unit), unit


def short_unit(unit: str) -> str:
    """A unit as it is said beside a percentage: "share of needs" -> "of needs"."""
    return unit.removeprefix("share ") if unit.startswith(SHARE) else unit


def lives(recorded: pd.DataFrame) -> Table:
    """The lives that can be told, a line each."""
    shown = ("migrant", "door", "first", "last", "needs", "met", "moves", "statuses", "end")
    table = titled("Recorded lives", *shown, numbers=("migrant", "needs", "met", "moves"))
    table.columns[0].no_wrap = True
    for row in recorded[list(shown)].itertuples(index=False):
        add_row(table, *row)
    return table
