"""The figure of what makes outcomes uncertain: a bar an outcome, of luck, parameters, places drawn."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.compared_headline import MAIN
from ....outcomes.plots import style
from ....outcomes.wording import percentage
from ....scenarios.languages import tr
from ..parts import WORDS
from .labels import broken, outcome_axis, outcome_text

MOST_BARS = 9
COLOURS = {
    "luck": style.PALE,
    "parameters": style.VERMILION,
    "places": style.BLUE,
    "interplay": style.PURPLE,
}
_WIDE_ENOUGH = 0.07


def main_first(table: pd.DataFrame) -> pd.DataFrame:
    """Rows in their order, but for those of the main outcome, which come first."""
    return table.iloc[np.argsort((table["outcome"] != MAIN).to_numpy(), kind="stable")]


def parts_figure(source: str, table: pd.DataFrame) -> Figure | None:
    """Shares of the variance of each difference, or of each outcome of a single design point; None if none is told.

    `source`: where the numbers come from. `table`: as `worlds_told.parts_table` makes it.
    """
    differences = table[table["against"] != ""]
    shown = differences if len(differences) else table
    known = main_first(shown[shown["parameters"].notna()])
    if known.empty:
        return None
    shown = known.head(MOST_BARS)
    first = shown.iloc[0]
    told = {"share": percentage(first["parameters"]), "outcome": outcome_text(str(first["label"]))}
    title = (
        tr(
            "Of what is uncertain in how much “{outcome}” changes, {share} comes of parameters that nobody knows",
            **told,
        )
        if first["against"]
        else tr("Of what is uncertain in “{outcome}”, {share} comes of parameters that nobody knows", **told)
    )
    subtitle = (
        tr(
            "Variance of differences over plausible worlds, by the law of total variance: luck between runs of one "
            "world, sets of parameters, and what is drawn of places, where it was drawn anew"
        )
        if len(differences)
        else tr(
            "Variance of outcomes over plausible worlds, by the law of total variance: luck between runs of one world, "
            "sets of parameters, and what is drawn of places, where it was drawn anew"
        )
    )
    several = shown["name"].nunique() > 1
    if len(differences) and not several:
        which = {"other": first["name"], "first": first["against"]}
        subtitle = tr("{other} less {first}. {what}", what=subtitle, **which)
    if len(shown) < len(known):
        left = {"shown": len(shown), "known": len(known)}
        subtitle = tr("{what}; {shown} of {known} outcomes, the others in the table", what=subtitle, **left)
    page = style.sheet(title, subtitle, source)
    (axes,) = page.panels()
    names = []
    for place, row in enumerate(shown.to_dict("records")):
        at = 0.0
        for part, colour in COLOURS.items():
            width = float(row[part])
            if not np.isfinite(width) or width <= 0.0:
                continue
            axes.barh(place, width, left=at, height=0.8, color=colour, edgecolor="white", gid=f"part-{part}")
            if width > _WIDE_ENOUGH:
                look: dict[str, Any] = {**style.INSIDE, "va": "center_baseline"}
                axes.text(at + width / 2, place, percentage(width), color=style.readable_on(colour), **look)
            at += width
        names.append(broken(_called(row, several), 40))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0.0, 1.0)
    outcome_axis(axes, "share", "x")
    axes.grid(visible=False)
    used = [part for part in COLOURS if (shown[part] > 0).any()]
    handles = [style.Line2D([], [], marker="s", ls="", ms=12, color=COLOURS[part]) for part in used]
    words = [tr(WORDS[part]) for part in used]
    axes.legend(
        handles, words, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=max(1, len(used)), frameon=False,
        fontsize=style.TEXT, handletextpad=0.2, columnspacing=1.2,
    )  # fmt: skip
    return page.finish()


def _called(row: Mapping[Hashable, Any], several: bool) -> str:
    """The outcome; of a difference with its point, where there are several."""
    label = outcome_text(str(row["label"]))
    return tr("{name}: {value}", name=row["name"], value=label) if row["against"] and several else label
