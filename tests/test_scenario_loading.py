"""Scenario files: what is set, by which layer, from when, and what identifies a run."""

from __future__ import annotations

import copy
import math
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from local_citizenship import scenarios
from local_citizenship.scenarios import Change, Scenario, ScenarioError, list_scenarios, load_scenario
from local_citizenship.scenarios.schema import ParameterInfo, Parameters, iter_parameters

PARAMETERS = [info for info in iter_parameters(Parameters()) if not info.presentation]
IN_WORLD = [info for info in PARAMETERS if info.in_world]
FREE = [info for info in IN_WORLD if not info.path.endswith(".detention")]  # which just one need has
PLACES = "places: two-towns.csv\n"
pytestmark = pytest.mark.usefixtures("empty_folder")


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def value(scenario: Scenario, path: str, month: int = 0) -> Any:
    found: Any = scenario.parameters_at(month)
    for part in path.split("."):
        found = getattr(found, part)
    return found


# Shipped scenarios


def test_the_shipped_scenarios_are_listed_with_their_questions() -> None:
    listed = list_scenarios()
    assert {"japan", "japan-sample", "two-towns"} <= {name for name, _, _ in listed}
    for name, title, question in listed:
        loaded = load_scenario(name)
        assert (loaded.name, loaded.title, loaded.question) == (name, title, question)
        assert question.endswith("?")
        assert title != name


def test_the_sample_is_japan_but_for_its_scale() -> None:
    japan, sample = load_scenario("japan"), load_scenario("japan-sample")
    differing = {path for path in japan.layers if value(japan, path) != value(sample, path)}
    assert differing == {"scale.persons_per_record", "stories.share"}
    assert sample.places.fingerprint == japan.places.fingerprint
    assert sample.timeline == japan.timeline
    assert sample.layers["scale.persons_per_record"].startswith("japan-sample.yaml:")


def test_two_towns_has_two_places_and_records_every_life() -> None:
    towns = load_scenario("two-towns")
    assert len(towns.places) == 2
    assert towns.parameters.stories.share == 1.0
    present = sum(door["initial"] for door in towns.parameters.doors.model_dump().values())
    assert present * towns.parameters.scale.share < 1_000


# Layers


def test_a_minimal_scenario_is_all_defaults() -> None:
    loaded = load_scenario(write("my.yaml", PLACES))
    assert loaded.parameters == Parameters()
    assert set(loaded.layers.values()) == {"default"}
    assert list(loaded.layers) == [info.path for info in PARAMETERS]
    assert loaded.sources == {info.path: info.source for info in PARAMETERS}
    assert (loaded.name, loaded.title, loaded.question) == ("my", "my", "")
    assert loaded.timeline == loaded.unused_changes == []
    assert loaded.setting_layers["places"] == "my.yaml:1"
    assert loaded.setting_layers["start"] == "default"


def test_each_layer_lies_over_the_one_before() -> None:
    write("base.yaml", PLACES + "fear:\n  weight: 1\n  local: 0.1\n  ngos: 0.3\ncity: {pace: 0.9}\n")
    write("middle.yaml", "extends: base.yaml\nfear:\n  weight: 2\n  local: 0.2\n")
    write("top.yaml", "extends: middle.yaml\nseed: 5\nfear: {weight: 3}\n")
    loaded = load_scenario("top.yaml", sets=["fear.weight=4", "months=12"], seed=9)
    assert (loaded.parameters.fear.weight, loaded.layers["fear.weight"]) == (4.0, "--set")
    assert (loaded.parameters.fear.local, loaded.layers["fear.local"]) == (0.2, "middle.yaml:4")
    assert (loaded.parameters.fear.ngos, loaded.layers["fear.ngos"]) == (0.3, "base.yaml:5")
    assert (loaded.parameters.city.pace, loaded.layers["city.pace"]) == (0.9, "base.yaml:6")
    assert loaded.layers["fear.firewall"] == "default"
    assert (loaded.seed, loaded.setting_layers["seed"]) == (9, "--seed")
    assert (loaded.months, loaded.setting_layers["months"]) == (12, "--set")
    assert load_scenario("top.yaml", months=7).setting_layers["months"] == "--months"


def test_setting_one_parameter_of_an_entry_leaves_its_other_defaults() -> None:
    loaded = load_scenario(write("my.yaml", PLACES + "services: {language: {per_head: 5}}\n"))
    default = Parameters().services
    assert loaded.parameters.services.language == default.language.model_copy(update={"per_head": 5.0})
    assert loaded.parameters.services.council == default.council


def test_a_whole_number_will_do_for_a_number_and_becomes_one() -> None:
    loaded = load_scenario(write("my.yaml", PLACES + "fear: {weight: 1}\n"))
    assert isinstance(loaded.parameters.fear.weight, float)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1e-2", 0.01), (".5", 0.5), ("+1.", 1.0), ("0x1", 1.0), ("1_0e-1", 1.0), ("0o1", 1.0)],
)
def test_numbers_as_yaml_writes_them(text: str, number: float) -> None:
    loaded = load_scenario(write("my.yaml", f"{PLACES}fear: {{local: {text}}}\n"))
    assert loaded.parameters.fear.local == number


def test_title_and_question_are_a_files_own() -> None:
    write("base.yaml", PLACES + "title: The base\nquestion: What is?\n")
    loaded = load_scenario(write("top.yaml", "extends: base.yaml\n"))
    assert (loaded.title, loaded.question) == ("top", "")


def test_the_last_of_two_sets_holds_and_spaces_do_not_matter() -> None:
    write("my.yaml", PLACES)
    loaded = load_scenario("my.yaml", sets=["fear.weight=1", " fear.weight = 2 ", "ngos.enabled=false"])
    assert loaded.parameters.fear.weight == 2.0
    assert loaded.parameters.ngos.enabled is False
    assert load_scenario("my.yaml", sets="fear.weight=3").parameters.fear.weight == 3.0


def test_a_utf8_file_with_a_byte_order_mark_and_windows_line_ends_loads() -> None:
    Path("my.yaml").write_bytes(
        f"\ufeff{PLACES}title: São\nfear:\n  weight: 2\n".replace("\n", "\r\n").encode()
    )
    loaded = load_scenario("my.yaml")
    assert (loaded.title, loaded.layers["fear.weight"]) == ("São", "my.yaml:4")


def test_anchors_may_be_used() -> None:
    text = PLACES + "doors:\n  worker: &terms {permit: 6, renewal: 0.25}\n  trainee: *terms\n"
    doors = load_scenario(write("my.yaml", text)).parameters.doors
    for door in (doors.trainee, doors.worker):
        assert (door.permit, door.renewal) == (6, 0.25)


# Files


def test_extends_is_relative_to_the_file_that_says_it() -> None:
    write("a/base.yaml", PLACES + "fear: {weight: 2}\n")
    write("b/top.yaml", "extends: ../a/base.yaml\n")
    assert load_scenario("b/top.yaml").layers["fear.weight"] == "base.yaml:2"


def test_a_file_may_have_the_name_of_the_shipped_one_it_extends() -> None:
    write("mine/japan.yaml", "extends: japan\nfear: {weight: 2}\n")
    loaded = load_scenario("mine/japan.yaml")
    assert loaded.layers["fear.weight"] == "mine/japan.yaml:2"
    assert loaded.layers["doors.coethnic.arrivals"].startswith("shipped japan.yaml:")


def test_a_table_of_places_is_looked_for_beside_the_file_that_names_it() -> None:
    names = "code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength"
    table = f"{names}\n1,A,One,35,139,5000,50,0.5\n"
    write("far/places.csv", table)
    write("far/base.yaml", "places: places.csv\n")
    write("top.yaml", "extends: far/base.yaml\n")
    assert load_scenario("top.yaml").places.name == ["One"]
    write("two-towns.csv", table.replace("One", "Mine"))
    assert load_scenario(write("my.yaml", PLACES)).places.name == ["Mine"]
    assert load_scenario("top.yaml", sets=["places=two-towns.csv"]).places.name == ["Mine"]
    assert len(load_scenario("far/base.yaml", sets=["places=japan_prefectures.csv"]).places.regions) == 47


def test_places_have_a_luck_of_their_own() -> None:
    write("my.yaml", "places: italy_provinces_2023.csv\n")
    first = load_scenario("my.yaml", seed=1)
    assert load_scenario("my.yaml", seed=2).places.fingerprint == first.places.fingerprint
    assert load_scenario("my.yaml", sets=["places_seed=2"]).places.fingerprint != first.places.fingerprint


# Timeline

TIMELINE = """\
start: 2000-11
months: 24
fear: {weight: 1}
timeline:
  - from: 2001-01
    fear: {weight: 2, local: 0.25}
  - from: 2001-06
    fear:
      weight: 3
"""


def test_changes_hold_from_their_month_on() -> None:
    loaded = load_scenario(write("my.yaml", PLACES + TIMELINE))
    weights = [value(loaded, "fear.weight", month) for month in (0, 1, 2, 6, 7, 23, 500)]
    assert weights == [1, 1, 2, 2, 3, 3, 3]
    assert loaded.timeline == [
        Change(2, "fear.local", 0.25, "my.yaml:7"),
        Change(2, "fear.weight", 2.0, "my.yaml:7"),
        Change(7, "fear.weight", 3.0, "my.yaml:10"),
    ]
    assert [loaded.date(month) for month in (0, 1, 2, 14)] == ["2000-11", "2000-12", "2001-01", "2002-01"]
    assert loaded.parameters_at(3) is loaded.parameters_at(6)
    with pytest.raises(ValueError, match="before the start"):
        loaded.parameters_at(-1)


def test_a_shorter_run_says_which_changes_it_does_not_reach() -> None:
    write("my.yaml", PLACES + TIMELINE)
    assert load_scenario("my.yaml", months=8).unused_changes == []
    assert [change.month for change in load_scenario("my.yaml", months=7).unused_changes] == [7]


def test_a_change_at_the_start_belongs_to_the_start() -> None:
    text = PLACES + "start: 2000-01\nfear: {weight: 1}\ntimeline:\n  - from: 2000-01\n    fear: {weight: 2}\n"
    loaded = load_scenario(write("my.yaml", text))
    assert loaded.parameters == loaded.parameters_at(0)
    assert (loaded.parameters.fear.weight, loaded.layers["fear.weight"]) == (2.0, "my.yaml:6")


def test_a_timeline_is_taken_over_and_added_to() -> None:
    write("base.yaml", PLACES + TIMELINE)
    first, second = "- {from: 2001-03, city: {pace: 0.5}}", "- {from: 2001-06, fear: {weight: 9, ngos: 0.5}}"
    loaded = load_scenario(write("top.yaml", f"extends: base.yaml\ntimeline:\n{first}\n{second}\n"))
    assert [(change.month, change.path, change.value, change.where) for change in loaded.timeline] == [
        (2, "fear.local", 0.25, "base.yaml:7"),
        (2, "fear.weight", 2.0, "base.yaml:7"),
        (4, "city.pace", 0.5, "top.yaml:3"),
        (7, "fear.ngos", 0.5, "top.yaml:4"),
        (7, "fear.weight", 9.0, "top.yaml:4"),
    ]


@pytest.mark.parametrize(
    ("own", "months"), [("", []), ("timeline:\n  - from: 2001-03\n    city: {pace: 0.5}\n", [4])]
)
def test_a_timeline_can_be_replaced(own: str, months: list[int]) -> None:
    write("base.yaml", PLACES + TIMELINE)
    write("top.yaml", "extends: base.yaml\ntimeline_replaces: true\n" + own)
    assert [change.month for change in load_scenario("top.yaml").timeline] == months


def test_a_set_value_holds_until_the_timeline_changes_it_and_the_scenario_says_so() -> None:
    write("my.yaml", PLACES + TIMELINE)
    loaded = load_scenario("my.yaml", sets=["fear.weight=7", "fear.ngos=0.5"], months=5)
    assert [value(loaded, "fear.weight", month) for month in (0, 1, 2)] == [7, 7, 2]
    assert [(change.month, change.path) for change in loaded.overtaken_sets] == [(2, "fear.weight")]


def test_a_later_start_shifts_the_months_of_a_timeline_taken_over() -> None:
    write("base.yaml", PLACES + TIMELINE)
    loaded = load_scenario(write("top.yaml", "extends: base.yaml\nstart: 2001-01\n"))
    assert sorted({change.month for change in loaded.timeline}) == [0, 5]
    assert loaded.parameters.fear.weight == 2.0


# Sources


def test_counts_are_taken_over_or_replaced_and_change_no_result() -> None:
    """They are not taken over where a file or `--set` has another part of the people who were counted."""
    assert load_scenario("japan-sample").observed != () == load_scenario("two-towns").observed
    count = "observed: [{status: overstayer, date: 1990-05, persons: 7, source: A census}]\n"
    write("base.yaml", "extends: two-towns\n" + count)
    write("top.yaml", "extends: base.yaml\n")
    write("other.yaml", "extends: base.yaml\nobserved: []\n")
    write("part.yaml", "extends: base.yaml\nscale: {share: 0.001}\n")
    base, top = load_scenario("base.yaml"), load_scenario("top.yaml")
    assert [each.plain() for each in top.observed] == [
        {"status": "overstayer", "date": "1990-05", "persons": 7, "source": "A census"}
    ]
    assert base.observed == top.observed
    assert load_scenario("other.yaml").observed == ()
    assert (
        load_scenario("part.yaml").observed
        == load_scenario("base.yaml", sets=["scale.share=0.5"]).observed
        == ()
    )
    assert base.hash == load_scenario("two-towns").hash
    assert base.resolved()["observed"] == [each.plain() for each in base.observed]


def test_a_files_source_is_given_and_inherited_and_the_more_particular_holds() -> None:
    write(
        "base.yaml", PLACES + "sources: {doors.worker.arrivals: Ministry 2001, doors.worker: fitted to P01}\n"
    )
    loaded = load_scenario(write("top.yaml", "extends: base.yaml\n"))
    assert loaded.sources["doors.worker.arrivals"] == "Ministry 2001"
    assert loaded.sources["doors.worker.renewal"] == "fitted to P01"
    assert loaded.sources["doors.trainee.renewal"] == "assumption"


def test_a_citation_does_not_vouch_for_another_value() -> None:
    base = PLACES + "fear: {weight: 3}\nsources: {fear.weight: fitted to P01}\n"
    write("base.yaml", base)
    assert load_scenario("base.yaml", sets=["fear.weight=3"]).sources["fear.weight"] == "fitted to P01"
    assert load_scenario("base.yaml", sets=["fear.weight=4"]).sources["fear.weight"] == "assumption of --set"
    write("top.yaml", "extends: base.yaml\nfear: {weight: 5}\n")
    assert load_scenario("top.yaml").sources["fear.weight"] == "assumption of top.yaml"
    write("top.yaml", "extends: base.yaml\nfear: {weight: 5}\nsources: {fear.weight: Survey 2003}\n")
    assert load_scenario("top.yaml").sources["fear.weight"] == "Survey 2003"


# Identity, and the record of a run


def test_the_hash_is_of_what_can_change_a_result_and_of_nothing_else() -> None:
    write("my.yaml", PLACES + TIMELINE)
    base = load_scenario("my.yaml")
    same = [
        load_scenario("my.yaml", sets=["title=Other", "question=Why?", "fear.weight=1.0", "months=24"]),
        load_scenario(write("moved/other.yaml", "# a comment\n" + PLACES + TIMELINE)),
        load_scenario(write("shifted.yaml", "extends: my.yaml\nsources: {fear: x}\nplaces_seed: 1\n")),
    ]
    assert {each.hash for each in same} == {base.hash}
    text = PLACES + TIMELINE
    different = [
        load_scenario("my.yaml", sets=["fear.weight=1.5"]),
        load_scenario("my.yaml", sets=["start=2000-12"]),
        load_scenario("my.yaml", seed=2),
        load_scenario("my.yaml", months=23),
        load_scenario("my.yaml", sets=["places=korea_municipalities_2015.csv"]),
        load_scenario(write("a.yaml", text.replace("weight: 3", "weight: 4"))),
        load_scenario(write("b.yaml", text.replace("2001-06", "2001-07"))),
    ]
    hashes = {base.hash, *(each.hash for each in different)}
    assert len(hashes) == len(different) + 1


def test_a_change_after_the_end_does_not_change_the_hash() -> None:
    write("my.yaml", PLACES + TIMELINE)
    write("late.yaml", "extends: my.yaml\ntimeline:\n  - from: 2010-01\n    fear: {weight: 0}\n")
    assert load_scenario("late.yaml").hash == load_scenario("my.yaml").hash


def test_replacing_the_seed_gives_another_hash() -> None:
    loaded = load_scenario(write("my.yaml", PLACES))
    assert replace(loaded, seed=loaded.seed + 1).hash != loaded.hash
    assert replace(loaded, seed=loaded.seed).hash == loaded.hash


@pytest.mark.parametrize("name", ["japan", "japan-sample", "two-towns"])
def test_a_resolved_scenario_written_down_gives_the_same_run(name: str) -> None:
    loaded = load_scenario(name, sets=["enforcement.apprehension=0.02"], seed=7, months=100)
    yaml = YAML(typ="safe", pure=True)
    with open("resolved.yaml", "w", encoding="utf-8") as file:
        yaml.dump(loaded.resolved(), file)
    again = load_scenario("resolved.yaml")
    assert again.hash == loaded.hash
    assert again.sources == loaded.sources
    assert [replace(change, where="") for change in again.timeline] == [
        replace(change, where="") for change in loaded.timeline
    ]
    layers = loaded.resolved()["layers"]
    assert layers["enforcement.apprehension"] == "--set"
    assert layers["months"] == "--months"
    assert layers["start"].startswith("japan.yaml:")


def test_a_scenario_can_be_sent_to_another_process() -> None:
    loaded = load_scenario(write("my.yaml", PLACES + TIMELINE))
    again = pickle.loads(pickle.dumps(loaded))
    assert (again.hash, again.timeline) == (loaded.hash, loaded.timeline)
    assert again.parameters_at(9) == loaded.parameters_at(9)


def test_the_old_name_of_the_template_warns() -> None:
    with pytest.warns(DeprecationWarning, match="ScenarioTemplate"):
        assert scenarios.Prepared is scenarios.ScenarioTemplate


def test_loading_twice_shares_nothing_that_can_be_changed() -> None:
    write("my.yaml", PLACES + TIMELINE)
    first, second = load_scenario("my.yaml"), load_scenario("my.yaml")
    before = copy.deepcopy(second.resolved())
    first.resolved()["fear"]["weight"] = 99
    first.timeline.clear()
    assert second.resolved() == before


def test_a_month_shares_with_the_one_before_what_does_not_change() -> None:
    changes = "\n".join(
        f"  - {{from: {1990 + month // 12}-{month % 12 + 1:02d}, fear: {{weight: {month % 20}}}}}"
        for month in range(1, 1_200)
    )
    regimes = load_scenario(write("my.yaml", f"{PLACES}months: 1200\ntimeline:\n{changes}\n")).regimes
    assert len(regimes) == 1_200
    assert len({id(parameters.doors) for _, parameters in regimes}) == 1
    assert [parameters.fear.weight for _, parameters in regimes[18:22]] == [18.0, 19.0, 0.0, 1.0]
    assert regimes[1_199][1].fear.local == regimes[0][1].fear.local


def test_scenarios_are_imported_without_the_numerical_packages() -> None:
    code = "import sys, local_citizenship.scenarios; print({'numpy', 'scipy', 'pandas', 'numba'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# Any value of any parameter is either taken or refused


def fit_values(info: ParameterInfo) -> st.SearchStrategy[Any]:
    if info.choices:
        return st.sampled_from(info.choices)
    if info.type is bool:
        return st.booleans()
    low, high = bounds(info)
    if info.type is int:
        return st.integers(int(low), int(high))
    return st.floats(low, high, allow_subnormal=False) | st.integers(math.ceil(low), math.floor(high))


def bounds(info: ParameterInfo) -> tuple[float, float]:
    assert info.low is not None
    assert info.high is not None
    return info.low, info.high


def unfit_values(info: ParameterInfo) -> st.SearchStrategy[Any]:
    words = st.sampled_from(["high", "1", "true", ""])
    if info.choices:
        return words | st.integers() | st.booleans()
    if info.type is bool:
        return words | st.integers() | st.floats()
    low, high = bounds(info)
    outside = st.integers(max_value=int(low) - 1) | st.integers(min_value=int(high) + 1)
    never = st.just(float("nan")) | st.just(float("inf")) | st.booleans() | words | outside
    if info.type is int:
        return never | st.floats(low, high)
    return never | st.floats(max_value=low, exclude_max=True) | st.floats(min_value=high, exclude_min=True)


@st.composite
def assignments(draw: st.DrawFn, *, fit: bool) -> tuple[str, Any]:
    info = draw(st.sampled_from(FREE if fit else IN_WORLD))
    return info.path, draw(fit_values(info) if fit else unfit_values(info))


def nested(path: str, given: Any) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: nested(rest, given) if rest else given}


def written(path: str, given: Any) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    with open("any.yaml", "w", encoding="utf-8") as file:
        file.write(PLACES)
        yaml.dump(nested(path, given), file)


ANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@ANY
@given(assignments(fit=True))
def test_any_fit_value_is_taken_from_a_file_and_the_command_line(assignment: tuple[str, Any]) -> None:
    path, given_value = assignment
    written(path, given_value)
    loaded = load_scenario("any.yaml")
    assert value(loaded, path) == given_value
    assert loaded.layers[path] == f"any.yaml:{path.count('.') + 2}"
    assert {layer for each, layer in loaded.layers.items() if each != path} == {"default"}
    text = str(given_value).lower() if isinstance(given_value, bool) else str(given_value)
    set_so = load_scenario(write("my.yaml", PLACES), sets=[f"{path}={text}"])
    assert value(set_so, path) == given_value
    assert set_so.layers[path] == "--set"
    assert set_so.hash == loaded.hash


@ANY
@given(assignments(fit=False))
def test_any_unfit_value_is_refused_with_path_unit_and_place(assignment: tuple[str, Any]) -> None:
    path, given_value = assignment
    written(path, given_value)
    (info,) = [info for info in IN_WORLD if info.path == path]
    with pytest.raises(ScenarioError) as caught:
        load_scenario("any.yaml")
    message = str(caught.value)
    depth = path.count(".")
    column = 2 * depth + len(path.rpartition(".")[2]) + 3
    assert message.startswith(f"any.yaml:{depth + 2}:{column}: {path} is ")
    assert info.unit in message
    assert "\n" not in message
