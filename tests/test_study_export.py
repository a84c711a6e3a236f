"""Export: tidy tables with a dictionary, the same bytes each time, whole or not at all."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from study_samples import grid, linear, study

from local_citizenship.experiments.studies import tables as exporting
from local_citizenship.experiments.studies.results import ReadingError, StudyResults
from local_citizenship.experiments.studies.tables import dictionary, export, tables
from local_citizenship.outcomes.run_folder import OutputError


@pytest.fixture
def made() -> StudyResults:
    """Four points, two replicates, one run failed; an outcome of the whole run and one of two years."""
    whole = study("grid", grid((0.0, 1.0), (0.0, 1.0)), linear(1.0, 2.0), replicates=2, years=(2001, 2002))
    lost, runs = "point == 3 and replicate == 1", whole.runs.copy()
    failed = ["ValueError: no", "local-citizenship run two-towns --seed 7"]
    runs.loc[runs.eval(lost), ["error", "command"]] = failed
    return replace(whole, runs=runs, values=whole.values.query(f"not ({lost})").reset_index(drop=True))


def test_values_carry_all_that_they_depend_on(made: StudyResults) -> None:
    values = tables(made)["values"]
    assert len(values) == 7 * 3
    row = values.query("point == 2 and replicate == 0 and outcome == 'y'").iloc[0]
    assert row[["x1", "x2", "value", "label", "unit"]].tolist() == [1.0, 0.0, 1.0, "Needs met", "units"]
    assert row["scenario"] == "two-towns"
    assert pd.isna(row["year"])
    assert values.loc[values["outcome"] == "yearly", "year"].tolist()[:2] == [2001, 2002]


def test_failed_runs_keep_their_error_and_the_command_that_repeats_them(made: StudyResults) -> None:
    exported = tables(made, wide=True)
    assert exported["runs"]["error"].tolist()[-1] == "ValueError: no"
    assert exported["runs"]["command"].tolist()[-1].endswith("--seed 7")
    assert len(exported["wide"]) == 7


def test_wide_has_a_row_a_run_and_a_column_an_outcome(made: StudyResults) -> None:
    wide = tables(made, wide=True)["wide"]
    assert wide.columns.tolist()[-3:] == ["y", "yearly_2001", "yearly_2002"]
    assert wide["yearly_2002"].to_numpy() == pytest.approx(wide["y"].to_numpy())
    assert "wide" not in tables(made)


def test_the_dictionary_describes_every_column(made: StudyResults) -> None:
    exported = tables(made, wide=True)
    described = dictionary(made, exported)
    pairs = [(table, column) for table, frame in exported.items() for column in frame.columns]
    assert list(zip(described["table"], described["column"], strict=True)) == pairs
    assert (described["unit"].str.len() > 0).all()
    assert (described["meaning"].str.len() > 0).all()
    row = described[(described["table"] == "wide") & (described["column"] == "yearly_2001")].iloc[0]
    assert (row["unit"], row["meaning"]) == ("units", "Unevenness, 2001")
    factor = described[described["column"] == "x1"].iloc[0]
    assert factor["source"].startswith("assumption")
    assert "section.x1" in factor["meaning"]
    with pytest.raises(ValueError, match="column odd of the table values is not described"):
        dictionary(made, {"values": exported["values"].assign(odd=1)})


def test_files_hold_the_tables_and_are_the_same_each_time(made: StudyResults, tmp_path: Path) -> None:
    one, two = (export(made, tmp_path / name, wide=True) for name in ("one", "two"))
    names = sorted(file.name for file in one.iterdir())
    assert "data-dictionary.csv" in names
    assert {"values.csv", "values.parquet", "wide.csv", "runs.parquet", "factors.csv"} <= set(names)
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    read = pq.read_table(one / "values.parquet").to_pandas()
    assert read["value"].to_numpy() == pytest.approx(tables(made)["values"]["value"].to_numpy())
    csv = pd.read_csv(one / "values.csv")
    assert csv["value"].to_numpy() == pytest.approx(read["value"].to_numpy(), rel=1e-15)
    assert csv["year"].isna().sum() == 7


def test_factors_of_names_and_numbers_can_be_written(made: StudyResults, tmp_path: Path) -> None:
    points = made.points.astype({"x1": object})
    points["x1"] = ["off", 1.0, True, 2.0]
    folder = export(replace(made, points=points), tmp_path / "mixed")
    assert pq.read_table(folder / "points.parquet")["x1"].to_pylist() == ["off", "1.0", "True", "2.0"]


def test_a_disk_that_refuses_leaves_nothing(
    made: StudyResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    older = export(made, tmp_path / "out", formats=("csv",))
    before = {file.name: file.read_bytes() for file in older.iterdir()}
    monkeypatch.setattr(exporting.pq, "write_table", full)
    with pytest.raises(OutputError, match="the disk is full"):
        export(made, tmp_path / "out", overwrite=True)
    assert {file.name: file.read_bytes() for file in older.iterdir()} == before
    with pytest.raises(OutputError, match="the disk is full"):
        export(made, tmp_path / "new")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out"]


def test_what_is_there_is_not_overwritten_unasked(made: StudyResults, tmp_path: Path) -> None:
    export(made, tmp_path / "out", formats=("csv",))
    (tmp_path / "other").mkdir()
    (tmp_path / "file").touch()
    for name, overwrite, said in (
        ("out", False, "exists already"),
        ("other", True, "holds something else than an export"),
        ("file", False, "is a file"),
    ):
        with pytest.raises(OutputError, match=said):
            export(made, tmp_path / name, overwrite=overwrite)


def test_a_study_without_runs_is_refused(made: StudyResults, tmp_path: Path) -> None:
    empty = replace(made, runs=made.runs.iloc[:0], values=made.values.iloc[:0])
    with pytest.raises(ReadingError, match="no finished run to read"):
        export(empty, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_missing_values_stay_missing(made: StudyResults) -> None:
    values = made.values.copy()
    values.loc[0, "value"] = np.nan
    assert tables(replace(made, values=values))["values"]["value"].isna().sum() == 1
