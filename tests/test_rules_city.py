"""Municipalities: why a city acts, the bundle, whom it copies, and its luck (B1, B3, B5, B6, B10)."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from single import MANY, a_city, a_world, plain
from small import N_DOORS, N_SERVICES, small_places, small_run, small_scenario

from local_citizenship.agents.cities import access, adoption, agenda, reasons
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import SERVICES

# For each cause: a city that has none of it, and one that has it in full.
WITHOUT_AND_WITH = {
    "size": ({"registered": 5}, {"registered": 50_000}),
    "dependence": ({"population": 1e30}, {"population": 2_500.0}),
    "prosperity": ({"fiscal_strength": 0.0}, {"fiscal_strength": 1.6}),
    "history": ({"history": 0.0}, {"history": 1.0}),
    "internationalisation": ({"internationalisation": 0.0}, {"internationalisation": 1.0}),
    "image": ({"by_door": np.eye(N_DOORS)[7] * 9}, {"by_door": np.eye(N_DOORS)[1] * 9}),
    "lobbying": ({"ngo_staff": 0.0}, {"ngo_staff": 50.0}),
    "conflict": (
        {"tension": 0.0, "ngo_staff": 50.0, "prejudice": 0.0},
        {"tension": 1.0, "ngo_staff": 50.0, "prejudice": 0.0},
    ),
}
CAUSES = tuple(WITHOUT_AND_WITH)
NO_CAUSE = {"city": dict.fromkeys((*CAUSES, "regionalism", "will"), 0.0)}
COPYING = ("neighbours", "similar", "rivalry")
motivation_of = plain(reasons.motivation_of)
SEEN = {"doors": {"coethnic": {"visibility": 1.0}, "smuggled": {"visibility": -1.0}},
        "city": {"guests": 0.0}}  # fmt: skip


def none_and_full(cause, *settings):
    """Motivation of a city with none of the cause, and of one with it in full."""
    return (motivation_of(a_city(**fields), a_world(SEEN, *settings)) for fields in WITHOUT_AND_WITH[cause])


@pytest.mark.mechanism("B3")
@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_of_local_citizenship(cause):
    """B3: with its weight alone, motivation goes from 0 to the weight as the cause goes from none to full."""
    without, full = none_and_full(cause, NO_CAUSE, {"city": {cause: 0.7}})
    assert (without, full) == (pytest.approx(0.0), pytest.approx(0.7))


@pytest.mark.mechanism("B3")
@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_can_be_switched_off(cause):
    """B3: weight 0, and the cause makes no difference, while the others still do."""
    others = {"dependence": 0.0, "size": 0.3 if cause != "size" else 0.0}
    without, full = none_and_full(cause, {"city": {cause: 0.0, **others}})
    assert without == full > 0.0
    without, full = none_and_full(cause, {"city": {cause: 0.5}})
    assert without < full


def test_motivation_is_the_sum_of_its_causes():
    city = a_city()
    for _, full in WITHOUT_AND_WITH.values():
        vars(city).update(full)
    city.ngo_staff, city.will = 1000.0, 1.0
    all_causes = {**dict.fromkeys(CAUSES, 0.25), "will": 0.5}
    assert motivation_of(city, a_world(SEEN, {"city": all_causes})) == pytest.approx(2.5)
    assert motivation_of(city, a_world(NO_CAUSE)) == 0.0


def test_every_doubling_of_migrants_counts_the_same():
    term, world = plain(reasons.size_term), a_world({"city.guests": 0.0})
    terms = [term(a_city(registered=10 * 2**k), world) for k in range(14)]
    assert np.diff(terms[:13]) == pytest.approx(1 / 12)
    assert terms[0] == 0.0 < terms[12] == terms[13] == 1.0
    assert term(a_city(registered=15), world) == pytest.approx(0.5 / 12)
    assert term(a_city(registered=16), a_world({"city.guests": 0.0}, persons=10.0)) == pytest.approx(4 / 12)


@pytest.mark.mechanism("B3", "B11")
def test_every_doubling_of_migrants_among_residents_counts_the_same():
    """B3: from a thousandth of residents on, as far as their trades have work."""
    term, world = plain(reasons.dependence_term), a_world({"city.guests": 1.0})  # trades need guests as well
    terms = [term(a_city(population=1e6 / 2**k), world) for k in range(11)]  # a thousand on the register
    assert np.diff(terms[:9]) == pytest.approx(1 / 8)
    assert terms[0] == 0.0 < terms[8] == terms[9] == 1.0
    world.offered[:] = 0.5
    assert term(a_city(population=1e6 / 4), world) == pytest.approx(1 / 8)


def wanted(world, service, pull=0.0, level=0.0, motivation=1.0):
    """Level of the service after one yearly decision, if it is on the agenda."""
    city = a_city(motivation=motivation)
    city.level[service] = city.level_before[service] = level
    plain(adoption.consider_service)(city, world, service, pull)
    return city.level[service]


ALWAYS = {"city": {"pace": 1.0, "step": 1.0, "slope": 0.5}}
AT_ONCE = {"city": {"pace": 1.0, "revenue_limits": False, "adoption": "threshold", "will": 0.0}}


@pytest.mark.mechanism("B1")
@pytest.mark.parametrize("service", range(N_SERVICES))
def test_each_service_has_its_own_threshold(service):
    """B1: each service is wanted by itself; a threshold out of reach switches this one off, and no other."""
    low = a_world(ALWAYS, {"services.*.threshold": 0.1})
    high = a_world(ALWAYS, {"services.*.threshold": 0.1, f"services.{SERVICES[service]}.threshold": 2.0})
    for other in range(N_SERVICES):
        assert wanted(low, other) == 1.0
        assert wanted(high, other) == (0.0 if other == service else 1.0)


@pytest.mark.mechanism("B1")
@pytest.mark.parametrize("service", SERVICES)
def test_each_service_in_whole_runs(service):
    """B1: one service beyond reach, and no town offers it; what the others do is their own affair."""
    low = {**AT_ONCE, "services.*.threshold": 0.0}
    offered, beyond = (
        small_run(low, {f"services.{service}.threshold": level}, months=2).state.cities["level"]
        for level in (0.0, 3.0)
    )
    this = np.array(SERVICES) == service
    assert (offered[:, this] > 0.0).all()
    assert (beyond[:, this] == 0.0).all()
    assert np.array_equal(offered[:, ~this], beyond[:, ~this])


def test_levels_move_a_step_at_a_time_and_fall_more_slowly():
    world = a_world(ALWAYS, {"city.step": 0.2, "services.language.threshold": 0.1})
    language = SERVICES.index("language")
    assert wanted(world, language, level=0.3) == pytest.approx(0.5)
    assert wanted(world, language, level=0.3, motivation=0.0) == pytest.approx(0.2)
    assert wanted(world, language, level=0.05, motivation=0.0) == 0.0


@pytest.mark.mechanism("B10")
def test_a_service_is_kept_when_reasons_fail_a_little_and_cut_when_they_fail():
    """B10, retreat: habit keeps what is there, begins nothing, and has its limit."""
    language, keep = SERVICES.index("language"), {"services.language.threshold": 0.5}
    without, habit = (a_world(ALWAYS, keep, {"city.habit": h}) for h in (0.0, 0.2))
    assert wanted(habit, language, level=0.2, motivation=0.45) > 0.2
    assert wanted(without, language, level=0.2, motivation=0.45) == 0.0
    assert wanted(habit, language, level=0.2, motivation=0.2) == 0.0
    assert wanted(habit, language, level=0.0, motivation=0.45) == 0.0


@pytest.mark.mechanism("B1")
def test_the_pace_is_how_many_services_come_on_the_agenda():
    """B1: each service of each city by a lot of its own."""

    def on_agenda(pace, service=2):
        world, comes = a_world({"city.pace": pace}), plain(agenda.comes_on_agenda)
        there = ((row, a_city(1.0, row=row)) for row in MANY)
        return {row for row, city in there if comes(city, world, service, 0.0, 0.0, 0.0, -1)}

    assert on_agenda(0.0) == set() != on_agenda(0.3) < on_agenda(1.0) == set(MANY)
    assert len(on_agenda(0.3)) == pytest.approx(0.3 * len(MANY), rel=0.2)
    assert on_agenda(0.3, service=3) != on_agenda(0.3)


@pytest.mark.mechanism("B1")
def test_cities_decide_in_the_fiscal_month():
    """B1: nothing changes between one fiscal year's first month and the next."""
    model = LocalCitizenship(
        small_scenario({"city": {"fiscal_month": 4, "pace": 1.0, "adoption": "threshold"}}, months=17)
    )
    changed, before = [], None
    for month in range(17):
        model.step()
        levels = model.state.cities["level"].copy()
        if before is not None and not np.array_equal(levels, before):
            changed.append(month)
        before = levels
    assert changed == [3, 15]


@pytest.mark.mechanism("B1", "C4")
def test_nothing_is_decided_anew_in_the_runs_first_month():
    """B1, C4: what was decided before the run is where it starts, even if it starts with a fiscal year."""
    settings = {"city": {"fiscal_month": 1, "pace": 1.0, "step": 1.0, "revenue_limits": False}}
    model = LocalCitizenship(small_scenario(settings, months=13, places=small_places(level=0.5)))
    model.step()
    assert (model.state.cities["level"] == 0.5).all()
    while model.running:
        model.step()
    assert (model.state.cities["level"] != 0.5).any()
    assert set(model.ledger.tables()["ngos"]["year"]) == {1991}


@pytest.mark.mechanism("B2", "B6")
def test_luck_depends_on_the_place_and_no_other():
    """B2, B6: whatever row a place has, in whatever list of places, it opens and belongs as before."""

    def start(**fields):
        city = a_city(identity=77, region_identity=5, motivation=1.5, **fields)
        plain(access.begin_city)(city, a_world())
        plain(access.begin_openings)(city, a_world())
        return (*city.open, city.firewall, city.autonomy, city.leverage, city.will)

    assert start(row=3, region=1) == start(row=90, region=8)


@pytest.mark.mechanism("B6", "B10")
def test_a_place_left_out_changes_no_other_places_luck():
    """B6, B10 in whole runs: who governs and who is favoured goes by the code of a place, not by its row. (Whom a city
    serves follows its zeal and what others do.)"""
    places = small_places()
    shared = (
        "regions",
        "region_codes",
        "has_level",
        "synthetic",
        "source",
        "packed_table",
        "name_local",
        "observed",
        "about",
        "seed",
    )
    of_places = [field.name for field in fields(places) if field.name not in shared]
    fewer = replace(places, **{name: getattr(places, name)[1:] for name in of_places})
    all_, others = (small_run(months=1, places=p).state for p in (places, fewer))
    for name in ("autonomy", "leverage", "will", "own_will", "own_prejudice"):
        assert np.array_equal(all_.cities[name][1:], others.cities[name]), name
        assert not np.array_equal(all_.cities[name][:-1], others.cities[name]), name


@pytest.mark.mechanism("B5")
def test_neighbours_similar_cities_and_rivalry():
    """B5, by threshold: each pull works through its own weight, and only on those who do less than the others."""
    pull = plain(agenda.pull_of_others)

    for weights, own, expected in (
        ((0.0, 0.0, 0.0), 0.2, 0.0),
        ((0.5, 0.0, 0.0), 0.2, 0.1),
        ((0.0, 0.5, 0.0), 0.2, 0.2),
        ((0.0, 0.0, 0.5), 0.2, 0.35),
        ((0.5, 0.5, 0.5), 0.2, 0.65),
        ((0.5, 0.5, 0.5), 0.5, 0.25),  # neighbours do less, and pull nobody down
        ((0.5, 0.5, 0.5), 1.0, 0.0),
    ):
        world = a_world({"city": dict(zip(COPYING, weights, strict=True))})
        assert pull(world, own, 0.4, 0.6, 0.9) == (pytest.approx(expected) if expected else 0.0)


@pytest.mark.mechanism("B5")
def test_cities_see_last_years_levels_of_the_others():
    """B5: all decide at once: a town copies what its neighbours did a year ago, not what they decide now."""
    places = small_places(towns=7, regions=1)
    silent = dict.fromkeys((*CAUSES, *COPYING, "regionalism"), 0.0)
    weights = {**silent, "history": 1.0, "neighbours": 1.0, "similar": 1.0}
    base = {"city": {**weights, **AT_ONCE["city"], "step": 1.0, "habit": 0.0}, "services.*.threshold": 0.5}
    one, two = (
        small_run(base, {"city.head_start": years}, places=places, months=1).state.cities["service_level"]
        for years in (1, 2)
    )
    assert (one[places.history <= 0.5] == 0.0).all()
    assert (one[places.history > 0.5] > 0.0).all()
    assert (two > 0.0).sum() > (one > 0.0).sum()
