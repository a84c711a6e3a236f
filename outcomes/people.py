"""People: stocks and flows, modes of claiming (E4), what movers lose (E6)."""

from __future__ import annotations

import pandas as pd

from ..model.columns import Columns
from ..scenarios.catalogue import MODES
from ..scenarios.vocabulary import MODE, MOVE
from .declaration import LEVEL, Measure, theme
from .groups import By, keys_of, share, sums, totals, with_date
from .run import Run

FLOWS = ("arrived", "left", "deported", "moved_in", "moved_out", "status_in", "status_out")


def stocks(run: Run, by: By = "status") -> pd.DataFrame:
    """Migrants at the end of each month. Columns: month, date, by, stock; `by` also place, region."""
    return with_date(run, totals(run, "monthly", ["stock"], ("month", *keys_of(by))))


def flows(run: Run, by: By = "status") -> pd.DataFrame:
    """Movements during each month, in persons. Columns: month, date, by, arrived, left, deported, moved_in,
    moved_out, status_in, status_out; `by` also place, region. Moves cancel out over the country.
    """
    return with_date(run, totals(run, "monthly", FLOWS, ("month", *keys_of(by))))


@theme(
    "E4", "Modes of claiming", "only a small minority takes part in programmes",
    Measure("persons", "migrants", "persons", "Everybody in the country at the end of December."),
    *(Measure(name, name, "share of migrants", MODE[name].definition, of="persons") for name in MODES),
    vary="vary claiming.sustained_after, the months after which taking part counts",
    by=("status", "stay"),
    also=("rung", "door"),
)  # fmt: skip
def modes(run: Run, by: By = ("status", "stay"), year: int | None = None) -> Columns:
    """E4: how migrants claim. Columns: by, persons, and the shares never, episodic, sustained, summing to 1.

    Everybody in the country at the end of a December counts once. `year`: of the census, the last if not given; with
    `year` in `by`, all of them. `by`: any of status, rung, stay (whole years in the country, 20 = 20 and more), door,
    year.
    """
    keys = keys_of(by)
    counts = sums(run, "census", ["persons", *MODES], keys if "year" in keys else ("year", *keys))
    if year is None and "year" not in keys and len(counts):
        year = counts["year"].max()
    if year is not None:
        counts = counts.at(counts["year"] == year)
    return counts.some([*keys, "persons"]).adding(
        {mode: share(counts[mode], counts["persons"]) for mode in MODES}
    )


@theme(
    "E6", "Portability loss", "who moves loses the rights and services of the place left",
    Measure("moves", "moves", "moves", "Moves from one municipality to another."),
    Measure("level_before", "level left", LEVEL, MOVE["before"].definition, of="moves"),
    Measure("level_after", "level found", LEVEL, MOVE["after"].definition, of="moves"),
    Measure(
        "level_lost", "level lost", "level a move", "The first less the second; negative where movers gain.",
        of="moves",
    ),
    Measure(
        "enrolments_lost", "enrolments lost", "enrolments a move",
        "Enrolments in insurance and programmes left behind, for each move.", of="moves",
    ),
    vary="compare portable-rights",
    by=("status", "origin_fifth"),
    also=("rung",),
    pooled=True,
)  # fmt: skip
def portability_loss(run: Run, by: By = "origin_fifth", since: int = 0) -> Columns:
    """E6: what a move costs. Columns: by, and the measures declared above: means for each move.

    `by`: any of origin_fifth (fifths of migrants by the service level of where they live, 5 the best), status, rung,
    year. `since`: first month counted, its whole year with it.
    """
    keys, lost = keys_of(by), ("level_before", "level_after", "enrolments_lost")
    counts = sums(run, "moves", ["moves", *lost], keys, since)
    before, after, enrolments = (share(counts[name], counts["moves"]) for name in lost)
    means = {"level_before": before, "level_after": after, "level_lost": before - after}
    return counts.some([*keys, "moves"]).adding({**means, "enrolments_lost": enrolments})
