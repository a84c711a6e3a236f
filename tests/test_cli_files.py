"""The command line: what it makes of a finished run, and the files that it begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import call, told, worked

from local_citizenship.app.parameters import find, value_in
from local_citizenship.outcomes.invocation import TYPED
from local_citizenship.outcomes.run_folder import load_run
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.json_schema import json_schema

SMALL = "two-towns"


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short run with its figures."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    worked("run", SMALL, "--months", 24, "--seed", 3, "--seeds", 1, "--out", folder)
    return folder


def test_run_leaves_a_whole_folder(small_run: Path) -> None:
    assert (small_run / "manifest.json").is_file()
    assert (small_run / "scenario.yaml").is_file()
    assert (small_run / "tables" / "monthly.parquet").is_file()
    assert len(list((small_run / "figures").glob("*.png"))) >= 9
    assert [p.name for p in small_run.parent.iterdir()] == ["small"]


def test_data_comes_as_json_on_request(small_run: Path) -> None:
    def data(*command: object) -> Any:
        return json.loads(call(*command, "--json").stdout)

    assert {each["name"] for each in data("list")} >= {"japan", SMALL}
    checked = data("check", SMALL)
    assert checked["people_at_start"] > 0
    assert all(value > 0 for value in checked["arrivals_a_year"].values())
    (fear,) = data("explain", "fear.weight")
    assert (fear["unit"], fear["low"]) == ("per yearly risk", 0.0)
    rows = data("measures", small_run, "--id", "E3", "--measure", "needs")
    assert {row["measure"] for row in rows} == {"needs"}
    assert {row["by"] for row in rows} >= {"country", "status"}
    assert data("measures", "--define")[0]["by"][0] == "country"
    assert data("places", small_run)["places"][0]["migrants"] > 0
    assert data("story", small_run, "--list")[0]["migrant"] >= 0
    assert [each["mechanism"]["id"] for each in data("mechanisms", "b5")] == ["B5"]
    assert data("schedule")["month"][0]["number"] == 1
    assert data("glossary", "E3")[0]["label"] == "Take-up"


def test_plot_draws_again_in_the_format_asked_for(small_run: Path, tmp_path: Path) -> None:
    worked("plot", small_run, "--format", "svg", "--out", tmp_path / "vector")
    drawn = {p.stem for p in (tmp_path / "vector").glob("*.svg")}
    assert drawn == {p.stem for p in (small_run / "figures").glob("*.png")}
    assert not list((tmp_path / "vector").glob("*.png"))


def test_plot_puts_a_lost_figure_back(small_run: Path) -> None:
    lost = sorted((small_run / "figures").glob("*.png"))[0]
    before = lost.read_bytes()
    lost.unlink()
    worked("plot", small_run, "--only", "1")
    assert lost.read_bytes() == before


def test_plot_refuses_what_it_cannot_do(small_run: Path, tmp_path: Path) -> None:
    assert "png, svg or pdf" in told(call("plot", small_run, "--format", "gif"))
    assert str(tmp_path / "none") in told(call("plot", tmp_path / "none"))


def test_story_lists_lives_and_tells_one(small_run: Path) -> None:
    from local_citizenship.outcomes.story import list_lives

    numbers = [str(n) for n in list_lives(load_run(small_run))["migrant"]]
    listed = worked("story", small_run, "--list")
    for number in numbers:
        assert f" {number} " in listed.stdout
    assert f"migrant {numbers[-1]} " in call("story", small_run, numbers[-1]).stdout
    chosen = call("story", small_run).stdout
    assert any(f"migrant {number} " in chosen for number in numbers)


def test_story_of_nobody_is_one_sentence(small_run: Path, tmp_path: Path) -> None:
    assert "not recorded" in told(call("story", small_run, 2**63))
    assert "'nobody'" in told(call("story", small_run, "nobody"))
    for more in ((), ("--against", small_run)):  # more digits than Python makes a number of
        assert "is not a migrant's number" in told(call("story", small_run, "9" * 5_000, *more))
    assert "none" in told(call("story", tmp_path / "none"))


def test_new_writes_a_scenario_that_runs_as_its_base(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    worked("new", file, "--from", SMALL)
    mine, base = load_scenario(str(file)), load_scenario(SMALL)
    assert mine.parameters == base.parameters
    assert (mine.start, mine.months, mine.timeline) == (base.start, base.months, base.timeline)
    assert "yaml-language-server" not in file.read_text(encoding="utf-8")


def test_the_commented_timeline_of_a_new_scenario_works(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    call("new", file, "--from", SMALL)
    before, mark, example = file.read_text(encoding="utf-8").partition("# timeline:")
    file.write_text(before + mark[2:] + example.replace("\n# ", "\n"), encoding="utf-8")
    base = load_scenario(SMALL)
    added = [c for c in load_scenario(str(file)).timeline if "mine.yaml" in c.where]
    assert [(c.month, c.path) for c in added] == [(base.months // 2, "enforcement.apprehension")]
    assert added[0].value == pytest.approx(2 * value_in(base, *find("enforcement.apprehension")), rel=1e-4)


def test_new_names_a_file_as_seen_from_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("extends: two-towns\nfear: {talk: 0.3}\n", encoding="utf-8")
    for kind, check in (
        ([], ["check"]),
        (["study"], ["study", "check"]),
        (["calibrate"], ["calibrate", "check"]),
    ):
        file = Path("sub", f"{'-'.join(kind) or 'further'}.yaml")
        option = "--scenario" if kind else "--from"
        worked(*kind, "new", file, option, "mine.yaml")
        assert "../mine.yaml" in file.read_text(encoding="utf-8")
        (tmp_path / "one-town").touch()  # no scenario's name
        worked(*kind, "new", file.with_stem(f"{file.stem}-shipped"), option, "one-town")
        assert "../one-town" not in file.with_stem(f"{file.stem}-shipped").read_text(encoding="utf-8")
        worked(*check, file, *(["--quick"] if kind == ["calibrate"] else []))


def test_new_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    assert "exists already" in told(call("new", file, "--from", SMALL))
    assert file.read_text(encoding="utf-8") == "mine"
    assert ".yaml" in told(call("new", tmp_path / "mine.txt", "--from", SMALL))


@pytest.mark.parametrize("name", ["two\nlines.yaml", "\udcff.yaml", "bell\a.yaml"])
def test_new_refuses_a_name_that_no_file_can_repeat(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["new"], ["study", "new"]):
        assert "cannot stand in the file: choose another name" in told(call(*command, name))
    assert list(tmp_path.iterdir()) == []


def test_new_writes_the_schema_its_first_line_names(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    worked("new", file, "--from", SMALL, "--schema")
    named = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert json.loads((tmp_path / named).read_text(encoding="utf-8")) == json_schema()
    assert load_scenario(str(file)).parameters == load_scenario(SMALL).parameters


def test_a_new_file_says_what_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TYPED, "python3 start.py")
    call("new", tmp_path / "mine.yaml", "--from", SMALL)
    call("study", "new", tmp_path / "study.yaml")
    for name in ("mine.yaml", "study.yaml"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "# Run it:    python3 start.py " in text
        assert "local-citizenship " not in text.replace("local-citizenship.schema", "")
