"""What a town's services achieve, for whom, and what is learned and joined by claiming (A1, B1, B2, D2, D7)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import crowd, lucky, those_with, who_has
from single import ALL_SERVICES, MANY, PROGRAMMES, a_city, a_here, a_migrant, a_world, an_ngo, bits, plain
from small import small_places, small_scenario

from local_citizenship.agents import awareness, enrolling, needs, settling
from local_citizenship.agents import language as tongue
from local_citizenship.agents.chance import LEARNS
from local_citizenship.agents.cities import hostility, voice
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.agents.services import RIGHTS, VOICES, effect_of, is_open
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.census import mode_of
from local_citizenship.scenarios.catalogue import SERVICES, SUSTAINED


def claimants(world, city, **fields):
    """Many after having asked the town hall about a dispute."""
    start = {"need": "dispute", "need_since": world.month, "belonging_at": world.month}
    return crowd(town_hall.ask, a_here(world, city), **{**start, **fields})


# D2: a claim teaches ------------------------------------------------------------------------------------


def learned(chance, fit=1.0):
    """What each of many knows after a claim on a town that offers three services."""
    world = a_world({"awareness.claims": chance, "services.consultation.fit": fit})
    city, start = a_city({"consultation": 1.0, "language": 0.4, "housing": 1.0}), bits("consultation")
    return [person.knows & ~start for person in claimants(world, city, knows=start)]


@pytest.mark.mechanism("D2")
def test_a_claim_that_was_met_teaches_of_other_services():
    """D2: of those the city offers, each by chance; a claim refused teaches nothing; off, nothing."""
    little, much = learned(0.2), learned(0.6)
    assert set(learned(0.0)) == set(learned(1.0, fit=0.0)) == {0}
    assert set(learned(1.0)) == {bits("language", "housing")}
    assert all(a & b == a for a, b in zip(little, much, strict=True))
    assert 0 < sum(map(int.bit_count, little)) < sum(map(int.bit_count, much))


# D2: being told of one's rights -------------------------------------------------------------------------


def knows_rights(person):
    return person.knows & RIGHTS


@pytest.mark.mechanism("D2")
def test_a_citys_handbook_tells_of_rights():
    """D2: by chance, those whom the city's own outreach reaches, and not by hearsay; off, nobody."""

    def told(chance, outreach=0.3, peers=0.0, level=1.0):
        silent = {"awareness": {"rights": chance, "outreach": 0.0, "peers": 0.0}}
        world = a_world(silent, awareness_outreach=outreach, awareness_peers=peers)
        city = a_city({"information": level, "schooling": 1.0}, knowers=np.ones(8))
        return those_with(knows_rights, lucky(LEARNS, a_here(world, city)))

    assert told(0.0) == told(1.0, outreach=0.0, peers=0.5) == told(1.0, level=0.0) == set()
    assert set() != told(0.3) < told(1.0)
    assert told(1.0, level=0.4) < told(1.0)
    assert told(1.0, peers=0.5) == told(1.0)


@pytest.mark.mechanism("D2")
def test_an_ngo_that_helped_tells_of_rights():
    """D2: by chance, and only once it has helped; off, nobody."""

    def knowing(chance, skill=1.0):
        here, office = a_here(a_world({"awareness.rights": chance})), an_ngo(kind="citizens", skill=skill)
        return who_has(knows_rights, ngo_office.hear_from_ngo, here, office, True, need="dispute")

    assert knowing(0.0) == knowing(1.0, skill=0.0) == set() != knowing(0.3) < knowing(1.0) == set(MANY)


@pytest.mark.mechanism("D2", "D8")
@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_rights_are_not_forgotten_on_moving(kept):
    """D2, D8: they are the same everywhere; what is known of a town's offices is not."""
    world = a_world({"awareness.kept_on_moving": kept})
    people = crowd(awareness.forget_on_moving, world, knows=RIGHTS | ALL_SERVICES)
    assert all(person.knows & RIGHTS for person in people)
    assert {person.knows for person in people} != {RIGHTS | ALL_SERVICES}


# D7: enrolled by claiming -------------------------------------------------------------------------------


@pytest.mark.mechanism("D7")
@pytest.mark.parametrize(
    ("need", "service", "enrols"),
    [("schooling", "schooling", True), ("illness", "insurance", True), ("dispute", "consultation", False)],
)
def test_a_claim_enrols_in_school_and_insurance(need, service, enrols):
    """D7: a school place or an insurance asked for and given is kept; nothing is enrolled in where refused."""
    for fit, kept in ((1.0, bits(service) if enrols else 0), (0.0, 0)):
        world = a_world({f"services.{service}.fit": fit})
        people = claimants(world, a_city({service: 1.0}), need=need, family=1, who=[1])
        assert [person.enrolled for person in people] == [kept]


@pytest.mark.mechanism("D7", "E4")
def test_a_school_place_is_taking_part_from_the_day_it_is_given():
    """D7, E4: sustained after as long as any other programme; who is enrolled already does not begin anew."""
    world, school = a_world({"services.schooling.fit": 1.0}), bits("schooling")
    asks = {"need": "schooling", "who": [1]}
    (new,) = claimants(world, a_city({"schooling": 1.0}), family=1, **asks)
    (before,) = claimants(world, a_city({"schooling": 1.0}), enrolled=school, joined=50, **asks)
    assert (new.joined, new.enrolled & PROGRAMMES, before.joined) == (100, school, 50)
    assert plain(mode_of)(new, a_world(month=100 + world.claiming_sustained_after)) == SUSTAINED


# B1, D7: programmes that end ----------------------------------------------------------------------------


@pytest.mark.mechanism("B1", "D7")
def test_a_programme_given_up_ends_for_those_who_took_part():
    """B1, D7: that one and no other; an insurance is no programme."""
    enrolled = bits("language", "exchange", "insurance")
    for levels, left in (
        ({"language": 1.0, "exchange": 1.0}, enrolled),
        ({"language": 1.0}, bits("language", "insurance")),
        ({}, bits("insurance")),
    ):
        (person,) = crowd(enrolling.programmes_end, a_here(city=a_city(levels)), who=[1], enrolled=enrolled)
        assert person.enrolled == left


@pytest.mark.mechanism("B1", "D7")
def test_programmes_end_in_whole_runs():
    """B1, D7: when the towns give everything up, in the fiscal month, nobody takes part any more; the counters
    say so too."""
    given_up = {
        "services.*.threshold": 3.0,
        "city": {"pace": 1.0, "step": 1.0, "fiscal_month": 11},
        "claiming": {"join": 0.05, "join_at_work": 1.0, "sustained_after": 0},
        "belonging.growth": 0.1,
        "awareness": {"outreach": 0.06, "arrival": 1.0},
    }
    model = LocalCitizenship(small_scenario(given_up, months=13, places=small_places(level=0.4)))
    taking_part = []
    for month in range(13):
        model.step()
        taking_part.append(int((model.migrants.get("enrolled") & PROGRAMMES != 0).sum()))
        counters, counted = model.state.counters[0], model.state.head_count(month)
        for name in ("sustained", "insured", "stock"):
            assert np.array_equal(counters.places[name], counted.places[name]), name
    assert taking_part[9] > 5
    assert taking_part[10:] == [0, 0, 0]


@pytest.mark.mechanism("D5", "D6")
def test_what_was_gained_by_taking_part_outlasts_the_programme():
    """D5, D6: a class attended for two years has taught as much, whether its end or someone asks first."""
    world, city = a_world(), a_city({"language": 1.0})

    def after(look_before):
        person = a_migrant(enrolled=bits("language"), belonging_at=world.month - 24)
        if look_before:
            plain(settling.feel_at_home)(person, a_here(world, city))
        plain(enrolling.programmes_end)(person, a_here(world, a_city(0.0)))
        plain(settling.feel_at_home)(person, a_here(world, city))
        return person.language, person.belonging

    assert after(look_before=False) == pytest.approx(after(look_before=True))


# B1: the effect of services that answer no claim --------------------------------------------------------


UNCLAIMED = ("information", "exchange", "language", "council", "ordinance")


def effects(fit, level=1.0):
    """What each such service achieves at this fit: service -> a number that is larger, the more it achieves."""
    settings = {
        **{f"services.{name}.fit": fit for name in UNCLAIMED},
        "public": {"exchange": 0.3, "ordinance": 0.6, "hostility": 1.0, "discrimination": 1.0},
        "voice": {"council": 0.8, "fit_unheard": 0.5},
        "language": {"classes": 0.03},
    }
    world = a_world(settings, perception=0.9)
    city = a_city(level, fit=0.5, tension=0.0)
    result = {"information": plain(tongue.interpreters_for)(a_migrant(), a_here(world, city))}
    mingling = a_city({"exchange": level}, tension=0.0)  # people meet in classes and schools too
    plain(hostility.neighbours_react)(mingling, world)
    result["exchange"] = -mingling.tension
    pupil = a_migrant(enrolled=bits("language"))
    plain(tongue.learn_language)(pupil, world, 0.0, 12)
    result["language"] = pupil.language
    city.by_group[:] = 9
    plain(voice.seat_the_council)(city, world)
    result["council"] = plain(voice.fit_for)(a_migrant(settler=1), a_here(world, city), 0)
    tense = a_city(level, tension=0.5)
    result["ordinance"] = -plain(needs.discrimination_against)(a_migrant(), a_here(world, tense))
    return result


@pytest.mark.mechanism("B1")
@pytest.mark.parametrize("service", UNCLAIMED)
def test_each_service_achieves_as_much_as_its_fit(service):
    """B1: a service of no fit achieves nothing at any level; a better fit achieves more."""
    none, half, full = (effects(fit)[service] for fit in (0.0, 0.5, 1.0))
    assert none < half < full
    if service != "language":  # who is in a class is in one, whatever its level
        assert none == pytest.approx(effects(1.0, level=0.0)[service])
        assert half == pytest.approx(effects(1.0, level=0.5)[service])


@pytest.mark.mechanism("B1", "D2")
def test_the_fit_of_information_is_how_far_it_informs():
    """B1, D2: outreach and counter tell fewer where the information does not fit; without fit, nobody."""

    def informed(told, fit):
        settings = {"services.information.fit": fit, "awareness": {"peers": 0.0, "arrival": 0.5}}
        people = told(a_here(a_world(settings, awareness_outreach=0.5), a_city(1.0)))
        return those_with(lambda person: person.knows & ~RIGHTS, people)

    def at_the_counter(here):
        return crowd(awareness.be_told_on_registering, here, awareness.ARRIVING)

    for told in (lambda here: lucky(LEARNS, here), at_the_counter):
        assert informed(told, 0.0) == set() != informed(told, 0.2) < informed(told, 1.0)


def test_the_effect_is_level_times_fit():
    world = a_world({"services.council.fit": 0.6})
    assert plain(effect_of)(a_city({"council": 0.5}), world, VOICES) == pytest.approx(0.3)


# B2: open to whom ---------------------------------------------------------------------------------------


@pytest.mark.mechanism("B2")
def test_who_is_served():
    """B2: registered residents everywhere; the unauthorised, and tourists, only where the city opens the service.

    Who came as a visitor and married, or was regularised, has registered.
    """
    opened_to, here = plain(is_open), a_here(city=a_city(1.0, open={"schooling": 1}))
    registered = [a_migrant(status=rung) for rung in ("citizen", "denizen", "legal", "irregular")]
    registered += [a_migrant(door="visitor", grounds=1), a_migrant(door="visitor", status="denizen")]
    others = [a_migrant(status="overstayer"), a_migrant(status="smuggled"), a_migrant(door="visitor")]
    for service, name in enumerate(SERVICES):
        assert all(opened_to(person, here, service) for person in registered)
        assert [opened_to(person, here, service) for person in others] == [name == "schooling"] * 3


@pytest.mark.mechanism("B2", "B9", "D6")
@pytest.mark.parametrize(
    ("service", "rule", "open_to", "closed_to"),
    [
        ("information", tongue.interpreters_for, 1.0, 0.0),
        ("ordinance", needs.discrimination_against, 0.2, 0.5),
    ],
)
def test_interpreters_and_ordinances_are_for_whom_they_are_open_to(service, rule, open_to, closed_to):
    """B2, B9, D6: residents anywhere; the unauthorised where the town lets them."""
    world = a_world({"public": {"discrimination": 1.0, "ordinance": 0.6}})

    def does(status, opened):
        city = a_city({service: 1.0}, tension=0.5, open={service: opened})
        return plain(rule)(a_migrant(status=status), a_here(world, city))

    assert [does("overstayer", opened) for opened in (0, 1)] == pytest.approx([closed_to, open_to])
    assert [does("legal", opened) for opened in (0, 1)] == pytest.approx([open_to, open_to])
