"""The model as a Mesa model: agents, data collector, and migrants in AgentSet's vocabulary."""

from __future__ import annotations

import inspect
import os
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run
from small import assert_same_tables, merged, small_places, small_run, small_scenario

from local_citizenship.model import LocalCitizenship, mesa_tools, state
from local_citizenship.model.institutions import Municipality, Nation, Ngo
from local_citizenship.model.layout import SHIPPED_LAYOUT
from local_citizenship.outcomes.headline import main_outcomes
from local_citizenship.outcomes.measures import measures_table
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios import ScenarioError
from local_citizenship.scenarios.catalogue import DOORS, NEEDS, NGO_KINDS, SERVICES, STATUSES

LIVELY = {"ngos": {"initial": 10, "founding": 0.05, "burnout": 0.5}}


@pytest.fixture(scope="module")
def model() -> LocalCitizenship:
    return small_run(LIVELY, months=18)


# The model ----------------------------------------------------------------------------------------------


def test_it_is_a_mesa_model(model):
    for found, kind in (
        (model, mesa.Model),
        (model.rng, np.random.Generator),
        (model.agents, type(mesa.Model().agents)),  # of several classes, by the release of Mesa
    ):
        assert isinstance(found, kind)


def test_it_runs_until_the_last_month():
    model = LocalCitizenship(small_scenario(months=3))
    seen = []
    while model.running:
        seen.append((model.month, model.date))
        model.step()
    assert seen == [(0, "1990-01"), (1, "1990-02"), (2, "1990-03")]
    assert model.month == 3
    model.run()
    assert model.month == 3  # nothing is left to run


def test_progress_is_told_month_by_month():
    told = []
    model = LocalCitizenship(small_scenario(months=4))
    model.run(progress=lambda done, months, people: told.append((done, months, people)))
    assert [each[:2] for each in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[-1][2] == len(model.migrants)
    assert model.timing["migrant_months"] == sum(each[2] for each in told)
    assert model.timing["model_seconds"] > 0.0


def test_mesas_own_random_numbers_are_not_the_models():
    """A tool that draws from `model.rng` or `model.random` does not change what happens."""
    one, other = (LocalCitizenship(small_scenario(months=6)) for _ in range(2))
    for _ in range(6):
        one.step()
        other.rng.random(100)
        other.random.random()
        other.step()
    assert one.ledger.monthly().equals(other.ledger.monthly())
    assert LocalCitizenship(small_scenario()).rng.random() == LocalCitizenship(small_scenario()).rng.random()


def test_a_run_by_itself_takes_all_cores_and_one_of_many_a_single_one(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert LocalCitizenship(small_scenario()).state.threads == 3
    assert LocalCitizenship(small_scenario(), threads=2).state.threads == 2
    monkeypatch.setattr(state, "parent_process", lambda: "the study's")
    assert LocalCitizenship(small_scenario()).state.threads == 1


# As Mesa's users make a model ---------------------------------------------------------------------------

SHORT: dict[str, Any] = {"months": 3, "engine": "interpreted", "scale.persons_per_record": 10}


def test_a_model_is_made_from_a_name_a_seed_and_parameters():
    model = LocalCitizenship("two-towns", seed=5, **{"fear.weight": 0})
    assert (model.run_scenario.name, model.run_scenario.seed) == ("two-towns", 5)
    assert model.run_scenario.parameters.fear.weight == 0.0
    twin = LocalCitizenship(scenario="two-towns", rng=5, fear__weight=np.float32(0.0))
    assert twin.run_scenario.hash == model.run_scenario.hash
    assert twin.rng.random() == model.rng.random()


def test_rng_is_what_mesa_lets_it_be():
    def seeds(*given: Any) -> list[int]:
        return [LocalCitizenship("two-towns", rng=each).run_scenario.seed for each in given]

    assert seeds(None, 7, np.int64(7), "7") == [1, 7, 7, 7]
    sequence, generator = np.random.SeedSequence(4), np.random.default_rng(4)
    assert len(set(seeds(sequence, sequence, np.random.SeedSequence(4)))) == 1
    drawn = seeds(generator, generator)
    assert drawn[0] != drawn[1]  # a generator goes on
    assert seeds(np.random.default_rng(4), [4]) == [drawn[0], *seeds([4])]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"seed": 1, "rng": 1}, "seed and rng are both given"),
        ({"seed": 1.5}, "the seed is 1.5, but must be a whole number"),
        ({"rng": "luck"}, "the seed is 'luck', but must be"),
        ({"seed": -1}, "^seed -1: seed is -1, but must be"),
        ({"fear__wieght": 0}, "^fear.wieght=0: unknown parameter 'fear.wieght'; did you mean 'fear.weight'"),
        ({"fear.weight": "high"}, "fear.weight is 'high', but must be a number"),
        ({"thread": 2}, "unknown parameter 'thread'; did you mean 'threads'"),
        ({"engine": "quantum"}, "engine is 'quantum'"),
        ({"threads": 0}, "threads is 0"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(given, told):
    with pytest.raises((ValueError, ScenarioError), match=told):
        LocalCitizenship("two-towns", **given)


def test_a_loaded_scenario_takes_no_settings():
    with pytest.raises(ValueError, match=r"loaded already, and takes no fear\.weight or seed"):
        LocalCitizenship(small_scenario(), seed=3, **{"fear.weight": 0})


def test_the_default_collector_has_the_headlines_of_each_month():
    model = LocalCitizenship(small_scenario(LIVELY, months=14))
    assert model.datacollector.get_model_vars_dataframe().empty
    model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 1
    model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(mesa_tools.HEADLINES)
    whole = main_outcomes(Run.from_model(model))
    assert frame["stock"].iloc[-1] == whole["stock"].value
    assert frame["unauthorised"].iloc[-1] == whole["unauthorised"].value
    for name in ("needs_met", "met_by_city", "met_by_ngo", "met_by_nation", "aware"):
        mean = (frame[name] * frame["needs"]).sum() / frame["needs"].sum()
        assert mean == pytest.approx(whole[name].value), name
    one_go = LocalCitizenship(small_scenario(LIVELY, months=14))
    one_go.run()
    pd.testing.assert_frame_equal(one_go.datacollector.get_model_vars_dataframe(), frame)


@pytest.mark.filterwarnings("ignore:The `iterations` keyword")
def test_mesas_batch_run():
    base, seeds = {"scenario": "two-towns", **SHORT}, [1, 2]
    if "rng" in inspect.signature(batch_run).parameters:  # Mesa 3.5
        over, how = {"seed": None}, {"rng": seeds}
    else:
        over, how = {"seed": seeds}, {}
    grid = {**base, **over, "fear.weight": [0.0, 5.0]}
    frame = pd.DataFrame(batch_run(LocalCitizenship, grid, display_progress=False, **how))
    assert sorted(zip(frame["fear.weight"], frame["seed"], strict=True)) == [(0, 1), (0, 2), (5, 1), (5, 2)]
    assert (frame["stock"] > 0).all()
    monthly = batch_run(LocalCitizenship, base, data_collection_period=1, display_progress=False)
    model = LocalCitizenship(**base)
    model.run()
    assert [row["stock"] for row in monthly] == model.ledger.monthly().groupby("month")[
        "stock"
    ].sum().tolist()


def test_solaras_parameters():
    """What SolaraViz does with them, without Solara: checks the names, and makes a model with the values."""
    params = LocalCitizenship.model_params("two-towns", "fear.weight", "city.pace")
    assert params["fear.weight"] == {
        "type": "SliderFloat", "label": params["fear.weight"]["label"], "value": 8.0, "min": 0.0, "max": 40.0,
        "step": 0.4,
    }  # fmt: skip
    taken = inspect.signature(LocalCitizenship.__init__).parameters
    assert "kwargs" in taken  # by this name SolaraViz knows that any other is taken
    assert not [p for p in taken.values() if p.kind is inspect.Parameter.VAR_POSITIONAL]
    values = {name: p["value"] if isinstance(p, dict) else p for name, p in params.items()}
    model = LocalCitizenship(**values)
    assert model.run_scenario.hash == LocalCitizenship("two-towns").run_scenario.hash
    assert not getattr(model, "scenario", None)  # else Mesa 3.5 would give its own to the next model
    with pytest.raises(ScenarioError, match=r"unknown parameter 'fear.wieght'; did you mean 'fear.weight'"):
        LocalCitizenship.model_params("two-towns", "fear.wieght")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("enforcement.duty_to_report", "SliderFloat"), ("scale.persons_per_record", "SliderInt"),
     ("needs.accident.right", "Select")],
)  # fmt: skip
def test_each_kind_of_parameter_has_its_input(path, kind):
    given = LocalCitizenship.model_params("two-towns", path)[path]
    assert given["type"] == kind
    assert given.get("min", 0) <= given["value"] <= given["max"] if "max" in given else given["values"]


# Institutions -------------------------------------------------------------------------------------------


def test_agents_are_municipalities_ngos_and_the_nation(model):
    by_kind = model.agents_by_type
    assert set(by_kind) == {Municipality, Ngo, Nation}
    assert list(by_kind[Municipality]) == model.municipalities
    assert set(by_kind[Ngo]) == set(model.ngos)
    assert list(by_kind[Nation]) == [model.nation]
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_agents_follow_foundings_and_closings():
    overworked = {
        "ngos.cases_per_staff": 1.0
    }  # volunteers run out where more is asked of them than they can do
    model = LocalCitizenship(small_scenario(merged(LIVELY, overworked), months=30))
    model.step()
    first = {ngo.identity for ngo in model.ngos}
    keepers = {ngo.identity: ngo for ngo in model.ngos}
    assert len(first) == 10
    model.run()
    last = {ngo.identity for ngo in model.ngos}
    assert first - last, "none has closed"
    assert last - first, "none has been founded"
    assert first & last, "none has stayed"
    assert all(keepers[ngo.identity] is ngo for ngo in model.ngos if ngo.identity in first)
    assert len(model.agents_by_type[Ngo]) == len(last) == len(model.state.ngos)
    for ngo in model.ngos:
        (record,) = model.state.ngos[model.state.ngos["identity"] == ngo.identity]
        assert (ngo.staff, ngo.home, ngo.funds) == (record["staff"], record["home"], record["funds"])
        assert ngo.kind == NGO_KINDS[record["kind"]]


def test_institutions_read_their_records(model):
    town = model.municipalities[3]
    cities = model.state.cities
    assert town.name == "Town 3"
    foreigners = model.migrants.select(lambda people: people["status"] != STATUSES.index("citizen"), home=3)
    assert town.migrants == cities["migrants"][3] == len(foreigners)
    assert town.services == dict(zip(SERVICES, cities["level"][3].tolist(), strict=True))
    assert town.service_level == pytest.approx(np.mean(list(town.services.values())))
    town.level[:] = 9.0  # a copy: looking does not change the town
    assert cities["level"][3].max() <= 1.0
    for agent, what in ((town, "a municipality has no 'mayor'"), (model.ngos[0], "an NGO has no 'slogan'")):
        with pytest.raises(AttributeError, match=what):
            getattr(agent, what.split("'")[1])
    assert 0.0 < model.nation.apprehension < 1.0
    assert model.nation.demand == pytest.approx(1.0)
    model.state.trades["offered"] *= 0.5
    assert model.nation.demand == pytest.approx(0.5)
    model.state.trades["offered"] *= 2.0
    assert sum(t.ngo_count for t in model.municipalities) == len(model.ngos) > 0


def test_mesas_agent_sets_work_on_institutions(model):
    towns = model.agents_by_type[Municipality]
    served = towns.select(lambda town: town.service_level > 0.1)
    assert 0 < len(served) <= len(towns)
    assert towns.agg("migrants", sum) == sum(towns.get("migrants"))
    assert set(towns.groupby("region").groups) == {0, 1, 2}


def test_a_data_collector_of_ones_own():
    model = LocalCitizenship(small_scenario(LIVELY, months=5))
    collector = model.datacollector = mesa.DataCollector(
        model_reporters={
            "month": "month",
            "migrants": lambda m: len(m.migrants),
            "ngos": lambda m: len(m.ngos),
            "settlers": lambda m: m.migrants.agg("settler", np.mean),
        },
        agent_reporters={"residents": lambda agent: getattr(agent, "migrants", None)},
        agenttype_reporters={Municipality: {"service_level": "service_level", "migrants": "migrants"}},
    )
    assert model.datacollector is collector
    while model.running:
        model.step()
        collector.collect(model)
    by_month = collector.get_model_vars_dataframe()
    assert by_month["month"].tolist() == [1, 2, 3, 4, 5]
    assert by_month["migrants"].iloc[-1] == len(model.migrants)
    assert by_month["ngos"].min() > 0
    assert by_month["settlers"].iloc[-1] == np.mean(model.migrants.get("settler"))
    by_town = collector.get_agenttype_vars_dataframe(Municipality)
    assert len(by_town) == 5 * len(model.municipalities)
    last = by_town.loc[by_town.index.get_level_values(0).max()]
    for column in ("migrants", "service_level"):
        assert last[column].tolist() == model.state.cities[column].tolist()
    by_agent = collector.get_agent_vars_dataframe()
    of_last = by_agent.loc[by_agent.index.get_level_values(0).max()]
    assert len(of_last) == len(model.agents)
    assert of_last["residents"].sum() == model.state.cities["migrants"].sum()


# Migrants -----------------------------------------------------------------------------------------------


def test_migrants_and_places_are_there_before_the_first_month():
    places = small_places(4, 2)
    model = LocalCitizenship(small_scenario(places=places))
    assert (model.month, len(model.migrants)) == (0, 850)
    assert [town.name for town in model.municipalities] == places.name
    assert [town.population for town in model.municipalities] == places.population.tolist()


def test_len_get_and_iteration(model):
    migrants = model.migrants
    assert len(migrants) == len(migrants.records) > 500
    assert sorted(each.identity for each in migrants) == sorted(migrants.get("identity").tolist())
    assert len(migrants.get("identity")) == len(migrants)
    assert (migrants.get("status") < len(STATUSES)).all()


def test_select_by_name_number_and_mask(model):
    everybody = model.migrants
    overstayers = everybody.select(status="overstayer")
    assert 0 < len(overstayers) < len(everybody)
    assert set(overstayers.get("status")) == {STATUSES.index("overstayer")}
    assert np.array_equal(overstayers.rows, everybody.select(status=STATUSES.index("overstayer")).rows)
    settled = everybody.select(lambda r: r["belonging"] > 0.1, door="coethnic", settler=1)
    door, settler, belonging = (everybody.get(name) for name in ("door", "settler", "belonging"))
    assert len(settled) == ((belonging > 0.1) & (door == 1) & (settler == 1)).sum() > 0
    assert len(everybody.select(status="legal").select(status="overstayer")) == 0


def test_agg_and_groupby(model):
    everybody = model.migrants
    assert everybody.agg("belonging", np.mean) == pytest.approx(everybody.get("belonging").mean())
    groups = everybody.groupby("door")
    assert set(groups) <= set(DOORS)
    assert sum(len(group) for group in groups.values()) == len(everybody)
    assert all(set(group.get("door")) == {DOORS.index(name)} for name, group in groups.items())
    assert set(everybody.groupby("settler")) == {0, 1}


def test_the_frame(model):
    frame = model.migrants.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == len(model.migrants)
    assert set(frame.columns) == set(SHIPPED_LAYOUT.migrant.names) - {"present"}
    assert frame["status"].cat.categories.tolist() == list(STATUSES)
    assert (frame["door"] == "coethnic").sum() == len(model.migrants.select(door="coethnic"))


def test_one_migrant_by_identity(model):
    identity = int(model.migrants.select(status="overstayer").get("identity")[0])
    person = model.migrants[identity]
    assert (person.identity, person.status) == (identity, "overstayer")
    assert person.door in DOORS
    assert person.need is None or person.need in NEEDS
    assert f"<migrant {identity}: {person.door}, overstayer" in repr(person)
    with pytest.raises(AttributeError):
        person.status = "legal"  # read only
    with pytest.raises(KeyError, match=f"no migrant {10**15} is present"):
        _ = model.migrants[10**15]
    for ask in (getattr, lambda _, name: model.migrants.get(name)):
        with pytest.raises(AttributeError, match="a migrant has no 'shoe_size'"):
            ask(person, "shoe_size")


def test_a_need_has_its_name(model):
    needy = model.migrants.select(lambda r: r["need"] > 0)
    assert len(needy) > 0
    assert {person.need for person in needy} == {NEEDS[n - 1] for n in set(needy.get("need").tolist())}


@pytest.mark.parametrize(
    ("wrong", "there_is"), [({"status": "overstaying"}, "overstayer"), ({"need": "ill"}, "illness")]
)
def test_a_misspelt_name_is_explained(model, wrong, there_is):
    with pytest.raises(ValueError, match=there_is):
        model.migrants.select(**wrong)


# A model that goes on -----------------------------------------------------------------------------------

GOES_ON = LIVELY, {"stories.share": 0.1}


def test_a_run_stays_as_it_was_when_its_model_goes_on():
    model = small_run(*GOES_ON, months=16)
    run, then = Run.from_model(model), model.ledger.tables()
    for _ in range(11):
        model.step()
    assert_same_tables(then, {name: run.table(name) for name in then})
    assert run.table("monthly")["month"].max() == run.months - 1 == 15
    assert len(measures_table(run)) > 0
    assert Run.from_model(model).table("monthly")["month"].max() == 26


def test_a_year_that_goes_on_past_the_runs_end_has_one_census():
    """The last census of a run that ended in April gives way to that of December."""
    model = small_run(*GOES_ON, months=16)
    for _ in range(8):
        model.step()
    whole = small_run(*GOES_ON, months=24).ledger.tables()
    going_on = model.ledger.tables()
    for name in ("census", "places_yearly"):
        assert (going_on[name]["year"].unique() == [1990, 1991]).all()
        assert len(going_on[name]) == len(whole[name])
    assert going_on["census"]["persons"].sum() == whole["census"]["persons"].sum()
    assert len(measures_table(Run.from_model(model))) > 0
