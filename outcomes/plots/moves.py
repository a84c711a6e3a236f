"""The figure of moving: what is left behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...scenarios.vocabulary import BLUE, GREY, MOVE, PURPLE, VERMILION
from ..people import portability_loss
from ..run import Run
from ..wording import count, level
from . import style
from .declaration import figure


def what_movers_lose_data(run: Run) -> pd.DataFrame:
    """Moves by the fifth of the place left: origin_fifth, moves, level_before, level_after, change (means per
    move, level 0 to 1), enrolments_lost_per_100."""
    columns = ["moves", "level_before", "level_after", "change", "enrolments_lost_per_100"]
    if run.table("moves").empty:
        return pd.DataFrame(columns=["origin_fifth", *columns])
    found = portability_loss(run)
    found["change"] = -found["level_lost"]
    found["enrolments_lost_per_100"] = 100 * found["enrolments_lost"]
    found["origin_fifth"] = found["origin_fifth"].astype(int)
    return found[["origin_fifth", *columns]]


def _change(value: float) -> str:
    if abs(value) < 0.005:
        return "kept the same level"
    return f"{'gained' if value > 0 else 'lost'} {level(abs(value))}"


def _moves_title(data: pd.DataFrame) -> str:
    if not data["moves"].any():
        return "Nobody moved"
    known: Any = data[data["moves"] > 0].set_index("origin_fifth")
    best, worst = int(known.index.max()), int(known.index.min())
    if best == worst:
        return f"Service level: movers {_change(float(known.loc[best, 'change']))}"
    well, ill = "best" if best == 5 else "better", "worst" if worst == 1 else "worse"
    return (
        f"Service level: movers out of the {well} served places {_change(float(known.loc[best, 'change']))}; "
        f"those out of the {ill} {_change(float(known.loc[worst, 'change']))}"
    )


@figure(9, "what-movers-lose", "service level and enrolments, by origin", data=what_movers_lose_data)
def what_movers_lose(run: Run, data: pd.DataFrame) -> Figure:
    """Service level before and after a move, and enrolments lost per 100 moves, by origin (D8, E6)."""
    title = _moves_title(data)
    known = data[data["moves"] > 0]
    if known.empty:
        return style.nothing_to_show(run, title, "No migrant changed municipality in this run.")
    total = count(float(known["moves"].sum()))
    page = style.page(run, title, f"Means over {total} moves, by how well the place they left is served")
    left, right = page.panels([1.5, 1.0])
    rows = known["origin_fifth"].to_numpy()
    before, after = known["level_before"].to_numpy(dtype=float), known["level_after"].to_numpy(dtype=float)
    left.hlines(rows, before, after, color=GREY, lw=3, zorder=1)
    left.plot(before, rows, "o", ms=13, color=BLUE, gid="before")
    left.plot(after, rows, "o", ms=13, mfc="white", mec=VERMILION, mew=3, gid="after")
    top = len(rows) - 1
    apart = 1 if before[top] >= after[top] else -1
    for value, word, colour, side in (
        (before[top], "before", BLUE, apart),
        (after[top], "after", VERMILION, -apart),
    ):
        left.annotate(
            word,
            (value, rows[top]),
            xytext=(12 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
            fontsize=style.TEXT,
            color=colour,
        )
    high = max(0.1, float(np.nanmax([before.max(), after.max()])))
    left.set_xlim(-0.22 * high, 1.3 * high)
    left.set_xticks([t for t in left.get_xticks() if 0 <= t <= min(1.0, 1.3 * high)])
    left.set_xlabel("service level, 0 to 1")
    left.set_ylabel("place they left")
    right.barh(rows, known["enrolments_lost_per_100"], height=0.55, color=PURPLE, gid="enrolments")
    largest = max(1e-9, float(known["enrolments_lost_per_100"].max()))
    for row, value in zip(rows, known["enrolments_lost_per_100"], strict=True):
        right.text(value + 0.03 * largest, row, f"{value:.1f}", va="center", fontsize=style.TEXT)
    right.set_xlim(0, 1.3 * largest)
    right.xaxis.set_major_locator(MaxNLocator(4))
    right.set_xlabel("enrolments lost per 100 moves")
    for axes in (left, right):
        axes.grid(False, axis="y")
        axes.grid(axis="x", color="#e6e6e6")
        axes.set_ylim(0.5, 5.5)
    left.set_yticks(
        rows, [f"{MOVE[str(r)].label}\n{count(n)} moves" for r, n in zip(rows, known["moves"], strict=True)]
    )
    right.set_yticks(rows, [""] * len(rows))
    return page.finish()
