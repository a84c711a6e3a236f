"""The figures of a run. Each is a tidy table first, then a drawing of that table.

`FIGURES` holds them in order; `draw_all(run, folder)` writes them all. Each is declared beside the function that
draws it (`@figure`), in any file of this folder; Matplotlib is imported when `FIGURES` is first looked into.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...scenarios.errors import did_you_mean
from ..csv_text import write_csv
from ..run import Run
from .declaration import DRAWINGS, Drawing, Failed, others_go_on, own_look
from .sizes import FORMATS

if TYPE_CHECKING:
    import pandas as pd

    from .saving import save, title_of


class UnknownFigure(ValueError):
    """A figure was asked for that there is none of."""


class _Figures(Mapping[str, Drawing]):
    """All figures by name, in order. The files that declare them are read when first asked for, and Matplotlib with
    them."""

    @cached_property
    def _all(self) -> dict[str, Drawing]:
        for module in pkgutil.iter_modules(__path__):
            importlib.import_module(f".{module.name}", __package__)
        return dict(sorted(DRAWINGS.items(), key=lambda item: item[1].number))

    def __getitem__(self, name: str) -> Drawing:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


FIGURES: Mapping[str, Drawing] = _Figures()


def figure_named(name: str) -> Drawing:
    """A figure by its name, its number or its file name. Errors: UnknownFigure naming those there are."""
    wanted = name.strip().lower()
    for drawing in FIGURES.values():
        if wanted in (drawing.name, drawing.stem, str(drawing.number), f"{drawing.number:02d}"):
            return drawing
    near = did_you_mean(wanted, FIGURES)
    hint = f"; {near}" if near else "."
    raise UnknownFigure(f"there is no figure {name!r}{hint} There are: {', '.join(FIGURES)}.")


def data_of(name: str, run: Run) -> pd.DataFrame:
    """The tidy table behind the figure of this name. Errors: UnknownFigure."""
    return figure_named(name).data(run)


def draw_all(
    run: Run,
    folder: str | Path,
    formats: Sequence[str] = ("png",),
    names: Sequence[str] | None = None,
    failed: Failed | None = None,
    size: str = "slide",
) -> list[tuple[Path, str]]:
    """Write the figures (all, or those named) into `folder`, each with its table as CSV.

    Returns (file, title) for each figure, the file being that of the first format. `failed(file name without ending,
    error)`: told of a figure that can't be drawn, while the others are; what went wrong is raised where nobody is.
    `size`: "slide" (PNG files of 1600 by 900 pixels) or "print". Errors: UnknownFigure; ValueError for a format that
    is not one of png, svg, pdf.
    """
    if wrong := [extension for extension in formats if extension not in FORMATS]:
        raise ValueError(f"figures are written as {', '.join(FORMATS)}, not {wrong[0]!r}")
    chosen = list(FIGURES.values()) if names is None else [figure_named(name) for name in names]
    from matplotlib.backend_bases import FigureCanvasBase

    from .saving import save, title_of

    target, written = Path(folder), []
    target.mkdir(parents=True, exist_ok=True)
    for drawing in chosen:
        with others_go_on(drawing.stem, failed):
            data, files = drawing.data(run), [target / f"{drawing.stem}.{each}" for each in (*formats, "csv")]
            write_csv(data, files[-1], float_format="%.6g")
            figure = drawing.draw(run, data)
            for file in files[:-1]:
                save(figure, file, size=size)
            written.append((files[0], title_of(figure)))
            figure.set_canvas(FigureCanvasBase(figure))  # lets go of the pixels: figures linger, being cycles
    return written


def __getattr__(name: str) -> Any:
    """What needs Matplotlib is loaded when it is first used."""
    if name not in ("save", "title_of"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import saving

    return getattr(saving, name)


__all__ = [
    "FIGURES",
    "FORMATS",
    "Drawing",
    "UnknownFigure",
    "data_of",
    "draw_all",
    "figure_named",
    "own_look",
    "save",
    "title_of",
]
