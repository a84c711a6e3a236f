"""A city's money: its budget, what its services cost and who adds to it (B4, B11, A12)."""

from __future__ import annotations

import numpy as np
import pytest
from single import a_city, a_world, plain
from small import N_SERVICES

from local_citizenship.agents.cities import money, reasons
from local_citizenship.scenarios.catalogue import SERVICES
from local_citizenship.scenarios.schema import SHIPPED

EMERGENCY = SERVICES.index("emergency")
motivation_of = plain(reasons.motivation_of)
UNTAXED = {"city.returned": 0.0}
BY_LAW = np.array([service.by_law for service in SHIPPED.services.values()])
ALL_KNOW = {"by_group": 1, "knowers": 1.0}


def paid(levels=1.0, motivation=1.0, settings=None, **fields):
    city = a_city(levels, motivation=motivation, **{"by_group": 1, "knowers": 0.4, **fields})
    plain(money.pay_for_services)(city, a_world(UNTAXED, settings or {}))
    return city


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
def test_the_settled_are_members_and_the_others_guests():
    """B11: who has settled counts in full, a guest by so much less; off, all on the register alike. The unauthorised
    never do."""

    def counted(guests, **fields):
        return plain(reasons.members)(
            a_city(**{"registered": 1_000, **fields}), a_world({"city.guests": guests})
        )

    assert [counted(0.7, settled=n) for n in (0, 500, 1_000)] == pytest.approx([300.0, 650.0, 1_000.0])
    assert counted(0.0, settled=0) == counted(0.0, settled=900) == counted(0.7, settled=1_000)
    assert counted(1.0, settled=0) == counted(0.7, registered=0, unauthorised=900, migrants=900) == 0.0
    few, many = a_city(settled=100), a_city(settled=900)
    on, off = (a_world({"city": {"guests": guests, "conflict": 0.0}}) for guests in (0.7, 0.0))
    assert motivation_of(many, on) > motivation_of(few, on)
    assert motivation_of(many, off) == motivation_of(few, off)


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

    def asks(service, project=50.0, desk=1.0, cost=100.0):
        world = a_world({"policy": {"project": project, "levy": 0.0, "desk_cost": cost}})
        return plain(money.project_asks)(a_city(internationalisation=desk), world, SERVICES.index(service))

    assert asks("exchange") == pytest.approx(0.5)
    assert asks("exchange") > asks("exchange", desk=0.4) > asks("exchange", 0.0) == 0.0
    assert asks("exchange", 900.0) == 1.0
    assert asks("exchange", cost=200.0) == pytest.approx(0.25)
    assert asks("language") == 0.0


@pytest.mark.mechanism("A12")
def test_work_builds_the_desk_and_without_work_it_goes():
    """A12: money of the project that is spent here, and programmes, make a city more international; money that is there
    to be had does not; what was built goes without work, down to what the place was by itself."""

    def desk(years, spent=0.0, begun=0.3, settings=None, **fields):
        city = a_city(internationalisation=begun, own_internationalisation=0.3, project=spent, **fields)
        for _ in range(years):
            plain(money.keep_desk)(city, a_world({"policy.project": 60.0}, settings or {}))
        return city.internationalisation

    assert desk(9) == desk(9, earmarked=9.0) == pytest.approx(0.3)
    assert 0.3 < desk(9, 2.0) < desk(9, 6.0) < desk(99, 6.0) < 1.0
    assert desk(9, 2.0) < desk(9, 2.0, service_level=0.5)
    assert desk(9, 2.0, settings={"policy.desk_grows": 0.0}) == pytest.approx(0.3)
    assert desk(9, 2.0, settings={"policy.desk_cost": 200.0}) < desk(9, 2.0)
    assert desk(9, begun=0.9, settings={"policy.desk_fades": 0.0}) == pytest.approx(0.9)
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
