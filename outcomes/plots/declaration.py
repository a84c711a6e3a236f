"""How a figure is declared: beside the function that draws it, and nowhere else."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..run import Run
from ..whole_folder import OutputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAMES = ["name", "region_name"]  # columns of the table of places

Table = Callable[[Run], pd.DataFrame]
Pool = Callable[[pd.DataFrame, int], pd.DataFrame]
Failed = Callable[
    [str, Exception], object
]  # told of a figure, by its file name without ending, and why it failed


@contextlib.contextmanager
def others_go_on(stem: str, failed: Failed | None) -> Iterator[None]:
    """A figure that can't be drawn costs no other one, if somebody is told. What the disk refuses concerns them all."""
    try:
        yield
    except (OSError, OutputError):
        raise
    except Exception as error:
        if failed is None:
            raise
        failed(stem, error)


@contextlib.contextmanager
def own_look(families: Sequence[str] = ()) -> Iterator[None]:
    """Matplotlib as it comes, whatever a user's `matplotlibrc` says (but for how figures get onto a screen), and our
    settings: letters keep their shape instead of being bent to the pixels, which is also quicker; SVG has no random
    names in it; a dollar sign in a name is one. `families`: fonts, if names need others than ours (see `letters`)."""
    import matplotlib as mpl

    of_screens = ("backend", "interactive", "toolbar", "webagg", "figure.hooks")
    plain = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(of_screens)}
    ours: dict[Any, Any] = {
        "text.hinting": "none",
        "text.parse_math": False,
        "svg.hashsalt": "local-citizenship",
        "svg.fonttype": "path",
    }
    if families:
        ours["font.family"] = list(families)
    with mpl.rc_context({**plain, **ours}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # said once, by `letters`
        yield


def words_of(run: Run) -> set[str]:
    """Names that the figures of a run may show, in whatever script."""
    from .letters import words_in

    labels = {entry.label for _, section in run.entries.keyed() for entry in section.values()}
    there = [name for name in _NAMES if "places" in run.tables and name in run.tables.columns("places")]
    places = words_in(run.columns_of("places", there)) if there else set()
    return {run.scenario_name, run.title} | labels | places


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
        from .letters import families_for, readable_language

        with readable_language() as words, own_look(families_for(words_of(run) | words)):
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
