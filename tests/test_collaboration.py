"""E9: city effort with and without NGOs."""

from __future__ import annotations

import pandas as pd
import pytest

from local_citizenship.outcomes.measures import collaboration
from local_citizenship.outcomes.run import Run, ScenarioInfo

pytestmark = pytest.mark.mechanism("E9")


def test_effort_with_and_without_ngos() -> None:
    """E9: means weighted by migrants, spending a head, and small places left out."""
    yearly = pd.DataFrame(
        {
            "year": 2000,
            "place": [0, 1, 2, 3],
            "migrants": [100, 300, 200, 10],
            "motivation": [0.4, 0.8, 0.5, 0.9],
            "service_level": [0.2, 0.6, 0.25, 0.9],
            "spent": [1.0, 3.0, 4.0, 9.0],
            "ngos": [1, 2, 0, 0],
        }
    )
    run = Run(ScenarioInfo("x", 1, "2000-01", 12), {"places_yearly": yearly})
    (everywhere,) = collaboration(run, by=()).itertuples()
    assert everywhere.places == 3
    assert everywhere.service_level == pytest.approx((0.2 * 100 + 0.6 * 300 + 0.25 * 200) / 600)
    assert everywhere.spent_per_migrant == pytest.approx(8000 / 600)
    with_ngos, without = collaboration(run).sort_values("ngos", ascending=False).itertuples()
    assert (with_ngos.places, without.places) == (2, 1)
    assert with_ngos.motivation == pytest.approx(0.7)
    assert with_ngos.service_level == pytest.approx(0.5)
    assert with_ngos.spent_per_migrant == pytest.approx(10.0)
    assert with_ngos.effort == pytest.approx(0.5 / 0.7)
    assert without.effort == pytest.approx(0.5)
