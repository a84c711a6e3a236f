"""What is made of a finished run besides its world: its measures, its main outcomes, its lives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...outcomes.run import Run


def measures_csv(run: Run) -> bytes:
    """All outcome measures of the run, by year and group, as CSV."""
    from ...outcomes.csv_text import csv_text
    from ...outcomes.measures import with_measures

    return csv_text(with_measures(run).table("measures")).encode()


def outcomes(run: Run) -> dict[str, dict[str, Any]]:
    """The main outcomes of the run: name -> label, unit, value."""
    from ...outcomes.measures import main_outcomes

    return {name: asdict(outcome) for name, outcome in main_outcomes(run).items()}


def lives_shown(run: Run, most: int | None = None) -> dict[str, Any]:
    """The lives as the page takes them; if `most` are wanted of more, an evenly spaced sample."""
    import numpy as np

    from ...outcomes.story import lives_at_a_glance
    from ...scenarios.catalogue import REASONS, STATUSES

    columns = lives_at_a_glance(run)
    total = len(columns["migrant"])
    wanted = range(total) if most is None or total <= most else np.linspace(0, total - 1, most).astype(int)
    lives = [
        {
            "migrant": str(columns["migrant"][i]),
            "door": run.entries.doors.names[columns["door"][i]] if columns["door"][i] >= 0 else "",
            "status": STATUSES[columns["status"][i]],
            **{name: int(columns[name][i]) for name in ("first", "last", "needs", "met", "moves", "place")},
            "end": REASONS[columns["end"][i]] if columns["end"][i] >= 0 else "still there",
        }
        for i in wanted
    ]
    return {"lives": lives, "total": total}


def diaries(run: Run, migrants: Iterable[int] | None = None) -> Run:
    """The same run with no table but what lives are told from: its events (of `migrants`, or all) and its places,
    year by year too, where a life parts from another because of what a town offers."""
    events = run.table("events")
    if migrants is not None:
        events = events[events["migrant"].isin(list(migrants))]
    places = {name: run.table(name) for name in ("places", "places_yearly")}
    return run.part(events=events, **places)


def life_shown(run: Run, migrant: int, other: Run | None = None) -> dict[str, Any]:
    """The life of `migrant`, as PROTOCOL.md has it; `parting` from the `other` run's, if there is one.

    Errors: StoryError if this life was not recorded.
    """
    from ...outcomes.story import life_of, months_of, summary

    life = life_of(run, migrant)
    paragraphs = [
        {"month": told.month, "date": told.when, "text": " ".join(told.sentences)}
        for told in months_of(run, life)
    ]
    shown = {"migrant": str(migrant), "paragraphs": paragraphs, "summary": summary(run, life)}
    return shown if other is None else {**shown, "parting": _parting(run, other, migrant)}


def _parting(run: Run, other: Run, migrant: int) -> dict[str, Any] | None:
    """Where the life parts from the one in the other run; None if it never does. Without a month if it can't
    be told."""
    from ...outcomes.divergence import divergence
    from ...outcomes.story import StoryError

    try:
        found = divergence(run, other, migrant)
    except StoryError as error:
        return {"month": None, "date": "", "text": str(error)}
    return None if found is None else {"month": found.month, "date": found.date, "text": found.telling}
