"""Needs, eligibility, willingness, asking, being served or not (B1, B2, D1, D3, D4, D10)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import crowd, helped, lucky, who_has
from single import ALL_SERVICES, MANY, Counters, a_city, a_here, a_migrant, a_world, bits, plain
from small import small_run, total

from local_citizenship.agents import claiming, employers, needs, services
from local_citizenship.agents.chance import NEED_STRIKES
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import provider
from local_citizenship.agents.providers.provider import ANSWERED, QUEUES
from local_citizenship.agents.services import RIGHTS
from local_citizenship.agents.tally import CITY
from local_citizenship.scenarios.catalogue import (
    ACCIDENT,
    ARREST,
    BIRTH,
    DISPUTE,
    DOORS,
    EMERGENCY,
    EVICTION,
    ILLNESS,
    INSURANCE,
    LEGAL,
    NATION,
    NEEDS,
    NGO,
    NOBODY,
    SCHOOL_PLACE,
    SERVICES,
)
from local_citizenship.scenarios.schema import SHIPPED

ALL_KINDS = 127


def rates(world, **fields):
    """By need: how often it strikes a nikkeijin with a family, or somebody else."""
    person = a_migrant(**{"door": "coethnic", "family": 1, **fields})
    return np.array([plain(needs.need_rate)(person, a_here(world), need, 0.0) for need in range(len(NEEDS))])


def named(these):
    return {name for name, this in zip(NEEDS, these, strict=True) if this}


@pytest.mark.mechanism("D1")
@pytest.mark.parametrize(
    ("risk", "raised"),
    [
        ("work_risk", {"accident", "dispute", "wages"}),
        ("abuse_risk", {"abuse"}),
        ("housing_risk", {"housing"}),
    ],
)
def test_needs_strike_by_the_risks_of_the_door(risk, raised):
    """D1: each risk raises its own needs and no other."""
    alone = {"status.abuse_at_home": 0.0}  # whatever the door
    usual, risky = a_world(alone), a_world({**alone, f"doors.coethnic.{risk}": 2.0})
    assert named(rates(risky) == 2.0 * rates(usual)) == raised == named(rates(risky) != rates(usual))
    assert (rates(risky, door="entertainer") == rates(usual, door="entertainer")).all()


def test_needs_strike_by_status_family_and_harm():
    world = a_world({"needs.*.unauthorised": 2.0})
    assert (rates(world, status="smuggled") == 2.0 * rates(world)).all()
    assert (rates(world, status="irregular") == rates(world, status="overstayer")).all()
    assert named(rates(world, family=0) == 0.0) == {"birth", "schooling"}
    assert named(rates(world, harm=1) > rates(world)) == {"illness"}


def test_needs_strike_as_often_as_their_rates_say():
    a_year = np.zeros(len(NEEDS))
    a_year[[ILLNESS, DISPUTE]] = 2.4, 1.2  # 0.2 and 0.1 a month
    world = a_world(needs_chance=np.broadcast_to(a_year / 12.0, (len(DOORS), 2, 2, len(NEEDS))))
    people = lucky(NEED_STRIKES, a_here(world), who=range(1500))
    counts = np.bincount([person.need for person in people], minlength=len(NEEDS) + 1)
    assert counts[ILLNESS + 1] == pytest.approx(300, abs=65)
    assert counts[DISPUTE + 1] == pytest.approx(150, abs=50)
    assert set(np.flatnonzero(counts)) == {0, ILLNESS + 1, DISPUTE + 1}


def test_no_rate_no_need():
    assert total(small_run({"needs.*.rate": 0.0, "enforcement.apprehension": 0.0}), "needs") == 0
    struck = set(small_run({"doors.*.work_risk": 0.0}).ledger.table("needs")["need"])
    assert struck.isdisjoint({"accident", "dispute", "wages"})
    assert "illness" in struck


def answering(need):
    """The first and the second service that answer a need, each None if there is none."""
    ranked = sorted(
        (service.turn, at) for at, service in enumerate(SHIPPED.services.values()) if need in service.answers
    )
    return (*(at for _, at in ranked), None, None)[:2]


def service_for(person, city, need):
    person.need = need + 1
    return plain(town_hall.service_for)(person, a_here(city=city))


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
    """B2: the health insurance is closed to an overstayer, even to one once insured; emergency care may be open."""
    city = a_city({"insurance": 1.0, "emergency": 1.0}, open={"emergency": 1})
    assert service_for(a_migrant(), city, ILLNESS) == INSURANCE
    for enrolled in (0, bits("insurance")):
        assert service_for(a_migrant(status="overstayer", enrolled=enrolled), city, ILLNESS) == EMERGENCY


@pytest.mark.mechanism("D7")
def test_the_insured_have_a_claim_whatever_the_city_offers():
    """D7: an insurance counts when illness comes, in a city without a programme of its own, known or not."""

    def met(enrolled, need="illness"):
        here = a_here(certain_world({f"needs.{need}.right": "nobody"}))
        return helped(claiming.seek_help, here, need=need, settler=1, enrolled=enrolled)

    assert met(0) == set() != met(bits("insurance")) == met(bits("insurance"), "birth")
    assert met(bits("insurance"), "dispute") == set()


# The steps from need to being served -------------------------------------------------------------------


def seek(world=None, city=None, ngo_kinds=0, knows_rights=True, **fields):
    """One month of a legal settler's dispute who knows everybody: (returned, migrant, counters)."""
    world = world or certain_world()
    city = city if city is not None else a_city(1.0)
    city.ngo_kinds = ngo_kinds
    city.within[:] = ngo_kinds  # within everybody's reach
    start = {
        "need": "dispute",
        "need_since": world.month,
        "settler": 1,
        "knows": ALL_SERVICES,
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
        "claiming.effort": 1.0,
        "services.*.fit": 1.0,
        "fear.weight": 0.0,
        "enforcement.duty_to_report": 0.0,
        "awareness.search": 0.0,
        "needs.dispute": {"state_delivery": 1.0, "right": "anyone", "necessity": 0.0},
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
    place = counters.place
    assert (person.need, person.claims) == (0, 1)
    assert place.served[CITY, LEGAL] == place.served.sum() == place.claimed[LEGAL] == 1


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
    for necessity, expected in ((0.0, {"aware"}), (1.0, set(STAGES))):
        world = certain_world({"needs.dispute.necessity": necessity, "services.*.fit": 0.0})
        assert stages(seek(world, settler=0)[1]) == expected
        assert stages(seek(world, settler=1)[1]) == set(STAGES)

    def willing(necessity, settler=0):
        world, worth = a_world({"needs.dispute.necessity": necessity}), plain(claiming.is_worth_the_trouble)
        return {who for who in MANY if worth(a_migrant(who, settler=settler, need="dispute"), world)}

    assert willing(0.0) == set() != willing(0.3) < willing(0.7) < willing(0.0, settler=1) == set(MANY)
    assert len(willing(0.3)) == pytest.approx(0.3 * len(MANY), rel=0.25)


@pytest.mark.mechanism("D4")
def test_long_hours_and_debts_leave_time_for_necessities_only():
    """D4: by the hours of one's own trade; more so until debts are paid off, less for who settles, not without work."""
    worth = plain(claiming.is_worth_the_trouble)

    def willing(hours=1.0, necessity=0.5, debt=0.5, **fields):
        world = a_world({"needs.dispute.necessity": necessity, "trades.factory.hours": hours,
                         "claiming": {"haste_debt": debt, "haste_settler": 0.4}})  # fmt: skip
        people = [a_migrant(who, **{"need": "dispute", "door": "coethnic", **fields}) for who in MANY]
        return {person.identity for person in people if worth(person, world)}

    usual = willing()
    assert willing(2.0) < usual < willing(0.5) < set(MANY)
    assert willing(2.0, door="student") == usual  # of another trade
    assert willing(owes_until=101) < usual == willing(owes_until=100) == willing(debt=0.0, owes_until=101)
    assert usual < willing(settler=1) < set(MANY)
    assert willing(2.0, jobless=1) == willing(2.0, necessity=1.0) == set(MANY)


@pytest.mark.mechanism("D3", "D4")
def test_nerve_and_trouble_are_drawn_for_each_episode_anew():
    """D3, D4: two needs of one month, or one need of two, are thought over each by itself."""
    worth = plain(claiming.is_worth_the_trouble)
    world = a_world({"needs.*.necessity": 0.5})

    def willing(need, since):
        return {who for who in MANY if worth(a_migrant(who, need=need, need_since=since), world)}

    assert willing("dispute", 99) == willing("dispute", 99)
    for other in (willing("illness", 99), willing("dispute", 98)):
        assert 0.35 * len(MANY) < len(willing("dispute", 99) ^ other) < 0.65 * len(MANY)


@pytest.mark.mechanism("B2")
def test_the_ineligible_are_told_so():
    """B2: aware and willing, but the city's service is closed to the unauthorised."""
    world = certain_world({"needs.dispute.right": "legal"})
    _, person, counters = seek(world, status="overstayer")
    assert stages(person) == {"aware", "willing"}
    assert not person.stage & needs.OPEN
    assert counters.place.served.sum() == 0
    assert seek(world, a_city(1.0, open={"consultation": 1}), status="overstayer")[1].need == 0


def test_city_before_ngo_before_state():
    """A refusal is not asked for twice: the next provider known is."""
    world = certain_world({"services.*.fit": 0.0})
    outcome, person, counters = seek(world, ngo_kinds=ALL_KINDS)
    assert (outcome, counters.place.refused[LEGAL]) == (ANSWERED, 1)
    outcome, person, _ = seek(world, ngo_kinds=ALL_KINDS, tried=person.tried)
    assert outcome == QUEUES
    _, person, counters = seek(world, ngo_kinds=0, tried=person.tried)
    assert (person.need, counters.place.served[NATION, LEGAL]) == (0, 1)


DISPUTE_OF_SETTLERS = {"need": "dispute", "need_since": 100, "settler": 1, "knows": ALL_SERVICES}


def test_effort_delays_claims():
    def asked(effort):
        here = a_here(certain_world({"claiming.effort": effort}), a_city(1.0))
        return who_has("claims", claiming.seek_help, here, **DISPUTE_OF_SETTLERS)

    assert asked(0.0) == set() != asked(0.4) < asked(0.8)


@pytest.mark.mechanism("B1")
def test_a_better_service_meets_more():
    """B1: what is met grows with the level of the service that answers, and with its fit."""

    def met(level, fit=1.0, service="consultation"):
        here = a_here(certain_world({"services.consultation.fit": fit}), a_city({service: level}))
        return helped(claiming.seek_help, here, **DISPUTE_OF_SETTLERS)

    assert met(0.2) < met(0.6) < met(1.0) == set(MANY)
    assert met(1.0, 0.0) == set() != met(1.0, 0.3) < met(1.0, 0.6)
    assert met(1.0, service="language") == set()


def test_the_fearful_ask_ngos_where_they_would_have_asked_the_city():
    city, afraid, calm = a_city(1.0, risk=1.0, open={"consultation": 1}), certain_world(), certain_world()
    afraid.fear_weight, afraid.fear_government, afraid.fear_ngos = 1e9, 1.0, 0.0
    afraid.risk = calm.risk = 1.0
    for world, status, comes_to, served in (
        (afraid, "overstayer", QUEUES, 0), (calm, "overstayer", ANSWERED, 1), (afraid, "legal", ANSWERED, 1)
    ):  # fmt: skip
        outcome, person, counters = seek(world, city, ngo_kinds=ALL_KINDS, status=status)
        assert (outcome, person.claims, counters.place.served[CITY].sum()) == (comes_to, served, served)
        assert counters.place.served.sum() == served


NO_CONSEQUENCE = {"recurrence": 0.0, "debt": 0, "job_loss": 0.0, "departure": 0.0, "harm": 0.0}


@pytest.mark.mechanism("D10")
@pytest.mark.parametrize(
    ("consequence", "outcome", "changed"),
    [
        ({}, needs.ENDURES, {}),
        ({"debt": 7}, needs.ENDURES, {"target": 157}),
        ({"harm": 1.0}, needs.ENDURES, {"harm": 1}),
        ({"departure": 1.0}, needs.GIVES_UP_STAY, {}),
        ({"job_loss": 1.0}, needs.ENDURES, {"jobless": 1, "target": 150 - 100 + employers.PAUSED}),
        ({"recurrence": 1.0}, needs.ENDURES, {"need": ACCIDENT + 1, "need_since": 101}),  # from next month
    ],
    ids=str,
)
def test_each_consequence_of_an_unmet_need(consequence, outcome, changed):
    """D10: each alone does what it says, and no more; without any, the need is endured."""
    here = a_here(a_world({"needs.accident": {**NO_CONSEQUENCE, **consequence}}))
    (person,) = people = [a_migrant(need="accident", need_since=96, target=150)]
    assert [plain(needs.give_up)(each, here) for each in people] == [outcome]
    assert (here.place.unmet[LEGAL], here.place.needs[LEGAL]) == (1, 1)
    if changed is not None:
        expected = {"need": 0, "target": 150, "harm": 0, **changed}
        assert {name: getattr(person, name) for name in expected} == expected


def test_settlers_have_no_savings_target_to_put_off():
    here = a_here(a_world({"needs.accident": {**NO_CONSEQUENCE, "debt": 9}}))
    settled = {"target": 150, "settler": 1}
    (person,) = crowd(needs.give_up, here, who=[1], need="accident", **settled)
    assert person.target == 150


def test_harm_and_claims_are_counted_up_to_their_limits():
    here, person = a_here(a_world({"needs.illness.harm": 1.0})), a_migrant()
    for _ in range(600):
        person.need = ILLNESS + 1
        plain(needs.give_up)(person, here)
        plain(provider.count_claim)(person)
    assert person.harm == needs.MOST_HARM
    assert person.claims == provider.MANY < 256


@pytest.mark.parametrize("patience", [1, 5])
def test_patience_sets_how_long_an_episode_lasts(patience):
    here = a_here(a_world({"needs.abuse": {**NO_CONSEQUENCE, "patience": patience}, "awareness.search": 0.0}))
    people = [a_migrant(need="abuse", need_since=100 - waited) for waited in range(8)]
    for person in people:
        plain(claiming.bear_need)(person, here)
    assert [person.need == 0 for person in people] == [waited >= patience for waited in range(8)]


# The cascade's counters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", [NOBODY, CITY, NGO, NATION])
def test_a_closed_episode_is_counted_once(provider):
    here, person = a_here(), a_migrant(need="birth", stage=needs.AWARE | needs.WILLING | needs.OPEN)
    plain(needs.close_need)(person, here, provider)
    place = here.place
    counted = {name for name in ("needs", *STAGES) if getattr(place, name)[LEGAL] == 1}
    assert counted == {"needs", "aware", "willing"}
    assert (place.eligible_any[LEGAL], place.eligible_aware[LEGAL]) == (1, 1)
    assert place.unmet[LEGAL] + place.served.sum() == 1
    assert place.served[NOBODY].sum() == 0
    assert here.region.needs[LEGAL, BIRTH] == here.region.needs.sum() == 1
    assert place.unmet_needs[BIRTH] == (provider == NOBODY)
    assert person.need == 0


def test_the_ledger_counts_what_it_says():
    """Every need of the catalogue occurs, under its own name; arrests and evictions included."""
    frame = small_run({"needs.*.rate": 0.2}).ledger.table("needs")
    by_need = frame.groupby("need", observed=False)["needs"].sum()
    assert by_need.min() > 0
    assert list(by_need.index) == list(NEEDS)
    assert {NEEDS[ARREST], NEEDS[EVICTION], NEEDS[SCHOOL_PLACE]} == {"arrest", "housing", "schooling"}
