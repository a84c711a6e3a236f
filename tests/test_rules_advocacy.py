"""Advocacy: openings, court cases, monitoring, lobbying the state; and the duty to report it eases (A4, C8)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from crowd import who_has
from single import MANY, a_city, a_here, a_migrant, a_world, plain

from local_citizenship.agents import nation, needs
from local_citizenship.agents.apprehension import is_reported
from local_citizenship.agents.chance import REPORTED
from local_citizenship.agents.cities import access
from local_citizenship.agents.providers import state as state_offices
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import COETHNIC, DISPUTE, LEGAL, NEEDS, SERVICES


def won(opening, staff, before=0, lapse=0.0, motivation=1.0, left_out=0):
    """(what, row) of all that is open in many towns a year after, none of which would open anything by itself."""
    before_ = dict.fromkeys(("schooling", "emergency"), before)
    state = {"ngo_staff": staff, "firewall": before, "open": before_, "motivation": motivation}
    unmet = {"unmet": {"schooling": 10}, "left_out": {"schooling": left_out}}
    cities = [a_city(1.0, row=row, **state, **unmet) for row in range(300)]
    world = a_world({"voice": {"opening": opening, "lapse": lapse}, "city.firewall": 0.0},
                    {"services.*.open_to_unauthorised": 0.0})  # fmt: skip
    near = np.array([[0] if staff else [-1]])
    for city in cities:
        city.near, city.near_weight = near, np.array([[min(1.0, staff / 5.0)]])
        for service, _ in enumerate(SERVICES):
            plain(access.decide_opening)(city, world, service, 0.0)
        plain(access.decide_firewall)(city, world, 0.0)
    opened = {(name, city.row) for city in cities for n, name in enumerate(SERVICES) if city.open[n]}
    return opened | {("firewall", city.row) for city in cities if city.firewall}


@pytest.mark.mechanism("C8")
def test_lobbying_wins_openings():
    """C8: schools, emergency care and a firewall, more often where NGOs are strong; off, nowhere."""
    assert won(0.0, 50.0) == won(0.5, 0.0) == set() != won(0.5, 2.0) < won(0.5, 5.0)
    assert {name for name, _ in won(0.5, 5.0)} == {"schooling", "emergency", "firewall"}


@pytest.mark.mechanism("C8", "B10")
def test_zeal_and_need_carry_an_opening():
    """C8: the keener the city, and the more of what goes unmet is of people whom no office serves; alone, neither."""
    assert (
        won(0.5, 5.0, motivation=0.0)
        == set()
        != won(0.5, 5.0, motivation=1.0)
        < won(0.5, 5.0, motivation=2.0)
    )
    called = won(0.5, 5.0, motivation=0.0, left_out=10)
    assert {name for name, _ in called} == {"schooling", "firewall"}  # emergency care answers no such need
    assert set() != won(0.5, 5.0, motivation=0.0, left_out=4) < called
    assert won(0.5, 0.0, motivation=2.0, left_out=10) == set()


@pytest.mark.mechanism("C8")
def test_what_was_won_is_lost_where_nobody_stands_up_for_it():
    """C8: the sooner, the farther the nearest NGO is off by now; but for what a city would give by itself."""
    all_there_is = won(0.0, 0.0, before=1)
    assert won(0.0, 0.0, 1, lapse=0.6) < won(0.0, 0.0, 1, lapse=0.3) < all_there_is
    far, nearer = won(0.0, 0.5, 1, lapse=0.6), won(0.0, 2.5, 1, lapse=0.6)
    assert won(0.0, 0.0, 1, lapse=0.6) < far < nearer < won(0.0, 5.0, 1, lapse=0.6) == all_there_is
    city, own = a_city(firewall=1), a_world({"city.firewall": 1.0, "voice.lapse": 1.0})
    plain(access.decide_firewall)(city, own, 0.0)
    assert city.firewall == 1


def judgments(advocates=40.0, years=1, start=0.0, seed=7, grounds=None, **voice):
    """What there is to cite, by need, after so many years in court over these grounds."""
    usual = {"cases": 0.5, "won": 0.5, "setback": 0.5, "forgotten": 0.0}
    weights = np.zeros(len(NEEDS))
    for need, unmet in (grounds or {"wages": 1.0}).items():
        weights[NEEDS.index(need)] = unmet
    state = SimpleNamespace(judgments=np.full(len(NEEDS), start))
    for year in range(years):
        world = a_world({"voice": {**usual, **voice}}, month=12 * year, seed=seed)
        plain(nation.go_to_court)(state, world, weights, advocates)
    return dict(zip(NEEDS, state.judgments, strict=True))


def on_wages(*arguments, **voice):
    return judgments(*arguments, **voice)["wages"]


@pytest.mark.mechanism("C8")
def test_cases_that_are_won_make_precedents():
    """C8: the more cases and the more of them won, the more; off, or without advocates, none; on the ground that they
    were about, the more often, the more goes unmet."""
    assert on_wages(cases=0.0) == on_wages(0.0) == on_wages(won=0.0) == 0.0
    assert on_wages(40.0, won=1.0) == 20.0 < on_wages(40.0, 5, won=1.0) == 100.0
    assert on_wages(0.5, won=1.0, seed=1) in (0.0, 1.0)  # a fraction of a case goes by lot
    both = judgments(400.0, won=1.0, grounds={"wages": 3.0, "dispute": 1.0})
    assert both["wages"] > 2.0 * both["dispute"] > 0.0 == both["illness"]
    assert both["wages"] + both["dispute"] == 200.0


@pytest.mark.mechanism("C8")
def test_rights_count_for_more_with_every_judgment_and_never_in_full():
    """C8: each judgment adds less than the one before; the more are brought for years, the more there is at last."""

    def counts(number):
        return plain(nation.precedent_of)(number, a_world({"voice.precedent": 15.0}))

    steps = np.diff([counts(number) for number in range(0, 400, 10)])
    assert counts(0.0) == 0.0 < counts(15.0) == 0.5 < counts(400.0) < 1.0
    assert (steps > 0.0).all()
    assert (np.diff(steps) < 0.0).all()
    few, many = (np.mean([on_wages(n, 60, seed=s, forgotten=0.03) for s in range(6)]) for n in (10.0, 40.0))
    assert counts(few) + 0.1 < counts(many)


@pytest.mark.mechanism("C8")
def test_only_rights_on_paper_are_tried_by_those_who_go_to_court():
    """C8: what no migrant has a right to, or no NGO that goes to court takes, is not."""

    def tried(settings):
        world = a_world(settings)
        return {need for n, need in enumerate(NEEDS) if plain(nation.may_be_tried)(world, n)}

    assert tried({}) == {"accident", "dispute", "wages", "papers"}
    assert tried({"needs.wages.right": "nobody"}) == {"accident", "dispute", "papers"}
    assert tried({"ngo_kinds.*.courts": False}) == set()


@pytest.mark.mechanism("C8")
def test_cases_can_be_lost_and_precedents_forgotten():
    """C8: what was won is narrowed by a case lost, fades with the years, and depends on who judges."""
    assert on_wages(won=0.0, start=30.0) == 20.0
    assert on_wages(won=0.0, start=3.0) == 0.0
    assert on_wages(0.0, start=8.0, forgotten=0.1) == pytest.approx(7.2)
    assert on_wages(0.0, start=8.0) == 8.0
    hostile, even, friendly = (on_wages(years=20, won=won, forgotten=0.1) for won in (0.2, 0.5, 0.8))
    assert hostile < even < friendly


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
        return plain(state_offices.state_delivers)(world, LEGAL, DISPUTE, 0)

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
