"""What differs between two scenarios: each outcome's paired difference with its interval, on one slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...scenarios.languages import later, tr, tr_term
from ...scenarios.vocabulary import BLUE, GREY, INK, VERMILION
from ..compared_headline import headline_of_differences
from ..wording import change_and_interval, is_share, sentence, signed_percent
from . import style

# How a change is said, by the unit; others have none.
SHORT_UNITS = {
    "persons": later("{change} persons"),
    "Theil index": later("{change} Theil"),
    "per 1,000 person-years": later("{change} per 1,000 yr"),
}
NEAR_ZERO = (
    0.005,
    3.0,
)  # of a share or a level, and times its spread between runs: of less, no percentage is told
# Of an outcome that may lie on either side of 0, what a change upward and downward means.
WAYS = {"level_lost": (later("{change}: more lost"), later("{change}: less lost"))}


def differences(table: pd.DataFrame, source: str, whole: pd.DataFrame | None = None) -> Figure:
    """Paired differences of one scenario from the first, with 95% intervals, in percent of the first's value.

    `table`: one row an outcome; columns scenario, against, label, unit, n, mean_against, difference, low, high,
    decided. `whole`: the table of which this page has a part; the title speaks of all of it.
    """
    whole = table if whole is None else whole
    known = whole[np.isfinite(whole["difference"].to_numpy(float))]
    told = table[np.isfinite(table["difference"].to_numpy(float))]
    other, first, pairs = tr("these scenarios"), tr("each other"), 0
    if len(told):
        row = told.iloc[0]
        other, first, pairs = str(row["scenario"]), str(row["against"]), int(told["n"].max())
    what = tr(
        "{other} less {first}, with 95% intervals over {number} pairs of runs; filled: decided (orange: more, blue: "
        "less), hollow: the interval spans 0",
        other=sentence(other),
        first=first,
        number=pairs,
    )
    base = np.abs(told["mean_against"].to_numpy(float))
    near, varied = near_zero(base, told["unit"]), np.zeros(len(told), bool)
    if "variance_against" in told:
        spread = np.sqrt(np.nan_to_num(told["variance_against"].to_numpy(float)))
        varied = ~near & (base < NEAR_ZERO[1] * spread)
    ranges = np.isfinite(told[["low", "high"]].to_numpy(float)).all(axis=1)
    if (near & ranges).any():
        what += "; " + tr("near 0: the interval in its own unit, of which a percentage would tell nothing")
    if (varied & ranges).any():
        what += "; " + tr(
            "no percentage: the interval in its own unit, since single runs differ by over a third of the value"
        )
    apart = near | varied
    scale = np.divide(100.0, base, out=np.full(len(told), np.nan), where=~apart)
    centre, low, high = (told[c].to_numpy(float) * scale for c in ("difference", "low", "high"))
    rows = np.arange(len(told))[::-1]
    edge = edge_of(np.fmax.reduce(np.abs([centre, low, high])))  # NaN where there is none
    if (np.abs(centre) > edge).any():
        what += "; " + tr("triangle: beyond the chart, its percentage beside it")
    page = style.sheet(headline_of_differences(known, other, first), what, source)
    (axes,) = page.panels()
    axes.axvline(0, color=GREY, lw=1.5)
    for row, x, a, b, decided in zip(rows, centre, low, high, told["decided"], strict=True):
        if not np.isfinite(x):
            continue
        colour = GREY if not decided else VERMILION if x > 0 else BLUE  # as on maps: orange is more
        if np.isfinite(a):
            axes.plot([max(a, -edge), min(b, edge)], [row, row], color=colour, lw=3, solid_capstyle="butt")
        shape = (">" if x > 0 else "<") if abs(x) > edge else "o"
        look: Any = {"marker": shape, "color": colour, "mfc": colour if decided else "white"}
        at = float(np.clip(x, -edge, edge))
        axes.plot([at], [row], ms=10, mew=2, clip_on=False, gid=f"difference-{row}", **look)
        if abs(x) > edge:
            beyond: Any = {"color": colour, "bbox": {"facecolor": "white", "lw": 0, "pad": 2}}
            axes.text(
                0.94 * at, row, signed_percent(x / 100), gid=f"beyond-{row}",
                **{**style.INSIDE, **beyond, "ha": "right" if x > 0 else "left"},
            )  # fmt: skip
    numbers = told[["difference", "low", "high"]].to_numpy(float)
    beside = axes.get_yaxis_transform()
    for row, (change, begin, end), unit, outcome in zip(
        rows, numbers, told["unit"], told["outcome"], strict=True
    ):
        said = with_unit(change_and_interval(change, begin, end, str(unit))[0], str(unit))
        if outcome in WAYS and change:
            said = tr(WAYS[outcome][0 if change > 0 else 1], change=said)
        axes.text(1.02, row, said, transform=beside, va="center", fontsize=style.TEXT, color=INK)
    shown = apart & ranges
    for row, (_, begin, end), unit, decided, is_near in zip(
        rows[shown], numbers[shown], told["unit"][shown], told["decided"][shown], near[shown], strict=True
    ):
        interval = change_and_interval(0.0, begin, end, str(unit))[1]
        said = (
            tr("near 0: {interval}", interval=interval)
            if is_near
            else tr("no percentage: {interval}", interval=interval)
        )
        look = {"color": INK if decided else GREY, "bbox": {"facecolor": "white", "lw": 0, "pad": 2}}
        axes.text(0.5, row, said, transform=beside, gid=f"difference-{row}", **{**style.INSIDE, **look})
    axes.set_xlim(-1.05 * edge, 1.05 * edge)
    axes.set_ylim(-0.7, max(1, len(told)) - 0.3)
    axes.set_yticks(rows, [tr_term(str(label), "outcome label") for label in told["label"]])
    axes.grid(axis="x", color="#e6e6e6")
    axes.set_xlabel(tr("difference in percent of the value with {scenario}", scenario=first))
    return page.finish()


def with_unit(change: str, unit: str) -> str:
    """A difference that was turned into words, with its unit where it has a short one."""
    return tr(SHORT_UNITS[unit], change=change) if unit in SHORT_UNITS else change


def near_zero(base: np.ndarray, units: Sequence[str]) -> np.ndarray:
    """Of which values (a mask) a percentage would tell nothing, since they are near 0."""
    bounded = np.array([is_share(str(unit)) or str(unit).startswith("level") for unit in units], bool)
    return (base == 0) | (bounded & (np.abs(base) < NEAR_ZERO[0]))


def edge_of(reach: np.ndarray) -> float:
    """Where an axis around 0 ends: the furthest interval, but for those far beyond the middle one."""
    reach = reach[np.isfinite(reach) & (reach > 0)]
    if not len(reach):
        return 1.0
    near = reach[reach <= 12 * np.median(reach)]
    return float(near.max()) * 1.02
