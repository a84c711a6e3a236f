"""Heat maps: a row a group (or a scenario), a column a year, the value as a colour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..plots import style
from ..wording import is_share, value_text
from .chart import in_figures, said_unit, wrapped
from .question import AskedError
from .told import Told

MOST_SIDE_BY_SIDE = 3
WRITTEN = 7  # columns, in whose cells the values have room
NO_DATA = "#efefef"


def on_page(page: style.Page, told: Told, observed: pd.DataFrame) -> Axes:
    """A panel a scenario, unless scenarios are the rows; the scale of colours at the right."""
    by_arm = len(told.arms) > 1 and len(told.groups) > 1
    if by_arm and len(told.arms) > MOST_SIDE_BY_SIDE:
        raise AskedError(
            f"at most {MOST_SIDE_BY_SIDE} heat maps have room beside each other, and these are {len(told.arms)}: "
            "ask for one group, or for lines"
        )
    panels = len(told.arms) if by_arm else 1
    *all_axes, beside = page.panels([*[28.0 / panels] * panels, 1.0])
    norm, colours = scale_of(told)
    for number, axes in enumerate(all_axes):
        mesh = _draw(axes, told, norm, colours, told.arms[number] if by_arm else None, 9 // panels)
        if number:
            axes.tick_params(labelleft=False)
        if by_arm:
            axes.set_title(wrapped(told.arms[number], 60 // panels), loc="left", fontsize=style.TEXT)
    beside.grid(False)
    bar = page.figure.colorbar(mesh, cax=beside)
    dress_bar(bar, told, norm)
    bar.ax.tick_params(labelsize=style.TEXT)
    bar.set_label(wrapped(said_unit(told.question), 30), fontsize=style.TEXT)
    return all_axes[0]


def into(axes: Axes, told: Told, observed: pd.DataFrame) -> None:
    """Into a user's axes, with the scale of colours beside them."""
    norm, colours = scale_of(told)
    mesh = _draw(axes, told, norm, colours, None, 7)
    figure: Any = axes.figure
    bar = figure.colorbar(mesh, ax=axes)
    dress_bar(bar, told, norm)
    bar.set_label(said_unit(told.question))


def scale_of(told: Told) -> tuple[Normalize, str]:
    """From 0 to the largest value, the darker the more; about 0, where some values lie below."""
    values = told.summary()["value"].to_numpy(float)
    low, high = float(values.min()), float(values.max())
    if low < 0:
        reach = max(-low, high)
        return Normalize(-reach, reach), style.DIVERGING
    if high == 0:
        high = 0.1 if is_share(told.question.measure.unit) else 1.0
    return Normalize(0.0, high), style.SEQUENTIAL


def dress_bar(bar: Any, told: Told, norm: Normalize) -> None:
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(5, steps=style.ROUND)
    span = float(norm.vmax or 1.0) - float(norm.vmin or 0.0)
    bar.formatter = FuncFormatter(in_figures(told.question.measure.unit, span))
    bar.update_ticks()


def _draw(axes: Axes, told: Told, norm: Normalize, colours: str, arm: str | None, at_most: int) -> Any:
    rows = told.summary()
    of_arms = arm is None and len(told.arms) > 1
    names = [*told.arms] if of_arms else [each.label for each in told.groups]
    keys = [*told.arms] if of_arms else [each.name for each in told.groups]
    column = "arm" if of_arms else "group"
    if arm is not None:
        rows = rows[rows["arm"] == arm]
    years = list(range(int(rows["year"].min()), int(rows["year"].max()) + 1))
    wide = rows.pivot(index=column, columns="year", values="value").reindex(index=keys, columns=years)
    shown = np.ma.masked_invalid(wide.to_numpy(float))
    axes.set_facecolor(NO_DATA)
    edges = np.arange(years[0] - 0.5, years[-1] + 1)
    mesh = axes.pcolormesh(
        edges,
        np.arange(len(keys) + 1) - 0.5,
        shown,
        cmap=colours,
        norm=norm,
        edgecolor="white",
        lw=0.6,
        gid="heat",
    )
    axes.grid(False)
    axes.set_yticks([*range(len(names))], [wrapped(name) for name in names])
    axes.tick_params(length=0)
    style.year_axis(axes, years, at_most=at_most)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(len(keys) - 0.5, -0.5)
    if len(years) <= WRITTEN and at_most >= WRITTEN:
        for (row, year), value in np.ndenumerate(wide.to_numpy(float)):
            if np.isfinite(value):
                dark = style.readable_on(mesh.cmap(norm(value))[:3])
                words = value_text(value, told.question.measure.unit)
                axes.text(years[year], row, words, ha="center", va="center", color=dark, fontsize=style.TEXT)
    return mesh
