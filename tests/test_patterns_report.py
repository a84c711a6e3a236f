"""Holding patterns against runs: bands and verdicts, the report, the command."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from command_line import call, told, worked

from local_citizenship.experiments.patterns import PATTERNS
from local_citizenship.experiments.patterns.check import Check, SettingRuns, check_patterns, find, shipped
from local_citizenship.experiments.patterns.pattern import (
    Band,
    Part,
    Pattern,
    above,
    at_least,
    below,
    between,
    judge,
    lower_end,
)
from local_citizenship.experiments.patterns.report import (
    fitted_section,
    number,
    report,
    verdict,
    write_patterns,
)
from local_citizenship.experiments.replicates import Replicate
from local_citizenship.outcomes.whole_folder import OutputError
from local_citizenship.scenarios import load_scenario

FILE = "docs/patterns.md"


# --- hit and miss


def made_up(*parts: Part) -> Pattern:
    return Pattern("P99", "a pattern | of a test", "check", parts, "Defined.", {"japan": lambda run: {}})


@pytest.mark.parametrize(
    ("band", "inside", "outside"),
    [
        (between(1, 2), (1, 2), (0.9, 2.01)),
        (above(0), (0.1,), (0,)),
        (at_least(0), (0,), (-0.1,)),
        (below(5), (4.9,), (5, math.nan)),
    ],
)
def test_bands(band: Band, inside: tuple[float, ...], outside: tuple[float, ...]) -> None:
    assert all(band.holds(value) for value in inside)
    assert not any(band.holds(value) for value in outside)


def test_the_mean_over_seeds_is_judged_and_every_band_must_hold() -> None:
    pattern = made_up(Part("a", "number", between(0, 1)), Part("b", "number"))
    assert judge(pattern, [{"a": -1, "b": 9}, {"a": 2, "b": 9}]).hit
    finding = judge(pattern, [{"a": 1, "b": 0.5}, {"a": 2, "b": 0.5}])
    assert (finding.hit, finding.missed) == (False, ("a",))
    both = made_up(Part("a", "number", above(0)), Part("b", "number", above(0)))
    assert judge(both, [{"a": 1, "b": 1}]).hit
    assert judge(both, [{"a": 1, "b": -1}]).missed == ("b",)


def test_an_interval_must_be_clear() -> None:
    # Mean 2, standard error 1/sqrt(3), t = 4.302653 with two degrees of freedom.
    assert lower_end([1, 2, 3]) == pytest.approx(2 - 4.302653 / math.sqrt(3), abs=1e-6)
    pattern = made_up(Part("a", "number", above(0), clear=True))
    assert judge(pattern, [{"a": 1}, {"a": 2}, {"a": 3}]).hit is False
    assert judge(pattern, [{"a": 1.9}, {"a": 2}, {"a": 2.1}]).hit is True


def test_seeds_that_cannot_tell_are_named() -> None:
    pattern = made_up(Part("a", "number", above(0)))
    some = judge(pattern, [{"a": 1}, "there are no migrants"])
    assert (some.hit, some.why) == (True, "1 of 2 seeds; else there are no migrants")
    none = judge(pattern, ["there are no migrants"] * 2)
    assert (none.hit, none.why) == (None, "there are no migrants")


# --- the report


@pytest.fixture
def check() -> Check:
    """Two seeds of the sample, of which the second failed in one setting; P01 hits, P06 misses."""
    scenario = load_scenario("japan-sample")
    values = {id: "too short" for id, each in PATTERNS.items() if "japan" in each.observers}
    values |= {"P01": {"migrants": 900_000.0}, "P06": {"three years or longer": 0.7}}
    good = [Replicate(0, 1, values, None, 1.0), Replicate(1, 5, values, None, 1.0)]
    bad = [Replicate(0, 1, {"P29": {}}, None, 1.0), Replicate(1, 5, None, "MemoryError: no | room", 1.0)]
    runs = {
        "japan": SettingRuns(scenario, good),
        "japan without diffusion": SettingRuns(scenario, bad),
    }
    return Check(2, runs, tuple(find(each, runs, 2) for each in PATTERNS.values()))


@pytest.mark.parametrize(("scenario", "given"), [("japan-sample", True), ("japan-drawn", False)])
def test_what_the_places_hold_is_reported_and_not_counted(scenario: str, given: bool) -> None:
    runs = {
        "japan": SettingRuns(
            load_scenario(scenario), [Replicate(0, 1, {"P14": {"rank correlation": 0.9}}, None, 1.0)]
        )
    }
    finding = find(PATTERNS["P14"], runs, 1)
    assert (finding.given, finding.hit, verdict(finding)) == (
        (True, None, "given") if given else (False, False, "**miss**")
    )
    assert finding.values == {"rank correlation": [0.9]}


def test_the_report_tells_hits_misses_and_failures(check: Check) -> None:
    text = report(check, "local-citizenship patterns --seeds 2", {"P06": "They stay on."})
    for said in (
        "```\nlocal-citizenship patterns --seeds 2\n```",
        "**Hit: 1 of 2** (fit patterns: 1 of 1; check patterns: 0 of 1). Not yet answerable: 48. Given by the places, "
        "and not counted: P13, P14, P15.",
        f"`{check.japan.hash[:16]}` | 1, 5 |",
        "a record stands for 20 people",
        "- japan without diffusion, replicate 1, seed 5: MemoryError: no | room",
        "| 810,000–990,000 | fit | 900,000 [900,000 to 900,000] | – | hit |",
        "| 40%–52% | check | 70% [70% to 70%] | – | **miss** |",
        "not yet answerable: there is no scenario italy nor spain",
        "**P06**: They stay on.",
    ):
        assert said in text
    assert "**P01**:" not in text
    table = [line for line in text.splitlines() if line.startswith("| P")]  # each row has seven cells
    assert len(table) == len(PATTERNS)
    assert {line.replace("\\|", "").count("|") for line in table} == {8}


def test_a_miss_without_a_note_says_so(check: Check, tmp_path: Path) -> None:
    written = write_patterns(tmp_path / FILE, check, "command")
    assert "**P06**: not yet explained" in written.read_text(encoding="utf-8")
    (written.parent / "patterns-notes.yaml").write_text("P06: >\n  Two\n  lines.\n", encoding="utf-8")
    write_patterns(tmp_path / FILE, check, "command")
    assert "**P06**: Two lines." in written.read_text(encoding="utf-8")
    assert sorted(each.name for each in written.parent.iterdir()) == ["patterns-notes.yaml", "patterns.md"]


@pytest.mark.parametrize(
    ("notes", "what"),
    [("P77: text", "no pattern 'P77'"), ("P06: [a", "can't be read"), ("- P06", "a paragraph of text")],
)
def test_notes_that_cannot_be_used(check: Check, tmp_path: Path, notes: str, what: str) -> None:
    file = tmp_path / "patterns-notes.yaml"
    file.write_text(notes, encoding="utf-8")
    with pytest.raises(OutputError, match=what):
        write_patterns(tmp_path / "patterns.md", check, "command")
    assert not (tmp_path / "patterns.md").exists()
    assert what in told(call("patterns", "--out", tmp_path / "patterns.md"))


def test_fitted_parameters_are_listed_with_their_values(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: two-towns\ntimeline_replaces: true\ndoors: {coethnic: {arrivals: 12}}\n"
        "timeline:\n  - from: 1991-02\n    doors: {coethnic: {arrivals: 7}}\n"
        "sources:\n  doors.coethnic.arrivals: fitted to P01 | P03\n",
        encoding="utf-8",
    )
    line = "| fitted to P01 \\| P03 | `doors.coethnic.arrivals` 12.0, 7.0 from 1991-02 |"
    assert line in fitted_section(load_scenario(str(file))).splitlines()


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (298_646.4, "persons", "298,646"),
        (0.0064, "share", "0.64%"),
        (1993.0, "year", "1993"),
        (2.5, "count", "2.5"),
        (math.inf, "number", "∞"),
        (math.nan, "number", "–"),
    ],
)
def test_numbers_are_written_by_their_kind(value: float, kind: str, text: str) -> None:
    assert number(value, kind) == text


def test_a_sample_is_taken_for_a_sample_where_there_is_one() -> None:
    named = [("japan", True), ("japan", False), ("two-towns", True), ("atlantis", False)]
    assert [shipped(*each) for each in named] == ["japan-sample", "japan", "two-towns", None]


def test_quick_is_a_scenario_of_its_own() -> None:
    mistake = told(call("patterns", "--quick", "--scenario", "two-towns"))
    assert mistake.startswith("--quick is the scenario japan-sample")


@pytest.fixture
def no_other_countries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what stands for Japan is run: the other countries at full size are no matter for a test."""
    monkeypatch.setattr("local_citizenship.experiments.patterns.check.shipped", lambda country, sample: None)


@pytest.mark.usefixtures("no_other_countries")
def test_a_check_runs_what_the_patterns_need() -> None:
    told = []
    found = check_patterns(
        "two-towns", 2, engine="interpreted", months=1, progress=lambda *all_: told.append(all_[:2])
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    counts = {name: len(runs.replicates) for name, runs in found.runs.items()}
    assert counts == {"japan": 2, "japan without diffusion": 2}
    off = found.runs["japan without diffusion"].scenario.parameters.city
    assert (off.neighbours, off.similar, off.rivalry, off.norm) == (0, 0, 0, 0)
    assert found.japan.parameters.city.neighbours > 0
    assert not any(each.failed for run in found.runs.values() for each in run.replicates)
    by_id = {each.pattern.id: each for each in found.findings}
    assert list(by_id) == list(PATTERNS)
    assert by_id["P01"].why == "the run lasts from 1990-01 to 1990-01, without 2004-12"


@pytest.mark.usefixtures("no_other_countries")
def test_the_command_writes_the_report(tmp_path: Path) -> None:
    file = tmp_path / "found.md"
    result = worked("patterns", "--scenario", "two-towns", "--seeds", 1, "--workers", 1, "--out", file)
    text = file.read_text(encoding="utf-8")
    assert "local-citizenship patterns --seeds 1 --scenario two-towns --out" in text
    assert "| P24 |" in text
    assert "the places have no region Tokyo" in text
    assert str(file) in result.stdout
    assert "of 2 runs" not in result.stderr  # the bar is for a terminal
