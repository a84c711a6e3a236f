"""All figures of a comparison, with the tables behind them, in a folder; and its maps: the scenarios on one scale, and
what differs between them, where that is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ...scenarios.languages import later, tr, tr_number
from ..csv_text import write_csv
from ..deciding import FEW, LEAST_SEEDS
from ..wording import count, localised, percent, sentence
from . import save, style, title_of
from .compared import ComparisonData
from .country import NAMED, Scale, map_panel, marker_areas, range_of, top_of_scale, weighted_quantile
from .declaration import COMPARED, Failed, others_go_on, own_look
from .differences import differences as drawn_differences
from .letters import families_for, readable_language, words_in

ROWS = 14  # outcomes that have room on one slide
WORDS = {"share_met": later("needs met"), "service_level": later("service level (0 to 1)")}
SAID = {"share_met": later("needs met"), "service_level": later("service level")}
NOTABLE_SHARE = 0.01
LEAST_DIFFERENCE = 0.01
GAP = 0.0175  # of the page, between maps side by side


def draw_comparison(
    sides: ComparisonData, differences: pd.DataFrame, folder: Path, failed: Failed | None = None
) -> list[tuple[Path, str]]:
    """Write the figures of a comparison, each with its table as CSV; returns (file, title) for each.

    `differences`: a row a scenario (but the first) and outcome, as their figure wants them. `failed`: as for
    `draw_all`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with readable_language() as words, own_look(families_for(words_of(sides, differences) | words)):
        for number, (stem, draw, table) in enumerate(_figures(sides, differences), start=1):
            file = folder / f"{number:02d}-{stem}.png"
            with others_go_on(file.stem, failed):
                write_csv(table, file.with_suffix(".csv"), float_format="%.6g")
                figure = draw()
                save(figure, file)
                written.append((file, title_of(figure)))
    return written


def words_of(sides: ComparisonData, differences: pd.DataFrame) -> set[str]:
    """Names that the figures of a comparison may show, in whatever script."""
    tables = (table for tables in sides.tables for table in tables.values())
    return {*sides.names, sides.source} | words_in(differences, *tables)


def _figures(
    sides: ComparisonData, differences: pd.DataFrame
) -> Iterator[tuple[str, Callable[[], Figure], pd.DataFrame]]:
    """File name, what draws it, and its table."""
    others = list(enumerate(sides.names))[1:]
    several = len(others) > 1
    for number, name in others:
        own = differences[differences["scenario"] == name].reset_index(drop=True)
        pages = max(1, -(-len(own) // ROWS))
        each = -(-len(own) // pages) or 1  # so that no slide is left with a row or two
        for part, first in enumerate(range(0, max(1, len(own)), each)):
            which = f"-{number + 1}" if several else ""
            if pages > 1:
                which += f"-{'abcdefgh'[part]}"
            rows = own.iloc[first : first + each]
            yield f"differences{which}", partial(drawn_differences, rows, sides.source, own), rows
    for stem, draw in COMPARED.items():
        named = zip(sides.names, sides.table(stem), strict=True)
        table = pd.concat([t.assign(scenario=name) for name, t in named], ignore_index=True)
        yield stem, partial(draw, sides), table
    for column, what in (("share_met", "needs-met"), ("service_level", "service-level")):
        # A map of nothing shows nothing; of needs met there always is one.
        tables = {number: beside(sides, number) for number, _ in others}
        drawn = [
            number
            for number, table in tables.items()
            if column == "share_met" or (differs(table, column) and table[f"decided_{column}"].any())
        ]
        few = len(sides.table("map")[0]) <= NAMED
        for number in drawn:
            draw_map = maps if few else difference_map
            which = f"-{number + 1}" if several else ""
            yield f"map-{what}{which}", partial(draw_map, sides, number, column), tables[number]
        for number, table in enumerate(sides.table("map")) if drawn and not few else ():
            yield f"map-{what}-in-{number + 1}", partial(world_map, sides, number, column), table


def beside(sides: ComparisonData, number: int) -> pd.DataFrame:
    """The first scenario's map table with the columns of scenario `number` (from 0) as ..._other, difference_..., and
    decided_...: 1 where a place has decidedly more there, -1 where less, else 0.

    A share of needs met that either lacks has no difference.
    """
    first, other = sides.table("map")[0], sides.table("map")[number]
    own = other[["place", "migrants", "needs", "met", *WORDS]]
    table = first.merge(own, on="place", suffixes=("", "_other"), validate="1:1")
    for column in WORDS:
        table[f"difference_{column}"] = table[f"{column}_other"] - table[column]
        decided = table["place"].map(sides.decided_places(number, column))
        table[f"decided_{column}"] = decided.where(np.sign(table[f"difference_{column}"]) == decided, 0)
    return table


def differs(table: pd.DataFrame, column: str) -> bool:
    """Whether it differs where more than a few migrants live; a map of less would show nothing."""
    return max(_shares_of_migrants(table, column)) >= NOTABLE_SHARE


def _shares_of_migrants(table: pd.DataFrame, column: str) -> tuple[float, float]:
    """Shares of the migrants who live where it is higher, and where it is lower; 0 where there is nobody to count."""
    change = table[f"difference_{column}"]
    weight = table["migrants"].where(change.notna(), 0)
    everybody = max(1.0, float(weight.sum()))
    more, less = change >= LEAST_DIFFERENCE, change <= -LEAST_DIFFERENCE
    return float(weight[more].sum()) / everybody, float(weight[less].sum()) / everybody


def _shares_decided(table: pd.DataFrame, column: str) -> tuple[float, float]:
    """Shares of the migrants who live where it is decidedly higher, and where it is decidedly lower."""
    everybody = max(1.0, float(table["migrants"].sum()))
    sums = table.groupby(f"decided_{column}")["migrants"].sum()
    return float(sums.get(1, 0)) / everybody, float(sums.get(-1, 0)) / everybody


def _title(sides: ComparisonData, table: pd.DataFrame, column: str, number: int) -> str:
    words = {
        "measure": sentence(tr(SAID[column])),
        "first": sides.names[0],
        "other": sides.names[number],
    }
    known = table[f"difference_{column}"].notna() & (table["migrants"] > 0)
    if not known.any():
        return tr("No municipality has a value to compare: {measure}", measure=tr(WORDS[column]))
    more, less = _shares_decided(table, column)
    told = words | {"more": percent(more), "less": percent(less)}
    if more + less > 1 - 1e-9 and not (more and less):
        return (
            tr("{measure} with {other}: more than with {first} where all migrants live", **words)
            if more
            else tr("{measure} with {other}: less than with {first} where all migrants live", **words)
        )
    if more and less:
        return tr(
            "{measure} with {other}: more than with {first} where {more} of migrants live, less where {less} do; "
            "elsewhere not decided",
            **told,
        )
    if more:
        return tr(
            "{measure} with {other}: more than with {first} where {more} of migrants live; elsewhere not decided",
            **told,
        )
    if less:
        return tr(
            "{measure} with {other}: less than with {first} where {less} of migrants live; elsewhere not decided",
            **told,
        )
    if not table[f"difference_{column}"].any():
        return tr("{measure}: the same in every municipality with {first} and {other}", **words)
    return tr("{measure} with {other} less {first}: decided for no single municipality", **words)


def maps(sides: ComparisonData, number: int, column: str) -> Figure:
    """`column` (share_met, service_level) in the first scenario, in scenario `number`, and the difference, side by
    side: of a few places."""
    table = beside(sides, number)
    page = style.sheet(
        _title(sides, table, column, number), _what(sides, table, column, number), _source(sides)
    )
    of_worlds, of_change = _scales(sides, table, column, 3)
    panels = (
        (column, of_worlds, sides.names[0]),
        (f"{column}_other", of_worlds, sides.names[number]),
        (f"difference_{column}", of_change, tr("the second less the first")),
    )
    width = (1 - 2 * style.MARGIN - 2 * GAP) / 3
    shown = _decided_alone(table, column)
    for place, (values, scale, name) in enumerate(panels):
        span = style.MARGIN + place * (width + GAP), width
        map_panel(page, span, shown, values, scale, name, sides.places)
    return page.finish()


def difference_map(sides: ComparisonData, number: int, column: str) -> Figure:
    """The difference of `column` between scenario `number` and the first, where it is decided, on a page of its own,
    since boxes and names need its width."""
    table = beside(sides, number)
    page = _framed(sides, column, *_heads(sides, column)[number - 1])
    _, of_change = _scales(sides, table, column, 1)
    whole = style.MARGIN, 1 - 2 * style.MARGIN
    map_panel(page, whole, _decided_alone(table, column), f"difference_{column}", of_change, "", sides.places)
    return page.finish()


def world_map(sides: ComparisonData, number: int, column: str) -> Figure:
    """`column` in scenario `number` (from 0), on a page like that of the difference: the same frame, boxes and names,
    and markers by the migrants of the first scenario."""
    table = beside(sides, number)
    page = _framed(sides, column, *_heads(sides, column)[len(sides.names) - 1 + number])
    of_worlds, _ = _scales(sides, table, column, 1)
    whole = style.MARGIN, 1 - 2 * style.MARGIN
    map_panel(page, whole, table, f"{column}_other", of_worlds, "", sides.places)
    return page.finish()


def _heads(sides: ComparisonData, column: str) -> list[tuple[str, str]]:
    """Title and subtitle of each page of maps of many places: the differences, then the worlds."""
    tables = [beside(sides, number) for number in range(len(sides.names))]
    differences = [
        (_title(sides, table, column, number), _what(sides, table, column, number))
        for number, table in enumerate(tables[1:], start=1)
    ]
    worlds = [
        (_title_of_world(table, column, name), _what_of_world(sides, table, column))
        for name, table in zip(sides.names, tables, strict=True)
    ]
    return [*differences, *worlds]


def _framed(sides: ComparisonData, column: str, title: str, what: str) -> style.Page:
    """A page whose map has as much room as on each other page of this column, whatever their titles."""
    page = style.sheet(title, what, _source(sides))
    page.top = min(style.sheet(*head, _source(sides)).top for head in _heads(sides, column))
    return page


def _source(sides: ComparisonData) -> str:
    return style.credited(sides.source, sides.places.credit)


def _title_of_world(table: pd.DataFrame, column: str, name: str) -> str:
    """Where the middle 80% of its migrants live."""
    low, high = (
        weighted_quantile(table[f"{column}_other"], table["migrants_other"], each) for each in (0.1, 0.9)
    )
    if not np.isfinite(low):
        return tr("No municipality has a value to compare: {measure}", measure=tr(WORDS[column]))
    return tr(
        "{measure} with {scenario}: {range} where the middle 80% of migrants live",
        measure=sentence(tr(SAID[column])),
        scenario=name,
        range=range_of(low, high, as_percent=column == "share_met"),
    )


def _what(sides: ComparisonData, table: pd.DataFrame, column: str, number: int) -> str:
    """What a map of the difference shows, and what it leaves out."""
    pairs, many = sides.pairs(number), len(table) > FEW
    decided = int((table[f"decided_{column}"] != 0).sum())
    told = {
        "number": localised(f"{len(table):,}"),
        "pairs": tr_number(
            "{number} pair of runs", "{number} pairs of runs", pairs, number=localised(f"{pairs:,}")
        ),
        "decided": localised(f"{decided:,}"),
        "least": LEAST_SEEDS,
    }
    if many and pairs < LEAST_SEEDS:
        said = tr(
            "All {number} municipalities are grey: to decide the difference of a single one takes {least} pairs of "
            "runs, and there are fewer ({pairs})",
            **told,
        )
    elif not decided:
        said = tr(
            "Of none of {number} municipalities the difference is decided by {pairs}: all are grey", **told
        )
    elif table[f"difference_{column}"].isna().any():
        said = tr(
            "Coloured: the {decided} of {number} municipalities whose difference is decided by {pairs} (by luck "
            "alone where at most 1 in 20 of these migrants live); grey: not decided, or too few needs",
            **told,
        )
    else:
        said = tr(
            "Coloured: the {decided} of {number} municipalities whose difference is decided by {pairs} (by luck "
            "alone where at most 1 in 20 of these migrants live); grey: not decided",
            **told,
        )
    return f"{said}; {_of_markers(sides, table)}"


def _what_of_world(sides: ComparisonData, table: pd.DataFrame, column: str) -> str:
    said = tr("{number} municipalities, {runs}", number=localised(f"{len(table):,}"), runs=sides.mean)
    if table[f"{column}_other"].isna().any():
        said += "; " + tr("grey: too few needs")
    return f"{said}; {_of_markers(sides, table)}"


def _of_markers(sides: ComparisonData, table: pd.DataFrame) -> str:
    largest = max(1.0, float(table["migrants"].max()))
    return tr(
        "area of a marker: migrants in {scenario} (largest {largest})",
        scenario=sides.names[0],
        largest=count(largest),
    )


def _decided_alone(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The table without the differences that are not decided; of shares, in points."""
    difference = table[f"difference_{column}"].where(table[f"decided_{column}"] != 0)
    points = 100.0 if column == "share_met" else 1.0
    return table.assign(**{f"difference_{column}": points * difference})


def _scales(sides: ComparisonData, table: pd.DataFrame, column: str, panels: int) -> tuple[Scale, Scale]:
    """One scale for all worlds, and that of their difference."""
    areas = marker_areas(table, sides.places, panels)
    worlds = sides.table("map")
    values = pd.concat([each[column] for each in worlds])
    top = top_of_scale(values, pd.concat([table["migrants"]] * len(worlds)))
    shares = column == "share_met"
    step = 1.0 if shares else 0.01
    change = _decided_alone(table, column)[f"difference_{column}"]
    reach = weighted_quantile(change.abs(), table["migrants"], 0.98)
    reach = max(step, step * float(np.ceil(reach / step))) if np.isfinite(reach) else step
    words = tr("difference, points") if shares else tr("difference")
    return (
        Scale(Normalize(0.0, top), tr(WORDS[column]), areas, shares),
        Scale(Normalize(-reach, reach), words, areas, False, style.DIVERGING),
    )
