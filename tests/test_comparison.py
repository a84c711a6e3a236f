"""Scenarios under the same seeds: the same people in each, paired outcomes, their figures, what is left on disk."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import artist, assert_finished, assert_readable
from matplotlib.figure import Figure
from matplotlib.text import Text
from own_measures import forget_own_measures
from synthetic_tables import make_run

from local_citizenship.experiments import comparison as comparison_module
from local_citizenship.experiments.comparison import (
    COLUMNS,
    Comparison,
    NothingToCompare,
    compare_scenarios,
    comparison_data,
    draw_figures,
    save_comparison,
)
from local_citizenship.outcomes import Run
from local_citizenship.outcomes.declaration import load_measure
from local_citizenship.outcomes.divergence import compare_lives
from local_citizenship.outcomes.measures import measure as own_measure
from local_citizenship.outcomes.measures import measures_table
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.outcomes.plots import FIGURES, compared, title_of
from local_citizenship.outcomes.plots.compared import ComparisonData
from local_citizenship.outcomes.plots.comparison import (
    beside,
    difference_map,
    differs,
    draw_comparison,
    maps,
    world_map,
)
from local_citizenship.outcomes.plots.declaration import COMPARED
from local_citizenship.outcomes.plots.differences import differences
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import Scenario, load_scenario
from local_citizenship.scenarios.languages import speaking

WILLING = OutcomeSpec.parse("E3.willing_of_aware[overstayer]")


def two_worlds(unafraid: Path) -> list[Scenario]:
    return [load_scenario(name, months=60) for name in ("two-towns", str(unafraid))]


@pytest.fixture(scope="module")
def found(unafraid: Path) -> Comparison:
    """Two towns, and two towns without fear, under four seeds."""
    return compare_scenarios(two_worlds(unafraid), 4, outcomes=[WILLING])


def test_each_world_has_the_same_seeds_and_its_own_runs(found: Comparison) -> None:
    assert [arm.name for arm in found.arms] == ["two-towns", "unafraid"]
    assert found.seeds[0] == 1
    assert len(set(found.seeds)) == 4
    for arm in found.arms:
        assert list(arm.values.index) == found.seeds
    differences = found.differences(1)
    willing = differences[WILLING.name]
    assert willing.n == 4
    assert willing.clear
    assert willing.change > 0, "without fear more of those who know of help are willing to ask"
    assert willing.first == pytest.approx(found.arms[0].values[WILLING.name].mean())


def test_the_chosen_outcome_is_the_measure_of_the_last_year(found: Comparison) -> None:
    table = measures_table(simulate("two-towns", months=60))
    wanted = {"id": "E3", "measure": "willing_of_aware", "group": "overstayer"}
    rows = table[(table[list(wanted)] == list(wanted.values())).all(axis=1)].set_index("year")["value"]
    assert found.arms[0].values.loc[1, WILLING.name] == rows[1994]
    assert WILLING.value(simulate("two-towns", months=60), 1992) == rows[1992]


def test_the_first_seeds_people_are_the_same_in_both(found: Comparison) -> None:
    one, other = (arm.first for arm in found.arms)
    assert one is not None
    assert other is not None
    lives = compare_lives(one, other)
    # All but a few: who is without work here has fewer sent for, and work is lost with help that does not come.
    assert (lives["in_a"] & lives["in_b"]).mean() > 0.95
    assert 0 < lives["parted"].count() < 0.5 * len(lives)


def test_the_same_scenario_twice_differs_by_exactly_nothing() -> None:
    scenario = load_scenario("two-towns", months=24)
    twice = compare_scenarios([scenario, scenario], 2, figures=False)
    assert [arm.name for arm in twice.arms] == ["two-towns (1)", "two-towns (2)"]
    for name, each in twice.differences(1).items():
        assert each.none_at_all or each.n == 0, name
    assert compare_lives(twice.arms[0].first, twice.arms[1].first)["parted"].isna().all()  # type: ignore[arg-type]


def test_a_measure_declared_in_python_is_compared_by_other_processes_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def seed(run):\n    return run.seed\n")

    @own_measure(unit="persons")
    def moved(run: Run) -> float:
        return float(len(run.table("moves")))

    try:
        load_measure(f"{file}:seed")
        scenarios = [load_scenario("two-towns", months=12)] * 2
        chosen = [OutcomeSpec.parse("own.moved")]
        usual, alone, others = (
            compare_scenarios(scenarios, 2, outcomes=outcomes, figures=False, workers=n).runs_table()
            for outcomes, n in (([], 1), (chosen, 1), (chosen, 2))
        )
        pd.testing.assert_frame_equal(alone, others)
        for table in (usual, others):
            assert {"own.moved", "own.seed"} <= {*table["outcome"]}
    finally:
        forget_own_measures()


def test_lives_are_recorded_alike_and_nothing_else_changes() -> None:
    """Of two scenarios the one that records fewer lives records as many as the other, with the same outcomes."""
    scenario = load_scenario("two-towns", months=12)
    few = load_scenario("two-towns", months=12, sets=["stories.share=0"])
    both = compare_scenarios([few, scenario], 2, figures=False)
    counts = [len(arm.first.table("events")) for arm in both.arms if arm.first is not None]
    assert counts[0] == counts[1] > 0
    assert all(each.none_at_all or each.n == 0 for each in both.differences(1).values())


def test_a_run_that_fails_is_told_and_left_out_with_its_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("two-towns", months=12)
    kept = comparison_module._kept

    def fails_once(run: Run, **how: object) -> dict[str, object]:
        if run.seed != 1:
            raise ZeroDivisionError("out of luck")
        return kept(run, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(comparison_module, "_kept", fails_once)
    half = compare_scenarios([scenario, scenario], 2, figures=False)
    assert len(half.failed) == 2
    assert "ZeroDivisionError: out of luck" in half.failed[0]
    assert half.differences(1)["needs_met"].n == 1
    monkeypatch.setattr(comparison_module, "_kept", lambda run, **how: 1 / 0)
    with pytest.raises(NothingToCompare, match=r"no pair of runs went well.*division by zero"):
        compare_scenarios([scenario, scenario], 2, figures=False)


def test_pooled_tables_are_sums_over_runs() -> None:
    runs = [make_run(places=12, regions=2, months=24, seed=seed) for seed in (1, 2, 3)]
    for name, count in (("claiming-cascade", "episodes"), ("who-met-the-need", "episodes"), ("map", "needs")):
        tables = [FIGURES[name].data(run) for run in runs]
        pooled = FIGURES[name].pool(tables)
        assert list(pooled.columns) == list(tables[0].columns)
        assert pooled[count].sum() == pytest.approx(sum(t[count].sum() for t in tables) / 3)
        assert len(pooled) <= len(pd.concat(tables))
        alone = FIGURES[name].pool(tables[:1])
        key = [c for c in tables[0].columns if c in ("group", "stage", "year", "provider", "place")]
        same = [table.sort_values(key, ignore_index=True) for table in (alone, tables[0])]
        pd.testing.assert_frame_equal(*same, check_dtype=False)
    uneven = [FIGURES["unevenness"].data(run) for run in runs]
    expected = pd.concat(uneven).groupby(["of_what", "year", "part"])["theil"].mean()
    pooled = FIGURES["unevenness"].pool(uneven).set_index(["of_what", "year", "part"])["theil"].sort_index()
    assert pooled.to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)


def test_a_comparison_on_disk_describes_itself(found: Comparison, unafraid: Path, tmp_path: Path) -> None:
    lives = compare_lives(found.arms[0].first, found.arms[1].first)  # type: ignore[arg-type]
    folder = tmp_path / "left"
    save_comparison(found, two_worlds(unafraid), folder, command="it", lives={1: lives})
    titles = draw_figures(found, folder / "figures")
    assert len(titles) == len(list((folder / "figures").glob("*.png"))) >= 5
    about = json.loads((folder / "comparison.json").read_text())
    assert about["seeds"] == found.seeds
    assert about["command"] == "it"
    dictionary = pd.read_csv(folder / "data-dictionary.csv")
    for name in ("differences", "runs", "lives"):
        (file,) = (folder / "tables").glob(f"{name}*.csv")
        columns = set(pd.read_csv(file).columns)
        described = set(", ".join(dictionary.loc[dictionary["table"] == name, "column"]).split(", "))
        assert columns == described, name
        assert set(COLUMNS[name]) <= set(dictionary["column"])
    assert sorted(f.name for f in (folder / "scenarios").iterdir()) == ["two-towns.yaml", "unafraid.yaml"]
    runs = pd.read_csv(folder / "tables" / "runs.csv")
    assert len(runs) == 2 * 4 * len(found.words)
    assert "60" not in comparison_data(found).source
    assert "4 seeds in each, from 1; 1990-01 to 1994-12" in comparison_data(found).source


def test_numbers_are_finite_or_missing(found: Comparison) -> None:
    table = found.differences_table()
    assert np.isfinite(table.loc[table["n"] > 1, ["difference", "low", "high"]].to_numpy()).all()
    assert (table["low"] <= table["difference"]).all()
    assert (table["difference"] <= table["high"]).all()


# Figures: what is drawn is what the tables say, and can be read


def made_up(worlds: int, places: int = 30, seeds: int = 0) -> ComparisonData:
    """`seeds`: of so many runs each the maps are there, alike but for a shift that grows with the place's number."""
    runs = [make_run(places=places, regions=3, months=48, seed=seed) for seed in range(1, worlds + 1)]
    names = ["japan-sample", "a scenario whose name is rather long, as names of files may be", "firewall"]
    pooled = {name: drawing for name, drawing in FIGURES.items() if drawing.pooled}
    tables = [{name: drawing.data(run) for name, drawing in pooled.items()} for run in runs]
    source = "Simulated: made-up; the same 10 seeds in each, from 1; 1990-01 to 1993-12"
    by_seed = [
        {"map": {seed: _shifted(tables[0]["map"], seed, n) for seed in range(seeds)}} for n in range(worlds)
    ]
    pooled_maps = [each | {"map": _shifted(tables[0]["map"], 0, n)} for n, each in enumerate(tables)]
    return ComparisonData(
        names[:worlds], pooled_maps if seeds else tables, source, 10, by_seed=by_seed if seeds else ()
    )


def _shifted(table: pd.DataFrame, seed: int, world: int) -> pd.DataFrame:
    """In a further world the first third of the places has decidedly more of everything, the last decidedly less."""
    third = 3 * np.arange(len(table)) // len(table)
    shift = np.where(third == 0, 0.1, np.where(third == 2, -0.1, 0.1 * (-1) ** seed))
    values = dict.fromkeys(("share_met", "service_level"), 0.4 + world * (shift + 0.001 * (-1) ** seed))
    return table.assign(**values)


def rows_of(*changes: tuple[str, float, float, float]) -> pd.DataFrame:
    rows = [
        {"scenario": "after", "against": "before", "outcome": name, "label": name.capitalize(),
         "unit": "share of needs", "n": 10, "mean_against": 0.2, "mean": 0.2 + change, "difference": change,
         "low": low, "high": high, "decided": low > 0 or high < 0}
        for name, change, low, high in changes
    ]  # fmt: skip
    return pd.DataFrame(rows)


DECIDED = rows_of(
    ("needs_met", 0.01, 0.005, 0.015), ("aware", -0.002, -0.01, 0.006), ("take_up", -0.5, -0.6, -0.4)
)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    two, three, few = made_up(2), made_up(3), made_up(2, places=2)
    return {
        "differences": differences(DECIDED, two.source),
        "cascade": compared.cascade(two),
        "cascade of three": compared.cascade(three),
        "who": compared.who_met_the_need(two),
        "who of three": compared.who_met_the_need(three),
        "unevenness": compared.unevenness(three),
        "map": maps(two, 1, "share_met"),
        "map of the difference": difference_map(made_up(2, seeds=6), 1, "share_met"),
        "map of a world": world_map(made_up(3, seeds=6), 2, "service_level"),
        "map of few": maps(few, 1, "service_level"),
    }


def test_every_text_is_large_enough_and_on_the_slide(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        assert_readable(figure)


def test_titles_say_a_finding_and_sources_the_seeds(drawn: dict[str, Figure]) -> None:
    for name, figure in drawn.items():
        assert_finished(title_of(figure))
        assert len(title_of(figure)) > 20, name
        (source,) = (t.get_text() for t in figure.texts if t.get_gid() == "source")
        assert "10 seeds" in source.replace("\n", " ")


def test_the_dots_stand_where_the_table_says(drawn: dict[str, Figure]) -> None:
    figure = drawn["differences"]
    told = "Needs_met: +1.00 points with after against before; 2 of 3 differences are decided"
    assert title_of(figure) == told
    dots = {a.get_gid(): a for a in figure.findobj() if str(a.get_gid()).startswith("difference-")}
    assert dots["difference-2"].get_xdata()[0] == pytest.approx(5.0)  # 0.01 of 0.2
    assert dots["difference-1"].get_markerfacecolor() == "white", "undecided is hollow"
    assert dots["difference-2"].get_markerfacecolor() != "white"
    assert dots["difference-0"].get_marker() == "<", "beyond the axis an arrow"
    assert dots["difference-0"].get_xdata()[0] > -250
    (beyond,) = artist(figure, "beyond-0")
    assert beyond.get_text() == "-250%"
    assert "triangle: beyond the chart" in subtitle(figure)
    assert "triangle" not in subtitle(differences(DECIDED.iloc[:2], ""))
    assert dots["difference-2"].get_color() == compared.VERMILION, "orange is more, as on maps"


def test_headlines_name_no_difference_that_luck_alone_may_make() -> None:
    one = made_up(2)
    shown = {name: one.table(name) for name in ("claiming-cascade", "who-met-the-need")}

    def told(luck: float) -> list[str]:
        """The headlines, where the second world's difference is so much less and more under one seed and the next."""

        def of_seed(name: str, number: int, seed: int) -> pd.DataFrame:
            (first, second), column = shown[name], "share" if name == "claiming-cascade" else "episodes"
            change = number * (second[column] - first[column]) * (1 + luck * (-1) ** seed)
            return first.assign(**{column: first[column] + change})

        by_seed = [
            {name: {n: of_seed(name, number, n) for n in range(4)} for name in shown} for number in (0, 1)
        ]
        sides = replace(one, by_seed=by_seed)
        return [title_of(draw(sides)) for draw in (compared.cascade, compared.who_met_the_need)]

    for said in (*told(3.0), title_of(compared.cascade(one)), title_of(compared.who_met_the_need(one))):
        assert "is surely more than luck" in said
    for said in told(0.01):
        assert re.search(r"\d% ", said)
        assert "luck" not in said


def test_of_a_base_near_zero_no_percentage_is_told_and_which_way_is_worse_is_said() -> None:
    rows = rows_of(
        ("needs_met", 0.01, 0.005, 0.015),
        ("level_lost", 0.0009, -0.0027, 0.0044),
        ("aware", 0.02, 0.01, 0.03),
    )
    rows.loc[1, ["unit", "mean_against"]] = ["level a move", -0.0017]
    rows["variance_against"] = [0.0, 0.0, 0.05]  # the last: luck alone is as large as what it is a share of
    rows["variance_unpaired"] = [9.0, 0.0, 0.05]  # the first: by the other scenario, which it is no share of
    figure = differences(rows, "")
    dots = {a.get_gid(): a for a in figure.findobj() if str(a.get_gid()).startswith("difference-")}
    assert dots["difference-2"].get_xdata()[0] == pytest.approx(5.0)
    assert dots["difference-1"].get_text() == "near 0: -0.0027 to +0.0044"
    assert dots["difference-0"].get_text() == "no percentage: +1.00 to +3.00"
    texts = {text.get_text() for text in figure.findobj(Text)}
    assert "+0.0009: more lost" in texts
    (what,) = (text.replace("\n", " ") for text in texts if "95% intervals over" in text)
    assert "near 0: the interval in its own unit" in what
    assert "no percentage: the interval in its own unit, since single runs differ" in what
    assert_readable(figure)


@pytest.mark.filterwarnings("error")
def test_of_a_base_below_zero_a_percentage_keeps_the_sign_and_without_an_interval_no_text_stands() -> None:
    rows = rows_of(
        ("level_lost", 0.01, 0.005, 0.015), ("needs_met", 0.01, np.nan, np.nan), ("aware", 0.01, 0.005, 0.015)
    )
    rows["unit"] = ["level a move", "share of needs", "share of needs"]
    rows["mean_against"] = [-0.2, 0.001, np.nan]
    figure = differences(rows, "")
    dots = {a.get_gid(): a for a in figure.findobj() if str(a.get_gid()).startswith("difference-")}
    assert dots["difference-2"].get_xdata()[0] == pytest.approx(5.0)
    assert set(dots) == {"difference-2"}
    texts = " ".join(text.get_text() for text in figure.findobj(Text))
    assert "near 0" not in texts
    assert "none" not in texts


def test_where_nothing_differs_the_titles_say_so() -> None:
    same = rows_of(("needs_met", 0.0, 0.0, 0.0), ("aware", 0.0, 0.0, 0.0))
    assert title_of(differences(same, "")) == "After and before are the same in every pair of runs"
    open_ = rows_of(("needs_met", 0.01, -0.1, 0.12))
    assert "decide no difference" in title_of(differences(open_, ""))
    one = made_up(2)
    twins = replace(one, tables=[one.tables[0], one.tables[0]])
    assert "hardly differ" in title_of(compared.cascade(twins))
    assert "hardly differs" in title_of(compared.who_met_the_need(twins))
    assert "as uneven in all" in title_of(compared.unevenness(twins))
    assert "the same in every municipality" in title_of(maps(twins, 1, "share_met"))
    assert not differs(beside(twins, 1), "service_level")


def test_the_marks_of_the_cascade_are_the_shares(drawn: dict[str, Figure]) -> None:
    sides = made_up(2)
    for number, table in enumerate(sides.table("claiming-cascade")):
        own = table[table["group"] == "legal"].set_index("stage")["share"]
        (line,) = (a for a in drawn["cascade"].findobj() if a.get_gid() == f"cascade-legal-{number}")
        assert line.get_xdata() == pytest.approx([own[stage] for stage in compared.STAGES])


def test_maps_share_one_scale_and_the_difference_is_the_difference() -> None:
    sides = made_up(2)
    table = beside(sides, 1)
    first, other = (t.set_index("place")["share_met"] for t in sides.table("map"))
    told = table.set_index("place")["difference_share_met"]
    assert told.to_numpy() == pytest.approx((other - first).to_numpy(), nan_ok=True)
    figure = maps(sides, 1, "share_met")
    one, two, difference = (
        artist(figure, f"map-{name}")[0].norm
        for name in ("share_met", "share_met_other", "difference_share_met")
    )
    assert (one.vmin, one.vmax) == (two.vmin, two.vmax)
    assert difference.vmin == -difference.vmax


def test_the_headline_is_the_main_outcome_and_then_the_largest_that_is_decided() -> None:
    rows = rows_of(
        ("met_by_job", -0.0005, -0.0006, -0.0004),
        ("needs_met", 0.01, -0.1, 0.12),
        ("aware", 0.05, 0.03, 0.07),
    )
    said = (
        "Needs_met with after against before: not decided. Aware: +5.0 points (of 2 decided differences the largest "
        "for its size; 3 in all)"
    )
    assert title_of(differences(rows, "")) == said
    page = differences(rows.iloc[[0, 2]], "", rows)
    assert title_of(page) == said, "a page with a part of the outcomes speaks of all"
    assert title_of(differences(rows.iloc[[0, 2]], "")).startswith("Aware: +5.0 points")


def test_what_luck_would_make_of_so_many_outcomes_is_not_named() -> None:
    open_ = [(f"outcome_{number}", 0.01, -0.1, 0.12) for number in range(15)]
    rows = rows_of(("needs_met", 0.01, -0.1, 0.12), ("aware", 0.05, 0.0001, 0.0999), *open_)
    assert title_of(differences(rows, "")) == (
        "Needs_met with after against before: not decided; 1 of 17 differences are, as luck alone might make them"
    )
    assert title_of(differences(rows.iloc[1:], "")).startswith("1 of 16 differences between after")


def test_runs_that_differ_either_way_are_not_the_same() -> None:
    rows = rows_of(("needs_met", 0.0, -0.12, 0.12))
    assert "decide no difference" in title_of(differences(rows, ""))


def test_pairs_are_those_that_both_scenarios_have() -> None:
    sides = made_up(3, seeds=6)
    for number, seed in ((0, 0), (1, 3), (2, 4), (2, 5)):
        del sides.by_seed[number]["map"][seed]  # type: ignore[attr-defined]
    assert (sides.pairs(1), sides.pairs(2)) == (4, 3)
    one = rows_of(("needs_met", 0.01, 0.005, 0.015), ("aware", 0.05, -0.03, 0.07))
    assert title_of(differences(one, "")).endswith("; 1 of 2 differences is decided")


def shown_on(figure: Figure, gid: str) -> int:
    """How many places have a colour."""
    return len(artist(figure, gid)[0].get_offsets())


def test_a_map_colours_the_places_whose_difference_is_decided_and_says_what_it_leaves_out() -> None:
    sides = made_up(2, seeds=6)
    decided = beside(sides, 1).set_index("place")["decided_share_met"]
    assert decided.iloc[:10].tolist() == [1] * 10
    assert not decided.iloc[10:20].any(), "what falls out one way or the other"
    assert decided.iloc[20:].tolist() == [-1] * 10
    figure = difference_map(sides, 1, "share_met")
    assert shown_on(figure, "map-difference_share_met") == 20
    assert "the 20 of 30 municipalities whose difference is decided by 6 pairs of runs (by luck" in subtitle(
        figure
    )
    assert "more than with japan-sample where" in title_of(figure)
    few = made_up(2, seeds=4)
    assert not beside(few, 1)["decided_share_met"].any()
    assert "takes 5 pairs of runs, and there are fewer (4 pairs of runs)" in subtitle(
        difference_map(few, 1, "share_met")
    )


def subtitle(figure: Figure) -> str:
    return " ".join(artist(figure, "subtitle")[0].get_text().split())


def test_the_pages_of_maps_have_one_frame(tmp_path: Path) -> None:
    sides = made_up(2, seeds=6)
    pages = [difference_map(sides, 1, "share_met"), *(world_map(sides, n, "share_met") for n in (0, 1))]
    frames = [
        (page.axes[0].get_position().bounds, page.axes[0].get_xlim(), page.axes[0].get_ylim())
        for page in pages
    ]
    assert frames[0] == frames[1] == frames[2]
    assert shown_on(pages[2], "map-share_met_other") == 30
    names = [
        file.name for file, _ in draw_comparison(sides, DECIDED.assign(scenario=sides.names[1]), tmp_path)
    ]
    assert names[-6:-3] == ["05-map-needs-met.png", "06-map-needs-met-in-1.png", "07-map-needs-met-in-2.png"]


def test_many_outcomes_go_on_several_slides(tmp_path: Path) -> None:
    sides = replace(made_up(2), names=["before", "after"])
    many = pd.concat([DECIDED] * 6, ignore_index=True)
    written = draw_comparison(sides, many, tmp_path)
    assert [file.name for file, _ in written][:2] == ["01-differences-a.png", "02-differences-b.png"]
    for file, title in written:
        assert title
        assert len(pd.read_csv(file.with_suffix(".csv"))) > 0


def test_its_figures_speak_another_language() -> None:
    sides = made_up(2)
    rows = rows_of(("needs_met", 0.05, 0.03, 0.07), ("unmet", 0.01, -0.01, 0.03)).assign(label="Needs met")
    with speaking("es"):
        drawn = [differences(rows, sides.source), *(draw(sides) for draw in COMPARED.values())]
        drawn.append(maps(sides, 1, "share_met"))
    said = " ".join(text.get_text() for figure in drawn for text in figure.findobj(Text))
    own = re.compile("|".join(map(re.escape, [*sides.names, sides.source])))
    english = r"\b(?:the|with|needs?|share|met|largest|runs?|level|difference|stage|less|where|migrants)\b"
    assert re.findall(english, own.sub("", said.replace("\n", " "))) == []
    assert "Necesidades atendidas: +5,0 puntos con after frente a before" in said.replace("\n", " ")
