"""`compare` and `story --against`: what is printed, what is left, how mistakes and Ctrl-C are taken."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import call, told, worked
from rich.console import Console
from synthetic_tables import make_run

from local_citizenship.app import story_against
from local_citizenship.outcomes.run_folder import save_run


def quick_run(folder: Path, *options: object) -> Path:
    """A run of two towns in this folder."""
    worked("run", "two-towns", "--no-figures", "-q", "--out", folder, *options)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two towns with fear, without, and with half of it."""
    home = tmp_path_factory.mktemp("runs")
    return [quick_run(home / str(w), "--months", 36, "--set", f"fear.weight={w}") for w in (5, 0, 2)]


def test_the_command_prints_what_differs_and_whose_life(unafraid: Path, tmp_path: Path) -> None:
    folder = tmp_path / "left"
    how = ("--seeds", 3, "--months", 48, "--workers", 1, "--out", folder)
    shown = printed("compare", "two-towns", unafraid, *how)
    for words in (
        "fear.weight │ 8.0 │ 0.0",
        "unafraid against two-towns: 3 pairs of runs",
        "undecided",
        " with unafraid against two-towns",
        "what shared luck is worth",
        "Who was served: two-towns and unafraid, seed 1",
        "both lives are the same",
    ):
        assert words in shown
    assert shown.index("with unafraid against two-towns") < shown.index("What was changed"), (
        "the finding comes first"
    )
    assert "came to one only: those who came to the country in one of the two alone" in shown
    assert (folder / "figures" / "01-differences-a.png").is_file()
    again = call("compare", "two-towns", unafraid, "--out", folder)
    assert "exists already" in told(again)
    assert [file.name for file in tmp_path.iterdir()] == ["left"]


def test_the_order_of_workers_changes_nothing(unafraid: Path) -> None:
    arguments = ("compare", "two-towns", unafraid, "--seeds", 2, "--months", 12)
    one, two = (call(*arguments, "--workers", n) for n in (1, 2))
    assert one.exit_code == 0
    assert one.stdout == two.stdout


def test_a_scenario_is_compared_with_itself_but_for_a_setting() -> None:
    how = ("--seeds", 2, "--months", 12, "--workers", 1, "--no-figures")
    shown = printed("compare", "two-towns", *CHANGED, *how)
    assert "two-towns (fear.weight = 0) against two-towns: 2 pairs of runs" in shown
    assert "fear.weight │ 8.0 │ 0.0" in shown


def printed(*arguments: object) -> str:
    """What a command prints when all goes well, in one line."""
    result = worked(*arguments)
    return " ".join(result.stdout.split())


CHANGED = ("--set-other", "fear.weight=0")
MISTAKES = [
    (("two-towns",), "against itself is local-citizenship compare two-towns --set-other KEY=VALUE"),
    (("runs/nowhere",), "beside it, as local-citizenship compare runs/nowhere RUN"),
    (("two-towns", "two-twons"), "two-towns"),
    (("two-towns", "japan"), "different places"),
    (("japan-sample", "firewall"), "--set scale.persons_per_record=20"),
    (("two-towns", "two-towns", "--seeds", 1), "one pair of runs can't tell"),
    (("two-towns", "two-towns", "--seeds", 0), "no interval"),
    (("two-towns", *CHANGED, "--outcome", "E3.sarved"), "did you mean E3.served"),
    (("two-towns", *CHANGED, "--outcome", "E3.aware[overstayers]"), "has no group 'overstayers'"),
    (("two-towns", "two-towns"), "compare two-towns --set-other KEY=VALUE` changes the second alone"),
    (("two-towns", "two-towns", "--set", "fear.weight=0"), "--set changes both; `"),
    (("two-towns", "two-towns", "--set", "fear.weight=8"), "compare two-towns --set-other KEY=VALUE`"),
    (("two-towns", "two-towns", "--set", "seed=5"), "compare two-towns --set-other KEY=VALUE`"),
    (
        ("two-towns", "two-towns", "--set", "months=24", "--set", "fear.weight=0"),
        "`local-citizenship compare two-towns --set months=24 --set-other fear.weight=0` changes the second alone",
    ),
    (
        ("two-towns", *CHANGED, "--set", "fear.weight=0"),
        "--set-other fear.weight=0 changes nothing in two-towns",
    ),
    (("two-towns", "--set-other", "fear.weight=8"), "--set-other fear.weight=8 changes nothing in two-towns"),
    (("two-towns",) * 3 + CHANGED, "two-towns and two-towns, number 2 and 3 of 3, are the same"),
    (("two-towns", "one-town", "one-town"), "one-town and one-town, number 2 and 3 of 3, are the same"),
    (("two-towns", "--set-other", "seed=5"), "--seed gives the first seed of all"),
    (("two-towns", "--set-other", "nope=1"), "--set-other nope=1: unknown parameter"),
    (("two-towns", "--set-other", "needs.*.nope=1"), "--set-other needs.*.nope=1: "),
    (("two-towns", *CHANGED, "--set", "nope=1"), "--set nope=1: unknown parameter"),
    (("two-towns", "two-towns", "--year", 1992), "--outcome"),
    (("two-towns", "two-towns", "--set", "fear.wieght=0"), "fear.weight"),
    (("two-towns", "runs/nowhere"), "is a run folder and two-towns is none"),
    (("runs/nowhere", "runs/there"), "there is no run folder"),
    (("two-towns",) * 7, "too many"),
]


@pytest.mark.parametrize(("arguments", "words"), MISTAKES)
def test_a_mistake_is_one_sentence(arguments: tuple[object, ...], words: str) -> None:
    assert words in told(call("compare", *arguments))


def test_a_setting_that_makes_one_scenario_the_other_is_told(unafraid: Path) -> None:
    words = told(call("compare", "two-towns", unafraid, "--set-other", "fear.weight=8"))
    assert f"--set-other fear.weight=8 makes {unafraid} the same as two-towns" in words


def test_scenarios_of_other_lengths_and_years_nobody_has(tmp_path: Path) -> None:
    short = tmp_path / "short.yaml"
    short.write_text("extends: two-towns\nmonths: 24\n")
    assert "give the same --months" in told(call("compare", "two-towns", short))
    few = ("--seeds", 2, "--months", 12, "--workers", 1)
    wrong = call("compare", "two-towns", *CHANGED, *few, "--outcome", "E3.aware[overstayer]", "--year", 1995)
    assert "no run has a value of E3.aware overstayer in 1995" in told(wrong)


def test_finished_runs_are_compared_as_they_are(runs: list[Path], tmp_path: Path) -> None:
    before, unafraid, half = runs
    shown = printed("compare", before, unafraid)
    assert "fear.weight │ 5.0 │ 0.0" in shown
    assert "Same seed: the same people" in shown
    assert "Who was served: the first run and the second run" in shown
    assert f"story {before}" in shown.replace(" │", "")
    assert shown.startswith("Needs met: "), "what came of it comes first"
    assert "of one run each, in which luck may have a part. What was changed" in shown
    assert "run 3 change" in printed("compare", before, unafraid, half)
    assert "--set is for scenarios" in told(call("compare", before, unafraid, "--set", "fear.weight=1"))
    assert "is a run folder" in told(call("compare", before, "two-towns"))

    one = worked("story", before, "--against", unafraid)
    assert "Until here both lives are the same; in" in one.stdout
    assert "In two-towns (fear.weight = 0)" in one.stdout
    number = re.search(r"migrant (\d+)", one.stdout)
    assert number is not None
    assert one.stdout.startswith("One life of those that part, chosen ")
    assert one.stdout.endswith(call("story", before, number[1], "--against", unafraid).stdout)
    same = call("story", before, "--against", before)
    assert "No recorded life parts" in same.stdout
    assert "the same in both from beginning to end" in call("story", before, 0, "--against", before).stdout
    assert "was not recorded" in told(call("story", before, 999999999, "--against", unafraid))
    assert "--list" in told(call("story", before, "--list", "--against", unafraid))

    for name, option in (("other", "--seed=2"), ("silent", "--set=stories.share=0")):
        quick_run(tmp_path / name, "--months", 3, option)
    assert "The seeds differ (1 and 2)" in told(call("story", before, "--against", tmp_path / "other"))
    assert "stories.share" in told(call("story", before, "--against", tmp_path / "silent"))
    assert "No single lives are compared" in printed("compare", before, unafraid, tmp_path / "silent")


def test_differences_of_finished_runs_come_as_json(runs: list[Path]) -> None:
    before, unafraid, half = runs
    told_as_data = json.loads(call("compare", before, unafraid, half, "--json").stdout)
    rows = told_as_data["differences"]
    assert told_as_data["seeds"] == [1, 1, 1]
    assert {row["run"] for row in rows} == {str(unafraid), str(half)}
    assert all(row["change"] == pytest.approx(row["other"] - row["first"]) for row in rows)
    met = next(row for row in rows if (row["run"], row["outcome"]) == (str(unafraid), "needs_met"))
    assert 0 < met["first"] != met["other"]


def test_runs_of_different_places_share_no_lives(tmp_path: Path) -> None:
    made = {places: make_run(places=places, regions=1, months=12) for places in (3, 4)}
    folders = [save_run(run, tmp_path / str(places)) for places, run in made.items()]
    assert "different places" in told(call("story", folders[0], "--against", folders[1]))
    said = " ".join(call("compare", *folders).stdout.split())
    assert "Places that have no like in the other run count in its totals alone: " in said
    assert said.count(" only in the second run.") == 1
    assert " only in the first run" not in said
    assert "Places that have no like" not in call("compare", folders[0], folders[0]).stdout


def test_a_terminal_shows_the_lives_side_by_side(runs: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    for width in (60, 120):
        screen = io.StringIO()
        plain = {"force_terminal": True, "color_system": None, "legacy_windows": False}
        console = Console(file=screen, width=width, **plain)
        monkeypatch.setattr(story_against, "out", lambda console=console: console)
        story_against.tell_against(*runs[:2], None)
        shown[width] = screen.getvalue().splitlines()
        assert max(map(len, shown[width])) <= width
    headings = ("In two-towns ", "In two-towns (fear.weight = 0)")
    assert any(all(each in line for each in headings) for line in shown[120]), "headings side by side"
    assert len(shown[120]) < len(shown[60])


def test_ctrl_c_leaves_nothing_half_written(unafraid: Path, tmp_path: Path) -> None:
    said = "a run is done\n"
    code = f"""
from local_citizenship.app import cli, progress
progress.RunsProgress.__call__ = lambda *_: print({said!r}, end="", flush=True)
cli.main()"""
    arguments = ["compare", "two-towns", str(unafraid), "--seeds", "400", "--out", str(tmp_path / "left")]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == said, process.communicate()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    assert "Stopped" in err
    assert "Traceback" not in err
    assert out.replace(said, "") == ""
    assert list(tmp_path.iterdir()) == []
