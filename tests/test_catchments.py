"""Catchments: which NGOs the people of a place have in view (C11)."""

from __future__ import annotations

import numpy as np
import pytest
from single import MANY, a_city, a_here, a_migrant, a_world, an_ngo, plain, with_offices
from small import small_places, small_run

from local_citizenship.agents.claiming import case_of
from local_citizenship.agents.municipality import NEAREST
from local_citizenship.agents.providers import ngo as at_ngo
from local_citizenship.agents.providers import telephone
from local_citizenship.model.catchments import LEAST, Catchments, seats_of, spots_of
from local_citizenship.scenarios.catalogue import NGO_KINDS

UNION, MEDICAL = NGO_KINDS.index("union"), NGO_KINDS.index("medical")


def on_a_line(*km: float) -> np.ndarray:
    """Spots so many km along a line."""
    return np.array([[each, 0.0, 0.0] for each in km])


def found(homes, kinds, spots, reach=10.0, n_kinds=2):
    return Catchments(spots, n_kinds).lay_out(np.array(homes, np.int64), np.array(kinds, np.int64), reach)


@pytest.mark.mechanism("C11")
def test_help_thins_out_with_distance():
    """C11: all of it where the office is, half at the reach, nothing from where less than LEAST is left."""
    near, weight = found([0], [0], on_a_line(0.0, 5.0, 10.0, 20.0, 43.0, 44.0))
    assert weight[:, 0, 0] == pytest.approx([1.0, 0.5**0.5, 0.5, 0.25, 0.5**4.3, 0.0], abs=1e-6)
    assert near[:, 0, 0].tolist() == [0, 0, 0, 0, 0, -1]
    assert weight[weight > 0.0].min() >= LEAST
    assert (near[:, 1] == -1).all()
    assert (near[:, :, 1:] == -1).all()


@pytest.mark.mechanism("C11")
def test_without_a_reach_an_ngo_helps_in_its_own_place_alone():
    near, weight = found([0, 2], [0, 1], on_a_line(0.0, 0.0, 1.0), reach=0.0)
    assert [near[place, kind, 0] for place, kind in ((0, 0), (1, 0), (2, 1), (1, 1))] == [0, -1, 1, -1]
    assert weight.sum() == 2.0


def test_people_have_the_nearest_of_each_kind_in_view():
    homes = [3, 1, 2, 0, 0, 1, 2]
    near, weight = found(homes, [0] * 7, on_a_line(0.0, 1.0, 2.0, 3.0))
    assert near[0, 0].tolist() == [3, 4, 1, 5]  # of those equally far the first in the register
    assert near[3, 0].tolist() == [0, 2, 6, 1]
    assert (np.diff(weight[:, 0], axis=1) <= 0.0).all()
    assert near.shape == weight.shape == (4, 2, NEAREST)


def test_none_are_near_where_there_are_none():
    near, weight = found([], [], on_a_line(0.0, 1.0))
    assert (near == -1).all()
    assert weight.sum() == 0.0


def test_distances_are_those_of_the_globe():
    places = small_places()
    spots = spots_of(places)
    assert np.linalg.norm(spots, axis=1) == pytest.approx([6371.0] * len(spots))
    apart = np.radians(places.latitude[:, None] - places.latitude)
    level = np.abs(np.subtract.outer(places.longitude, places.longitude)) < 1e-9
    straight = np.linalg.norm(spots[:, None] - spots, axis=2)
    assert straight[level] == pytest.approx(6371.0 * np.abs(apart[level]), rel=1e-3, abs=1e-6)


def test_the_seat_of_a_region_is_its_largest_place():
    places = small_places()
    for place, seat in enumerate(seats_of(places)):
        own = places.region == places.region[place]
        assert places.region[seat] == places.region[place]
        assert places.population[seat] == places.population[own].max()


def reaching(weight):
    """Who, of many with a dispute, has the office within reach."""
    register = [an_ngo(kind="union")]
    here = a_here(city=with_offices(a_city(), register, (0,), weight))
    people = (a_migrant(who, need="dispute", knows_ngo=1 << UNION) for who in MANY)
    return {person.identity for person in people if plain(at_ngo.pick_ngo)(person, here, register) == 0}


@pytest.mark.mechanism("C11")
def test_fewer_get_to_an_office_the_farther_it_is():
    """C11: the same luck, the same people and fewer."""
    assert reaching(1.0) == set(MANY) > reaching(0.6) > reaching(0.1) != set()
    assert len(reaching(0.5)) == pytest.approx(0.5 * len(MANY), rel=0.15)


@pytest.mark.mechanism("C11", "C3")
def test_who_cannot_get_there_may_telephone():
    """C11, C3: the telephone is for those whom no office of the kind is within reach of."""
    register = [an_ngo(kind="union")]
    here = a_here(
        a_world({"ngos.telephone": 0.1}, phone_kinds=1 << UNION),
        with_offices(a_city(), register, (0,), 0.5),
    )
    people = [a_migrant(who, need="dispute", knows_ngo=1 << UNION) for who in MANY]
    phones = {p.identity for p in people if plain(telephone.is_there)(p, here, plain(case_of)(p, here))}
    assert phones == set(MANY) - reaching(0.5)


def test_near_offices_are_chosen_rather_than_far_ones():
    register = [an_ngo(kind="union", identity=1), an_ngo(kind="union", identity=2)]
    city = with_offices(with_offices(a_city(), register, (0,), 1.0), register, (1,), 0.25)
    people = (a_migrant(who, need="dispute", knows_ngo=1 << UNION) for who in MANY)
    chosen = [plain(at_ngo.pick_ngo)(person, a_here(city=city), register) for person in people]
    assert chosen.count(0) / len(chosen) == pytest.approx(0.8, abs=0.06)
    assert set(chosen) == {0, 1}


@pytest.mark.mechanism("C11")
def test_staff_falls_to_the_places_within_reach_in_whole_runs():
    """C11: all of it, to those near by whose cases are taken on; with more reach, more places have an NGO at all."""
    how = {"ngos.initial": 6, "ngos.founding": 0.0, "ngos.burnout": 0.0, "ngos.debt": 100.0}

    def served(reach):
        model = small_run(how, {"ngos.reach": reach}, months=14)
        cities = model.state.cities
        assert cities["ngo_staff"].sum() == pytest.approx(model.state.ngos["staff"].sum())
        yearly = model.ledger.table("places_yearly")
        last = yearly[yearly["year"] == yearly["year"].max()]
        assert last["ngo_within_reach"].sum() == pytest.approx(last["ngo_capacity"].sum())
        return int((cities["ngo_kinds"] != 0).sum())

    assert served(0.0) < served(200.0)
