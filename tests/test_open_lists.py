"""Services, needs, doors, kinds of NGO and trades that a scenario adds, drops or groups, in whole runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small import assert_same_tables

from local_citizenship.model import LocalCitizenship
from local_citizenship.model.layout import SHIPPED_LAYOUT, layout_of
from local_citizenship.model.world import groups_of
from local_citizenship.scenarios import Scenario, load_scenario

ADDED = """
needs:
  daycare: {like: schooling, label: Day-care place, rate: 0.6}
services:
  childcare: {like: schooling, label: Childcare, threshold: 0.3, answers: [daycare], turn: 1}
  schooling: {turn: 2}
trades:
  farming: {like: workshop, label: Farms, hours: 1.5}
doors:
  farmhand: {like: trainee, label: Farmhand, trade: farming, initial: 3000, arrivals: 300}
ngo_kinds:
  parents: {like: citizens, label: Parents' association, answers: [daycare], founding: 3.0}
city: {pace: 0.5, head_start: 5}
scale: {persons_per_record: 4}  # or the interpreted run would last
"""


@pytest.fixture
def scenario(tmp_path: Path):
    """Two towns with what a file says beside them."""

    def written(text: str, months: int = 18, **how: object) -> Scenario:
        file = tmp_path / "mine.yaml"
        file.write_text("extends: two-towns\n" + text, encoding="utf-8")
        return load_scenario(file, months=months, **how)

    return written


def tables_of(scenario: Scenario, engine: str = "compiled") -> dict[str, pd.DataFrame]:
    model = LocalCitizenship(scenario, engine=engine)
    model.run()
    return model.ledger.tables()


def test_added_entries_live_compiled_and_interpreted_alike(scenario) -> None:
    """And the added need is met by the added service, in a recorded life."""
    added = scenario(ADDED, months=30)
    tables = tables_of(added)
    assert_same_tables(tables, tables_of(added, engine="interpreted"))
    events = tables["events"]
    about = events[(events["need"] == "daycare") & (events["provider"] == "city")]
    assert {"asked", "served"} <= set(about["event"])
    services = added.parameters.services
    schooling, childcare = services.position("schooling"), services.position("childcare")
    for _, asked in about[about["event"] == "asked"].groupby(
        "place"
    ):  # by turn: schooling until there is childcare
        assert set(asked["detail"]) <= {schooling, childcare}
        assert asked["detail"].is_monotonic_increasing
    assert about.loc[about["event"] == "asked", "detail"].max() == childcare > schooling
    assert (tables["doors"]["door"] == "farmhand").any()
    assert tables["places_yearly"]["level_childcare"].max() > 0.0


NOTHING_OF_THEM = """
needs:
  daycare: {like: schooling, label: Day-care place, rate: 0.0}
services:
  childcare: {like: exchange, label: Childcare, threshold: 3.0, answers: [daycare]}
trades:
  farming: {like: workshop, label: Farms}
doors:
  farmhand: {like: trainee, label: Farmhand, trade: farming, initial: 0, arrivals: 0}
ngo_kinds:
  parents: {like: citizens, label: Parents' association, answers: [daycare], founding: 0.0}
"""


def test_entries_that_nobody_meets_change_nobodys_luck(scenario) -> None:
    """A need that never strikes, a door that stays shut: all that the shipped entries have is as it was. (Not the
    service level, which is the mean over the whole bundle.)"""
    without, beside = (tables_of(scenario(text)) for text in ("", NOTHING_OF_THEM))
    for name in ("monthly", "departures", "flows", "doors"):
        shared = beside[name].copy()
        for column in shared.select_dtypes("category"):
            shared[column] = shared[column].astype(without[name][column].dtype)
        pd.testing.assert_frame_equal(shared, without[name], check_exact=True, obj=name)


def test_what_is_dropped_is_gone(scenario) -> None:
    tables = tables_of(
        scenario("services: {exchange: drop}\nneeds: {papers: drop}\ndoors: {smuggled: drop}\n", months=4),
        engine="interpreted",
    )
    assert "level_exchange" not in tables["places_yearly"]
    assert "papers" not in tables["needs"]["need"].cat.categories
    assert "smuggled" not in tables["doors"]["door"].cat.categories
    assert (tables["needs"]["need"] == "illness").any()


@pytest.mark.mechanism("D2", "D6")
def test_compatriots_are_those_of_the_group(scenario) -> None:
    """D2, D6: where two doors share a group, word passes between them, and both make up the enclave."""
    apart, together = (
        LocalCitizenship(scenario(text, months=2)) for text in ("", "doors: {trainee: {group: brazil}}\n")
    )
    for model in (apart, together):
        model.run()
    for model in (apart, together):
        doors, cities = model.state.parameters.doors, model.state.cities
        by_group = {
            group: cities["by_group"][:, at] for at, group in enumerate(groups_of(model.state.parameters))
        }
        for group, there in by_group.items():
            of_it = [doors.position(name) for name, door in doors.items() if door.group == group]
            assert (there == cities["by_door"][:, of_it].sum(axis=1)).all(), group
        by_trainees = cities["by_door"][:, doors.position("trainee")]
        assert by_trainees.sum() > 0
        assert (
            by_group["brazil"] >= by_trainees + cities["by_door"][:, doors.position("coethnic")]
        ).all() == (model is together)


@pytest.mark.thorough
def test_as_many_entries_as_there_can_be_are_run(scenario) -> None:
    """32 services, 32 needs, 64 doors, 32 kinds of NGO and 16 trades: the last of each is met with."""
    there = scenario("").parameters
    lists = {
        "services": ("schooling", "threshold: 0.2, answers: [need_21]"),
        "needs": ("illness", "rate: 0.1"),
        "doors": ("trainee", "initial: 900, trade: trade_9"),
        "ngo_kinds": ("citizens", "answers: [need_21]"),
        "trades": ("factory", "hours: 1"),
    }
    text = "ngos: {initial: 300}\n"
    for section, (like, more) in reversed(lists.items()):
        text += f"{section}:\n"
        for at in range(getattr(there, section).limit - len(getattr(there, section))):
            name = f"{section.rstrip('s').removesuffix('_kind')}_{at}"
            text += f"  {name}: {{like: {like}, label: {name}, {more}}}\n"
    full = scenario(text, months=6)
    tables = tables_of(full)
    parameters = full.parameters
    limits = {name: section.limit for name, section in parameters.keyed()}
    assert parameters.counts() == limits
    assert lists.keys() == limits.keys()
    assert parameters.doors[parameters.doors.names[-1]].trade == parameters.trades.names[-1]
    assert (tables["needs"]["need"] == parameters.needs.names[-1]).any()
    assert (tables["doors"]["door"] == parameters.doors.names[-1]).any()
    events = tables["events"]
    twice = events[events.duplicated()]  # only what can come twice in a month: two employers who insure
    assert len(events) > 100 * len(twice)
    assert set(twice["event"]) <= {"insured"}
    assert 96 >= layout_of(parameters).migrant.itemsize > SHIPPED_LAYOUT.migrant.itemsize
