"""Advocacy: openings, court cases, monitoring, lobbying the state; and the duty to report it eases (A4, C8)."""

from __future__ import annotations

import pytest
from small import MANY, a_city, a_here, a_migrant, a_world, plain, small_places, small_run, total

from local_citizenship.agents import municipality, nation, needs
from local_citizenship.agents.apprehension import is_reported
from local_citizenship.agents.chance import REPORTED
from local_citizenship.agents.providers import state as state_offices
from local_citizenship.scenarios.catalogue import (
    COETHNIC,
    DISPUTE,
    EMERGENCY,
    LEGAL,
    NEEDS,
    NGO_KINDS,
    OVERSTAYER,
    SCHOOLING,
    SERVICES,
)

# C8 -----------------------------------------------------------------------------------------------------


def won(opening, staff):
    world = a_world({"voice": {"opening": opening}})
    cities = [a_city(row=row, ngo_staff=staff) for row in range(300)]
    for city in cities:
        plain(municipality.win_openings)(city, world)
    may = {"schooling": SCHOOLING, "emergency": EMERGENCY}
    assert not any(
        city.open[[s for s in range(len(SERVICES)) if s not in may.values()]].any() for city in cities
    )
    opened = {(name, city.row) for city in cities for name, service in may.items() if city.open[service]}
    return opened | {("firewall", city.row) for city in cities if city.firewall}


@pytest.mark.mechanism("C8")
def test_lobbying_wins_openings():
    """C8: schools, emergency care and a firewall, more often where NGOs are strong; off, nowhere."""
    assert won(0.0, 50.0) == won(0.5, 0.0) == set() != won(0.5, 2.0) < won(0.5, 5.0)
    assert {name for name, _ in won(0.5, 5.0)} == {"schooling", "emergency", "firewall"}


@pytest.mark.mechanism("C8")
def test_what_is_won_stays_won():
    """C8: a city that has opened does not close again."""
    city = a_city(firewall=1)
    city.open[SCHOOLING] = 1
    plain(municipality.win_openings)(city, a_world({"voice": {"opening": 0.0}}))
    assert (city.firewall, city.open[SCHOOLING]) == (1, 1)


def gained(rule, field, setting, weight, workers, years=1):
    """What so many years of advocacy gain of the nation."""
    state, world = a_world(**{field: 0.0}), a_world({"voice": {setting: weight}})
    for _ in range(years):
        plain(rule)(state, world, workers)
    return getattr(state, field)


def precedent(*how, **years):
    return gained(nation.judge_cases, "precedent", "courts", *how, **years)


def conceded(*how, **years):
    return gained(nation.lobby_the_state, "conceded", "state", *how, **years)


@pytest.mark.mechanism("C8")
def test_court_cases_make_rights_count_for_more():
    """C8: advocates win precedents for good, and with them the state delivers more of a right on paper."""
    assert precedent(0.0, 100.0) == precedent(0.001, 0.0) == 0.0 < precedent(0.001, 50.0)
    assert precedent(0.001, 50.0) < precedent(0.001, 100.0) < precedent(0.001, 100.0, years=5) < 1.0
    right = {"needs": {"dispute": {"right": "legal", "state_delivery": 0.3}}}
    delivers = plain(state_offices.state_delivers)
    before, after = (delivers(a_world(right, precedent=p), LEGAL, DISPUTE) for p in (0.0, 0.5))
    assert (before, after) == (pytest.approx(0.3), pytest.approx(0.65))
    none = {"needs": {"dispute": {"right": "nobody"}}}
    assert delivers(a_world(none, precedent=0.5), LEGAL, DISPUTE) == pytest.approx(0.0)


@pytest.mark.mechanism("C8")
def test_lobbying_the_state_wins_officials_leeway():
    """C8: by and by, the more workers the sooner; off, or without workers, none; with it, fewer are reported."""
    assert conceded(0.0, 100.0) == conceded(0.001, 0.0) == 0.0 < conceded(0.001, 50.0)
    assert conceded(0.001, 50.0) < conceded(0.001, 100.0) < conceded(0.001, 100.0, years=5) < 1.0
    assert conceded(0.01, 1e9) == 1.0

    def reported(leeway, rung=OVERSTAYER, protection=0.0):
        world, rule = a_world({"enforcement": {"duty_to_report": 0.6}}, conceded=leeway), is_reported
        return {who for who in MANY if plain(rule)(a_migrant(who, status=rung), world, REPORTED, protection)}

    assert reported(1.0) == reported(0.0, LEGAL) == reported(0.0, protection=1.0) == set()
    assert set() != reported(0.5) < reported(0.0)
    assert reported(0.5, protection=0.5) < reported(0.5)


@pytest.mark.mechanism("C8")
def test_lobbying_the_state_in_whole_runs():
    """C8: all kinds of NGO lobby; in time fewer are handed over by town halls."""
    base = {"ngos": {"initial": 60, "burnout": 0.0}, "enforcement": {"apprehension": 0.0, "duty_to_report": 1.0},
            "fear": {"weight": 0.0}, "services": {name: {"open_to_unauthorised": 1.0} for name in SERVICES},
            "city": {"firewall": 0.0}, "voice": {"opening": 0.0}}  # fmt: skip
    off, on = (
        small_run(base, {"voice": {"state": gain}}, places=small_places(level=0.8)) for gain in (0.0, 0.01)
    )
    leeway = [model.ledger.tables()["nation"]["conceded"] for model in (off, on)]
    assert (leeway[0] == 0.0).all()
    assert leeway[1].iloc[0] == 0.0 < leeway[1].iloc[-1]
    assert leeway[1].is_monotonic_increasing
    assert 0 < total(on, "deported") < total(off, "deported")


@pytest.mark.mechanism("C8")
def test_monitoring_prevents_what_happens_at_work():
    """C8: unions that watch employers lower accidents, disputes and unpaid wages; off, nothing."""

    def rate(monitoring, monitored, need):
        here = a_here(a_world({"voice": {"monitoring": monitoring}}), a_city(monitored=monitored))
        return plain(needs.need_rate)(a_migrant(door=COETHNIC, family=1), here, need, 0.0)

    lowered = {name for n, name in enumerate(NEEDS) if rate(0.5, 1.0, n) < rate(0.5, 0.0, n)}
    assert lowered == {"accident", "dispute", "wages"}
    assert rate(0.5, 1.0, DISPUTE) < rate(0.5, 0.4, DISPUTE)
    assert rate(0.0, 1.0, DISPUTE) == rate(0.0, 0.0, DISPUTE)


@pytest.mark.mechanism("C8")
def test_advocacy_in_whole_runs():
    """C8: openings, precedents and monitoring, each against none."""
    unions = {kind: {"founding": 1.0 if kind == "union" else 0.0} for kind in NGO_KINDS}
    base = {"ngos": {"initial": 30, "burnout": 0.0}, "ngo_kinds": unions,
            "voice": {"opening": 0.0, "courts": 0.0, "monitoring": 0.0}}  # fmt: skip
    off = small_run(base)
    opening = small_run(base, {"voice": {"opening": 1.0}})
    assert opening.state.cities["firewall"].sum() > off.state.cities["firewall"].sum()
    courts = small_run(base, {"voice": {"courts": 0.01}}).ledger.tables()["nation"]["precedent"]
    assert (off.ledger.tables()["nation"]["precedent"] == 0.0).all()
    assert courts.iloc[0] == 0.0 < courts.iloc[-1]
    assert courts.is_monotonic_increasing
    watched = small_run(base, {"voice": {"monitoring": 1.0}}).ledger.needs()
    work = ["accident", "dispute", "wages"]
    at_work = [f[f["need"].isin(work)]["needs"].sum() for f in (off.ledger.needs(), watched)]
    assert at_work[1] < at_work[0]
    assert total(off, "needs") > 0


# A4: offices of the state -------------------------------------------------------------------------------


def asks_state(who, duty, *, firewall=0, rung=OVERSTAYER, **shared):
    settings = {
        "enforcement": {"duty_to_report": duty},
        "fear": {"firewall": 1.0},
        "needs": {"dispute": {"right": "anyone", "state_delivery": 0.5}},
    }
    here = a_here(a_world(settings, **shared), a_city(firewall=firewall))
    person = a_migrant(who, status=rung, need=DISPUTE + 1, need_since=100)
    plain(state_offices.ask)(person, here)
    return person.detained


@pytest.mark.mechanism("A4")
def test_offices_of_the_state_report_as_well():
    """A4: a claim on the state may end in detention, and no city's firewall holds there; the legal need not
    worry; leeway won by lobbying helps."""

    def reported(duty, **how):
        return {who for who in MANY if asks_state(who, duty, **how)}

    assert reported(0.0) == reported(1.0, rung=LEGAL) == reported(1.0, conceded=1.0) == set()
    assert set() != reported(0.4) < reported(1.0)
    assert reported(0.4, firewall=1) == reported(0.4)
    assert reported(0.4, conceded=0.5) < reported(0.4)
