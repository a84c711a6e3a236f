"""Charts of rows: a name on the left, a value with its interval on the right; levers kept apart from uncertainties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ....outcomes.plots import style
from ....scenarios.languages import later, tr
from .labels import bounds, broken

MOST_ROWS = 11
ROLES = {
    "lever": (later("Levers"), style.BLUE),
    "uncertainty": (later("Uncertainties"), style.VERMILION),
    "": (later("Interactions"), style.GREY),
}


@dataclass(frozen=True)
class Row:
    """One row: `value` with its interval; `second` is drawn hollow, `mark` as a grey tick (NaN: not at all).

    `inner`, `second_interval`: (low, high) of a thick line, and of the hollow mark. `note` stands at the right.
    """

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    role: str = ""
    second: float = math.nan
    second_interval: tuple[float, float] = (math.nan, math.nan)
    mark: float = math.nan
    inner: tuple[float, float] = (math.nan, math.nan)
    note: str = ""


def chosen(rows: Sequence[Row], at_most: int = MOST_ROWS) -> list[Row]:
    """The rows that there is room for: the largest by size, levers first, in falling order within a role."""
    largest = sorted(rows, key=lambda row: -abs(row.value) if math.isfinite(row.value) else 0.0)[:at_most]
    order = list(ROLES)
    return sorted(largest, key=lambda row: order.index(row.role))


def draw(
    axes: Axes, rows: Sequence[Row], *, zero: bool = False, headings: bool = True, name_length: int = 46
) -> None:
    """Draw rows from the top, with a heading over the rows of each role; `zero`: a line at nought."""
    ticks: list[tuple[float, str, str]] = []
    at, role = 0.0, None
    for row in rows:
        heading, colour = ROLES[row.role]
        if headings and row.role != role:
            ticks.append((at, tr(heading), style.dark(colour)))
            at += 0.85
        role = row.role
        ticks.append((at, broken(row.name, name_length), style.INK))
        _row(axes, row, at)
        at += 1.0
    if zero:
        axes.axvline(0.0, color=style.GREY, lw=1.2, zorder=1)
    axes.set_yticks([place for place, _, _ in ticks], [name for _, name, _ in ticks])
    for label, (_, _, colour) in zip(axes.get_yticklabels(), ticks, strict=True):
        label.set_color(colour)
        label.set_fontweight("bold" if colour != style.INK else "normal")
    axes.set_ylim(at - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.8)
    ends = [
        (r.value, r.low, r.high, r.second, *r.second_interval, r.mark, 0.0 if zero else math.nan)
        for r in rows
    ]
    known = np.isfinite([row.value for row in rows]).any()
    axes.set_xlim(*bounds(np.array(ends, dtype=float)) if known else (0.0, 1.0))


def _row(axes: Axes, row: Row, place: float) -> None:
    colour = ROLES[row.role][1]
    two = math.isfinite(row.second)
    at = place - 0.18 if two else place
    flat: dict[str, Any] = {"color": colour, "solid_capstyle": "butt"}
    axes.plot([row.low, row.high], [at] * 2, lw=2.5, gid="interval", **flat)
    axes.plot(row.inner, [at] * 2, lw=7, gid="inner", **flat)
    axes.plot([row.value], [at], "o", color=colour, ms=9, mec="white", mew=1, zorder=3, gid="value")
    if two:
        at = place + 0.18
        hollow: dict[str, Any] = {"mfc": "white", "ms": 8, "mew": 2, "zorder": 3}
        axes.plot(row.second_interval, [at] * 2, color=colour, lw=1.5, gid="second-interval")
        axes.plot([row.second], [at], "o", color=colour, gid="second", **hollow)
    if math.isfinite(row.mark):
        axes.plot([row.mark] * 2, [place - 0.38, place + 0.38], color=style.INK, lw=1.5, ls=":", gid="mark")
    if row.note:
        beside = axes.get_yaxis_transform()
        axes.text(1.02, place, row.note, transform=beside, va="center", fontsize=style.TEXT, color=style.GREY)
