"""What a study's folder tells those who read it."""

from __future__ import annotations

from pathlib import Path

from .folder import open_study
from .results import StudyResults
from .tables import results_of


def load_results(folder: Path) -> StudyResults:
    """The finished runs of the study in a folder, also of one not complete. Errors: StudyError, ScenarioError."""
    return results_of(open_study(Path(folder)).agenda())
