"""docs/conclusions.md: which of the article's statements hold in nearly all plausible worlds, and what others hang on.

`python docs/make/conclusions.py --ensemble japan` runs each counterfactual of docs/make/conclusions.yaml and what it is
held against under the sets of an ensemble, as a study that is gone on with if it is begun (`--out`). Worlds and luck
are the same in all scenarios, and every difference is taken world by world. They are kept in a table beside the page
(`--page`), of which `--again` makes the page, and the README's sentence, without a run.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

sys.path.append(str(Path(__file__).parent))  # its neighbour is found by `python -P` too

from calibrated import choices_of, text_of
from opening import told as readme_with

if TYPE_CHECKING:
    from local_citizenship.experiments.studies.ensembles import KeptEnsemble

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS, PAGE = Path(__file__).with_suffix(".yaml"), ROOT / "docs" / "conclusions.md"
README, MARK = ROOT / "README.md", "worlds"
HOLDS, FAILS = 0.95, 0.2  # of the worlds
ODDS = 0.05  # of taking any parameter of a statement for one that decides, where none does
MOST_DECIDE = 3
VERDICTS = ("holds", "depends", "fails")
HEAD = (
    "what is expected", "counterfactual", "outcome", "change", "90% of worlds", "holds in", "what decides"
)  # fmt: skip
NEEDED = ("scenario", "outcome", "sign", "quote", "says", "fails_if")
OPTIONAL = ("against", "with", "against_with", "held", "afterwards", "explained")
SIGNS = ("rise", "fall")
PAIR = [
    "scenario",
    "against",
    "outcome",
]  # what a row of the table is of; then its words, then a column a world
WORDS = ["label", "unit"]
MADE = ["made_with", "command"]  # the table's last columns, the same in all rows
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
    def ends(self) -> tuple[float, float]:
        """Between them lie 90% of the worlds, which are as likely as each other."""
        from local_citizenship.experiments.intervals import weighted_quantiles

        count = len(self.differences)
        low, high = weighted_quantiles(self.differences, np.full(count, 1 / count), (0.05, 0.95))
        return float(low), float(high)

    @property
    def in_words(self) -> tuple[str, str]:
        """The mean change, and between what 90% of the worlds lie."""
        from local_citizenship.outcomes.wording import change_and_interval

        return change_and_interval(float(self.differences.mean()), *self.ends, self.unit)

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


def changes(results: Any, asked: Sequence[dict[str, Any]], baseline: str) -> pd.DataFrame:
    """What is kept of a study's results: a row a statement, a column a world, as the study calls it ("set 3"); empty
    where a run can't tell."""
    from local_citizenship.experiments.studies.parts import change
    from local_citizenship.experiments.studies.worlds_told import values_by_world
    from local_citizenship.outcomes.outcome_spec import OutcomeSpec

    names = list(dict.fromkeys(results.over_worlds.points["scenario"]))
    worlds = list(dict.fromkeys(results.points["ensemble"]))
    rows = []
    for each in asked:
        matrix = results.outcome(OutcomeSpec.parse(each["outcome"]).name)
        cube = values_by_world(matrix).mean(axis=(2, 3))
        pair = worlds_of(each, baseline)
        one, other = (cube[names.index(world.name)] for world in pair)
        about = (*(world.name for world in pair), each["outcome"], matrix.label, matrix.unit)
        rows.append([*about, *change(other, one)])
    return pd.DataFrame(rows, columns=[*PAIR, *WORDS, *worlds])


def sets_of(ensemble: KeptEnsemble, worlds: Iterable[str]) -> pd.DataFrame:
    """The parameters of each world, in this order. One that stands there twice is called "set 3, 2" then."""
    numbers = [int(world.removeprefix("set ").partition(",")[0]) for world in worlds]
    return pd.DataFrame([dict(ensemble.settings(number)) for number in numbers])


def judge(statement: dict[str, Any], row: pd.Series, sets: pd.DataFrame) -> Judged:
    """One statement. `row`: of the table of `changes`; `sets`: a row a world, in order, its parameters."""
    differences = row.drop([*PAIR, *WORDS]).to_numpy(float)
    told = np.isfinite(differences)
    right = holds(statement, differences)
    share = float(right[told].mean()) if told.any() else math.nan
    moves = deciding(differences[told], sets[told]) if told.any() else []
    return Judged(statement, str(row["label"]), str(row["unit"]), differences[told], told, share, moves)


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
    judged: Sequence[Judged],
    sets: pd.DataFrame,
    known: pd.DataFrame,
    *,
    baseline: str,
    ensemble: str,
    command: str,
) -> str:
    """docs/conclusions.md. `known`: the ensemble's table of parameters; `ensemble`: its name and version."""
    from local_citizenship.outcomes.wording import is_share
    from local_citizenship.scenarios.markdown import markdown_table

    lines = [
        "# Conclusions over the plausible worlds",
        "",
        f"Each statement was tried in {len(sets)} plausible worlds ({ensemble}, of which a set of great weight stands "
        "for several; see [calibration](calibration.md)), with the same sets of parameters and the same luck on both "
        "sides. A statement **holds** if it does in 95% of the worlds or more, **fails** if in 20% or fewer, and else "
        "**depends**: on what nobody knows, or on luck, where nothing is named that "
        "decides. What decides: parameters with whose value the change goes up (+) or down (−), by rank "
        "correlation, beyond what chance makes of so many of them. One run a world: luck is in the shares. What the "
        "article says, and what could make each statement fail, stands at the end; it was written before there was "
        "an answer (but for what was asked afterwards, as it says).",
        "",
        "Made by:",
        "",
        f"    {command}",
        "",
    ]
    for verdict in VERDICTS:
        rows = []
        for each in (each for each in judged if each.verdict == verdict):
            ends, mean, share = "", "not told by any run", ""
            if len(each.differences):
                mean, ends = each.in_words
                share = f"{100 * each.share:.0f}%"
            pair = pair_of(each.statement, baseline)
            rows.append(
                (
                    said(each.statement), pair,
                    each.label if is_share(each.unit) else f"{each.label} ({each.unit})", mean, ends, share,
                    ", ".join(each.decides),
                )
            )  # fmt: skip
        lines += [f"## {verdict.capitalize()}: {len(rows)} of {len(judged)}", ""]
        lines += [markdown_table(HEAD, rows) if rows else "None.", ""]
        for statement in (each.statement for each in judged if each.verdict == verdict):
            if why := statement.get("explained"):
                lines += [f"*{statement['says']}* {why}", ""]
    head = ("rule", "value", "share before", "share after", "statements that hold here and less elsewhere")
    words = "Their weights, as believed before and as the observations leave them."
    lines += ["## Rival rules", "", words, "", *_table(head, rivals(sets, judged, known)), ""]
    head = ("parameter", "what it is", "changes that go with it", "statements that it decides", "so far")
    words = (
        "Parameters on which most rests, of those of whose prior the calibration left more than half the spread. "
        f"Chance alone would name one or more for {100 * ODDS:.0f}% of the statements, {ODDS * len(judged):.1f} of "
        f"{len(judged)}: one that goes with a single change may be that."
    )
    lines += [
        "## What would have to be measured",
        "",
        words,
        "",
        *_table(head, to_measure(judged, known)),
        "",
    ]
    return "\n".join([*lines, *what_is_asked([each.statement for each in judged], baseline)])


def sentence(judged: Sequence[Judged]) -> str:
    """What the README says of it: how many statements hold, and the first with its range."""
    counts = {verdict: sum(each.verdict == verdict for each in judged) for verdict in VERDICTS}
    late = sum("afterwards" in each.statement for each in judged)
    asked_late = f" ({late} of them asked afterwards)" if late else ""
    first = judged[0]
    change, interval = first.in_words
    return (
        f"**And over what nobody knows**: of {len(judged)} statements after the article{asked_late}, tried in "
        f"{len(first.told)} plausible worlds, {counts['holds']} hold in nearly all of them, {counts['depends']} in "
        f"some, and {counts['fails']} in few or none ([conclusions](docs/conclusions.md)). "
        f"{first.label} with `{first.statement['scenario']}`: {change} in the mean, {interval} in 90% of the worlds."
    )


def what_is_asked(asked: Sequence[dict[str, Any]], baseline: str) -> list[str]:
    """The part of the page that was written before there was an answer, but for what says otherwise."""
    head = ("the article", "what is expected", "counterfactual", "outcome", "it fails if")
    rows = [
        (
            f"“{each['quote']}”", said(each), pair_of(each, baseline),
            f"{each['outcome']} {'rises' if each['sign'] == 'rise' else 'falls'}", each["fails_if"],
        )
        for each in asked
    ]  # fmt: skip
    return ["## What the article says, and what could turn it", "", *_table(head, rows)]


def said(statement: dict[str, Any]) -> str:
    """What is expected, and why it was asked, if that was afterwards."""
    why = statement.get("afterwards")
    return f"{statement['says']} (Asked afterwards: {why})" if why else str(statement["says"])


def pair_of(statement: dict[str, Any], baseline: str) -> str:
    """What a statement sets side by side, in words."""
    one, other = worlds_of(statement, baseline)
    return one.told if other.name == baseline else f"{one.told} against {other.told}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    from local_citizenship.scenarios.markdown import markdown_table

    kept = list(rows)
    return [markdown_table(head, kept) if kept else "None."]


def main() -> None:
    """Do what is missing of the runs, and write table, page and the README's sentence."""
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
        "--again", action="store_true", help="write the page of the table beside it: make no run"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("studies/conclusions"), help="the runs (default %(default)s)"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page (default docs/conclusions.md)")
    asked = parser.parse_args()
    baseline, wanted = statements()
    baseline = asked.baseline or baseline
    kept = asked.page.with_suffix(".csv")
    if not asked.again:
        table = changes(results_of(asked, wanted, baseline), wanted, baseline)
        table[MADE] = version_of(asked.ensemble), command_of(asked)
        table.to_csv(kept, index=False, float_format="%.5g", lineterminator="\n")
    text, words = made(pd.read_csv(kept), wanted, baseline, asked.ensemble)
    write(asked.page, text)
    if asked.page.resolve() == PAGE:
        README.write_text(
            readme_with(README.read_text(encoding="utf-8"), words, MARK), encoding="utf-8", newline="\n"
        )
        print(words)


def made(table: pd.DataFrame, wanted: Sequence[dict[str, Any]], baseline: str, named: str) -> tuple[str, str]:
    """The page and the README's sentence, of the table of changes and the ensemble that it was made with. Errors:
    SystemExit if the table is of other statements, or of another ensemble."""
    from local_citizenship.experiments.studies.ensembles import find_ensemble, load_ensemble

    about = [[*(world.name for world in worlds_of(each, baseline)), each["outcome"]] for each in wanted]
    if about != table[PAIR].to_numpy().tolist():
        raise SystemExit("conclusions.yaml asks for others than were run: leave --again out.")
    made_with, command = table[MADE].iloc[0]
    if name_and_sets(made_with) != name_and_sets(version_of(named)):
        raise SystemExit(
            f"The runs were made with {made_with}, not with {version_of(named)}: leave --again out."
        )
    table = table.drop(columns=MADE)
    place = find_ensemble(named)
    ensemble = load_ensemble(place)
    known = pd.read_csv(place / "parameters.csv", dtype=str, keep_default_na=False)
    sets = sets_of(ensemble, table.columns[len([*PAIR, *WORDS]) :])
    rows = table.fillna({"unit": ""})
    judged = [judge(each, row, sets) for each, (_, row) in zip(wanted, rows.iterrows(), strict=True)]
    told = {"baseline": baseline, "ensemble": ensemble.told, "command": command}
    return page(judged, sets, known, **told), sentence(judged)


def version_of(named: str) -> str:
    """Which ensemble it is: its name, the model's rules, and a hash of its sets."""
    from local_citizenship.experiments.studies.ensembles import SETS, find_ensemble, load_ensemble

    place = find_ensemble(named)
    return f"{load_ensemble(place).told}, sets {hashlib.sha256((place / SETS).read_bytes()).hexdigest()[:8]}"


def name_and_sets(version: str) -> list[str]:
    """What tells an ensemble from others; not its rules' hash, which `pack --same-rules` renews."""
    name, _, sets = version.split(", ")
    return [name, sets]


def command_of(asked: argparse.Namespace) -> str:
    """What makes the same runs again."""
    given = {name: getattr(asked, name) for name in ("ensemble", "sets", "months", "scale", "baseline")}
    words = [f"--{name} {value:g}" if isinstance(value, float) else f"--{name} {value}"
             for name, value in given.items() if value is not None]  # fmt: skip
    return " ".join(["python docs/make/conclusions.py", *words])


def results_of(asked: argparse.Namespace, wanted: Sequence[dict[str, Any]], baseline: str) -> Any:
    """The study's results, with what is missing of its runs made."""
    from local_citizenship.experiments.studies.folder import create, open_study
    from local_citizenship.experiments.studies.running import LocalEngine, run_study
    from local_citizenship.experiments.studies.tables import load_results

    ensemble = str(Path(asked.ensemble).resolve()) if Path(asked.ensemble).is_dir() else asked.ensemble
    text = study_text(baseline, wanted, ensemble, asked.sets, asked.months, asked.scale)
    if not asked.out.is_dir():
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        for name, content in scenario_files(baseline, wanted).items():
            (asked.out.parent / name).write_text(content, encoding="utf-8")
        file = asked.out.with_suffix(".yaml")
        file.write_text(text, encoding="utf-8")
        create(file, asked.out)
    study = open_study(asked.out)
    if (asked.out / "study.yaml").read_text(encoding="utf-8") != text:
        raise SystemExit(f"{asked.out} holds the runs of another command: give another --out.")
    run_study(study, lambda: LocalEngine(study, asked.workers))
    return load_results(asked.out)


def write(file: Path, text: str) -> None:
    """The page, and a word of it."""
    file.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"Wrote {file}.")


if __name__ == "__main__":
    main()
