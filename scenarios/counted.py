"""People who were counted in the real country, beside whom a run's own are shown: `observed` in a scenario file.

They change no result. A file that extends another takes over its counts, unless it gives `observed` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .catalogue import STATUSES
from .checks import Problems, is_blank
from .errors import did_you_mean
from .settings import date_hint, month_number, month_text
from .yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence

KEYS = {
    "status": "whose number it is: a formal status",
    "date": "the month at whose end they were counted, as 1998-04",
    "persons": "how many there were",
    "source": "who counted them",
}
MOST_COUNTS = 1_200
MOST_PERSONS = 10**9
_EXAMPLE = "as `- {status: overstayer, date: 1998-01, persons: 276810, source: Ministry of Justice}`"


@dataclass(frozen=True)
class Counted:
    """So many people of a formal status in a month, which counts from the year 0."""

    status: str
    month: int
    persons: int
    source: str

    def plain(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {
            "status": self.status,
            "date": month_text(self.month),
            "persons": self.persons,
            "source": self.source,
        }


def read_counted(node: Node, key: SourceLocation, problems: Problems) -> tuple[Counted, ...]:
    """The counts of one file, by status and month; what is wrong with them goes to `problems`."""
    if not isinstance(node, YamlSequence):
        where, told = (key, "has no value") if is_blank(node) else (node.spot, f"is {node}")
        problems.add(where.error(f"observed {told}, but must be a list of counts", _EXAMPLE))
        return ()
    if len(node.items) > MOST_COUNTS:
        problems.add(node.spot.error(f"observed has {len(node.items):,} counts; {MOST_COUNTS:,} are allowed"))
        return ()
    found: dict[tuple[str, int], Counted] = {}
    for item in node.items:
        if not isinstance(item, YamlMapping):
            problems.add(item.spot.error(f"a count is {item}, but must have {', '.join(KEYS)}", _EXAMPLE))
            continue
        counted = _one(item, problems)
        if counted is None:
            continue
        at = counted.status, counted.month
        if at in found:
            what = f"{counted.status} of {month_text(counted.month)}"
            problems.add(item.spot.error(f"the {what} are counted twice", "leave one out"))
        found[at] = counted
    order = {status: n for n, status in enumerate(STATUSES)}
    return tuple(sorted(found.values(), key=lambda each: (order[each.status], each.month)))


def _one(item: YamlMapping, problems: Problems) -> Counted | None:
    """One count; None, and a word to `problems`, where it can't be read."""
    before = len(problems.found)
    for name, key in item.keys.items():
        if name not in KEYS:
            problems.add(
                key.error(f"a count has no {name!r}", did_you_mean(name, KEYS) or f"it has {', '.join(KEYS)}")
            )
    missing = [name for name in KEYS if name not in item.items]
    if missing and len(problems.found) == before:
        problems.add(item.spot.error(f"this count has no {' and no '.join(missing)}", _EXAMPLE))
    for name, node in item.items.items():
        if name in KEYS and is_blank(node):
            problems.add(item.keys[name].error(f"{name} has no value; it is {KEYS[name]}"))
    if len(problems.found) > before:
        return None
    values = {name: node for name, node in item.items.items() if name in KEYS}
    status, persons = _value(values["status"]), _value(values["persons"])
    if status not in STATUSES:
        hint = did_you_mean(str(status), STATUSES) or f"there are {', '.join(STATUSES)}"
        problems.add(values["status"].spot.error(f"status is {values['status']}, which is none", hint))
    given = values["date"]
    number = month_number(given) if isinstance(given, Scalar) else None
    if number is None:
        how = date_hint(given.text) if isinstance(given, Scalar) else None
        problems.add(given.spot.error(f"date is {given}, but must be a month as 1998-04", how))
    if not (type(persons) is int and 0 <= persons <= MOST_PERSONS):
        wanted = f"a whole number (0 to {MOST_PERSONS:,})"
        problems.add(values["persons"].spot.error(f"persons is {values['persons']}, but must be {wanted}"))
    source = _value(values["source"])
    if not (isinstance(source, str) and source.strip()):
        problems.add(values["source"].spot.error(f"source is {values['source']}, but must be text"))
    if len(problems.found) > before:
        return None
    assert number is not None
    return Counted(str(status), number, int(persons), " ".join(str(source).split()))


def _value(node: Node) -> Any:
    return node.value if isinstance(node, Scalar) else node


def counts_schema() -> Mapping[str, Any]:
    """JSON Schema of `observed`."""
    kinds: dict[str, Any] = {
        "status": {"enum": list(STATUSES)},
        "date": {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$"},
        "persons": {"type": "integer", "minimum": 0, "maximum": MOST_PERSONS},
        "source": {"type": "string", "pattern": r"\S"},
    }
    return {
        "type": "array",
        "maxItems": MOST_COUNTS,
        "description": "people who were counted in the real country, shown beside the run's own; they change no result",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": list(KEYS),
            "properties": {name: {**kinds[name], "description": told} for name, told in KEYS.items()},
        },
    }
