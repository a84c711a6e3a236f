"""What each policy scenario says in its name happens, where its settings are laid over a small country.

The small country has Japan's value, month by month, of every parameter that any of the scenarios changes, and each
scenario its own: the comparison has one cause, and the same luck.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small import Settings, small_places, small_run, total
from test_countries import POLICIES, flat, given, loaded

from local_citizenship.agents.services import RIGHTS
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes.unevenness import theil
from local_citizenship.scenarios import Places
from local_citizenship.scenarios.catalogue import DOORS, NGO_KINDS, STATUSES
from local_citizenship.scenarios.schema import Parameters

PARENT = "japan"
MONTHS = 132  # 1990 to 2000
SEEDS = (1, 2, 3)
COUNTRY: Settings = {"ngos": {"initial": 40}}
TOWNS = small_places(towns=24, regions=4)
# Categories that Japan adds are not in the small country.
CHANGED = sorted(set().union(*POLICIES.values()) & flat(Parameters().model_dump()).keys())
BACK_DOOR = ("overstayer", "smuggled")
PERMIT_HOLDERS = ("denizen", "legal")

Changes = list[tuple[int, str, Any]]
Measure = Callable[[LocalCitizenship], float]


# The scenarios in the small country ---------------------------------------------------------------------


def month_of(date: str) -> int:
    """1994-01 as a month of the run."""
    year, month = (int(part) for part in date.split("-"))
    return 12 * (year - 1990) + month - 1


def in_proportion(path: str, value: Any) -> Any:
    """Central money, as much a head of population as in the whole country; all else as it is."""
    if path == "policy.fund":
        return float(value) * TOWNS.population.sum() / loaded(PARENT).places.population.sum()
    return value


@functools.cache
def course(name: str) -> tuple[Settings, Changes]:
    """A scenario's values of all that any scenario changes: at the start, and what changes later."""
    scenario = loaded(name)
    assert scenario.start == "1990-01"
    regimes = [scenario.parameters_at(month) for month in range(MONTHS)]
    flattened = {id(regime): flat(regime.model_dump()) for regime in {id(r): r for r in regimes}.values()}
    values = [{p: in_proportion(p, flattened[id(regime)][p]) for p in CHANGED} for regime in regimes]
    changes = [
        (month, path, now[path])
        for month, (before, now) in enumerate(pairwise(values), 1)
        for path in CHANGED
        if now[path] != before[path]
    ]
    return values[0], changes


def run(
    name: str, *settings: Settings, seed: int = 1, months: int = MONTHS, places: Places = TOWNS
) -> LocalCitizenship:
    start, changes = course(name)
    within = [change for change in changes if change[0] < months]
    return small_run(COUNTRY, start, *settings, months=months, seed=seed, places=places, changes=within)


@functools.cache
def runs(name: str) -> list[LocalCitizenship]:
    """A scenario's runs, one for each seed."""
    return [run(name, seed=seed) for seed in SEEDS]


def in_every_run(name: str, measure: Measure) -> list[tuple[float, float]]:
    """(without the policy, with it) for each seed."""
    return [(measure(a), measure(b)) for a, b in zip(runs(PARENT), runs(name), strict=True)]


def always(name: str, measure: Measure, *, above: float = -np.inf, below: float = np.inf) -> bool:
    """Whether, under any seed, it is with the policy between `above` and `below` times what it is without."""
    return all(
        above * without < with_it < below * without for without, with_it in in_every_run(name, measure)
    )


def on_the_whole(name: str, measure: Measure) -> float:
    """What it is with the policy, as a multiple of what it is without; the mean of all seeds."""
    without, with_it = np.mean(in_every_run(name, measure), axis=0)
    return float(with_it / without)


# What is measured ---------------------------------------------------------------------------------------


def number(column: str, statuses: Iterable[str] = STATUSES, since: int = 0, until: int = MONTHS) -> Measure:
    """Sum of a column of the monthly table, for some statuses, from one month to before another."""

    def summed(model: LocalCitizenship) -> int:
        frame = model.ledger.monthly()
        there = frame["status"].isin(list(statuses)) & (frame["month"] >= since) & (frame["month"] < until)
        return int(frame.loc[there, column].sum())

    return summed


def stock(statuses: Iterable[str], month: int) -> Measure:
    return number("stock", statuses, month, month + 1)


def share(column: str, of: str, statuses: Iterable[str], since: int = 0) -> Measure:
    """One column of the monthly table as a share of another."""
    return lambda model: number(column, statuses, since)(model) / number(of, statuses, since)(model)


def cities(model: LocalCitizenship) -> pd.DataFrame:
    """Municipalities at the end of the run."""
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()]


def mean_level(model: LocalCitizenship) -> float:
    return float(cities(model)["service_level"].mean())


def unevenness(model: LocalCitizenship) -> float:
    """Theil index of service levels between places."""
    return theil(cities(model)["service_level"])


def unchanged_until(name: str, date: str) -> None:
    """Nothing differs before the policy begins."""
    for without, with_it in zip(runs(PARENT), runs(name), strict=True):
        tables = [model.ledger.monthly() for model in (without, with_it)]
        early = [t[t["month"] < month_of(date)].reset_index(drop=True) for t in tables]
        assert len(early[0]) > 0
        pd.testing.assert_frame_equal(*early)


def test_every_policy_extends_the_parent() -> None:
    """The small country's values are those of the country that all policies start from."""
    assert {given(name)["extends"] for name in POLICIES} == {PARENT}
    assert all(course(name) != course(PARENT) for name in POLICIES)


# NGOs ---------------------------------------------------------------------------------------------------


def test_no_ngos() -> None:
    """There are none, and they meet no needs: fewer needs of those whom city halls do not serve are met."""
    for without, with_it in zip(runs(PARENT), runs("no-ngos"), strict=True):
        assert len(with_it.ngos) == 0 < len(without.ngos)
        for column in ("served_ngo", "ngo_cases", "ngo_phone"):
            assert total(with_it, column) == 0 < total(without, column)
    assert always("no-ngos", share("unmet", "needs", BACK_DOOR), above=1.0)


def immigrant_run(model: LocalCitizenship) -> float:
    """Share of NGOs run by immigrants, of all that ever closed their accounts."""
    frame = model.ledger.tables()["ngos"]
    return float((frame["kind"] == "immigrant").mean())


def native_fit(model: LocalCitizenship) -> float:
    """How well native-run NGOs judge what immigrants need, at the end."""
    native = model.state.ngos[model.state.ngos["kind"] != NGO_KINDS.index("immigrant")]
    return float(native["fit"].mean())


def test_immigrant_run_ngos() -> None:
    """More NGOs are run by immigrants, and the others, which employ some, judge needs better."""
    for measure in (immigrant_run, native_fit):
        assert always("immigrant-run-ngos", measure, above=1.0)
    assert on_the_whole("immigrant-run-ngos", immigrant_run) > 1.5


def spread_of_skill(model: LocalCitizenship) -> float:
    """Standard deviation of NGOs' skill within a kind, over all years and kinds that have several."""
    frame = model.ledger.tables()["ngos"]
    groups = frame.groupby(["year", "kind"], observed=True)["skill"]
    return float(groups.std().dropna().mean())


def test_ngo_network() -> None:
    """NGOs in networks are more alike in skill, and refer more of those they cannot take."""
    assert always("ngo-network", spread_of_skill, below=1.0)
    assert on_the_whole("ngo-network", spread_of_skill) < 0.8
    assert on_the_whole("ngo-network", number("ngo_phone")) > 1.5
    short: Settings = {"ngos": {"cases_per_staff": 0.3}}
    without, with_it = (total(run(name, short), "ngo_referred") for name in (PARENT, "ngo-network"))
    assert with_it > 2 * without > 0


# Cities -------------------------------------------------------------------------------------------------


def test_no_diffusion_no_city_follows_pioneers() -> None:
    """Every other town offers everything from the start. The rest offer more for it in the first year, unless no
    city copies another."""
    nothing = small_places(towns=24, regions=4, level=0.0)
    pioneers = np.arange(len(nothing.code)) % 2 == 0
    with_pioneers = dataclasses.replace(nothing, level=nothing.level + pioneers[:, None])

    def followed(name: str) -> float:
        alone, beside = (
            [
                cities(run(name, seed=seed, months=12, places=places))["service_level"][~pioneers]
                for seed in SEEDS
            ]
            for places in (nothing, with_pioneers)
        )
        return float(np.mean(beside) - np.mean(alone))

    assert followed(PARENT) > 0.02
    assert followed("no-diffusion") == pytest.approx(0.0, abs=0.001)


def encouraged(seed: int, level: float) -> LocalCitizenship:
    """The run without copying, with as many more pioneers and advocates as bring the cities to this mean level."""
    for strength in np.arange(0.1, 1.05, 0.1):
        more = {
            "policy": {"declared": 0.3},
            "city": {"pioneers": float(strength), "advocacy": float(strength)},
        }
        model = run("no-diffusion", more, seed=seed)
        if mean_level(model) >= level:
            return model
    raise AssertionError(f"no encouragement brings cities to {level}")


@pytest.mark.mechanism("E2")
def test_no_diffusion_leaves_cities_more_uneven() -> None:
    """Without copying cities are less alike. They also offer less, since copying brings services up, and the same gaps
    weigh more where little is offered: so they are still less alike where pioneers and advocates make up for that."""
    assert always("no-diffusion", unevenness, above=1.3)
    copying = runs(PARENT)
    alone = [encouraged(seed, mean_level(model)) for seed, model in zip(SEEDS, copying, strict=True)]
    assert np.mean([*map(unevenness, alone)]) > 1.1 * np.mean([*map(unevenness, copying)])
    spreads = [
        np.mean([cities(model)["service_level"].std() for model in models]) for models in (copying, alone)
    ]
    assert spreads[1] > spreads[0]


@pytest.mark.mechanism("E2")
def test_national_standard() -> None:
    """Cities are more alike for what they do, and the nation meets more of the needs of those with a permit."""
    assert always("national-standard", unevenness, below=0.5)
    assert always("national-standard", number("served_nation", PERMIT_HOLDERS), above=1.2)


def test_delegated_funding() -> None:
    """Cities have central money, spend more, and offer more."""

    def granted(model: LocalCitizenship) -> float:
        return float(cities(model)["grant"].sum())

    def spent(model: LocalCitizenship) -> float:
        return float(cities(model)["spent"].sum())

    assert all(without == 0.0 < with_it for without, with_it in in_every_run("delegated-funding", granted))
    for measure in (spent, mean_level):
        assert always("delegated-funding", measure, above=1.0)
    assert on_the_whole("delegated-funding", spent) > 1.2


def test_council_everywhere() -> None:
    """Councils in many more cities, and services that fit needs better."""

    def have_council(model: LocalCitizenship) -> float:
        return float((cities(model)["level_council"] > 0.2).mean())

    def fit(model: LocalCitizenship) -> float:
        return float(cities(model)["fit"].mean())

    for without, with_it in in_every_run("council-everywhere", have_council):
        assert with_it > max(0.8, without)
    assert always("council-everywhere", fit, above=1.0)


def test_ordinance_everywhere() -> None:
    """An ordinance in every city, and fewer homes refused."""

    def have_ordinance(model: LocalCitizenship) -> float:
        return float((cities(model)["level_ordinance"] > 0.2).mean())

    def refused(model: LocalCitizenship) -> float:
        needs = model.ledger.tables()["needs"]
        return float(needs.loc[needs["need"].isin(("housing", "dispute", "abuse")), "needs"].sum())

    for without, with_it in in_every_run("ordinance-everywhere", have_ordinance):
        assert with_it > max(0.8, without)
    assert on_the_whole("ordinance-everywhere", refused) < 1.0


def test_hostile_public() -> None:
    """More concern, and more tension between neighbours."""

    def concern(model: LocalCitizenship) -> float:
        return float(model.ledger.tables()["nation"]["perception"].mean())

    def tension(model: LocalCitizenship) -> float:
        return float(cities(model)["tension"].mean())

    assert always("hostile-public", concern, above=1.1)
    assert always("hostile-public", tension, above=1.0)  # some of it comes of inflow and of what goes unmet


def test_threshold_cities() -> None:
    """Nothing has to be brought up: cities take new services up sooner."""

    def early(model: LocalCitizenship) -> float:
        yearly = model.ledger.tables()["places_yearly"]
        return float(yearly.loc[yearly["year"] == yearly["year"].min(), "service_level"].mean())

    assert on_the_whole("threshold-cities", early) > 1.0


# The state ----------------------------------------------------------------------------------------------


def test_crackdown() -> None:
    """From 1994 on more are deported, and after five years there are fewer without a permit. Those who stay are
    more afraid to ask for help."""
    begins, ends = month_of("1994-01"), month_of("1999-01")
    unchanged_until("crackdown", "1994-01")
    assert always("crackdown", number("deported", BACK_DOOR, begins, ends), above=1.2)
    assert always("crackdown", stock(BACK_DOOR, ends - 1), below=0.8)
    assert always("crackdown", share("willing", "aware", BACK_DOOR, begins), below=1.0)


def test_crackdown_halves_the_unauthorised_where_no_others_come() -> None:
    """It has its aim sooner than five years, since others leave as well, and ends: from then on their number falls as
    it would without; while others go on coming, it falls less."""
    nobody_comes: Settings = {
        "doors": {door: {"arrivals": 0.0, "overstay": 0.0, "runaway": 0.0} for door in DOORS}
        | {"visitor": {"arrivals": 0.0, "initial": 4000.0, "permit": 0, "leaving": 0.001}},
        "enforcement": {"duty_to_report": 0.0},  # a crackdown frightens people away from those who report
    }
    begins, ends = month_of("1994-01"), month_of("1998-12")

    def course_of(name: str) -> list[float]:
        model = run(name, nobody_comes, months=108)
        return [stock(BACK_DOOR, month)(model) for month in range(begins - 1, ends + 1)]

    without, with_it = course_of(PARENT), course_of("crackdown")
    aim = 0.5 * without[0]
    half, half_with_it = (
        next(month for month, left in enumerate(each) if left <= aim) for each in (without, with_it)
    )
    assert half_with_it < 0.75 * half < 0.75 * 60
    late = 12 + half_with_it  # those caught before it ended have been deported
    assert with_it[late] < 0.85 * without[late]
    assert with_it[-1] / with_it[late] == pytest.approx(without[-1] / without[late], rel=0.1)


def test_firewall() -> None:
    """More of those without a permit who are aware of somebody to ask dare to ask."""
    assert always("firewall", share("willing", "aware", BACK_DOOR), above=1.0)
    assert on_the_whole("firewall", number("served_city", BACK_DOOR)) > 1.0


def test_regularisation() -> None:
    """From June 1998 on there are more with a permit, and fewer without."""
    unchanged_until("regularisation", "1998-06")
    for month, below in ((month_of("1998-06"), 0.8), (month_of("2000-06"), 0.95)):  # others go on coming
        assert always("regularisation", stock(BACK_DOOR, month), below=below)
        assert always("regularisation", stock(PERMIT_HOLDERS, month), above=1.0)


# Migrants -----------------------------------------------------------------------------------------------


def test_portable_rights() -> None:
    """Movers lose fewer enrolments (those no service of the new town answers to), and know more of what there is."""

    def lost_a_move(model: LocalCitizenship) -> float:
        moves = model.ledger.table("moves")
        return float(moves["enrolments_lost"].sum() / moves["moves"].sum())

    def movers_aware(model: LocalCitizenship) -> float:
        moved = model.migrants.select(moved=1)
        return float(((moved.get("knows") > RIGHTS) | (moved.get("knows_ngo") != 0)).mean())

    assert always("portable-rights", lost_a_move, below=0.5)
    assert always("portable-rights", movers_aware, above=1.0)


def test_recession() -> None:
    """From 1993 on jobs are lost: more go home and fewer come. What has come to depend on migrants is left, and they
    with it: some come in every year, and after the first years there are hardly fewer."""
    unchanged_until("recession", "1993-01")

    def homewards(model: LocalCitizenship) -> float:
        left = model.ledger.tables()["departures"]
        there = (left["reason"] == "return") & left["month"].between(month_of("1993-01"), month_of("1993-12"))
        return float(left.loc[there, "persons"].sum())

    assert always("recession", homewards, above=1.3)
    for year in range(1993, 2001):
        first = month_of(f"{year}-01")
        fewer = 0.9 if year < 1998 else 1.0  # later, those who have gone have left jobs free
        assert 0.1 < on_the_whole("recession", number("arrived", STATUSES, first, first + 12)) < fewer
    assert always("recession", stock(STATUSES, month_of("1994-12")), above=0.5, below=0.9)
    later = [
        stock(STATUSES, month)(model)
        for model in runs("recession")
        for month in (month_of("1995-12"), MONTHS - 1)
    ]
    assert all(end > 0.8 * middle for middle, end in zip(later[::2], later[1::2], strict=True))


def test_family_settlement() -> None:
    """More of those who hold a permit have their families with them, where only the nikkeijin had."""
    for door in ("skilled", "trainee", "student"):

        def with_family(model: LocalCitizenship, door: str = door) -> float:
            there = model.migrants.select(
                lambda people: people["status"] <= STATUSES.index("legal"), door=door
            )
            return float(there.get("family").mean())

        assert on_the_whole("family-settlement", with_family) > 1.1


def test_informed_arrivals() -> None:
    """More of those with a permit who are in need know of somebody to ask."""
    assert always("informed-arrivals", share("aware", "needs", PERMIT_HOLDERS), above=1.2)
