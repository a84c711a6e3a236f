"""What a study says over the plausible worlds that its points were run under: parts of the variance, in words too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from .parts import WORDS, change, sentence_of, split, table_of
from .plots.labels import change_text, value_text
from .results import OutcomeMatrix, StudyResults
from .study import ENSEMBLE

FIRST = ("outcome", "point", "name", "against")


def parts_table(results: StudyResults, names: Sequence[str], year: int | None = None) -> pd.DataFrame:
    """A row an outcome and design point, then one for each other point's difference from the first, taken world by
    world: outcome, point, name, against ("" of a point itself), label, unit, and what `parts.split` says.

    A set without a number in one of its runs is left out. Errors: ReadingError as `StudyResults.outcome` has them.
    """
    rows = []
    points = results.over_worlds.point_names()
    for name in names:
        matrix = results.outcome(name, year if name in results.yearly else None)
        cube = values_by_world(matrix)
        words = {"outcome": name, "label": matrix.label, "unit": matrix.unit}
        for point, values in enumerate(cube):
            at = {"point": point, "name": points[point], **words}
            rows.append(at | {"against": ""} | _told(values))
            if point:
                rows.append(at | {"against": points[0]} | _told(change(cube[0], values)))
    return table_of(rows, *FIRST)


def values_by_world(matrix: OutcomeMatrix) -> np.ndarray:
    """An outcome by design point, set, draw of places and replicate; NaN where a run is missing or can't tell."""
    points = matrix.results.points
    sets = points[ENSEMBLE].nunique()
    worlds = len(points) // len(matrix.results.over_worlds.points)
    values = matrix.wide.to_numpy(
        dtype=float
    )  # worlds lie innermost in the order of points, draws within sets
    return values.reshape(-1, sets, worlds // sets, values.shape[1])


def _told(values: np.ndarray) -> dict[str, float]:
    known = values[np.isfinite(values).all(axis=(1, 2))]
    if not len(known):
        return {}
    return split(known, np.full(len(known), 1.0 / len(known)))


def sentences(table: pd.DataFrame) -> Iterator[str]:
    """A sentence a difference; of one design point alone, a sentence an outcome."""
    differences = table[table["against"] != ""]
    for row in (differences if len(differences) else table).to_dict("records"):
        told = {str(name): value for name, value in row.items()}
        if np.isfinite(told["mean"]):
            which = f"{told['name']} against {told['against']}. " if told["against"] else ""
            yield which + sentence_of(told, bool(told["against"]))


def cells(table: pd.DataFrame) -> Iterator[list[str]]:
    """The rows as the summary has them: point, mean, 90% of worlds, above 0, then each part."""
    for row in table.to_dict("records"):
        tell = change_text if row["against"] else value_text
        unit = str(row["unit"])
        what = f"{row['name']} against {row['against']}" if row["against"] else str(row["name"])
        if not np.isfinite(row["mean"]):
            continue
        ends = f"{tell(float(row['low']), unit)} to {tell(float(row['high']), unit)}"
        more = f"{100 * row['more']:.0f}%" if row["against"] else ""
        parts = [f"{100 * row[name]:.0f}%" if np.isfinite(row[name]) else "" for name in WORDS]
        yield [str(row["label"]), what, tell(float(row["mean"]), unit), ends, more, *parts]
