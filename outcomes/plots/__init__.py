"""The figures of a run. Each is a tidy table first, then a drawing of that table.

`FIGURES` holds them in order; `draw_all(run, folder)` writes them all. Matplotlib is imported only when
something is drawn.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..run import Run

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
# Letters keep their shape instead of being bent to the pixels, which is also quicker. SVG: no random names in it.
LOOK: dict[Any, Any] = {"text.hinting": "none", "svg.hashsalt": "local-citizenship", "svg.fonttype": "path"}


class UnknownFigure(ValueError):
    """A figure was asked for that there is none of."""


@dataclass(frozen=True)
class Drawing:
    """One figure: where it is made, and what it shows."""

    number: int
    name: str
    module: str
    function: str
    table: str
    shows: str

    @property
    def stem(self) -> str:
        """File name without its ending: `01-stock-by-status`."""
        return f"{self.number:02d}-{self.name}"

    def data(self, run: Run) -> pd.DataFrame:
        """The tidy table behind the figure."""
        made: pd.DataFrame = self._module_member(self.table)(run)
        return made

    def draw(self, run: Run, data: pd.DataFrame | None = None) -> Figure:
        """The figure, drawn from `data` or from its table."""
        import matplotlib as mpl

        with mpl.rc_context(LOOK):
            made: Figure = self._module_member(self.function)(run, data)
        return made

    def _module_member(self, name: str) -> Any:
        return getattr(importlib.import_module(f".{self.module}", __package__), name)


def _registry(*rows: tuple[str, str, str, str, str]) -> dict[str, Drawing]:
    return {row[0]: Drawing(number, *row) for number, row in enumerate(rows, start=1)}


FIGURES = _registry(
    (
        "stock-by-status",
        "people",
        "stock_by_status",
        "stock_by_status_data",
        "migrants by formal status over time",
    ),
    (
        "arrivals-and-departures",
        "people",
        "arrivals_and_departures",
        "arrivals_and_departures_data",
        "arrivals, and departures by reason",
    ),
    ("claiming-cascade", "claims", "cascade", "cascade_data", "from need to help, by rung of formal status"),
    (
        "who-met-the-need",
        "claims",
        "who_met_the_need",
        "who_met_the_need_data",
        "city, NGO, nation or nobody",
    ),
    (
        "unevenness",
        "services",
        "unevenness",
        "unevenness_data",
        "Theil between and within regions, over time",
    ),
    ("map", "country", "country", "map_data", "service level and needs met, by municipality"),
    (
        "modes-of-claiming",
        "people",
        "modes_of_claiming",
        "modes_of_claiming_data",
        "never, episodic, sustained, by stay",
    ),
    (
        "service-adoption",
        "services",
        "adoption",
        "adoption_data",
        "share of municipalities that offer each service",
    ),
    (
        "what-movers-lose",
        "moves",
        "what_movers_lose",
        "what_movers_lose_data",
        "service level and enrolments, by origin",
    ),
    (
        "formal-and-substantive",
        "claims",
        "formal_and_substantive",
        "rights_data",
        "rights on paper beside needs met",
    ),
    ("harms", "claims", "harms", "harms_data", "unmet needs per 1,000 person-years"),
    ("ngos", "ngos", "ngos", "ngos_data", "number of NGOs, capacity, served, turned away"),
)


def figure_named(name: str) -> Drawing:
    """A figure by its name, its number or its file name. Errors: UnknownFigure naming those there are."""
    wanted = name.strip().lower()
    for drawing in FIGURES.values():
        if wanted in (drawing.name, drawing.stem, str(drawing.number), f"{drawing.number:02d}"):
            return drawing
    import difflib

    near = difflib.get_close_matches(wanted, list(FIGURES), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise UnknownFigure(f"there is no figure {name!r}{hint} There are: {', '.join(FIGURES)}.")


def data_of(name: str, run: Run) -> pd.DataFrame:
    """The tidy table behind the figure of this name. Errors: UnknownFigure."""
    return figure_named(name).data(run)


def title_of(figure: Figure) -> str:
    """The finding a figure says, on one line."""
    return " ".join(figure.get_suptitle().split())


def draw_all(
    run: Run, folder: str | Path, formats: Sequence[str] = ("png",), names: Sequence[str] | None = None
) -> list[tuple[Path, str]]:
    """Write the figures (all, or those named) into `folder`, each with its table as CSV.

    Returns (file, title) for each figure, the file being that of the first format. PNG files are 1600 by 900
    pixels. Errors: UnknownFigure; ValueError for a format that is not one of png, svg, pdf.
    """
    for extension in formats:
        if extension not in FORMATS:
            raise ValueError(f"figures are written as {', '.join(FORMATS)}, not {extension!r}")
    chosen = list(FIGURES.values()) if names is None else [figure_named(name) for name in names]
    from matplotlib.backend_bases import FigureCanvasBase

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for drawing in chosen:
        data = drawing.data(run)
        data.to_csv(target / f"{drawing.stem}.csv", index=False, float_format="%.6g", lineterminator="\n")
        figure = drawing.draw(run, data)
        for extension in formats:
            save(figure, target / f"{drawing.stem}.{extension}")
        first = formats[0] if formats else "csv"
        written.append((target / f"{drawing.stem}.{first}", title_of(figure)))
        figure.set_canvas(FigureCanvasBase(figure))  # lets go of the pixels: figures linger, being cycles
    return written


def save(figure: Figure, path: Path, *, palette: bool = False) -> None:
    """Write one figure; its format follows from the file's ending. No date goes into the file.

    `palette`: a PNG file of at most 256 colours, a fifth of the size, for pages that are kept.
    """
    import matplotlib as mpl

    from . import png

    dateless = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with mpl.rc_context(LOOK):
        if path.suffix == ".png":
            png.write(figure, path, palette=palette)
        else:
            figure.savefig(path, metadata=dateless[path.suffix])


__all__ = ["FIGURES", "Drawing", "UnknownFigure", "data_of", "draw_all", "figure_named", "save", "title_of"]
