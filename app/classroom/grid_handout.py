"""A hand-out with sliders: what a grid has found, and maps and lives of its corners, in one HTML file.

`grid*.js` and `grid*.css` of the page show it; PROTOCOL.md says what it holds.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .bundle import one_file
from .handout import packed
from .words import page_words

if TYPE_CHECKING:
    from ...experiments.grids.found import Found
    from ...experiments.grids.grid import Grid
    from ...experiments.studies.study import Factor
    from ...outcomes.run import Run
    from .payload_bytes import Packed

# Its page is the explorer's, with another module, another style and another description.
INSTEAD = {
    "main.js": "grid.js",
    **{f'<link rel="stylesheet" href="/page/{sheet}.css" />': "" for sheet in ("style", "maps", "charts")},
    "panels.css": "grid.css",
    "layouts.css": "grid_layouts.css",
    "lc-page": "lg",
    "simulated migrants, cities and NGOs, to explore in two worlds side by side": (
        "a hand-out with sliders over worlds run beforehand"
    ),
}
LARGEST = 5_000_000  # bytes of the file
MOST_LIVES = 24  # told in full, of each corner the same
MAP_YEARS = 5
FEW_SEEDS = 20  # of fewer a band shows the lowest and the highest; of more the middle 90%
_MAPS = ("level", "needs_met")  # of each place, by year: what colours the maps
_STEPS = 254


@dataclass(frozen=True)
class Corner:
    """A combination of the ends of all sliders: `point` is its number, `at` where each slider stands."""

    point: int
    at: tuple[int, ...]


def corners_of(grid: Grid) -> list[Corner]:
    """All of them, in order of the design's points."""
    sizes = [len(factor.values) for factor in grid.factors]
    ends = itertools.product(*((0, size - 1) for size in sizes))
    return [Corner(int(np.ravel_multi_index(at, sizes)), at) for at in ends]


def grid_handout(
    grid: Grid, found: Found, runs: Iterable[Run], page: Path, *, title: str = "", lives: int = MOST_LIVES
) -> str:
    """The hand-out as HTML. `runs`: of the corners, in order, each under the first seed. Where there is no room for
    lives and maps, corners have none, and the page says so.

    Errors: OutputError if a run cannot be read.
    """
    content = grid_content(grid, found, runs, title=title, lives=lives)
    whole = one_file(page, content, title=content["title"], instead=INSTEAD)
    while len(whole.encode()) > LARGEST and (content["lives"] or content["maps"]):
        content["lives" if content["lives"] else "maps"] = None
        whole = one_file(page, content, title=content["title"], instead=INSTEAD)
    return whole


def grid_content(
    grid: Grid, found: Found, runs: Iterable[Run], *, title: str = "", lives: int = MOST_LIVES
) -> dict[str, Any]:
    """What the hand-out holds, as PROTOCOL.md has it."""
    from scipy import stats

    from ...experiments.grids.making import places_told
    from ...experiments.intervals import CONFIDENCE
    from ...outcomes.entries import entries_of
    from ...scenarios.catalogue import RUNGS
    from ...scenarios.languages import current, tr_term
    from ...scenarios.vocabulary import RUNG, STAGE

    entries = entries_of(grid.scenario.parameters).spoken()
    quantiles = [float(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1)) for n in range(2, grid.seeds + 1)]
    corners = corners_of(grid)
    maps, told = _seen(corners, runs, lives)
    return {
        "language": page_words(current().code),
        "title": title or tr_term(grid.title, "grid title"),
        "question": tr_term(grid.question, "grid question"),
        "scenario": grid.scenario.name,
        "start": grid.scenario.start,
        "months": grid.scenario.months,
        "factors": [_slider(grid, factor) for factor in grid.factors],
        "seeds": grid.seeds,
        "few": FEW_SEEDS,
        "quantiles": quantiles,
        "outcomes": [_outcome(name) for name in grid.outcomes],
        "providers": _providers(),
        "stages": [
            {"name": name, "label": STAGE[name].label, "about": STAGE[name].definition} for name in STAGE
        ][:-1],
        "rungs": [{"name": name, "label": RUNG[name].label} for name in RUNGS],
        "doors": {name: door.label for name, door in entries.doors.items()},
        "places": list(places_told(grid)),
        "columns": found.columns,
        "years": list(found.years),
        "values": packed(np.ascontiguousarray(found.values, "<f4").tobytes()),
        "corners": [corner.point for corner in corners],
        "maps": maps,
        "lives": told,
        "made": _made(grid),
    }


def _slider(grid: Grid, factor: Factor) -> dict[str, Any]:
    """A slider: its values, how each is said, and where the scenario itself stands (null: at none of them)."""
    from ...experiments.studies.points import own_value
    from ...scenarios.languages import tr_term

    info = grid.scenario.index.parameters.get(factor.paths[0])
    alone = len(factor.paths) == 1 and not factor.dated and factor.alternatives is None
    own = own_value(factor, grid.scenario)
    at = next((number for number, value in enumerate(factor.values) if value == own), None)
    unit = factor.unit if alone and not isinstance(factor.values[0], bool) else ""
    return {
        "name": factor.name,
        "label": tr_term(factor.label, "parameter label"),
        "unit": "" if unit in ("switch", "choice", "alternative") else unit,
        "about": tr_term(info.meaning, "parameter meaning") if info is not None and alone else "",
        "values": [_said(value) for value in factor.values],
        "own": at,
    }


def _said(value: Any) -> str:
    from ...outcomes.wording import localised, value_text
    from ...scenarios.languages import tr

    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return localised(value_text(value)) if isinstance(value, (int, float)) else value_text(value)


def _outcome(name: str) -> dict[str, str]:
    from ...outcomes.headline import HEADLINES
    from ...scenarios.languages import tr_term

    label = tr_term(HEADLINES[name].label, "outcome label")
    return {"name": name, "label": label, "unit": HEADLINES[name].unit}


def _providers() -> list[dict[str, str]]:
    from ...outcomes.entries import HELPERS
    from ...scenarios.vocabulary import provider

    return [{"name": name, "label": provider(name).many or provider(name).label} for name in HELPERS]


def _made(grid: Grid) -> dict[str, Any]:
    from ... import __version__
    from ...scenarios.languages import tr_term

    sources = {
        tr_term(f.label, "parameter label"): "; ".join(grid.scenario.sources[path] for path in f.paths)
        for f in grid.factors
    }
    return {"version": __version__, "runs": grid.runs, "points": grid.points, "sources": sources}


# Corners ------------------------------------------------------------------------------------------------------


def _seen(
    corners: list[Corner], runs: Iterable[Run], lives: int
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Maps and lives of the corners; None of what there is not."""
    from ...scenarios.languages import tr_term
    from .artifacts import diaries
    from .payload import places_json, world_of
    from .payload_bytes import from_bytes

    shown: dict[str, str] = {}
    kept: list[tuple[Corner, Run]] = []
    places, header, years = b"", None, np.empty(0, np.int64)
    for corner, run in zip(corners, runs, strict=True):
        header, arrays = from_bytes(world_of(run))
        years = _map_years(header["years"])
        shown[str(corner.point)] = packed(_map(arrays, years, header))
        places = places or places_json(run)
        if "events" in run.tables:
            kept.append((corner, diaries(run)))
    if header is None:
        return None, None
    measures = [
        {
            "name": name,
            **{key: header["measures"][name][key] for key in ("unit", "palette")},
            **{
                key: tr_term(header["measures"][name][key], f"measure {key}")
                for key in ("label", "definition")
            },
        }
        for name in _MAPS
    ]
    maps = {
        "years": [header["years"][year] for year in years],
        "measures": measures,
        "places": packed(places),
        "corners": shown,
    }
    return maps, _lives(kept, lives)


def _map_years(years: list[int]) -> NDArray[np.int64]:
    """Which years are mapped: some, evenly spaced, the last among them."""
    first = min(1, len(years) - 1)  # of the first only what was met at once is over
    chosen = np.linspace(first, len(years) - 1, min(MAP_YEARS, len(years) - first))
    return np.unique(np.rint(chosen).astype(np.int64))


def _map(arrays: Mapping[str, Packed], years: NDArray[np.int64], header: dict[str, Any]) -> bytes:
    """Migrants (u4), then each measure (u1, 255: none) of each mapped year and place."""
    start = int(header["start"][5:7]) - 1
    last = [min(header["months"] - 1, 12 * (int(year) + 1) - 1 - start) for year in years]
    stock = arrays["stock"].values[last]
    parts = [np.rint(stock).astype("<u4").tobytes()]
    for name in _MAPS:
        values = arrays[name].values[years]
        steps = np.where(np.isnan(values), 255, np.rint(np.nan_to_num(values) * _STEPS))
        parts.append(steps.astype(np.uint8).tobytes())
    return b"".join(parts)


def _lives(kept: list[tuple[Corner, Run]], most: int) -> dict[str, Any] | None:
    """The same people in each corner, told in full; those first who fared differently."""
    from ...outcomes.story import StoryError
    from .artifacts import diaries, life_shown, lives_shown

    if not kept or not most:
        return None
    lists: list[dict[str, dict[str, Any]]] = []
    for _, run in kept:
        try:
            lists.append({life["migrant"]: life for life in lives_shown(run)["lives"]})
        except StoryError:
            return None
    common = [migrant for migrant in lists[0] if all(migrant in others for others in lists[1:])]
    common = [migrant for migrant in common if lists[0][migrant]["needs"]]
    differ = [migrant for migrant in common if len({lives[migrant]["met"] for lives in lists}) > 1]
    same = [migrant for migrant in common if migrant not in set(differ)]
    few = most // 4  # whom nothing helps or hurts are among them
    chosen = _spread(differ, most - min(few, len(same)))
    chosen += _spread(same, most - len(chosen))
    if not chosen:
        return None
    told = {}
    for (corner, run), of in zip(kept, lists, strict=True):
        part = diaries(run, [int(migrant) for migrant in chosen])
        rows = [of[migrant] for migrant in chosen]
        stories = {migrant: life_shown(part, int(migrant)) for migrant in chosen}
        told[str(corner.point)] = packed(_json({"lives": rows, "told": stories}))
    return {"total": len(common), "corners": told}


def _spread(of: list[str], most: int) -> list[str]:
    if len(of) <= most:
        return list(of)
    return [of[at] for at in np.linspace(0, len(of) - 1, most).astype(int)] if most > 0 else []


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def corner_runs(grid: Grid, folder: Any, simulate: Callable[[Any, int], Run]) -> Iterator[Run]:
    """The runs of the corners, made again one after another: a study keeps numbers of its runs alone."""
    from ...experiments.studies.points import scenario_at, seed_for

    for corner in corners_of(grid):
        scenario = scenario_at(folder.study, folder.points[corner.point])
        yield simulate(scenario, seed_for(folder.study, corner.point, 0))
