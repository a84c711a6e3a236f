"""Plain figures for the lessons. Their titles say what is shown, not what is found: that is the student's part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from ...outcomes.plots import style
from ...outcomes.plots.compared import legend
from ...outcomes.plots.declaration import own_look
from ...outcomes.run import Run
from ...scenarios.vocabulary import PROVIDER
from .observing import PROVIDERS, levels, share_met

COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.VERMILION)
_TERMS = {
    **{name: PROVIDER[column.removeprefix("served_")] for name, column in PROVIDERS.items()},
    "nobody": PROVIDER["nobody"],
}
_SAID = {"city": "town hall"}  # where lessons have another word than figures
DARKEST = 0.6  # service level: one scale for all, so that two grids can be compared
LEAST_LABELLED = 0.03  # a narrower part of a bar has no room for its number


@own_look()
def bars(run: Run, rows: Mapping[str, Mapping[str, float]], title: str, subtitle: str) -> Figure:
    """Shares (0 to 1) as bars: group -> series -> value; every group has the same series. `run`: the source named."""
    page = style.page(run, title, subtitle)
    (axes,) = page.panels()
    series = list(next(iter(rows.values())))
    height = 0.8 / len(series)
    largest = max(max(values.values()) for values in rows.values())
    for row, values in enumerate(rows.values()):
        for number, name in enumerate(series):
            at = row + (number - (len(series) - 1) / 2) * height
            axes.barh(at, values[name], height=0.9 * height, color=COLOURS[number % len(COLOURS)])
            label = f" {100 * values[name]:.1f}%" + (f"  {name}" if len(series) > 1 else "")
            axes.text(values[name], at, label, va="center", fontsize=style.TEXT)
    _finish_rows(axes, list(rows), 1.5 * largest)
    return page.finish()


@own_look()
def who_met(runs: Mapping[str, tuple[Run, str | None]], title: str) -> Figure:
    """Who met the needs, a bar a row: label -> (run, name of a place or None for all)."""
    subtitle = "Shares of all needs that came to an end in the whole run"
    page = style.page(list(runs.values())[-1][0], title, subtitle)
    marks = [Line2D([], [], color=term.colour, marker="s", ls="none", ms=13) for term in _TERMS.values()]
    legend(page, marks, [_SAID.get(name, term.label) for name, term in _TERMS.items()])
    (axes,) = page.panels()
    for row, (run, place) in enumerate(runs.values()):
        parts = {name: share_met(run, place=place, by=(name,)) for name in PROVIDERS}
        left = 0.0
        for name, width in {**parts, "nobody": 1.0 - sum(parts.values())}.items():
            colour = _TERMS[name].colour
            axes.barh(row, width, left=left, height=0.7, color=colour)
            if width >= LEAST_LABELLED:
                look: dict[str, Any] = {"ha": "center", "va": "center", "color": style.readable_on(colour)}
                axes.text(left + width / 2, row, f"{100 * width:.0f}%", fontsize=style.TEXT, **look)
            left += width
    _finish_rows(axes, list(runs), 1.0)
    return page.finish()


@own_look()
def line_of_places(runs: Mapping[str, Run], title: str) -> Figure:
    """Service level at the end, place after place in the table's order: label -> run."""
    subtitle = "Mean level of the eleven services at the end of the run, 0 to 1"
    page = style.page(list(runs.values())[-1], title, subtitle)
    (axes,) = page.panels()
    ends = []
    for number, (label, run) in enumerate(runs.items()):
        level = levels(run)
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(np.arange(1, len(level) + 1), level, "-o", color=colour, lw=3, ms=7)
        ends.append((float(level.iloc[-1]), label, colour))
        axes.set_xlim(0.5, len(level) + 0.5)
    axes.set_ylim(0, 1)
    axes.set_ylabel("service level")
    axes.set_xlabel("stop of the railway, from west to east")
    style.label_ends(page, axes, ends)
    return page.finish()


@own_look()
def level_by_year(run: Run, title: str) -> Figure:
    """Service level of every place (rows, in the table's order) in every year (columns), as a coloured grid."""
    subtitle = "Each row is a town, from west (top) to east; the darker, the more it offers"
    page = style.page(run, title, subtitle)
    (axes,) = page.panels()
    state = run.columns_of("places_yearly", ["year", "place", "service_level"])
    grid = state.pivot(index="place", columns="year", values="service_level")
    first, last, places = int(grid.columns[0]), int(grid.columns[-1]), len(grid)
    extent = (first - 0.5, last + 0.5, places + 0.5, 0.5)
    image = axes.imshow(grid, aspect="auto", cmap=style.SEQUENTIAL, vmin=0, vmax=DARKEST, extent=extent)
    axes.grid(False)
    axes.set_ylabel("stop")
    axes.set_yticks(range(1, places + 1, 4))
    axes.set_xticks([year for year in range(first, last + 1) if year % 5 == 0])
    axes.set_xlabel("year")
    finished = page.finish()
    box = axes.get_position()
    axes.set_position((box.x0, box.y0, 0.86 * box.width, box.height))
    scale = finished.add_axes((box.x0 + 0.88 * box.width, box.y0, 0.02, box.height))
    beyond = "max" if float(grid.to_numpy().max()) > DARKEST else "neither"
    finished.colorbar(image, cax=scale, label="service level, 0 to 1", extend=beyond)
    scale.tick_params(labelsize=style.TEXT)
    scale.yaxis.label.set_fontsize(style.TEXT)
    return finished


def _finish_rows(axes: Axes, labels: list[str], right: float) -> None:
    """Rows named, the first on top; percentages below."""
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlim(0, right)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.grid(False, axis="y")
    axes.grid(axis="x", color="#e6e6e6")
