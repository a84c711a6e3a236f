"""The figures of an ensemble: what was learned, whether the emulators can be believed, what the sets say, what trades
off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...outcomes.plots import style
from ..studies.ensembles import NOT_LEARNED
from ..studies.plots.labels import broken
from .tables import LEARNED, PARTLY

MOST_ROWS = 14
_COLOURS = {LEARNED: style.BLUE, PARTLY: style.SKY, NOT_LEARNED: style.GREY}
_LONGEST = 34


def learned_figure(parameters: pd.DataFrame, source: str) -> Figure:
    """Posterior beside prior, for every parameter: where in its prior it lies."""
    counts = {kind: int((parameters["verdict"] == kind).sum()) for kind in (LEARNED, PARTLY, NOT_LEARNED)}
    learned, partly = counts[LEARNED], counts[PARTLY]
    title = f"Of {len(parameters)} parameters, {learned} {_were(learned)} learned, {partly} partly"
    shown = parameters.sort_values("learned", ascending=False, kind="stable").head(MOST_ROWS)
    left_out = f"; the {len(shown)} learned best" if len(shown) < len(parameters) else ""
    subtitle = (
        "Grey: 90% of the prior. Thick: half of the posterior, thin: 90% of it, dot: median; cross: the scenario's own "
        f"value{left_out}"
    )
    page = style.sheet(title, subtitle, source)
    (axes,) = page.panels()
    names = []
    for place, row in enumerate(shown.to_dict("records")):
        colour = _COLOURS[str(row["verdict"])]
        axes.plot([0.05, 0.95], [place] * 2, color=style.PALE, lw=11, solid_capstyle="butt", zorder=1)
        axes.plot([row["place_low"], row["place_high"]], [place] * 2, color=colour, lw=2, gid="interval")
        axes.plot([row["place_lower"], row["place_upper"]], [place] * 2, color=colour, lw=6, gid="half")
        axes.plot([row["place_median"]], [place], "o", color=colour, ms=9, mec="white", gid="value")
        axes.plot([row["place_own"]], [place], "x", color=style.BLACK, ms=7, gid="own")
        names.append(broken(str(row["label"]), _LONGEST))
    _rows(axes, names)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel("share of the prior that lies below")
    return page.finish()


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _rows(axes: Any, names: list[str]) -> None:
    """Named rows from the top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.8)


def errors_figure(errors: pd.DataFrame, source: str) -> Figure:
    """Standardised errors of the emulators at points that they had not seen."""
    beyond = float((errors["error"].abs() > 3.0).mean()) if len(errors) else 0.0
    title = f"{100 * beyond:.1f}% of the emulators' errors lie beyond 3 standard deviations"
    subtitle = (
        "Each dot: a target at a point that was run after it had been foretold; difference in the deviations that the "
        "emulator claimed. Beyond 3 (dashed) no more than some in a hundred should lie"
    )
    page = style.sheet(title, subtitle, source)
    (axes,) = page.panels()
    names = []
    for place, (target, rows) in enumerate(errors.groupby("target", sort=False)):
        if place == MOST_ROWS:
            break
        shift = np.linspace(-0.25, 0.25, len(rows))
        axes.plot(
            rows["error"].clip(-6, 6), place + shift, "o", color=style.BLUE, alpha=0.4, ms=4, gid="errors"
        )
        names.append(broken(str(target), _LONGEST))
    for end in (-3.0, 3.0):
        axes.axvline(end, color=style.VERMILION, lw=1.5, ls="--")
    _rows(axes, names)
    axes.set_xlim(-6.2, 6.2)
    axes.set_xlabel("standardised error (beyond 6 drawn at 6)")
    return page.finish()


def predictive_figure(targets: pd.DataFrame, source: str) -> Figure:
    """What the sets' runs say of every target, used or not, in tolerances from the observation."""
    told = targets[targets["median"].notna()]
    used, unused = (told[told["use"] == use] for use in ("fit", "check"))
    title = f"{int(used['hit'].sum())} of {len(used)} targets learned from are met by the median"
    if len(unused):
        title += f", {int(unused['hit'].sum())} of {len(unused)} others"
    subtitle = (
        "Line: 90% of the sets' runs, dot: their median, in tolerances from the observation (grey: within it). Blue: "
        "learned from; orange: never used"
    )
    page = style.sheet(title, subtitle, source)
    (axes,) = page.panels()
    axes.axvspan(-1.0, 1.0, color=style.PALE, zorder=0)
    names = []
    for place, row in enumerate(
        told.sort_values("use", ascending=False, kind="stable").head(MOST_ROWS).to_dict("records")
    ):
        colour = style.BLUE if row["use"] == "fit" else style.VERMILION
        low, middle, high = (
            (row[end] - row["value"]) / (row["tolerance"] or 1.0) for end in ("low", "median", "high")
        )
        axes.plot(np.clip([low, high], -5, 5), [place] * 2, color=colour, lw=2.5, gid="interval")
        axes.plot(np.clip([middle], -5, 5), [place], "o", color=colour, ms=9, mec="white", gid="value")
        names.append(broken(str(row["outcome"]), _LONGEST))
    _rows(axes, names)
    axes.set_xlim(-5.2, 5.2)
    axes.set_xlabel("tolerances from the observation (beyond 5 drawn at 5)")
    return page.finish()


def pairs_figure(pairs: pd.DataFrame, labels: dict[str, str], source: str) -> Figure:
    """The pairs of parameters that go together or against each other in the posterior."""
    clear = int(pairs["clear"].sum())
    plural = "" if clear == 1 else "s"
    title = (
        f"{clear} pair{plural} of parameters can make up for each other"
        if clear
        else "No pair trades off clearly"
    )
    subtitle = (
        "Rank correlation in the posterior. Left: where one is higher the other must be lower; right: both together. "
        "Grey: no more than chance may make of so few points"
    )
    page = style.sheet(title, subtitle, source)
    (axes,) = page.panels()
    names = []
    for place, row in enumerate(pairs.head(MOST_ROWS - 4).to_dict("records")):
        colour = style.BLUE if row["clear"] else style.GREY
        axes.barh(place, row["correlation"], color=colour, height=0.6, gid="correlation")
        one, other = (labels[str(row[name])] for name in ("first", "second"))
        names.append(f"{one} / {other}")
    axes.axvline(0.0, color=style.GREY, lw=1.2)
    _rows(axes, names)
    axes.set_xlim(-1.0, 1.0)
    axes.set_xlabel("rank correlation")
    return page.finish()
