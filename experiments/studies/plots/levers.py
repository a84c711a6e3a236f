"""The figure of levers: what each does over the whole spread of the uncertain worlds."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ..levers import BAND
from ..results import OutcomeMatrix
from .forest import Row, chosen, draw
from .labels import change_text, change_unit, outcome_axis, shortened, source_line


def levers_figure(matrix: OutcomeMatrix, data: pd.DataFrame) -> Figure:
    """What each lever does over all uncertain worlds: median, half of the worlds, nine in ten. `data`: `robustness`."""
    rows = []
    for row in data[data["from"] != data["to"]].to_dict("records"):
        same = "" if not math.isfinite(row["same_sign"]) else f"{100 * row['same_sign']:.0f}%"
        values = f": {row['from']} to {row['to']}" + (f" ({row['scenario']})" if row["scenario"] else "")
        name = shortened(str(row["lever_label"]), max(12, 44 - len(values))) + values
        ends, inner = (float(row["q05"]), float(row["q95"])), (float(row["q25"]), float(row["q75"]))
        rows.append(Row(name, float(row["median"]), *ends, "lever", inner=inner, note=same))
    shown = chosen(rows, 10)
    most = max(shown, key=lambda row: abs(row.value))
    low, high = (change_text(value, matrix.unit) for value in (most.low, most.high))
    title = f"{matrix.label}: {most.name} makes {low} to {high} in nine worlds of ten"
    if not (most.low > 0 or most.high < 0):
        title = f"{matrix.label}: what {most.name} does depends on the world, {low} to {high}"
    subtitle = (
        f"Change of {matrix.label} in {int(data['n'].max())} draws of what is uncertain. Thin lines: {BAND}; thick: "
        "half of the worlds; right: the share of worlds where the sign is that of the median"
    )
    page = style.sheet(title, subtitle, source_line(matrix.results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True, headings=False, name_length=44)
    outcome_axis(axes, matrix.unit, "x", 5, change=True)
    axes.set_xlabel(f"change, {change_unit(matrix.unit)}")
    return page.finish()
