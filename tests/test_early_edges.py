"""What readers stumbled over: characters and blanks in texts, names that mean something, a run folder run again."""
# ruff: noqa: E501 - one sentence is one line

from __future__ import annotations

import shutil
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from command_line import call, worked
from ruamel.yaml import YAML

from local_citizenship.app.compare_runs import changes
from local_citizenship.app.console import with_home
from local_citizenship.app.new_files import write_scenario, write_study
from local_citizenship.app.tables import cautions
from local_citizenship.experiments.studies.read_study import read_study
from local_citizenship.model.state import State
from local_citizenship.outcomes import disk, story
from local_citizenship.outcomes.disk import bytes_of_run, check_room
from local_citizenship.outcomes.run import scenario_info
from local_citizenship.outcomes.run_folder import save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.outcomes.whole_folder import OutputError
from local_citizenship.scenarios import ScenarioError, load_scenario
from local_citizenship.scenarios.errors import is_one_slip_away
from local_citizenship.scenarios.json_schema import json_schema
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED

pytestmark = pytest.mark.usefixtures("empty_folder")
SCHEMA = jsonschema.Draft202012Validator(json_schema())
TOWN = """\
code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength
1,North,Köln,43.0,141.0,40000,300,0.4
"""


def said(text: str) -> str:
    """What the loader says of a file that extends the two towns; "" if it takes it."""
    Path("my.yaml").write_text(f"extends: two-towns\n{text}\n", encoding="utf-8")
    try:
        load_scenario("my.yaml")
    except ScenarioError as error:
        return str(error).removeprefix("my.yaml:")
    return ""


# Texts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r'title: "a\0b"', "2:8: the character U+0000 is not allowed"),
        (r'title: "a\ud800b"', "2:8: the character U+D800 is not allowed"),
        (r'question: "a\eb"', "2:11: the character U+001B is not allowed"),
        (r'doors: {worker: {label: "\x7f"}}', "2:25: the character U+007F is not allowed"),
        ('title: "Two \u202esnwot"', "2:8: the character U+202E is not allowed"),
        ("title: Two\u200btowns", "2:8: the character U+200B is not allowed"),
        (r'doors: {worker: {label: "Work\u200der"}}', "2:25: the character U+200D is not allowed"),
        ("needs: {\ufeffcare: {like: schooling}}", "2:9: the character U+FEFF is not allowed"),
        (r'fear: {"we\x01ight": 1}', "2:8: the character U+0001 is not allowed"),
        (r'sources: {fear: "\ufffe"}', "2:17: the character U+FFFE is not allowed"),
        ("title: ' '", "2:8: title is ' ', but must be text (what the scenario is called)"),
        ("needs: {birth: {label: ' '}}", "2:24: needs.birth.label is ' ', but must be text (text, at most 25 characters)"
            "; say something, or leave it out"),
        ("needs: {twins: {like: birth, label: ' '}}", "2:37: needs.twins.label is ' ', but must be text (text, at most 25 "
            "characters); say something, or leave it out"),
        ("doors: {worker: {group: ''}}", "2:25: doors.worker.group is '', but must be text (name, at most 200 characters)"
            "; say something, or leave it out"),
        ("sources: {fear.weight: 2003}", "2:11: the source of fear.weight must be text; put it in quotes"),
        ("fear: {weight: 0,5}", "2:16: weight is 0,5, but a comma ends a value here; write weight: 0.5"),
        ("fear: {weight: 0,5, local: 0}", "2:16: weight is 0,5, but a comma ends a value here; write weight: 0.5"),
        ("fear: {local: 1, 5: 2}", "2:18: 5 is not a name; names are text"),
        ('title: "ü 川 \\U0001F600 \\t"\nquestion: "two\\nlines"', ""),
    ],
)  # fmt: skip
def test_what_a_text_may_hold(text: str, wanted: str) -> None:
    assert said(text) == wanted


def test_a_title_is_one_line() -> None:
    Path("my.yaml").write_text("extends: one-town\ntitle: >\n  Two\n  lines\n")
    assert load_scenario("my.yaml").title == "Two lines"


def test_a_name_of_a_place_rings_no_bell() -> None:
    Path("towns.csv").write_text(TOWN.replace("Köln", "K\x1b[31mln"), encoding="utf-8")
    wanted = "towns.csv:2: column 'name' holds the character U+001B, which is not allowed"
    assert said("places: towns.csv") == wanted


@pytest.mark.parametrize("section", ENTRY_SECTIONS)
def test_schema_and_loader_know_the_same_names(section: str) -> None:
    about = getattr(SHIPPED, section)
    sibling = about.names[0]
    words = {
        *about.reserved(),
        "daycare",
        "x" * 25,
        "x" * 26,
        "Daycare",
        "_x",
        "x-y",
        "größe",
        "if2",
        "mro",
        "copy",
    }
    for name in sorted(words):
        content = {section: {name: {"like": sibling}}}
        assert SCHEMA.is_valid(content) == (about.why_not(name) is None), name
    assert {"if", "like", "drop", "root", "items", "copy", "mro"} <= about.reserved()
    everything = {f"x{n}": {"like": sibling} for n in range(about.limit + len(about) + 1)}
    assert not SCHEMA.is_valid({section: everything})
    everything.popitem()
    assert SCHEMA.is_valid({section: everything})


@pytest.mark.parametrize("content", ["title: ' '", 'title: "\\0"', "needs: {birth: {label: ' '}}", "sources: {fear: 3}",
    "doors: {worker: {group: ' '}}", "sources: {fear: ' '}", "title: A good one", "doors: {worker: {group: trainee}}"])  # fmt: skip
def test_schema_and_loader_agree_on_texts(content: str) -> None:
    parsed = YAML(typ="safe", pure=True).load(content)
    assert SCHEMA.is_valid(parsed) == (said(content) == "")


# Groups


def test_a_slip_of_the_pen_in_a_group_is_told() -> None:
    assert said("doors: {farmhand: {like: trainee, group: chinna}}") == ""
    told = cautions(load_scenario("my.yaml"))
    assert told == ["no other door has the group 'chinna' of doors.farmhand: did you mean 'china'?"]
    assert f"  {told[0]}" in call("check", "my.yaml").stdout.splitlines()
    for sound in ("china", "harvest", "farmhand"):
        assert said(f"doors: {{farmhand: {{like: trainee, group: {sound}}}}}") == ""
        assert cautions(load_scenario("my.yaml")) == []


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [("aa", "a", True), ("trainee", "trianee", True), ("trainee", "trainez", True), ("a", "a", False), ("ab", "cd", False),
     ("abcd", "badc", False), ("worker", "trainee", False)],
)  # fmt: skip
def test_one_slip_of_the_pen(one: str, other: str, slip: bool) -> None:
    assert is_one_slip_away(one, other) is is_one_slip_away(other, one) is slip


# A run folder, run again


def test_a_run_of_ones_own_table_can_be_run_again(tmp_path: Path) -> None:
    Path("places").mkdir()
    Path("places/towns.csv").write_text(TOWN, encoding="utf-8-sig")
    Path("my.yaml").write_text(
        "extends: one-town\nplaces: places/towns.csv\nmonths: 1\nservices: {exchange: drop}\n"
    )
    scenario = load_scenario("my.yaml")
    run = simulate(scenario, engine="interpreted")  # or its list of services were compiled for it alone
    shutil.rmtree("places")  # what happens to it later does not matter
    folder = save_run(run, tmp_path / "run")
    assert (folder / "places.csv").read_text(encoding="utf-8-sig") == TOWN
    again = load_scenario(folder / "scenario.yaml")
    assert again.hash == scenario.hash
    assert again.places_name == "places.csv"
    worked("check", folder / "scenario.yaml")


def test_a_run_of_a_shipped_table_keeps_none() -> None:
    scenario = load_scenario("one-town")
    assert scenario.places.own_table is None
    assert scenario.resolved()["places"] == "one-town.csv"


# On the way to a run


@pytest.mark.parametrize("threads", [1.5, True, 0, "2", -1])
def test_threads_are_a_whole_number(threads: object) -> None:
    with pytest.raises(ValueError, match="must be a whole number, 1 or more"):
        State(load_scenario("one-town"), threads=threads)  # type: ignore[arg-type]


def test_a_file_with_a_blank_in_its_name_can_be_begun_with() -> None:
    made = call("new", "mein: szenario.yaml", "--from", "one-town")
    assert made.stdout.splitlines()[-1] == "Next: edit it, then local-citizenship run 'mein: szenario.yaml'"
    assert (
        "# Run it:    local-citizenship run 'mein: szenario.yaml'" in Path("mein: szenario.yaml").read_text()
    )
    assert load_scenario("mein: szenario.yaml").title == "mein: szenario"
    write_study(Path("eine: studie.yaml"), "mein: szenario.yaml")
    assert read_study(Path("eine: studie.yaml")).title == "eine: studie"
    write_scenario(Path("second.yaml"), "mein: szenario.yaml", schema=False)
    assert load_scenario("second.yaml").title == "second"


def test_home_is_known_also_in_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("USERPROFILE", "/home/ana")
    given = ["run", "~/a b.yaml", "--out=~/x", "--out", "~/y", "--set", "title=~/z", "~", "a~/b"]
    assert with_home(given) == [
        "run", "/home/ana/a b.yaml", "--out=/home/ana/x", "--out", "/home/ana/y", "--set", "title=~/z", "~", "a~/b"
    ]  # fmt: skip


def test_where_nobody_came_there_is_no_life_to_tell() -> None:
    names = load_scenario("one-town").parameters.doors.names
    doors = [f"doors.{door}.{what}=0" for door in names for what in ("initial", "arrivals")]
    Path("my.yaml").write_text("extends: one-town\ntimeline_replaces: true\nmonths: 2\n")
    with pytest.raises(story.StoryError, match="Nobody ever came in this run: there is no life to tell"):
        story.recorded(simulate("my.yaml", sets=doors))


def test_an_entry_that_one_of_two_has_is_a_line_of_the_comparison() -> None:
    Path("my.yaml").write_text("extends: one-town\ndoors: {farmhand: {like: trainee}, worker: {group: x}}\n")
    worlds = [scenario_info(load_scenario(name)) for name in ("one-town", "my.yaml")]
    table = changes(worlds, ["one", "other"])
    rows = list(zip(*(list(column.cells) for column in table.columns), strict=True))
    assert [tuple(str(cell) for cell in row) for row in rows] == [
        ("doors.farmhand", "-", "Farmhand"),
        ("doors.worker.group", "worker", "x"),
    ]


def test_room_on_the_disk_is_asked_for_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1e9, 1e9 - 2e6, 2e6))
    refused = call("run", "one-town", "--out", "out")
    assert (refused.exit_code, refused.stderr) == (
        2, "out needs 3 MB or more, and its disk has 2 MB left: make room, or choose another place\n"
    )  # fmt: skip
    check_room(Path("deep/er"), 1e6)
    with pytest.raises(OutputError, match="needs 24 MB or more"):
        check_room(Path("deep/er"), bytes_of_run(1_738, 240, csv=True) + 0.5)
    Path("study.yaml").write_text("scenarios: one-town\nmonths: 1\noutcomes: [needs_met]\n")
    assert "its disk has 2 MB left" in call("study", "run", "study.yaml").stderr
    assert not Path("studies").exists()
