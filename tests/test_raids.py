"""Raids go somewhere, take some at one time, and frighten as much whatever a record stands for (A4, D3)."""

from __future__ import annotations

import numpy as np
import pytest
from single import Records, a_city, a_here, a_migrant, a_world, plain
from small import TRADES, small_run

from local_citizenship.agents import raiding, status
from local_citizenship.model.raids import plan_raids

RAIDS = {"enforcement": {"raids": 0.6, "sweep": 0.1, "duty_to_report": 0.0}, "trades.*.visible": 0.5}


def taken(*towns, months=1, settings=None, persons=1.0, apprehension=0.01):
    """(towns, months): this month's chance of the unauthorised of each town to be taken in a raid."""
    found = np.zeros((len(towns), months))
    for month in range(months):
        world = a_world(RAIDS, settings or {}, month=month, apprehension=apprehension, persons=persons)
        cities = Records(a_city(row=row, identity=1 + row, **town) for row, town in enumerate(towns))
        plain(plan_raids)(world, cities)
        found[:, month] = [city.raid for city in cities]
    return found


@pytest.mark.mechanism("A4")
def test_raids_take_the_share_that_is_taken_in_raids():
    """A4: in the mean over months; there is none where nobody is; off, none."""
    towns = [{"unauthorised": n} for n in (0, 40, 400, 4000)]
    found = taken(*towns, months=2400)
    people = np.array([town["unauthorised"] for town in towns])
    assert (found.T @ people).mean() == pytest.approx(0.006 * people.sum(), rel=0.15)
    assert found[0].max() == 0.0
    assert taken(*towns, settings={"enforcement.raids": 0.0}).max() == 0.0
    assert taken(*towns, apprehension=0.0).max() == 0.0


@pytest.mark.mechanism("A4")
def test_raids_are_few_and_large():
    """A4: of 4,000 people as of 40, each raid takes the same part, and years may pass between two; the larger sweeps
    are, the fewer come; where more must be taken than a sweep does, there is one every month."""
    by_size = taken({"unauthorised": 40}, {"unauthorised": 4000}, months=600)
    assert set(by_size.ravel().round(9).tolist()) == {0.0, 0.05}
    often = (by_size > 0.0).mean(axis=1)
    assert (often < 0.25).all()
    larger = taken({"unauthorised": 4000}, months=600, settings={"enforcement.sweep": 0.2})
    smaller = taken({"unauthorised": 4000}, months=600, settings={"enforcement.sweep": 0.05})
    assert 0.0 < (larger > 0.0).mean() < 0.5 * (smaller > 0.0).mean()
    assert taken({"unauthorised": 400}, months=9, apprehension=0.1) == pytest.approx(0.06)


@pytest.mark.mechanism("A4")
def test_a_sweep_takes_more_where_people_work_in_full_view():
    """A4: by the trades of a place; where nobody works, as in a usual trade."""

    def in_a_raid(settings=None, **workers):
        at_work = np.array([workers.get(name, 0) for name in TRADES])
        return plain(raiding.chance_if_raided)(
            a_city(unauthorised=100, at_work=at_work),
            a_world({"enforcement.sweep": 0.1}, settings or {}),
            0.001,
        )

    kitchens, sites, both = in_a_raid(service=50), in_a_raid(building=50), in_a_raid(service=50, building=50)
    assert 0.0 < kitchens < both < sites <= 0.1
    assert kitchens < in_a_raid() < sites
    assert (
        in_a_raid({"trades.service.visible": 0.0}, service=50) == 0.001
    )  # at least as much as raids must take


@pytest.mark.mechanism("A4")
def test_a_raid_is_the_same_whatever_a_record_stands_for():
    """A4: as many places raided, and as large a part of their people taken."""
    alone = taken({"unauthorised": 400}, {"unauthorised": 4000}, months=60)
    by_twenty = taken({"unauthorised": 20}, {"unauthorised": 200}, months=60, persons=20.0)
    assert by_twenty == pytest.approx(alone)


@pytest.mark.mechanism("A4", "B9")
def test_raids_go_where_the_unauthorised_are_and_are_complained_of():
    """A4: to places where they are many among residents, where neighbours are tense, and where officials report."""

    def attention(settings=None, density=0.001, **fields):
        world = a_world(
            {"enforcement": {"complaints": 2.0, "tips": 3.0, "duty_to_report": 0.2}}, settings or {}
        )
        return plain(raiding.attention_to)(a_city(**{"unauthorised": 200, **fields}), world, density)

    calm = attention()
    assert attention(unauthorised=0) == 0.0 < attention(unauthorised=20) < calm < attention(unauthorised=2000)
    assert attention(unauthorised=10**5) < 2.0 * calm
    assert calm < attention(tension=0.3) < attention(tension=0.6)
    assert attention({"enforcement.complaints": 0.0}, tension=0.6) == calm
    assert attention({"enforcement.duty_to_report": 0.0}) < attention(firewall=1) < calm
    assert attention({"enforcement.tips": 0.0}) == attention({"enforcement.duty_to_report": 0.0})


@pytest.mark.mechanism("A4")
def test_who_is_there_when_a_raid_comes_may_be_taken():
    """A4: only the unauthorised; those who work outside their visa less often."""

    def chance(rung, raid):
        here = a_here(a_world({"enforcement": {"raids": 0.5, "outside_activity": 0.4}}, apprehension=0.01),
                      a_city(raid=raid))  # fmt: skip
        return plain(status.chance_of_apprehension)(a_migrant(status=rung), here)

    assert chance("legal", 0.04) == chance("citizen", 0.04) == 0.0
    found = [chance(*each) for each in (("overstayer", 0.0), ("overstayer", 0.04), ("irregular", 0.04))]
    assert found == pytest.approx([0.005, 0.045, 0.4 * 0.045])


@pytest.mark.mechanism("D3")
def test_fear_is_the_same_whatever_a_record_stands_for():
    """D3: the mean of fear at one record for one person, four and twenty agrees within noise."""
    many = {"doors": {door: {"initial": 12_000.0, "arrivals": 240.0} for door in ("visitor", "smuggled")}}

    def mean(persons):
        model = small_run(many, {"scale.persons_per_record": persons, "enforcement.raids": 0.5}, months=48)
        nation = model.ledger.table("nation")
        return float(nation.loc[nation["month"] >= 12, "fear"].mean())

    one, four, twenty = mean(1), mean(4), mean(20)
    assert 0.1 < one < 0.9
    assert four == pytest.approx(one, rel=0.04)
    assert twenty == pytest.approx(one, rel=0.06)
