"""Neighbours see who takes part: tension falls with participation (B9)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small import Settings, small_places, small_run

from local_citizenship.model import LocalCitizenship

# Hostile news, and nothing but participation to calm the neighbours.
TENSE: Settings = {
    "public": {"inflow": 0.0, "hostility": 1.0, "media": 1.0, "exchange": 0.0, "discrimination": 0.0},
    "city": {"conflict": 0.0},
}
KEEN: Settings = {
    "claiming": {"join": 0.05, "join_sojourner": 1.0, "quit": 0.0},
    "awareness": {"arrival": 1.0, "handbook": 1.0, "outreach": 0.06},
    "belonging": {"growth": 0.1},
}


def run(*settings: Settings) -> LocalCitizenship:
    return small_run(TENSE, *settings, months=24, places=small_places(level=0.8))


def tension(model: LocalCitizenship) -> pd.Series:
    """Tension of each place at the end."""
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()].set_index("place")["tension"]


@pytest.mark.mechanism("B9")
def test_participation_calms_the_neighbours() -> None:
    """B9: where many take part and it counts, tension is lower in every place; where it does not count, or nobody
    takes part, it is not."""
    counts, ignored = ({"public": {"integration": weight}} for weight in (1.0, 0.0))
    nobody: Settings = {"claiming": {"join": 0.0}, "needs": {"schooling": {"rate": 0.0}}}
    calm, tense = tension(run(KEEN, counts)), tension(run(KEEN, ignored))
    assert (tense > 0.05).all()
    assert (calm <= tense).all()
    assert np.mean(calm) < 0.9 * np.mean(tense)
    pd.testing.assert_series_equal(tension(run(KEEN, counts, nobody)), tension(run(KEEN, ignored, nobody)))
