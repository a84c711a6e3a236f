"""What makes cities differ that are alike: will, elections, agenda, stance, the draw of places (B5, B6, B9, B10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from single import MANY, a_city, a_world, plain
from small import small_places, small_run

from local_citizenship.agents.cities import adoption, agenda, hostility, reasons, will
from local_citizenship.agents.rows import Row
from local_citizenship.agents.rule import interpreted
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import SERVICES
from local_citizenship.scenarios.places_draw import draw_will
from local_citizenship.scenarios.schema import SHIPPED

LANGUAGE = SERVICES.index("language")
QUIET = {
    "city": dict.fromkeys(("pioneers", "neighbours", "similar", "rivalry", "advocacy", "incidents"), 0.0)
}
motivation_of = plain(reasons.motivation_of)


@pytest.mark.mechanism("B10")
def test_will_moves_cities_alike_in_all_else_apart():
    """B10: of both signs, by its weight; off, cities alike do alike."""

    def motivation(own, weight):
        return motivation_of(
            a_city(will=own, history=1.0), a_world({"city.will": weight, "city.conflict": 0.0})
        )

    assert motivation(-1.0, 0.1) < motivation(0.0, 0.1) < motivation(1.0, 0.1) < motivation(1.0, 0.2)
    assert motivation(1.0, 0.0) == motivation(-1.0, 0.0)


def after_election(elections=1.0, own_will=0.0, lasting=0.6):
    """The will of many cities, all indifferent before, a year later."""
    world = a_world({"city": {"elections": elections, "own_will": lasting}})
    cities = [a_city(row=row, own_will=own_will) for row in MANY]
    for city in cities:
        plain(will.hold_elections)(city, world)
    return np.array([city.will for city in cities])


@pytest.mark.mechanism("B10")
def test_elections_turn_will_and_return_it_to_the_places_own():
    """B10: some places a year get a new mayor, of a mind of their own, but partly of the place's."""
    assert (after_election(0.0) == 0.0).all()
    assert (after_election(0.25) != 0.0).mean() == pytest.approx(0.25, abs=0.06)
    assert after_election().mean() == pytest.approx(0.0, abs=0.06)
    assert after_election(own_will=1.0).mean() == pytest.approx(0.6, abs=0.06)
    assert after_election(own_will=1.0, lasting=1.0) == pytest.approx(1.0)
    assert after_election(lasting=0.0).std() == pytest.approx(1.0, abs=0.1)
    assert after_election(lasting=0.6).std() == pytest.approx(0.4, abs=0.05)


@pytest.mark.mechanism("B6")
def test_a_regions_politics_turn_for_all_its_cities_at_once():
    """B6: a governor, drawn once for a region, takes after its history; none is elected, nothing changes."""

    def autonomy(elections, own=0.5):
        cities = [a_city(row=row, region=row % 20, own_autonomy=own, autonomy=own) for row in range(60)]
        for city in cities:
            plain(will.elect_governors)(city, a_world({"city.elections": elections}))
        return np.array([city.autonomy for city in cities]).reshape(3, 20)

    assert (autonomy(0.0) == 0.5).all()
    new = autonomy(1.0)
    assert (new == new[0]).all()
    assert len(set(new[0])) == 20
    assert (np.abs(new) <= 1.0).all()
    assert new[0].mean() > autonomy(1.0, own=-0.5)[0].mean() + 0.4


def brought_up(*settings, near=0.0, alike=0.0, best=0.0, service=LANGUAGE, **fields):
    return plain(agenda.brought_up)(a_city(**fields), a_world(QUIET, *settings), service, near, alike, best)


@pytest.mark.mechanism("B5", "B10")
@pytest.mark.parametrize(
    ("cause", "none", "some", "much"),
    [
        ("pioneers", {"will": SHIPPED.city.pioneers_from}, {"will": 1.2}, {"will": 3.0}),
        ("neighbours", {"near": 0.0}, {"near": 0.5}, {"near": 1.0}),
        ("similar", {"alike": 0.0}, {"alike": 0.5}, {"alike": 1.0}),
        ("rivalry", {"best": 0.0}, {"best": 0.5}, {"best": 1.0}),
        ("advocacy", {"ngo_staff": 0.0}, {"ngo_staff": 2.0}, {"ngo_staff": 50.0}),
        ("incidents", {"tension": 0.0}, {"tension": 0.4}, {"tension": 1.0}),
        ("incidents", {"risk": 0.1}, {"risk": 0.4}, {"risk": 2.0}),
    ],
)
def test_who_brings_something_new_up(cause, none, some, much):
    """B5, B10: pioneers, other cities, NGOs, an incident: each alone, by its strength; off, or without, nobody."""
    on = {"city": {cause: 0.7}}
    none, some, much = ({"risk": 0.0, **each} for each in (none, some, much))
    assert brought_up(**much) == pytest.approx(0.0)
    assert brought_up(on, **none) == pytest.approx(0.07 if cause == "incidents" and none["risk"] else 0.0)
    assert brought_up(on, **none) < brought_up(on, **some) < brought_up(on, **much) == pytest.approx(0.7)


@pytest.mark.mechanism("B10")
def test_how_strong_a_will_makes_a_pioneer():
    """B10: a stronger one is asked for, and fewer are."""
    at = [
        brought_up({"city": {"pioneers": 0.7, "pioneers_from": least}}, will=1.2) for least in (0.2, 0.8, 1.2)
    ]
    assert at == pytest.approx([0.7, 0.28, 0.0])


@pytest.mark.mechanism("B4", "A5", "B10")
def test_the_law_and_the_nation_bring_it_up_everywhere():
    """B4, A5: what the law demands is no news to anybody; a model ordinance is, for the ordinance alone."""
    assert {name for number, name in enumerate(SERVICES) if brought_up(service=number) == 1.0} == {
        name for name, service in SHIPPED.services.items() if service.by_law
    }
    one = {"policy.guidance": 0.6, "services.*.guided": 0.0, "services.ordinance.guided": 1.0}
    assert brought_up(one) == 0.0
    assert brought_up(one, service=SERVICES.index("ordinance")) == pytest.approx(0.6)
    follow, world = plain(adoption.follow_guidance), a_world(one)
    assert follow(a_city(), world, LANGUAGE, 0.2) == pytest.approx(0.2)
    assert follow(a_city(), world, SERVICES.index("ordinance"), 0.2) == pytest.approx(0.2 + 0.6 * 0.3)


@pytest.mark.mechanism("B10")
def test_contagion_needs_somebody_to_bring_it_up_and_threshold_does_not():
    """B10: the rival rules differ in what is new; what a city has comes up by its pace under both."""

    def coming_up(rule, level=0.0, near=0.0):
        world = a_world(QUIET, {"city": {"adoption": rule, "neighbours": 0.5, "pace": 0.6}})
        comes = plain(agenda.comes_on_agenda)
        cities = ((row, a_city(level, row=row)) for row in MANY)
        return {row for row, city in cities if comes(city, world, LANGUAGE, near, 0.0, 0.0, -1)}

    assert (
        coming_up("contagion") == set() != coming_up("contagion", near=0.5) < coming_up("contagion", near=1.0)
    )
    assert coming_up("contagion", near=1.0) < coming_up("threshold") == coming_up("contagion", level=0.3)


@pytest.mark.mechanism("B5")
def test_norms_move_with_those_who_have_adopted():
    """B5: what all others offer is what a city does; off, it is not."""
    norm = plain(agenda.norm_among)
    assert norm(a_world({"city.norm": 0.2}), 1.0, 1.0) == pytest.approx(0.2)
    assert norm(a_world({"city.norm": 0.2}), 0.5, 0.0) == pytest.approx(0.05)
    assert norm(a_world({"city.norm": 0.0}), 1.0, 1.0) == 0.0


@pytest.mark.mechanism("B9")
def test_conflict_moves_some_cities_and_hardens_others():
    """B9: by who speaks: NGOs, a council and the settled for migrants, the prejudiced against, the louder the more has
    happened here; without tension, or with nobody to speak, neither. What those who govern want, and what concerns the
    country, is another matter."""

    def added(tension=0.4, outcry=1.0, acquaintance=0.5, **fields):
        public = {"public": {"outcry": outcry, "acquaintance": acquaintance}}
        world = a_world(
            {"city": {"conflict": 0.4, "history": 1.0}}, public, perception=fields.pop("perception", 0.0)
        )
        calm, tense = (a_city(history=1.0, tension=t, **fields) for t in (0.0, tension))
        return motivation_of(tense, world) - motivation_of(calm, world)

    assert added(tension=0.0, ngo_staff=9.0) == added(outcry=0.0) == pytest.approx(0.0)
    for speaker in ({"ngo_staff": 4.0}, {"voice": 0.6}, {"settled": 900}):
        assert added() < 0.0 < added(**speaker), speaker
        assert added(prejudice=3.0, **speaker) < 0.0, speaker
        assert added(outcry=5.0, **speaker) < 0.0 < added(outcry=0.5, **speaker), speaker
        assert added(risk=0.9, **speaker) < added(**speaker) == added(perception=0.9, **speaker), speaker
    assert added(settled=900, acquaintance=0.0) == pytest.approx(added())
    assert added(will=-1.0) == added(will=1.0)
    stance = plain(hostility.stance)
    assert stance(a_city(voice=1.0), a_world(), 0.0) == 1.0
    assert stance(a_city(tension=0.3), a_world(), 0.0) == -1.0


@pytest.mark.mechanism("B9")
def test_with_shipped_values_conflict_moves_more_migrants_cities_than_it_hardens():
    """B9: in a country where NGOs are at work and the public is concerned; by louder hostile voices, fewer."""

    def moved(outcry):
        settings = {"public": {"outcry": outcry, "alarm": 5.0}, "ngos": {"initial": 12}}
        model = small_run(settings, months=60, places=small_places(towns=30))
        state = model.state
        sides = np.array(
            [
                interpreted(reasons.conflict_term)(Row(state.cities, row), Row(state.world, 0))
                for row in range(30)
            ]
        )
        people = state.cities["migrants"]
        return people[sides > 0.0].sum() - people[sides < 0.0].sum()

    assert moved(SHIPPED.public.outcry) > max(0, moved(5.0))


@pytest.mark.mechanism("B6")
def test_a_regions_baseline_goes_with_the_history_of_its_places():
    """B6: where places have a long history with foreigners their region stands above; and whoever else is on the table
    changes neither."""
    drawn = load_scenario("japan-drawn")
    cities = LocalCitizenship(drawn).state.cities
    regions = range(len(drawn.places.regions))
    history, baseline = (
        np.array([cities[name][cities["region"] == region].mean() for region in regions])
        for name in ("history", "own_autonomy")
    )
    assert np.corrcoef(history, baseline)[0, 1] > 0.6


def drawn_with(seed):
    """The small country, with another luck of its places."""
    places = small_places()
    return replace(places, seed=seed, will=draw_will(seed, places.code))


@pytest.mark.mechanism("B10", "B12", "B6")
def test_the_draw_of_places_is_not_the_luck_of_the_run():
    """B6, B10, B12: lasting will, autonomy and prejudice go by places_seed, and not by the seed."""
    one, same, other = (
        small_run(months=1, seed=seed, places=drawn_with(drawn)).state.cities
        for seed, drawn in ((1, 1), (2, 1), (1, 2))
    )
    for name in ("own_will", "own_autonomy", "own_prejudice"):
        assert np.array_equal(one[name], same[name]), name
        assert not np.array_equal(one[name], other[name]), name
    assert not np.array_equal(one["will"], same["will"])
    assert (one["own_prejudice"] > 0.0).all()


@pytest.mark.mechanism("B10")
def test_services_come_and_go_in_whole_runs():
    """B10: where will counts and mayors change, some services are begun and some are cut; where nobody is elected and
    all else stands still, none is cut."""
    still = {"doors.*.arrivals": 0.0, "doors.*.moving": 0.0, "doors.*.leaving": 0.0, "city.revenue_limits": False,
             "public": {"inflow": 0.0, "hostility": 0.0}, "needs.*.rate": 0.0, "enforcement.apprehension": 0.0,
             "ngos.enabled": False}  # fmt: skip

    def changes(**city):
        settings = {"will": 0.8, "pace": 1.0, "pioneers": 1.0, "habit": 0.05, "head_start": 0, **city}
        model = small_run(still, {"city": settings}, months=96, places=small_places(towns=30))
        yearly = model.ledger.tables()["places_yearly"]
        offered = yearly.filter(like="level_").to_numpy().reshape(-1, 30, len(SERVICES)) > 0.05
        return (~offered[:-1] & offered[1:]).sum(), (offered[:-1] & ~offered[1:]).sum()

    begun, cut = changes()
    assert begun > 20
    assert cut > 5
    assert changes(elections=0.0, size=0.0, dependence=0.0)[1] < 0.2 * cut
