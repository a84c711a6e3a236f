"""The figures of runs under an ensemble: every plausible world of each headline number, and what makes them differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...outcomes.csv_text import write_csv
from ...outcomes.plots import style
from ...outcomes.plots.declaration import Failed, others_go_on, own_look
from ...outcomes.plots.differences import edge_of, near_zero, with_unit
from ...outcomes.plots.letters import families_for, readable_language
from ...outcomes.plots.saving import save, title_of
from ...outcomes.wording import change_and_interval, localised, percentage, sentence, value_text
from ...scenarios.languages import tr
from ..studies.parts import change
from ..studies.plots.labels import broken, outcome_text
from ..studies.plots.worlds import main_first, parts_figure
from .plan import Floats
from .uncertainty import Worlds, by_world

AGREED = 0.95  # of the worlds: so many go the same way before a direction has its colour
ROWS, LABEL = 6, 30  # outcomes that have room on one slide, and characters on a line of what they are called
INSIDE = 26  # characters on a line between the labels and what stands beside a row
SCATTER = 0.3  # half the height of a row's dots, which are spread so that they don't hide each other


def draw_worlds(
    worlds: Worlds, parts: pd.DataFrame, folder: Path, *, ensemble: str, failed: Failed | None = None
) -> list[str]:
    """Write the figures into `folder`, each with its table as CSV; returns what each says. `parts`: as from
    `uncertainty.parts_of`; `ensemble`: which one, in words. `failed`: as for `draw_all`."""
    titles, source = [], source_of(worlds, ensemble)
    compared = len(worlds.names) > 1
    named = parts.assign(name=sentence(worlds.names[-1]), against=worlds.names[0] if compared else "")
    with readable_language() as words, own_look(families_for({*worlds.names, source} | words)):
        drawings: list[tuple[str, pd.DataFrame, Callable[[], Figure | None]]] = [
            (f"plausible-worlds-{letter}", rows, partial(worlds_figure, worlds, rows, source))
            for letter, rows in zip("abcdefgh", _pages(parts), strict=False)
        ]
        drawings.append(("what-makes-them-differ", parts, partial(parts_figure, source, named)))
        for number, (stem, table, draw) in enumerate(drawings, start=1):
            file = folder / f"{number:02d}-{stem}.png"
            with others_go_on(file.stem, failed):
                if (figure := draw()) is not None:
                    write_csv(table, file.with_suffix(".csv"), float_format="%.6g")
                    save(figure, file)
                    titles.append(title_of(figure))
    return [*dict.fromkeys(titles)]


def _pages(parts: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each slide, those of the main outcome first, so that none is left with a row or two."""
    ordered = main_first(parts)
    each = -(-len(ordered) // -(-len(ordered) // ROWS))
    return [ordered[first : first + each] for first in range(0, len(ordered), each)]


def source_of(worlds: Worlds, ensemble: str) -> str:
    """Where the numbers come from."""
    runs = worlds.values.groupby(["scenario", "set", "replicate"]).ngroups - worlds.failed
    return tr(
        "Simulated: {scenarios} under {number} sets of parameters ({ensemble}); {runs} runs",
        scenarios=", ".join(worlds.names),
        number=len(worlds.weights),
        ensemble=ensemble,
        runs=localised(f"{runs:,}"),
    )


def worlds_figure(worlds: Worlds, parts: pd.DataFrame, source: str) -> Figure:
    """A row a headline number: a dot a world, the bar that holds 90% of them, and their mean; of two scenarios their
    differences. In percent of the first scenario's mean. `parts`: rows of `uncertainty.parts_of`; the title tells the
    first."""
    compared = len(worlds.names) > 1
    rows = list(_rows(worlds, parts, compared))
    edge = _axis_of(rows)
    page = style.sheet(_title(rows[0]), _what(worlds, compared), source)
    (axes,) = page.panels()
    axes.axvline(0.0, color=style.GREY, lw=1.2, zorder=1)
    beside = axes.get_yaxis_transform()
    for at, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
        axes.text(1.02, at, row.beside, transform=beside, va="center", fontsize=style.TEXT, color=style.INK)
        if row.why:
            look: dict[str, Any] = {**style.INSIDE, "color": style.GREY}
            look["bbox"] = {"facecolor": "white", "lw": 0, "pad": 2}
            words = row.why.replace(": ", ":\n", 1) if len(row.why) > INSIDE else row.why
            axes.text(0.5, at, words, transform=beside, gid=f"worlds-{at}", linespacing=1.0, **look)
            continue
        places = at + SCATTER * (2.0 * ((np.arange(len(row.dots)) * 0.618034) % 1.0) - 1.0)
        axes.plot(
            row.dots, places, ls="", marker="o", ms=5, mew=0, alpha=0.45, color=row.colour, gid=f"worlds-{at}"
        )
        dark = style.dark(row.colour)
        axes.plot([row.low, row.high], [at, at], lw=4, color=dark, solid_capstyle="butt")
        axes.plot([row.mean], [at], marker="D", ms=11, mew=2, mec=dark, mfc="white", gid=f"mean-{at}")
    axes.set_xlim(-1.05 * edge, 1.05 * edge)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_yticks(range(len(rows) - 1, -1, -1), [broken(row.label, LABEL) for row in rows])
    axes.grid(axis="x", color="#e6e6e6")
    axes.set_xlabel(
        tr("difference in percent of the value with {scenario}", scenario=worlds.names[0])
        if compared
        else tr("difference from the mean of all worlds, in percent of it")
    )
    return page.finish()


def _what(worlds: Worlds, compared: bool) -> str:
    """What the marks are, and whether luck is in them."""
    names = {"first": worlds.names[0], "other": sentence(worlds.names[-1])}
    what = (
        tr(
            "{other} less {first}; a dot is a plausible world, the bar holds 90% of them, the diamond is their mean; "
            "coloured where 95% of them go the same way (orange: more, blue: less)",
            **names,
        )
        if compared
        else tr(
            "{other}; a dot is a plausible world, the bar holds 90% of them, the diamond is their mean",
            **names,
        )
    )
    runs = int(worlds.values["replicate"].nunique())
    luck = (
        tr("one run a world: luck is in the dots") if runs == 1 else tr("each of {number} runs", number=runs)
    )
    few = tr("so few worlds tell the bar's ends only roughly") if worlds.few else ""
    return "; ".join(each for each in (what, luck, few) if each)


@dataclass
class _Row:
    """What is drawn of a headline number: in percent the dots, the bar's ends and the mean. `why`: what stands instead,
    where percentages would tell nothing; `mean_told`, `ends`: mean and 90% of the worlds in words."""

    label: str
    number: int
    mean_told: str
    ends: str
    beside: str
    colour: str
    dots: Floats
    low: float
    high: float
    mean: float
    why: str = ""


def _title(row: _Row) -> str:
    return tr(
        "{outcome}: {mean} in the mean of {number} plausible worlds, {ends} in 90% of them",
        outcome=row.label,
        mean=row.mean_told,
        number=row.number,
        ends=row.ends,
    )


def _rows(worlds: Worlds, parts: pd.DataFrame, compared: bool) -> Iterator[_Row]:
    by_outcome = dict(by_world(worlds))
    for told in parts.to_dict("records"):
        values, unit = by_outcome[told["outcome"]], str(told["unit"])
        cells = change(values[0], values[-1]) if compared else values[0]
        known = np.isfinite(cells)
        weights = worlds.weights[known] / worlds.weights[known].sum()
        cells, first = cells[known], values[0][known]
        base = float(weights @ first)
        spread = float(np.sqrt(weights @ (first - base) ** 2))
        mean, low, high = (float(told[name]) for name in ("mean", "low", "high"))
        zero, scale = 0.0 if compared else base, 100.0 / abs(base) if base else np.nan
        row = _Row(
            label=outcome_text(str(told["label"])),
            number=len(cells),
            **_in_words(unit, mean, low, high, compared),
            colour=style.BLUE,
            dots=(cells - zero) * scale,
            low=(low - zero) * scale,
            high=(high - zero) * scale,
            mean=(mean - zero) * scale,
        )
        if compared:
            more, less = (float(weights[side].sum()) for side in (cells > 0.0, cells < 0.0))
            row.colour = style.VERMILION if more >= AGREED else style.BLUE if less >= AGREED else style.GREY
            if mean:
                way = (
                    tr("{change}: more in {share}", change=row.beside, share=percentage(more))
                    if mean > 0.0
                    else tr("{change}: less in {share}", change=row.beside, share=percentage(less))
                )
                row.beside = way
        if near_zero(np.array([base]), [unit])[0]:
            row.why = tr("near 0: {interval}", interval=row.ends)
        elif abs(base) < spread:
            row.why = tr("no percentage: {interval}", interval=row.ends)
        yield row


def _in_words(unit: str, mean: float, low: float, high: float, compared: bool) -> dict[str, str]:
    """Mean and 90% of the worlds, as the title tells them, and what stands beside the row."""
    if compared:
        said = with_unit(change_and_interval(mean, low, high, unit)[0], unit)
        return {"mean_told": said, "ends": change_and_interval(mean, low, high, unit)[1], "beside": said}
    begin, end = (value_text(each, unit) for each in (low, high))
    said = value_text(mean, unit)
    return {"mean_told": said, "ends": tr("{low} to {high}", low=begin, high=end), "beside": said}


def _axis_of(rows: list[_Row]) -> float:
    """Where the axis ends: at the furthest world, but for rows whose bars go far beyond the middle one's. Of those the
    percentages are told by none, since beside them all others would be a line."""
    drawn = [row for row in rows if not row.why]
    limit = edge_of(np.array([max(abs(row.low), abs(row.high)) for row in drawn]))
    for row in drawn:
        if max(abs(row.low), abs(row.high)) > limit:
            row.why = tr("beyond the chart: {interval}", interval=row.ends)
    dots = [np.abs(row.dots).max() for row in drawn if not row.why]
    return float(max([limit, *dots]))
