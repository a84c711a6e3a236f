"""The map of who lives where: how much of a place's migrants its largest group is, and how much co-ethnics are."""

from __future__ import annotations

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ...scenarios.languages import tr
from ..groups import share
from ..places_info import places_info
from ..run import Run
from ..wording import count, percent
from . import style
from .country import (
    NAMED,
    WHERE,
    Scale,
    map_panel,
    marker_areas,
    markers_text,
    top_of_scale,
    weighted_quantile,
)
from .declaration import figure

FEW_RECORDS = 5  # of migrants, below which a share is hardly more than luck


def who_lives_where_data(run: Run) -> pd.DataFrame:
    """One row a municipality, at the end of the last year.

    Columns: place, code, name, region_name, latitude, longitude; migrants, largest_group, coethnics (persons);
    share_of_largest, share_of_coethnics (of the migrants; missing where fewer than five were simulated); name_local,
    where the run has names in the country's own script.
    """
    places = run.table("places").set_index("place")
    result = places[WHERE].copy()
    yearly = run.table("places_yearly")
    last = yearly[yearly["year"] == yearly["year"].max()].set_index("place")
    for column in ("migrants", "largest_group", "coethnics"):
        result[column] = last[column].reindex(result.index, fill_value=0)
    enough = result["migrants"].where(result["migrants"] >= FEW_RECORDS * run.persons_per_record, 0)
    result["share_of_largest"] = share(result["largest_group"], enough)
    result["share_of_coethnics"] = share(result["coethnics"], enough)
    if "local_names" in run.tables:
        result["name_local"] = run.table("local_names").set_index("place")["name_local"]
    return result.reset_index()


@figure(
    17,
    "who-lives-where",
    "largest group of compatriots, and co-ethnics, by municipality",
    data=who_lives_where_data,
)
def who_lives_where(run: Run, data: pd.DataFrame) -> Figure:
    """Two maps: the largest group's part of a place's migrants, and that of co-ethnics; a marker's area stands for
    migrants (D14). Without co-ethnics, the first alone."""
    if not data["migrants"].any():
        title = tr("No municipality has a migrant in it")
        return style.nothing_to_show(
            run, title, tr("No municipality has a migrant in it at the end of the run.")
        )
    info = places_info(run)
    what = markers_text(data, run)
    if data["share_of_largest"].isna().any():
        few = {"number": count(FEW_RECORDS * run.persons_per_record), "simulated": FEW_RECORDS}
        what += "; " + (
            tr("grey: under {number} migrants ({simulated} simulated)", **few)
            if run.persons_per_record > 1
            else tr("grey: under {number} migrants", number=few["number"])
        )
    year = run.date(max(0, run.months - 1))[:4]
    asked = {"share_of_largest": tr("largest group of compatriots, {year}", year=year)}
    if data["coethnics"].any():
        asked["share_of_coethnics"] = tr("co-ethnics (by descent), of migrants, {year}", year=year)
    page = style.page(run, _title(data), what, info.credit)
    areas = marker_areas(data, info)
    width = 0.46 if len(asked) > 1 else 1 - 2 * style.MARGIN
    for i, (column, words) in enumerate(asked.items()):
        left = style.MARGIN + i * (1 - 2 * style.MARGIN - width)
        norm = Normalize(0.0, top_of_scale(data[column], data["migrants"]))
        map_panel(page, (left, width), data, column, Scale(norm, words, areas, True), "", info)
    return page.finish()


def _title(data: pd.DataFrame) -> str:
    """Plain numbers: how much of a place's migrants its largest group is, to the middle 80% of migrants."""
    known = data[data["share_of_largest"].notna()]
    if known.empty:
        return tr("No municipality has enough migrants to tell who lives there")
    if len(data) <= NAMED:
        low, high = known["share_of_largest"].min(), known["share_of_largest"].max()
        if percent(low) == percent(high):
            return tr("One group of compatriots is {share} of every place's migrants", share=percent(low))
        return tr(
            "One group of compatriots is {low} to {high} of a place's migrants",
            low=percent(low),
            high=percent(high),
        )
    low, high = (weighted_quantile(known["share_of_largest"], known["migrants"], each) for each in (0.1, 0.9))
    if percent(low) == percent(high):
        return tr(
            "One group of compatriots is {share} of a place's migrants, where the middle 80% of them live",
            share=percent(low),
        )
    return tr(
        "One group of compatriots is {low} to {high} of a place's migrants, where the middle 80% of them live",
        low=percent(low),
        high=percent(high),
    )
