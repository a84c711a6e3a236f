"""Boxes beside a map: for islands far off, and, larger, for where places crowd; and where on the map they stand."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from ...scenarios.languages import tr
from ...scenarios.outlines import Window, read_outlines
from ..crowds import crowds
from ..places_info import PlacesInfo
from . import style
from .land import HALO

ISLES = 0.3  # width and height of a box for places far off, of the map's; of a single place half of that
ISLES_OF_HEIGHT = 0.6  # and no wider than so much of the map's height
CROWD = (
    0.26,
    0.62,
)  # side of the square box for where places crowd: no more of the map's width, nor of its height
MOST_HIDDEN = 0.03  # of the places on the map; a further box that hides more is left out
# Places so far off that the map of all others would shrink for them get an inset box.
MOST_MIGRANTS = 0.1  # where more of the migrants live is no appendix
LEAST_GAP = 0.1  # of the map's height or width, empty between them and the others
LEAST_GAIN = 1.25  # how much larger the others must become
WIDE = 1.6  # width of the room for a map, over its height
STEPS, MOVES = 21, 9  # places tried for a box, across and up; and for the map
LEFT_OUT = 1e6  # what a box costs that finds no room: more than any number of places that others hide
APART = 0.02  # of the map's width and height, between boxes


Corner = tuple[float, float]


@dataclass(frozen=True)
class Inset:
    """A box for places that the map does not show: its name, which places these are (a mask), the part of the globe if
    that is fixed, width and height as shares of the map's."""

    name: str
    there: np.ndarray
    window: Window | None
    size: tuple[float, float]


@dataclass(frozen=True)
class Crowd(Inset):
    """A box that shows larger a part of the map where places crowd; the map shows them too."""

    window: Window


def insets(data: pd.DataFrame, info: PlacesInfo, axes: Axes) -> list[Inset]:
    """The boxes that a map of these places has beside it, the largest first; often none."""
    panel = axes.get_window_extent()
    apart, windows = islands(data, info), dict[str, Window]()
    if info.outlines:
        windows = dict(read_outlines(info.outlines).islands)
    side = min(CROWD[0] * panel.width, CROWD[1] * panel.height)
    found, free = list[Inset](), ~np.any([np.zeros(len(data), bool), *apart.values()], axis=0)
    for name, window in crowds(data[free], "migrants") if info.outlines else []:
        there = free & window.holds(data["longitude"], data["latitude"])
        found.append(Crowd(name, there, window, (side / panel.width, side / panel.height)))
    wide = min(ISLES, ISLES_OF_HEIGHT * panel.height / panel.width)
    for name, there in apart.items():
        part = 1.0 if there.sum() > 1 else 0.5
        found.append(Inset(name, there, windows.get(name), (part * wide, part * ISLES)))
    return found


def islands(data: pd.DataFrame, info: PlacesInfo) -> dict[str, np.ndarray]:
    """What is drawn in a box of its own: name -> which places; as the outlines have it, or what lies far off."""
    if info.outlines:
        windows = read_outlines(info.outlines).islands
        found = {name: window.holds(data["longitude"], data["latitude"]) for name, window in windows}
    else:
        aside = far_off(data)
        regions = list(dict.fromkeys(data["region_name"][aside].astype(str)))
        found = {
            ", ".join(regions) if len(regions) <= 2 else tr("{number} regions", number=len(regions)): aside
        }
    return {name: there for name, there in found.items() if there.any()}


def boxes(
    page: style.Page, axes: Axes, data: pd.DataFrame, held: pd.DataFrame, asked: Sequence[Inset]
) -> list[tuple[Inset, Axes]]:
    """Axes for the boxes, where they hide fewest places once the map has moved as far as there is room; `held`: what
    has to stay on the map. A further box of where places crowd is left out if it hid more than a few."""
    if not asked:
        return []
    panel = axes.get_position()
    shift, placed = _layout(axes, data, held, asked)
    x0, x1 = axes.get_xlim()
    axes.set_xlim(x0 - shift * (x1 - x0), x1 - shift * (x1 - x0))
    drawn = []
    for number, (left, floor) in sorted(placed.items()):
        inset = asked[number]
        wide, high = inset.size
        box = page.figure.add_axes(
            (panel.x0 + left * panel.width, panel.y0 + floor * panel.height, wide * panel.width, high * panel.height)
        )  # fmt: skip
        for side in box.spines.values():
            side.set_color("#a8a8a8")
        box.set_title(_title(inset, axes), fontsize=style.TEXT, loc="left", pad=3, path_effects=HALO)
        drawn.append((inset, box))
    return drawn


def _title(inset: Inset, axes: Axes) -> str:
    """Its name on as few lines as there is room for above it."""
    letters = max(13, int(inset.size[0] * axes.get_window_extent().width / _letter(axes)))
    if len(inset.name) <= letters:
        return inset.name
    return "\n".join(textwrap.fill(part, letters) for part in inset.name.split(", "))


def _letter(axes: Axes) -> float:
    """About the width of a letter, in pixels."""
    return 0.64 * style.TEXT * axes.figure.dpi / 72


def _layout(
    axes: Axes, data: pd.DataFrame, held: pd.DataFrame, asked: Sequence[Inset]
) -> tuple[float, dict[int, Corner]]:
    """How far the map moves to the right, and the lower left corner of each box that is drawn, in shares of the map's:
    of all that was tried, what hides fewest places."""
    x0, x1 = axes.get_xlim()
    span = (held["longitude"].to_numpy(float) - x0) / (x1 - x0)
    shifts = np.linspace(-max(0.0, float(span.min())), max(0.0, 1 - float(span.max())), MOVES)
    sizes, best = [_with_title(inset, axes) for inset in asked], (np.inf, 0.0, dict[int, Corner]())
    for shift in sorted(shifts, key=abs):
        costs = [
            _costs(axes, data, asked, number, sizes[number], float(shift)) for number in range(len(asked))
        ]
        for order in permutations(range(len(asked))):
            cost, placed = _placed(asked, costs, sizes, order, MOST_HIDDEN * len(data))
            if cost < best[0]:
                best = cost, float(shift), placed
    return best[1:]


def _with_title(inset: Inset, axes: Axes) -> tuple[float, float]:
    """Width and height of a box with its name above it, as shares of the map's."""
    panel, lines = axes.get_window_extent(), _title(inset, axes).split("\n")
    line = 1.3 * style.TEXT * axes.figure.dpi / 72 / panel.height
    return max(inset.size[0], max(map(len, lines)) * _letter(axes) / panel.width), inset.size[1] + line * len(
        lines
    )


def _corners(size: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Left and lower ends that are tried for a box of this size."""
    wide, tall = size
    return np.linspace(0.0, max(0.0, 1 - wide), STEPS), np.linspace(0.0, max(0.0, 1 - tall), STEPS)


def _costs(
    axes: Axes,
    data: pd.DataFrame,
    asked: Sequence[Inset],
    number: int,
    size: tuple[float, float],
    shift: float,
) -> np.ndarray:
    """How many places a box would hide in each corner that is tried (across, up) once the map has moved; and, less than
    one place, how far it would be from a side of the map, and from what it shows larger."""
    (wide, tall), (lefts, floors), inset = size, _corners(size), asked[number]
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    drawn = ~np.any(
        [each.there for each in asked if not isinstance(each, Crowd)] or [np.zeros(len(data), bool)], axis=0
    )
    on_map = data[drawn & ~inset.there]  # it may stand on what it shows larger
    x = (on_map["longitude"].to_numpy(float) - x0) / (x1 - x0) + shift
    y = (on_map["latitude"].to_numpy(float) - y0) / (y1 - y0)
    across = (x >= lefts[:, None] - APART) & (x <= lefts[:, None] + wide + APART)
    up = (y >= floors[:, None] - APART) & (y <= floors[:, None] + tall + APART)
    away = np.minimum(lefts, lefts[::-1])[:, None] + np.minimum(floors, floors[::-1])[None, :]
    if isinstance(inset, Crowd):
        west, south, east, north = inset.window
        middle = ((west + east) / 2 - x0) / (x1 - x0) + shift, ((south + north) / 2 - y0) / (y1 - y0)
        to_window = (
            np.abs(lefts + wide / 2 - middle[0])[:, None] + np.abs(floors + tall / 2 - middle[1])[None, :]
        )
        away = away + 0.2 * to_window
    hidden: np.ndarray = across.astype(np.float32) @ up.astype(np.float32).T
    return np.round(hidden + 0.3 * away, 4)  # so that equals are equal on every map of a page


def _placed(
    asked: Sequence[Inset],
    costs: Sequence[np.ndarray],
    sizes: Sequence[tuple[float, float]],
    order: Sequence[int],
    most: float,
) -> tuple[float, dict[int, Corner]]:
    """Boxes put one after the other where each costs least; their cost together, and where they are. One for which
    there is no room left is left out, and a further box of where places crowd that hides more than `most`; at a
    price."""
    placed, taken, total = dict[int, Corner](), list[Bbox](), 0.0
    for number in order:
        (wide, tall), (lefts, floors), cost = sizes[number], _corners(sizes[number]), costs[number].copy()
        for other in taken:
            beside = (lefts + wide < other.x0) | (lefts > other.x1)
            over = (floors + tall < other.y0) | (floors > other.y1)
            cost[~(beside[:, None] | over[None, :])] = np.inf
        i, j = np.unravel_index(int(np.argmin(cost)), cost.shape)
        further = isinstance(asked[number], Crowd) and number > 0
        if not np.isfinite(cost[i, j]) or (further and cost[i, j] > most):
            total += most if further else LEFT_OUT
            continue
        total += float(cost[i, j])
        left, floor = float(lefts[i]), float(floors[j])
        placed[number] = left, floor
        taken.append(Bbox.from_bounds(left - APART, floor - APART, wide + 2 * APART, tall + 2 * APART))
    return total, placed


def corners_of(window: Window) -> pd.DataFrame:
    """Two corners of a window, as `frame` wants them."""
    return pd.DataFrame({"longitude": [window.west, window.east], "latitude": [window.south, window.north]})


def far_off(data: pd.DataFrame) -> np.ndarray:
    """Which places lie beyond a wide gap, few migrants in them, and are better drawn apart; often none.

    Of all cuts through an empty strip from north to south or from east to west, the one that lets the rest be
    drawn largest; none, if that is less than a quarter larger.
    """
    chosen = np.zeros(len(data), dtype=bool)
    north = data["latitude"].to_numpy(dtype=float)
    east = data["longitude"].to_numpy(dtype=float) * np.cos(np.radians(north.mean())) if len(data) else north
    migrants = data["migrants"].to_numpy(dtype=float)
    best = LEAST_GAIN
    for along in (north, east):
        order = np.argsort(along, kind="stable")
        gaps = np.diff(along[order])
        for cut in np.flatnonzero(gaps > LEAST_GAP * np.ptp(along)) + 1:
            for group in (order[:cut], order[cut:]):
                apart = np.zeros(len(data), dtype=bool)
                apart[group] = True
                if migrants[apart].sum() > MOST_MIGRANTS * migrants.sum():
                    continue
                gain = _size(north, east) / max(1e-9, _size(north[~apart], east[~apart]))
                if gain >= best:
                    best, chosen = gain, apart
    return chosen


def _size(north: np.ndarray, east: np.ndarray) -> float:
    """What limits the scale of a map, in degrees of latitude."""
    return float(max(np.ptp(north), np.ptp(east) / WIDE))
