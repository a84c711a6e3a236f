"""A calibration from its first run to its ensemble; killed and gone on with, it ends in the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..studies.folder import locked
from ..studies.records import StudyError
from .emulator import need_libraries, one_thread
from .ensemble import Ensemble, chosen_sets
from .folder import ENSEMBLE, LOCK, CalibrationFolder
from .plan import Floats, Plan
from .posterior import weighted
from .seen import Seen
from .waves import MakeEngine, Runs, Told, compared, ensemble_seen, waves_of


def calibrate(
    folder: CalibrationFolder,
    make: MakeEngine,
    *,
    first: Path | None = None,
    figures: bool = True,
    told: Told | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Ensemble:
    """Do what is missing of a calibration, and write its ensemble. `make`, `first`, `told`, `say`: as for `Runs`.

    On Ctrl-C, KeyboardInterrupt comes through, with all finished runs kept. Errors: StudyError, OutputError.
    """
    from .writing import write_ensemble

    need_libraries()
    if changed := folder.changed():
        raise StudyError(
            f"since {folder.path} was begun, this has changed: {', '.join(changed)}; its runs would not be of one "
            "kind: begin a new calibration"
        )
    with locked(folder.path / LOCK, f"{folder.path}"):
        runs = Runs(folder.plan, folder.path, make, first=first, told=told, say=say)
        found = ensemble_of(runs)
        if not folder.complete:
            write_ensemble(found, folder, folder.path / ENSEMBLE, figures=figures)
    return found


def ensemble_of(runs: Runs) -> Ensemble:
    """The ensemble that the runs make, as far as they are missing made here. Errors: StudyError, OutputError."""
    with one_thread():
        return _found(runs)


def _found(runs: Runs) -> Ensemble:
    plan = runs.plan
    waves = waves_of(runs)
    proposal, seen, expected = compared(runs, waves)
    posterior = weighted(plan, seen, proposal.log_density)
    if not posterior.weights.any():
        raise StudyError(
            "no run of the comparison can tell all targets: leave out those that most runs can't tell"
        )
    shares, weights = chosen_sets(posterior, plan.budget.sets, plan.rng(4))
    errors = {
        wave.stage.name: (*wave.predicted, _means(plan, wave.seen))
        for wave in waves
        if wave.predicted is not None
    }
    errors["posterior"] = (*expected, _means(plan, seen))
    return Ensemble(plan, shares, weights, ensemble_seen(runs, shares, waves), waves, posterior, errors)


def _means(plan: Plan, seen: Seen) -> Floats:
    """What was seen of the targets that are learned from."""
    found: Floats = seen.of(plan.fitted_places).means
    return np.asarray(found)
