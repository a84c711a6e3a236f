"""Figures of a study: what is drawn equals the table, they say what their bands are, and all can be read."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import artist, assert_finished, assert_readable, line
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from SALib.sample import latin
from SALib.sample import morris as morris_sample
from study_samples import ASSUMED, CITED, FITTED, grid, problem, sobol_points, study

from local_citizenship.experiments.studies.factor_effects import effects, robustness
from local_citizenship.experiments.studies.plots import effects as effect_figures
from local_citizenship.experiments.studies.plots import fans
from local_citizenship.experiments.studies.plots import points as point_figures
from local_citizenship.experiments.studies.plots.effects import levers_figure
from local_citizenship.experiments.studies.plots.indices import indices_figure, rests_on_figure
from local_citizenship.experiments.studies.report import SUMMARY, write_report
from local_citizenship.experiments.studies.results import StudyResults
from local_citizenship.experiments.studies.sensitivity import sensitivity
from local_citizenship.outcomes.plots import style, title_of
from local_citizenship.scenarios.languages import speaking

ROLES, SOURCES = ("lever", "uncertainty", "uncertainty"), (ASSUMED, FITTED, CITED)
YEARS = tuple(range(2000, 2006))


def weighted(x: np.ndarray) -> np.ndarray:
    return 0.3 + 0.1 * x[:, 0] - 0.08 * x[:, 1] + 0.06 * x[:, 0] * x[:, 1] + 0.01 * x[:, 2]


made = partial(
    study, function=weighted, replicates=6, noise=0.01, luck=0.03, shared=True, roles=ROLES, sources=SOURCES,
    unit="share of needs", years=YEARS,
)  # fmt: skip


@cache
def studies() -> dict[str, StudyResults]:
    one = np.array([[0.5, 0.5, 0.5]])
    return {
        "list": made("list", one, scenarios=("two-towns", "firewall", "no-ngos"), lift=0.05),
        "grid": made("grid", grid((0.0, 1.0), (0.0, 0.5, 1.0), (0.0, 1.0))),
        "ofat": made("ofat", np.array([[0.5, 0.5, 0.5], [0.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 0.0]])),
        "sobol": made("sobol", sobol_points(3, 16)),
        "morris": made("morris", morris_sample.sample(problem(3), 8, seed=1)),
        "lhs": made(
            "lhs", latin.sample(problem(3), 20, seed=1), scenarios=("two-towns", "firewall"), lift=0.05
        ),
    }


@cache
def figures() -> dict[str, Figure]:
    """Every kind of figure, by kind and design."""
    found: dict[str, Figure] = {}
    for name, results in studies().items():
        y = results.outcome("y")
        found[f"fan {name}"] = fans.fan(results, "yearly")
        if len(results.points) <= fans.MOST_LINES:
            found[f"mean {name}"] = fans.mean_lines(results, "yearly")
            found[f"points {name}"] = point_figures.points_figure(y)
        if name in ("grid", "ofat", "list"):
            found[f"effects {name}"] = effect_figures.effects_figure(y)
        if name in ("grid", "sobol", "morris", "lhs"):
            told = sensitivity(results.outcome("y"))
            found[f"indices {name}"] = indices_figure(told[0])
            found[f"rests on {name}"] = rests_on_figure([*told, *sensitivity(results.outcome("yearly"))])
            found[f"levers {name}"] = levers_figure(y, robustness(y))
    y = studies()["grid"].outcome("y")
    found["main grid"] = effect_figures.main_effects_figure(y)
    interaction = effect_figures.interaction_figure(y, effects(y))
    assert interaction is not None
    found["interaction grid"] = interaction
    return found


def test_all_text_is_large_enough_on_the_slide_and_apart() -> None:
    for name, figure in figures().items():
        assert_readable(figure, style.TEXT)
        renderer = FigureCanvasAgg(figure).get_renderer()
        heads = [figure._suptitle, artist(figure, "subtitle")[0], artist(figure, "source")[0]]  # type: ignore[attr-defined]
        for axes in figure.axes:
            box = axes.get_window_extent(renderer)
            for text in heads:
                assert not text.get_window_extent(renderer).padded(-2).overlaps(box), (name, text.get_text())


def test_titles_are_sentences_without_unfinished_numbers() -> None:
    for figure in figures().values():
        assert_finished(title_of(figure))
        assert "study made" in artist(figure, "source")[0].get_text()


# --- fans: which band it is, of how many runs, and whether that is enough


def subtitle(figure: Figure) -> str:
    return " ".join(artist(figure, "subtitle")[0].get_text().split())


def test_a_fan_says_that_it_is_a_spread_of_runs() -> None:
    spread = "Bands: spread of runs (half of them, and 90%), no interval of a mean; n = 6 replicates each"
    assert spread in subtitle(figures()["fan list"])
    pooled = subtitle(figures()["fan grid"])
    assert "Bands: spread of the means of design points" in pooled
    assert "n = 12 design points; black bar: luck alone" in pooled
    assert "one run each, luck in it" not in pooled


def test_a_fan_keeps_design_points_and_luck_apart() -> None:
    data = fans.fan_data(studies()["grid"], "yearly")
    last = data[data["year"] == data["year"].max()].iloc[0]
    runs = studies()["grid"].outcome("yearly", 2005).wide
    assert last["q50"] == pytest.approx(np.median(runs.mean(axis=1)))
    within = np.sqrt(runs.var(axis=1, ddof=1).mean())
    assert last["luck"] == pytest.approx(fans.NINE_IN_TEN * within)
    bar = line(figures()["fan grid"], "luck")
    assert bar == pytest.approx([last["q50"] - last["luck"], last["q50"] + last["luck"]])


def test_no_label_of_a_study_is_cut_and_values_come_first() -> None:
    for name, figure in figures().items():
        for text in figure.findobj(Text):
            assert "…" not in text.get_text(), name
    names = studies()["ofat"].point_names().values()
    assert [each for each in names if each != "base case" and not re.match(r"[\d.]+: ", each)] == []


def test_a_line_says_that_its_band_is_the_interval_of_a_mean_and_whether_n_is_enough() -> None:
    told = subtitle(figures()["mean list"])
    assert "Bands: 95% interval of the mean, no spread of runs; n = 6 a point: enough" in told
    noisy = made("list", np.array([[0.5] * 3]), scenarios=("two-towns", "firewall"), lift=0.05, noise=0.1)
    told = subtitle(fans.mean_lines(noisy, "yearly"))
    assert re.search(
        r"n = 6 a point: not enough; about [\d,]+ more would make the largest difference known", told
    )


def test_bands_are_those_of_the_table() -> None:
    data = fans.fan_data(studies()["list"], "yearly")
    first = data[data["group"] == "two-towns"]
    assert line(figures()["fan list"], "median") == pytest.approx(first["q50"].to_numpy())
    band = artist(figures()["fan list"], "q05-q95")[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((first["q05"].min(), first["q95"].max()))
    runs = studies()["list"].outcome("yearly", 2005).wide.loc[0]
    assert first["q95"].iloc[-1] == pytest.approx(np.quantile(runs, 0.95))
    band = artist(figures()["mean list"], "interval-of-mean")[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((first["low"].min(), first["high"].max()))


def test_differences_that_chance_could_make_are_called_so() -> None:
    flat = made("list", np.array([[0.5] * 3]), scenarios=("two-towns", "firewall"), noise=0.05)
    points = point_figures.points_figure(flat.outcome("y"))
    assert "no difference that chance could not make" in title_of(fans.mean_lines(flat, "yearly"))
    assert "no design point differs from two-towns" in title_of(points)


def test_figures_of_effects_have_one_verdict() -> None:
    """Where no effect is told from luck, no title says what any does."""
    y = made("grid", grid((0.0, 1.0), (0.0, 1.0), (0.5,)), noise=5.0, seed=3).outcome("y")
    drawn = (
        effect_figures.effects_figure(y),
        effect_figures.main_effects_figure(y),
        levers_figure(y, robustness(y)),
    )
    for figure in drawn:
        assert "no factor moves it by more than chance makes" in title_of(figure)


# --- the others


def test_points_are_paired_where_luck_is_shared() -> None:
    assert "paired by replicate (same luck)" in subtitle(figures()["points list"])
    drawn = artist(figures()["points list"], "value")[-2:]  # differences of the second and third point
    data = point_figures.points_data(studies()["list"].outcome("y"))
    assert [each.get_xdata()[0] for each in drawn] == pytest.approx(data["difference"].tolist()[1:])


def test_indices_are_drawn_from_the_table_levers_first() -> None:
    (told,) = sensitivity(studies()["sobol"].outcome("y"))
    total = told.indices[told.indices["index"] == "ST"].set_index("factor")["value"]
    drawn = [each.get_xdata()[0] for each in artist(figures()["indices sobol"], "value")]
    assert drawn[0] == pytest.approx(total["x1"])  # the lever
    assert drawn[1:] == pytest.approx(sorted(total[["x2", "x3"]], reverse=True))
    names = [label.get_text() for label in figures()["indices sobol"].axes[0].get_yticklabels()]
    assert names[0] == "Levers"
    assert names[2] == "Uncertainties"


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_where_nothing_varies_the_figure_says_so(design: str) -> None:
    points = sobol_points(2, 8) if design == "sobol" else latin.sample(problem(2), 20, seed=1)
    told = sensitivity(study(design, points, lambda x: np.full(len(x), 0.3)).outcome("y"))
    figure = rests_on_figure(told)
    assert title_of(figure) == "Nothing varies by what the factors do"
    assert len(figure.axes[0].patches) == 0


def test_what_it_rests_on_is_drawn_from_the_shares() -> None:
    (told,) = sensitivity(studies()["grid"].outcome("y"))
    share = told.shares.set_index("rests_on")["share"]
    for kind in ("lever", "luck"):
        bar = artist(figures()["rests on grid"], f"share-{kind}")[0]
        assert bar.get_width() == pytest.approx(share[kind])
    assert "assumption" not in share.index  # x1 is one, but a lever


def test_a_report_is_the_same_each_time_and_names_all_its_files(tmp_path: Path) -> None:
    results = studies()["ofat"]
    command = "local-citizenship study plot made"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        drawn = write_report(results, tmp_path / name, outcomes=["y"], command=command)
    assert [file for file, _ in drawn] == ["points-y.png", "effects-y.png"]
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name
    told = (tmp_path / "one" / SUMMARY).read_text(encoding="utf-8")
    assert f"    {command}" in told
    for file, title in drawn:
        assert f"[{title}]({file})" in told
        assert Image.open(tmp_path / "one" / file).size == (1600, 900)
        assert (tmp_path / "one" / file).stat().st_size < 120_000
    table = pd.read_csv(tmp_path / "one" / "effects-y.csv")
    assert {"label", "unit", "effect", "low", "high", "n", "band"} <= set(table.columns)
    rows = [row for row in told.splitlines() if row.startswith("| Needs met | x1, 0.5 to 0 |")]
    assert len(rows) == 1


_ENGLISH = re.compile(
    r"\b(?:the|with|needs|share|half|lines|bands|right|filled|change|difference|largest|mean|luck|assumed|levers?|"
    r"uncertaint\w+|runs?|replicates?|points|between|most|each)\b"
)


def test_they_speak_another_language() -> None:
    with speaking("es"):
        drawn = figures.__wrapped__()
    assert drawn.keys() == figures().keys()
    for name, figure in drawn.items():
        texts = [" ".join(text.get_text().split()) for text in figure.findobj(Text)]
        own = [text.replace("no-ngos", "") for text in texts]
        assert [text for text in own if _ENGLISH.search(text.casefold())] == [], name
        assert title_of(figure) != title_of(figures()[name])
