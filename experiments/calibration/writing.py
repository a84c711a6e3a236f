"""The ensemble on disk: sets and weights, tables, figures, the medoid as a scenario, a summary, where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...outcomes.csv_text import write_csv
from ...outcomes.whole_folder import whole_folder
from ...scenarios import Scenario
from ...scenarios.markdown import markdown_table
from ..studies.ensembles import MOST_BEYOND, NOT_LEARNED, MadeFor
from ..studies.folder import write_json, write_scenarios
from ..studies.points import with_settings
from .ensemble import SOME, Ensemble
from .folder import hash_of_table
from .plan import FIT
from .tables import LEARNED, all_tables
from .waves import share_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .folder import CalibrationFolder

FORMAT = 1
MANIFEST, SUMMARY, MEDOID, FIGURES = "manifest.json", "summary.md", "medoid", "figures"


def write_ensemble(found: Ensemble, folder: CalibrationFolder, target: Path, *, figures: bool = True) -> None:
    """Write the ensemble, whole or not at all, in the place of a damaged one. The same runs give the same bytes.

    Errors: OutputError.
    """
    tables, plan = all_tables(found), found.plan
    facts = facts_of(found, folder.manifest, tables)
    with whole_folder(target, overwrite=True, what="an ensemble") as built:
        for name, table in tables.items():
            write_csv(table, built / f"{name}.csv")
        tables["sets"].to_parquet(built / "sets.parquet", index=False)
        write_scenarios([medoid_of(found, each) for each in plan.scenarios], plan.places, built / MEDOID)
        if figures:
            (built / FIGURES).mkdir()
            _draw(found, tables, built / FIGURES)
        text = summary(found, facts, tables, figures)
        (built / SUMMARY).write_text(text, encoding="utf-8", newline="\n")
        write_json(built / MANIFEST, facts)


def facts_of(found: Ensemble, origins: dict[str, Any], tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What the ensemble comes from and what it is, without a clock's time."""
    plan, kept = found.plan, ("scenarios", "rules", "measures", "measure_files", "versions")
    beyond = tables["errors"]["error"].abs() > 3.0
    return {
        "format": FORMAT,
        "name": plan.name,
        "title": plan.title,
        "calibration": origins["study"],
        **({"targets": hash_of_table(plan)} if plan.table else {}),
        **{name: origins[name] for name in kept},
        "made_for": [
            vars(MadeFor(each.name, each.months, each.parameters.scale.persons_per_record))
            for each in plan.scenarios
        ],
        "seed": plan.seed,
        "budget": vars(plan.budget),
        "runs": _runs(found),
        "cutoff": plan.cutoff,
        "cutoffs": [wave.left.cutoff for wave in found.waves],
        "left": [wave.left.share for wave in found.waves],
        "sets": len(found.shares),
        "worth": found.posterior.worth,
        "errors_widened": found.posterior.widened,
        "emulator_errors_beyond_3": float(beyond.mean()) if len(beyond) else 0.0,
        "medoid": found.medoid,
        "parameters": [each.path for each in plan.unknowns],
        "learned_from": [each.name for each in plan.targets if each.use == FIT],
    }


def told_of(found: Ensemble, folder: CalibrationFolder) -> list[str]:
    """What came of a calibration, a sentence each."""
    tables = all_tables(found)
    return sentences(found, facts_of(found, folder.manifest, tables), tables)


def _runs(found: Ensemble) -> int:
    """How many were made: of the ensemble one for each set that differs from others."""
    budget, scenarios = found.plan.budget, len(found.plan.scenarios)
    return budget.runs(scenarios) - (budget.sets - len(found.shares)) * scenarios


def medoid_of(found: Ensemble, scenario: Scenario) -> Scenario:
    """The scenario with the parameters of the medoid, whose sources say so; with its own ones where nothing was
    learned."""
    values = {
        path: value
        for (path, value), learned in zip(
            found.plan.values(found.shares[found.medoid]).items(), found.learned, strict=True
        )
        if learned >= SOME
    }
    settled = with_settings(scenario, [*values.items()], f"medoid of {found.plan.name}")
    sources = {
        **settled.sources,
        **dict.fromkeys(values, f"fitted: medoid of the ensemble {found.plan.name}"),
    }
    return replace(settled, sources=sources)


def _draw(found: Ensemble, tables: dict[str, pd.DataFrame], folder: Path) -> None:
    from ...outcomes.plots import own_look, save
    from .figures import errors_figure, learned_figure, pairs_figure, predictive_figure

    names = ", ".join(scenario.name for scenario in found.plan.scenarios)
    source = f"Simulated: calibration {found.plan.name} of {names}, {len(found.shares)} sets"
    labels = {each.path: each.label for each in found.plan.unknowns}
    drawings: dict[str, Callable[[], Figure]] = {
        "learned": lambda: learned_figure(tables["parameters"], source),
        "errors": lambda: errors_figure(tables["errors"], source),
        "predictive": lambda: predictive_figure(tables["targets"], source),
    }
    if len(labels) > 1:
        drawings["pairs"] = lambda: pairs_figure(tables["pairs"], labels, source)
    for name, draw in drawings.items():
        with own_look():
            drawn = draw()
        save(drawn, folder / f"{name}.png", palette=True)


# In words -------------------------------------------------------------------------------------------------


def sentences(found: Ensemble, facts: dict[str, Any], tables: dict[str, pd.DataFrame]) -> list[str]:
    """What came of it, a sentence each."""
    parameters, targets = tables["parameters"], tables["targets"]
    last = found.waves[-1].left
    told = [
        f"{facts['runs']:,} runs were made; {share_text(last.share)} of the prior is not ruled out, and "
        f"{facts['sets']} sets stand for the posterior, whose runs are worth {facts['worth']:.0f} of equal weight."
    ]
    if last.cutoff > found.plan.cutoff:
        told.append(
            f"Nothing meets all targets within {found.plan.cutoff:g} deviations: the nearest places are "
            f"{last.cutoff:.2f} away. A target contradicts the others or the model: see targets.csv, or grant the "
            "model a larger discrepancy."
        )
    if facts["errors_widened"] > 1.0:
        told.append(
            f"With the errors as declared too few runs would count: they were widened {facts['errors_widened']:.2f} "
            "times, so that intervals are rather too wide. More posterior points would help."
        )
    else:
        told.append("The errors as declared did not have to be widened.")
    beyond = facts["emulator_errors_beyond_3"]
    told.append(
        f"{100 * beyond:.1f}% of the emulators' errors at unseen points lie beyond 3 deviations; "
        f"{100 * MOST_BEYOND:g}% at most should"
        + (": **too few runs, or luck that is not normal**." if beyond > MOST_BEYOND else ".")
    )
    for use, what in ((FIT, "learned from"), ("check", "not learned from")):
        rows = targets[(targets["use"] == use) & targets["median"].notna()]
        if len(rows):
            told.append(
                f"Numbers {what}: the median meets {int(rows['hit'].sum())} of {len(rows)} within the tolerance, and "
                f"the 90% interval of the sets' runs holds the middle of {int(rows['covered'].sum())}."
            )
    lost = targets[targets["median"].isna()]["target"]
    if len(lost):
        told.append(f"No run can tell {', '.join(lost)}.")
    for verdict, what in ((LEARNED, "Learned"), (NOT_LEARNED, "Each by itself not narrowed by a fifth")):
        names = parameters[parameters["verdict"] == verdict]["parameter"]
        if len(names):
            told.append(f"{what}: {', '.join(names)}.")
    for row in tables["pairs"][tables["pairs"]["clear"]].head(5).to_dict("records"):
        how = "one can make up for the other" if row["correlation"] < 0 else "they rise and fall together"
        told.append(
            f"{row['first']} and {row['second']} are narrowed together: {how} ({row['correlation']:+.2f})."
        )
    return told


def summary(found: Ensemble, facts: dict[str, Any], tables: dict[str, pd.DataFrame], figures: bool) -> str:
    """`summary.md`: the sentences, the main tables, the figures."""
    parameters, targets = tables["parameters"], tables["targets"]
    names = (
        ["learned", "errors", "predictive", *(["pairs"] if len(parameters) > 1 else [])] if figures else []
    )
    lines = [f"# {found.plan.title}", "", *([found.plan.question, ""] if found.plan.question else [])]
    lines += [*(f"- {each}" for each in sentences(found, facts, tables)), ""]
    lines += [f"![{name}]({FIGURES}/{name}.png)\n" for name in names]
    columns = ("parameter", "prior", "low", "median", "high", "own", "verdict")
    head = ("parameter", "prior", "5%", "median", "95%", "value before", "verdict")
    lines += [
        "## Parameters",
        "",
        markdown_table(head, parameters[list(columns)].itertuples(index=False)),
        "",
    ]
    shown = targets[["target", "use", "value", "tolerance", "low", "median", "high", "hit"]].copy()
    shown["hit"] = shown["hit"].map({True: "yes", False: "no"})
    rows = (
        [f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row]
        for row in shown.itertuples(index=False)
    )
    lines += ["## Targets", "", markdown_table(shown.columns, rows), ""]
    waves = [
        (wave.stage.number, len(wave.seen.shares), share_text(wave.left.share), f"{wave.left.cutoff:.2f}")
        for wave in found.waves
    ]
    lines += ["## Waves", "", markdown_table(("wave", "points", "left", "cutoff"), waves)]
    return "\n".join(lines) + "\n"
