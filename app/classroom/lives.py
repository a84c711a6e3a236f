"""One life for the page: its paragraphs, and where it parts from the same life in another world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...outcomes.run import Run


def life_shown(run: Run, migrant: int, other: Run | None = None) -> dict[str, Any]:
    """The life of `migrant`, as PROTOCOL.md has it; `parting` from the `other` run's, if there is one.

    Errors: StoryError if this life was not recorded.
    """
    from ...outcomes.story import life_of
    from ...outcomes.wording import month_name

    life = life_of(run, migrant)
    paragraphs = [
        {"month": month, "date": month_name(run.date(month)), "text": text} for month, text in life.told
    ]
    return {"migrant": str(life.migrant), "paragraphs": paragraphs, "summary": life.summary}
