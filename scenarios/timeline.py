"""Dated changes of parameters.

A file's entries stand in the order of their dates. A scenario that extends another takes over its changes and
adds its own; where both change one parameter in one month, its own holds. `timeline_replaces: true` drops
what would be taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .checks import Assignment, ParameterIndex, Problems, collect, fit, is_blank, is_drop, shipped_index
from .schema import ENTRY_SECTIONS
from .schema.entries import LIKE
from .settings import date_hint, month_number, month_text
from .yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence


@dataclass(frozen=True)
class Change:
    """One parameter changed during a run.

    `month` counts from 0 at the start, and the change applies before that month; `where` is the line that
    says so, as "japan.yaml:45".
    """

    month: int
    path: str
    value: Any
    where: str


@dataclass(frozen=True)
class DatedChange:
    """A change as a file gives it: `month` counts from the year 0, `date` is where the month stands."""

    month: int
    date: SourceLocation
    assignment: Assignment


def start_only(path: str, index: ParameterIndex | None = None) -> bool:
    """Whether a parameter has an effect only when the run begins."""
    return (index or shipped_index()).parameters[path].start_only


def read_timeline(
    node: Node, key: SourceLocation, problems: Problems, index: ParameterIndex
) -> list[DatedChange]:
    """The changes of one file, in order."""
    if not isinstance(node, YamlSequence):
        if is_blank(node):
            hint = "leave it out, or list dated changes: `- from: 1998-04`"
            problems.add(key.error("timeline has no value", hint))
        else:
            message = f"timeline is {node}, but must be a list of dated changes"
            problems.add(node.spot.error(message, "as `- from: 1998-04`"))
        return []
    found: list[DatedChange] = []
    latest = -1
    for entry in node.items:
        if not isinstance(entry, YamlMapping):
            problems.add(entry.spot.error(f"a dated change is {entry}, but must begin with `from: 1998-04`"))
            continue
        month = _date(entry, problems)
        assignments = fit(_assignments(entry, problems, index), problems, index)
        if month is None:
            continue
        spot = entry.items["from"].spot
        if month == latest:
            problems.add(spot.error(f"the date {month_text(month)} comes twice", "put both under one date"))
        elif month < latest:
            message = f"the date {month_text(month)} comes after {month_text(latest)}"
            problems.add(spot.error(message, "list the changes in the order of their dates"))
        latest = max(latest, month)
        found += [DatedChange(month, spot, assignment) for assignment in assignments]
    return found


def _date(entry: YamlMapping, problems: Problems) -> int | None:
    if "from" not in entry.items:
        problems.add(entry.spot.error("this change has no date", "begin it with `from: 1998-04`"))
        return None
    given = entry.items["from"]
    month = month_number(given) if isinstance(given, Scalar) else None
    if month is None:
        blank = is_blank(given)
        hint = date_hint(given.text) if isinstance(given, Scalar) else None
        message = f"from {'has no value' if blank else f'is {given}'}, but must be a month as 1998-04"
        problems.add((entry.keys["from"] if blank else given.spot).error(message, hint))
    return month


def _assignments(entry: YamlMapping, problems: Problems, index: ParameterIndex) -> list[Assignment]:
    unsound = len(problems.found)
    found = []
    _refuse_edits(entry, problems, index)
    for assignment in collect(entry, problems, index, others=("from",)):
        if start_only(assignment.path, index):
            message = f"{assignment.path} matters at the start of the run only, and cannot be changed later"
            problems.add(assignment.key.error(message, "set it outside the timeline"))
        else:
            found.append(assignment)
    if not found and len(problems.found) == unsound:
        problems.add(entry.spot.error("this change changes nothing", "name a parameter below its date"))
    return found


def _refuse_edits(entry: YamlMapping, problems: Problems, index: ParameterIndex) -> None:
    """Say that entries are there, or not, from the start."""
    for section in ENTRY_SECTIONS:
        node = entry.items.get(section)
        if not isinstance(node, YamlMapping):
            continue
        for name, value in node.items.items():
            path, key = f"{section}.{name}", node.keys[name]
            if is_drop(value):
                problems.add(key.error(f"{path} cannot be dropped during a run", "drop it at the start"))
            elif name not in index.sections[section] and "." not in name:
                hint = f"{index.unknown(path)}, outside the timeline"
                problems.add(key.error(f"unknown parameter {path!r}", hint))
            elif isinstance(value, YamlMapping) and LIKE in value.items:
                problems.add(value.keys[LIKE].error(f"{path} cannot be made {LIKE} another during a run"))


def fitted(path: str, value: Any, index: ParameterIndex | None = None) -> Any:
    """A value that was judged fit, as the type its parameter has (1 -> 1.0)."""
    return float(value) if (index or shipped_index()).parameters[path].type is float else value


def from_start(changes: Iterable[tuple[DatedChange, str]], start: int, index: ParameterIndex) -> list[Change]:
    """Changes with where each stands -> changes counted from the start, by month; the last given wins."""
    last: dict[tuple[int, str], Change] = {}
    for change, where in changes:
        month, path = change.month - start, change.assignment.path
        last[month, path] = Change(month, path, fitted(path, change.assignment.value, index), where)
    return [last[key] for key in sorted(last)]
