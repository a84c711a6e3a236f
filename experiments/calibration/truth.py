"""The method tried on worlds whose truth is known: does it find the parameters that made what was observed?

A truth is drawn from the prior, run once with luck of its own, and observed with an error as large as the targets
say (their discrepancy included). The calibration then has nothing but these observations. Of intervals that are what
they say, 90 in 100 hold the truth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from ...outcomes.csv_text import csv_text, write_csv
from ...outcomes.whole_folder import write_whole, written_whole
from ..intervals import weighted_quantiles
from ..studies.folder import locked
from ..studies.records import StudyError, in_a_sentence
from .emulator import Emulators
from .ensemble import Ensemble
from .folder import LOCK, CalibrationFolder
from .plan import ABOVE, BELOW, FIT, Floats, Plan, Target
from .running import ensemble_of
from .waves import RUNS, TRUTHS, MakeEngine, Runs, Stage, Told

LEVELS = (0.5, 0.9)
KEPT = "truth.csv"  # what came of a truth, which is not done again


def try_truths(
    folder: CalibrationFolder,
    make: MakeEngine,
    truths: int,
    *,
    told: Callable[[int], Told | None] = lambda number: None,
    say: Callable[[str], None] = lambda text: None,
) -> pd.DataFrame:
    """Calibrate against so many truths, and write what came of it into the folder; see `truths_table`.

    They share the first wave, runs and emulators, which do not depend on what was observed. What is done of a truth is
    kept. `told(number)` hears of the runs of a truth.
    Errors: StudyError, OutputError.
    """
    if changed := folder.changed():
        raise StudyError(f"since {folder.path} was begun, this has changed: {', '.join(changed)}: begin anew")
    plan, tables = folder.plan, list[pd.DataFrame]()
    with locked(folder.path / LOCK, f"{folder.path}"):
        shares = plan.rng(5).random((truths, len(plan.unknowns)))
        top = Runs(plan, folder.path, make, say=say)
        seen = top.seen(Stage(f"{TRUTHS}-{truths}", 0, 0, 1.0), np.round(shares, 9), 1)
        first: Emulators | None = None  # of the first wave, which all truths share
        for number in range(truths):
            place = folder.path / TRUTHS / str(number)
            if (kept := read_kept(place / KEPT)) is not None:
                tables.append(kept)
                continue
            rng = plan.rng(6, number)
            observed = [
                observe(each, seen.values[number, 0, column], rng) for column, each in enumerate(plan.targets)
            ]
            if not all(math.isfinite(each.value) for each in observed if each.use == FIT):
                say(f"Truth {number} can't tell all targets, and is left out.")
                continue
            with in_a_sentence(place):
                (place / RUNS).mkdir(parents=True, exist_ok=True)
            known = plan.observing(observed)
            runs = Runs(known, place, make, first=folder.path, told=told(number), say=say)
            runs.begun = None if first is None else first.of(known.fitted)
            found = ensemble_of(runs)
            first = found.waves[0].emulators
            tables.append(truth_table(found, shares[number], number))
            with in_a_sentence(place):
                write_whole(place / KEPT, csv_text(tables[-1]))
        if not tables:
            raise StudyError("no truth can tell all targets: leave out those that runs can't tell")
        table = pd.concat(tables, ignore_index=True)
        with in_a_sentence(folder.path), written_whole(folder.path / "coverage") as built:
            write_csv(table, built / "truths.csv")
            write_csv(coverage(table), built / "coverage.csv")
    return table


def read_kept(file: Path) -> pd.DataFrame | None:
    """What came of a truth, None if it is not done. Errors: StudyError if the file is damaged."""
    if not file.is_file():
        return None
    try:
        table = pd.read_csv(file, dtype={"true": str})
        if lacking := {"truth", "parameter", "in_50", "in_90"} - set(table.columns):
            raise ValueError(f"no column {min(lacking)}")
        return table
    except OSError as error:
        raise StudyError(f"{file} can't be read: {error.strerror or 'the disk refuses'}") from error
    except ValueError as error:
        raise StudyError(f"{file} is damaged (it is no table): remove it, and try again") from error


def observe(target: Target, value: float, rng: np.random.Generator) -> Target:
    """What somebody would report of a run's value: with an error; of a bound, on which side of it the value lies."""
    seen = value + float(rng.normal(0.0, target.sd))
    if not target.side:
        return replace(target, value=seen)
    return replace(target, side=ABOVE if seen > target.value else BELOW)


def truth_table(found: Ensemble, truth: Floats, number: int) -> pd.DataFrame:
    """A row a parameter: truth (number), parameter, true (value), place (its share of the prior), the posterior's ends
    as shares of the prior, and whether the intervals hold it."""
    posterior, rows = found.posterior, []
    for column, each in enumerate(found.plan.unknowns):
        place = float(truth[column])
        ends = weighted_quantiles(posterior.shares[:, column], posterior.weights, (0.05, 0.25, 0.75, 0.95))
        rows.append(
            {
                "truth": number,
                "parameter": each.path,
                "true": str(each.at(place)),
                "place": place,
                **dict(zip(("low", "lower", "upper", "high"), map(float, ends), strict=True)),
                "in_50": bool(ends[1] <= place <= ends[2]),
                "in_90": bool(ends[0] <= place <= ends[3]),
                "worth": posterior.worth,
                "errors_widened": posterior.widened,
            }
        )
    return pd.DataFrame(rows)


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """A row a parameter and one for all: how many intervals of 50% and 90% hold the truth, of how many.

    `low`, `high`: what chance would make of so many right intervals, in 19 of 20 trials (binomial).
    """
    from scipy.stats import binom

    rows = []
    for name, part in [("all", table), *table.groupby("parameter", sort=False)]:
        for level in LEVELS:
            held = part[f"in_{round(100 * level)}"]
            low, high = binom.interval(0.95, len(held), level)
            rows.append((name, level, float(held.mean()), len(held), low / len(held), high / len(held)))
    return pd.DataFrame(rows, columns=["parameter", "interval", "coverage", "n", "low", "high"])


def coverage_sentences(table: pd.DataFrame, truths: int) -> list[str]:
    """The coverage of all parameters, in words."""
    found = coverage(table)
    told = []
    for row in found[found["parameter"] == "all"].to_dict("records"):
        verdict = "as it should" if row["low"] <= row["coverage"] <= row["high"] else "NOT as it should"
        low, held, high = (f"{100 * row[name]:.0f}" for name in ("low", "coverage", "high"))
        told.append(
            f"The {100 * row['interval']:.0f}% intervals hold the truth in {held}% of {row['n']} cases "
            f"({truths} truths; {verdict}: chance makes {low} to {high}%)."
        )
    return told


def truths_plan(plan: Plan, truths: int) -> int:
    """How many runs so many truths need."""
    scenarios, budget = len(plan.scenarios), plan.budget
    first = scenarios * budget.replicates * budget.points
    return first + truths * (scenarios + budget.runs(scenarios) - first)
