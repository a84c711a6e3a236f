"""The state: doors, the ladder of status, enforcement (A1 to A4)."""

from __future__ import annotations

import pytest
from small import (
    MANY,
    Counters,
    a_city,
    a_here,
    a_migrant,
    a_world,
    an_ngo,
    on_slot,
    plain,
    small_run,
    small_scenario,
    total,
)

from local_citizenship.agents import apprehension, claiming, status
from local_citizenship.agents import migrant as lives
from local_citizenship.agents.chance import CHANGES_STATUS
from local_citizenship.agents.event import GOES, MONTH_ENDS
from local_citizenship.agents.municipality import remember_raids
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.agents.providers import state as state_office
from local_citizenship.agents.settling import NEVER_DUE
from local_citizenship.agents.status import NO_DATE
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import (
    ARREST,
    CITIZEN,
    COETHNIC,
    DENIZEN,
    DEPORTED,
    DISPUTE,
    DOORS,
    ILLNESS,
    IRREGULAR,
    LEGAL,
    NEEDS,
    OVERSTAYER,
    RIGHT_HOLDERS,
    SMUGGLED,
    SMUGGLED_DOOR,
    STUDENT,
    TRAINEE,
    VISITOR,
)

permit_expires = plain(status.permit_expires)


def climbed(world, identity=1, city=None, **fields):
    """The migrant after one month's chances on the ladder."""
    counters, person = Counters(), a_migrant(identity, **fields)
    city = city or a_city()
    on_slot(CHANGES_STATUS, person, a_here(world, city, counters))
    return person


def who_become(new_status, world, **fields):
    return {who for who in MANY if climbed(world, who, **fields).status == new_status}


# A1 -----------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("A1")
@pytest.mark.parametrize(
    ("holders", "expected"),
    [
        ("nobody", []),
        ("citizen", [CITIZEN]),
        ("denizen", [CITIZEN, DENIZEN]),
        ("legal", [CITIZEN, DENIZEN, LEGAL, IRREGULAR]),
        ("anyone", [CITIZEN, DENIZEN, LEGAL, IRREGULAR, OVERSTAYER, SMUGGLED]),
    ],
)
def test_rights_follow_the_rung(holders, expected):
    """A1: whoever stands on the rung named or above it has the right; an irregular worker keeps visa's."""
    assert holders in RIGHT_HOLDERS
    world = a_world({"needs": {"dispute": {"right": holders}}})
    has_right = plain(state_office.has_right)
    assert [rung for rung in range(6) if has_right(world, rung, DISPUTE)] == expected


def test_rights_are_graded_citizens_most_unauthorised_least():
    has_right, world = plain(state_office.has_right), a_world()
    rights = [sum(has_right(world, rung, need) for need in range(len(NEEDS))) for rung in range(6)]
    assert rights == sorted(rights, reverse=True)
    assert rights[CITIZEN] > rights[LEGAL] > rights[SMUGGLED]


# A2 -----------------------------------------------------------------------------------------------------


def newcomer(door, world, identity=1):
    person = a_migrant()
    plain(lives.be_born)(person, world, door, identity)
    return person


@pytest.mark.mechanism("A2")
@pytest.mark.parametrize("door", range(len(DOORS)))
def test_three_doors(door):
    """A2: front and side doors give a permit, the back door none (or a visitor's, which runs out)."""
    world = a_world({"doors": {name: {"permit": 7} for name in DOORS}})
    person = newcomer(door, world)
    if door == SMUGGLED_DOOR:
        assert (person.status, person.permit_until, person.legal_since) == (SMUGGLED, NEVER_DUE, NO_DATE)
    else:
        assert (person.status, person.permit_until, person.legal_since) == (
            LEGAL,
            world.month + 7,
            world.month,
        )
    assert person.door == door


def test_a_visitor_without_a_permit_overstays_from_the_start():
    person = newcomer(VISITOR, a_world({"doors": {"visitor": {"permit": 0}}}))
    assert (person.status, person.permit_until) == (OVERSTAYER, NEVER_DUE)


@pytest.mark.mechanism("A2")
def test_each_door_lets_in_its_own_flow():
    """A2 in whole runs: a closed door lets nobody in, and the others do not notice."""
    closed = small_run({"doors": {"student": {"arrivals": 0.0}}}, months=6).ledger.doors()
    default = small_run(months=6).ledger.doors()
    arrived = [
        frame.groupby(["month", "door"], observed=False)["arrived"].sum().unstack()
        for frame in (closed, default)
    ]
    assert arrived[0]["student"].sum() == 0 < arrived[1]["student"].sum()
    assert arrived[0].drop(columns="student").equals(arrived[1].drop(columns="student"))


# A3 -----------------------------------------------------------------------------------------------------


def expiring(**door):
    """A world in which a trainee's permit, of nine months, runs out now."""
    return a_world({"doors": {"trainee": {"permit": 9, **door}}})


def at_expiry(world, identity=1, grounds=0):
    counters = Counters()
    person = a_migrant(identity, door=TRAINEE, permit_until=world.month, grounds=grounds)
    leaves = permit_expires(person, a_here(world, a_city(), counters)) >= GOES
    return person, leaves


@pytest.mark.mechanism("A3")
def test_expiry_renewal_overstaying_or_leaving():
    """A3: renewed, the permit runs on; else one overstays or leaves."""
    person, leaves = at_expiry(expiring(renewal=1.0))
    assert (person.status, person.permit_until, leaves) == (LEGAL, 109, False)
    person, leaves = at_expiry(expiring(renewal=0.0, overstay=1.0))
    assert (person.status, person.permit_until, person.legal_since, leaves) == (
        OVERSTAYER,
        NEVER_DUE,
        NO_DATE,
        False,
    )
    person, leaves = at_expiry(expiring(renewal=0.0, overstay=0.0))
    assert (person.status, leaves) == (LEGAL, True)


def test_more_overstaying_adds_overstayers_with_the_same_luck():
    few, many = (
        {who for who in MANY if at_expiry(world, who)[0].status == OVERSTAYER}
        for world in (expiring(renewal=0.3, overstay=chance) for chance in (0.3, 0.7))
    )
    assert few < many
    assert len(few) == pytest.approx(0.7 * 0.3 * len(MANY), rel=0.25)


@pytest.mark.mechanism("A3")
def test_spouses_of_nationals_are_rarely_refused():
    """A3: and their new permit is a long one, whatever the door's."""
    world = expiring(renewal=0.2)
    single, married = (
        {who for who in MANY if at_expiry(world, who, spouse)[0].permit_until == world.month + permit}
        for spouse, permit in ((0, 9), (status.MARRIED, status.LONG_PERMIT))
    )
    assert single < married
    assert len(single) < 0.3 * len(MANY) < 0.9 * len(MANY) < len(married)


@pytest.mark.mechanism("A3")
def test_work_outside_the_visas_activity():
    """A3: a student begins to work too many hours, and keeps the permit; off, nobody does."""
    on = a_world({"doors": {"student": {"outside_activity": 0.03}}})
    off = a_world({"doors": {"student": {"outside_activity": 0.0}}})
    assert who_become(IRREGULAR, off, door=STUDENT) == set()
    irregular = who_become(IRREGULAR, on, door=STUDENT)
    assert len(irregular) == pytest.approx(0.03 * len(MANY), abs=10)
    assert irregular
    person = climbed(on, min(irregular), door=STUDENT, permit_until=150, legal_since=90)
    assert (person.permit_until, person.legal_since) == (150, 90)


def test_running_away_costs_the_permit():
    on = a_world({"doors": {"trainee": {"runaway": 0.03}}})
    off = a_world({"doors": {"trainee": {"runaway": 0.0}}})
    assert who_become(OVERSTAYER, off, door=TRAINEE) == set()
    gone = who_become(OVERSTAYER, on, door=TRAINEE)
    assert gone
    assert climbed(on, min(gone), door=TRAINEE, permit_until=150).permit_until == NEVER_DUE
    assert who_become(OVERSTAYER, on, door=TRAINEE, status=IRREGULAR) == gone  # irregular workers likewise


LADDER = {
    "status": {"marriage": 0.0, "naturalise_apply": 0.0, "permanent_rate": 0.05, "permanent_after": 120}
}


@pytest.mark.mechanism("A3")
def test_permanence_after_the_threshold_only():
    """A3: ten years of legal residence; not a month less."""
    world = a_world(LADDER, month=200)
    assert who_become(DENIZEN, world, settler=1, legal_since=81) == set()
    permanent = who_become(DENIZEN, world, settler=1, legal_since=80)
    assert len(permanent) == pytest.approx(0.05 * len(MANY), abs=15)
    assert (
        climbed(world, min(permanent), settler=1, legal_since=80, permit_until=210).permit_until == NEVER_DUE
    )


def test_the_relaxation_of_permanence_adds_denizens():
    strict = a_world(LADDER, month=200)
    relaxed = a_world(LADDER, {"status": {"permanent_after": 60}}, month=200)
    before = who_become(DENIZEN, strict, settler=1, legal_since=100)
    assert before == set() != who_become(DENIZEN, relaxed, settler=1, legal_since=100)
    changed, unchanged = (
        small_run({"status": {"permanent_rate": 0.05}}, months=36, changes=changes)
        for changes in ([(12, "status.permanent_after", 24)], [])
    )
    assert total(changed, "stock", status="denizen") > 2 * total(unchanged, "stock", status="denizen")
    for month in range(12):
        assert total(changed, "stock", status="denizen", month=month) == total(
            unchanged, "stock", status="denizen", month=month
        )


@pytest.mark.mechanism("A3")
def test_spouses_of_nationals_wait_less_for_permanence_where_the_law_says_so():
    """A3: as long as others by default; less once marriage is taken into consideration, never more."""

    def permanent(married_wait, months, grounds):
        world = a_world(LADDER, {"status": {"permanent_married": married_wait}}, month=200)
        return who_become(DENIZEN, world, settler=1, legal_since=200 - months, grounds=grounds)

    assert permanent(120, 119, status.MARRIED) == set() != permanent(120, 120, status.MARRIED)
    assert permanent(60, 59, status.MARRIED) == set() != permanent(60, 60, status.MARRIED)
    assert permanent(60, 119, 0) == set() != permanent(60, 120, 0)
    assert permanent(240, 120, status.MARRIED) == permanent(120, 120, status.MARRIED)
    assert a_world().status_permanent_married == a_world().status_permanent_after


def test_only_settlers_climb():
    world = a_world(LADDER, month=300, status_marriage=0.2, status_naturalise_apply=0.2)
    assert any(climbed(world, who, settler=1).grounds == status.MARRIED for who in MANY)
    assert who_become(DENIZEN, world, settler=0) == set()
    assert not any(climbed(world, who, settler=0).grounds == status.MARRIED for who in MANY)


MARRIED = {"status": {"naturalise_apply": 0.0, "permanent_rate": 0.0}}


def test_marriage_brings_a_long_permit_and_family():
    world = a_world(MARRIED, status_marriage=0.05)
    married = {who for who in MANY if climbed(world, who, settler=1).grounds == status.MARRIED}
    assert len(married) == pytest.approx(0.05 * len(MANY), abs=15)
    person = climbed(world, min(married), settler=1, permit_until=101)
    assert (person.permit_until, person.family) == (world.month + status.LONG_PERMIT, 1)
    off = a_world(MARRIED, status_marriage=0.0)
    assert not any(climbed(off, who, settler=1).grounds == status.MARRIED for who in MANY)


@pytest.mark.parametrize("rung", [IRREGULAR, OVERSTAYER, SMUGGLED])
def test_special_permission_for_the_unauthorised_who_marry(rung):
    settings = {"enforcement": {"apprehension": 0.0}}
    granted, refused = (
        a_world(MARRIED, settings, {"status": {"special_permission": share}}, status_marriage=0.05)
        for share in (1.0, 0.0)
    )
    legal = who_become(LEGAL, granted, status=rung, settler=1, legal_since=NO_DATE)
    assert legal
    assert who_become(LEGAL, refused, status=rung, settler=1) == set()
    assert (
        climbed(granted, min(legal), status=rung, settler=1, legal_since=NO_DATE).legal_since == granted.month
    )


@pytest.mark.mechanism("A3")
def test_naturalisation_needs_residence_and_the_officials_grace():
    """A3: paperwork, then discretion; with more discretion the same people and more become citizens."""
    apply = {
        "status": {"marriage": 0.0, "permanent_rate": 0.0, "naturalise_apply": 0.02, "naturalise_after": 60}
    }

    def citizens(granted, **fields):
        world = a_world(apply, {"status": {"naturalise_granted": granted}})
        return who_become(CITIZEN, world, settler=1, **fields)

    assert citizens(0.0, status=DENIZEN) == set()
    assert citizens(0.4, status=DENIZEN) < citizens(1.0, status=DENIZEN)
    assert (
        citizens(1.0, status=DENIZEN, legal_since=41)
        == set()
        != citizens(1.0, status=DENIZEN, legal_since=40)
    )
    assert citizens(1.0, status=OVERSTAYER) == set()


def test_citizens_stay_citizens():
    world = a_world({"enforcement": {"apprehension": 0.06}, "doors": {"skilled": {"runaway": 0.03}}})
    world.apprehension = 1.0
    people = [climbed(world, who, status=CITIZEN, settler=1) for who in MANY]
    assert {(person.status, person.detained) for person in people} == {(CITIZEN, 0)}


@pytest.mark.mechanism("A3")
def test_those_who_came_just_before_the_run_have_legal_years_too():
    """A3: all who are present at the start with a permit have been legal since they came."""
    start = a_world({"doors": {"coethnic": {"initial_years": 0.1, "permit": 36}}}, month=0)
    later, counters = a_world(month=120), Counters()
    for who in MANY:
        person = newcomer(COETHNIC, start, who)
        plain(lives.have_been_here)(person, a_here(start, a_city(), counters))
        assert plain(status.legal_months)(person, later) == 120 - person.arrived


# A4 -----------------------------------------------------------------------------------------------------


def detained(world, **fields):
    return {who for who in MANY if climbed(world, who, **fields).detained}


def test_apprehension_on_and_off():
    off, some, more = (a_world(apprehension=chance) for chance in (0.0, 0.1, 0.3))
    assert detained(off, status=OVERSTAYER) == set()
    assert set() != detained(some, status=OVERSTAYER) < detained(more, status=OVERSTAYER)
    assert detained(more, status=OVERSTAYER) == detained(more, status=SMUGGLED)
    assert detained(more, status=LEGAL) == detained(more, status=DENIZEN) == set()


def test_those_outside_their_activity_run_less_risk():
    settings = {"enforcement": {"outside_activity": 0.3}}
    world = a_world(settings, apprehension=0.5)
    irregular, overstayers = detained(world, status=IRREGULAR), detained(world, status=OVERSTAYER)
    assert set() != irregular < overstayers
    assert (
        detained(a_world({"enforcement": {"outside_activity": 0.0}}, apprehension=0.5), status=IRREGULAR)
        == set()
    )


def test_apprehension_ends_what_else_was_the_matter():
    counters, person = Counters(), a_migrant(status=OVERSTAYER, need=ILLNESS + 1, stage=31)
    plain(apprehension.be_apprehended)(person, a_here(a_world(), a_city(), counters))
    assert (person.detained, person.need, person.stage) == (1, ARREST + 1, 0)
    assert counters.place.unmet[OVERSTAYER] == counters.place.needs[OVERSTAYER] == 1


@pytest.mark.mechanism("A4")
def test_a_crackdown_halves_the_unauthorised_in_the_time_set():
    """A4: what is added to apprehension would by itself halve a closed population in `halve_in` years."""
    calm, crackdown = (
        LocalCitizenship(small_scenario({"enforcement": {"halve_in": years}}), engine="interpreted")
        for years in (0.0, 4.0)
    )
    for model in (calm, crackdown):
        from local_citizenship.model.schedule import the_nation_acts

        the_nation_acts(model.state)
    added = crackdown.nation.apprehension - calm.nation.apprehension
    assert (1.0 - added) ** 48 == pytest.approx(0.5)


@pytest.mark.parametrize("months", [1, 4])
def test_detention_ends_in_deportation(months):
    world, counters = a_world({"enforcement": {"detention": months}}), Counters()
    outcomes = []
    for since in (world.month - months + 1, world.month - months):
        person = a_migrant(status=OVERSTAYER, detained=1, need=ARREST + 1, need_since=since)
        outcomes.append(plain(claiming.await_deportation)(person, a_here(world, a_city(), counters)))
    assert outcomes == [MONTH_ENDS, GOES + DEPORTED]


@pytest.mark.parametrize(("release", "free"), [(0.0, False), (1.0, True)])
def test_an_ngo_may_get_the_detained_out(release, free):
    world = a_world({"enforcement": {"release": release}})
    counters, person = (
        Counters(),
        a_migrant(status=OVERSTAYER, detained=1, need=ARREST + 1, need_since=99, stage=31),
    )
    plain(ngo_office.hear_from_ngo)(
        person, a_here(world, a_city(), counters), an_ngo(kind=5, skill=1.0), True
    )
    assert (person.detained == 0) is free
    assert (person.need == 0) is free
    assert counters.place.ngo_served[OVERSTAYER] == free


def asks_city(identity, world, rung=OVERSTAYER, firewall=0):
    counters = Counters()
    person = a_migrant(identity, status=rung, need=DISPUTE + 1, need_since=world.month)
    city = a_city(1.0, firewall=firewall)
    plain(town_hall.ask)(person, a_here(world, city, counters))
    return person


@pytest.mark.mechanism("A4", "D3")
def test_the_duty_to_report_and_the_firewall():
    """A4, D3: a claim on the town hall may end in detention; a firewall stands between."""

    def reported(duty, firewall, has_firewall, rung=OVERSTAYER):
        settings = {"enforcement": {"duty_to_report": duty}, "fear": {"firewall": firewall}}
        world = a_world(settings)
        return {who for who in MANY if asks_city(who, world, rung, has_firewall).detained}

    assert reported(0.0, 0.0, 0) == set()
    plainly, behind = reported(0.5, 0.6, 0), reported(0.5, 0.6, 1)
    assert set() != behind < plainly
    assert len(plainly) == pytest.approx(0.5 * len(MANY), rel=0.2)
    assert reported(1.0, 1.0, 1) == set() != reported(1.0, 0.0, 1)
    assert reported(1.0, 0.0, 0, LEGAL) == reported(1.0, 0.0, 0, DENIZEN) == set()


def test_raids_are_remembered_and_fade():
    city = a_city(unauthorised=100)
    plain(remember_raids)(city, 5)
    after_raid = city.risk
    for _ in range(12):
        plain(remember_raids)(city, 0)
    assert 0.0 < city.risk < 0.5 * after_raid


@pytest.mark.mechanism("A4")
def test_the_state_cannot_leave_a_migrant_detained_without_a_need():
    """A4: detention is a need until it ends; `seek_help` would read need -1 of the catalogue next month."""
    world = a_world(
        {
            "needs": {"arrest": {"right": "anyone", "state_delivery": 1.0, "necessity": 1.0}},
            "claiming": {"effort": 1.0},
            "awareness": {"state": 1.0},
            "fear": {"weight": 0.0},
        }
    )
    counters = Counters()
    person = a_migrant(status=OVERSTAYER, detained=1, need=ARREST + 1, need_since=100)
    plain(claiming.await_deportation)(person, a_here(world, a_city(), counters))
    assert person.need == ARREST + 1 or not person.detained
