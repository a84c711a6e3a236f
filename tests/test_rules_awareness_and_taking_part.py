"""What migrants know of, and what they take part in (D2, D7)."""

from __future__ import annotations

import numpy as np
import pytest
from small import (
    MANY,
    PROGRAMMES,
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

from local_citizenship.agents import awareness, claiming, enrolling
from local_citizenship.agents.chance import (
    ENROLS,
    HEARS_OF_NGO,
    LEARNS,
    NEED_STRIKES,
    READS,
    leading_byte,
    random_bytes,
)
from local_citizenship.agents.life import is_due
from local_citizenship.agents.needs import AWARE, KNOWS_NOBODY
from local_citizenship.agents.providers import PROVIDERS
from local_citizenship.agents.services import BY_EMPLOYER
from local_citizenship.scenarios.catalogue import (
    ABUSE,
    COETHNIC,
    CONSULTATION,
    COUNCIL,
    DOORS,
    INFORMATION,
    INSURANCE,
    LANGUAGE,
    LEGAL,
    OVERSTAYER,
    SCHOOLING,
    SERVICES,
    STUDENT,
    VISITOR,
)

ALL = bits(*range(len(SERVICES)))
ALL_KINDS = 127
PROVIDED = {"places": small_places(level=0.8)}  # a country where every town starts with the whole bundle


# D2 -----------------------------------------------------------------------------------------------------


def told_by(door, share):
    """The share of each category who know, if only those of `door` do."""
    return np.eye(len(DOORS))[door] * share


def hears(world, level=0.0, knowers=0.0, **city):
    town = a_city({INFORMATION: level, SCHOOLING: 1.0}, knowers=told_by(0, knowers), **city)
    heard = set()
    for who in MANY:
        person = a_migrant(who)
        on_slot(LEARNS, person, a_here(world, town))
        if person.knows:
            heard.add(who)
    return heard


@pytest.mark.mechanism("D2")
def test_outreach_and_peers_spread_the_word():
    """D2: each alone informs some; both off, nobody; neither without what it works through."""
    book = {"handbook": 1.0}
    off = a_world({"awareness": {**book, "outreach": 0.0, "peers": 0.0}})
    outreach = a_world({"awareness": {**book, "outreach": 0.0, "peers": 0.0}}, awareness_outreach=0.3)
    peers = a_world({"awareness": {**book, "outreach": 0.0, "peers": 0.0}}, awareness_peers=0.3)
    assert hears(off, 1.0, knowers=1.0) == set()
    assert set() != hears(outreach, 0.4) < hears(outreach, 1.0)
    assert hears(outreach, 0.0) == hears(peers, 1.0) == set()
    assert set() != hears(peers, knowers=0.4) < hears(peers, knowers=1.0)


@pytest.mark.mechanism("D2")
def test_word_passes_among_fellow_nationals():
    """D2: those of one's own category who know pass it on, of services and of NGOs; others do not."""
    world = a_world({"awareness": {"outreach": 0.0, "ngo_outreach": 0.0}}, awareness_peers=1.0)
    for door, hears_of_it in ((STUDENT, True), (COETHNIC, False)):
        town = a_city({SCHOOLING: 1.0}, knowers=told_by(STUDENT, 1.0), ngo_knowers=told_by(STUDENT, 1.0))
        town.ngo_count, town.ngo_kinds = 1, 4
        people = [a_migrant(who, door=door) for who in MANY]
        for person in people:
            for slot in (LEARNS, HEARS_OF_NGO):
                on_slot(slot, person, a_here(world, town))
        assert any(person.knows for person in people) is hears_of_it
        assert any(person.knows_ngo for person in people) is hears_of_it


@pytest.mark.mechanism("D2")
def test_the_handbook_holds_part_of_what_is_offered():
    """D2: only what is offered can be learned, and a better handbook teaches more."""
    town = a_city({SCHOOLING: 1.0, INSURANCE: 1.0, COUNCIL: 0.0})

    def learned(chance):
        person_known = []
        for who in MANY:
            person = a_migrant(who)
            plain(awareness.learn_services)(person, a_here(a_world_once, town), READS, 0, chance)
            person_known.append(person.knows)
        return person_known

    little, much = learned(0.2), learned(0.6)
    assert set(little) | set(much) <= {
        0,
        bits(SCHOOLING),
        bits(INSURANCE),
        (bits(SCHOOLING)) | (bits(INSURANCE)),
    }
    assert all(a & b == a for a, b in zip(little, much, strict=True))
    assert sum(map(int.bit_count, little)) < sum(map(int.bit_count, much))


a_world_once = a_world()


def test_being_told_on_registering():
    town = a_city(1.0)

    """D2: as far as the city informs, or by a national orientation, whatever the city informs of; off, nobody."""

    def told(chance, level=1.0, orientation=0.0):
        world = a_world({"awareness": {"arrival": chance, "orientation": orientation}})
        town.level[INFORMATION] = level
        known = 0
        for who in range(1, 101):
            person = a_migrant(who)
            plain(awareness.be_told_on_registering)(person, a_here(world, town), awareness.ARRIVING)
            known += int(person.knows).bit_count()
        return known

    assert told(0.0) == 0 == told(0.5, level=0.0) < told(0.2) < told(0.5)
    assert 0 < told(0.0, orientation=0.3) == told(0.2, orientation=0.3) < told(0.0, orientation=0.6)
    assert told(0.5, level=0.0, orientation=0.3) > 0


def test_ngos_are_heard_of_through_their_staff_and_peers():
    def heard(world, ngo_knowers=0.0, **city):
        town = a_city(ngo_count=1, ngo_kinds=4, ngo_knowers=told_by(0, ngo_knowers), **city)
        people = [a_migrant(who) for who in MANY]
        for person in people:
            on_slot(HEARS_OF_NGO, person, a_here(world, town))
        assert {person.knows_ngo for person in people} <= {0, 4}
        return {person.identity for person in people if person.knows_ngo}

    silent = a_world({"awareness": {"ngo_outreach": 0.0, "peers": 0.0}})
    loud = a_world({"awareness": {"peers": 0.0}}, awareness_ngo_outreach=0.4)
    peers = a_world({"awareness": {"ngo_outreach": 0.0}}, awareness_peers=0.4)
    assert heard(silent, ngo_staff=10.0, ngo_knowers=1.0) == set()
    assert set() != heard(loud, ngo_staff=3.0) < heard(loud, ngo_staff=10.0)
    assert heard(peers, ngo_knowers=0.0) == set() != heard(peers, ngo_knowers=0.5)
    person, world = a_migrant(), a_world(awareness_peers=1.0)
    nobody_here = a_city(ngo_knowers=told_by(0, 1.0))
    on_slot(HEARS_OF_NGO, person, a_here(world, nobody_here))
    assert person.knows_ngo == 0  # there is none here


@pytest.mark.mechanism("D2")
def test_asking_around_finds_somebody():
    """D2: the search finds the city's service or an NGO that answers, whichever there is."""

    def found(search, service, kinds):
        world = a_world({"awareness": {"search": search}})
        known = set()
        for who in range(1, 101):
            person = a_migrant(who, need=ABUSE + 1)
            asks_around(person, a_here(world, a_city({service: 1.0} if service else {}, ngo_kinds=kinds)))
            known.add((person.knows, person.knows_ngo))
        return known

    advice = bits(CONSULTATION)
    assert found(0.0, CONSULTATION, 6) == {(0, 0)}
    assert found(1.0, CONSULTATION, 0) == {(advice, 0)}
    assert found(1.0, None, 6) == {(0, 2), (0, 4)}
    assert found(1.0, CONSULTATION, 2) == {(advice, 0), (0, 2)}
    assert found(1.0, None, 0) == {(0, 0)}
    assert (0, 0) in found(0.5, CONSULTATION, 0)


def asks_around(person, here):
    """Someone in need who knows of nobody."""
    everybody = (1 << len(PROVIDERS)) - 1
    plain(claiming.ask_around)(person, here, plain(claiming.who_is_there)(person, here, everybody))


def finds(world, struck_now):
    """Of those whom a need with a chance of 1 in 20 could strike: the share who find somebody."""
    unlucky = [
        who
        for who in range(1, 4001)
        if plain(leading_byte)(plain(random_bytes)(world.luck_now, who), NEED_STRIKES) < 13
    ]
    found = 0
    for who in unlucky:
        person = a_migrant(who, need=ABUSE + 1, need_since=world.month - 1 + struck_now)
        asks_around(person, a_here(world, a_city({CONSULTATION: 1.0})))
        found += person.knows != 0
    return found / len(unlucky)


@pytest.mark.mechanism("D2")
def test_the_luck_that_brought_the_need_does_not_find_help():
    """D2: who is struck by a need this month searches with fresh luck, though need and search share a slot."""
    world = a_world({"awareness": {"search": 0.5}})
    assert 0.35 < finds(world, struck_now=True) < 0.65
    assert finds(world, struck_now=False) == 1.0  # that luck is low: it finds, and brings no second need


@pytest.mark.mechanism("D2")
def test_who_knows_nobody_is_looked_at_when_the_search_may_succeed():
    """D2 and thinning: nobody is passed over who could find somebody, nor when offers may have changed."""
    world = a_world({"awareness": {"search": 0.3}}, search_bound=1 + int(0.3 * 256))
    looked_at = 0
    for who in MANY:
        person = a_migrant(who, need=1, need_since=world.month - 1, stage=KNOWS_NOBODY)
        random = (plain(random_bytes)(world.luck_now, who),)
        due = plain(is_due)(person, world, random)
        looked_at += bool(due)
        assert due or plain(awareness.uniform_of_search)(person, world) >= 0.3
        assert plain(is_due)(person, a_world(search_bound=256), random)
        person.stage = AWARE
        assert plain(is_due)(person, world, random)
    assert 0 < looked_at < len(MANY)


@pytest.mark.parametrize("kept", [0.0, 0.5, 1.0])
def test_knowledge_stays_behind(kept):
    world = a_world({"awareness": {"kept_on_moving": kept}})
    remembered = []
    for who in range(1, 101):
        person = a_migrant(who, knows=ALL, knows_ngo=ALL_KINDS)
        plain(awareness.forget_on_moving)(person, world)
        remembered.append(int(person.knows).bit_count() + int(person.knows_ngo).bit_count())
    assert np.mean(remembered) / (len(SERVICES) + 7) == pytest.approx(kept, abs=0.06)


@pytest.mark.mechanism("D2")
@pytest.mark.parametrize("source", ["outreach", "peers", "arrival", "search"])
def test_each_way_of_learning_raises_awareness_in_whole_runs(source):
    """D2: one way switched off at a time, the others as they are."""
    fields = {"outreach": 0.06, "peers": 0.05, "arrival": 0.2, "search": 0.3}
    on = small_run({"awareness": fields}, **PROVIDED)
    off = small_run({"awareness": {**fields, source: 0.0}}, **PROVIDED)
    assert total(off, "aware") < total(on, "aware")
    assert total(off, "aware") / total(off, "needs") < total(on, "aware") / total(on, "needs")


# D7 -----------------------------------------------------------------------------------------------------


def enrolled_after(world, city, **fields):
    result = {}
    for who in MANY:
        person = a_migrant(who, belonging_at=world.month, **fields)
        on_slot(ENROLS, person, a_here(world, city))
        result[who] = person.enrolled
    return result


def joined(world, city=None, **fields):
    start = {"belonging": 1.0, "settler": 1, "knows": ALL, "enrolled": bits(INSURANCE)}
    enrolled = enrolled_after(world, city or a_city(1.0), **{**start, **fields})
    return {who for who, into in enrolled.items() if into & PROGRAMMES}


@pytest.mark.mechanism("D7")
def test_taking_part_is_for_the_settled_with_families():
    """D7: belonging, settling and a family each add those who join, with the same luck."""
    world = a_world(
        {"claiming": {"join_sojourner": 0.2, "join_family": 3.0, "lapse": 0.0}}, claiming_join=0.2
    )
    settled = joined(world)
    assert joined(world, belonging=0.0) == set() != joined(world, belonging=0.4) < settled
    assert joined(world, settler=0) < settled < joined(world, family=1)
    assert joined(a_world({"claiming": {"join": 0.0, "lapse": 0.0}})) == set()
    assert joined(world, knows=0) == joined(world, a_city(0.0)) == set()
    assert joined(world, status=OVERSTAYER) == set()


def test_programmes_are_meant_for_someone():
    may_join, here = plain(enrolling.may_join), a_here(city=a_city(1.0))
    for service, name in enumerate(SERVICES):
        for settler in (0, 1):  # who means to go home joins less often, but may
            anybody = may_join(a_migrant(knows=ALL, settler=settler), here, service)
            assert anybody == (name in ("language", "exchange", "council")), name
            family = may_join(a_migrant(knows=ALL, settler=settler, family=1), here, service)
            assert family == (name in ("language", "exchange", "council", "schooling")), name


@pytest.mark.mechanism("D7", "D4")
def test_insurance_and_its_lapse():
    """D7, D4: residents who know of it insure themselves; sojourners grudge the premium; some lapse."""
    world = a_world({"claiming": {"insure_sojourner": 0.5, "join": 0.0}}, claiming_insure=0.2)
    town = a_city(1.0)

    def insured(world, **fields):
        enrolled = enrolled_after(world, town, **{"knows": ALL, "settler": 1, **fields})
        return {who for who in MANY if enrolled[who] & bits(INSURANCE)}

    assert set() != insured(world, settler=0) < insured(world)
    assert insured(world, knows=0) == insured(world, status=OVERSTAYER) == set()
    steady, lapsing = (a_world({"claiming": {"join": 0.0}}, claiming_lapse=lapse) for lapse in (0.0, 0.3))
    assert insured(steady, enrolled=bits(INSURANCE)) == set(MANY)
    assert len(insured(lapsing, enrolled=bits(INSURANCE))) == pytest.approx(0.7 * len(MANY), rel=0.15)


@pytest.mark.mechanism("A1", "D7")
def test_employers_insure_legal_workers():
    """A1, D7: by the job's own insurance and not the city's; neither the unauthorised nor tourists."""

    def insured(chance, **fields):
        world = a_world({"claiming": {"employer_insures": chance}})
        people = [a_migrant(who, **fields) for who in MANY]
        for person in people:
            plain(enrolling.be_insured_by_employer)(person, a_here(world), awareness.ARRIVING)
        assert {person.enrolled for person in people} <= {0, BY_EMPLOYER}
        return {person.identity for person in people if person.enrolled}

    assert insured(0.0) == set() != insured(0.4) < insured(1.0) == set(MANY)
    assert insured(1.0, status=OVERSTAYER) == insured(1.0, door=VISITOR) == set()


@pytest.mark.mechanism("D7")
def test_who_is_insured_through_the_job_needs_no_other():
    """D7: they do not pay the city's premium as well."""
    world = a_world({"claiming": {"insure": 0.04, "join": 0.0}})
    chance, here = plain(enrolling.chance_to_insure), a_here(world, a_city(1.0))
    assert chance(a_migrant(knows=ALL, settler=1), here) > 0.0
    assert chance(a_migrant(knows=ALL, settler=1, enrolled=BY_EMPLOYER), here) == 0.0


def test_taking_part_ends():
    def still_in(chance):
        world = a_world({"claiming": {"insure": 0.0}}, claiming_quit=chance)
        enrolled = enrolled_after(world, a_city(1.0), enrolled=bits(LANGUAGE))
        return {who for who in MANY if enrolled[who]}

    assert still_in(0.0) == set(MANY) > still_in(0.1) > still_in(0.4)


def test_three_modes_of_claiming():
    from local_citizenship.model.month import mode_of
    from local_citizenship.scenarios.catalogue import EPISODIC, NEVER, SUSTAINED

    world, mode = a_world({"claiming": {"sustained_after": 3}}), plain(mode_of)
    assert mode(a_migrant(), world) == NEVER
    assert mode(a_migrant(claims=1), world) == EPISODIC
    assert mode(a_migrant(enrolled=bits(INSURANCE)), world) == NEVER
    assert mode(a_migrant(enrolled=bits(LANGUAGE), joined=98), world) == NEVER
    assert mode(a_migrant(enrolled=bits(LANGUAGE), joined=97, claims=1), world) == SUSTAINED


@pytest.mark.mechanism("D7", "E4")
def test_modes_in_whole_runs():
    """D7: nobody takes part where nobody joins; nobody claims where nothing is known, no insurance had."""
    ignorant = {
        "ngos": {"hotline": 0.0},
        "claiming": {"employer_insures": 0.0},
        "awareness": dict.fromkeys(("outreach", "peers", "arrival", "search", "ngo_outreach", "state"), 0.0),
    }
    no_school = {"needs": {"schooling": {"rate": 0.0}}}  # a school place that is claimed is taken part in
    runs = {
        "default": small_run({"claiming": {"join": 0.05}, "belonging": {"growth": 0.1}}, **PROVIDED),
        "none join": small_run({"claiming": {"join": 0.0}}, no_school, **PROVIDED),
        "by claiming": small_run({"claiming": {"join": 0.0}}, **PROVIDED),
        "ignorant": small_run(ignorant, **PROVIDED),
    }
    modes = {
        name: model.ledger.census()[["never", "episodic", "sustained"]].sum() for name, model in runs.items()
    }
    assert modes["default"].min() > 0
    assert modes["none join"]["sustained"] == 0 < modes["none join"]["episodic"]
    assert modes["by claiming"]["sustained"] > 0
    assert modes["ignorant"]["episodic"] == modes["ignorant"]["sustained"] == 0 < modes["ignorant"]["never"]


def test_coming_back_within_the_time_set_is_a_return():
    world = a_world({"claiming": {"return_after": 12}})
    for last, expected in ((-1, 0), (88, 1), (87, 0)):
        counters, person = Counters(), a_migrant(last_ngo=last)
        plain(claiming.queue_at_ngo)(person, a_here(world, None, counters))
        plain(claiming.queue_at_ngo)(person, a_here(world, None, counters))
        assert counters.place.ngo_returned[LEGAL] == expected
