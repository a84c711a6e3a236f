"""How a figure is declared: beside the function that draws it, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Table = Callable[[Run], pd.DataFrame]
Pool = Callable[[pd.DataFrame, int], pd.DataFrame]


def own_look() -> AbstractContextManager[None]:
    """Matplotlib as it comes, whatever a user's `matplotlibrc` says (but for how figures get onto a screen), and our
    settings: letters keep their shape instead of being bent to the pixels, which is also quicker; SVG has no random
    names in it."""
    import matplotlib as mpl

    of_screens = ("backend", "interactive", "toolbar", "webagg", "figure.hooks")
    plain = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(of_screens)}
    ours: dict[Any, Any] = {
        "text.hinting": "none",
        "svg.hashsalt": "local-citizenship",
        "svg.fonttype": "path",
    }
    return mpl.rc_context({**plain, **ours})


@dataclass(frozen=True)
class Drawing:
    """One figure: its place in the order, its name, what it shows, the tidy table behind it, and how that is drawn.

    `pooled`: of the rows of several runs' tables and their number, one table; None if the figure has no comparison.
    """

    number: int
    name: str
    shows: str
    data: Table
    paint: Callable[[Run, pd.DataFrame], Figure]
    pooled: Pool | None = None

    @property
    def stem(self) -> str:
        """File name without its ending: `01-stock-by-status`."""
        return f"{self.number:02d}-{self.name}"

    def draw(self, run: Run, data: pd.DataFrame | None = None) -> Figure:
        """The figure, drawn from `data` or from its table."""

        with own_look():
            return self.paint(run, self.data(run) if data is None else data)

    def pool(self, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """One table over several runs: counts as their mean, shares of all that was counted. Errors: ValueError."""
        if self.pooled is None:
            raise ValueError(f"the figure {self.name} is not drawn for several runs")
        return self.pooled(pd.concat(tables, ignore_index=True), len(tables))


DRAWINGS: dict[str, Drawing] = {}  # as declared; in order only once all are (see FIGURES)
COMPARED: dict[str, Callable[[Any], Figure]] = {}  # by the name of the figure that they compare


def figure(
    number: int, name: str, shows: str, *, data: Table, pooled: Pool | None = None
) -> Callable[[Any], Any]:
    """Declare a figure beside the function that draws it, which takes a run and the table `data(run)`."""

    def declare(paint: Any) -> Any:
        DRAWINGS[name] = Drawing(number, name, shows, data, paint, pooled)
        return paint

    return declare


def comparison_figure(name: str) -> Callable[[Any], Any]:
    """Declare how the figure `name` looks for several scenarios; the function takes a `ComparisonData`."""

    def declare(paint: Any) -> Any:
        COMPARED[name] = paint
        return paint

    return declare
