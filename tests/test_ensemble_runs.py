"""`run --ensemble` and `compare --ensemble`: luck told from what the parameters leave open."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import call, worked
from drawn import assert_readable

from local_citizenship import __version__
from local_citizenship.app.console import INCOMPLETE
from local_citizenship.experiments.calibration import uncertainty, worlds_figures
from local_citizenship.experiments.calibration.uncertainty import Worlds, parts_of
from local_citizenship.experiments.calibration.worlds_figures import source_of, worlds_figure
from local_citizenship.experiments.replicates import Replicate
from local_citizenship.experiments.studies.parts import sentence_of, split
from local_citizenship.experiments.studies.provenance import rules_hash
from local_citizenship.outcomes.plots import style
from local_citizenship.outcomes.plots.saving import title_of
from local_citizenship.scenarios.languages import speaking

PATHS = ("awareness.search", "fear.weight")


@pytest.fixture
def ensemble(tmp_path: Path) -> Path:
    """Three sets of two parameters, calibrated in two-towns."""
    folder = tmp_path / "ensemble"
    folder.mkdir()
    sets = {
        "set": [0, 1, 2],
        "weight": [0.5, 0.25, 0.25],
        PATHS[0]: [0.1, 0.2, 0.3],
        PATHS[1]: [2.0, 4.0, 6.0],
    }
    pd.DataFrame(sets).to_csv(folder / "sets.csv", index=False)
    pd.DataFrame({"parameter": PATHS, "own": ["0.15", "8"]}).to_csv(folder / "parameters.csv", index=False)
    (folder / "manifest.json").write_text(json.dumps({"rules": rules_hash()}))
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """Runs without the model: needs met are twice the search, less a tenth of fear; the parameters of each run."""
    seen: list[dict[str, float]] = []

    def run_many(scenarios: list, count: int, *_: object, **__: object) -> list[list[Replicate]]:
        found = []
        for scenario in scenarios:
            search, fear = scenario.parameters.awareness.search, scenario.parameters.fear.weight
            seen.append({"search": search, "fear": fear, "seed": scenario.seed})
            luck = np.random.default_rng(scenario.seed).normal(0.0, 0.01, count)
            values = [{"needs_met": 2 * search - fear / 100 + float(each)} for each in luck]
            found.append([Replicate(n, scenario.seed, each, None, 0.0) for n, each in enumerate(values)])
        return found

    monkeypatch.setattr(uncertainty, "run_many", run_many)
    return seen


def worlds_of(values: np.ndarray, weights: list[float]) -> Worlds:
    """Worlds of these values (scenarios, sets, seeds) of needs met."""
    rows = [(*place, "needs_met", value) for place, value in np.ndenumerate(values)]
    flat = [(*row[:3], row[3], row[4]) for row in rows]
    table = pd.DataFrame(flat, columns=["scenario", "set", "replicate", "outcome", "value"])
    return Worlds(("a", "b")[: len(values)], np.array(weights), table, (), 0)


def test_variance_is_split_into_luck_and_parameters() -> None:
    rng, sets, seeds = np.random.default_rng(1), 2000, 3
    values = rng.normal(0.0, 2.0, (1, sets, 1)) + rng.normal(0.0, 1.0, (1, sets, seeds))
    (row,) = parts_of(worlds_of(values, [1 / sets] * sets)).to_dict("records")
    assert row["variance"] == pytest.approx(5.0, rel=0.08)
    assert row["luck"] == pytest.approx(0.2, abs=0.02)
    assert row["parameters"] == pytest.approx(0.8, abs=0.02)


def test_with_one_seed_luck_is_not_told() -> None:
    (row,) = parts_of(worlds_of(np.array([[[1.0], [2.0]]]), [0.5, 0.5])).to_dict("records")
    assert np.isnan(row["luck"])
    assert "luck" not in sentence_of(row, False)


def test_a_difference_is_taken_in_each_world() -> None:
    first = np.array([[0.1, 0.2], [0.5, 0.6]])
    change = np.array([[0.02, 0.02], [-0.01, -0.01]])
    (row,) = parts_of(worlds_of(np.stack([first, first + change]), [0.75, 0.25])).to_dict("records")
    assert row["mean"] == pytest.approx(0.75 * 0.02 - 0.25 * 0.01)
    assert row["more"] == pytest.approx(0.75)
    assert row["luck"] == pytest.approx(0.0, abs=1e-9)
    assert "more in 75% of them" in sentence_of(row, True)


def test_what_arithmetic_leaves_is_no_variance_and_no_change() -> None:
    nearly = np.array([[1.0, 1.0], [1.0 - 1e-16, 1.0]])
    (row,) = parts_of(worlds_of(nearly[None], [0.5, 0.5])).to_dict("records")
    assert row["variance"] == 0.0
    assert "variance" not in sentence_of(row, False)
    (row,) = parts_of(worlds_of(np.stack([nearly - 2e-16, nearly]), [0.5, 0.5])).to_dict("records")
    assert (row["mean"], row["more"], row["variance"]) == (0.0, 0.0, 0.0)
    assert sentence_of(row, True).endswith("; the same in all of them.")
    small = np.array([[1e-9, 2e-9], [3e-9, 5e-9]])
    (row,) = parts_of(worlds_of(small[None], [0.5, 0.5])).to_dict("records")
    assert row["luck"] + row["parameters"] == pytest.approx(1.0), "small numbers have parts too"


def test_a_scenario_under_an_ensemble(ensemble: Path, made: list, tmp_path: Path) -> None:
    result = worked("run", "two-towns", "--months", 6, "--ensemble", ensemble, "--out", tmp_path / "out")
    assert [(each["search"], each["fear"]) for each in made] == [(0.1, 2.0), (0.2, 4.0), (0.3, 6.0)]
    assert len({each["seed"] for each in made}) == 3
    assert "under 3 sets of" in result.stdout
    assert "Needs met: 3" in result.stdout
    assert "90% of plausible worlds: " in result.stdout
    parts = pd.read_csv(tmp_path / "out" / "parts.csv")
    assert parts["parameters"].iloc[0] > 0.9
    values = pd.read_csv(tmp_path / "out" / "values.csv")
    assert len(values.dropna()) == 6
    dictionary = pd.read_csv(tmp_path / "out" / "data-dictionary.csv")
    for name, table in (("parts", parts), ("values", values)):
        described = ", ".join(dictionary.loc[dictionary["table"] == name, "column"]).split(", ")
        assert set(described) == set(table.columns), name
    about = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert about["command"].startswith("run two-towns --months 6 --ensemble ")
    assert about["scenarios"] == ["two-towns"]
    assert re.search(r"3 sets, 2 seeds each: 6 runs(, about \d+ s with \d+ process|\.)", result.stderr)


def test_the_policy_stays_and_luck_is_shared(ensemble: Path, made: list, unafraid: Path) -> None:
    result = worked("compare", "two-towns", unafraid, "--months", 6, "--ensemble", ensemble)
    assert [each["fear"] for each in made] == [2.0, 4.0, 6.0, 0.0, 0.0, 0.0]
    assert [each["seed"] for each in made[:3]] == [each["seed"] for each in made[3:]]
    assert "fear.weight stays at the scenario's own value, which differs from the calibrated one's." in (
        result.stdout
    )
    assert "So few sets (worth 3 of equal weight) tell the ends of 90%" in result.stdout
    assert "was made for" not in result.stderr
    assert "Needs met: +3.5 points; 90% of plausible worlds: +2.0 to +5.5; more in 100% of them" in (
        result.stdout
    )


def test_a_scenario_against_itself_has_two_names(ensemble: Path, made: list, tmp_path: Path) -> None:
    words = ("--set-other", "awareness.search=0.5", "--ensemble", ensemble, "--out", tmp_path / "out")
    told = worked("compare", "two-towns", *words, "--months", 3).stdout
    assert "two-towns (awareness.search = 0.5) against two-towns, under 3 sets" in told
    assert pd.read_csv(tmp_path / "out" / "values.csv")["scenario"].nunique() == 2


def test_its_figures_show_every_world_and_what_makes_them_differ(
    ensemble: Path, made: list, tmp_path: Path
) -> None:
    words = ("--set-other", "awareness.search=0.5", "--ensemble", ensemble, "--months", 3)
    told = worked("compare", "two-towns", *words, "--out", tmp_path / "out").stdout
    there = sorted(file.name for file in (tmp_path / "out" / "figures").iterdir())
    names = ("01-plausible-worlds-a", "02-what-makes-them-differ")
    assert there == [f"{name}.{ending}" for name in names for ending in ("csv", "png")]
    assert re.search(r"Figure: Needs met: \+65\S* points in the mean of 3 plausible worlds", told)
    assert "Needs met: +65" in told.partition("Figure: ")[0], "the answer comes before what may be stopped"
    worked("compare", "two-towns", *words, "--out", tmp_path / "none", "--no-figures")
    assert not (tmp_path / "none" / "figures").exists()


def test_a_figure_that_cannot_be_drawn_costs_no_number(
    ensemble: Path, made: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise ValueError("no paper")

    monkeypatch.setattr(worlds_figures, "worlds_figure", never)
    words = ("run", "two-towns", "--ensemble", ensemble, "--months", 3, "--out", tmp_path / "out", "--strict")
    result = call(*words)
    assert result.exit_code == INCOMPLETE
    assert "Not all figures could be drawn: 01-plausible-worlds-a (ValueError: no paper" in result.stderr
    assert (tmp_path / "out" / "figures" / "02-what-makes-them-differ.png").exists()
    assert len(pd.read_csv(tmp_path / "out" / "values.csv")) > 0


def test_failed_runs_are_told_and_left_out_of_the_title() -> None:
    values = np.array([[[0.2, 0.2], [0.4, 0.4], [0.9, np.nan]]])
    worlds = worlds_of(values, [1 / 3] * 3)
    title = title_of(worlds_figure(worlds, parts_of(worlds), "made up"))
    assert title == "Needs met: 30.0% in the mean of 2 plausible worlds, 20.0% to 40.0% in 90% of them"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scenarios", [1, 2])
def test_its_figures_can_be_read(scenarios: int, language: str) -> None:
    """A dot a world, coloured where nearly all go the same way; the title tells the mean and 90% of them."""
    rng = np.random.default_rng(5)
    before = rng.normal(0.3, 0.05, (1, 40, 2))
    values = np.concatenate([before, before + rng.normal(0.02, 0.002, before.shape)])[:scenarios]
    worlds = worlds_of(values, [1 / 40] * 40)
    with speaking(language):
        source = source_of(worlds, "ensemble made-up")
        figure = worlds_figure(worlds, parts_of(worlds), source)
    assert_readable(figure)
    (dots,) = (line for line in figure.axes[0].lines if line.get_gid() == "worlds-0")
    assert len(dots.get_xdata()) == 40
    assert dots.get_color() == (style.VERMILION if scenarios > 1 else style.BLUE)
    mean = values[-1].mean() - values[0].mean() if scenarios > 1 else values[0].mean()
    if language == "en":
        assert title_of(figure).startswith(
            f"Needs met: {100 * mean:+.2f}" if scenarios > 1 else "Needs met: "
        )
        assert "in the mean of 40 plausible worlds" in title_of(figure)


def test_worlds_that_disagree_have_no_colour() -> None:
    before = np.full((1, 40, 1), 0.3)
    change = np.where(np.arange(40) < 30, 0.02, -0.02)[None, :, None]
    worlds = worlds_of(np.concatenate([before, before + change]), [1 / 40] * 40)
    figure = worlds_figure(worlds, parts_of(worlds), "made up")
    (dots,) = (line for line in figure.axes[0].lines if line.get_gid() == "worlds-0")
    assert dots.get_color() == style.GREY
    assert any("more in 75%" in text.get_text() for text in figure.axes[0].texts)


def test_a_sentence_for_a_paper_and_how_to_make_it_again(ensemble: Path, made: list, unafraid: Path) -> None:
    words = ("--months", "6", "--set", "awareness.peers=0.01", "--ensemble", str(ensemble), "--seeds", "3")
    told = worked("compare", "two-towns", unafraid, *words).stdout
    copied = next(line for line in told.splitlines() if line.startswith("To copy: "))
    for part in (
        "`two-towns` to `unafraid` is +3.5 points",
        "3 plausible worlds",
        f"rules' hash {rules_hash()[:8]}",
    ):
        assert part in copied
    assert f"local-citizenship {__version__}" in copied
    again = next(line for line in told.splitlines() if line.startswith("To make it again: "))
    command = shlex.split(again.partition(": ")[2])
    assert command[-3:] == [str(ensemble), "--seeds", "3"]
    repeated = worked(*command[command.index("compare") :]).stdout
    assert copied in repeated
    assert "To copy" not in worked("compare", "two-towns", unafraid, *words, "--quiet").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "two-towns", "--ensemble", "{e}", "--csv"), "--csv is not for --ensemble"),
        (("run", "two-towns", "--ensemble", "nowhere"), "there is no ensemble 'nowhere'"),
        (("compare", "two-towns", "one-town", "one-town", "--ensemble", "{e}"), "--ensemble compares two scenarios"),
        (("compare", "two-towns", "two-towns", "--ensemble", "{e}", "--year", "1991"), "--year is not for --ensemble"),
        (("compare", "two-towns", "two-towns", "--ensemble", "{e}", "--json"), "--json is not for --ensemble"),
    ],
)  # fmt: skip
def test_mistakes(ensemble: Path, words: tuple[str, ...], said: str) -> None:
    result = call(*(word.replace("{e}", str(ensemble)) for word in words))
    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_other_rules_are_told(ensemble: Path, made: list) -> None:
    words = "run", "two-towns", "--months", 6, "--ensemble", ensemble
    assert "other rules" not in call(*words).stderr
    (ensemble / "manifest.json").write_text('{"rules": "others"}')
    assert "The model has other rules than when this ensemble was made" in call(*words).stderr


def test_damaged(ensemble: Path) -> None:
    (ensemble / "sets.csv").write_bytes(b"nothing")
    assert "is damaged" in call("run", "two-towns", "--ensemble", ensemble).stderr


def test_a_parameter_that_is_not_there(ensemble: Path) -> None:
    for name, text in (("parameters.csv", "parameter,own\nfear.wait,1\n"),):
        (ensemble / name).write_text(text)
    sets = {"set": [0], "weight": [1.0], "fear.wait": [1.0]}
    pd.DataFrame(sets).to_csv(ensemble / "sets.csv", index=False)
    assert "two-towns has no parameter fear.wait" in call("run", "two-towns", "--ensemble", ensemble).stderr


def test_the_model_under_an_ensemble(ensemble: Path) -> None:
    result = worked("run", "two-towns", "--months", 3, "--ensemble", ensemble, "--seeds", 1, "--threads", 1)
    assert "Migrants at the end: " in result.stdout
    before, _, after = result.stdout.partition("With one seed a set luck can't be told")
    assert "1 seed each:" in before
    assert "Needs met: " in after, "it is said before the numbers"
    assert "one run each, so that luck is not told from parameters" in after


def test_what_is_drawn_of_places_is_told_apart() -> None:
    rng, shape = np.random.default_rng(3), (400, 6, 3)
    sets, places = rng.normal(0.0, 2.0, (400, 1, 1)), rng.normal(0.0, 1.0, (1, 6, 1))
    places *= 1.0 / places.std(ddof=1)
    mixed, luck = rng.normal(0.0, 0.5, (400, 6, 1)), rng.normal(0.0, 1.0, shape)
    found = split(sets + places + mixed + luck, np.full(400, 1 / 400))
    total = 4.0 + 1.0 + 0.25 + 1.0
    assert found["variance"] == pytest.approx(total, rel=0.1)
    for name, part in (("parameters", 4.0), ("places", 1.0), ("interplay", 0.25), ("luck", 1.0)):
        assert found[name] == pytest.approx(part / total, abs=0.04), name
    said = sentence_of({"label": "Needs met", "unit": "share of needs", **found}, False)
    assert "% is luck, " in said
    assert "% places drawn, " in said
    once = split((sets + places + luck)[:, :, :1], np.full(400, 1 / 400))  # luck and interplay in one
    assert np.isnan(once["interplay"])
    assert once["luck"] == pytest.approx(1.0 / 6.0, abs=0.04)
