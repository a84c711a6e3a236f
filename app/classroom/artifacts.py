"""What is made of a finished run besides its world: its measures, its main outcomes, its lives."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...outcomes.run import Run


def diaries(run: Run) -> Run:
    """The run with nothing but what lives are told from."""
    from .payload_lives import diaries_of

    return diaries_of(run)


def measures_csv(run: Run) -> bytes:
    """All outcome measures of the run, by year and group, as CSV."""
    from ...outcomes.measures import with_measures

    return with_measures(run).table("measures").to_csv(index=False).encode()


def outcomes(run: Run) -> dict[str, dict[str, Any]]:
    """The main outcomes of the run: name -> label, unit, value."""
    from ...outcomes.measures import main_outcomes

    return {name: asdict(outcome) for name, outcome in main_outcomes(run).items()}


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
