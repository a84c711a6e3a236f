"""People who were counted, for the page to show beside a run's own."""

from __future__ import annotations

from typing import Any

from ...outcomes.run import Run


def counted_shown(run: Run) -> list[dict[str, Any]]:
    """Within the run, by formal status and month (from 0): `{status, month, persons, source}`; a scenario says who was
    counted under `observed`."""
    year, first = (int(part) for part in run.start.split("-")[:2])
    found = []
    for each in run.counted:
        of, month = (int(part) for part in str(each["date"]).split("-")[:2])
        at = (of - year) * 12 + month - first
        if 0 <= at < run.months:
            words = {"status": str(each["status"]), "source": str(each["source"])}
            found.append({**words, "month": at, "persons": int(each["persons"])})
    return found
