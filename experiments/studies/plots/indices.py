"""Figures of sensitivity: the indices of one outcome, and how much of each outcome's variance rests on what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ....outcomes.plots import style
from ....outcomes.wording import joined, percentage, sentence
from ....scenarios.languages import later, tr, tr_number
from ..provenance import ASSUMED
from ..sensitivity import Sensitivity
from ..verdicts import MAIN, MOST_LEADERS, ROUNDING, leaders
from .forest import Row, chosen, draw
from .labels import broken, change_unit, factor_text, outcome_axis, outcome_text, source_line

SECOND = {"sobol": "S1", "grid": "S1", "morris": "sigma", "lhs": ""}
LEGEND = {
    "sobol": later("Filled: ST (interplay included); hollow: S1 (alone); dotted: ST with luck left in"),
    "grid": later("Filled: ST (interplay included); hollow: S1 (alone)"),
    "morris": later(
        "Filled: mu* (mean size of the effect over the whole range); hollow: sigma (how it differs); dotted: mu* that "
        "luck alone would show"
    ),
    "lhs": later("Partial rank correlation, all other factors held"),
}
# Where there is one replicate a point, nothing is dotted.
UNDOTTED = LEGEND | {
    "sobol": LEGEND["grid"],
    "morris": later(
        "Filled: mu* (mean size of the effect over the whole range); hollow: sigma (how it differs)"
    ),
}
SAMPLED = {
    "sobol": later("Sobol' indices, {number} base samples"),
    "morris": later("Elementary effects (Morris), {number} trajectories"),
    "lhs": later("Partial rank correlations and straight lines, {number} points"),
    "grid": later("Shares of variance over the grid, {number} points"),
}
SHORT_SOURCE = {ASSUMED: later("assumed"), "fitted": later("fitted"), "cited": later("cited"), "lever": ""}


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
        note = tr(SHORT_SOURCE[str(row["rests_on"])])
        name, role = factor_text(str(row["factor_label"])), str(row["role"])
        rows.append(Row(name, **ends, role=role, second=other, second_interval=pair, mark=mark, note=note))
    shown = chosen(rows, 9)
    n, replicates = int(main["n"].iloc[0]), int(main["replicates"].iloc[0])
    parts = [
        tr(SAMPLED[found.design], number=n),
        tr_number("{number} replicate a point", "{number} replicates a point", replicates, number=replicates),
    ]
    if len(shown) < len(rows):
        parts.append(tr("the {number} largest of {all}", number=len(shown), all=len(rows)))
    told = {
        "design": "; ".join(parts),
        "legend": tr((LEGEND if replicates > 1 else UNDOTTED)[found.design]),
    }
    if main["value"].isna().all():
        subtitle = told["design"]  # there is nothing to read
    elif main["low"].notna().any():
        subtitle = tr("{design}. {legend}. Lines: 95% interval", **told)
    else:
        subtitle = tr("{design}. {legend}. Lines: no interval", **told)
    shares = found.indices[found.indices["index"].isin(["S1", "ST"])]
    if (shares["value"] > 1.0 + ROUNDING).any():
        subtitle += ". " + tr("Above 1: the error of the estimate")
    page = style.sheet(_indices_title(found, main, several), subtitle, source_line(results))
    (axes,) = page.panels()
    draw(axes, shown, zero=True)
    if found.design == "morris":
        outcome_axis(axes, found.matrix.unit, "x", 5, change=True)
        axes.set_xlabel(
            tr(
                "change of {outcome}, {unit}",
                outcome=outcome_text(found.matrix.label),
                unit=change_unit(found.matrix.unit),
            )
        )
    else:
        outcome_axis(axes, "", "x", 5)
        share = tr("share of the variance that the factors make")
        axes.set_xlabel(tr("rank correlation") if found.design == "lhs" else share)
    return page.finish()


def _indices_title(found: Sensitivity, main: pd.DataFrame, several: bool) -> str:
    label = outcome_text(found.matrix.label) + (f" ({found.scenario})" if several else "")
    if not found.told:
        return tr(
            "{outcome}: this design is too small, or luck too large, to say what matters", outcome=label
        )
    if main["low"].isna().all():
        return tr("{outcome}: too few replicates to say what matters for sure", outcome=label)
    rows, decided = leaders(found.design, main)
    if rows.empty:
        return tr("{outcome}: no factor clearly matters", outcome=label)
    names = [factor_text(str(name)) for name in rows["factor_label"]]
    if decided:
        return tr("{outcome} depends most on {factors}", outcome=label, factors=joined(names))
    if len(names) == 1:
        return tr("{outcome} depends on {factors}", outcome=label, factors=names[0])
    if len(names) > MOST_LEADERS:
        return tr(
            "{outcome} depends on {number} factors; which of them matters most is not decided",
            outcome=label,
            number=len(names),
        )
    return tr(
        "{outcome} depends on {factors}; which of them matters most is not decided",
        outcome=label,
        factors=joined(names),
    )


KINDS = {  # name and colour
    ASSUMED: (later("assumed"), style.VERMILION),
    "fitted": (later("fitted"), style.ORANGE),
    "cited": (later("cited"), style.SKY),
    "lever": (later("levers"), style.BLUE),
    "interplay": (later("interplay"), style.PURPLE),
    "luck": (later("luck"), style.PALE),
}
WIDE_ENOUGH = 0.07  # a part this wide has room for its percentage


def rests_on_figure(told: Sequence[Sensitivity]) -> Figure:
    """A bar an outcome: how much of its variance is made by assumed, fitted, cited parameters, levers, luck."""
    several = len({each.scenario for each in told}) > 1
    labels = [outcome_text(each.matrix.label) for each in told]
    names = [
        tr("{name}: {value}", name=each.scenario, value=label) if several else label
        for each, label in zip(told, labels, strict=True)
    ]
    shares = told[0].shares
    untold = int(shares["replicates"].iloc[0]) < 2 and told[0].design != "morris"
    parts = [sentence(tr(str(shares["measure"].iloc[0])))]
    if untold:
        parts.append(tr("luck is not told apart (one replicate a point)"))
    parts.append(tr("each kind by itself"))
    if not shares["low"].isna().all():
        parts.append(tr("black lines: 95% interval of the assumed part"))
    page = style.sheet(_title(told, names), "; ".join(parts), source_line(told[0].matrix.results))
    (axes,) = page.panels()
    used: set[str] = set()
    for place, each in enumerate(told):
        used |= _bar(axes, place, each.shares)
    axes.set_yticks(range(len(told)), [broken(name, 40) for name in names])
    axes.set_ylim(len(told) - 0.4, -0.6)
    axes.set_xlim(0, max(1.0, *(float(each.shares["share"].clip(lower=0).sum()) for each in told)))
    outcome_axis(axes, "share", "x")
    axes.grid(visible=False)
    shown = [each for kind, each in KINDS.items() if kind in used]
    handles = [style.Line2D([], [], marker="s", ls="", ms=12, color=colour) for _, colour in shown]
    look: dict[str, Any] = {
        "frameon": False,
        "fontsize": style.TEXT,
        "loc": "lower left",
        "ncols": max(1, len(shown)),
    }
    words = [tr(word) for word, _ in shown]
    axes.legend(handles, words, bbox_to_anchor=(-0.02, 1.0), handletextpad=0.2, columnspacing=1.2, **look)
    return page.finish()


def _bar(axes: Axes, place: int, shares: pd.DataFrame) -> set[str]:
    """Draw one outcome's bar; return the kinds that it shows."""
    used, at = set(), 0.0
    for row in shares.to_dict("records"):
        width, kind = float(row["share"]), str(row["rests_on"])
        if not math.isfinite(width) or width <= 0.0:
            continue
        used.add(kind)
        colour = KINDS[kind][1]
        axes.barh(place, width, left=at, height=0.62, color=colour, edgecolor="white", gid=f"share-{kind}")
        if width > WIDE_ENOUGH:
            look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": style.TEXT}
            axes.text(at + width / 2, place, percentage(width), color=style.readable_on(colour), **look)
        if kind == ASSUMED and math.isfinite(row["high"]):
            ends = [max(0.0, float(row["low"])), min(1.0, float(row["high"]))]
            thick: dict[str, Any] = {"lw": 3, "solid_capstyle": "butt", "gid": "assumed-interval"}
            axes.plot(ends, [place + 0.4] * 2, color=style.INK, **thick)
        at += width
    return used


def _title(told: Sequence[Sensitivity], names: Sequence[str]) -> str:
    known = []
    for each, name in zip(told, names, strict=True):
        rows = each.shares[each.shares["rests_on"] == ASSUMED]
        if np.isfinite(rows["share"]).any():
            known.append((rows.iloc[0], name))
    if not known:
        if all(each.shares["share"].isna().all() for each in told):
            return tr("Nothing varies by what the factors do")
        return tr("No factor of this study is an assumption")
    most, name = max(known, key=lambda pair: float(pair[0]["share"]))
    share = percentage(max(0.0, float(most["share"])))
    if math.isfinite(float(most["high"])):
        low, high = (percentage(min(1.0, max(0.0, float(most[key])))) for key in ("low", "high"))
    if math.isfinite(float(most["high"])) and not low == share == high:
        share = tr("{share} ({low} to {high})", share=share, low=low, high=high)
    words = {"share": share, "outcome": name}
    if told[0].design == "morris":
        title = tr("Of all that the factors do to “{outcome}”, assumed parameters make {share}", **words)
    else:
        title = tr(
            "Of what differs in “{outcome}” between the runs of this study, assumed parameters make {share}",
            **words,
        )
    parts = [title]
    if int(most["replicates"]) < 2:
        parts.append(tr("luck included"))
    others = [float(row["high"]) for row, of in known if of != name]
    if others and float(most["low"]) > max(others):
        parts.append(
            tr("more than of any other outcome") if len(told) > 2 else tr("more than of the other outcome")
        )
    return ", ".join(parts)
