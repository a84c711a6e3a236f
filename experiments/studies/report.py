"""All that a study tells, in one folder: figures, each with its table, and `summary.md`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...outcomes.csv_text import write_csv
from ...scenarios.markdown import markdown_table
from .comparing import verdict
from .factor_effects import effects, robustness
from .plots.labels import change_text, unit_text, value_text
from .provenance import WORDS
from .results import MOST_POINTS, OutcomeMatrix, ReadingError, StudyResults
from .sensitivity import INDICES, Sensitivity, sensitivity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...outcomes.plots.declaration import Failed

SUMMARY = "summary.md"
MOST_BARS = 7  # outcomes on the figure of what they rest on


class Planned(NamedTuple):
    """One figure to be: its file name without ending, the table behind it, how it is drawn (None: nothing to draw)."""

    stem: str
    table: pd.DataFrame
    draw: Callable[[], Figure | None]


def write_report(
    results: StudyResults,
    folder: Path,
    *,
    outcomes: Sequence[str] = (),
    year: int | None = None,
    formats: Sequence[str] = ("png",),
    target: float | None = None,
    better: str | None = None,
    command: str = "",
    progress: Callable[[str], None] | None = None,
    failed: Failed | None = None,
) -> list[tuple[str, str]]:
    """Write figures, tables and `summary.md` into `folder`, which is there; return file name and title of each figure.

    `outcomes`: those named only; all if empty. `year`: of yearly outcomes, where one number is needed; the last if
    None. `target`, `better`: see `verdict` and `robustness`. `command` is quoted in the summary; `progress(file name)`
    is called before each figure; `failed`: as for `draw_all`.
    Errors: ReadingError for a study without runs, an unknown outcome or year.
    """
    from ...outcomes.plots.declaration import others_go_on
    from ...outcomes.plots.letters import families_for, readable_language

    names = chosen_outcomes(results, outcomes, year)
    summary = Summary()
    given, results = results, results.over_worlds
    with readable_language() as words:
        families = families_for(words_of(results) | words)
        for planned in chain(
            _of_worlds(given, summary, names, year),
            _planned(results, summary, names, year, target, better),
        ):
            if progress is not None:
                progress(planned.stem)
            with others_go_on(planned.stem, failed):
                _write(planned, folder, formats, summary, families)
    (folder / SUMMARY).write_text(summary.text(results, command), encoding="utf-8", newline="\n")
    return summary.figures


def chosen_outcomes(results: StudyResults, outcomes: Sequence[str], year: int | None) -> list[str]:
    """The outcomes named, or all that have been told; the year is tried on those of several years.

    Errors: ReadingError for a study without runs, an unknown outcome, or a year that is not told.
    """
    results.finished()
    there = set(results.values.dropna(subset=["value"])["outcome"])
    names = [results.outcome_named(name) for name in outcomes]
    for name in names:
        if name not in there:
            raise ReadingError(f"no run of study {results.name} can tell {name}")
    names = names or [str(name) for name in results.outcomes["outcome"] if name in there]
    for name in set(names) & set(results.yearly):
        results.outcome(name, year)
    return names


def words_of(results: StudyResults) -> set[str]:
    """Names that the figures of a study may show, in whatever script."""
    from ...outcomes.plots.letters import words_in

    return {results.name, results.title} | words_in(results.points, results.outcomes, results.factors)


def _write(
    planned: Planned, folder: Path, formats: Sequence[str], summary: Summary, families: Sequence[str]
) -> None:
    from ...outcomes.plots import own_look, save, title_of

    with own_look(families):
        figure = planned.draw()
    if figure is None:
        return
    stem = re.sub(r"[^\w-]+", "-", planned.stem)  # names of outcomes may have dots and blanks
    write_csv(planned.table, folder / f"{stem}.csv", float_format="%.6g")
    for extension in formats:
        save(figure, folder / f"{stem}.{extension}", palette=True)
    summary.figures.append((f"{stem}.{formats[0]}", title_of(figure)))


def _planned(
    results: StudyResults,
    summary: Summary,
    names: Sequence[str],
    year: int | None,
    target: float | None,
    better: str | None,
) -> Iterator[Planned]:
    from .plots import fans
    from .plots.effects import levers_figure
    from .plots.indices import indices_figure, rests_on_figure
    from .plots.points import points_data, points_figure

    several = len(results.varied) > 1  # one factor alone makes all that luck does not
    few = len(results.points) <= MOST_POINTS  # of a large sample, nobody asked for a comparison of two points
    for name in names:
        yearly = name in results.yearly
        matrix = results.outcome(name, year if yearly else None)
        if few:
            summary.add("Replicates", matrix.label, [(unit_text(matrix.unit), verdict(matrix, target).words)])
        if yearly:
            yield Planned(f"fan-{name}", fans.fan_data(results, name), partial(fans.fan, results, name))
            if len(results.points) <= fans.MOST_LINES:
                data = fans.fan_data(results, name, fans.MOST_LINES)
                yield Planned(f"mean-{name}", data, partial(fans.mean_lines, results, name, target))
        if few:
            data = points_data(matrix)
            summary.add("Design points", matrix.label, _point_cells(data, matrix.unit))
            yield Planned(f"points-{name}", data, partial(points_figure, matrix, target))
        if several and (results.design == "ofat" or results.is_crossed):
            yield from _effects(summary, matrix)
        if results.design in ("sobol", "morris", "lhs") or (results.is_crossed and several):
            found = sensitivity(matrix)
            summary.told += found
            for each in found:
                stem = f"sensitivity-{name}" + (f"-{each.scenario}" if len(found) > 1 else "")
                yield Planned(stem, each.indices, partial(indices_figure, each))
        data = robustness(matrix, better)
        if (data["from"] != data["to"]).any():
            summary.add("Levers over what is uncertain", matrix.label, _lever_cells(data, matrix.unit))
            yield Planned(f"levers-{name}", data, partial(levers_figure, matrix, data))
    if summary.told:
        table = pd.concat([each.shares for each in summary.told], ignore_index=True)
        yield Planned("rests-on", table, partial(rests_on_figure, summary.told[:MOST_BARS]))


def _of_worlds(
    results: StudyResults, summary: Summary, names: Sequence[str], year: int | None
) -> Iterator[Planned]:
    """What is told of the plausible worlds, where the points were run under several."""
    if not results.worlds:
        return
    from .plots.labels import source_line
    from .plots.worlds import parts_figure
    from .worlds_told import cells, parts_table, sentences

    table = parts_table(results, names, year)
    summary.sentences += sentences(table)
    summary.rows["What nobody knows"] = [*cells(table)]
    yield Planned("worlds", table, partial(parts_figure, source_line(results.over_worlds), table))


def _effects(summary: Summary, matrix: OutcomeMatrix) -> Iterator[Planned]:
    from .plots.effects import effects_figure, interaction_figure, main_effects_figure

    data, name = effects(matrix), matrix.outcome
    summary.add("Effects", matrix.label, _effect_cells(data, matrix.unit))
    yield Planned(f"effects-{name}", data, partial(effects_figure, matrix, data))
    if matrix.results.is_crossed:
        yield Planned(f"main-effects-{name}", data, partial(main_effects_figure, matrix))
        yield Planned(f"interaction-{name}", data, partial(interaction_figure, matrix, data))


# The sections in order, and the heads of their tables; "Sensitivity" has text before the table of each outcome.
HEADS = {
    "What nobody knows": "outcome | point | mean | 90% of plausible worlds | above 0 in | luck | parameters | "
    "places drawn | parameters and places together",
    "Replicates": "outcome | unit | are there enough?",
    "Design points": "outcome | point | mean | 95% interval of the mean | n | difference from the first | "
    "its 95% interval | variance unpaired over paired",
    "Effects": "outcome | factor | kind | effect | 95% interval | n",
    "Levers over what is uncertain": "outcome | lever | median effect | nine cases in ten | cases with its sign | "
    "cases | largest regret",
    "Sensitivity": "factor | role | rests on | index | value | 95% interval | with luck left in | unit",
    "What the results rest on": "outcome | kind | share | 95% interval | at most, with interplay | of what",
}
NOT_TOLD = "not told"
Cells = Iterator[Sequence[object]]


@dataclass
class Summary:
    """The page as it grows: figures (file, title), sensitivities, sentences over the plausible worlds, and the rows of
    the tables of other sections."""

    figures: list[tuple[str, str]] = field(default_factory=list)
    told: list[Sensitivity] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    rows: dict[str, list[Sequence[object]]] = field(default_factory=dict)

    def add(self, heading: str, outcome: str, rows: Iterable[Sequence[object]]) -> None:
        """Rows of a section's table, about an outcome."""
        self.rows.setdefault(heading, []).extend((outcome, *cells) for cells in rows)

    def text(self, results: StudyResults, command: str) -> str:
        """The whole page, with units, n and intervals; `command` is what made it."""
        parts = [f"# {results.title or results.name}", _what_was_run(results)]
        if command:
            parts += ["Made by:", f"    {command}"]
        if self.sentences:
            parts += ["## Over the plausible worlds", "\n".join(f"* {each}" for each in self.sentences)]
        parts += ["## Figures", "\n".join(f"* [{title}]({file})" for file, title in self.figures)]
        for each in self.told:
            self.add("What the results rest on", _name(each), share_cells(each))
        for heading, columns in HEADS.items():
            if heading == "Sensitivity" and self.told:
                used = {index for each in self.told for index in each.indices["index"]}
                parts += [
                    f"## {heading}",
                    "\n".join(f"* {i}: {INDICES[i][0]}." for i in INDICES if i in used),
                ]
                for each in self.told:
                    rows = index_cells(each, "luck alone")
                    parts.append(f"**{_name(each)}.** {' '.join(each.sentences)}")
                    parts.append(markdown_table(columns.split(" | "), rows))
            elif heading in self.rows:
                parts += [f"## {heading}", markdown_table(columns.split(" | "), self.rows[heading])]
        return "\n\n".join(parts) + "\n"


def _point_cells(data: pd.DataFrame, unit: str) -> Cells:
    """Of the rows of `points_data`."""
    for row in data.to_dict("records"):
        between = _between(row["low"], row["high"], unit, value_text)
        change = ["", "", ""]
        if not math.isnan(row.get("difference", math.nan)):
            interval = _between(row["difference_low"], row["difference_high"], unit)
            factor = number_text(row["variance_reduction_factor"], ".3g", "")
            change = [change_text(float(row["difference"]), unit), interval, factor]
        yield row["name"], value_text(float(row["mean"]), unit), between, row["n"], *change


def _effect_cells(data: pd.DataFrame, unit: str) -> Cells:
    """Of the rows of `factor_effects.effects`."""
    for row in data.to_dict("records"):
        other = f" x {row['with_factor']}" if row["with_factor"] else f", {row['from']} to {row['to']}"
        effect, between = change_text(float(row["effect"]), unit), _between(row["low"], row["high"], unit)
        yield f"{row['factor']}{other}{_of(row['scenario'])}", row["kind"], effect, between, row["n"]


def _lever_cells(data: pd.DataFrame, unit: str) -> Cells:
    """Of the rows of `levers.robustness`."""
    for row in data.to_dict("records"):
        worst = float(row["worst_regret"])
        regret = "" if math.isnan(worst) else change_text(worst, unit).lstrip("+")
        what = f"{row['lever_label']}, {row['from']} to {row['to']}{_of(row['scenario'])}"
        spread, same = _between(row["q05"], row["q95"], unit), f"{100 * row['same_sign']:.0f}%"
        yield what, change_text(float(row["median"]), unit), spread, same, row["n"], regret


def index_cells(found: Sensitivity, alone: str) -> Iterator[list[str]]:
    """The indices, a row a factor (or pair), as HEADS has them; `alone`: what the floor of luck is called."""
    for row in found.indices.to_dict("records"):
        factor = f"{row['factor']} x {row['with_factor']}" if row["with_factor"] else str(row["factor"])
        between = range_text(row["low"], row["high"], ".3g")
        raw = number_text(row["raw"], ".3g", "")
        if not math.isnan(row["floor"]):
            raw = f"{alone}: {row['floor']:.3g}"
        value = number_text(row["value"], ".3g")
        yield [factor, row["role"], row["rests_on"], row["index"], value, between, raw, row["unit"]]


def share_cells(found: Sensitivity) -> Iterator[list[str]]:
    """What an outcome rests on, a row a kind: kind, share, interval, at most, of what."""
    for row in found.shares.to_dict("records"):
        if not math.isnan(row["share"]):
            between = range_text(row["low"], row["high"], ".2f")
            most = number_text(np.minimum(1.0, row["at_most"]), ".2f", "")
            yield [WORDS[row["rests_on"]], f"{row['share']:.2f}", between, most, str(row["measure"])]


def number_text(value: float, form: str, unknown: str = NOT_TOLD) -> str:
    """A number of this form, or that it is not known."""
    return unknown if math.isnan(value) else f"{value:{form}}"


def range_text(low: float, high: float, form: str) -> str:
    """An interval whose ends have this form."""
    return NOT_TOLD if math.isnan(high) else f"{low:{form}} to {high:{form}}"


def _between(low: float, high: float, unit: str, text: Callable[[float, str], str] = change_text) -> str:
    return f"{text(low, unit)} to {text(high, unit)}" if np.isfinite([low, high]).all() else NOT_TOLD


def _of(scenario: str) -> str:
    return f" ({scenario})" if scenario else ""


def _name(found: Sensitivity) -> str:
    return f"{found.matrix.label}{_of(found.scenario)}"


def _what_was_run(results: StudyResults) -> str:
    good = int((results.runs["error"] == "").sum())
    failed = len(results.runs) - good
    each = results.runs.groupby("point")["replicate"].nunique()
    number = f"{each.min()}" if each.min() == each.max() else f"{each.min()} to {each.max()}"
    luck = "shared by all points (the same seeds)" if results.shared else "each point's own"
    lost = f", {failed} failed" if failed else ""
    return (
        f"Study `{results.name}`, design {results.design}: {len(results.points):,} design points, {number} replicates "
        f"a point, {good:,} runs finished{lost}. Luck: {luck}."
    )
