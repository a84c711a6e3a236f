"""The charts of the lessons: all text within the page, nothing over anything, one meaning of dark."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from drawn import assert_readable, run_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from local_citizenship.experiments.lessons import drawing
from local_citizenship.outcomes.plots import style


@pytest.fixture(scope="module")
def who() -> Figure:
    run = run_of("usual")
    return drawing.who_met({"as it is": (run, None), "again": (run, None)}, "Who met the needs")


def test_the_legend_of_who_met_the_needs_covers_nothing(who: Figure) -> None:
    assert_readable(who)
    renderer = FigureCanvasAgg(who).get_renderer()
    (legend,) = who.legends
    box, (axes,) = legend.get_window_extent(renderer), who.axes
    assert not box.overlaps(axes.get_window_extent(renderer))
    assert box.x0 >= 0
    assert box.x1 <= who.bbox.width
    names = [text.get_window_extent(renderer) for text in legend.get_texts()]
    assert len(names) == len(drawing._TERMS)
    assert not any(a.overlaps(b) for a, b in combinations(names, 2))


def test_darker_is_more_in_lessons_as_on_maps() -> None:
    figure = drawing.level_by_year(run_of("usual"), "Twenty years")
    (image,) = (image for axes in figure.axes for image in axes.images)
    assert image.get_cmap().name == style.SEQUENTIAL
    little, much = (np.mean(image.get_cmap()(image.norm(value))[:3]) for value in (0.0, drawing.DARKEST))
    assert much < little
