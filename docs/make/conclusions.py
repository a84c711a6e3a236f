"""docs/conclusions.md: which of the article's statements hold in nearly all plausible worlds, and what others hang on.

`python docs/make/conclusions.py --ensemble japan` runs each counterfactual of docs/make/conclusions.yaml and its
baseline under the sets of an ensemble, as a study that is gone on with if it is begun (`--out`), and writes the page
(`--page`). Worlds and luck are the same in all scenarios, and every difference is taken world by world.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS, PAGE = Path(__file__).with_suffix(".yaml"), ROOT / "docs" / "conclusions.md"
HOLDS, FAILS = 0.95, 0.2  # of the worlds
CLEAR = 2.0  # standard errors of a rank correlation of nothing
MOST_DECIDE = 3
VERDICTS = ("holds", "depends", "fails")
HEAD = (
    "the article", "counterfactual", "outcome", "change", "90% of worlds", "holds in", "what decides"
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A statement over the worlds. `share`: in how many it holds; `decides`: parameters by which it does, in words."""

    statement: dict[str, Any]
    label: str
    unit: str
    differences: np.ndarray
    share: float
    decides: list[str]

    @property
    def verdict(self) -> str:
        return VERDICTS[0] if self.share >= HOLDS else VERDICTS[2] if self.share <= FAILS else VERDICTS[1]


def statements() -> tuple[str, list[dict[str, Any]]]:
    """The baseline, and what is asked."""
    content = YAML(typ="safe").load(STATEMENTS.read_text(encoding="utf-8"))
    return str(content["baseline"]), list(content["statements"])


def study_text(
    baseline: str, asked: Sequence[dict[str, Any]], ensemble: str, sets: int, months: int | None, scale: float
) -> str:
    """The file of the study that makes the runs."""
    scenarios = [baseline, *dict.fromkeys(each["scenario"] for each in asked)]
    outcomes = list(dict.fromkeys(each["outcome"] for each in asked))
    lines = ["title: Conclusions over plausible worlds", "scenarios:", *(f"  - {name}" for name in scenarios)]
    lines += [f"months: {months}"] if months else []
    lines += ["set:", f"  scale: {{persons_per_record: {scale:g}}}", "  stories: {share: 0}"]
    lines += [f"uncertainty: {{ensemble: {ensemble}, sets: {sets}}}", "replicates: 1"]
    lines += ["outcomes:", *(f"  - {name}" for name in outcomes)]
    return "\n".join(lines) + "\n"


# What is found --------------------------------------------------------------------------------------------


def judge(statement: dict[str, Any], results: Any, sets: pd.DataFrame) -> Judged:
    """One statement. `results`: of the study; `sets`: a row a world, in order, its parameters."""
    from local_citizenship.experiments.studies.worlds_told import values_by_world

    matrix = results.outcome(statement["outcome"])
    cube = values_by_world(matrix).mean(axis=(2, 3))
    names = results.over_worlds.points["scenario"].tolist()
    differences = cube[names.index(statement["scenario"])] - cube[0]
    told = np.isfinite(differences)
    right = differences > 0 if statement["sign"] == "rise" else differences < 0
    share = float(right[told].mean()) if told.any() else math.nan
    decides = [] if share >= HOLDS or share <= 1.0 - HOLDS else deciding(differences[told], sets[told])
    return Judged(statement, matrix.label, matrix.unit, differences[told], share, decides)


def deciding(differences: np.ndarray, sets: pd.DataFrame) -> list[str]:
    """The parameters with which a difference goes up or down most clearly (rank correlation), in words."""
    from scipy.stats import rankdata

    found = []
    for path in sets.columns:
        number = pd.api.types.is_numeric_dtype(sets[path])
        column = sets[path].to_numpy(float) if number else pd.factorize(sets[path], sort=True)[0]
        if len(np.unique(column)) < 2 or np.ptp(differences) == 0.0:
            continue
        strength = float(np.corrcoef(rankdata(column), rankdata(differences))[0, 1])
        found.append((abs(strength), path, strength))
    least = CLEAR / math.sqrt(max(1, len(differences) - 1))
    clear = [each for each in sorted(found, reverse=True)[:MOST_DECIDE] if each[0] > least]
    return [f"`{path}` ({strength:+.2f})" for _, path, strength in clear]


def rivals(sets: pd.DataFrame, judged: Sequence[Judged]) -> Iterator[tuple[str, str, str, str]]:
    """Rival rules: path, value, its share of the worlds, and statements that hold in another share of them by 20 points
    or more."""
    for path in sets.columns:
        values = sets[path].unique()
        if not 1 < len(values) <= 4:
            continue
        for value in sorted(values, key=str):
            chosen = (sets[path] == value).to_numpy()
            unlike = []
            for each in judged:
                if len(each.differences) == len(chosen) and 0 < chosen.sum() < len(chosen):
                    right = each.differences > 0 if each.statement["sign"] == "rise" else each.differences < 0
                    here, there = float(right[chosen].mean()), float(right[~chosen].mean())
                    if here - there >= 0.2:
                        shares = f"{100 * here:.0f}%, not {100 * there:.0f}%"
                        unlike.append(f"{each.statement['scenario']}: {each.label} ({shares})")
            yield path, str(value), f"{100 * chosen.mean():.0f}%", "; ".join(unlike) or "none"


# The page -------------------------------------------------------------------------------------------------


def page(
    results: Any, sets: pd.DataFrame, asked: Sequence[dict[str, Any]], ensemble: str, command: str
) -> str:
    """docs/conclusions.md."""
    from local_citizenship.experiments.intervals import weighted_quantiles
    from local_citizenship.experiments.studies.plots.labels import change_text
    from local_citizenship.scenarios.markdown import markdown_table

    judged = [judge(each, results, sets) for each in asked]
    lines = [
        "# Conclusions over the plausible worlds",
        "",
        f"Each statement was tried in {len(sets)} plausible worlds (ensemble {ensemble}; see "
        "[calibration](calibration.md)), with the same sets of parameters and the same luck on both sides. A statement "
        "**holds** if it does in 95% of the worlds or more, **fails** if in 20% or fewer, and else **depends**. What "
        "decides: parameters with whose value the change goes up (+) or down (−) most clearly, by rank correlation. "
        "One run a world: luck is in the shares.",
        "",
        "Made by:",
        "",
        f"    {command}",
        "",
    ]
    for verdict in VERDICTS:
        rows = []
        for each in (each for each in judged if each.verdict == verdict):
            low, high = weighted_quantiles(
                each.differences, np.full(len(each.differences), 1 / len(each.differences)), (0.05, 0.95)
            )
            ends = " to ".join(change_text(float(end), each.unit) for end in (low, high))
            mean = change_text(float(each.differences.mean()), each.unit)
            rows.append(
                (
                    each.statement["says"], f"`{each.statement['scenario']}`", each.label, mean, ends,
                    f"{100 * each.share:.0f}%", ", ".join(each.decides),
                )
            )  # fmt: skip
        lines += [f"## {verdict.capitalize()}: {len(rows)} of {len(judged)}", ""]
        lines += [markdown_table(HEAD, rows) if rows else "None.", ""]
    found = list(rivals(sets, judged))
    if found:
        head = ("rule", "value", "share of worlds", "statements that hold here and less elsewhere")
        shares = "Their shares are those of the ensemble: what the observations make of them."
        lines += ["## Rival rules", "", shares, "", markdown_table(head, found), ""]
    return "\n".join(lines)


def sets_of(study: Any) -> pd.DataFrame:
    """The parameters of each world of a study, in its order."""
    factor = study.worlds.factors[0]
    return pd.DataFrame([dict(factor.alternatives[name]) for name in factor.values])


def main() -> None:
    """Do what is missing of the runs, and write the page."""
    from local_citizenship.experiments.studies.folder import create, open_study
    from local_citizenship.experiments.studies.running import LocalEngine, run_study
    from local_citizenship.experiments.studies.tables import load_results

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--ensemble", default="japan", help="a shipped one, or a folder (default %(default)s)"
    )
    parser.add_argument("--sets", type=int, default=100, help="worlds (default %(default)s)")
    parser.add_argument("--months", type=int, help="of each run (default: the scenarios')")
    parser.add_argument("--scale", type=float, default=20.0, help="persons a record (default %(default)s)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--baseline", help="instead of the one of conclusions.yaml")
    parser.add_argument(
        "--out", type=Path, default=Path("studies/conclusions"), help="the runs (default %(default)s)"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page (default docs/conclusions.md)")
    asked = parser.parse_args()
    baseline, wanted = statements()
    ensemble = str(Path(asked.ensemble).resolve()) if Path(asked.ensemble).is_dir() else asked.ensemble
    text = study_text(asked.baseline or baseline, wanted, ensemble, asked.sets, asked.months, asked.scale)
    if not asked.out.is_dir():
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        file = asked.out.with_suffix(".yaml")
        file.write_text(text, encoding="utf-8")
        create(file, asked.out)
    study = open_study(asked.out)
    run_study(study, lambda: LocalEngine(study, asked.workers))
    told = page(
        load_results(asked.out), sets_of(study.study), wanted, Path(asked.ensemble).name,
        f"python docs/make/conclusions.py --ensemble {Path(asked.ensemble).name} --sets {asked.sets}",
    )  # fmt: skip
    asked.page.write_text(told + "\n", encoding="utf-8", newline="\n")
    print(f"Wrote {asked.page}.")


if __name__ == "__main__":
    main()
