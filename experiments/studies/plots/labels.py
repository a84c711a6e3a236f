"""Values of outcomes in words and on axes, after their unit."""

from __future__ import annotations

import math
import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ....outcomes import wording
from ....scenarios.languages import current, tr, tr_number, tr_term
from ..results import StudyResults


def is_share(unit: str) -> bool:
    """Whether a value of this unit is said as a percentage."""
    return unit.startswith("share of ") or unit == "share"


def value_text(value: float, unit: str) -> str:
    """`34.2%`, `12,300`, `0.082`: without its unit, but for the percent sign."""
    if not math.isfinite(value):
        return tr("unknown")
    if is_share(unit):
        return wording.percentage(value, 1)
    return wording.count(value) if abs(value) >= 100 else wording.localised(f"{value:.3g}")


def change_text(value: float, unit: str) -> str:
    """A difference with its sign: `+2.1 points` of a share, else `-0.12`, `+1,200`."""
    if not math.isfinite(value):
        return tr("unknown")
    if is_share(unit):
        said = f"{100 * value:+.2f}" if abs(value) < 0.001 else f"{100 * value:+.1f}"
        return tr("{number} points", number=wording.localised(said))
    return wording.localised(f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.3g}")


def outcome_text(label: str) -> str:
    """What an outcome is called in the language that is spoken."""
    return tr_term(label, "outcome label")


def factor_text(label: str) -> str:
    """What a factor is called: the label of its parameter, or the study's own."""
    return tr_term(label, "parameter label")


def unit_text(unit: str) -> str:
    """The unit as an axis has it: a share as `% of needs`."""
    if unit.startswith("share of "):
        said = tr_term(unit, "unit")
        return f"% {unit.removeprefix('share ')}" if said == unit else tr("%, {unit}", unit=said)
    return tr_term(unit, "unit")


def change_unit(unit: str) -> str:
    """The unit of a difference: percentage points of a share."""
    return tr("percentage points") if is_share(unit) else tr_term(unit, "unit")


def outcome_axis(axes: Axes, unit: str, which: str = "y", parts: int = 5, *, change: bool = False) -> None:
    """A few round numbers, as percentages where the unit is a share; `change`: in points, with their sign."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(parts, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, unit, change)))


def tick(value: float, unit: str, change: bool) -> str:
    """The text at one place of such an axis."""
    value = 0.0 if abs(value) < 1e-12 else float(value)
    sign = "+" if change and value > 0 else ""
    if is_share(unit):
        return wording.localised(f"{sign}{100 * value:.4g}") + ("" if change else current().percent)
    return wording.localised(f"{sign}{value:,.0f}" if abs(value) >= 1000 else f"{sign}{value:.4g}")


def source_line(results: StudyResults) -> str:
    """Where the numbers of a study's figure come from."""
    good = int((results.runs["error"] == "").sum())
    failed = len(results.runs) - good
    points = len(results.points)
    scenarios = results.points["scenario"].unique()
    told = {
        "study": results.name,
        "design": results.design,
        "scenarios": tr("scenario {names}", names=scenarios[0])
        if len(scenarios) == 1
        else tr("{number} scenarios", number=len(scenarios)),
        "points": tr_number(
            "{number} design point",
            "{number} design points",
            points,
            number=wording.localised(f"{points:,}"),
        ),
        "runs": wording.localised(f"{good:,}"),
        "failed": failed,
    }
    if failed:
        return tr(
            "Simulated: study {study} ({design}), {scenarios}, {points}, {runs} runs, {failed} failed", **told
        )
    return tr("Simulated: study {study} ({design}), {scenarios}, {points}, {runs} runs", **told)


def broken(text: str, width: int) -> str:
    """The text in lines of about so many characters, nothing left out."""
    return "\n".join(textwrap.wrap(text, max(8, width), break_long_words=False)) or text


def bounds(values: np.ndarray, margin: float = 0.06) -> tuple[float, float]:
    """Limits of an axis that hold all finite values with some air."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    air = margin * (high - low) or 0.05 * abs(high) or 1.0
    return low - air, high + air
