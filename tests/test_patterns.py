"""The patterns, each on tiny tables with answers worked out by hand."""

from __future__ import annotations

import csv
import math

import numpy as np
import pandas as pd
import pytest
from synthetic_tables import make_run

from local_citizenship.experiments.patterns import PATTERNS, NotAnswerable, countries, localities
from local_citizenship.experiments.patterns.check import SETTINGS
from local_citizenship.experiments.patterns.observations import WRITTEN_IN, regression
from local_citizenship.experiments.patterns.pattern import judge, observe_all
from local_citizenship.experiments.patterns.report import verdict
from local_citizenship.outcomes import Run, ScenarioInfo
from local_citizenship.outcomes.unevenness import theil
from local_citizenship.scenarios.catalogue import SERVICES
from local_citizenship.scenarios.places import PLACES_FOLDER


def run_of(start: str, months: int, **tables: pd.DataFrame) -> Run:
    return Run(ScenarioInfo(name="tiny", seed=1, start=start, months=months), tables)


def seen(id: str, run: Run, setting: str = "japan") -> dict[str, float]:
    return PATTERNS[id].observers[setting](run)


def only(id: str, run: Run, setting: str = "japan") -> float:
    (value,) = seen(id, run, setting).values()
    return value


def rows(columns: str, *values: tuple) -> pd.DataFrame:
    return pd.DataFrame(values, columns=columns.split())


# --- people


@pytest.fixture
def stocks() -> Run:
    """January 1990 to December 2004 (months 0 to 179), with people in a few months only."""
    doors = rows(
        "month door status stock arrived",
        (35, "visitor", "overstayer", 1000, 0),  # December 1992
        (36, "visitor", "overstayer", 320, 0),  # January 1993
        (167, "visitor", "overstayer", 700, 0),  # December 2003
        (179, "skilled", "legal", 100, 0),  # December 2004
        (179, "coethnic", "denizen", 500, 0),
        (179, "visitor", "overstayer", 300, 0),
        (179, "student", "irregular", 60, 0),
        (179, "smuggled", "smuggled", 40, 0),
        (179, "coethnic", "citizen", 50, 0),
    )
    return run_of("1990-01", 180, doors=doors)


def test_stocks(stocks: Run) -> None:
    assert only("P01", stocks) == 1000
    assert only("P02", stocks) == 900 / 1000
    assert only("P03", stocks) == pytest.approx(560 / 900)
    assert only("P04", stocks) == pytest.approx((320 + 700 + 400) / 144)
    assert seen("P05", stocks) == {"peak year": 1992.0, "2004 to peak": 0.7, "peak": 1000.0}


def test_largest_fall_is_from_the_peak_so_far_within_the_decade() -> None:
    doors = pd.DataFrame({"month": range(180), "door": "skilled", "status": "legal", "stock": 100})
    doors.loc[doors["month"] < 24, "stock"] = 1000  # before 1992
    doors.loc[30, "stock"] = 200
    doors.loc[31:60, "stock"] = 150  # a quarter below 200
    doors.loc[61:155, "stock"] = 400
    doors.loc[156, "stock"] = 10  # after 2002
    assert only("P09", run_of("1990-01", 180, doors=doors)) == 0.25


def test_census_of_1996() -> None:
    census = rows(
        "year door status stay persons settlers months_stayed",
        (1996, "visitor", "overstayer", 2, 60, 6, 60 * 30),
        (1996, "visitor", "overstayer", 3, 40, 14, 40 * 40),
        (1996, "entertainer", "legal", 5, 80, 60, 80 * 66),
        (1996, "trainee", "legal", 1, 5, 5, 5 * 12),  # too few for a large group
        (1996, "coethnic", "citizen", 6, 999, 999, 999 * 72),
        (1995, "visitor", "overstayer", 9, 999, 999, 999 * 110),
    )
    run = run_of("1996-01", 12, census=census)
    assert only("P06", run) == 0.4
    assert only("P07", run) == pytest.approx((60 * 30 + 40 * 40 + 80 * 66 + 60) / 185 / 12)
    assert seen("P08", run) == {"most settled large group": 0.75, "all migrants": pytest.approx(85 / 185)}


@pytest.fixture
def steady() -> Run:
    """1995 to 2005, every month alike; in 2005 twice as many overstayers are deported."""
    every_month = rows(
        "place status stock moved_out left deported",
        (0, "legal", 800, 8, 4, 0),
        (0, "irregular", 400, 2, 1, 1),
        (0, "overstayer", 500, 50, 50, 3),
    )
    monthly = pd.DataFrame({"month": range(132)}).merge(every_month, how="cross")
    late = (monthly["month"] >= 120) & (monthly["status"] == "overstayer")
    monthly.loc[late, "deported"] = 6
    return run_of("1995-01", 132, monthly=monthly)


def test_moving_leaving_and_deportation(steady: Run) -> None:
    assert only("P10", steady) == pytest.approx(120 / 1200)
    leaving = seen("P11", steady)
    assert leaving == pytest.approx({"leaving a year": 60 / 1200, "with deportations": 72 / 1200})
    assert seen("P12", steady) == pytest.approx({"deported": 84, "of which overstayers": 72 / 84})
    assert only("P31", steady, "italy") == pytest.approx(0.1)


# --- municipalities


def country(year: int, n: int, **columns: object) -> dict[str, pd.DataFrame]:
    """`n` alike places at the end of a year; columns go where they belong, a single value to every place."""
    place = {
        "place": np.arange(n),
        "region": 0,
        "region_name": "A",
        "wider_region": "A",
        "name": "Town",
        "population": 10_000.0,
    }
    place |= {"industry": 0.0, "foreign_residents": 100.0, "fiscal_strength": 0.5, "history": 0.0}
    state = {"year": year, "place": np.arange(n), "migrants": 100, "unauthorised": 0, "ngo_capacity": 0.0}
    state |= {"service_level": 0.0} | {f"level_{service}": 0.0 for service in SERVICES}
    for name, value in columns.items():
        (place if name in place else state)[name] = value
    tables = {"places": place, "places_yearly": state}
    return {name: pd.DataFrame(table, index=range(n)) for name, table in tables.items()}


def at_end_of(year: int, n: int, **columns: object) -> Run:
    return run_of(f"{year}-01", 12, **country(year, n, **columns))


def test_foreign_share() -> None:
    run = at_end_of(2009, 11, migrants=np.arange(10, 21), foreign_residents=np.arange(10, 21)[::-1] * 10.0)
    found = seen("P13", run)
    assert found["rank correlation with the start"] == -1
    # Scaled to the register, which has ten times as many: shares 0.010 to 0.020.
    assert found["10th percentile"] == pytest.approx(0.011)
    assert found["median"] == pytest.approx(0.015)
    assert found["90th to 10th percentile"] == pytest.approx(19 / 11)
    assert only("P15", run) == pytest.approx(sum(range(10, 20)) / sum(range(10, 21)))
    assert only("P14", at_end_of(2009, 3, migrants=[1, 2, 3], fiscal_strength=[0.1, 0.3, 0.2])) == 0.5


def test_a_tenth_without_migrants_is_no_ratio_but_a_miss() -> None:
    run = at_end_of(2009, 10, migrants=[0] * 5 + [1, 2, 3, 4, 5], foreign_residents=np.arange(1.0, 11))
    found = seen("P13", run)
    assert found["90th to 10th percentile"] == math.inf
    assert "90th to 10th percentile" in judge(PATTERNS["P13"], [found]).missed


def test_coethnics_in_the_best_provided_industrial_cities() -> None:
    run = at_end_of(
        2003,
        30,
        service_level=np.arange(30) / 30,  # the best tenth: places 27, 28, 29
        industry=[0.9] * 28 + [0.5, 0.6],  # 28 is not industrial
        coethnics=[1000] * 27 + [199, 500, 400],  # 27 has too few
        coethnics_know_welfare=[0] * 29 + [240],
        coethnics_insured=[0] * 29 + [300],
        coethnics_first_city=[0] * 29 + [100],
    )
    assert seen("P18", run) == {"do not know": 0.4, "cities": 1.0}
    assert only("P19", run) == 0.25
    assert only("P20", run) == 0.25
    with pytest.raises(NotAnswerable, match="co-ethnics"):
        seen("P18", at_end_of(2003, 30, coethnics=300))


def test_what_municipalities_offer() -> None:
    everything = {f"level_{service}": [0.2, 0.2, 0.0, 0.0] for service in SERVICES}
    everything["level_council"] = everything["level_ordinance"] = [0.0, 0.2, 0.0, 0.0]
    everything["level_language"] = [0.2, 0.2, 0.1, 0.11]  # 0.1 is not above 0.1
    everything["level_schooling"] = [0.2, 0.2, 0.9, 0.9]  # not specifically for foreigners
    run = at_end_of(2004, 4, migrants=[10, 20, 30, 40], population=[4.0, 3.0, 2.0, 1.0], **everything)
    assert only("P23", run) == 0.25
    assert seen("P25", run) == {"all municipalities": 0.5, "the 30 largest": 0.5}
    run.tables["places"].loc[1, "name"] = WRITTEN_IN[0]  # what it wants is in the table of places
    assert seen("P25", run) == {"all municipalities": 0.5, "the 30 largest": pytest.approx(1 / 3)}
    assert only("P26", run) == 0.7
    run.tables["places_yearly"].loc[3, "level_exchange"] = 0.2  # a second service for foreigners
    assert only("P26", run) == 0.3


def test_specific_services_are_the_others() -> None:
    assert set(localities.SPECIFIC) | set(localities.NOT_SPECIFIC) == set(SERVICES)
    assert len(localities.SPECIFIC) == 8


def test_order_of_adoption_in_tokyo() -> None:
    levels = {f"level_{service}": [1.0, 0.0, 0.0, 1.0] for service in ("housing", "schooling")}
    levels |= {"level_information": [1.0] * 4, "level_exchange": [1.0, 1.0, 0.0, 1.0]}
    run = at_end_of(1994, 4, region_name=["Tōkyō"] * 3 + ["Ōsaka"], **levels)
    found = seen("P24", run)
    assert [found[name] for name in ("information", "exchange", "welfare", "consultation")] == [3, 2, 1, 0]
    assert judge(PATTERNS["P24"], [found]).hit
    with pytest.raises(NotAnswerable, match="Tokyo"):
        seen("P24", at_end_of(1994, 4))


def test_only_the_fifty_largest_of_tokyo_count() -> None:
    population = np.arange(60.0, 0, -1)
    run = at_end_of(1994, 60, region_name="Tokyo", population=population, level_information=0.5)
    assert seen("P24", run)["information"] == 50


def test_causes_of_variation_are_regressed_where_migrants_live() -> None:
    rng = np.random.default_rng(3)
    migrants = rng.integers(20, 400, 200)
    fiscal, history = rng.random(200), rng.random(200)
    level = 5 * migrants / 10_000 + 0.2 * fiscal + 0.1 * history
    migrants[:10], level[:10] = 19, 50.0  # left out: too few migrants
    causes = {"migrants": migrants, "fiscal_strength": fiscal, "history": history}
    found = seen("P27", at_end_of(2004, 200, service_level=level, **causes))
    assert found["fiscal strength"] == pytest.approx(0.2 * fiscal[10:].std())
    assert found["history, lower end"] == pytest.approx(0.1 * history[10:].std())


def test_regression_against_the_formula_of_one_cause() -> None:
    x, y = np.array([1.0, 2, 3, 4, 6]), np.array([1.0, 1, 4, 3, 9])
    slopes, lower, upper = regression(y, [x])
    d = x - x.mean()
    slope = (d * y).sum() / (d * d).sum()
    residual = y - y.mean() - slope * d
    error = math.sqrt((d**2 * residual**2).sum() * 5 / 3) / (d * d).sum()
    assert slopes[0] == pytest.approx(slope * x.std())
    assert upper[0] - slopes[0] == pytest.approx(3.182446 * error * x.std(), rel=1e-6)  # t with 3 degrees
    assert slopes[0] - lower[0] == pytest.approx(upper[0] - slopes[0])
    with pytest.raises(NotAnswerable):
        regression(y, [x, 2 * x])


def test_diffusion_is_compared_seed_by_seed() -> None:
    def levels(*then_and_now: list[float]) -> Run:
        ends = [
            country(year, 2, service_level=level, population=[3.0, 1.0])
            for year, level in zip((1994, 2004), then_and_now, strict=True)
        ]
        both = pd.concat([end["places_yearly"] for end in ends], ignore_index=True)
        return run_of("1994-01", 132, places=ends[0]["places"], places_yearly=both)

    pattern = PATTERNS["P29"]
    on = pattern.observers["japan"](levels([0.1, 0.9], [0.5, 0.5]))
    off = pattern.observers["japan without diffusion"](levels([0.1, 0.9], [0.4, 0.6]))
    found = pattern.values({"japan": on, "japan without diffusion": off})
    weights = [3, 1]
    assert found["fall with diffusion"] == pytest.approx(theil([0.1, 0.9], weights))
    assert found["fall beyond that without"] == pytest.approx(theil([0.4, 0.6], weights))
    assert judge(pattern, [found]).hit is None  # one seed has no interval
    assert judge(pattern, [found, found]).hit


# --- claims


def test_ngos_and_programmes() -> None:
    census = rows(
        "year door status stay persons knows_ngo sustained",
        (2002, "visitor", "overstayer", 1, 300, 60, 0),
        (2002, "coethnic", "citizen", 9, 100, 100, 100),
        (2004, "coethnic", "legal", 9, 200, 0, 20),
    )
    nation = pd.DataFrame({"month": range(36), "ngos": range(100, 136)})
    run = run_of("2002-01", 36, census=census, nation=nation)
    assert only("P16", run) == 111  # December of the first year
    assert only("P17", run) == 0.2
    assert only("P21", run) == 0.1


def test_returns_to_ngos_between_1996_and_2006() -> None:
    monthly = rows(
        "month place status ngo_served ngo_returned",
        (11, 0, "legal", 1000, 1000),  # 1995
        (12, 0, "legal", 60, 20),
        (143, 1, "smuggled", 40, 5),
        (144, 0, "legal", 1000, 1000),  # 2007
    )
    assert only("P22", run_of("1995-01", 156, monthly=monthly)) == 0.75


def test_ngo_capacity_where_the_unauthorised_are() -> None:
    unauthorised, capacity = [10, 50, 60, 49], [1.0, 3.0, 2.0, 0.0]
    run = at_end_of(2004, 4, migrants=[100, 100, 200, 49], unauthorised=unauthorised, ngo_capacity=capacity)
    # Capacity for each: .01 .03 .01; unauthorised: .1 .5 .3; the fourth is too small.
    assert only("P28", run) == pytest.approx(0.8660254)


def test_what_is_lost_by_moving() -> None:
    moves = rows(
        "year origin_fifth status moves level_before level_after",
        (2000, 5, "legal", 10, 8.0, 5.0),
        (2001, 5, "overstayer", 10, 7.0, 6.0),
        (2001, 1, "legal", 10, 1.0, 5.0),
    )
    assert only("P30", run_of("2000-01", 24, moves=moves)) == pytest.approx(0.2)


# --- other countries


def test_korea() -> None:
    doors = rows(
        "month door status stock arrived",
        (11, "worker", "legal", 70, 0),
        (11, "worker", "irregular", 10, 0),
        (11, "worker", "overstayer", 15, 0),
        (11, "smuggled", "smuggled", 5, 0),
        (77, "worker", "overstayer", 1, 0),  # June 2010
        (77, "worker", "legal", 9, 0),
    )
    run = run_of("2004-01", 84, doors=doors)
    assert only("P32a", run, "korea") == 0.2
    assert only("P32b", run, "korea") == 0.1
    with pytest.raises(NotAnswerable, match="2010-06"):
        seen("P32b", run_of("2004-01", 12, doors=doors), "korea")


def test_unevenness_of_countries() -> None:
    pattern, two_regions = PATTERNS["P33"], {"wider_region": [*"AABB"], "migrants": [1, 1, 2, 2]}
    found = pattern.values(
        {
            name: pattern.observers[name](
                at_end_of(year, 4, service_level=[0.5, 0.7, low, low], **two_regions)
            )
            for name, year, low in (("japan", 2004, 0.1), ("italy", 2005, 0.3), ("spain", 2007, 0.6))
        }
    )
    assert found["Italy"] == pytest.approx(theil([0.6, 0.3], [1, 2]))
    assert found["Spain"] == pytest.approx(0, abs=1e-12)
    finding = judge(pattern, [found])
    assert finding.missed == ("the least of the three",)


def test_spain_by_community() -> None:
    communities = [each for each in countries.FOREIGN_2005 for _ in range(2)]
    migrants = [round(100 * countries.FOREIGN_2005[each]) for each in communities] + [9999]
    names = [*communities, "Andalusia"]
    run = run_of("1995-01", 120, **country(2004, len(names), wider_region=names, migrants=migrants))
    assert only("P34", run, "spain") == pytest.approx(1.0)
    run.tables["places_yearly"]["migrants"] = 10_000 - run.tables["places_yearly"]["migrants"]
    assert only("P34", run, "spain") == pytest.approx(-1.0)


def test_the_communities_are_those_of_the_table() -> None:
    with (PLACES_FOLDER / "spain_provinces_2021.csv").open(encoding="utf-8") as file:
        assert set(countries.FOREIGN_2005) < {row["wider_region"] for row in csv.DictReader(file)}


def test_what_money_buys_is_reported_and_not_judged() -> None:
    pattern = PATTERNS["P48"]
    columns = "month region needs unmet served_informal"  # what compatriots met is nothing that money bought
    needs = rows(columns, (5, 0, 10, 3, 2), (5, 1, 10, 0, 0), (40, 1, 99, 0, 0))
    state = {"region": [0, 1], "wider_region": [*"AB"], "migrants": [1, 3], "fit": [0.2, 0.6]}
    tables = country(2004, 2, **state) | {"needs": needs, "monthly": rows("month served_informal")}
    seen = pattern.observers["japan"](run_of("2004-01", 48, **tables))
    assert seen == pytest.approx({"between regions": theil([0.5, 1.0], [1, 1]), "met": 0.75, "fit": 0.5})
    finding = judge(pattern, [pattern.values(dict.fromkeys(pattern.observers, seen))] * 2)
    assert finding.hit is None
    assert not finding.silent
    assert verdict(finding) == "reported"
    assert judge(pattern, ["no run"]).silent


def test_ngos_where_many_unauthorised_are_among_like_places() -> None:
    """P28b: ranks, with those of legal residents held constant; too few places tell nothing."""
    legal = [100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210]
    outside = [60, 10, 70, 20, 80, 30, 90, 40, 100, 50, 110, 55]
    migrants = [a + b for a, b in zip(legal, outside, strict=True)]
    follows = {"migrants": migrants, "unauthorised": outside, "ngo_capacity": [1.0, 2.0, 4.0, 3.0] * 3}
    capacity = [
        float(each) for each in (outside[1], outside[0], *outside[2:])
    ]  # but for two, as the unauthorised
    run = at_end_of(2004, 12, **follows, ngo_within_reach=capacity)
    assert seen("P28b", run)["partial rank correlation"] > 0.7
    against = at_end_of(2004, 12, **follows, ngo_within_reach=[-each for each in capacity])
    assert seen("P28b", against)["partial rank correlation"] < -0.7
    few = {name: of[:9] for name, of in follows.items()}
    with pytest.raises(NotAnswerable, match="fewer than ten"):
        seen("P28b", at_end_of(2004, 9, **few, ngo_within_reach=[1.0] * 9))


def test_who_fills_leaves_compatriots_and_the_job_apart() -> None:
    """P37: cities and NGOs of what offices met, 2002 to 2004."""
    names = "month place status served_city served_ngo served_nation served_job served_informal"
    monthly = rows(names, (12, 0, "legal", 9, 9, 9, 9, 9), (24, 0, "legal", 30, 20, 50, 60, 40))
    found = seen("P37", run_of("2000-01", 60, monthly=monthly))
    assert found == {
        "cities and NGOs": 0.5, "informal, of all met": 0.2, "job insurance, of all met": 0.3,
    }  # fmt: skip


def test_who_does_not_dare_is_counted_by_year() -> None:
    """P44: of the unauthorised who knew of an office."""
    lines = [(12 * n + 5, 0, "smuggled", 100, 30 if n < 13 else 60) for n in range(17)]
    legal = [(12 * n + 5, 0, "legal", 100, 99) for n in range(17)]
    monthly = rows("month place status office_known office_feared", *lines, *legal)
    found = seen("P44", run_of("1992-01", 17 * 12, monthly=monthly))
    assert (found["least"], found["most"]) == (0.3, 0.6)
    assert found["after 2004 beyond 1995–1999"] == pytest.approx(0.3)


def test_concern_is_compared_between_periods() -> None:
    """P47: means of months."""
    nation = pd.DataFrame({"month": range(132), "perception": [0.2] * 48 + [9.0] * 36 + [0.5] * 48})
    assert seen("P47", run_of("1993-01", 132, nation=nation))["rise"] == pytest.approx(0.3)


# --- all of them


def test_a_run_that_is_too_short_says_so() -> None:
    found = observe_all("japan", make_run(places=12, months=11))
    assert len(found) == 49  # P01 to P30, Japan's part of P33 and P48, and the later ones of Japan alone
    silent = {id for id, value in found.items() if isinstance(value, str)}
    assert silent == set(found) - {"P30"}  # moves of the best fifth need no whole year
    assert found["P01"] == "the run lasts from 1990-01 to 1990-11, without 2004-12"


def test_a_whole_run_answers_every_pattern_of_japan() -> None:
    run = make_run(places=40, months=22 * 12)
    found = observe_all("japan", run)
    silent = {id: value for id, value in found.items() if isinstance(value, str)}
    assert set(silent) <= {"P18", "P19", "P20", "P24", "P43"}, silent  # nothing is called Tokyo there
    for id in found.keys() - silent.keys() - {"P29", "P29b", "P33", "P48"}:
        kinds = {part.name: part.kind for part in PATTERNS[id].parts}
        assert set(found[id]) == set(kinds)
        lowest = -1 if id == "P35" else 0  # a change
        for name, value in found[id].items():
            assert math.isfinite(value), (id, name)
            assert kinds[name] != "share" or lowest <= value <= 1, (id, name)


def test_the_table_of_patterns_is_complete() -> None:
    numbers = {id.rstrip("ab") for id in PATTERNS}
    later = (*range(35, 50),)
    assert numbers == {f"P{number:02d}" for number in (*range(1, 35), *later)}
    assert list(PATTERNS) == sorted(PATTERNS)
    fitted = {id for id, each in PATTERNS.items() if each.use == "fit"}
    assert " ".join(sorted(fitted)) == "P01 P02 P03 P04 P05 P07 P10 P11 P16 P18 P19 P31 P32a P36 P46"
    assert {name for each in PATTERNS.values() for name in each.observers} == set(SETTINGS)
