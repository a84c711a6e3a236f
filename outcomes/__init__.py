"""What came of it: the run and its folder, and the measures computed from its tables."""

from .run import Run, ScenarioInfo

__all__ = ["Run", "ScenarioInfo"]
