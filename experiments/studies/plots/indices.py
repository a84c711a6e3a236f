"""The figure of sensitivity: the indices of one outcome, levers apart from uncertainties, and what each rests on."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ....outcomes.wording import joined, sentence
from ..provenance import ASSUMED
from ..sensitivity import METHODS, Sensitivity
from ..verdicts import MAIN, UNIT_OF
from .forest import Row, chosen, draw
from .labels import change_unit, outcome_axis, shortened, source_line

SECOND = {"sobol": "S1", "grid": "S1", "morris": "sigma", "lhs": ""}
LEGEND = {
    "sobol": "Filled: ST (interplay included); hollow: S1 (alone); dotted: ST with luck left in",
    "grid": "Filled: ST (interplay included); hollow: S1 (alone)",
    "morris": "Filled: mu* (mean size of the effect over the whole range); hollow: sigma (how it differs); dotted: mu* "
    "that luck alone would show",
    "lhs": "Partial rank correlation, all other factors held",
}
SHORT_SOURCE = {ASSUMED: "assumed", "fitted": "fitted", "cited": "cited", "lever": ""}


def indices_figure(found: Sensitivity) -> Figure:
    """The main index of each factor with its interval, levers apart from uncertainties, and what each rests on."""
    results = found.matrix.results
    main = found.indices[found.indices["index"] == MAIN[found.design]]
    second = found.indices[found.indices["index"] == SECOND[found.design]].set_index("factor")
    several = found.scenario != "" and results.points["scenario"].nunique() > 1
    rows = []
    for row in main.to_dict("records"):
        ends: dict[str, Any] = {name: float(row[name]) for name in ("value", "low", "high")}
        other, pair = math.nan, (math.nan, math.nan)
        if row["factor"] in second.index:
            other, *pair = second.loc[row["factor"], ["value", "low", "high"]].astype(float)
        mark = float(row["floor"]) if found.design == "morris" else float(row["raw"])
        mark = mark if int(row["replicates"]) > 1 else math.nan
        note = SHORT_SOURCE[str(row["rests_on"])]
        name, role = str(row["factor_label"]), str(row["role"])
        rows.append(Row(name, **ends, role=role, second=other, second_interval=pair, mark=mark, note=note))
    shown = chosen(rows, 9)
    left_out = f"; the {len(shown)} largest of {len(rows)}" if len(shown) < len(rows) else ""
    n, replicates = int(main["n"].iloc[0]), int(main["replicates"].iloc[0])
    legend = LEGEND[found.design] if replicates > 1 else LEGEND[found.design].partition("; dotted")[0]
    subtitle = (
        f"{sentence(METHODS[found.design])}, {n} {UNIT_OF[found.design]}, {replicates} "
        f"replicate{'s' if replicates > 1 else ''} a point{left_out}. {legend}. Lines: "
        f"{'95% interval' if main['low'].notna().any() else 'no interval'}"
    )
    page = style.sheet(_indices_title(found, main, several), subtitle, source_line(results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True)
    if found.design == "morris":
        outcome_axis(axes, found.matrix.unit, "x", 5, change=True)
        axes.set_xlabel(f"change of {found.matrix.label}, {change_unit(found.matrix.unit)}")
    else:
        outcome_axis(axes, "", "x", 5)
        share = "share of the variance that the factors make"
        axes.set_xlabel("rank correlation" if found.design == "lhs" else share)
    return page.finish()


def _indices_title(found: Sensitivity, main: pd.DataFrame, several: bool) -> str:
    label = found.matrix.label + (f" ({found.scenario})" if several else "")
    if not found.told:
        return f"{label}: this design is too small, or luck too large, to say what matters"
    if main["low"].isna().all():
        return f"{label}: too few replicates to say what matters for sure"
    floor = main["floor"].fillna(0.0)
    clear = main[(main["low"] > floor) | ((main["high"] < 0.0) & (found.design == "lhs"))]
    if clear.empty:
        return f"{label}: no factor clearly matters"
    order = clear.reindex(clear["value"].abs().sort_values(ascending=False).index)
    names = [shortened(str(name), 34) for name in order["factor_label"].head(2)]
    return f"{label} depends most on {joined(names)}"
