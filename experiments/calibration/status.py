"""What a calibration asks for, how far it is, and about how long it takes."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator

from ...outcomes.invocation import typed
from ...outcomes.simulate import simulate
from ...outcomes.wording import value_text
from ..studies.ensembles import load_ensemble
from ..studies.folder import MANIFEST, is_held, open_study
from ..studies.kept import kept_of
from .folder import ENSEMBLE, LOCK, CalibrationFolder
from .plan import FIT, Plan, Target
from .waves import ENSEMBLE as SETS
from .waves import POSTERIOR, RUNS, TRUTHS, share_text, wave_name

VERY_FAR = 10.0  # times what a target grants


def summary(plan: Plan) -> Iterator[str]:
    """What a calibration's file asks for, a line each."""
    yield f"{plan.name}: {plan.title}"
    if plan.question:
        yield plan.question
    names = ", ".join(f"{each.name} ({each.months} months)" for each in plan.scenarios)
    yield f"Scenarios: {names}"
    for each in plan.unknowns:
        yield f"Parameter {each.path}: {each.prior.words}"
        for scenario in plan.scenarios:
            for change in scenario.timeline:
                if change.path == each.path and 0 < change.month < scenario.months:
                    when = scenario.date(change.month)
                    yield f"  note: {scenario.name} changes it in {when}, and what is learned holds until then"
    for target in plan.targets:
        yield f"Target {target.name} ({target.use}): {_told(target)}"
    budget, count = plan.budget, len(plan.scenarios)
    yield (
        f"Runs: {budget.runs(count):,} at most (waves: {budget.waves}, points of each: {budget.points}; points for the "
        f"comparison: {budget.posterior}; runs of a point: {budget.replicates}; sets of the ensemble: {budget.sets})"
    )


def _told(target: Target) -> str:
    value = f"{target.side} {target.value:.4g}".strip()
    return f"{value}, tolerance {target.tolerance:.3g}, discrepancy {target.discrepancy:.3g} {target.outcome.unit}"


def tried(plan: Plan, workers: int) -> Iterator[str]:
    """One run of each scenario: about how long all will take, and which targets it can't tell."""
    seconds, lost = 0.0, list[str]()
    simulate("two-towns", months=13)  # the rules are compiled, or loaded, before anything is timed
    for scenario in plan.scenarios:
        began = time.perf_counter()
        found = kept_of(simulate(scenario), plan.outcomes)
        seconds += time.perf_counter() - began
        for target in (each for each in plan.targets if each.scenario == scenario.name):
            series = found[target.outcome.name]
            if not (series and math.isfinite(series[-1][1])):
                lost.append(
                    f"A run can't tell the target {target.name} ({target.use}): leave it out, or run longer"
                )
            elif away := far_from(target, series[-1][1]):
                lost.append(away)
    each = seconds / len(plan.scenarios)
    total = plan.budget.runs(len(plan.scenarios)) * each / workers / 60
    spent = f"{total:.0f} min" if total >= 2 else f"{60 * total:.0f} s"
    yield (
        f"Time: about {spent} for the runs with {workers} process{'es' if workers > 1 else ''} ({each:.2g} s a run); "
        "the emulators' comes on top"
    )
    yield from lost


def far_from(target: Target, value: float) -> str:
    """A word on a target to be learned from, of which a run with the scenario's own values is very far; nothing of
    others."""
    beyond, granted = abs(float(target.off(value))), math.hypot(target.tolerance, target.discrepancy)
    if target.use != FIT or beyond <= VERY_FAR * granted:
        return ""
    unit = target.outcome.unit
    return (
        f"In a run the target {target.name} is {value_text(value, unit)}, and {value_text(target.value, unit)} was "
        f"observed: {beyond / granted:.0f} times what is granted away. Is it the same thing, in the same unit?"
    )


def status_of(folder: CalibrationFolder) -> Iterator[str]:
    """Where a calibration stands, a line each. Errors: StudyError."""
    from .truth import KEPT

    plan = folder.plan
    yield f"{plan.name}: {plan.title}"
    holder = is_held(folder.path / LOCK)
    if (truths := folder.path / TRUTHS).is_dir():
        done = len([*truths.glob(f"*/{KEPT}")])
        on = f"At work: {holder}" if holder else "the `calibrate truth` that began it goes on with it"
        yield f"The method on made-up truths: {done} are done; {on}"
        return
    for stage in [*(wave_name(number + 1) for number in range(plan.budget.waves)), POSTERIOR, SETS]:
        place = folder.path / RUNS / stage
        if os.path.isdir(place):
            done, total = open_study(place).queue().counts()
            yield f"{stage}: {done:,} of {total:,} runs are done"
        else:
            yield f"{stage}: to come"
    if holder:
        yield f"At work: {holder}"
    if folder.complete:
        facts = json.loads((folder.path / ENSEMBLE / MANIFEST).read_text(encoding="utf-8"))
        left = f", {share_text(float(facts['left'][-1]))} of the space is left" if facts.get("left") else ""
        yield f"Complete: {len(load_ensemble(folder.path / ENSEMBLE).sets)} sets{left}"
        yield f"What came of it: {folder.path / ENSEMBLE / 'summary.md'}"
    elif not holder:
        yield f"Nobody is at work: {typed('calibrate resume')} {folder.path}"
