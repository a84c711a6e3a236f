"""Most people's months are passed over because their luck says no to everything: that must change nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from busy import BUSY
from hypothesis import given, settings
from hypothesis import strategies as st
from single import ALL_SERVICES, a_city, a_here, a_migrant, a_world, as_plain, plain
from small import N_DOORS, TRADES, parameters_with, small_run

from local_citizenship.agents import needs
from local_citizenship.agents.chance import random_bytes
from local_citizenship.agents.cities.hostility import MOST_PREJUDICE
from local_citizenship.agents.classes import N_CLASSES, N_COMMON, be_of_class, class_of, is_uncommon
from local_citizenship.agents.employers import MOST_RUTHLESS
from local_citizenship.agents.life import slots_of, total_chance
from local_citizenship.agents.municipality import ZONES
from local_citizenship.agents.nation import MOST_APPREHENSION
from local_citizenship.agents.rows import Row, Rows
from local_citizenship.agents.services import BY_EMPLOYER, RIGHTS
from local_citizenship.model import living as kernels
from local_citizenship.model.engine import engine_called
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.model.thinning import Thinning, extreme_places
from local_citizenship.model.world import new_world
from local_citizenship.scenarios import ScenarioError
from local_citizenship.scenarios.catalogue import NEEDS
from local_citizenship.scenarios.schema import SHIPPED, iter_parameters


def opened_wide(thinning, world, cities, *, look_again=True):
    thinning.zones = np.zeros(len(cities), np.uint8)
    world[0]["bounds"][:] = np.uint64(2**64 - 1)
    world["highest_bounds"] = np.uint64(2**64 - 1)
    world["search_bound"] = 256


PATIENT = {"awareness.search": 0.05, "needs.*.patience": 10, "needs.*.rate": 0.3}
NO_CITY_HELPS = {"services.*.threshold": 3.0, "ngos.telephone": 0.0}
OFFERS = {
    "as it comes": ([], []),
    "a right is given": ([PATIENT], [(6, f"needs.{need}.right", "anyone") for need in NEEDS]),
    "NGOs are founded": ([PATIENT, NO_CITY_HELPS, {"ngos": {"initial": 0, "founding": 0.1}}], []),
}


@pytest.mark.parametrize(("settings", "changes"), OFFERS.values(), ids=OFFERS.keys())
def test_thinning_changes_nothing(monkeypatch, settings, changes):
    """All rules asked of everybody every month, against only those whose luck may say yes."""

    def run():
        return small_run(BUSY, *settings, months=20, changes=changes).ledger.tables()

    thinned = run()
    monkeypatch.setattr(Thinning, "set_bounds", opened_wide)
    whole = run()
    for name in ("monthly", "needs", "departures", "census", "moves", "places_yearly", "events"):
        assert len(thinned[name]) > 0
        pd.testing.assert_frame_equal(thinned[name], whole[name], check_exact=True, obj=name)


# Rates and risks that together exceed one a month cannot be thinned (nor lived through): kept lower here.
TAMED = {"rate": 0.15, "work_risk": 0.4, "abuse_risk": 0.2, "housing_risk": 0.4, "unauthorised": 0.4,
         "discrimination": 0.3, "abuse_at_home": 0.2, "dependent": 0.2, "homewards": 0.7}  # fmt: skip


def thin(world, towns=None, **how):
    """Set its bounds, as for `towns`, or one that is as bad as can be; they are divided into zones."""
    if towns is None:
        towns = extreme_places(SHIPPED, SHIPPED_LAYOUT.municipality)[:1]
        towns["ruthless"], towns["tension"], towns["prejudice"] = MOST_RUTHLESS, 1.0, MOST_PREJUDICE
    Thinning(engine_called("compiled"), SHIPPED, SHIPPED_LAYOUT).set_bounds(world, towns, **how)


def any_world(rng: np.random.Generator):
    """A world of parameters anywhere in their ranges, the extremes included, with its bounds set."""
    array = new_world(SHIPPED)
    record = array[0]
    for info in iter_parameters(SHIPPED):
        if info.type is not float or info.low is None or info.high is None or rng.uniform() < 0.3:
            continue
        section, *rest = info.path.split(".")
        high = info.low + (info.high - info.low) * TAMED.get(rest[-1], 1.0)
        value = rng.choice([info.low, high, rng.uniform(info.low, high)])
        names = getattr(getattr(SHIPPED, section), "names", ())
        if names:
            record[f"{section}_{rest[1]}"][names.index(rest[0])] = value
        else:
            record[f"{section}_{rest[0]}"] = value
    for name, some, high in (
        ("laid_off", 0.02, 0.25),
        ("apprehension", 0.06, 0.3),
        ("usual_wages", 1.0, 1.0),
    ):
        record[name] = rng.choice([0.0, some, rng.uniform(0.0, high)])
    record["month"] = 200
    record["luck_now"] = rng.integers(2**63)
    return array


def any_town(rng: np.random.Generator):
    """A town that is anything, at its extremes or in between."""
    city = a_city(
        float(rng.choice([0.0, 1.0, rng.uniform()])),
        migrants=int(rng.choice([0, 10, 30_000])),
        knowers=np.full(N_DOORS, float(rng.choice([0.0, 1.0, rng.uniform()]))),
        ngo_knowers=np.full(N_DOORS, float(rng.choice([0.0, 1.0, rng.uniform()]))),
        fiscal_strength=float(rng.choice([0.0, 2.0, rng.uniform()])),
        ngo_count=int(rng.integers(2)),
        ngo_kinds=int(rng.choice([0, 127])),
        ngo_staff=float(rng.choice([0.0, rng.uniform(0, 300)])),
        tension=float(rng.choice([0.0, 1.0, rng.uniform()])),
        prejudice=MOST_PREJUDICE * float(rng.choice([0.0, 1.0, rng.uniform()])),
        raid=float(rng.choice([0.0, rng.uniform(0.0, 0.1)])),
        monitored=float(rng.choice([0.0, 1.0])),
        ruthless=rng.choice([0.0, MOST_RUTHLESS, rng.uniform(0.0, MOST_RUTHLESS)], len(TRADES)),
    )
    city.open[:] = rng.integers(0, 2)
    return city


def in_rows(towns):
    """The same towns as an array of records."""
    rows = np.zeros(len(towns), SHIPPED_LAYOUT.municipality)
    for row, town in zip(rows, towns, strict=True):
        for name in rows.dtype.names:
            row[name] = getattr(town, name)
    return rows


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_chance_exceeds_its_bound(seed):
    """Any parameters, migrants, towns: on every slot, all that may happen stays inside the bound of zone and class."""
    rng = np.random.default_rng(seed)
    array, towns = any_world(rng), [any_town(rng) for _ in range(8)]
    rows = in_rows(towns)
    thin(array, rows)
    world = as_plain(array[0])
    for zone, town in zip(rows["zone"], towns, strict=True):
        family = int(rng.integers(2))
        person = a_migrant(
            int(rng.integers(2**40)),
            door=int(rng.integers(N_DOORS)),
            status=int(rng.integers(6)),
            family=family,
            settler=int(rng.integers(2)),
            grounds=int(rng.integers(3)),
            harm=int(rng.integers(needs.MOST_HARM + 1)),
            woman=int(rng.integers(2)),
            jobless=int(rng.integers(2)),
            children=family * int(rng.integers(3)),
            first_born=int(rng.integers(0, 200)),
            last_born=int(rng.integers(0, 200)),
            belonging=float(rng.choice([0.0, 1.0])),
            belonging_at=world.month,
            arrived=int(rng.integers(-100, 200)),
            legal_since=0,
            knows=int(rng.choice([0, ALL_SERVICES, ALL_SERVICES | RIGHTS])),
            enrolled=int(rng.choice([0, ALL_SERVICES, BY_EMPLOYER, ALL_SERVICES | BY_EMPLOYER])),
        )
        bounds = int(world.bounds[zone, person.door, plain(class_of)(person, world), 0])
        for slot, total in total_chance.items():
            assert plain(total)(person, a_here(world, town)) <= (bounds >> 8 * slot & 255) / 256, slot


def test_zones_are_told_apart_by_what_happens_there():
    """Peaceful places are bounded below hostile ones, raided ones stand apart, and a few people share one zone."""
    hostile = [0.0, 0.0, 0.2, 0.4, 0.6, 0.8]
    towns = in_rows([a_city(migrants=20_000, tension=each) for each in hostile])
    towns["raid"][0] = 0.1
    array = new_world(parameters_with({"needs.*.rate": 0.1}))
    thin(array, towns)
    assert towns["zone"][0] == ZONES - 1
    assert (np.diff(towns["zone"][1:]) > 0).all()
    struck = array["bounds"][0, towns["zone"], 0, 0, 0] & np.uint64(255)
    caught = array["bounds"][0, towns["zone"], 0, N_CLASSES // 18 - 12, 0] >> np.uint64(56)
    assert (np.diff(struck[1:].astype(int)) > 0).all()
    assert caught[0] > caught[1:].max()
    few = in_rows([a_city(migrants=200, tension=each) for each in hostile])
    thin(array, few)
    assert (few["zone"] == 0).all()


def test_somebody_of_a_class_is_of_that_class():
    world, person = a_world(), a_migrant()
    for number in range(N_CLASSES):
        plain(be_of_class)(person, world, number % N_DOORS, number)
        assert (plain(class_of)(person, world), person.door) == (number, number % N_DOORS)


def test_thinning_is_not_idle():
    """At the defaults it keeps most people's months quiet, and still lets every slot through for some of each
    door."""
    array = new_world(SHIPPED)
    array["apprehension"] = 0.009
    thin(array)
    by_slot = np.uint64(8) * np.arange(8, dtype=np.uint64)
    bounds = array[0]["bounds"][0, :, :, :1] >> by_slot & np.uint64(255)  # (doors, classes, slots)
    assert (bounds.max(axis=1) > 0).all()
    assert bounds.max() < 64
    common = bounds[:, :N_COMMON].max(axis=1)
    assert (array["highest_bounds"][0, 0] >> by_slot & np.uint64(255) == common).all()
    assert (common < bounds.max(axis=1)).any()


def test_whoever_is_of_an_uncommon_class_is_told_by_it():
    """The first look passes over nobody whose bounds may be above the highest of the common classes."""
    world = a_world()
    for number in range(N_CLASSES):
        someone = a_migrant()
        plain(be_of_class)(someone, world, 0, number)
        assert plain(is_uncommon)(someone, world) == (number >= N_COMMON)


def test_the_fiercest_crackdown_can_be_run():
    """Halving the unauthorised within days stays below what a month's bound can hold."""
    model = small_run({"enforcement.halve_in": 0.01}, months=1)
    assert model.month == 1
    assert model.nation.apprehension == MOST_APPREHENSION


def test_chances_that_add_up_to_more_than_one_are_explained():
    """Not a traceback from within, but a sentence naming the door and the parameters."""
    extreme = {"needs.*.rate": 0.6, "needs.*.unauthorised": 4.0}
    with pytest.raises(ScenarioError, match=r"the chances of \w+ from needs\.\*\.rate .* lower one of them"):
        small_run(extreme, months=1)


@given(data=st.data())
@settings(max_examples=30)
def test_the_first_look_at_a_block_passes_over_nobody_whom_the_second_would_find(data) -> None:
    """The same rows as by asking everybody exactly, for records of any content."""
    amnesty = data.draw(st.sampled_from([0.0, 0.1]))
    array = new_world(parameters_with({"status.amnesty": amnesty}))
    array["month"], array["luck_now"] = 100, data.draw(st.integers(0, 2**63))
    array["apprehension"] = 0.009
    thin(array, look_again=data.draw(st.booleans()))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    block = np.zeros(data.draw(st.integers(1, kernels.BLOCK)), SHIPPED_LAYOUT.migrant)
    limits = {
        "identity": 2**40, "permit_until": 4_000, "target": 4_000, "need_since": 100, "joined": 100, "knows": 2**12,
        "enrolled": 2**12, "status": 6, "door": N_DOORS, "family": 2, "settler": 2, "detained": 2,
        "need": len(NEEDS) + 1, "stage": 128, "harm": 3, "member": 3, "present": 2,
    }  # fmt: skip
    for name, limit in limits.items():
        common = rng.random(len(block)) < 0.6  # most have nothing of a thing, as in life
        block[name] = np.where(
            common & (name not in ("permit_until", "target")), 0, rng.integers(0, limit, len(block))
        )
    world, records = Row(array, 0), Rows(block)
    room = [np.zeros((1, len(block)), np.uint64) for _ in range(2)] + [np.zeros(len(block), np.uint8)]
    rows = np.zeros(len(block) + 1, np.int64)
    zones = np.zeros(1, np.uint8)
    found = rows[: plain(kernels.find_eventful)(records, world, zones, *room, rows)].tolist()

    def is_eventful(record):
        random = (plain(random_bytes)(world.luck_now, record.identity),)
        return plain(kernels.is_eventful)(record, world, random, plain(slots_of)(record, 0, world, random))

    assert found == [row for row in range(len(block)) if is_eventful(records[row])]
