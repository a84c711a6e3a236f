"""What the server has made of a finished run, in the process that ran it, besides its world."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...outcomes.run import Run


def diaries(run: Run) -> Run:
    """The run with nothing but what lives are told from."""
    from ...outcomes.lives import diaries_of

    return diaries_of(run)


def measures_csv(run: Run) -> bytes:
    """All outcome measures of the run, by year and group, as CSV."""
    from ...outcomes.measures import with_measures

    return with_measures(run).table("measures").to_csv(index=False).encode()


def outcomes(run: Run) -> dict[str, dict[str, Any]]:
    """The main outcomes of the run: name -> label, unit, value."""
    from ...outcomes.measures import main_outcomes

    return {name: asdict(outcome) for name, outcome in main_outcomes(run).items()}
