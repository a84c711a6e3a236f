"""What a factor rests on: an assumption, a fit, a citation; levers apart, since they are chosen and not believed."""

from __future__ import annotations

import numpy as np
import pandas as pd

ASSUMED, FITTED, CITED, LEVER = "assumption", "fitted", "cited", "lever"
KINDS = (ASSUMED, FITTED, CITED, LEVER)
WORDS = {
    ASSUMED: "assumed parameters",
    FITTED: "fitted parameters",
    CITED: "cited parameters",
    LEVER: "levers",
    "interplay": "interplay of these",
    "luck": "luck (replicates)",
}


def rests_on(role: str, source: str) -> str:
    """One of KINDS."""
    if role == LEVER:
        return LEVER
    for kind in (ASSUMED, FITTED):
        if source.strip().lower().startswith(kind):
            return kind
    return CITED


def kinds_of(factors: pd.DataFrame) -> list[str]:
    """What each factor rests on, in order."""
    return [rests_on(str(r), str(s)) for r, s in zip(factors["role"], factors["source"], strict=True)]


def members(kinds: list[str]) -> tuple[list[str], np.ndarray]:
    """The kinds that there are, in the order of KINDS, and a matrix (kinds by factors) of who belongs to which."""
    there = [kind for kind in KINDS if kind in kinds]
    return there, np.array([[each == kind for each in kinds] for kind in there], dtype=float)
