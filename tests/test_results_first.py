"""Results before pictures: whatever becomes of a figure or a user's measure, the tables of a run are in place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from command_line import call, told, worked
from own_measures import forget_own_measures

from local_citizenship.app import running
from local_citizenship.outcomes import plots
from local_citizenship.outcomes.run_folder import load_run

RUN = ("run", "two-towns", "--months", 2, "--seeds", 1)
HOSTILE = """\
text.usetex: True
axes.facecolor: black
font.family: No Such Font
figure.dpi: 7
backend: nonsense
no.such.key: 3
"""


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are drawn by this process, where tests can see to it that they fail."""
    monkeypatch.setattr(running, "cores", lambda: 1)


def draws(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Drawing a figure ends in this error, after its first file."""

    def fails(run: object, folder: Path, *_: object) -> None:
        (folder / "half.png").touch()
        raise error

    monkeypatch.setattr(plots, "draw_all", fails)


def is_kept(folder: Path) -> bool:
    """Whether it is a run with all its tables, and nothing unfinished in or beside it."""
    return not [*folder.parent.rglob(".*")] and set(load_run(folder).tables) > {"monthly", "measures"}


def test_a_figure_that_fails_costs_itself_alone(
    alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    draw = plots.Drawing.draw

    def fails(drawing: plots.Drawing, *given: object) -> object:
        return 1 / 0 if drawing.number == 3 else draw(drawing, *given)  # type: ignore[arg-type]

    few = [*plots.FIGURES][:4]
    monkeypatch.setattr(plots, "FIGURES", {name: plots.FIGURES[name] for name in few})
    monkeypatch.setattr(plots.Drawing, "draw", fails)
    folder = tmp_path / "a folder"
    result = call(*RUN, "--out", folder)
    assert (result.exit_code, result.stderr.count("\n")) == (0, 1)
    assert "03-claiming-cascade (ZeroDivisionError: division by zero)" in result.stderr
    assert f"`local-citizenship plot '{folder}'`" in result.stderr
    assert is_kept(folder)
    assert len([*(folder / "figures").glob("*.png")]) == len(few) - 1
    assert call("plot", folder, "--strict").exit_code == 3
    monkeypatch.setattr(plots.Drawing, "draw", draw)
    worked("plot", folder, "--strict")
    assert len([*(folder / "figures").glob("*.png")]) == len(few)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OSError(28, "No space left on device"), 2, "the disk is full"),
        (KeyboardInterrupt(), 130, "Stopped. The tables are in"),
        (MemoryError(), 0, "Not all figures could be drawn: all (MemoryError)"),
    ],
)
def test_what_ends_the_drawing_leaves_the_tables(
    alone: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    error: BaseException,
    status: int,
    said: str,
) -> None:
    draws(monkeypatch, error)
    result = call(*RUN, "--out", tmp_path / "r")
    assert (result.exit_code, result.stderr.count("\n")) == (status, 1)
    assert said in result.stderr
    assert f"`local-citizenship plot {tmp_path / 'r'}`" in result.stderr
    assert is_kept(tmp_path / "r")


def test_a_comparison_is_kept_if_its_figures_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unafraid: Path
) -> None:
    from local_citizenship.outcomes.plots import comparison

    monkeypatch.setattr(comparison, "drawn_differences", lambda *_: 1 / 0)
    command = ("compare", "two-towns", unafraid, "--seeds", 2, "--months", 2, "--workers", 1)
    result = call(*command, "--out", tmp_path / "c", "--strict")
    assert result.exit_code == 3
    assert "01-differences-a, 02-differences-b (ZeroDivisionError: division by zero)" in result.stderr
    assert f"`local-citizenship compare two-towns {unafraid} --seeds 2 --months 2 --out" in result.stderr
    assert (tmp_path / "c" / "tables" / "runs.csv").is_file()
    assert len([*(tmp_path / "c" / "figures").glob("*.png")]) > 2


def test_figures_are_ours_under_hostile_settings(tmp_path: Path) -> None:
    """Of Matplotlib, of the terminal, of the language: the same pictures, and not a word."""
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    hostile = {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "LC_ALL": "tr_TR.UTF-8", "LANG": "C",
        "TERM": "no-such-terminal", "COLUMNS": "7", "LINES": "0",
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", "local_citizenship.app", *map(str, RUN), "--out"]
    for name, more in (("plain", {}), ("hostile", hostile)):
        place = tmp_path if more else tmp_path.parent
        done = subprocess.run(
            [*command, tmp_path / name], cwd=place, env={**os.environ, **more}, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
    pictures = [
        {file.name: file.read_bytes() for file in (tmp_path / name / "figures").iterdir()}
        for name in ("plain", "hostile")
    ]
    assert len(pictures[0]) == 2 * len(plots.FIGURES)
    assert pictures[0] == pictures[1]


def test_figures_drawn_in_a_notebook_are_ours(tmp_path: Path) -> None:
    from local_citizenship.experiments.lessons.drawing import bars
    from local_citizenship.outcomes.simulate import simulate

    run = simulate("two-towns", months=2)
    with mpl.rc_context({"axes.facecolor": "black"}):
        figure = bars(run, {"all": {"served": 0.5}}, "Served", "share")
    assert figure.axes[0].get_facecolor()[:3] == (1.0, 1.0, 1.0)


def test_a_dollar_sign_is_one(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("extends: two-towns\nservices: {schooling: {label: 'Fee $x_{ $'}}\n")
    result = call("run", tmp_path / "s.yaml", *RUN[2:], "--out", tmp_path / "r", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")


def test_settings_that_are_no_text_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe\x00")
    command = [sys.executable, "-P", "-m", "local_citizenship.app", *map(str, RUN), "--out", "r"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Matplotlib can't be loaded (UnicodeDecodeError" in done.stderr
    assert is_kept(tmp_path / "r")


# Users' own measures

OWN = """\
import sys
import pandas as pd
def raises(run): raise ZeroDivisionError("no such year")
def quits(run): sys.exit(0)
def text(run): return "much"
def words(run): return pd.DataFrame({"year": [1990], "value": ["much"]})
def twice(run): return pd.DataFrame({"year": [1990, 1990], "value": [1, 2]})
def no_year(run): return pd.DataFrame({"year": [None], "value": [1]})
def years(run): return pd.DataFrame({"year": [1e9], "value": [1]})
def double(run): return pd.DataFrame([[1990, 1, 2]], columns=["year", "value", "double"])
def huge(run): return 10**400
def huge_table(run): return pd.DataFrame({"year": [1990], "value": [10**400]})
def missing(run): return pd.DataFrame({"year": [1990], "value": [pd.NA]})
def complexes(run): return pd.Series([1j], index=[1990])
def unhashable(run): return pd.DataFrame({"year": [[1990]], "value": [1]})
class Own(BaseException):
    def __str__(self): raise ValueError
def stops(run): raise Own
def good(run): return 3
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A file of measures, which are forgotten afterwards."""
    (tmp_path / "own.py").write_text(OWN)
    yield tmp_path / "own.py"
    forget_own_measures()


def test_a_measure_that_fails_costs_itself_alone(own: Path, tmp_path: Path) -> None:
    names = (
        "raises", "quits", "text", "words", "twice", "no_year", "years", "double", "huge", "huge_table", "missing",
        "complexes", "unhashable", "stops", "good",
    )  # fmt: skip
    options = [each for name in names for each in ("--measure", f"{own}:{name}")]
    result = call(*RUN, "--no-figures", *options, "--out", tmp_path / "r", "--strict")
    assert result.exit_code == 3
    told = result.stderr.splitlines()
    for name, line in zip(names, told, strict=False):
        assert line.startswith(f"The measure {name} ")
        assert line.endswith(f"`local-citizenship measures {tmp_path / 'r'} --measure {own}:{name}`")
    assert len(told) == len(names) - 1
    assert "failed: ZeroDivisionError: no such year" in told[0]
    assert "failed: SystemExit: 0" in told[1]
    assert "returns something else than numbers by year: OverflowError: " in told[8]
    assert "failed: Own. All else is kept" in told[13]
    table = load_run(tmp_path / "r").table("measures")
    assert table.loc[table["id"] == "own", ["measure", "value"]].to_numpy().tolist() == [["good", 3.0]]
    assert json.loads((tmp_path / "r" / "manifest.json").read_text())["tables"]["measures"]["rows"] == len(
        table
    )


def test_in_python_a_measure_that_fails_is_a_warning(own: Path, tmp_path: Path) -> None:
    from local_citizenship import save_run, simulate
    from local_citizenship.outcomes.declaration import load_measure

    load_measure(f"{own}:raises")
    with pytest.warns(UserWarning, match="the measure raises failed"):
        folder = save_run(simulate("two-towns", months=2), tmp_path / "r")
    forget_own_measures()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "own" not in set(load_run(folder).table("measures")["id"])


def test_a_file_of_measures_that_quits_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "quits.py").write_text("raise SystemExit(0)\n")
    said = told(call(*RUN, "--measure", tmp_path / "quits.py", "--out", tmp_path / "r"))
    assert "can't be run: SystemExit: 0" in said
    assert not (tmp_path / "r").exists()
