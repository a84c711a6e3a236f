"""Jobs or fellow nationals: what newcomers and movers follow to a place (D9)."""

from __future__ import annotations

import numpy as np
import pytest
from small import Records, a_city, a_world, plain, small_run

from local_citizenship.model import month
from local_citizenship.scenarios.catalogue import COETHNIC, DOORS, STUDENT

pytestmark = pytest.mark.mechanism("D9")

BY_WEIGHT = {
    weight: {"moving": {"coethnics": weight, "wages": 0.0, "services": 0.0}} for weight in (0, 0.5, 1)
}


def shares(weight: float, door: int) -> np.ndarray:
    """Each place's part of the attraction for a category, (P,): as many jobs in both places, nine in ten
    co-ethnics in the second."""
    cities = Records([a_city(row=row, industry=0.5, urban=0.5) for row in range(2)])
    for city, number in zip(cities, (10, 90), strict=True):
        city.by_group[COETHNIC] = number
    summed = np.zeros((3 * len(DOORS), len(cities)))
    plain(month.lay_out_destinations)([a_world(BY_WEIGHT[weight])], cities, summed)
    drawn = summed[door] + summed[2 * len(DOORS) + door]
    return np.diff(drawn, prepend=0.0) / drawn[-1]


def test_fellow_nationals_attract_as_far_as_they_count() -> None:
    """D9: by jobs alone both places draw alike; by co-ethnics alone, in proportion to those there; half and half
    between the two. A category with nobody in the country yet follows jobs."""
    assert shares(0, COETHNIC) == pytest.approx([0.5, 0.5])
    assert shares(1, COETHNIC) == pytest.approx([0.1, 0.9])
    assert shares(0.5, COETHNIC) == pytest.approx([0.3, 0.7])
    assert shares(1, STUDENT) == pytest.approx([0.5, 0.5])


def apart(weight: float) -> float:
    """How far categories with the same jobs live apart from one another at the end of a run: the mean part of a
    category that would have to move for all to be spread alike."""
    same_jobs = {"doors": {door: {"urban": 0.5, "moving": 0.05} for door in DOORS}}
    found = []
    for seed in (1, 2, 3):
        model = small_run(same_jobs, BY_WEIGHT[weight], months=48, seed=seed)
        there = model.state.cities["by_door"].astype(float)  # (P, D)
        everybody = there.sum(axis=1) / there.sum()
        spread = [there[:, d] / there[:, d].sum() for d in range(there.shape[1]) if there[:, d].sum() > 0]
        found.append(float(np.mean([0.5 * np.abs(own - everybody).sum() for own in spread])))
    return float(np.mean(found))


def test_categories_live_apart_where_they_follow_their_own_in_whole_runs() -> None:
    """D9: with jobs the same for all categories, it is fellow nationals that keep them apart."""
    assert apart(1) > 1.3 * apart(0)
