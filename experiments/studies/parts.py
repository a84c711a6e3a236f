"""What makes an outcome uncertain: luck, parameters that nobody knows, what is drawn of places; and how it is told.

The law of total variance, with worlds that are sets of parameters by draws of places, each run several times:

    variance = between sets + between draws of places + the interplay of both + within (luck)

Each part is estimated without bias (a two-way analysis of variance with weights of the sets; Searle, Casella and
McCulloch 1992, chapter 4), and what comes out below 0 is 0. With one run a world and several draws, luck can't be told
from the interplay and takes it in; with one run and one draw it can't be told at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...outcomes.wording import change_and_interval
from ...scenarios.languages import later
from ..intervals import weighted_quantiles
from .plots.labels import value_text

PARTS = ("luck", "parameters", "places", "interplay")
WORDS = {
    "luck": later("luck"),
    "parameters": later("parameters"),
    "places": later("places drawn"),
    "interplay": later("parameters and places together"),
}
NOISE = 1e-12  # of a number, by which two that are the same may differ: what arithmetic leaves
COLUMNS = ("mean", "low", "high", "more", "variance", *PARTS)
Floats = NDArray[np.float64]


def change(before: Floats, after: Floats) -> Floats:
    """What numbers have more than others, 0 where only arithmetic tells them apart."""
    found: Floats = after - before
    return np.where(np.abs(found) <= NOISE * np.maximum(np.abs(before), np.abs(after)), 0.0, found)


def split(values: Floats, weights: Floats) -> dict[str, float]:
    """The parts of one number. `values`: (sets, draws of places, runs), all known; `weights`: of the sets, adding to 1.

    mean; low and high, between which 90% of the worlds lie (a world: the mean of its runs); more: the weight of worlds
    above 0; variance, and the shares of it as PARTS has them, NaN for what can't be told, and where there is none.
    """
    sets, draws, runs = values.shape
    cells = values.mean(axis=2)
    mean = float(weights @ cells.mean(axis=1))
    of_cells = np.repeat(weights / draws, draws)
    low, high = (float(end) for end in weighted_quantiles(cells.ravel(), of_cells, (0.05, 0.95)))
    more = float(of_cells[cells.ravel() > 0].sum())
    found = dict(zip(COLUMNS, (mean, low, high, more, *[math.nan] * 5), strict=True))
    squared = float((weights**2).sum())
    if sets < 2 or runs * draws < 2 or squared >= 1.0:
        return found
    of_sets, of_draws = cells.mean(axis=1), weights @ cells
    luck = float(weights @ values.var(axis=2, ddof=1).mean(axis=1)) if runs > 1 else 0.0
    between = float(weights @ (of_sets - mean) ** 2) / (1.0 - squared)
    parts = {"luck": luck, "parameters": between - luck / runs / draws}
    if draws > 1:
        rest = cells - of_sets[:, None] - of_draws[None, :] + mean
        mixed = float(weights @ (rest**2).sum(axis=1)) / (draws - 1) / (1.0 - squared)
        parts["parameters"] = between - mixed / draws
        parts["places"] = float(of_draws.var(ddof=1)) - squared * mixed
        if runs > 1:
            parts["interplay"] = mixed - luck / runs
        else:
            parts["luck"] = mixed
    parts = {name: max(0.0, part) for name, part in parts.items()}
    total = sum(parts.values())
    if total <= (NOISE * np.abs(values).max()) ** 2:
        total = 0.0
    found["variance"] = total
    return found | {name: part / total if total > 0 else math.nan for name, part in parts.items()}


def sentence_of(row: dict[str, Any], compared: bool) -> str:
    """One number in words: label and unit, and what `split` says of it; `compared`: it is a difference."""
    label, unit = str(row["label"]), str(row["unit"])
    mean, ends = _mean_and_ends(row, unit, compared)
    said = f"{label}: {mean}; 90% of plausible worlds: {ends}"
    if compared:
        rises = float(row["more"]) >= 0.5
        share = float(row["more"]) if rises else 1.0 - float(row["more"])
        if float(row["mean"]) == 0.0 == float(row["more"]):
            said += "; the same in all of them"
        else:
            said += f"; {'more' if rises else 'less or the same'} in {100 * share:.0f}% of them"
    shares = [(WORDS[name], float(row.get(name, math.nan))) for name in PARTS]
    told = [f"{100 * share:.0f}% is {words}" for words, share in shares if math.isfinite(share)]
    if told:
        first, *others = told
        said += f". Of its variance {', '.join([first, *(each.replace(' is ', ' ', 1) for each in others)])}"
    return f"{said}."


def _mean_and_ends(row: dict[str, Any], unit: str, compared: bool) -> tuple[str, str]:
    """The mean, and between what 90% of the worlds lie."""
    mean, low, high = (float(row[name]) for name in ("mean", "low", "high"))
    if compared:
        return change_and_interval(mean, low, high, unit)
    return value_text(mean, unit), f"{value_text(low, unit)} to {value_text(high, unit)}"


def to_copy(row: dict[str, Any], names: Sequence[str], worlds: str, version: str) -> str:
    """One sentence for a paper: a number of the scenario, or what the second of `names` has more than the first, over
    `worlds` (which, in words), in this version of the model."""
    label, unit = str(row["label"]), str(row["unit"])
    compared = len(names) > 1
    mean, ends = _mean_and_ends(row, unit, compared)
    what = f"the change from `{names[0]}` to `{names[-1]}`" if compared else f"the value of `{names[0]}`"
    above = f"; it is above 0 in {100 * float(row['more']):.0f}%" if compared else ""
    return (
        f"{label} ({unit}): {what} is {mean} in the mean, and from {ends} in 90%, of {worlds}{above} "
        f"(local-citizenship {version}, after Tsuda 2008)."
    )


def table_of(rows: list[dict[str, Any]], *first: str) -> pd.DataFrame:
    """Rows as a table: the columns named, then label, unit and those of `split`."""
    return pd.DataFrame(rows, columns=[*first, "label", "unit", *COLUMNS])
