"""Jobs: the insurance that comes with them, losing them, seeking better ones, brokers (A1, D8, D9, D10)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import crowd, served_by
from destinations import drawn_to, most_drawn_to
from single import (
    ALL_SERVICES,
    MANY,
    Counters,
    Records,
    a_city,
    a_here,
    a_migrant,
    a_world,
    as_plain,
    bits,
    plain,
)
from small import N_DOORS, TRADES, small_places, small_run, small_scenario, total

from local_citizenship.agents import (
    awareness,
    claiming,
    employers,
    enrolling,
    event_log,
    moving,
    needs,
    status,
)
from local_citizenship.agents.awareness import ARRIVING, ASKING, HEARING, MOVING
from local_citizenship.agents.providers import job
from local_citizenship.agents.services import BY_EMPLOYER, is_registered
from local_citizenship.agents.tally import CITY, JOB
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.jobs import less_homes
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.model.month import lay_out_destinations
from local_citizenship.model.schedule import pass_month
from local_citizenship.scenarios.catalogue import COETHNIC, DOORS, NEEDS, OVERSTAYER

INSURED = bits("insurance")
SURE = {
    "needs.*.right": "nobody",
    "claiming.effort": 1.0,
    "fear.weight": 0.0,
    "awareness": {"search": 0.0, "claims": 0.0},
    "enforcement.duty_to_report": 0.0,
}


# A1: the insurance of the job ---------------------------------------------------------------------------


FULL = {"services.insurance.fit": 1.0}


def sought(settings, city=None, **fields):
    """(who was served by whom) of many who seek help in a town without services, knowing nobody."""
    start = {"need": "illness", "enrolled": BY_EMPLOYER}
    return served_by(claiming.seek_help, a_world(SURE, settings), city, **{**start, **fields})


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_pays_wherever_one_lives():
    """A1: by national law, for illness and birth and nothing else; without it, nobody pays."""
    for need in NEEDS:
        expected = dict.fromkeys(MANY, JOB) if need in ("illness", "birth") else {}
        assert sought(FULL, need=need) == expected, need
    assert sought(FULL, enrolled=0) == {}


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_pays_as_well_as_insurance_does():
    """A1: with the same luck, a better fit pays for the same people and more; so does speaking the language."""

    def served(fit, **fields):
        barrier = {"language.barrier": 0.6, "services.insurance.fit": fit}
        return sought(barrier, **{"language": 1.0, **fields}).keys()

    assert served(0.0) == set() != served(0.4) < served(0.9)
    assert served(0.9, language=0.0) < served(0.9)


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_is_asked_first():
    """A1: before the town hall, which those ask who are without it or whom it has refused."""
    rich, known = a_city(1.0), {"knows": ALL_SERVICES}
    assert set(sought(FULL, rich, **known).values()) == {JOB}
    assert set(sought(FULL, rich, **known, enrolled=0).values()) == {CITY}
    nothing = {"services.insurance.fit": 0.0, "services.emergency.fit": 1.0}
    assert sought(nothing, a_city({"emergency": 1.0}), **known) == {}
    after_refusal = sought(nothing, a_city({"emergency": 1.0}), **known, tried=job.REFUSAL)
    assert set(after_refusal.values()) == {CITY}


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_ends_with_the_permit():
    """A1: and the city's does too, unless the city insures those without a permit."""
    for opened, left in ((0, 0), (1, INSURED)):
        person, city = a_migrant(enrolled=BY_EMPLOYER | INSURED), a_city(1.0, open={"insurance": opened})
        plain(status.change_status)(person, a_here(city=city), OVERSTAYER)
        assert person.enrolled == left


# D10: losing the job ------------------------------------------------------------------------------------


@pytest.mark.mechanism("D10")
def test_a_lost_job_costs_its_insurance():
    """D10: the city's insurance stays."""
    person = a_migrant(enrolled=BY_EMPLOYER | INSURED)
    plain(employers.lose_job)(person, a_world())
    assert (person.jobless, person.enrolled) == (1, INSURED)


@pytest.mark.mechanism("D10")
def test_an_unmet_need_that_costs_the_job():
    """D10: through giving up; where no job is lost, nothing of it."""
    for chance, jobless, enrolled in ((1.0, 1, 0), (0.0, 0, BY_EMPLOYER)):
        mild = {"debt": 0, "departure": 0.0, "recurrence": 0.0, "harm": 0.0}
        world = a_world({"needs.accident": {**mild, "job_loss": chance}})
        person = a_migrant(need="accident", need_since=90, target=150, enrolled=BY_EMPLOYER)
        plain(needs.give_up)(person, a_here(world))
        assert (person.jobless, person.enrolled) == (jobless, enrolled)


@pytest.mark.mechanism("A1", "D10")
def test_another_job_in_the_same_town_may_insure_again():
    """A1, D10: there is but one town, jobs are lost, and every employer insures: all legal workers are."""
    losing = {"needs.*.job_loss": 1.0, "needs.*.departure": 0.0, "needs.*.rate": 0.2}
    calm = {
        "trades.*.insures": 1.0,
        "labour.rehiring": 0.9,
        "enforcement": {"apprehension": 0.0, "duty_to_report": 0.0},
    }
    model = small_run(losing, calm, places=small_places(1, 1), months=12)
    assert total(model, "moved_out") == 0
    lost = model.ledger.table("events").query("event == 'consequence' and detail == 1")
    assert len(lost) > 0

    def is_permitted(person):
        as_rules_want_it = a_migrant(door=person.door, status=person.status, grounds=person.grounds)
        return plain(is_registered)(as_rules_want_it, a_world())

    permitted = [person for person in model.migrants if person.arrived < 0 and is_permitted(person)]
    assert len(permitted) > 100
    assert all(p.enrolled & BY_EMPLOYER or p.jobless for p in permitted if p.door != "visitor")
    assert any(p.jobless for p in permitted)


# D8: seeking better wages -------------------------------------------------------------------------------


def by_place(model, column):
    return model.ledger.monthly().groupby("place")[column].sum().reindex(range(12), fill_value=0)


def chance_to_move(seeking, strength, usual=0.8):
    here = a_here(
        a_world({"moving.wage_seeking": seeking}, usual_wages=usual), a_city(fiscal_strength=strength)
    )
    return plain(moving.chance_to_move)(a_migrant(door="coethnic"), here)


@pytest.mark.mechanism("D8")
def test_people_change_jobs_where_wages_are_below_what_is_usual():
    """D8: the further below, the sooner; where wages are usual or better, no sooner; off, nowhere."""
    assert chance_to_move(1.0, 0.3) > chance_to_move(1.0, 0.6) > chance_to_move(1.0, 0.8) > 0.0
    assert chance_to_move(1.0, 0.8) == chance_to_move(1.0, 1.5) == chance_to_move(0.0, 0.3)
    assert chance_to_move(1.0, 0.3) == pytest.approx(1.5 * chance_to_move(0.0, 0.3))


@pytest.mark.mechanism("D8")
def test_usual_wages_are_those_where_the_jobs_are():
    """D8: fiscal strength, weighted by foreign residents."""
    towns = ((0.4, 300.0), (1.2, 100.0))
    cities = Records(a_city(fiscal_strength=strength, foreign_residents=n, jobs=n) for strength, n in towns)
    world = a_world()
    plain(lay_out_destinations)([world], cities, np.zeros((moving.LISTS * N_DOORS, 2)))
    assert world.usual_wages == pytest.approx(0.6)


# D8: brokers --------------------------------------------------------------------------------------------


def sent(share, occasion=ARRIVING, who=MANY, network=0.0, door="coethnic"):
    world = a_world({"trades.factory.brokers": share}, network=np.full(N_DOORS, network))
    is_sent = plain(moving.is_sent_by_broker)
    return {w for w in who if is_sent(a_migrant(w, door=door), world, occasion)}


@pytest.mark.mechanism("D13")
def test_brokers_place_a_share_by_trade():
    """D13: off, nobody; a larger share adds to the same people; of another trade nobody, and no spouse."""
    assert sent(0.0) == set() != sent(0.2) < sent(0.6) < sent(1.0) == set(MANY)
    assert len(sent(0.2)) == pytest.approx(0.2 * len(MANY), rel=0.25)
    assert sent(1.0, door="student") == set()
    world = a_world({"trades.*.brokers": 1.0})
    assert not plain(moving.is_sent_by_broker)(a_migrant(door="spouse"), world, ARRIVING)


@pytest.mark.mechanism("D13", "D14")
def test_compatriots_take_the_place_of_brokers():
    """D13, D14: the more of them there are in the country."""
    assert sent(0.6, network=1.0) == set() != sent(0.6, network=0.5) < sent(0.6)

    def network(people, nations=1.0):
        world = a_world({"moving.network": 1000.0, "doors.coethnic.nations": nations})
        cities = Records([a_city(jobs=9.0, by_group=people)])
        plain(lay_out_destinations)([world], cities, np.zeros((moving.LISTS * N_DOORS, 1)))
        return world.network[COETHNIC]

    assert network(0) == 0.0 < network(200) < network(1000) == pytest.approx(0.5)
    assert network(1000, nations=5.0) == pytest.approx(network(200))


@pytest.mark.mechanism("D13", "D4")
def test_brokers_deceive_some():
    """D13, D4: whom they have placed, and not others; it is paid off later, and the target is reached later."""

    def deceived(brokers, deceit, **fields):
        world = a_world({"trades.*.brokers": brokers, "moving": {"deceit": deceit, "deceit_debt": 5}})
        people = crowd(moving.be_deceived, world, ARRIVING, **{"door": "coethnic", "target": 150, **fields})
        return {(person.owes_until, person.target) for person in people}

    assert deceived(0.0, 1.0) == deceived(1.0, 0.0) == {(0, 150)}
    assert deceived(1.0, 1.0) == {(105, 155)}
    assert deceived(1.0, 1.0, owes_until=110) == {(115, 155)}
    assert deceived(1.0, 1.0, settler=1) == {(105, 150)}
    assert deceived(1.0, 0.5) == {(0, 150), (105, 155)}


@pytest.mark.mechanism("D13", "D9")
def test_brokers_send_people_to_whoever_treats_them_worst():
    """D13, D9: by jobs and employers, whoever lives there, whatever is paid; own choice minds both."""
    strong = {"moving": {"coethnics": 1.0, "wages": 1.0, "few": 0.01}}
    towns = (
        {"jobs": 100.0, "fiscal_strength": 2.0, "by_group": {"coethnic": 99, "skilled": 1}, "ruthless": 0.5},
        {"jobs": 300.0, "fiscal_strength": 0.1, "by_group": {"coethnic": 1, "skilled": 99}, "ruthless": 1.5},
    )
    cities = Records(a_city(row=row, **town) for row, town in enumerate(towns))
    destinations = np.zeros((moving.LISTS * N_DOORS, 2))
    plain(lay_out_destinations)([a_world(strong)], cities, destinations)
    own = destinations[COETHNIC] + destinations[2 * N_DOORS + COETHNIC]
    jobs, brokers = (destinations[row * N_DOORS + COETHNIC] for row in (1, 3))
    assert jobs / jobs[-1] == pytest.approx([0.25, 1.0])
    assert brokers / brokers[-1] == pytest.approx([0.1, 1.0])
    assert own[0] / own[-1] > 0.95


@pytest.mark.mechanism("D8", "D9")
def test_brokers_in_whole_runs():
    """D8, D9: placed by brokers, newcomers do not follow their compatriots, who would have drawn them."""

    def where(brokers, coethnics):
        settings = {"moving": {"network": 1e8, "coethnics": coethnics, "wages": 0.0, "services": 0.0},
                    "trades.*.brokers": brokers, "ngos.enabled": False}  # fmt: skip
        return by_place(small_run(settings, months=4), "arrived").tolist()

    assert where(1.0, 0.0) == where(1.0, 1.0)
    assert where(0.0, 0.0) != where(0.0, 1.0)
    assert sum(where(1.0, 1.0)) == sum(where(0.0, 1.0))


@pytest.mark.mechanism("D8", "D9")
def test_brokers_of_movers_in_whole_runs():
    """D8, D9: nor do those whom they send from job to job."""

    def where(brokers, coethnics):
        settings = {"moving": {"network": 1e8, "nearby": 0.0, "wages": 0.0}, "doors.*.moving": 0.06,
                    "trades.*.brokers": brokers}  # fmt: skip
        model = LocalCitizenship(small_scenario(settings))
        len(model.migrants)  # all begin alike
        model.state.parameters = model.state.parameters.model_copy(deep=True)
        model.state.world["moving_coethnics"] = coethnics
        model.step()
        return by_place(model, "moved_in").tolist()

    assert where(1.0, 0.0) == where(1.0, 1.0)
    assert where(0.0, 0.0) != where(0.0, 1.0)


# D9, A11: free jobs of one's own trade, homes of those who married ------------------------------------------


def draws(door, *towns):
    """How each of these towns draws a door, as shares."""
    cities = Records(a_city(row=row, **town) for row, town in enumerate(towns))
    destinations = np.zeros((moving.LISTS * N_DOORS, len(cities)))
    world = a_world({"moving": {"coethnics": 0.0, "wages": 0.0}}, vacancy=0.3)
    plain(lay_out_destinations)([world], cities, destinations)
    door = DOORS.index(door)
    own = destinations[door] + destinations[2 * N_DOORS + door]
    return np.diff(own, prepend=0.0) / own[-1]


@pytest.mark.mechanism("D9")
def test_free_jobs_of_ones_own_trade_draw_people_and_no_others():
    """D9: a town full of students has no fewer jobs free in its factories."""
    town = {"jobs": 100.0, "posts": 100.0, "vacant": 30.0}
    full_of = {
        trade: (
            town,
            {**town, "vacant": {number: 30.0 * (name != trade) for number, name in enumerate(TRADES)}},
        )
        for trade in ("factory", "service")
    }
    assert draws("coethnic", *full_of["service"]) == pytest.approx([0.5, 0.5])
    assert draws("student", *full_of["service"])[1] < 0.3
    assert draws("coethnic", *full_of["factory"])[1] < 0.3


@pytest.mark.mechanism("A11", "D9")
def test_spouses_of_nationals_live_where_nationals_live():
    """A11: by residents, wherever jobs are; the others by foreign residents, as far as spouses leave any."""
    places = small_places()
    model = LocalCitizenship(small_scenario({"doors.spouse.initial": 300.0}, places=places))
    assert len(model.migrants) > 1000  # all have begun
    cities = model.state.cities
    homes, jobs = (cities["jobs"][:, DOORS.index(door)] for door in ("spouse", "coethnic"))
    assert homes / homes.sum() == pytest.approx(places.population / places.population.sum())
    assert (
        np.corrcoef(jobs, places.foreign_residents)[0, 1] > np.corrcoef(homes, places.foreign_residents)[0, 1]
    )
    crowded = draws("spouse", {"jobs": 100.0, "by_door": 900, "by_group": 900}, {"jobs": 100.0})
    assert crowded == pytest.approx([0.5, 0.5])


def test_spouses_leave_part_of_a_places_foreigners_to_work():
    left = less_homes(np.array([100.0, 300.0]), np.array([[90.0], [30.0]]), 400.0)
    assert left == pytest.approx([10.0, 270.0])
    assert less_homes(np.array([100.0, 300.0]), np.array([[99.0], [0.0]]), 400.0)[0] == pytest.approx(10.0)


# D8: what moving ends -----------------------------------------------------------------------------------


def relocated(settings=None, insures=0.0, **fields):
    world = a_world(settings or {})
    here, there = (a_here(world, a_city(1.0, row=row, insures=insures)) for row in (4, 9))
    person = a_migrant(**{"home": 4, "enrolled": BY_EMPLOYER, "belonging_at": 100, **fields})
    plain(moving.relocate)(person, here, there)
    return person, here


@pytest.mark.mechanism("D8")
def test_the_insurance_of_the_job_ends_on_moving():
    """D8: the next employer insures or not; entitlements kept by the scenario do not include it."""
    person, here = relocated({"moving.entitlements_kept": 1.0})
    assert person.enrolled == 0
    assert here.nation.enrolments_lost.sum() == 0  # not an enrolment of a town
    assert relocated(insures=1.0)[0].enrolled == BY_EMPLOYER
    assert relocated(insures=1.0, status="smuggled")[0].enrolled == 0


@pytest.mark.mechanism("C3", "C10", "D12")
def test_membership_and_the_cause_stay_behind():
    """C3, C10, D12: an NGO is of one place, and so are its members and those it has mobilised."""
    person, _ = relocated(member="union", mobilised=1, settler=1, wronged=1)
    assert (person.member, person.mobilised) == (0, 0)
    assert (person.settler, person.wronged) == (1, 1)


# Occasions ----------------------------------------------------------------------------------------------


def placed(who, occasion):
    world = a_world({"moving.nearby": 0.0}, most_drawn=np.full(N_DOORS, most_drawn_to(np.ones(40))))
    return plain(moving.choose_place)(a_migrant(who), world, drawn_to(np.ones(40)), 0, 40, occasion)


def told(who, occasion):
    here = a_here(a_world({"awareness.arrival": 0.5}), a_city(1.0))
    return crowd(awareness.be_told_on_registering, here, occasion, who=[who])[0].knows


def insured(who, occasion):
    here = a_here(city=a_city(insures=0.5))
    return crowd(enrolling.be_insured_by_employer, here, occasion, who=[who])[0].enrolled


def brokered(who, occasion):
    return sent(0.5, occasion, [who]) != set()


@pytest.mark.mechanism("D9")
@pytest.mark.parametrize("asked", [placed, told, insured, brokered])
def test_who_arrives_and_moves_in_one_month_has_luck_of_their_own_twice(asked):
    """D9: an arrival and a move in the same month draw differently, and no answer follows from the other."""
    arriving, moving_, again = ([asked(who, on) for who in MANY] for on in (ARRIVING, MOVING, MOVING))
    assert np.mean([one == other for one, other in zip(arriving, moving_, strict=True)]) < 0.6
    assert again == moving_


@pytest.mark.mechanism("D2")
def test_hearing_of_an_ngo_and_asking_around_draw_differently():
    """D2: in the same month, of the same kinds."""
    hearing, asking = (crowd(awareness.learn_of_ngo, a_here(), 127, at) for at in (HEARING, ASKING))
    same = np.mean([one.knows_ngo == other.knows_ngo for one, other in zip(hearing, asking, strict=True)])
    assert same < 0.3


@pytest.mark.mechanism("D8")
def test_movers_sent_by_brokers_leave_the_region():
    """D8: however near people look for themselves, brokers send them wherever they are asked for."""

    def crossed(brokers):
        settings = {"moving": {"network": 1e8, "nearby": 1.0}, "trades.*.brokers": brokers}
        model = small_run(settings, {"doors.*.moving": 0.05}, months=2)
        region = model.state.cities["region"]

        def homes():
            migrants = model.migrants
            return dict(zip(migrants.get("identity"), region[migrants.get("home")], strict=True))

        before = homes()
        for _ in range(6):
            pass_month(model.state)
        return sum(before.get(who, there) != there for who, there in homes().items())

    assert crossed(0.0) == 0 < crossed(1.0)


@pytest.mark.mechanism("A1", "D13")
def test_insurance_that_goes_on_with_the_next_job_is_told_once():
    """A1: a spell begins and ends once, whatever jobs it spans."""

    def told(insures, enrolled):
        counters = Counters()
        counters.log = as_plain(np.zeros(1, SHIPPED_LAYOUT.log)[0])
        here = a_here(city=a_city(insures=insures), counters=counters)
        person = a_migrant(enrolled=enrolled, sampled=1)
        plain(moving.change_job)(person, here)
        return int(person.enrolled & BY_EMPLOYER), here.log.event[: here.log.count].tolist()

    assert told(1.0, BY_EMPLOYER) == (BY_EMPLOYER, [])
    assert told(1.0, 0) == (BY_EMPLOYER, [event_log.INSURED])
    assert told(0.0, BY_EMPLOYER) == (0, [event_log.INSURANCE_LAPSED])
    assert told(0.0, 0) == (0, [])
