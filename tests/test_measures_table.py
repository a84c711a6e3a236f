"""The table of all outcome measures: worked out by hand, by its laws, and the same from whole and yearly tables."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_tables import CASCADE, make_run

from local_citizenship.outcomes import Run, ScenarioInfo
from local_citizenship.outcomes.dictionary import TABLES
from local_citizenship.outcomes.groups import cells
from local_citizenship.outcomes.measures import BY_ID, REFERENCES, all_measures, measures_table, with_measures
from local_citizenship.outcomes.run_folder import load_run, save_run
from local_citizenship.scenarios.catalogue import NEEDS, SERVICES

EPISODES = {
    "legal 0": (10, 8, 6, 5, 4, 2, 1, 0, 7),
    "overstayer 1": (20, 8, 2, 2, 2, 0, 1, 0, 19),
    "legal 2": (10, 10, 10, 10, 10, 6, 0, 2, 2),
}


def counted(cell: str) -> dict[str, object]:
    status, place = cell.split()
    counts = dict(zip(CASCADE, EPISODES[cell], strict=True))
    return {"status": status, "place": int(place), **counts, "served_informal": 0}


@pytest.fixture(scope="module")
def hand() -> Run:
    """One year, three places in two regions, three cells; the overstayers' arrests give no right on paper."""
    monthly = pd.DataFrame(
        [
            {"month": 0, **counted("legal 0"), "stock": 40, "eligible_any": 9, "eligible_aware": 7,
             "turned_away": 1, "ngo_cases": 3},
            {"month": 11, **counted("overstayer 1"), "stock": 80, "eligible_any": 8, "eligible_aware": 3,
             "turned_away": 3, "ngo_cases": 1},
            {"month": 11, **counted("legal 2"), "stock": 120, "eligible_any": 10, "eligible_aware": 10},
        ]
    ).reindex(columns=list(TABLES["monthly"])).fillna(0)  # fmt: skip
    monthly = monthly.astype({name: np.int32 for name in monthly.columns if name != "status"})
    needs = pd.DataFrame(
        [
            {"month": 0, "region": 0, "need": "illness", **counted("legal 0")},
            {"month": 11, "region": 1, "need": "arrest", **counted("overstayer 1")},
            {"month": 11, "region": 1, "need": "illness", **counted("legal 2")},
        ]
    )
    yearly = pd.DataFrame(
        {"year": 1990, "place": [0, 1, 2], "migrants": [60, 80, 100], "motivation": [0.4, 0.5, 0.8],
         "spent": [0.3, 0.4, 0.5], **{f"level_{name}": 0.0 for name in SERVICES},
         "level_information": [1.0, 0.0, 0.2], "service_level": [0.2, 0.4, 0.6], "ngos": [2, 0, 0]}
    )  # fmt: skip
    places = pd.DataFrame(
        {"place": [0, 1, 2], "region": [0, 1, 1], "region_name": ["North", "South", "South"],
         "latitude": [36.0, 36.1, 38.0], "longitude": [138.0] * 3, "population": [1000.0, 1000.0, 2000.0]}
    )  # fmt: skip
    census = pd.DataFrame(
        {"year": 1990, "door": "worker", "status": ["legal", "overstayer"], "stay": [1, 7], "persons": [8, 10],
         "never": [6, 8], "episodic": [1, 2], "sustained": [1, 0]}
    )  # fmt: skip
    moves = pd.DataFrame(
        {"year": 1990, "origin_fifth": [1, 5], "status": ["legal", "overstayer"], "moves": [10, 4],
         "level_before": [1.0, 3.2], "level_after": [4.0, 1.2], "enrolments_lost": [1, 3]}
    )  # fmt: skip
    rights = {f"needs.{need}.right": "nobody" for need in NEEDS} | {"needs.illness.right": "legal"}
    tables = {"monthly": monthly, "needs": needs, "places_yearly": yearly, "places": places, "census": census,
              "moves": moves}  # fmt: skip
    return Run(ScenarioInfo("hand", 1, "1990-01", 12, parameters=rights), tables)


def index(table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    keys = zip(*(table[name].astype(str) for name in ("id", "measure", "group")), strict=True)
    return dict(zip(keys, table["value"], strict=True))


# Weights of the needs met by place: person-years 40, 80, 120 of 240; by status and place the same.
MEAN = (0.3 * 40 + 0.05 * 80 + 0.8 * 120) / 240
LEVEL = (0.2 * 60 + 0.4 * 80 + 0.6 * 100) / 240


def part(weight: float, value: float, mean: float) -> float:
    """A group's part of Theil's T."""
    return weight * value / mean * math.log(value / mean)


BY_HAND = {
    ("E1", "formal", "all"): 20 / 40,
    ("E1", "substantive", "all"): 12 / 40,
    ("E1", "gap", "all"): 8 / 40,
    ("E1", "formal", "legal"): 1.0,
    ("E1", "formal", "overstayer"): 0.0,
    ("E1", "substantive", "overstayer"): 1 / 20,
    ("E1", "formal", "South"): 10 / 30,
    ("E1", "substantive", "North"): 3 / 10,
    ("E2", "level_mean", "all"): LEVEL,
    ("E2", "level_mean", "residents"): (0.2 + 0.4 + 2 * 0.6) / 4,
    ("E2", "level_gini", "all"): (60 * 80 * 0.2 + 60 * 100 * 0.4 + 80 * 100 * 0.2) / 240**2 / LEVEL,
    ("E2", "level_theil", "all"): part(60 / 240, 0.2, LEVEL) + part(80 / 240, 0.4, LEVEL) + part(100 / 240, 0.6, LEVEL),
    ("E2", "level_between_regions", "all"): part(60 / 240, 0.2, LEVEL) + part(180 / 240, 92 / 180, LEVEL),
    # By person-years: the legal live at (0.2 * 40 + 0.6 * 120) / 160 = 0.5, overstayers at 0.4; mean 7 / 15.
    ("E2", "level_between_statuses", "all"): part(160 / 240, 0.5, 7 / 15) + part(80 / 240, 0.4, 7 / 15),
    ("E2", "level_moran", "all"): -0.5,  # everybody is everybody's neighbour: -1 / (n - 1)
    ("E2", "needs_count", "all"): 3,
    ("E2", "needs_mean", "all"): MEAN,
    ("E2", "needs_mean", "needs"): 12 / 40,
    ("E2", "needs_gini", "all"): (40 * 80 * 0.25 + 40 * 120 * 0.5 + 80 * 120 * 0.75) / 240**2 / MEAN,
    ("E2", "needs_gini", "needs"): (10 * 20 * 0.25 + 10 * 10 * 0.5 + 20 * 10 * 0.75) / 40**2 / 0.3,
    ("E2", "needs_theil", "all"): part(1 / 6, 0.3, MEAN) + part(1 / 3, 0.05, MEAN) + part(1 / 2, 0.8, MEAN),
    ("E2", "needs_between_regions", "all"): part(1 / 6, 0.3, MEAN) + part(5 / 6, 0.5, MEAN),
    ("E2", "cells_between_statuses", "all"): part(2 / 3, 0.675, MEAN) + part(1 / 3, 0.05, MEAN),
    ("E2", "cells_within_places", "all"): 0.0,
    ("E3", "needs", "all"): 40,
    ("E3", "served", "all"): 12,
    ("E3", "aware_of_needs", "all"): 26 / 40,
    ("E3", "willing_of_aware", "all"): 18 / 26,
    ("E3", "eligible_of_willing", "legal"): 15 / 16,
    ("E3", "claimed_of_eligible", "legal"): 14 / 15,
    ("E3", "served_of_claimed", "overstayer"): 1 / 2,
    ("E3", "aware_of_eligible", "all"): 20 / 27,  # eligible who are aware: not 26, the aware
    ("E3", "aware_of_eligible", "legal"): 17 / 19,
    ("E3", "aware_of_eligible", "overstayer"): 3 / 8,
    ("E3", "claimed_of_aware", "overstayer"): 2 / 8,
    ("E3", "claimed_of_eligible_any", "all"): 16 / 27,
    ("E4", "persons", "all"): 18,
    ("E4", "never", "all"): 14 / 18,
    ("E4", "sustained", "legal"): 1 / 8,
    ("E4", "episodic", "7"): 2 / 10,
    ("E5", "city", "all"): 8 / 40,
    ("E5", "ngo", "all"): 2 / 40,
    ("E5", "nation", "legal"): 2 / 20,
    ("E5", "nobody", "overstayer"): 19 / 20,
    ("E5", "turned_away", "all"): 4,
    ("E5", "turned_away_share", "all"): 4 / 8,
    ("E6", "moves", "all"): 14,
    ("E6", "level_lost", "all"): (4.2 - 5.2) / 14,
    ("E6", "level_lost", "legal"): -0.3,
    ("E6", "enrolments_lost", "5"): 3 / 4,
    ("E7", "mean_level", "all"): 0.4,
    ("E7", "variance", "all"): 0.08 / 3,
    ("E7", "places", "information"): 2 / 3,
    ("E7", "migrants", "information"): 160 / 240,
    ("E7", "mean_level", "information"): 0.4,
    ("E7", "variance", "information"): (0.6**2 + 0.4**2 + 0.2**2) / 3,
    ("E7", "variance", "council"): 0.0,
    ("E8", "person_years", "all"): 20,
    ("E8", "unmet_per_1000", "all"): 28 / 20 * 1000,
    ("E8", "unmet_per_1000", "overstayer"): 19 / (80 / 12) * 1000,
    ("E9", "places", "all"): 3,
    ("E9", "effort", "all"): LEVEL / 0.6,
    ("E9", "spent_per_migrant", "all"): 5.0,
    ("E9", "effort", "with NGOs"): 0.5,
    ("E9", "service_level", "without NGOs"): 92 / 180,
    ("E9", "effort", "without NGOs"): 92 / 120,
}  # fmt: skip


@pytest.fixture(scope="module")
def found(hand: Run) -> dict[tuple[str, str, str], float]:
    return index(measures_table(hand))


@pytest.mark.mechanism("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9")
@pytest.mark.parametrize("key", BY_HAND, ids=" ".join)
def test_e1_to_e9_by_hand(found: dict[tuple[str, str, str], float], key: tuple[str, str, str]) -> None:
    assert found[key] == pytest.approx(BY_HAND[key], abs=1e-12)


def test_each_of_the_nine_is_there_by_the_groups_it_promises(hand: Run) -> None:
    table = measures_table(hand)
    for outcome in BY_ID.values():
        rows = table[table["id"] == outcome.id]
        divisions = set(rows["by"]) - {"country"}
        assert divisions, outcome.id
        assert all(by in outcome.groups for by in divisions), outcome.id
        assert set(rows["measure"]) == {measure.name for measure in outcome.measures}


def test_every_measure_has_words_unit_definition_and_source() -> None:
    for outcome, measure in all_measures():
        assert measure.label
        assert measure.unit
        assert len(measure.definition) > 8
        assert measure.source in {*REFERENCES, "this model"}, (outcome.id, measure.name)
    assert list(BY_ID) == [f"E{number}" for number in range(1, 10)]
    names = [(outcome.id, measure.name) for outcome, measure in all_measures()]
    assert len(set(names)) == len(names)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 1000), st.integers(2, 6), st.integers(1, 3), st.integers(1, 30))
def test_the_laws_hold_in_any_country(seed: int, places: int, regions: int, months: int) -> None:
    run = make_run(seed, places=places, regions=min(places, regions), months=months)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = measures_table(run)
    assert not table.duplicated(["year", "id", "measure", "by", "group"]).any()
    shares = table[table["unit"].astype(str).str.startswith("share of") & (table["measure"] != "gap")]
    assert shares["value"].dropna().between(0, 1).all()
    wide = table[table["id"] == "E2"].pivot_table(
        index=["year", "group"], columns="measure", values="value", observed=True
    )
    for total, one, other in (
        ("level_theil", "level_between_regions", "level_within_regions"),
        ("needs_theil", "needs_between_regions", "needs_within_regions"),
        ("cells_theil", "cells_between_places", "cells_within_places"),
        ("cells_theil", "cells_between_statuses", "cells_within_statuses"),
    ):
        if total in wide:
            split = wide[[total, one, other]].dropna()
            assert np.allclose(split[total], split[one] + split[other])
    for identity, parts in (
        ("E5", ["city", "ngo", "nation", "job", "informal", "nobody"]),
        ("E4", ["never", "episodic", "sustained"]),
    ):
        rows = table[
            (table["id"] == identity) & table["measure"].isin(parts)
        ].dropna()  # groups without needs
        assert np.allclose(rows.groupby(["year", "by", "group"], observed=True)["value"].sum(), 1)


def test_cells_are_sums_over_the_calendar_year() -> None:
    run = make_run(places=5, regions=2, months=14)
    monthly = run.table("monthly")
    by, counts = ["year", "place", "status"], ["needs", "stock"]
    summed = monthly.assign(year=1990 + monthly["month"] // 12).groupby(by, observed=True)[counts].sum()
    ours = cells(run, counts).frame().set_index(by)[counts]
    assert ours.to_numpy().tolist() == summed[summed.any(axis=1)].to_numpy().tolist()


def test_the_run_folder_has_them(tmp_path: Path) -> None:
    run = make_run(places=6, regions=2, months=25)
    folder = save_run(run, tmp_path / "r", csv=True)
    kept = load_run(folder).table("measures")
    pd.testing.assert_frame_equal(kept, measures_table(run))
    assert list(kept.columns) == list(TABLES["measures"])
    assert len(pd.read_csv(folder / "tables" / "measures.csv")) == len(kept)
    assert "measures" not in run.tables  # saving changes nothing
    again = load_run(save_run(load_run(folder), tmp_path / "again"))
    pd.testing.assert_frame_equal(again.table("measures"), kept)


def test_a_run_without_the_tables_has_none(hand: Run) -> None:
    tables = {name: table for name, table in hand.tables.items() if name != "moves"}
    run = Run(hand.scenario, tables)
    assert with_measures(run) is run
    assert "measures" in with_measures(hand).tables
