"""Outcomes chosen by name: the same numbers as the measures and headline numbers themselves; one way to make a run."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from local_citizenship.outcomes import outcome_spec as module
from local_citizenship.outcomes.declaration import groups_of
from local_citizenship.outcomes.headline import HEADLINES, main_outcomes
from local_citizenship.outcomes.measures import BY_ID, measures_table
from local_citizenship.outcomes.outcome_spec import (
    WHOLE_RUN,
    OutcomeSpec,
    UnknownOutcome,
    headline,
    measure,
    values_of,
)
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.simulate import Stopped, simulate
from local_citizenship.scenarios import load_scenario


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("two-towns", months=30)


def series(table: pd.DataFrame, *key: str) -> list[tuple[int, float]]:
    """Year and value of the rows with this id, measure, by and group."""
    for column, value in zip(("id", "measure", "by", "group"), key, strict=False):
        table = table[table[column] == value]
    return list(zip(table["year"], table["value"], strict=True))


def test_headline_numbers(run: Run) -> None:
    found = values_of(run, [headline(name) for name in HEADLINES])
    expected = main_outcomes(run)
    assert list(expected) == list(HEADLINES)
    for name, outcome in expected.items():
        ((year, value),) = found[name]
        assert year == WHOLE_RUN
        assert value == outcome.value or (math.isnan(value) and math.isnan(outcome.value))
        assert (outcome.label, outcome.unit) == HEADLINES[name][:2]


def test_measures_by_year_and_group(run: Run) -> None:
    kept = [
        measure("E3", "served_of_needs"),
        measure("E3", "served_of_needs", "status", "overstayer"),
        measure("E3", "served_of_needs", "status", "overstayer", 1991),
        measure("E3", "served_of_needs", "status", "overstayer", 1999),
        measure("E4", "episodic", called="modes"),
    ]
    found = values_of(run, kept)
    table = measures_table(run)
    assert found["E3.served_of_needs"] == series(table, "E3", "served_of_needs", "country")
    assert [year for year, _ in found["E3.served_of_needs"]] == [1990, 1991, 1992]
    over = series(table, "E3", "served_of_needs", "status", "overstayer")
    assert found["E3.served_of_needs overstayer"] == over
    assert found["E3.served_of_needs overstayer 1991"] == [over[1]]
    ((year, value),) = found["E3.served_of_needs overstayer 1999"]
    assert year == 1999
    assert math.isnan(value)
    assert found["modes"] == series(table, "E4", "episodic", "country")
    assert list(found) == [each.name for each in kept]


def test_only_what_is_asked_for_is_computed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        module, "measures_table", lambda run, ids: asked.append(ids) or measures_table(run, ids=ids)
    )
    values_of(run, [headline("stock")])
    assert asked == []
    monkeypatch.setattr(module, "main_outcomes", None)
    values_of(run, [measure("E8", "unmet"), measure("E3", "served_of_needs")])
    assert asked == [["E3", "E8"]]


def test_groups_are_those_of_the_table(run: Run) -> None:
    table = measures_table(run)
    for (identity, by), rows in table.groupby(["id", "by"], observed=True):
        if by != "country":
            assert by in BY_ID[identity].by
            assert set(rows["group"]) <= set(groups_of(by) or rows["group"])
    assert {(i, b) for i, b in zip(table["id"], table["by"], strict=True) if b != "country"} == {
        (identity, by) for identity, theme in BY_ID.items() for by in theme.by
    }


def test_unknown_ones() -> None:
    for ask in (lambda: headline("needs_mat"), lambda: measure("E3", "servd")):
        with pytest.raises(KeyError):
            ask()


@pytest.mark.parametrize(
    ("text", "name", "by", "group", "year"),
    [
        ("needs_met", "needs_met", "country", "all", None),
        ("E3.served_of_needs", "E3.served_of_needs", "country", "all", None),
        (" e3.served_of_needs[legal]", "E3.served_of_needs legal", "status", "legal", None),
        ("E3.served_of_needs legal 2005", "E3.served_of_needs legal 2005", "status", "legal", 2005),
        ("E3.served_of_needs 2005", "E3.served_of_needs 2005", "country", "all", 2005),
        ("E1.gap[the far north] 1999", "E1.gap the far north 1999", "region", "the far north", 1999),
        ("E4.never 5 1999", "E4.never 5 1999", "stay", "5", 1999),
        ("E7.places[language]", "E7.places language", "service", "language", None),
    ],
)
def test_both_ways_of_writing_are_read(text: str, name: str, by: str, group: str, year: int | None) -> None:
    spec = OutcomeSpec.parse(text)
    assert (spec.name, spec.by, spec.group, spec.year) == (name, by, group, year)
    assert OutcomeSpec.parse(name) == spec


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("need_met", "did you mean needs_met?"),
        ("E3.serve_of_needs", "did you mean E3.served_of_needs?"),
        ("E5.served_of_needs", "did you mean E3.served_of_needs?"),
        ("E3.needs[late]", "there are all, citizen, denizen"),
        ("E3.needs[", "there is no outcome"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(UnknownOutcome, match=re.escape(hint)):
        OutcomeSpec.parse(text)


def test_a_value_is_of_the_year_asked_for_or_of_the_last(run: Run) -> None:
    spec = OutcomeSpec.parse("E3.served_of_needs[legal]")
    by_year = dict(values_of(run, [spec])[spec.name])
    assert spec.value(run) == by_year[1992] != by_year[1991]
    assert spec.value(run, 1991) == OutcomeSpec.parse(f"{spec.name} 1991").value(run) == by_year[1991]
    assert math.isnan(spec.value(run, 2050))
    assert OutcomeSpec.parse("needs_met").value(run) == main_outcomes(run)["needs_met"].value
    assert math.isnan(OutcomeSpec.parse("E1.gap[Atlantis]").value(run))


def test_a_run_is_made_one_way(run: Run) -> None:
    passed: list[int] = []
    again = simulate(
        load_scenario("two-towns"), months=3, seed=7, progress=lambda done, *_: passed.append(done)
    )
    assert (again.seed, again.months, passed) == (7, 3, [1, 2, 3])
    named = simulate("two-towns", months=3, seed=7, sets=["scale.share=0.0005"])
    assert named.table("monthly").equals(again.table("monthly"))
    with pytest.raises(Stopped):
        simulate("two-towns", months=3, stop=lambda: True)
    with pytest.raises(ValueError, match="takes no `sets`"):
        simulate(load_scenario("two-towns"), sets=["fear.weight=0"])
