"""The folder of a calibration: its file and targets as given, its scenarios resolved, its studies, and the ensemble."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...outcomes.manifest import Short, Strict
from ...outcomes.whole_folder import OutputError, written_whole
from ...scenarios.bounded import yaml_bytes
from ..studies import provenance
from ..studies.ensembles import load_ensemble
from ..studies.folder import MANIFEST, SCENARIOS, manifest_of, new_folder, now, write_json, write_scenarios
from .plan import Plan
from .read_plan import read_plan
from .waves import RUNS

FORMAT = 1
FILE, TARGETS, ENSEMBLE, LOCK = "calibration.yaml", "targets.csv", "ensemble", "calibration.lock"
LIBRARIES = ("scikit-learn", "threadpoolctl")


class CalibrationManifest(Strict):
    """The manifest of a calibration."""

    name: Short
    created: Short
    study: Short
    scenarios: dict[Short, Short]
    rules: Short
    measures: Short
    measure_files: dict[str, Short]
    versions: dict[Short, Short]
    targets: Short = ""  # of the table, if there is one


@dataclass
class CalibrationFolder:
    """A calibration on disk."""

    path: Path
    plan: Plan
    manifest: dict[str, Any]

    @property
    def complete(self) -> bool:
        """Whether the ensemble is there, and whole."""
        try:
            load_ensemble(self.path / ENSEMBLE)
        except OutputError:
            return False
        return True

    @property
    def text(self) -> bytes:
        """Its file."""
        return yaml_bytes(self.path / FILE)

    def changed(self) -> list[str]:
        """What has changed since it was begun, each in a few words."""
        now_there = provenance.origins(self.plan, self.text, *LIBRARIES)
        found = provenance.changes(self.manifest, now_there, "the calibration")
        if self.manifest.get("targets", table := hash_of_table(self.plan)) != table:
            found.insert(0, "the table of targets")
        return found


def create(file: Path, target: Path) -> CalibrationFolder:
    """Make the folder of a new calibration, whole or not at all. Errors: ScenarioError, StudyError."""
    plan = read_plan(file)
    make_folder(plan, yaml_bytes(file), target)
    return open_calibration(target)


def make_folder(plan: Plan, text: bytes, target: Path) -> None:
    """The folder of a calibration, whole or not at all; `text`: its file. Errors: StudyError."""
    with new_folder(target, "calibrate") as place, written_whole(place) as built:
        (built / FILE).write_bytes(text)
        (built / RUNS).mkdir()
        write_scenarios(plan.scenarios, plan.places, built / SCENARIOS)
        if plan.table:
            shutil.copyfile(plan.table, built / TARGETS)
        about = {"format": FORMAT, "name": plan.name, "created": now(), "targets": hash_of_table(plan)}
        write_json(built / MANIFEST, about | provenance.origins(plan, text, *LIBRARIES))


def hash_of_table(plan: Plan) -> str:
    """Of its table of targets; "" if it has none. Errors: OSError."""
    return hashlib.sha256(Path(plan.table).read_bytes()).hexdigest()[:16] if plan.table else ""


def open_calibration(path: Path) -> CalibrationFolder:
    """The calibration in a folder. Errors: StudyError, or ScenarioError if its files have been spoilt."""
    manifest = manifest_of(path, "calibration", FILE, CalibrationManifest, FORMAT)
    plan = read_plan(
        path / FILE, name=manifest["name"], beside=path, scenarios_in=path / SCENARIOS, table=TARGETS
    )
    return CalibrationFolder(path, plan, manifest)
