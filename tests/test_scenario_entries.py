"""Scenario files that add, copy and drop services, needs, doors, kinds of NGO and trades."""
# ruff: noqa: E501 - one sentence is one line

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from local_citizenship.scenarios import Scenario, ScenarioError, load_scenario
from local_citizenship.scenarios.checks import Assignment, Problems, merged
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED
from local_citizenship.scenarios.yaml_text import Scalar, SourceLocation

PLACES = "places: two-towns.csv\n"
EVERYTHING = """\
services:
  schooling: {fixed: 5}
  childcare: {like: schooling, label: Child care, threshold: 0.6}
  nursery: {like: childcare, answers: [daycare]}
  exchange: drop
needs:
  daycare: {like: schooling, rate: 0.2}
  papers: drop
trades:
  farming: {like: workshop, hours: 1.5}
  nightlife: drop
doors:
  farmhand: {like: trainee, trade: farming, arrivals: 300}
  entertainer: {trade: service}
ngo_kinds:
  parents: {like: citizens, skill: 0.9, label: Parents}
sources: {services.childcare.threshold: Survey 2003}
timeline:
  - {from: 1995-01, services: {childcare: {threshold: 0.3}}}
"""
pytestmark = pytest.mark.usefixtures("empty_folder")


def load(text: str, name: str = "my.yaml", **arguments: Any) -> Scenario:
    Path(name).write_text(PLACES * ("extends" not in text) + text, encoding="utf-8")
    return load_scenario(name, **arguments)


def refusal(text: str, **arguments: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(text, **arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_each_kind_of_entry_can_be_added_and_dropped() -> None:
    scenario = load(EVERYTHING)
    found = scenario.parameters
    assert found.services.names[-3:] == ("ordinance", "childcare", "nursery")
    assert found.services.numbers[-3:] == (10, 16, 17)
    assert "exchange" not in found.services
    assert "papers" not in found.needs
    assert found.needs.names[-1] == "daycare"
    assert found.doors.numbers[-1] == found.ngo_kinds.numbers[-1] == found.trades.numbers[-1] == 16
    assert found.trades.names == ("office", "factory", "workshop", "building", "service", "farming")
    assert [found.doors[each].trade for each in ("trainee", "farmhand", "entertainer")] == [
        "workshop",
        "farming",
        "service",
    ]


def test_a_copy_takes_over_all_but_its_name_and_look() -> None:
    found = load(EVERYTHING).parameters
    schooling, childcare, nursery = (found.services[name] for name in ("schooling", "childcare", "nursery"))
    own = {"label", "words", "meaning", "colour", "marker", "threshold"}
    assert childcare.model_dump(exclude=own) == schooling.model_dump(exclude=own)
    assert (childcare.fixed, childcare.threshold, nursery.threshold) == (5.0, 0.6, 0.6)
    assert (childcare.label, childcare.words, nursery.label) == ("Child care", "the child care", "Nursery")
    looks = [service.colour + service.marker for service in found.services.values()]
    assert len(set(looks)) == len(looks)
    farmhand, trainee = found.doors.farmhand, found.doors.trainee
    assert (farmhand.group, trainee.group, farmhand.kind) == ("farmhand", "trainee", "side")
    assert (farmhand.arrivals, farmhand.permit, farmhand.runaway) == (300.0, trainee.permit, trainee.runaway)
    assert found.needs.daycare.struck == "Needed help: the daycare."


WHATEVER_THE_ORDER = [
    "nursery: {like: childcare, answers: [daycare]}",
    "childcare: {like: schooling, threshold: 0.6}",
    "schooling: {fixed: 5}",
    "fair: {like: exchange, fit: 0.5}",
    "exchange: drop",
]


@pytest.mark.parametrize("turn", range(len(WHATEVER_THE_ORDER)))
def test_a_copy_is_of_its_sibling_as_the_file_leaves_it_in_whatever_order(turn: int) -> None:
    load("extends: two-towns\nservices: {exchange: {per_head: 7}, schooling: {fit: 0.9}}\n", "base.yaml")
    lines = WHATEVER_THE_ORDER[turn:] + WHATEVER_THE_ORDER[:turn]
    needs = ["schooling: drop", "daycare: {like: schooling}"]
    sections = [["services:", *lines], ["needs:", *(needs if turn % 2 else reversed(needs))]]
    text = "\n".join("\n  ".join(section) for section in (sections if turn % 3 else reversed(sections)))
    services = load(f"extends: base.yaml\n{text}\n").parameters.services
    childcare, nursery, fair = services.childcare, services.nursery, services.fair
    assert (childcare.fixed, childcare.threshold, childcare.fit) == (5.0, 0.6, 0.9)
    assert (nursery.fixed, nursery.threshold, nursery.fit) == (5.0, 0.6, 0.9)
    assert (fair.per_head, fair.fit, "exchange" in services) == (7.0, 0.5, False)
    assert services.schooling.answers == childcare.answers == nursery.answers == ("daycare",)


def test_a_copy_of_what_is_gone_answers_the_needs_there_are() -> None:
    load("needs: {papers: drop}\nservices: {registration: drop}\n", "base.yaml")
    again = load("extends: base.yaml\nservices: {registration: {like: registration}}\n").parameters.services
    assert (again.registration.answers, again.registration.fit) == ((), 0.9)


def test_no_door_is_left_in_a_trade_that_is_gone() -> None:
    """A copy takes the trade that its sibling is given; what is gone altogether cannot be that of a copy."""
    moved = load(
        "trades: {nightlife: drop}\ndoors: {entertainer: {trade: service}, x: {like: entertainer}}\n",
        "base.yaml",
    )
    assert [moved.parameters.doors[each].trade for each in ("entertainer", "x")] == ["service", "service"]
    gone = "trades: {mining: {like: building}, nightlife: drop}\ndoors: {digger: {like: trainee, trade: mining}, entertainer: drop}\n"
    load(gone, "base.yaml")
    assert refusal("extends: base.yaml\ndoors: {x: {like: entertainer}}\n").startswith(
        "my.yaml:2:9: there is no trade 'nightlife' any more, which is that of doors.x; name another"
    )
    assert refusal("extends: base.yaml\ntrades: {mining: drop}\n").startswith(
        "my.yaml:2:10: there is no trade 'mining'"
    )
    again = load(
        "extends: base.yaml\ntrades: {mining: drop}\ndoors: {digger: {trade: building}}\n"
    ).parameters
    assert ("mining" in again.trades, again.doors.digger.trade) == (False, "building")
    most = "doors: {" + ", ".join(f"d{n}: {{like: trainee, trade: mining}}" for n in range(5)) + "}\n"
    load(f"extends: base.yaml\n{most}", "more.yaml")
    assert "doors.digger, doors.d0, doors.d1 and 3 more; name" in refusal(
        "extends: more.yaml\ntrades: {mining: drop}\n"
    )


def test_what_answers_a_need_answers_its_copy_unless_it_says_otherwise() -> None:
    found = load(EVERYTHING).parameters
    assert found.services.schooling.answers == found.services.childcare.answers == ("schooling", "daycare")
    assert found.services.nursery.answers == ("daycare",)
    assert found.services.registration.answers == ()  # papers, which are dropped
    assert found.ngo_kinds.parents.answers == found.ngo_kinds.citizens.answers
    assert found.ngo_kinds.citizens.answers == (
        "dispute",
        "wages",
        "housing",
        "schooling",
        "arrest",
        "daycare",
    )
    text = "needs: {daycare: {like: schooling}}\nservices: {schooling: {answers: [schooling]}}\n"
    assert load(text).parameters.services.schooling.answers == ("schooling",)


@pytest.mark.parametrize("text", [EVERYTHING, "services: {exchange: drop, language: drop}\n", "{}\n"])
def test_what_is_resolved_loads_alone_and_gives_the_same_run(text: str) -> None:
    scenario = load(text.replace("{}\n", ""), sets=["fear.weight=3"])
    YAML(typ="safe", pure=True).dump(scenario.resolved(), Path("resolved.yaml"))
    again = load_scenario("resolved.yaml")
    told = [
        (
            each.hash,
            each.parameters,
            each.sources,
            [section.numbers for _, section in each.parameters.keyed()],
        )
        for each in (scenario, again)
    ]
    assert told[0] == told[1]


def test_entries_are_taken_over_changed_dropped_and_added_again_through_a_chain() -> None:
    load(EVERYTHING, "base.yaml")
    text = (
        "extends: base.yaml\nservices:\n  childcare: drop\n  exchange: {like: exchange, fit: 0.5}\n"
        "  nursery: {threshold: 0.7, label: Crèche}\n  creche: {like: nursery}\n"
    )
    found = load(text)
    services = found.parameters.services
    assert services.names[:2] == ("information", "exchange")
    assert services.names[-2:] == ("nursery", "creche")
    assert services.numbers == (*range(11), 16, 17)
    own = {"label", "words", "meaning", "colour", "marker", "fit"}
    assert services.exchange.model_dump(exclude=own) == SHIPPED.services.exchange.model_dump(exclude=own)
    assert services.exchange.fit == 0.5
    assert services.nursery.threshold == services.creche.threshold == 0.7
    assert services.nursery.label == "Crèche"
    assert not [change for change in found.timeline if "childcare" in change.path]
    assert not [path for path in (*found.layers, *found.sources) if "childcare" in path]


def test_where_the_values_of_an_entry_come_from() -> None:
    found = load(EVERYTHING, sets=["services.childcare.fit=0.5", "services.nursery.answers=[daycare, birth]"])
    expected = {"threshold": "my.yaml:4", "fixed": "my.yaml:4", "fit": "--set"}
    assert {name: found.layers[f"services.childcare.{name}"] for name in expected} == expected
    assert "services.childcare.label" not in found.layers
    assert found.sources["services.childcare.threshold"] == "Survey 2003"
    assert found.sources["services.childcare.fixed"] == "assumption of my.yaml, like schooling"
    assert found.parameters.services.nursery.answers == ("daycare", "birth")
    assert found.index.parameters["services.childcare.threshold"].default == 0.6
    assert "services.exchange.fit" not in found.index.parameters
    assert found.parameters_at(60).services.childcare.threshold == 0.3


def test_a_scenario_with_entries_can_be_sent_and_judged() -> None:
    found = load(EVERYTHING)
    assert found.index.below("services.childcare.fit") == ["services.childcare.fit"]
    again = pickle.loads(pickle.dumps(found))
    assert (again.hash, list(again.index.parameters)) == (found.hash, list(found.index.parameters))
    spot = SourceLocation("study.yaml", 3, 9)
    for value, fit, wrong in ((0.25, 0.25, False), (9, 0.8, True)):
        given, problems = (
            Assignment("services.childcare.fit", Scalar(value, str(value), spot), spot),
            Problems(),
        )
        values = merged(found.parameters.model_dump(), [given], problems)
        assert values["services"]["childcare"]["fit"] == fit
        assert bool(problems.found) is wrong


def test_words_and_looks_are_no_part_of_the_hash_but_traits_are() -> None:
    plain = load("").hash
    looks = "{label: School, colour: '#123456', marker: v, words: x}"
    assert load(f"services: {{schooling: {looks}}}\n").hash == plain
    assert load("services: {schooling: {school: false}}\n").hash != plain
    assert load("doors: {trainee: {group: student}}\n").hash != plain
    added = load("doors: {farmhand: {like: trainee}}\n")
    assert added.hash != plain
    assert load("doors: {farmhand: {like: trainee, label: Farm hand}}\n").hash == added.hash


def test_an_entry_that_says_everything_needs_no_like() -> None:
    whole = "{meaning: x, founding: 1, income: 2, fee: 0, skill: 0.25, legal_clients: 1.0}"
    parents = load(f"ngo_kinds: {{parents: {whole}}}\n").parameters.ngo_kinds.parents
    assert (parents.label, parents.skill, parents.answers, parents.members) == ("Parents", 0.25, (), False)


def test_a_table_of_places_may_have_the_levels_of_an_added_service() -> None:
    header, *towns = (Path(__file__).parents[1] / "scenarios/data/two-towns.csv").read_text().splitlines()
    rows = [f"{header},level_childcare", *(f"{town},0.{number}" for number, town in enumerate(towns))]
    Path("towns.csv").write_text("\n".join(rows) + "\n")
    text = "extends: two-towns\nplaces: towns.csv\n"
    services = "services: {nursery: {like: schooling}, childcare: {like: schooling}, exchange: drop}\n"
    places = load(text + services).places
    assert places.level.shape == (2, 12)
    assert places.level[:, -2:].tolist() == [[0.0, 0.0], [0.0, 0.1]]
    assert load("extends: two-towns\n").places.level.shape == (2, 11)
    assert "a table of municipalities has no column 'level_childcare'" in refusal(text)


ADD = "a scenario file may add one: `services: {CALLED: {like: information}}`"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("services: {schoolin: {fit: 1}}", "my.yaml:2:12: there is no service 'schoolin'; did you mean 'schooling'? " + ADD),
        ("services: {childcare: {fit: 1}}", "my.yaml:2:12: there is no service 'childcare'; " + ADD),
        ("services: {childcare: }", "my.yaml:2:12: there is no service 'childcare', and services.childcare has no value; " + ADD),
        ("services: {childcare: 3}", "my.yaml:2:12: there is no service 'childcare', and services.childcare is 3; " + ADD),
        ("services: {x: {like: scholing}}", "my.yaml:2:22: services.x is like 'scholing', but there is no such service; did you mean 'schooling'?"),
        ("services: {x: {like: }}", "my.yaml:2:16: like has no value; name a service, as information"),
        ("doors: {x: {like: [trainee]}}", "my.yaml:2:19: doors.x is like a list, but there is no such door; it may be skilled, coethnic, trainee, student, entertainer, worker, visitor, smuggled, spouse"),
        ("services: {schooling: {like: language}}", "my.yaml:2:24: there is a service 'schooling' already, which cannot be made like another; leave `like` out, or choose another name"),
        ("services: {x: {like: y}, y: {like: z}, z: {like: y}}", "my.yaml:2:50: `like` goes in a circle: y -> z -> y"),
        ("services: {x: {like: x}}", "my.yaml:2:22: services.x is like 'x', but there is no such service; it may be information, exchange, language, registration, insurance, emergency, housing, schooling, consultation, council, ordinance"),
        ("services: {x: {like: y}, y: {like: scholing}}", "my.yaml:2:36: services.y is like 'scholing', but there is no such service; did you mean 'schooling'?"),
        (f"doors: {{x: {{like: trainee, label: {'l' * 190}}}}}", f"my.yaml:2:35: doors.x.label is '{'l' * 190}', but must be text (text, at most 25 characters)"),
        ("services: {schooling: {colour: red}}", "my.yaml:2:32: services.schooling.colour is 'red', but must be text (its colour in figures, as '#0072B2' in quotes)"),
        ("services: {xchange: drop}", "my.yaml:2:12: there is no service 'xchange' to drop; did you mean 'exchange'?"),
        ("services: {Child-care: {like: schooling}}", "my.yaml:2:12: 'Child-care' cannot be the name of a service: use lower-case letters, digits and _"),
        ("services: {drop: {like: schooling}}", "my.yaml:2:12: 'drop' cannot be the name of a service: the word has a meaning of its own"),
        ("ngo_kinds: {class: {like: faith}}", "my.yaml:2:13: 'class' cannot be the name of a kind of NGO: the word has a meaning of its own"),
        ("services: {childcare: {like: schooling, treshold: 1}}", "my.yaml:2:41: unknown parameter 'services.childcare.treshold'; did you mean 'services.childcare.threshold'?"),
        ("services: {childcare: {like: schooling, threshold: 9}}", "my.yaml:2:52: services.childcare.threshold is 9, but must be a number (motivation, 0 to 3)"),
        ("services: {childcare: {like: schooling, label: An overlong name of a service}}", "my.yaml:2:48: services.childcare.label is 'An overlong name of a service', but must be text (text, at most 25 characters)"),
        ("services: {childcare: {like: schooling, label: 3}}", "my.yaml:2:48: services.childcare.label is 3, but must be text (text, at most 25 characters); put it in quotes"),
        ("services: {childcare: {like: schooling, answers: [scholing]}}", "my.yaml:2:51: services.childcare.answers holds 'scholing', but there is no such need; did you mean 'schooling'?"),
        ("services: {childcare: {like: schooling, answers: [birth, birth]}}", "my.yaml:2:58: services.childcare.answers holds 'birth' twice"),
        ("services: {childcare: {like: schooling, answers: birth}}", "my.yaml:2:50: services.childcare.answers is 'birth', but must be a list of needs, as [accident, illness]"),
        ("services: {childcare: {like: schooling}}\nneeds: {schooling: drop}\nngo_kinds: {faith: {answers: [schooling]}}",
         "my.yaml:4:31: ngo_kinds.faith.answers holds 'schooling', but there is no such need; the needs are accident, illness, dispute, wages, abuse, housing, arrest, birth, papers"),
        ("ngo_kinds: {parents: {meaning: x, founding: 1, income: 2, fee: 0, skill: 1}}", "my.yaml:2:13: the kind of NGO 'parents' lacks legal_clients; give them, or `like: citizens` to take them from another"),
        ("ngo_kinds: {citizens: drop, faith: drop, women: drop, union: drop, medical: drop, lawyers: drop, immigrant: drop}",
         "my.yaml:2:12: no kind of NGO is left; keep at least one"),
        ("trades: {factry: {cyclical: 0.4}}", "my.yaml:2:10: there is no trade 'factry'; did you mean 'factory'? a scenario file may add one: `trades: {factry: {like: office}}`"),
        ("trades: {mining: {like: buildng}}", "my.yaml:2:25: trades.mining is like 'buildng', but there is no such trade; did you mean 'building'?"),
        ("trades: {factory: {cyclcal: 0.4}}", "my.yaml:2:20: unknown parameter 'trades.factory.cyclcal'; did you mean 'trades.factory.cyclical'?"),
        ("trades: {mining: {like: building}}\ndoors: {x: {like: trainee, trade: minning}}", "my.yaml:3:35: doors.x.trade is 'minning', but there is no such trade; did you mean 'mining'?"),
        ("doors: {x: {like: trainee, trade: zoo}}", "my.yaml:2:35: doors.x.trade is 'zoo', but there is no such trade; the trades are office, factory, workshop, building, service, nightlife"),
        ("doors: {x: {like: trainee, trade: 3}}", "my.yaml:2:35: doors.x.trade is 3, but must be one of the trades, as office; put it in quotes"),
        ("doors: {x: {like: trainee, trade: }}", "my.yaml:2:28: doors.x.trade has no value; it must be one of the trades, as office"),
        ("trades: {nightlife: drop}", "my.yaml:2:10: there is no trade 'nightlife' any more, which is that of doors.entertainer; name another, as `doors: {entertainer: {trade: office}}`"),
        ("trades: {workshop: drop}\ndoors: {x: {like: trainee, trade: office}, y: {like: trainee}}", "my.yaml:2:10: there is no trade 'workshop' any more, which is that of doors.trainee; name another, as `doors: {trainee: {trade: office}}`"),
        ("trades: {service: drop}\ndoors: {x: {like: student}}", "my.yaml:2:10: there is no trade 'service' any more, which is that of doors.student, doors.smuggled, doors.spouse; name another, as `doors: {student: {trade: office}}`"),
        ("timeline:\n  - {from: 1995-01, doors: {trainee: {trade: office}}}", "my.yaml:3:39: doors.trainee.trade matters at the start of the run only, and cannot be changed later; set it outside the timeline"),
        ("timeline:\n  - {from: 1995-01, services: {childcare: {like: schooling}}}",
         "my.yaml:3:32: unknown parameter 'services.childcare'; a scenario file may add one: `services: {childcare: {like: information}}`, outside the timeline"),
        ("timeline:\n  - {from: 1995-01, fear: {local: 1}, services: {exchange: drop}}",
         "my.yaml:3:50: services.exchange cannot be dropped during a run; drop it at the start"),
        ("timeline:\n  - {from: 1995-01, fear: {local: 1}, services: {exchange: {mingles: false}}}",
         "my.yaml:3:61: services.exchange.mingles matters at the start of the run only, and cannot be changed later; set it outside the timeline"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_line_and_column(text: str, wanted: str) -> None:
    called = "schoolin" if "schoolin:" in text else "childcare"
    said = refusal(f"{text}\n")
    assert said.partition(" (and ")[0] == wanted.replace("CALLED", called).partition(" (and ")[0]


def test_an_unknown_entry_on_the_command_line() -> None:
    assert refusal("", sets=["services.childcare.fit=1"]) == (
        "--set services.childcare.fit=1: unknown parameter 'services.childcare.fit'; a scenario file may add one: "
        "`services: {childcare: {like: information}}`"
    )
    assert refusal("", sets=["services.scholing.fit=1"]).startswith(
        "--set services.scholing.fit=1: unknown parameter 'services.scholing.fit'; "
        "did you mean 'services.schooling.fit'? a scenario file may add one: "
    )
    assert "has no value; it must be a list of needs" in refusal("", sets=["services.schooling.answers="])
    assert refusal("", sets=["doors.trainee.trade=offices"]) == (
        "--set doors.trainee.trade=offices: doors.trainee.trade is 'offices', but there is no such trade; "
        "did you mean 'office'?"
    )


@pytest.mark.parametrize("section", ENTRY_SECTIONS)
def test_as_many_entries_as_the_limit_allows_and_no_more(section: str) -> None:
    about = getattr(SHIPPED, section)
    lines = [f"  more_{number}: {{like: {about.names[0]}}}" for number in range(about.limit - len(about))]
    text = "\n".join([f"{section}:", *lines, ""])
    assert len(getattr(load(text).parameters, section)) == about.limit
    said = refusal(f"{text}  one_more: {{like: {about.names[0]}}}\n")
    most = f"there can be at most {about.limit} {about.one}s, with those shipped"
    assert said == f"my.yaml:{len(lines) + 3}:3: {most}"
    chain = [f"  more_{number}: {{like: more_{number + 1}}}" for number in range(len(lines))]
    last = f"  more_{len(lines)}: {{like: {about.names[0]}}}"
    said = refusal("\n".join([f"{section}:", *chain, last, ""]))
    assert said.partition(" (and ")[0] == f"my.yaml:{len(lines) + 3}:3: {most}"


def test_an_asterisk_sets_one_parameter_of_every_entry() -> None:
    loaded = load_scenario("two-towns", sets=["needs.*.rate = 0", "needs.dispute.rate=0.5"])
    rates = {name: need.rate for name, need in loaded.parameters.needs.items()}
    assert len(rates) > 1
    assert rates == {**dict.fromkeys(rates, 0.0), "dispute": 0.5}
    doors = load_scenario("two-towns", sets=["doors.*(side).initial=7"]).parameters.doors.values()
    assert {door.kind for door in doors if door.initial == 7.0} == {"side"}
    assert all(door.initial == 7.0 for door in doors if door.kind == "side")
    with pytest.raises(
        ScenarioError, match=r"unknown parameter 'needs\.\*\.rat'; did you mean 'needs\.\*\.rate'"
    ):
        load_scenario("two-towns", sets=["needs.*.rat=0"])
