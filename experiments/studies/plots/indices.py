"""The figure of sensitivity: the indices of one outcome, levers apart from uncertainties, and what each rests on."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ....outcomes.wording import joined, sentence
from ..results import StudyResults
from ..sensitivity import METHODS, Sensitivity
from ..sources import ASSUMED
from ..verdicts import MAIN, UNIT_OF
from .rows import Row, chosen, draw
from .spoken import change_unit, outcome_axis, shortened, source_line

SECOND = {"sobol": "S1", "grid": "S1", "morris": "sigma", "lhs": ""}
LEGEND = {
    "sobol": "Filled: ST (interplay included); hollow: S1 (alone); dotted: ST with luck left in",
    "grid": "Filled: ST (interplay included); hollow: S1 (alone)",
    "morris": "Filled: mu* (mean size of the effect over the whole range); hollow: sigma (how it differs); dotted: mu* "
    "that luck alone would show",
    "lhs": "Partial rank correlation, all other factors held",
}
SHORT_SOURCE = {ASSUMED: "assumed", "fitted": "fitted", "cited": "cited", "lever": ""}


def indices_figure(results: StudyResults, told: Sensitivity) -> Figure:
    """The main index of each factor with its interval, levers apart from uncertainties, and what each rests on."""
    main = told.indices[told.indices["index"] == MAIN[told.design]]
    second = told.indices[told.indices["index"] == SECOND[told.design]].set_index("factor")
    several = told.scenario != "" and results.points["scenario"].nunique() > 1
    rows = []
    for row in main.to_dict("records"):
        other, pair = math.nan, (math.nan, math.nan)
        if row["factor"] in second.index:
            other, low, high = second.loc[row["factor"], ["value", "low", "high"]].astype(float)
            pair = (low, high)
        mark = float(row["floor"]) if told.design == "morris" else float(row["raw"])
        if int(row["replicates"]) < 2:
            mark = math.nan
        rows.append(
            Row(
                str(row["factor_label"]),
                float(row["value"]),
                float(row["low"]),
                float(row["high"]),
                str(row["role"]),
                other,
                pair,
                mark,
                note=SHORT_SOURCE[str(row["rests_on"])],
            )
        )
    shown = chosen(rows, 9)
    left_out = f"; the {len(shown)} largest of {len(rows)}" if len(shown) < len(rows) else ""
    n, replicates = int(main["n"].iloc[0]), int(main["replicates"].iloc[0])
    legend = LEGEND[told.design] if replicates > 1 else LEGEND[told.design].partition("; dotted")[0]
    subtitle = (
        f"{sentence(METHODS[told.design])}, {n} {UNIT_OF[told.design]}, {replicates} "
        f"replicate{'s' if replicates > 1 else ''} a point{left_out}. {legend}. Lines: "
        f"{'95% interval' if main['low'].notna().any() else 'no interval'}"
    )
    page = style.sheet(_indices_title(told, main, several), subtitle, source_line(results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True)
    if told.design == "morris":
        outcome_axis(axes, told.numbers.unit, "x", 5, change=True)
        axes.set_xlabel(f"change of {told.numbers.label}, {change_unit(told.numbers.unit)}")
    else:
        outcome_axis(axes, "", "x", 5)
        share = "share of the variance that the factors make"
        axes.set_xlabel("rank correlation" if told.design == "lhs" else share)
    return page.finish()


def _indices_title(told: Sensitivity, main: pd.DataFrame, several: bool) -> str:
    label = told.numbers.label + (f" ({told.scenario})" if several else "")
    if not told.told:
        return f"{label}: this design is too small, or luck too large, to say what matters"
    if main["low"].isna().all():
        return f"{label}: too few replicates to say what matters for sure"
    floor = main["floor"].fillna(0.0)
    clear = main[(main["low"] > floor) | ((main["high"] < 0.0) & (told.design == "lhs"))]
    if clear.empty:
        return f"{label}: no factor clearly matters"
    order = clear.reindex(clear["value"].abs().sort_values(ascending=False).index)
    names = [shortened(str(name), 34) for name in order["factor_label"].head(2)]
    return f"{label} depends most on {joined(names)}"
