"""What a permit given in an amnesty is worth: how long it lasts, and whether it is renewed (A3)."""

from __future__ import annotations

import pytest
from small import MANY, small_run
from test_rules_status import at_expiry, expiring

from local_citizenship.agents.settling import NEVER_DUE
from local_citizenship.agents.status import BY_AMNESTY
from local_citizenship.scenarios.catalogue import DOORS, LEGAL, OVERSTAYER, VISITOR

pytestmark = pytest.mark.mechanism("A3")

A_YEAR = 12
NO_GROUNDS = 0


def pardoned(month: int, *, permit: int, renewal: float) -> int:
    """Visitors legal at the end of `month`, after an amnesty for all of them in the third month; their door's
    permit is of `permit` months and never renewed, one from the amnesty with chance `renewal`."""
    settings = {
        "doors": {door: {"arrivals": 0.0, "leaving": 0.0} for door in DOORS}
        | {"visitor": {"arrivals": 0.0, "leaving": 0.0, "permit": permit, "renewal": 0.0, "overstay": 1.0}},
        "status": {"regularised_renewal": renewal, "marriage": 0.0},
        "enforcement": {"apprehension": 0.0, "duty_to_report": 0.0},
    }
    amnesty = [(2, "status.amnesty", 1.0), (3, "status.amnesty", 0.0)]
    model = small_run(settings, months=month + 1, changes=amnesty)
    people = model.state.migrants
    return int(((people["present"] == 1) & (people["door"] == VISITOR) & (people["status"] == LEGAL)).sum())


def test_a_permit_from_an_amnesty_lasts_a_year_at_least() -> None:
    """A3: a visitor's permit is over in three months; one from an amnesty, never renewed, in twelve; and in three
    years where that is what the door gives."""
    after = 2 + A_YEAR  # the month in which it expires
    just_before = pardoned(after - 1, permit=3, renewal=0.0)
    assert just_before > 50
    assert pardoned(after, permit=3, renewal=0.0) == 0
    assert pardoned(after, permit=36, renewal=0.0) > 50


def test_so_does_the_one_it_is_renewed_for() -> None:
    """A3: renewed, an amnesty's permit runs for a year where the door's would run for nine months, or for two
    years where the door's would."""
    for permit, door_only, amnesty in ((9, 9, A_YEAR), (24, 24, 24)):
        world = expiring(renewal=1.0, permit=permit)
        world.status_regularised_renewal = 1.0
        lengths = [
            at_expiry(world, grounds=g)[0].permit_until - world.month for g in (NO_GROUNDS, BY_AMNESTY)
        ]
        assert lengths == [door_only, amnesty]


def renewed(renewal: float, *, grounds: int = BY_AMNESTY, door: float = 0.0) -> set[int]:
    """Whose permit is renewed with the door's chance, and an amnesty's."""
    world = expiring(renewal=door, overstay=1.0)
    world.status_regularised_renewal = renewal
    kept = set()
    for who in MANY:
        person, _ = at_expiry(world, who, grounds)
        assert (person.status, person.permit_until == NEVER_DUE) in {(LEGAL, False), (OVERSTAYER, True)}
        if person.status == LEGAL:
            kept.add(who)
    return kept


def test_permits_from_an_amnesty_are_renewed_as_the_law_says() -> None:
    """A3: a higher chance renews the same permits and more; nothing changes for those without an amnesty, nor
    where the door itself is more generous."""
    assert renewed(0.0) == set() != renewed(0.4) < renewed(0.8) < renewed(1.0) == set(MANY)
    assert len(renewed(0.4)) == pytest.approx(0.4 * len(MANY), rel=0.25)
    assert renewed(1.0, grounds=NO_GROUNDS) == set()
    assert renewed(0.4, door=0.8) == renewed(0.0, grounds=NO_GROUNDS, door=0.8)


def test_renewal_keeps_the_regularised_legal_in_whole_runs() -> None:
    """A3: two and three years after the amnesty, only those are legal whose permits were renewed."""
    for years in (2, 3):
        never, mostly, always = (pardoned(2 + 12 * years, permit=3, renewal=r) for r in (0.0, 0.6, 1.0))
        assert never == 0 < mostly < 0.8 * always
