"""What to make of sensitivity indices, in sentences: how much is luck, who matters, is the design large enough."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ...outcomes.wording import joined
from .provenance import ASSUMED

MAIN = {"sobol": "ST", "morris": "mu_star", "lhs": "PRCC", "grid": "ST"}
UNIT_OF = {"sobol": "base samples", "morris": "trajectories", "lhs": "points", "grid": "points"}
FEWEST = {"sobol": 16, "morris": 4, "lhs": 10}
A_FACTOR = 5  # points of a Latin hypercube for each factor, at least
WIDE = 0.1  # half the width of an interval of a share that is still of use
# A change by half of the sample that says it has not settled: of a share; of the largest mu_star.
UNSETTLED = 0.1
MOST_LEADERS = 3  # that are told to matter most
ROUNDING = 0.005  # above 1, that no table shows


def verdicts(
    design: str,
    indices: pd.DataFrame,
    shares: pd.DataFrame,
    convergence: pd.DataFrame,
    counts: dict[str, Any],
    above_luck: bool,
) -> tuple[bool, list[str]]:
    """Whether the design can say anything, and the sentences. The arguments are those of `Sensitivity`;
    `above_luck`: whether the interval of the factors' variance leaves zero out.
    """
    main = indices[indices["index"] == MAIN[design]]
    luck, dominated = _luck(shares, main, counts, above_luck)
    too_small = _too_small(design, main, counts)
    sentences = [*luck, *too_small]
    told = not dominated and not (too_small and "too small" in too_small[0])
    if told:
        sentences.append(_who(design, main))
        sentences += _beyond(indices)
    sentences += _settled(design, convergence)
    if ASSUMED in set(shares["rests_on"]):
        sentences.append(_assumed(design, shares))
    return told, sentences


def _luck(
    shares: pd.DataFrame, main: pd.DataFrame, counts: dict[str, Any], above_luck: bool
) -> tuple[list[str], bool]:
    if counts["replicates"] < 2:
        return [
            "There is one replicate a point, so luck can't be told from what the factors do, and the indices hold it: "
            "two replicates or more would tell."
        ], False
    row = shares[shares["rests_on"] == "luck"]
    if row.empty:  # Morris: of each effect
        clear = int((main["value"] > main["floor"]).sum())
        return [
            f"Of {len(main)} factors, {clear} have a larger mean effect than luck alone would show "
            f"({counts['replicates']} replicates a point)."
        ], clear == 0
    share, low, high = (float(row[name].iloc[0]) for name in ("share", "low", "high"))
    if math.isnan(share) or main["value"].isna().all() or not above_luck:
        return ["The factors make no clear difference here that luck does not make as well."], True
    text = (
        f"Luck makes {_percent(share)}{_between(low, high)} of the variance of single runs "
        f"({counts['replicates']} replicates a point); it is taken out of the indices."
    )
    return [text], False


def _too_small(design: str, main: pd.DataFrame, counts: dict[str, Any]) -> list[str]:
    number, unit = int(counts["n"]), UNIT_OF[design]
    if design == "grid":
        return []
    fewest = max(FEWEST[design], A_FACTOR * len(main) if design == "lhs" else 0)
    if number < fewest:
        return [
            f"With {number} {unit} the design is too small to say how much each factor matters: {fewest} is the least."
        ]
    if design == "morris":
        return []
    half = float(((main["high"] - main["low"]) / 2).max())
    if math.isfinite(half) and half > WIDE:
        needed = math.ceil(number * (half / WIDE) ** 2)
        if design == "sobol":
            needed = 2 ** math.ceil(math.log2(needed))
        widest = f"the least sure {main['index'].iloc[0]} is known within {half:.2f} only"
        return [f"The design is small: {widest}; about {needed:,} {unit} would bring that to {WIDE:g}."]
    return []


def clearly_matter(design: str, main: pd.DataFrame) -> pd.DataFrame:
    """The rows of the main index that can be told from zero (of effects: from luck), the largest first."""
    order = main.reindex(main["value"].abs().sort_values(ascending=False).index)
    floor = order["floor"].fillna(0.0)  # of effects; there is none of other indices
    return order[(order["low"] > floor) | ((design == "lhs") & (order["high"] < 0.0))]


def leaders(design: str, main: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """The rows of those factors that matter more than all others do, one to three, and True; if the intervals overlap,
    so that none is decided, the rows of all that clearly matter (see `clearly_matter`) and False."""
    clear = clearly_matter(design, main)
    least, most = clear["low"], main["high"].abs()
    if design == "lhs":
        least = clear[["low", "high"]].abs().min(axis=1)
        most = main[["low", "high"]].abs().max(axis=1)
    for number in range(1, min(MOST_LEADERS, len(clear), len(main) - 1) + 1):
        first = clear.index[:number]
        if least.loc[first].min() > most.drop(first).max():
            return clear.head(number), True
    return clear, False


def _who(design: str, main: pd.DataFrame) -> str:
    clear = clearly_matter(design, main)
    if clear.empty:
        return "No factor's index is clearly above zero."
    name, unit = str(main["index"].iloc[0]), str(main["unit"].iloc[0])
    suffix = f" {unit}" if design == "morris" else ""
    told = [
        f"{row['factor_label']} ({name} {row['value']:.2g}, {row['low']:.2g} to {row['high']:.2g}{suffix})"
        for row in clear.head(3).to_dict("records")
    ]
    first, decided = leaders(design, main)
    if decided:
        text = f"What matters most: {joined(told[: len(first)])}."
        if rest_told := told[len(first) :]:
            text += f" Then {joined(rest_told)}."
    else:
        text = f"What matters: {joined(told)}"
        text += f" and {len(clear) - 3} more" if len(clear) > 3 else ""
        text += (
            "; their intervals overlap, so that which matters most is not decided." if len(clear) > 1 else "."
        )
    if rest := len(main) - len(clear):
        text += f" {rest} of {len(main)} can't be told from {'luck' if design == 'morris' else 'zero'}."
    return text


def _beyond(indices: pd.DataFrame) -> list[str]:
    """Of shares above 1, which there are none of: that this is the estimate's error, and whether its interval tells."""
    shares = indices[indices["index"].isin(["S1", "ST", "linear"]) & (indices["value"] > 1.0 + ROUNDING)]
    if shares.empty:
        return []
    row = shares.sort_values("value", kind="stable").iloc[-1]
    number = f"{row['index']} of {row['factor_label']} is {row['value']:.2f}"
    what = "no share is above 1: this is the error of the estimate"
    if math.isnan(row["low"]):
        return [f"{number}, and {what}, for which this design has no interval."]
    number += f" ({row['low']:.2f} to {row['high']:.2f})"
    if row["low"] <= 1.0:
        return [
            f"{number}, and {what}, and its interval holds 1. Read it as {max(0.0, row['low']):.2f} to 1."
        ]
    return [
        f"{number}, and {what}, of which its interval tells too little. Do not read it: take a larger sample."
    ]


def _settled(design: str, convergence: pd.DataFrame) -> list[str]:
    sizes = sorted(convergence["n"].unique())
    if len(sizes) < 2:
        return []
    wide = convergence.pivot(index="factor", columns="n", values="value")
    change = (wide[sizes[-1]] - wide[sizes[-2]]).abs()
    scale = float(wide[sizes[-1]].abs().max()) if design == "morris" else 1.0
    if not change.notna().any() or scale == 0.0:
        return []
    most = float(change.max()) / scale
    size = f"{_percent(most)} of the largest" if design == "morris" else f"{most:.2f}"
    verdict = "has settled" if most <= UNSETTLED else "has not settled"
    index = convergence["index"].iloc[0]
    grown = f"from {sizes[-2]} to {sizes[-1]} {UNIT_OF[design]}"
    return [f"Convergence: {grown}, {index} moves by at most {size}: it {verdict}."]


def _assumed(design: str, shares: pd.DataFrame) -> str:
    row = shares[shares["rests_on"] == ASSUMED].iloc[0]
    share, between = _percent(max(0.0, float(row["share"]))), _between(row["low"], row["high"])
    of = str(row["measure"]).removeprefix("share of ").removesuffix(": a screening, no variance")
    text = f"Parameters that are assumptions make {share}{between} of {of}"
    if design == "morris":
        text += " (a screening, no share of variance)"
    elif math.isfinite(row["at_most"]):
        most = _percent(min(1.0, max(0.0, row["at_most"])))
        between = _between(row["at_most_low"], row["at_most_high"])
        text += f" by themselves, and at most {most}{between} with all that they interact in"
    return f"{text}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _between(low: float, high: float) -> str:
    """An interval of a share; nothing where there is none."""
    if not math.isfinite(high - low):
        return ""
    return f" ({_percent(max(0.0, low))} to {_percent(min(1.0, max(0.0, high)))})"
