"""What can be known before the first month is found before it: by `check`, `run`, studies and Python alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import call
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_citizenship import simulate
from local_citizenship.experiments.studies.folder import create
from local_citizenship.model.beforehand import check_beforehand, check_chances
from local_citizenship.model.engine import compiled_engine, interpreted_engine
from local_citizenship.scenarios import ScenarioError, list_scenarios, load_scenario
from local_citizenship.scenarios.checks import all_parameters
from local_citizenship.scenarios.schema import SHIPPED, ParameterInfo

LATE = """\
extends: two-towns
months: 240
trades: {nightlife: {ruthlessness: 0}}
timeline:
- from: 1998-04
  fear: {weight: 2}
- from: 2009-06
  needs: {abuse: {rate: 0.6, unauthorised: 4}, housing: {rate: 0.6, unauthorised: 4}}
  doors: {entertainer: {abuse_risk: 12, work_risk: 3, housing_risk: 3}}
"""
LATE_SENTENCE = (
    "late.yaml:8: from 2009-06 on, the chances of entertainer from needs.*.rate and the risks of the door can add up "
    "to 10.01 a month, but must stay below 1; lower needs.abuse.rate (0.6)"
)
TOWNS = """\
code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength
1,North,Alpha,43.0,141.0,40000,300,{strength}
2,North,Beta,43.2,141.3,9000,20,0.2
"""


def written(name: str, text: str) -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


pytestmark = pytest.mark.usefixtures("empty_folder")


@pytest.mark.parametrize("engine", [interpreted_engine, compiled_engine])
def test_chances_that_add_up_late_are_told_before_the_first_month(engine) -> None:
    scenario = load_scenario(written("late.yaml", LATE))
    with pytest.raises(ScenarioError) as told:
        check_chances(scenario, engine)
    assert str(told.value) == LATE_SENTENCE
    check_chances(load_scenario("late.yaml", months=233), engine)  # which ends before


def test_every_way_to_run_says_the_same_of_them() -> None:
    written("late.yaml", LATE)
    study = "scenarios: late.yaml\nmonths: 235\nreplicates: 2\noutcomes: [needs_met]\n"
    written("study.yaml", study)
    for command in ("check late.yaml", "run late.yaml", "study check study.yaml", "study run study.yaml"):
        result = call(*command.split())
        assert (result.exit_code, result.stderr) == (2, f"{LATE_SENTENCE}\n"), command
    with pytest.raises(ScenarioError, match="of entertainer"):
        simulate("late.yaml")
    assert sorted(path.name for path in Path().iterdir()) == ["late.yaml", "study.yaml"]


def test_a_study_is_refused_as_a_whole_for_one_of_its_points() -> None:
    text = "scenarios: two-towns\nmonths: 2\nfactors:\n  needs.abuse.rate: [0.01, 0.6]\n"
    text += "set: {doors: {entertainer: {abuse_risk: 12}}, needs: {abuse: {unauthorised: 4}}}\n"
    with pytest.raises(ScenarioError) as told:
        create(written("study.yaml", f"{text}outcomes: [needs_met]\n"), Path("out"))
    assert "at design point 1 (needs.abuse.rate: 0.6), the chances of entertainer" in str(told.value)
    assert not Path("out").exists()


def test_the_value_that_does_most_is_blamed_wherever_it_was_given() -> None:
    sets = [
        "needs.abuse.rate=0.6",
        "needs.abuse.unauthorised=4",
        "doors.entertainer.abuse_risk=12",
        "fear.weight=1",
    ]
    with pytest.raises(ScenarioError, match="the chances of entertainer") as told:
        check_chances(load_scenario("two-towns", sets=sets))
    assert told.value.hint == "lower needs.abuse.rate (0.6)"
    assert (told.value.file, told.value.line) == ("--set", None)


def test_wages_of_a_table_count_among_the_chances() -> None:
    written("towns.csv", TOWNS.format(strength=20))
    written("mine.yaml", "extends: two-towns\nplaces: towns.csv\nmoving: {wage_seeking: 3}\n")
    with pytest.raises(ScenarioError) as told:
        check_chances(load_scenario("mine.yaml", sets=["doors.worker.moving=0.06"]))
    assert told.value.hint == "lower fiscal_strength in towns.csv (18.76 on average where foreigners live)"
    assert told.value.file == "towns.csv"
    written("towns.csv", TOWNS.format(strength=1.2))
    check_chances(load_scenario("mine.yaml", sets=["doors.worker.moving=0.06"]))


@pytest.mark.parametrize("name", [name for name, _, _ in list_scenarios()])
def test_no_shipped_scenario_is_refused(name: str) -> None:
    check_beforehand(load_scenario(name))


@pytest.mark.parametrize(
    ("needs", "wanted"),
    [
        ("{jail: {like: arrest}}", "mine.yaml:2: ONE 2 are (arrest, jail)"),
        ("{arrest: drop}", "mine.yaml: ONE none is"),
        ("{birth: {detention: true}}", "mine.yaml:2: ONE 2 are (arrest, birth)"),
    ],
)  # fmt: skip
def test_one_need_is_that_of_people_in_detention(needs: str, wanted: str) -> None:
    written("mine.yaml", f"extends: two-towns\nneeds: {needs}\n")
    for command in ("check", "run"):
        result = call(command, "mine.yaml")
        assert result.exit_code == 2
        sentence = wanted.replace("ONE", "one need must be that of people in detention, but")
        assert result.stderr.startswith(f"{sentence}: give `detention: true` to one")


def test_more_people_than_memory_are_told_at_once() -> None:
    sets = [
        f"doors.{door}.initial=100000000" for door in ("worker", "trainee", "student", "skilled", "visitor")
    ]
    result = call(
        "check", "japan", "--set", "doors.worker.arrivals=5000000", *(f"--set={each}" for each in sets)
    )
    if result.exit_code == 0:
        pytest.skip("this computer has room for 500 million migrants")
    assert "GB of memory, and this computer has" in result.stderr
    assert "raise scale.persons_per_record" in result.stderr


# Whatever passes the check runs to its end


def _value(info: ParameterInfo) -> st.SearchStrategy[Any]:
    """Any value of a parameter, often one at the end of its range."""
    if info.choices is not None:
        return st.sampled_from(info.choices)
    if info.type is bool:
        return st.booleans()
    low, high = info.type(info.low), info.type(info.high)
    between = st.integers(low, high) if info.type is int else st.floats(low, high)
    return st.sampled_from([low, high]) | between


# Of all parameters, those that decide how often something happens come up most.
RISKY = [
    *(f"needs.{need}.{what}" for need in SHIPPED.needs for what in ("rate", "unauthorised")),
    *(f"doors.{door}.{what}_risk" for door in SHIPPED.doors for what in ("abuse", "work", "housing")),
    *(f"doors.{door}.moving" for door in SHIPPED.doors),
    *("moving.wage_seeking", "labour.layoffs", "labour.demand", "public.discrimination", "enforcement.halve_in"),
]  # fmt: skip
# The country is scaled down, since hundreds of millions take their time.
FREE = [info for info in all_parameters().values() if info.in_world and not info.path.startswith("scale.")]


@st.composite
def _values(draw: st.DrawFn, infos: list[ParameterInfo]) -> dict[str, Any]:
    risky = [info for info in infos if info.path in RISKY]
    chosen = draw(st.lists(st.sampled_from(risky) | st.sampled_from(infos), max_size=12, unique=True))
    return {info.path: draw(_value(info)) for info in chosen}


@st.composite
def scenario_files(draw: st.DrawFn) -> tuple[str, str]:
    """A scenario file of any parameters, dated changes among them, and its table of places."""
    later = [info for info in FREE if not info.start_only and not info.trait]
    stages = [draw(_values([info for info in FREE if not info.trait]))]
    stages += draw(st.lists(_values(later), max_size=2))
    lines = [
        "extends: one-town",
        "places: towns.csv",
        f"months: {draw(st.integers(1, 14))}",
        "timeline_replaces: true",
    ]
    lines += ["scale: {share: 0.001, persons_per_record: 50}"]
    lines += _sections(stages[0], "")
    changes = [(number, _sections(stage, "  ")) for number, stage in enumerate(stages[1:], start=2) if stage]
    lines += ["timeline:"] if changes else []
    for number, sections in changes:
        lines += [f"- from: 1990-{number:02d}", *sections]
    extreme = st.sampled_from([0, 1, 20]) | st.floats(0, 20)
    rows = [
        f"{row},R{draw(st.integers(0, 1))},T{row},{draw(st.floats(-90, 90))},{draw(st.floats(-180, 180))},"
        f"{people},{draw(st.integers(0, people))},{draw(extreme)}"
        for row, people in enumerate(draw(st.lists(st.integers(1, 10**8), min_size=1, max_size=3)))
    ]
    return "\n".join(lines), "\n".join([TOWNS.partition("\n")[0], *rows])


def _sections(values: dict[str, Any], indent: str) -> list[str]:
    nested: dict[str, Any] = {}
    for path, value in values.items():
        *heads, last = path.split(".")
        part = nested
        for head in heads:
            part = part.setdefault(head, {})
        part[last] = value
    return [f"{indent}{name}: {json.dumps(part)}" for name, part in nested.items()]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario_files())
def test_whatever_passes_the_check_runs_to_its_end(files: tuple[str, str]) -> None:
    written("mine.yaml", files[0])
    written("towns.csv", files[1])
    scenario = load_scenario("mine.yaml")
    refused = None
    try:
        check_beforehand(scenario)
    except ScenarioError as error:
        refused = error
    if refused is not None:
        assert re.search("can add up to .* but must stay below 1$", refused.message)
        assert refused.hint
        return
    run = simulate(scenario)
    stock = run.table("monthly")["stock"]
    assert (stock >= 0).all()
    assert run.table("nation")["month"].max() == scenario.months - 1
