"""The table of mechanisms points nowhere in vain, and every switch changes a run."""

from __future__ import annotations

import re
from typing import Any

import pytest
from test_no_dead_parameter import MONTHS, before, digests, merged, nested, parameters_with, run
from typer.testing import CliRunner

from local_citizenship.app.cli import app
from local_citizenship.experiments.mechanism_table import (
    HEADINGS,
    as_markdown,
    ids_of,
    named_at_head,
    named_by,
    rows,
)
from local_citizenship.experiments.mechanisms import (
    BY_ID,
    GROUPS,
    MECHANISMS,
    SWITCHES,
    TURNED_ON,
    held,
    switched_off,
)
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.schema import Parameters, iter_parameters

SIZES = {"A": 10, "B": 9, "C": 10, "D": 12, "E": 9}
PATHS = {info.path for info in iter_parameters(Parameters())}


def test_every_mechanism_is_listed_in_order() -> None:
    """A1 to A10, B1 to B9, C1 to C10, D1 to D12, E1 to E9, each with a name and the article's claim."""
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


@pytest.mark.parametrize("mechanism", [m for m in MECHANISMS if not m.is_measure], ids=lambda m: m.id)
def test_all_but_measures_can_be_switched_off(mechanism: Any) -> None:
    """Every switch names parameters there are, with values they may have, and not the values they have."""
    assert mechanism.off
    assert set(mechanism.off) | set(mechanism.on) <= PATHS
    off, on = _settings(mechanism.off), _settings(mechanism.on)
    parameters_with(off)
    assert parameters_with(merged(on, off)) != parameters_with(on)


@pytest.mark.parametrize("identity", sorted(SWITCHES))
def test_every_switch_changes_a_run(identity: str) -> None:
    """In a country in which everything happens, the mechanism's absence is noticed."""
    there = before(MONTHS)
    gone = digests(run(_settings(SWITCHES[identity]), MONTHS))
    assert any(digest != there[name] for name, digest in gone)


def test_a_switch_holds_whatever_the_timeline_says() -> None:
    """Dated changes overtake `--set`, and would switch a mechanism on again; not so what is held."""
    japan = load_scenario("two-towns")
    path = "enforcement.apprehension"
    assert path in {change.path for change in japan.timeline}
    off = switched_off(japan, "A4")
    assert {off.parameters_at(month).enforcement.apprehension for month in range(off.months)} == {0.0}
    assert off.parameters_at(200).labour == japan.parameters_at(200).labour
    assert off.hash != japan.hash


def test_holding_an_unknown_parameter_is_an_error() -> None:
    """A misspelt switch must not pass for one that does nothing."""
    with pytest.raises(KeyError, match="fear\\.weigth"):
        held(load_scenario("two-towns"), {"fear.weigth": 0.0})


def test_what_is_off_by_default_can_be_turned_on() -> None:
    """A5 is not in force in Japan: its settings bring it in, and the switch takes it away again."""
    assert "A5" in TURNED_ON
    japan = load_scenario("two-towns")
    there = held(japan, TURNED_ON["A5"])
    assert there.parameters.policy.fund > 0.0
    assert switched_off(there, "A5").parameters.policy.fund == 0.0


def test_ids_in_docstrings() -> None:
    """Heads and brackets; ranges in full; a colon further down is no head."""
    assert ids_of("B1 to B3, C2/C4") == ["B1", "B2", "B3", "C2", "C4"]
    assert named_at_head("A4/D3: fear.") == ["A4", "D3"]
    assert named_at_head("D7, D4 in whole runs: more.") == ["D7", "D4"]
    assert named_at_head("Fear (D3): more.") == []
    assert named_by("B1: wants less where NGOs do the work (B7), or a standard is set (A5).") == [
        "B1",
        "B7",
        "A5",
    ]


def test_the_markdown_table_has_a_line_a_mechanism() -> None:
    """Heading, rule, and one line for each, with as many cells."""
    lines = as_markdown().splitlines()
    assert len(lines) == 2 + len(MECHANISMS)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(HEADINGS) + 1}


def test_the_command_prints_the_table() -> None:
    """At a glance, in Markdown, and one in full; an unknown one is a mistake told in a sentence."""
    runner = CliRunner()
    glance = runner.invoke(app, ["mechanisms"])
    assert glance.exit_code == 0
    assert all(identity in glance.output for identity in BY_ID)
    assert runner.invoke(app, ["mechanisms", "--markdown"]).output.strip() == as_markdown()
    assert "pull_of_others" in runner.invoke(app, ["mechanisms", "b5"]).output
    unknown = runner.invoke(app, ["mechanisms", "F1"])
    assert unknown.exit_code == 2


def _settings(values: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for path, value in values.items():
        result = merged(result, nested(path, value))
    return result
