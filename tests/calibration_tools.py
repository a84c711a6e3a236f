"""Calibrations for tests: a stand-in for the model whose answers are known, and small ones of two towns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from study_tools import Here

from local_citizenship.experiments.calibration import exploring
from local_citizenship.experiments.calibration.plan import Budget, Floats, Plan, Target, Unknown
from local_citizenship.experiments.calibration.seen import Seen
from local_citizenship.experiments.calibration.waves import Runs, Stage
from local_citizenship.experiments.studies import folder, working
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.schema import Prior

LUCK = 0.03

SMALL = """\
title: A small calibration
scenarios: two-towns
months: 6
parameters:
  awareness.search:
  fear.weight: {low: 0, high: 10}
targets: {file: seen.csv}
budget: {waves: 2, points: 12, replicates: 2, posterior: 20, sets: 10}
"""
SEEN = """\
measure,value,tolerance,use,source
needs_met,0.2,0.2,fit,made up
aware,0.4,0.2,fit,made up
take_up,0.4,0.2,check,made up
"""


def written(place: Path, text: str = SMALL, table: str = SEEN) -> Path:
    """A calibration's file, with its table of targets beside it."""
    (place / "seen.csv").write_text(table, encoding="utf-8")
    file = place / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def here(study: Any) -> Any:
    """An engine that does the runs in this process."""
    return Here(study)


def values_of_a_run(installed: Any, point: int, seed: int) -> dict[str, list[tuple[int, float]]]:
    """What a run of SMALL says, without the model: known functions of its parameters, and luck."""
    values = installed.points[point].values
    search, fear = values["awareness.search"], values["fear.weight"]
    luck = np.random.default_rng(seed).normal(0.0, 0.01, 3)
    told = {"needs_met": 0.5 * search, "aware": search + 0.02 * fear, "take_up": 0.5 - 0.03 * fear}
    return {
        name: [(-1, float(value + error))] for (name, value), error in zip(told.items(), luck, strict=True)
    }


def without_the_model(monkeypatch: Any) -> None:
    """Runs are those of `values_of_a_run` from now on; nothing is tidied up after them, nor checked before."""
    monkeypatch.setattr(working, "_values", values_of_a_run)
    monkeypatch.setattr(working, "gc", SimpleNamespace(collect=lambda: 0, freeze=lambda: None))
    monkeypatch.setattr(folder, "check_points", lambda study, points: None)


def few_points(monkeypatch: Any) -> None:
    """What is left is looked through with few points, for speed."""
    monkeypatch.setattr(exploring, "POPULATION", 200)
    monkeypatch.setattr(exploring, "SWEEPS", 2)


def outcome(name: str) -> OutcomeSpec:
    return OutcomeSpec(name, name, "share")


def plan_of(unknowns: int, targets: list[Target], budget: Budget, seed: int = 1) -> Plan:
    """A plan whose parameters x1, x2 ... lie evenly from 0 to 1."""
    return Plan(
        name="made",
        title="Made",
        question="",
        scenarios=(load_scenario("two-towns"),),
        unknowns=tuple(
            Unknown(f"x{n + 1}", f"x{n + 1}", "", Prior.even(0.0, 1.0), 0.5, "assumption")
            for n in range(unknowns)
        ),
        targets=tuple(targets),
        budget=budget,
        cutoff=3.0,
        seed=seed,
    )


def curved(at: Floats) -> Floats:
    """Three targets of three parameters: the third parameter does nothing, and the last target mixes the others."""
    one, two = at[:, 0], at[:, 1]
    return np.column_stack([np.sin(2.0 * one), two**2, one + two])


class MadeRuns(Runs):
    """Runs of `curved` with luck, instead of studies."""

    def __init__(self, plan: Plan, seed: int = 1, luck: float = LUCK) -> None:
        super().__init__(plan, Path("nowhere"), here)
        self.seed, self.luck = seed, luck

    def seen(self, stage: Stage, shares: Floats, replicates: int) -> Seen:
        rng = np.random.default_rng([self.seed, sum(map(ord, stage.name))])
        means = curved(shares)[:, None, : len(self.plan.targets)]
        noise = rng.normal(0.0, self.luck, (len(shares), replicates, len(self.plan.targets)))
        return Seen(shares, means + noise)


def observed(truth: Floats, sd: float, rng: np.random.Generator) -> list[Target]:
    """What somebody saw of a run at the truth, with an error of this standard deviation."""
    values = curved(truth[None])[0] + rng.normal(0.0, LUCK, 3) + rng.normal(0.0, sd, 3)
    plain = Target("two-towns", outcome("y"), 0.0, 2 * sd, 0.0)
    return [
        replace(plain, outcome=outcome(f"y{n + 1}"), value=float(value)) for n, value in enumerate(values)
    ]
