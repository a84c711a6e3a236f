"""Work: trades that come to depend on migrants, layoffs and what follows, employers who differ (A10, D13)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from crowd import crowd
from single import MANY, Counters, Records, a_city, a_here, a_migrant, a_world, on_slot, plain
from small import TRADES, small_run, small_scenario, total

from local_citizenship.agents import employers, enrolling, event, labour, needs, settling
from local_citizenship.agents.awareness import ARRIVING
from local_citizenship.agents.chance import LEAVES, MOVES
from local_citizenship.agents.services import BY_EMPLOYER
from local_citizenship.model import LocalCitizenship, stock
from local_citizenship.scenarios.catalogue import (
    CITIZEN,
    DOORS,
    EXPIRY,
    LEGAL,
    NEEDS,
    OVERSTAYER,
    RETURN,
)

SLUMP = [(12, "labour.demand", 0.2)]


def a_trade(**fields):
    return SimpleNamespace(
        **{
            "dependence": 0.0,
            "offered": 1.0,
            "laid_off": 0.0,
            "vacant": 0.0,
            "remaining": 0.0,
            "workers": 100,
            "jobs": 100.0,
            **fields,
        }
    )


# A10: what trades offer ---------------------------------------------------------------------------------


def dependence_after(years, embeddedness=0.8, **fields):
    trade, world = a_trade(**fields), a_world({"labour": {"embeddedness": embeddedness, "habit": 5.0}})
    for _ in range(12 * years):
        plain(labour.come_to_depend)(trade, world)
    return trade.dependence


@pytest.mark.mechanism("A10")
def test_a_trade_comes_to_depend_on_those_who_hold_its_jobs():
    """A10: the longer and the more of them, the more; however fast few become more, they are few; off, never; once they
    have left, it does without again."""
    assert 0.0 < dependence_after(2) < dependence_after(10) < 0.8
    assert dependence_after(10, workers=30) < dependence_after(10)
    assert dependence_after(10, embeddedness=0.0) == 0.0
    assert dependence_after(5, dependence=0.8, workers=0) < 0.35
    assert dependence_after(10, workers=5) < 0.05
    assert dependence_after(10, workers=50, offered=0.5) == pytest.approx(dependence_after(10))
    assert dependence_after(1, workers=0, jobs=0.0) == 0.0


@pytest.mark.mechanism("A10")
def test_what_depends_on_migrants_outlasts_a_slump():
    """A10: of the rest, what is tied to the cycle follows it; in a boom all jobs are offered."""

    def wanted(dependence, cyclical, demand):
        return plain(labour.jobs_wanted)(a_trade(dependence=dependence), cyclical, demand)

    assert wanted(0.0, 1.0, 0.3) == pytest.approx(0.3)
    assert wanted(0.0, 1.0, 0.3) < wanted(0.4, 1.0, 0.3) < wanted(0.8, 1.0, 0.3) < 1.0
    assert wanted(0.0, 0.0, 0.3) == wanted(0.5, 1.0, 1.0) == 1.0
    assert wanted(0.0, 1.0, 1.2) > 1.0


@pytest.mark.mechanism("A10")
def test_employers_adjust_by_and_by_and_lay_migrants_off_first():
    """A10: quicker if they adjust sooner; nobody is laid off while jobs grow; fewer are, the more jobs were empty."""

    def month(demand, vacant=0.0, **settings):
        trade = a_trade(vacant=vacant)
        plain(labour.offer_jobs)(trade, a_world({"labour": {"demand": demand, **settings}}), 1.0)
        return trade

    slow, quick = month(0.4, adjusts=12.0), month(0.4, adjusts=3.0)
    assert 0.4 < quick.offered < slow.offered < 1.0
    assert 0.0 < slow.laid_off < quick.laid_off
    assert month(0.4, layoffs=1.0).laid_off == pytest.approx(1.0 - month(0.4).offered)
    assert month(0.4, layoffs=0.0).laid_off == month(1.5).laid_off == month(0.4, vacant=100.0).laid_off == 0.0
    assert month(0.4, vacant=50.0).laid_off == pytest.approx(0.5 * month(0.4).laid_off)


@pytest.mark.mechanism("A10")
def test_employers_recruit_for_the_jobs_that_stay_free():
    """A10: all who would come while many do; the fewer, the fewer of them are taken, and none where none does."""

    def recruited(remaining, slack=0.5):
        return plain(labour.recruiting)(a_trade(remaining=remaining), a_world({"labour.slack": slack}))

    assert recruited(50.0) == recruited(90.0) == 1.0
    assert recruited(25.0) == pytest.approx(0.5)
    assert recruited(0.0) == 0.0 < recruited(10.0) < recruited(25.0) < recruited(25.0, slack=0.3)


def vacancies(offered=1.0, settings=None, **fields):
    """A trade, and its free jobs in two towns with 60 and 40 jobs."""
    towns = ({"posts": 60.0, "at_work": 40, "looking": 30}, {"posts": 40.0, "at_work": 45, "looking": 0})
    trade, cities = a_trade(offered=offered), [a_city(**{**town, **fields}) for town in towns]
    plain(labour.count_vacancies)(trade, 0, a_world(settings or {}), Records(cities))
    return trade, [city.vacant[0] for city in cities]


@pytest.mark.mechanism("A10", "D9")
def test_free_jobs_are_those_of_a_place_that_nobody_holds():
    """A10, D9: what is free in one town is of no use to those who look in another; in a slump natives come first."""
    trade, vacant = vacancies(at_work=20)
    assert (vacant, trade.vacant, trade.remaining) == ([40.0, 20.0], 60.0, 10.0 + 20.0)
    assert vacancies()[1] == [20.0, 0.0]
    assert vacancies(looking=99)[0].remaining == 0.0
    alone, glad = ({"labour.natives": share} for share in (0.0, 0.5))
    assert vacancies(0.8, alone)[0].vacant == pytest.approx(8.0)
    assert vacancies(0.8, glad)[0].vacant == pytest.approx(2.0)
    assert vacancies(1.0, glad)[0].vacant == vacancies(1.0, alone)[0].vacant
    assert vacancies(0.1, glad)[0].vacant == 0.0


@pytest.mark.mechanism("A2", "A10")
def test_jobs_that_a_side_door_leaves_free_draw_people_through_the_back_door():
    """A2, A10: whose own trade needs no more; nobody else comes for another trade; off, nor do they."""

    def recruited(door, free, share=0.5, own=0.0, **settings):
        world = a_world({"labour": {"slack": 0.5, "other_trades": share}, **settings})
        trades = [a_trade(remaining=0.0) for _ in TRADES]
        number = DOORS.index(door)
        trades[world.trade_of_door[number]].remaining = own
        world.openings[:] = 0.0
        world.openings[TRADES.index("factory")] = free
        plain(labour.recruit)(number, trades, world)
        return world.recruiting[number], world.recruited_elsewhere[number]

    assert recruited("visitor", 0.0) == (0.0, 0.0)
    few, many = recruited("visitor", 20.0), recruited("visitor", 60.0)
    assert 0.0 < few[0] < many[0] <= 0.5
    assert few[1] == many[1] == pytest.approx(1.0)
    assert recruited("visitor", 60.0, own=25.0)[1] < 0.5
    assert recruited("visitor", 60.0, own=50.0) == (1.0, 0.0)
    assert recruited("visitor", 60.0, share=0.0) == recruited("student", 60.0) == (0.0, 0.0)


@pytest.mark.mechanism("A2", "A10")
def test_who_was_recruited_for_another_trade_works_there():
    """A2, A10: the same people, the more of them; in the trade with free jobs, and the others in their own."""

    def trades(share):
        world = a_world()
        world.openings[:] = 0.0
        world.openings[TRADES.index("factory")] = 9.0
        world.recruited_elsewhere[:] = share
        born = plain(employers.trade_on_arrival)
        return [TRADES[born(who, world, DOORS.index("visitor"))] for who in MANY]

    some, more = trades(0.3), trades(0.6)
    assert set(trades(0.0)) == {"building"} != set(some) == {"building", "factory"}
    assert len(MANY) * 0.2 < some.count("factory") < more.count("factory")
    assert all(b == "factory" for a, b in zip(some, more, strict=True) if a == "factory")


@pytest.mark.mechanism("A11", "A10")
def test_who_marries_a_national_comes_whatever_the_trades_recruit():
    """A11: in whole runs, of workers none comes without a free job."""
    none_free = {"doors.*.arrivals": 20.0, "trades.*.jobs": 1.0}
    came = (
        small_run(none_free, months=3).ledger.table("doors").groupby("door", observed=True)["arrived"].sum()
    )
    assert came["spouse"] > 0 == came["coethnic"]


# A10: losing a job, and what follows ------------------------------------------------------------------------


def laid_off(chance=0.2, settings=None, **fields):
    here = a_here(a_world({"doors.*.leaving": 0.0}, settings or {}, laid_off=np.full(6, chance)))
    people = [a_migrant(who, **{"door": "coethnic", "enrolled": BY_EMPLOYER, **fields}) for who in MANY]
    return people, [on_slot(LEAVES, person, here) for person in people]


@pytest.mark.mechanism("A10")
def test_layoffs_strike_by_the_trades_chance():
    """A10: with the same luck more of the same; off, nobody; who has no job or is held has none to lose."""

    def who(*given, **fields):
        return {person.identity for person in laid_off(*given, **fields)[0] if person.jobless}

    assert who(0.0) == set() != who(0.1) < who(0.2)
    assert len(who(0.2)) == pytest.approx(0.2 * len(MANY), rel=0.3)
    assert who(0.2, detained=1) == set()
    people, _ = laid_off()
    assert all(bool(person.enrolled) != bool(person.jobless) for person in people)


@pytest.mark.mechanism("A10", "A3")
@pytest.mark.parametrize(("door", "ends"), [("coethnic", False), ("trainee", True), ("entertainer", True)])
def test_with_a_tied_permit_goes_the_stay(door, ends):
    """A10, A3: trainees and entertainers leave or stay without a permit; spouses of nationals keep theirs."""
    overstay = {"doors.*.overstay": 0.4}
    people, outcomes = laid_off(0.25, overstay, door=door)
    statuses = {person.status for person in people if person.jobless}
    assert statuses == ({LEGAL, OVERSTAYER} if ends else {LEGAL})
    assert (event.GOES + EXPIRY in outcomes) == ends
    married, stayed = laid_off(0.25, overstay, door=door, grounds=1)
    assert {person.status for person in married} == {LEGAL}
    assert event.GOES + EXPIRY not in stayed


def looking(settings, free=1e9, slot=LEAVES, seekers=1, elsewhere=0.0, **fields):
    """People without work, and what comes of it: jobs `free` in factories, their trade, and `elsewhere` in shops."""
    world = a_world({"labour": settings, "doors.*.leaving": 0.0, "doors.*.moving": 0.0})
    city = a_city(insures=1.0, looking=seekers)
    city.vacant[TRADES.index("factory")], city.vacant[TRADES.index("service")] = free, elsewhere
    plain(labour.match)(city, world)
    people = [a_migrant(who, **{"jobless": 1, "door": "coethnic", **fields}) for who in MANY]
    return people, [on_slot(slot, person, a_here(world, city)) for person in people]


def found(settings, *given, **fields):
    return {person.identity for person in looking(settings, *given, **fields)[0] if not person.jobless}


def gone(settings, **fields):
    people, outcomes = looking({"rehiring": 0.0, **settings}, **fields)
    return {p.identity for p, outcome in zip(people, outcomes, strict=True) if outcome == event.GOES + RETURN}


@pytest.mark.mechanism("A10", "D8")
def test_work_is_found_as_far_as_jobs_are_free_for_those_who_look():
    """A10: more where more are free, or fewer look; half of it where they are as many; off, nobody finds any; the new
    employer may insure."""
    assert found({"rehiring": 0.0}) == set() == found({"rehiring": 0.4}, 0.0)
    assert (
        found({"rehiring": 0.4}, 5.0, seekers=50)
        < found({"rehiring": 0.4}, 50.0, seekers=50)
        < found({"rehiring": 0.4})
    )
    assert found({"rehiring": 0.4}, 50.0, seekers=50) < found({"rehiring": 0.4}, 50.0, seekers=5)
    assert len(found({"rehiring": 0.8}, 50.0, seekers=50)) == pytest.approx(0.4 * len(MANY), rel=0.2)
    people, _ = looking({"rehiring": 0.9, "homewards": 0.0})
    assert {(person.jobless, person.enrolled) for person in people} == {(0, BY_EMPLOYER), (1, 0)}
    assert len(found({"rehiring": 0.4})) == pytest.approx(0.4 * len(MANY), rel=0.2)
    assert found({"rehiring": 0.9}, detained=1) == set() == found({"rehiring": 0.9}, jobless=0) - set(MANY)


@pytest.mark.mechanism("A10")
def test_other_trades_are_tried_for_want_of_ones_own():
    """A10: as far as people do, and the trade takes them; who finds work there is of that trade from now on."""

    def switched(free, share, elsewhere=1e9, **settings):
        settings = {"rehiring": 0.8, "other_trades": share, "homewards": 0.0, **settings}
        people, _ = looking(settings, free, elsewhere=elsewhere)
        trades = {person.identity: TRADES[person.trade] for person in people if not person.jobless}
        assert all(TRADES[person.trade] == "factory" for person in people if person.jobless)
        return {who for who, trade in trades.items() if trade == "service"}

    assert switched(0.0, 0.0) == set() == switched(1e9, 0.5) == switched(0.0, 0.5, elsewhere=0.0)
    assert set() != switched(0.0, 0.3) < switched(0.0, 0.9)
    assert len(switched(0.0, 0.5)) == pytest.approx(0.4 * len(MANY), rel=0.2)


@pytest.mark.mechanism("A10", "D11")
def test_who_goes_home_without_work():
    """A10, D11: sojourners before settlers, those with a permit (even if they work outside it) before those without,
    who could not come back."""
    often = {"homewards": 0.5}
    assert gone(often, status="irregular") == gone(often)
    assert gone({"homewards": 0.0}) == set() != gone(often, settler=1) < gone(often)
    assert gone(often, status="overstayer") < gone(often)
    assert gone({**often, "homewards_unauthorised": 1.0}, status="overstayer") == gone(often)
    assert len(gone({**often, "rehiring": 0.4})) == pytest.approx(0.5 * 0.6 * len(MANY), rel=0.2)
    assert gone(often, jobless=0) == gone(often, detained=1) == set()


@pytest.mark.mechanism("A10", "D8")
def test_who_leaves_for_where_there_may_be_work():
    """A10, D8: some of those without work; nobody who has work, or is held."""

    def off(elsewhere, **fields):
        people, outcomes = looking({"elsewhere": elsewhere}, slot=MOVES, **fields)
        return {p.identity for p, what in zip(people, outcomes, strict=True) if what == event.MOVES_AWAY}

    assert off(0.0) == set() != off(0.1) < off(0.3)
    assert len(off(0.3)) == pytest.approx(0.3 * len(MANY), rel=0.3)
    assert off(0.3, jobless=0) == off(0.3, detained=1) == set()


@pytest.mark.mechanism("A10", "D4")
def test_nothing_is_saved_without_work():
    """A10, D4: each month without work puts the target off by one, and meanwhile it never comes; debts add to what is
    missing as ever; settlers have none."""
    for settler, target in ((0, 150 + 7 + 3), (1, settling.NEVER_DUE)):
        person, world = a_migrant(settler=settler, target=settling.NEVER_DUE if settler else 150), a_world()
        plain(employers.lose_job)(person, world)
        plain(employers.lose_job)(person, world)  # a second loss loses nothing more
        world.month = 1_199
        assert not plain(settling.target_is_due)(person, world)
        if not settler:
            person.target += 3
        world.month = 107
        plain(employers.find_job)(person, world)
        assert (person.target, person.jobless) == (target, 0)


@pytest.mark.mechanism("A10", "D8", "D11")
def test_a_slump_in_whole_runs():
    """A10: fewer come, and some leave for want of work; the less, the more trades depend on migrants."""

    def run(embeddedness, dependence, changes=()):
        settings = {"labour": {"embeddedness": embeddedness}, "trades.*.dependence": dependence}
        return small_run(settings, months=30, changes=changes)

    calm, hard, soft = run(0.0, 0.0), run(0.0, 0.0, SLUMP), run(0.8, 0.8, SLUMP)
    for column, sign in (("arrived", 1), ("left", -1)):
        change = [sign * (total(calm, column) - total(model, column)) for model in (hard, soft)]
        assert change[0] > change[1] >= 0, column


@pytest.mark.mechanism("A10", "A11")
def test_who_counts_as_working_in_a_trade():
    """A10, A11: neither citizens do, nor those who came for a family."""

    def counted(**fields):
        place, world = Counters().place, a_world()
        person = a_migrant(**{"door": "student", **fields})
        plain(stock.count)(plain(stock.key_of)(person, world, 100), place, Counters().nation, 1)
        trade = TRADES.index("service")
        return place.at_work[trade], place.looking[trade], place.at_work.sum() + place.looking.sum()

    assert counted() == (1, 0, 1)
    assert counted(jobless=1) == (0, 1, 1)
    assert counted(trade=TRADES.index("factory")) == (0, 0, 1)
    assert counted(status=CITIZEN) == counted(door="spouse") == counted(door="spouse", jobless=1) == (0, 0, 0)


# D13: employers ---------------------------------------------------------------------------------------------


@pytest.mark.mechanism("D13")
def test_ruthless_employers_make_trouble_at_work_and_no_other():
    """D13: in proportion; those without work have no trouble with an employer. (Nobody here lives with a partner.)"""

    def rate(need, ruthless, **fields):
        here = a_here(city=a_city(ruthless=ruthless))
        return plain(needs.need_rate)(a_migrant(**fields), here, NEEDS.index(need), 0.0)

    for need in ("accident", "dispute", "wages", "abuse"):
        assert rate(need, 2.0) == pytest.approx(2.0 * rate(need, 1.0))
        assert rate(need, 2.0, jobless=1) == 0.0
    for need in ("illness", "housing", "papers"):
        assert rate(need, 2.0) == rate(need, 1.0) == rate(need, 1.0, jobless=1) > 0.0


@pytest.mark.mechanism("D13", "D7")
def test_employers_of_some_trades_and_places_insure_more():
    """D13, D7: with the same luck more of the same people; by the trade of one's door."""

    def insured(door="coethnic", **insures):
        here = a_here(city=a_city(insures=insures))
        people = crowd(enrolling.be_insured_by_employer, here, ARRIVING, door=door)
        return {person.identity for person in people if person.enrolled}

    assert insured(factory=0.0) == set() != insured(factory=0.3) < insured(factory=0.8)
    assert insured("student", factory=0.8) == set() != insured("student", service=0.5)


@pytest.mark.mechanism("D13")
def test_places_differ_in_their_employers_and_a_switch_makes_them_alike():
    """D13: drawn from the place's own code; the usual employer is as the trade says."""

    def cities(spread):
        settings = {"trades.*.reluctance": spread, "trades.*.ruthlessness": min(1.0, spread)}
        return LocalCitizenship(small_scenario(settings)).state.cities

    alike, unlike = cities(0.0), cities(1.0)
    assert (alike["ruthless"] == 1.0).all()
    assert np.ptp(alike["insures"], axis=0) == pytest.approx(0.0)
    assert (np.ptp(unlike["insures"], axis=0) > 0.2).all()
    assert (unlike["ruthless"] <= employers.MOST_RUTHLESS).all()
    assert (np.ptp(unlike["ruthless"], axis=0) > 0.3).all()
