"""The runs of a grid: a study of all its combinations, gone on with where it was stopped."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from ...outcomes.outcome_spec import OutcomeSpec, measure
from ...outcomes.plain_yaml import dumped
from ...scenarios.bounded import yaml_bytes
from ...scenarios.catalogue import RUNGS
from ..studies.folder import STUDY, StudyFolder, make, open_study
from ..studies.read_study import read_study
from ..studies.records import StudyError
from ..studies.study import Study
from .grid import Grid

FEW_PLACES = 6  # are told of one by one
# What is counted of each year; shares of the whole run are made of these. The order is that of the cascade.
STAGES = ("needs", "aware", "willing", "eligible", "claimed", "served")
YEARLY = {"level": ("E2", "level_mean"), "unmet_rate": ("E8", "unmet_per_1000")}


def specs_of(grid: Grid) -> list[OutcomeSpec]:
    """What is kept of each run beside the headline numbers: counts and measures by year, of the country, of groups of
    status, and of each place where these are few."""
    found = [measure("E3", stage) for stage in STAGES]
    found += [measure(theme, name) for theme, name in YEARLY.values()]
    found += [measure("E3", stage, "rung", rung) for rung in RUNGS for stage in ("needs", "served")]
    places = places_told(grid)
    return found + [measure("E3", stage, "place", place) for place in places for stage in ("needs", "served")]


def places_told(grid: Grid) -> tuple[str, ...]:
    """The names of the places, where these are few and have names of their own."""
    names = tuple(str(name) for name in grid.scenario.places.name)
    return names if len(names) <= FEW_PLACES and len(set(names)) == len(names) else ()


def study_text(grid: Grid) -> bytes:
    """The grid as the file of a study."""
    factors = {
        each.name: _factor_text(grid.given[each.name], [*each.values], each.alternatives is not None)
        for each in grid.factors
    }
    content: dict[str, Any] = {
        "title": grid.title,
        "question": grid.question or grid.title,
        "scenarios": grid.reference,
        **({"months": grid.months} if grid.months is not None else {}),
        **({"set": grid.fixed} if grid.fixed else {}),
        "factors": factors,
        "design": "grid",
        "replicates": grid.seeds,
        "seed": grid.seed,
    }
    return dumped(content).encode()


def _factor_text(given: Any, values: list[Any], alternatives: bool) -> dict[str, Any]:
    about = dict(given) if isinstance(given, dict) else {}
    return about if alternatives else {**about, "values": values}


def study_of(grid: Grid) -> tuple[Study, bytes]:
    """The study, and the text of its file."""
    text = study_text(grid)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / STUDY
        file.write_bytes(text)
        study = read_study(file, name=grid.name, beside=grid.folder, own=specs_of(grid))
    return study, text


def folder_of(grid: Grid, target: Path) -> StudyFolder:
    """The study of the grid in the folder `target`: made if it is not there, else gone on with.

    Errors: StudyError if the folder holds another study, or one of other rules; ScenarioError; OutputError.
    """
    study, text = study_of(grid)
    if not os.path.lexists(target):
        make(study, text, target, os.path.abspath(grid.folder), specs_of(grid))
        return open_study(target)
    folder = open_study(target)
    words = folder.changed()
    if yaml_bytes(folder.path / STUDY) != text:
        words = ["the grid's file"]
    elif folder.manifest["scenarios"] != {each.name: each.hash for each in study.scenarios}:
        words = ["the scenario"]
    if words:
        raise StudyError(
            f"{target} holds runs from which this grid differs: {', '.join(words)}; give another --runs, or remove it"
        )
    return folder
