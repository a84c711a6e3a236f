"""The table of mechanisms points nowhere in vain, and every switch changes a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import call, told, worked
from test_no_dead_parameter import MONTHS, before, digests, merged, parameters_with, run

from local_citizenship.agents.mechanism import mechanism
from local_citizenship.agents.rule import interpreted, mechanisms_of, rule
from local_citizenship.app import mechanism_table
from local_citizenship.app.evidence_commands import effects_file
from local_citizenship.app.mechanism_table import HEADINGS, as_markdown, ids_of, rows
from local_citizenship.experiments import effects
from local_citizenship.experiments.mechanisms import BY_ID, GROUPS, MECHANISMS, held
from local_citizenship.experiments.studies.ensembles import load_ensemble
from local_citizenship.experiments.studies.provenance import rules_hash
from local_citizenship.outcomes.measures import BY_ID as THEMES
from local_citizenship.outcomes.measures import OWN
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.checks import all_parameters, spelt_out
from local_citizenship.scenarios.schema import SHIPPED

SIZES = {"A": 12, "B": 12, "C": 12, "D": 14, "E": 9}
PATHS = set(all_parameters())


def test_every_mechanism_is_listed_in_order() -> None:
    """A1 to A12, B1 to B12, C1 to C10, D1 to D14, E1 to E9, each with a name and the article's claim."""
    assert [mechanism.id for mechanism in MECHANISMS] == [
        f"{group}{n}" for group, last in SIZES.items() for n in range(1, last + 1)
    ]
    assert list(GROUPS) == list(SIZES)
    assert len({mechanism.name for mechanism in MECHANISMS}) == len(MECHANISMS)
    assert all(mechanism.claim for mechanism in MECHANISMS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.mechanism.id)
def test_the_row_points_somewhere(row: Any) -> None:
    """A rule, parameters (but for measures), a switch or what to vary instead, and a test."""
    assert row.gaps() == []


def test_no_rule_parameter_or_test_declares_a_mechanism_that_is_none() -> None:
    """An id that is mistyped would credit nothing."""
    for declared in (mechanism_table.rules(), mechanism_table.parameters(), mechanism_table.tests()):
        assert set(declared) <= set(BY_ID)


@pytest.mark.parametrize("mechanism", [m for m in MECHANISMS if not m.is_measure], ids=lambda m: m.id)
def test_all_but_measures_can_be_taken_out(mechanism: Any) -> None:
    """Every switch names parameters there are, with values they may have; and without it a run is another one."""
    without, brought_in = (merged({}, each) for each in (mechanism.without, mechanism.brought_in))
    assert parameters_with(merged(brought_in, without)) != parameters_with(brought_in)
    assert without
    assert all(set(spelt_out(path, SHIPPED)) & PATHS for path in (*mechanism.without, *mechanism.brought_in))
    there = before(MONTHS)  # a country in which everything happens
    assert any(digest != there[name] for name, digest in digests(run(without, MONTHS)))


def test_a_switch_holds_whatever_the_timeline_says() -> None:
    """Dated changes overtake `--set`, and would bring a mechanism in again; not so what is held."""
    crackdown = load_scenario("crackdown")
    assert "enforcement.halve_in" in {change.path for change in crackdown.timeline}
    off = held(crackdown, BY_ID["A4"].without)
    assert {off.parameters_at(month).enforcement.halve_in for month in range(off.months)} == {0.0}
    assert off.parameters_at(200).labour == crackdown.parameters_at(200).labour
    assert off.hash != crackdown.hash


def test_holding_an_unknown_parameter_is_an_error() -> None:
    """A misspelt switch must not pass for one that does nothing."""
    for path in (
        "fear.weigth",
        "needs.*.rat",
        "doors.*(side).arivals",
        "doors.*(sied).arrivals",
        "needs.*(side).rate",
    ):
        with pytest.raises(KeyError, match=re.escape(path)):
            held(load_scenario("two-towns"), {path: 0.0})


def test_where_there_is_no_side_door_a_switch_of_side_doors_changes_nothing() -> None:
    """Other countries have none; nothing is wrong with the switch."""
    for_all = load_scenario("two-towns", sets=["doors.*.kind=front"])
    assert not spelt_out("doors.*(side).arrivals", for_all.parameters)
    assert held(for_all, BY_ID["A2"].without).parameters == for_all.parameters
    assert held(load_scenario("two-towns"), BY_ID["A2"].without).parameters != for_all.parameters
    with pytest.raises(KeyError, match="arivals"):
        held(for_all, {"doors.*(side).arivals": 0.0})


def test_what_is_left_out_by_default_can_be_brought_in() -> None:
    """A5 is not in force in Japan: its settings bring it in, and the switch takes it away again."""
    there = held(load_scenario("two-towns"), BY_ID["A5"].brought_in)
    assert there.parameters.policy.fund > 0.0
    assert held(there, BY_ID["A5"].without).parameters.policy.fund == 0.0


def test_an_asterisk_means_every_entry_or_those_of_a_group() -> None:
    """The side doors by their kind; those that give a permit."""
    side = spelt_out("doors.*(side).arrivals", SHIPPED)
    assert [path.split(".")[1] for path in side] == ["coethnic", "trainee", "student", "entertainer"]
    permit, every = (spelt_out(f"doors.{which}.overstay", SHIPPED) for which in ("*(permit)", "*"))
    without = [path for path in every if path not in permit]
    assert without == ["doors.visitor.overstay", "doors.smuggled.overstay"]
    assert [*permit, *without] == sorted(every, key=without.count) != without
    assert spelt_out("fear.weight", SHIPPED) == ["fear.weight"]
    assert spelt_out("doors.*(none).arrivals", SHIPPED) == spelt_out("needs.*(side).rate", SHIPPED) == []


def test_a_rule_declares_its_mechanisms() -> None:
    """`@rule("D3", "A4")` as well as `@rule`; ranges in a parameter's declaration are read in full."""

    def twice(number: int) -> int:
        return 2 * number

    declared, bare = rule("D3", "A4")(twice), rule(twice)
    assert mechanisms_of(declared) == ("D3", "A4")
    assert mechanisms_of(bare) == ()
    assert interpreted(declared)(2) == interpreted(bare)(2) == 4
    assert ids_of("B1 to B3, C2/C4") == ["B1", "B2", "B3", "C2", "C4"]


def test_a_mechanism_is_declared_once() -> None:
    """A second one of the same id would take the first one's place; E1 to E9 are the themes of measures."""
    with pytest.raises(ValueError, match="mechanism D3 already"):
        mechanism("D3", "Courage", "nobody fears", without={"fear.weight": 0.0})
    assert BY_ID["D3"].name == "Fear of apprehension"
    assert (BY_ID["E6"].name, BY_ID["E6"].claim) == (THEMES["E6"].title, THEMES["E6"].claim)
    assert all(
        BY_ID[theme].instead.endswith(told.vary) and told.vary
        for theme, told in THEMES.items()
        if theme != OWN
    )


def test_tests_are_credited_by_their_marker() -> None:
    """One by its decorator, all of a file by `pytestmark`; a test about A4 paper is none of A4's."""
    tests = {row.mechanism.id: row.tests for row in rows()}
    assert "test_rules_status.py:test_the_duty_to_report_and_the_firewall" in tests["D3"]
    assert "test_collaboration.py:test_effort_with_and_without_ngos" in tests["E9"]
    assert not any("print" in name for name in tests["A4"])


def test_the_markdown_table_has_a_line_a_mechanism() -> None:
    """Heading, rule, and one line for each, with as many cells."""
    lines = as_markdown().splitlines()
    assert len(lines) == 2 + len(MECHANISMS)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(HEADINGS) + 1}


def test_the_command_prints_the_table() -> None:
    """At a glance, in Markdown, and one in full; an unknown one is a mistake told in a sentence."""
    glance = worked("mechanisms")
    assert all(identity in glance.output for identity in BY_ID)
    assert call("mechanisms", "--markdown").output.strip() == as_markdown()
    assert "pull_of_others" in call("mechanisms", "b5").output
    assert "there is no mechanism 'F1'" in told(call("mechanisms", "F1"))


def test_effects_are_on_less_off_with_notes_beside_the_numbers(tmp_path: Path) -> None:
    """D3 taken out: nobody fears. A5, left out of two-towns, is brought in for the comparison. All pairs count."""
    scenario = tmp_path / "short.yaml"
    scenario.write_text("extends: two-towns\nmonths: 12\n")
    (tmp_path / "effects-notes.yaml").write_text("D3: |\n  A remark.\n")
    file = tmp_path / "effects.md"
    options = ("--pairs", 2, "--workers", 1, "--only", "D3", "--only", "A5", "--out", file, "-q")
    worked("effects", "--scenario", scenario, *options)
    text = file.read_text()
    numbers = pd.read_csv(tmp_path / "effects.csv").set_index(["mechanism", "outcome"])
    assert "Off: `fear.weight=0`." in text
    assert "Brought in for the comparison: `policy.declared=0.2`" in text
    assert text.rstrip().endswith("A remark.")
    fear = numbers.loc[("D3", "fear")]
    assert (fear["on"] - fear["off"], fear["pairs"]) == (fear["change"], 2)
    assert fear["off"] == 0.0 < fear["on"]
    assert "choose from A1" in told(call("effects", "--only", "E1"))


def test_effects_over_an_ensemble_give_each_pair_a_set_of_its_own(tmp_path: Path) -> None:
    """Where nobody fears in any set, to take fear out changes nothing; where they do, what it does is told by world."""
    scenario = tmp_path / "short.yaml"
    scenario.write_text("extends: two-towns\nmonths: 12\n")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "manifest.json").write_text(f'{{"rules": "{rules_hash()}", "name": "made-up"}}')
    (kept / "parameters.csv").write_text("parameter,own\nfear.weight,8\n")
    found = {}
    for name, values in (("none", (0, 0)), ("some", (2, 12))):
        (kept / "sets.csv").write_text(f"set,weight,fear.weight\n0,0.5,{values[0]}\n1,0.5,{values[1]}\n")
        file = tmp_path / f"{name}.md"
        options = ("--pairs", 4, "--workers", 1, "--only", "D3", "--ensemble", kept, "--out", file, "-q")
        worked("effects", "--scenario", scenario, *options)
        found[name] = pd.read_csv(file.with_suffix(".csv")).set_index("outcome")
        assert "ensemble made-up" in file.read_text()
    assert (found["none"]["change"] == 0.0).all()
    assert "no change" in (tmp_path / "none.md").read_text()
    fear = found["some"].loc["fear"]
    assert fear["worlds_low"] < fear["change"] < fear["worlds_high"]
    assert fear["alike"] == 1.0
    base, worlds = load_scenario(str(scenario)), load_ensemble(kept)
    places, variants = effects._settled(base, [BY_ID["D3"]], 4, worlds)
    assert [[each.parameters.fear.weight for each in of_pair] for of_pair in variants] in (
        [[2.0, 0.0]] * 2 + [[12.0, 0.0]] * 2,
    )
    assert places == [("D3", 0, 1)]
    assert len({of_pair[0].seed for of_pair in variants}) == 4
    assert "there is no ensemble" in told(call("effects", "--ensemble", "nowhere"))


@pytest.mark.parametrize(
    ("scenario", "ensemble", "only", "file"),
    [
        ("japan-sample", None, [], "docs/effects.md"),
        ("japan-sample", "japan", [], "docs/effects-worlds.md"),
        ("japan-sample", None, ["D3"], "effects-D3.md"),
        ("two-towns", None, ["D3", "A5"], "effects-two-towns-D3-A5.md"),
        ("here/mine.yaml", "calibrations/fit", [], "effects-worlds-mine-fit.md"),
    ],
)
def test_effects_of_a_part_take_no_page_s_place(
    empty_folder: Path, scenario: str, ensemble: str | None, only: list[str], file: str
) -> None:
    (empty_folder / "docs").mkdir()
    assert effects_file(scenario, ensemble, only) == Path(file)


def test_a_spread_of_shares_is_told_beyond_chance() -> None:
    """Places alike but for the luck of few records: nothing. Places that differ: by how much they do, however few."""
    rng = np.random.default_rng(1)
    for records in (10, 40, 1_000):
        whole = np.full(4_000, float(records))
        alike = rng.binomial(records, 0.3, len(whole)).astype(float)
        assert effects.deviation_beyond_chance(alike, whole) < 0.04
        true = np.where(np.arange(len(whole)) % 2, 0.2, 0.4)
        apart = rng.binomial(records, true).astype(float)
        assert effects.deviation_beyond_chance(apart, whole) == pytest.approx(0.1, abs=0.01)
    assert effects.deviation_beyond_chance(np.zeros(0), np.zeros(0)) == 0.0


def test_remarks_that_cannot_be_used_are_told_before_the_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr(effects, "effects_of", never)
    for text, said in (("[", "can't be read"), ("- B5", "a paragraph of text")):
        (tmp_path / "effects-notes.yaml").write_text(text)
        assert said in told(call("effects", "--out", tmp_path / "effects.md"))
    assert "is a folder" in told(call("effects", "--out", tmp_path))
