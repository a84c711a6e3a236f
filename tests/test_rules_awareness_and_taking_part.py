"""What migrants know of, and what they take part in (D2, D7)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import crowd, lucky, those_with, words_of
from single import ALL_SERVICES, MANY, a_city, a_here, a_migrant, a_world, bits, plain
from small import N_SERVICES, small_places, small_run

from local_citizenship.agents import awareness, claiming, enrolling, life
from local_citizenship.agents.chance import ENROLS, HEARS_OF_NGO, LEARNS, NEED_STRIKES, READS, leading_byte
from local_citizenship.agents.needs import AWARE, KNOWS_NOBODY
from local_citizenship.agents.services import BY_EMPLOYER
from local_citizenship.model.census import mode_of
from local_citizenship.scenarios.catalogue import (
    DOORS,
    EPISODIC,
    LEGAL,
    NEVER,
    NGO_KINDS,
    SERVICES,
    SUSTAINED,
)
from local_citizenship.scenarios.schema import SHIPPED

ALL_KINDS = 127
INSURED = bits("insurance")


def told_by(door, share):
    """The share of each category who know, if only those of `door` do."""
    return np.eye(len(DOORS))[DOORS.index(door)] * share


@pytest.mark.mechanism("D2")
def test_outreach_and_peers_spread_the_word():
    """D2: each alone informs some; both off, nobody; neither without what it works through."""

    def hears(world, level=0.0, knowers=0.0):
        town = a_city({"information": level, "schooling": 1.0}, knowers=told_by(DOORS[0], knowers))
        return those_with("knows", lucky(LEARNS, a_here(world, town)))

    silent = {"awareness": {"handbook": 1.0, "outreach": 0.0, "peers": 0.0}}
    off, outreach, peers = (
        a_world(silent, **on) for on in ({}, {"awareness_outreach": 0.3}, {"awareness_peers": 0.3})
    )
    assert hears(off, 1.0, knowers=1.0) == set()
    assert set() != hears(outreach, 0.4) < hears(outreach, 1.0)
    assert hears(outreach, 0.0) == hears(peers, 1.0) == set()
    assert set() != hears(peers, knowers=0.4) < hears(peers, knowers=1.0)


@pytest.mark.mechanism("D2")
def test_word_passes_among_fellow_nationals():
    """D2: those of one's own category who know pass it on, of services and of NGOs; others do not."""
    world = a_world({"awareness": {"outreach": 0.0, "ngo_outreach": 0.0}}, awareness_peers=1.0)
    students = told_by("student", 1.0)
    town = a_city({"schooling": 1.0}, knowers=students, ngo_knowers=students, ngo_count=1, ngo_kinds=4)
    for door, hears_of_it in (("student", True), ("coethnic", False)):
        for slot, trait in ((LEARNS, "knows"), (HEARS_OF_NGO, "knows_ngo")):
            heard = those_with(trait, lucky(slot, a_here(world, town), door=door))
            assert (heard != set()) is hears_of_it


@pytest.mark.mechanism("D2")
def test_the_handbook_holds_part_of_what_is_offered():
    """D2: only what is offered can be learned, and a better handbook teaches more."""
    here = a_here(city=a_city({"schooling": 1.0, "insurance": 1.0, "council": 0.0}))

    def learned(chance):
        return [person.knows for person in crowd(awareness.learn_services, here, READS, 0, chance)]

    little, much = learned(0.2), learned(0.6)
    assert set(little) | set(much) <= {0, bits("schooling"), INSURED, bits("schooling", "insurance")}
    assert all(a & b == a for a, b in zip(little, much, strict=True))
    assert sum(map(int.bit_count, little)) < sum(map(int.bit_count, much))


def test_being_told_on_registering():
    """D2: as far as the city informs, or by a national orientation, whatever the city informs of; off, nobody."""

    def told(chance, level=1.0, orientation=0.0):
        world = a_world({"awareness": {"arrival": chance, "orientation": orientation}})
        here = a_here(world, a_city(dict.fromkeys(SERVICES, 1.0) | {"information": level}))
        people = crowd(awareness.be_told_on_registering, here, awareness.ARRIVING, who=range(1, 101))
        return sum(int(person.knows).bit_count() for person in people)

    assert told(0.0) == 0 == told(0.5, level=0.0) < told(0.2) < told(0.5)
    assert 0 < told(0.0, orientation=0.3) == told(0.2, orientation=0.3) < told(0.0, orientation=0.6)
    assert told(0.5, level=0.0, orientation=0.3) > 0


def test_ngos_are_heard_of_through_their_staff_and_peers():
    def heard(world, ngo_knowers=0.0, **city):
        town = a_city(ngo_count=1, ngo_kinds=4, ngo_knowers=told_by(DOORS[0], ngo_knowers), **city)
        people = lucky(HEARS_OF_NGO, a_here(world, town))
        assert {person.knows_ngo for person in people} <= {0, 4}
        return those_with("knows_ngo", people)

    silent = a_world({"awareness": {"ngo_outreach": 0.0, "peers": 0.0}})
    loud = a_world({"awareness": {"peers": 0.0}}, awareness_ngo_outreach=0.4)
    peers = a_world({"awareness": {"ngo_outreach": 0.0}}, awareness_peers=0.4)
    assert heard(silent, ngo_staff=10.0, ngo_knowers=1.0) == set()
    assert set() != heard(loud, ngo_staff=3.0) < heard(loud, ngo_staff=10.0)
    assert heard(peers, ngo_knowers=0.0) == set() != heard(peers, ngo_knowers=0.5)
    # NGOs seek out whom offices leave out: nobody who has a right to all that they do
    whom = {"ngo_kinds.*.legal_clients": 0.0, "needs.*.right": "anyone", "needs.*.state_delivery": 0.5}
    apart = a_world({"awareness": {"peers": 0.0}}, whom, awareness_ngo_outreach=0.4)
    assert heard(apart, ngo_staff=10.0) == set()
    talk = a_world({"awareness": {"ngo_outreach": 0.0}}, whom, awareness_peers=0.4)
    assert heard(talk, ngo_knowers=0.5) == heard(peers, ngo_knowers=0.5)
    nobody_here = a_here(a_world(awareness_peers=1.0), a_city(ngo_knowers=told_by(DOORS[0], 1.0)))
    assert those_with("knows_ngo", lucky(HEARS_OF_NGO, nobody_here)) == set()


@pytest.mark.mechanism("D2")
def test_asking_around_finds_somebody():
    """D2: the search finds the city's service or an NGO that answers, whichever there is."""
    one, other = [
        1 << kind for kind, name in enumerate(NGO_KINDS) if "dispute" in SHIPPED.ngo_kinds[name].answers
    ][:2]

    def found(search, level, kinds):
        world = a_world({"awareness": {"search": search}})
        return {(p.knows, p.knows_ngo) for p in searching(world, range(1, 101), level, kinds)}

    city = (bits("consultation"), 0)
    for search, level, kinds, expected in (
        (0.0, 1.0, one | other, {(0, 0)}),
        (1.0, 1.0, 0, {city}),
        (1.0, 0.0, one | other, {(0, one), (0, other)}),
        (1.0, 1.0, one, {city, (0, one)}),
        (1.0, 0.0, 0, {(0, 0)}),
    ):
        assert found(search, level, kinds) == expected
    assert (0, 0) in found(0.5, 1.0, 0)


def searching(world, who, level, kinds=0, since=0):
    """Those who ask around where a service of this level and these kinds of NGO answer the need."""
    here, need = a_here(world, a_city({"consultation": level}, ngo_kinds=kinds)), {"need": "dispute"}
    someone = a_migrant(**need)
    there = plain(claiming.who_is_there)(someone, here, claiming._ALL, plain(claiming.case_of)(someone, here))
    return crowd(claiming.ask_around, here, there, who=who, need_since=since, **need)


def finds(world, struck_now):
    """Of those whom a need with a chance of 1 in 20 could strike: the share who find somebody."""
    byte = plain(leading_byte)
    unlucky = [w for w in range(1, 4001) if byte(words_of(world, a_migrant(w))[0], NEED_STRIKES) < 13]
    found = searching(world, unlucky, 1.0, since=world.month - 1 + struck_now)
    return len(those_with("knows", found)) / len(unlucky)


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
    looked_at, is_due = 0, plain(life.is_due)
    for who in MANY:
        person = a_migrant(who, need=1, need_since=world.month - 1, stage=KNOWS_NOBODY)
        words = words_of(world, person)
        due = is_due(person, world, words)
        looked_at += bool(due)
        assert due or plain(awareness.uniform_of_search)(person, world) >= 0.3
        assert is_due(person, a_world(search_bound=256), words)
        person.stage = AWARE
        assert is_due(person, world, words)
    assert 0 < looked_at < len(MANY)


@pytest.mark.parametrize("kept", [0.0, 0.5, 1.0])
def test_knowledge_stays_behind(kept):
    world = a_world({"awareness": {"kept_on_moving": kept}})
    people = crowd(
        awareness.forget_on_moving, world, who=range(1, 101), knows=ALL_SERVICES, knows_ngo=ALL_KINDS
    )
    remembered = [int(person.knows).bit_count() + int(person.knows_ngo).bit_count() for person in people]
    assert np.mean(remembered) / (N_SERVICES + 7) == pytest.approx(kept, abs=0.06)


def enrolled_in(among, world, city=None, **fields):
    """Those who are enrolled in some of these after a month, of many who know of all services."""
    start = {"settler": 1, "knows": ALL_SERVICES, "belonging_at": world.month}
    people = lucky(ENROLS, a_here(world, city or a_city(1.0)), **{**start, **fields})
    return those_with(lambda person: person.enrolled & among, people)


@pytest.mark.mechanism("D7")
def test_taking_part_takes_belonging_time_or_a_child():
    """D7: belonging, plans to stay and shorter hours each add those who join, with the same luck; a child at school
    stands in for belonging, and adds nothing to those who belong."""

    def joined(world, city=None, **fields):
        start = {"belonging": 1.0, "enrolled": INSURED}
        return enrolled_in(world.programme_bits, world, city, **{**start, **fields})

    keen = {"claiming": {"join_at_work": 0.2, "join_for_child": 0.6, "lapse": 0.0, "haste_settler": 0.2}}
    world = a_world(keen, claiming_join=0.2)
    settled = joined(world)
    assert joined(world, belonging=0.0) == set() != joined(world, belonging=0.4) < settled
    assert joined(world, settler=0) < settled
    strangers = joined(world, belonging=0.0, family=1)
    assert set() != strangers < joined(world, belonging=1.0, family=1)
    assert joined(world, belonging=0.0, family=1, children=0) == set()
    short, long = (a_world(keen, {"trades.*.hours": hours}, claiming_join=0.2) for hours in (0.5, 2.0))
    assert joined(long, settler=0) < joined(world, settler=0) < joined(short, settler=0)
    in_debt = a_world(keen, {"claiming.haste_debt": 1.0}, claiming_join=0.2)
    assert joined(in_debt, settler=0, owes_until=in_debt.month + 5) < joined(in_debt, settler=0)
    assert joined(a_world({"claiming": {"join": 0.0, "lapse": 0.0}})) == set()
    assert joined(world, knows=0) == joined(world, a_city(0.0)) == set()
    assert joined(world, status="overstayer") == set()


def test_programmes_are_meant_for_someone():
    may_join, here = plain(enrolling.may_join), a_here(city=a_city(1.0))
    for service, name in enumerate(SERVICES):
        for settler in (0, 1):  # who means to go home joins less often, but may
            for family, meant in ((0, ()), (1, ("schooling",))):
                person = a_migrant(knows=ALL_SERVICES, settler=settler, family=family)
                assert may_join(person, here, service) == (
                    name in ("language", "exchange", "council", *meant)
                ), name


@pytest.mark.mechanism("D7", "D4")
def test_insurance_and_its_lapse():
    """D7, D4: residents who know of it insure themselves, sojourners as well as settlers, for it is a necessity; those
    less, to whom the premium is dear, who let it lapse sooner; nobody does in an illness."""
    world = a_world({"claiming": {"premium": 0.3, "join": 0.0}}, claiming_insure=0.2)

    def insured(world, **fields):
        return enrolled_in(INSURED, world, **fields)

    poor = ({"jobless": 1}, {"owes_until": 110})
    assert (
        insured(world, settler=0)
        == insured(world)
        > insured(world, **poor[0])
        == insured(world, **poor[1])
        > set()
    )
    assert insured(world, knows=0) == insured(world, status="overstayer") == set()
    costly = {"claiming": {"join": 0.0, "premium": 0.4, "premium_poor": 2.5}}
    steady, lapsing = (a_world(costly, claiming_lapse=lapse) for lapse in (0.0, 0.3))
    assert insured(steady, enrolled=INSURED) == set(MANY)
    assert len(insured(lapsing, enrolled=INSURED)) == pytest.approx(0.88 * len(MANY), rel=0.1)
    assert len(insured(lapsing, enrolled=INSURED, jobless=1)) == pytest.approx(0.7 * len(MANY), rel=0.1)
    assert insured(lapsing, enrolled=INSURED, jobless=1, need="illness") == set(MANY)


@pytest.mark.mechanism("D4", "D7")
def test_premiums_are_dear_to_those_who_earn_little():
    """D4, D7: where wages are below what is usual, without a wage, in debt; whatever the plans; off, to nobody."""

    def dear(strength=0.8, premium=0.2, **fields):
        world = a_world({"claiming": {"premium": premium, "premium_poor": 2.0}}, usual_wages=0.8)
        return plain(enrolling.dearness_of_premium)(
            a_migrant(**fields), a_here(world, a_city(fiscal_strength=strength))
        )

    assert dear() == dear(1.2) == dear(settler=1) == pytest.approx(0.2)
    assert dear(0.3) == pytest.approx(0.3)
    assert dear(jobless=1) == dear(owes_until=110) == pytest.approx(0.4)
    assert dear(0.3, premium=0.9, jobless=1) == 1.0
    assert dear(0.3, premium=0.0, jobless=1) == 0.0


@pytest.mark.mechanism("A1", "D7")
def test_employers_insure_legal_workers():
    """A1, D7: by the job's own insurance and not the city's; neither the unauthorised nor tourists."""

    def insured(chance, **fields):
        here = a_here(city=a_city(insures=chance))
        people = crowd(enrolling.be_insured_by_employer, here, awareness.ARRIVING, **fields)
        assert {person.enrolled for person in people} <= {0, BY_EMPLOYER}
        return those_with("enrolled", people)

    assert insured(0.0) == set() != insured(0.4) < insured(1.0) == set(MANY)
    assert insured(1.0, status="overstayer") == insured(1.0, door="visitor") == set()


@pytest.mark.mechanism("D7")
def test_who_is_insured_through_the_job_needs_no_other():
    """D7: they do not pay the city's premium as well."""
    world = a_world({"claiming": {"insure": 0.04, "join": 0.0}})
    chance, here = plain(enrolling.chance_to_insure), a_here(world, a_city(1.0))
    assert chance(a_migrant(knows=ALL_SERVICES, settler=1), here) > 0.0
    assert chance(a_migrant(knows=ALL_SERVICES, settler=1, enrolled=BY_EMPLOYER), here) == 0.0
    assert chance(a_migrant(knows=ALL_SERVICES, settler=1), here) > 0.0
    assert chance(a_migrant(knows=ALL_SERVICES, settler=1, enrolled=BY_EMPLOYER), here) == 0.0


@pytest.mark.mechanism("D7", "D4", "A11")
def test_taking_part_ends():
    """D7, D4, A11: sooner for want of time and where what is offered misses the need, later for a child's sake."""
    ordinary = {"claiming": {"insure": 0.0, "haste_settler": 0.2, "haste_debt": 0.5, "quit_at_work": 0.7,
                             "join_for_child": 0.5}}  # fmt: skip

    def still_in(chance, fit=1.0, programme="language", **fields):
        here = a_here(a_world(ordinary, claiming_quit=chance), a_city(1.0, fit=fit))
        start = {"enrolled": bits(programme), "belonging_at": 100, **fields}
        return those_with("enrolled", lucky(ENROLS, here, **start))

    assert still_in(0.0) == set(MANY) > still_in(0.1) > still_in(0.2)
    assert len(still_in(0.1)) == pytest.approx(0.9 * len(MANY), rel=0.1)
    assert still_in(0.2, settler=1) > still_in(0.2) > still_in(0.2, owes_until=110)
    assert still_in(0.2, jobless=1) > still_in(0.2, settler=1)
    assert still_in(0.2) > still_in(0.2, fit=0.2)
    assert still_in(0.2, programme="schooling") > still_in(0.2)


def test_three_modes_of_claiming():
    world, mode = a_world({"claiming": {"sustained_after": 3}}), plain(mode_of)
    for fields, expected in (
        ({}, NEVER),
        ({"claims": 1}, EPISODIC),
        ({"enrolled": INSURED}, NEVER),
        ({"enrolled": bits("language"), "joined": 98}, NEVER),
        ({"enrolled": bits("language"), "joined": 97, "claims": 1}, SUSTAINED),
    ):
        assert mode(a_migrant(**fields), world) == expected


@pytest.mark.mechanism("D7", "E4")
def test_modes_in_whole_runs():
    """D7: nobody takes part where nobody joins; nobody claims where nothing is known, no insurance had."""
    ignorant = {"ngos.hotline": 0.0, "informal.circle": 0.0, "trades.*.insures": 0.0, "awareness": dict.fromkeys(
                ("outreach", "peers", "arrival", "search", "ngo_outreach", "state"), 0.0)}  # fmt: skip

    def modes(settings):
        census = small_run(settings, places=small_places(level=0.8)).ledger.table("census")
        return census[["never", "episodic", "sustained"]].sum().tolist()

    assert min(modes({"claiming.join": 0.05, "belonging.growth": 0.1})) > 0
    by_claiming = modes({"claiming.join": 0.0})  # a school place that is claimed is taken part in
    none_join = modes({"claiming.join": 0.0, "needs.schooling.rate": 0.0})
    assert none_join[2] == 0 < none_join[1]
    assert by_claiming[2] > 0
    never, *claiming_ = modes(ignorant)
    assert claiming_ == [0, 0]
    assert never > 0


def test_coming_back_within_the_time_set_is_a_return():
    world = a_world({"claiming": {"return_after": 12}})
    for last, expected in ((-1, 0), (88, 1), (87, 0)):
        here, person = a_here(world), a_migrant(last_ngo=last)
        for _ in range(2):
            plain(claiming.queue_at_ngo)(person, here)
        assert here.place.ngo_returned[LEGAL] == expected
