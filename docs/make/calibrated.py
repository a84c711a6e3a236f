"""docs/calibrated.md: what each calibration learns from and never touches, and what came of those that ship.

`python docs/make/calibrated.py` writes it from experiments/calibrations (what is asked), experiments/ensembles (what
came of it) and docs/patterns-power.csv (what random behaviour meets). It makes no run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from local_citizenship.experiments.calibration.plan import CHECK, FIT, Plan
from local_citizenship.experiments.calibration.read_plan import find_plan, read_plan
from local_citizenship.experiments.patterns.power import Power, power_text, read_power
from local_citizenship.experiments.studies.ensembles import (
    KeptEnsemble,
    find_ensemble,
    load_ensemble,
    shipped_ensembles,
)
from local_citizenship.outcomes.wording import is_share
from local_citizenship.scenarios.markdown import markdown_table

ROOT = Path(__file__).resolve().parents[2]
PAGE, POWER = ROOT / "docs" / "calibrated.md", ROOT / "docs" / "patterns-power.csv"
PLANS = ROOT / "experiments" / "calibrations"
HEAD = (
    "calibration",
    "scenario",
    "people a record",
    "parameters",
    "learned from",
    "not learned from",
    "runs at most",
)
ROWS = ("target", "middle", "within", "median of the sets", "90% of the sets", "hit", "sets that hold it")
RANDOM = "random draws that hold it"


def plans() -> list[Plan]:
    """Those that ship, by name."""
    return [read_plan(find_plan(file.stem)) for file in sorted(PLANS.glob("*.yaml"))]


def row_of(plan: Plan) -> tuple[str, ...]:
    """What a calibration asks for."""
    uses = Counter(each.use for each in plan.targets)
    records = {each.parameters.scale.persons_per_record for each in plan.scenarios}
    return (
        f"`{plan.name}`",
        ", ".join(f"`{each.name}` ({each.months} months)" for each in plan.scenarios),
        ", ".join(f"{each:g}" for each in sorted(records)),
        str(len(plan.unknowns)),
        str(uses[FIT]),
        str(uses[CHECK]),
        f"{plan.budget.runs(len(plan.scenarios)):,}",
    )


def number(text: str, unit: str = "") -> str:
    """A number of a table as one says it, to four digits (a share to three, in percent); nothing of none."""
    if not text:
        return ""
    value = float(text)
    if is_share(unit):
        return f"{100 * value:.3g}%"
    if abs(value) < 10_000:
        return f"{value:.4g}" if unit != "year" else f"{value:g}"
    return f"{float(f'{value:.4g}'):,.0f}"


def targets_of(table: pd.DataFrame, use: str, power: Mapping[str, Power]) -> str:
    """A table of what the sets' runs say of the targets of a use, beside what random behaviour meets."""
    rows = []
    for each in table[table["use"] == use].to_dict("records"):
        pattern = str(each["outcome"]).partition(".")[0]
        drawn = power_text(power[pattern]) if pattern in power else "–"
        holding = f"{100 * float(each['holding']):.0f}%" if each.get("holding") else "–"
        said = {
            name: number(each[name], each["unit"]) for name in ("value", "tolerance", "low", "median", "high")
        }
        label = str(each["label"]).split(": ", 1)[-1]  # after the pattern's id, or the measure's title
        tolerance = said["tolerance"].replace("%", " points")
        within = str(each["side"]) or f"± {tolerance}"
        hit = {"True": "yes", "False": "**no**"}[each["hit"]] if each["median"] else "not told"
        rows.append(
            (f"{pattern}: {label}" if pattern in power else label, said["value"], within, said["median"],
             f"{said['low']} to {said['high']}", hit, holding, drawn)
        )  # fmt: skip
    return markdown_table((*ROWS, RANDOM), rows) if rows else "None."


def choices_of(known: pd.DataFrame) -> dict[str, list[str]]:
    """Of an ensemble's table of parameters, those that are rival rules: path -> choices, as likely before."""
    found = {}
    for path, prior in zip(known["parameter"], known["prior"], strict=True):
        choices, as_likely, _ = str(prior).partition(", as likely")
        if as_likely:
            found[str(path)] = choices.split(" or ")
    return found


def rivals(kept: KeptEnsemble, known: pd.DataFrame) -> str:
    """Rival rules with their weights, in words."""
    told = []
    for path, choices in choices_of(known).items():
        values = [text_of(each[path]) for each in kept.sets]
        weights = [
            sum(w for v, w in zip(values, kept.weights, strict=True) if v == text_of(choice))
            for choice in choices
        ]
        shares = ", ".join(f"{choice} {100 * w:.0f}%" for choice, w in zip(choices, weights, strict=True))
        told.append(f"`{path}`: {shares} (before: {100 / len(choices):.0f}% each)")
    return "; ".join(told) or "none"


def moved(known: pd.DataFrame) -> str:
    """Parameters that are not learned, of which the value before lies outside the posterior's middle half."""
    told = []
    for row in known[
        (known["verdict"] == "not learned") & ~known["parameter"].isin(choices_of(known))
    ].to_dict("records"):
        places = [row[f"place_{name}"] for name in ("lower", "own", "upper")]
        if all(places) and not float(places[0]) <= float(places[1]) <= float(places[2]):
            told.append(
                f"`{row['parameter']}` (median {number(row['median'])}; before: {number(row['own'])})"
            )
    return ", ".join(told) or "none"


def text_of(value: object) -> str:
    """A choice, alike however it is written: 1, 1.0 and "1.0"; True and "true"."""
    try:
        return str(value).lower() if isinstance(value, bool | np.bool_) else f"{float(str(value)):g}"
    except ValueError:
        return str(value)


def section(name: str, power: Mapping[str, Power]) -> list[str]:
    """What came of a shipped ensemble."""
    place = find_ensemble(name)
    facts: dict[str, Any] = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    kept = load_ensemble(place)
    tables = {
        each: pd.read_csv(place / f"{each}.csv", dtype=str, keep_default_na=False)
        for each in ("targets", "parameters")
    }
    verdicts = tables["parameters"].groupby("verdict")["parameter"].apply(list).to_dict()
    outdated = " **The model has other rules by now: calibrate again.**" if kept.outdated else ""
    before = facts.get("rules_calibrated", "")[:8]
    before = f" (calibrated with {before}, and declared to make the same tables)" if before else ""
    lines = [
        f"### {name}",
        "",
        f"{facts['runs']:,} runs, {facts['sets']} sets of a posterior worth {facts['worth']:.0f} runs of equal weight; "
        f"errors widened {facts['errors_widened']:.2f} times; {100 * facts['emulator_errors_beyond_3']:.1f}% of the "
        "emulators' errors at unseen points beyond 3 deviations. "
        f"{kept.told[0].upper()}{kept.told[1:]}{before}.{outdated}",
        "",
    ]
    for verdict in ("learned", "partly", "not learned"):
        names = ", ".join(f"`{each}`" for each in verdicts.get(verdict, [])) or "none"
        lines += [f"- **{verdict.capitalize()}**: {names}"]
    lines += [f"- **As wide, and moved**: {moved(tables['parameters'])}"]
    lines += [f"- **Rival rules**: {rivals(kept, tables['parameters'])}"]
    for use, words in ((FIT, "Learned from"), (CHECK, "Not learned from")):
        lines += ["", f"{words}:", "", targets_of(tables["targets"], use, power)]
    return [*lines, ""]


def page() -> str:
    """docs/calibrated.md."""
    power = read_power(POWER)
    shipped = shipped_ensembles()
    lines = [
        "# What was fitted to what",
        "",
        "Made by `python docs/make/calibrated.py`, not by hand; the method is in [calibration](calibration.md).",
        "",
        "A shipped pattern may be several numbers. *Not learned from*: a run only tells it. That is not to say that "
        "nobody had it in sight: the one such number of Korea, of Italy and of Spain lies beside those learned from, "
        "and the sources in their scenario files tell where flows were set by hand with an eye to it. Japan's are "
        "checks (one source names P41).",
        "",
        markdown_table(HEAD, map(row_of, plans())),
        "",
        "## What came of it",
        "",
    ]
    if not shipped:
        return "\n".join([*lines, "No ensemble ships yet.", ""])
    lines += [
        "*Middle*: of the band, whose half is the tolerance. *Sets that hold it*: the weight of the ensemble's sets, "
        "each run once with luck of its own, whose number lies within the tolerance. *Random draws* are the null "
        "model of [patterns](patterns.md) (`patterns --power`): behaviour drawn at random, arrivals, work and moves "
        "kept, and how many runs of it meet the whole pattern, all its numbers at once. So the two can be set side "
        "by side for patterns of one number. There, what random behaviour holds as often as the sets do says nothing "
        "of the rules, and a hit of a stock or of moves says little, since draws have the same flows. *Model*: "
        "single runs of the scenario as it ships.",
        "",
        "*Learned*: half and more of the prior's spread is gone; *partly*: a fifth. What is as wide as before may "
        "have moved, which is told where the value before lies outside the posterior's middle half. Shares of rival "
        "rules are those of a sample: with a hundred sets, some ten points either way.",
        "",
    ]
    for name in shipped:
        lines += section(name, power)
    return "\n".join(lines)


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"Wrote {PAGE}.")


if __name__ == "__main__":
    main()
