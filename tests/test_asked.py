"""What one asks for: any declared measure, divided, over years, as a table and as a chart."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import artist, assert_readable, run_of
from matplotlib.figure import Figure
from own_measures import forget_own_measures

from local_citizenship.outcomes.asked.drawing import drawn
from local_citizenship.outcomes.asked.question import KINDS, AskedError, ask, kind_of, years_of
from local_citizenship.outcomes.asked.told import told_by_runs
from local_citizenship.outcomes.asked.values import by_year, together
from local_citizenship.outcomes.declaration import DIVISIONS, measure
from local_citizenship.outcomes.groups import CLAIMED_FROM
from local_citizenship.outcomes.measures import (
    COUNTRY,
    THEMES,
    all_measures,
    divided,
    formal_and_substantive,
    take_up,
)
from local_citizenship.outcomes.run import Run

NAMES = [f"{theme.id}.{each.name}" for theme, each in all_measures()]
DRAWS = 40


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("usual")


@pytest.fixture(scope="module")
def others() -> list[Run]:
    """The same scenario with another seed, and another scenario."""
    run = run_of("usual")
    lucky = Run(replace(run.scenario, seed=2), _fewer(run, 0.9), run.manifest)
    parameters = {**run.parameters, "fear.weight": 0.0}
    layers = {**run.scenario.layers, "fear.weight": "--set"}
    unafraid = replace(run.scenario, parameters=parameters, layers=layers)
    return [lucky, Run(unafraid, _fewer(run, 0.7), run.manifest)]


@pytest.fixture
def forgetful() -> Iterator[None]:
    yield
    forget_own_measures()


def _fewer(run: Run, part: float) -> dict[str, pd.DataFrame]:
    """Its tables, with fewer of the needs unmet."""
    monthly = run.table("monthly").assign(unmet=lambda table: (table["unmet"] * part).astype(int))
    needs = run.table("needs").assign(unmet=lambda table: (table["unmet"] * part).astype(int))
    return {**{name: run.table(name) for name in run.tables}, "monthly": monthly, "needs": needs}


# What can be asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_measure_has_numbers_for_all_it_declares_to_be_divided_by(run: Run, name: str) -> None:
    theme, _, short = name.partition(".")
    parts = THEMES[theme].parts_of(THEMES[theme][short])
    for part in parts:
        found = [each for each in divided(run, THEMES[theme], {part}, {short}) if short in each.table]
        assert found, (name, part)
        assert all(len(each.groups) for each in found), (name, part)


def test_the_table_of_all_measures_has_no_division_that_is_asked_for_alone(run: Run) -> None:
    from local_citizenship.outcomes.measures import measures_table

    assert set(measures_table(run)["by"]) == {
        COUNTRY,
        *(part for theme in THEMES.values() for part in theme.by),
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ("E3.eligible_any", "need"),
            "can't be split by need: it can be split by status, rung, region or place",
        ),
        (("E3.served_of_needs", "plase"), "did you mean 'place'"),
        (("E7.places", None), "told of parts alone: give --by service"),
        (("E3.served_of_need", None), "did you mean E3.served_of_needs?"),
        (("unauthorised", "status"), "told of the whole country alone"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_with_what_can(given: tuple[str, str | None], said: str) -> None:
    with pytest.raises(AskedError) as error:
        ask(*given)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_headline_number_is_the_measure_that_it_is() -> None:
    assert ask("take_up").name == ask("E3.take_up", "status").name == "E3.claimed_of_eligible_any"
    assert ask("E3.take_up", "group").by == "rung"
    assert ask("aware").name == "E3.aware_of_needs"
    assert ask("E3.aware").name == "E3.aware"  # a measure's own name comes first
    assert ask("stock").measure.unit == "persons"


@pytest.mark.parametrize(
    ("given", "years"),
    [("1995-2009", (1995, 2009)), ("2004", (2004, 2004)), ("1995-", (1995, None)), ("-2009", (None, 2009)),
     ((1990, 1992), (1990, 1992)), (1991, (1991, 1991)), (range(1990, 1993), (1990, 1992)), (None, (None, None))],
)  # fmt: skip
def test_years_may_be_said_in_many_ways(given: object, years: tuple[int | None, int | None]) -> None:
    assert years_of(given) == years


@pytest.mark.parametrize("given", ["soon", "2009-1995", (1, "x"), "", "19-95"])
def test_years_that_are_none_are_told(given: object) -> None:
    with pytest.raises(AskedError, match="years"):
        years_of(given)


@pytest.mark.parametrize(
    ("name", "by", "kind", "said"),
    [
        ("E2.level_gini", None, "map", "can't be mapped: it can be split by weights"),
        ("E1.gap", None, "map", "a map needs --by place or region"),
        ("E1.gap", None, "pie", "no kind of chart 'pie'"),
    ],
)
def test_a_kind_that_does_not_suit_is_told(name: str, by: str | None, kind: str, said: str) -> None:
    with pytest.raises(AskedError, match=said):
        kind_of(kind, ask(name, by))


# What is answered -----------------------------------------------------------------------------------------


def test_the_table_has_the_measures_numbers_and_their_unit(run: Run) -> None:
    table = run.table("E3.served_of_needs", by="place", years=(1992, 1993))
    direct = take_up(run, by=("year", "place"))
    direct = direct[direct["year"].isin([1992, 1993])]
    assert np.allclose(np.sort(table["value"]), np.sort(direct["served_of_needs"]), equal_nan=True)
    assert set(table["unit"]) == {"share of needs"}
    assert list(table.columns) == ["year", "id", "measure", "by", "group", "label", "value", "unit"]
    assert set(table["label"]) <= set(run.table("places")["name"])


def test_years_together_are_counted_together_and_not_the_mean_of_the_years(run: Run) -> None:
    question = ask("E1.substantive", "status", (1991, 1993))
    found = together(run, question).set_index("group")["value"].dropna()
    monthly = run.table("monthly")
    these = monthly[(monthly["month"] >= 12) & (monthly["month"] < 48)]
    sums = these.groupby("status", observed=True)[["needs", *CLAIMED_FROM]].sum()
    expected = sums[list(CLAIMED_FROM)].sum(axis=1) / sums["needs"]
    assert len(found) > 3
    assert found.to_dict() == pytest.approx({name: expected[name] for name in found.index})
    whole = formal_and_substantive(run, by="status").set_index("status")["substantive"]
    everything = together(run, ask("E1.substantive", "status")).set_index("group")["value"].dropna()
    assert everything.to_dict() == pytest.approx({name: whole[name] for name in everything.index})


def test_what_is_counted_once_a_year_is_the_mean_of_the_years(run: Run) -> None:
    question = ask("E4.persons", "status")
    yearly = by_year(run, question).groupby("group")["value"].mean()
    assert together(run, question).set_index("group")["value"].to_dict() == pytest.approx(yearly.to_dict())


def test_a_chart_leaves_out_what_few_cases_tell_and_the_table_has_it(run: Run) -> None:
    question = ask("E3.served_of_needs", "status")
    told = told_by_runs([run], question, "line")
    needs = by_year(run, ask("E3.needs", "status")).set_index(["year", "group"])["value"]
    few = {key for key, value in needs.items() if value < 5}
    assert few
    for row in told.values.itertuples():
        assert np.isfinite(row.value) == ((row.year, row.group) not in few)
    assert "under 5 cases" in " ".join(told.notes)
    everything = run.table("E3.served_of_needs", by="status")["value"]
    assert everything.notna().sum() > told.values["value"].notna().sum()


def test_runs_that_differ_by_their_seed_alone_are_one_line_with_a_band(run: Run, others: list[Run]) -> None:
    told = told_by_runs([run, *others], ask("E1.substantive"), "line")
    assert told.arms == ("made-up", "fear.weight\u00a0=\u00a00")
    rows = told.summary().set_index(["arm", "year"])
    one, other = (by_year(each, told.question).set_index("year")["value"] for each in (run, others[0]))
    row = rows.loc[("made-up", 1993)]
    assert (row["runs"], row["low"], row["high"]) == (
        2,
        min(one[1993], other[1993]),
        max(one[1993], other[1993]),
    )
    assert row["value"] == pytest.approx((one[1993] + other[1993]) / 2)
    assert "lowest to highest" in told.band()


def test_the_same_run_twice_is_told(run: Run) -> None:
    with pytest.raises(AskedError, match="given twice"):
        told_by_runs([run, run], ask("E1.substantive"), "line")


# Charts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_asked_is_a_legible_chart_or_one_sentence(run: Run, others: list[Run], seed: int) -> None:
    """Measure, division, kind, years and runs at random."""
    chance, charts, sentences = random.Random(seed), 0, list[str]()
    for _ in range(DRAWS // 4):
        name = chance.choice(NAMES)
        theme = THEMES[name.partition(".")[0]]
        parts = (*theme.parts_of(theme[name.partition(".")[2]]), chance.choice([*DIVISIONS]))
        by, kind = chance.choice(parts), chance.choice([None, *KINDS])
        years = chance.choice([None, "1991", "1991-1993", "1993-"])
        runs = chance.choice([[run], [run, others[0]], [run, *others]])
        try:
            question = ask(name, by, years)
            chosen = kind_of(kind, question)
            chart = drawn(told_by_runs(runs, question, chosen), chosen, None)
        except AskedError as error:
            sentences.append(str(error))
            continue
        assert isinstance(chart.axes.figure, Figure)
        assert_readable(chart.axes.figure)
        assert not re.search(r"\bnan\b", chart.alt)
        assert len(chart.table)
        charts += 1
    assert charts >= 3
    assert all(0 < len(each) < 300 and "\n" not in each for each in sentences)


def test_observed_points_stand_on_top(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("year,group,value\n1991,legal,0.25\n1993,Permanent residents,0.5\n")
    axes = run.plot("E1.substantive", by="rung", observed=file)
    points = np.vstack([each.get_offsets() for each in axes.collections if len(each.get_offsets()) == 1])
    assert sorted(map(tuple, points.tolist())) == [(1991.0, 0.25), (1993.0, 0.5)]
    assert "observed (mine.csv)" in str(artist(axes.figure, "subtitle")[0].get_text()).replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year,valeu\n1991,0.2\n", "no column 'value'; did you mean 'valeu'"),
        ("year,value\n1991,34\n", "line 2: 34 is no share of needs"),
        ("year,value\n1991,much\n", "line 2: 'much' is no value"),
        ("year,value\n2031,0.3\n", "no row of the years"),
        ("", "can't be read"),
    ],
)
def test_observations_that_are_none_are_told(run: Run, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text)
    with pytest.raises(AskedError, match=said):
        run.plot("E1.substantive", years="1990-1993", observed=file)
    with pytest.raises(AskedError, match="no room for observed"):
        run.plot("E1.substantive", by="place", kind="map", observed=file)


@pytest.mark.parametrize(
    ("name", "by", "kind"),
    [("E1.substantive", "status", "line"), ("E1.substantive", "need", "bar"), ("E1.gap", "need", "heat"),
     ("E3.needs", "place", "map"), ("E4.sustained", "stay", "bar"), ("E3.needs", None, "bar")],
)  # fmt: skip
def test_a_chart_goes_into_axes_of_ones_own(run: Run, name: str, by: str | None, kind: str) -> None:
    figure = Figure(layout="constrained")
    ours, beside = figure.subplots(1, 2)
    assert run.plot(name, by=by, kind=kind, ax=ours) is ours
    assert ours.get_title()
    assert ours.has_data()
    assert not beside.has_data()
    figure.draw_without_rendering()


def test_axes_of_ones_own_take_no_panels(run: Run, others: list[Run]) -> None:
    axes = Figure().subplots()
    with pytest.raises(AskedError, match="leave out ax"):
        run.plot("E1.substantive", by="status", against=others, ax=axes)


def test_some_groups_are_chosen_by_what_they_are_called(run: Run) -> None:
    name = str(run.table("places")["name"].iloc[7])
    assert set(run.table("E3.needs", by="place", groups=[name])["group"]) == {name}
    with pytest.raises(AskedError, match="there is no place 'Atlantis'"):
        run.table("E3.needs", by="place", groups=["Atlantis"])


@pytest.mark.usefixtures("forgetful")
def test_a_measure_of_ones_own_is_drawn_like_any_other(run: Run) -> None:
    @measure(label="Left", unit="persons", also=("place",))
    def left(run: Run, by: object = "year") -> pd.DataFrame:
        monthly = run.table("monthly").assign(year=lambda table: 1990 + table["month"] // 12)
        return monthly.groupby(list(by) if isinstance(by, tuple) else by)["left"].sum().reset_index()

    axes = run.plot("left", kind="bar")
    monthly = run.table("monthly")
    first = monthly.loc[monthly["month"] < 12, "left"].sum()
    assert axes.patches[0].get_height() == first > 0
    assert run.table("own.left", by="place")["value"].sum() == monthly["left"].sum()
    assert kind_of(None, ask("left", "place")) == "map"


def test_long_names_are_whole(run: Run) -> None:
    places = run.table("places")
    long = [f"Minamitsuru-gun Fujikawaguchiko-machi-{place:03d} $x^2$" for place in places["place"]]
    named = run.replaced(places=places.assign(name=long))
    for kind in ("line", "bar", "heat"):
        axes = named.plot("E3.needs", by="place", kind=kind)
        figure = axes.figure
        assert isinstance(figure, Figure)
        assert_readable(figure)
        shown = " ".join(
            text.get_text().replace("\n", " ") for text in figure.findobj(lambda a: hasattr(a, "get_text"))
        )
        assert shown.count("Fujikawaguchiko-machi-") >= 3
        assert "$x^2$" in shown
