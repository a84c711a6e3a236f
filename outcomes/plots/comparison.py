"""All figures of a comparison, with the tables behind them, in a folder; and its maps: two scenarios on one scale, and
what differs between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ...scenarios.languages import later, tr
from ..csv_text import write_csv
from ..wording import count, localised, percent, sentence
from . import compared, save, style, title_of
from .compared import ComparisonData
from .country import NAMED, Scale, map_panel, marker_areas, range_of, top_of_scale, weighted_quantile
from .declaration import COMPARED, Failed, others_go_on, own_look
from .letters import families_for, readable_language, words_in

ROWS = 14  # outcomes that have room on one slide
WORDS = {"share_met": later("needs met"), "service_level": later("service level (0 to 1)")}
SAID = {"share_met": later("needs met"), "service_level": later("service level")}
NOTABLE_SHARE = 0.01
LEAST_DIFFERENCE = 0.01


def draw_comparison(
    sides: ComparisonData, differences: pd.DataFrame, folder: Path, failed: Failed | None = None
) -> list[tuple[Path, str]]:
    """Write the figures of a comparison, each with its table as CSV; returns (file, title) for each.

    `differences`: a row a scenario (but the first) and outcome, as `compared.differences` wants them. `failed`: as for
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
            yield f"differences{which}", partial(compared.differences, rows, sides.source), rows
    for stem, draw in COMPARED.items():
        named = zip(sides.names, sides.table(stem), strict=True)
        table = pd.concat([t.assign(scenario=name) for name, t in named], ignore_index=True)
        yield stem, partial(draw, sides), table
    for number, _ in others:
        table = beside(sides, number)
        for column, what in (("share_met", "needs-met"), ("service_level", "service-level")):
            # A map of nothing shows nothing; of needs met there always is one.
            if column == "share_met" or (differs(table, column) and np.isfinite(table[column]).any()):
                which = f"-{number + 1}" if several else ""
                for ending, draw_map in maps_of(sides, number, column):
                    yield f"map-{what}{ending}{which}", partial(draw_map, sides, number, column), table


def beside(sides: ComparisonData, number: int) -> pd.DataFrame:
    """The first scenario's map table with the columns of scenario `number` (from 1) as ..._other, and difference_...

    A share of needs met that either lacks has no difference.
    """
    first, other = sides.table("map")[0], sides.table("map")[number]
    own = other[["place", "migrants", "needs", "met", *WORDS]]
    table = first.merge(own, on="place", suffixes=("", "_other"), validate="1:1")
    for column in WORDS:
        table[f"difference_{column}"] = table[f"{column}_other"] - table[column]
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


def _title(table: pd.DataFrame, column: str, names: tuple[str, str]) -> str:
    first, other = names
    change = table[f"difference_{column}"]
    known = change.notna() & (table["migrants"] > 0)
    if not known.any():
        return tr("No municipality has a value to compare: {measure}", measure=tr(WORDS[column]))
    more, less = _shares_of_migrants(table, column)
    what = tr(SAID[column])
    size = tr("1 point") if column == "share_met" else localised(f"{LEAST_DIFFERENCE:g}")
    if max(more, less) < NOTABLE_SHARE:
        return tr(
            "{measure}: less than {size} between {first} and {other} where nearly all migrants live",
            measure=sentence(what),
            size=size,
            first=first,
            other=other,
        )
    return tr(
        "{measure} with {other} less {first}: +{size} and beyond where {more} of migrants live, -{size} and beyond "
        "where {less} do",
        measure=sentence(what),
        other=other,
        first=first,
        size=size,
        more=percent(more),
        less=percent(less),
    )


def maps_of(
    sides: ComparisonData, number: int, column: str
) -> list[tuple[str, Callable[[ComparisonData, int, str], Figure]]]:
    """What ends a file name, and what draws it: of a few places all maps have room beside each other; of many, the
    difference is a page of its own, since boxes and names need its width."""
    few = len(sides.table("map")[0]) <= NAMED
    return [("", maps)] if few else [("", difference_map), ("-in-each", worlds_maps)]


def maps(sides: ComparisonData, number: int, column: str) -> Figure:
    """`column` (share_met, service_level) in the first scenario, in scenario `number`, and the difference."""
    table, names = beside(sides, number), (sides.names[0], sides.names[number])
    return _on_page(sides, table, column, names, _title(table, column, names), (0, 1, 2))


def difference_map(sides: ComparisonData, number: int, column: str) -> Figure:
    """The difference of `column` between scenario `number` and the first."""
    table, names = beside(sides, number), (sides.names[0], sides.names[number])
    return _on_page(sides, table, column, names, _title(table, column, names), (2,))


def worlds_maps(sides: ComparisonData, number: int, column: str) -> Figure:
    """`column` in the first scenario and in scenario `number`, on one scale."""
    table, names = beside(sides, number), (sides.names[0], sides.names[number])
    return _on_page(sides, table, column, names, _title_of_worlds(table, column, names), (0, 1))


def _title_of_worlds(table: pd.DataFrame, column: str, names: tuple[str, str]) -> str:
    """Where the middle 80% of migrants live, in each; once if it is the same to the digits shown."""
    said = []
    for own, migrants in ((column, "migrants"), (f"{column}_other", "migrants_other")):
        low, high = (weighted_quantile(table[own], table[migrants], each) for each in (0.1, 0.9))
        if not np.isfinite(low):
            return tr("No municipality has a value to compare: {measure}", measure=tr(WORDS[column]))
        said.append(range_of(low, high, as_percent=column == "share_met"))
    told = {"measure": sentence(tr(SAID[column])), "first": names[0], "other": names[1], "range": said[0]}
    if said[0] == said[1]:
        return tr(
            "{measure} where the middle 80% of migrants live: {range} with {first} as with {other}", **told
        )
    return tr(
        "{measure} where the middle 80% of migrants live: {range} with {first}, {other_range} with {other}",
        **told,
        other_range=said[1],
    )


def _on_page(
    sides: ComparisonData,
    table: pd.DataFrame,
    column: str,
    names: tuple[str, str],
    title: str,
    shown: Sequence[int],
) -> Figure:
    """A page with some of three maps side by side: the first scenario, the other, the difference."""
    largest = max(1.0, float(table["migrants"].max()))
    told = {
        "number": localised(f"{len(table):,}"),
        "runs": sides.mean,
        "scenario": names[0],
        "largest": count(largest),
    }
    what = (
        tr(
            "{number} municipalities, {runs}; area of a marker: migrants in {scenario} (largest {largest}); grey: too "
            "few needs",
            **told,
        )
        if table[f"difference_{column}"].isna().any()
        else tr(
            "{number} municipalities, {runs}; area of a marker: migrants in {scenario} (largest {largest})",
            **told,
        )
    )
    if 2 in shown:
        what += ". " + tr("What a single place differs by may be luck")
    page = style.sheet(title, what, style.credited(sides.source, sides.places.credit))
    areas = marker_areas(table, sides.places, len(shown))
    both = pd.concat([table[column], table[f"{column}_other"]])
    scale = Normalize(0.0, top_of_scale(both, pd.concat([table["migrants"]] * 2)))
    shares = column == "share_met"
    step = 1.0 if shares else 0.01
    if shares:
        table[f"difference_{column}"] *= 100
    reach = weighted_quantile(table[f"difference_{column}"].abs(), table["migrants"], 0.98)
    reach = max(step, step * float(np.ceil(reach / step))) if np.isfinite(reach) else step
    change = Normalize(-reach, reach)
    panels = (
        (column, names[0], tr(WORDS[column]), scale, style.SEQUENTIAL),
        (f"{column}_other", names[1], tr(WORDS[column]), scale, style.SEQUENTIAL),
        (
            f"difference_{column}",
            tr("the second less the first") if len(shown) > 1 else "",
            tr("difference, points") if shares else tr("difference"),
            change,
            style.DIVERGING,
        ),
    )
    gap = 0.0175
    width = (1 - 2 * style.MARGIN - gap * (len(shown) - 1)) / len(shown)
    for place, (values, name, words, norm, colours) in enumerate(panels[number] for number in shown):
        span = style.MARGIN + place * (width + gap), width
        scale_of = Scale(norm, words, areas, shares and norm is scale, colours)
        map_panel(page, span, table, values, scale_of, name, sides.places)
    return page.finish()
