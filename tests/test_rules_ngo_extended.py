"""Branches, telephone, specialists, networks, staff, membership of NGOs (C3, C6, C7, C9, C10)."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import crowd, helped, lucky, those_with
from single import MANY, Records, a_city, a_here, a_migrant, a_world, an_ngo, plain, with_offices
from small import N_DOORS, small_scenario

from local_citizenship.agents import claiming, life, ngo
from local_citizenship.agents.chance import HEARS_OF_NGO
from local_citizenship.agents.providers.ngo import chance_of_help, hear_from_ngo, join_ngo, pick_ngo
from local_citizenship.agents.rows import Rows
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.allocation import QUEUE, refer
from local_citizenship.model.year import keep_accounts, meet_in_networks, open_branches
from local_citizenship.scenarios.catalogue import (
    ARREST,
    COETHNIC,
    DISPUTE,
    LEGAL,
    NEEDS,
    NGO_KINDS,
    STUDENT,
    WAGES,
)
from local_citizenship.scenarios.schema import SHIPPED

CITIZENS, UNION, MEDICAL, IMMIGRANT = (
    NGO_KINDS.index(name) for name in ("citizens", "union", "medical", "immigrant")
)
SEARCHING = {"awareness": {"search": 1.0}, "claiming": {"effort": 1.0}, "fear": {"weight": 0.0}}


# C3: branches -------------------------------------------------------------------------------------------


def branching(chance, funds=9.0):
    world = a_world({"ngos.branches": chance, "ngo_kinds.union.income": 8.0})
    opens = plain(ngo.opens_branch)
    return {who for who in MANY if opens(an_ngo(identity=who, kind="union", funds=funds), world)}


@pytest.mark.mechanism("C3")
def test_a_few_open_branches():
    """C3: by lot, those with a year's income in hand; off, none."""
    assert branching(0.0) == branching(1.0, funds=7.9) == set() != branching(0.1) < branching(0.4)


@pytest.mark.mechanism("C3")
def test_branches_open_where_no_ngo_of_the_kind_is_near_and_needs_find_no_office():
    """C3: not where one of its kind is within reach, not where nobody calls, and where most of the rest call."""
    calls = enumerate(((90, 1 << UNION), (5, 0), (20, 1 << MEDICAL), (0, 0)))
    cities = Records(
        a_city(row=row, left_out={"dispute": out}, ngo_kinds=kinds) for row, (out, kinds) in calls
    )
    of = ({"kind": "union", "funds": 99.0}, {"kind": "medical"}, {"kind": "union", "funds": 99.0, "alive": 0})
    offices = Records(an_ngo(**fields) for fields in of)
    for chance, expected in ((1.0, [2, -1, -1]), (0.0, [-1, -1, -1])):
        homes = np.zeros(3, np.int64)
        plain(open_branches)(offices, [a_world({"ngos.branches": chance})], cities, homes)
        assert homes.tolist() == expected


@pytest.mark.mechanism("C3")
def test_branches_do_not_herd():
    """C3: NGOs of a kind open where none of the others of the kind does; those of other kinds may."""
    cities = Records(a_city(row=row, left_out={"dispute": out}) for row, out in enumerate((30, 20, 10)))
    kinds = (UNION, UNION, CITIZENS, UNION, UNION, CITIZENS)
    offices = Records([an_ngo(kind=kind, funds=99.0, identity=n) for n, kind in enumerate(kinds, 1)])
    homes = np.zeros(6, np.int64)
    plain(open_branches)(offices, [a_world({"ngos.branches": 1.0})], cities, homes)
    assert homes.tolist() == [0, 1, 0, 2, -1, 1]


@pytest.mark.mechanism("C3")
def test_a_branch_shares_its_parents_profile_and_money():
    """C3: one organisation: skill, speciality, half the funds."""
    parent = an_ngo(identity=3, kind="union", funds=20.0, skill=0.9, issue=DISPUTE, group=-1)
    branch = an_ngo(skill=0.1)
    plain(ngo.branch_off)(branch, parent, a_world(), a_city(row=6), 77)
    assert (branch.parent, branch.identity, branch.home, branch.kind) == (3, 77, 6, UNION)
    assert (branch.skill, branch.issue, branch.group) == (0.9, DISPUTE, -1)
    assert parent.funds == branch.funds == 10.0


# C3: the telephone --------------------------------------------------------------------------------------


def served_by_phone(telephone, **fields):
    world = a_world(
        SEARCHING, {"ngos.telephone": telephone, "needs.*.right": "nobody"}, phone_kinds=1 << UNION
    )
    here, knows_of_it = a_here(world), {"settler": 1, "knows_ngo": 1 << UNION}
    served = helped(claiming.seek_help, here, **{**knows_of_it, **fields})
    assert here.place.ngo_phone[LEGAL] == len(served)
    return served


@pytest.mark.mechanism("C3")
def test_the_telephone_reaches_where_there_is_no_office():
    """C3: off, nobody; on, some of those who know of it, but fewer than an office with the skill helps."""
    assert served_by_phone(0.0) == set() != served_by_phone(0.1) < served_by_phone(0.3)
    assert served_by_phone(0.3, knows_ngo=0) == set()
    weakly = a_world().ngo_kinds_skill[UNION]
    assert len(served_by_phone(0.1)) < weakly * len(MANY)


@pytest.mark.mechanism("C3", "A4")
def test_the_detained_cannot_telephone():
    """C3, A4: only an NGO that visits helps them."""
    assert served_by_phone(1.0) == set(MANY) != served_by_phone(1.0, detained=1) == set()


@pytest.mark.mechanism("C3", "D2")
def test_the_hotline_is_heard_of_where_there_is_no_office():
    """C3, D2: through ethnic media; off, nobody hears."""

    def heard(chance):
        here = a_here(a_world(ngos_hotline=chance, phone_kinds=1 << UNION))
        people = lucky(HEARS_OF_NGO, here)
        assert {person.knows_ngo for person in people} <= {0, 1 << UNION}
        return those_with("knows_ngo", people)

    assert heard(0.0) == set() != heard(0.1) < heard(0.4)


def founded(specialised, gain=0.5, competence=0.0, kind=UNION):
    world = a_world({"ngos": {"specialised": specialised, "specialist_gain": gain, "competence": competence}})
    city = a_city(by_group={"student": 50}, left_out={"wages": 9})
    offices = {identity: an_ngo() for identity in MANY}
    for identity, office in offices.items():
        plain(ngo.set_up)(office, world, city, identity, kind)
    return offices


def narrow(offices):
    return {identity for identity, office in offices.items() if office.issue >= 0 or office.group >= 0}


@pytest.mark.mechanism("C6")
def test_some_ngos_are_founded_for_one_issue_or_group():
    """C6: off, none; the most pressing issue or the largest group, half and half."""
    assert narrow(founded(0.0)) == set() != narrow(founded(0.3)) < narrow(founded(1.0)) == set(MANY)
    everyone = founded(1.0).values()
    assert {(o.issue, o.group) for o in everyone} == {(WAGES, -1), (-1, STUDENT)}
    assert np.mean([o.issue == WAGES for o in everyone]) == pytest.approx(0.5, abs=0.1)


@pytest.mark.mechanism("C6")
def test_specialists_take_only_their_issue_or_group():
    """C6: and nothing their kind does not take."""
    one_issue, one_group = an_ngo(kind="union", issue=WAGES), an_ngo(kind="union", group=STUDENT)

    def takes(office, need, door):
        return plain(ngo.takes_case)(office, a_world(), a_migrant(need=need + 1, door=door))

    assert [n for n in range(len(NEEDS)) if takes(one_issue, n, COETHNIC)] == [WAGES]
    assert [d for d in range(N_DOORS) if takes(one_group, WAGES, d)] == [STUDENT]
    assert not takes(one_group, ARREST, STUDENT)
    assert takes(an_ngo(kind="union"), WAGES, COETHNIC)
    register = [one_issue, one_group]
    here = a_here(city=with_offices(a_city(), register, (0, 1)))
    for need, door, expected in (
        ("wages", "coethnic", {0}), ("dispute", "student", {1}), ("wages", "student", {0, 1}),
        ("dispute", "coethnic", {-1}),
    ):  # fmt: skip
        people = (a_migrant(who, need=need, door=door, knows_ngo=1 << UNION) for who in range(40))
        assert {plain(pick_ngo)(person, here, register) for person in people} == expected


@pytest.mark.mechanism("C6")
def test_specialists_are_better_at_it():
    """C6: specialisation makes good part of the skill that is lacking; its gain off, none."""
    base = a_world().ngo_kinds_skill[UNION]
    assert [o.skill for o in founded(1.0).values()] == pytest.approx([base + 0.5 * (1.0 - base)] * len(MANY))
    assert [o.skill for o in founded(1.0, gain=0.0).values()] == pytest.approx([base] * len(MANY))
    spread = [np.std([o.skill for o in founded(0.0, competence=c).values()]) for c in (0.0, 0.2, 0.5)]
    assert spread[0] == pytest.approx(0.0)
    assert 0.01 < spread[1] < spread[2]


@pytest.mark.mechanism("C6")
def test_specialists_take_up_what_went_unmet_in_whole_runs():
    """C6: an NGO founded for one issue is founded for the one of its kind's that went unmet most that year."""
    keen = {
        "ngos": {
            "initial": 0,
            "founding": 0.1,
            "specialised": 1.0,
            "crowding": 0.0,
            "branches": 0.0,
            "at_seat": 0.0,
            "founders": 1.0,
        }
    }
    model = LocalCitizenship(small_scenario(keen, {"city": {"fiscal_month": 10}}, months=10))
    for _ in range(9):
        model.step()
    unmet = model.state.cities["left_out"].copy()
    assert len(model.ngos) == 0 < unmet.sum()
    model.step()
    issues = [office for office in model.ngos if office.issue >= 0]
    assert len(issues) > 5
    for office in issues:
        answered = SHIPPED.ngo_kinds[office.kind].answers
        of_its_kind = [unmet[office.home, n] for n, need in enumerate(NEEDS) if need in answered]
        assert unmet[office.home, office.issue] == max(of_its_kind) > 0
    # Then the year begins anew: what is left is what has gone unmet since.
    frame = model.ledger.monthly()
    october = frame[frame["month"] == 9].groupby("place")["unmet"].sum().reindex(range(12), fill_value=0)
    assert model.state.cities["unmet"].sum(axis=1).tolist() == october.tolist()


def networked(share):
    offices = Records(
        an_ngo(kind=kind, skill=skill, funds=funds)
        for kind, skill, funds in ((UNION, 0.2, 0.0), (UNION, 0.8, 10.0), (MEDICAL, 0.9, 30.0))
    )
    plain(meet_in_networks)(offices, [a_world({"ngos.network": share})])
    return [(office.skill, office.funds) for office in offices]


@pytest.mark.mechanism("C7")
def test_networks_even_out_skill_and_funds():
    """C7: within a kind, as far as the network goes; the able forget nothing by teaching; off, no change."""
    assert networked(0.0) == [(0.2, 0.0), (0.8, 10.0), (0.9, 30.0)]
    assert np.array(networked(0.5)) == pytest.approx(np.array([(0.35, 2.5), (0.8, 7.5), (0.9, 30.0)]))
    assert np.array(networked(1.0)) == pytest.approx(np.array([(0.5, 5.0), (0.8, 5.0), (0.9, 30.0)]))


def referred(chance, rooms, far=(0.0, 30.0, 30.0), kind="union"):
    """Who, of those turned away at the first NGO, goes where; the offices lie so many km from home."""
    people = [a_migrant(who, need="dispute", home=0) for who in range(1, 101)]
    # Each place has one office, the row of the same number.
    cities = [a_city(row=row, spot={0: distance}) for row, distance in enumerate(far)]
    offices = Records([an_ngo(kind="union", home=0), an_ngo(kind="union", home=1), an_ngo(kind=kind, home=2)])
    queue = np.zeros(100, QUEUE)
    queue["row"], queue["identity"] = range(100), range(1, 101)
    room = np.array([0, *rooms])
    world = a_world({"ngos": {"referral": chance, "referral_reach": 30.0}})
    plain(refer)(Rows(queue), np.arange(100), room, offices, people, world, cities)
    assert np.array_equal(queue["taken"], queue["referred"])
    assert (room >= 0).all()
    return [set(np.flatnonzero(queue["taken"] & (queue["ngo"] == office))) for office in range(3)]


@pytest.mark.mechanism("C7")
def test_referral_moves_clients_to_room_elsewhere():
    """C7: off, nobody; on, to who has most room and takes such a case."""
    assert referred(0.0, (50, 90)) == [set(), set(), set()]
    some, all_ = referred(0.4, (500, 0))[1], referred(1.0, (500, 0))[1]
    assert set() != some < all_ == set(range(100))
    assert [len(each) for each in referred(1.0, (3, 8))] == [0, 3, 8]
    assert [len(each) for each in referred(1.0, (3, 8), kind="medical")] == [0, 3, 0]
    assert referred(1.0, (5, 0))[1] == set(range(5))  # the first in rank


@pytest.mark.mechanism("C7", "C11")
def test_referral_is_to_room_near_by_rather_than_far_away():
    """C7, C11: room is worth half as much at the reach of referral, and less farther off."""
    assert [len(each) for each in referred(1.0, (500, 800))] == [0, 0, 100]
    assert [len(each) for each in referred(1.0, (500, 800), far=(0.0, 0.0, 30.0))] == [0, 100, 0]
    assert [len(each) for each in referred(1.0, (500, 1200), far=(0.0, 0.0, 30.0))] == [0, 0, 100]
    assert [len(each) for each in referred(1.0, (5, 1200), far=(0.0, 0.0, 3000.0))] == [0, 5, 95]


def fit_of(kind, paternalism, immigrant_staff=0.0):
    office = an_ngo()
    world = a_world({"ngos": {"paternalism": paternalism, "immigrant_staff": immigrant_staff}})
    plain(ngo.set_up)(office, world, a_city(), 9, kind)
    return office.fit


@pytest.mark.mechanism("C9")
def test_native_staff_misjudge_and_immigrant_staff_restore():
    """C9: fit falls with paternalism, and rises again with immigrant staff; immigrant-run NGOs have all."""
    assert fit_of(CITIZENS, 0.0) == fit_of(CITIZENS, 0.6, 1.0) == fit_of(IMMIGRANT, 0.6) == 1.0
    assert fit_of(CITIZENS, 0.6) < fit_of(CITIZENS, 0.6, 0.5) < 1.0
    assert fit_of(CITIZENS, 0.6) < fit_of(CITIZENS, 0.3)


@pytest.mark.mechanism("C9", "D12")
def test_clients_who_speak_up_are_heard():
    """C9, D12: by their number for each client of a year, and not for each of the staff; never in full."""

    def fit(voices, served=100, staff=2.0, say=0.5, **fields):
        office = an_ngo(kind=CITIZENS, founded=40, voices=voices, served=served, staff=staff, **fields)
        plain(ngo.judge_needs)(
            office, a_world({"ngos": {"paternalism": 0.4, "say": say, "immigrant_staff": 0.0}})
        )
        return office.fit

    assert fit(0.0) == fit(0.0, served=0) < fit(5.0) < fit(50.0)
    assert (fit(0.0), fit(50.0)) == pytest.approx((0.6, 0.8))
    assert fit(50.0) < fit(5_000.0) < 1.0
    assert fit(5.0, served=500) < fit(5.0) == fit(5.0, staff=20.0)
    assert fit(5.0, say=2.0) < fit(5.0)


@pytest.mark.mechanism("C9")
def test_misjudged_cases_are_not_solved():
    """C9: with the same luck, better judgement solves the same cases and more."""

    def solved(fit):
        people = crowd(hear_from_ngo, a_here(), an_ngo(kind="union", fit=fit), True, need="dispute")
        return set(MANY) - those_with("need", people)

    assert solved(0.0) == set() != solved(0.4) < solved(1.0)


@pytest.mark.mechanism("C9")
def test_immigrant_run_ngos_close_sooner_where_people_move_on():
    """C9: the more of the place's migrants go away again; where nobody does, and off, they last as long as others."""

    def closed(kind, transience, turnover=0.5):
        world, city = a_world({"ngos": {"burnout": 0.1, "transience": transience}}), a_city(turnover=turnover)
        return {
            w
            for w in MANY
            if plain(ngo.comes_to_an_end)(an_ngo(kind=kind, identity=w, served=1), world, city)
        }

    assert (
        closed(IMMIGRANT, 0.0)
        == closed(CITIZENS, 0.0)
        == closed(CITIZENS, 5.0)
        == closed(IMMIGRANT, 5.0, 0.0)
    )
    assert set() != closed(IMMIGRANT, 0.0) < closed(IMMIGRANT, 2.0) < closed(IMMIGRANT, 6.0)
    assert closed(IMMIGRANT, 5.0, 0.1) < closed(IMMIGRANT, 5.0, 0.5)


@pytest.mark.mechanism("C10")
def test_members_join_when_their_case_is_taken_on():
    """C10: whether it is solved or not, and not when they are turned away."""
    world = a_world({"ngos.membership": 1.0})
    for taken, member in ((True, UNION + 1), (False, 0)):
        person = a_migrant(need="dispute")
        plain(hear_from_ngo)(person, a_here(world), an_ngo(kind="union", skill=0.0), taken)
        assert (person.member, person.need) == (member, DISPUTE + 1)


def members(chance, kind=UNION):
    people = crowd(join_ngo, a_world({"ngos.membership": chance}), an_ngo(kind=kind))
    assert {person.member for person in people} <= {0, kind + 1}
    return those_with("member", people)


@pytest.mark.mechanism("C10")
def test_some_of_those_helped_become_members():
    """C10: of unions and medical NGOs only; off, nobody."""
    assert members(0.0) == set() != members(0.3) < members(0.8)
    assert members(0.3, MEDICAL) == members(0.3)
    assert members(1.0, CITIZENS) == set()


@pytest.mark.mechanism("C10")
def test_members_pay_dues():
    """C10: dues are income; members of a place pay the NGOs of their kind within reach, the near ones most."""

    def funds(dues, number=200, weights=(1.0,)):
        register = Records(an_ngo(kind="union", identity=n) for n, _ in enumerate(weights, 1))
        city = a_city(members={"union": number})
        for row, weight in enumerate(weights):
            with_offices(city, register, (row,), weight)
        plain(keep_accounts)(
            register, [a_world({"ngos": {"dues": dues, "foundation_luck": 0.0}})], Records([city])
        )
        return [office.funds for office in register]

    (paid,), (free,) = funds(2.0), funds(0.0)
    assert paid - free == pytest.approx(2.0 * 12 * 200 * 0.001)
    assert funds(2.0, 0) == [free]
    near, far = np.subtract(funds(2.0, weights=(1.0, 0.5)), funds(0.0, weights=(1.0, 0.5)))
    assert (near, far) == pytest.approx((3.2, 1.6))
    assert np.subtract(funds(2.0, weights=(0.5,)), funds(0.0, weights=(0.5,))) == pytest.approx([2.4])


@pytest.mark.mechanism("C10")
def test_members_drop_out_once_the_problem_is_solved():
    """C10: not while it lasts; off, never."""

    def staying(dropping_out, need=0):
        here = a_here(a_world({"ngos.dropping_out": dropping_out, "needs.*.rate": 0.0}))
        none, fields = (np.uint64(0),) * life.WORDS, {"member": "union", "need": need, "need_since": 100}
        return those_with("member", crowd(life.live_through_month, here, none, none, **fields))

    assert staying(0.0) == set(MANY) > staying(0.2) > staying(0.7) > staying(1.0) == set()
    assert staying(1.0, need="dispute") == set(MANY)


@pytest.mark.mechanism("C10")
def test_members_are_helped_better():
    """C10: by their own kind of NGO only; off, no better."""

    def chance(gain, member, kind="union", **office):
        world = a_world({"ngos.member_skill": gain})
        return plain(chance_of_help)(a_migrant(member=member), world, an_ngo(kind=kind, **office))

    member = UNION + 1
    assert chance(0.2, member) > chance(0.2, 0)
    assert chance(0.2, member, MEDICAL) == chance(0.2, 0, MEDICAL)
    assert chance(0.0, member) == chance(0.0, 0)
    assert chance(0.2, member, skill=0.95) == 1.0
