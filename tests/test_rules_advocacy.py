"""Advocacy: openings, court cases, monitoring, lobbying the state; and the duty to report it eases (A4, C8)."""

from __future__ import annotations

import pytest
from crowd import who_has
from single import MANY, a_city, a_here, a_migrant, a_world, plain

from local_citizenship.agents import municipality, nation, needs
from local_citizenship.agents.apprehension import is_reported
from local_citizenship.agents.chance import REPORTED
from local_citizenship.agents.providers import state as state_offices
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import COETHNIC, DISPUTE, LEGAL, NEEDS, SERVICES


def won(opening, staff):
    """(what, row) of all that is opened in many towns."""
    cities = [a_city(row=row, ngo_staff=staff) for row in range(300)]
    world = a_world({"voice.opening": opening})
    for city in cities:
        plain(municipality.win_openings)(city, world)
    opened = {(name, city.row) for city in cities for n, name in enumerate(SERVICES) if city.open[n]}
    return opened | {("firewall", city.row) for city in cities if city.firewall}


@pytest.mark.mechanism("C8")
def test_lobbying_wins_openings():
    """C8: schools, emergency care and a firewall, more often where NGOs are strong; off, nowhere; and for good."""
    assert won(0.0, 50.0) == won(0.5, 0.0) == set() != won(0.5, 2.0) < won(0.5, 5.0)
    assert {name for name, _ in won(0.5, 5.0)} == {"schooling", "emergency", "firewall"}
    city = a_city(firewall=1, open={"schooling": 1})
    plain(municipality.win_openings)(city, a_world({"voice.opening": 0.0}))
    assert (city.firewall, city.open[SERVICES.index("schooling")]) == (1, 1)


def precedent(advocates=40.0, years=1, start=0.0, seed=7, **voice):
    usual = {"cases": 0.5, "won": 0.5, "precedent": 0.05, "forgotten": 0.0}
    state = a_world(precedent=start)
    for year in range(years):
        world = a_world({"voice": {**usual, **voice}}, month=12 * year, seed=seed)
        plain(nation.go_to_court)(state, world, advocates)
    return state.precedent


@pytest.mark.mechanism("C8")
def test_cases_that_are_won_make_precedents():
    """C8: the more cases and the more of them won, the more; off, or without advocates, none; never all."""
    assert precedent(cases=0.0) == precedent(0.0) == precedent(won=0.0) == 0.0
    assert 0.0 < precedent(20.0, won=1.0) < precedent(40.0, won=1.0) < precedent(40.0, 5, won=1.0) < 1.0
    assert precedent(won=1.0) == pytest.approx(1.0 - 0.95**20)
    assert precedent(0.5, won=1.0, seed=1) in (0.0, pytest.approx(0.05))  # a fraction of a case goes by lot


@pytest.mark.mechanism("C8")
def test_cases_can_be_lost_and_precedents_forgotten():
    """C8: what was won is narrowed by a case lost, fades with the years, and can rest between the two for long."""
    assert precedent(won=0.0, start=0.8) == pytest.approx(0.8 * 0.95**20)
    assert precedent(0.0, start=0.8, forgotten=0.1) == pytest.approx(0.72)
    assert precedent(0.0, start=0.8) == 0.8
    late = [precedent(years=40, seed=seed) for seed in range(12)]
    assert 0.3 < min(late) < max(late) < 0.7


@pytest.mark.mechanism("C8")
def test_two_towns_make_no_national_law():
    """C8: a world goes to court with the lawyers it has, and not with those of the country it is a part of."""
    names = ("precedent", "conceded")
    small = load_scenario(
        "two-towns", sets=["ngos.initial=20000", "ngos.founding=0.05", "voice.won=1"], months=64
    )
    model = LocalCitizenship(small)
    model.run()
    assert len(model.ngos) > 3
    assert max(model.ledger.table("nation")[list(names)].max()) < 0.15


@pytest.mark.mechanism("C8", "A9")
def test_officials_are_given_leeway_and_lose_it_where_crime_is_feared():
    """C8: by and by, the more workers the sooner; off, or without workers, not; concern takes it back."""

    def conceded(weight, workers, years=1, start=0.0, concern=0.0):
        state, world = a_world(conceded=start, perception=concern), a_world({"voice.state": weight})
        for _ in range(years):
            plain(nation.lobby_the_state)(state, world, workers)
        return state.conceded

    assert (
        conceded(0.0, 100.0) == conceded(0.001, 0.0) == 0.0 < conceded(0.001, 50.0) < conceded(0.001, 100.0)
    )
    assert conceded(0.001, 100.0) < conceded(0.001, 100.0, years=5) < conceded(0.01, 1e9) == 1.0
    assert conceded(0.0, 0.0, start=0.5, concern=1.0) < conceded(0.0, 0.0, start=0.5, concern=0.3) < 0.5
    assert conceded(0.001, 100.0, concern=0.5) < conceded(0.001, 100.0)


@pytest.mark.mechanism("C8")
def test_precedents_make_rights_count_for_more():
    """C8: with them the state delivers more of a right on paper, and nothing where there is none."""

    def delivered(right, precedent):
        world = a_world({"needs.dispute": {"right": right, "state_delivery": 0.3}}, precedent=precedent)
        return plain(state_offices.state_delivers)(world, LEGAL, DISPUTE)

    cases = (("legal", 0.0), ("legal", 0.5), ("nobody", 0.5))
    assert [delivered(*case) for case in cases] == pytest.approx([0.3, 0.65, 0.0])


@pytest.mark.mechanism("C8")
def test_officials_leeway_lets_fewer_be_reported():
    """C8: the legal, and those whom a firewall protects, never are."""

    def reported(leeway, rung="overstayer", protection=0.0):
        world = a_world({"enforcement.duty_to_report": 0.6}, conceded=leeway)
        return {w for w in MANY if plain(is_reported)(a_migrant(w, status=rung), world, REPORTED, protection)}

    assert reported(1.0) == reported(0.0, "legal") == reported(0.0, protection=1.0) == set()
    assert reported(0.5, protection=0.5) < reported(0.5) < reported(0.0)
    assert reported(0.5) != set()


@pytest.mark.mechanism("C8")
def test_monitoring_prevents_what_happens_at_work():
    """C8: unions that watch employers lower accidents, disputes and unpaid wages; off, nothing."""

    def rate(monitoring, monitored, need=DISPUTE):
        here = a_here(a_world({"voice.monitoring": monitoring}), a_city(monitored=monitored))
        return plain(needs.need_rate)(a_migrant(door=COETHNIC, family=1), here, need, 0.0)

    lowered = {name for n, name in enumerate(NEEDS) if rate(0.5, 1.0, n) < rate(0.5, 0.0, n)}
    assert lowered == {"accident", "dispute", "wages"}
    assert rate(0.5, 1.0) < rate(0.5, 0.4)
    assert rate(0.0, 1.0) == rate(0.0, 0.0)


# A4: offices of the state -------------------------------------------------------------------------------


@pytest.mark.mechanism("A4")
def test_offices_of_the_state_report_as_well():
    """A4: a claim on the state may end in detention, and no city's firewall holds there; the legal need not
    worry; leeway won by lobbying helps."""

    def reported(duty, firewall=0, status="overstayer", **shared):
        settings = {"enforcement.duty_to_report": duty, "fear.firewall": 1.0,
                    "needs.dispute": {"right": "anyone", "state_delivery": 0.5}}  # fmt: skip
        here = a_here(a_world(settings, **shared), a_city(firewall=firewall))
        return who_has("detained", state_offices.ask, here, status=status, need="dispute", need_since=100)

    assert reported(0.0) == reported(1.0, status="legal") == reported(1.0, conceded=1.0) == set()
    assert set() != reported(0.4) < reported(1.0)
    assert reported(0.4, firewall=1) == reported(0.4)
    assert reported(0.4, conceded=0.5) < reported(0.4)
