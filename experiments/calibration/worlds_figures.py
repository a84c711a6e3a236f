"""The figures of runs under an ensemble: every plausible world of each headline number, and what makes them differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...outcomes.csv_text import write_csv
from ...outcomes.plots import style
from ...outcomes.plots.declaration import Failed, others_go_on, own_look
from ...outcomes.plots.differences import edge_of, near_zero
from ...outcomes.plots.letters import families_for, readable_language
from ...outcomes.plots.saving import save, title_of
from ...outcomes.wording import change_and_interval, localised, percentage, sentence, value_text
from ...scenarios.languages import tr
from ..studies.plots.labels import outcome_text
from ..studies.plots.worlds import main_first, parts_figure
from .plan import Floats
from .uncertainty import Worlds, by_world

AGREED = 0.95  # of the worlds: so many go the same way before a direction has its colour
ROWS = 8  # that have room on one slide
SCATTER = 0.3  # half the height of a row's dots, which are spread so that they don't hide each other


def draw_worlds(
    worlds: Worlds, parts: pd.DataFrame, folder: Path, *, ensemble: str, failed: Failed | None = None
) -> list[str]:
    """Write the figures into `folder`, each with its table as CSV; returns what each says. `parts`: as from
    `uncertainty.parts_of`; `ensemble`: which one, in words. `failed`: as for `draw_all`."""
    titles, source = [], source_of(worlds, ensemble)
    compared = len(worlds.names) > 1
    named = parts.assign(
        point=0, name=sentence(worlds.names[-1]), against=worlds.names[0] if compared else ""
    )
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
    page = style.sheet(_title(worlds, parts, compared), what, source)
    (axes,) = page.panels()
    rows = list(_rows(worlds, parts, compared))
    drawn = [np.append(row["dots"], [row["low"], row["high"]]) for row in rows if row["dots"] is not None]
    edge = edge_of(np.array([np.abs(each[np.isfinite(each)]).max() for each in drawn]))
    axes.axvline(0.0, color=style.GREY, lw=1.2, zorder=1)
    beside = axes.get_yaxis_transform()
    for number, row in enumerate(rows):
        at = len(rows) - 1 - number
        axes.text(1.02, at, row["said"], transform=beside, va="center", fontsize=style.TEXT, color=style.INK)
        if row["dots"] is None:
            look: dict[str, Any] = {**style.INSIDE, "color": style.GREY, "ha": "center"}
            look["bbox"] = {"facecolor": "white", "lw": 0, "pad": 2}
            axes.text(0.5, at, row["why"], transform=beside, gid=f"worlds-{at}", **look)
            continue
        places = at + SCATTER * (2.0 * ((np.arange(len(row["dots"])) * 0.618034) % 1.0) - 1.0)
        axes.plot(
            np.clip(row["dots"], -edge, edge), places, ls="", marker="o", ms=5, mew=0, alpha=0.45,
            color=row["colour"], gid=f"worlds-{at}",
        )  # fmt: skip
        dark = style.dark(row["colour"])
        ends = np.clip([row["low"], row["high"]], -edge, edge)
        axes.plot(ends, [at, at], lw=4, color=dark, solid_capstyle="butt")
        middle = float(np.clip(row["mean"], -edge, edge))
        axes.plot([middle], [at], marker="D", ms=11, mew=2, mec=dark, mfc="white", gid=f"mean-{at}")
    axes.set_xlim(-1.05 * edge, 1.05 * edge)
    axes.set_ylim(-0.7, max(1, len(rows)) - 0.3)
    axes.set_yticks(np.arange(len(rows))[::-1], [row["label"] for row in rows])
    axes.grid(axis="x", color="#e6e6e6")
    axes.set_xlabel(
        tr("difference in percent of the value with {scenario}", scenario=worlds.names[0])
        if compared
        else tr("difference from the mean of all worlds, in percent of it")
    )
    return page.finish()


def _title(worlds: Worlds, parts: pd.DataFrame, compared: bool) -> str:
    told = parts.iloc[0]
    mean, ends = _mean_and_ends(told, compared)
    said = {"outcome": outcome_text(str(told["label"])), "mean": mean, "ends": ends}
    return tr(
        "{outcome}: {mean} in the mean of {number} plausible worlds, {ends} in 90% of them",
        number=len(worlds.weights),
        **said,
    )


def _mean_and_ends(row: pd.Series, compared: bool) -> tuple[str, str]:
    unit = str(row["unit"])
    if compared:
        return change_and_interval(row["mean"], row["low"], row["high"], unit)
    low, high = (value_text(row[name], unit) for name in ("low", "high"))
    return value_text(row["mean"], unit), tr("{low} to {high}", low=low, high=high)


def _rows(worlds: Worlds, parts: pd.DataFrame, compared: bool) -> Iterator[dict[str, Any]]:
    """What is drawn of each headline number: label, what is said beside it, colour, and in percent the dots, the bar's
    ends and the mean; no dots where percentages would tell nothing, of what is near 0."""
    first = {name: values[0] for name, values in by_world(worlds)}
    both = {name: values[-1] - values[0] for name, values in by_world(worlds)} if compared else first
    for row in parts.to_dict("records"):
        known = np.isfinite(both[row["outcome"]])
        weights = worlds.weights[known] / worlds.weights[known].sum()
        base, cells = first[row["outcome"]][known], both[row["outcome"]][known]
        mean = float(weights @ base)
        near = bool(near_zero(np.array([mean]), [row["unit"]])[0])
        zero, scale = 0.0 if compared else mean, 100.0 / abs(mean) if mean else np.nan
        said, ends = _mean_and_ends(pd.Series(row), compared)
        more = float(row["more"])
        if compared and row["mean"]:
            words = {"change": said, "share": percentage(max(more, 1.0 - more))}
            said = (
                tr("{change}: more in {share}", **words)
                if more >= 0.5
                else tr("{change}: less in {share}", **words)
            )
        told: dict[str, Any] = {
            "label": outcome_text(str(row["label"])),
            "said": said,
            "colour": _colour(cells, weights) if compared else style.BLUE,
            "dots": (cells - zero) * scale,
            **{name: (row[name] - zero) * scale for name in ("low", "high", "mean")},
        }
        if near:
            told |= {"dots": None, "why": tr("near 0: {interval}", interval=ends)}
        yield told


def _colour(changes: Floats, weights: Floats) -> str:
    """Of a direction in which nearly all worlds agree; else grey."""
    if weights[changes > 0].sum() >= AGREED:
        return style.VERMILION
    return style.BLUE if weights[changes < 0].sum() >= AGREED else style.GREY
