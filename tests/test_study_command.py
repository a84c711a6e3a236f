"""`local-citizenship study`: what the commands say, and how mistakes end."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import call, worked
from command_line import told as told_mistake
from own_measures import forget_own_measures
from study_samples import linear, study
from study_tools import SMALL, Here

from local_citizenship.app import study_command
from local_citizenship.app.computing import Computing
from local_citizenship.app.console import Screen
from local_citizenship.app.study_found import DECIDED, found, where_next
from local_citizenship.experiments.intervals import interval, paired
from local_citizenship.experiments.studies import working
from local_citizenship.experiments.studies.results import WHOLE_RUN, StudyResults
from local_citizenship.experiments.studies.tables import load_results


@pytest.fixture(autouse=True)
def here(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands run in an empty folder, their runs in this process."""
    monkeypatch.setattr(Computing, "engine", lambda _, folder: Here(folder))
    (empty_folder / "small.yaml").write_text(SMALL)
    return empty_folder


told = partial(worked, "study")


def test_from_new_to_the_last_replicate(here: Path) -> None:
    assert told("new", "mine.yaml").stdout.startswith("Wrote mine.yaml.")
    assert "Runs: 60 (6 design points, 10 replicates)" in told("check", "mine.yaml", "--quick").stdout
    said = told("run", "small.yaml").stdout
    assert "small: 8 of 8 runs are done, in studies/small\n" in said
    assert "figures: local-citizenship study plot studies/small" in said
    assert told("run", "small.yaml", "-q").stdout == "studies/small-2\n"
    assert "Complete since" in told("status", "studies/small").stdout
    assert "12 of 12 runs are done" in told("add-replicates", "studies/small", "1").stdout
    assert told("resume", "studies/small", "-q").stdout == "studies/small\n"
    told("export", "studies/small")
    assert (here / "studies" / "small" / "export" / "data-dictionary.csv").is_file()


def test_at_a_terminal_it_ends_with_what_was_found(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = told("run", "small.yaml").stdout
    assert len(piped.splitlines()) == 2  # other programs read it
    screen = io.StringIO()
    plain: dict[str, Any] = {"force_terminal": True, "color_system": None, "legacy_windows": False}
    monkeypatch.setattr(
        study_command, "out", lambda: Screen(file=screen, width=140, highlight=False, **plain)
    )
    told("resume", "studies/small")
    shown = screen.getvalue()
    matrix = load_results(here / "studies" / "small").outcome("needs_met")
    assert "Needs met (of needs)" in shown
    for point, name in matrix.results.point_names().items():
        (row,) = (line for line in shown.splitlines() if f" {name} " in line)
        values = matrix.wide.loc[point].to_numpy(dtype=float)
        low, high = interval(values)
        assert f" {values.mean():.1%} " in row
        assert f" {low:.1%} to {high:.1%} " in row
        change = paired(matrix.wide.loc[0].to_numpy(dtype=float), values)
        if point:
            assert row.split()[-2] == ("yes" if change.clear else "no")
    assert "Figures of all 2 outcomes" in shown
    assert "study plot studies/small" in shown
    screen.truncate(0)
    assert told("resume", "studies/small", "-q").stdout == "studies/small\n"
    assert screen.getvalue() == ""


def test_what_is_said_of_a_study_of_which_some_runs_can_tell_nothing() -> None:
    many = study("lhs", np.arange(20.0)[:, None], linear(1.0), years=(2001, 2002))
    values, of_y = many.values, many.values["outcome"] == "y"
    early = replace(many, values=values.assign(value=values["value"].where(values["year"] == 2001)))
    assert found(early) == []  # of the year that would be shown there is nothing
    reversed_ = replace(many, outcomes=many.outcomes.iloc[::-1])
    (line,) = found(reversed_)
    assert str(line).startswith("Unevenness, 2002 (units), mean of each of 20")
    no_last = values.assign(value=values["value"].where(of_y | (values["year"] == 2001)))
    (line,) = found(replace(reversed_, values=no_last))
    assert str(line).startswith("Needs met (units), mean of each of 20")

    two = study("list", np.array([[0.0], [1.0]]), linear(1.0), replicates=5, noise=0.1)
    assert found(two)[1:] == [DECIDED]
    without = two.values.assign(value=two.values["value"].where(two.values["point"] > 0))
    assert found(replace(two, values=without))[1:] == [
        "No run of the first design point (0: Factor x1) has a value: no difference from it can be told."
    ]
    once = study("list", np.array([[0.0], [1.0]]), linear(1.0))
    assert len(found(once)) == 1  # of one run each no interval, and nothing to decide


def test_of_many_points_the_two_between_which_they_lie() -> None:
    values = pd.DataFrame({"point": range(20), "replicate": 0, "value": np.arange(20) / 100})
    results = StudyResults(
        "many",
        "Many",
        "lhs",
        pd.DataFrame({"point": range(20), "scenario": "two-towns", "x": np.arange(20.0)}),
        values[["point", "replicate"]].assign(seed=1, error="", command=""),
        values.assign(outcome="needs_met", year=WHOLE_RUN),
        pd.DataFrame([{"outcome": "needs_met", "label": "Needs met", "unit": "share of needs"}]),
        pd.DataFrame([{
            "factor": "x", "path": "x", "role": "lever", "source": "", "unit": "", "low": 0.0, "high": 19.0,
            "label": "X",
        }]),
    )  # fmt: skip
    assert found(results) == [
        "Needs met (of needs), mean of each of 20 design points: from 0.0% (0: X) to 19.0% (19: X)"
    ]
    assert "study sensitivity studies/many" in where_next(results, Path("studies/many"))
    nothing = replace(results, values=results.values.iloc[:0])
    assert found(nothing) == []


def test_parts_of_a_study(here: Path) -> None:
    first = told("run", "small.yaml", "--shard", "2/2").stdout
    assert "small, part 2 of 2: 4 of 4 runs are done" in first
    assert "Other parts are still to come" in first
    assert "4 of 8 runs are done" in told("status", "studies/small").stdout
    assert "Its tables" in told("run", "small.yaml", "--shard", "1/2").stdout


def test_check_estimates_the_time(here: Path) -> None:
    said = told("check", "small.yaml", "--workers", "1").stdout
    assert "Runs: 8 (4 design points, 2 replicates)" in said
    assert "Factor ngos.enabled (lever): true, false" in said
    assert re.search(r"Time: about \d+ (s|min) with 1 process \(", said) or "not known before" in said


def test_failed_runs_say_so_in_the_exit_status(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(installed: object, point: int, seed: int) -> None:
        raise ValueError("no luck")

    monkeypatch.setattr(working, "_values", failing)
    result = told("run", "small.yaml", code=3)
    assert "8 runs failed: `local-citizenship study status studies/small`" in result.stderr
    status = told("status", "studies/small").stdout
    assert "8 of 8 runs are done, 8 of them failed" in status
    assert "repeat it (in studies/small): local-citizenship run scenarios/two-towns.yaml --seed " in status
    assert "... and 3 more" in status


def test_what_changed_must_be_accepted(here: Path) -> None:
    told("run", "small.yaml")
    file = here / "studies" / "small" / "study.yaml"
    file.write_text(file.read_text().replace("replicates: 2", "replicates: 3"))
    refused = told("resume", "studies/small", code=2).stderr
    assert "this has changed: the study's file" in refused
    assert "--accept-changes" in refused
    assert "12 of 12 runs are done" in told("resume", "studies/small", "--accept-changes").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "nowhere.yaml"), "there is no study file 'nowhere.yaml'"),
        (
            ("run", "small.yaml", "--shard", "3/2"),
            "--shard is '3/2', but must be I/N with I from 1 to N, as 2/16",
        ),
        (("run", "small.yaml", "--out", "small.yaml"), "small.yaml is a file: give another --out"),
        (
            ("run", "small.yaml", "--workers", "2", "--cluster", "x:1"),
            "give --workers or --cluster, not both",
        ),
        (("resume", "nowhere"), "there is no study folder nowhere"),
        (("status", "."), ". is not the folder of a study"),
        (("new", "small.yaml"), "small.yaml exists already, and is left as it is"),
        (("new", "x.txt"), "x.txt should end in .yaml"),
        (("new", "x.yaml", "--scenario", "two-twns"), "did you mean 'two-towns'?"),
        (("run", "small.yaml", "--out", "small.yaml/study"), "small.yaml/study can't be written"),
    ],
)
def test_mistakes_end_in_one_sentence(words: tuple[str, ...], says: str) -> None:
    assert says in told_mistake(call("study", *words))


def test_list_names_the_shipped_ones() -> None:
    assert "evenness" in told("list").stdout


def test_a_measure_of_ones_own_is_kept_and_its_code_run_when_asked_for_only(here: Path) -> None:
    (here / "mine.py").write_text('def share_helped(run):\n    """Share helped."""\n    return 0.25\n')
    own = ("--measure", "mine.py:share_helped")
    try:
        told("run", "small.yaml", *own)
        assert "own.share_helped,1990,0.25" in (here / "studies/small/tables/values.csv").read_text()
        forget_own_measures()
        assert "give --measure " in told("resume", "studies/small", code=2).stderr
        manifest = (here / "studies/small/manifest.json").read_bytes()
        assert "give --measure " in told("add-replicates", "studies/small", "1", code=2).stderr
        assert (here / "studies/small/manifest.json").read_bytes() == manifest
        assert "12 of 12 runs" in told("add-replicates", "studies/small", "1", *own).stdout
    finally:
        forget_own_measures()


def test_an_edited_measure_of_ones_own_must_be_accepted(here: Path) -> None:
    mine = here / "mine.py"
    mine.write_text("def h(run):\n    return 1.0\n")
    own = ("--measure", "mine.py:h")
    try:
        told("run", "small.yaml", *own)
        mine.write_text("def h(run):\n    return 2.0\n")
        refused = told("add-replicates", "studies/small", "1", *own, code=2).stderr
        assert f"this has changed: your {mine.resolve()}; its runs" in " ".join(refused.split())
        told("run", "small.yaml", "--out", "studies/small", "--shard", "1/2", *own, code=2)
        told("add-replicates", "studies/small", "1", "--accept-changes", *own)
        values = (here / "studies/small/tables/values.csv").read_text()
        assert (values.count("own.h,1990,1.0"), values.count("own.h,1990,2.0")) == (8, 4)
        told("resume", "studies/small", *own)
    finally:
        forget_own_measures()
