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
from synthetic_tables import CASCADE, make_run, make_tables

from local_citizenship.outcomes import Run, ScenarioInfo, measures
from local_citizenship.outcomes.dictionary import TABLES, conform, describe
from local_citizenship.outcomes.groups import share, totals
from local_citizenship.outcomes.unevenness import theil
from local_citizenship.scenarios.catalogue import NEEDS, SERVICES, STATUSES


def cascade(*counts):
    return dict(zip(CASCADE, counts, strict=True))


def cell(month, place, status, **counts):
    return {"month": month, "place": place, "status": status, **counts}


def needs_of(month, status, need, *counts):
    own = {"served_informal": 0}
    return {"month": month, "region": 0, "status": status, "need": need, **cascade(*counts), **own}


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
    monthly = monthly.astype({name: np.int32 for name in monthly if name != "status"})
    needs = pd.DataFrame(
        [
            needs_of(0, "denizen", "illness", 10, 8, 6, 5, 5, 3, 1, 0, 6),
            needs_of(0, "smuggled", "arrest", 20, 4, 2, 1, 1, 0, 1, 0, 19),
            needs_of(1, "denizen", "illness", 10, 10, 10, 10, 10, 8, 0, 2, 0),
            needs_of(1, "smuggled", "arrest", 15, 0, 0, 0, 0, 0, 0, 0, 15),
            needs_of(1, "smuggled", "illness", 5, 0, 0, 0, 0, 0, 0, 0, 5),
        ]
    )
    levels = {f"level_{name}": 0.0 for name in SERVICES} | {"level_information": [1.0, 0.2, 0.1]}
    yearly = pd.DataFrame({"year": 1990, "place": [0, 1, 2], "migrants": [60, 120, 20], **levels,
                           "service_level": [0.3, 0.1, 0.0]})  # fmt: skip
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


# Levels 0.3, 0.1, 0 with migrants 60, 120, 20: mean 0.15; the first region has all of it and 90% of people.
THEIL = 0.6 * math.log(2) + 0.4 * math.log(2 / 3)
BETWEEN = math.log(1 / 0.9)
# Levels 1, 0.2, 0.1: deviations from 1.3 / 3 of 1.7 / 3, -0.7 / 3, -1 / 3.
VARIANCE = (1.7**2 + 0.7**2 + 1) / 27
NEEDS_MET = {"of": "needs_met", "units": "places", "year": 1990}
NAN = math.nan
BY_HAND = [
    (measures.formal_and_substantive, {}, {"rung": "denizen"},
     {"needs": 20, "formal": 1.0, "substantive": 14 / 20, "gap": 6 / 20}),
    # Of the 40 needs of the smuggled, the 15 arrests after the change are covered; one need is met.
    (measures.formal_and_substantive, {}, {"rung": "unauthorised"}, {"formal": 15 / 40, "substantive": 1 / 40}),
    (measures.formal_and_substantive, {"by": "place"}, {"place": 0}, {"substantive": 14 / 20}),
    (measures.formal_and_substantive, {"by": "place"}, {"place": 1}, {"formal": 15 / 40}),
    (measures.formal_and_substantive, {"by": "place"}, {"place": 2}, {"formal": NAN}),
    (measures.take_up, {"by": "status"}, {"status": "denizen"},
     {"aware_of_needs": 18 / 20, "willing_of_aware": 16 / 18, "eligible_of_willing": 15 / 16,
      "claimed_of_eligible": 1.0, "served_of_claimed": 14 / 15, "claimed_of_aware": 15 / 18,
      "served_of_needs": 14 / 20, "aware_of_eligible": 17 / 20, "claimed_of_eligible_any": 15 / 20}),
    (measures.take_up, {"by": "status"}, {"status": "smuggled"}, {"aware_of_eligible": 1 / 10}),
    (measures.take_up, {"by": "status", "since": 1}, {"status": "smuggled"},
     {"needs": 20, "aware_of_needs": 0, "willing_of_aware": NAN}),
    (measures.take_up, {"by": ("need", "status")}, {"need": "arrest", "status": "smuggled"},
     {"needs": 35, "served_of_needs": 1 / 35}),
    (measures.who_fills, {}, {"year": 1990},
     {"city": 3 / 30, "ngo": 2 / 30, "nation": 0, "nobody": 25 / 30, "turned_away": 4, "turned_away_share": 4 / 8}),
    (measures.who_fills, {}, {"year": 1991}, {"turned_away_share": NAN}),
    (measures.harms, {}, {"status": "denizen"}, {"person_years": 10, "unmet_per_1000": 600}),
    (measures.harms, {}, {"status": "smuggled"}, {"person_years": 20, "unmet_per_1000": 39 / 20 * 1000}),
    (measures.harms, {"by": "region"}, {"region": 1}, {"unmet_per_1000": 0}),
    (measures.modes, {}, {"status": "denizen", "stay": 7}, {"never": 0.1, "episodic": 0.4, "sustained": 0.5}),
    (measures.modes, {"by": ()}, {}, {"sustained": 6 / 18}),
    (measures.modes, {"by": "status", "year": 1989}, {"status": "legal"}, {"never": 1.0}),
    (measures.portability_loss, {}, {"origin_fifth": 1}, {"level_lost": -0.3, "enrolments_lost": 0.1}),
    (measures.portability_loss, {}, {"origin_fifth": 5},
     {"level_before": 4.1 / 5, "level_lost": (4.1 - 1.6) / 5, "enrolments_lost": 4 / 5}),
    (measures.portability_loss, {"by": (), "since": 1}, {}, {"moves": 1}),
    (measures.unevenness, {}, {"of": "service_level", "weights": "migrants"},
     {"mean": 0.15, "theil": THEIL, "between": BETWEEN, "within": THEIL - BETWEEN,
      "gini": (0.3 * 0.6 * 0.2 + 0.3 * 0.1 * 0.3 + 0.6 * 0.1 * 0.1) / 0.15,
      "variation": math.sqrt(0.3 * 0.15**2 + 0.6 * 0.05**2 + 0.1 * 0.15**2) / 0.15,
      "moran": -0.5}),  # everybody is everybody's neighbour: I = -1 / (n - 1)
    (measures.unevenness, {}, {"of": "service_level", "weights": "residents"}, {"mean": 0.1}),
    (measures.unevenness, {}, {**NEEDS_MET, "weights": "person_years"},
     {"theil": theil([0.4, 0.05], [60, 120]), "mean": (0.4 * 60 + 0.05 * 120) / 180}),
    (measures.unevenness, {}, {**NEEDS_MET, "weights": "needs"},  # the third place had no needs
     {"count": 2, "mean": 5 / 30, "theil": theil([0.4, 0.05], [10, 20]), "between": 0}),
    (measures.unevenness, {}, {"of": "needs_met", "groups": "status", "weights": "needs", "year": 1990},
     {"within": 0, "between": theil([0.4, 0.05], [10, 20])}),
    (measures.adoption, {}, {"service": "information"},  # a level of 0.1 is not above 0.1
     {"places": 2 / 3, "migrants": 180 / 200, "mean_level": 1.3 / 3, "variance": VARIANCE,
      "deviation": math.sqrt(VARIANCE)}),
    (measures.adoption, {}, {"service": "council"}, {"places": 0, "moran": NAN}),
]  # fmt: skip


@pytest.mark.mechanism("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8")
@pytest.mark.parametrize(
    ("measure", "how", "where", "expected"),
    BY_HAND,
    ids=[f"{measure.__name__} {(*how.values(), *where.values())}" for measure, how, where, _ in BY_HAND],
)
def test_each_measure_by_hand(tiny, measure, how, where, expected):
    found = row(measure(tiny, **how), **where)
    assert found[list(expected)].to_dict() == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_measures_have_the_rows_and_columns_asked_for(tiny):
    assert "eligible_any" not in measures.take_up(tiny, by=("need", "status"))
    assert list(measures.who_fills(tiny, by="month")["month"]) == [0, 1]
    modes = measures.modes(tiny)
    assert set(zip(modes["status"], modes["stay"], strict=True)) == {("legal", 1), ("denizen", 7)}
    assert list(measures.modes(tiny, by="year")["year"]) == [1989, 1990]


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
    expected = {
        "stock": 180, "unauthorised": 120, "needs_met": 15 / 60, "aware": 22 / 60, "take_up": 16 / 30,
        "sustained": 6 / 18, "unmet_rate": 45 / 30 * 1000, "level_lost": (5.1 - 5.6) / 15,
        "between_regions": BETWEEN / found["service_theil"],
    }  # fmt: skip
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert found["met_by_city"] + found["met_by_ngo"] + found["met_by_nation"] == pytest.approx(15 / 60)
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
    sums = filled[["city", "ngo", "nation", "job", "informal", "nobody"]].sum(axis=1)
    assert np.allclose(sums[filled["needs"] > 0], 1)
    steps = measures.take_up(country, by=by)
    assert (steps["needs"] >= steps["aware"]).all()
    own = np.rint(filled["informal"].fillna(0.0) * filled["needs"])
    assert (steps["served"] + own + steps["unmet"] == steps["needs"]).all()
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
    years = country.table("monthly")["stock"].sum() / 12
    assert measures.harms(country)["person_years"].sum() == pytest.approx(years)


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


def without_warnings(run):
    """Every measure's table, and the main outcomes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {measure: measure(run) for measure in ALL}, measures.main_outcomes(run)


@pytest.mark.parametrize("months", [1, 5, 30])
def test_short_runs_and_empty_years_warn_of_nothing(months):
    found, outcomes = without_warnings(make_run(places=3, regions=2, months=months))
    without = {measure for measure, table in found.items() if not len(table)}
    needs_december = {measures.modes, measures.adoption, measures.convergence, measures.collaboration}
    assert without == (needs_december if months < 12 else set())
    assert math.isnan(outcomes["sustained"].value) == (months < 12)
    assert math.isfinite(outcomes["needs_met"].value)


def test_a_run_without_anybody(country):
    tables = make_tables(places=3, regions=2, months=1)
    empty = {name: table.iloc[:0] for name, table in tables.items()} | {"places": tables["places"]}
    info = ScenarioInfo("empty", 1, "1990-01", 1, parameters=country.parameters)
    found, outcomes = without_warnings(Run(info, empty))
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
    unknown = {name: set(table.columns) - set(TABLES[name]) for name, table in country.tables.items()}
    assert not any(unknown.values()), unknown


def test_the_dictionary_has_unit_and_meaning_for_every_column():
    table = describe({name: list(columns) for name, columns in TABLES.items()})
    assert (table["unit"].str.len() > 0).all()
    assert (table["meaning"].str.len() > 4).all()
    assert set(table["table"]) == {*make_tables(months=1), "measures", "local_names", "observed"}


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
    assert found[["city", "ngo", "nation", "job", "informal", "mosque", "nobody"]].sum(axis=1)[
        0
    ] == pytest.approx(1)
    assert "mosque" not in set(measures.measures_table(strange, ["E5"])["measure"])
    events = conform("events", pd.DataFrame({"provider": ["mosque", "city"]}), whole=False)
    assert events["provider"].tolist() == ["mosque", "city"]
