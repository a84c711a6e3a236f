"""Maps: a marker a municipality, its area for migrants, its colour for the value of it or of its region."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from ...scenarios.languages import later, tr
from ..measures import names_of_places
from ..places_info import places_info
from ..plots import country, style
from ..plots.land import draw_land, extent
from ..wording import is_share
from .chart import said_unit
from .heat import dress_bar
from .question import AskedError
from .told import Told

MOST_SIDE_BY_SIDE, LONGEST_TITLE = 3, 30
SIDES = (later("left"), later("middle"), later("right"))


def on_page(page: style.Page, told: Told, observed: pd.DataFrame) -> Axes:
    """A map a scenario, all on one scale."""
    if len(told.arms) > MOST_SIDE_BY_SIDE:
        raise AskedError(
            f"at most {MOST_SIDE_BY_SIDE} maps have room beside each other, and these are {len(told.arms)}"
        )
    data, info = _data(told), places_info(_run(told))
    many = len(told.arms)
    width = (1 - 2 * style.MARGIN - 0.02 * (many - 1)) / many
    scale = _scale(told, data, many)
    for number, arm in enumerate(told.arms):
        title = "" if many == 1 else arm if _fits(arm) else _side(number, many)
        span = style.MARGIN + number * (width + 0.02), width
        country.map_panel(page, span, data, f"value {number}", scale, title, info)
    return page.figure.axes[0]


def into(axes: Axes, told: Told, observed: pd.DataFrame) -> None:
    """Into a user's axes: land, markers, and the scale of colours beside them."""
    data, info = _data(told), places_info(_run(told))
    scale = _scale(told, data, 2)
    draw_land(axes, info)
    country.draw_places(axes, data, "value 0", scale, "map")
    country.frame(axes, extent(data, info), 0.2)
    figure: Any = axes.figure
    bar = figure.colorbar(country.ScalarMappable(scale.norm, scale.colours), ax=axes)
    dress_bar(bar, told, scale.norm)
    bar.set_label(said_unit(told.question))


def prepared(told: Told) -> Told:
    """The same with a note of what markers mean, and which map is whose where a name has no room above it."""
    note = tr("area of a marker: migrants")
    if told.question.by == "region":
        note = tr("each municipality in the colour of its region") + "; " + note
    elif told.seeds == 1:
        note = tr("one run (single places differ by luck)") + "; " + note
    many = len(told.arms)
    if many <= MOST_SIDE_BY_SIDE:
        note += "".join(
            "; " + tr("{name}: {value}", name=_side(number, many), value=arm)
            for number, arm in enumerate(told.arms)
            if many > 1 and not _fits(arm)
        )
    return replace(told, notes=(*told.notes, note))


def _fits(name: str) -> bool:
    """Whether a name has room above a map."""
    return len(name) <= LONGEST_TITLE


def _side(number: int, many: int) -> str:
    return tr(SIDES[number if many == len(SIDES) else 2 * number])


def _run(told: Told) -> Any:
    if told.first is None:
        raise AskedError("a study keeps no places to map: plot the folder of a run")
    return told.first


def _data(told: Told) -> pd.DataFrame:
    """The places with what a map shows of them, and a column `value 0` ... for each scenario."""
    run, rows = _run(told), told.summary()
    data = country.map_data(run)
    if told.question.by == "region":
        names = data["region_name"].astype(str)
    else:
        called = run.cached("names of places", names_of_places)
        names = data["place"].map(lambda place: called[int(place)])
    for number, arm in enumerate(told.arms):
        own = rows[rows["arm"] == arm].set_index("group")["value"]
        data[f"value {number}"] = names.map(own).astype(float)
    return data


def _scale(told: Told, data: pd.DataFrame, panels: int) -> country.Scale:
    """Colours from 0 to where most migrants are covered; about 0 where some values lie below."""
    unit, columns = told.question.measure.unit, [f"value {number}" for number in range(len(told.arms))]
    values = pd.concat([data[column] for column in columns])
    weights = pd.concat([data["migrants"]] * len(columns))
    usual = country.weighted_quantile(values.abs(), weights, country.UP_TO)
    top = _rounded(usual if np.isfinite(usual) and usual > 0 else float(values.abs().max()))
    low = -top if (values < 0).any() else 0.0
    areas = country.marker_areas(data, places_info(_run(told)), panels)
    colours = style.DIVERGING if low < 0 else style.SEQUENTIAL
    return country.Scale(Normalize(low, top), said_unit(told.question), areas, is_share(unit), colours)


def _rounded(value: float) -> float:
    """A round number that is no less."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(
        next(step for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= value * 0.999)
        * power
    )
