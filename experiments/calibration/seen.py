"""What runs have told: the targets' outcomes by point and replicate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..studies.folder import StudyFolder
from ..studies.run_queue import RunQueue
from .plan import Floats, Plan, Target


@dataclass(frozen=True)
class Seen:
    """Points of the unit cube (points, parameters) and what was seen there (points, replicates, targets); NaN where a
    run failed or can't tell. The targets are the plan's, in its order."""

    shares: Floats
    values: Floats

    @property
    def replicates(self) -> int:
        """Runs of each point."""
        return int(self.values.shape[1])

    @property
    def means(self) -> Floats:
        """Mean of the runs that tell, by point and target; NaN if none does."""
        told = ~np.isnan(self.values)
        count = told.sum(axis=1)
        total = np.where(told, self.values, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), math.nan)

    def of(self, targets: Sequence[int]) -> Seen:
        """The same of some targets."""
        return replace(self, values=self.values[:, :, list(targets)])


def together(parts: Sequence[Seen]) -> Seen:
    """All points of several waves; they have the same replicates and targets."""
    shares = np.concatenate([each.shares for each in parts])
    return Seen(shares, np.concatenate([each.values for each in parts]))


def seen_in(folder: StudyFolder, plan: Plan, shares: Floats) -> Seen:
    """What the runs of a study have told; its points are `shares`, once in each scenario, in the plan's order."""
    queue, count = folder.queue(), len(shares)
    first = {scenario.name: number * count for number, scenario in enumerate(plan.scenarios)}
    replicates = folder.study.replicates.most
    values = np.full((count, replicates, len(plan.targets)), math.nan)
    for column, target in enumerate(plan.targets):
        for point in range(count):
            for replicate in range(replicates):
                at = first[target.scenario] + point, replicate
                values[point, replicate, column] = _value(queue, target, *at)
    return Seen(shares, values)


def _value(queue: RunQueue, target: Target, point: int, replicate: int) -> float:
    record = queue.record(point, replicate)
    series = ((record.values if record else None) or {}).get(target.outcome.name, [])
    return float(series[-1][1]) if series else math.nan
