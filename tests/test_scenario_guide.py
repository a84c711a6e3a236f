"""The guide to scenario files: its examples load as they stand there, and do what it says of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from local_citizenship import LocalCitizenship, simulate
from local_citizenship.app.tables import scenario_summary
from local_citizenship.experiments.studies.read_study import read_study
from local_citizenship.scenarios import Scenario, ScenarioError, load_scenario
from local_citizenship.scenarios.json_schema import json_schema
from local_citizenship.scenarios.schema import SHIPPED
from local_citizenship.scenarios.schema.entries import MARKERS

PAGE = (Path(__file__).parents[1] / "docs" / "scenario-files.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```yaml\n# file (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture(autouse=True)
def _in_a_folder_with_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in EXAMPLES.items():
        Path(name).write_text(text, encoding="utf-8")


def extended(text: str, **arguments: Any) -> Scenario:
    Path("more.yaml").write_text(f"extends: nursery.yaml\n{text}\n", encoding="utf-8")
    return load_scenario("more.yaml", **arguments)


@pytest.mark.parametrize("name", EXAMPLES)
def test_editors_take_the_examples(name: str) -> None:
    schema = json.loads(json.dumps(json_schema()))
    jsonschema.validate(YAML(typ="safe", pure=True).load(Path(name)), schema)


def test_the_first_example() -> None:
    found = load_scenario("mine.yaml")
    assert (found.months, found.parameters.services.consultation.threshold) == (120, 0.3)
    assert found.sources["services.consultation.threshold"] == "Survey of cities, 2003"
    assert found.parameters_at(63).enforcement.apprehension == 0.02


def test_entries_are_changed_copied_dropped_and_grouped_as_the_guide_says() -> None:
    found = load_scenario("nursery.yaml").parameters
    services, doors = found.services, found.doors
    assert "exchange" not in services
    assert "papers" not in found.needs
    assert [services[each].fixed for each in ("schooling", "childcare", "nursery")] == [5.0, 5.0, 5.0]
    assert (services.nursery.threshold, services.nursery.open_to_unauthorised) == (0.3, 1.0)
    assert services.schooling.answers == ("schooling", "daycare")
    assert services.childcare.answers == services.nursery.answers == ("daycare",)
    assert services.registration.answers == ()
    assert (services.childcare.label, services.childcare.colour) == ("Childcare", "#7A2E00")
    assert {doors[each].group for each in ("trainee", "farmhand", "harvester")} == {"trainee"}
    assert (doors.harvester.permit, doors.harvester.arrivals) == (doors.trainee.permit, 500.0)
    assert [doors[each].trade for each in ("trainee", "farmhand", "harvester")] == [
        "workshop",
        *2 * ["farming"],
    ]
    farming, workshop = found.trades.farming, found.trades.workshop
    assert (farming.cyclical, farming.hours, farming.label) == (0.2, workshop.hours, "Farming")


def test_a_copy_stands_on_its_own_from_then_on() -> None:
    assert extended("services: {schooling: {fixed: 9}}").parameters.services.childcare.fixed == 5.0
    later = extended("", sets=["services.schooling.fixed=9"]).parameters.services
    assert (later.schooling.fixed, later.childcare.fixed) == (9.0, 5.0)
    dated = "timeline: [{from: 1991-01, services: {schooling: {fixed: 1}}}]\nservices: {creche: {like: schooling}}"
    services = extended(dated).parameters_at(12).services
    assert (services.schooling.fixed, services.creche.fixed) == (1.0, 5.0)
    again = extended("services: {exchange: {like: exchange}}").parameters.services.exchange
    assert again.model_dump(exclude={"label", "words", "meaning", "colour", "marker"}) == (
        SHIPPED.services.exchange.model_dump(exclude={"label", "words", "meaning", "colour", "marker"})
    )


def test_limits_and_markers_are_those_of_the_guide() -> None:
    limits = {name: section.limit for name, section in SHIPPED.keyed()}
    assert limits == {"services": 32, "needs": 32, "ngo_kinds": 32, "doors": 64, "trades": 16}
    assert ", ".join(f"`{marker}`" for marker in MARKERS) in PAGE
    with pytest.raises(ScenarioError, match="colour has no value"):
        extended("services: {schooling: {colour: #7A2E00\n}}")


def test_a_run_knows_them() -> None:
    run = simulate("nursery.yaml", months=20, engine="interpreted", sets=["scale.persons_per_record=10"])
    arrived = run.table("doors").groupby("door", observed=False)["arrived"].sum()
    assert arrived["farmhand"] > 0
    assert "papers" not in run.table("needs")["need"].cat.categories
    assert (run.table("places_yearly")[["level_childcare", "level_nursery"]].max() > 0.0).all()


def test_check_tells_of_entries_and_of_services_that_nobody_would_ever_offer() -> None:
    told = scenario_summary(extended(""))
    assert "services    added nursery, childcare; dropped exchange" in told
    assert "ngo_kinds   added parents" in told
    assert "trades      added farming" in told
    assert extended("").never_offered == []
    still = extended("city: {pace: 0}")
    assert still.never_offered == ["nursery", "childcare"]
    assert any(line.startswith("  nobody offers nursery: its level is 0") for line in scenario_summary(still))
    assert extended("city: {pace: 0}\ntimeline: [{from: 1995-01, city: {pace: 0.1}}]").never_offered == []


def test_what_is_not_said_follows_from_the_label() -> None:
    found = extended("doors: {intern: {like: trainee}}").parameters
    words = [found.needs.daycare.words, found.services.nursery.words, found.doors.farmhand.words]
    assert words == ["the day-care place", "the night nursery", "a farmhand"]
    assert found.doors.intern.words == "an intern"
    assert found.ngo_kinds.parents.words == "a parents' association"


def test_parameters_of_added_entries_are_told_apart_by_their_entry() -> None:
    path = "services.nursery.threshold"
    assert (
        LocalCitizenship.model_params("nursery.yaml", path)[path]["label"]
        == "Night nursery: Motivation to begin"
    )
    Path("study.yaml").write_text(
        f"scenarios: nursery.yaml\nmonths: 12\noutcomes: [needs_met]\nfactors: {{{path}: [0.1, 0.5]}}\n",
        encoding="utf-8",
    )
    (factor,) = read_study(Path("study.yaml")).factors
    assert factor.label == "Night nursery: Motivation to begin"
