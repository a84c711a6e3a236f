"""Design points side by side: the mean of each with its interval, and its difference from the first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ....scenarios.languages import tr, tr_number
from ..comparing import OF_MEAN, differences, estimates, verdict
from ..results import OutcomeMatrix
from .forest import Row, draw
from .labels import (
    change_text,
    change_unit,
    is_share,
    outcome_axis,
    outcome_text,
    source_line,
    unit_text,
    value_text,
)


def points_data(matrix: OutcomeMatrix) -> pd.DataFrame:
    """The rows of `estimates`, with `name`, and beside them those of `differences` from the first point."""
    table = estimates(matrix)
    names = matrix.results.point_names()
    table.insert(1, "name", [names[int(point)] for point in table["point"]])
    change = differences(matrix, int(table["point"].iloc[0]))
    if change.empty:
        return table
    kept = ["point", "against", "difference", "low", "high", "n", "variance_reduction_factor", "band"]
    renamed = change[kept].rename(
        columns={"low": "difference_low", "high": "difference_high", "n": "pairs", "band": "difference_band"}
    )
    return table.merge(renamed, on="point", how="left")


def points_figure(matrix: OutcomeMatrix, target: float | None = None) -> Figure:
    """Left: each point's mean, its interval and its single runs. Right: the difference from the first point."""
    data = points_data(matrix)
    judged = verdict(matrix, target)
    several = len(data) > 1
    told = {
        "outcome": outcome_text(matrix.label),
        "unit": unit_text(matrix.unit),
        "band": tr(OF_MEAN),
        "verdict": judged.words,
    }
    if not several:
        subtitle = tr("{outcome}, {unit}. Lines: {band}; grey dots: single runs; {verdict}", **told)
    elif matrix.shared:
        subtitle = tr(
            "{outcome}, {unit}. Lines: {band}; grey dots: single runs. Right: difference from the first, paired by "
            "replicate (same luck); {verdict}",
            **told,
        )
    else:
        subtitle = tr(
            "{outcome}, {unit}. Lines: {band}; grey dots: single runs. Right: difference from the first, unpaired "
            "(each with its own luck); {verdict}",
            **told,
        )
    page = style.sheet(_title(data, matrix), subtitle, source_line(matrix.results))
    panels = page.panels([1.25, 1.0] if several else [1.0])
    rows = [
        Row(str(row["name"]), float(row["mean"]), *_possible(row["low"], row["high"], matrix.unit), "lever")
        for row in data.to_dict("records")
    ]
    draw(panels[0], rows, headings=False)
    dots: dict[str, Any] = {"color": style.GREY, "alpha": 0.35, "ms": 4, "gid": "runs"}
    for place, values in enumerate(matrix.wide.to_numpy(dtype=float)):
        panels[0].plot(values, [place + 0.25] * len(values), "o", **dots)
    panels[0].relim()
    panels[0].autoscale(axis="x")
    outcome_axis(panels[0], matrix.unit, "x", 4)
    panels[0].set_xlabel(unit_text(matrix.unit), loc="left")
    if several:
        panels[1].sharey(panels[0])
        dot: dict[str, Any] = {"color": style.BLUE, "ms": 9, "mec": "white", "gid": "value"}
        for place, row in enumerate(data.iloc[1:].to_dict("records"), start=1):
            ends = [row["difference_low"], row["difference_high"]]
            panels[1].plot(ends, [place] * 2, color=style.BLUE, lw=2.5, gid="interval")
            panels[1].plot([row["difference"]], [place], "o", **dot)
        panels[1].axvline(0.0, color=style.GREY, lw=1.2, zorder=1)
        panels[1].tick_params(labelleft=False)
        panels[1].grid(axis="y", visible=False)
        panels[1].grid(axis="x", color="#e6e6e6", linewidth=0.8)
        panels[1].margins(x=0.08)
        outcome_axis(panels[1], matrix.unit, "x", 3, change=True)
        panels[1].set_xlabel(tr("difference, {unit}", unit=change_unit(matrix.unit)), loc="right")
    return page.finish()


def _possible(low: float, high: float, unit: str) -> tuple[float, float]:
    """An interval of a mean as drawn: that of a share ends at 0 and at 1."""
    return (max(0.0, low), min(1.0, high)) if is_share(unit) else (float(low), float(high))


def _title(data: pd.DataFrame, matrix: OutcomeMatrix) -> str:
    first = data.iloc[0]
    name, outcome = str(first["name"]), outcome_text(matrix.label)
    if len(data) == 1:
        value = value_text(float(first["mean"]), matrix.unit)
        return tr("{outcome}: {value} on average", outcome=outcome, value=value)
    if data["n"].max() < 2:
        low, high = (value_text(float(end), matrix.unit) for end in (data["mean"].min(), data["mean"].max()))
        if low == high:
            return tr(
                "{outcome}: {value} at every point, with one run a point, so that luck can't be told",
                outcome=outcome,
                value=low,
            )
        return tr(
            "{outcome}: {low} to {high}, with one run a point, so that luck can't be told",
            outcome=outcome,
            low=low,
            high=high,
        )
    clear = data[(data["difference_low"] > 0) | (data["difference_high"] < 0)]
    if clear.empty:
        return tr(
            "{outcome}: no design point differs from {name} by more than chance makes",
            outcome=outcome,
            name=name,
        )
    most = clear.iloc[int(np.argmax(clear["difference"].abs()))]
    change = change_text(float(most["difference"]), matrix.unit).lstrip("+-")
    quoted = "\u201c{}\u201d".format  # a name may be long, and hold commas and colons
    told = {"outcome": outcome, "most": quoted(most["name"]), "change": change, "name": quoted(name)}
    parts = [
        tr("{outcome}: {most} is {change} over {name}", **told)
        if most["difference"] > 0
        else tr("{outcome}: {most} is {change} under {name}", **told)
    ]
    ratio = float(most["variance_reduction_factor"])
    if math.isfinite(ratio) and ratio >= 2:
        times = f"{ratio:.0f}"  # told beforehand: xgettext warns of an f-string within
        parts.append(tr("told with {number} times fewer runs by shared luck", number=times))
    if others := len(clear) - 1:
        parts.append(tr_number("{number} more differs", "{number} more differ", others, number=others))
    return "; ".join(parts)
