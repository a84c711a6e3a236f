"""Directions seen in whole runs: a mechanism on against off, or more of it against less, everything else equal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from single import MANY, Records, a_city, a_world, plain
from small import Settings, small_places, small_run
from test_rules_status import at_expiry, expiring

from local_citizenship.agents.moving import LISTS
from local_citizenship.agents.services import RIGHTS
from local_citizenship.agents.settling import NEVER_DUE
from local_citizenship.agents.status import BY_AMNESTY
from local_citizenship.model import LocalCitizenship
from local_citizenship.model import month as months
from local_citizenship.scenarios.catalogue import (
    COETHNIC,
    DOORS,
    LEGAL,
    NEEDS,
    OVERSTAYER,
    SKILLED_DOOR,
    STUDENT,
    VISITOR,
)


def at_the_end(model: LocalCitizenship, table: str) -> pd.DataFrame:
    """The rows of the last year."""
    frame = model.ledger.tables()[table]
    return frame[frame["year"] == frame["year"].max()]


# What a permit given in an amnesty is worth: how long it lasts, and whether it is renewed

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


@pytest.mark.mechanism("A3")
def test_a_permit_from_an_amnesty_lasts_a_year_at_least() -> None:
    """A3: a visitor's permit is over in three months; one from an amnesty, never renewed, in twelve; and in three
    years where that is what the door gives."""
    after = 2 + A_YEAR  # the month in which it expires
    just_before = pardoned(after - 1, permit=3, renewal=0.0)
    assert just_before > 50
    assert pardoned(after, permit=3, renewal=0.0) == 0
    assert pardoned(after, permit=36, renewal=0.0) > 50


@pytest.mark.mechanism("A3")
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


@pytest.mark.mechanism("A3")
def test_permits_from_an_amnesty_are_renewed_as_the_law_says() -> None:
    """A3: a higher chance renews the same permits and more; nothing changes for those without an amnesty, nor
    where the door itself is more generous."""
    assert renewed(0.0) == set() != renewed(0.4) < renewed(0.8) < renewed(1.0) == set(MANY)
    assert len(renewed(0.4)) == pytest.approx(0.4 * len(MANY), rel=0.25)
    assert renewed(1.0, grounds=NO_GROUNDS) == set()
    assert renewed(0.4, door=0.8) == renewed(0.0, grounds=NO_GROUNDS, door=0.8)


@pytest.mark.mechanism("A3")
def test_renewal_keeps_the_regularised_legal_in_whole_runs() -> None:
    """A3: two and three years after the amnesty, only those are legal whose permits were renewed."""
    for years in (2, 3):
        never, mostly, always = (pardoned(2 + 12 * years, permit=3, renewal=r) for r in (0.0, 0.6, 1.0))
        assert never == 0 < mostly < 0.8 * always


# Jobs or fellow nationals: what newcomers and movers follow to a place

BY_WEIGHT = {
    weight: {
        "moving": {
            "coethnics": weight,
            "chain": 1.0,
            "vacancies": 0.0,
            "wages": 0.0,
            "services": 0.0,
            "few": 0.01,
        }
    }
    for weight in (0, 0.5, 1)
}


def shares(weight: float, door: int, chain: float = 1.0) -> np.ndarray:
    """Each place's part of the attraction for a category, (P,): as many jobs and people in both places, nine in ten
    co-ethnics in the second."""
    cities = Records([a_city(row=row, jobs=5.0) for row in range(2)])
    for city, number in zip(cities, (10_000, 90_000), strict=True):
        city.by_group[COETHNIC] = number
        city.by_group[SKILLED_DOOR] = 100_000 - number
    summed = np.zeros((LISTS * len(DOORS), len(cities)))
    plain(months.lay_out_destinations)([a_world(BY_WEIGHT[weight], {"moving.chain": chain})], cities, summed)
    drawn = summed[door] + summed[2 * len(DOORS) + door]
    return np.diff(drawn, prepend=0.0) / drawn[-1]


@pytest.mark.mechanism("D9")
def test_fellow_nationals_attract_as_far_as_they_count() -> None:
    """D9: by jobs alone both places draw alike; by co-ethnics alone, in proportion to their part of those there; half
    and half between the two; more than in proportion, the stronger the chain. A category with nobody in the country yet
    follows jobs."""
    assert shares(0, COETHNIC) == pytest.approx([0.5, 0.5])
    assert shares(1, COETHNIC) == pytest.approx([0.1, 0.9], rel=1e-3)
    assert shares(0.5, COETHNIC) == pytest.approx([0.3, 0.7], rel=1e-3)
    assert shares(1, COETHNIC, chain=2.0) == pytest.approx([1 / 82, 81 / 82], rel=1e-3)
    assert shares(1, STUDENT) == pytest.approx([0.5, 0.5])


def apart(weight: float) -> float:
    """How far categories with the same jobs live apart from one another at the end of a run: the mean part of a
    category that would have to move for all to be spread alike."""
    same_jobs = {
        "doors": {door: {"urban": 0.5, "moving": 0.05} for door in DOORS},
        "trades.*.unevenness": 0.0,
    }
    found = []
    for seed in (1, 2, 3):
        model = small_run(same_jobs, BY_WEIGHT[weight], months=48, seed=seed)
        there = model.state.cities["by_door"].astype(float)  # (P, D)
        everybody = there.sum(axis=1) / there.sum()
        spread = [there[:, d] / there[:, d].sum() for d in range(there.shape[1]) if there[:, d].sum() > 0]
        found.append(float(np.mean([0.5 * np.abs(own - everybody).sum() for own in spread])))
    return float(np.mean(found))


@pytest.mark.mechanism("D9")
def test_categories_live_apart_where_they_follow_their_own_in_whole_runs() -> None:
    """D9: with jobs the same for all categories, it is fellow nationals that keep them apart."""
    assert apart(1) > 1.3 * apart(0)


# Members' dues pay for medical NGOs and unions, as long as there are members

# All who are helped join; no NGO comes or goes, and nothing else depends on money.
JOINING: Settings = {
    "ngos": {
        "initial": 40,
        "membership": 1.0,
        "dropping_out": 0.05,
        "founding": 0.0,
        "branches": 0.0,
        "network": 0.0,
        "burnout": 0.0,
        "member_skill": 0.0,
    },
    "ngo_kinds": {"medical": {"founding": 3.0}, "union": {"founding": 3.0}},
    "awareness": {"search": 1.0},
}
WITH_MEMBERS = ("medical", "union")


def funds(model: LocalCitizenship) -> dict[bool, float]:
    """Money in hand at the last accounts: of the kinds that have members (True), and of the others."""
    last = at_the_end(model, "ngos")
    member_based = last["kind"].isin(WITH_MEMBERS)
    assert member_based.any()
    assert not member_based.all()
    return {has: float(last.loc[member_based == has, "funds"].sum()) for has in (True, False)}


def with_dues(dues: float, *settings: Settings, months: int = 4) -> LocalCitizenship:
    """To the first accounts, in April; after 16 months, to the second."""
    return small_run(JOINING, {"ngos": {"dues": dues}}, *settings, months=months)


@pytest.mark.mechanism("C10")
def test_dues_are_income_of_those_who_have_members() -> None:
    """C10: higher dues leave medical NGOs and unions more, and the others, which have no members, the same."""
    none, some, high = (with_dues(dues) for dues in (0.0, 2.0, 20.0))
    assert high.migrants.select(lambda m: m["member"] > 0).get("member").size > 0
    assert funds(none)[True] < funds(some)[True] < funds(high)[True]
    assert funds(none)[False] == funds(some)[False] == funds(high)[False]


@pytest.mark.mechanism("C10")
def test_nobody_pays_where_nobody_joins() -> None:
    """C10: without members, dues bring in nothing."""
    nobody: Settings = {"ngos": {"membership": 0.0}}
    assert funds(with_dues(0.0, nobody)) == funds(with_dues(20.0, nobody))


@pytest.mark.mechanism("C10")
def test_dues_end_with_the_dispute() -> None:
    """C10: where members drop out at once, less is paid than where they stay."""
    leave, stay = ({"ngos": {"dropping_out": chance}} for chance in (1.0, 0.0))
    assert funds(with_dues(20.0, leave, months=16))[True] < funds(with_dues(20.0, stay, months=16))[True]


# Migrants who have taken up the cause move their city to act

# Many settlers are wronged, NGOs are there to join but too weak to lobby by themselves.
WRONGED: Settings = {
    "needs": {need: {"rate": 0.3, "departure": 0.0} for need in NEEDS},
    "doors": {"coethnic": {"settlers": 0.6}},
    "awareness": {"search": 1.0},
    "ngos": {"initial": 12, "cases_per_staff": 100.0, "staff_cost": 20.0, "founding": 0.0, "burnout": 0.0},
    "city": {"lobbying": 1.0, "shirking": 0.0},
}


def motivation(*, weight: float, mobilise: float = 1.0) -> pd.Series:
    """Motivation of each city at the end of the third year."""
    voice = {"mobilised_weight": weight, "mobilise": mobilise, "opening": 0.0, "cases": 0.0}
    model: LocalCitizenship = small_run(WRONGED, {"voice": voice}, months=36)
    assert model.migrants.get("mobilised").any() == (mobilise > 0.0)
    return at_the_end(model, "places_yearly").set_index("place")["motivation"]


@pytest.mark.mechanism("D12")
def test_the_mobilised_move_their_cities() -> None:
    """D12: the more the mobilised count, the more cities want to do; nobody mobilised, no difference."""
    off, on = motivation(weight=0.0), motivation(weight=20.0)
    assert (on >= off - 0.05).all()  # what cities do differently then matters little to what moves them
    assert (on > off + 0.2).sum() >= 2
    pd.testing.assert_series_equal(
        motivation(weight=0.0, mobilise=0.0), motivation(weight=20.0, mobilise=0.0)
    )


# Neighbours see who takes part: tension falls with participation

# Hostile news, and nothing but participation to calm the neighbours.
TENSE: Settings = {
    "public": {
        "inflow": 0.0,
        "hostility": 1.0,
        "media": 1.0,
        "alarm": 1.0,
        "exchange": 0.0,
        "discrimination": 0.0,
        "campaign": 5.0,
    },
    "enforcement": {"halve_in": 10.0},  # a crackdown is news from the first month on
    "city": {"conflict": 0.0},
}
KEEN: Settings = {
    "claiming": {"join": 0.05, "join_at_work": 1.0, "quit": 0.0},
    "awareness": {"arrival": 1.0, "handbook": 1.0, "outreach": 0.06},
    "belonging": {"growth": 0.1},
}


def tension(*settings: Settings) -> pd.Series:
    """Tension of each place at the end."""
    model = small_run(TENSE, *settings, months=24, places=small_places(level=0.8))
    return at_the_end(model, "places_yearly").set_index("place")["tension"]


@pytest.mark.mechanism("B9")
def test_participation_calms_the_neighbours() -> None:
    """B9: where many take part and it counts, tension is lower in every place; where it does not count, or nobody
    takes part, it is not."""
    counts, ignored = ({"public": {"integration": weight}} for weight in (3.0, 0.0))
    nobody: Settings = {"claiming": {"join": 0.0}, "needs": {"schooling": {"rate": 0.0}}}
    calm, tense = tension(KEEN, counts), tension(KEEN, ignored)
    assert (tense > 0.05).all()
    assert (calm <= tense).all()
    assert np.mean(calm) < 0.95 * np.mean(tense)
    pd.testing.assert_series_equal(tension(KEEN, counts, nobody), tension(KEEN, ignored, nobody))


# Word of mouth: those who know of a service, or of an NGO, pass it on

# Nobody is told of anything but by asking around in need, and by fellow migrants.
QUIET: Settings = {
    "awareness": {"outreach": 0.0, "arrival": 0.0, "ngo_outreach": 0.0, "handbook": 0.6, "search": 0.05},
    "ngos": {"telephone": 0.0, "hotline": 0.0},
}
ONLY_TOWN_HALLS: Settings = {"ngos": {"enabled": False}}
ONLY_NGOS: Settings = {"ngos": {"initial": 30}, "city": {"pace": 0.0}, "trades.*.insures": 0.0}


def who_know(peers: float, *settings: Settings, level: float) -> tuple[int, int]:
    """How many come to know a service of their city, and how many an NGO."""
    talking = {"awareness": {"peers": peers}}
    migrants = small_run(QUIET, *settings, talking, months=24, places=small_places(level=level)).migrants
    return int((migrants.get("knows") > RIGHTS).sum()), int((migrants.get("knows_ngo") != 0).sum())


@pytest.mark.mechanism("D2")
@pytest.mark.parametrize(("of", "only", "level"), [(0, ONLY_TOWN_HALLS, 0.8), (1, ONLY_NGOS, 0.0)])
def test_what_one_knows_is_passed_on(of: int, only: Settings, level: float) -> None:
    """D2: the more fellow migrants tell, the more know of the town hall, or of an NGO where city halls do nothing;
    there is no other way to hear of it but asking, and nothing of the other kind to hear of."""
    counts = [who_know(peers, only, level=level) for peers in (0.0, 0.02, 0.06)]
    known = [count[of] for count in counts]
    assert 0 < 1.1 * known[0] < known[1] < known[2]
    assert [count[1 - of] for count in counts] == [0, 0, 0]


@pytest.mark.mechanism("D2")
def test_what_nobody_knows_cannot_be_passed_on() -> None:
    """D2: without anybody who has asked around, there is no word to spread, however much people talk."""
    silent: Settings = {"awareness": {"search": 0.0}}
    assert who_know(0.06, {"ngos": {"initial": 30}}, silent, level=0.8) == (0, 0)
