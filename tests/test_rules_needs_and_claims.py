"""Needs, eligibility, willingness, fear, asking, being served or not (B1, B2, D1, D3, D4, D10)."""

from __future__ import annotations

import numpy as np
import pytest
from small import (
    MANY,
    Counters,
    a_city,
    a_here,
    a_migrant,
    a_world,
    bits,
    on_slot,
    plain,
    small_places,
    small_run,
    total,
)

from local_citizenship.agents import claiming, fear, needs, services
from local_citizenship.agents.chance import NEED_STRIKES
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import provider
from local_citizenship.agents.providers.provider import ANSWERED, QUEUES
from local_citizenship.agents.services import RIGHTS
from local_citizenship.scenarios.catalogue import (
    ABUSE,
    ACCIDENT,
    ARREST,
    BIRTH,
    COETHNIC,
    CONSULTATION,
    DISPUTE,
    DOORS,
    EMERGENCY,
    ENTERTAINER,
    EVICTION,
    ILLNESS,
    INSURANCE,
    IRREGULAR,
    LANGUAGE,
    LEGAL,
    NATION,
    NEEDS,
    NGO,
    NOBODY,
    OVERSTAYER,
    SCHOOL_PLACE,
    SERVICES,
    SMUGGLED,
)
from local_citizenship.scenarios.schema import SHIPPED

ALL = bits(*range(len(SERVICES)))
ALL_KINDS = 127
a_world_once = a_world()
PROVIDED = {"places": small_places(level=0.8)}  # a country where every town starts with the whole bundle


# D1 -----------------------------------------------------------------------------------------------------


def rate(world, need, door=COETHNIC, status=LEGAL, family=1, harm=0):
    person = a_migrant(door=door, status=status, family=family, harm=harm)
    return plain(needs.need_rate)(person, a_here(world), need, 0.0)


@pytest.mark.mechanism("D1")
def test_needs_strike_by_the_risks_of_the_door():
    """D1: each risk raises its own needs and no other."""
    base = a_world()
    raised = {
        "work_risk": {"accident", "dispute", "wages"},
        "abuse_risk": {"abuse"},
        "housing_risk": {"housing"},
    }
    for risk, expected in raised.items():
        world = a_world({"doors": {"coethnic": {risk: 2.0}}})
        changed = {name for i, name in enumerate(NEEDS) if rate(world, i) != rate(base, i)}
        assert changed == expected
        assert all(rate(world, NEEDS.index(name)) == 2.0 * rate(base, NEEDS.index(name)) for name in expected)
        assert rate(world, ACCIDENT, door=ENTERTAINER) == rate(base, ACCIDENT, door=ENTERTAINER)


def test_needs_strike_by_status_family_and_harm():
    world = a_world({"needs": {name: {"unauthorised": 2.0} for name in NEEDS}})
    for number, name in enumerate(NEEDS):
        assert rate(world, number, status=SMUGGLED) == 2.0 * rate(world, number), name
        assert rate(world, number, status=IRREGULAR) == rate(world, number, status=OVERSTAYER)
        assert (rate(world, number, family=0) == 0.0) == (name in ("birth", "schooling"))
        assert (rate(world, number, harm=1) > rate(world, number)) == (name == "illness")


def test_needs_strike_as_often_as_their_rates_say():
    world = a_world()
    world.needs_rate = np.zeros(len(NEEDS))
    world.needs_rate[[ILLNESS, DISPUTE]] = 2.4, 1.2  # a year: 0.2 and 0.1 a month
    struck = []
    for who in range(1500):
        person = a_migrant(who)
        on_slot(NEED_STRIKES, person, a_here(world, a_city()))
        struck.append(person.need)
    counts = np.bincount(struck, minlength=len(NEEDS) + 1)
    assert counts[ILLNESS + 1] == pytest.approx(300, abs=65)
    assert counts[DISPUTE + 1] == pytest.approx(150, abs=50)
    assert counts.sum() - counts[0] - counts[ILLNESS + 1] - counts[DISPUTE + 1] == 0


def test_no_rate_no_need():
    one = small_run()
    none = small_run({"needs": {name: {"rate": 0.0} for name in NEEDS}, "enforcement": {"apprehension": 0.0}})
    assert total(none, "needs") == 0 < total(one, "needs")
    without_work = small_run({"doors": {door: {"work_risk": 0.0} for door in DOORS}}).ledger.needs()
    assert set(without_work["need"].unique()).isdisjoint({"accident", "dispute", "wages"})
    assert "illness" in set(without_work["need"].unique())


# B1, B2 -------------------------------------------------------------------------------------------------


def answering(need):
    """The first and the second service that answer a need, each None if there is none."""
    ranked = sorted(
        (service.turn, at) for at, service in enumerate(SHIPPED.services.values()) if need in service.answers
    )
    return (*(at for _, at in ranked), None, None)[:2]


def service_for(person, city, need):
    person.need = need + 1
    return plain(town_hall.service_for)(person, a_here(a_world_once, city))


@pytest.mark.mechanism("B1")
@pytest.mark.parametrize("need", NEEDS)
def test_the_city_answers_with_the_services_of_the_catalogue(need):
    """B1: the first service that answers the need, the second where the first is missing; nothing else."""
    first, second = answering(need)
    number, person = NEEDS.index(need), a_migrant()
    assert service_for(person, a_city(1.0), number) == (-1 if first is None else first)
    assert service_for(person, a_city(0.0), number) == -1
    others = {s: 1.0 for s in range(len(SERVICES)) if s not in (first, second)}
    assert service_for(person, a_city(others), number) == -1
    if first is not None:
        assert service_for(person, a_city({first: 1.0}), number) == first
        assert service_for(person, a_city({first: services.OFFERED}), number) == -1
    if second is not None:
        assert service_for(person, a_city({second: 1.0}), number) == second


@pytest.mark.mechanism("B2")
def test_where_the_first_service_is_closed_the_second_is_asked():
    """B2: the health insurance is closed to an overstayer; emergency care may be open."""
    city = a_city({INSURANCE: 1.0, EMERGENCY: 1.0})
    city.open[EMERGENCY] = 1
    assert service_for(a_migrant(status=OVERSTAYER), city, ILLNESS) == EMERGENCY
    assert service_for(a_migrant(status=LEGAL), city, ILLNESS) == INSURANCE


@pytest.mark.mechanism("B2")
def test_an_insurance_lost_with_the_permit_does_not_bar_from_emergency_care():
    """B2: an overstayer once insured, now shut out of the insurance, asks for the emergency care there is."""
    city = a_city({INSURANCE: 1.0, EMERGENCY: 1.0})
    city.open[EMERGENCY] = 1
    person = a_migrant(status=OVERSTAYER, enrolled=bits(INSURANCE))
    assert service_for(person, city, ILLNESS) == EMERGENCY


@pytest.mark.mechanism("D7")
def test_the_insured_have_a_claim_whatever_the_city_offers():
    """D7: an insurance counts when illness comes, in a city without a programme of its own, known or not."""

    def met(enrolled, need=ILLNESS):
        world, served = certain_world({"needs": {NEEDS[need]: {"right": "nobody"}}}), set()
        for who in MANY:
            _, person, _ = seek(
                world, a_city(0.0), identity=who, need=need + 1, knows=0, enrolled=enrolled, knows_ngo=0,
                knows_rights=False,
            )  # fmt: skip
            if not person.need:
                served.add(who)
        return served

    assert met(0) == set() != met(bits(INSURANCE)) == met(bits(INSURANCE), BIRTH)
    assert met(bits(INSURANCE), DISPUTE) == set()


# The steps from need to being served -------------------------------------------------------------------


def seek(world=None, city=None, ngo_kinds=0, knows_rights=True, **fields):
    """One month of a legal settler's dispute who knows everybody: (returned, migrant, counters)."""
    world = world or certain_world()
    city = city if city is not None else a_city(1.0)
    city.ngo_kinds = ngo_kinds
    start = {
        "need": DISPUTE + 1,
        "need_since": world.month,
        "settler": 1,
        "knows": ALL,
        "knows_ngo": ALL_KINDS,
    }
    person, counters = a_migrant(**{**start, **fields}), Counters()
    if knows_rights:
        person.knows |= RIGHTS
    outcome = plain(claiming.seek_help)(person, a_here(world, city, counters))
    return outcome, person, counters


def certain_world(*settings):
    """All effort is made, all services fit, no fear, no reports; nobody is told by asking around."""
    sure = {
        "claiming": {"effort": 1.0},
        "services": {name: {"fit": 1.0} for name in SERVICES},
        "fear": {"weight": 0.0},
        "enforcement": {"duty_to_report": 0.0},
        "awareness": {"search": 0.0},
        "needs": {"dispute": {"state_delivery": 1.0, "right": "anyone", "necessity": 0.0}},
    }
    return a_world(sure, *settings)


STAGES = {
    "aware": needs.AWARE,
    "willing": needs.WILLING,
    "eligible": needs.ELIGIBLE,
    "claimed": needs.CLAIMED,
}


def stages(person):
    return {name for name, bit in STAGES.items() if person.stage & bit}


def test_a_claim_that_is_met():
    _, person, counters = seek()
    assert person.need == 0
    assert (counters.place.served[1, LEGAL], counters.place.served.sum(), counters.place.claimed[LEGAL]) == (
        1,
        1,
        1,
    )
    assert person.claims == 1


@pytest.mark.mechanism("D2")
def test_who_knows_of_nobody_asks_nobody():
    """D2: not aware, not claiming; the provider exists all the same."""
    _, person, _ = seek(knows=0, knows_ngo=0, knows_rights=False, ngo_kinds=ALL_KINDS)
    assert person.need == DISPUTE + 1
    assert stages(person) == set()
    assert person.stage & needs.OPEN


@pytest.mark.mechanism("D4")
def test_sojourners_ask_for_necessities_only():
    """D4: with the same luck, a settler asks, a sojourner only for what is necessary enough."""
    for necessity, expected in ((0.0, {"aware"}), (1.0, {"aware", "willing", "eligible", "claimed"})):
        world = certain_world({"needs": {"dispute": {"necessity": necessity}}})
        world.services_fit = np.zeros(len(SERVICES))
        assert stages(seek(world, settler=0)[1]) == expected
        assert stages(seek(world, settler=1)[1]) == {"aware", "willing", "eligible", "claimed"}


def test_more_necessary_more_sojourners_ask():
    worth = plain(claiming.is_worth_the_trouble)

    def willing(necessity, settler=0):
        world = a_world({"needs": {"dispute": {"necessity": necessity}}})
        return {who for who in MANY if worth(a_migrant(who, settler=settler, need=DISPUTE + 1), world)}

    assert willing(0.0) == set() != willing(0.3) < willing(0.7) < willing(0.0, settler=1) == set(MANY)
    assert len(willing(0.3)) == pytest.approx(0.3 * len(MANY), rel=0.25)


@pytest.mark.mechanism("D3", "D4")
def test_nerve_and_trouble_are_drawn_for_each_episode_anew():
    """D3, D4: two needs of one month, or one need of two, are thought over each by itself."""
    worth = plain(claiming.is_worth_the_trouble)
    world = a_world({"needs": {name: {"necessity": 0.5} for name in NEEDS}})

    def willing(need, since):
        return {who for who in MANY if worth(a_migrant(who, need=need + 1, need_since=since), world)}

    assert willing(DISPUTE, 99) == willing(DISPUTE, 99)
    for other in (willing(ILLNESS, 99), willing(DISPUTE, 98)):
        assert 0.35 * len(MANY) < len(willing(DISPUTE, 99) ^ other) < 0.65 * len(MANY)


@pytest.mark.mechanism("B2")
def test_the_ineligible_are_told_so():
    """B2: aware and willing, but the city's service is closed to the unauthorised."""
    world = certain_world({"needs": {"dispute": {"right": "legal"}}})
    _, person, counters = seek(world, status=OVERSTAYER)
    assert stages(person) == {"aware", "willing"}
    assert not person.stage & needs.OPEN
    assert counters.place.served.sum() == 0
    city = a_city(1.0)
    city.open[CONSULTATION] = 1
    assert seek(world, city, status=OVERSTAYER)[1].need == 0


def test_city_before_ngo_before_state():
    """A refusal is not asked for twice: the next provider known is."""
    world = certain_world()
    world.services_fit = np.zeros(len(SERVICES))
    outcome, person, counters = seek(world, ngo_kinds=ALL_KINDS)
    assert (outcome, counters.place.refused[LEGAL]) == (ANSWERED, 1)
    outcome, person, _ = seek(world, ngo_kinds=ALL_KINDS, tried=person.tried)
    assert outcome == QUEUES
    _, person, counters = seek(world, ngo_kinds=0, tried=person.tried)
    assert (person.need, counters.place.served[NATION, LEGAL]) == (0, 1)


def test_effort_delays_claims():
    asked = {
        effort: {who for who in MANY if seek(world, identity=who)[1].claims}
        for effort, world in ((e, certain_world({"claiming": {"effort": e}})) for e in (0.0, 0.4, 0.8))
    }
    assert asked[0.0] == set() != asked[0.4] < asked[0.8]


@pytest.mark.mechanism("B1")
def test_a_better_service_meets_more():
    """B1: what is met grows with the level of the service that answers, and with its fit."""

    def met(level, fit=1.0, service=CONSULTATION):
        world = certain_world({"services": {"consultation": {"fit": fit}}})
        city = a_city({service: level})
        return {who for who in MANY if seek(world, city, identity=who, knows_rights=False)[1].need == 0}

    assert met(0.2) < met(0.6) < met(1.0) == set(MANY)
    assert met(1.0, 0.0) == set() != met(1.0, 0.3) < met(1.0, 0.6)
    assert met(1.0, service=LANGUAGE) == set()


# D3 -----------------------------------------------------------------------------------------------------


def fear_in(world, status=OVERSTAYER, **city):
    return plain(fear.fear_of)(a_migrant(status=status), a_here(world, a_city(**city)))


def test_fear_follows_the_risk_of_those_who_run_one():
    calm, risky = (a_world({"fear": {"weight": 2.0, "local": 0.5}}, risk=risk) for risk in (0.1, 0.3))
    assert 0.0 < fear_in(calm, risk=0.1) < fear_in(risky, risk=0.1) < fear_in(risky, risk=0.3) <= 1.0
    assert fear_in(risky, status=LEGAL, risk=1.0) == fear_in(risky, status=0, risk=1.0) == 0.0
    assert 0.0 < fear_in(risky, status=IRREGULAR) < fear_in(risky, status=SMUGGLED)
    assert fear_in(a_world({"fear": {"weight": 0.0}}, risk=0.3), risk=1.0) == 0.0
    assert fear_in(a_world({"fear": {"weight": 20.0}}, risk=1.0), risk=1.0) == 1.0
    only_local = a_world({"fear": {"weight": 2.0, "local": 1.0}}, risk=0.4)
    assert fear_in(only_local, risk=0.0) == 0.0


@pytest.mark.mechanism("D3")
def test_fear_keeps_from_government_more_than_from_ngos_and_a_firewall_helps():
    """D3: with one nerve and one fear, whoever dares the town hall dares an NGO, not the reverse."""
    world = a_world({"fear": {"government": 1.0, "ngos": 0.2, "firewall": 0.7}})
    nerves = np.linspace(0.0, 0.999, 500)

    def share(rule, around):
        return np.mean([plain(rule)(nerve, 0.6, around) for nerve in nerves])

    open_hall, behind_firewall = (share(fear.dares_city, a_here(world, a_city(firewall=f))) for f in (0, 1))
    assert open_hall == share(fear.dares_state, world) == pytest.approx(0.4, abs=0.01)
    assert behind_firewall == pytest.approx(1 - 0.6 * 0.3, abs=0.01)
    assert share(fear.dares_ngo, world) == pytest.approx(1 - 0.6 * 0.2, abs=0.01)


def test_the_fearful_ask_ngos_where_they_would_have_asked_the_city():
    city = a_city(1.0, risk=1.0)
    city.open[CONSULTATION] = 1
    settings = {"fear": {"weight": 20.0, "government": 1.0, "ngos": 0.0}}
    afraid, calm = certain_world(settings), certain_world()
    afraid.risk = calm.risk = 1.0
    outcome, person, counters = seek(afraid, city, ngo_kinds=ALL_KINDS, status=OVERSTAYER)
    assert (outcome, person.claims, counters.place.served.sum()) == (QUEUES, 0, 0)
    _, person, counters = seek(calm, city, ngo_kinds=ALL_KINDS, status=OVERSTAYER)
    assert counters.place.served[1, OVERSTAYER] == 1
    _, legal, _ = seek(afraid, city, ngo_kinds=ALL_KINDS, status=LEGAL)
    assert legal.need == 0


def test_fear_lowers_claims_on_government_less_on_ngos_in_whole_runs():
    openness = {"services": {name: {"open_to_unauthorised": 1.0} for name in SERVICES}}
    base = {
        **openness,
        "enforcement": {"duty_to_report": 0.0, "apprehension": 0.02},
        "city": {"firewall": 0.0},
    }

    def run(**fears):
        return small_run(base, {"fear": fears, "ngos": {"cases_per_staff": 200.0, "initial": 30}}, **PROVIDED)

    calm, afraid = run(weight=0.0), run(weight=20.0, ngos=0.1)
    for status in ("overstayer", "smuggled"):
        assert total(afraid, "served_city", status=status) < 0.5 * total(calm, "served_city", status=status)
        assert total(afraid, "willing", status=status) < total(calm, "willing", status=status)
    by_ngos = [
        sum(total(model, "ngo_served", status=status) for status in ("overstayer", "smuggled"))
        for model in (calm, afraid)
    ]
    assert by_ngos[0] > 0  # NGOs are feared as well, but much less than the town hall
    by_city = [total(model, "served_city", status="overstayer") for model in (calm, afraid)]
    assert by_ngos[1] / by_ngos[0] > 1.2 * by_city[1] / by_city[0]
    sheltered = small_run(
        base, {"fear": {"weight": 20.0, "firewall": 1.0}, "city": {"firewall": 1.0}}, **PROVIDED
    )
    assert total(sheltered, "served_city", status="overstayer") > total(
        afraid, "served_city", status="overstayer"
    )


# D10 ----------------------------------------------------------------------------------------------------

NO_CONSEQUENCE = {"recurrence": 0.0, "debt": 0, "job_loss": 0.0, "departure": 0.0, "harm": 0.0}


def after_giving_up(identity=1, need=ACCIDENT, **consequences):
    world = a_world({"needs": {NEEDS[need]: {**NO_CONSEQUENCE, **consequences}}})
    counters, person = Counters(), a_migrant(identity, need=need + 1, need_since=96, target=150)
    outcome = plain(needs.give_up)(person, a_here(world, a_city(), counters))
    assert (counters.place.unmet[LEGAL], counters.place.needs[LEGAL]) == (1, 1)
    return outcome, person


def test_without_consequences_an_unmet_need_is_endured():
    outcome, person = after_giving_up()
    assert (outcome, person.need, person.target, person.harm) == (needs.ENDURES, 0, 150, 0)


@pytest.mark.mechanism("D10")
def test_each_consequence_of_an_unmet_need():
    """D10: each alone does what it says, and no more."""
    assert after_giving_up(debt=7)[1].target == 157
    outcome, person = after_giving_up(harm=1.0)
    assert (outcome, person.harm, person.target, person.need) == (needs.ENDURES, 1, 150, 0)
    assert after_giving_up(departure=1.0)[0] == needs.GIVES_UP_STAY
    assert after_giving_up(job_loss=1.0)[0] == needs.LOSES_JOB
    outcome, person = after_giving_up(recurrence=1.0)
    assert (outcome, person.need, person.need_since) == (needs.ENDURES, ACCIDENT + 1, 101)  # from next month
    settled = a_migrant(need=ACCIDENT + 1, settler=1)
    counters = Counters()
    world = a_world({"needs": {"accident": {**NO_CONSEQUENCE, "debt": 9}}})
    before = settled.target
    plain(needs.give_up)(settled, a_here(world, a_city(), counters))
    assert settled.target == before  # settlers have no savings target to put off


def test_harm_is_counted_up_to_its_limit():
    world, counters = a_world({"needs": {"illness": {"harm": 1.0}}}), Counters()
    person = a_migrant(harm=0)
    for _ in range(300):
        person.need = ILLNESS + 1
        plain(needs.give_up)(person, a_here(world, a_city(), counters))
    assert person.harm == needs.MOST_HARM


def test_claims_are_counted_up_to_their_limit():
    person = a_migrant()
    for _ in range(600):
        plain(provider.count_claim)(person)
    assert person.claims == provider.MANY < 256


def test_patience_sets_how_long_an_episode_lasts():
    for patience in (1, 5):
        world = a_world(
            {"needs": {"abuse": {**NO_CONSEQUENCE, "patience": patience}}, "awareness": {"search": 0.0}}
        )
        ended = []
        for waited in range(8):
            counters, person = Counters(), a_migrant(need=ABUSE + 1, need_since=world.month - waited)
            plain(claiming.bear_need)(person, a_here(world, a_city(), counters))
            ended.append(person.need == 0)
        assert ended == [waited >= patience for waited in range(8)]


# The cascade's counters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", [NOBODY, 1, NGO, NATION])
def test_a_closed_episode_is_counted_once(provider):
    counters = Counters()
    person = a_migrant(need=BIRTH + 1, stage=needs.AWARE | needs.WILLING | needs.OPEN)
    plain(needs.close_need)(person, a_here(a_world_once, a_city(), counters), provider)
    place = counters.place
    counted = {name for name in ("needs", *STAGES) if getattr(place, name)[LEGAL] == 1}
    assert counted == {"needs", "aware", "willing"}
    assert (place.eligible_any[LEGAL], place.eligible_aware[LEGAL]) == (1, 1)
    assert place.unmet[LEGAL] + place.served.sum() == 1
    assert place.served[NOBODY].sum() == 0
    assert counters.region.needs[LEGAL, BIRTH] == counters.region.needs.sum() == 1
    assert place.unmet_needs[BIRTH] == (provider == NOBODY)
    assert person.need == 0


def test_the_ledger_counts_what_it_says():
    """Every need of the catalogue occurs, under its own name; arrests and evictions included."""
    frame = small_run({"needs": {name: {"rate": 0.2} for name in NEEDS}}).ledger.needs()
    by_need = frame.groupby("need", observed=False)["needs"].sum()
    assert by_need.min() > 0
    assert list(by_need.index) == list(NEEDS)
    assert {NEEDS[ARREST], NEEDS[EVICTION], NEEDS[SCHOOL_PLACE]} == {"arrest", "housing", "schooling"}
