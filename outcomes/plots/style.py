"""The look of every figure: size, type, colours, titles, direct labels, axes of time.

A figure is a slide of 10 by 5.625 inches (16:9; 1600 by 900 pixels at 160 dpi). No text is smaller than
14 points. Colours are those of Okabe and Ito (2008), which the colour-blind can tell apart; maps use viridis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...scenarios.vocabulary import BLACK as BLACK
from ...scenarios.vocabulary import BLUE as BLUE
from ...scenarios.vocabulary import GREEN, GREY, INK, ORANGE, PALE, PURPLE, SKY, TERMS, YELLOW
from ...scenarios.vocabulary import VERMILION as VERMILION
from .. import run as runs
from ..wording import MONTHS, value_text

WIDTH, HEIGHT, DPI = 10.0, 5.625, 160
TEXT, TITLE, SMALLEST_TITLE = 14.0, 20.0, 16.0

MARGIN = 0.025  # share of the figure kept free at its edges


@dataclass
class EndLabels:
    """Texts beside the right edge of an axes, to be moved apart once the axes has its final size."""

    axes: Axes
    texts: list[Text]
    leaders: list[Line2D]
    heights: list[float]


@dataclass
class Page:
    """A figure with its title, and the part of it (figure shares) left for the axes."""

    figure: Figure
    renderer: Any  # one a figure, so that a text is measured once, and its pixels are held once
    bottom: float
    top: float
    widths: list[float] = field(default_factory=list)
    gap: float = 0.025
    axes: list[Axes] = field(default_factory=list)
    ends: list[EndLabels] = field(default_factory=list)

    def panels(self, widths: Sequence[float] = (1.0,)) -> list[Axes]:
        """Axes side by side, the widths of their insides in the given proportions."""
        self.widths = [width / sum(widths) for width in widths]
        left, floor, height = 0.1, self.bottom + 0.12, self.top - self.bottom - 0.15
        for width in self.widths:
            axes = self.figure.add_axes((left, floor, 0.7 * width, height))
            dress(axes)
            self.axes.append(axes)
            left += 0.8 * width
        return self.axes

    def finish(self) -> Figure:
        """Fit the axes with all their labels into the page, move direct labels apart, return the figure."""
        if self.axes:
            self._fit()
        for labels in self.ends:
            spread(labels, self.renderer)
        return self.figure

    def _fit(self) -> None:
        """Each panel gets what its labels need on either side; all share floor and ceiling.

        One fit is enough as long as no axis chooses its ticks by its length; only texts stick out.
        """
        width, height = self.figure.bbox.width, self.figure.bbox.height
        over = []  # what sticks out of the axes: left, right, below, above
        for axes in self.axes:
            inner = axes.get_window_extent(self.renderer)
            legend = axes.get_legend()
            beside = [*axes.texts, *([legend] if legend else [])]
            outer = axes.get_tightbbox(self.renderer, bbox_extra_artists=beside) or axes.bbox
            sides = (inner.x0 - outer.x0, outer.x1 - inner.x1, inner.y0 - outer.y0, outer.y1 - inner.y1)
            over.append([max(0.0, side) for side in sides])
        room = 1.0 - 2 * MARGIN - self.gap * (len(over) - 1) - sum(o[0] + o[1] for o in over) / width
        floor = self.bottom + max(o[2] for o in over) / height
        ceiling = self.top - max(o[3] for o in over) / height
        left = MARGIN
        for axes, share, (before, after, _, _) in zip(self.axes, self.widths, over, strict=True):
            left += before / width
            axes.set_position((left, floor, max(0.05, room * share), max(0.05, ceiling - floor)))
            left += max(0.05, room * share) + after / width + self.gap


def dress(axes: Axes) -> None:
    """Plain axes: no box, faint horizontal lines, text of 14 points."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(labelsize=TEXT, colors=INK, length=4, color=GREY)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_fontsize(TEXT)
    axes.yaxis.label.set_fontsize(TEXT)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    axes.title.set_fontsize(TEXT)


def page(run: runs.Run, title: str, subtitle: str) -> Page:
    """A figure of a run with its title, a line on what is shown, and its source at the foot."""
    return sheet(title, subtitle, source_line(run))


def sheet(title: str, subtitle: str, source: str) -> Page:
    """A figure with its title, a line on what is shown, and `source` at the foot."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    renderer: Any = FigureCanvasAgg(figure).get_renderer()
    size, lines = TITLE, wrapped(renderer, title, TITLE, "bold")
    while len(lines) > 2 and size > SMALLEST_TITLE:
        size -= 1.0
        lines = wrapped(renderer, title, size, "bold")
    top = 1.0 - 0.03
    heading = figure.suptitle(
        "\n".join(lines), x=MARGIN, y=top, ha="left", va="top", fontsize=size, fontweight="bold", color=INK
    )
    top = heading.get_window_extent(renderer).y0 / figure.bbox.height - 0.018
    below = wrapped(renderer, subtitle, TEXT, "normal")
    under = figure.text(
        MARGIN, top, "\n".join(below), ha="left", va="top", fontsize=TEXT, color=GREY, gid="subtitle"
    )
    top = under.get_window_extent(renderer).y0 / figure.bbox.height - 0.02
    foot = wrapped(renderer, source, TEXT, "normal")
    note = figure.text(
        MARGIN, 0.015, "\n".join(foot), ha="left", va="bottom", fontsize=TEXT, color=GREY, gid="source"
    )
    bottom = note.get_window_extent(renderer).y1 / figure.bbox.height + 0.015
    return Page(figure, renderer, bottom, top)


def source_line(run: runs.Run) -> str:
    """Where the numbers come from: scenario, what was set beside it, seed, dates."""
    first, last = run.date(0), run.date(max(0, run.months - 1))
    dates = first if first == last else f"{first} to {last}"
    people = run.persons_per_record
    scale = f"; one record stands for {people:,} people" if people > 1 else ""
    changed = [path for path, layer in run.scenario.layers.items() if layer.startswith("--set")]
    if len(changed) > 2:
        scenario = f"{run.scenario_name} with {len(changed)} parameters changed"
    else:
        named = [f"{path} = {value_text(run.parameters.get(path))}" for path in changed]
        scenario = f"{run.scenario_name}{' with ' if named else ''}{', '.join(named)}"
    return f"Simulated: scenario {scenario}, seed {run.seed}, {dates}{scale}"


def nothing_to_show(run: runs.Run, title: str, why: str) -> Figure:
    """A page that says why there is nothing to draw."""
    empty = page(run, title, why)
    empty.figure.text(0.5, 0.45, "nothing to draw", ha="center", va="center", fontsize=TEXT, color=GREY)
    return empty.finish()


def wrapped(renderer: Any, text: str, size: float, weight: str) -> list[str]:
    """Break the text into as few lines as fit the width of the figure, of about equal length."""
    font = FontProperties(size=size, weight=weight)

    def width_of(part: str) -> float:
        return float(renderer.get_text_width_height_descent(part, font, ismath=False)[0])

    room = renderer.width * (1 - 2 * MARGIN)
    total = width_of(text)
    lines = [text]
    if total > room:
        words = text.split()
        widths = [width_of(word + " ") for word in words]
        lines = _filled(words, widths, room)
        even = _filled(words, widths, min(room, 1.08 * total / len(lines)))
        lines = even if len(even) == len(lines) else lines
    return lines


def _filled(words: list[str], widths: list[float], room: float) -> list[str]:
    lines: list[list[str]] = [[]]
    used = 0.0
    for word, width in zip(words, widths, strict=True):
        if lines[-1] and used + width > room:
            lines.append([])
            used = 0.0
        lines[-1].append(word)
        used += width
    return [" ".join(line) for line in lines]


def label_ends(page: Page, axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Label lines or bands at the right edge: (height in data units, text, colour) for each."""
    shown = [(height, text, colour) for height, text, colour in labels if np.isfinite(height)]
    texts, leaders = [], []
    for _, text, colour in shown:
        texts.append(
            axes.text(
                1.035, 0.5, text, transform=axes.transAxes, va="center", fontsize=TEXT, color=dark(colour)
            )
        )
        (leader,) = axes.plot(
            [1.0, 1.03], [0.5, 0.5], transform=axes.transAxes, color=colour, lw=1, clip_on=False
        )
        leaders.append(leader)
    page.ends.append(EndLabels(axes, texts, leaders, [height for height, _, _ in shown]))


def spread(labels: EndLabels, renderer: Any) -> None:
    """Move labels apart so that none covers another, each as near to its line as may be."""
    if not labels.texts:
        return
    axes = labels.axes
    box = axes.get_window_extent(renderer)
    wanted = np.array([axes.transData.transform((0.0, h))[1] for h in labels.heights])
    wanted = np.clip((wanted - box.y0) / box.height, 0.0, 1.0)
    gap = max(t.get_window_extent(renderer).height for t in labels.texts) * 1.02 / box.height
    order = np.argsort(wanted, kind="stable")
    places = apart(wanted[order], gap)
    for position, i in zip(places, order, strict=True):
        labels.texts[i].set_y(position)
        labels.leaders[i].set_ydata([wanted[i], position])


def apart(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Sorted positions at least `gap` apart, least squares from `wanted`, inside 0 to 1 where they fit.

    Shifting position i down by i gaps turns "at least a gap apart" into "not falling", which pooling adjacent
    violators solves.
    """
    n = len(wanted)
    shifted = wanted - gap * np.arange(n)
    blocks: list[tuple[float, int]] = []
    for value in shifted:
        blocks.append((float(value), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, m), (a, k) = blocks.pop(), blocks.pop()
            blocks.append(((a * k + b * m) / (k + m), k + m))
    flat = np.concatenate([np.full(k, a) for a, k in blocks])
    low, high = gap * 0.3, 1.0 - gap * 0.3 - gap * (n - 1)
    flat = np.clip(flat, min(low, high), max(low, high)) if high >= low else np.full(n, low)
    return flat + gap * np.arange(n)


def dark(colour: str) -> str:
    """The colour for text: those too light to read on white are darkened, pale grey becomes grey."""
    deeper = {
        SKY: "#1f78ab",
        YELLOW: "#857a00",
        ORANGE: "#9a6a00",
        PALE: GREY,
        PURPLE: "#a0497a",
        GREEN: "#007a59",
    }
    return deeper.get(colour, colour)


def pale(colour: str) -> tuple[float, float, float]:
    """The colour two thirds of the way to white, opaque."""
    r, g, b = to_rgb(colour)
    return (1 - 0.35 * (1 - r), 1 - 0.35 * (1 - g), 1 - 0.35 * (1 - b))


def readable_on(colour: Any) -> str:
    """Black or white, whichever reads better on the colour."""
    r, g, b = to_rgb(colour)
    return "white" if 0.299 * r + 0.587 * g + 0.114 * b < 0.55 else INK


def years_of(run: runs.Run, months: np.ndarray) -> np.ndarray:
    """The end of each month (0-based index) as a decimal year."""
    year, month = (int(part) for part in run.start.split("-")[:2])
    return np.asarray(year + (month - 1 + np.asarray(months, dtype=float) + 1) / 12)


def time_axis(axes: Axes, run: runs.Run, at_most: int = 9) -> None:
    """Ticks of a monthly axis in decimal years: years, or months where the run is short."""
    year, month = (int(part) for part in run.start.split("-")[:2])
    begin = year + (month - 1) / 12
    if run.months > 30:
        first, last = int(np.ceil(begin)), int(np.floor(begin + run.months / 12))
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (last - first) // s + 1 <= at_most or s == 100)
        years = [y for y in range(first, last + 1) if y % step == 0]
        axes.set_xticks(years, [str(y) for y in years])
        axes.set_xlabel("year")
    else:
        step = next(s for s in (1, 2, 3, 6, 12) if (run.months - 1) // s + 1 <= at_most or s == 12)
        names, ticks = [], []
        for i in range(0, run.months, step):
            m = month - 1 + i
            ticks.append(begin + (i + 1) / 12)
            names.append(MONTHS[m % 12][:3] + (f"\n{year + m // 12}" if i == 0 or m % 12 < step else ""))
        axes.set_xticks(ticks, names)
        axes.set_xlabel("month")
    if run.months > 1:
        axes.set_xlim(begin if run.months > 30 else begin + 1 / 12, begin + run.months / 12)


def year_axis(axes: Axes, years: Sequence[int], at_most: int = 9, margin: float = 0.0) -> None:
    """Ticks of a yearly axis."""
    first, last = min(years), max(years)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (last - first) // s + 1 <= at_most or s == 100)
    ticks = [y for y in range(first, last + 1) if y % step == 0 or step == 1]
    axes.set_xticks(ticks, [str(y) for y in ticks])
    axes.set_xlabel("year")
    if margin or last > first:
        axes.set_xlim(first - margin, last + margin)


def count_axis(axes: Axes, which: str = "y", parts: int = 5) -> None:
    """Whole numbers with thousands separators."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(parts, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def share_axis(axes: Axes, top: float = 1.0) -> None:
    """Shares as percentages from 0."""
    axes.set_ylim(0, top)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))


def bands(
    page: Page,
    axes: Axes,
    x: np.ndarray,
    wide: pd.DataFrame,
    kind: str,
    *,
    label: bool = True,
) -> list[tuple[float, str, str]]:
    """Stack the columns of `wide`, terms of this kind of the vocabulary, over x, first column lowest; a single x
    becomes a stacked bar.

    Returns (or, with `label`, writes) the labels at the right edge: height, text, colour of each band.
    """
    floor = np.zeros(len(x))
    ends: list[tuple[float, str, str]] = []
    for name in wide.columns:
        height = wide[name].to_numpy(dtype=float)
        term = TERMS[kind][name]
        if len(x) > 1:
            axes.fill_between(
                x, floor, floor + height, color=term.colour, lw=0.6, edgecolor="white", gid=f"band-{name}"
            )
        else:
            axes.bar(x, height, bottom=floor, width=0.04, color=term.colour, gid=f"band-{name}")
        ends.append((float(floor[-1] + height[-1] / 2), term.label, term.colour))
        floor = floor + height
    axes.set_ylim(0, max(float(floor.max()) * 1.03, 1e-9))
    if label:
        label_ends(page, axes, ends)
    return ends


def columns(
    axes: Axes, x: np.ndarray, floor: np.ndarray, height: np.ndarray, width: float, colour: str, gid: str
) -> np.ndarray:
    """Stand columns on `floor` and return their tops; no height is none. The axes keeps its limits.

    One artist for all of them: many bars, each an artist, take longer than the rest of a figure.
    """
    top = floor + np.nan_to_num(height)
    left, right = x - width / 2, x + width / 2
    corners: Any = np.array([(left, floor), (left, top), (right, top), (right, floor)])
    axes.add_collection(
        PolyCollection(corners.transpose(2, 0, 1), facecolor=colour, linewidth=0, gid=gid), autolim=False
    )
    return np.asarray(top)


def plain_axis(axes: Axes) -> None:
    """A few round numbers on the vertical axis."""
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
