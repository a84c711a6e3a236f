"""Running studies: the same tables however they were run, nothing lost, nothing done twice."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from study_tools import SMALL, edited, made, made_and_ran, ran, tables

from local_citizenship.experiments.studies import records, working
from local_citizenship.experiments.studies.folder import create, join, locked, open_study
from local_citizenship.experiments.studies.records import StudyError
from local_citizenship.experiments.studies.results import WHOLE_RUN
from local_citizenship.experiments.studies.run_queue import Shard
from local_citizenship.experiments.studies.running import LocalEngine
from local_citizenship.experiments.studies.status import status_of
from local_citizenship.experiments.studies.tables import load_results
from local_citizenship.outcomes.measures import main_outcomes
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import load_scenario

NAMES = ("points", "runs", "values", "outcomes", "factors")
TABLES = {f"{name}.{kind}" for name in NAMES for kind in ("csv", "parquet")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study run in order, without a hitch."""
    return made_and_ran(tmp_path_factory.mktemp("whole")).path


def test_a_study_keeps_what_each_run_tells(whole: Path) -> None:
    results = load_results(whole)
    assert results.points.to_dict("list") == {
        "point": [0, 1, 2, 3],
        "scenario": ["two-towns"] * 4,
        "fear.weight": [0.0, 0.0, 5.0, 5.0],
        "ngos.enabled": [True, False, True, False],
    }
    assert list(results.runs["point"]) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert list(results.runs["replicate"]) == [0, 1] * 4
    assert results.runs.groupby("replicate")["seed"].nunique().tolist() == [1, 1]  # shared luck
    seed = int(results.runs.iloc[5]["seed"])
    expected = main_outcomes(simulate("two-towns", sets=["fear.weight=5"], seed=seed, months=6))
    kept = results.values.set_index(["point", "replicate", "outcome", "year"])["value"]
    for outcome in ("needs_met", "take_up"):
        assert kept.loc[2, 1, outcome, WHOLE_RUN] == expected[outcome].value
    assert results.factors["role"].tolist() == ["uncertainty", "lever"]


def test_the_tables_do_not_depend_on_how_they_were_made(whole: Path, tmp_path: Path) -> None:
    expected = tables(whole)
    assert set(expected) == TABLES
    assert tables(made_and_ran(tmp_path / "a", shuffled=3).path) == expected
    parts = made(tmp_path / "b")
    outcomes = [ran(parts, Shard(number, 3), shuffled=number)[0] for number in (2, 3, 1)]
    assert [each.complete for each in outcomes] == [False, False, True]
    assert [each.done for each in outcomes] == [each.total for each in outcomes]
    assert tables(parts.path) == expected
    stopped = made(tmp_path / "c")
    with pytest.raises(KeyboardInterrupt):
        ran(stopped, after=3, shuffled=5)
    assert not (stopped.path / "tables").exists()
    again, _ = ran(open_study(stopped.path))
    assert (again.done, again.complete) == (8, True)
    assert tables(stopped.path) == expected


def test_results_can_be_read_from_an_unfinished_study(whole: Path, tmp_path: Path) -> None:
    study = made(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        ran(study, after=2)
    part, all_of_it = load_results(study.path), load_results(whole)
    assert 1 <= len(part.runs) < 8
    pd.testing.assert_frame_equal(part.points, all_of_it.points)
    key = ["point", "replicate", "outcome", "year"]
    both = part.values.merge(all_of_it.values, on=key, suffixes=("", "_whole"))
    assert len(both) == len(part.values)
    assert both["value"].equals(both["value_whole"])


def test_tables_of_the_folder_are_those_that_are_loaded(whole: Path) -> None:
    results = load_results(whole)
    for name in NAMES:
        there = pd.read_parquet(whole / "tables" / f"{name}.parquet")
        pd.testing.assert_frame_equal(there, getattr(results, name), check_dtype=False)


def test_nothing_is_done_twice(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_values", None)  # any run would fail
    before = tables(whole)
    again, said = ran(open_study(whole))
    assert (again.done, again.total, again.failed, said) == (8, 8, 0, [])
    assert tables(whole) == before


def test_torn_and_damaged_lines_are_told_and_done_again(whole: Path, tmp_path: Path) -> None:
    study = made_and_ran(tmp_path)
    file = study.path / "records" / "runs.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"needs_met":[[-1,0', b'"needs_met":[[-1,1')
    lines[4] = b"\x00" * 40 + b"\n"
    file.write_bytes(b"".join(lines[:-1]) + lines[-1][:50])
    status = "\n".join(status_of(open_study(study.path)))
    assert "5 of 8 runs are done" in status
    assert "line 3 is damaged" in status
    again, said = ran(open_study(study.path))
    assert said == [
        "Line 3 of records/runs.jsonl is damaged, and its run is done again.",
        "Line 5 of records/runs.jsonl is damaged, and its run is done again.",
        "The last line of records/runs.jsonl was torn off in writing: it is dropped, and its run done again.",
    ]
    assert again.done == 8
    assert len(file.read_bytes().splitlines()) == 10  # 7 whole lines, and 3 runs done again
    assert tables(study.path) == tables(whole)


def test_a_failed_run_is_a_row_and_the_others_go_on(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_values = working._values

    def failing(installed: Any, point: int, seed: int) -> Any:
        if point == 3:
            raise ZeroDivisionError("nothing to divide\nby")
        return true_values(installed, point, seed)

    monkeypatch.setattr(working, "_values", failing)
    study = made(tmp_path)
    found, _ = ran(study)
    assert (found.done, found.failed, found.complete) == (8, 2, True)
    runs = load_results(study.path).runs
    failed = runs[runs["error"] != ""]
    assert failed["error"].tolist() == ["ZeroDivisionError: nothing to divide"] * 2
    seed = int(failed["seed"].iloc[0])
    settings = "--set fear.weight=5.0 --set ngos.enabled=false"
    command = f"local-citizenship run scenarios/two-towns.yaml --seed {seed} {settings}"
    assert failed["command"].iloc[0] == command
    monkeypatch.chdir(study.path)  # where it is to be typed
    words = command.split()
    repeated = load_scenario(words[2], seed=seed, sets=words[6::2])
    meant = load_scenario("two-towns", months=6, seed=seed, sets=["fear.weight=5", "ngos.enabled=false"])
    assert repeated.hash == meant.hash
    assert "Failed, point 3, replicate 0: ZeroDivisionError" in "\n".join(status_of(study))

    monkeypatch.setattr(working, "_values", true_values)
    again, _ = ran(open_study(study.path))
    assert again.failed == 2  # it is known, and not tried again
    again, _ = ran(open_study(study.path), retry=True)
    assert again.failed == 0
    assert tables(study.path) == tables(whole)


def test_a_failed_run_with_dates_has_its_scenario_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(installed: Any, point: int, seed: int) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(working, "_values", failing)
    text = """\
scenarios: two-towns
months: 24
factors: {firewall: {change: {fear: {firewall: 1}}, values: [1990-06, never]}}
replicates: 1
"""
    study = made_and_ran(tmp_path, text)
    runs = load_results(study.path).runs
    assert runs["command"].tolist() == [
        f"local-citizenship run scenarios/point-{point}.yaml --seed {seed}"
        for point, seed in zip(runs["point"], runs["seed"], strict=True)
    ]
    dated, plain = (load_scenario(study.path / "scenarios" / f"point-{point}.yaml") for point in (0, 1))
    assert (dated.parameters_at(4).fear.firewall, dated.parameters_at(5).fear.firewall) == (0.7, 1.0)
    assert plain.hash == load_scenario("two-towns", months=24).hash


def test_no_more_replicates_are_added_than_can_be_read_again(whole: Path, tmp_path: Path) -> None:
    path = shutil.copytree(whole, tmp_path / "copy")
    before = (path / "manifest.json").read_bytes()
    for count in (10**9, 1_000_001, 5_000_000):
        with pytest.raises(
            StudyError, match="10,000,000 are the most, and so are 1,000,000 replicates added"
        ):
            open_study(path).add_replicates(count)
    assert (path / "manifest.json").read_bytes() == before


def test_there_are_no_more_workers_than_runs(whole: Path) -> None:
    engine = LocalEngine(open_study(whole), 10**6)
    engine.close(at_once=True)
    assert engine.workers == 8


def test_more_replicates_are_added_to_those_there_are(whole: Path, tmp_path: Path) -> None:
    study = made_and_ran(tmp_path)
    study.add_replicates(1)
    found, _ = ran(open_study(study.path))
    assert (found.done, found.total) == (12, 12)
    assert load_results(study.path).runs["replicate"].tolist() == [0, 1, 2] * 4
    three = SMALL.replace("replicates: 2", "replicates: 3")
    at_once = made_and_ran(tmp_path / "at-once", three, shuffled=1)
    assert tables(at_once.path) == tables(study.path)


UNTIL = """\
scenarios: two-towns
months: 12
factors: {fear.weight: [0, 5, 10]}
replicates: {until: {needs_met: 0.05}, at_least: 3, at_most: 9, confidence: 0.9}
outcomes: [needs_met]
"""


def test_replicates_go_on_until_the_interval_is_narrow(tmp_path: Path) -> None:
    from scipy import stats

    in_order, shuffled = made_and_ran(tmp_path / "a", UNTIL), made_and_ran(tmp_path / "b", UNTIL, shuffled=8)
    parts = made(tmp_path / "c", UNTIL)
    for number in (2, 1):
        ran(parts, Shard(number, 2), shuffled=9)
    assert tables(in_order.path) == tables(shuffled.path) == tables(parts.path)
    values = load_results(in_order.path).values
    sizes = []
    for _, of_point in values.groupby("point"):
        told = of_point["value"].to_numpy()
        widths = [
            stats.t.ppf(0.95, count - 1) * told[:count].std(ddof=1) / count**0.5
            for count in range(3, len(told) + 1)
        ]
        assert all(width > 0.05 for width in widths[:-1])
        assert widths[-1] <= 0.05 or len(told) == 9
        sizes.append(len(told))
    assert min(sizes) < 9


def test_points_that_are_the_same_share_their_runs(tmp_path: Path) -> None:
    text = """\
scenarios: two-towns
months: 2
design: list
factors: {fear.weight: }
points: [{fear.weight: 3}, {fear.weight: 3}, {}]
replicates: 2
outcomes: [stock]
"""
    study = made(tmp_path, text)
    found, _ = ran(study)
    assert found.total == 4
    results = load_results(study.path)
    assert len(results.runs) == 6
    assert results.points["fear.weight"].tolist() == [3.0, 3.0, 8.0]
    own = made(tmp_path / "own", text + "luck: own\n")
    assert ran(own)[0].total == 6
    assert load_results(own.path).runs["seed"].nunique() == 6


# Changes --------------------------------------------------------------------------------------------------


def test_what_has_changed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = made(tmp_path)
    assert study.changed() == []
    study.note(rules="0", versions={**study.manifest["versions"], "numpy": "1.0"})
    rules, numpy = open_study(study.path).changed()
    assert rules == "the model's rules"
    assert numpy.startswith("numpy (1.0 then, ")
    assert edited(study, "[0, 5]", "[0, 5, 8]").changed()[0] == "the study's file"


def test_an_accepted_change_keeps_the_runs_that_still_belong(tmp_path: Path) -> None:
    study = made_and_ran(tmp_path)
    now = edited(study, "[0, 5]", "[5, 8]").accept()
    assert now.changed() == []
    assert now.manifest["accepted"][0]["changes"] == ["the study's file"]
    found, said = ran(now)
    assert said == ["4 finished runs are not of this study as it is now, and are left aside."]
    assert (found.done, found.total) == (8, 8)
    assert len((study.path / "records" / "runs.jsonl").read_bytes().splitlines()) == 12
    fresh = made_and_ran(tmp_path / "fresh", SMALL.replace("[0, 5]", "[5, 8]"))
    assert tables(fresh.path) == tables(study.path)


def test_parts_join_the_folder_of_the_same_study_only(tmp_path: Path) -> None:
    study = made(tmp_path)
    assert join(tmp_path / "small.yaml", study.path).path == study.path
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace("months: 6", "months: 7"))
    with pytest.raises(StudyError, match="the study's file"):
        join(other, study.path)
    with pytest.raises(StudyError, match="exists already"):
        create(tmp_path / "small.yaml", study.path)


# Two at once, and what the disk refuses -------------------------------------------------------------------


def test_two_runners_on_one_study(tmp_path: Path) -> None:
    study = made(tmp_path)
    with locked(study.lock_of(Shard()), "it"):
        with pytest.raises(StudyError, match=f"is at work already .process {os.getpid()} on "):
            ran(study)
        with pytest.raises(StudyError, match="is being run already"):
            ran(study, Shard(1, 2))
        with pytest.raises(StudyError, match="is being run"):
            study.add_replicates(1)
    with locked(study.lock_of(Shard(1, 2)), "it"):
        with pytest.raises(StudyError, match="is being run already"):
            ran(study)
        with pytest.raises(StudyError, match="is being run already"):
            ran(study, Shard(1, 3))
        assert ran(study, Shard(2, 2))[0].done == 4
        assert any(line.startswith("At work: process") for line in status_of(study))
    assert ran(study)[0].complete


def test_a_lock_left_behind_is_taken_over(tmp_path: Path) -> None:
    study = made(tmp_path)
    lock = study.lock_of(Shard())
    note = lock.with_suffix(".holder")
    note.write_text(json.dumps({"pid": 2**22 + 1, "host": socket.gethostname()}))  # Linux gives none so high
    assert ran(study)[0].complete
    note.write_text(json.dumps({"pid": 1, "host": "elsewhere"}))
    with pytest.raises(StudyError, match=r"process 1 on elsewhere.; if it is not, remove .*runs.holder"):
        ran(study)


def test_a_full_disk_keeps_what_was_finished(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = made(tmp_path)
    true_write, written = os.write, []

    def write(handle: int, data: Any) -> int:
        written.append(len(data))
        if len(written) == 5:
            return true_write(handle, bytes(data)[:7])  # the last bytes there was room for
        if len(written) == 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true_write(handle, data)

    monkeypatch.setattr(records.os, "write", write)
    with pytest.raises(StudyError, match="the disk is full"):
        ran(study)
    monkeypatch.setattr(records.os, "write", true_write)
    found = records.read_records(study.path / "records" / "runs.jsonl")
    assert (len(found.records), found.damaged, found.torn) == (4, [], False)
    _, said = ran(open_study(study.path))
    assert said == []
    assert tables(study.path) == tables(whole)


FORMAT_9 = '{"format": 9, "name": "x", "added_replicates": 0}'


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: (path / "manifest.json").write_text("{"), "manifest.json is damaged"),
        (lambda path: (path / "manifest.json").unlink(), "is not the folder of a study"),
        (lambda path: (path / "manifest.json").write_text(FORMAT_9), "in format 9"),
    ],
)
def test_a_spoilt_folder_is_told_in_a_sentence(tmp_path: Path, spoil: Any, says: str) -> None:
    study = made(tmp_path)
    spoil(study.path)
    with pytest.raises(StudyError, match=says):
        open_study(study.path)
    with pytest.raises(StudyError, match="there is no study folder"):
        open_study(tmp_path / "nowhere")


# What the folder says of itself ---------------------------------------------------------------------------


def test_the_folder_describes_itself(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["runs"] == 8
    assert {"created", "finished", "rules", "measures", "study"} <= set(manifest)
    assert {"python", "numba", "numpy", "mesa", "SALib"} <= set(manifest["versions"])
    assert (whole / "study.yaml").read_text() == SMALL
    resolved = load_scenario(whole / "scenarios" / "two-towns.yaml")
    assert resolved.hash == load_scenario("two-towns", months=6).hash
    assert manifest["scenarios"] == {"two-towns": resolved.hash}

    crate = json.loads((whole / "ro-crate-metadata.json").read_text())
    entities = {each["@id"]: each for each in crate["@graph"]}
    root, action = entities["./"], entities["#study"]
    assert root["conformsTo"]["@id"] == "https://w3id.org/ro/wfrun/process/0.5"
    assert entities[root["conformsTo"]["@id"]]["@type"] == "CreativeWork"
    assert action["@type"] == "CreateAction"
    assert entities[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    files = [each["@id"] for each in root["hasPart"]]
    there = {
        str(file.relative_to(whole)) for file in whole.rglob("*") if file.is_file() and file.suffix != ".lock"
    }
    assert there == {*files, "ro-crate-metadata.json"}
    assert all(entities[file]["description"] for file in files)
    assert {each["@id"] for each in action["result"]} >= {"tables/values.csv"}
    assert {each["@id"] for each in action["object"]} == {"study.yaml", "scenarios/two-towns.yaml"}
