"""Study files: what they say, and how mistakes in them are told."""

from __future__ import annotations

import re
import shutil
from fnmatch import fnmatchcase
from operator import attrgetter
from pathlib import Path

import pytest

from local_citizenship.experiments.studies import read_factors
from local_citizenship.experiments.studies.folder import create, open_study
from local_citizenship.experiments.studies.points import (
    own_value,
    points_of,
    scenario_at,
    seed_for,
    set_options,
)
from local_citizenship.experiments.studies.read_factors import role_of
from local_citizenship.experiments.studies.read_study import (
    find_study,
    list_studies,
    read_study,
    shipped_studies,
)
from local_citizenship.experiments.studies.study import NEVER, Study
from local_citizenship.outcomes.headline import HEADLINES
from local_citizenship.scenarios import ScenarioError, load_scenario
from local_citizenship.scenarios.files import shipped_folder

BASE = "scenarios: two-towns\n"


def study_of(folder: Path, text: str, base: str = BASE) -> Study:
    file = folder / "study.yaml"
    file.write_text(base + text, encoding="utf-8")
    return read_study(file)


def test_a_study_can_be_two_words(tmp_path: Path) -> None:
    study = study_of(tmp_path, "")
    assert (study.name, study.title) == ("study", "study")
    assert (study.seed, study.common_random_numbers) == (1, True)
    assert [kept.name for kept in study.outcomes] == list(HEADLINES)
    assert (study.design.kind, study.replicates.least, study.replicates.fixed) == ("list", 10, True)
    assert len(points_of(study)) == 1


def test_every_kind_of_factor(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        """\
months: 24
set: {city: {firewall: 1}, fear.local: 0.2}
factors:
  fear.weight: {low: 1, high: 9, label: Fear}
  settling.round: {low: 6, high: 9}
  ngos.founding: {low: 1e-5, high: 1e-3, scale: log}
  ngos.enabled: [true, false]
  policy.programme_open: [citizen, anyone]
  outreach: {parameter: awareness.outreach, values: [0, 0.01], role: lever}
  firewall: {change: {fear: {firewall: 1}, enforcement: {duty_to_report: 0}}, values: [1990-06, never]}
  copying: {alternatives: {none: {city: {neighbours: 0}}, as it is: {}}}
  opening: {change: {policy.fund: 100}, low: 1990-02, high: 1991-01}
design: {lhs: {points: 6}}
""",
    )
    by_name = {factor.name: factor for factor in study.factors}
    assert {name: factor.role for name, factor in by_name.items()} == {
        "fear.weight": "uncertainty", "settling.round": "uncertainty", "ngos.founding": "uncertainty",
        "ngos.enabled": "lever", "policy.programme_open": "lever", "outreach": "lever", "firewall": "uncertainty",
        "copying": "uncertainty", "opening": "lever",
    }  # fmt: skip
    assert by_name["fear.weight"].label == "Fear"
    assert by_name["fear.weight"].unit == "per yearly risk"
    assert by_name["ngos.founding"].log
    assert by_name["settling.round"].whole
    assert by_name["firewall"].paths == ("fear.firewall", "enforcement.duty_to_report")
    (base,) = study.scenarios
    assert (base.months, base.parameters.city.firewall, base.parameters.fear.local) == (24, 1.0, 0.2)
    assert base.sources["fear.local"].startswith("assumption")
    own = {name: own_value(factor, base) for name, factor in by_name.items()}
    assert own == {
        "fear.weight": 8.0, "settling.round": 24, "ngos.founding": 0.00045, "ngos.enabled": True,
        "policy.programme_open": "anyone", "outreach": 0.007, "firewall": NEVER, "copying": "as it is",
        "opening": NEVER,
    }  # fmt: skip
    for point in points_of(study):
        scenario, values = scenario_at(study, point), point.values
        start = scenario.parameters
        assert start.fear.weight == values["fear.weight"]
        assert start.settling.round == values["settling.round"]
        assert start.awareness.outreach == values["outreach"]
        as_it_is = base.parameters.city.neighbours
        assert start.city.neighbours == (0.0 if values["copying"] == "none" else as_it_is)
        later = 0.7 if values["firewall"] == NEVER else 1.0
        assert [scenario.parameters_at(month).fear.firewall for month in (4, 5, 23)] == [0.7, later, later]
        first = next(month for month in range(24) if scenario.parameters_at(month).policy.fund == 100)
        assert scenario.date(first) == values["opening"]


def test_the_draw_of_places_may_be_varied(tmp_path: Path) -> None:
    """Apart from luck: of towns from a table, of drawn ones, and of a table beside the study."""
    (tmp_path / "mine.csv").write_text(
        "region,municipalities,population,foreign_residents,latitude,longitude\nNorth,4,400000,8000,55.0,10.0\n"
    )
    (tmp_path / "mine.yaml").write_text("extends: two-towns\nplaces: mine.csv\nplaces_seed: 3\n")
    for name, own in (("two-towns", 1990), ("japan-drawn", 1990), ("mine.yaml", 3)):
        study = study_of(
            tmp_path,
            "factors: {places_seed: [1, 2, 3]}\ndesign: {grid: {}}\nmonths: 2\n",
            f"scenarios: {name}\n",
        )
        (factor,) = study.factors
        (base,) = study.scenarios
        assert (factor.label, factor.unit, factor.role) == ("Draw of places", "seed", "uncertainty")
        assert own_value(factor, base) == own
        found = [scenario_at(study, point) for point in points_of(study)]
        assert [each.places_seed for each in found] == [each.places.seed for each in found] == [1, 2, 3]
        assert len({each.hash for each in found}) == 3
        for each, point in zip(found, points_of(study), strict=True):
            (option,) = set_options(study, point)
            given = load_scenario(tmp_path / name if name == "mine.yaml" else name, sets=[option], months=2)
            assert each.hash == given.hash
        assert found[0].places is scenario_at(study, points_of(study)[0]).places  # drawn once


def test_a_draw_of_places_that_cannot_be(tmp_path: Path) -> None:
    for value in ("-1", "0.5", "often"):
        with pytest.raises(ScenarioError, match="places_seed"):
            study_of(tmp_path, f"factors: {{places_seed: [1, {value}]}}\n", "scenarios: two-towns\n")


def test_a_change_of_the_scenarios_own_can_be_moved(tmp_path: Path) -> None:
    path = "policy.relief_hospitals"
    base = load_scenario("japan-sample", months=120)
    (own,) = [change for change in base.timeline if change.path == path]
    study = study_of(
        tmp_path,
        f"factors: {{relief: {{moves: {path}, values: [1991-01, never]}}}}\ndesign: ofat\nmonths: 120\n",
        "scenarios: japan-sample\n",
    )
    as_it_is, early, none = (scenario_at(study, point) for point in points_of(study))
    assert own_value(study.factors[0], base) == base.date(own.month)
    assert as_it_is.hash == base.hash
    value = base.parameters_at(own.month).policy.relief_hospitals
    before = base.parameters.policy.relief_hospitals
    assert value != before
    assert [early.parameters_at(month).policy.relief_hospitals for month in (11, 12)] == [before, value]
    assert {none.parameters_at(month).policy.relief_hospitals for month in range(120)} == {before}


def test_a_point_is_the_scenario_that_set_makes_of_it(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        """\
months: 12
factors:
  ngos.founding: {low: 1e-5, high: 1e-3, scale: log}
  claiming.return_after: {low: 6, high: 24}
  ngos.enabled: [true, false]
  copying: {alternatives: {none: {city: {neighbours: 0, similar: 0.125}}, some: {city: {similar: 0.5}}}}
  policy.programme_open: [citizen, anyone]
  trades.factory.cyclical: {low: 0, high: 1}
  doors.trainee.trade: [workshop, service]
design: {lhs: {points: 8}}
""",
    )
    for point in points_of(study):
        options = set_options(study, point)
        assert options is not None
        assert load_scenario("two-towns", sets=options, months=12).hash == scenario_at(study, point).hash
    assert (
        len({scenario_at(study, point).parameters.trades.factory.cyclical for point in points_of(study)}) == 8
    )


def test_listed_points(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        "factors: {fear.weight: , ngos.enabled: }\npoints: [{fear.weight: 2}, {ngos.enabled: false}, {}]\n",
    )
    assert study.design.kind == "list"
    points = [dict(point.values) for point in points_of(study)]
    assert points == [{"fear.weight": 2.0}, {"ngos.enabled": False}, {}]


def test_seeds_follow_from_study_point_and_replicate_alone(tmp_path: Path) -> None:
    factors = "factors: {fear.weight: [1, 2, 3]}\n"
    shared, own = study_of(tmp_path, factors), study_of(tmp_path, factors + "luck: own\n")
    assert not study_of(tmp_path, factors + "common_random_numbers: false\n").common_random_numbers
    other = study_of(tmp_path, factors + "seed: 2\n")
    runs = [(point, replicate) for point in range(3) for replicate in range(50)]
    alike, each = ([seed_for(study, *run) for run in runs] for study in (shared, own))
    assert alike[:50] == alike[50:100] == alike[100:]
    assert len(set(alike)) == 50
    assert len(set(each)) == 150
    assert not set(alike) & {seed_for(other, 0, replicate) for replicate in range(50)}
    assert all(0 <= seed < 2**52 for seed in each)
    assert alike[0] == 2058556237290847  # a study run again in years to come has the same luck


def test_outcomes(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        """\
months: 30
outcomes:
  - needs_met
  - E2.level_theil
  - {measure: E3.served_of_needs, status: overstayer, year: last}
  - {measure: E1.gap, region: Saitama-like, year: 1990, name: gap, label: The gap}
""",
    )
    about = attrgetter("name", "label", "theme", "measure", "by", "group", "year")
    assert [about(kept) for kept in study.outcomes] == [
        ("needs_met", "Needs met", "", "", "country", "all", None),
        ("E2.level_theil", "Unevenness: Theil of service level", "E2", "level_theil", "country", "all", None),
        (
            "E3.served_of_needs overstayer 1991", "Take-up: served, of needs (overstayer, 1991)", "E3",
            "served_of_needs", "status", "overstayer", 1991,
        ),
        ("gap", "The gap", "E1", "gap", "region", "Saitama-like", 1990),
    ]  # fmt: skip


def test_roles() -> None:
    assert role_of(["enforcement.apprehension", "services.housing.open_to_unauthorised"]) == "lever"
    assert role_of(["policy.programme_fit"]) == "uncertainty"
    assert role_of(["enforcement.patience"]) == "uncertainty", "how a government feels pressed, and no law"
    assert role_of(["awareness.outreach"]) == "uncertainty", (
        "what outreach achieves, and not how much there is"
    )
    assert role_of(["status.married_permit", "needs.illness.programme", "doors.trainee.tied"]) == "lever"
    assert role_of(["policy.fund", "fear.weight"]) == "uncertainty"
    assert role_of(["enforcement.at_least", "enforcement.given_up"]) == "uncertainty"
    assert (
        role_of(["doors.trainee.family_joins", "status.special_permission", "doors.student.renewal"])
        == "lever"
    )
    assert role_of(["status.permanent_rate", "status.naturalise_granted"]) == "lever", "what officials grant"
    assert role_of(["status.naturalise_apply"]) == "uncertainty", "who applies"
    assert role_of(["voice.seats", "ngos.immigrant_staff", "ngo_kinds.medical.fee"]) == "lever"
    assert role_of(["ngos.network", "ngos.referral", "ngos.victims_first"]) == "lever", "an NGO's own rules"
    for path in ("voice.surveys", "ngos.branches", "ngos.specialised"):
        assert role_of([path]) == "uncertainty", "what cities and NGOs do"


def test_no_role_is_of_what_there_is_not() -> None:
    paths = list(load_scenario("japan").index.parameters)
    for pattern in read_factors.LEVERS:
        assert any(fnmatchcase(path, pattern) for path in paths), pattern
    for path in read_factors.NO_LEVERS:
        assert path in paths
        assert any(fnmatchcase(path, pattern) for pattern in read_factors.LEVERS), path


@pytest.mark.parametrize("name", shipped_studies())
def test_shipped_studies_can_be_read(name: str) -> None:
    study = read_study(find_study(name))
    assert study.question
    assert len(points_of(study)) > 3
    assert {factor.role for factor in study.factors} <= {"lever", "uncertainty"}
    for point in points_of(study):
        scenario_at(study, point)


def test_the_shipped_ones_are_listed() -> None:
    assert [name for name, _ in list_studies()] == [
        "evenness",
        "firewall-date",
        "take-up",
        "what-moves-cities",
    ]


FACTOR = "factors: {fear.weight: [1, 2]}\n"
# fmt: off
MISTAKES = [
    # text, line:column, what is said
    ("tittle: x\n", "2:1: a study has no key 'tittle'; did you mean 'title'?"),
    ("title: 3\n", "2:8: title is 3, but must be text; put it in quotes"),
    ("months: 0\n", "2:9: months is 0, but must be a whole number (1 to 1,200)"),
    ("months: '12'\n", "2:9: months is '12', but must be a whole number (1 to 1,200); drop the quotes"),
    ("seed: -1\n", "2:7: seed is -1, but must be a whole number"),
    ("luck: shred\n", "2:7: luck is 'shred', but must be one of shared, own; did you mean 'shared'?"),
    ("common_random_numbers: maybe\n", "2:24: common_random_numbers is 'maybe', but must be true or false"),
    ("luck: own\ncommon_random_numbers: true\n", "2:1: luck is an older name of common_random_numbers"),
    ("luck:\n", "2:1: luck has no value, but must be one of shared, own"),
    ("set: {fear: {wieght: 3}}\n", "2:14: unknown parameter 'fear.wieght'; did you mean 'fear.weight'?"),
    ("set: {fear.weight: 50}\n", "2:20: fear.weight is 50, but must be a number (per yearly risk, 0 to 40)"),
    ("set: 3\n", "2:1: set is 3, but must hold parameters"),
    # factors
    ("factors: 3\n", "2:1: factors is 3, but must be names with values"),
    ("factors: {fear.wait: [1]}\n", "2:11: unknown parameter 'fear.wait'; did you mean 'fear.weight'?"),
    ("factors: {trades.factry.cyclical: [1]}\n", "did you mean 'trades.factory.cyclical'?"),
    ("factors: {trades.factory.cyclical: [0, 2]}\n",
     "trades.factory.cyclical is 2, but must be a number (share, 0 to 1)"),
    ("factors: {doors.trainee.trade: [factory, servce]}\n",
     "2:42: doors.trainee.trade is 'servce', but there is no such trade; did you mean 'service'?"),
    ("factors: {fear: [1]}\n", "2:11: 'fear' is a section; name one parameter of it, as 'fear.weight'"),
    ("factors: {mood: {parameter: fear.wieght, values: [1]}}\n", "2:29: unknown parameter 'fear.wieght'"),
    ("factors: {fear.weight: [1, 45]}\n",
     "2:28: fear.weight is 45, but must be a number (per yearly risk, 0 to 40)"),
    ("factors: {fear.weight: [1, 1.0]}\n", "2:28: fear.weight has the value 1.0 twice"),
    ("factors: {fear.weight: []}\n", "2:24: fear.weight has no values"),
    ("factors: {fear.weight: }\n",
     "2:11: the factor 'fear.weight' has no values; give `values`, or `low` and `high`"),
    ("factors: {fear.weight: {low: 1}}\n", "2:25: the factor 'fear.weight' has low only; give low and high"),
    ("factors: {fear.weight: {low: 3, high: 1}}\n", "2:39: high must be above low, 3.0"),
    ("factors: {fear.weight: {low: 0, high: 1, scale: log}}\n", "2:30: on a log scale, low must be above 0"),
    ("factors: {fear.weight: {low: 1, high: 2, scale: lag}}\n",
     "2:49: scale is 'lag', but must be one of linear, log"),
    ("factors: {fear.weight: {lo: 1}}\n",
     "2:25: the factor 'fear.weight' has no key 'lo'; did you mean 'low'?"),
    ("factors: {claiming.return_after: {low: 1.5, high: 9}}\n",
     "2:40: claiming.return_after is 1.5, but must be a whole"),
    ("factors: {ngos.enabled: {low: 0, high: 1}}\n",
     "2:11: ngos.enabled is no number, and has no low and high; list its `values`"),
    ("factors: {ngos.enabled: [maybe]}\n",
     "2:26: ngos.enabled is 'maybe', but must be true or false (switch)"),
    ("factors: {policy.programme_open: [citizn]}\n", "did you mean 'citizen'?"),
    ("factors: {point: {parameter: fear.weight, values: [1]}}\n", "2:11: a factor can't be called 'point'"),
    ("factors: {a: {parameter: fear.weight, values: [1]}, fear.weight: [2]}\n",
     "fear.weight is varied by 'a' already"),
    ("factors: {f: {change: {fear: {firewall: 1}}, values: [1990]}}\n",
     "the date is 1990, but must be a month as"),
    ("factors: {f: {change: {fear: {firewall: 1}}, values: [1989-01]}}\n",
     "lies before the start of two-towns, 1990-01"),
    ("factors: {f: {change: {city: {firewall: 1}}, values: [1991-01]}}\n",
     "city.firewall matters at the start of the run"),
    ("factors: {f: {change: {fear: {firewall: 1}}, low: 1995-01, high: 1994-01}}\n",
     "high must be after low, 1995-01"),
    ("factors: {f: {change: {}, values: [never]}}\n", "2:15: change sets nothing"),
    ("factors: {f: {moves: fear.weight, values: [1991-01]}}\n",
     "the timeline of two-towns does not change fear.weight"),
    ("factors: {f: {change: {}, moves: fear.weight}}\n",
     "the factor 'f' has change and moves; give one of them"),
    ("factors: {f: {alternatives: {a: {}}}}\n", "2:29: none of the alternatives of 'f' sets anything"),
    ("factors: {fear.weight: {low: 1, high: 2, role: leaver}}\n",
     "role is 'leaver', but must be one of lever, uncertainty"),
    # designs
    ("design: moris\n" + FACTOR, "2:9: there is no design 'moris'; did you mean 'morris'?"),
    ("design: lhs\n" + FACTOR, "2:9: the design does not say how many points"),
    ("design: grid\n", "2:9: the design grid needs factors"),
    ("design: {lhs: {points: 1}}\n" + FACTOR,
     "2:24: points is 1, but must be a whole number (2 to 1,000,000)"),
    ("design: {sobol: {samples: 100}}\n" + FACTOR, "2:27: samples is 100, but must be a power of 2; as 128"),
    ("design: {morris: {levels: 5}}\n" + FACTOR, "2:27: levels is 5, but must be even"),
    ("design: {morris: {trajectory: 5}}\n" + FACTOR, "has no key 'trajectory'; did you mean 'trajectories'?"),
    ("design: list\n" + FACTOR, "3:1: a list of points is missing"),
    ("points: [{fear.wait: 1}]\n" + FACTOR,
     "2:11: there is no factor 'fear.wait'; did you mean 'fear.weight'?"),
    ("points: [{fear.weight: 99}]\n" + FACTOR, "2:24: fear.weight is 99, but must be a number"),
    ("points: [{fear.weight: 1}]\ndesign: grid\n" + FACTOR,
     "2:1: points are for `design: list`, and this one is grid"),
    # replicates
    ("replicates: 0\n", "2:13: replicates is 0, but must be a whole number (1 to 1,000,000)"),
    ("replicates: {until: {needs_mat: 1}}\n",
     "2:22: there is no outcome 'needs_mat' in this study; did you mean"),
    ("replicates: {until: {needs_met: 0}}\n", "2:33: needs_met is 0, but must be a number (above 0)"),
    ("replicates: {at_least: 5}\n", "2:13: until must be outcomes with half-widths"),
    ("replicates: {until: {needs_met: 1}, at_least: 9, at_most: 5}\n",
     "at_most is 5, but must be a whole number (9 to"),
    # outcomes
    ("outcomes: [needs_mat]\n", "2:12: there is no outcome 'needs_mat'; did you mean 'needs_met'?"),
    ("outcomes: [E3.servd_of_needs]\n", "did you mean 'E3.served_of_needs'?"),
    ("outcomes: [E3.xx]\n", "2:12: there is no outcome 'E3.xx'; E3 has "),
    ("outcomes: [needs_met, needs_met]\n", "2:23: the outcome 'needs_met' is given twice"),
    ("outcomes: [{measure: E3.served_of_needs, status: overstayr}]\n",
     "there is no status 'overstayr'; did you mean 'over"),
    ("outcomes: [{measure: E3.served_of_needs, stay: 3}]\n",
     "the outcome E3.served_of_needs has no key 'stay'"),
    ("outcomes: [{measure: E1.gap, region: Saitama}]\n",
     "there is no region 'Saitama'; did you mean 'Saitama-like'?"),
    ("outcomes: [{measure: E1.gap, year: 2030}]\n",
     "year is 2030, but must be a year from 1990 to 2009, last or every"),
    ("outcomes: [{measure: needs_met, year: 1999}]\n", "needs_met is told of the whole run, and has no year"),
    ("outcomes: [3]\n", "2:12: an outcome is 3, but must be a name"),
    ("outcomes:\n", "outcomes has no value"),
]
# fmt: on


@pytest.mark.parametrize(("text", "says"), MISTAKES)
def test_mistakes_are_told_where_they_are(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ScenarioError) as told:
        study_of(tmp_path, text)
    assert says in str(told.value)
    assert str(told.value).startswith(str(tmp_path / "study.yaml"))
    assert told.value.line is not None


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("", "the file is empty; a study needs at least `scenarios`"),
        ("title: x\n", "the study has no scenarios"),
        ("scenarios:\n", "1:1: the study has no scenarios"),
        ("scenarios: []\n", "1:12: the study has no scenarios"),
        ("scenarios: two-twns\n", "1:12: there is no scenario 'two-twns'; did you mean 'two-towns'?"),
        ("scenarios: [two-towns, 3]\n", "1:24: a scenario is 3, but must be the name of a scenario"),
        ("scenarios: [two-towns, two-towns]\n", "1:24: two scenarios are called 'two-towns'"),
        ("scenarios: mine.yaml\n", "there is no scenario file"),
        ("- two-towns\n", "1:1: the file holds a list, but must hold names with values"),
        ("scenarios: two-towns\nset: {x: 1}\n", "unknown parameter 'x'"),
        (
            "scenarios: two-towns\ndesign: {lhs: 1000000}\nreplicates: 100\nfactors: {fear.weight: [1]}\n",
            "the study has 100,000,000 runs, and 10,000,000 are the most",
        ),
    ],
)  # fmt: skip
def test_mistakes_of_a_whole_file(tmp_path: Path, base: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(says)):
        study_of(tmp_path, "", base)


def test_a_study_is_found_by_name_or_path(empty_folder: Path) -> None:
    (empty_folder / "mine.yaml").write_text(BASE)
    assert read_study(find_study("mine.yaml")).name == "mine"
    for wrong, says in (
        ("eveness", "there is no study 'eveness'; did you mean 'evenness'?"),
        ("mein.yaml", "there is no study file 'mein.yaml'; did you mean 'mine.yaml'?"),
        ("", "'' is not the name of a study"),
        (str(empty_folder), "is a folder, not a study file"),
    ):
        with pytest.raises(ScenarioError, match=re.escape(says)):
            find_study(wrong)


def test_scenarios_beside_the_file_and_their_places_travel_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(shipped_folder() / "data" / "two-towns.csv", folder / "towns.csv")
    (folder / "mine.yaml").write_text("extends: two-towns\nplaces: towns.csv\nfear: {weight: 1}\n")
    (folder / "study.yaml").write_text("scenarios: [mine.yaml, two-towns]\nmonths: 6\n")
    study = create(folder / "study.yaml", tmp_path / "out")
    hashes = [scenario.hash for scenario in study.study.scenarios]
    shutil.rmtree(folder)
    assert [scenario.hash for scenario in open_study(tmp_path / "out").study.scenarios] == hashes
    assert hashes[1] == load_scenario("two-towns", months=6).hash
    assert hashes[0] == load_scenario("two-towns", months=6, sets=["fear.weight=1"]).hash
