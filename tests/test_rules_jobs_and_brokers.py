"""Jobs: the insurance that comes with them, losing them, seeking better ones, brokers (A1, D8, D9, D10)."""

from __future__ import annotations

import numpy as np
import pytest
from small import (
    ALL_SERVICES,
    MANY,
    Counters,
    Records,
    a_city,
    a_here,
    a_migrant,
    a_world,
    bits,
    drawn_to,
    most_drawn_to,
    plain,
    small_places,
    small_run,
    small_scenario,
    total,
)

from local_citizenship.agents import awareness, claiming, enrolling, moving, needs, status
from local_citizenship.agents.awareness import ARRIVING, ASKING, HEARING, MOVING
from local_citizenship.agents.providers import state as state_office
from local_citizenship.agents.services import BY_EMPLOYER, is_registered
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.month import lay_out_destinations
from local_citizenship.model.schedule import pass_month
from local_citizenship.scenarios.catalogue import (
    ACCIDENT,
    BIRTH,
    CITY,
    COETHNIC,
    DOORS,
    EMERGENCY,
    ILLNESS,
    INSURANCE,
    NATION,
    NEEDS,
    NGO_KINDS,
    OVERSTAYER,
    SMUGGLED,
)

ALL = ALL_SERVICES
N_DOORS = len(DOORS)
STATE_REFUSED = state_office.REFUSAL
RESTLESS = {"doors": {door: {"moving": 0.05} for door in DOORS}}
UNION = NGO_KINDS.index("union")
NO_RIGHTS = {"needs": {need: {"right": "nobody"} for need in NEEDS}}
SURE = {
    "claiming": {"effort": 1.0},
    "fear": {"weight": 0.0},
    "awareness": {"search": 0.0, "claims": 0.0},
    "enforcement": {"duty_to_report": 0.0},
}


# A1: the insurance of the job ---------------------------------------------------------------------------


def sought(need=ILLNESS, settings=None, city=None, **fields):
    """(who was served by whom) of many who seek help in a town without services, knowing nobody."""
    world, served = a_world(SURE, NO_RIGHTS, settings or {}), {}
    for who in MANY:
        counters = Counters()
        start = {"need": need + 1, "need_since": 100, "settler": 1, "enrolled": BY_EMPLOYER}
        person = a_migrant(who, **{**start, **fields})
        plain(claiming.seek_help)(person, a_here(world, city or a_city(0.0), counters))
        for provider in range(4):
            if counters.place.served[provider].sum():
                served[who] = provider
    return served


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_pays_wherever_one_lives():
    """A1: by national law, for illness and birth and nothing else; without it, nobody pays."""
    full = {"services": {"insurance": {"fit": 1.0}}}
    for need in range(len(NEEDS)):
        expected = dict.fromkeys(MANY, NATION) if need in (ILLNESS, BIRTH) else {}
        assert sought(need, full) == expected, NEEDS[need]
    assert sought(ILLNESS, full, enrolled=0) == {}


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_pays_as_well_as_insurance_does():
    """A1: with the same luck, a better fit pays for the same people and more; so does speaking the language."""

    def served(fit, **fields):
        barrier = {"language": {"barrier": 0.6}, "services": {"insurance": {"fit": fit}}}
        return sought(ILLNESS, barrier, language=1.0, **fields).keys()

    assert served(0.0) == set() != served(0.4) < served(0.9)
    assert sought(ILLNESS, {"language": {"barrier": 0.6}}).keys() < served(a_world().services_fit[INSURANCE])


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_is_asked_first():
    """A1: before the town hall, which those without it ask."""
    rich = a_city(1.0)
    full = {"services": {"insurance": {"fit": 1.0}}}
    assert set(sought(ILLNESS, full, rich, knows=ALL).values()) == {NATION}
    assert set(sought(ILLNESS, full, rich, knows=ALL, enrolled=0).values()) == {CITY}


@pytest.mark.mechanism("A1")
def test_who_is_refused_by_the_insurance_of_the_job_asks_elsewhere():
    """A1: once it has refused, the town hall is asked, as by those without it."""
    nothing = {"services": {"insurance": {"fit": 0.0}, "emergency": {"fit": 1.0}}}
    assert sought(ILLNESS, nothing, a_city({EMERGENCY: 1.0}), knows=ALL) == {}
    after = sought(ILLNESS, nothing, a_city({EMERGENCY: 1.0}), knows=ALL, tried=STATE_REFUSED)
    assert set(after.values()) == {CITY}


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_in_whole_runs():
    """A1: in towns without services, without rights and programme, it is all the nation serves with."""
    bare = {"policy": {"programme": 0.0}, "city": {"pace": 0.0}}
    off, on = (
        small_run(NO_RIGHTS, bare, {"claiming": {"employer_insures": chance}}, places=small_places(level=0.0))
        for chance in (0.0, 1.0)
    )
    assert total(off, "served_nation") == total(off, "insured") == 0
    assert total(on, "served_nation") > 0 == total(on, "served_city")
    served = on.ledger.needs()
    assert set(served[served["served_nation"] > 0]["need"]) == {"illness", "birth"}
    assert total(on, "served_nation", status="smuggled") == 0


@pytest.mark.mechanism("A1")
def test_the_insurance_of_the_job_ends_with_the_permit():
    """A1: and the city's does too, unless the city insures those without a permit."""
    for opened, left in ((0, 0), (1, bits(INSURANCE))):
        city, counters = a_city(1.0), Counters()
        city.open[INSURANCE] = opened
        person = a_migrant(enrolled=BY_EMPLOYER | bits(INSURANCE))
        plain(status.change_status)(person, a_here(a_world(), city, counters), OVERSTAYER)
        assert person.enrolled == left


# D10: losing the job ------------------------------------------------------------------------------------


def jobless(search=3, **fields):
    person = a_migrant(**{"enrolled": BY_EMPLOYER | bits(INSURANCE), "target": 150, **fields})
    plain(needs.lose_job)(person, a_world({"labour": {"search": search}}))
    return person


@pytest.mark.mechanism("D10")
def test_a_lost_job_costs_its_insurance_and_the_time_to_find_another():
    """D10: savings stop until the next job; the city's insurance stays; a settler saves for no target."""
    assert jobless().enrolled == bits(INSURANCE)
    assert [jobless(search).target for search in (0, 1, 6)] == [150, 151, 156]
    assert jobless(settler=1).target == 150


@pytest.mark.mechanism("D10")
def test_an_unmet_need_that_costs_the_job():
    """D10: through giving up; where no job is lost, nothing of it."""
    for chance, target, enrolled in ((1.0, 155, 0), (0.0, 150, BY_EMPLOYER)):
        mild = {"debt": 0, "departure": 0.0, "recurrence": 0.0, "harm": 0.0}
        world = a_world({"needs": {"accident": {**mild, "job_loss": chance}}, "labour": {"search": 5}})
        counters = Counters()
        person = a_migrant(need=ACCIDENT + 1, need_since=90, target=150, enrolled=BY_EMPLOYER)
        plain(needs.give_up)(person, a_here(world, a_city(), counters))
        assert (person.target, person.enrolled) == (target, enrolled)


@pytest.mark.mechanism("D10")
def test_searching_for_work_keeps_people_longer_in_whole_runs():
    """D10: with the same luck, the target is reached later where the next job takes long to find."""
    losing = {
        "needs": {need: {"job_loss": 1.0, "departure": 0.0} for need in NEEDS},
        "settling": {"extend": 0.0},
    }

    def reached(search):
        frame = small_run(losing, {"labour": {"search": search}}).ledger.departures()
        return frame[frame["reason"] == "target"]["persons"].sum()

    assert reached(24) < reached(0)


@pytest.mark.mechanism("A1", "D10")
def test_another_job_in_the_same_town_may_insure_again():
    """A1, D10: there is but one town, jobs are lost, and every employer insures: all legal workers are."""
    model = small_run(
        {"needs": {need: {"job_loss": 1.0, "departure": 0.0, "rate": 0.2} for need in NEEDS}},
        {"claiming": {"employer_insures": 1.0}, "enforcement": {"apprehension": 0.0, "duty_to_report": 0.0}},
        places=small_places(1, 1),
        months=12,
    )
    assert total(model, "moved_out") == 0
    lost = model.ledger.events().query("event == 'consequence' and detail == 1")
    assert len(lost) > 0
    permitted = [p for p in model.migrants if plain(is_registered)(numbered(p), a_world()) and p.arrived < 0]
    assert len(permitted) > 100
    still = [bool(p.enrolled & BY_EMPLOYER) for p in permitted if p.door != "visitor"]
    assert all(still)


def numbered(person):
    """A view of a migrant with numbers for names, as rules want it."""
    from local_citizenship.scenarios.catalogue import STATUSES

    return a_migrant(
        door=DOORS.index(person.door), status=STATUSES.index(person.status), grounds=person.grounds
    )


# D8: seeking better wages -------------------------------------------------------------------------------


def chance_to_move(seeking, strength, usual=0.8):
    world = a_world({"moving": {"wage_seeking": seeking}}, usual_wages=usual)
    return plain(moving.chance_to_move)(
        a_migrant(door=COETHNIC), a_here(world, a_city(fiscal_strength=strength))
    )


@pytest.mark.mechanism("D8")
def test_people_change_jobs_where_wages_are_below_what_is_usual():
    """D8: the further below, the sooner; where wages are usual or better, no sooner; off, nowhere."""
    assert chance_to_move(1.0, 0.3) > chance_to_move(1.0, 0.6) > chance_to_move(1.0, 0.8) > 0.0
    assert chance_to_move(1.0, 0.8) == chance_to_move(1.0, 1.5) == chance_to_move(0.0, 0.3)
    assert chance_to_move(1.0, 0.3) == pytest.approx(1.5 * chance_to_move(0.0, 0.3))


@pytest.mark.mechanism("D8")
def test_usual_wages_are_those_where_the_jobs_are():
    """D8: fiscal strength, weighted by foreign residents."""
    cities = Records(
        [
            a_city(fiscal_strength=0.4, foreign_residents=300.0),
            a_city(fiscal_strength=1.2, foreign_residents=100.0),
        ]
    )
    world = a_world()
    plain(lay_out_destinations)([world], cities, np.zeros((3 * N_DOORS, 2)))
    assert world.usual_wages == pytest.approx(0.6)


@pytest.mark.mechanism("D8")
def test_seeking_wages_in_whole_runs():
    """D8: more leave the poorer towns, and with the same luck as few the richer ones."""

    def moved_out(seeking):
        still = {"needs": {need: {"job_loss": 0.0} for need in NEEDS}, "ngos": {"enabled": False},
                 "doors": {door: {"moving": 0.05} for door in DOORS}}  # fmt: skip
        model = small_run(still, {"moving": {"wage_seeking": seeking}}, months=1)
        poorer = model.state.cities["fiscal_strength"] < model.state.world["usual_wages"][0]
        frame = model.ledger.monthly().groupby("place")["moved_out"].sum().reindex(range(12), fill_value=0)
        return frame[poorer].sum(), frame[~poorer].sum()

    off, on = moved_out(0.0), moved_out(3.0)
    assert on[0] > off[0]
    assert on[1] == off[1] > 0


# D8: brokers --------------------------------------------------------------------------------------------


def sent(share, occasion=ARRIVING):
    world = a_world({"moving": {"brokers": share}})
    return {who for who in MANY if plain(moving.is_sent_by_broker)(a_migrant(who), world, occasion)}


@pytest.mark.mechanism("D8")
def test_brokers_place_a_share():
    """D8: off, nobody; a larger share adds to the same people."""
    assert sent(0.0) == set() != sent(0.2) < sent(0.6) < sent(1.0) == set(MANY)
    assert len(sent(0.2)) == pytest.approx(0.2 * len(MANY), rel=0.25)


@pytest.mark.mechanism("D8", "D9")
def test_brokers_send_people_wherever_there_is_work():
    """D8, D9: by jobs alone, whoever lives there, whatever is paid; own choice minds both."""
    strong = {"moving": {"coethnics": 1.0, "wages": 1.0}}
    cities = Records(a_city(row=row, industry=1.0, urban=1.0, foreign_residents=residents, fiscal_strength=wages)
                     for row, (residents, wages) in enumerate(((100.0, 2.0), (300.0, 0.1))))  # fmt: skip
    cities[0].by_group[COETHNIC] = 99
    cities[1].by_group[COETHNIC] = 1
    destinations = np.zeros((3 * N_DOORS, 2))
    plain(lay_out_destinations)([a_world(strong)], cities, destinations)
    own = destinations[COETHNIC] + destinations[2 * N_DOORS + COETHNIC]
    brokers = destinations[N_DOORS + COETHNIC]
    assert brokers / brokers[-1] == pytest.approx([0.25, 1.0])
    assert own[0] / own[-1] > 0.95


@pytest.mark.mechanism("D8", "D9")
def test_brokers_in_whole_runs():
    """D8, D9: placed by brokers, newcomers do not follow their compatriots, who would have drawn them."""

    def where(brokers, coethnics):
        settings = {"moving": {"brokers": brokers, "coethnics": coethnics, "wages": 0.0, "services": 0.0},
                    "ngos": {"enabled": False}}  # fmt: skip
        frame = small_run(settings, months=4).ledger.monthly()
        return frame.groupby("place")["arrived"].sum().reindex(range(12), fill_value=0).tolist()

    assert where(1.0, 0.0) == where(1.0, 1.0)
    assert where(0.0, 0.0) != where(0.0, 1.0)
    assert sum(where(1.0, 1.0)) == sum(where(0.0, 1.0))


@pytest.mark.mechanism("D8", "D9")
def test_brokers_of_movers_in_whole_runs():
    """D8, D9: nor do those whom they send from job to job."""

    def where(brokers, coethnics):
        model = LocalCitizenship(
            small_scenario({"moving": {"brokers": brokers, "nearby": 0.0, "wages": 0.0},
                            "doors": {door: {"moving": 0.06} for door in DOORS}})
        )  # fmt: skip
        len(model.migrants)  # all begin alike
        model.state.parameters = model.state.parameters.model_copy(deep=True)
        model.state.world["moving_coethnics"] = coethnics
        model.step()
        frame = model.ledger.monthly()
        return frame.groupby("place")["moved_in"].sum().reindex(range(12), fill_value=0).tolist()

    assert where(1.0, 0.0) == where(1.0, 1.0)
    assert where(0.0, 0.0) != where(0.0, 1.0)


# D8: what moving ends -----------------------------------------------------------------------------------


def relocated(settings=None, **fields):
    counters, elsewhere = Counters(), Counters()
    world = a_world({"claiming": {"employer_insures": 0.0}}, settings or {})
    person = a_migrant(**{"home": 4, "enrolled": BY_EMPLOYER, "belonging_at": 100, **fields})
    there = a_here(world, a_city(1.0, row=9), elsewhere)
    plain(moving.relocate)(person, a_here(world, a_city(1.0), counters), there)
    return person, counters


@pytest.mark.mechanism("D8")
def test_the_insurance_of_the_job_ends_on_moving():
    """D8: the next employer insures or not; entitlements kept by the scenario do not include it."""
    person, counters = relocated({"moving": {"entitlements_kept": 1.0}})
    assert person.enrolled == 0
    assert counters.nation.enrolments_lost.sum() == 0  # not an enrolment of a town
    assert relocated({"claiming": {"employer_insures": 1.0}})[0].enrolled == BY_EMPLOYER
    assert relocated({"claiming": {"employer_insures": 1.0}}, status=SMUGGLED)[0].enrolled == 0


@pytest.mark.mechanism("C3", "C10", "D12")
def test_membership_and_the_cause_stay_behind():
    """C3, C10, D12: an NGO is of one place, and so are its members and those it has mobilised."""
    person, _ = relocated(member=UNION + 1, mobilised=1, settler=1, wronged=1)
    assert (person.member, person.mobilised) == (0, 0)
    assert (person.settler, person.wronged) == (1, 1)


# Occasions ----------------------------------------------------------------------------------------------


def at(rule_of, occasion):
    return {who: rule_of(who, occasion) for who in MANY}


def placed(who, occasion):
    world = a_world({"moving": {"nearby": 0.0}}, most_drawn=np.full(N_DOORS, most_drawn_to(np.ones(40))))
    return plain(moving.choose_place)(a_migrant(who), world, drawn_to(np.ones(40)), 0, 40, occasion)


def told(who, occasion):
    world, person = a_world({"awareness": {"arrival": 0.5}}), a_migrant(who)
    plain(awareness.be_told_on_registering)(person, a_here(world, a_city(1.0)), occasion)
    return person.knows


def insured(who, occasion):
    world, person = a_world({"claiming": {"employer_insures": 0.5}}), a_migrant(who)
    plain(enrolling.be_insured_by_employer)(person, a_here(world), occasion)
    return person.enrolled


def brokered(who, occasion):
    return who in sent(0.5, occasion)


@pytest.mark.mechanism("D9")
@pytest.mark.parametrize("asked", [placed, told, insured, brokered])
def test_who_arrives_and_moves_in_one_month_has_luck_of_their_own_twice(asked):
    """D9: an arrival and a move in the same month draw differently, and no answer follows from the other."""
    arriving, moving_ = at(asked, ARRIVING), at(asked, MOVING)
    same = np.mean([arriving[who] == moving_[who] for who in MANY])
    assert same < 0.6
    assert at(asked, MOVING) == moving_


@pytest.mark.mechanism("D2")
def test_hearing_of_an_ngo_and_asking_around_draw_differently():
    """D2: in the same month, of the same kinds."""

    def learned(who, occasion):
        person = a_migrant(who)
        plain(awareness.learn_of_ngo)(person, a_here(), 127, occasion)
        return person.knows_ngo

    same = np.mean([learned(who, HEARING) == learned(who, ASKING) for who in MANY])
    assert same < 0.3


@pytest.mark.mechanism("D8")
def test_movers_sent_by_brokers_leave_the_region():
    """D8: however near people look for themselves, brokers send them wherever there is work."""

    def crossed(brokers):
        model = small_run({"moving": {"brokers": brokers, "nearby": 1.0}}, RESTLESS, months=2)
        region = model.state.cities["region"]
        before = dict(zip(model.migrants.get("identity"), region[model.migrants.get("home")], strict=True))
        for _ in range(6):
            pass_month(model.state)
        after = zip(model.migrants.get("identity"), region[model.migrants.get("home")], strict=True)
        return sum(before.get(who, there) != there for who, there in after)

    assert crossed(0.0) == 0 < crossed(1.0)
