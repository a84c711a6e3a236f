"""A little of `benchmarks/fuzz.py`: whatever a file, a table, a request or a folder holds, nobody sees a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmark_modules import benchmark_module
from hypothesis import HealthCheck, Phase, given, seed, settings

case_module = benchmark_module("fuzzing.case")
fuzz = benchmark_module("fuzz")
# So many of each kind as take a few seconds; always the same ones, and made smaller only where one fails.
CASES = {"scenario": 30, "study": 12, "places": 25, "http": 80, "folder": 12}


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_nothing_ends_in_a_traceback(kind: str) -> None:
    """Hypothesis makes a failing case as small as can be; its verdict says the rest."""
    module, statuses = fuzz.module_of(kind), set()

    @seed(12)
    @settings(max_examples=CASES[kind], database=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))  # fmt: skip
    @given(module.cases())
    def tried(case: object) -> None:
        verdict = case_module.tried(case, module.trial)
        statuses.update(step.status for step in verdict.steps)
        assert not verdict.fault, verdict.details

    tried()
    assert statuses >= ({200, 400} if kind == "http" else {0, 2})  # some sound, some refused
