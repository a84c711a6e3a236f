"""At the counter: what good and bad treatment does to belonging (D5), and who can be asked in detention (A4)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from single import Counters, a_city, a_here, a_migrant, a_world, an_ngo, plain
from test_rules_needs_and_claims import certain_world, seek, stages

from local_citizenship.agents.claiming import await_deportation
from local_citizenship.agents.event import GOES
from local_citizenship.agents.life import is_due
from local_citizenship.agents.needs import NOT_WORTH_IT
from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.agents.providers.provider import ANSWERED, QUEUES
from local_citizenship.scenarios.catalogue import (
    ARREST,
    CITY,
    CONSULTATION,
    DEPORTED,
    DISPUTE,
    NATION,
    NGO,
    NGO_KINDS,
    OVERSTAYER,
    SERVICES,
)

ALL_KINDS = 127
UNION = NGO_KINDS.index("union")
BEFORE = 0.5
# Who can help with a dispute, and somebody who knows of nobody else.
ONLY: dict[int, dict[str, Any]] = {
    CITY: {"knows_rights": False, "knows_ngo": 0},
    NATION: {"knows": 0, "knows_ngo": 0},
    NGO: {"knows": 0, "knows_rights": False},  # by telephone
}
NAMES = {CITY: "town hall", NATION: "state", NGO: "telephone"}


def ask_only(provider: int, world: Any, *where: Any, **who: Any) -> Any:
    """Seek help with a dispute from the only provider known."""
    world.phone_kinds = ALL_KINDS if provider == NGO else 0
    return seek(world, *where, **who, **ONLY[provider])


def a_world_that(*, helps: bool, treatment: float) -> Any:
    """Everybody who is asked helps, or nobody does."""
    world = certain_world(
        {"belonging": {"treatment": treatment}, "ngos": {"telephone": 1.0 if helps else 0.5}},
        {"needs": {"dispute": {"state_delivery": 1.0 if helps else 0.01}}},
    )
    world.services_fit = np.full(len(SERVICES), float(helps))
    return world


def belonging_after_asking(provider: int, *, helps: bool, treatment: float) -> float:
    """Belonging of a legal settler, 0.5 before, who has asked the only provider known."""
    world = a_world_that(helps=helps, treatment=treatment)
    _, person, _ = ask_only(provider, world, belonging=BEFORE, belonging_at=world.month)
    assert person.claims == 1
    assert (person.need == 0) is helps
    return float(person.belonging)


@pytest.mark.mechanism("D5")
@pytest.mark.parametrize("provider", ONLY, ids=NAMES.get)
def test_a_claim_that_is_met_brings_people_closer(provider: int) -> None:
    """D5: belonging rises with what good treatment counts for, and not where it counts for nothing."""
    rising = [belonging_after_asking(provider, helps=True, treatment=t) for t in (0.0, 0.2, 0.6)]
    assert rising[0] == BEFORE < rising[1] < rising[2] < 1.0


@pytest.mark.mechanism("D5")
@pytest.mark.parametrize("provider", [CITY, NATION], ids=NAMES.get)
def test_a_refusal_drives_people_away(provider: int) -> None:
    """D5: belonging falls with what bad treatment counts for, and not where it counts for nothing."""
    falling = [belonging_after_asking(provider, helps=False, treatment=t) for t in (0.0, 0.2, 0.6)]
    assert falling[0] == BEFORE > falling[1] > falling[2] > 0.0


def belonging_after_an_ngo(skill: float, treatment: float, *, taken: bool = True) -> float:
    """Belonging, 0.5 before, of somebody whose dispute an NGO here solves, does not solve, or turns away."""
    world, counters = a_world_that(helps=True, treatment=treatment), Counters()
    person = a_migrant(need=DISPUTE + 1, belonging=BEFORE, belonging_at=world.month)
    office = an_ngo(kind=UNION, skill=skill)
    plain(ngo_office.hear_from_ngo)(person, a_here(world, a_city(), counters), office, taken)
    assert (person.need == 0) is (taken and skill == 1.0)
    return float(person.belonging)


@pytest.mark.mechanism("D5")
def test_an_ngo_that_helps_brings_people_closer() -> None:
    """D5: as the town hall does; a case it cannot solve, or has no room for, leaves belonging as it was."""
    rising = [belonging_after_an_ngo(1.0, treatment) for treatment in (0.0, 0.2, 0.6)]
    assert rising[0] == BEFORE < rising[1] < rising[2] < 1.0
    assert belonging_after_an_ngo(0.0, 0.6) == belonging_after_an_ngo(1.0, 0.6, taken=False) == BEFORE


def open_city() -> Any:
    """A town whose consultation is open to everybody."""
    city = a_city(1.0)
    city.open[CONSULTATION] = 1
    return city


def helped(provider: int, detained: int) -> bool:
    """Whether an overstayer's dispute is settled in the first month by the only provider there is."""
    world = certain_world({"ngos": {"telephone": 1.0}})
    _, person, counters = ask_only(provider, world, open_city(), status=OVERSTAYER, detained=detained)
    assert counters.place.served.sum() == counters.place.served[provider].sum() == (person.need == 0)
    if person.need:
        assert (person.claims, stages(person)) == (0, set())
    return bool(person.need == 0)


@pytest.mark.mechanism("A4")
@pytest.mark.parametrize("provider", ONLY, ids=NAMES.get)
def test_in_detention_neither_town_hall_nor_state_nor_telephone_can_be_asked(provider: int) -> None:
    """A4: those at liberty are helped; the detained, with the same knowledge and luck, cannot even ask."""
    assert helped(provider, detained=0)
    assert not helped(provider, detained=1)


@pytest.mark.mechanism("A4")
@pytest.mark.parametrize(("detained", "asks"), [(0, ANSWERED), (1, QUEUES)])
def test_an_ngo_comes_to_see_the_detained(detained: int, asks: int) -> None:
    """A4: at liberty the town hall is asked first; in detention, knowing both, one is left with the NGO."""
    world = certain_world()
    outcome, person, counters = seek(
        world, open_city(), ngo_kinds=ALL_KINDS, status=OVERSTAYER, detained=detained
    )
    assert outcome == asks
    assert counters.place.served[CITY, OVERSTAYER] == (person.need == 0) == (not detained)


@pytest.mark.mechanism("A4")
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
