"""Outcomes kept of a run: the same numbers as the measures and headline numbers themselves."""

from __future__ import annotations

import math

import pytest

from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes import kept as module
from local_citizenship.outcomes.headline import HEADLINES, main_outcomes
from local_citizenship.outcomes.kept import DIVIDED_BY, GROUPS, WHOLE_RUN, headline, measure, values_of
from local_citizenship.outcomes.measures_table import measures_table
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios import load_scenario


@pytest.fixture(scope="module")
def run() -> Run:
    model = LocalCitizenship(load_scenario("two-towns", months=30))
    model.run()
    return Run.from_model(model)


def test_headline_numbers(run: Run) -> None:
    found = values_of(run, [headline(name) for name in HEADLINES])
    expected = main_outcomes(run)
    assert list(expected) == list(HEADLINES)
    for name, outcome in expected.items():
        ((year, value),) = found[name]
        assert year == WHOLE_RUN
        assert value == outcome.value or (math.isnan(value) and math.isnan(outcome.value))
        assert (outcome.label, outcome.unit) == HEADLINES[name]


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
    rows = table[(table["id"] == "E3") & (table["measure"] == "served_of_needs")]
    country = rows[rows["by"] == "country"]
    assert found["E3.served_of_needs"] == list(zip(country["year"], country["value"], strict=True))
    assert [year for year, _ in found["E3.served_of_needs"]] == [1990, 1991, 1992]
    over = rows[(rows["by"] == "status") & (rows["group"] == "overstayer")]
    assert found["E3.served_of_needs overstayer"] == list(zip(over["year"], over["value"], strict=True))
    assert found["E3.served_of_needs overstayer 1991"] == [found["E3.served_of_needs overstayer"][1]]
    ((year, value),) = found["E3.served_of_needs overstayer 1999"]
    assert year == 1999
    assert math.isnan(value)
    modes = table[(table["id"] == "E4") & (table["measure"] == "episodic") & (table["by"] == "country")]
    assert found["modes"] == list(zip(modes["year"], modes["value"], strict=True))
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
            assert by in DIVIDED_BY[identity]
            assert set(rows["group"]) <= set(GROUPS.get(by, rows["group"]))
    assert {(i, b) for i, b in zip(table["id"], table["by"], strict=True) if b != "country"} == {
        (identity, by) for identity, parts in DIVIDED_BY.items() for by in parts
    }


def test_unknown_ones() -> None:
    with pytest.raises(KeyError):
        headline("needs_mat")
    with pytest.raises(KeyError):
        measure("E3", "servd")
