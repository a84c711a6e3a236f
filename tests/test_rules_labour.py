"""Work: trades that come to depend on migrants, layoffs and what follows, employers who differ (A10, D13)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from crowd import crowd
from single import MANY, Counters, a_city, a_here, a_migrant, a_world, on_slot, plain
from small import small_run, small_scenario, total

from local_citizenship.agents import employers, enrolling, event, labour, needs, settling
from local_citizenship.agents.awareness import ARRIVING
from local_citizenship.agents.chance import LEAVES, MOVES
from local_citizenship.agents.services import BY_EMPLOYER
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.month import count_workers
from local_citizenship.scenarios.catalogue import (
    CITIZEN,
    DOORS,
    EXPIRY,
    LEGAL,
    NEEDS,
    OVERSTAYER,
    RETURN,
    STATUSES,
)

SLUMP = [(12, "labour.demand", 0.2)]


def a_trade(**fields):
    return SimpleNamespace(
        **{
            "dependence": 0.0,
            "offered": 1.0,
            "laid_off": 0.0,
            "jobless": 0,
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
    """A10: quicker if they adjust sooner; nobody is laid off while jobs grow."""

    def month(demand, **settings):
        trade = a_trade()
        plain(labour.offer_jobs)(trade, a_world({"labour": {"demand": demand, **settings}}), 1.0)
        return trade

    slow, quick = month(0.4, adjusts=12.0), month(0.4, adjusts=3.0)
    assert 0.4 < quick.offered < slow.offered < 1.0
    assert 0.0 < slow.laid_off < quick.laid_off
    assert month(0.4, layoffs=1.0).laid_off == pytest.approx(1.0 - month(0.4).offered)
    assert month(0.4, layoffs=0.0).laid_off == month(1.5).laid_off == 0.0


@pytest.mark.mechanism("A10")
def test_employers_recruit_for_the_jobs_that_are_free():
    """A10: all who would come while many are; fewer in a slump, and where migrants hold the jobs or want them."""

    def recruited(workers, jobless=0, offered=1.0, slack=0.5):
        trade = a_trade(workers=workers, jobless=jobless, offered=offered)
        return plain(labour.recruiting)(trade, a_world({"labour.slack": slack}))

    assert recruited(0) == recruited(50) == 1.0
    assert recruited(75) == recruited(60, jobless=15) == recruited(50, offered=0.75) == pytest.approx(0.5)
    assert recruited(90) < recruited(75) < recruited(75, slack=0.3)
    assert recruited(100) == recruited(60, offered=0.5) == 0.0


@pytest.mark.mechanism("A10", "A11")
def test_who_works_in_a_trade_and_who_does_not():
    """A10, A11: those without work do not, nor do citizens count, nor those who came for a family."""

    def counted(door):
        nation, trade = Counters().nation, a_trade()
        nation.stock[DOORS.index(door)] = np.arange(1, len(STATUSES) + 1)
        nation.jobless[DOORS.index(door)] = 4
        world = a_world()
        plain(count_workers)(trade, world.trade_of_door[DOORS.index(door)], world, nation)
        return trade.workers, trade.jobless

    everybody = sum(range(2, len(STATUSES) + 1))
    assert counted("student") == (everybody - 4, 4)
    assert counted("spouse") == (0, 0)


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


def looking(settings, offered=1.0, slot=LEAVES, **fields):
    world = a_world(
        {"labour": settings, "doors.*.leaving": 0.0, "doors.*.moving": 0.0}, offered=np.full(6, offered)
    )
    here = a_here(world, a_city(insures=1.0))
    people = [a_migrant(who, **{"jobless": 1, **fields}) for who in MANY]
    return people, [on_slot(slot, person, here) for person in people]


def found(settings, *given, **fields):
    return {person.identity for person in looking(settings, *given, **fields)[0] if not person.jobless}


def gone(settings, **fields):
    people, outcomes = looking({"rehiring": 0.0, **settings}, **fields)
    return {p.identity for p, outcome in zip(people, outcomes, strict=True) if outcome == event.GOES + RETURN}


@pytest.mark.mechanism("A10", "D8")
def test_work_is_found_as_far_as_the_trade_offers_any():
    """A10: more where more is offered; the new employer may insure; off, nobody finds any."""
    assert found({"rehiring": 0.0}) == set() != found({"rehiring": 0.4}, 0.5) < found({"rehiring": 0.4})
    people, _ = looking({"rehiring": 0.9, "homewards": 0.0})
    assert {(person.jobless, person.enrolled) for person in people} == {(0, BY_EMPLOYER), (1, 0)}
    assert len(found({"rehiring": 0.4})) == pytest.approx(0.4 * len(MANY), rel=0.2)
    assert found({"rehiring": 0.9}, detained=1) == set() == found({"rehiring": 0.9}, jobless=0) - set(MANY)


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


def test_the_jobless_are_counted_as_they_are():
    model = LocalCitizenship(small_scenario(months=24, changes=SLUMP))
    for _ in range(20):
        model.step()
    there = model.state.migrants[: model.state.used]
    doors = there["door"][(there["present"] != 0) & (there["jobless"] != 0) & (there["status"] != CITIZEN)]
    counted = model.state.counters[0].nations["jobless"][0]
    assert counted.sum() > 10
    assert counted.tolist() == np.bincount(doors, minlength=len(counted)).tolist()


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
