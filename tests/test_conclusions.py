"""docs/make/conclusions.py: statements over plausible worlds, judged by what was made up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scripts import script

from local_citizenship.experiments.studies.read_study import read_study
from local_citizenship.experiments.studies.results import StudyResults
from local_citizenship.outcomes.headline import HEADLINES
from local_citizenship.scenarios import list_scenarios

WORLDS = 40


@pytest.fixture(scope="module")
def tool() -> Any:
    return script("docs/make/conclusions.py")


def sets_made() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "fear.weight": rng.uniform(0, 10, WORLDS),
            "fear.talk": rng.uniform(0, 1, WORLDS),
            "city.adoption": np.where(np.arange(WORLDS) % 4 == 0, "threshold", "contagion"),
        }
    )


def results_made(sets: pd.DataFrame) -> StudyResults:
    """`firewall` always helps, `no-ngos` never does, and `crackdown` hurts where fear is above 5."""
    rng = np.random.default_rng(2)
    luck = rng.normal(0.0, 0.05, WORLDS)
    fear = sets["fear.weight"].to_numpy()
    by_scenario = {
        "japan": 0.4 + luck,
        "firewall": 0.45 + luck,
        "no-ngos": 0.3 + luck,
        "crackdown": 0.4 + luck - 0.01 * (fear - 5.0),
    }
    points = [(s, f"set {n}") for s in by_scenario for n in range(WORLDS)]
    values = np.concatenate([*by_scenario.values()])
    number = range(len(points))
    return StudyResults(
        name="made",
        title="Made",
        design="list",
        points=pd.DataFrame(
            {"point": number, "scenario": [s for s, _ in points], "ensemble": [w for _, w in points]}
        ),
        runs=pd.DataFrame(
            {
                "point": number,
                "replicate": 0,
                "seed": [n % WORLDS for n in number],
                "error": "",
                "command": "",
            }
        ),
        values=pd.DataFrame(
            {"point": number, "replicate": 0, "outcome": "needs_met", "year": -1, "value": values}
        ),
        outcomes=pd.DataFrame({"outcome": ["needs_met"], "label": ["Needs met"], "unit": ["share of needs"]}),
        factors=pd.DataFrame({"factor": ["ensemble"], "role": ["uncertainty"], "label": ["Plausible set"]}),
        worlds=("ensemble",),
    )


ASKED = [
    {"scenario": "firewall", "outcome": "needs_met", "sign": "rise", "says": "A firewall helps"},
    {"scenario": "no-ngos", "outcome": "needs_met", "sign": "rise", "says": "NGOs are of no use"},
    {"scenario": "crackdown", "outcome": "needs_met", "sign": "fall", "says": "Fear keeps people away"},
]


def test_statements_are_judged(tool: Any) -> None:
    sets = sets_made()
    found = [tool.judge(each, results_made(sets), sets) for each in ASKED]
    assert [each.verdict for each in found] == ["holds", "fails", "depends"]
    assert found[0].differences == pytest.approx(np.full(WORLDS, 0.05))  # luck is the same on both sides
    assert found[2].share == pytest.approx(float((sets["fear.weight"] > 5).mean()))
    assert found[2].decides[0] == "`fear.weight` (-1.00)"
    assert not found[0].decides


def test_the_page_tells_verdicts_and_rivals(tool: Any) -> None:
    sets = sets_made()
    text = tool.page(results_made(sets), sets, ASKED, "made-up", "python docs/make/conclusions.py")
    assert "## Holds: 1 of 3" in text
    assert "## Fails: 1 of 3" in text
    assert "`fear.weight` (-1.00)" in text
    assert "| city.adoption | contagion | 75% |" in text
    assert "| A firewall helps | `firewall` | Needs met | +5.0 points |" in text


def test_what_is_asked_is_there(tool: Any, tmp_path: Path) -> None:
    baseline, asked = tool.statements()
    shipped = {name for name, *_ in list_scenarios()}
    assert baseline in shipped
    assert {each["scenario"] for each in asked} <= shipped
    assert {each["outcome"] for each in asked} <= set(HEADLINES)
    assert {each["sign"] for each in asked} == {"rise", "fall"}
    assert len({each["scenario"] for each in asked}) >= 14
    text = tool.study_text(baseline, asked, "nowhere", 20, None, 20)
    file = tmp_path / "conclusions.yaml"
    file.write_text("".join(line for line in text.splitlines(keepends=True) if "uncertainty" not in line))
    study = read_study(file)
    assert study.scenarios[0].name == baseline
    assert study.replicates.most == 1


def test_worlds_are_told_in_the_order_of_the_study(tool: Any) -> None:
    factor = SimpleNamespace(
        values=("set 3", "set 1"),
        alternatives={"set 1": (("fear.weight", 1.0),), "set 3": (("fear.weight", 3.0),)},
    )
    study = SimpleNamespace(worlds=SimpleNamespace(factors=(factor,)))
    assert tool.sets_of(study)["fear.weight"].tolist() == [3.0, 1.0]
