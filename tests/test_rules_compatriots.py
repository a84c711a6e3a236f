"""Compatriots are of one nation: a group of many nations is no community of its own size (D14), whatever asks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from single import a_city, a_here, a_migrant, a_world, an_ngo, plain

from local_citizenship.agents import compatriots, fear, ngo
from local_citizenship.agents.cities import voice
from local_citizenship.agents.providers import informal
from local_citizenship.agents.providers import state as state_office
from local_citizenship.model.month import note_fear
from local_citizenship.scenarios.catalogue import DOORS

pytestmark = pytest.mark.mechanism("D14")
VISITOR, STUDENT = (DOORS.index(name) for name in ("visitor", "student"))
FOUR = {"doors.visitor.nations": 4.0}


def of_four_and_of_one(ask):
    """What comes of a question in a world where visitors are of four nations, and where they are of one."""
    return ask(a_world(FOUR)), ask(a_world())


def test_a_group_of_four_nations_has_a_quarter_of_the_compatriots():
    """And groups that share a name share their nations, the most that a category of theirs names."""
    city = a_city(by_group={"visitor": 400, "student": 400})
    for name, parts in (("visitor", 4.0), ("student", 1.0)):
        group = DOORS.index(name)
        four, one = of_four_and_of_one(
            lambda world, g=group: plain(compatriots.compatriots_in)(city, world, g)
        )
        assert one == parts * four == 400.0
    shared = a_world(FOUR, {"doors.student.group": "visitor"})
    group = shared.group_of_door[STUDENT]
    assert group == shared.group_of_door[VISITOR]
    assert shared.nations_of_group[group] == 4.0
    assert set(np.delete(shared.nations_of_group, group)) == {1.0}


@pytest.mark.mechanism("C12")
def test_fewer_compatriots_to_help():
    """C12: four hundred of four nations help as a hundred of one."""

    def circle(number):
        city = a_city(by_group={"visitor": number})
        person = a_migrant(door="visitor", arrived=-20)
        return lambda **nations: plain(informal.circle_of)(
            person, a_here(a_world({"informal.circle": 0.5}, nations), city)
        )

    assert 0.0 < circle(400)(**FOUR) < circle(400)()
    assert circle(400)(**FOUR) == pytest.approx(circle(100)())  # oneself is no one's helper


@pytest.mark.mechanism("D3")
def test_less_is_told_of_raids_near_by():
    """D3: from mouth to mouth, among those who understand one another."""

    def told(number):
        city = a_city(risk=0.2, by_group={"visitor": number})
        return lambda world: plain(fear.risk_as_told)(city, world, VISITOR)

    four, one = of_four_and_of_one(told(400))
    assert four < one
    assert four == pytest.approx(told(100)(a_world()))


@pytest.mark.mechanism("B8")
def test_no_seat_in_the_council_by_mere_number():
    """B8: of three hundred of four nations nobody is one of the largest groups where two hundred are of one."""

    def seats(world):
        city = a_city({"council": 1.0}, by_group={"visitor": 300, "student": 200})
        plain(voice.seat_the_council)(city, world)
        return [bool(city.seats[group]) for group in (VISITOR, STUDENT)]

    world = {"voice.seats": 1}
    assert seats(a_world(world)) == [True, False]
    assert seats(a_world(world, FOUR)) == [False, True]


@pytest.mark.mechanism("B8")
def test_a_seat_speaks_for_one_nation_of_its_group():
    """B8: of four nations with one seat, one in four is spoken for."""
    city = a_city({"council": 1.0}, fit=0.5, by_group={"visitor": 300})

    def gain(world):
        plain(voice.seat_the_council)(city, world)
        return plain(voice.fit_for)(a_migrant(door="visitor", settler=1), a_here(world, city), 0) - 0.5

    four, one = of_four_and_of_one(gain)
    assert one == pytest.approx(4.0 * four)
    assert four > 0.0


@pytest.mark.mechanism("C6")
def test_whom_an_ngo_narrows_itself_to():
    """C6: those of one nation of whom most live here."""
    city = a_city(by_group={"visitor": 300, "student": 200})
    of_four, of_one = of_four_and_of_one(lambda world: plain(compatriots.largest_group)(city, world))
    assert (of_four, of_one) == (STUDENT, VISITOR)
    everybody = {"ngos": {"specialised": 1.0}}
    groups = set()
    for identity in range(40):
        office = an_ngo(identity=identity)
        plain(ngo.find_profile)(office, a_world(everybody, FOUR), city)
        groups.add(office.group)
    assert groups == {-1, STUDENT}


@pytest.mark.mechanism("A6")
def test_for_whom_a_uniform_programme_is_made():
    """A6: for those of the largest nation."""

    def usual(world):
        stock = np.zeros((len(DOORS), 6))
        stock[VISITOR, 2], stock[STUDENT, 2] = 300, 150
        plain(state_office.count_the_usual)(world, SimpleNamespace(stock=stock))
        return world.usual[VISITOR], world.usual[STUDENT]

    four, one = of_four_and_of_one(usual)
    assert (four, one) == ((0.5, 1.0), (1.0, 0.5))


@pytest.mark.mechanism("D3")
def test_fear_in_the_country_is_that_of_those_who_are_there():
    """D3: of an overstayer of each group, wherever some live; the unauthorised of a place shared as all who live
    there, so that the place with more of them counts for more."""
    world = a_world({"fear": {"local": 1.0, "talk": 0.0, "circle": 100.0}})
    calm = a_city(risk=0.1, unauthorised=100, by_group={"visitor": 1_000})
    raided = a_city(risk=0.4, unauthorised=300, by_group={"visitor": 50, "student": 150})
    empty = a_city(risk=0.9, unauthorised=0, by_group={"visitor": 1_000})

    def afraid(door, city):
        return plain(fear.fear_of)(a_migrant(door=door, status="overstayer"), a_here(world, city))

    def noted(*cities):
        nation = SimpleNamespace(mean_fear=0.0)
        plain(note_fear)([nation], [world], np.array(cities, object))
        return nation.mean_fear

    assert noted(calm) == pytest.approx(afraid("visitor", calm))
    both = (
        100 * afraid("visitor", calm) + 75 * afraid("visitor", raided) + 225 * afraid("student", raided)
    ) / 400
    assert noted(calm, raided, empty) == pytest.approx(both)
    assert noted(empty) == 0.0
