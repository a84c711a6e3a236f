"""The map: what each municipality offers, and what becomes of needs there."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ...scenarios.languages import tr
from ...scenarios.outlines import Window, read_outlines
from ..cascade import take_up
from ..deciding import Says, says_of
from ..groups import last_months, own_help_of, share, totals
from ..inequality import LEAST_NEEDS, least_needs
from ..places_info import PlacesInfo, places_info
from ..run import Run
from ..wording import count, localised, percent, percentage, sentence
from . import style
from .declaration import figure
from .land import HALO, crowded, draw_land, extent, mark_window, name_a_few

LEAST_AREA = 2.5  # of a marker, in square points; less where thousands of places would cover the map
UP_TO = 0.98  # the colours end where so much of the migrants is covered; an arrow stands for the rest
CORNER = 0.3  # width and height of the box for places far off, of those of the map
CROWD = 0.5  # side of the square box for where places crowd, of the map's height; and no wider than a corner
NAMED = 6  # up to so many places are named on the map
# Places so far off that the map of all others would shrink for them get an inset box.
MOST_MIGRANTS = 0.1  # where more of the migrants live is no appendix
LEAST_GAP = 0.1  # of the map's height or width, empty between them and the others
LEAST_GAIN = 1.25  # how much larger the others must become
WIDE = 1.6  # width of the room for a map, over its height


WHERE = ["code", "name", "region_name", "latitude", "longitude"]


def map_data(run: Run) -> pd.DataFrame:
    """One row a municipality.

    Columns: place, code, name, region_name, latitude, longitude; migrants, service_level (end of the last
    year); needs, met, share_met (last five years; share_met is missing below five needs of records); name_local,
    where the run has names in the country's own script; and of few places share_met_alike (see `standardised`).
    """
    return run.cached("map", _map_data).copy()  # figures of more than the map need it


def _map_data(run: Run) -> pd.DataFrame:
    places = run.table("places").set_index("place")
    result = places[WHERE].copy()
    yearly = run.table("places_yearly")
    if yearly.empty:
        final = totals(run, "monthly", ["stock"], "place", since=max(0, run.months - 1))
        result["migrants"] = final.set_index("place")["stock"].reindex(result.index, fill_value=0)
        result["service_level"] = np.nan
    else:
        last = yearly[yearly["year"] == yearly["year"].max()].set_index("place")
        result["migrants"] = last["migrants"].reindex(result.index, fill_value=0)
        result["service_level"] = last["service_level"].reindex(result.index)
    first, _ = last_months(run)
    own = own_help_of(run)
    recent = totals(run, "monthly", ["needs", "unmet", *own], "place", since=first).set_index("place")
    recent = recent.reindex(result.index, fill_value=0)
    result["needs"] = recent["needs"]
    result["met"] = recent["needs"] - recent[["unmet", *own]].sum(axis=1)
    result["share_met"] = share(result["met"], result["needs"].where(result["needs"] >= least_needs(run), 0))
    if len(result) <= NAMED:
        result["share_met_alike"] = standardised(run, first).reindex(result.index)
    if "local_names" in run.tables:
        result["name_local"] = run.table("local_names").set_index("place")["name_local"]
    return result.reset_index()


def standardised(run: Run, since: int = 0) -> pd.Series:
    """Of each place the share of needs met had its people the country's mix of formal status, by needs (direct
    standardisation); a status that has no need there counts as it does in the country."""
    found = take_up(run, ("place", "status"), since=since)
    met, needs = (
        found.pivot_table(index="place", columns="status", values=name, aggfunc="sum", observed=True).fillna(
            0.0
        )
        for name in ("served", "needs")
    )
    weights = needs.sum() / needs.to_numpy().sum()
    rates = (met / needs.where(needs > 0)).fillna(met.sum() / needs.sum().where(needs.sum() > 0))
    alike: pd.Series = (rates * weights).sum(axis=1)
    return alike.where(needs.sum(axis=1) >= least_needs(run))


def _pooled_map(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    """A place that has its share of needs met in no run has none here."""
    by_place = rows.groupby("place")
    sums = by_place[["migrants", "needs", "met"]].sum()
    same = [name for name in ("place", *WHERE, "name_local") if name in rows]
    result = rows[same].drop_duplicates("place").set_index("place")
    result["migrants"] = sums["migrants"] / runs
    result["service_level"] = by_place["service_level"].mean()
    result["needs"], result["met"] = sums["needs"] / runs, sums["met"] / runs
    told = by_place["share_met"].count() > 0
    result["share_met"] = share(sums["met"], sums["needs"].where(told, 0))
    return result.reset_index()


def weighted_quantile(values: pd.Series, weights: pd.Series, share: float) -> float:
    """The value below which the given share of the weight lies; nan without weight."""
    known = values.notna() & (weights > 0)
    if not known.any():
        return float("nan")
    ordered = pd.DataFrame({"v": values[known], "w": weights[known]}).sort_values("v")
    passed = ordered["w"].cumsum() / ordered["w"].sum()
    return float(ordered["v"].iloc[min(len(ordered) - 1, int(np.searchsorted(passed, share)))])


def _map_title(data: pd.DataFrame, says: Says) -> str:
    if not data["migrants"].any():
        return tr("No municipality has a migrant in it")
    if len(data) <= NAMED:
        return _title_by_name(data, says)
    low, high = (weighted_quantile(data["service_level"], data["migrants"], q) for q in (0.1, 0.9))
    poor, rich = (weighted_quantile(data["share_met"], data["migrants"], q) for q in (0.1, 0.9))
    said = []
    if np.isfinite(low):
        said.append(tr("service levels {range}", range=_range(_level(low), _level(high))))
    if np.isfinite(poor):
        said.append(tr("needs met {range}", range=_range(percent(poor), percent(rich))))
    if not said:
        return tr("No service level and no need was recorded")
    return tr("Where the middle 80% of migrants live: {ranges}", ranges=", ".join(said))


def _end(place: str, column: str, lowest: bool) -> Callable[[pd.DataFrame], float]:
    """How far a place lies above each other; or below each."""

    def beyond(data: pd.DataFrame) -> float:
        known = data[data["migrants"] > 0].set_index("name")[column].dropna()
        if place not in known or len(known) < 2:
            return float("nan")
        others = known.drop(place)
        return float(others.min() - known[place]) if lowest else float(known[place] - others.max())

    return beyond


def _title_by_name(data: pd.DataFrame, says: Says) -> str:
    """The lowest and the highest where there are few places: by name, if they are the same in nearly every run."""
    said = []
    alike = "share_met_alike" in data and data["share_met_alike"].notna().any()
    met = tr("needs met at the same mix of status") if alike else tr("needs met")
    for column, what, words in (
        ("service_level", tr("service level"), _level),
        ("share_met_alike" if alike else "share_met", met, percent),
    ):
        known = data[data[column].notna() & (data["migrants"] > 0)]
        if len(known) != 2:
            known = known.sort_values(column, kind="stable")
        if known.empty:
            continue
        (low, first), (high, last) = ((words(known[column].iloc[i]), known["name"].iloc[i]) for i in (0, -1))
        told = {"what": what, "low": low, "high": high, "first": first, "last": last}
        if len(known) == 1:
            said.append(tr("{what} {low} in {first}", **told))
        elif known[column].nunique() == 1:
            said.append(tr("{what} {low} everywhere", **told))
        elif len(known) == 2:
            said.append(tr("{what} {low} in {first} and {high} in {last}", **told))
        elif all(says.sign(_end(str(of), column, end)) > 0 for of, end in ((first, True), (last, False))):
            said.append(tr("{what} from {low} in {first} to {high} in {last}", **told))
        else:
            said.append(tr("{what} {low} to {high}", **told))
    return sentence("; ".join(said)) if said else tr("No service level and no need was recorded")


def _level(value: float) -> str:
    """Two decimals, so that the ends of a range look alike."""
    if 0 < value < 0.005:
        return tr("under {number}", number=localised("0.01"))
    return localised(f"{value:.2f}")


def _range(low: str, high: str) -> str:
    return high if low == high else tr("{low} to {high}", low=low, high=high)


class Scale(NamedTuple):
    """What a map's colours and sizes mean. `areas`: of a marker, in square points: for each migrant, and the least."""

    norm: Normalize
    words: str
    areas: tuple[float, float]
    as_percent: bool
    colours: str = style.SEQUENTIAL


def draw_places(axes: Axes, data: pd.DataFrame, column: str, scale: Scale, gid: str) -> None:
    """A marker a place: its area stands for migrants, its colour for the value; grey where there is none."""
    own = data.iloc[
        np.argsort(-data["migrants"].to_numpy(), kind="stable")
    ]  # small markers on top of large ones
    shown = own[column].to_numpy(dtype=float)
    area, known = areas_of(own["migrants"], scale.areas), np.isfinite(shown)
    edge = np.where(area > 12, 0.5, 0.0)  # a white rim tells large markers apart, and would hide small ones
    east, north = own["longitude"].to_numpy(), own["latitude"].to_numpy()
    axes.scatter(east[~known], north[~known], s=area[~known], color="#cccccc", lw=0)
    axes.scatter(
        east[known], north[known], s=area[known], c=shown[known], cmap=scale.colours, norm=scale.norm,
        edgecolor="white", linewidths=edge[known].tolist(), gid=f"{gid}-{column}",
    )  # fmt: skip


def areas_of(migrants: pd.Series, areas: tuple[float, float]) -> np.ndarray:
    """Of markers: `areas` is that for a migrant, and the least."""
    a_migrant, least = areas
    return np.maximum(least, a_migrant * migrants.to_numpy(dtype=float))


def frame(axes: Axes, data: pd.DataFrame, pad: float) -> None:
    """The part of the globe that holds all places, in its right proportions."""
    north, east = data["latitude"], data["longitude"]
    stretch = 1 / max(0.05, float(np.cos(np.radians(north.mean()))))
    high = max(0.02, float(np.ptp(north)) * pad)
    wide = max(0.02 * stretch, float(np.ptp(east)) * pad)
    # One degree of latitude is `stretch` degrees of longitude: widen whichever side the axes has room for.
    box = axes.get_window_extent()
    half_high, half_wide = float(np.ptp(north)) / 2 + high, (float(np.ptp(east)) / 2 + wide) / stretch
    half = max(half_high, half_wide * box.height / box.width)
    axes.set_ylim((north.min() + north.max()) / 2 - half, (north.min() + north.max()) / 2 + half)
    half = half * stretch * box.width / box.height
    axes.set_xlim((east.min() + east.max()) / 2 - half, (east.min() + east.max()) / 2 + half)
    axes.set_xticks([])
    axes.set_yticks([])


def markers_text(data: pd.DataFrame) -> str:
    """How many places a map shows, and what the areas of its markers mean."""
    return tr(
        "{number} municipalities; area of a marker: migrants (largest {largest})",
        number=localised(f"{len(data):,}"),
        largest=count(float(data["migrants"].max())),
    )


@figure(6, "map", "service level and needs met, by municipality", data=map_data, pooled=_pooled_map)
def country(run: Run, data: pd.DataFrame) -> Figure:
    """Two maps: service level, and share of needs met; a marker's area stands for migrants (B1, E2)."""
    title = _map_title(data, says_of(run, "map"))
    if not data["migrants"].any():
        return style.nothing_to_show(
            run, title, tr("No municipality has a migrant in it at the end of the run.")
        )
    info = places_info(run)
    _, period = last_months(run)
    largest = float(data["migrants"].max())
    what = markers_text(data)
    if data["share_met"].isna().any():
        few = {"number": count(least_needs(run)), "simulated": LEAST_NEEDS}
        what += "; " + (
            tr("grey: under {number} needs of persons ({simulated} simulated)", **few)
            if run.persons_per_record > 1
            else tr("grey: under {number} needs of persons", number=few["number"])
        )
    page = style.page(run, title, what, info.credit)
    most = 1200.0 if len(data) <= NAMED else 300.0 if info.outlines else 480.0
    areas = most / largest, min(LEAST_AREA, 4000 / len(data))
    end = run.date(max(0, run.months - 1))
    asked = (
        ("service_level", tr("service level (0 to 1), {year}", year=end[:4])),
        ("share_met", tr("needs met, {period}", period=period)),
    )
    width = 0.46
    for i, (column, words) in enumerate(asked):
        left = style.MARGIN + i * (1 - 2 * style.MARGIN - width)
        norm = Normalize(0.0, top_of_scale(data[column], data["migrants"]))
        map_panel(
            page, (left, width), data, column, Scale(norm, words, areas, column == "share_met"), "", info
        )
    return page.finish()


def map_panel(
    page: style.Page, span: tuple[float, float], data: pd.DataFrame, column: str, scale: Scale, title: str,
    info: PlacesInfo,
) -> None:  # fmt: skip
    """A map of a column with its scale below it. `span`: left edge and width on the page."""
    (left, width), few = span, len(data) <= NAMED
    apart = {} if few else islands(data, info)
    main = data[~np.any([np.zeros(len(data), bool), *apart.values()], axis=0)]
    height = page.top - page.bottom - (0.22 if title else 0.15)
    axes = page.figure.add_axes((left, page.bottom + 0.15, width, height))
    style.dress(axes)
    axes.grid(False)
    for side in axes.spines.values():
        side.set_visible(False)
    draw_land(axes, info)
    draw_places(axes, main, column, scale, "map")
    frame(axes, extent(main, info), 0.45 if few else 0.04 if not info.outlines else 0.01)
    if few:
        name_places(axes, main, scale.areas)
    held, boxes = extent(main, info), list[Axes]()
    windows = dict(read_outlines(info.outlines).islands) if info.outlines else {}
    for name, there in apart.items():
        corner = data[there]
        boxes.append(
            corner_box(
                page, axes, main, held, name, boxes, (CORNER, CORNER if len(corner) > 1 else CORNER / 2)
            )
        )
        frame(boxes[-1], corners_of(windows[name]) if name in windows else corner, 0.02 if windows else 0.15)
        draw_places(boxes[-1], corner, column, scale, "corner")
    window = crowded(main) if info.outlines else None
    if window is not None:
        within = window.holds(main["longitude"], main["latitude"])
        boxes.append(crowd_box(page, axes, main, held, window, boxes))
        draw_places(boxes[-1], main[within], column, scale, "crowd")
        main = main[~within]
    for box in boxes:
        draw_land(box, info)
    if info.outlines and info.named:
        name_a_few(axes, main, info, [Bbox(tight) for box in boxes if (tight := box.get_tightbbox())])
    if title:
        axes.set_title(textwrap.shorten(title, 30, placeholder=" ..."), loc="left", fontsize=style.TEXT)
    inset = 0.03 if title else 0.06
    beyond = bool((data[column].abs() > float(scale.norm.vmax or 0.0)).any())
    key(page, (left + inset, page.bottom + 0.105, width - 2 * inset, 0.025), scale, beyond)


def top_of_scale(values: pd.Series, migrants: pd.Series) -> float:
    """Where the colours end, a multiple of 0.05: some tiny place with all needs met would make all others dark."""
    usual = weighted_quantile(values, migrants, UP_TO)
    return max(0.05, float(np.ceil(usual * 20 - 1e-9)) / 20) if np.isfinite(usual) else 1.0


def name_places(axes: Axes, data: pd.DataFrame, areas: tuple[float, float]) -> None:
    """Names below the markers, or above them where there is no room; a name that fits nowhere is left out."""
    panel = axes.get_window_extent()
    side = min(CROWD * panel.height, CORNER * panel.width)
    taken: list[Bbox] = []
    ordered = data.sort_values("migrants", ascending=False, kind="stable")
    for row, area in zip(ordered.itertuples(), areas_of(ordered["migrants"], areas), strict=True):
        away = float(np.sqrt(area / np.pi)) + 3
        for side in (-1, 1):
            name = axes.annotate(
                textwrap.fill(str(row.name), 16), (float(str(row.longitude)), float(str(row.latitude))),
                xytext=(0, side * away), textcoords="offset points", ha="center",
                va="top" if side < 0 else "bottom", fontsize=style.TEXT,
            )  # fmt: skip
            box = name.get_window_extent()
            inward = max(0.0, panel.x0 - box.x0) - max(0.0, box.x1 - panel.x1)
            name.set_position((inward * 72 / style.DPI, side * away))
            box = name.get_window_extent()
            if not any(box.overlaps(other) for other in taken):
                taken.append(Bbox(box.get_points()))
                break
            name.remove()


def corners_of(window: Window) -> pd.DataFrame:
    """Two corners of a window, as `frame` wants them."""
    return pd.DataFrame({"longitude": [window.west, window.east], "latitude": [window.south, window.north]})


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


def crowd_box(
    page: style.Page, axes: Axes, main: pd.DataFrame, held: pd.DataFrame, window: Window, boxes: list[Axes]
) -> Axes:
    """A box for what crowds in a window of the map, which is marked there; called after where most of them live."""
    there = main[window.holds(main["longitude"], main["latitude"])]
    most = there.groupby("region_name", observed=True)["migrants"].sum().idxmax()
    mark_window(axes, window)
    panel = axes.get_window_extent()
    side = min(CROWD * panel.height, CORNER * panel.width)
    others = main.drop(there.index)  # the box may stand on what it shows larger, and on nothing else
    box = corner_box(page, axes, others, held, str(most), boxes, (side / panel.width, side / panel.height))
    box.set_xlim(window.west, window.east)
    box.set_ylim(window.south, window.north)
    box.set_xticks([])
    box.set_yticks([])
    return box


def corner_box(
    page: style.Page,
    axes: Axes,
    main: pd.DataFrame,
    held: pd.DataFrame,
    called: str,
    boxes: list[Axes],
    size: tuple[float, float],
) -> Axes:
    """Axes of a size (shares of the map's) in that corner of a map that is emptiest once all places have moved out of
    its way, and where none of `boxes` is; they move for the first box alone, as far as what the map holds has room."""
    box = axes.get_position()
    name = "\n".join(textwrap.fill(part, 13) for part in called.split(", "))
    line = 1.25 * style.TEXT / 72 / (box.height * style.HEIGHT)
    (wide, high), tall = size, size[1] + line * (name.count("\n") + 1)
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    x, y = (main["longitude"] - x0) / (x1 - x0), (main["latitude"] - y0) / (y1 - y0)
    span = (held["longitude"] - x0) / (x1 - x0)
    corners = []  # how many places it would cover, how far these have to move, where it is
    for left in (True, False):
        need = wide + 0.04 - (x.min() if left else 1 - x.max())
        room = 1 - span.max() if left else span.min()
        shift = float(np.clip(need, 0.0, max(0.0, room))) * (1 if left else -1) * (not boxes)
        inside = (x + shift <= wide + 0.02) if left else (x + shift >= 0.98 - wide)
        for upper in (True, False):
            crowd = int((inside & ((y >= 1 - tall) if upper else (y <= tall))).sum())
            at = (0.0 if left else 1 - wide, 1 - tall if upper else 0.0)
            where = Bbox.from_bounds(
                box.x0 + at[0] * box.width, box.y0 + at[1] * box.height, wide * box.width, high * box.height
            )
            if not any(where.overlaps(other.get_position()) for other in boxes):
                corners.append((crowd, shift, where))
    _, shift, where = min(corners, key=lambda each: each[0])
    axes.set_xlim(x0 - shift * (x1 - x0), x1 - shift * (x1 - x0))
    inset = page.figure.add_axes(where.bounds)
    for side in inset.spines.values():
        side.set_color("#a8a8a8")
    inset.set_title(name, fontsize=style.TEXT, loc="left", pad=3, path_effects=HALO)
    return inset


def key(page: style.Page, where: tuple[float, float, float, float], scale: Scale, beyond: bool) -> None:
    """The scale of colours, below the map; an arrow where some values lie beyond it."""
    axes = page.figure.add_axes(where)
    extend = "neither" if not beyond else "both" if (scale.norm.vmin or 0.0) < 0 else "max"
    shown = ScalarMappable(scale.norm, scale.colours)
    bar = page.figure.colorbar(shown, cax=axes, orientation="horizontal", extend=extend, extendfrac=0.04)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(4)
    bar.formatter = FuncFormatter(lambda v, _: percentage(v) if scale.as_percent else localised(f"{v:g}"))
    bar.update_ticks()
    axes.tick_params(labelsize=style.TEXT, length=3, pad=2)
    axes.set_xlabel(scale.words, fontsize=style.TEXT, labelpad=2)


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
