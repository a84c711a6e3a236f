"""Migrants who have taken up the cause move their city to act (D12)."""

from __future__ import annotations

import pandas as pd
import pytest
from small import Settings, small_run

from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import NEEDS

# Many settlers are wronged, NGOs are there to join but too weak to lobby by themselves.
WRONGED: Settings = {
    "needs": {need: {"rate": 0.3, "departure": 0.0} for need in NEEDS},
    "doors": {"coethnic": {"settlers": 0.6}},
    "awareness": {"search": 1.0},
    "ngos": {"initial": 12, "cases_per_staff": 100.0, "staff_cost": 20.0, "founding": 0.0, "burnout": 0.0},
    "city": {"lobbying": 1.0, "shirking": 0.0},
}


def motivation(*, weight: float, mobilise: float = 1.0) -> pd.Series:
    """Motivation of each city at the end of the third year."""
    voice = {"mobilised_weight": weight, "mobilise": mobilise, "opening": 0.0, "courts": 0.0}
    model: LocalCitizenship = small_run(WRONGED, {"voice": voice}, months=36)
    assert model.migrants.get("mobilised").any() == (mobilise > 0.0)
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()].set_index("place")["motivation"]


@pytest.mark.mechanism("D12")
def test_the_mobilised_move_their_cities() -> None:
    """D12: the more the mobilised count, the more cities want to do; nobody mobilised, no difference."""
    off, on = motivation(weight=0.0), motivation(weight=20.0)
    assert (on >= off - 0.05).all()  # what cities do differently then matters little to what moves them
    assert (on > off + 0.2).sum() >= 3
    pd.testing.assert_series_equal(
        motivation(weight=0.0, mobilise=0.0), motivation(weight=20.0, mobilise=0.0)
    )
