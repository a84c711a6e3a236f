"""Fear of apprehension: what feeds it, how it fades, whom it keeps from whom (D3)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from single import Records, a_city, a_here, a_migrant, a_world, plain
from small import small_places, small_run, total

from local_citizenship.agents import fear
from local_citizenship.model.raids import remember_raids
from local_citizenship.scenarios.catalogue import (
    DOORS,
)


def test_fear_follows_the_risk_of_those_who_run_one():
    def fears(national, here, status="overstayer", told=0.0, **settings):
        world = a_world(
            {"fear": {"weight": 2.0, "local": 0.4, "talk": 0.2, "circle": 0.0, **settings}},
            risk=national,
            talk=told,
        )
        return plain(fear.fear_of)(a_migrant(status=status), a_here(world, a_city(risk=here)))

    assert 0.0 < fears(0.1, 0.1) < fears(0.3, 0.1) < fears(0.3, 0.3) < fears(0.3, 0.3, told=0.2) < 1.0
    assert fears(0.3, 1.0, "legal") == fears(0.3, 1.0, "citizen") == fears(0.3, 1.0, weight=0.0) == 0.0
    assert 0.0 < fears(0.3, 0.0, "irregular") < fears(0.3, 0.0, "smuggled")
    assert fears(0.4, 0.0, local=1.0) == fears(0.4, 0.0, local=0.6, talk=0.4) == 0.0


@pytest.mark.mechanism("D3")
def test_fear_is_never_all_there_can_be():
    """D3: whatever the risk, one more raid frightens still."""
    world = a_world({"fear": {"weight": 40.0, "local": 1.0, "talk": 0.0, "circle": 0.0}})

    def fears(risk):
        return plain(fear.fear_of)(a_migrant(status="smuggled"), a_here(world, a_city(risk=risk)))

    assert fears(0.2) < fears(0.5) < fears(0.99) < fears(1.0) < 1.0
    assert fears(1.0 / 40.0) == pytest.approx(0.5)


@pytest.mark.mechanism("D3")
def test_what_happens_to_compatriots_frightens_wherever_it_happens():
    """D3: a group's raids are told among its own, and no others."""
    world = a_world({"fear": {"local": 0.0, "talk": 1.0}})
    group = int(world.group_of_door[DOORS.index("visitor")])
    world.talk[group] = 0.5
    afraid = {
        door: plain(fear.fear_of)(a_migrant(status="overstayer", door=door), a_here(world)) for door in DOORS
    }
    own = {door for n, door in enumerate(DOORS) if world.group_of_door[n] == group}
    assert {door for door in DOORS if afraid[door] > 0.0} == own != set(DOORS)


@pytest.mark.mechanism("D3")
def test_raids_are_heard_of_from_compatriots_in_the_place():
    """D3: the more of one's own group live there, the more is heard of raids near by; others' do not count; with no
    circle needed, all is."""

    def fears(compatriots, others=0, **settings):
        world = a_world({"fear": {"local": 1.0, "talk": 0.0, "circle": 100.0, **settings}})
        groups = np.full_like(a_city().by_group, others)
        groups[world.group_of_door[DOORS.index("visitor")]] = compatriots
        here = a_here(world, a_city(risk=0.2, by_group=groups))
        return plain(fear.fear_of)(a_migrant(status="overstayer", door="visitor"), here)

    assert 0.0 < fears(1) < fears(100) < fears(2000) < fears(1, circle=0.0)
    assert fears(50, others=4000) == fears(50)


@pytest.mark.mechanism("D3")
def test_a_raid_elsewhere_frightens_less_than_one_here():
    """D3: with the same raid, most in the place, less in a town in reach, by `fear.reach`, and not at all beyond."""

    def risks(reach):
        world = a_world({"fear": {"fading": 12.0, "reach": reach}, "enforcement.raids": 1.0})
        cities = Records(a_city(row=row, unauthorised=100, raid=0.1 * (row == 0)) for row in range(3))
        for city in cities:
            city.neighbours[:] = 2
        cities[1].neighbours[0] = 0
        plain(remember_raids)(world, cities)
        return [city.risk for city in cities]

    here, in_reach, beyond = risks(0.2)
    assert 0.0 == beyond < in_reach < here
    assert risks(0.0)[1] == 0.0 < in_reach < risks(1.0)[1]


@pytest.mark.mechanism("D3")
def test_fear_differs_between_places_that_were_raided_and_others_in_whole_runs():
    """D3: with the same raids, the more what is near by counts, the more fear differs between places; where nobody is
    taken in raids, or only the news counts, it does not."""

    def spread(**settings):
        model = small_run({"enforcement.apprehension": 0.02, "fear.circle": 0.0, **settings}, months=36)
        (world,), cities = (part.view(np.recarray) for part in (model.state.world, model.state.cities))
        somebody = a_migrant(status="overstayer")
        return np.std(
            [plain(fear.fear_of)(somebody, SimpleNamespace(world=world, city=city)) for city in cities]
        )

    near, far, none, news = (
        spread(**{"fear.local": 0.6}),
        spread(**{"fear.local": 0.1}),
        spread(**{"enforcement.raids": 0.0}),
        spread(**{"fear.local": 0.0, "fear.talk": 0.0}),
    )
    assert near > 2.0 * far > 0.0
    assert none < 0.1 * near
    assert news == 0.0


@pytest.mark.mechanism("D3")
def test_a_raid_alarms_at_once_and_fades():
    """D3: raids near by are remembered, and forgotten by and by; raids now and then frighten as much in the mean as the
    same number spread evenly."""
    world = a_world({"fear": {"fading": 12.0, "reach": 0.2}, "enforcement.raids": 1.0})
    cities = Records(a_city(row=row, unauthorised=100, raid=0.05 * (row == 1)) for row in range(3))
    for city in cities:
        city.neighbours[:] = (city.row + 1) % 3 if city.row < 2 else 2  # the third looks at nobody but itself
    plain(remember_raids)(world, cities)
    one, here, alone = (city.risk for city in cities)
    assert 0.0 == alone < here < one
    cities[1].raid = 0.0
    plain(remember_raids)(world, cities)
    assert cities[1].risk == pytest.approx(11.0 / 12.0 * here)

    def mean(seen):
        risk, sum_ = 0.1, 0.0
        for month in range(1200):
            risk = plain(fear.remembered)(world, risk, seen[month % len(seen)])
            sum_ += risk
        return sum_ / 1200

    assert mean((0.0, 0.0, 0.0, 0.4)) == pytest.approx(mean((0.1,)), abs=1e-3)


@pytest.mark.mechanism("D3")
def test_a_firewall_is_trusted_by_and_by_and_lost_at_once():
    """D3: trust grows with the months it holds; reports cost it, and an end of the firewall nearly all of it."""

    def trust(months, firewall=1, start=0.0, reported=0, breach=10.0, lost=3.0):
        city = a_city(firewall=firewall, trust=start, unauthorised=100)
        for _ in range(months):
            world = a_world({"fear": {"trust": 24.0, "breach": breach, "trust_lost": lost}})
            plain(fear.trust_firewall)(city, world, reported)
        return city.trust

    assert 0.0 < trust(1) < trust(24) < trust(120) < 1.0
    assert trust(24) == pytest.approx(1 - (1 - 1 / 24) ** 24)
    assert trust(6, firewall=0, start=1.0) < 0.1 < 0.9 < trust(6, start=1.0)
    assert trust(1, firewall=0, start=1.0, lost=1.0) == 0.0 < 0.7 < trust(6, firewall=0, start=1.0, lost=24.0)
    assert trust(1, start=1.0, reported=5) == pytest.approx(0.5)
    assert trust(1, start=1.0, reported=5, breach=0.0) == trust(1, start=1.0) == 1.0
    assert trust(120, reported=2) < trust(120)


@pytest.mark.mechanism("D3")
def test_fear_keeps_from_government_more_than_from_ngos_and_a_firewall_helps():
    """D3: with one nerve and one fear, whoever dares the town hall dares an NGO, not the reverse."""
    world = a_world({"fear": {"government": 1.0, "ngos": 0.2, "firewall": 0.7}})
    nerves = np.linspace(0.0, 0.999, 500)

    def share(rule, around):
        return np.mean([plain(rule)(nerve, 0.6, around) for nerve in nerves])

    open_hall, behind_firewall = (share(fear.dares_city, a_here(world, a_city(trust=f))) for f in (0, 1))
    assert open_hall == share(fear.dares_state, world) == pytest.approx(0.4, abs=0.01)
    assert behind_firewall == pytest.approx(1 - 0.6 * 0.3, abs=0.01)
    assert share(fear.dares_ngo, world) == pytest.approx(1 - 0.6 * 0.2, abs=0.01)


def test_fear_lowers_claims_on_government_less_on_ngos_in_whole_runs():
    base = {"services.*.open_to_unauthorised": 1.0, "city.firewall": 0.0,
            "enforcement": {"duty_to_report": 0.0, "apprehension": 0.02}}  # fmt: skip

    def run(settings):
        model = small_run(base, settings, places=small_places(level=0.8))
        return {column: np.array([total(model, column, status=status) for status in ("overstayer", "smuggled")])
                for column in ("served_city", "willing", "ngo_served")}  # fmt: skip

    many = {"ngos": {"cases_per_staff": 200.0, "initial": 30}}
    calm, afraid = run({**many, "fear.weight": 0.0}), run({**many, "fear": {"weight": 20.0, "ngos": 0.1}})
    assert (afraid["served_city"] < 0.5 * calm["served_city"]).all()
    assert (afraid["willing"] < calm["willing"]).all()
    # NGOs are feared as well, but much less than the town hall.
    still_by_ngos = afraid["ngo_served"].sum() / calm["ngo_served"].sum()
    assert still_by_ngos > 1.2 * afraid["served_city"][0] / calm["served_city"][0]
    sheltered = run({"fear": {"weight": 20.0, "firewall": 1.0}, "city.firewall": 1.0})
    assert sheltered["served_city"][0] > afraid["served_city"][0]
