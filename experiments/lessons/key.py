"""The answer key: what the model answers to the exercises, over several seeds, and how one says it."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...outcomes.run import Run
from ..intervals import interval
from ..replicates import Progress, RunsFailed, run_many
from .exercise import HIGHER, LOWER, SAME, Exercise, worlds_of


@dataclass(frozen=True)
class Finding:
    """What the model answers to one exercise.

    `values`: for each seed the number asked for: a difference where two worlds are compared; empty for a choice.
    `names`: for each seed the chosen name; empty for a number. `means`: of each world, or of each name of a choice.
    """

    exercise: Exercise
    values: tuple[float, ...]
    names: tuple[str, ...]
    means: dict[str, float]

    @property
    def mean(self) -> float:
        """Over seeds; NaN for a choice."""
        return float(np.mean(self.values)) if self.values else math.nan

    @property
    def band(self) -> tuple[float, float]:
        """The 95% interval of the mean over seeds (t); NaN for a choice or a single seed."""
        return interval(np.array(self.values))

    @property
    def answer(self) -> str | float:
        """A direction (about the same, unless the interval leaves the tolerance on one side), a name, or the mean."""
        if self.exercise.kind == "number":
            return self.mean
        if self.exercise.kind == "choice":
            return Counter(self.names).most_common(1)[0][0]
        low, high = self.band
        if low > self.exercise.tolerance:
            return HIGHER
        return LOWER if high < -self.exercise.tolerance else SAME

    @property
    def agree(self) -> int:
        """Seeds that by themselves give the expected answer."""
        expected, values = self.exercise.expected, np.array(self.values)
        if self.exercise.kind == "choice":
            return self.names.count(str(expected))
        if expected in (HIGHER, LOWER):
            return int((values > 0.0 if expected == HIGHER else values < 0.0).sum())
        wanted = 0.0 if expected == SAME else self.mean
        return int((np.abs(values - wanted) <= self.exercise.tolerance).sum())

    @property
    def seeds(self) -> int:
        return len(self.values) or len(self.names)

    @property
    def holds(self) -> bool:
        """Whether the model still answers as the lesson says: for "about the same", the interval lies within the
        tolerance; for a number, the mean lies in the expected band; and a change is as large as the explanation says.
        """
        expected, ratio = self.exercise.expected, self.exercise.ratio
        if ratio is not None and not ratio[0] <= self.means["after"] / self.means["before"] <= ratio[1]:
            return False
        if isinstance(expected, tuple):
            return expected[0] <= self.mean <= expected[1]
        if expected == SAME:
            low, high = self.band
            return -self.exercise.tolerance <= low and high <= self.exercise.tolerance
        return self.answer == expected

    def is_right(self, given: str | float) -> bool:
        """Whether this is the model's answer; a number may be off by the tolerance."""
        if isinstance(given, str):
            return given == self.answer
        return abs(given - self.mean) <= self.exercise.tolerance


def find(
    exercises: Sequence[Exercise], seeds: int, *, workers: int = 1, progress: Progress | None = None
) -> list[Finding]:
    """Run every world the exercises ask about under `seeds` seeds, and read the answers, in the exercises' order.

    Worlds are paired: under one seed they share their people and their luck. Errors: ValueError for fewer than two
    seeds; RunsFailed.
    """
    if seeds < 2:
        raise ValueError(f"an answer needs two seeds or more to be judged, not {seeds}")
    worlds = worlds_of(exercises)
    scenarios = [world.load() for world in worlds]
    measures = [functools.partial(_observed, tuple(asking)) for asking in worlds.values()]
    done = run_many(scenarios, seeds, measures, workers=workers, progress=progress)
    seen = {}
    for world, replicates in zip(worlds, done, strict=True):
        failed = next((each for each in replicates if each.values is None), None)
        if failed is not None:
            raise RunsFailed(f"{world.scenario} with seed {failed.seed} failed: {failed.error}")
        seen[world] = [each.values for each in replicates if each.values is not None]
    return [
        _read(exercise, [[v[exercise.id] for v in seen[world]] for world in exercise.worlds])
        for exercise in exercises
    ]


def _observed(exercises: tuple[Exercise, ...], run: Run) -> dict[str, Any]:
    return {exercise.id: exercise.observe(run) for exercise in exercises}


def _read(exercise: Exercise, seen: list[list[Any]]) -> Finding:
    if exercise.kind == "choice":
        by_seed: list[dict[str, float]] = seen[0]
        names = tuple(max(each, key=lambda name: each[name]) for each in by_seed)
        means = {name: float(np.mean([each[name] for each in by_seed])) for name in by_seed[0]}
        return Finding(exercise, (), names, means)
    worlds = np.array(seen, float)  # (worlds, seeds)
    values = worlds[-1] - worlds[0] if len(worlds) == 2 else worlds[0]
    labels = ("before", "after") if len(worlds) == 2 else ("value",)
    means = {label: float(row.mean()) for label, row in zip(labels, worlds, strict=True)}
    return Finding(exercise, tuple(float(v) for v in values), (), means)


# As one says it ------------------------------------------------------------------------------------------


def number(value: float, unit: str) -> str:
    """0.3212 -> "32%" for a share; other numbers with two digits that count."""
    if unit.startswith("share"):
        decimals = 0 if abs(value) >= 0.1 else 1
        return f"{100 * value:.{decimals}f}%"
    if abs(value) < 1.0:
        return f"{value:.3f}"
    return f"{value:.1f}" if abs(value) < 10.0 else f"{value:.0f}"


def signed(value: float, unit: str) -> str:
    """As `number`, with its sign; a difference of shares is told in percentage points."""
    if unit.startswith("share"):
        return f"{round(100 * value, 1) + 0.0:+.1f} points"  # + 0.0: no -0.0
    return f"{round(value, 3) + 0.0:+.3f}"


def answer_in_words(finding: Finding) -> str:
    """The answer as a student would give it."""
    found = finding.answer
    if isinstance(found, str):
        return found
    unit = finding.exercise.unit
    words = number(found, unit)
    return words if unit.startswith("share") else f"{words} {unit}"


def computed(finding: Finding) -> str:
    """What was measured, in one line: "14% -> 3.7% of their needs; ..."."""
    exercise, means = finding.exercise, finding.means
    seeds = f"in {finding.agree} of {finding.seeds} seeds"
    if exercise.kind == "choice":
        shares = ", ".join(f"{name} {number(value, 'share')}" for name, value in means.items())
        return f"{shares} ({exercise.unit}); {finding.exercise.expected} {seeds}"
    low, high = finding.band
    if exercise.kind == "number":
        spread = f"{number(low, exercise.unit)} to {number(high, exercise.unit)}"
        accepted = signed(exercise.tolerance, exercise.unit)[1:]
        return (
            f"mean {number(finding.mean, exercise.unit)} ({exercise.unit}), 95% interval {spread}; "
            f"up to {accepted} off counts as right, and single runs are {seeds}"
        )
    lowest = signed(low, exercise.unit).removesuffix(" points")
    change = f"{signed(finding.mean, exercise.unit)}, 95% interval {lowest} to {signed(high, exercise.unit)}"
    within = f" (within {signed(exercise.tolerance, exercise.unit)[1:]})" if exercise.expected == SAME else ""
    if "before" in means:
        before, after = (number(means[name], exercise.unit) for name in ("before", "after"))
        change = f"{before} to {after} ({exercise.unit}): {change}"
    else:
        change = f"{change} ({exercise.unit})"
    return f"{change}; {exercise.expected}{within} {seeds}"


def ways_to_answer(exercise: Exercise) -> str:
    """How an answer is to be written."""
    if exercise.possible:
        return "Answer with one of: " + ", ".join(f'"{name}"' for name in exercise.possible) + "."
    if exercise.unit.startswith("share"):
        return 'Answer with a share, as 0.25 or "25%".'
    return "Answer with a number."
