"""The factors of a study file: what is varied, over which values, and who sets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ...scenarios import Scenario
from ...scenarios.checks import (
    Assignment,
    Problems,
    all_parameters,
    collect,
    merged,
    parameters_below,
    sections,
    unknown_path,
)
from ...scenarios.settings import date_hint, month_number, month_text
from ...scenarios.timeline import fitted, start_only
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence
from . import nodes
from .study import LEVER, NEVER, UNCERTAINTY, Factor, Setting

KEYS = (
    "parameter", "values", "low", "high", "scale", "role", "label", "change", "moves", "dated", "alternatives",
)  # fmt: skip
RESERVED = (
    "point", "scenario", "replicate", "outcome", "year", "value", "seed", "label", "unit", "error", "command",
)  # fmt: skip
# What a policy-maker sets: the state its law, its control and its money, a city its own rules, and all of them
# whether there are NGOs and what these are granted. How people and cities behave is uncertain.
LEVERS = (
    "policy.*", "enforcement.*", "status.*_after", "status.amnesty*", "doors.*.permit", "doors.*.arrivals",
    "services.*.open_to_unauthorised", "needs.*.right", "city.firewall", "city.budget", "city.revenue_limits",
    "ngos.enabled", "ngos.grant", "awareness.orientation", "moving.entitlements_kept",
)  # fmt: skip
NO_LEVERS = ("policy.programme_fit", "enforcement.outside_activity")  # what comes of it, which nobody decides


def role_of(paths: Iterable[str]) -> str:
    """Whether a policy-maker sets all of these parameters."""
    for path in paths:
        if path in NO_LEVERS or not any(fnmatchcase(path, pattern) for pattern in LEVERS):
            return UNCERTAINTY
    return LEVER


class FactorReader:
    """Reads the group `factors`, judging values beside those of the study's first scenario."""

    def __init__(self, scenarios: tuple[Scenario, ...], needs_values: bool, problems: Problems) -> None:
        self.scenarios = scenarios
        self.base = scenarios[0].parameters.model_dump()
        self.needs_values = needs_values
        self.problems = problems

    def factors(self, node: Node, key: SourceLocation) -> list[Factor]:
        """All factors, in the order of the file; no two over one parameter."""
        if not isinstance(node, YamlMapping):
            said = "has no value" if nodes.missing(node) else f"is {node}"
            self.problems.add(
                key.error(f"factors {said}, but must be names with values", "as `fear.weight: [0, 5, 10]`")
            )
            return []
        found: list[Factor] = []
        taken: dict[str, str] = {}
        for name, given in node.items.items():
            factor = self._factor(name, given, node.keys[name])
            if factor is None:
                continue
            for path in factor.paths:
                if path in taken:
                    self.problems.add(
                        node.keys[name].error(f"{path} is varied by {taken[path]!r} already", "name it once")
                    )
                    break
                taken[path] = name
            else:
                found.append(factor)
        return found

    def _factor(self, name: str, given: Node, key: SourceLocation) -> Factor | None:
        if name in RESERVED:
            self.problems.add(
                key.error(f"a factor can't be called {name!r}", "tables have a column of that name")
            )
            return None
        if isinstance(given, YamlSequence) or (isinstance(given, Scalar) and given.value is not None):
            given = YamlMapping({"values": given}, {"values": given.spot}, given.spot)
        elif isinstance(given, Scalar):
            given = YamlMapping({}, {}, key)
        before = len(self.problems.found)
        nodes.known_keys(given, KEYS, f"the factor {name!r}", self.problems)
        kinds = [kind for kind in ("parameter", "change", "moves", "alternatives") if kind in given.items]
        if len(kinds) > 1:
            spot = given.keys[kinds[1]]
            self.problems.add(
                spot.error(f"the factor {name!r} has {kinds[0]} and {kinds[1]}", "give one of them")
            )
        if len(self.problems.found) > before:
            return None
        kind = kinds[0] if kinds else "parameter"
        about: dict[str, Any] | None = getattr(self, f"_{kind}")(name, given, key)
        if about is None or len(self.problems.found) > before:
            return None
        paths = about["paths"]
        about.setdefault("unit", all_parameters()[paths[0]].unit)
        about.setdefault(
            "label", name if len(paths) > 1 or name not in paths else all_parameters()[name].meaning
        )
        role = nodes.choice(given, "role", (LEVER, UNCERTAINTY), role_of(paths), self.problems)
        label = nodes.text(given, "label", about.pop("label"), self.problems)
        return Factor(name=name, role=role, label=label, **about)

    # The four kinds of factor ---------------------------------------------------------------------------

    def _parameter(self, name: str, given: YamlMapping, key: SourceLocation) -> dict[str, Any] | None:
        node = given.items.get("parameter")
        path, spot = (name, key) if node is None else (getattr(node, "text", ""), node.spot)
        if path not in all_parameters():
            if path in sections():
                error = spot.error(
                    f"{path!r} is a section", f"vary one parameter of it, as {parameters_below(path)[0]!r}"
                )
            else:
                hint = (
                    unknown_path(path) or "or give `parameter`, `change`, `moves` or `alternatives` below it"
                )
                error = spot.error(f"unknown parameter {path!r}", hint)
            self.problems.add(error)
            return None
        info = all_parameters()[path]
        about: dict[str, Any] = {"paths": (path,), "whole": info.type is int}
        if "values" in given.items:
            return about | {"values": self._fit(path, given.items["values"], given.keys["values"])}
        if not self._has_range(name, given, key):
            return about
        if info.type not in (int, float):
            self.problems.add(key.error(f"{path} is no number, and has no low and high", "list its `values`"))
            return None
        return self._range(path, given, about)

    def _change(self, name: str, given: YamlMapping, key: SourceLocation) -> dict[str, Any] | None:
        changes = self._settings(given.items["change"], given.keys["change"], "change", later=True)
        if not changes:
            return None
        about = {"paths": tuple(path for path, _ in changes), "changes": tuple(changes)}
        return self._dates(name, given, key, about)

    def _moves(self, name: str, given: YamlMapping, key: SourceLocation) -> dict[str, Any] | None:
        node = given.items["moves"]
        path = node.text if isinstance(node, Scalar) else ""
        if path not in all_parameters():
            self.problems.add(node.spot.error(f"unknown parameter {path!r}", unknown_path(path)))
            return None
        wanted: int | None = None
        if "dated" in given.items:
            wanted = self._date(given.items["dated"])
            if wanted is None:
                return None
        month = None
        for scenario in self.scenarios:
            first = _first_month(scenario)
            there = [first + change.month for change in scenario.timeline if change.path == path]
            dates = ", ".join(month_text(each) for each in there)
            if not there:
                self.problems.add(node.spot.error(f"the timeline of {scenario.name} does not change {path}"))
                return None
            if wanted is None and len(there) > 1:
                hint = f"say which with `dated`: {dates}"
                self.problems.add(node.spot.error(f"{scenario.name} changes {path} {len(there)} times", hint))
                return None
            month = there[0] if wanted is None else wanted
            if month not in there:
                spot = given.items["dated"].spot
                self.problems.add(
                    spot.error(
                        f"{scenario.name} does not change {path} in {month_text(month)}",
                        f"it does in {dates}",
                    )
                )
                return None
        return self._dates(name, given, key, {"paths": (path,), "moved": (path, month)})

    def _alternatives(self, name: str, given: YamlMapping, key: SourceLocation) -> dict[str, Any] | None:
        node = given.items["alternatives"]
        if not isinstance(node, YamlMapping) or not node.items:
            hint = "as `copying: {}` and `none: {city: {neighbours: 0}}`"
            self.problems.add(
                given.keys["alternatives"].error("alternatives must be names with what each sets", hint)
            )
            return None
        found: dict[str, tuple[Setting, ...]] = {}
        for called, settings in node.items.items():
            if isinstance(settings, YamlMapping) and not settings.items:
                found[called] = ()
            else:
                found[called] = tuple(self._settings(settings, node.keys[called], called))
        paths = tuple(dict.fromkeys(path for settings in found.values() for path, _ in settings))
        if not paths:
            self.problems.add(node.spot.error(f"none of the alternatives of {name!r} sets anything"))
            return None
        values: tuple[str, ...] = tuple(found)
        if "values" in given.items:
            self.problems.add(
                given.keys["values"].error("the alternatives are the values", "leave values out")
            )
        return {"paths": paths, "values": values, "alternatives": found, "unit": "alternative"}

    # Values and ranges ----------------------------------------------------------------------------------

    def _settings(self, node: Node, key: SourceLocation, what: str, *, later: bool = False) -> list[Setting]:
        """Parameters with values, as a scenario file has them, or by path (`fear.weight: 3`)."""
        return settings_of(node, key, what, self.base, self.problems, later=later)

    def _fit(self, path: str, node: Node, key: SourceLocation) -> tuple[Any, ...]:
        """Listed values of a parameter, each fit for it."""
        found: list[Any] = []
        if isinstance(node, YamlSequence) and not node.items:
            self.problems.add(node.spot.error(f"{path} has no values", "list what it is to be set to"))
        for item in nodes.listing(node):
            before = len(self.problems.found)
            merged(self.base, [Assignment(path, item, item.spot)], self.problems)
            if len(self.problems.found) == before:
                assert isinstance(item, Scalar)
                value = fitted(path, item.value)
                if value in found:
                    self.problems.add(item.spot.error(f"{path} has the value {item} twice"))
                found.append(value)
        return tuple(found)

    def _has_range(self, name: str, given: YamlMapping, key: SourceLocation) -> bool:
        ends = [end for end in ("low", "high") if end in given.items]
        if len(ends) == 1:
            self.problems.add(
                given.keys[ends[0]].error(f"the factor {name!r} has {ends[0]} only", "give low and high")
            )
        elif not ends and self.needs_values:
            self.problems.add(
                key.error(f"the factor {name!r} has no values", "give `values`, or `low` and `high`")
            )
        return len(ends) == 2

    def _range(self, path: str, given: YamlMapping, about: dict[str, Any]) -> dict[str, Any] | None:
        low, high = (self._fit(path, given.items[end], given.keys[end]) for end in ("low", "high"))
        if not low or not high:
            return None
        log = nodes.choice(given, "scale", ("linear", "log"), "linear", self.problems) == "log"
        if low[0] >= high[0]:
            self.problems.add(given.items["high"].spot.error(f"high must be above low, {low[0]!r}"))
        elif log and low[0] <= 0:
            self.problems.add(given.items["low"].spot.error("on a log scale, low must be above 0"))
        return about | {"low": float(low[0]), "high": float(high[0]), "log": log}

    def _dates(
        self, name: str, given: YamlMapping, key: SourceLocation, about: dict[str, Any]
    ) -> dict[str, Any] | None:
        about |= {"whole": True, "unit": "month", "label": name}
        if "values" in given.items:
            values: list[str] = []
            for item in nodes.listing(given.items["values"]):
                if isinstance(item, Scalar) and item.value == NEVER:
                    values.append(NEVER)
                elif (month := self._date(item, f", or {NEVER}")) is not None:
                    values.append(month_text(month))
                if len(set(values)) < len(values):
                    self.problems.add(item.spot.error(f"{name} has the value {item} twice"))
                    values.pop()
            return about | {"values": tuple(values)}
        if not self._has_range(name, given, key):
            return about
        if "scale" in given.items:
            self.problems.add(given.keys["scale"].error("dates have no scale", "leave it out"))
        low, high = (self._date(given.items[end]) for end in ("low", "high"))
        if low is None or high is None:
            return None
        if low >= high:
            self.problems.add(given.items["high"].spot.error(f"high must be after low, {month_text(low)}"))
        return about | {"low": float(low), "high": float(high)}

    def _date(self, node: Node, more: str = "") -> int | None:
        month = month_number(node) if isinstance(node, Scalar) else None
        if month is None:
            hint = date_hint(node.text) if isinstance(node, Scalar) else None
            self.problems.add(
                node.spot.error(f"the date is {node}, but must be a month as 1998-04{more}", hint)
            )
            return None
        for scenario in self.scenarios:
            if month < _first_month(scenario):
                said = (
                    f"the date {month_text(month)} lies before the start of {scenario.name}, {scenario.start}"
                )
                self.problems.add(node.spot.error(said))
                return None
        return month

    def value(self, factor: Factor, node: Node) -> Any:
        """A value of a factor in a listed point; None if it is not fit."""
        before = len(self.problems.found)
        if factor.alternatives is not None:
            said = node.text if isinstance(node, Scalar) else str(node)
            if said not in factor.alternatives:
                self.problems.add(
                    node.spot.error(
                        f"{factor.name} is {node}, but must be one of {', '.join(factor.alternatives)}"
                    )
                )
            return said
        if factor.dated:
            if isinstance(node, Scalar) and node.value == NEVER:
                return NEVER
            month = self._date(node, f", or {NEVER}")
            return None if month is None else month_text(month)
        values = self._fit(factor.paths[0], node, node.spot)
        return values[0] if values and len(self.problems.found) == before else None


def settings_of(
    node: Node,
    key: SourceLocation,
    what: str,
    base: Mapping[str, Any],
    problems: Problems,
    *,
    later: bool = False,
) -> list[Setting]:
    """Parameters with values: sections as in a scenario file, or paths (`fear.weight: 3`).

    `later`: they are to change during the run, which what counts at the start only can't.
    """
    if not isinstance(node, YamlMapping):
        said = "has no value" if nodes.missing(node) else f"is {node}"
        problems.add(key.error(f"{what} {said}, but must hold parameters", "as `fear: {weight: 3}`"))
        return []
    if not node.items:
        problems.add(key.error(f"{what} sets nothing", "name a parameter below it"))
    dotted = {name: item for name, item in node.items.items() if name in all_parameters() and "." in name}
    rest = {name: item for name, item in node.items.items() if name not in dotted}
    assignments = [Assignment(path, item, node.keys[path]) for path, item in dotted.items()]
    assignments += collect(YamlMapping(rest, node.keys, node.spot), problems)
    before = len(problems.found)
    merged(base, assignments, problems)
    for assignment in assignments:
        if later and start_only(assignment.path):
            problems.add(
                assignment.key.error(
                    f"{assignment.path} matters at the start of the run only, and has no date",
                    "vary its value",
                )
            )
    if len(problems.found) > before:
        return []
    return [(assignment.path, fitted(assignment.path, assignment.value)) for assignment in assignments]


def _first_month(scenario: Scenario) -> int:
    first = month_number(Scalar(scenario.start, scenario.start, SourceLocation("")))
    assert first is not None
    return first


__all__ = ["FactorReader", "role_of", "settings_of"]
