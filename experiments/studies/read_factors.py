"""The factors of a study file: what is varied, over which values, and who sets it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from ...scenarios import Scenario
from ...scenarios.checks import Assignment, Problems, collect, merged
from ...scenarios.schema import ParameterInfo, full_label
from ...scenarios.settings import SETTINGS, date_hint, fit_setting, month_number, month_text
from ...scenarios.timeline import fitted, start_only
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence
from .points import month_of
from .study import LEVER, NEVER, PLACES_SEED, UNCERTAINTY, Factor, Setting
from .yaml_fields import Fields, collecting, listing, what_it_is

KINDS = ("parameter", "change", "moves", "alternatives")
KEYS = (*KINDS, "values", "low", "high", "scale", "role", "label", "dated")
RESERVED = (
    "point", "scenario", "replicate", "outcome", "year", "value", "seed", "label", "unit", "error", "command",
)  # fmt: skip
# What somebody sets: the state its law, its control, its money, and whom its officials grant a permit, permanence and
# citizenship; a city its own rules; an NGO whom it employs, whom it serves first and sends on to others, what it asks
# and what it shares; and all of them whether there are NGOs and what these are granted. How people, cities, NGOs and
# governments behave (who applies, how many NGOs are founded for one issue or open a branch), and what comes of what
# they set, is uncertain.
LEVERS = (
    "policy.*", "enforcement.*", "status.*_after", "status.permanent_married", "status.permanent_rate",
    "status.married_permit", "status.amnesty*", "status.*_renewal", "status.special_permission",
    "status.naturalise_granted", "doors.*.permit", "doors.*.renewal", "doors.*.tied", "doors.*.arrivals",
    "doors.*.family_joins", "services.*.open_to_unauthorised", "services.*.by_law", "services.*.guided",
    "services.*.relief", "needs.*.right", "needs.*.programme", "city.firewall", "city.budget", "city.revenue_limits",
    "voice.seats", "ngos.enabled", "ngos.limited", "ngos.grant", "ngos.immigrant_staff", "ngos.dues", "ngos.network",
    "ngos.referral", "ngos.victims_first", "ngo_kinds.*.fee", "awareness.orientation", "moving.entitlements_kept",
)  # fmt: skip
# What of these nobody sets: how well it works, how regions and offices take it up, how a government feels pressed.
NO_LEVERS = (
    "policy.programme_fit", "policy.one_size", "policy.uptake", "policy.leverage", "policy.desk_cost",
    "policy.desk_grows", "policy.desk_fades", "enforcement.outside_activity", "enforcement.sweep",
    "enforcement.complaints", "enforcement.tips", "enforcement.borne", "enforcement.ebb", "enforcement.patience",
    "enforcement.at_least", "enforcement.given_up", "enforcement.purse",
)  # fmt: skip
_SEED = SETTINGS[PLACES_SEED]
DRAW = ParameterInfo(  # what differs between places by luck; no parameter, but a factor like one
    label="Draw of places",
    meaning=_SEED.meaning,
    unit="seed",
    low=_SEED.low,
    high=_SEED.high,
    path=PLACES_SEED,
    type=int,
)
About = dict[str, Any]  # what a kind of factor says of it: fields of Factor


def role_of(paths: Iterable[str]) -> str:
    """Whether somebody sets all of these parameters."""
    all_set = all(any(fnmatchcase(path, p) for p in LEVERS) and path not in NO_LEVERS for path in paths)
    return LEVER if all_set else UNCERTAINTY


class FactorReader:
    """Reads the group `factors`, judging values beside those of the study's first scenario.

    Errors: ScenarioError, by all it does.
    """

    def __init__(self, scenarios: Sequence[Scenario], needs_values: bool) -> None:
        self.scenarios = scenarios
        self.parameters, self.index = scenarios[0].parameters, scenarios[0].index
        self.base = self.parameters.model_dump()
        self.needs_values = needs_values

    def factors(self, node: Node, key: SourceLocation, problems: Problems) -> list[Factor]:
        """All factors, in the order of the file; no two over one parameter."""
        if not isinstance(node, YamlMapping):
            message = f"{what_it_is('factors', node)}, but must be names with values"
            raise key.error(message, "as `fear.weight: [0, 5, 10]`")
        found: list[Factor] = []
        taken: dict[str, str] = {}
        for name, given in node.items.items():
            with collecting(problems):
                factor = self._factor(name, given, node.keys[name])
                for path in factor.paths:
                    if path in taken:
                        message = f"{path} is varied by {taken[path]!r} already"
                        raise node.keys[name].error(message, "name it once")
                taken |= dict.fromkeys(factor.paths, name)
                found.append(factor)
        return found

    def _factor(self, name: str, given: Node, key: SourceLocation) -> Factor:
        if name in RESERVED:
            raise key.error(f"a factor can't be called {name!r}", "tables have a column of that name")
        if isinstance(given, YamlSequence) or (isinstance(given, Scalar) and given.value is not None):
            given = YamlMapping({"values": given}, {"values": given.spot}, given.spot)
        elif isinstance(given, Scalar):
            given = YamlMapping({}, {}, key)
        fields = Fields(given, KEYS, f"the factor {name!r}")
        kinds = [kind for kind in KINDS if kind in fields]
        if len(kinds) > 1:
            message = f"the factor {name!r} has {kinds[0]} and {kinds[1]}"
            raise fields.keys[kinds[1]].error(message, "give one of them")
        about: About = getattr(self, f"_{kinds[0] if kinds else 'parameter'}")(name, fields, key)
        path = about["paths"][0]
        info = DRAW if path == PLACES_SEED else self.index.parameters[path]
        about = {"label": name, **about}
        about.setdefault("unit", info.unit)
        if name == info.path and len(about["paths"]) == 1:
            about["label"] = info.label if info is DRAW else full_label(info, self.parameters)
        about["label"] = fields.text("label", about["label"])
        role = fields.choice("role", (LEVER, UNCERTAINTY), role_of(about["paths"]))
        return Factor(name=name, role=role, **about)

    def leaf(self, path: str, spot: SourceLocation, hint: str | None = None) -> ParameterInfo:
        """A parameter that all scenarios have, and that can change a result; or the draw of places."""
        if path == PLACES_SEED:
            return DRAW
        if path in self.index.sections:
            hint = f"name one parameter of it, as {next(iter(self.index.sourced(path)))!r}"
            raise spot.error(f"{path!r} is a section", hint)
        for scenario in self.scenarios:
            if path not in scenario.index.parameters:
                of = "" if path not in self.index.parameters else f" of {scenario.name}"
                raise spot.error(f"unknown parameter {path!r}{of}", scenario.index.unknown(path) or hint)
        info = self.index.parameters[path]
        if info.presentation or info.type is tuple:
            raise spot.error(f"{path} can't be varied", "vary a number, a switch or a choice")
        return info

    # The four kinds of factor ---------------------------------------------------------------------------

    def _parameter(self, name: str, fields: Fields, key: SourceLocation) -> About:
        node = fields.items.get("parameter")
        path, spot = (name, key) if node is None else (getattr(node, "text", ""), node.spot)
        kind = self.leaf(path, spot, "or give `parameter`, `change`, `moves` or `alternatives` below it").type
        about: About = {"paths": (path,), "whole": kind is int}
        if "values" in fields:
            return about | {"values": self.listed(path, fields.items["values"])}
        if not self._has_range(name, fields, key):
            return about
        if kind not in (int, float):
            raise key.error(f"{path} is no number, and has no low and high", "list its `values`")
        low, high = (float(self.fit(path, fields.items[end])) for end in ("low", "high"))
        log = fields.choice("scale", ("linear", "log"), "linear") == "log"
        if low >= high:
            raise fields.items["high"].spot.error(f"high must be above low, {kind(low)!r}")
        if log and low <= 0:
            raise fields.items["low"].spot.error("on a log scale, low must be above 0")
        return about | {"low": low, "high": high, "log": log}

    def _change(self, name: str, fields: Fields, key: SourceLocation) -> About:
        node, spot = fields.items["change"], fields.keys["change"]
        changes = settings_of(node, spot, "change", self.scenarios, later=True)
        return {
            "paths": tuple(path for path, _ in changes),
            "changes": tuple(changes),
            **self._dates(name, fields, key),
        }

    def _moves(self, name: str, fields: Fields, key: SourceLocation) -> About:
        node = fields.items["moves"]
        path = node.text if isinstance(node, Scalar) else ""
        self.leaf(path, node.spot)
        month = self._date(fields.items["dated"]) if "dated" in fields else None
        for scenario in self.scenarios:
            first = month_of(scenario.start)
            there = [first + change.month for change in scenario.timeline if change.path == path]
            dates = ", ".join(month_text(each) for each in there)
            if not there:
                raise node.spot.error(f"the timeline of {scenario.name} does not change {path}")
            if "dated" not in fields and len(there) > 1:
                hint = f"say which with `dated`: {dates}"
                raise node.spot.error(f"{scenario.name} changes {path} {len(there)} times", hint)
            if "dated" not in fields:
                month = there[0]
            if month not in there:
                message = f"{scenario.name} does not change {path} in {fields.scalar('dated')}"
                raise fields.items["dated"].spot.error(message, f"it does in {dates}")
        return {"paths": (path,), "moved": (path, month), **self._dates(name, fields, key)}

    def _alternatives(self, name: str, fields: Fields, key: SourceLocation) -> About:
        node = fields.items["alternatives"]
        if not isinstance(node, YamlMapping) or not node.items:
            hint = "as `copying: {}` and `none: {city: {neighbours: 0}}`"
            raise fields.keys["alternatives"].error("alternatives must be names with what each sets", hint)
        found: dict[str, tuple[Setting, ...]] = {}
        for called, settings in node.items.items():
            nothing = isinstance(settings, YamlMapping) and not settings.items
            read = [] if nothing else settings_of(settings, node.keys[called], called, self.scenarios)
            found[called] = tuple(read)
        paths = tuple(dict.fromkeys(path for settings in found.values() for path, _ in settings))
        if not paths:
            raise node.spot.error(f"none of the alternatives of {name!r} sets anything")
        if "values" in fields:
            raise fields.keys["values"].error("the alternatives are the values", "leave values out")
        return {"paths": paths, "values": tuple(found), "alternatives": found, "unit": "alternative"}

    # Values and ranges ----------------------------------------------------------------------------------

    def _listed(self, name: str, node: Node, read: Callable[[Node], Any]) -> tuple[Any, ...]:
        """Listed values, none twice."""
        found: list[Any] = []
        if isinstance(node, YamlSequence) and not node.items:
            raise node.spot.error(f"{name} has no values", "list what it is to be set to")
        for item in listing(node):
            value = read(item)
            if value in found:
                raise item.spot.error(f"{name} has the value {item} twice")
            found.append(value)
        return tuple(found)

    def fit(self, path: str, node: Node) -> Any:
        """A value that is fit for a parameter, or for the draw of places."""
        problems = Problems()
        if path == PLACES_SEED:
            fit_setting(Assignment(path, node, node.spot), problems)
            problems.raise_first()
            assert isinstance(node, Scalar)
            return node.value
        merged(self.base, [Assignment(path, node, node.spot)], problems, self.index)
        problems.raise_first()
        assert isinstance(node, Scalar)
        return fitted(path, node.value, self.index)

    def listed(self, path: str, node: Node) -> tuple[Any, ...]:
        """Values listed for a parameter, each fit for it, none twice."""
        return self._listed(path, node, partial(self.fit, path))

    def _has_range(self, name: str, fields: Fields, key: SourceLocation) -> bool:
        ends = [end for end in ("low", "high") if end in fields]
        if len(ends) == 1:
            raise fields.keys[ends[0]].error(f"the factor {name!r} has {ends[0]} only", "give low and high")
        if not ends and self.needs_values:
            raise key.error(f"the factor {name!r} has no values", "give `values`, or `low` and `high`")
        return len(ends) == 2

    def _dates(self, name: str, fields: Fields, key: SourceLocation) -> About:
        about: About = {"whole": True, "unit": "month"}
        if "values" in fields:
            return about | {"values": self._listed(name, fields.items["values"], self._date_or_never)}
        if not self._has_range(name, fields, key):
            return about
        if "scale" in fields:
            raise fields.keys["scale"].error("dates have no scale", "leave it out")
        low, high = (self._date(fields.items[end]) for end in ("low", "high"))
        if low >= high:
            raise fields.items["high"].spot.error(f"high must be after low, {month_text(low)}")
        return about | {"low": float(low), "high": float(high)}

    def _date_or_never(self, node: Node) -> str:
        if isinstance(node, Scalar) and node.value == NEVER:
            return NEVER
        return month_text(self._date(node, f", or {NEVER}"))

    def _date(self, node: Node, more: str = "") -> int:
        """Months since the year 0."""
        month = month_number(node) if isinstance(node, Scalar) else None
        if month is None:
            hint = date_hint(node.text) if isinstance(node, Scalar) else None
            raise node.spot.error(f"the date is {node}, but must be a month as 1998-04{more}", hint)
        for scenario in self.scenarios:
            if month < month_of(scenario.start):
                date = f"the date {month_text(month)} lies before the start of {scenario.name}"
                raise node.spot.error(f"{date}, {scenario.start}")
        return month

    def value(self, factor: Factor, node: Node) -> Any:
        """A value of a factor in a listed point."""
        if factor.alternatives is not None:
            name = node.text if isinstance(node, Scalar) else ""
            if name not in factor.alternatives:
                known = ", ".join(factor.alternatives)
                raise node.spot.error(f"{factor.name} is {node}, but must be one of {known}")
            return name
        return self._date_or_never(node) if factor.dated else self.fit(factor.paths[0], node)


def settings_of(
    node: Node, key: SourceLocation, what: str, scenarios: Sequence[Scenario], *, later: bool = False
) -> list[Setting]:
    """Parameters with values: sections as in a scenario file, or paths (`fear.weight: 3`); all scenarios have them.

    `later`: they are to change during the run, which what counts at the start only can't. Errors: ScenarioError.
    """
    if not isinstance(node, YamlMapping):
        message = f"{what_it_is(what, node)}, but must hold parameters"
        raise key.error(message, "as `fear: {weight: 3}`")
    if not node.items:
        raise key.error(f"{what} sets nothing", "name a parameter below it")
    problems = Problems()
    for scenario in scenarios:
        index = scenario.index
        dotted = {name: item for name, item in node.items.items() if name in index.parameters and "." in name}
        rest = {name: item for name, item in node.items.items() if name not in dotted}
        assignments = [Assignment(path, item, node.keys[path]) for path, item in dotted.items()]
        assignments += collect(YamlMapping(rest, node.keys, node.spot), problems, index)
        merged(scenario.parameters.model_dump(), assignments, problems, index)
        for each in assignments:
            if later and start_only(each.path, index):
                message = f"{each.path} matters at the start of the run only, and has no date"
                problems.add(each.key.error(message, "vary its value"))
        problems.raise_first()
    return [(each.path, fitted(each.path, each.value, index)) for each in assignments]
