"""Settling, belonging, moving and what it loses, where to, leaving, labour (D4, D5, D8, D9, D11, A10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crowd import crowd, lucky, those_with, words_of
from destinations import drawn_to, most_drawn_to
from single import ALL_SERVICES, MANY, a_city, a_here, a_migrant, a_world, bits, plain
from small import small_places, small_run

from local_citizenship.agents import event, life, moving, settling
from local_citizenship.agents import migrant as lives
from local_citizenship.agents.awareness import ARRIVING, MOVING
from local_citizenship.agents.chance import SETTLES
from local_citizenship.scenarios.catalogue import (
    COETHNIC,
    DEPORTED,
    DOORS,
    EXPIRY,
    LEGAL,
    REASONS,
    RETURN,
    TARGET_REACHED,
    UNMET,
)

SURE = np.uint64(0x8080808080808080)  # all slots pass


def settled(world, **fields):
    start = {"target": 150, "belonging_at": world.month, "arrived": world.month, "door": "coethnic"}
    people = lucky(SETTLES, a_here(world), **{**start, **fields})
    assert {person.target for person in people if person.settler} <= {settling.NEVER_DUE}
    return those_with("settler", people)


@pytest.mark.mechanism("D4")
def test_intention_drifts_with_years_family_and_belonging():
    """D4: each tie adds settlers with the same luck; its weight at 0, it adds none; years count up to ten."""
    ties = {"years": 0.5, "family": 3.0, "belonging": 3.0}
    shown = {"years": {"arrived": 0}, "family": {"family": 1}, "belonging": {"belonging": 1.0}}
    on = a_world({"settling": ties}, settling_drift=0.05)
    fresh = settled(on)
    off = a_world({"settling.drift": 0.0})
    assert settled(off, arrived=0, family=1, belonging=1.0) == set() != fresh
    for tie, fields in shown.items():
        assert fresh < settled(on, **fields), tie
        off = a_world({"settling": {**ties, tie: 0.0}}, settling_drift=0.05)
        assert settled(off, **fields) == fresh, tie
    assert settled(a_world({"settling": ties, "doors.coethnic.settling": 0.0}), arrived=0) == set()
    chance, here = plain(settling.chance_to_settle), a_here(a_world(month=300))
    chances = [chance(a_migrant(arrived=300 - 12 * years), here, 0.5) for years in (0, 5, 10, 20)]
    assert chances[0] < chances[1] < chances[2] == chances[3]


def test_target_earners_go_home_or_stay_another_round():
    def at_target(homeward):
        here = a_here(a_world({"settling": {"homeward": homeward, "round": 18}}))
        people = [a_migrant(who, target=100) for who in MANY]
        homeward = {p.identity for p in people if plain(settling.reach_target)(p, here) > event.GOES_ON}
        assert {p.target for p in people if p.identity not in homeward} <= {118}
        return homeward

    assert at_target(0.0) == set() != at_target(0.3) < at_target(1.0) < at_target(20.0)
    assert len(at_target(1.0)) == pytest.approx(0.5 * len(MANY), rel=0.2)


def odds_to_go_home(settings=None, offered=1.0, **fields):
    """Of somebody with a permit and a job, while nobody is ever caught."""
    ties = {
        "homeward": 0.4,
        "no_return": 0.5,
        "attached": 0.5,
        "round_family": 0.5,
        "round_debt": 0.3,
        "round_work": 2.0,
    }
    world = a_world({"settling": ties}, settings or {}, offered=np.full(6, offered), risk=0.1)
    return plain(settling.odds_to_go_home)(a_migrant(**{"door": "coethnic", **fields}), a_here(world))


CALM = {"settling.round_fear": 0.0}


@pytest.mark.mechanism("D4", "D11")
@pytest.mark.parametrize("status", ["overstayer", "smuggled"])
def test_who_could_not_come_back_adds_a_round_more_readily(status):
    """D4, D11: without a permit leaving is for good, at the target and at any other time; with one, even if it is
    worked outside of, it is not; alike, there is no difference."""
    assert odds_to_go_home(CALM, status=status) == pytest.approx(0.5 * odds_to_go_home(CALM))
    assert odds_to_go_home(CALM, status="irregular") == odds_to_go_home(CALM, status="denizen") == 0.4
    assert odds_to_go_home({**CALM, "settling.no_return": 1.0}, status=status) == 0.4

    def at_any_time(**fields):
        return plain(moving.chance_to_return)(
            a_migrant(**fields), a_here(a_world({"settling.no_return": 0.5}))
        )

    assert at_any_time(status=status) == pytest.approx(0.5 * at_any_time())


@pytest.mark.mechanism("D11", "D4", "D5")
@pytest.mark.parametrize("tie", [{"family": 1}, {"owes_until": 110}, {"belonging": 0.8}])
def test_family_debts_and_attachment_hold_people(tie):
    """D11: each alone, and no more once debts are paid."""
    assert 0.0 < odds_to_go_home(**tie) < odds_to_go_home() == odds_to_go_home(owes_until=100)


@pytest.mark.mechanism("D11", "D3", "A10")
def test_fear_and_want_of_work_drive_people_home():
    """D11, D3, A10: fear those who have something to fear; want of work as far as the trade offers none."""
    afraid = {"settling.round_fear": 2.0}
    assert odds_to_go_home(afraid) == odds_to_go_home(CALM)
    assert odds_to_go_home(afraid, status="overstayer") > odds_to_go_home(CALM, status="overstayer")
    assert odds_to_go_home() < odds_to_go_home(offered=0.7) < odds_to_go_home(offered=0.2)
    assert odds_to_go_home(jobless=1) == odds_to_go_home(offered=0.0)


@pytest.mark.mechanism("D4")
def test_newcomers_bring_their_intention_and_family():
    """D4: the door's share of settlers and families; only sojourners have a savings target."""

    def newcomers(door):
        world, people = a_world({"doors.coethnic": door}), [a_migrant() for _ in MANY]
        for person, who in zip(people, MANY, strict=True):
            plain(lives.be_born)(person, world, COETHNIC, who)
        return people

    none, half, all_ = (newcomers({"settlers": s, "family": s, "target_years": 4.0}) for s in (0.0, 0.5, 1.0))
    for trait in ("settler", "family"):
        counts = [sum(bool(getattr(p, trait)) for p in people) for people in (none, half, all_)]
        assert counts[0] == 0
        assert counts[1] == pytest.approx(0.5 * len(MANY), rel=0.2)
        assert counts[2] == len(MANY)
    assert {p.target for p in all_} == {settling.NEVER_DUE}
    months = np.array([p.target - 100 for p in none])
    assert (months.min(), months.max()) == (pytest.approx(24, abs=2), pytest.approx(72, abs=2))


def belonging(months=24, settings=None, city=None, **fields):
    person = a_migrant(**{"belonging_at": 100 - months, "door": "coethnic", **fields})
    plain(settling.feel_at_home)(person, a_here(a_world(settings or {}), city))
    return person.belonging


@pytest.mark.mechanism("D5")
def test_belonging_grows_with_time_and_taking_part():
    """D5: with months; faster in a programme, not by mere insurance; not at all without growth."""
    learning, on = {"enrolled": bits("language")}, belonging(24)
    assert 0.0 == belonging(0) < belonging(12) < on < belonging(240) < 1.0
    assert belonging(24, enrolled=bits("insurance")) == on < belonging(24, **learning)
    assert belonging(24, {"belonging.participation": 0.0}, **learning) == on
    still = {"belonging.growth": 0.0}
    assert belonging(24, still, belonging=0.3) == pytest.approx(0.3)
    assert belonging(24, still, enrolled=bits("schooling")) > 0.0


def test_the_enclave_dampens_belonging():
    """As a share of residents: as many in a large city are lost among the others."""
    enclave, few, others = (
        a_city(by_group=who) for who in ({"coethnic": 20_000}, {"coethnic": 400}, {0: 20_000})
    )
    off = {"belonging.enclave": 0.0}
    large = a_city(by_group={"coethnic": 20_000}, population=5_000_000.0)
    assert belonging(city=enclave) < belonging(city=large) < belonging()
    assert belonging(city=enclave) < belonging(city=few) < belonging() == belonging(city=others)
    assert belonging(24, off, enclave) == belonging(24, off)
    assert belonging(24, {"belonging.enclave": 1.0}, enclave) == pytest.approx(0.0)


@pytest.mark.mechanism("D5")
def test_looking_often_or_seldom_makes_no_difference():
    """D5: months since belonging was last looked at are made up for."""
    often = a_migrant(belonging_at=0)
    for month in range(1, 101):
        plain(settling.feel_at_home)(often, a_here(a_world(month=month)))
    assert often.belonging == pytest.approx(belonging(100), abs=1e-12)


def test_treatment_raises_or_lowers_belonging():
    def after(rule, treatment):
        here = a_here(a_world({"belonging.treatment": treatment}))
        return crowd(rule, here, who=[1], belonging=0.5, belonging_at=100)[0].belonging

    assert [after(settling.be_treated_well, t) for t in (0.0, 0.2, 1.0)] == pytest.approx([0.5, 0.6, 1.0])
    assert [after(settling.be_treated_badly, t) for t in (0.0, 0.2)] == pytest.approx([0.5, 0.4])


BOTH = bits("insurance", "language")


def moved(settings=None, to=None, **fields):
    """Someone who lived here for ten years moves from a well-provided town to one without services, or `to`."""
    world = a_world(settings or {})
    start = {"home": 4, "knows": ALL_SERVICES, "knows_ngo": 127, "enrolled": BOTH,
             "belonging": 0.8, "belonging_at": world.month, "claims": 3, "legal_since": 40}  # fmt: skip
    person = a_migrant(**{**start, **fields})
    here = a_here(world, a_city(1.0, row=4, service_level=1.0, service_quintile=4))
    there = a_here(world, to or a_city(0.0))
    there.city.row = 9
    plain(moving.relocate)(person, here, there)
    return person, here, there


@pytest.mark.mechanism("D8", "D5", "D2")
def test_what_moving_loses():
    """D8, D5, D2: enrolments, local knowledge and belonging stay behind; rights and the past do not."""
    person, here, there = moved()
    assert (person.home, person.belonging_at, person.moved) == (9, 100, 1)
    assert (person.knows, person.knows_ngo, person.enrolled) == (0, 0, 0)
    assert person.belonging == pytest.approx(0.8 * a_world().belonging_kept_on_moving)
    assert (person.claims, person.status, person.legal_since) == (3, LEGAL, 40)
    assert (here.place.moved_out[LEGAL], there.place.moved_in[LEGAL]) == (1, 1)
    national = here.nation
    assert (national.moves[4, LEGAL], national.enrolments_lost[4, LEGAL]) == (1, 2)
    assert (national.level_before[4, LEGAL], national.level_after[4, LEGAL]) == (moving.MILLION, 0)


@pytest.mark.mechanism("D8")
def test_what_the_scenario_lets_movers_keep():
    """D8: enrolments follow the mover to a town that offers such a service, to the mover as well."""
    for kept, to, fields, left in (
        (1.0, a_city(1.0), {}, BOTH),
        (0.0, a_city(1.0), {}, 0),
        (1.0, a_city({"language": 1.0}), {}, bits("language")),
        (1.0, a_city(0.0), {}, 0),
        (1.0, a_city(1.0), {"status": "overstayer"}, 0),
    ):
        person, here, _ = moved({"moving.entitlements_kept": kept}, to, **fields)
        assert person.enrolled == left
        assert here.nation.enrolments_lost.sum() == (BOTH & ~left).bit_count()
    assert moved({"awareness.kept_on_moving": 1.0})[0].knows == ALL_SERVICES
    assert moved({"belonging.kept_on_moving": 1.0})[0].belonging == pytest.approx(0.8)
    assert moved({"belonging.kept_on_moving": 0.0})[0].belonging == 0.0
    some, insured = {"moving.entitlements_kept": 0.4}, bits("insurance")
    kept_by = [moved(some, a_city(1.0), identity=w)[0].enrolled & insured != 0 for w in range(150)]
    assert np.mean(kept_by) == pytest.approx(0.4, abs=0.13)


@pytest.mark.mechanism("D8")
def test_a_refusal_stays_behind_too():
    """D8: who was refused by one town hall has not been refused by the next."""
    person, _, _ = moved(need=3, tried=1, need_since=99)
    assert person.need == 3
    assert person.tried & 1 == 0


def test_settlers_and_families_move_less():
    def chance(settings, **fields):
        return plain(moving.chance_to_move)(a_migrant(**fields), a_here(a_world(settings)))

    half, same = ({"moving": {"settler": weight, "family": weight}} for weight in (0.5, 1.0))
    for fields in ({"settler": 1}, {"family": 1}):
        assert chance(half, door="coethnic", **fields) == pytest.approx(0.5 * chance(half, door="coethnic"))
    assert chance(same, settler=1, family=1) == chance(same)
    assert chance({"doors.skilled.moving": 0.0}) == 0.0


def pull(settings=None, jobs=0.1, presence=1.0, nations=1.0, room=1.0, **city):
    world = a_world(settings or {})
    kin = plain(moving.pull_of_compatriots)(
        world, plain(moving.chain_of_compatriots)(world, presence), nations
    )
    return plain(moving.attraction)(world, a_city(**city), jobs, kin, room)


@pytest.mark.mechanism("D9")
def test_what_attracts():
    """D9: jobs, co-ethnics and wages, each by its weight; services only if switched on."""
    none = {"moving": {"coethnics": 0.0, "wages": 0.0, "services": 0.0}}
    assert pull(none) == pytest.approx(0.1)
    assert pull(none, jobs=0.2) == pytest.approx(2 * pull(none))
    for weight, more in (
        ({"coethnics": 0.5}, {"presence": 9.0}),
        ({"wages": 1.0}, {"fiscal_strength": 2.0}),
        ({"services": 2.0}, {"service_level": 1.0}),
    ):
        assert pull(none, **more) == pull(none)
        assert pull({"moving": weight}, **more) > pull({"moving": weight})


@pytest.mark.mechanism("D14")
def test_of_a_group_of_many_nations_few_are_compatriots():
    """D14: they draw and they enclose the less, the more nations there are."""
    of = [pull({"moving.coethnics": 0.5}, presence=9.0, nations=nations) for nations in (1.0, 4.0, 200.0)]
    assert of[0] > of[1] > of[2] == pytest.approx(pull(), rel=0.05)
    city = a_city(by_group={"visitor": 4000}, population=250_000.0)
    one, four = (
        plain(settling.enclave_of)(
            a_migrant(door="visitor"), a_here(a_world({"doors.visitor.nations": nations}), city)
        )
        for nations in (1.0, 4.0)
    )
    assert (one, four) == (pytest.approx(0.8), pytest.approx(0.2))


def choosing(weights, nearby=0.0):
    bounds = np.full(len(DOORS), most_drawn_to(weights))
    return a_world({"moving": {"nearby": nearby}}, most_drawn=bounds)


def where(world, drawn, who, first, last, occasion=MOVING):
    return [plain(moving.choose_place)(a_migrant(w), world, drawn, first, last, occasion) for w in who]


@pytest.mark.mechanism("D9")
@pytest.mark.parametrize("jobs", [[1, 1, 1, 1, 1, 1], [1, 0, 9, 3, 0, 0.5], [0, 0, 0, 0, 1, 1]])
def test_places_are_chosen_in_proportion_to_their_attraction(jobs):
    """D9: whatever the jobs that bring places to mind, and where some draw far more than their jobs would."""
    weights = np.array([1.0, 0.0, 3.0, 4.0, 0.0, 2.0])
    world = choosing(weights)
    drawn = drawn_to(weights, np.array(jobs, float))
    chosen = np.bincount(where(world, drawn, range(2000), 0, 2), minlength=6)
    assert (chosen[weights == 0.0] == 0).all()
    assert chosen / 2000 == pytest.approx(weights / 10.0, abs=0.04)


def test_many_moves_stay_within_the_region():
    drawn = drawn_to(np.ones(10), np.arange(1.0, 11.0))

    def within(nearby):
        world = choosing(np.ones(10), nearby)
        places = where(world, drawn, range(500), 4, 7)
        return np.mean([4 <= place < 7 for place in places])

    assert within(1.0) == 1.0
    assert within(0.0) == pytest.approx(0.3, abs=0.08)
    assert within(0.0) < within(0.5) < 1.0
    # Newcomers have no region yet.
    drawn_alike, nearby = drawn_to(np.ones(10)), choosing(np.ones(10), nearby=1.0)
    assert set(where(nearby, drawn_alike, range(200), 4, 7, ARRIVING)) == set(range(10))


@pytest.mark.mechanism("D9")
def test_a_place_that_draws_more_sends_nobody_elsewhere():
    """D9 in two worlds: who goes elsewhere than before goes to the place that has become more attractive; not
    everybody behind it in the list goes next door."""
    before, after = np.ones(45), np.ones(45)
    after[5] = 1.5

    one, two = (
        where(choosing(weights), drawn_to(weights), range(4000), 0, 45) for weights in (before, after)
    )
    elsewhere = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    assert {b for _, b in elsewhere} == {5}
    assert 0.005 * 4000 < len(elsewhere) < 0.02 * 4000


@pytest.mark.mechanism("D9")
def test_services_pull_only_if_switched_on():
    """D9 in whole runs: with the switch off a town's services draw nobody; on, they do."""
    places = small_places(towns=8, regions=2, level=0.0)
    served = places.level.copy()
    served[:4] = 1.0
    uneven = replace(places, level=served)
    base = {"city": {"pace": 0.0, "revenue_limits": False}, "moving": {"coethnics": 0.0, "nearby": 0.0},
            "doors.*.moving": 0.03}  # fmt: skip

    def arrivals_by_place(where, pull):
        frame = small_run(base, {"moving.services": pull}, places=where, months=8).ledger.monthly()
        return frame.groupby("place")["arrived"].sum().reindex(range(8), fill_value=0).to_numpy()

    plain_towns, off = arrivals_by_place(places, 0.0), arrivals_by_place(uneven, 0.0)
    on = arrivals_by_place(uneven, 5.0)
    assert np.array_equal(plain_towns, off)
    assert on[:4].sum() > off[:4].sum() > 0
    assert on.sum() == off.sum()


def outcome(settings=None, slots=0, **fields):
    """What a month comes to for someone, as `live_through_month` returns it; whatever stays, as GOES_ON."""
    quiet = {"needs.*.rate": 0.0, "claiming": {"insure": 0.0, "join": 0.0}}
    here, person = a_here(a_world(quiet, settings or {})), a_migrant(**fields)
    if slots:
        here.world.bounds[:] = np.uint64(2**64 - 1)  # slots are as open when they are looked at again
    open_ = (np.uint64(slots),) * life.WORDS
    month = plain(life.live_through_month)
    return max(event.GOES_ON, month(person, here, words_of(here.world, person), open_))


@pytest.mark.mechanism("D11")
def test_each_reason_to_leave():
    """D11: target reached, permit expired, need unmet, deported, or home for reasons of one's own."""
    home, expired = {"settling.homeward": 20.0}, {"doors.skilled": {"renewal": 0.0, "overstay": 0.0}}
    unmet = {"needs.illness": {"departure": 1.0, "patience": 1}}
    held = {"detained": 1, "need": "arrest", "need_since": 90, "status": "overstayer"}
    daily_return = {"doors.skilled": {"leaving": 0.03, "moving": 0.0}}
    for settings, fields, expected in (
        ({}, {}, event.GOES_ON),
        (home, {"target": 100}, event.GOES + TARGET_REACHED),
        ({"settling.homeward": 0.0}, {"target": 100}, event.GOES_ON),
        (home, {"target": settling.NEVER_DUE, "settler": 1}, event.GOES_ON),
        (expired, {"permit_until": 100}, event.GOES + EXPIRY),
        (expired, {"permit_until": 101}, event.GOES_ON),
        (unmet, {"need": 2, "need_since": 99}, event.GOES + UNMET),
        ({}, held, event.GOES + DEPORTED),
    ):
        assert outcome(settings, **fields) == expected
    returned = {outcome(daily_return, SURE, identity=who) for who in range(50)}
    assert returned == {event.GOES_ON, event.GOES + RETURN}
    for settings, expected in (
        ({"homewards": 0.9, "elsewhere": 0.0}, event.GOES + RETURN),
        ({"homewards": 0.0, "elsewhere": 0.9}, event.MOVES_AWAY),
    ):
        without_work = {"labour": {"rehiring": 0.0, **settings}, "doors.skilled": {"leaving": 0.0}}
        assert {outcome(without_work, SURE, identity=who, jobless=1) for who in range(50)} == {
            event.GOES_ON,
            expected,
        }


def test_settlers_return_less_often():
    def chance(leaving, **fields):
        here = a_here(a_world({"settling.leaving": leaving}))
        return plain(moving.chance_to_return)(a_migrant(**fields), here)

    assert chance(0.25, settler=1) == pytest.approx(0.25 * chance(0.25))
    assert chance(0.0, settler=1) == 0.0


STAY_FOR_EVER = {
    "doors.*.renewal": 1.0,
    "doors.*.leaving": 0.0,
    "settling.homeward": 0.0,
    "needs.*.departure": 0.0,
    "labour.homewards": 0.0,
    "enforcement": {"apprehension": 0.0, "duty_to_report": 0.0},
}
CAUSES_OF_LEAVING = {
    None: {},
    "target": {"settling.homeward": 20.0},
    "expiry": {"doors.*.renewal": 0.0, "doors.*.overstay": 0.0},
    "unmet": {"needs.*.departure": 0.5},
    "deported": {"enforcement.apprehension": 0.05},
    "return": {"doors.*.leaving": 0.02},
}


@pytest.mark.parametrize("reason", [None, *REASONS])
def test_each_reason_alone_in_whole_runs(reason):
    """And nobody leaves without a reason."""
    frame = small_run(STAY_FOR_EVER, CAUSES_OF_LEAVING[reason]).ledger.table("departures")
    assert set(frame["reason"]) == ({reason} if reason else set())
    assert (frame["persons"].sum() > 0) == (reason is not None)
