"""The dated changes of a run as the page tells them when their month comes."""

from __future__ import annotations

from typing import Any

from ...outcomes.run import Run
from ...scenarios.checks import all_parameters


def events_shown(run: Run) -> list[dict[str, Any]]:
    """By month, from 1 on: `{month, changes: [{path, label, entry, before, after}]}`. What was so before is left out.

    `entry`: the label of the door, service ... that a parameter is of, "" where it is of none.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    for change in run.timeline:
        month, path = int(change["month"]), str(change["path"])
        before = run.parameter_at(path, month - 1)
        if 0 < month < run.months and before != change["value"]:
            label, entry = _labels(run, path)
            found.setdefault(month, []).append(
                {"path": path, "label": label, "entry": entry, "before": before, "after": change["value"]}
            )
    return [{"month": month, "changes": changes} for month, changes in sorted(found.items())]


def _labels(run: Run, path: str) -> tuple[str, str]:
    section, *entry, key = path.split(".")
    infos = all_parameters()
    of_a_sibling = (
        info for name, info in infos.items() if name.startswith(f"{section}.") and name.endswith(f".{key}")
    )
    info = infos.get(path) or next(of_a_sibling, None)
    named = dict(run.entries.keyed()).get(section) if entry else None
    return (info.label if info else key), (named[entry[0]].label if named and entry[0] in named else "")
