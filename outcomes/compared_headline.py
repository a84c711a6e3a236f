"""What a comparison says in one sentence: its main outcome, decided or not, and then what else is decided."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..scenarios.languages import tr, tr_number, tr_term
from .wording import change_and_interval, is_share, sentence

MAIN = "needs_met"


def headline_of_differences(told: pd.DataFrame, other: str, first: str) -> str:
    """Of paired differences (columns as the data dictionary of a comparison has them) of `other` from `first`."""
    if told.empty:
        return tr("These runs have no outcome to compare")
    if not told["difference"].any() and not told["decided"].any():
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
    if len(main) and not main["decided"].any():
        return tr(
            "{main} with {other} against {first}: not decided. {outcome}: {change} (decided: {decided} of {number} "
            "differences)",
            main=_label(main.iloc[0]),
            **names,
            **counts,
            **_said(_largest(decided)),
        )
    words = names | _said(main.iloc[0] if len(main) else _largest(decided))
    if len(told) == 1:
        return tr("{outcome}: {change} with {other} against {first}", **words)
    return tr_number(
        "{outcome}: {change} with {other} against {first}; {decided} of {number} differences is decided",
        "{outcome}: {change} with {other} against {first}; {decided} of {number} differences are decided",
        len(decided),
        **words,
        **counts,
    )


def _largest(decided: pd.DataFrame) -> pd.Series:
    """Of those that are shares the one of most points, of others that of most percent."""
    shares = np.array([is_share(str(unit)) for unit in decided["unit"]], bool)
    sizes = decided["difference"].abs()
    if shares.any():
        sizes = sizes.where(shares, -1.0)
    else:
        sizes = (sizes / decided["mean_against"].abs().replace(0, np.nan)).fillna(0)
    return decided.iloc[int(sizes.to_numpy(float).argmax())]


def _label(row: pd.Series) -> str:
    return tr_term(str(row["label"]), "outcome label")


def _said(row: pd.Series) -> dict[str, str]:
    change, _ = change_and_interval(
        float(row["difference"]), float(row["low"]), float(row["high"]), str(row["unit"])
    )
    return {"outcome": _label(row), "change": change}
