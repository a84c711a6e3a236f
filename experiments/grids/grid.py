"""Reading the file of a grid: every mistake in it is told with file, line, column and the nearest valid name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...outcomes.headline import HEADLINES
from ...scenarios import Scenario
from ...scenarios.checks import Problems
from ...scenarios.errors import did_you_mean
from ...scenarios.settings import HIGHEST_SEED
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence
from ..studies.named_files import NamedFiles
from ..studies.read_factors import FactorReader
from ..studies.read_scenarios import ScenarioReader, stem_of
from ..studies.study import Factor
from ..studies.yaml_fields import Fields, listing, missing, what_it_is

KEYS = ("title", "question", "scenario", "months", "set", "parameters", "seeds", "seed", "outcomes")
FEWEST_SLIDERS, MOST_SLIDERS = 2, 3
FEWEST_VALUES, MOST_VALUES = 2, 9  # of a slider
FEWEST_SEEDS, MOST_SEEDS = 3, 100  # with fewer nothing could be told from luck
USUAL_SEEDS = 10
MOST_RUNS = 5_000
_GRIDS = NamedFiles("grid", lambda: files(__package__))
find_grid, shipped_grids = _GRIDS.find, _GRIDS.shipped
# What is told of all worlds, if the file does not say.
USUAL_OUTCOMES = (
    "needs_met", "aware", "take_up", "met_by_city", "met_by_ngo", "met_by_nation", "sustained", "unmet_rate",
    "unauthorised",
)  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A grid as its file says, with its scenario loaded. `factors`: the sliders, values in order; `outcomes`: names of
    headline numbers; `folder`: where its scenario file is looked for; `fixed`: what is set in all runs, as the file
    has it; `reference`: what the scenario is called there."""

    name: str
    title: str
    question: str
    scenario: Scenario
    reference: str
    months: int | None
    fixed: Mapping[str, Any] | None
    factors: tuple[Factor, ...]
    given: Mapping[str, Any]
    seeds: int
    seed: int
    outcomes: tuple[str, ...]
    folder: Path

    @property
    def points(self) -> int:
        """How many combinations there are."""
        count = 1
        for factor in self.factors:
            count *= len(factor.values)
        return count

    @property
    def runs(self) -> int:
        """How many runs that is."""
        return self.points * self.seeds


def read_grid(file: Path) -> Grid:
    """Read and check the file of a grid, and load its scenario. Errors: ScenarioError."""
    fields = Fields.of_file(file, KEYS, "a grid", "at least `scenario` and `parameters`")
    scenario, reference = _scenario(file, fields)
    factors = _sliders(fields, scenario, SourceLocation(str(file)))
    seeds = fields.number("seeds", USUAL_SEEDS, whole=True, low=FEWEST_SEEDS, high=MOST_SEEDS)
    grid = Grid(
        name=stem_of(file),
        title=fields.text("title", scenario.title),
        question=fields.text("question", scenario.question),
        scenario=scenario,
        reference=reference,
        months=fields.scalar("months") if "months" in fields else None,
        fixed=_plain(fields.items["set"]) if "set" in fields else None,
        factors=factors,
        given={name: _plain(node) for name, node in fields.items["parameters"].items.items()},  # type: ignore[union-attr]
        seeds=seeds,
        seed=fields.number("seed", 1, whole=True, low=0, high=HIGHEST_SEED),
        outcomes=_outcomes(fields),
        folder=file.parent,
    )
    if grid.runs > MOST_RUNS:
        raise fields.keys["parameters"].error(
            f"{grid.points:,} combinations, {seeds} seeds each, are {grid.runs:,} runs, and {MOST_RUNS:,} are the most",
            "list fewer values, or fewer seeds",
        )
    return grid


def _scenario(file: Path, fields: Fields) -> tuple[Scenario, str]:
    node = fields.items.get("scenario")
    if missing(node):
        spot = fields.keys.get("scenario", SourceLocation(str(file)))
        raise spot.error("the grid has no scenario", "as `scenario: two-towns`")
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise fields.wrong("scenario", "the name of a scenario, or a scenario file")
    # Read as a study reads its scenarios, from the same places of the file.
    items = {name: fields.items[name] for name in ("months", "set") if name in fields} | {"scenarios": node}
    keys = {name: fields.keys[name] for name in ("months", "set") if name in fields}
    as_study = Fields(
        YamlMapping(items, keys | {"scenarios": fields.keys["scenario"]}, fields.spot), items, "a grid"
    )
    (found,) = ScenarioReader(file, as_study, file.parent, None, "the grid").read()
    return found, node.value


def _sliders(fields: Fields, scenario: Scenario, spot: SourceLocation) -> tuple[Factor, ...]:
    node = fields.items.get("parameters")
    spot = fields.keys.get("parameters", spot)
    if node is None or missing(node):
        raise spot.error("the grid has no parameters", "as `parameters: {fear.weight: [0, 5, 10]}`")
    if not isinstance(node, YamlMapping):
        message = f"{what_it_is('parameters', node)}, but must be names with values"
        raise spot.error(message, "as `fear.weight: [0, 5, 10]`")
    problems = Problems()
    found = FactorReader([scenario], needs_values=True).factors(node, spot, problems)
    problems.raise_first()
    sliders = tuple(_slider(factor, node.keys[factor.name]) for factor in found)
    if not FEWEST_SLIDERS <= len(sliders) <= MOST_SLIDERS:
        count = f"{len(sliders)} parameter{'' if len(sliders) == 1 else 's'}"
        message = f"the grid has {count}, and a hand-out has {FEWEST_SLIDERS} or {MOST_SLIDERS} sliders"
        raise spot.error(message)
    return sliders


def _slider(factor: Factor, spot: SourceLocation) -> Factor:
    """The factor with its values in order. Errors: ScenarioError if they make no slider."""
    if not factor.values:
        hint = "as `[0, 5, 10]`: the slider snaps to them"
        raise spot.error(f"{factor.name} has a range, and a slider needs `values`", hint)
    if not FEWEST_VALUES <= len(factor.values) <= MOST_VALUES:
        count = f"{len(factor.values)} value{'' if len(factor.values) == 1 else 's'}"
        message = f"{factor.name} has {count}, and a slider has {FEWEST_VALUES} to {MOST_VALUES}"
        raise spot.error(message)
    numbers = all(isinstance(value, int | float) for value in factor.values)
    return replace(factor, values=tuple(sorted(factor.values))) if numbers else factor


def _outcomes(fields: Fields) -> tuple[str, ...]:
    node = fields.items.get("outcomes")
    if node is None:
        return USUAL_OUTCOMES
    if missing(node) or not listing(node):
        raise fields.keys["outcomes"].error(
            "outcomes has no value", "leave it out, or list names as `- needs_met`"
        )
    found: list[str] = []
    for item in listing(node):
        name = item.text if isinstance(item, Scalar) else ""
        if name not in HEADLINES:
            hint = did_you_mean(name, HEADLINES) or f"there are {', '.join(HEADLINES)}"
            raise item.spot.error(f"there is no headline number {name or str(item)!r}", hint)
        if name in found:
            raise item.spot.error(f"the outcome {name!r} is given twice", "name it once")
        found.append(name)
    return tuple(found)


def _plain(node: Node) -> Any:
    """What a part of the file says, without its places."""
    if isinstance(node, YamlMapping):
        return {name: _plain(item) for name, item in node.items.items()}
    if isinstance(node, YamlSequence):
        return [_plain(item) for item in node.items]
    return node.value
