"""How often random behaviour meets a pattern, and what is made of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from command_line import call
from hypothesis import given
from hypothesis import strategies as st

from local_citizenship.experiments.patterns import PATTERNS
from local_citizenship.experiments.patterns.check import Check, SettingRuns, scenarios_for
from local_citizenship.experiments.patterns.pattern import Finding, Part, Pattern, above
from local_citizenship.experiments.patterns.power import (
    Power,
    PowerError,
    marked,
    power_file,
    read_power,
    write_power,
)
from local_citizenship.experiments.patterns.random_behaviour import (
    HELD,
    behaviour,
    drawn,
    met,
    power_of_patterns,
    random_settings,
)
from local_citizenship.experiments.patterns.report import counts, report, shown, verdict
from local_citizenship.scenarios import load_scenario

SCENARIO = load_scenario("japan-sample")
NUMBERS = behaviour(SCENARIO)


def a_pattern(use: str = "check", uncounted: str = "") -> Pattern:
    part = Part("a", "number", above(0))
    return Pattern(
        "P99", "of a test", use, (part,), "Defined.", {"japan": lambda run: {}}, uncounted=uncounted
    )


def test_behaviour_is_drawn_and_flows_and_citations_are_not() -> None:
    paths = {info.path for info in NUMBERS}
    assert {"fear.weight", "city.size", "needs.illness.necessity", "ngos.founding"} <= paths
    assert not any(path.split(".")[0] in HELD for path in paths)
    cited = {
        path
        for path, source in SCENARIO.sources.items()
        if "assumption" not in source and "fitted" not in source
    }
    assert cited
    assert not cited & paths


@given(st.sampled_from(NUMBERS), st.floats(0, 1))
def test_a_draw_lies_in_its_range_and_within_a_third_to_three(info, u: float) -> None:
    value = drawn(info, u)
    assert info.takes(value)
    assert value <= 3 * info.default + 1e-9
    assert value >= min(info.default / 3, info.default) - 1e-9 or info.type is int


def test_a_share_is_drawn_by_its_odds() -> None:
    (info,) = [info for info in NUMBERS if info.path == "needs.illness.necessity"]  # 0.8: odds of 4
    info = replace(info, default=0.8)
    assert [drawn(info, u) for u in (0, 0.5, 1)] == pytest.approx([4 / 7, 0.8, 12 / 13])


def test_draws_are_the_same_again_and_differ_from_each_other() -> None:
    first, second = random_settings(SCENARIO, 2)
    assert [first, second] == list(random_settings(SCENARIO, 2))
    assert len(first) == len(NUMBERS)
    assert sum(a != b for a, b in zip(first, second, strict=True)) > 0.9 * len(first)


def test_other_countries_are_run_at_the_size_of_the_first() -> None:
    worlds = scenarios_for("japan-sample", 1, ("scale.persons_per_record=50",))
    assert {world.parameters.scale.persons_per_record for world in worlds.values()} == {50}


def test_one_run_is_judged_by_its_values() -> None:
    assert met(a_pattern(), {"a": 1.0}) is True
    assert met(a_pattern(), {"a": -1.0}) is False
    assert met(a_pattern(), "too short") is None
    assert met(replace(a_pattern(), parts=(Part("a", "number"),)), {"a": 1.0}) is None


@pytest.mark.parametrize(
    ("use", "hits", "uncounted", "why"),
    [
        ("check", 29, "", "29 of 40 random draws hit it"),
        ("check", 28, "", ""),  # seven of ten
        ("fit", 40, "", ""),
        ("check", 0, "P99b is its sharper form", "P99b is its sharper form"),
    ],
)
def test_what_nearly_anything_hits_is_not_counted(use: str, hits: int, uncounted: str, why: str) -> None:
    finding = Finding(a_pattern(use), {"a": [1.0]}, True, uncounted=uncounted)
    found = marked(finding, {"P99": Power(40, hits, 10, 10, "japan-sample")})
    assert found.uncounted == why
    assert verdict(found) == (f"hit; not counted: {why}" if why else "hit")
    assert counts([found]).startswith("**Hit: 0 of 0**" if why else "**Hit: 1 of 1**")


def test_a_table_of_powers_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = power_file(tmp_path / "patterns.md")
    power = {"P01": Power(40, 31, 10, 9, "japan-sample"), "P22": Power(0, 0, 10, 10, "japan-sample")}
    assert read_power(file) == {}
    write_power(file, power)
    assert (file.name, read_power(file)) == ("patterns-power.csv", power)


@pytest.mark.parametrize("text", [b"pattern\nP01\n", b"pattern,draws,hits_of_draws\nP01,many,2\n", b"\xff"])
def test_a_damaged_table_of_powers_is_told_in_a_sentence(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "patterns-power.csv"
    file.write_bytes(text)
    with pytest.raises(PowerError, match="is no table of powers: make it anew"):
        read_power(file)
    result = call("patterns", "--scenario", "two-towns", "--out", tmp_path / "patterns.md")
    assert result.exit_code == 2, result.output


def test_power_of_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_citizenship.experiments.patterns.check.shipped", lambda country, sample: None)
    told: list[tuple[int, int]] = []
    found = power_of_patterns("two-towns", 1, seeds=1, months=1, progress=lambda *some: told.append(some[:2]))
    assert told == [(number, 4) for number in (1, 2, 3, 4)]
    assert set(found) == {
        id for id, each in PATTERNS.items() if set(each.observers) <= set(scenarios_for("two-towns"))
    }
    assert found["P01"] == Power(0, 0, 0, 0, "two-towns")  # too short to tell


def test_the_command_writes_the_powers_beside_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    powers = {"P01": Power(3, 3, 10, 9, "two-towns")}
    checks: list[object] = []

    def check(*_: object, power: object, **__: object) -> Check:
        checks.append(power)
        raise OSError(28, "no room")

    monkeypatch.setattr(
        "local_citizenship.experiments.patterns.random_behaviour.power_of_patterns", lambda *_, **__: powers
    )
    monkeypatch.setattr("local_citizenship.experiments.patterns.check.check_patterns", check)
    result = call("patterns", "--scenario", "two-towns", "--power", 3, "--out", tmp_path / "found.md")
    assert result.exit_code == 2, result.output
    assert checks == [powers]
    assert read_power(tmp_path / "found-power.csv") == powers


def test_the_report_shows_the_draws_beside_the_model() -> None:
    runs = {"japan": SettingRuns(SCENARIO, [])}
    finding = Finding(a_pattern(), {"a": [1.0]}, True)
    text = report(Check(1, runs, (finding,), {"P99": Power(40, 12, 10, 9, "japan-sample")}), "patterns", {})
    assert "**Random draws** (japan-sample, 40)" in text
    assert "| 12 of 40; model 9 of 10 | hit |" in text
    assert "Random draws" not in report(Check(1, runs, (finding,)), "patterns", {})


def test_a_pattern_without_a_band_shows_its_values_on_the_screen_too() -> None:
    one = replace(a_pattern("reported"), parts=(Part("a", "number"),))
    assert shown(Finding(one, {"a": [1.5]}, None), judged_only=True) == "1.5"
