"""What a scenario file says beside its parameters: when, where, with which luck, and by what title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .checks import Assignment, Problems, misfit, number_text, range_text, repair_number, repair_switch
from .yaml_text import Scalar, YamlMapping

MOST_MONTHS = 1_200
HIGHEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Setting:
    """One key beside the parameters. `inherited` says whether a file that extends another takes it over."""

    name: str
    kind: type
    meaning: str
    default: Any = None
    low: int = 0
    high: int = HIGHEST_SEED
    date: bool = False
    inherited: bool = True


_ALL = (
    Setting("title", str, "what the scenario is called", inherited=False),
    Setting("question", str, "the question the scenario asks", inherited=False),
    Setting("start", str, "first month, as 1990-01", "1990-01", date=True),
    Setting("months", int, "length of the run in months", 240, low=1, high=MOST_MONTHS),
    Setting("seed", int, "the luck of the run", 1),
    Setting("places", str, "a shipped table of places, or a CSV file beside this one"),
    Setting("places_seed", int, "the luck of drawing synthetic municipalities", 1),
)
SETTINGS = {setting.name: setting for setting in _ALL}

# The other keys at the top of a file. `layers` is a record that a run leaves in its resolved scenario; it
# is allowed, so that the record can be run again, and not read.
STRUCTURE = ("extends", "timeline", "timeline_replaces", "observed", "sources", "layers")
TOP_KEYS = (*SETTINGS, *STRUCTURE)


def collect_settings(given: YamlMapping, problems: Problems) -> dict[str, Assignment]:
    """The settings a file gives, each fit to be used."""
    found: dict[str, Assignment] = {}
    for name in SETTINGS:
        if name in given.items:
            assignment = Assignment(name, given.items[name], given.keys[name])
            if fit_setting(assignment, problems):
                found[name] = assignment
    return found


def fit_setting(assignment: Assignment, problems: Problems) -> bool:
    """Whether a setting's value can be used; if not, says so to `problems`."""
    setting, given = SETTINGS[assignment.path], assignment.given
    usable, hint = False, None
    if isinstance(given, Scalar):
        value = given.value
        if setting.date:
            usable, hint = month_number(given) is not None, date_hint(given.text)
        elif setting.kind is str:
            usable = isinstance(value, str) and bool(value.strip())
            hint = None if isinstance(value, str) else "put it in quotes"
        else:
            usable = type(value) is int and setting.low <= value <= setting.high
            hint = repair_number(value) if isinstance(value, str) else None
    if not usable:
        problems.add(misfit(assignment, wanted(setting), hint))
    return usable


def switch(given: YamlMapping, name: str, problems: Problems) -> bool:
    """The value of a key that is true or false, and false if it is left out."""
    node = given.items.get(name)
    if node is None:
        return False
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    hint = repair_switch(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    problems.add(node.spot.error(f"{name} is {node}, but must be true or false", hint))
    return False


def wanted(setting: Setting) -> str:
    """What a setting must be, in words."""
    if setting.date:
        return "a month as 1990-01"
    if setting.kind is str:
        return f"text ({setting.meaning})"
    if setting.high == HIGHEST_SEED:
        return f"a whole number (0 to {number_text(HIGHEST_SEED)})"
    return f"a whole number ({setting.name}, {range_text(setting.low, setting.high)})"


def month_number(given: Scalar) -> int | None:
    """Months since the year 0 of a date as 1990-01; None if it is not one."""
    if not isinstance(given.value, str):
        return None
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", given.value)
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def date_hint(text: str) -> str | None:
    """What is wrong with text that should have been a month, where that can be told."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\b.*", text):
        return f"leave the day out: {found[1]}-{int(found[2]):02d}"
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text):
        month = int(found[2])
        return f"there is no month {month}" if not 1 <= month <= 12 else f"write {found[1]}-{month:02d}"
    return None


def month_text(number: int) -> str:
    """Months since the year 0 -> "1990-01"."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def place_of(where: str) -> tuple[str | None, int | None]:
    """File and line of a layer: "late.yaml:12" -> ("late.yaml", 12), "--set" -> ("--set", None)."""
    file, _, line = where.rpartition(":")
    return (file, int(line)) if file and line.isdecimal() else (where or None, None)
