"""The shipped countries and policy scenarios load, vouch for their figures, run, and differ as they say."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import local_citizenship.scenarios as room
from local_citizenship.agents.status import BY_AMNESTY
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import Scenario, list_scenarios, load_scenario
from local_citizenship.scenarios.catalogue import NEEDS, OVERSTAYER

SHIPPED = Path(room.__file__).parent
COUNTRIES = ("korea", "italy", "spain")
# What each policy scenario changes of its parent: all of it, so that a comparison has one cause.
POLICIES = {
    "no-ngos": {"ngos.enabled"},
    "no-diffusion": {"city.neighbours", "city.similar", "city.rivalry", "city.norm"},
    "national-standard": {
        *(f"policy.{name}" for name in ("declared", "guidance", "standard", "fund", "proposals", "leverage")),
        *("policy.programme", "policy.programme_open"),
        *(f"needs.{need}.programme" for need in set(NEEDS) - {"dispute", "wages", "abuse", "housing"}),
    },
    "delegated-funding": {"policy.declared", "policy.fund"},
    "crackdown": {"enforcement.halve_in"},
    "firewall": {"enforcement.duty_to_report", "city.firewall", "fear.firewall"},
    "portable-rights": {"moving.entitlements_kept", "awareness.kept_on_moving", "belonging.kept_on_moving"},
    "recession": {"labour.demand"},
    "family-settlement": {
        f"doors.{door}.family_joins"
        for door in (
            "skilled",
            "trainee",
            "trainee_asia",
            "trainee_philippines",
            "student",
            "student_korea",
            "entertainer",
        )
    },
    "immigrant-run-ngos": {
        "ngos.immigrant_staff",
        "ngo_kinds.immigrant.founding",
        "ngo_kinds.immigrant.income",
    },
    "ngo-network": {f"ngos.{name}" for name in ("network", "referral", "branches", "telephone", "hotline")},
    "informed-arrivals": {"awareness.orientation", "awareness.state"},
    "council-everywhere": {f"services.council.{name}" for name in ("threshold", "fixed", "by_law")},
    "ordinance-everywhere": {f"services.ordinance.{name}" for name in ("threshold", "fixed", "by_law")},
    "hostile-public": {"public.media", "public.hostility"},
    "threshold-cities": {"city.adoption"},
    "regularisation": {"status.amnesty", "status.amnesty_after"},
}


@functools.cache
def loaded(name: str) -> Scenario:
    return load_scenario(name)


def given(name: str) -> dict[str, Any]:
    """A shipped file as it stands."""
    content: dict[str, Any] = YAML(typ="safe").load(SHIPPED / f"{name}.yaml")
    return content


def flat(values: Any, prefix: str = "") -> dict[str, Any]:
    """Nested values by dotted path."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def differences(scenario: Scenario, parent: Scenario) -> set[str]:
    """Parameters that have another value than in the parent, at the start or in any month."""
    found: set[str] = set()
    pairs = [(scenario.parameters_at(month), parent.parameters_at(month)) for month in range(parent.months)]
    for mine, theirs in {tuple(map(id, pair)): pair for pair in pairs}.values():
        other = flat(theirs.model_dump())
        found |= {path for path, value in flat(mine.model_dump()).items() if value != other[path]}
    return found


def first_months(name: str, months: int = 24, sets: tuple[str, ...] = ()) -> LocalCitizenship:
    """A short and coarse run."""
    coarse = ("scale.persons_per_record=500", *sets)
    model = LocalCitizenship(load_scenario(name, sets=coarse, months=months))
    model.run()
    return model


def test_all_are_listed_with_a_title_and_a_question() -> None:
    listed = {name: (title, question) for name, title, question in list_scenarios()}
    assert {*COUNTRIES, *POLICIES} <= set(listed)
    for name in (*COUNTRIES, *POLICIES):
        title, question = listed[name]
        assert title != name
        assert question.endswith("?")


@pytest.mark.parametrize("name", [*COUNTRIES, *POLICIES])
def test_each_file_begins_with_what_to_ask_and_compare(name: str) -> None:
    text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    comment = text.split("\n\n" if name in COUNTRIES else "extends:")[0]
    opening = text[: text.index("title:")]
    assert comment.startswith("#")
    assert "question:" in opening
    assert "Compare" in opening


@pytest.mark.parametrize("name", COUNTRIES)
def test_every_figure_of_a_country_has_its_source_in_the_file(name: str) -> None:
    content = given(name)
    settings = {"title", "question", "start", "months", "seed", "places", "places_seed"}
    figures = {key: value for key, value in content.items() if key not in settings | {"timeline", "sources"}}
    paths = set(flat(figures))
    for change in content["timeline"]:
        paths |= set(flat({key: value for key, value in change.items() if key != "from"}))
    vouched = {
        said: {p for p in paths if p == said or p.startswith(f"{said}.")} for said in content["sources"]
    }
    assert paths == set().union(*vouched.values())
    assert all(vouched.values())


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_differs_from_its_parent_in_what_it_says(name: str) -> None:
    scenario, parent = loaded(name), loaded(given(name)["extends"])
    assert differences(scenario, parent) == POLICIES[name]
    assert scenario.seed == parent.seed
    assert scenario.places.code == parent.places.code
    assert scenario.hash != parent.hash


def test_policies_can_be_run_on_a_sample() -> None:
    for name in POLICIES:
        sample = load_scenario(name, sets=["scale.persons_per_record=20"])
        assert sample.parameters.scale.persons_per_record == 20


@pytest.mark.parametrize("name", COUNTRIES)
def test_a_country_runs(name: str) -> None:
    tables = first_months(name, months=12).ledger.tables()
    doors = tables["doors"]
    stock = doors[doors["month"] == 11]["stock"].sum()
    initial = sum(door["initial"] for door in loaded(name).parameters.doors.model_dump().values())
    assert 0.7 * initial < stock < 2.0 * initial
    assert (tables["places_yearly"]["service_level"] > 0).any()


def unauthorised(model: LocalCitizenship) -> list[int]:
    """Overstayers and the smuggled at the end of each month."""
    doors = model.ledger.tables()["doors"]
    back = doors[doors["status"].isin(["overstayer", "smuggled"])]
    return back.groupby("month")["stock"].sum().tolist()


def test_an_amnesty_reaches_all_the_unauthorised_who_have_stayed_long_enough() -> None:
    """Nobody is passed over, though little else happens to most people in most months."""
    sets = ("status.amnesty=1", "enforcement.apprehension=0")
    for_all = first_months("japan", months=1, sets=sets)
    newly_come = first_months("japan", months=1, sets=("enforcement.apprehension=0",))
    # Only those whose permit ends this very month, after the amnesty, can be left.
    assert unauthorised(for_all)[0] < 0.1 * unauthorised(newly_come)[0]
    after = 60
    some = first_months("japan", months=1, sets=(*sets, f"status.amnesty_after={after}"))
    settled = newly_come.migrants.select(
        lambda people: (people["status"] >= OVERSTAYER) & (people["arrived"] <= -after), detained=0
    )
    assert len(settled) > 20
    records = some.state.migrants
    reached = records[records["grounds"] == BY_AMNESTY]
    assert set(settled.get("identity")) <= set(reached["identity"])
    assert (reached["arrived"] <= -after).all()


def test_a_permit_given_in_an_amnesty_lasts_as_long_as_it_is_renewed() -> None:
    """A visitor's permit is never renewed; one from an amnesty is, as the scenario says."""
    held = {}
    for renewal in (0.0, 1.0):
        amnesty = ("status.amnesty=1", f"status.regularised_renewal={renewal}", "doors.visitor.arrivals=0")
        model = first_months("japan", months=30, sets=(*amnesty, "enforcement.apprehension=0"))
        # The amnesty goes on all the time: count those whose permit from it was never interrupted.
        held[renewal] = len(model.migrants.select(grounds=BY_AMNESTY, legal_since=0, door="visitor"))
    assert held[1.0] > 10
    assert held[0.0] == 0
