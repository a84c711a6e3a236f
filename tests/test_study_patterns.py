"""A study may keep what a pattern observes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from study_tools import made, made_and_ran

from local_citizenship.experiments.patterns import PATTERNS
from local_citizenship.experiments.studies.kept import pattern_outcome
from local_citizenship.experiments.studies.tables import load_results
from local_citizenship.scenarios import ScenarioError

TEXT = """\
scenarios: two-towns
months: 12
replicates: 1
outcomes: [needs_met, P31.moving a year, P32a, {measure: P11.leaving a year, name: leaving}]
"""


def test_it_is_kept_or_missing_where_a_run_cannot_tell(tmp_path: Path) -> None:
    study = made_and_ran(tmp_path, TEXT)
    values = load_results(study.path).values.set_index("outcome")["value"]
    assert set(values.index) == {"needs_met", "P31.moving a year", "P32a.undocumented", "leaving"}
    assert 0 < values["P31.moving a year"] < 1
    assert math.isnan(values["P32a.undocumented"])  # in 2004, which this run does not reach


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("P11.leaving a yaer", "did you mean 'leaving a year'?"),
        ("P05", "the pattern P05 has no part ''; it has peak year, 2004 to peak, peak"),
        ("P30", "the pattern P30 compares several runs"),
    ],
)
def test_mistakes(tmp_path: Path, name: str, said: str) -> None:
    several = next(each.id for each in PATTERNS.values() if len(each.observers) > 1)
    with pytest.raises(ScenarioError) as error:
        made(tmp_path, TEXT.replace("P32a", name.replace("P30", several)))
    assert said.replace("P30", several) in str(error.value)


def test_other_outcomes_are_left_alone() -> None:
    assert pattern_outcome("needs_met") is None
    assert pattern_outcome("E3.served_of_needs") is None
