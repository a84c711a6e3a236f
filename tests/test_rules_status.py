"""The state: doors, the ladder of status, enforcement (A1 to A4)."""

from __future__ import annotations

import pytest
from crowd import lucky, those_with, who_has
from single import MANY, a_city, a_here, a_migrant, a_world, an_ngo, plain
from small import small_run

from local_citizenship.agents import apprehension, claiming, status
from local_citizenship.agents import migrant as lives
from local_citizenship.agents.chance import CHANGES_STATUS
from local_citizenship.agents.event import GOES, MONTH_ENDS
from local_citizenship.agents.providers import city as town_hall
from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.agents.providers import state as state_office
from local_citizenship.agents.settling import NEVER_DUE
from local_citizenship.agents.status import NO_DATE
from local_citizenship.scenarios.catalogue import (
    ARREST,
    CITIZEN,
    COETHNIC,
    DENIZEN,
    DEPORTED,
    DISPUTE,
    DOORS,
    IRREGULAR,
    LEGAL,
    NEEDS,
    OVERSTAYER,
    RIGHT_HOLDERS,
    SMUGGLED,
    SMUGGLED_DOOR,
    STATUSES,
    VISITOR,
)
from local_citizenship.scenarios.schema import SHIPPED

permit_expires = plain(status.permit_expires)


def climbed(world, **fields):
    """Many migrants after one month's chances on the ladder."""
    return lucky(CHANGES_STATUS, a_here(world), **fields)


def become(new_status, world, **fields):
    """Those who now stand on that rung."""
    return [person for person in climbed(world, **fields) if STATUSES[person.status] == new_status]


def who_become(new_status, world, **fields):
    return {person.identity for person in become(new_status, world, **fields)}


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
    world = a_world({"needs.dispute.right": holders})
    has_right = plain(state_office.has_right)
    assert [rung for rung in range(6) if has_right(world, rung, DISPUTE)] == expected


def test_rights_are_graded_citizens_most_unauthorised_least():
    has_right, world = plain(state_office.has_right), a_world()
    rights = [sum(has_right(world, rung, need) for need in range(len(NEEDS))) for rung in range(6)]
    assert rights == sorted(rights, reverse=True)
    assert rights[CITIZEN] > rights[LEGAL] > rights[SMUGGLED]


def newcomer(door, world, identity=1):
    person = a_migrant()
    plain(lives.be_born)(person, world, door, identity)
    return person


@pytest.mark.mechanism("A2")
@pytest.mark.parametrize("door", range(len(DOORS)))
def test_three_doors(door):
    """A2: front and side doors give a permit, the back door none (or a visitor's, which runs out)."""
    person = newcomer(door, a_world({"doors.*.permit": 7}))
    smuggled, legal = (SMUGGLED, NEVER_DUE, NO_DATE), (LEGAL, 107, 100)
    assert (person.status, person.permit_until, person.legal_since) == (
        smuggled if door == SMUGGLED_DOOR else legal
    )
    assert person.door == door
    visitor = newcomer(VISITOR, a_world({"doors.visitor.permit": 0}))  # overstays from the start
    assert (visitor.status, visitor.permit_until) == (OVERSTAYER, NEVER_DUE)


@pytest.mark.mechanism("A2")
def test_each_door_lets_in_its_own_flow():
    """A2 in whole runs: a closed door lets nobody in, and the others do not notice."""
    closed, default = (
        small_run(settings, months=6)
        .ledger.table("doors")
        .groupby(["month", "door"], observed=False)["arrived"]
        .sum()
        .unstack()
        for settings in ({"doors.student.arrivals": 0.0}, {})
    )
    assert closed["student"].sum() == 0 < default["student"].sum()
    assert closed.drop(columns="student").equals(default.drop(columns="student"))


def expiring(**door):
    """A world in which a trainee's permit, of nine months, runs out now."""
    return a_world({"doors.trainee": {"permit": 9, **door}})


def at_expiry(world, identity=1, grounds=0):
    person = a_migrant(identity, door="trainee", permit_until=world.month, grounds=grounds)
    leaves = permit_expires(person, a_here(world)) >= GOES
    return person, leaves


@pytest.mark.mechanism("A3")
def test_expiry_renewal_overstaying_or_leaving():
    """A3: renewed, the permit runs on; else one overstays or leaves; more overstaying adds to the same people."""
    for renewal, overstay, status_, until, since, goes in (
        (1.0, 1.0, LEGAL, 109, 0, False),
        (0.0, 1.0, OVERSTAYER, NEVER_DUE, NO_DATE, False),
        (0.0, 0.0, LEGAL, 100, 0, True),
    ):
        person, leaves = at_expiry(expiring(renewal=renewal, overstay=overstay))
        assert (person.status, person.permit_until, person.legal_since, leaves) == (
            status_,
            until,
            since,
            goes,
        )
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
        for spouse, permit in ((0, 9), (status.MARRIED, SHIPPED.status.married_permit))
    )
    assert single < married
    assert len(single) < 0.3 * len(MANY) < 0.9 * len(MANY) < len(married)
    harsh = a_world(
        {
            "doors.trainee": {"permit": 9, "renewal": 0.2},
            "status": {"married_renewal": 0.1, "married_permit": 3},
        }
    )
    assert {
        who for who in MANY if at_expiry(harsh, who, status.MARRIED)[0].permit_until == harsh.month + 9
    } == single


@pytest.mark.mechanism("A3")
def test_work_outside_the_visas_activity():
    """A3: a student begins to work too many hours, and keeps the permit; off, nobody does."""
    held = {"door": "student", "permit_until": 150, "legal_since": 90}
    off, on = (a_world({"doors.student.outside_activity": chance}) for chance in (0.0, 0.03))
    assert become("irregular", off, **held) == []
    irregular = become("irregular", on, **held)
    assert 0 < len(irregular) == pytest.approx(0.03 * len(MANY), abs=10)
    assert {(person.permit_until, person.legal_since) for person in irregular} == {(150, 90)}


def test_running_away_costs_the_permit():
    off, on = (a_world({"doors.trainee.runaway": chance}) for chance in (0.0, 0.03))
    for status_ in ("legal", "irregular"):  # irregular workers likewise
        held = {"door": "trainee", "status": status_, "permit_until": 150}
        assert become("overstayer", off, **held) == []
        assert {person.permit_until for person in become("overstayer", on, **held)} == {NEVER_DUE}


LADDER = {
    "status": {"marriage": 0.0, "naturalise_apply": 0.0, "permanent_rate": 0.05, "permanent_after": 120}
}


@pytest.mark.mechanism("A3")
def test_permanence_after_the_threshold_only():
    """A3: ten years of legal residence; not a month less, unless the law is relaxed."""
    world = a_world(LADDER, month=200)
    assert become("denizen", world, settler=1, legal_since=81) == []
    permanent = become("denizen", world, settler=1, legal_since=80, permit_until=210)
    assert len(permanent) == pytest.approx(0.05 * len(MANY), abs=15)
    assert {person.permit_until for person in permanent} == {NEVER_DUE}
    relaxed = a_world(LADDER, {"status.permanent_after": 60}, month=200)
    assert become("denizen", relaxed, settler=1, legal_since=100) != []


@pytest.mark.mechanism("A3")
def test_the_relaxation_of_permanence_adds_denizens_in_whole_runs():
    """A3: from its month on, and not before."""
    (changed_before, changed), (unchanged_before, unchanged) = (
        (model.query("month < 12")["stock"].tolist(), model["stock"].sum())
        for model in (
            small_run({"status.permanent_rate": 0.05}, months=36, changes=changes)
            .ledger.monthly()
            .query("status == 'denizen'")
            for changes in ([(12, "status.permanent_after", 24)], [])
        )
    )
    assert changed > 2 * unchanged
    assert changed_before == unchanged_before


@pytest.mark.mechanism("A3")
def test_spouses_of_nationals_wait_less_for_permanence_where_the_law_says_so():
    """A3: as long as others by default; less once marriage is taken into consideration, never more."""

    def permanent(married_wait, months, grounds):
        world = a_world(LADDER, {"status.permanent_married": married_wait}, month=200)
        return who_become("denizen", world, settler=1, legal_since=200 - months, grounds=grounds)

    assert permanent(120, 119, status.MARRIED) == set() != permanent(120, 120, status.MARRIED)
    assert permanent(60, 59, status.MARRIED) == set() != permanent(60, 60, status.MARRIED)
    assert permanent(60, 119, 0) == set() != permanent(60, 120, 0)
    assert permanent(240, 120, status.MARRIED) == permanent(120, 120, status.MARRIED)
    assert a_world().status_permanent_married == a_world().status_permanent_after


def test_only_settlers_climb():
    world = a_world(LADDER, month=300, status_marriage=0.2, status_naturalise_apply=0.2)
    assert married(world, settler=1) != []
    assert married(world, settler=0) == become("denizen", world, settler=0) == []


def married(world, **fields):
    """Those whose permit rests on a marriage after a month."""
    return [person for person in climbed(world, **fields) if person.grounds == status.MARRIED]


MARRIED = {"status": {"naturalise_apply": 0.0, "permanent_rate": 0.0}}


def test_marriage_brings_a_long_permit_and_family():
    world = a_world(MARRIED, status_marriage=0.05)
    spouses = married(world, settler=1, permit_until=101)
    assert len(spouses) == pytest.approx(0.05 * len(MANY), abs=15)
    assert {(p.permit_until, p.family) for p in spouses} == {(world.month + SHIPPED.status.married_permit, 1)}
    assert married(a_world(MARRIED, status_marriage=0.0), settler=1) == []
    short = a_world(MARRIED, status_marriage=0.05, status_married_permit=6)
    assert {p.permit_until for p in married(short, settler=1, permit_until=101)} == {short.month + 6}


@pytest.mark.parametrize("rung", ["irregular", "overstayer", "smuggled"])
def test_special_permission_for_the_unauthorised_who_marry(rung):
    granted, refused = (
        a_world(
            MARRIED,
            {"enforcement.apprehension": 0.0, "status.special_permission": share},
            status_marriage=0.05,
        )
        for share in (1.0, 0.0)
    )
    outside = {"status": rung, "settler": 1, "legal_since": NO_DATE}
    assert {person.legal_since for person in become("legal", granted, **outside)} == {granted.month}
    assert become("legal", refused, **outside) == []


@pytest.mark.mechanism("A3")
def test_naturalisation_needs_residence_and_the_officials_grace():
    """A3: paperwork, then discretion; with more discretion the same people and more become citizens."""
    apply = {"marriage": 0.0, "permanent_rate": 0.0, "naturalise_apply": 0.02, "naturalise_after": 60}

    def citizens(granted, status="denizen", **fields):
        world = a_world({"status": apply, "status.naturalise_granted": granted})
        return who_become("citizen", world, settler=1, status=status, **fields)

    assert citizens(0.0) == citizens(1.0, legal_since=41) == citizens(1.0, "overstayer") == set()
    assert citizens(0.4) < citizens(1.0)
    citizens_who_all_apply = citizens(1.0, legal_since=40)
    assert citizens(1.0, legal_since=40) != set()
    assert citizens(1.0, "legal", legal_since=40) == citizens(
        1.0, legal_since=40
    )  # permanence is no condition
    apply["naturalise_apply"] = 0.01  # onerous paperwork keeps some from applying
    assert citizens(1.0, legal_since=40) < citizens_who_all_apply


def test_citizens_stay_citizens():
    world = a_world({"enforcement.apprehension": 0.06, "doors.skilled.runaway": 0.03}, apprehension=1.0)
    people = climbed(world, status="citizen", settler=1)
    assert {(person.status, person.detained) for person in people} == {(CITIZEN, 0)}


@pytest.mark.mechanism("A3")
def test_those_who_came_just_before_the_run_have_legal_years_too():
    """A3: all who are present at the start with a permit have been legal since they came."""
    start = a_world({"doors.coethnic": {"initial_years": 0.1, "permit": 36}}, month=0)
    later = a_world(month=120)
    for who in MANY:
        person = newcomer(COETHNIC, start, who)
        plain(lives.have_been_here)(person, a_here(start))
        assert plain(status.legal_months)(person, later) == 120 - person.arrived


def test_apprehension_on_and_off():
    """And those who work outside their visa's activity run less risk."""

    def detained(chance, status="overstayer", outside=0.3):
        world = a_world({"enforcement.outside_activity": outside}, apprehension=chance)
        return those_with("detained", climbed(world, status=status))

    assert detained(0.0) == set() != detained(0.1) < detained(0.3) == detained(0.3, "smuggled")
    assert detained(0.3, "legal") == detained(0.3, "denizen") == detained(0.5, "irregular", 0.0) == set()
    assert set() != detained(0.5, "irregular") < detained(0.5)


def test_apprehension_ends_what_else_was_the_matter():
    here, person = a_here(), a_migrant(status="overstayer", need="illness", stage=31)
    plain(apprehension.be_apprehended)(person, here)
    assert (person.detained, person.need, person.stage) == (1, ARREST + 1, 0)
    assert here.place.unmet[OVERSTAYER] == here.place.needs[OVERSTAYER] == 1


DETAINED = {"status": "overstayer", "detained": 1, "need": "arrest"}


@pytest.mark.parametrize("months", [1, 4])
def test_detention_ends_in_deportation(months):
    here = a_here(a_world({"enforcement.detention": months}))
    people = [a_migrant(**DETAINED, need_since=100 - months + more) for more in (1, 0)]
    outcomes = [plain(claiming.await_deportation)(person, here) for person in people]
    assert outcomes == [MONTH_ENDS, GOES + DEPORTED]


@pytest.mark.parametrize(("release", "free"), [(0.0, False), (1.0, True)])
def test_an_ngo_may_get_the_detained_out(release, free):
    here = a_here(a_world({"enforcement.release": release}))
    person = a_migrant(**DETAINED, need_since=99, stage=31)
    plain(ngo_office.hear_from_ngo)(person, here, an_ngo(kind=5, skill=1.0), True)
    assert (person.detained == 0) is free
    assert (person.need == 0) is free
    assert here.place.ngo_served[OVERSTAYER] == free


@pytest.mark.mechanism("A4", "D3")
def test_the_duty_to_report_and_the_firewall():
    """A4, D3: a claim on the town hall may end in detention; a firewall stands between."""

    def reported(duty, firewall, has_firewall, rung="overstayer"):
        world = a_world({"enforcement.duty_to_report": duty, "fear.firewall": firewall})
        here, asks = a_here(world, a_city(1.0, firewall=has_firewall)), {"need": "dispute", "need_since": 100}
        return who_has("detained", town_hall.ask, here, status=rung, **asks)

    assert reported(0.0, 0.0, 0) == set()
    plainly, behind = reported(0.5, 0.6, 0), reported(0.5, 0.6, 1)
    assert set() != behind < plainly
    assert len(plainly) == pytest.approx(0.5 * len(MANY), rel=0.2)
    assert reported(1.0, 1.0, 1) == set() != reported(1.0, 0.0, 1)
    assert reported(1.0, 0.0, 0, "legal") == reported(1.0, 0.0, 0, "denizen") == set()


@pytest.mark.mechanism("A4")
def test_the_state_cannot_leave_a_migrant_detained_without_a_need():
    """A4: detention is a need until it ends; `seek_help` would read need -1 of the catalogue next month."""
    right = {"needs.arrest": {"right": "anyone", "state_delivery": 1.0, "necessity": 1.0}}
    sure = {"claiming.effort": 1.0, "awareness.state": 1.0, "fear.weight": 0.0}
    person = a_migrant(**DETAINED, need_since=100)
    plain(claiming.await_deportation)(person, a_here(a_world(right, sure)))
    assert person.need == ARREST + 1 or not person.detained
