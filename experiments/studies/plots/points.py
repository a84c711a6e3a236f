"""Design points side by side: the mean of each with its interval, and its difference from the first."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ..comparing import OF_MEAN, differences, estimates, verdict
from ..reading import Numbers, point_names
from ..results import StudyResults
from .rows import Row, draw
from .spoken import change_said, change_unit, outcome_axis, shortened, source_line, unit_said, value_said


def points_data(results: StudyResults, numbers: Numbers) -> pd.DataFrame:
    """The rows of `estimates`, with `name`, and beside them those of `differences` from the first point."""
    table = estimates(numbers)
    names = point_names(results)
    table.insert(1, "name", [names[int(point)] for point in table["point"]])
    change = differences(numbers, int(table["point"].iloc[0]))
    if change.empty:
        return table
    kept = ["point", "against", "difference", "low", "high", "n", "variance_ratio", "band"]
    renamed = change[kept].rename(
        columns={"low": "difference_low", "high": "difference_high", "n": "pairs", "band": "difference_band"}
    )
    return table.merge(renamed, on="point", how="left")


def points_figure(results: StudyResults, numbers: Numbers, target: float | None = None) -> Figure:
    """Left: each point's mean, its interval and its single runs. Right: the difference from the first point."""
    data = points_data(results, numbers)
    judged = verdict(numbers, target)
    several = len(data) > 1
    how = ""
    if several:
        how = " Right: difference from the first, " + (
            "paired by replicate (same luck)" if numbers.shared else "unpaired (each with its own luck)"
        )
    subtitle = (
        f"{numbers.label}, {unit_said(numbers.unit)}. Lines: {OF_MEAN}; grey dots: single runs.{how}; "
        f"{judged.words}"
    )
    page = style.sheet(_title(data, numbers), subtitle, source_line(results))
    panels = page.panels([1.25, 1.0] if several else [1.0])
    rows = [
        Row(str(row["name"]), float(row["mean"]), float(row["low"]), float(row["high"]), "lever")
        for row in data.to_dict("records")
    ]
    draw(panels[0], rows, headings=False)
    wide = numbers.wide.to_numpy(dtype=float)
    for place, values in enumerate(wide):
        panels[0].plot(
            values, [place + 0.25] * len(values), "o", color=style.GREY, alpha=0.35, ms=4, gid="runs"
        )
    panels[0].relim()
    panels[0].autoscale(axis="x")
    outcome_axis(panels[0], numbers.unit, "x", 4)
    panels[0].set_xlabel(unit_said(numbers.unit))
    if several:
        panels[1].sharey(panels[0])
        known = data.iloc[1:].to_dict("records")
        for place, row in enumerate(known, start=1):
            ends = [row["difference_low"], row["difference_high"]]
            panels[1].plot(ends, [place] * 2, color=style.BLUE, lw=2.5, gid="interval")
            panels[1].plot(
                [row["difference"]], [place], "o", color=style.BLUE, ms=9, mec="white", gid="value"
            )
        panels[1].axvline(0.0, color=style.GREY, lw=1.2, zorder=1)
        panels[1].tick_params(labelleft=False)
        panels[1].grid(axis="y", visible=False)
        panels[1].grid(axis="x", color="#e6e6e6", linewidth=0.8)
        panels[1].margins(x=0.08)
        outcome_axis(panels[1], numbers.unit, "x", 3, change=True)
        panels[1].set_xlabel(f"difference, {change_unit(numbers.unit)}")
    return page.finish()


def _title(data: pd.DataFrame, numbers: Numbers) -> str:
    first = data.iloc[0]
    name = shortened(str(first["name"]), 34)
    if len(data) == 1:
        return f"{numbers.label}: {value_said(float(first['mean']), numbers.unit)} on average"
    if data["n"].max() < 2:
        low, high = (value_said(float(end), numbers.unit) for end in (data["mean"].min(), data["mean"].max()))
        return f"{numbers.label}: {low} to {high}, with one run a point, so that luck can't be told"
    clear = data[(data["difference_low"] > 0) | (data["difference_high"] < 0)]
    if clear.empty:
        return f"{numbers.label}: no design point differs from {name} by more than chance makes"
    most = clear.iloc[int(np.argmax(clear["difference"].abs()))]
    change = change_said(float(most["difference"]), numbers.unit).lstrip("+-")
    against = f" over {name}" if most["difference"] > 0 else f" under {name}"
    others = len(clear) - 1
    more = f"; {others} more differ{'s' if others == 1 else ''}" if others else ""
    ratio = float(most["variance_ratio"])
    saved = (
        f", told with {ratio:.0f} times fewer runs by shared luck"
        if math.isfinite(ratio) and ratio >= 2
        else ""
    )
    return f"{numbers.label}: {shortened(str(most['name']), 34)} is {change}{against}{saved}{more}"
