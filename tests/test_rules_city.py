"""Municipalities: the bundle, why a city acts, its budget, and whom it copies (B1 to B5)."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from single import MANY, a_city, a_world, plain
from small import N_DOORS, N_SERVICES, small_places, small_run, small_scenario

from local_citizenship.agents.cities import access, adoption, agenda, money, reasons
from local_citizenship.agents.municipality import NEAREST
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import NGO_KINDS, SERVICES
from local_citizenship.scenarios.schema import SHIPPED

# For each cause: a city that has none of it, and one that has it in full.
WITHOUT_AND_WITH = {
    "size": ({"registered": 5}, {"registered": 50_000}),
    "settled": ({"settled": 0}, {"settled": 10**10}),  # full is never reached
    "dependence": ({"population": 1e30}, {"population": 10_000.0}),
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
N_KINDS = len(NGO_KINDS)
NO_CAUSE = {"city": dict.fromkeys((*CAUSES, "regionalism", "will"), 0.0)}
COPYING = ("neighbours", "similar", "rivalry")
motivation_of = plain(reasons.motivation_of)
SEEN = {"doors": {"coethnic": {"visibility": 1.0}, "smuggled": {"visibility": -1.0}}}


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
    assert motivation_of(city, a_world(SEEN, {"city": all_causes})) == pytest.approx(2.75)
    assert motivation_of(city, a_world(NO_CAUSE)) == 0.0


def test_every_doubling_of_migrants_counts_the_same():
    term, world = plain(reasons.size_term), a_world()
    terms = [term(a_city(registered=10 * 2**k), world) for k in range(14)]
    assert np.diff(terms[:13]) == pytest.approx(1 / 12)
    assert terms[0] == 0.0 < terms[12] == terms[13] == 1.0
    assert term(a_city(registered=15), world) == pytest.approx(0.5 / 12)
    assert term(a_city(registered=16), a_world(persons=10.0)) == pytest.approx(4 / 12)


@pytest.mark.mechanism("B3", "B11")
def test_every_doubling_of_migrants_among_residents_counts_the_same():
    """B3: from a thousandth of residents on, as far as their trades have work."""
    term, world = plain(reasons.dependence_term), a_world()
    terms = [term(a_city(population=1e6 / 2**k), world) for k in range(9)]  # a thousand on the register
    assert np.diff(terms[:7]) == pytest.approx(1 / 6)
    assert terms[0] == 0.0 < terms[6] == terms[7] == 1.0
    world.offered[:] = 0.5
    assert term(a_city(population=1e6 / 4), world) == pytest.approx(1 / 6)


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
ALL_KNOW = {"by_group": 1, "knowers": 1.0}


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
    near = np.full((N_KINDS, NEAREST), -1)
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


@pytest.mark.mechanism("B4", "D2")
def test_a_programme_costs_what_those_cost_who_come():
    """B4: of those whom it is for, the ones who know of it; a group that is half of them counts as half."""
    cost, world = plain(money.cost_of), a_world({"services.*.fixed": 2.0})

    def at(*knowers, **fields):
        groups = {"by_group": dict(enumerate([500, 500])), "knowers": dict(enumerate(knowers))}
        return cost(a_city(**{**groups, **fields}), world, EMERGENCY) - 2.0

    each = SHIPPED.services["emergency"].per_head * 0.001
    assert at(0.0, 0.0) == 0.0
    assert at(1.0, 1.0) == pytest.approx(1_000 * each)
    assert at(0.2, 0.6) == at(0.6, 0.2) == at(0.4, 0.4) == pytest.approx(400 * each)
    assert at(0.4, 0.4, registered=500) == pytest.approx(200 * each)
    assert at(0.4, 0.4, by_group=0) == 0.0


@pytest.mark.mechanism("B2", "B4")
def test_a_city_pays_for_whom_it_serves():
    """B4: for those on its register, and for the others where it has opened the service to them."""
    cost, world = plain(money.cost_of), a_world({"services.*.fixed": 0.0})

    def at(registered, **fields):
        return cost(a_city(migrants=1_000, registered=registered, **ALL_KNOW, **fields), world, EMERGENCY)

    opened = {"open": {"emergency": 1}}
    assert (
        at(600)
        == pytest.approx(0.6 * at(1_000))
        == cost(a_city(migrants=600, registered=600, **ALL_KNOW), world, EMERGENCY)
    )
    assert at(600, **opened) == at(1_000, **opened) == at(1_000)


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


UNTAXED = {"city.returned": 0.0}
BY_LAW = np.array([service.by_law for service in SHIPPED.services.values()])


def paid(levels=1.0, motivation=1.0, settings=None, **fields):
    city = a_city(levels, motivation=motivation, **{"by_group": 1, "knowers": 0.4, **fields})
    plain(money.pay_for_services)(city, a_world(UNTAXED, settings or {}))
    return city


@pytest.mark.mechanism("B4")
def test_revenue_limits_the_bundle():
    """B4: a small budget pays for the least demanding services; without the limit all are offered."""
    poor = paid(settings={"city.budget": 100.0})
    assert 0.0 < poor.service_level < 1.0
    assert poor.spent == pytest.approx(poor.budget)
    order = [s for s in np.argsort(a_world().services_threshold, kind="stable") if not BY_LAW[s]]
    assert (np.diff(poor.level[order]) <= 0.0).all()
    unlimited = paid(settings={"city": {"budget": 100.0, "revenue_limits": False}})
    assert unlimited.service_level == 1.0
    assert unlimited.spent > unlimited.budget
    rich = paid(settings={"city.budget": 20_000.0})
    assert rich.service_level == 1.0
    assert rich.spent < rich.budget
    assert rich.spent == pytest.approx(unlimited.spent)


def test_what_raises_budgets_and_costs():
    def level(fixed=None, **better):
        dear = {} if fixed is None else {"services.*.fixed": fixed}
        city = paid(settings={"city.budget": 200.0, **dear}, **better)
        return city.service_level, city.budget

    base = level()
    for better in ({"fiscal_strength": 1.2}, {"population": 200_000.0}):
        assert np.greater(level(**better), base).all(), better
    assert level(registered=5_000)[0] < base[0] > level(fixed=20.0)[0]
    assert level(knowers=0.9)[0] < base[0] < level(knowers=0.1)[0]
    assert level(migrants=5_000) == base
    assert (paid(settings={"city.budget": 0.0}).level == BY_LAW).all()


@pytest.mark.mechanism("B4")
def test_the_willing_are_short_of_money():
    """B4: means are no larger for those who want more, so that money binds where much is wanted."""

    def granted(wanted, **settings):
        city = paid(wanted, motivation=wanted, settings={"city": {"budget": 120.0, **settings}})
        return city.level[~BY_LAW].mean() / wanted, city.budget

    assert (
        granted(0.1)[0]
        == granted(0.1, revenue_limits=False)[0]
        == granted(1.0, revenue_limits=False)[0]
        == 1.0
    )
    assert granted(1.0)[0] < granted(0.5)[0] < 1.0
    assert granted(1.0)[1] == granted(0.1)[1]


@pytest.mark.mechanism("B4")
def test_what_a_city_has_is_paid_before_what_is_new():
    """B4, B10: a new programme does not drive out an old one, however cheap; what is too dear is not begun."""
    dear, cheap = "council", "information"
    settings = {"city.budget": 50.0, "services.*.per_head": 0.0, "services.council.fixed": 3.0,
                "services.information.fixed": 3.0}  # fmt: skip

    def levels(before):
        city = paid({dear: 1.0, cheap: 1.0}, settings=settings, level_before={before: 1.0})
        assert city.budget == pytest.approx(4.0)
        return city.level[SERVICES.index(dear)], city.level[SERVICES.index(cheap)]

    assert levels(dear) == pytest.approx((1.0, 1 / 3))
    assert levels(cheap) == pytest.approx((1 / 3, 1.0))


@pytest.mark.mechanism("B4")
def test_duties_are_paid_apart():
    """B4: whatever they cost, they are fulfilled; a part of it weighs on all else."""
    settings = {"city.budget": 50.0, "services.*.per_head": 20.0}
    free, some, all_ = (paid(settings={**settings, "city.duties": d}) for d in (0.0, 0.05, 1.0))
    for city in (free, some, all_):
        assert (city.level[BY_LAW] == 1.0).all()
        assert city.duties > city.budget
    assert free.level[~BY_LAW].sum() > some.level[~BY_LAW].sum() > all_.level[~BY_LAW].sum() == 0.0


@pytest.mark.mechanism("B11")
def test_migrants_on_the_register_bring_money():
    """B11: by their taxes, less when their trades have no work; the unauthorised bring none."""

    def budget(registered, offered=1.0, **settings):
        city = a_city(motivation=1.0, registered=registered)
        world = a_world({"city": {"budget": 0.0, "returned": 1000.0, "recession": 0.5, **settings}})
        world.offered[:] = offered
        plain(money.raise_revenue)(city, world)
        assert city.revenue == city.budget
        return city.budget

    assert budget(0) == 0.0 < budget(1_000) == pytest.approx(1.0)
    assert budget(1_000, returned=0.0) == 0.0
    assert budget(1_000, offered=0.0) == pytest.approx(0.5)
    assert budget(1_000, offered=0.0) < budget(1_000, offered=0.8) < budget(1_000)
    assert budget(1_000, offered=0.0, recession=0.0) == budget(1_000)


@pytest.mark.mechanism("B11")
def test_the_settled_are_members():
    """B11: the more of a town's people are migrants who have settled the more moves a city, and each further one adds
    less; twice as many among twice as many residents count the same. The unauthorised, and off, nobody."""
    term, world = plain(reasons.settled_term), a_world()
    none, some, more, most = (term(a_city(settled=n), world) for n in (0, 300, 600, 900))
    assert none == 0.0
    assert some == pytest.approx(0.5)
    assert some < more < most < 1.0
    assert more - some > most - more
    assert term(a_city(settled=600, population=200_000.0), world) == some
    assert term(a_city(settled=300, registered=5_000), world) == some
    outside = a_city(registered=0, unauthorised=900, migrants=900)
    assert term(outside, world) == plain(reasons.size_term)(outside, world) == 0.0
    few, many = a_city(settled=100), a_city(settled=900)
    for weight, more in ((0.0, 0.0), (0.5, 0.25)):
        on = a_world({"city": {"settled": weight, "conflict": 0.0}})
        assert motivation_of(many, on) - motivation_of(few, on) == pytest.approx(more)


@pytest.mark.mechanism("A12")
def test_the_project_pays_for_exchange_and_the_zealous_turn_the_rest_to_migrants():
    """A12: money and the right to raise it, for those with a desk to ask for it. What it is for has it first; of the
    rest, as much as the city is zealous; who is reluctant takes the money, and migrants have nothing of it."""

    def taken(motivation=2.5, level=1.0, desk=0.5, **policy):
        costs = {"services.*.fixed": 1.0, "services.*.per_head": 0.0}
        city = a_city(level, internationalisation=desk, motivation=motivation)
        world = a_world({"city.budget": 100.0, "policy": policy}, costs)
        meant = plain(money.appropriate_project)(city, world)
        return city.earmarked, meant, city.project

    assert taken() == taken(desk=0.0, project=40.0) == (0.0, 0.0, 0.0)
    assert taken(project=40.0) == pytest.approx((2.0, 1.0, 2.0))
    assert taken(project=40.0, desk=1.0)[0] == pytest.approx(4.0)
    assert taken(levy=0.5)[0] == pytest.approx(0.5 * 0.5 * 100.0 * 0.8 * 0.1)
    assert taken(1.25, project=40.0) == pytest.approx((2.0, 1.0, 1.5))
    assert taken(0.0, project=40.0) == pytest.approx((2.0, 1.0, 1.0))
    assert taken(0.0, level=0.0, project=40.0) == pytest.approx((2.0, 0.0, 0.0))
    assert taken(level={"exchange": 0.2, "information": 0.3}, project=40.0) == pytest.approx((2.0, 0.2, 0.5))


@pytest.mark.mechanism("A12")
def test_earmarked_money_is_spent_before_ones_own():
    """A12: exchange is paid from it where there is nothing else, and no other service is; off, exchange lacks it."""
    exchange = SERVICES.index("exchange")
    broke = {"city.budget": 0.0, "services.*.fixed": 1.0, "services.*.per_head": 0.0}
    with_, without = (paid(1.0, 0.0, {**broke, "policy.project": p}, internationalisation=0.2, level_before=1.0)
                      for p in (40.0, 0.0))  # fmt: skip
    others = ~BY_LAW & (np.arange(N_SERVICES) != exchange)
    assert with_.level[exchange] > without.level[exchange] == 0.0
    assert (with_.level[others] == 0.0).all()
    assert with_.spent == with_.project == pytest.approx(0.8)
    keen = paid(1.0, 2.5, {**broke, "policy.project": 40.0}, internationalisation=0.8, level_before=1.0)
    assert keen.level[exchange] == 1.0 == keen.level[others].max()


@pytest.mark.mechanism("A12")
def test_the_project_asks_for_exchange():
    """A12: where it would pay for a desk, a city gets round to exchange, whatever it wants, and to nothing else."""

    def asks(service, project=50.0, desk=1.0):
        world = a_world({"policy": {"project": project, "levy": 0.0}})
        return plain(money.project_asks)(a_city(internationalisation=desk), world, SERVICES.index(service))

    assert asks("exchange") == pytest.approx(0.5)
    assert asks("exchange") > asks("exchange", desk=0.4) > asks("exchange", 0.0) == 0.0
    assert asks("exchange", 900.0) == 1.0
    assert asks("language") == 0.0


@pytest.mark.mechanism("A12")
def test_work_builds_the_desk_and_without_work_it_goes():
    """A12: money of the project that is spent here, and programmes, make a city more international; money that is there
    to be had does not; what was built goes without work, down to what the place was by itself."""

    def desk(years, spent=0.0, begun=0.3, **fields):
        city = a_city(internationalisation=begun, own_internationalisation=0.3, project=spent, **fields)
        for _ in range(years):
            plain(money.keep_desk)(city, a_world({"policy.project": 60.0}))
        return city.internationalisation

    assert desk(9) == desk(9, earmarked=9.0) == pytest.approx(0.3)
    assert 0.3 < desk(9, 2.0) < desk(9, 6.0) < desk(99, 6.0) < 1.0
    assert desk(9, 2.0) < desk(9, 2.0, service_level=0.5)
    assert 0.9 > desk(1, begun=0.9) > desk(5, begun=0.9) > desk(99, begun=0.9) >= 0.3
    assert desk(99, begun=0.9) == pytest.approx(0.3, abs=0.01)


def test_paying_never_raises_a_level_nor_spends_what_is_not_there():
    rng = np.random.default_rng(4)
    for _ in range(200):
        levels = {s: float(v) for s, v in enumerate(rng.uniform(0, 1, N_SERVICES))}
        city = paid(levels, rng.uniform(0, 2), {"city.budget": float(rng.uniform(0, 1000))})
        assert all(0.0 <= city.level[s] <= levels[s] for s in levels)
        assert city.spent <= city.budget * (1 + 1e-12)  # no project adds to it here
        assert city.service_level == pytest.approx(city.level.mean())


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
