"""What a comparison says in one sentence: its main outcome, decided or not, and then what else is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..scenarios.languages import tr, tr_number, tr_term
from .deciding import CONFIDENCE, decided_at_once, t_quantile
from .wording import change_and_interval, sentence

MAIN = "needs_met"


def headline_of_differences(told: pd.DataFrame, other: str, first: str) -> str:
    """Of paired differences (columns as the data dictionary of a comparison has them) of `other` from `first`.

    An outcome that is named because it differs most has to differ beyond what luck makes of so many outcomes.
    """
    if told.empty:
        return tr("These runs have no outcome to compare")
    if not told[["difference", "low", "high"]].fillna(0).to_numpy(float).any():
        return tr(
            "{other} and {first} are the same in every pair of runs", other=sentence(other), first=first
        )
    decided, main = told[told["decided"]], told[told["outcome"] == MAIN]
    names = {"other": other, "first": first}
    if decided.empty:
        pairs = int(told["n"].max())
        return tr(
            "{number} pairs of runs decide no difference between {other} and {first}", number=pairs, **names
        )
    counts = {"decided": len(decided), "number": len(told)}
    if main["decided"].any():
        return _of_one(main.iloc[0], names, counts)
    largest = _largest(told)
    if len(main):
        return _main_undecided(_label(main.iloc[0]), largest, names, counts)
    if largest is None:
        return tr(
            "{decided} of {number} differences between {other} and {first} are decided, as luck alone might make "
            "them",
            **names,
            **counts,
        )
    return _of_one(largest, names, counts)


def _of_one(row: pd.Series, names: dict[str, str], counts: dict[str, int]) -> str:
    """One outcome's difference, and how many others are decided."""
    words = names | _said(row)
    if counts["number"] == 1:
        return tr("{outcome}: {change} with {other} against {first}", **words)
    return tr_number(
        "{outcome}: {change} with {other} against {first}; {decided} of {number} differences is decided",
        "{outcome}: {change} with {other} against {first}; {decided} of {number} differences are decided",
        counts["decided"],
        **words,
        **counts,
    )


def _main_undecided(
    main: str, largest: pd.Series | None, names: dict[str, str], counts: dict[str, int]
) -> str:
    """That the main outcome is not decided, and what else is."""
    if largest is None:
        return tr(
            "{main} with {other} against {first}: not decided; {decided} of {number} differences are, as luck alone "
            "might make them",
            main=main,
            **names,
            **counts,
        )
    return tr(
        "{main} with {other} against {first}: not decided. {outcome}: {change} (of {decided} decided differences the "
        "largest for its size; {number} in all)",
        main=main,
        **names,
        **counts,
        **_said(largest),
    )


def _largest(told: pd.DataFrame) -> pd.Series | None:
    """Of those that are decided, though so many were asked, the one that changes most for its size; None if none is."""
    from scipy.special import stdtr

    size, pairs = told["difference"].abs().to_numpy(float), told["n"].to_numpy(float)
    width = (told["high"] - told["low"]).to_numpy(float) / 2
    known = np.isfinite(width) & (pairs > 1)
    quantiles = np.array([t_quantile(0.5 + CONFIDENCE / 2, max(1, int(n) - 1)) for n in pairs])
    distances = np.divide(size * quantiles, width, out=np.where(size > 0, np.inf, 0.0), where=width > 0)
    chances = np.where(known, 2 * stdtr(np.maximum(1.0, pairs - 1), -distances), 1.0)
    decided = decided_at_once(chances, np.ones(len(told))) & told["decided"].to_numpy(bool)
    if not decided.any():
        return None
    before = told["mean_against"].to_numpy(float)
    base = np.fmax(np.abs(before), np.abs(before + told["difference"].to_numpy(float)))
    shares = np.divide(
        size, base, out=np.zeros(len(told)), where=base > 0
    )  # of the larger of both, so at most 2
    return told.iloc[int(np.where(decided, shares, -1.0).argmax())]


def _label(row: pd.Series) -> str:
    return tr_term(str(row["label"]), "outcome label")


def _said(row: pd.Series) -> dict[str, str]:
    change, _ = change_and_interval(
        float(row["difference"]), float(row["low"]), float(row["high"]), str(row["unit"])
    )
    return {"outcome": _label(row), "change": change}
