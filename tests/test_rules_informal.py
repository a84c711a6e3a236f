"""Help by compatriots, congregations and ethnic businesses (C12)."""

from __future__ import annotations

import pytest
from crowd import crowd
from single import a_city, a_here, a_migrant, a_world, plain
from small import small_places, small_run, total

from local_citizenship.agents import claiming
from local_citizenship.agents.providers import informal
from local_citizenship.agents.tally import INFORMAL
from local_citizenship.scenarios.catalogue import DOORS

COETHNIC = DOORS.index("coethnic")
LONG_AGO = -140  # in month 100: twenty years


def helped(circle=0.6, compatriots=3_000, since=100, arrived=LONG_AGO, need="papers", can=0.5, **fields):
    """Who of many is helped by their own, who knows nobody else."""
    settings = {"informal.circle": circle, "needs.papers.informal": can, "needs.illness.informal": 0.1}
    certain = {"claiming.effort": 1.0, "awareness": {"state": 0.0, "search": 0.0}, "needs.*.necessity": 1.0}
    world = a_world(certain, settings, {"needs.*.right": "nobody"})
    group = int(world.group_of_door[COETHNIC])
    here = a_here(world, a_city(by_group={group: compatriots}))
    start = {"need": need, "need_since": since, "arrived": arrived, "door": "coethnic"}
    people = crowd(claiming.seek_help, here, **{**start, **fields})
    found = {person.identity for person in people if person.need == 0}
    assert here.place.served.sum() == here.place.served[INFORMAL].sum() == len(found)
    return found


@pytest.mark.mechanism("C12")
def test_compatriots_help_the_more_there_are_and_the_longer_one_is_here():
    """C12: off, or where there are none, nobody; the same luck, the same people and more; not those just come."""
    assert helped(0.0) == helped(compatriots=1) == helped(arrived=100) == set()
    assert set() != helped(compatriots=50) < helped(compatriots=400) < helped(compatriots=20_000)
    assert set() != helped(arrived=88) < helped(arrived=40) < helped()
    assert helped(0.2) < helped(0.6)


@pytest.mark.mechanism("C12")
def test_what_compatriots_can_do_goes_by_the_need():
    """C12: papers rather than an illness; where they can do nothing they are not asked."""
    assert set() != helped(can=0.2) < helped(can=0.8)
    assert helped(can=0.0) == set()
    assert len(helped(need="illness")) < 0.5 * len(helped())


@pytest.mark.mechanism("C12", "D3")
def test_compatriots_are_not_feared_and_help_everybody():
    """C12, D3: status makes no difference to one's own."""
    assert helped(status="smuggled") == helped(status="legal") == helped(status="denizen") != set()


@pytest.mark.mechanism("C12")
def test_compatriots_are_asked_at_once_or_not_at_all():
    """C12: in the first month of an episode, and once."""
    assert helped(since=99) == set()
    assert helped(tried=informal.REFUSAL) == set()


def test_only_others_of_ones_own_group_count():
    world = a_world({"informal.circle": 1.0})
    own, other = (int(world.group_of_door[DOORS.index(name)]) for name in ("coethnic", "smuggled"))
    assert own != other
    person = a_migrant(door="coethnic", arrived=LONG_AGO)
    circle = plain(informal.circle_of)
    assert circle(person, a_here(world, a_city(by_group={other: 5_000}))) == 0.0
    assert 0.0 < circle(person, a_here(world, a_city(by_group={own: 5_000}))) < 1.0


@pytest.mark.mechanism("C12")
def test_informal_help_in_whole_runs():
    """C12: it meets some needs, each of somebody who had asked; off, none."""
    on = {"informal": {"circle": 1.0, "compatriots": 5.0}}
    none, some = (small_run(how, places=small_places(level=0.0)) for how in ({"informal.circle": 0.0}, on))
    assert total(none, "served_informal") == 0 < total(some, "served_informal") <= total(some, "claimed")
