"""Detention: the town hall, the state's offices and the telephone are out of reach; an NGO comes to see one (A4)."""

from __future__ import annotations

from typing import Any

import pytest
from small import Counters, a_city, a_here, a_migrant, a_world, plain
from test_rules_needs_and_claims import certain_world, seek, stages

from local_citizenship.agents.claiming import await_deportation
from local_citizenship.agents.event import GOES
from local_citizenship.agents.life import is_due
from local_citizenship.agents.needs import NOT_WORTH_IT
from local_citizenship.agents.providers.provider import ANSWERED, QUEUES
from local_citizenship.scenarios.catalogue import (
    ARREST,
    CITY,
    CONSULTATION,
    DEPORTED,
    NATION,
    NGO,
    OVERSTAYER,
)

pytestmark = pytest.mark.mechanism("A4")

ALL_KINDS = 127
BY_PHONE = {"ngos": {"telephone": 1.0}}
# Who can help with a dispute, and an overstayer who knows of nobody else.
ONLY: dict[int, dict[str, Any]] = {
    CITY: {"knows_rights": False, "knows_ngo": 0},
    NATION: {"knows": 0, "knows_ngo": 0},
    NGO: {"knows": 0, "knows_rights": False},
}


def open_city() -> Any:
    """A town whose consultation is open to everybody."""
    city = a_city(1.0)
    city.open[CONSULTATION] = 1
    return city


def helped(provider: int, detained: int) -> bool:
    """Whether an overstayer's dispute is settled in the first month by the only provider there is."""
    world = certain_world(BY_PHONE)
    world.phone_kinds = ALL_KINDS if provider == NGO else 0
    _, person, counters = seek(world, open_city(), status=OVERSTAYER, detained=detained, **ONLY[provider])
    assert counters.place.served.sum() == counters.place.served[provider].sum() == (person.need == 0)
    if person.need:
        assert (person.claims, stages(person)) == (0, set())
    return bool(person.need == 0)


@pytest.mark.parametrize("provider", list(ONLY), ids=["town hall", "state", "telephone"])
def test_in_detention_neither_town_hall_nor_state_nor_telephone_can_be_asked(provider: int) -> None:
    """A4: those at liberty are helped; the detained, with the same knowledge and luck, cannot even ask."""
    assert helped(provider, detained=0)
    assert not helped(provider, detained=1)


@pytest.mark.parametrize(("detained", "asks"), [(0, ANSWERED), (1, QUEUES)])
def test_an_ngo_comes_to_see_the_detained(detained: int, asks: int) -> None:
    """A4: at liberty the town hall is asked first; in detention, knowing both, one is left with the NGO."""
    world = certain_world()
    outcome, person, counters = seek(
        world, open_city(), ngo_kinds=ALL_KINDS, status=OVERSTAYER, detained=detained
    )
    assert outcome == asks
    assert counters.place.served[CITY, OVERSTAYER] == (person.need == 0) == (not detained)


def test_the_detained_are_deported_in_time_whatever_they_think_of_asking() -> None:
    """A4: a need that is not worth the trouble of asking is borne in silence, but not beyond the term of detention."""
    world = a_world({"enforcement": {"detention": 1}, "needs": {"arrest": {"patience": 24}}})
    borne = {"need": ARREST + 1, "need_since": world.month - 1, "stage": NOT_WORTH_IT, "target": 32_000}
    free, held = (
        a_migrant(status=OVERSTAYER, permit_until=32_000, detained=detained, **borne) for detained in (0, 1)
    )
    assert not plain(is_due)(free, world, (0,))
    assert plain(is_due)(held, world, (0,))
    counters = Counters()
    outcome = plain(await_deportation)(held, a_here(world, a_city(), counters))
    assert outcome == GOES + DEPORTED
