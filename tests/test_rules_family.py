"""Partners and children, women and men (A8, A11, C1, D1)."""

from __future__ import annotations

import numpy as np
import pytest
from single import ALL_SERVICES, MANY, a_city, a_here, a_migrant, a_world, an_ngo, plain
from small import small_run

from local_citizenship.agents import enrolling, family, migrant, needs, ngo, status
from local_citizenship.agents.family import MARRIED
from local_citizenship.agents.providers.ngo import kinds_here
from local_citizenship.scenarios.catalogue import DOORS, NEEDS, NGO_KINDS, SERVICES

BIRTH, SCHOOLING, ABUSE = (NEEDS.index(name) for name in ("birth", "schooling", "abuse"))
WOMEN = NGO_KINDS.index("women")


def rate(need, **fields):
    return plain(needs.need_rate)(a_migrant(**fields), a_here(), need, 0.0)


@pytest.mark.mechanism("A11")
@pytest.mark.parametrize(
    ("months", "pupil"), [(0, False), (71, False), (72, True), (150, True), (179, True), (180, False)]
)
def test_children_go_to_school_at_school_age(months, pupil):
    """A11: and only then do parents need a school place."""
    parent = {"family": 1, "children": 1, "first_born": 100 - months, "last_born": 100 - months}
    assert bool(plain(family.has_pupil)(a_migrant(**parent), a_world())) == pupil
    assert (rate(SCHOOLING, **parent) > 0.0) == pupil
    assert rate(SCHOOLING, children=0) == 0.0


@pytest.mark.mechanism("A11")
def test_children_are_born_to_families():
    """A11: not too soon after one another, not too many; the need is the birth."""
    none, young = {"family": 1, "children": 0}, {"family": 1, "children": 1, "last_born": 90}
    assert rate(BIRTH, **none) > 0.0 == rate(BIRTH, **young) == rate(BIRTH, family=0)
    assert rate(BIRTH, **{**young, "last_born": 60}) > 0.0
    assert rate(BIRTH, **{**young, "last_born": 60, "children": family.MOST_CHILDREN}) == 0.0
    parent = a_migrant(**none)
    plain(needs.be_struck)(parent, a_here(a_world({"needs.*.rate": 0.0, "needs.birth.rate": 0.5})), 0.0)
    assert (parent.need, parent.children, parent.first_born) == (BIRTH + 1, 1, 100)


@pytest.mark.mechanism("A8", "A11")
def test_families_come_with_children_of_all_ages():
    """A11: drawn from identity alone."""
    people = [a_migrant(who, family=1, legal_since=0) for who in MANY]
    for person in people:
        plain(status.bring_family)(person, a_here(), 0.0)
    soon, late = (a_migrant(7, legal_since=80) for _ in range(2))
    for person, after in ((soon, 20), (late, 21)):
        plain(status.bring_family)(person, a_here(a_world({"status.family_after": after})), 0.0)
    assert (soon.family, late.family) == (1, 0)
    ages = np.array([100 - person.first_born for person in people if person.children])
    assert {person.children for person in people} == {0, 1, 2}
    assert ages.min() < 12
    assert 120 < ages.max() <= 144
    assert all(person.first_born <= person.last_born <= 100 for person in people if person.children)


@pytest.mark.mechanism("A11")
def test_spouses_of_nationals_come_with_that_ground():
    """A11: nobody else does."""
    for door in DOORS:
        person, world = a_migrant(), a_world({"doors.*.family": 0.0})
        plain(migrant.be_born)(person, world, DOORS.index(door), 1)
        assert person.grounds == (MARRIED if door == "spouse" else 0), door


@pytest.mark.mechanism("A3", "A11")
def test_some_categories_marry_more():
    """A11: by the factor of the category; none that has it at 0."""

    def chance(factor):
        here = a_here(a_world({"doors.entertainer.marrying": factor}))
        return plain(status.chance_to_marry)(a_migrant(door="entertainer", settler=1), here)

    assert chance(4.0) == pytest.approx(4.0 * chance(1.0))
    assert chance(1.0) > 0.0 == chance(0.0)


@pytest.mark.mechanism("A11", "D1", "D13")
def test_abuse_at_home_goes_by_the_household():
    """A11, D1, D13: with work or without, whoever the employers are; more where the permit hangs on the spouse, and
    none for who lives alone."""

    def abused(ruthless=1.0, **fields):
        settings = {"status": {"abuse_at_home": 0.5, "dependent": 4.0}, "doors.*.abuse_risk": 1.0}
        here = a_here(a_world(settings), a_city(ruthless=ruthless))
        return plain(needs.risk_of_abuse)(a_migrant(**fields), here)

    assert (abused(), abused(jobless=1), abused(ruthless=2.0)) == (1.0, 0.0, 2.0)
    assert (abused(family=1), abused(family=1, jobless=1)) == (1.5, 0.5)
    assert abused(family=1, jobless=1, grounds=MARRIED) == 2.0
    assert abused(family=1, jobless=1, grounds=MARRIED, status="denizen") == 0.5


@pytest.mark.mechanism("A11")
def test_who_lives_with_a_partner_marries_nobody_else():
    """A11: nor do sojourners."""
    chance, here = plain(status.chance_to_marry), a_here()
    assert chance(a_migrant(settler=1), here) > 0.0
    assert chance(a_migrant(settler=1, family=1), here) == chance(a_migrant(), here) == 0.0


@pytest.mark.mechanism("A11", "D7")
def test_a_child_that_has_left_school_ends_the_parents_group():
    """A11, D7: and nothing else that they take part in."""
    school, language = (2 << SERVICES.index(name) for name in ("schooling", "language"))

    def is_over(months, enrolled=school | language):
        born = {"first_born": 100 - months, "last_born": 100 - months}
        parent = a_migrant(family=1, children=1, enrolled=enrolled, **born)
        return bool(plain(enrolling.child_has_left_school)(parent, a_world()))

    assert [is_over(months) for months in (60, 72, 179, 180)] == [True, False, False, True]
    assert not is_over(180, language)
    parent = a_migrant(family=1, enrolled=school | language)
    plain(enrolling.leave_school)(parent, a_here())
    assert parent.enrolled == language


@pytest.mark.mechanism("D1")
def test_abuse_strikes_women_more():
    """D1: by the factor for men."""
    here = a_here(a_world({"needs.abuse.men": 0.3}))
    women, men = (plain(needs.need_rate)(a_migrant(woman=woman), here, ABUSE, 0.0) for woman in (1, 0))
    assert men == pytest.approx(0.3 * women)


@pytest.mark.mechanism("C1")
def test_womens_groups_take_women_alone():
    """C1: other kinds take both."""
    for kind in NGO_KINDS:
        office = an_ngo(kind=kind)
        need = next(n for n in range(len(NEEDS)) if plain(ngo.answers)(a_world(), office.kind, n))
        takes = [
            plain(ngo.takes_case)(office, a_world(), a_migrant(need=need + 1, woman=woman))
            for woman in (1, 0)
        ]
        assert takes == [True, kind != "women"], kind
    here = a_here(city=a_city(ngo_kinds=1 << WOMEN))
    assert plain(kinds_here)(a_migrant(need="abuse"), here)
    assert not plain(kinds_here)(a_migrant(need="abuse", woman=0), here)


@pytest.mark.mechanism("A11", "D7")
def test_parents_of_pupils_take_part_in_school_life():
    """A11, D7: a child at school takes the place of belonging, and only they join what a school offers."""
    here = a_here(a_world({"claiming.join_for_child": 1.0}), a_city(1.0))

    def a_parent(months, **fields):
        born = 100 - months
        return a_migrant(family=1, children=1, first_born=born, last_born=born, knows=ALL_SERVICES, **fields)

    def joins(person):
        return plain(enrolling.chance_to_join)(person, here, 0.5, 0.5)

    pupils, infants, grown = a_parent(100), a_parent(20), a_parent(190)
    assert joins(pupils) == pytest.approx(2.0 * joins(infants))
    assert joins(infants) == joins(grown) == joins(a_migrant()) > 0.0
    offered = [n for n, name in enumerate(SERVICES) if plain(enrolling.may_join)(pupils, here, n)]
    school = SERVICES.index("schooling")
    for other in (infants, grown, a_migrant(knows=ALL_SERVICES)):
        assert [n for n in offered if plain(enrolling.may_join)(other, here, n)] == [
            n for n in offered if n != school
        ]
    assert school in offered != [school]


@pytest.mark.mechanism("A11")
def test_without_families_there_are_no_children():
    """A11: in whole runs."""
    nobody = {"doors.*.family": 0.0, "doors.*.family_joins": 0.0, "status.marriage": 0.0}
    for settings, some in (({}, True), (nobody, False)):
        model = small_run(settings, months=24)
        there = model.state.migrants[: model.state.used]
        assert bool(there["children"][there["present"] != 0].any()) == some
