"""`local-citizenship calibrate` from a new file to its ensemble, killed and gone on with; trying it on truths."""

from __future__ import annotations

import json
import re
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from calibration_tools import SEEN, SMALL, few_points, here, values_of_a_run, without_the_model, written
from command_line import worked
from study_tools import Here

from local_citizenship.app.computing import Computing
from local_citizenship.experiments.calibration import emulator
from local_citizenship.experiments.calibration.folder import create, open_calibration
from local_citizenship.experiments.calibration.running import calibrate
from local_citizenship.experiments.studies import working
from local_citizenship.experiments.studies.records import StudyError
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.checks import get


@pytest.fixture(autouse=True)
def in_this_process(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are made here, without the model, and followed by few points."""
    monkeypatch.setattr(Computing, "engine", lambda _, folder: here(folder))
    without_the_model(monkeypatch)
    few_points(monkeypatch)


told = partial(worked, "calibrate")


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of an ensemble."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


def test_a_file_becomes_an_ensemble(empty_folder: Path) -> None:
    file = written(empty_folder)
    said = told(file).stdout
    assert "The ensemble: calibrations/small/ensemble" in said
    ensemble = empty_folder / "calibrations" / "small" / "ensemble"
    there = set(files_of(ensemble))
    assert {"manifest.json", "summary.md", "sets.csv", "sets.parquet", "pairs.csv", "errors.csv"} <= there
    assert {f"figures/{name}.png" for name in ("learned", "errors", "predictive", "pairs")} <= there
    sets = pd.read_csv(ensemble / "sets.csv")
    assert sets["weight"].sum() == pytest.approx(1.0)
    assert sets["fear.weight"].between(0, 10).all()
    facts = json.loads((ensemble / "manifest.json").read_text())
    assert facts["sets"] == len(sets)
    assert facts["versions"]["scikit-learn"]
    assert facts["runs"] == 2 * (2 * 12 + 20) + len(sets)
    medoid, shipped = load_scenario(ensemble / "medoid" / "two-towns.yaml"), load_scenario("two-towns")
    verdicts = pd.read_csv(ensemble / "parameters.csv").set_index("parameter")["verdict"]
    for path, verdict in verdicts.items():
        own, before = (get(each.parameters.model_dump(), path) for each in (medoid, shipped))
        learned = verdict != "not learned"
        assert own == pytest.approx(sets.loc[facts["medoid"], path] if learned else before, rel=1e-9)
        assert medoid.sources.get(path) == (
            "fitted: medoid of the ensemble small" if learned else shipped.sources.get(path)
        )
    targets = pd.read_csv(ensemble / "targets.csv").set_index("outcome")
    assert targets.loc["take_up", "use"] == "check"
    assert targets.loc["take_up", ["low", "median", "high"]].is_monotonic_increasing
    said = told("status", "calibrations/small").stdout
    assert "wave-2: 24 of 24 runs are done" in said
    assert "Complete: " in said
    assert told("resume", "calibrations/small").stdout == said
    assert told(file, "-q").stdout == "calibrations/small-2/ensemble\n"
    assert files_of(ensemble) == files_of(empty_folder / "calibrations" / "small-2" / "ensemble")


@pytest.mark.parametrize("after", [3, 60])
def test_stopped_anywhere_it_ends_in_the_same_bytes(tmp_path: Path, after: int) -> None:
    file = written(tmp_path)
    whole, stopped = (create(file, tmp_path / name) for name in ("whole", "stopped"))
    calibrate(whole, here, figures=False)
    done = 0

    class Stopping(Here):
        def check(self) -> None:
            nonlocal done
            before = self.done
            super().check()
            done += self.done - before
            if done > after:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(stopped, Stopping, figures=False)
    assert not stopped.complete
    calibrate(open_calibration(stopped.path), here, figures=False)
    assert files_of(whole.path / "ensemble") == files_of(stopped.path / "ensemble")


def test_what_changed_since_is_told(tmp_path: Path) -> None:
    folder = create(written(tmp_path), tmp_path / "kept")
    file = folder.path / "calibration.yaml"
    file.write_text(file.read_text().replace("high: 10", "high: 9"))
    said = told("resume", folder.path, code=2).stderr
    assert "this has changed: the calibration's file" in said


def test_a_table_that_changed_since_is_told(tmp_path: Path) -> None:
    """Of the folder itself, and of what a trial on truths was begun with."""
    file = written(tmp_path)
    folder = create(file, tmp_path / "kept")
    table = folder.path / "targets.csv"
    table.write_text(table.read_text().replace("needs_met,0.2", "needs_met,0.3"))
    assert "this has changed: the table of targets" in told("resume", folder.path, code=2).stderr
    tried = create(file, tmp_path / "tried").path
    (tmp_path / "seen.csv").write_text(SEEN.replace("needs_met,0.2", "needs_met,0.3"))
    said = told("truth", file, "--truths", 1, "--out", tried, code=2).stderr
    assert "holds another calibration" in said


@pytest.mark.parametrize("stage", ["wave-1", "posterior", "ensemble"])
def test_records_that_were_lost_are_made_again(tmp_path: Path, stage: str) -> None:
    """Runs of a stage that was complete: the same bytes, and nothing is taken for what a run can't tell."""
    folder = create(written(tmp_path), tmp_path / "kept")
    calibrate(folder, here, figures=False)
    whole = files_of(folder.path / "ensemble")
    shutil.rmtree(folder.path / "ensemble")
    records = folder.path / "runs" / stage / "records" / "runs.jsonl"
    lines = records.read_bytes().splitlines(keepends=True)
    records.write_bytes(b"".join(lines[: len(lines) // 2]))
    calibrate(open_calibration(folder.path), here, figures=False)
    assert files_of(folder.path / "ensemble") == whole


@pytest.mark.parametrize("file", ["manifest.json", "sets.csv"])
def test_a_damaged_ensemble_is_written_again(tmp_path: Path, file: str) -> None:
    folder = create(written(tmp_path), tmp_path / "kept")
    calibrate(folder, here, figures=False)
    whole = files_of(folder.path / "ensemble")
    (folder.path / "ensemble" / file).write_text("")
    assert "Complete" not in told("status", folder.path).stdout
    calibrate(open_calibration(folder.path), here, figures=False)
    assert files_of(folder.path / "ensemble") == whole


def test_a_spoilt_stage_is_told_and_made_again(tmp_path: Path) -> None:
    folder = create(written(tmp_path), tmp_path / "kept")
    calibrate(folder, here, figures=False)
    whole = files_of(folder.path / "ensemble")
    shutil.rmtree(folder.path / "ensemble")
    stage = folder.path / "runs" / "wave-1"
    (stage / "study.yaml").write_text("")
    with pytest.raises(StudyError, match=r"wave-1 away, and resume: its runs are made again"):
        calibrate(open_calibration(folder.path), here, figures=False)
    stage.rename(tmp_path / "away")
    calibrate(open_calibration(folder.path), here, figures=False)
    assert files_of(folder.path / "ensemble") == whole


def test_points_of_another_origin_are_refused(tmp_path: Path) -> None:
    folder = create(written(tmp_path), tmp_path / "kept")
    calibrate(folder, here, figures=False)
    study = folder.path / "runs" / "wave-1" / "study.yaml"
    lines = study.read_text().splitlines(keepends=True)
    first = next(place for place, line in enumerate(lines) if line.startswith("  - awareness.search"))
    lines[first] = "  - awareness.search: 0.5\n"
    study.write_text("".join(lines))
    with pytest.raises(StudyError, match="not those that follow from the runs before it"):
        calibrate(open_calibration(folder.path), here, figures=False)


def test_stopping_tells_how_to_go_on(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Computing, "engine", lambda _, folder: Here(folder, after=2))
    said = told("run", written(empty_folder), code=130).stderr
    assert "go on with: local-citizenship calibrate resume calibrations/small" in said
    assert "wave-1: " in told("status", "calibrations/small").stdout
    assert "Nobody is at work" in told("status", "calibrations/small").stdout


def test_when_the_time_is_up_it_stops_and_goes_on(empty_folder: Path) -> None:
    said = told("run", written(empty_folder), "--minutes", "0", code=130).stderr
    assert "go on with: local-citizenship calibrate resume calibrations/small" in said
    assert not (empty_folder / "calibrations" / "small" / "ensemble").exists()
    told("resume", "calibrations/small", "--minutes", "60")
    assert (empty_folder / "calibrations" / "small" / "ensemble" / "manifest.json").is_file()


def test_new_and_check(empty_folder: Path) -> None:
    assert "Wrote mine.yaml." in told("new", "mine.yaml").stdout
    said = told("check", "mine.yaml", "--quick").stdout
    assert "Parameter awareness.search: median 0.15, nine in ten from 0.0423 to 0.414 (assumption)" in said
    assert "Target take_up (two-towns) (fit): 0.55, tolerance 0.08, discrepancy 0.08" in said
    assert "Runs: 580 at most" in said
    assert "exists already" in told("new", "mine.yaml", code=2).stderr
    file = empty_folder / "mine.yaml"  # and what is commented out holds good, once its "# " is gone
    text, parts = re.subn(r"(?m)^# (?=set:|  fear:|  city)", "", file.read_text())
    assert parts == 3
    file.write_text(text)
    said = told("check", "mine.yaml", "--quick").stdout
    assert "Parameter city.neighbours: 0.0 or 0.5 or 0.9, as likely" in said


def test_without_its_library_one_sentence(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.gaussian_process", None)
    said = told("run", written(empty_folder), code=2).stderr
    assert "calibrating needs scikit-learn: `pip install 'local-citizenship[calibrate]'` installs it" in said
    assert said.count("\n") == 1
    with pytest.raises(emulator.NotInstalled):
        emulator.need_libraries()


def test_targets_that_cannot_be_told_are_named(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(installed: Any, point: int, seed: int) -> dict[str, list[tuple[int, float]]]:
        return values_of_a_run(installed, point, seed) | {"aware": [(-1, float("nan"))]}

    monkeypatch.setattr(working, "_values", silent)
    assert (
        "can tell aware (two-towns): leave this target out"
        in told("run", written(empty_folder), code=2).stderr
    )


def test_truths(empty_folder: Path) -> None:
    text = SMALL.replace("waves: 2", "waves: 1")
    file = written(empty_folder, text)
    said = told("truth", file, "--truths", "3", "--out", "tried").stdout
    assert "The 90% intervals hold the truth in " in said
    assert "of 6 cases (3 truths; " in said
    truths = pd.read_csv("tried/coverage/truths.csv")
    assert truths["truth"].nunique() == 3
    assert (truths["in_90"] >= truths["in_50"]).all()
    whole = files_of(empty_folder / "tried" / "coverage")
    assert (empty_folder / "tried" / "runs" / "wave-1").is_dir()  # which all truths share
    assert not (empty_folder / "tried" / "truths" / "0" / "runs" / "wave-1").exists()
    told("truth", file, "--truths", "3", "--out", "tried")
    assert files_of(empty_folder / "tried" / "coverage") == whole
    said = told("status", "tried").stdout
    assert "on made-up truths: 3 are done; the `calibrate truth` that began it" in said
    kept = Path("tried/truths/1/truth.csv")
    assert pd.read_csv(kept)["truth"].unique().tolist() == [1]
    kept.write_text(kept.read_text().replace("True", "False"))  # what is done of a truth is not done again
    told("truth", file, "--truths", "3", "--out", "tried")
    again = pd.read_csv("tried/coverage/truths.csv")
    assert not again.loc[again["truth"] == 1, "in_90"].any()
    kept.unlink()
    told("truth", file, "--truths", "4", "--out", "tried")
    more = pd.read_csv("tried/coverage/truths.csv")
    assert more[more["truth"] < 3].to_csv() == truths.to_csv()  # those before stay as they were
