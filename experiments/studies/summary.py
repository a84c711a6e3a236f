"""What a study tells, as a page of Markdown: every table with labels, units, n and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .comparing import Verdict
from .plots.spoken import change_said, unit_said, value_said
from .reading import Numbers, shares_luck
from .results import StudyResults
from .sensitivity import INDICES, Sensitivity
from .sources import WORDS

# The sections in order, and the columns of their tables; "Sensitivity" has text, and a table for each outcome.
COLUMNS: dict[str, tuple[str, ...]] = {
    "Replicates": ("outcome", "unit", "are there enough?"),
    "Design points": (
        "outcome",
        "point",
        "mean",
        "95% interval of the mean",
        "n",
        "difference from the first",
        "its 95% interval",
        "variance unpaired over paired",
    ),
    "Effects": ("outcome", "factor", "kind", "effect", "95% interval", "n"),
    "Levers over the uncertain worlds": (
        "outcome",
        "lever",
        "median effect",
        "nine worlds in ten",
        "worlds with its sign",
        "worlds",
        "largest regret",
    ),
    "Sensitivity": (),
    "What the results rest on": (
        "outcome",
        "kind",
        "share",
        "95% interval",
        "at most, with interplay",
        "of what",
    ),
}
INDEX_COLUMNS = ("factor", "role", "rests on", "index", "value", "95% interval", "with luck left in", "unit")


def line(*cells: object) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def head(columns: Sequence[str]) -> list[str]:
    """The two lines at the top of a Markdown table."""
    return [line(*columns), "|" + "---|" * len(columns)]


@dataclass
class Summary:
    """The page as it grows: figures (file, title), and the lines of each section."""

    figures: list[tuple[str, str]] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)

    def add(self, heading: str, *lines: str) -> None:
        self.sections.setdefault(heading, []).extend(lines)

    def verdict(self, numbers: Numbers, judged: Verdict) -> None:
        """Whether an outcome has enough replicates."""
        self.add("Replicates", line(numbers.label, unit_said(numbers.unit), judged.words))

    def points(self, numbers: Numbers, data: pd.DataFrame) -> None:
        """The rows of `points_data`."""
        for row in data.to_dict("records"):
            mean = value_said(float(row["mean"]), numbers.unit)
            between = _between(row["low"], row["high"], numbers.unit, change=False)
            change = ["", "", ""]
            if not math.isnan(row.get("difference", math.nan)):
                ratio = "" if math.isnan(row["variance_ratio"]) else f"{row['variance_ratio']:.3g}"
                interval = _between(row["difference_low"], row["difference_high"], numbers.unit)
                change = [change_said(float(row["difference"]), numbers.unit), interval, ratio]
            self.add("Design points", line(numbers.label, row["name"], mean, between, row["n"], *change))

    def effects(self, numbers: Numbers, data: pd.DataFrame) -> None:
        """The rows of `factor_effects.effects`."""
        for row in data.to_dict("records"):
            other = f" x {row['with_factor']}" if row["with_factor"] else f", {row['from']} to {row['to']}"
            what = f"{row['factor']}{other}{_of(row['scenario'])}"
            effect = change_said(float(row["effect"]), numbers.unit)
            between = _between(row["low"], row["high"], numbers.unit)
            self.add("Effects", line(numbers.label, what, row["kind"], effect, between, row["n"]))

    def levers(self, numbers: Numbers, data: pd.DataFrame) -> None:
        """The rows of `levers.robustness`."""
        for row in data.to_dict("records"):
            regret = (
                ""
                if math.isnan(row["worst_regret"])
                else change_said(float(row["worst_regret"]), numbers.unit).lstrip("+")
            )
            spread = _between(row["q05"], row["q95"], numbers.unit)
            what = f"{row['lever_label']}, {row['from']} to {row['to']}{_of(row['scenario'])}"
            median, same = change_said(float(row["median"]), numbers.unit), f"{100 * row['same_sign']:.0f}%"
            cells = (numbers.label, what, median, spread, same, row["n"], regret)
            self.add("Levers over the uncertain worlds", line(*cells))

    def sensitivity(self, told: Sensitivity) -> None:
        """The sentences and indices of one outcome in one scenario."""
        name = f"{told.numbers.label}{_of(told.scenario)}"
        self.add("Sensitivity", f"**{name}.** " + " ".join(told.sentences), "", *index_table(told), "")

    def shares(self, told: Sequence[Sensitivity]) -> None:
        """What each outcome rests on."""
        for each in told:
            for row in each.shares.to_dict("records"):
                if math.isnan(row["share"]):
                    continue
                between = "not told" if math.isnan(row["high"]) else f"{row['low']:.2f} to {row['high']:.2f}"
                most = "" if math.isnan(row["at_most"]) else f"{min(1.0, row['at_most']):.2f}"
                name = f"{each.numbers.label}{_of(each.scenario)}"
                cells = (name, WORDS[row["rests_on"]], f"{row['share']:.2f}", between, most, row["measure"])
                self.add("What the results rest on", line(*cells))

    def text(self, results: StudyResults, command: str) -> str:
        """The whole page; `command` is what made it."""
        lines = [f"# {results.title or results.name}", "", _what_was_run(results), ""]
        if command:
            lines += ["Made by:", "", f"    {command}", ""]
        lines += ["## Figures", "", *(f"* [{title}]({file})" for file, title in self.figures), ""]
        for heading, columns in COLUMNS.items():
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


def index_table(told: Sensitivity) -> list[str]:
    """The indices as a Markdown table, a row a factor (or pair)."""
    lines = head(INDEX_COLUMNS)
    for row in told.indices.to_dict("records"):
        factor = f"{row['factor']} x {row['with_factor']}" if row["with_factor"] else str(row["factor"])
        between = "not told" if math.isnan(row["high"]) else f"{row['low']:.3g} to {row['high']:.3g}"
        raw = "" if math.isnan(row["raw"]) else f"{row['raw']:.3g}"
        if not math.isnan(row["floor"]):
            raw = f"luck alone: {row['floor']:.3g}"
        value = "not told" if math.isnan(row["value"]) else f"{row['value']:.3g}"
        lines.append(
            line(factor, row["role"], row["rests_on"], row["index"], value, between, raw, row["unit"])
        )
    return lines


def _between(low: float, high: float, unit: str, *, change: bool = True) -> str:
    if not np.isfinite([low, high]).all():
        return "not told"
    said = change_said if change else value_said
    return f"{said(low, unit)} to {said(high, unit)}"


def _of(scenario: str) -> str:
    return f" ({scenario})" if scenario else ""


def _what_was_run(results: StudyResults) -> str:
    good = int((results.runs["error"] == "").sum())
    failed = len(results.runs) - good
    each = results.runs.groupby("point")["replicate"].nunique()
    number = f"{each.min()}" if each.min() == each.max() else f"{each.min()} to {each.max()}"
    luck = "shared by all points (the same seeds)" if shares_luck(results) else "each point's own"
    lost = f", {failed} failed" if failed else ""
    return (
        f"Study `{results.name}`, design {results.design}: {len(results.points):,} design points, {number} replicates "
        f"a point, {good:,} runs finished{lost}. Luck: {luck}."
    )
