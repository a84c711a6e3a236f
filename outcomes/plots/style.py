"""The look of every figure: size, type, colours, titles, direct labels, axes of time.

A figure is a slide of 10 by 5.625 inches (16:9; 1600 by 900 pixels at 160 dpi). No text is smaller than
14 points. Colours are those of Okabe and Ito (2008), which the colour-blind can tell apart; maps use
viridis, the darker the more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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

from ...scenarios.languages import current, later, tr
from ...scenarios.vocabulary import BLACK as BLACK
from ...scenarios.vocabulary import BLUE as BLUE
from ...scenarios.vocabulary import GREEN, GREY, INK, ORANGE, PALE, PURPLE, SKY, YELLOW, Term
from ...scenarios.vocabulary import VERMILION as VERMILION
from .. import run as runs
from ..wording import localised, percentage
from ..worlds import source_line as source_line

WIDTH, HEIGHT, DPI = 10.0, 5.625, 160
TEXT, TITLE, SMALLEST_TITLE = 14.0, 20.0, 16.0

EVEN = (1.04, 1.08, 1.15, 1.25, 1.4)  # how much wider than even lines of a text may be
MARGIN = 0.025  # share of the figure kept free at its edges
INSIDE: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": TEXT}  # a text in the middle of a bar
DECADES = (1, 2, 5, 10, 20, 50, 100)  # steps of an axis of years
SEQUENTIAL, DIVERGING = "viridis_r", "PuOr_r"  # the darker the more; purple for less, orange for more
ROUND = [1, 2, 2.5, 5, 10]  # steps of a numbered axis, times a power of ten

Label = tuple[float, str, str]  # at the right edge of an axes: height in data units, text, colour
Ending = tuple[float, Text, Line2D]  # the same drawn: height, text, and the line that leads to it


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
    ends: list[tuple[Axes, list[Ending]]] = field(default_factory=list)

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

    def beside(self, titles: Mapping[str, str], what: str) -> Iterator[tuple[str, Axes]]:
        """A panel for each name, with its title; `what`: of the vertical axis, whose ticks only the first one names."""
        panels = self.panels([1.0] * max(1, len(titles)))
        for (name, title), axes in zip(titles.items(), panels, strict=False):
            axes.set_title(title, loc="left", fontsize=TEXT)
            yield name, axes
            if axes is self.axes[0]:
                axes.set_ylabel(what)
            else:
                axes.set_yticklabels([])

    def finish(self) -> Figure:
        """Fit the axes with all their labels into the page, move direct labels apart, return the figure."""
        if self.axes:
            self._fit()
        for axes, endings in self.ends:
            _spread(axes, endings, self.renderer)
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
            axes.set_position((left, floor, max(0.02, room * share), max(0.05, ceiling - floor)))
            left += max(0.02, room * share) + after / width + self.gap


def dress(axes: Axes) -> None:
    """Plain axes: no box, faint horizontal lines, text of 14 points."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(labelsize=TEXT, colors=INK, length=4, color=GREY)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_fontsize(TEXT)
        label.set_color(INK)
    axes.title.set_fontsize(TEXT)


def page(run: runs.Run, title: str, subtitle: str, credit: str = "") -> Page:
    """A figure of a run with its title, a line on what is shown, and its source at the foot; `credit`: of a map."""
    return sheet(title, subtitle, credited(source_line(run), credit))


def credited(source: str, credit: str) -> str:
    """A source line, and whose figures and outlines a map is drawn from."""
    return f"{source}. {credit}" if credit else source


def sheet(title: str, subtitle: str, source: str) -> Page:
    """A figure with its title, a line on what is shown, and `source` at the foot."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    renderer: Any = FigureCanvasAgg(figure).get_renderer()

    def ends(text: Text) -> tuple[float, float]:
        box = text.get_window_extent(renderer)
        return box.y0 / figure.bbox.height, box.y1 / figure.bbox.height

    def line(y: float, text: str, va: str) -> Text:
        lines = "\n".join(wrapped(renderer, text, TEXT, "normal"))
        gid = "subtitle" if va == "top" else "source"
        return figure.text(MARGIN, y, lines, ha="left", va=va, fontsize=TEXT, color=GREY, gid=gid)

    size, lines = TITLE, wrapped(renderer, title, TITLE, "bold")
    while len(lines) > 2 and size > SMALLEST_TITLE:
        size -= 1.0
        lines = wrapped(renderer, title, size, "bold")
    heading = figure.suptitle(
        "\n".join(lines), x=MARGIN, y=0.97, ha="left", va="top", fontsize=size, fontweight="bold", color=INK
    )
    under = line(ends(heading)[0] - 0.018, subtitle, "top")
    return Page(figure, renderer, ends(line(0.015, source, "bottom"))[1] + 0.015, ends(under)[0] - 0.02)


def nothing_to_show(run: runs.Run, title: str, why: str) -> Figure:
    """A page that says why there is nothing to draw."""
    empty = page(run, title, why)
    empty.figure.text(0.5, 0.45, tr("nothing to draw"), ha="center", va="center", fontsize=TEXT, color=GREY)
    return empty.finish()


def wrapped(renderer: Any, text: str, size: float, weight: str) -> list[str]:
    """Break the text into as few lines as fit the width of the figure, of about equal length."""
    font = FontProperties(size=size, weight=weight)

    def width_of(part: str) -> float:
        return float(renderer.get_text_width_height_descent(part, font, ismath=False)[0])

    room, total = renderer.width * (1 - 2 * MARGIN), width_of(text)
    if total <= room:
        return [text]
    whole = text.replace("\n", " ")
    if current().spaces:  # a number stays with the word before it: seed 1
        whole = _BEFORE_NUMBER.sub("\u00a0", whole).replace("\u25be ", "\u25be\u00a0")
    words = [(word, width_of(word)) for word in pieces(whole, current().spaces)]
    lines = _filled(words, room)
    for part in EVEN:  # the narrowest that takes no more lines
        even = _filled(words, min(room, part * total / len(lines)))
        if len(even) == len(lines):
            lines = even
            break
    return [line.replace("\u00a0", " ") for line in lines]


_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d]) (?=\d+\b)")
_NOT_FIRST = "、。，．・：；？！」』）)]］｝〉》”’ー%％,.;:?!…"  # of a line, in a script without spaces
_NOT_LAST = "「『（([［｛〈《“‘"
_WITHOUT_SPACES = re.compile(
    rf"[{re.escape(_NOT_LAST)}]*(?:[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\s\u3040-\u30ff\u3400-\u9fff、。「」（）]+|.)"
    rf"[{re.escape(_NOT_FIRST)}]*\s*"
)


def pieces(text: str, spaces: bool) -> list[str]:
    """What a line may end after, each with the space that follows: words, or single letters of a script without
    spaces."""
    if not spaces:
        return _WITHOUT_SPACES.findall(text)
    words = text.split(" ")
    return [f"{word} " for word in words[:-1]] + words[-1:]


def _filled(words: list[tuple[str, float]], room: float) -> list[str]:
    lines, used = list[str](), room
    for word, width in words:
        if lines and used + width <= room:
            lines[-1] += word
            used += width
        else:
            lines.append(word)
            used = width
    return [line.rstrip(" ") for line in lines]


def label_ends(page: Page, axes: Axes, labels: Sequence[Label]) -> None:
    """Label lines or bands at the right edge of an axes; they are moved apart once it has its final size."""
    endings = []
    beside: dict[str, Any] = {"transform": axes.transAxes}
    for height, words, colour in labels:
        if np.isfinite(height):
            text = axes.text(1.035, 0.5, words, va="center", fontsize=TEXT, color=dark(colour), **beside)
            (leader,) = axes.plot([1.0, 1.03], [0.5, 0.5], color=colour, lw=1, clip_on=False, **beside)
            endings.append((height, text, leader))
    page.ends.append((axes, endings))


def _spread(axes: Axes, endings: list[Ending], renderer: Any) -> None:
    """Move labels apart so that none covers another, each as near to its line as may be."""
    if not endings:
        return
    box = axes.get_window_extent(renderer)
    wanted = np.array([axes.transData.transform((0.0, height))[1] for height, _, _ in endings])
    wanted = np.clip((wanted - box.y0) / box.height, 0.0, 1.0)
    gap = max(text.get_window_extent(renderer).height for _, text, _ in endings) * 1.02 / box.height
    order = np.argsort(wanted, kind="stable")
    for position, i in zip(apart(wanted[order], gap), order, strict=True):
        _, text, leader = endings[i]
        text.set_y(position)
        leader.set_ydata([wanted[i], position])


def apart(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Sorted positions at least `gap` apart, least squares from `wanted`, inside 0 to 1 where they fit."""
    # Position i shifted down by i gaps: "at least a gap apart" becomes "not falling".
    n, steps = len(wanted), gap * np.arange(len(wanted))
    flat = _not_falling(wanted - steps)
    low, high = gap * 0.3, 1.0 - gap * 0.3 - gap * (n - 1)
    flat = np.clip(flat, low, high) if high >= low else np.full(n, low)
    return np.asarray(flat + steps)


def _not_falling(values: np.ndarray) -> np.ndarray:
    """The nearest values, by least squares, of which none is below the one before: SciPy's `isotonic_regression`,
    which takes longer to load than a figure to draw."""
    pooled: list[tuple[float, int]] = []  # a mean, and of how many
    for value in values:
        pooled.append((float(value), 1))
        while len(pooled) > 1 and pooled[-2][0] >= pooled[-1][0]:
            (low, many), (high, more) = pooled[-2:]
            pooled[-2:] = [((many * low + more * high) / (many + more), many + more)]
    return np.concatenate([np.full(many, mean) for mean, many in pooled])


_DEEPER = {
    SKY: "#1f78ab", YELLOW: "#857a00", ORANGE: "#9a6a00", PALE: GREY, PURPLE: "#a0497a", GREEN: "#007a59",
}  # fmt: skip


def dark(colour: str) -> str:
    """The colour for text: those too light to read on white are darkened, pale grey becomes grey."""
    return _DEEPER.get(colour, colour)


def pale(colour: str) -> tuple[float, float, float]:
    """The colour two thirds of the way to white, opaque."""
    r, g, b = to_rgb(colour)
    return (1 - 0.35 * (1 - r), 1 - 0.35 * (1 - g), 1 - 0.35 * (1 - b))


def readable_on(colour: Any) -> str:
    """Black or white, whichever reads better on the colour."""
    r, g, b = to_rgb(colour)
    return "white" if 0.299 * r + 0.587 * g + 0.114 * b < 0.55 else INK


def _start(run: runs.Run) -> tuple[int, int]:
    """Year and month (0 is January) in which the run begins."""
    year, month = run.start.split("-")[:2]
    return int(year), int(month) - 1


def years_of(run: runs.Run, months: np.ndarray) -> np.ndarray:
    """The end of each month (0-based index) as a decimal year."""
    year, month = _start(run)
    return np.asarray(year + (month + np.asarray(months, dtype=float) + 1) / 12)


def _step(span: int, at_most: int, steps: Sequence[int]) -> int:
    """The smallest step at which so long an axis has at most so many ticks, else the last."""
    return next((step for step in steps if span // step + 1 <= at_most), steps[-1])


def time_axis(axes: Axes, run: runs.Run, at_most: int = 9) -> None:
    """Ticks of a monthly axis in decimal years: years, or months where the run is short."""
    year, month = _start(run)
    begin = year + month / 12
    if run.months > 30:
        first, last = int(np.ceil(begin)), int(np.floor(begin + run.months / 12))
        step = _step(last - first, at_most, DECADES)
        years = [y for y in range(first, last + 1) if y % step == 0]
        axes.set_xticks(years, [str(y) for y in years])
        axes.set_xlabel(tr("year"))
    else:
        step = _step(run.months - 1, at_most, (1, 2, 3, 6, 12))
        shown, names = range(0, run.months, step), []
        for i in shown:
            years_on, m = divmod(month + i, 12)
            names.append(current().months[m][:3] + (f"\n{year + years_on}" if i == 0 or m < step else ""))
        axes.set_xticks([begin + (i + 1) / 12 for i in shown], names)
        axes.set_xlabel(tr("month"))
    if run.months > 1:
        axes.set_xlim(begin if run.months > 30 else begin + 1 / 12, begin + run.months / 12)


def year_axis(axes: Axes, years: Sequence[int], at_most: int = 9, margin: float = 0.0) -> None:
    """Ticks of a yearly axis."""
    first, last = min(years), max(years)
    step = _step(last - first, at_most, DECADES)
    ticks = [y for y in range(first, last + 1) if y % step == 0 or step == 1]
    axes.set_xticks(ticks, [str(y) for y in ticks])
    axes.set_xlabel(tr("year"))
    if margin or last > first:
        axes.set_xlim(first - margin, last + margin)


def count_axis(axes: Axes) -> None:
    """Whole numbers with thousands separators."""
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True, steps=ROUND))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: localised(f"{value:,.0f}")))


def share_axis(axes: Axes, top: float = 1.0) -> None:
    """Shares as percentages from 0."""
    axes.set_ylim(0, top)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percentage(value)))


def stacked(
    axes: Axes, x: np.ndarray, wide: pd.DataFrame, terms: Mapping[str, Term], gid: str, width: float = 0.0
) -> list[Label]:
    """Stack the columns of `wide`, each with its term, over x, first column lowest; no height is none.

    As bars of this width (the axes then keeps its limits), else as bands. Returns a label for the right edge of each.
    """
    floor, left, right = np.zeros(len(x)), x - width / 2, x + width / 2
    ends: list[Label] = []
    for name in wide.columns:
        height, term = wide[name].to_numpy(dtype=float), terms[name]
        top = floor + np.nan_to_num(height)
        look: Any = {"color": term.colour, "gid": f"{gid}-{name}"}
        if (
            width
        ):  # one artist for all bars of a kind: many, each an artist, take longer than the rest of a figure
            corners: Any = np.array([(left, floor), (left, top), (right, top), (right, floor)])
            bars = PolyCollection(corners.transpose(2, 0, 1), linewidth=0, **look)
            axes.add_collection(bars, autolim=False)
        elif len(x) > 1:
            axes.fill_between(x, floor, top, lw=0.6, **{**look, "edgecolor": "white"})
        else:
            axes.bar(x, height, bottom=floor, width=0.04, **look)
        ends.append((float(floor[-1] + height[-1] / 2), term.label, term.colour))
        floor = top
    return ends


def line(axes: Axes, x: Sequence[int], y: Any, look: Any, gid: str, dashes: str = "-", **more: Any) -> Label:
    """A line with dots in the colour of a term or an entry; returns its label for the right edge, at its last value."""
    heights = np.asarray(y, dtype=float)
    more = {"lw": 2.5, "marker": "o", "ms": 5, "clip_on": False, **more}
    axes.plot(x, heights, dashes, color=look.colour, gid=gid, **more)
    known = heights[np.isfinite(heights)]
    return float(known[-1]) if len(known) else np.nan, look.label, look.colour


def band(axes: Axes, x: Any, over: pd.DataFrame, colour: str, gid: str) -> None:
    """What a line was under several seeds: from `low` to `high`, a row for each x."""
    low, high = over["low"].to_numpy(dtype=float), over["high"].to_numpy(dtype=float)
    axes.fill_between(
        np.asarray(x, dtype=float), low, high, color=colour, alpha=0.18, lw=0, gid=f"{gid}-band"
    )


def band_of_total(axes: Axes, x: Any, over: pd.DataFrame, gid: str) -> None:
    """The same about the top of a stack: two thin lines."""
    for end in ("low", "high"):
        axes.plot(x, over[end].to_numpy(dtype=float), color=INK, lw=1.2, ls=(0, (2, 2)), gid=f"{gid}-{end}")


def whiskers(axes: Axes, x: Sequence[float], over: pd.DataFrame, gid: str) -> None:
    """The same about the top of stacked bars: a line from `low` to `high` at each x."""
    low, high = over["low"].to_numpy(dtype=float), over["high"].to_numpy(dtype=float)
    axes.vlines(np.asarray(x, dtype=float), low, high, color=INK, lw=1.6, gid=f"{gid}-band")


MOST_KINDS = 3  # of dated changes, that a subtitle can tell
# What a section's changes mostly are of; of any other its name is said.
_CHANGED = {
    "doors": later("arrivals"),
    "labour": later("labour demand"),
    "policy": later("policy"),
    "enforcement": later("enforcement"),
    "status": later("status"),
    "city": later("city"),
    "ngos": later("ngos"),
    "services": later("services"),
    "needs": later("needs"),
}


def _events(run: runs.Run) -> dict[int, list[str]]:
    """Month (from 0) -> what the timeline changes then, during the run."""
    found: dict[int, list[str]] = {}
    for change in run.timeline:
        month, section = int(change["month"]), str(change["path"]).partition(".")[0]
        if 0 < month < run.months:
            kinds = found.setdefault(month, [])
            word = tr(_CHANGED[section]) if section in _CHANGED else section.replace("_", " ")
            kinds += [word] * (word not in kinds)
    return dict(sorted(found.items()))


def events_words(run: runs.Run) -> str:
    """For a subtitle, what the marks on top of a time axis are: of what the timeline changes; "" if of nothing."""
    kinds = Counter(kind for each in _events(run).values() for kind in each)
    if not kinds:
        return ""
    said = [kind for kind, _ in kinds.most_common(MOST_KINDS)]
    told = ", ".join(said) + (" ..." if len(kinds) > MOST_KINDS else "")
    return "; " + tr("\u25be dated changes ({kinds})", kinds=told)


def mark_events(axes: Axes, run: runs.Run, *, yearly: bool) -> None:
    """Marks on top of a time axis, months as decimal years or whole years in their middle, where the timeline changes
    something."""
    year, first = _start(run)
    for month in _events(run):
        at = year + (first + month) / 12 - (0.5 if yearly else 0.0)
        axes.plot(
            [at], [1.0], marker="v", ms=9, color=INK, mec="white", mew=0.8, clip_on=False,
            transform=axes.get_xaxis_transform(), gid=f"event-{month}", zorder=6,
        )  # fmt: skip
        axes.axvline(at, color=INK, lw=0.8, ls=":", alpha=0.5, zorder=0.5)


def scale_of_shares(page: Page, shown: Any) -> None:
    """The colours of a heat map of shares, in a narrow bar above it, on the right."""
    bar = page.figure.add_axes((0.74, page.top - 0.005, 0.2, 0.018))
    page.figure.colorbar(shown, cax=bar, orientation="horizontal", ticks=[0, 0.5, 1.0])
    bar.set_xticklabels([percentage(share) for share in (0, 0.5, 1)])
    bar.tick_params(labelsize=TEXT, length=0, pad=2)
    for side in bar.spines.values():
        side.set_visible(False)
    page.top -= 0.07


def share_rows(axes: Axes, names: Sequence[str], rows: np.ndarray) -> None:
    """Horizontal bars or dots of shares of needs: a row a name, percentages below."""
    axes.set_xticks([0, 0.5, 1], [percentage(share) for share in (0, 0.5, 1)])
    axes.set_yticks(rows, names)
    axes.set_xlabel(tr("share of needs"))


def plain_axis(axes: Axes) -> None:
    """A few round numbers on the vertical axis."""
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: localised(f"{value:g}")))
