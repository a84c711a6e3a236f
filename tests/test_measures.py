"""Measures: on a tiny run with answers worked out by hand, and by their laws on a made-up country."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from synthetic_tables import make_run, make_tables

from local_citizenship.outcomes import Run, ScenarioInfo, measures
from local_citizenship.outcomes.dictionary import TABLES, conform, describe
from local_citizenship.outcomes.groups import share, totals
from local_citizenship.outcomes.unevenness import theil
from local_citizenship.scenarios.catalogue import NEEDS, SERVICES, STATUSES

STEPS = (
    "needs",
    "aware",
    "willing",
    "eligible",
    "claimed",
    "served_city",
    "served_ngo",
    "served_nation",
    "unmet",
)


def cascade(*counts):
    return dict(zip(STEPS, counts, strict=True))


def cell(month, place, status, **counts):
    return {"month": month, "place": place, "status": status, **counts}


def needs_of(month, status, need, *counts):
    return {"month": month, "region": 0, "status": status, "need": need, **cascade(*counts)}


@pytest.fixture
def tiny():
    """Two months (December and January), three places in two regions, six episodes of needs by hand.

    A denizen's illness and a smuggled migrant's arrest; rights on paper: illness for legal and above, arrest
    for nobody until the second month, from then on for anyone.
    """
    monthly = pd.DataFrame(
        [
            cell(0, 0, "denizen", stock=60, **cascade(10, 8, 6, 5, 5, 3, 1, 0, 6), eligible_any=10,
                  eligible_aware=7, refused=1, turned_away=1, ngo_cases=3),
            cell(0, 1, "smuggled", stock=120, arrived=2, **cascade(20, 4, 2, 1, 1, 0, 1, 0, 19),
                  eligible_any=5, eligible_aware=1, refused=0, turned_away=3, ngo_cases=1),
            cell(1, 0, "denizen", stock=60, **cascade(10, 10, 10, 10, 10, 8, 0, 2, 0), eligible_any=10,
                  eligible_aware=10, refused=2, turned_away=0, ngo_cases=0),
            cell(1, 1, "smuggled", stock=100, left=20, **cascade(20, 0, 0, 0, 0, 0, 0, 0, 20),
                  eligible_any=5, eligible_aware=0, refused=0, turned_away=0, ngo_cases=0),
            cell(1, 2, "smuggled", stock=20, arrived=20, **cascade(0, 0, 0, 0, 0, 0, 0, 0, 0)),
        ]
    )  # fmt: skip
    monthly = monthly.reindex(columns=list(TABLES["monthly"])).fillna(0)
    names = [c for c in monthly.columns if c != "status"]
    monthly = monthly.astype(dict.fromkeys(names, np.int32))
    needs = pd.DataFrame(
        [
            needs_of(0, "denizen", "illness", 10, 8, 6, 5, 5, 3, 1, 0, 6),
            needs_of(0, "smuggled", "arrest", 20, 4, 2, 1, 1, 0, 1, 0, 19),
            needs_of(1, "denizen", "illness", 10, 10, 10, 10, 10, 8, 0, 2, 0),
            needs_of(1, "smuggled", "arrest", 15, 0, 0, 0, 0, 0, 0, 0, 15),
            needs_of(1, "smuggled", "illness", 5, 0, 0, 0, 0, 0, 0, 0, 5),
        ]
    )
    levels = {f"level_{name}": [0.0, 0.0, 0.0] for name in SERVICES}
    levels["level_information"] = [1.0, 0.2, 0.1]
    yearly = pd.DataFrame(
        {
            "year": 1990,
            "place": [0, 1, 2],
            "migrants": [60, 120, 20],
            **levels,
            "service_level": [0.3, 0.1, 0.0],
        }
    )
    places = pd.DataFrame(
        {"place": [0, 1, 2], "region": [0, 0, 1], "latitude": [36.0, 36.1, 38.0], "longitude": [138.0] * 3,
         "population": [1000.0, 1000.0, 2000.0]}
    )  # fmt: skip
    census = pd.DataFrame(
        {"year": [1989, 1990, 1990], "door": "worker", "status": ["legal", "legal", "denizen"],
         "stay": [0, 1, 7], "persons": [5, 8, 10], "never": [5, 6, 1], "episodic": [0, 1, 4],
         "sustained": [0, 1, 5]}
    )  # fmt: skip
    moves = pd.DataFrame(
        {"year": [1990, 1990, 1991], "origin_fifth": [1, 5, 5], "status": ["legal", "legal", "denizen"],
         "moves": [10, 4, 1], "level_before": [1.0, 3.2, 0.9], "level_after": [4.0, 1.2, 0.4],
         "enrolments_lost": [1, 3, 1]}
    )  # fmt: skip
    parameters = {f"needs.{need}.right": "nobody" for need in NEEDS} | {"needs.illness.right": "legal"}
    change = {
        "month": 1,
        "date": "1991-01",
        "path": "needs.arrest.right",
        "value": "anyone",
        "where": "x.yaml:1",
    }
    info = ScenarioInfo("tiny", 1, "1990-12", 2, parameters=parameters, timeline=(change,))
    return Run(info, {"monthly": monthly, "needs": needs, "places_yearly": yearly, "places": places,
                      "census": census, "moves": moves})  # fmt: skip


def row(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


@pytest.mark.mechanism("E1")
def test_formal_and_substantive_by_hand(tiny):
    by_rung = measures.formal_and_substantive(tiny)
    denizen, outside = row(by_rung, rung="denizen"), row(by_rung, rung="unauthorised")
    assert denizen["needs"] == 20
    assert denizen["formal"] == 1.0
    assert denizen["substantive"] == pytest.approx(14 / 20)
    assert denizen["gap"] == pytest.approx(6 / 20)
    # Of the 40 needs of the smuggled, the 15 arrests after the change are covered; one need is met.
    assert outside["formal"] == pytest.approx(15 / 40)
    assert outside["substantive"] == pytest.approx(1 / 40)
    by_place = measures.formal_and_substantive(tiny, by="place")
    assert row(by_place, place=1)["formal"] == pytest.approx(15 / 40)
    assert row(by_place, place=0)["substantive"] == pytest.approx(14 / 20)
    assert math.isnan(row(by_place, place=2)["formal"])


@pytest.mark.mechanism("E3")
def test_take_up_by_hand(tiny):
    table = measures.take_up(tiny, by="status")
    denizen = row(table, status="denizen")
    expected = {"aware_of_needs": 18 / 20, "willing_of_aware": 16 / 18, "eligible_of_willing": 15 / 16,
                "claimed_of_eligible": 1.0, "served_of_claimed": 14 / 15, "claimed_of_aware": 15 / 18,
                "served_of_needs": 14 / 20, "aware_of_eligible": 17 / 20,
                "claimed_of_eligible_any": 15 / 20}  # fmt: skip
    for name, value in expected.items():
        assert denizen[name] == pytest.approx(value), name
    assert row(table, status="smuggled")["aware_of_eligible"] == pytest.approx(1 / 10)
    january = row(measures.take_up(tiny, by="status", since=1), status="smuggled")
    assert january["needs"] == 20
    assert january["aware_of_needs"] == 0
    assert math.isnan(january["willing_of_aware"])
    arrest = row(measures.take_up(tiny, by=("need", "status")), need="arrest", status="smuggled")
    assert arrest["needs"] == 35
    assert arrest["served_of_needs"] == pytest.approx(1 / 35)
    assert "eligible_any" not in arrest


@pytest.mark.mechanism("E5")
def test_who_fills_by_hand(tiny):
    december = row(measures.who_fills(tiny), year=1990)
    assert december["city"] == pytest.approx(3 / 30)
    assert december["ngo"] == pytest.approx(2 / 30)
    assert december["nation"] == 0
    assert december["nobody"] == pytest.approx(25 / 30)
    assert december["turned_away"] == 4
    assert december["turned_away_share"] == pytest.approx(4 / 8)
    assert math.isnan(row(measures.who_fills(tiny), year=1991)["turned_away_share"])
    assert list(measures.who_fills(tiny, by="month")["month"]) == [0, 1]


@pytest.mark.mechanism("E8")
def test_harms_by_hand(tiny):
    table = measures.harms(tiny)
    denizen, smuggled = row(table, status="denizen"), row(table, status="smuggled")
    assert denizen["person_years"] == pytest.approx(10)
    assert denizen["unmet_per_1000"] == pytest.approx(600)
    assert smuggled["person_years"] == pytest.approx(20)
    assert smuggled["unmet_per_1000"] == pytest.approx(39 / 20 * 1000)
    assert row(measures.harms(tiny, by="region"), region=1)["unmet_per_1000"] == 0


@pytest.mark.mechanism("E4")
def test_modes_by_hand(tiny):
    table = measures.modes(tiny)
    assert set(zip(table["status"], table["stay"], strict=True)) == {("legal", 1), ("denizen", 7)}
    denizen = row(table, status="denizen")
    assert (denizen["never"], denizen["episodic"], denizen["sustained"]) == (0.1, 0.4, 0.5)
    assert row(measures.modes(tiny, by=()))["sustained"] == pytest.approx(6 / 18)
    assert row(measures.modes(tiny, by="status", year=1989))["never"] == 1.0
    assert list(measures.modes(tiny, by="year")["year"]) == [1989, 1990]


@pytest.mark.mechanism("E6")
def test_portability_loss_by_hand(tiny):
    table = measures.portability_loss(tiny)
    worst, best = row(table, origin_fifth=1), row(table, origin_fifth=5)
    assert worst["level_lost"] == pytest.approx(-0.3)
    assert worst["enrolments_lost"] == pytest.approx(0.1)
    assert best["level_before"] == pytest.approx(4.1 / 5)
    assert best["level_lost"] == pytest.approx((4.1 - 1.6) / 5)
    assert best["enrolments_lost"] == pytest.approx(4 / 5)
    assert row(measures.portability_loss(tiny, by=(), since=1))["moves"] == 1


@pytest.mark.mechanism("E2")
def test_unevenness_by_hand(tiny):
    table = measures.unevenness(tiny)
    level = row(table, of="service_level", weights="migrants")
    # Migrants 60, 120, 20 at levels 0.3, 0.1, 0: mean 0.15; the first region has all of it and 90% of people.
    assert level["mean"] == pytest.approx(0.15)
    assert level["theil"] == pytest.approx(0.6 * math.log(2) + 0.4 * math.log(2 / 3))
    assert level["between"] == pytest.approx(math.log(1 / 0.9))
    assert level["within"] == pytest.approx(level["theil"] - level["between"])
    assert level["gini"] == pytest.approx((0.3 * 0.6 * 0.2 + 0.3 * 0.1 * 0.3 + 0.6 * 0.1 * 0.1) / 0.15)
    assert level["variation"] == pytest.approx(
        math.sqrt(0.3 * 0.15**2 + 0.6 * 0.05**2 + 0.1 * 0.15**2) / 0.15
    )
    residents = row(table, of="service_level", weights="residents")
    assert residents["mean"] == pytest.approx(0.1)
    # Everybody is everybody's neighbour: I = -1 / (n - 1).
    assert level["moran"] == pytest.approx(-0.5)
    by_people = row(table, of="needs_met", units="places", weights="person_years", year=1990)
    assert by_people["theil"] == pytest.approx(theil([0.4, 0.05], [60, 120]))
    assert by_people["mean"] == pytest.approx((0.4 * 60 + 0.05 * 120) / 180)
    met = row(table, of="needs_met", units="places", weights="needs", year=1990)
    assert met["count"] == 2  # the third place had no needs
    assert met["mean"] == pytest.approx(5 / 30)
    assert met["theil"] == pytest.approx(theil([0.4, 0.05], [10, 20]))
    assert met["between"] == 0
    by_status = row(table, of="needs_met", groups="status", weights="needs", year=1990)
    assert by_status["within"] == pytest.approx(0, abs=1e-12)
    assert by_status["between"] == pytest.approx(met["theil"])


@pytest.mark.mechanism("E7")
def test_adoption_by_hand(tiny):
    table = measures.adoption(tiny)
    information, council = row(table, service="information"), row(table, service="council")
    assert information["places"] == pytest.approx(2 / 3)  # a level of 0.1 is not above 0.1
    assert information["migrants"] == pytest.approx(180 / 200)
    assert information["mean_level"] == pytest.approx(1.3 / 3)
    # Levels 1, 0.2, 0.1: deviations from 1.3 / 3 of 1.7 / 3, -0.7 / 3, -1 / 3.
    assert information["variance"] == pytest.approx((1.7**2 + 0.7**2 + 1) / 27)
    assert information["deviation"] == pytest.approx(math.sqrt((1.7**2 + 0.7**2 + 1) / 27))
    assert council["places"] == 0
    assert math.isnan(council["moran"])


def test_stocks_and_flows_by_hand(tiny):
    stocks = measures.stocks(tiny)
    assert list(stocks.columns) == ["month", "date", "status", "stock"]
    january = row(stocks, month=1, status="smuggled")
    assert january["stock"] == 120
    assert january["date"] == pd.Timestamp("1991-01-01")
    flows = row(measures.flows(tiny), month=1, status="smuggled")
    assert (flows["arrived"], flows["left"]) == (20, 20)


def test_main_outcomes_by_hand(tiny):
    found = {name: outcome.value for name, outcome in measures.main_outcomes(tiny).items()}
    assert found["stock"] == 180
    assert found["unauthorised"] == 120
    assert found["needs_met"] == pytest.approx(15 / 60)
    assert found["met_by_city"] + found["met_by_ngo"] + found["met_by_nation"] == pytest.approx(15 / 60)
    assert found["aware"] == pytest.approx(22 / 60)
    assert found["take_up"] == pytest.approx(16 / 30)
    assert found["sustained"] == pytest.approx(6 / 18)
    assert found["unmet_rate"] == pytest.approx(45 / 30 * 1000)
    assert found["level_lost"] == pytest.approx((5.1 - 5.6) / 15)
    assert found["between_regions"] == pytest.approx(math.log(1 / 0.9) / found["service_theil"])
    assert measures.main_outcomes(tiny, since=1)["needs_met"].value == pytest.approx(10 / 30)


ALL = [
    measures.formal_and_substantive, measures.unevenness, measures.take_up, measures.modes,
    measures.who_fills, measures.portability_loss, measures.harms, measures.adoption, measures.stocks,
    measures.flows, measures.convergence, measures.collaboration, measures.measures_table,
]  # fmt: skip


@pytest.fixture(scope="module")
def country():
    return make_run(seed=2)


@pytest.mark.mechanism("E3", "E5")
@pytest.mark.parametrize("by", [(), "status", "rung", "region", "place", "year", "month", ("year", "status")])
def test_shares_of_the_cascade_multiply_and_sum(country, by):
    filled = measures.who_fills(country, by=by)
    sums = filled[["city", "ngo", "nation", "nobody"]].sum(axis=1)
    assert np.allclose(sums[filled["needs"] > 0], 1)
    steps = measures.take_up(country, by=by)
    assert (steps["needs"] >= steps["aware"]).all()
    assert (steps["served"] + steps["unmet"] == steps["needs"]).all()
    chain = [
        "aware_of_needs",
        "willing_of_aware",
        "eligible_of_willing",
        "claimed_of_eligible",
        "served_of_claimed",
    ]
    whole = steps[steps["claimed"] > 0]
    assert np.allclose(whole[chain].prod(axis=1), whole["served_of_needs"])


@pytest.mark.mechanism("E3", "E8")
def test_groups_add_up_to_the_whole(country):
    whole = measures.take_up(country).iloc[0]
    for by in ("status", "region", "need", "month", "rung", "place"):
        assert measures.take_up(country, by=by)["needs"].sum() == whole["needs"], by
    assert measures.harms(country)["person_years"].sum() == pytest.approx(
        country.table("monthly")["stock"].sum() / 12
    )


@pytest.mark.mechanism("E1")
def test_rights_by_place_agree_with_rights_by_region(country):
    by_region = measures.formal_and_substantive(country, by="region")
    by_place = measures.formal_and_substantive(country, by=("region", "place"))
    covered = (by_place["formal"] * by_place["needs"]).groupby(by_place["region"]).sum()
    assert np.allclose(covered, by_region["formal"] * by_region["needs"])
    assert list(by_region["needs"]) == list(by_place.groupby("region")["needs"].sum())


@pytest.mark.mechanism("E4")
def test_modes_sum_to_one(country):
    table = measures.modes(country)
    assert np.allclose(table[["never", "episodic", "sustained"]].sum(axis=1), 1)


@pytest.mark.mechanism("E2")
def test_unevenness_obeys_its_laws(country):
    table = measures.unevenness(country)
    assert len(table) == 4 * (2 + 2 + 2 * 3)
    assert np.allclose(table["theil"], table["between"] + table["within"])
    assert table["gini"].between(0, 1).all()
    assert table["between_share"].between(0, 1).all()
    cells = table[table["units"] == "cells"]
    cells = cells.pivot_table(index=["of", "weights", "year"], columns="groups", values="theil")
    assert np.allclose(cells["place"], cells["status"])  # one total, split two ways


def test_stocks_follow_from_flows(country):
    stocks = measures.stocks(country).pivot_table(
        index="month", columns="status", values="stock", observed=False
    )
    flows = measures.flows(country).set_index(["month", "status"])
    change = (
        flows["arrived"] + flows["moved_in"] + flows["status_in"]
        - flows["moved_out"] - flows["status_out"] - flows["left"] - flows["deported"]
    )  # fmt: skip
    expected = stocks.fillna(0).diff().iloc[1:]
    found = change.unstack("status", fill_value=0).reindex(columns=stocks.columns, fill_value=0).iloc[1:]
    assert np.array_equal(expected.to_numpy(), found.to_numpy())
    assert np.array_equal(*flows[["moved_in", "moved_out"]].groupby("month").sum().to_numpy().T)


@pytest.mark.parametrize("months", [1, 5, 30])
def test_short_runs_and_empty_years_warn_of_nothing(months):
    run = make_run(places=3, regions=2, months=months)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {measure: measure(run) for measure in ALL}
        outcomes = measures.main_outcomes(run)
    without = {measure for measure, table in found.items() if not len(table)}
    needs_december = {measures.modes, measures.adoption, measures.convergence, measures.collaboration}
    assert without == (needs_december if months < 12 else set())
    assert math.isnan(outcomes["sustained"].value) == (months < 12)
    assert math.isfinite(outcomes["needs_met"].value)


def test_a_run_without_anybody(country):
    tables = make_tables(places=3, regions=2, months=1)
    empty = {name: table.iloc[:0] for name, table in tables.items()} | {"places": tables["places"]}
    run = Run(ScenarioInfo("empty", 1, "1990-01", 1, parameters=country.parameters), empty)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {measure: measure(run) for measure in ALL}
        outcomes = measures.main_outcomes(run)
    for measure, table in found.items():
        assert list(table.columns) == list(measure(country).columns), measure.__name__
    assert outcomes["stock"].value == 0
    assert math.isnan(outcomes["needs_met"].value)


def test_measures_leave_the_tables_alone(country):
    before = {name: table.copy() for name, table in country.tables.items()}
    for measure in (*ALL, measures.main_outcomes):
        measure(country)
    for name, table in country.tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_statuses_keep_the_order_of_the_ladder(country):
    assert list(measures.harms(country)["status"].cat.categories) == list(STATUSES)
    assert list(measures.harms(country)["status"]) == [
        s for s in STATUSES if s in set(country.table("monthly")["status"])
    ]


def test_a_group_that_is_not_in_the_table_is_named(country):
    with pytest.raises(ValueError, match="monthly can't be split by need"):
        measures.harms(country, by="need")
    with pytest.raises(ValueError, match="no column wealth"):
        totals(country, "monthly", ["wealth"])


def test_share_of_nothing_is_nan():
    assert np.array_equal(share([1, 0, 3], [2, 0, 0]), [0.5, np.nan, np.nan], equal_nan=True)


def test_every_outcome_has_words(country):
    for outcome in measures.main_outcomes(country).values():
        assert dataclasses.astuple(outcome)[:2] != ("", "")
        assert math.isfinite(outcome.value)


def test_every_column_is_in_the_dictionary(country):
    assert {name: set(table.columns) - set(TABLES[name]) for name, table in country.tables.items()} == {
        name: set() for name in country.tables
    }


def test_the_dictionary_has_unit_and_meaning_for_every_column():
    table = describe({name: list(columns) for name, columns in TABLES.items()})
    assert (table["unit"].str.len() > 0).all()
    assert (table["meaning"].str.len() > 4).all()
    assert set(table["table"]) == {*make_tables(months=1), "measures"}


def test_measures_do_without_matplotlib():
    code = (
        "import sys; import local_citizenship.outcomes, local_citizenship.outcomes.measures; "
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_provider_declared_elsewhere_is_told_by_its_name() -> None:
    """A run folder may come from where somebody else is a provider, too."""
    run = make_run(places=3, regions=1, months=12)
    monthly = run.table("monthly")
    half = monthly["served_city"] // 2
    strange = run.replaced(
        monthly=monthly.assign(served_city=monthly["served_city"] - half, served_mosque=half)
    )
    found = measures.who_fills(strange, ())
    assert found["mosque"][0] > 0
    assert found[["city", "ngo", "nation", "mosque", "nobody"]].sum(axis=1)[0] == pytest.approx(1)
    assert "mosque" not in set(measures.measures_table(strange, ["E5"])["measure"])
    events = conform("events", pd.DataFrame({"provider": ["mosque", "city"]}), whole=False)
    assert events["provider"].tolist() == ["mosque", "city"]
