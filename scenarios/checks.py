"""Whether what a file says can be used: known names, right types, values in range.

Each value is judged by its parameter's declaration, and what is wrong is put in terms of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .errors import MOST_MISTAKES, ScenarioError, did_you_mean, nearest, shortened
from .schema import ENTRY_SECTIONS, SHIPPED, ParameterInfo, Parameters, iter_parameters
from .schema.doors import Door
from .schema.entries import DROP, LIKE
from .schema.parameter import NOT_BLANK
from .schema.retired import RETIRED
from .yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence


@dataclass(frozen=True)
class Assignment:
    """A parameter given a value somewhere; `key` is where its name stands."""

    path: str
    given: Node
    key: SourceLocation

    @property
    def value(self) -> Any:
        """The value, once judged fit."""
        return plain_value(self.given)


class Problems:
    """The mistakes found in one file, of which the first is told, with the number of the others."""

    def __init__(self) -> None:
        self.found: list[ScenarioError] = []

    def add(self, error: ScenarioError) -> None:
        """Remember a mistake. After 20 of them nothing more is looked at. Errors: as `raise_first`, then."""
        if not any(error is each for each in self.found):
            self.found.append(error)
        if len(self.found) >= MOST_MISTAKES:
            self.raise_first()

    def raise_first(self) -> None:
        """Raise the mistake that comes first in the file, if there is one; it has the others with it."""
        if self.found:
            first, *others = sorted(self.found, key=lambda error: (error.line or 0, error.column or 0))
            first.others, first.more = others, len(others)
            raise first


class ParameterIndex:
    """What may be named in a scenario: its parameters and sections by path, those of added entries included.

    `parameters`: each parameter by its path, in declared order; the `default` of an added entry's is the value it
    was added with. `sections`: the names directly below each section ("" is the whole, "doors.worker" a section).
    """

    def __init__(self, parameters: Parameters, before: Mapping[str, ParameterInfo] | None = None) -> None:
        """`before`: parameters already known, which keep their defaults."""
        self.parameters = {info.path: info for info in iter_parameters(parameters, known=before or {})}
        below: dict[str, dict[str, None]] = {}
        for path in self.parameters:
            parts = path.split(".")
            for depth, name in enumerate(parts):
                below.setdefault(".".join(parts[:depth]), {})[name] = None
        self.sections = {path: tuple(names) for path, names in below.items()}

    def below(self, path: str) -> list[str]:
        """The parameters a path stands for: itself, all of its section, or none if there is no such path."""
        if path in self.parameters:
            return [path]
        return [each for name in self.sections.get(path, ()) for each in self.below(f"{path}.{name}")]

    def sourced(self, path: str = "") -> dict[str, ParameterInfo]:
        """The parameters below a path that have a source: all but what says how an entry is shown."""
        paths = self.below(path) if path else self.parameters
        return {each: self.parameters[each] for each in paths if not self.parameters[each].presentation}

    def unknown(self, path: str, others: Iterable[str] = ()) -> str | None:
        """A hint for a path that does not exist: what came in its place, the nearest one, or where its last name does
        exist."""
        if path in RETIRED:
            return f"it is gone since 0.1.0: see {RETIRED[path]}"
        section, _, rest = path.partition(".")
        name = rest.partition(".")[0]
        if section in ENTRY_SECTIONS and name and name not in self.sections[section]:
            near = nearest(name, self.sections[section])
            hint = f"did you mean {path.replace(name, near, 1)!r}? " if near else ""
            return f"{hint}{how_to_add(section, name)}"
        head, _, last = path.rpartition(".")
        if head in self.sections:
            near = nearest(last, (*self.sections[head], *(others if not head else ())))
            if near is not None:
                return f"did you mean {(f'{head}.{near}' if head else near)!r}?"
        elsewhere = [each for each in self.parameters if each.endswith(f".{last}")]
        if len(elsewhere) == 1:
            return f"did you mean {elsewhere[0]!r}?"
        return did_you_mean(path, (*others, *self.parameters, *(name for name in self.sections if name)))

    def example(self, section: str) -> str:
        """How a parameter of a section may be set, in one line of a file."""
        info = next(iter(self.sourced(section).values()))
        rest = info.path.removeprefix(f"{section}.").split(".")
        return f"`{': {'.join(rest)}: {info.default}{'}' * (len(rest) - 1)}`"

    def wanted(self, path: str) -> str:
        """What a parameter's value must be, with its unit and range."""
        info = self.parameters[path]
        if info.choices:
            return f"one of {', '.join(info.choices)} ({info.unit})"
        if info.type is tuple:
            return f"a list of {info.names}, as [{', '.join(self.sections[info.names][:2])}]"
        if info.names:
            return f"one of the {info.names}, as {self.sections[info.names][0]}"
        if info.pattern not in (None, NOT_BLANK):
            return f"text ({info.meaning})"
        kind = {bool: "true or false", int: "a whole number", float: "a number"}.get(info.type, "text")
        longest = f"at most {info.longest} characters" if info.longest else ""
        bounds = range_text(info.low, info.high) or longest
        return f"{kind} ({info.unit}{', ' if bounds else ''}{bounds})"


@cache
def shipped_index() -> ParameterIndex:
    """What may be named where no scenario is at hand: the parameters of the schema, with their defaults."""
    return ParameterIndex(SHIPPED)


def index_of(parameters: Parameters) -> ParameterIndex:
    """What may be named of these parameters."""
    names = [section.names for _, section in parameters.keyed()]
    if names == [section.names for _, section in SHIPPED.keyed()]:
        return shipped_index()
    return ParameterIndex(parameters, shipped_index().parameters)


# The doors that an asterisk may be narrowed to.
_DOORS_MEANT: dict[str, Callable[[Door], bool]] = {
    "*(side)": lambda door: door.kind == "side",
    "*(permit)": lambda door: not (door.visit or door.smuggled),
}


def spelt_out(path: str, parameters: Parameters) -> list[str]:
    """The parameters that a path with an asterisk means: `needs.*.rate` is that of each need, `doors.*(side).arrivals`
    that of each side door, `doors.*(permit).overstay` that of each door which gives a permit to stay.

    None if it means nothing; without an asterisk, the path itself.
    """
    if "*" not in path:
        return [path]
    pattern = re.escape(path)
    for narrowed, is_meant in _DOORS_MEANT.items():
        names = [name for name, door in parameters.doors.items() if is_meant(door)]
        pattern = pattern.replace(re.escape(narrowed), f"({'|'.join(names)})")
    meant = re.compile(pattern.replace(r"\*", "[^.]+"))
    return [each for each in index_of(parameters).parameters if meant.fullmatch(each)]


def is_of_no_door(path: str, parameters: Parameters) -> bool:
    """Whether a path means nothing only because there is no door of that group: `doors.*(side).arrivals` where all are
    front doors. There is nothing wrong with it, and nothing that it could set."""
    widest = path
    for narrowed in _DOORS_MEANT:
        widest = widest.replace(f"doors.{narrowed}.", "doors.*.")
    return widest != path and not spelt_out(path, parameters) and bool(spelt_out(widest, parameters))


def why_none(path: str, parameters: Parameters) -> tuple[str, str | None]:
    """What to say of a path with an asterisk that means nothing, and a hint, in which it stays as narrow as it was."""
    shown = repr(shortened(path))
    if is_of_no_door(path, parameters):
        return f"there is no door that {shown} could mean", None
    narrowed = re.search(r"\*\([^)]*\)?", path)
    if narrowed and not (path.startswith("doors.") and narrowed[0] in _DOORS_MEANT):
        which = " and ".join(f"'doors.{each}'" for each in _DOORS_MEANT)
        return f"unknown parameter {shown}", f"an asterisk may be narrowed in {which} alone"
    wide = path.replace(narrowed[0], "*") if narrowed else path
    of_all = {
        re.sub(r"\.[^.]+\.", ".*.", each) for each in index_of(parameters).parameters if each.count(".") == 2
    }
    near = nearest(wide, of_all)
    if near and narrowed:
        near = near.replace("*", narrowed[0], 1) if near.startswith("doors.") else None
    return f"unknown parameter {shown}", f"did you mean {near!r}?" if near else None


def how_to_add(section: str, name: str) -> str:
    """How an entry is added to a section."""
    entries = getattr(SHIPPED, section)
    shown = "NAME" if entries.why_not(name) else name
    return f"a scenario file may add one: `{section}: {{{shown}: {{{LIKE}: {entries.names[0]}}}}}`"


def all_parameters() -> dict[str, ParameterInfo]:
    """Every parameter of the schema by its path, with its default, in declared order."""
    return shipped_index().parameters


def collect(
    given: YamlMapping,
    problems: Problems,
    index: ParameterIndex | None = None,
    prefix: str = "",
    others: Iterable[str] = (),
) -> list[Assignment]:
    """The parameters that a group of a file gives values to; `others` names keys that may stand beside them.

    Keys in `others` are passed over; every other key must be a section or a parameter. What adds and drops
    entries has been judged before, and is passed over too.
    """
    found: list[Assignment] = []
    others, index = tuple(others), index or shipped_index()
    in_entries = prefix.removesuffix(".") in ENTRY_SECTIONS
    in_entry = prefix.count(".") == 2 and prefix.partition(".")[0] in ENTRY_SECTIONS
    for name, value in given.items.items():
        path, key = f"{prefix}{name}", given.keys[name]
        if (not prefix and name in others) or (in_entry and name == LIKE) or (in_entries and is_drop(value)):
            continue
        if name not in index.sections.get(prefix.removesuffix("."), ()):
            if not in_entries or name.partition(".")[0] in index.sections[prefix.removesuffix(".")]:
                hint = _unknown_key(path, prefix, others, index)
                problems.add(key.error(f"unknown parameter {path!r}", hint))
        elif path in index.parameters:
            found.append(Assignment(path, value, key))
        elif isinstance(value, YamlMapping):
            found += collect(value, problems, index, f"{path}.")
        elif is_blank(value):
            hint = f"below it write, for example, {index.example(path)}"
            problems.add(key.error(f"{path} has no value", hint))
        else:
            hint = f"for example {index.example(path)}"
            problems.add(value.spot.error(f"{path} is {value}, but must hold parameters", hint))
    return found


def is_blank(node: Node) -> bool:
    """Whether nothing stands behind a name."""
    return isinstance(node, Scalar) and node.value is None


def is_drop(node: Node) -> bool:
    """Whether a value is the word that drops an entry."""
    return isinstance(node, Scalar) and node.value == DROP


def _unknown_key(path: str, prefix: str, others: tuple[str, ...], index: ParameterIndex) -> str | None:
    name = path.removeprefix(prefix)
    if "." in name and index.below(path):
        head, _, last = name.partition(".")
        return f"write {head!r} and, indented below it, {last.replace('.', ', ')!r}"
    return index.unknown(path, others)


def merged(
    base: Mapping[str, Any],
    assignments: Iterable[Assignment],
    problems: Problems,
    index: ParameterIndex | None = None,
) -> dict[str, Any]:
    """Nested parameter values: `base` (complete and sound) with the assignments laid over it.

    Each assignment that cannot be used is added to `problems`, and its value in `base` stands. `index`: what may
    be named of `base`, found if it is not given.
    """
    result = _copied(base)
    index = index or index_of(Parameters.model_validate(result))
    for each in fit(assignments, problems, index):
        put(result, each.path, each.value)
    return result


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(value) if isinstance(value, dict) else value for name, value in values.items()}


def fit(assignments: Iterable[Assignment], problems: Problems, index: ParameterIndex) -> list[Assignment]:
    """The assignments that can be used; what is wrong with the others is added to `problems`."""
    found = []
    for each in assignments:
        info, given = index.parameters[each.path], each.given
        if isinstance(given, YamlSequence) and info.type is tuple:
            if _names_entries(given.items, each.path, problems, index):
                found.append(each)
        elif isinstance(given, Scalar) and info.type is not tuple and info.takes(given.value):
            if not info.names or _names_entries((given,), each.path, problems, index):
                found.append(each)
        else:
            problems.add(misfit(each, index.wanted(each.path), _repair(given, info)))
    return found


def misfit(assignment: Assignment, wanted: str, hint: str | None = None) -> ScenarioError:
    """The error for a value that is left out, or is not what it must be."""
    path, given = assignment.path, assignment.given
    if is_blank(given):
        return assignment.key.error(f"{path} has no value", f"it must be {wanted}")
    return given.spot.error(f"{path} is {given}, but must be {wanted}", hint)


def _names_entries(items: Iterable[Node], path: str, problems: Problems, index: ParameterIndex) -> bool:
    """Whether these are names of such entries as the parameter names, each once; if not, says so to `problems`."""
    info = index.parameters[path]
    there, one = index.sections[info.names], getattr(SHIPPED, info.names).one
    holds = "holds" if info.type is tuple else "is"
    before = len(problems.found)
    seen: set[str] = set()
    for item in items:
        name = item.value if isinstance(item, Scalar) else None
        if not isinstance(name, str) or name not in there:
            hint = did_you_mean(name, there) if isinstance(name, str) else None
            hint = hint or f"the {info.names} are {', '.join(there)}"
            problems.add(item.spot.error(f"{path} {holds} {item}, but there is no such {one}", hint))
        elif name in seen:
            problems.add(item.spot.error(f"{path} holds {name!r} twice"))
        else:
            seen.add(name)
    return len(problems.found) == before


def plain_value(given: Node) -> Any:
    """What a scalar or a list of scalars holds."""
    if isinstance(given, YamlSequence):
        return tuple(plain_value(item) for item in given.items)
    assert isinstance(given, Scalar)
    return given.value


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


def _repair(given: Node, info: ParameterInfo) -> str | None:
    if not isinstance(given, Scalar) or info.type is tuple:
        return None
    if not isinstance(given.value, str):
        return "put it in quotes" if info.type is str and not info.choices else None
    if info.choices:
        return did_you_mean(given.value, info.choices)
    if info.type is str:
        return None if given.value.strip() else "say something, or leave it out"
    return repair_number(given.value) if info.type in (int, float) else repair_switch(given.value)


def repair_number(text: str) -> str | None:
    """How text that was meant as a number should have been written, or None."""
    text = text.strip()
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return "drop the quotes"
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"write {shortened(text.replace(',', '.'))}"
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
