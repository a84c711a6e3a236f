"""Lines over the years: a line a group, or a scenario; panels where there are several of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from ...scenarios.vocabulary import INK
from ..plots import style
from .chart import (
    OBSERVED,
    PALETTE,
    ROWS,
    colours_of,
    is_in_order,
    legend_on,
    said_unit,
    unit_words,
    value_axis,
    wrapped,
)
from .told import Told

MOST_BANDS = 3  # that can be told apart where they overlap
DASHES = ("-", (0, (4, 1.5)))
Series = tuple[str, str, Any, pd.DataFrame, str]  # label, colour, dashes, rows of a summary by year, group


def on_page(page: style.Page, told: Told, observed: pd.DataFrame) -> Axes:
    """Each line named at its end; several scenarios by group, or many bands, have a panel a group."""
    if len(told.groups) > (1 if len(told.arms) > 1 else MOST_BANDS if told.seeds > 1 else ROWS):
        return _panels(page, told, observed)
    (axes,) = page.panels()
    labels = [style_label(label, colour, rows) for label, colour, _, rows, _ in _draw(axes, told, observed)]
    _dress(axes, told, observed, at_most=9)
    axes.set_ylabel(unit_words(told.question.measure.unit))
    if len(labels) > 1:
        style.label_ends(page, axes, labels)
    return axes


def into(axes: Axes, told: Told, observed: pd.DataFrame) -> None:
    """Into a user's axes, with a legend."""
    drawn = list(_draw(axes, told, observed))
    _dress(axes, told, observed, at_most=7)
    axes.set_ylabel(said_unit(told.question))
    if len(drawn) > 1:
        axes.legend(frameon=False)


def style_label(label: str, colour: str, rows: pd.DataFrame) -> style.Label:
    """What stands at the end of a line."""
    return (float(rows["value"].iloc[-1]) if len(rows) else np.nan), wrapped(label), colour


def _series(told: Told) -> Iterator[Series]:
    rows = told.summary().sort_values("year", kind="stable")
    if len(told.groups) > 1 or len(told.arms) == 1:
        colours = colours_of(told.groups, is_in_order(told))
        for number, (group, colour) in enumerate(zip(told.groups, colours, strict=True)):
            dashes = DASHES[number // len(PALETTE) % 2] if len(told.groups) > len(PALETTE) else "-"
            yield group.label, colour, dashes, rows[rows["group"] == group.name], group.name
    else:
        for arm, colour in zip(told.arms, PALETTE, strict=False):
            yield arm, colour, "-", rows[rows["arm"] == arm], told.groups[0].name


def _draw(axes: Axes, told: Told, observed: pd.DataFrame) -> Iterator[Series]:
    single = len(told.arms) > 1 or len(told.groups) == 1
    for label, colour, dashes, rows, group in _series(told):
        _line(axes, rows, colour, dashes, label, told)
        points = observed[observed["group"] == group]
        if len(points):
            axes.scatter(
                points["year"], points["value"], color=INK if single else style.dark(colour), **OBSERVED
            )
        yield label, colour, dashes, rows, group


def _line(axes: Axes, rows: pd.DataFrame, colour: str, dashes: Any, label: str, told: Told) -> None:
    years = rows["year"].to_numpy(float)
    every = np.arange(years.min(), years.max() + 1) if len(years) else years
    at = rows.set_index("year").reindex(every)  # a year without a value is a gap
    if told.seeds > 1:
        axes.fill_between(every, at["low"], at["high"], color=colour, alpha=0.18, lw=0, gid="band")
    few = len(told.years) <= 25
    axes.plot(every, at["value"], ls=dashes, color=colour, lw=2.5, marker="o" if few else "", ms=5, label=label,
              clip_on=False, gid="line")  # fmt: skip
    if not few:  # alone between gaps, a point would not be seen
        value = at["value"].to_numpy(float)
        known = np.isfinite(np.concatenate([[np.nan], value, [np.nan]]))
        alone = known[1:-1] & ~known[:-2] & ~known[2:]
        axes.plot(every[alone], value[alone], ls="", marker="o", ms=5, color=colour, clip_on=False)


def _dress(axes: Axes, told: Told, observed: pd.DataFrame, at_most: int) -> None:
    rows = told.summary()
    shown = np.concatenate([rows["low"], rows["high"], observed["value"]]).astype(float)
    value_axis(axes, told.question.measure.unit, shown)
    years = sorted({*rows["year"].astype(int), *observed["year"].astype(int)})
    style.year_axis(axes, years, at_most=at_most, margin=0.15 if len(years) > 1 else 0.5)
    axes.xaxis.set_minor_locator(NullLocator())


def _panels(page: style.Page, told: Told, observed: pd.DataFrame) -> Axes:
    """A panel a group in rows of three, all on one scale; a colour a scenario."""
    if len(told.arms) > 1:
        legend_on(page, told.arms, PALETTE[: len(told.arms)])
    columns = min(3, len(told.groups))
    rows = -(-len(told.groups) // columns)
    grid = _grid(page, told, rows, columns)
    for number, (group, axes) in enumerate(zip(told.groups, grid, strict=False)):
        one = told.some([group])
        for _ in _draw(axes, one, observed):
            pass
        _dress(axes, told, observed, at_most=max(3, 8 // columns))
        axes.tick_params(axis="x", pad=5)
        axes.set_title(wrapped(group.label, 72 // columns), loc="left", fontsize=style.TEXT)
        if number % columns:
            axes.tick_params(labelleft=False)
        if number + columns < len(told.groups):
            axes.tick_params(labelbottom=False)
            axes.set_xlabel("")
    middle = grid[columns * ((rows - 1) // 2)]
    middle.set_ylabel(unit_words(told.question.measure.unit) if rows == 1 else "")
    return grid[0]


def _grid(page: style.Page, told: Told, rows: int, columns: int) -> list[Axes]:
    """Axes in rows; room for ticks at the left and below, and for a title above each."""
    width, height = page.figure.bbox.width, page.figure.bbox.height
    letter = style.TEXT / 72 * style.DPI  # pixels
    lines = max(wrapped(each.label, 72 // columns).count("\n") + 1 for each in told.groups)
    left = style.MARGIN + 5.2 * letter / width + (1.6 * letter / width if rows == 1 else 0)
    below = page.bottom + 3.2 * letter / height
    across, gap = (1 - style.MARGIN * 0.5 - left) / columns, 2.2 * letter / width
    above = (1.35 * lines + 0.4) * letter / height
    high = (page.top - below) / rows
    found = []
    for number in range(len(told.groups)):
        row, column = divmod(number, columns)
        floor = below + (rows - 1 - row) * high + (0.5 * letter / height if row < rows - 1 else 0)
        ceiling = below + (rows - row) * high - above
        box = (left + column * across, floor, across - gap, max(0.05, ceiling - floor))
        axes = page.figure.add_axes(box)
        style.dress(axes)
        found.append(axes)
    return found
