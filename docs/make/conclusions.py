"""docs/conclusions.md: which of the article's statements hold in nearly all plausible worlds, and what others hang on.

`python docs/make/conclusions.py --ensemble japan` runs each counterfactual of docs/make/conclusions.yaml and what it is
held against under the sets of an ensemble, as a study that is gone on with if it is begun (`--out`), and writes the
page (`--page`). Worlds and luck are the same in all scenarios, and every difference is taken world by world.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

sys.path.append(str(Path(__file__).parent))  # its neighbour is found by `python -P` too

from calibrated import choices_of, text_of

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS, PAGE = Path(__file__).with_suffix(".yaml"), ROOT / "docs" / "conclusions.md"
HOLDS, FAILS = 0.95, 0.2  # of the worlds
ODDS = 0.05  # of taking any parameter of a statement for one that decides, where none does
MOST_DECIDE = 3
VERDICTS = ("holds", "depends", "fails")
HEAD = (
    "what is expected", "counterfactual", "outcome", "change", "90% of worlds", "holds in", "what decides"
)  # fmt: skip
NEEDED = ("scenario", "outcome", "sign", "quote", "says", "fails_if")
OPTIONAL = ("against", "with", "against_with", "held")
SIGNS = ("rise", "fall")
Settings = dict[str, Any]  # path of a parameter -> value


@dataclass(frozen=True)
class Judged:
    """A statement over the worlds. `told`: a mask of those whose runs tell its outcome, and `differences` theirs;
    `share`: in how many of them it holds; `moves`: parameters with which the change goes up or down, and their rank
    correlations, the strongest first."""

    statement: dict[str, Any]
    label: str
    unit: str
    differences: np.ndarray
    told: np.ndarray
    share: float
    moves: list[tuple[str, float]]

    @property
    def verdict(self) -> str:
        return VERDICTS[0] if self.share >= HOLDS else VERDICTS[2] if self.share <= FAILS else VERDICTS[1]

    @property
    def decides(self) -> list[str]:
        """The parameters that decide whether it holds, in words; none where nearly all worlds agree."""
        if self.share >= HOLDS or self.share <= 1.0 - HOLDS:
            return []
        return [f"`{path}` ({strength:+.2f})" for path, strength in self.moves[:MOST_DECIDE]]


@dataclass(frozen=True)
class World:
    """A scenario, and what is set besides."""

    scenario: str
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """As the study calls it, and as its file is called where something is set."""
        parts = [f"{path}-{value}" for path, value in self.settings]
        return "-".join([self.scenario, *parts]).replace(".", "-")

    @property
    def told(self) -> str:
        """As the page calls it."""
        return " ".join([f"`{self.scenario}`", *(f"`{path}={value}`" for path, value in self.settings)])

    def text(self) -> str:
        """Its scenario file."""
        lines = [f"extends: {self.scenario}", f"title: {self.name}"]
        for path, value in self.settings:
            *sections, last = path.split(".")
            lines.append(
                "".join(f"{each}: {{" for each in sections) + f"{last}: {value}" + "}" * len(sections)
            )
        return "\n".join(lines) + "\n"


def statements() -> tuple[str, list[dict[str, Any]]]:
    """The baseline, and what is asked."""
    content = YAML(typ="safe").load(STATEMENTS.read_text(encoding="utf-8"))
    return str(content["baseline"]), list(content["statements"])


def worlds_of(statement: dict[str, Any], baseline: str) -> tuple[World, World]:
    """What a statement sets side by side: the counterfactual, and what it is held against."""

    def world(scenario: str, own: str) -> World:
        settings: Settings = {**statement.get("held", {}), **statement.get(own, {})}
        return World(scenario, tuple(settings.items()))

    against = str(statement.get("against", baseline))
    return world(str(statement["scenario"]), "with"), world(against, "against_with")


def study_text(
    baseline: str, asked: Sequence[dict[str, Any]], ensemble: str, sets: int, months: int | None, scale: float
) -> str:
    """The file of the study that makes the runs; scenarios with something set lie beside it (`scenario_files`)."""
    worlds = dict.fromkeys([World(baseline), *(each for one in asked for each in worlds_of(one, baseline))])
    outcomes = list(dict.fromkeys(each["outcome"] for each in asked))
    lines = ["title: Conclusions over plausible worlds", "scenarios:"]
    lines += [f"  - {each.name}.yaml" if each.settings else f"  - {each.name}" for each in worlds]
    lines += [f"months: {months}"] if months else []
    lines += ["set:", f"  scale: {{persons_per_record: {scale:g}}}", "  stories: {share: 0}"]
    lines += [f"uncertainty: {{ensemble: {ensemble}, sets: {sets}}}", "replicates: 1"]
    lines += ["outcomes:", *(f"  - {name}" for name in outcomes)]
    return "\n".join(lines) + "\n"


def scenario_files(baseline: str, asked: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The scenario files that lie beside the study: name -> text."""
    worlds = [each for one in asked for each in worlds_of(one, baseline)]
    return {f"{each.name}.yaml": each.text() for each in worlds if each.settings}


# What is found --------------------------------------------------------------------------------------------


def judge(statement: dict[str, Any], results: Any, sets: pd.DataFrame, baseline: str) -> Judged:
    """One statement. `results`: of the study; `sets`: a row a world, in order, its parameters."""
    from local_citizenship.experiments.studies.parts import change
    from local_citizenship.experiments.studies.worlds_told import values_by_world

    matrix = results.outcome(statement["outcome"])
    cube = values_by_world(matrix).mean(axis=(2, 3))
    names = results.over_worlds.points["scenario"].tolist()
    one, other = (cube[names.index(each.name)] for each in worlds_of(statement, baseline))
    differences = change(other, one)
    told = np.isfinite(differences)
    right = holds(statement, differences)
    share = float(right[told].mean()) if told.any() else math.nan
    moves = deciding(differences[told], sets[told]) if told.any() else []
    return Judged(statement, matrix.label, matrix.unit, differences[told], told, share, moves)


def holds(statement: dict[str, Any], differences: np.ndarray) -> np.ndarray:
    """In which worlds (a mask) a statement holds, by its difference there."""
    return differences > 0 if statement["sign"] == "rise" else differences < 0


def deciding(differences: np.ndarray, sets: pd.DataFrame) -> list[tuple[str, float]]:
    """The parameters with which a difference goes up or down beyond chance (normal approximation, as many as are looked
    at), and their rank correlations, the strongest first."""
    from scipy.stats import rankdata

    found = []
    for path in sets.columns:
        number = pd.api.types.is_numeric_dtype(sets[path])
        column = sets[path].to_numpy(float) if number else pd.factorize(sets[path], sort=True)[0]
        if len(np.unique(column)) < 2 or np.ptp(differences) == 0.0:
            continue
        strength = float(np.corrcoef(rankdata(column), rankdata(differences))[0, 1])
        found.append((abs(strength), path, strength))
    each_odds = ODDS / 2.0 / max(1, len(found))
    least = NormalDist().inv_cdf(1.0 - each_odds) / math.sqrt(max(1, len(differences) - 1))
    return [(path, strength) for size, path, strength in sorted(found, reverse=True) if size > least]


def rivals(
    sets: pd.DataFrame, judged: Sequence[Judged], known: pd.DataFrame
) -> Iterator[tuple[str, str, str, str, str]]:
    """Rival rules: path, value, its share before and after, and statements that hold here in a share of the worlds that
    is larger by 20 points or more, and beyond chance (Fisher's exact test, as many as are looked at). `known`: the
    ensemble's table of parameters."""
    from scipy.stats import fisher_exact

    tried = max(1, len(judged) * sum(len(values) for _, values in choices_of(known).items()))
    for path, values in choices_of(known).items():
        column = sets[path].map(text_of)
        for value in values:
            chosen = (column == text_of(value)).to_numpy()
            unlike = []
            for each in judged:
                own = chosen[each.told]
                if 0 < own.sum() < len(own):
                    right = holds(each.statement, each.differences)
                    here, there = float(right[own].mean()), float(right[~own].mean())
                    counts = [[int(right[side].sum()), int((~right[side]).sum())] for side in (own, ~own)]
                    if here - there >= 0.2 and fisher_exact(counts, "greater").pvalue <= ODDS / tried:
                        shares = f"{100 * here:.0f}%, not {100 * there:.0f}%"
                        unlike.append(f"{each.statement['scenario']}: {each.label} ({shares})")
            before, after = (f"{100 * share:.0f}%" for share in (1 / len(values), chosen.mean()))
            yield f"`{path}`", value, before, after, "; ".join(unlike) or "none"


def to_measure(judged: Sequence[Judged], known: pd.DataFrame) -> Iterator[tuple[str, str, str, str, str]]:
    """Parameters that decide statements and are not learned, those first with which most change clearly: path, what it
    is, how many changes go with it, which statements it decides, what was learned of it."""
    told = known.set_index("parameter")
    moved = {
        path: [each for each in judged if path in dict(each.moves)]
        for path in told.index[told["verdict"] != "learned"]
    }
    for path, changed in sorted(moved.items(), key=lambda item: -len(item[1])):
        if changed:
            decided = [each for each in changed if any(path in words for words in each.decides)]
            names = dict.fromkeys(f"{each.statement['scenario']}: {each.label}" for each in decided)
            yield (
                f"`{path}`", str(told["label"][path]), f"{len(changed)} of {len(judged)}", "; ".join(names) or "none",
                str(told["verdict"][path]),
            )  # fmt: skip


# The page -------------------------------------------------------------------------------------------------


def page(
    results: Any,
    sets: pd.DataFrame,
    asked: Sequence[dict[str, Any]],
    known: pd.DataFrame,
    *,
    baseline: str,
    ensemble: str,
    command: str,
) -> str:
    """docs/conclusions.md. `known`: the ensemble's table of parameters; `ensemble`: its name and version."""
    from local_citizenship.experiments.intervals import weighted_quantiles
    from local_citizenship.experiments.studies.plots.labels import change_text
    from local_citizenship.scenarios.markdown import markdown_table

    judged = [judge(each, results, sets, baseline) for each in asked]
    lines = [
        "# Conclusions over the plausible worlds",
        "",
        f"Each statement was tried in {len(sets)} plausible worlds ({ensemble}; see [calibration](calibration.md)), "
        "with the same sets of parameters and the same luck on both sides. A statement **holds** if it does in 95% of "
        "the worlds or more, **fails** if in 20% or fewer, and else **depends**. What decides: parameters with whose "
        "value the change goes up (+) or down (−), by rank correlation, beyond what chance makes of so many of them. "
        "One run a world: luck is in the shares. What the article says, and what could make each statement fail, "
        "stands at the end; it was written before there was an answer.",
        "",
        "Made by:",
        "",
        f"    {command}",
        "",
    ]
    for verdict in VERDICTS:
        rows = []
        for each in (each for each in judged if each.verdict == verdict):
            count = len(each.differences)
            ends, mean, share = "", "not told by any run", ""
            if count:
                quantiles = weighted_quantiles(each.differences, np.full(count, 1 / count), (0.05, 0.95))
                ends = " to ".join(change_text(float(end), each.unit) for end in quantiles)
                mean, share = (
                    change_text(float(each.differences.mean()), each.unit),
                    f"{100 * each.share:.0f}%",
                )
            pair = pair_of(each.statement, baseline)
            rows.append(
                (
                    each.statement["says"], pair, each.label, mean, ends, share,
                    ", ".join(each.decides),
                )
            )  # fmt: skip
        lines += [f"## {verdict.capitalize()}: {len(rows)} of {len(judged)}", ""]
        lines += [markdown_table(HEAD, rows) if rows else "None.", ""]
    head = ("rule", "value", "share before", "share after", "statements that hold here and less elsewhere")
    words = "Their weights, as believed before and as the observations leave them."
    lines += ["## Rival rules", "", words, "", *_table(head, rivals(sets, judged, known)), ""]
    head = ("parameter", "what it is", "changes that go with it", "statements that it decides", "so far")
    words = "Parameters on which most rests, of those of whose prior the calibration left more than half the spread."
    lines += [
        "## What would have to be measured",
        "",
        words,
        "",
        *_table(head, to_measure(judged, known)),
        "",
    ]
    return "\n".join([*lines, *what_is_asked(asked, baseline)])


def what_is_asked(asked: Sequence[dict[str, Any]], baseline: str) -> list[str]:
    """The part of the page that stands before any run is made."""
    head = ("the article", "what is expected", "counterfactual", "outcome", "it fails if")
    rows = [
        (
            f"“{each['quote']}”", each["says"], pair_of(each, baseline),
            f"{each['outcome']} {'rises' if each['sign'] == 'rise' else 'falls'}", each["fails_if"],
        )
        for each in asked
    ]  # fmt: skip
    return ["## What the article says, and what could turn it", "", *_table(head, rows)]


def page_before(asked: Sequence[dict[str, Any]], baseline: str, command: str) -> str:
    """docs/conclusions.md as long as nothing has been run."""
    lines = [
        "# Conclusions over the plausible worlds",
        "",
        "Not run yet: this waits for an ensemble of the model's present rules. What will be asked of it stands below, "
        "written before there was an answer. It is made by:",
        "",
        f"    {command}",
        "",
    ]
    return "\n".join([*lines, *what_is_asked(asked, baseline)])


def pair_of(statement: dict[str, Any], baseline: str) -> str:
    """What a statement sets side by side, in words."""
    one, other = worlds_of(statement, baseline)
    return one.told if other.name == baseline else f"{one.told} against {other.told}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    from local_citizenship.scenarios.markdown import markdown_table

    kept = list(rows)
    return [markdown_table(head, kept) if kept else "None."]


def sets_of(study: Any) -> pd.DataFrame:
    """The parameters of each world of a study, in its order."""
    factor = study.worlds.factors[0]
    return pd.DataFrame([dict(factor.alternatives[name]) for name in factor.values])


def main() -> None:
    """Do what is missing of the runs, and write the page."""
    from local_citizenship.experiments.studies.ensembles import find_ensemble, load_ensemble
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
    parser.add_argument("--asked", action="store_true", help="only write what is asked: make no run")
    parser.add_argument(
        "--out", type=Path, default=Path("studies/conclusions"), help="the runs (default %(default)s)"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page (default docs/conclusions.md)")
    asked = parser.parse_args()
    baseline, wanted = statements()
    baseline = asked.baseline or baseline
    name = Path(asked.ensemble).name
    command = f"python docs/make/conclusions.py --ensemble {name} --sets {asked.sets}"
    if asked.asked:
        write(asked.page, page_before(wanted, baseline, command))
        return
    ensemble = str(Path(asked.ensemble).resolve()) if Path(asked.ensemble).is_dir() else asked.ensemble
    place = find_ensemble(asked.ensemble)
    text = study_text(baseline, wanted, ensemble, asked.sets, asked.months, asked.scale)
    if not asked.out.is_dir():
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        for name, content in scenario_files(baseline, wanted).items():
            (asked.out.parent / name).write_text(content, encoding="utf-8")
        file = asked.out.with_suffix(".yaml")
        file.write_text(text, encoding="utf-8")
        create(file, asked.out)
    study = open_study(asked.out)
    run_study(study, lambda: LocalEngine(study, asked.workers))
    told = page(
        load_results(asked.out),
        sets_of(study.study),
        wanted,
        pd.read_csv(place / "parameters.csv", dtype=str, keep_default_na=False),
        baseline=baseline,
        ensemble=load_ensemble(place).told,
        command=command,
    )
    write(asked.page, told)


def write(file: Path, text: str) -> None:
    """The page, and a word of it."""
    file.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"Wrote {file}.")


if __name__ == "__main__":
    main()
