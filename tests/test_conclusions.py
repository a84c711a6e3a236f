"""docs/make/conclusions.py: statements over plausible worlds, judged by what was made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML
from scripts import ROOT, script

from local_citizenship.experiments.studies.read_study import read_study
from local_citizenship.experiments.studies.results import StudyResults
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.scenarios import list_scenarios

WORLDS = 40
SCENARIOS = ROOT / "scenarios"


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
            "moving.chain": np.where(np.arange(WORLDS) < 0, 1.3, 1),  # 1 as a packed ensemble has 1.0
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
    {
        "scenario": scenario, "outcome": "needs_met", "sign": sign, "says": says, "quote": "as it says",
        "fails_if": "something else",
    }
    for scenario, sign, says in (
        ("firewall", "rise", "A firewall helps"),
        ("no-ngos", "rise", "NGOs are of no use"),
        ("crackdown", "fall", "Fear keeps people away"),
    )
]  # fmt: skip
PARAMETERS = ("fear.weight", "fear.talk", "city.adoption", "moving.chain")


def known_of() -> pd.DataFrame:
    """An ensemble's table of parameters, as far as it is asked for."""
    priors = (
        "median 8 (why)",
        "median 0.5 (why)",
        "contagion or threshold, as likely (a)",
        "1.0 or 1.3, as likely (a)",
    )
    verdicts = ("partly", "learned", "not learned", "learned")
    columns = {"parameter": PARAMETERS, "label": PARAMETERS, "prior": priors, "verdict": verdicts}
    return pd.DataFrame(columns)


def judged_of(tool: Any, results: StudyResults, asked: Sequence[dict[str, Any]]) -> list[Any]:
    """As the tool does: a table of changes, and statements judged by its rows."""
    table = tool.changes(results, asked, "japan")
    return [tool.judge(each, table.loc[number], sets_made()) for number, each in enumerate(asked)]


def test_statements_are_judged(tool: Any) -> None:
    sets = sets_made()
    found = judged_of(tool, results_made(sets), ASKED)
    assert [each.verdict for each in found] == ["holds", "fails", "depends"]
    assert found[0].differences == pytest.approx(np.full(WORLDS, 0.05))  # luck is the same on both sides
    assert found[2].share == pytest.approx(float((sets["fear.weight"] > 5).mean()))
    assert found[2].decides[0] == "`fear.weight` (-1.00)"
    assert not found[0].decides


def test_two_counterfactuals_are_set_side_by_side(tool: Any) -> None:
    sets = sets_made()
    asked = ASKED[0] | {"against": "no-ngos"}
    (found,) = judged_of(tool, results_made(sets), [asked])
    assert found.differences == pytest.approx(np.full(WORLDS, 0.15))


def test_an_outcome_of_a_group_in_a_year_is_found(tool: Any) -> None:
    """A study calls it by another name than the statement does."""
    results, name = results_made(sets_made()), "E3.served_of_needs overstayer 2004"
    of_group = replace(
        results,
        values=results.values.assign(outcome=name, year=2004),
        outcomes=results.outcomes.assign(outcome=name),
    )
    (found,) = judged_of(tool, of_group, [ASKED[0] | {"outcome": "E3.served_of_needs[overstayer] 2004"}])
    assert found.differences == pytest.approx(np.full(WORLDS, 0.05))


def test_chance_decides_nothing(tool: Any) -> None:
    """Of 30 parameters that do nothing, hardly one is taken for one that decides."""
    rng = np.random.default_rng(4)
    sets = pd.DataFrame(rng.random((WORLDS, 30)), columns=[f"p{n}" for n in range(30)])
    taken = [len(tool.deciding(rng.normal(size=WORLDS), sets)) for _ in range(40)]
    assert sum(taken) <= 5
    assert [path for path, _ in tool.deciding(sets["p7"].to_numpy(), sets)] == ["p7"]


def test_what_no_run_can_tell_is_said(tool: Any) -> None:
    sets, results = sets_made(), results_made(sets_made())
    points = results.points.set_index("point")["scenario"]
    silent = results.values["point"].map(points) == "firewall"
    results = replace(results, values=results.values.assign(value=results.values["value"].mask(silent)))
    words = {"baseline": "japan", "ensemble": "made-up", "command": "python docs/make/conclusions.py"}
    text = tool.page(judged_of(tool, results, ASKED[:1]), sets, known_of(), **words)
    assert "| A firewall helps | `firewall` | Needs met | not told by any run |" in text
    assert "## Depends: 1 of 1" in text


def told(tool: Any) -> str:
    sets = sets_made()
    words = {
        "baseline": "japan",
        "ensemble": "ensemble made-up",
        "command": "python docs/make/conclusions.py",
    }
    return str(tool.page(judged_of(tool, results_made(sets), ASKED), sets, known_of(), **words))


def test_the_page_tells_verdicts_and_rivals(tool: Any) -> None:
    text = told(tool)
    assert "## Holds: 1 of 3" in text
    assert "## Fails: 1 of 3" in text
    assert "`fear.weight` (-1.00)" in text
    assert "| A firewall helps | `firewall` | Needs met | +5.00 points |" in text
    assert "| “as it says” | A firewall helps | `firewall` | needs_met rises | something else |" in text
    assert "ensemble made-up" in text


def test_a_rival_that_was_ruled_out_is_told(tool: Any) -> None:
    text = told(tool)
    assert "| `city.adoption` | contagion | 50% | 75% |" in text
    assert "| `moving.chain` | 1.0 | 50% | 100% |" in text
    assert "| `moving.chain` | 1.3 | 50% | 0% |" in text


def test_a_rule_under_which_a_statement_holds_more_often_is_told_beyond_chance(tool: Any) -> None:
    """Also where some worlds can't tell; and not where a few worlds differ by luck."""
    sets = sets_made()
    rule = (sets["city.adoption"] == "threshold").to_numpy()
    told = np.arange(WORLDS) % 5 != 1
    statement = {"scenario": "firewall", "sign": "rise"}

    def judged(differences: np.ndarray, known: np.ndarray) -> Any:
        return tool.Judged(statement, "Needs met", "share", differences[known], known, 0.5, [])

    with_rule = judged(np.where(rule, 1.0, -1.0), told)
    rows = [row for row in tool.rivals(sets, [with_rule], known_of()) if row[1] == "threshold"]
    assert rows[0][4] == "firewall: Needs met (100%, not 0%)"
    few = np.flatnonzero(rule)[:1].tolist() + np.flatnonzero(~rule)[:2].tolist()
    alone = judged(np.where(rule, 1.0, -1.0), np.isin(np.arange(WORLDS), few))
    assert all(row[4] == "none" for row in tool.rivals(sets, [alone], known_of()))


def test_what_would_have_to_be_measured(tool: Any) -> None:
    """What decides and is not learned; neither what is learned nor what decides nothing."""
    part = (
        told(tool).partition("## What would have to be measured")[2].partition("## What the article says")[0]
    )
    assert "| `fear.weight` | fear.weight | 1 of 3 | crackdown: Needs met | partly |" in part
    assert "fear.talk" not in part
    assert "city.adoption" not in part


def test_what_is_asked_is_there(tool: Any, tmp_path: Path) -> None:
    baseline, asked = tool.statements()
    shipped = {name for name, *_ in list_scenarios()}
    assert baseline in shipped
    for each in asked:
        assert set(tool.NEEDED) <= set(each) <= {*tool.NEEDED, *tool.OPTIONAL}
        assert {each["scenario"], each.get("against", baseline)} <= shipped
        assert each["sign"] in tool.SIGNS
        assert OutcomeSpec.parse(each["outcome"])
        one, other = tool.worlds_of(each, baseline)
        assert one != other
    text = tool.study_text(baseline, asked, "nowhere", 20, None, 20)
    for name, content in tool.scenario_files(baseline, asked).items():
        (tmp_path / name).write_text(content)
    file = tmp_path / "conclusions.yaml"
    file.write_text("".join(line for line in text.splitlines(keepends=True) if "uncertainty" not in line))
    study = read_study(file)
    assert study.scenarios[0].name == baseline
    assert study.replicates.most == 1
    held = next(each for each in study.scenarios if each.name == "japan-enforcement-borne-1")
    assert held.parameters.enforcement.borne == 1.0
    assert {each.name for each in study.scenarios} == {
        world.name for each in asked for world in (tool.World(baseline), *tool.worlds_of(each, baseline))
    }


def test_page_and_readme_are_made_of_the_table(tool: Any) -> None:
    """And the statements are those of conclusions.yaml."""
    baseline, asked = tool.statements()
    text, words = tool.made(pd.read_csv(tool.PAGE.with_suffix(".csv")), asked, baseline, "japan")
    assert text + "\n" == tool.PAGE.read_text(encoding="utf-8"), "conclusions.py --again"
    readme = tool.README.read_text(encoding="utf-8")
    assert tool.readme_with(readme, words, tool.MARK) == readme, "conclusions.py --again"


def test_a_table_of_another_ensemble_is_refused_but_not_one_of_other_code_that_makes_the_same(
    tool: Any,
) -> None:
    baseline, asked = tool.statements()
    table = pd.read_csv(tool.PAGE.with_suffix(".csv"))
    name, _, sets = tool.version_of("japan").split(", ")
    column = tool.MADE[0]
    same = tool.made(table.assign(**{column: f"{name}, rules' hash 0, {sets}"}), asked, baseline, "japan")
    assert same == tool.made(table, asked, baseline, "japan")
    with pytest.raises(SystemExit, match="leave --again out"):
        tool.made(table.assign(**{column: f"{name}, rules' hash 0, sets 0"}), asked, baseline, "japan")


def test_a_table_of_other_statements_is_refused(tool: Any) -> None:
    table = tool.changes(results_made(sets_made()), ASKED, "japan")
    with pytest.raises(SystemExit, match="leave --again out"):
        tool.made(table, ASKED[:2], "japan", "japan")


def test_what_is_said_in_the_readme_takes_no_side(tool: Any) -> None:
    judged = judged_of(tool, results_made(sets_made()), ASKED)
    words = tool.sentence(judged)
    assert "of 3 statements after the article, tried in 40 plausible worlds, 1 hold in nearly all" in words
    assert "1 in some, and 1 in few or none" in words
    with pytest.raises(SystemExit, match="worlds"):
        tool.readme_with("no place for it", words, tool.MARK)


def test_every_counterfactual_of_japan_is_asked(tool: Any) -> None:
    """The rival rule (threshold-cities) is a choice within the ensemble; the samples are Japan with fewer records."""
    asked = {each["scenario"] for each in tool.statements()[1]}
    files = {
        name: YAML(typ="safe").load((SCENARIOS / f"{name}.yaml").read_text()) for name, *_ in list_scenarios()
    }
    of_japan = {name for name, content in files.items() if content.get("extends") == "japan"}
    counterfactual = {name for name in of_japan if not {"places", "scale"} & set(files[name])}
    assert counterfactual - asked == {"threshold-cities"}
    assert len(asked) >= 14


def test_worlds_are_told_in_the_order_of_the_table(tool: Any) -> None:
    """A set of great weight stands there twice."""
    ensemble = SimpleNamespace(settings=lambda number: [("fear.weight", float(number))])
    sets = tool.sets_of(ensemble, ["set 3", "set 1", "set 3, 2"])
    assert sets["fear.weight"].tolist() == [3.0, 1.0, 3.0]
