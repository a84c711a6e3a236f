"""What a study tells, as a page of Markdown: every table with labels, units, n and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .comparing import Verdict
from .plots.labels import change_text, unit_text, value_text
from .provenance import WORDS
from .results import OutcomeMatrix, StudyResults
from .sensitivity import INDICES, Sensitivity

# The sections in order, and the heads of their tables; "Sensitivity" has text, and a table for each outcome.
HEADS = {
    "Replicates": "outcome | unit | are there enough?",
    "Design points": "outcome | point | mean | 95% interval of the mean | n | difference from the first | "
    "its 95% interval | variance unpaired over paired",
    "Effects": "outcome | factor | kind | effect | 95% interval | n",
    "Levers over the uncertain worlds": "outcome | lever | median effect | nine worlds in ten | worlds with its sign | "
    "worlds | largest regret",
    "Sensitivity": "",
    "What the results rest on": "outcome | kind | share | 95% interval | at most, with interplay | of what",
}
INDICES_HEAD = "factor | role | rests on | index | value | 95% interval | with luck left in | unit"
NOT_TOLD = "not told"


def line(*cells: object) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def head(columns: str) -> list[str]:
    """The two lines at the top of a Markdown table."""
    return [line(*columns.split(" | ")), "|" + "---|" * len(columns.split(" | "))]


@dataclass
class Summary:
    """The page as it grows: figures (file, title), and the lines of each section."""

    figures: list[tuple[str, str]] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)

    def add(self, heading: str, *lines: str) -> None:
        self.sections.setdefault(heading, []).extend(lines)

    def verdict(self, matrix: OutcomeMatrix, judged: Verdict) -> None:
        """Whether an outcome has enough replicates."""
        self.add("Replicates", line(matrix.label, unit_text(matrix.unit), judged.words))

    def points(self, matrix: OutcomeMatrix, data: pd.DataFrame) -> None:
        """The rows of `points_data`."""
        for row in data.to_dict("records"):
            mean = value_text(float(row["mean"]), matrix.unit)
            between = _between(row["low"], row["high"], matrix.unit, change=False)
            change = ["", "", ""]
            if not math.isnan(row.get("difference", math.nan)):
                interval = _between(row["difference_low"], row["difference_high"], matrix.unit)
                factor = number_text(row["variance_reduction_factor"], ".3g", "")
                change = [change_text(float(row["difference"]), matrix.unit), interval, factor]
            self.add("Design points", line(matrix.label, row["name"], mean, between, row["n"], *change))

    def effects(self, matrix: OutcomeMatrix, data: pd.DataFrame) -> None:
        """The rows of `factor_effects.effects`."""
        for row in data.to_dict("records"):
            other = f" x {row['with_factor']}" if row["with_factor"] else f", {row['from']} to {row['to']}"
            what = f"{row['factor']}{other}{_of(row['scenario'])}"
            effect = change_text(float(row["effect"]), matrix.unit)
            between = _between(row["low"], row["high"], matrix.unit)
            self.add("Effects", line(matrix.label, what, row["kind"], effect, between, row["n"]))

    def levers(self, matrix: OutcomeMatrix, data: pd.DataFrame) -> None:
        """The rows of `levers.robustness`."""
        for row in data.to_dict("records"):
            worst = float(row["worst_regret"])
            regret = "" if math.isnan(worst) else change_text(worst, matrix.unit).lstrip("+")
            spread = _between(row["q05"], row["q95"], matrix.unit)
            what = f"{row['lever_label']}, {row['from']} to {row['to']}{_of(row['scenario'])}"
            median, same = change_text(float(row["median"]), matrix.unit), f"{100 * row['same_sign']:.0f}%"
            cells = (matrix.label, what, median, spread, same, row["n"], regret)
            self.add("Levers over the uncertain worlds", line(*cells))

    def sensitivity(self, found: Sensitivity) -> None:
        """The sentences and indices of one outcome in one scenario."""
        rows = [line(*cells) for cells in index_cells(found, "luck alone")]
        name = f"**{_name(found)}.** "
        self.add("Sensitivity", name + " ".join(found.sentences), "", *head(INDICES_HEAD), *rows, "")

    def shares(self, found: Sequence[Sensitivity]) -> None:
        """What each outcome rests on."""
        for each in found:
            for cells in share_cells(each):
                self.add("What the results rest on", line(_name(each), *cells))

    def text(self, results: StudyResults, command: str) -> str:
        """The whole page; `command` is what made it."""
        lines = [f"# {results.title or results.name}", "", _what_was_run(results), ""]
        if command:
            lines += ["Made by:", "", f"    {command}", ""]
        lines += ["## Figures", "", *(f"* [{title}]({file})" for file, title in self.figures), ""]
        for heading, columns in HEADS.items():
            rows = self.sections.get(heading, [])
            if not rows:
                continue
            lines += [f"## {heading}", ""]
            if columns:
                lines += head(columns)
            else:
                used = [name for name in INDICES if any(f"| {name} |" in row for row in rows)]
                lines += [*(f"* {name}: {INDICES[name][0]}." for name in used), ""]
            lines += [*rows, ""]
        return "\n".join(lines).rstrip() + "\n"


def index_cells(found: Sensitivity, alone: str) -> list[list[str]]:
    """The indices, a row a factor (or pair), as INDICES_HEAD has them; `alone`: what the floor of luck is called."""
    rows = []
    for row in found.indices.to_dict("records"):
        factor = f"{row['factor']} x {row['with_factor']}" if row["with_factor"] else str(row["factor"])
        between = range_text(row["low"], row["high"], ".3g")
        raw = number_text(row["raw"], ".3g", "")
        if not math.isnan(row["floor"]):
            raw = f"{alone}: {row['floor']:.3g}"
        value = number_text(row["value"], ".3g")
        rows.append([factor, row["role"], row["rests_on"], row["index"], value, between, raw, row["unit"]])
    return rows


def share_cells(found: Sensitivity) -> list[list[str]]:
    """What an outcome rests on, a row a kind: kind, share, interval, at most, of what."""
    rows = []
    for row in found.shares.to_dict("records"):
        if not math.isnan(row["share"]):
            between = range_text(row["low"], row["high"], ".2f")
            most = number_text(np.minimum(1.0, row["at_most"]), ".2f", "")
            rows.append([WORDS[row["rests_on"]], f"{row['share']:.2f}", between, most, str(row["measure"])])
    return rows


def number_text(value: float, form: str, unknown: str = NOT_TOLD) -> str:
    """A number of this form, or that it is not known."""
    return unknown if math.isnan(value) else f"{value:{form}}"


def range_text(low: float, high: float, form: str) -> str:
    """An interval whose ends have this form."""
    return NOT_TOLD if math.isnan(high) else f"{low:{form}} to {high:{form}}"


def _between(low: float, high: float, unit: str, *, change: bool = True) -> str:
    if not np.isfinite([low, high]).all():
        return NOT_TOLD
    text = change_text if change else value_text
    return f"{text(low, unit)} to {text(high, unit)}"


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
