"""`plot`: standard figures, and what one asks for, from the command line; and the gallery of its commands."""

from __future__ import annotations

import shlex
import struct
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import typer
from command_line import call, told, worked
from own_measures import forget_own_measures
from PIL import Image
from scripts import script
from synthetic_tables import make_run
from test_readme import COMMANDS, parse

from local_citizenship.outcomes.run_folder import save_run
from local_citizenship.outcomes.simulate import simulate


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the two towns over four years."""
    place = tmp_path_factory.mktemp("plot") / "two-towns"
    worked("run", "two-towns", "--months", "48", "--no-figures", "--out", place)
    return place


@pytest.fixture(scope="module")
def gallery() -> ModuleType:
    return script("docs/make/gallery.py")


def test_a_measure_is_drawn_with_its_table_and_its_words(folder: Path, tmp_path: Path) -> None:
    result = worked("plot", folder, "--measure", "E3.take_up", "--by", "status", "--out", tmp_path / "x.png")
    assert result.stdout.strip() == str(tmp_path / "x.png")
    table = pd.read_csv(tmp_path / "x.csv")
    assert set(table["measure"]) == {"claimed_of_eligible_any"}
    assert {"legal", "overstayers"} <= set(table["label"])
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (1600, 900)
        assert picture.info["Description"].startswith("Line chart. Take-up of the eligible, by status")


def test_several_runs_have_their_own_figures_and_may_share_a_chart(folder: Path, tmp_path: Path) -> None:
    """Each of one seed: so it is said."""
    other = tmp_path / "other"
    unafraid = ("--months", "48", "--set", "fear.weight=0")
    worked("run", "two-towns", *unafraid, "--no-figures", "--seeds", "1", "--out", other)
    said = worked("plot", folder, other, "--only", "03,15").stdout
    assert "In one chart: " in said
    for each in (folder, other):
        assert len([*(each / "figures").glob("*.png")]) == 2
    worked("plot", folder, other, "--measure", "E3.served_of_needs", "--out", tmp_path / "both.png")
    with Image.open(tmp_path / "both.png") as picture:
        assert "one seed each: what differs may be luck" in picture.info["Description"]


def test_nothing_is_drawn_where_one_of_the_runs_is_none(tmp_path: Path) -> None:
    once = save_run(make_run(places=2, regions=1, months=12), tmp_path / "once")
    assert "there is no run folder" in told(call("plot", once, tmp_path / "nosuch", "--only", "03"))
    assert not (once / "figures").exists()


@pytest.mark.parametrize("size", ["slide", "print"])
def test_formats_and_sizes(folder: Path, tmp_path: Path, size: str) -> None:
    every = [word for each in ("png", "svg", "pdf") for word in ("--format", each)]
    words = ["--measure", "E1.substantive", "--size", size, *every, "--out", tmp_path]
    worked("plot", folder, *words)
    across = {"slide": 25.4, "print": 17.0}[size]
    with Image.open(tmp_path / "E1.substantive-line.png") as picture:
        assert picture.size[0] / picture.info["dpi"][0] * 2.54 == pytest.approx(across, rel=0.01)
    text = (tmp_path / "E1.substantive-line.svg").read_text(encoding="utf-8")
    assert f'width="{across / 2.54 * 72:.6g}pt"' in text
    assert "<desc>Line chart. Formal against substantive citizenship: met in fact" in text
    pdf = (tmp_path / "E1.substantive-line.pdf").read_bytes()
    box = pdf.partition(b"/MediaBox [ 0 0 ")[2].split(b"]")[0].split()
    assert float(box[0]) == pytest.approx(across / 2.54 * 72, rel=0.001)
    assert b"Line chart. Formal against" in pdf


def test_some_of_the_standard_figures(folder: Path, tmp_path: Path) -> None:
    worked("plot", folder, "--only", "03,harms", "--only", "1", "--size", "print", "--out", tmp_path / "o")
    drawn = sorted(file.name for file in (tmp_path / "o").glob("*.png"))
    assert drawn == ["01-stock-by-status.png", "03-claiming-cascade.png", "11-harms.png"]
    with (tmp_path / "o" / drawn[0]).open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    assert (width, height) == (2007, 1129)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--by status", "--by says how to draw a measure: give --measure too"),
        ("--only 99", "there is no figure '99'"),
        ("--only 3 --measure needs_met", "give one"),
        ("--measure E3.eligible_any --by need", "it can be split by status, rung, region or place"),
        ("--measure E1.gap --years 2030", "there is 1990 to 1993"),
        ("--measure E1.gap --kind pie", "line, bar, map and heat"),
        ("--measure E1.gap --size poster", "for slide or print"),
        ("--measure E1.gap --point 3", "these are runs"),
        ("--measure E1.gap --out x.png --format svg", "give one of the two"),
        ("--measure E1.gap --observed none.csv", "none.csv cannot be read"),
        ("--measure E1.gap --out gone.png --group Atlantis", "give --by too"),
        ("--measure E1.gap --by place --group Atlantis", "there is no place 'Atlantis'"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(folder: Path, words: str, said: str) -> None:
    result = call("plot", folder, *shlex.split(words))
    assert said in told(result)


def test_of_a_run_with_nobody_in_it_one_sentence_says_that_there_is_no_value(tmp_path: Path) -> None:
    nobody = simulate("two-towns", months=12, sets=["doors.*.initial=0", "doors.*.arrivals=0"])
    folder = save_run(nobody, tmp_path / "nobody")
    for words in ("E3.served_of_needs", "E4.persons --by status", "E5.needs --by place"):
        said = told(call("plot", folder, "--measure", *shlex.split(words)))
        assert "nothing was counted of what it needs" in said, words


def test_several_runs_of_several_scenarios_from_one_command(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: two-towns\ntitle: Without fear\nfear: {weight: 0}\n")
    worked("run", "two-towns", mine, "--months", "12", "--no-figures", "--out", tmp_path / "both")
    runs = sorted((tmp_path / "both").iterdir())
    assert [run.name for run in runs] == ["mine-seed1", "two-towns-seed1"]
    worked("plot", *runs, "--measure", "E1.substantive", "--kind", "bar", "--out", tmp_path / "x.png")
    assert list(pd.read_csv(tmp_path / "x.csv")["scenario"]) == ["mine", "two-towns"]
    assert "same folder two-towns-seed1" in told(call("run", "two-towns", "two-towns"))


def test_a_study_has_a_line_for_each_design_point(tmp_path: Path) -> None:
    file = tmp_path / "fear.yaml"
    file.write_text(
        "scenarios: two-towns\nmonths: 24\nfactors: {fear.weight: {values: [0, 5], label: Fear}}\ndesign: grid\n"
        "replicates: 2\noutcomes: [E1.substantive, E1.substantive legal, needs_met]\n"
    )
    worked("study", "run", file, "--out", tmp_path / "s", "--workers", "1")
    worked("plot", tmp_path / "s", "--measure", "E1.substantive", "--out", tmp_path / "x.png")
    table = pd.read_csv(tmp_path / "x.csv")
    assert list(table["scenario"].unique()) == ["0: Fear", "5: Fear"]
    assert set(table["seeds"]) == {2}
    worked("plot", tmp_path / "s", "--measure", "E1.substantive", "--point", "1", "--out", tmp_path / "x.png")
    assert set(pd.read_csv(tmp_path / "x.csv")["scenario"]) == {"5: Fear"}
    assert "has not kept E1.substantive by region" in told(
        call("plot", tmp_path / "s", "--measure", "E1.substantive", "--by", "region")
    )
    assert "study plot" in told(call("plot", tmp_path / "s"))


# The gallery ----------------------------------------------------------------------------------------------


def test_the_gallery_has_twenty_commands_as_they_are_given(gallery: ModuleType) -> None:
    asked = gallery.gallery()
    assert len(asked["charts"]) == 20
    assert isinstance(COMMANDS, typer.core.TyperGroup)
    page = gallery.PAGE.read_text(encoding="utf-8")
    for command in [each["command"] for each in asked["charts"]] + asked["runs"]:
        parse(COMMANDS, shlex.split(command))
        assert f"    local-citizenship {command}\n" in page
    assert page.count("![") == 20
    for number in range(1, 21):
        assert (gallery.PICTURES / f"{number:02d}.png").is_file()


def test_the_gallery_is_made_by_its_command(
    gallery: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of its charts that one run and a measure of one's own are enough for."""
    monkeypatch.chdir(tmp_path)
    gallery.prepare(["two-towns --seed 1 --no-figures"])
    commands = [each["command"] for each in gallery.gallery()["charts"]]
    few = [each for each in commands if each.startswith("plot runs/two-towns-seed1 --")]
    assert len(few) >= 7
    try:
        for number, command in enumerate(few[::3] + few[-1:], start=1):
            file, alt = gallery.draw(number, command, tmp_path)
            assert file.is_file()
            assert len(alt) > 60
    finally:
        forget_own_measures()
