"""Reading a calibration's file: every mistake is told with file, line, column and the nearest valid name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...scenarios import Scenario
from ...scenarios.checks import Problems
from ...scenarios.schema import Prior, full_label, prior_of
from ...scenarios.schema.prior import LINEAR, LOG, ODDS
from ...scenarios.settings import HIGHEST_SEED
from ...scenarios.yaml_text import Node, SourceLocation, YamlMapping
from ..studies.named_files import NamedFiles
from ..studies.points import own_value
from ..studies.read_factors import RESERVED, FactorReader
from ..studies.read_scenarios import ScenarioReader, stem_of
from ..studies.read_study import MOST_RUNS
from ..studies.study import UNCERTAINTY, Factor
from ..studies.yaml_fields import Fields, collecting, missing, what_it_is
from .plan import Budget, Plan, Unknown
from .read_targets import KEYS as OF_TARGETS
from .read_targets import read_targets

_PLANS = NamedFiles(
    "calibration", lambda: files(__package__.rpartition(".")[0]) / "calibrations", "calibrate resume"
)
find_plan, shipped_plans = _PLANS.find, _PLANS.shipped
KEYS = (
    "title",
    "question",
    "scenarios",
    "months",
    "set",
    "parameters",
    "targets",
    "budget",
    "cutoff",
    "seed",
)
_PRIOR = ("low", "high", "scale", "middle", "within", "values", "label")
_LEAST = {"waves": 1, "points": 10, "replicates": 1, "posterior": 20, "sets": 10}
_MOST = {"waves": 50, "replicates": 1000}
MOST_POINTS = 20_000
MOST_UNKNOWNS = 200
MOST_WITHIN = 1e6  # a factor


def read_plan(
    file: Path,
    *,
    name: str | None = None,
    beside: Path | None = None,
    scenarios_in: Path | None = None,
    table: str = "",
) -> Plan:
    """Read and check a calibration's file, and load its scenarios; `beside` and `scenarios_in` as for a study.

    `table`: what the user's table of targets is called, if not as the file says.

    Errors: ScenarioError.
    """
    fields = Fields.of_file(file, KEYS, "a calibration", "`scenarios`, `parameters` and `targets`")
    reading = ScenarioReader(file, fields, beside or file.parent, scenarios_in, "the calibration")
    scenarios = reading.read()
    problems = Problems()
    unknowns = _unknowns(fields, file, scenarios, problems)
    problems.raise_first()
    group = _group(fields, file, "targets", OF_TARGETS)
    targets = read_targets(group, beside or file.parent, scenarios, table)
    called = name or stem_of(file)
    return Plan(
        name=called,
        title=fields.text("title", called),
        question=fields.text("question", ""),
        scenarios=scenarios,
        unknowns=tuple(unknowns),
        targets=tuple(targets),
        budget=_budget(fields),
        cutoff=fields.number("cutoff", 3.0, low=1.0, high=100.0),
        seed=fields.number("seed", 1, whole=True, low=0, high=HIGHEST_SEED),
        places=reading.places,
        table=str((beside or file.parent) / (table or group.text("file", ""))) if "file" in group else "",
    )


def _group(fields: Fields, file: Path, name: str, keys: tuple[str, ...]) -> Fields:
    node = fields.items.get(name)
    if not isinstance(node, YamlMapping):
        spot = fields.keys.get(name, SourceLocation(str(file)))
        what = (
            f"the calibration has no {name}"
            if node is None
            else f"{what_it_is(name, node)}, but must be a group"
        )
        raise spot.error(what, f"it may have {', '.join(keys)}")
    return Fields(node, keys, name)


def _budget(fields: Fields) -> Budget:
    node = fields.items.get("budget")
    if node is None:
        return Budget()
    if not isinstance(node, YamlMapping):
        raise fields.wrong("budget", "a group", "as `budget: {waves: 3, points: 60}`")
    given = Fields(node, _LEAST, "budget")
    usual = Budget()
    numbers = {
        name: given.number(
            name, getattr(usual, name), whole=True, low=least, high=_MOST.get(name, MOST_POINTS)
        )
        for name, least in _LEAST.items()
    }
    found = replace(usual, **numbers)
    if found.runs(1) > MOST_RUNS:
        raise node.spot.error(f"the budget is of {found.runs(1):,} runs, and {MOST_RUNS:,} are the most")
    return found


# Parameters and priors ------------------------------------------------------------------------------------


def _unknowns(
    fields: Fields, file: Path, scenarios: tuple[Scenario, ...], problems: Problems
) -> list[Unknown]:
    node = fields.items.get("parameters")
    if not isinstance(node, YamlMapping) or not node.items:
        spot = fields.keys.get("parameters", SourceLocation(str(file)))
        raise spot.error(
            "the calibration has no parameters", "name them below `parameters:`, as `fear.weight:`"
        )
    if len(node.items) > MOST_UNKNOWNS:
        raise node.spot.error(f"{len(node.items)} parameters are too many: {MOST_UNKNOWNS} are the most")
    reader = FactorReader(scenarios, False)
    found = []
    for path, given in node.items.items():
        with collecting(problems):
            found.append(_unknown(path, given, node.keys[path], scenarios[0], reader))
    return found


def _unknown(
    path: str, given: Node, key: SourceLocation, scenario: Scenario, reader: FactorReader
) -> Unknown:
    if path in RESERVED:
        raise key.error(f"there is no parameter {path!r}")
    info = reader.leaf(path, key)
    own = own_value(Factor(path, (path,), UNCERTAINTY, "", ""), scenario)
    source = scenario.sources.get(path, info.source)
    if missing(given):
        given = YamlMapping({}, {}, key)
    elif not isinstance(given, YamlMapping):
        given = YamlMapping({"values": given}, {"values": given.spot}, given.spot)
    fields = Fields(given, _PRIOR, f"the prior of {path}")
    prior = _prior(path, fields, key, own, reader) or prior_of(info, own, source)
    if prior is None:
        raise key.error(f"{path} is neither number, switch nor choice", "take another parameter")
    if prior.settled and len(given.items):
        raise key.error(f"the prior of {path} leaves one value only, so that nothing is to be learned")
    if prior.settled:
        hint = "give its `values`, or `low` and `high`"
        raise key.error(f"{path} is settled by its source: there is nothing to learn", hint)
    label = fields.text("label", full_label(info, scenario.parameters))
    return Unknown(path, label, info.unit, prior, own, source)


def _prior(path: str, fields: Fields, key: SourceLocation, own: Any, reader: FactorReader) -> Prior | None:
    """The prior that the file gives, None if it gives none."""
    info = reader.index.parameters[path]
    kinds = [kind for kind in ("values", "low", "high", "within", "middle") if kind in fields]
    if not kinds:
        if "scale" in fields:
            raise fields.keys["scale"].error("a scale needs `low` and `high`, or `within`")
        return None
    if "values" in fields:
        if len(kinds) > 1:
            raise fields.keys[kinds[1]].error(
                f"the prior of {path} has values and {kinds[1]}", "give one of them"
            )
        return Prior(choices=reader.listed(path, fields.items["values"]), why="the calibration's")
    if info.type not in (int, float):
        raise key.error(f"{path} is no number", "list its `values`")
    around = "within" in fields or "middle" in fields
    scale = fields.choice("scale", (LINEAR, LOG, ODDS), LOG if around else LINEAR)
    ends = {end: float(reader.fit(path, fields.items[end])) for end in ("low", "high") if end in fields}
    about: Mapping[str, Any] = {"whole": info.type is int, "why": "the calibration's"}
    if not around:
        if len(ends) == 1:
            raise fields.keys[kinds[0]].error(f"the prior of {path} has {kinds[0]} only", "give low and high")
        if ends["low"] >= ends["high"]:
            raise fields.items["high"].spot.error(f"high must be above low, {ends['low']:g}")
        _refuse_misfit(scale, ends["low"], ends["high"], fields, path)
        return Prior.even(ends["low"], ends["high"], scale, **about)
    if "within" not in fields:
        raise fields.keys["middle"].error(f"the prior of {path} has a middle only", "add `within`, a factor")
    middle = float(reader.fit(path, fields.items["middle"])) if "middle" in fields else float(own)
    within = fields.number("within", None, above=0.0 if scale == LINEAR else 1.0)
    if scale != LINEAR and within > MOST_WITHIN:
        raise fields.items["within"].spot.error(
            f"a factor of {within:g} is too much: {MOST_WITHIN:,.0f} is the most"
        )
    _refuse_misfit(scale, middle, middle, fields, path)
    low = -float("inf") if info.low is None else info.low
    high = float("inf") if info.high is None else info.high
    if not ends.get("low", low) < ends.get("high", high):
        raise fields.keys[next(iter(ends))].error(f"low must be below high in the prior of {path}")
    if not ends.get("low", low) <= middle <= ends.get("high", high):
        raise fields.keys[next(iter(ends))].error(
            f"the middle of {path}, {middle:g}, is not between low and high"
        )
    return Prior.around(middle, within, scale, **{"low": low, "high": high, **ends, **about})


def _refuse_misfit(scale: str, low: float, high: float, fields: Fields, path: str) -> None:
    """Whether numbers from low to high have a place on a scale."""
    spot = fields.keys.get("scale", fields.spot)
    if scale != LINEAR and low <= 0.0:
        raise spot.error(f"on the scale {scale}, values of {path} must be above 0")
    if scale == ODDS and high >= 1.0:
        raise spot.error(f"on the scale odds, values of {path} must be below 1")
