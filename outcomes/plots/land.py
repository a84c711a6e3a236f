"""What lies under and beside the places of a map: outlines, a box where places crowd, and names of a few of them."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from ...scenarios.languages import ENGLISH, current
from ...scenarios.outlines import Window, read_outlines
from ...scenarios.places_shipped import SHIPPED
from ...scenarios.places_shipped import UNKNOWN as UNKNOWN_TABLE
from ..places_info import PlacesInfo
from . import style

LAND, BORDER, WINDOW = "#efece4", "#cfcabd", "#6b6b6b"
MOST_NAMES, NAMED_AMONG = 6, 50  # of the largest places so many are named
APART = 0.1  # of the map's diagonal, between places that are named
MOST_COVERED = 6  # places that a name may stand on

HALO: list[patheffects.AbstractPathEffect] = [patheffects.withStroke(linewidth=3, foreground="white")]
NARROW = 4.0  # inches, below which a map has room for half the names

# Where a name may stand: points to the right and up, and how it is aligned.
SIDES = (
    (7, 0, "left", "center"), (-7, 0, "right", "center"), (0, 7, "center", "bottom"), (0, -7, "center", "top"),
    (6, 6, "left", "bottom"), (6, -6, "left", "top"), (-6, 6, "right", "bottom"), (-6, -6, "right", "top"),
)  # fmt: skip
# Farther off, at the end of a line, for a place that must be named where others crowd.
FAR_SIDES = tuple(
    (x, y, "center", "top" if y < 0 else "bottom") for y in (-28, 28) for x in (0, 25, -25, 50, -50)
)

# Fonts that come with systems and have the letters; the first that is there is taken.
FONTS = {
    "ja": (
        "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "MS Gothic", "IPAexGothic",
        "IPAGothic", "TakaoGothic", "VL Gothic",
    ),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "AppleGothic", "Malgun Gothic", "NanumGothic"),
}  # fmt: skip


def draw_land(axes: Axes, info: PlacesInfo) -> None:
    """The outlines of the country's regions, where its table of places comes with them; they move no axis."""
    if not info.outlines:
        return
    rings = [ring for rings in read_outlines(info.outlines).rings for ring in rings]
    land = PolyCollection(rings, facecolor=LAND, edgecolor=BORDER, linewidth=0.5, zorder=0, gid="land")
    axes.add_collection(land, autolim=False)


def extent(data: pd.DataFrame, info: PlacesInfo) -> pd.DataFrame:
    """What a map has to hold: its places, and the land about them; columns longitude, latitude."""
    where = data[["longitude", "latitude"]]
    if not info.outlines:
        return where
    land = read_outlines(info.outlines)
    ends = np.array(
        [(f(r[:, 0]), f(r[:, 1])) for rings in land.rings for r in rings for f in (np.min, np.max)]
    )
    apart = (
        np.any([window.holds(*ends.T) for _, window in land.islands], axis=0)
        if land.islands
        else np.zeros(len(ends), bool)
    )
    return pd.concat([where, pd.DataFrame(ends[~apart], columns=where.columns)], ignore_index=True)


def mark_window(axes: Axes, window: Window) -> None:
    """A thin frame about what is drawn larger in a box."""
    west, south, east, north = window
    axes.plot(
        [west, east, east, west, west], [south, south, north, north, south], color=WINDOW, lw=1, zorder=4
    )


def reader_language() -> str:
    """Of whoever draws: that which is spoken, or else the first two letters of the locale ("ja"); "" where it is not
    known."""
    if current() is not ENGLISH:
        return current().code
    named = (os.environ.get(each) for each in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return (next((each for each in named if each), "") or locale.getlocale()[0] or "")[:2].lower()


@cache
def font_for(language: str) -> FontProperties | None:
    """A font with the letters of a language, if the system has one."""
    there = {font.name: font.fname for font in fontManager.ttflist}
    sample = {"ja": "東", "ko": "서"}.get(language, "")
    for name in FONTS.get(language, ()):
        if name in there and ord(sample) in get_font(there[name]).get_charmap():
            return FontProperties(fname=there[name])
    return None


def short_name(name: str) -> str:
    """A municipality's name without what kind it is: Hamamatsu-shi -> Hamamatsu."""
    head, hyphen, kind = name.rpartition("-")
    return head if hyphen and kind.islower() and len(kind) <= 5 else name


def name_a_few(axes: Axes, data: pd.DataFrame, info: PlacesInfo, avoid: Iterable[Bbox]) -> None:
    """Names of places that the article tells of, where there is room, and of a few of the largest far enough from all
    that are named, each where it covers fewest others; in the reader's script if there is a font for it."""
    own = info.language if info.language == reader_language() and "name_local" in data else ""
    font = font_for(own) if own else None
    panel, taken, named = axes.get_window_extent(), list(avoid), list[np.ndarray]()
    points = axes.transData.transform(data[["longitude", "latitude"]].to_numpy(float))
    most = MOST_NAMES if panel.width > NARROW * style.DPI else MOST_NAMES // 2
    apart = APART * np.hypot(panel.width, panel.height)
    told = SHIPPED.get(info.table, UNKNOWN_TABLE).told_of
    first = [int(number) for name in told for number in np.flatnonzero(data["name"] == name)]
    in_order = np.argsort(-data["migrants"].to_numpy(), kind="stable")[:NAMED_AMONG]
    for number in dict.fromkeys((*first, *in_order)):
        if len(named) == most:
            return
        row, at = data.iloc[number], points[number]
        near = number not in first and any(np.hypot(*(at - other)) < apart for other in named)
        if near or not row["migrants"]:
            continue
        words = row["name_local"] if font is not None and row["name_local"] else short_name(str(row["name"]))
        look: Any = {"fontproperties": font} if font is not None else {}
        sides = (*SIDES, *FAR_SIDES) if number in first else SIDES
        if number in first:
            look |= {
                "arrowprops": {"arrowstyle": "-", "lw": 0.8, "color": style.INK, "shrinkA": 0, "shrinkB": 1}
            }
        text = axes.annotate(
            words, (row["longitude"], row["latitude"]), xytext=(0, 0), textcoords="offset points", zorder=5, gid="name",
            **look,
        )  # fmt: skip
        text.set(fontsize=style.TEXT, color=style.INK)
        text.set_path_effects(HALO)
        found = []  # places covered, where
        for side in sides:
            _put(text, side)
            text.get_window_extent()  # puts it there
            box = Bbox(Text.get_window_extent(text).get_points())  # without its line
            within = panel.x0 <= box.x0 and box.x1 <= panel.x1 and panel.y0 <= box.y0 and box.y1 <= panel.y1
            if within and not any(box.overlaps(other) for other in taken):
                found.append((box.count_contains(points), sides.index(side), box))
        fits = [each for each in found if each[0] <= MOST_COVERED]
        if not fits:
            text.remove()
            continue
        _, best, box = min(fits, key=lambda each: each[:2])
        _put(text, sides[best])
        taken.append(box)
        named.append(at)


def _put(text: Annotation, side: tuple[float, float, str, str]) -> None:
    x, y, across, down = side
    text.set(position=(x, y), ha=across, va=down)
