"""Figures of a made-up run, and how their tests look into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from synthetic_tables import make_run

from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.outcomes.run import Run

NAMES = list(FIGURES)
SIZES = {"usual": (60, 5, 84), "one month": (3, 1, 1), "one year": (2, 2, 12), "long": (40, 12, 240)}


@cache
def run_of(size: str) -> Run:
    places, regions, months = SIZES[size]
    return make_run(places=places, regions=regions, months=months)


@cache
def figure_of(name: str, size: str = "usual") -> Figure:
    figure = FIGURES[name].draw(run_of(size))
    figure.draw_without_rendering()  # lays out ticks, labels and text
    return figure


def changed(**tables: pd.DataFrame) -> Run:
    """The usual run with some tables replaced."""
    run = run_of("usual")
    return Run(run.scenario, {name: tables.get(name, run.table(name)) for name in run.tables})


def scaled(persons: int) -> Run:
    """The usual run, had each record stood for so many people."""
    run = changed()
    parameters = {**run.parameters, "scale.persons_per_record": persons}
    return Run(replace(run.scenario, parameters=parameters), run.tables)


def emptied() -> Run:
    """A run in which nothing ever happened."""
    run = run_of("usual")
    return Run(
        run.scenario, {n: run.table(n).iloc[:0] if n != "places" else run.table(n) for n in run.tables}
    )


def texts(figure: Figure) -> Iterator[Text]:
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            yield text


def hidden_ticks(figure: Figure) -> set[Text]:
    """Labels of ticks outside the limits of their axis, which are not drawn."""
    hidden: set[Text] = set()
    for axis in (a for axes in figure.axes for a in (axes.xaxis, axes.yaxis)):
        shown = {tick.label1 for tick in axis._update_ticks()}
        hidden |= {label for label in axis.findobj(Text) if label is not axis.label and label not in shown}
    return hidden


def assert_readable(figure: Figure, smallest: float = 14.0) -> None:
    """Every text is large enough, in points on a slide of 10 by 5.625 inches, and lies on the slide."""
    figure.draw_without_rendering()
    renderer = FigureCanvasAgg(figure).get_renderer()
    hidden = hidden_ticks(figure)
    for text in texts(figure):
        assert text.get_fontsize() >= smallest, text
        box = text.get_window_extent(renderer)
        if text not in hidden:
            assert min(box.x0, box.y0) >= -1, (text, box)
            assert box.x1 <= figure.bbox.width + 1, (text, box)
            assert box.y1 <= figure.bbox.height + 1, (text, box)


def assert_finished(title: str) -> None:
    """No number is missing from a title."""
    assert len(title) > 10
    assert not re.search(r"\bnan\b|\binf\b|None|\{|unknown", title), title


def is_drawn(figure: Figure, gid: str) -> bool:
    return any(a.get_gid() == gid for a in figure.findobj())


def artist(figure: Figure, gid: str) -> list:
    found = [a for a in figure.findobj() if a.get_gid() == gid]
    assert found, f"nothing is drawn as {gid}"
    return found


def line(figure: Figure, gid: str) -> np.ndarray:
    return np.asarray(artist(figure, gid)[0].get_ydata(), float)


def heights(figure: Figure, gid: str) -> np.ndarray:
    return np.array([bar.get_height() for bar in artist(figure, gid)])


def widths(figure: Figure, gid: str) -> np.ndarray:
    return np.array([bar.get_width() for bar in artist(figure, gid)])


def columns(figure: Figure, gid: str) -> np.ndarray:
    """Foot and head of each column that was drawn, (columns, 2)."""
    (drawn,) = artist(figure, gid)
    return np.array([(p.vertices[:, 1].min(), p.vertices[:, 1].max()) for p in drawn.get_paths()])
