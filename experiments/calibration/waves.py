"""The runs of a calibration: each wave, the comparison and the ensemble is a study of its own, with points that follow
from the runs before it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...outcomes.plain_yaml import dumped
from ...scenarios.errors import ScenarioError
from ..studies.folder import StudyFolder, make, open_study
from ..studies.read_factors import role_of
from ..studies.records import Record, StudyError
from ..studies.running import LocalEngine, run_study
from ..studies.study import Design, Factor, Replicates, Study
from .emulator import Emulators, emulators_of, features
from .exploring import Left, filling, spread_out, what_is_left
from .plan import Floats, Plan
from .posterior import Proposal, proposed
from .seen import Seen, seen_in, together

RUNS = "runs"
POSTERIOR, ENSEMBLE, TRUTHS = "posterior", "ensemble", "truths"
_STAGES = 64  # more than a calibration has, so that no two studies of one share their luck
MakeEngine = Callable[[StudyFolder], LocalEngine]


@dataclass(frozen=True)
class Stage:
    """Where a calibration is: `number` of the wave, or of what comes after them; `share`: what was left before it."""

    name: str
    number: int
    of: int
    share: float

    @property
    def words(self) -> str:
        """For a line of progress."""
        if self.name == ENSEMBLE:
            return "The ensemble's runs"
        what = "Comparison" if self.name == POSTERIOR else f"Wave {self.number} of {self.of}"
        return f"{what}, {share_text(self.share)} of the space left"


Told = Callable[[Stage, int, int, Record], None]  # a run is done: where, runs done, runs in all


def share_text(share: float) -> str:
    """A share of the space: `100%`, `3.2%`, `1 in 40,000`."""
    if share >= 0.001:
        return f"{100 * share:.3g}%"
    return f"1 in {1 / share:,.0f}" if share > 0 else "nothing"


class Runs:
    """The studies of a calibration in a folder. `first`: a folder that holds the first wave already, which does not
    depend on what was observed. `make`: what does the runs of a study. `told` and `say` hear of each run, and of what
    is amiss in the records."""

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        make: MakeEngine,
        *,
        first: Path | None = None,
        told: Told | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.plan, self.folder, self.first = plan, folder, first
        self._make, self._told, self._say = make, told, say
        self.begun: Emulators | None = None  # of the first wave, where they are known already
        self._done = 0

    def place_of(self, stage: str) -> Path:
        """The folder of a study."""
        if self.first is not None and stage == wave_name(1):
            return self.first / RUNS / stage
        return self.folder / RUNS / stage

    def seen(self, stage: Stage, shares: Floats, replicates: int) -> Seen:
        """What is seen at these points; runs that are not done are made. Errors: StudyError (also where the points on
        disk are others), ScenarioError."""
        place = self.place_of(stage.name)
        study = _opened(place) if os.path.isdir(place) else self._created(place, stage, shares, replicates)
        points = [self.plan.values(point) for point in shares]
        if [point.values for point in study.points] != points * len(self.plan.scenarios):
            raise StudyError(
                f"the points of {place} are not those that follow from the runs before it: it was begun on another "
                "computer, or with other libraries; begin a new calibration"
            )
        total, before = self.plan.budget.runs(len(self.plan.scenarios)), self._done

        def told(done: int, _: int, record: Record) -> None:
            if self._told is not None:
                self._told(stage, before + done, total, record)

        if not study.complete or not study.queue().complete():  # records may have been lost since
            run_study(study, lambda: self._make(study), progress=told, say=self._say)
        self._done = before + len(study.points) * study.study.replicates.most
        return seen_in(study, self.plan, shares)

    def _created(self, place: Path, stage: Stage, shares: Floats, replicates: int) -> StudyFolder:
        plan, paths = self.plan, [each.path for each in self.plan.unknowns]
        names = [*(wave_name(each + 1) for each in range(plan.budget.waves)), POSTERIOR, ENSEMBLE, TRUTHS]
        kind = TRUTHS if stage.name.startswith(TRUTHS) else stage.name
        study = Study(
            name=stage.name,
            title=f"{plan.title}: {stage.name}",
            question="",
            scenarios=plan.scenarios,
            factors=tuple(
                Factor(each.path, (each.path,), role_of([each.path]), each.label, each.unit)
                for each in plan.unknowns
            ),
            design=Design("list", points=tuple(plan.values(point) for point in shares)),
            replicates=Replicates(replicates, replicates),
            seed=(plan.seed * _STAGES + names.index(kind)) % 2**52,
            common_random_numbers=False,
            outcomes=tuple(plan.outcomes),
            places=plan.places,
        )
        content = {
            "title": study.title,
            "scenarios": [scenario.name for scenario in plan.scenarios],
            "factors": dict.fromkeys(paths),
            "design": "list",
            "points": [*study.design.points],
            "replicates": replicates,
            "seed": study.seed,
            "common_random_numbers": False,
            "outcomes": [each.name for each in plan.outcomes],
        }
        return make(study, dumped(content).encode(), place, os.path.abspath(self.folder))


def _opened(place: Path) -> StudyFolder:
    """A stage that was begun. Errors: StudyError, which tells how to go on."""
    try:
        return open_study(place)
    except (StudyError, ScenarioError) as error:
        raise StudyError(f"{error}; move {place} away, and resume: its runs are made again") from error


def wave_name(number: int) -> str:
    """What a wave's folder is called."""
    return f"wave-{number}"


@dataclass(frozen=True)
class Wave:
    """A wave that is over: what was seen in it, the emulators of all runs so far, what they leave of the space.

    `predicted`: mean and standard deviation of what the emulators before it expected, None of the first.
    """

    stage: Stage
    seen: Seen
    emulators: Emulators
    left: Left
    predicted: tuple[Floats, Floats] | None


def waves_of(runs: Runs) -> list[Wave]:
    """All waves of history matching (Vernon et al. 2010): each fills what those before have left."""
    plan, found = runs.plan, list[Wave]()
    budget, dimensions = plan.budget, len(plan.unknowns)
    for number in range(1, budget.waves + 1):
        share = found[-1].left.share if found else 1.0
        stage = Stage(wave_name(number), number, budget.waves, share)
        rng = plan.rng(1, number)
        if found:
            shares = spread_out(found[-1].left.points, budget.points, rng)
        else:
            shares = filling(dimensions, budget.points, rng)
        shares = np.round(shares, 9)
        seen = runs.seen(stage, shares, budget.replicates)
        expected = found[-1].emulators.predicted(seen.of(plan.fitted_places)) if found else None
        emulators = runs.begun if number == 1 else None
        emulators = emulators or emulators_of(plan, together([*(wave.seen for wave in found), seen]))
        all_so_far = [*(wave.emulators for wave in found), emulators]
        left = what_is_left(Implausibility(all_so_far), dimensions, plan.cutoff, plan.rng(2, number))
        found.append(Wave(stage, seen, emulators, left, expected))
    return found


class Implausibility:
    """The largest of all emulators: what one of them has ruled out stays so."""

    def __init__(self, emulators: Sequence[Emulators]) -> None:
        self.all = emulators

    def __call__(self, shares: Floats) -> Floats:
        return np.max([each.implausibility(shares) for each in self.all], axis=0)

    def within(self, shares: Floats, bound: float) -> NDArray[np.bool_]:
        """Whether a point is not ruled out: the newest emulators are asked first, and no more of what one has ruled
        out."""
        at, alive = features(self.all[0].unknowns, shares), np.arange(len(shares))
        for one in (one for each in reversed(self.all) for one in each.each):
            if not len(alive):
                break
            alive = alive[one.implausibility(at[alive]) <= bound]
        found = np.zeros(len(shares), dtype=bool)
        found[alive] = True
        return found


def compared(runs: Runs, waves: Sequence[Wave]) -> tuple[Proposal, Seen, tuple[Floats, Floats]]:
    """The runs after the waves: where they were made, what was seen, and what the emulators had expected there."""
    plan, last = runs.plan, waves[-1]
    inside = Implausibility([wave.emulators for wave in waves])
    proposal = proposed(last.left, last.emulators, inside, plan.budget.posterior, plan.rng(3))
    shares = np.round(proposal.shares, 9)
    stage = Stage(POSTERIOR, len(waves) + 1, len(waves), last.left.share)
    seen = runs.seen(stage, shares, plan.budget.replicates)
    return Proposal(shares, proposal.log_density), seen, last.emulators.predicted(seen.of(plan.fitted_places))


def ensemble_seen(runs: Runs, shares: Floats, waves: Sequence[Wave]) -> Seen:
    """One run of each set of the ensemble."""
    stage = Stage(ENSEMBLE, len(waves) + 2, len(waves), waves[-1].left.share)
    return runs.seen(stage, shares, 1)
