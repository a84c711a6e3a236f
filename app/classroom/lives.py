"""One life for the page: its paragraphs, and where it parts from the same life in another world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...outcomes.run import Run


def life_shown(run: Run, migrant: int, other: Run | None = None) -> dict[str, Any]:
    """The life of `migrant`, as PROTOCOL.md has it; `divergence` from the `other` run's, if there is one.

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
