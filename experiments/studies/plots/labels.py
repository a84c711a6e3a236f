"""Values of outcomes in words and on axes, after their unit."""

from __future__ import annotations

import math
import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ....outcomes import wording
from ..results import StudyResults


def is_share(unit: str) -> bool:
    """Whether a value of this unit is said as a percentage."""
    return unit.startswith("share of ") or unit == "share"


def value_text(value: float, unit: str) -> str:
    """`34.2%`, `12,300`, `0.082`: without its unit, but for the percent sign."""
    if not math.isfinite(value):
        return "unknown"
    if is_share(unit):
        return f"{100 * value:.1f}%"
    return wording.count(value) if abs(value) >= 100 else f"{value:.3g}"


def change_text(value: float, unit: str) -> str:
    """A difference with its sign: `+2.1 points` of a share, else `-0.12`, `+1,200`."""
    if not math.isfinite(value):
        return "unknown"
    if is_share(unit):
        return f"{100 * value:+.2f} points" if abs(value) < 0.001 else f"{100 * value:+.1f} points"
    return f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.3g}"


def unit_text(unit: str) -> str:
    """The unit as an axis has it: a share as `% of needs`."""
    if unit.startswith("share of "):
        return f"% {unit.removeprefix('share ')}"
    return unit


def change_unit(unit: str) -> str:
    """The unit of a difference: percentage points of a share."""
    return "percentage points" if is_share(unit) else unit


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
        return f"{sign}{100 * value:.4g}" + ("" if change else "%")
    return f"{sign}{value:,.0f}" if abs(value) >= 1000 else f"{sign}{value:.4g}"


def source_line(results: StudyResults) -> str:
    """Where the numbers of a study's figure come from."""
    good = int((results.runs["error"] == "").sum())
    failed = len(results.runs) - good
    points = len(results.points)
    scenarios = results.points["scenario"].unique()
    of = f"scenario {scenarios[0]}" if len(scenarios) == 1 else f"{len(scenarios)} scenarios"
    lost = f", {failed} failed" if failed else ""
    plural = "" if points == 1 else "s"
    size = f"{points:,} design point{plural}, {good:,} runs{lost}"
    return f"Simulated: study {results.name} ({results.design}), {of}, {size}"


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
