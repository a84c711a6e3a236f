"""Good and bad treatment at the counter moves belonging, whoever it is that helps or refuses (D5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small import Counters, a_city, a_here, a_migrant, an_ngo, plain
from test_rules_needs_and_claims import certain_world, seek

from local_citizenship.agents.providers import ngo as ngo_office
from local_citizenship.scenarios.catalogue import CITY, DISPUTE, NATION, NGO, NGO_KINDS, SERVICES

pytestmark = pytest.mark.mechanism("D5")

ALL_KINDS = 127
UNION = NGO_KINDS.index("union")
BEFORE = 0.5
ONLY: dict[int, dict[str, Any]] = {
    CITY: {"knows_rights": False, "knows_ngo": 0},
    NATION: {"knows": 0, "knows_ngo": 0},
    NGO: {"knows": 0, "knows_rights": False},  # by telephone
}
NAMES = {CITY: "town hall", NATION: "state", NGO: "telephone"}


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
    world.phone_kinds = ALL_KINDS if provider == NGO else 0
    _, person, _ = seek(world, belonging=BEFORE, belonging_at=world.month, **ONLY[provider])
    assert person.claims == 1
    assert (person.need == 0) is helps
    return float(person.belonging)


@pytest.mark.parametrize("provider", [CITY, NATION, NGO], ids=NAMES.get)
def test_a_claim_that_is_met_brings_people_closer(provider: int) -> None:
    """D5: belonging rises with what good treatment counts for, and not where it counts for nothing."""
    rising = [belonging_after_asking(provider, helps=True, treatment=t) for t in (0.0, 0.2, 0.6)]
    assert rising[0] == BEFORE < rising[1] < rising[2] < 1.0


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


def test_an_ngo_that_helps_brings_people_closer() -> None:
    """D5: as the town hall does; a case it cannot solve, or has no room for, leaves belonging as it was."""
    rising = [belonging_after_an_ngo(1.0, treatment) for treatment in (0.0, 0.2, 0.6)]
    assert rising[0] == BEFORE < rising[1] < rising[2] < 1.0
    assert belonging_after_an_ngo(0.0, 0.6) == belonging_after_an_ngo(1.0, 0.6, taken=False) == BEFORE
