"""Replicates: whose luck, what is kept of each, what happens to those that fail."""

from __future__ import annotations

import os
import weakref
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from local_citizenship.experiments import Replicate, run_replicates, seeds_for
from local_citizenship.experiments.replicates import RunsBeside
from local_citizenship.experiments.workers import WorkerPool
from local_citizenship.model.simulation import Simulation
from local_citizenship.outcomes import Run, simulate
from local_citizenship.scenarios import Scenario, load_scenario

FEW = ["scale.persons_per_record=10"]  # records: they run uncompiled


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("two-towns", months=1, seed=7, sets=FEW)


def stock(run: Run) -> dict[str, Any]:
    monthly = run.table("monthly")
    return {"seed": run.seed, "stock": int(monthly["stock"].sum()), "rows": len(monthly)}


def fails_for_seed_7(run: Run) -> dict[str, Any]:
    if run.seed == 7:
        raise ZeroDivisionError("nothing to divide\nby")
    return stock(run)


def dies_for_seed_7(run: Run) -> dict[str, Any]:
    if run.seed == 7:
        os._exit(3)
    return stock(run)


def test_the_scenarios_own_seed_comes_first() -> None:
    seeds = seeds_for(7, 20)
    assert seeds[0] == 7
    assert len(set(seeds)) == 20
    assert seeds_for(7, 5) == seeds[:5]
    assert seeds_for(8, 5)[1:] != seeds[1:5]
    with pytest.raises(ValueError, match="at least one"):
        seeds_for(7, 0)


def test_a_replicate_is_a_run_of_its_seed(scenario: Scenario) -> None:
    told: list[tuple[int, int, int]] = []

    def progress(done: int, count: int, each: Replicate) -> None:
        told.append((done, count, each.seed))

    found = run_replicates(scenario, 2, stock, engine="interpreted", progress=progress)
    assert [each.seed for each in found] == seeds_for(7, 2)
    assert told == [(1, 2, found[0].seed), (2, 2, found[1].seed)]
    own = simulate.simulate("two-towns", months=1, seed=found[1].seed, engine="interpreted", sets=FEW)
    assert found[1].values == stock(own)


def test_a_failed_replicate_is_recorded_and_the_others_go_on(scenario: Scenario) -> None:
    failed, good = run_replicates(scenario, 2, fails_for_seed_7, engine="interpreted")
    assert (failed.number, failed.seed, failed.values) == (0, 7, None)
    assert failed.error == "ZeroDivisionError: nothing to divide"
    assert failed.failed
    assert not good.failed
    assert good.values is not None


def test_processes_give_the_same_and_survive_a_death(scenario: Scenario) -> None:
    def values(found: list[Replicate]) -> list[Any]:
        return [each.values for each in found]

    here = run_replicates(scenario, 2, stock, engine="interpreted")
    there = run_replicates(scenario, 2, dies_for_seed_7, engine="interpreted", workers=2)
    assert values(there) == [None, *values(here)[1:]]
    assert there[0].seed == 7
    assert there[0].error == "its process died, perhaps for want of memory"


def stock_or_death(here: int, run: Run) -> dict[str, Any]:
    """Of seed 8, it can be told nowhere but in the process `here`."""
    if run.seed == 8 and os.getpid() != here:
        os._exit(3)
    return stock(run)


def where(run: Run) -> dict[str, Any]:
    return {"process": os.getpid()}


def test_runs_begun_beside_come_back_in_order_also_those_that_no_process_could_end(
    scenario: Scenario,
) -> None:
    several = [replace(scenario, seed=seed) for seed in (7, 8, 9, 10)]
    counted: list[tuple[int, int]] = []
    with WorkerPool(1, attempts=1) as pool:
        beside = RunsBeside(several, partial(stock_or_death, os.getpid()), pool)
        found = beside.finish(lambda done, total, _: counted.append((done, total)))
    assert [each.number for each in found] == [0, 1, 2, 3]
    assert counted == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [each.values for each in found] == [stock(simulate.simulate(each)) for each in several]


def test_runs_begun_beside_are_shared_with_who_waits_for_them(scenario: Scenario) -> None:
    several = [replace(scenario, seed=seed) for seed in range(7, 13)]
    with WorkerPool(1) as pool:
        found = RunsBeside(several, where, pool).finish()
    processes = {each.values["process"] for each in found if each.values is not None}
    assert os.getpid() in processes
    assert len(processes) == 2


def test_models_do_not_pile_up(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Simulation]] = []

    class Watched(Simulation):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            made.append(weakref.ref(self))

    monkeypatch.setattr(simulate, "Simulation", Watched)
    alive: list[int] = []

    def count(done: int, total: int, each: Replicate) -> None:
        alive.append(sum(ref() is not None for ref in made))

    found = run_replicates(scenario, 3, fails_for_seed_7, engine="interpreted", progress=count)
    assert [each.failed for each in found] == [True, False, False]
    assert len(made) == 3
    assert alive == [0, 0, 0]


def test_there_must_be_a_worker(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        run_replicates(scenario, 2, stock, workers=0)
