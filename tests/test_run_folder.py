"""A run on disk: complete and equal when read back, whole or not at all whatever happens."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from ruamel.yaml import YAML
from small import small_places
from synthetic_tables import make_run

from local_citizenship.outcomes import Run, ScenarioInfo, run_folder, whole_folder
from local_citizenship.outcomes.dictionary import TABLES
from local_citizenship.outcomes.places_info import PlacesInfo, places_info
from local_citizenship.outcomes.run import Tables, date_of, with_speed
from local_citizenship.outcomes.run_folder import OutputError, load_run, save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios.catalogue import STATUSES
from local_citizenship.scenarios.schema import Parameters


@pytest.fixture(scope="module")
def run() -> Run:
    return make_run(places=6, regions=2, months=13)


@pytest.fixture
def kept(run: Run, tmp_path: Path) -> Path:
    """Its folder."""
    return save_run(run, tmp_path / "r")


def older_run(folder: Path) -> Path:
    """A run of another seed, saved before."""
    return save_run(make_run(seed=9, places=3, regions=1, months=2), folder)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_saved_is_what_is_loaded(run: Run, tmp_path: Path) -> None:
    folder = save_run(run, tmp_path / "runs" / "first")  # parents are made
    assert names_in(folder) == ["data-dictionary.csv", "manifest.json", "scenario.yaml", "tables"]
    assert names_in(folder.parent) == ["first"]
    again = load_run(folder)
    assert (again.scenario_name, again.seed, again.start, again.months) == ("made-up", 1, "1990-01", 13)
    assert again.scenario == run.scenario
    assert again.manifest["timing"]["model_seconds"] == run.manifest["timing"]["model_seconds"] > 0.0
    assert set(again.tables) == {*run.tables, "measures"}
    for name in run.tables:
        pd.testing.assert_frame_equal(again.table(name), run.table(name))


def test_tables_are_read_when_asked_for_and_once(kept: Path) -> None:
    (kept / "tables" / "needs.parquet").unlink()
    again = load_run(kept)
    assert again.table("monthly") is again.table("monthly")
    with pytest.raises(OutputError, match=r"incomplete: .*needs\.parquet is missing"):
        again.table("needs")
    with pytest.raises(KeyError, match="no table 'wealth' in this run; there are census, departures"):
        again.table("wealth")


def test_whether_a_table_is_there_is_told_without_making_it() -> None:
    """Made for that, the largest took as much memory as the run."""

    class Unmade:
        columns = ("month",)

        def __len__(self) -> int:
            return 10**9

        def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
            raise AssertionError("it was made")

        pieces = frame

    tables = Tables({"monthly": Unmade()})  # type: ignore[dict-item]
    assert "monthly" in tables
    assert "yearly" not in tables


def test_categories_keep_the_order_of_the_catalogue(tmp_path: Path) -> None:
    table = pd.DataFrame({"month": [0, 1], "status": ["smuggled", "legal"]})  # not even categories
    save_run(Run(ScenarioInfo("x", 1, "1990-01", 2), {"monthly": table}), tmp_path / "r")
    status = load_run(tmp_path / "r").table("monthly")["status"]
    assert list(status.cat.categories) == list(STATUSES)
    assert status.cat.ordered
    assert status.max() == "smuggled"


def test_tables_without_rows_have_their_columns(tmp_path: Path) -> None:
    run = Run(ScenarioInfo("x", 1, "1990-01", 2), {"census": pd.DataFrame(), "moves": pd.DataFrame()})
    assert list(run.table("census").columns) == list(TABLES["census"])
    save_run(run, tmp_path / "r")
    moves = load_run(tmp_path / "r").table("moves")
    assert list(moves.columns) == list(TABLES["moves"])
    assert len(moves) == 0


def test_large_tables_are_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_folder, "ROWS_AT_A_TIME", 100)
    status = pd.Categorical(["legal"] * 240 + ["citizen"] * 10, list(STATUSES), ordered=True)
    numbers = np.arange(250, dtype=np.int32)
    table = pd.DataFrame({"month": numbers.astype(np.int16), "status": status, "stock": numbers})
    save_run(Run(ScenarioInfo("x", 1, "1990-01", 250), {"monthly": table}), tmp_path / "r")
    assert pq.ParquetFile(tmp_path / "r" / "tables" / "monthly.parquet").num_row_groups == 3
    pd.testing.assert_frame_equal(load_run(tmp_path / "r").table("monthly"), table)


def test_csv_on_request(run: Run, tmp_path: Path) -> None:
    folder = save_run(run, tmp_path / "r", csv=True)
    table = pd.read_csv(folder / "tables" / "monthly.csv")
    assert len(table) == len(run.table("monthly"))
    assert table["stock"].sum() == run.table("monthly")["stock"].sum()


def test_the_dictionary_describes_every_column_saved(kept: Path) -> None:
    described = pd.read_csv(kept / "data-dictionary.csv", keep_default_na=False)
    columns = {
        (file.stem, column)
        for file in (kept / "tables").glob("*.parquet")
        for column in pq.read_schema(file).names
    }
    assert set(zip(described["table"], described["column"], strict=True)) == columns
    assert (described["meaning"] != "").all()


def test_the_scenario_file_has_value_layer_and_source(kept: Path) -> None:
    scenario = YAML(typ="safe").load(kept / "scenario.yaml")
    apprehension = scenario["parameters"]["enforcement.apprehension"]
    assert apprehension["value"] == Parameters().enforcement.apprehension
    assert apprehension["layer"] == "default"
    assert apprehension["source"]
    assert scenario["timeline"][0]["path"] == "enforcement.apprehension"


def test_from_model_keeps_what_the_scenario_and_the_model_say(tmp_path: Path) -> None:
    change = SimpleNamespace(month=14, path="labour.demand", value=np.float64(0.5), where="x.yaml:3")
    scenario = SimpleNamespace(
        name="x", title="X", question="?", start="1990-11", months=24, seed=5, hash="ab", timeline=[change],
        parameters=Parameters(), layers={"labour.demand": "x.yaml:2"}, sources={"labour.demand": "fitted"},
        resolved=lambda: {"title": "X", "labour": {"demand": np.float64(1.0)}},
        observed=(), places_name="x.csv", places=small_places(),
    )  # fmt: skip
    tables = {"nation": pd.DataFrame({"month": [0], "migrants": [7]})}
    model = SimpleNamespace(
        run_scenario=scenario,
        month=20,
        ledger=SimpleNamespace(sources=lambda: tables),
        timing={"model_seconds": 2.0, "migrant_months": 500, "compile_seconds": 1.0},
    )
    run = Run.from_model(model)
    assert run.months == 20  # it was stopped before the scenario's end
    assert run.date(14) == "1992-01"
    assert run.timeline[0]["date"] == "1992-01"
    assert run.parameters["labour.demand"] == Parameters().labour.demand
    assert run.parameter_at("labour.demand", 13) == Parameters().labour.demand
    assert run.parameter_at("labour.demand", 14) == 0.5
    assert run.manifest["timing"]["migrant_months_per_second"] == 250
    assert places_info(run) == PlacesInfo("x.csv", synthetic=True)
    assert set(run.manifest["versions"]) >= {"python", "numpy", "numba", "mesa", "local-citizenship"}
    folder = save_run(run, tmp_path / "r")
    assert load_run(folder).timeline == ({**run.timeline[0], "value": 0.5},)
    assert "demand: 1.0" in (folder / "scenario.yaml").read_text(encoding="utf-8")


def test_a_model_without_timing_or_with_a_clock_that_stood_still() -> None:
    assert with_speed({}) == {}
    assert "migrant_months_per_second" not in with_speed({"model_seconds": 0.0, "migrant_months": 3})


def test_dates() -> None:
    months = (("1990-01", 0), ("1990-04", 9), ("1990-12", 1), ("1990-01", -1))
    assert [date_of(*each) for each in months] == ["1990-01", "1991-01", "1991-01", "1989-12"]


# What is in the way


def test_an_existing_folder_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    with pytest.raises(OutputError, match="exists already"):
        save_run(run, tmp_path / "r")
    assert names_in(tmp_path) == ["r"]
    assert names_in(tmp_path / "r") == []


def test_a_file_of_that_name_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "r").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="is a file"):
            save_run(run, tmp_path / "r", overwrite=overwrite)
    with pytest.raises(OutputError, match=r"because .*r is a file"):
        save_run(run, tmp_path / "r" / "deeper")
    assert (tmp_path / "r").read_text() == "mine"


def test_overwrite_replaces_a_run_but_nothing_else(run: Run, tmp_path: Path) -> None:
    folder = older_run(tmp_path / "r")
    (folder / "left-over.txt").write_text("old")
    save_run(run, folder, overwrite=True)
    assert load_run(folder).seed == 1
    assert not (folder / "left-over.txt").exists()
    assert names_in(tmp_path) == ["r"]
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(OutputError, match="something else than a run"):
        save_run(run, tmp_path / "thesis", overwrite=True)
    assert names_in(tmp_path / "thesis") == ["chapter.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.ENOSPC, r"the disk is full: .*r needed about [\d,]+ MB, and nothing of it was kept"),
        (errno.EROFS, "no permission to write there"),
        (errno.EACCES, "no permission to write there"),
        (errno.EIO, "can't be written: "),
    ],
)
def test_a_disk_that_fails_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, what: str, overwrite: bool
) -> None:
    if overwrite:
        older_run(tmp_path / "r")
    write = run_folder._write_parquet

    def full(table: pd.DataFrame, file: Path) -> None:
        if file.name == "doors.parquet":
            raise OSError(number, os.strerror(number))
        write(table, file)

    monkeypatch.setattr(run_folder, "_write_parquet", full)
    with pytest.raises(OutputError, match=what):
        save_run(run, tmp_path / "r", overwrite=overwrite)
    assert names_in(tmp_path) == (["r"] if overwrite else [])
    if overwrite:
        assert load_run(tmp_path / "r").seed == 9


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_the_writer_itself_reports_a_full_disk(run: Run, tmp_path: Path) -> None:
    def onto_a_full_device(folder: Path) -> None:
        run_folder._write_parquet([run.table("monthly")], Path("/dev/full"))

    with pytest.raises(OutputError, match="the disk is full"):
        save_run(run, tmp_path / "r", extra=onto_a_full_device)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("module", "step"),
    [(run_folder, "_write_tables"), (whole_folder, "_flush"), (whole_folder, "_put_in_place")],
)
def test_ctrl_c_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, step, stop)
    with pytest.raises(KeyboardInterrupt):
        save_run(run, tmp_path / "r")
    assert names_in(tmp_path) == []


def test_ctrl_c_between_the_two_renames_keeps_the_older_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older_run(tmp_path / "r")
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if ".partial-" in path.name:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_run(run, tmp_path / "r", overwrite=True)
    assert names_in(tmp_path) == ["r"]
    assert load_run(tmp_path / "r").seed == 9


def test_no_folder_bears_the_name_before_it_is_complete(run: Run, tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def draw(folder: Path) -> None:
        (folder / "figures").mkdir()
        (folder / "figures" / "one.png").write_bytes(b"x")
        seen.append(names_in(tmp_path))
        assert (folder / "manifest.json").exists()

    folder = save_run(run, tmp_path / "r", extra=draw)
    assert seen == [[f".r.partial-{os.getpid()}", ".r.writing"]]
    assert (folder / "figures" / "one.png").read_bytes() == b"x"


def test_a_figure_that_fails_leaves_nothing_and_is_not_hushed_up(run: Run, tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_run(run, tmp_path / "r", extra=fail)
    assert names_in(tmp_path) == []


def test_what_a_dead_process_left_is_cleared_away(run: Run, tmp_path: Path) -> None:
    left = tmp_path / f".r.partial-{os.getpid()}"
    left.mkdir()
    (left / "half.txt").write_text("half")
    folder = save_run(run, tmp_path / "r")
    assert not (folder / "half.txt").exists()
    assert names_in(tmp_path) == ["r"]


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="to the superuser nothing is locked")
def test_a_parent_that_may_not_be_written(run: Run, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    with pytest.raises(OutputError, match="no permission to write there"):
        save_run(run, locked / "r")


# What can't be read


def test_loading_what_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for name, said in (
        ("nowhere", "there is no run folder"),
        ("file", "it is a file"),
        ("empty", r"not a run folder: it has no manifest\.json"),
    ):
        with pytest.raises(OutputError, match=said):
            load_run(tmp_path / name)


DAMAGED = ("{", "[]", "{}", '{"format": 1}', '{"format": 1, "scenario": {}, "tables": {}}')


@pytest.mark.parametrize(
    ("file", "content"),
    [*(("manifest.json", text) for text in DAMAGED), ("tables/monthly.parquet", "not parquet")],
)
def test_a_damaged_file(kept: Path, file: str, content: str) -> None:
    (kept / file).write_text(content)
    with pytest.raises(OutputError, match="is damaged"):
        load_run(kept).table("monthly")


def test_a_folder_of_another_format(kept: Path) -> None:
    file = kept / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(OutputError, match="format 99"):
        load_run(kept)


def test_a_run_of_the_model_is_kept_whole(tmp_path: Path) -> None:
    run = simulate("two-towns", months=13)
    for name, columns in TABLES.items():
        if name in (
            "measures",
            "local_names",
            "observed",
        ):  # made when it is saved; only where places tell of them
            continue
        assert set(run.table(name).columns) == set(columns), name
    again = load_run(save_run(run, tmp_path / "r"))
    assert again.scenario == run.scenario
    assert again.manifest["timing"]["migrant_months"] == run.table("monthly")["stock"].sum()
    for name in run.tables:
        pd.testing.assert_frame_equal(again.table(name), run.table(name))
