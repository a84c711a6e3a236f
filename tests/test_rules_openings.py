"""Cities open services to the unauthorised, and keep firewalls (B2)."""

from __future__ import annotations

import numpy as np
import pytest
from single import a_city, a_world, plain

from local_citizenship.agents.cities import access
from local_citizenship.agents.municipality import NEAREST
from local_citizenship.scenarios.catalogue import NGO_KINDS, SERVICES


@pytest.mark.mechanism("B2")
def test_which_cities_open_to_the_unauthorised():
    """B2: a larger share opens the same cities and more; a firewall likewise. None and all are no city's to decide."""

    def opened(share):
        world = a_world({"services.emergency.open_to_unauthorised": share, "city.firewall": share})
        cities = [a_city(1.0, row=row, motivation=1.25) for row in range(300)]
        for city in cities:
            plain(access.begin_openings)(city, world)
        emergency = SERVICES.index("emergency")
        return ({c.row for c in cities if c.open[emergency]}, {c.row for c in cities if c.firewall}, cities)

    none, some, all_ = opened(0.0), opened(0.4), opened(1.0)
    for kind in (0, 1):
        assert none[kind] == set() != some[kind] < all_[kind] == set(range(300))
        assert len(some[kind]) == pytest.approx(120, abs=35)
    housing = SERVICES.index("housing")
    assert not any(city.open[housing] for city in all_[2])


OPENABLE = {"services.emergency.open_to_unauthorised": 0.4, "city.firewall": 0.4, "voice.opening": 0.0}
EMERGENCY = SERVICES.index("emergency")


def year_after(world, others=0.4, before=0, offered=1.0, **fields):
    """Rows of the cities that serve the unauthorised in emergencies, and of those with a firewall, a year later."""
    state = {"open": {"emergency": before}, "firewall": before, **fields}
    cities = [a_city(offered, row=row, **state) for row in range(300)]
    for city in cities:
        plain(access.decide_opening)(city, world, EMERGENCY, others)
        plain(access.decide_firewall)(city, world, others)
    return ({c.row for c in cities if c.open[EMERGENCY]}, {c.row for c in cities if c.firewall})


@pytest.mark.mechanism("B2", "B10")
def test_the_zealous_open_and_the_idle_do_not():
    """B2: the same cities and more, the more moves them; at half zeal, as many as is said of the country; the idle
    none, and the keenest not all."""
    world = a_world(OPENABLE)
    idle, weak, usual, keen = (year_after(world, motivation=m) for m in (0.0, 0.6, 1.25, 3.0))
    for kind in (0, 1):
        assert idle[kind] == set() != weak[kind] < usual[kind] < keen[kind] < set(range(300))
        assert len(usual[kind]) == pytest.approx(120, abs=35)


@pytest.mark.mechanism("B2", "B10")
def test_how_much_zeal_counts():
    """B2: not at all at 0, when all are as ready as is usual; the steeper, the fewer of the lukewarm open."""
    flat, straight, steep = (a_world(OPENABLE, {"city.zeal_to_open": power}) for power in (0.0, 1.0, 4.0))
    for kind in (0, 1):
        assert year_after(flat, motivation=0.0)[kind] == year_after(flat, motivation=3.0)[kind] != set()
        assert year_after(steep, motivation=0.6)[kind] < year_after(straight, motivation=0.6)[kind]
        assert year_after(steep, motivation=2.0)[kind] > year_after(straight, motivation=2.0)[kind]


@pytest.mark.mechanism("B2", "B5")
def test_cities_open_what_others_have_opened():
    """B2, B5: rather where all near by and alike have, less where none has; off, whatever others do."""
    world, alone = a_world(OPENABLE), a_world(OPENABLE, {"city.example": 0.0})
    for kind in (0, 1):
        none, some, all_ = (year_after(world, n, motivation=1.25)[kind] for n in (0.0, 0.4, 1.0))
        assert none < some < all_
        assert (
            year_after(alone, 0.0, motivation=1.25)[kind]
            == year_after(alone, 1.0, motivation=1.25)[kind]
            == some
        )


@pytest.mark.mechanism("B2", "C8")
def test_openings_lapse_where_nobody_holds_them():
    """B2: will gone and no NGO in reach, by and by; an NGO in reach holds them, as does its will."""
    world = a_world(OPENABLE, {"voice.lapse": 0.5})
    near = np.full((len(NGO_KINDS), NEAREST), -1)
    near[0, 0] = 3
    for kind in (0, 1):
        would = year_after(world, motivation=1.25)[kind]
        left = year_after(world, before=1, motivation=1.25)[kind]
        assert would < left < set(range(300))
        held = year_after(world, before=1, motivation=0.0, near=near, near_weight=1.0)[kind]
        assert held == set(range(300)) > year_after(world, before=1, motivation=0.0)[kind]
        far = year_after(world, before=1, motivation=0.0, near=near, near_weight=0.4)[kind]
        assert year_after(world, before=1, motivation=0.0)[kind] < far < held


@pytest.mark.mechanism("B2")
def test_only_what_is_offered_is_open():
    """B2: who does not offer a service opens it to nobody, keen as the city is and lobbied as it may be, and an opening
    ends with the service; the firewall stands before all offices."""
    world = a_world(OPENABLE, {"voice": {"opening": 1.0, "lapse": 0.0}})
    offering, not_offering = (
        year_after(world, before=1, offered=level, motivation=3.0, ngo_staff=50.0) for level in (1.0, 0.0)
    )
    assert offering[0] == set(range(300))
    assert not_offering[0] == set()
    assert not_offering[1] == offering[1] == set(range(300))
    idle = a_city(0.0, motivation=3.0)
    plain(access.begin_openings)(idle, a_world({"services.*.open_to_unauthorised": 1.0}))
    assert not idle.open.any()
