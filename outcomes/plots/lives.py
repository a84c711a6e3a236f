"""Figures of recorded lives: how long help takes, and how formal status changes."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ...model.columns import Columns
from ...scenarios.catalogue import STATUSES
from ...scenarios.languages import later, tr
from ...scenarios.vocabulary import GREY, INK, STATUS
from ..groups import helpers_of, totals
from ..run import Run
from ..story import share_recorded
from ..wording import count, percent, percentage
from . import style
from .declaration import figure

WAITS = ((later("at once"), 0, 0), ("1", 1, 1), ("2", 2, 2), ("3", 3, 3), (later("4 to 6"), 4, 6),
         (later("7 and on"), 7, 10_000))  # fmt: skip
NEVER = later("never")
APART = 0.1  # from the middle of one share of the lives to that of the next, of all
GONE = {"left": later("went home"), "deported": later("deported")}


def _events(run: Run, columns: list[str]) -> Columns | None:
    """What was recorded of the lives, in order, names as their codes; None where nothing was."""
    if "events" not in run.tables or not run.tables.rows("events"):
        return None
    return run.arrays_of("events", ["month", "migrant", "event", *columns])


def time_to_help_data(run: Run) -> pd.DataFrame:
    """Needs of recorded lives that came to an end, as all other figures count them, by how long help took: wait, needs,
    share; the last row is never: given up, or cut short. One that is open when the run ends counts nowhere."""
    columns = ["wait", "needs", "share"]
    events = _events(run, ["need"])
    if events is None:
        return pd.DataFrame(columns=columns)
    names = events.names["event"]
    need, served, gave_up = (names.index(name) for name in ("need", "served", "gave_up"))
    gone = [names.index(name) for name in GONE if name in names]
    ends = events.at(np.isin(events["event"], [need, served, gave_up, *gone]))
    last = len(ends) - 1 - np.unique(ends["migrant"][::-1], return_index=True)[1]  # of each life
    still_open = int((ends["event"][last] == need).sum())
    told = events.at(np.isin(events["event"], [need, served, gave_up]))
    needs = int((told["event"] == need).sum()) - still_open
    if not needs:
        return pd.DataFrame(columns=columns)
    # Each life's needs of a kind one after the other: what ends one stands next to its beginning.
    told = told.at(np.lexsort((told["need"], told["migrant"])))
    same = (np.diff(told["migrant"]) == 0) & (np.diff(told["need"]) == 0)
    helped = same & (told["event"][:-1] == need) & (told["event"][1:] == served)
    waits = np.diff(told["month"].astype(np.int64))[helped]
    rows = [(name, int(((low <= waits) & (waits <= high)).sum())) for name, low, high in WAITS]
    rows.append((NEVER, needs - len(waits)))
    whole = sum(number for _, number in rows)
    return pd.DataFrame([(name, number, number / whole) for name, number in rows], columns=columns)


@figure(
    15, "time-to-help", "how long it took until a need was met, of recorded lives", data=time_to_help_data
)
def time_to_help(run: Run, data: pd.DataFrame) -> Figure:
    """Share of needs met at once, after so many months, or never; of the lives that were recorded (D1, E3)."""
    if data.empty or not data["needs"].sum():
        return style.nothing_to_show(
            run, tr("No need was recorded"), tr("No life with a need was recorded (stories.share).")
        )
    met = data[data["wait"] != NEVER]
    soon = percent(float(met["share"].iloc[0]))
    afterwards = percent(float(met["share"].iloc[1:].sum()))
    title = tr(
        "{soon} of needs were met in the month in which they arose, {later} later",
        soon=soon,
        later=afterwards,
    )
    told = {"number": count(float(data["needs"].sum()))}
    recorded = share_recorded(run)
    if recorded < 1:
        sums = totals(run, "monthly", ["unmet", *(f"served_{name}" for name in helpers_of(run))]).sum()
        told["met"] = percent(1 - float(sums["unmet"]) / float(sums.sum()))
        what = tr(
            "{number} simulated needs in a sample of lives (a share of {share}), from need to help. Of "
            "everybody's needs {met} were helped with, by compatriots too (figure 4)",
            **told,
            share=percentage(recorded, 1),
        )
    else:
        what = tr("{number} simulated needs of all lives, from need to help", **told)
    longest, (last, from_month, _) = _longest_wait(run), WAITS[-1]
    if longest < from_month and not data.loc[data["wait"] == last, "needs"].any():  # nobody can wait so long
        data = data[data["wait"] != last]
        most = f"{longest:g}"
        what += "; " + tr("no need is open for more than {number} months: then it is given up", number=most)
    page = style.page(run, title, what)
    (axes,) = page.panels()
    x = np.arange(len(data))
    colours = [style.BLUE if wait != NEVER else style.PALE for wait in data["wait"]]
    axes.bar(x, data["share"], width=0.8, color=colours, gid="waits")
    for at, part in enumerate(data["share"]):
        axes.text(at, part + 0.012, percent(float(part)), ha="center", fontsize=style.TEXT, color=INK)
    axes.set_xticks(x, [tr(wait) for wait in data["wait"]])
    style.share_axis(axes, min(1.08, 1.15 * float(data["share"].max())))
    axes.set_ylabel(tr("share of needs"))
    axes.set_xlabel(tr("months until somebody helped"))
    return page.finish()


def _longest_wait(run: Run) -> float:
    """Months after which the last need is given up: the most that `needs.*.patience` ever is."""
    values = [*run.parameters.items(), *((change["path"], change["value"]) for change in run.timeline)]
    patience = [float(value) for path, value in values if re.fullmatch(r"needs\.\w+\.patience", str(path))]
    return max(patience, default=math.inf)


def status_flows_data(run: Run) -> pd.DataFrame:
    """Recorded lives by the status with which their record begins and how it ends: begins, ends (a status, or `left`,
    `deported`), lives, share (of all)."""
    columns = ["begins", "ends", "lives", "share"]
    events = _events(run, ["status"])
    if events is None or not (events["status"] >= 0).any():
        return pd.DataFrame(columns=columns)
    known = events.at(events["status"] >= 0)
    first = np.unique(known["migrant"], return_index=True)[1]
    last = len(known) - 1 - np.unique(known["migrant"][::-1], return_index=True)[1]
    order = [*STATUSES, *GONE]  # of which numbers are made
    of_status = np.array([order.index(name) for name in events.names["status"]])
    of_event = np.array([order.index(name) if name in GONE else -1 for name in events.names["event"]])
    gone = of_event[known["event"][last]]
    ends = np.where(gone >= 0, gone, of_status[known["status"][last]])
    flows = of_status[known["status"][first]] * len(order) + ends
    numbers, lives = np.unique(flows, return_counts=True)
    begins, ends = ([order[number] for number in part] for part in np.divmod(numbers, len(order)))
    return pd.DataFrame(dict(zip(columns, (begins, ends, lives, lives / lives.sum()), strict=True)))


def _ends(name: str) -> tuple[str, str]:
    """Label and colour of how a record ends."""
    if name in GONE:
        return tr(GONE[name]), GREY if name == "left" else style.BLACK
    return STATUS[name].label, STATUS[name].colour


@figure(16, "status-flows", "from the status of arrival to how the record ends", data=status_flows_data)
def status_flows(run: Run, data: pd.DataFrame) -> Figure:
    """Recorded lives as bands, from the status in which each began to that in which it is, or how it ended (A1, A3)."""
    if data.empty:
        return style.nothing_to_show(
            run, tr("No life was recorded"), tr("No life was recorded in this run (stories.share).")
        )
    moved = data[(data["begins"] != data["ends"]) & ~data["ends"].isin(list(GONE))]
    gone = data[data["ends"].isin(list(GONE))]
    title = tr(
        "{moved} of recorded lives are in another status than they began in; {gone} have left",
        moved=percent(float(moved["share"].sum())),
        gone=percent(float(gone["share"].sum())),
    )
    whole = count(float(data["lives"].sum()))
    what = tr(
        "{number} recorded lives: the status in which each began, and where it is at the end", number=whole
    )
    page = style.page(run, title, what)
    (axes,) = page.panels()
    gap = 0.02
    left, right = (_stacked(data, side, gap) for side in ("begins", "ends"))
    at = {
        "begins": {name: low for name, (low, _) in left.items()},
        "ends": {n: low for n, (low, _) in right.items()},
    }
    for row in data.itertuples():
        begins, ends, part = str(row.begins), str(row.ends), float(str(row.share))
        y0, y1 = at["begins"][begins], at["ends"][ends]
        at["begins"][begins] += part
        at["ends"][ends] += part
        axes.add_patch(_ribbon(y0, y1, part, STATUS[begins].colour, f"flow-{begins}-{ends}"))
    ticks: list[tuple[float, str, str]] = []
    width = 0.025
    for x, sides in ((0.0, left), (1.0 - width, right)):
        for name, (low, high) in sides.items():
            label, colour = _ends(name)
            axes.add_patch(Rectangle((x, low), width, high - low, color=colour, lw=0))
            words = f"{percent(high - low)} {label}"
            if sides is left:
                ticks.append(((low + high) / 2, words, style.dark(colour)))
            else:
                look: Any = {"va": "center", "fontsize": style.TEXT, "color": style.dark(colour)}
                axes.text(1.015, (low + high) / 2, words, **look)
    axes.set_xlim(0, 1)
    axes.set_ylim(max(high for side in (left, right) for _, high in side.values()) + 0.01, -0.01)
    axes.set_xticks([0.0, 1.0], [tr("began as"), tr("is, or ended")])
    axes.set_yticks([at for at, _, _ in ticks], [words for _, words, _ in ticks])
    for tick, (_, _, colour) in zip(axes.get_yticklabels(), ticks, strict=True):
        tick.set_color(colour)
    axes.set_xlabel(tr("recorded lives"))
    axes.set_ylabel(tr("formal status"))
    axes.grid(False)
    return page.finish()


def _stacked(data: pd.DataFrame, side: str, gap: float) -> dict[str, tuple[float, float]]:
    """From where to where each name reaches, one below the other."""
    sums: Any = data.groupby(side, sort=False)["share"].sum()
    order = [name for name in (*STATUSES, *GONE) if name in sums.index]
    found = dict[str, tuple[float, float]]()
    floor, before = 0.0, None
    for name in order:
        part = float(sums[name])
        if before is not None:
            floor += max(
                gap, APART - (before + part) / 2
            )  # so that labels, in the middle of each, do not touch
        found[name] = (floor, floor + part)
        floor, before = floor + part, part
    return found


def _ribbon(y0: float, y1: float, part: float, colour: str, gid: str) -> PathPatch:
    """A band of a height from left to right."""
    a, b = 0.025, 0.975
    middle = (a + b) / 2
    corners = [
        (a, y0), (middle, y0), (middle, y1), (b, y1), (b, y1 + part), (middle, y1 + part), (middle, y0 + part),
        (a, y0 + part), (a, y0),
    ]  # fmt: skip
    steps = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(corners, steps), facecolor=colour, alpha=0.45, lw=0, gid=gid)
