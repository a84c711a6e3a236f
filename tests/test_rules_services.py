"""What a town's services achieve, for whom, and what is learned and joined by claiming (A1, B1, B2, D2, D7)."""

from __future__ import annotations

import numpy as np
import pytest
from small import (
    ALL_SERVICES,
    MANY,
    PROGRAMMES,
    Counters,
    a_city,
    a_here,
    a_migrant,
    a_world,
    an_ngo,
    bits,
    on_slot,
    plain,
    small_places,
    small_run,
    total,
)

from local_citizenship.agents import awareness, enrolling, municipality, needs, settling
from local_citizenship.agents import language as tongue
from local_citizenship.agents.chance import LEARNS
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.agents.services import RIGHTS, VOICES, effect_of, is_open
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import (
    CONSULTATION,
    COUNCIL,
    DENIZEN,
    DISPUTE,
    EXCHANGE,
    HOUSING,
    ILLNESS,
    INFORMATION,
    INSURANCE,
    IRREGULAR,
    LANGUAGE,
    LEGAL,
    NGO_KINDS,
    ORDINANCE,
    OVERSTAYER,
    SCHOOL_PLACE,
    SCHOOLING,
    SERVICES,
    SMUGGLED,
    SUSTAINED,
    VISITOR,
)

CITIZENS = NGO_KINDS.index("citizens")


def a_claim(world, city, service, need=DISPUTE, **fields):
    """Someone after having asked the town hall, and the counters."""
    counters = Counters()
    start = {"need": need + 1, "need_since": world.month, "belonging_at": world.month}
    person = a_migrant(**{**start, **fields})
    plain(town_hall.ask)(person, a_here(world, city, counters))
    return person, counters


# D2: a claim teaches ------------------------------------------------------------------------------------


def learned(chance, fit=1.0):
    """What each of many knows after a claim on a town that offers three services."""
    world = a_world({"awareness": {"claims": chance}, "services": {"consultation": {"fit": fit}}})
    city = a_city({CONSULTATION: 1.0, LANGUAGE: 0.4, HOUSING: 1.0, SCHOOLING: 0.0})
    start = bits(CONSULTATION)
    return [a_claim(world, city, CONSULTATION, identity=w, knows=start)[0].knows & ~start for w in MANY]


@pytest.mark.mechanism("D2")
def test_a_claim_that_was_met_teaches_of_other_services():
    """D2: of those the city offers, each by chance; a claim refused teaches nothing; off, nothing."""
    little, much = learned(0.2), learned(0.6)
    assert set(learned(0.0)) == set(learned(1.0, fit=0.0)) == {0}
    assert set(learned(1.0)) == {bits(LANGUAGE) | bits(HOUSING)}
    assert all(a & b == a for a, b in zip(little, much, strict=True))
    assert 0 < sum(map(int.bit_count, little)) < sum(map(int.bit_count, much))


@pytest.mark.mechanism("D2")
def test_claims_teach_in_whole_runs():
    """D2: with the same luck, people know of more where a claim opens their eyes."""

    def known(chance):
        model = small_run({"awareness": {"claims": chance}}, places=small_places(level=0.8))
        return np.bitwise_count(model.migrants.get("knows")).sum()

    assert known(0.0) < known(1.0)


# D2: being told of one's rights -------------------------------------------------------------------------


def told(chance, outreach=0.3, peers=0.0, level=1.0):
    world = a_world(
        {"awareness": {"rights": chance, "outreach": 0.0, "peers": 0.0}},
        awareness_outreach=outreach,
        awareness_peers=peers,
    )
    city, knowing = a_city({INFORMATION: level, SCHOOLING: 1.0}, knowers=np.ones(8)), set()
    for who in MANY:
        person = a_migrant(who)
        on_slot(LEARNS, person, a_here(world, city))
        if person.knows & RIGHTS:
            knowing.add(who)
    return knowing


@pytest.mark.mechanism("D2")
def test_a_citys_handbook_tells_of_rights():
    """D2: by chance, those whom the city's own outreach reaches, and not by hearsay; off, nobody."""
    assert told(0.0) == told(1.0, outreach=0.0, peers=0.5) == told(1.0, level=0.0) == set()
    assert set() != told(0.3) < told(1.0)
    assert told(1.0, level=0.4) < told(1.0)
    assert told(1.0, peers=0.5) == told(1.0)


@pytest.mark.mechanism("D2")
def test_an_ngo_that_helped_tells_of_rights():
    """D2: by chance, and only once it has helped; off, nobody."""

    def knowing(chance, skill=1.0):
        world, result = a_world({"awareness": {"rights": chance}}), set()
        for who in MANY:
            counters, person = Counters(), a_migrant(who, need=DISPUTE + 1)
            plain(ngo_office.hear_from_ngo)(
                person, a_here(world, a_city(), counters), an_ngo(kind=CITIZENS, skill=skill), True
            )
            if person.knows & RIGHTS:
                result.add(who)
        return result

    assert knowing(0.0) == knowing(1.0, skill=0.0) == set() != knowing(0.3) < knowing(1.0) == set(MANY)


@pytest.mark.mechanism("D2", "D8")
@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_rights_are_not_forgotten_on_moving(kept):
    """D2, D8: they are the same everywhere; what is known of a town's offices is not."""
    world = a_world({"awareness": {"kept_on_moving": kept}})
    people = [a_migrant(who, knows=RIGHTS | ALL_SERVICES) for who in MANY]
    for person in people:
        plain(awareness.forget_on_moving)(person, world)
    assert all(person.knows & RIGHTS for person in people)
    assert {person.knows for person in people} != {RIGHTS | ALL_SERVICES}


@pytest.mark.mechanism("D2")
def test_being_told_of_rights_in_whole_runs():
    """D2: where nobody brings them along and nobody tells, no right on paper is ever claimed."""
    none_known = {"awareness": {"state": 0.0, "outreach": 0.06}, "claiming": {"employer_insures": 0.0}}
    off, on = (
        small_run(none_known, {"awareness": {"rights": chance}}, places=small_places(level=0.8))
        for chance in (0.0, 1.0)
    )
    assert total(off, "served_nation") == 0 < total(on, "served_nation")
    assert (off.migrants.get("knows") & RIGHTS == 0).all()


# D7: enrolled by claiming -------------------------------------------------------------------------------


@pytest.mark.mechanism("D7")
@pytest.mark.parametrize(
    ("need", "service", "enrols"),
    [(SCHOOL_PLACE, SCHOOLING, True), (ILLNESS, INSURANCE, True), (DISPUTE, CONSULTATION, False)],
)
def test_a_claim_enrols_in_school_and_insurance(need, service, enrols):
    """D7: a school place or an insurance asked for and given is kept; nothing is enrolled in where refused."""
    city = a_city({service: 1.0})
    sure, never = (a_world({"services": {SERVICES[service]: {"fit": fit}}}) for fit in (1.0, 0.0))
    person, _ = a_claim(sure, city, service, need, family=1)
    assert person.enrolled == (bits(service) if enrols else 0)
    assert a_claim(never, city, service, need, family=1)[0].enrolled == 0


@pytest.mark.mechanism("D7", "E4")
def test_a_school_place_is_taking_part_from_the_day_it_is_given():
    """D7, E4: sustained after as long as any other programme; who is enrolled already does not begin anew."""
    from local_citizenship.model.census import mode_of

    world, city = a_world({"services": {"schooling": {"fit": 1.0}}}), a_city({SCHOOLING: 1.0})
    person, _ = a_claim(world, city, SCHOOLING, SCHOOL_PLACE, family=1)
    assert (person.joined, person.enrolled & PROGRAMMES) == (100, bits(SCHOOLING))
    later = a_world(month=100 + world.claiming_sustained_after)
    assert plain(mode_of)(person, later) == SUSTAINED
    before, _ = a_claim(world, city, SCHOOLING, SCHOOL_PLACE, enrolled=bits(SCHOOLING), joined=50)
    assert before.joined == 50


# B1, D7: programmes that end ----------------------------------------------------------------------------


@pytest.mark.mechanism("B1", "D7")
def test_a_programme_given_up_ends_for_those_who_took_part():
    """B1, D7: that one and no other; an insurance is no programme."""
    enrolled = bits(LANGUAGE, EXCHANGE, INSURANCE)
    for levels, left in (
        ({LANGUAGE: 1.0, EXCHANGE: 1.0}, enrolled),
        ({LANGUAGE: 1.0}, bits(LANGUAGE) | bits(INSURANCE)),
        ({}, bits(INSURANCE)),
    ):
        person = a_migrant(enrolled=enrolled)
        plain(enrolling.programmes_end)(person, a_here(a_world(), a_city(levels)))
        assert person.enrolled == left


@pytest.mark.mechanism("B1", "D7")
def test_programmes_end_in_whole_runs():
    """B1, D7: when the towns give everything up, in the fiscal month, nobody takes part any more; the counters
    say so too."""
    from small import small_scenario

    given_up = {
        "services": {name: {"threshold": 3.0} for name in SERVICES},
        "city": {"pace": 1.0, "step": 1.0, "fiscal_month": 11},
        "claiming": {"join": 0.05, "join_sojourner": 1.0, "sustained_after": 0},
        "belonging": {"growth": 0.1},
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
    world, city = a_world(), a_city({LANGUAGE: 1.0})

    def after(look_before):
        person = a_migrant(enrolled=bits(LANGUAGE), belonging_at=world.month - 24)
        if look_before:
            plain(settling.feel_at_home)(person, a_here(world, city))
        plain(enrolling.programmes_end)(person, a_here(world, a_city(0.0)))
        plain(settling.feel_at_home)(person, a_here(world, city))
        return person.language, person.belonging

    assert after(look_before=False) == pytest.approx(after(look_before=True))


# B1: the effect of services that answer no claim --------------------------------------------------------


def effects(fit, level=1.0):
    """What each such service achieves at this fit: service -> a number that is larger, the more it achieves."""
    services = {
        name: {"fit": fit} for name in ("information", "exchange", "language", "council", "ordinance")
    }
    settings = {
        "services": services,
        "public": {"exchange": 0.3, "ordinance": 0.6, "hostility": 1.0, "discrimination": 1.0},
        "voice": {"council": 0.8, "fit_unheard": 0.5},
        "language": {"classes": 0.03},
    }
    world = a_world(settings, perception=0.9)
    city = a_city(level, fit=0.5, tension=0.0)
    result = {"information": plain(tongue.interpreters_for)(a_migrant(), a_here(world, city))}
    plain(municipality.neighbours_react)(city, world)
    result["exchange"] = -city.tension
    pupil = a_migrant(enrolled=bits(LANGUAGE))
    plain(tongue.learn_language)(pupil, world, 0.0, 12)
    result["language"] = pupil.language
    plain(municipality.hear_voices)(city, world)
    result["council"] = city.fit
    tense = a_city(level, tension=0.5)
    result["ordinance"] = -plain(needs.discrimination_against)(a_migrant(), a_here(world, tense))
    return result


@pytest.mark.mechanism("B1")
@pytest.mark.parametrize("service", ["information", "exchange", "language", "council", "ordinance"])
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
        world = a_world(
            {"services": {"information": {"fit": fit}}, "awareness": {"peers": 0.0, "arrival": 0.5}},
            awareness_outreach=0.5,
        )
        people = [a_migrant(who) for who in MANY]
        for person in people:
            told(person, a_here(world, a_city(1.0)))
        return {person.identity for person in people if person.knows & ~RIGHTS}

    def at_the_counter(person, here):
        plain(awareness.be_told_on_registering)(person, here, awareness.ARRIVING)

    for told in (lambda person, here: on_slot(LEARNS, person, here), at_the_counter):
        assert informed(told, 0.0) == set() != informed(told, 0.2) < informed(told, 1.0)


def test_the_effect_is_level_times_fit():
    world = a_world({"services": {"council": {"fit": 0.6}}})
    assert plain(effect_of)(a_city({COUNCIL: 0.5}), world, VOICES) == pytest.approx(0.3)


# B2: open to whom ---------------------------------------------------------------------------------------


@pytest.mark.mechanism("B2")
def test_who_is_served():
    """B2: registered residents everywhere; the unauthorised, and tourists, only where the city opens the service.

    Who came as a visitor and married, or was regularised, has registered.
    """
    opened_to, city = plain(is_open), a_city(1.0)
    city.open[SCHOOLING] = 1
    here = a_here(a_world(), city)
    registered = [a_migrant(status=rung) for rung in (0, DENIZEN, LEGAL, IRREGULAR)]
    registered += [a_migrant(door=VISITOR, grounds=1), a_migrant(door=VISITOR, status=DENIZEN)]
    others = [a_migrant(status=OVERSTAYER), a_migrant(status=SMUGGLED), a_migrant(door=VISITOR)]
    for service in range(len(SERVICES)):
        assert all(opened_to(person, here, service) for person in registered)
        assert [opened_to(person, here, service) for person in others] == [service == SCHOOLING] * 3


@pytest.mark.mechanism("B2", "D6")
def test_interpreters_are_for_whom_the_information_is_open_to():
    """B2, D6: residents anywhere; the unauthorised where the town lets them."""
    world, closed, opened = a_world(), a_city({INFORMATION: 1.0}), a_city({INFORMATION: 1.0})
    opened.open[INFORMATION] = 1
    interpreters = plain(tongue.interpreters_for)
    assert interpreters(a_migrant(status=OVERSTAYER), a_here(world, closed)) == 0.0
    assert interpreters(a_migrant(status=OVERSTAYER), a_here(world, opened)) == 1.0
    assert (
        interpreters(a_migrant(), a_here(world, closed))
        == interpreters(a_migrant(), a_here(world, opened))
        == 1.0
    )


@pytest.mark.mechanism("B2", "B9")
def test_an_ordinance_protects_whom_it_is_open_to():
    """B2, B9: residents anywhere; the unauthorised where it is for everybody."""
    world = a_world({"public": {"discrimination": 1.0, "ordinance": 0.6}})
    closed, opened = a_city({ORDINANCE: 1.0}, tension=0.5), a_city({ORDINANCE: 1.0}, tension=0.5)
    opened.open[ORDINANCE] = 1
    against = plain(needs.discrimination_against)
    assert against(a_migrant(status=OVERSTAYER), a_here(world, closed)) == pytest.approx(0.5)
    assert against(a_migrant(status=OVERSTAYER), a_here(world, opened)) == pytest.approx(0.2)
    assert (
        against(a_migrant(), a_here(world, closed))
        == against(a_migrant(), a_here(world, opened))
        == pytest.approx(0.2)
    )


@pytest.mark.mechanism("B2")
@pytest.mark.parametrize("service", ["information", "ordinance"])
def test_open_to_the_unauthorised_in_whole_runs(service):
    """B2: open everywhere by default, nowhere if so set; then more of their claims and peace are lost."""
    assert (small_run(months=1).state.cities["open"][:, SERVICES.index(service)] == 1).all()
    calm = {"voice": {"opening": 0.0}, "fear": {"weight": 0.0}, "enforcement": {"duty_to_report": 0.0}}
    others = {name: {"open_to_unauthorised": 1.0} for name in SERVICES if name != service}
    hard = {"language": {"barrier": 1.0, "interpreters": 1.0}, "public": {"ordinance": 1.0, "discrimination": 3.0,
            "hostility": 1.0, "media": 5.0, "response": 0.0}, "needs": {"housing": {"rate": 0.15}}}  # fmt: skip

    def counted(share):
        openness = {"services": {**others, service: {"open_to_unauthorised": share}}}
        model = small_run(calm, hard, openness, places=small_places(level=0.8))
        if service == "information":
            return total(model, "served_city", status="overstayer") / total(
                model, "claimed", status="overstayer"
            )
        frame = model.ledger.needs()
        rows = (frame["status"] == "overstayer") & (frame["need"] == "housing")
        return -frame[rows]["needs"].sum()

    assert counted(0.0) < counted(1.0)
