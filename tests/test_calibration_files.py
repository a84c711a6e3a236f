"""A calibration's file and its table of targets: what they mean, and how mistakes in them are told."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from calibration_tools import SEEN, SMALL, written
from command_line import call
from scripts import benchmark_module

from local_citizenship.experiments.calibration.plan import ABOVE, CHECK, FIT, Target
from local_citizenship.experiments.calibration.read_plan import find_plan, read_plan, shipped_plans
from local_citizenship.experiments.calibration.status import far_from
from local_citizenship.experiments.studies.points import with_settings
from local_citizenship.scenarios import ScenarioError

JAPAN = """\
scenarios: japan-sample
parameters: {moving.rate: {within: 2}}
targets: {patterns: PATTERNS}
"""


def test_a_small_one(tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path))
    search, fear = plan.unknowns
    assert search.prior.why == "assumption"
    assert (fear.prior.low, fear.prior.high, fear.prior.at(0.5)) == (0.0, 10.0, 5.0)
    assert [(each.outcome.name, each.use) for each in plan.targets] == [
        ("needs_met", FIT), ("aware", FIT), ("take_up", CHECK)
    ]  # fmt: skip
    assert plan.targets[0].discrepancy == plan.targets[0].tolerance == 0.2
    assert plan.scenarios[0].months == 6
    assert plan.budget.runs(1) == 2 * (2 * 12 + 20) + 10


def test_a_measure_of_a_group_in_a_year(tmp_path: Path) -> None:
    table = "measure,group,date,value,tolerance\nE3.served_of_needs,legal,1990,0.3,0.1\n"
    (target,) = read_plan(written(tmp_path, SMALL.replace("months: 6", "months: 24"), table)).targets
    assert target.name == "E3.served_of_needs legal 1990 (two-towns)"


def test_patterns_of_a_country(tmp_path: Path) -> None:
    country = JAPAN.replace("moving.rate", "awareness.search")
    plan = read_plan(written(tmp_path, country.replace("PATTERNS", "fit")))
    used = {each.source for each in plan.targets if each.use == FIT}
    unused = {each.source for each in plan.targets if each.use == CHECK}
    assert {"pattern P10", "pattern P16"} <= used
    assert "pattern P09" in unused
    assert not used & unused
    plan = read_plan(written(tmp_path, country.replace("PATTERNS", "[P10]")))
    (target,) = plan.fitted
    assert (target.value, target.tolerance) == pytest.approx((0.14, 0.02))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scenarios:", "scenario:", "1: a calibration has no key 'scenario'; did you mean 'scenarios'?"),
        ("two-towns", "two-tons", "2:12: there is no scenario 'two-tons'; did you mean 'two-towns'?"),
        ("awareness.search", "awareness.serch", "5:3: unknown parameter 'awareness.serch'"),
        ("low: 0, high: 10", "low: 9, high: 1", "6:31: high must be above low, 9"),
        ("low: 0, high: 10", "low: 0", "6:17: the prior of fear.weight has low only; give low and high"),
        ("low: 0, high: 10", "lo: 0", "6:17: the prior of fear.weight has no key 'lo'; did you mean 'low'?"),
        ("low: 0, high: 10", "low: 0, high: 9, scale: log", "on the scale log, values of fear.weight must be above 0"),
        ("{low: 0, high: 10}", "{middle: 5, within: 3, low: 8, high: 2}", "low must be below high in the prior of"),
        ("{low: 0, high: 10}", "{middle: 1, within: 2, low: 8, high: 9}", "middle of fear.weight, 1, is not between"),
        ("{low: 0, high: 10}", "{middle: 5, within: 1.0e+300}", "a factor of 1e+300 is too much: 1,000,000 is"),
        ("2, posterior: 20", "1000, posterior: 20000", "the budget is of 20,024,010 runs, and 10,000,000 are the most"),
        ("{low: 0, high: 10}", "[1, 1]", "fear.weight has the value 1 twice"),
        ("seen.csv", "sen.csv", "7:17: there is no file 'sen.csv'; did you mean 'seen.csv'?"),
        ("{file: seen.csv}", "{patterns: fit}", "no pattern can be told of these scenarios"),
        ("{file: seen.csv}", "{}", "there is no target to learn from"),
        ("targets: {file: seen.csv}\n", "", "the calibration has no targets"),
        ("points: 12", "points: 2", "8:28: points is 2, but must be a whole number (10 to 20,000)"),
        ("posterior:", "postirior:", "budget has no key 'postirior'; did you mean 'posterior'?"),
        (SMALL, "", "the file is empty; a calibration needs `scenarios`, `parameters` and `targets`"),
    ],
)  # fmt: skip
def test_mistakes_in_the_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SMALL
    result = call("calibrate", "check", written(tmp_path, SMALL.replace(old, new)), "--quick")
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "small.yaml" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("needs_met", "needs_mett", "seen.csv:2: there is no outcome 'needs_mett'; did you mean needs_met?"),
        ("tolerance,use", "tolerance,value", "seen.csv:1: the table has two columns 'value'"),
        ("needs_met,0.2,0.2", "needs_met,0.2,1e200", "seen.csv:2: tolerance is '1e200', but must be a number"),
        ("tolerance", "tolerence", "no column 'tolerence'; did you mean 'tolerance'?"),
        ("needs_met,0.2,0.2", "needs_met,some,0.2", "seen.csv:2: value is 'some', but must be a number"),
        ("needs_met,0.2,0.2", "needs_met,0.2,-1", "seen.csv:2: tolerance is '-1', but must be a number, 0 or more"),
        ("needs_met,0.2,0.2", "needs_met,0.2,0", "seen.csv:2: the tolerance is 0"),
        ("needs_met,0.2,0.2", "needs_met,20,0.2", "seen.csv:2: needs_met is a share of needs, and none is above 1; a"),
        ("needs_met,0.2,0.2", "needs_met,1e16,0.2", "must be a number, of 1e+15 at most"),
        ("needs_met,0.2,0.2", "needs_met,0.2,2", "seen.csv:2: needs_met is a share of needs, and none is above 1; a"),
        ("check,", "chek,", "seen.csv:4: use is 'chek', but must be one of fit, check; did you mean 'check'?"),
        ("aware", "E3.served_of_needs", "seen.csv:3: E3.served_of_needs is told year by year: give the date"),
        ("aware", "needs_met", "seen.csv:3: needs_met (two-towns) is a target twice; it stands in line 2"),
    ],
)  # fmt: skip
def test_mistakes_in_the_table(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SEEN
    result = call("calibrate", "check", written(tmp_path, table=SEEN.replace(old, new)), "--quick")
    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_a_wide_discrepancy_of_a_share_is_no_percentage(tmp_path: Path) -> None:
    file = written(tmp_path, SMALL.replace("targets: {", "targets: {discrepancy: 9, "))
    assert "discrepancy: 9" in file.read_text()
    (needs_met, *_) = read_plan(file).targets
    assert needs_met.discrepancy == pytest.approx(1.8)


def test_a_target_that_is_far_away_is_told(tmp_path: Path) -> None:
    """By one run: the same thing, in the same unit?"""
    (target, *_) = read_plan(written(tmp_path)).targets  # 0.2, within 0.2, and the model as much
    assert far_from(target, 0.2 + 9.0 * 0.2 * math.sqrt(2.0)) == ""
    said = far_from(target, 0.2 + 11.0 * 0.2 * math.sqrt(2.0))
    assert ", and 20.0% was observed: 11 times what is granted away" in said
    assert far_from(replace(target, use=CHECK), 99.0) == ""
    assert far_from(replace(target, side=ABOVE), 99.0) == ""


def test_places_and_dates(tmp_path: Path) -> None:
    head = "measure,group,place,date,value,tolerance\n"
    for row, said in (
        ("E3.served_of_needs,legal,North,1990,1,1", "of a group or of a place, not of both"),
        ("E3.served_of_needs,,Nowhere,1990,1,1", "two-towns has no region 'Nowhere'"),
        ("E3.served_of_needs,,,1890,1,1", "two-towns runs from 1990 to 1990, without 1890"),
        ("E3.served_of_needs,,,soon,1,1", "date is 'soon', but must be a year"),
    ):
        with pytest.raises(ScenarioError) as error:
            read_plan(written(tmp_path, table=f"{head}{row}\n"))
        assert said in str(error.value)
        assert error.value.line == 2


def test_what_is_settled_is_not_calibrated(tmp_path: Path) -> None:
    text = SMALL.replace("{low: 0, high: 10}", "[5]")
    with pytest.raises(ScenarioError, match=r"the prior of fear.weight leaves one value only"):
        read_plan(written(tmp_path, text))


def test_a_bound_has_one_side(tmp_path: Path) -> None:
    plain = read_plan(written(tmp_path)).targets[0]
    above = Target("s", plain.outcome, 0.5, 0.1, 0.0, side="above")
    assert above.off([0.4, 0.7]).tolist() == pytest.approx([-0.1, 0.0])
    assert above.holds(0.6)
    assert not above.holds(0.45)
    assert above.log_likelihood(0.9, 0.01) > above.log_likelihood(0.5, 0.01) > above.log_likelihood(0.1, 0.01)


@pytest.mark.parametrize("name", shipped_plans())
def test_shipped_ones_hold_good(name: str) -> None:
    plan = read_plan(find_plan(name))
    assert plan.fitted
    paths = [each.path for each in plan.unknowns]
    assert len(set(paths)) == len(paths) >= 7
    if name in ("japan", "korea", "italy", "spain"):  # and not one that tries the method
        rivals = {each.path: each.prior.choices for each in plan.unknowns if each.prior.choices}
        assert rivals["city.adoption"] == ("contagion", "threshold")
        assert 1.0 in rivals["moving.chain"]  # in proportion
        assert all("assumption" in each.source for each in plan.targets if plan.table and "E4" in each.name)
    for each in plan.unknowns:  # and all plausible values are fit for the scenario
        settled = with_settings(plan.scenarios[0], [(each.path, each.at(s)) for s in (0.0, 1.0)], "a test")
        assert settled.parameters is not None


def test_shipped_ones_are_found_by_name() -> None:
    assert {"japan", "korea", "italy", "spain", "two-towns", "korea-small"} <= set(shipped_plans())
    assert "Spain, 1995 to 2012" in call("calibrate", "check", "spain", "--quick").stdout
    result = call("calibrate", "check", "spian", "--quick")
    assert result.exit_code == 2
    assert "there is no calibration 'spian'; did you mean 'spain'?" in result.stderr


def test_the_one_that_is_killed_at_random_is_a_calibration(tmp_path: Path) -> None:
    kills = benchmark_module("kills")
    work = kills.a_calibration(tmp_path, 6)
    plan = read_plan(tmp_path / "small.yaml")
    assert [each.path for each in plan.unknowns] == ["awareness.search", "fear.weight"]
    assert work.next(tmp_path) == work.first  # nothing is there yet
    (tmp_path / "out").mkdir()
    assert work.next(tmp_path)[:3] == ["calibrate", "resume", "out"]
