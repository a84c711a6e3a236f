"""A study as Python's users have it: from its file to its results."""

from __future__ import annotations

import os
from pathlib import Path

from . import study
from .folder import create, open_study
from .read_study import find_study, read_study
from .results import StudyResults
from .running import LocalEngine, run_study
from .tables import load_results


class Study:
    """A shipped study by name, or a study file by path; `plan` is what it says. Errors: ScenarioError."""

    def __init__(self, file: str | os.PathLike[str]) -> None:
        self.file = find_study(file)
        self.plan: study.Study = read_study(self.file)

    def run(self, folder: str | os.PathLike[str], *, workers: int = 1) -> StudyResults:
        """Do what is missing in `folder`, which is made if it is not there, and read what was found.

        `workers`: processes that share the runs; the results do not depend on it. Errors: ScenarioError, StudyError.
        """
        path = Path(folder)
        kept = open_study(path) if path.exists() else create(self.file, path)
        run_study(kept, lambda: LocalEngine(kept, workers))
        return load_results(path)
