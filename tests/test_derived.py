"""Tables that follow from parameters: as the rules would work them out, and worked out anew with their parameters."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from single import a_world, plain
from small import TRADES, parameters_with

from local_citizenship.agents import haste, needs
from local_citizenship.model.derived import DERIVED, derived_from, sources_of
from local_citizenship.model.world import change_world, new_world
from local_citizenship.scenarios.catalogue import DOORS, NEEDS
from local_citizenship.scenarios.schema import SHIPPED

VARIED = {
    "trades.factory.hours": 1.7,
    "claiming.haste_settler": 0.3,
    "claiming.haste_debt": 0.8,
    "claiming.join_at_work": 0.3,
    "needs.dispute.necessity": 0.2,
    "needs.wages.rate": 0.3,
    "needs.abuse.men": 0.5,
    "doors.trainee.work_risk": 2.5,
}


@pytest.mark.mechanism("D1", "D4")
def test_tables_hold_what_the_rules_say():
    """D1, D4: for everybody who is alike; more haste leaves less of every willingness."""
    world = a_world(VARIED)
    for trade, settler, indebted in product(range(len(TRADES)), range(2), range(2)):
        hurry = plain(haste.haste_of)(trade, settler, indebted, world)
        assert world.willing_to_join[trade, settler, indebted] == 0.3**hurry
        assert world.willing_to_join[trade, settler, indebted] <= world.most_willing_to_join[settler]
        assert world.trades_hours[trade] <= world.longest_hours == 1.7
        for need in range(len(NEEDS)):
            willing = world.needs_necessity[need] ** hurry
            assert world.willing_to_ask[trade, settler, indebted, need] == willing
    for door, one, other in product(range(len(DOORS)), range(2), range(2)):
        for need in range(len(NEEDS)):
            chance = plain(needs.chance_at_usual_risk)(door, one, other, need, world)
            assert world.needs_chance[door, one, other, need] == chance
    assert (world.willing_to_ask[:, 0, 1] <= world.willing_to_ask[:, 0, 0]).all()
    assert (world.willing_to_ask[:, 1] >= world.willing_to_ask[:, 0]).all()
    assert (
        len(np.unique(world.willing_to_ask[:, 0, 0, NEEDS.index("dispute")])) > 1
    )  # trades differ in their hours


@pytest.mark.parametrize("path", VARIED)
def test_tables_follow_a_dated_change(path):
    """Whichever parameter changes: the tables are those of a world that began with it."""
    changed = parameters_with({path: VARIED[path]})
    world, expected = new_world(SHIPPED), new_world(changed)
    assert any((world[field] != expected[field]).any() for field in DERIVED)
    change_world(world, changed, [path])
    for field in DERIVED:
        assert np.array_equal(world[field], expected[field]), field


def test_a_table_names_fields_of_the_world():
    """Or a change of what it is made from would go unnoticed."""
    names = set(new_world(SHIPPED).dtype.names or ())
    for field, (sources, _) in DERIVED.items():
        assert {field, *sources} <= names
        assert field in derived_from(sources[:1])
        assert sources_of([field]) == {field, *sources}
