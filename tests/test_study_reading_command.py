"""`study export`, `study plot`, `sensitivity`: what they print and leave, and how they take mistakes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import typer
from command_line import told as told_mistake
from study_samples import ASSUMED, CITED, grid, linear, sobol_points, study
from typer.testing import CliRunner, Result

from local_citizenship.app import study_reading_command as commands
from local_citizenship.app.console import PlainErrors

SOBOL, GRID = sobol_points(2, 64), grid((0.0, 1.0), (0.0, 1.0))
noisy = partial(study, replicates=3, noise=0.1)
STUDIES = {
    "sobol": noisy("sobol", SOBOL, linear(2.0, 1.0), sources=[ASSUMED, CITED], years=(2001, 2002)),
    "grid": noisy("grid", GRID, linear(2.0, 1.0), roles=["lever", "uncertainty"]),
    "ofat": noisy("ofat", grid((0.0, 1.0), (0.5,)), linear(1.0, 1.0)),
}


@pytest.fixture(autouse=True)
def made_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_results", lambda folder: STUDIES[folder.name])


def call(*arguments: object) -> Result:
    app = typer.Typer(cls=PlainErrors)
    for command in (commands.export, commands.plot, commands.sensitivity):
        app.command()(command)
    return CliRunner().invoke(app, [str(each) for each in arguments])


def told(*arguments: object) -> str:
    return told_mistake(call(*arguments))


def test_export_says_where_the_tables_are(tmp_path: Path) -> None:
    result = call("export", tmp_path / "grid", "--out", tmp_path / "tables", "--format", "csv", "--wide")
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(tmp_path / "tables")
    names = {file.name for file in (tmp_path / "tables").iterdir()}
    assert names == {
        "values.csv", "runs.csv", "points.csv", "outcomes.csv", "factors.csv", "wide.csv", "data-dictionary.csv",
    }  # fmt: skip
    again = told("export", tmp_path / "grid", "--out", tmp_path / "tables")
    assert "exists already: choose another name, or allow it to be overwritten" in again
    assert call("export", tmp_path / "grid", "--out", tmp_path / "tables", "--overwrite").exit_code == 0


def test_plot_leaves_figures_their_tables_and_a_summary(tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    result = call("plot", tmp_path / "grid", "--out", folder, "--better", "high", "--target", 0.5)
    assert result.exit_code == 0, result.output
    assert (result.stdout.strip(), result.stderr) == (str(folder), "")
    names = {file.name for file in folder.iterdir()}
    kinds = ("points", "effects", "main-effects", "interaction", "sensitivity", "levers")
    for stem in (*(f"{kind}-y" for kind in kinds), "rests-on"):
        assert {f"{stem}.png", f"{stem}.csv"} <= names
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert "local-citizenship study plot grid --target 0.5 --better high" in summary
    assert "enough (the largest difference is known within 0.5 units)" in summary
    assert "largest regret" in summary


def test_sensitivity_prints_indices_what_they_rest_on_and_what_to_make_of_it(tmp_path: Path) -> None:
    result = call("sensitivity", tmp_path / "sobol", "--outcome", "yearly", "--year", 2001)
    assert result.exit_code == 0, result.output
    rests_on = ("assumption", "cited", "luck (replicates)")
    for words in ("Unevenness, 2001", *rests_on, "Luck makes", "What matters"):
        assert words in result.stdout
    assert "Needs met" not in result.stdout
    assert "Needs met" in call("sensitivity", tmp_path / "sobol").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("sensitivity sobol --outcome yearley", "has no outcome 'yearley'; did you mean 'yearly'?"),
        ("sensitivity ofat", "designs sobol, morris, lhs and grid do"),
        ("export grid --format xls", "there is no format 'xls': tables are written as parquet, csv"),
        ("plot grid --format gif", "there is no format 'gif'"),
        ("plot grid --target -1", "--target is -1, but must be above 0"),
        ("plot grid --better best", "--better is 'best', but must be high or low"),
        ("plot sobol --year 1900", "not told of 1900: there is 2001 to 2002"),
    ],
)
def test_mistakes_are_told_in_a_sentence(tmp_path: Path, words: str, says: str) -> None:
    command, name, *options = words.split()
    assert says in told(command, tmp_path / name, *options)
    assert not list(tmp_path.iterdir())
