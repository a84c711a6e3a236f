"""Whether what a file says can be used: known names, right types, values in range.

The schema's models judge the values; what they say is put in terms of the file.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from .errors import ScenarioError, did_you_mean, nearest
from .schema import Leaf, Parameters, leaves
from .yaml_text import Group, Node, Scalar, Spot


@dataclass(frozen=True)
class Assignment:
    """A parameter given a value somewhere; `key` is where its name stands."""

    path: str
    given: Node
    key: Spot

    @property
    def value(self) -> Any:
        """The value, once judged fit."""
        assert isinstance(self.given, Scalar)
        return self.given.value


class Problems:
    """The mistakes found in one file, of which the first is told, with the number of the others."""

    def __init__(self) -> None:
        self.found: list[ScenarioError] = []

    def add(self, error: ScenarioError) -> None:
        """Remember a mistake."""
        self.found.append(error)

    def raise_first(self) -> None:
        """Raise the mistake that comes first in the file, if there is one."""
        if self.found:
            first = min(self.found, key=lambda error: (error.line or 0, error.column or 0))
            first.more = len(self.found) - 1
            raise first


@cache
def all_leaves() -> dict[str, Leaf]:
    """Every parameter by its path, with its default, in declared order."""
    return {leaf.path: leaf for leaf in leaves(Parameters())}


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """The names directly below each section ("" is the whole, "doors" a section, "doors.worker" too)."""
    below: dict[str, dict[str, None]] = {}
    for path in all_leaves():
        parts = path.split(".")
        for depth, name in enumerate(parts):
            below.setdefault(".".join(parts[:depth]), {})[name] = None
    return {path: tuple(names) for path, names in below.items()}


def leaves_below(path: str) -> list[str]:
    """The parameters a path stands for: itself, all of its section, or none if there is no such path."""
    if path in all_leaves():
        return [path]
    return [each for each in all_leaves() if each.startswith(f"{path}.")]


def unknown_path(path: str, others: Iterable[str] = ()) -> str | None:
    """A hint for a path that does not exist: the nearest one, or where its last name does exist."""
    head, _, last = path.rpartition(".")
    if head in sections():
        near = nearest(last, (*sections()[head], *(others if not head else ())))
        if near is not None:
            return f"did you mean {(f'{head}.{near}' if head else near)!r}?"
    elsewhere = [each for each in all_leaves() if each.endswith(f".{last}")]
    if len(elsewhere) == 1:
        return f"did you mean {elsewhere[0]!r}?"
    return did_you_mean(path, (*others, *all_leaves(), *(name for name in sections() if name)))


def collect(
    given: Group, problems: Problems, prefix: str = "", others: Iterable[str] = ()
) -> list[Assignment]:
    """The parameters that a group of a file gives values to; `others` names keys that may stand beside them.

    Keys in `others` are passed over; every other key must be a section or a parameter.
    """
    found: list[Assignment] = []
    others = tuple(others)
    for name, value in given.items.items():
        path, key = f"{prefix}{name}", given.keys[name]
        if not prefix and name in others:
            continue
        if name not in sections()[prefix.removesuffix(".")]:
            problems.add(key.error(f"unknown parameter {path!r}", _unknown_key(path, prefix, others)))
        elif path in all_leaves():
            found.append(Assignment(path, value, key))
        elif isinstance(value, Group):
            found += collect(value, problems, f"{path}.")
        elif isinstance(value, Scalar) and value.value is None:
            problems.add(key.error(f"{path} has no value", f"below it write, for example, {_example(path)}"))
        else:
            problems.add(
                value.spot.error(
                    f"{path} is {value}, but must hold parameters", f"for example {_example(path)}"
                )
            )
    return found


def _unknown_key(path: str, prefix: str, others: tuple[str, ...]) -> str | None:
    name = path.removeprefix(prefix)
    if "." in name and leaves_below(path):
        head, _, last = name.partition(".")
        return f"write {head!r} and, indented below it, {last.replace('.', ', ')!r}"
    return unknown_path(path, others)


def _example(section: str) -> str:
    leaf = all_leaves()[leaves_below(section)[0]]
    rest = leaf.path.removeprefix(f"{section}.").split(".")
    return f"`{': {'.join(rest)}: {leaf.default}{'}' * (len(rest) - 1)}`"


def merged(base: Mapping[str, Any], assignments: Iterable[Assignment], problems: Problems) -> dict[str, Any]:
    """Nested parameter values: `base` (complete and sound) with the assignments laid over it.

    Each assignment that cannot be used is added to `problems`, and its value in `base` stands.
    """
    result = copy.deepcopy(dict(base))
    by_path = {assignment.path: assignment for assignment in assignments}
    for path, assignment in by_path.items():
        given = assignment.given
        if isinstance(given, Scalar) and given.value is not None:
            put(result, path, given.value)
        elif isinstance(given, Scalar):
            problems.add(assignment.key.error(f"{path} has no value", f"it must be {wanted(path)}"))
        else:
            problems.add(given.spot.error(f"{path} is {given}, but must be {wanted(path)}"))
    bad = _unfit(result)
    for path, why in bad.items():
        at_fault = by_path.get(path)
        if at_fault is None:  # a rule between parameters: blame what was given of the section it names
            given_there = [each for each in by_path.values() if each.path.startswith(path)]
            at_fault = (given_there or list(by_path.values()))[-1]
            problems.add(at_fault.key.error(f"{path or 'the parameters'}: {why}"))
            continue
        given = at_fault.given
        assert isinstance(given, Scalar)
        problems.add(given.spot.error(f"{path} is {given}, but must be {wanted(path)}", _repair(given, path)))
        put(result, path, get(base, path))
    return result


def _unfit(values: dict[str, Any]) -> dict[str, str]:
    """The paths whose values the schema refuses, with its reason."""
    bad: dict[str, str] = {}
    try:
        Parameters.model_validate(values)
    except ValidationError as error:
        bad = {".".join(map(str, each["loc"])): each["msg"] for each in error.errors()}
    for path, leaf in all_leaves().items():
        if leaf.choices and path not in bad and get(values, path) not in leaf.choices:
            bad[path] = "not one of the choices"
    return bad


def wanted(path: str) -> str:
    """What a parameter's value must be, with its unit and range."""
    leaf = all_leaves()[path]
    if leaf.choices:
        return f"one of {', '.join(leaf.choices)} ({leaf.unit})"
    kind = {bool: "true or false", int: "a whole number", float: "a number"}.get(leaf.type, "text")
    bounds = range_text(leaf.low, leaf.high)
    return f"{kind} ({leaf.unit}{', ' if bounds else ''}{bounds})"


def range_text(low: float | None, high: float | None) -> str:
    """A range in words: "0 to 20", "at least 0", or nothing if there are no bounds."""
    if low is not None and high is not None:
        return f"{number_text(low)} to {number_text(high)}"
    if low is not None:
        return f"at least {number_text(low)}"
    return f"at most {number_text(high)}" if high is not None else ""


def number_text(value: float) -> str:
    """A number as people write it: 5,000,000 and 0.06."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:.12g}"


def _repair(given: Scalar, path: str) -> str | None:
    if not isinstance(given.value, str):
        return None
    leaf = all_leaves()[path]
    if leaf.choices:
        return did_you_mean(given.value, leaf.choices)
    return repair_number(given.value) if leaf.type in (int, float) else repair_switch(given.value)


def repair_number(text: str) -> str | None:
    """How text that was meant as a number should have been written, or None."""
    text = text.strip()
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return "drop the quotes"
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"write {text.replace(',', '.')}"
    if re.fullmatch(r"\d+(\.\d+)?\s*%", text):
        return f"write {float(text.rstrip('% ')) / 100:.12g}"
    return None


def repair_switch(text: str) -> str | None:
    """How text that was meant as true or false should have been written, or None."""
    said = text.strip().lower()
    if said in ("true", "false"):
        return "drop the quotes"
    if said in ("yes", "on", "no", "off"):
        return f"write {'true' if said in ('yes', 'on') else 'false'}"
    return None


def get(values: Any, path: str) -> Any:
    """The value at a dotted path of nested mappings."""
    for part in path.split("."):
        values = values[part]
    return values


def put(values: Any, path: str, value: Any) -> None:
    """Set the value at a dotted path of nested mappings."""
    *heads, last = path.split(".")
    for part in heads:
        values = values[part]
    values[last] = value
