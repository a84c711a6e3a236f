"""What each policy scenario says in its name happens, where its settings are laid over a small country.

The small country has Japan's value, month by month, of every parameter that any of the scenarios changes, and each
scenario its own: the comparison has one cause, and the same luck.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small import Settings, merged, small_places, small_run, total
from test_countries import POLICIES, flat, given, loaded

from local_citizenship.agents.services import RIGHTS
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes.unevenness import theil
from local_citizenship.scenarios import Places
from local_citizenship.scenarios.catalogue import DOORS, NGO_KINDS, STATUSES

PARENT = "japan"
MONTHS = 132  # 1990 to 2000
SEEDS = (1, 2, 3)
COUNTRY: Settings = {"ngos": {"initial": 40}}
TOWNS = small_places(towns=24, regions=4)
CHANGED = sorted(set().union(*POLICIES.values()))
BACK_DOOR = ("overstayer", "smuggled")
PERMIT_HOLDERS = ("denizen", "legal")

Changes = list[tuple[int, str, Any]]


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
    start: Settings = {}
    changes: Changes = []
    before: dict[str, Any] = {}
    parameters = None
    for month in range(MONTHS):
        if scenario.parameters_at(month) is parameters:
            continue
        parameters = scenario.parameters_at(month)
        values = flat(parameters.model_dump())
        for path in CHANGED:
            value = in_proportion(path, values[path])
            if month == 0:
                start = merged(start, nested(path, value))
            elif value != before[path]:
                changes.append((month, path, value))
            before[path] = value
    return start, changes


def nested(path: str, value: Any) -> Settings:
    """`{"fear": {"weight": 0.0}}` for fear.weight."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return dict(value)


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


def in_every_run(name: str, measure: Callable[[LocalCitizenship], float]) -> list[tuple[float, float]]:
    """(without the policy, with it) for each seed."""
    return [(measure(a), measure(b)) for a, b in zip(runs(PARENT), runs(name), strict=True)]


def on_the_whole(name: str, measure: Callable[[LocalCitizenship], float]) -> tuple[float, float]:
    """(without the policy, with it), the mean of all seeds."""
    without, with_it = np.mean(in_every_run(name, measure), axis=0)
    return float(without), float(with_it)


# What is measured ---------------------------------------------------------------------------------------


def number(
    model: LocalCitizenship,
    column: str,
    statuses: Iterable[str] = STATUSES,
    since: int = 0,
    until: int = MONTHS,
) -> int:
    """Sum of a column of the monthly table, for some statuses, from one month to before another."""
    frame = model.ledger.monthly()
    there = frame["status"].isin(list(statuses)) & (frame["month"] >= since) & (frame["month"] < until)
    return int(frame.loc[there, column].sum())


def stock(model: LocalCitizenship, statuses: Iterable[str], month: int) -> int:
    return number(model, "stock", statuses, month, month + 1)


def met(model: LocalCitizenship, statuses: Iterable[str]) -> float:
    """Share of needs that somebody met."""
    return 1.0 - number(model, "unmet", statuses) / number(model, "needs", statuses)


def cities(model: LocalCitizenship) -> pd.DataFrame:
    """Municipalities at the end of the run."""
    frame = model.ledger.tables()["places_yearly"]
    return frame[frame["year"] == frame["year"].max()]


def mean_level(model: LocalCitizenship) -> float:
    return float(cities(model)["service_level"].mean())


def unevenness(model: LocalCitizenship) -> float:
    """Theil index of service levels between places."""
    return theil(cities(model)["service_level"])


def spread(model: LocalCitizenship) -> float:
    """Standard deviation of service levels between places."""
    return float(cities(model)["service_level"].std())


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
        assert met(with_it, BACK_DOOR) < met(without, BACK_DOOR)


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
        assert all(with_it > without for without, with_it in in_every_run("immigrant-run-ngos", measure))
    without, with_it = on_the_whole("immigrant-run-ngos", immigrant_run)
    assert with_it > 1.5 * without


def spread_of_skill(model: LocalCitizenship) -> float:
    """Standard deviation of NGOs' skill within a kind, over all years and kinds that have several."""
    frame = model.ledger.tables()["ngos"]
    groups = frame.groupby(["year", "kind"], observed=True)["skill"]
    return float(groups.std().dropna().mean())


def test_ngo_network() -> None:
    """NGOs in networks are more alike in skill, and refer more of those they cannot take."""
    assert all(with_it < without for without, with_it in in_every_run("ngo-network", spread_of_skill))
    without, with_it = on_the_whole("ngo-network", spread_of_skill)
    assert with_it < 0.8 * without
    without, with_it = on_the_whole("ngo-network", lambda model: total(model, "ngo_phone"))
    assert with_it > 1.5 * without
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
        offered = [
            cities(run(name, seed=seed, months=12, places=places))["service_level"]
            .to_numpy()[~pioneers]
            .mean()
            for seed in SEEDS
            for places in (nothing, with_pioneers)
        ]
        return float(np.mean(offered[1::2]) - np.mean(offered[0::2]))

    assert followed(PARENT) > 0.02
    assert followed("no-diffusion") == pytest.approx(0.0, abs=0.001)


def encouraged(seed: int, level: float) -> LocalCitizenship:
    """The run without copying, with the least encouragement to all cities that brings them to this mean level."""
    for declared in np.arange(0.05, 0.5, 0.05):
        model = run("no-diffusion", {"policy": {"declared": float(declared)}}, seed=seed)
        if mean_level(model) >= level:
            return model
    raise AssertionError(f"no encouragement brings cities to {level}")


@pytest.mark.mechanism("E2")
def test_no_diffusion_leaves_cities_more_uneven() -> None:
    """Without copying cities are less alike. They also offer less, since copying pulls upwards, and the same gaps
    weigh more where little is offered: so they are still less alike where a national policy makes up for that."""
    for without, with_it in in_every_run("no-diffusion", unevenness):
        assert with_it > 1.3 * without
    pairs = [
        (without, encouraged(seed, mean_level(without)))
        for seed, without in zip(SEEDS, runs(PARENT), strict=True)
    ]
    for measure, factor in ((unevenness, 1.1), (spread, 1.0)):
        copying, not_copying = np.mean([[measure(model) for model in pair] for pair in pairs], axis=0)
        assert not_copying > factor * copying


@pytest.mark.mechanism("E2")
def test_national_standard() -> None:
    """Cities are more alike for what they do, and the nation meets more of the needs of those with a permit."""
    for without, with_it in in_every_run("national-standard", unevenness):
        assert with_it < 0.5 * without
    for without, with_it in in_every_run(
        "national-standard", lambda model: number(model, "served_nation", PERMIT_HOLDERS)
    ):
        assert with_it > 1.2 * without


def test_delegated_funding() -> None:
    """Cities have central money, spend more, and offer more."""

    def granted(model: LocalCitizenship) -> float:
        return float(cities(model)["grant"].sum())

    def spent(model: LocalCitizenship) -> float:
        return float(cities(model)["spent"].sum())

    assert all(without == 0.0 < with_it for without, with_it in in_every_run("delegated-funding", granted))
    for measure in (spent, mean_level):
        assert all(with_it > without for without, with_it in in_every_run("delegated-funding", measure))
    without, with_it = on_the_whole("delegated-funding", spent)
    assert with_it > 1.2 * without


def test_council_everywhere() -> None:
    """Councils in many more cities, and services that fit needs better."""

    def have_council(model: LocalCitizenship) -> float:
        return float((cities(model)["level_council"] > 0.2).mean())

    def fit(model: LocalCitizenship) -> float:
        return float(cities(model)["fit"].mean())

    for without, with_it in in_every_run("council-everywhere", have_council):
        assert with_it > max(0.8, without)
    assert all(with_it > without for without, with_it in in_every_run("council-everywhere", fit))


# The state ----------------------------------------------------------------------------------------------


def willing(model: LocalCitizenship, since: int = 0) -> float:
    """Share of those without a permit, and aware of somebody to ask, who dare and care to ask."""
    return number(model, "willing", BACK_DOOR, since) / number(model, "aware", BACK_DOOR, since)


def test_crackdown() -> None:
    """From 1994 on more are deported, and after five years there are fewer without a permit. Those who stay are
    more afraid to ask for help."""
    begins, ends = month_of("1994-01"), month_of("1999-01")
    unchanged_until("crackdown", "1994-01")
    for without, with_it in in_every_run(
        "crackdown", lambda model: number(model, "deported", BACK_DOOR, begins, ends)
    ):
        assert with_it > 1.2 * without
    for without, with_it in in_every_run("crackdown", lambda model: stock(model, BACK_DOOR, ends - 1)):
        assert with_it < 0.8 * without
    for without, with_it in in_every_run("crackdown", lambda model: willing(model, begins)):
        assert with_it < without


def test_crackdown_halves_the_unauthorised_where_no_others_come() -> None:
    """In five years, beside what would be left of them anyway; their number falls less while others go on coming."""
    nobody_comes: Settings = {
        "doors": {door: {"arrivals": 0.0, "overstay": 0.0, "runaway": 0.0} for door in DOORS}
        | {"visitor": {"arrivals": 0.0, "initial": 4000.0, "permit": 0, "leaving": 0.001}},
        "enforcement": {"duty_to_report": 0.0},  # a crackdown frightens people away from those who report
    }
    left = [
        stock(run(name, nobody_comes, months=108), BACK_DOOR, month_of("1998-12"))
        for name in (PARENT, "crackdown")
    ]
    assert left[0] > 500
    assert left[1] == pytest.approx(0.5 * left[0], rel=0.1)


def test_firewall() -> None:
    """More of those without a permit who are aware of somebody to ask dare to ask."""
    assert all(with_it > without for without, with_it in in_every_run("firewall", willing))
    without, with_it = on_the_whole("firewall", lambda model: number(model, "served_city", BACK_DOOR))
    assert with_it > without


def test_regularisation() -> None:
    """From June 1998 on there are more with a permit, and fewer without."""
    unchanged_until("regularisation", "1998-06")
    for month in (month_of("1998-06"), month_of("2000-06")):
        for without, with_it in in_every_run(
            "regularisation", lambda model, month=month: stock(model, BACK_DOOR, month)
        ):
            assert with_it < 0.9 * without
        for without, with_it in in_every_run(
            "regularisation", lambda model, month=month: stock(model, ("denizen", "legal"), month)
        ):
            assert with_it > without


# Migrants -----------------------------------------------------------------------------------------------


def test_portable_rights() -> None:
    """Movers lose fewer enrolments (those no service of the new town answers to), and know more of what there is."""

    def lost_a_move(model: LocalCitizenship) -> float:
        moves = model.ledger.moves()
        return float(moves["enrolments_lost"].sum() / moves["moves"].sum())

    def movers_aware(model: LocalCitizenship) -> float:
        moved = model.migrants.select(moved=1)
        return float(((moved.get("knows") > RIGHTS) | (moved.get("knows_ngo") != 0)).mean())

    assert all(with_it < 0.5 * without for without, with_it in in_every_run("portable-rights", lost_a_move))
    assert all(with_it > without for without, with_it in in_every_run("portable-rights", movers_aware))


def test_recession() -> None:
    """Fewer arrive from 1993 on, in every year, though not nobody: part of the demand is embedded."""
    unchanged_until("recession", "1993-01")
    for year in range(1993, 2001):
        first = month_of(f"{year}-01")
        without, with_it = on_the_whole(
            "recession", lambda model, first=first: number(model, "arrived", STATUSES, first, first + 12)
        )
        assert 0.5 * without < with_it < 0.95 * without
    for without, with_it in in_every_run("recession", lambda model: stock(model, STATUSES, MONTHS - 1)):
        assert with_it < without


def test_family_settlement() -> None:
    """More of those who hold a permit have their families with them, where only the nikkeijin had."""
    for door in ("skilled", "trainee", "student"):

        def with_family(model: LocalCitizenship, door: str = door) -> float:
            there = model.migrants.select(
                lambda people: people["status"] <= STATUSES.index("legal"), door=door
            )
            return float(there.get("family").mean())

        without, with_it = on_the_whole("family-settlement", with_family)
        assert with_it > 1.1 * without


def test_informed_arrivals() -> None:
    """More of those with a permit who are in need know of somebody to ask."""

    def aware(model: LocalCitizenship) -> float:
        return number(model, "aware", PERMIT_HOLDERS) / number(model, "needs", PERMIT_HOLDERS)

    assert all(with_it > 1.2 * without for without, with_it in in_every_run("informed-arrivals", aware))
