"""Reading a study file: every mistake in it is told with file, line, column and the nearest valid name."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ...outcomes.outcome_spec import OutcomeSpec
from ...scenarios import Scenario, ScenarioError, load_scenario
from ...scenarios.bounded import UnreadableError, yaml_bytes
from ...scenarios.checks import Problems
from ...scenarios.errors import did_you_mean
from ...scenarios.files import chain_of
from ...scenarios.settings import HIGHEST_SEED, MOST_MONTHS
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping, read_mapping
from .points import KINDS, size, with_settings
from .read_factors import FactorReader, settings_of
from .read_outcomes import read_outcomes
from .study import Design, Factor, Replicates, Study
from .yaml_fields import Fields, collecting, listing, missing

ENDINGS = (".yaml", ".yml")
KEYS = (
    "title", "question", "scenarios", "months", "set", "factors", "design", "points", "replicates", "seed",
    "common_random_numbers", "luck", "outcomes",
)  # fmt: skip
MOST_RUNS = 10_000_000
SHARED, OWN = "shared", "own"  # values of `luck`, an older name of `common_random_numbers`
# What each design is told, and what holds if it is not; None: it must be. The first is its size.
_DESIGNS: dict[str, dict[str, int | None]] = {
    "lhs": {"points": None},
    "morris": {"trajectories": 10, "levels": 4},
    "sobol": {"samples": None},
    "grid": {"levels": 3},
    "ofat": {"levels": 3},
    "list": {},
}


def shipped_studies() -> tuple[str, ...]:
    """The names of the studies that come with the package."""
    names = (each.name for each in _examples().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def _examples() -> Traversable:
    return files(__package__.rpartition(".")[0]) / "examples"


def list_studies() -> list[tuple[str, str]]:
    """The studies that come with the package: (name, question)."""
    found = []
    for name in shipped_studies():
        file = find_study(name)
        question = read_mapping(file.read_bytes(), file.name).items.get("question")
        found.append((name, question.text.strip() if isinstance(question, Scalar) else ""))
    return found


def find_study(reference: str | os.PathLike[str]) -> Path:
    """The file of a study: a shipped one by its name, or a path. Errors: ScenarioError if there is none."""
    name = os.fspath(reference)
    if not name.strip() or "\0" in name:
        raise ScenarioError(f"{name!r} is not the name of a study")
    is_path = name.endswith(ENDINGS) or os.sep in name or "/" in name
    if not is_path and name in shipped_studies():
        return Path(str(_examples() / f"{name}.yaml"))
    path = Path(name)
    if path.is_dir():
        raise ScenarioError(
            f"{name} is a folder, not a study file", hint=f"`study resume {name}` goes on with a study"
        )
    if not os.path.exists(path):
        beside = [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) if is_path else did_you_mean(name, shipped_studies())
        hint = hint or f"the shipped studies are {', '.join(shipped_studies())}"
        raise ScenarioError(f"there is no study {'file ' if is_path else ''}{name!r}", hint=hint)
    return path


def read_study(
    file: Path,
    *,
    name: str | None = None,
    beside: Path | None = None,
    scenarios_in: Path | None = None,
    own: Sequence[OutcomeSpec] = (),
) -> Study:
    """Read and check a study file, and load its scenarios.

    `beside`: the folder its scenario files are looked for in, if not its own.

    `scenarios_in`: a folder of the scenarios as a study has resolved them, with fixed settings and months in them;
    they are then taken from there. `own`: the user's measures, kept beside the outcomes of the file. Errors:
    ScenarioError.
    """
    try:
        data = yaml_bytes(file)
    except UnreadableError as error:
        raise ScenarioError(f"{file} {error}") from None
    try:
        given = read_mapping(data, str(file))
    except ScenarioError as error:
        if error.message == "the file is empty":
            error.hint = "a study needs at least `scenarios`"
        raise
    study = _Reader(file, given, beside or file.parent, scenarios_in).study(name or stem_of(file))
    return replace(study, outcomes=(*study.outcomes, *own))


def stem_of(file: Path) -> str:
    """The name of a study or scenario file without its ending."""
    return file.name.removesuffix(".yaml").removesuffix(".yml")


class _Reader:
    def __init__(self, file: Path, given: YamlMapping, beside: Path, scenarios_in: Path | None) -> None:
        self.file, self.beside, self.scenarios_in = file, beside, scenarios_in
        self.fields = Fields(given, KEYS, "a study")
        self.problems = Problems()
        self.places: dict[str, str] = {}

    def study(self, name: str) -> Study:
        fields, problems = self.fields, self.problems
        scenarios = self._scenarios()
        problems.raise_first()
        kind = self._kind()
        reader = FactorReader(scenarios, kind != "list")
        factors: list[Factor] = []
        if "factors" in fields:
            factors = reader.factors(fields.items["factors"], fields.keys["factors"], problems)
        problems.raise_first()
        design = self._design(kind, factors, reader)
        outcomes = read_outcomes(fields.items.get("outcomes"), scenarios, problems)
        problems.raise_first()
        replicates = self._replicates({each.name for each in outcomes})
        runs = size(design, factors) * len(scenarios) * replicates.most
        if runs > MOST_RUNS:
            raise SourceLocation(str(self.file)).error(
                f"the study has {runs:,} runs, and {MOST_RUNS:,} are the most"
            )
        return Study(
            name=name,
            title=fields.text("title", name),
            question=fields.text("question", ""),
            scenarios=scenarios,
            factors=tuple(factors),
            design=design,
            replicates=replicates,
            seed=fields.number("seed", 1, whole=True, low=0, high=HIGHEST_SEED),
            common_random_numbers=self._common_random_numbers(),
            outcomes=outcomes,
            places=self.places,
        )

    def _common_random_numbers(self) -> bool:
        fields, name = self.fields, "common_random_numbers"
        if name in fields and "luck" in fields:
            raise fields.keys["luck"].error(f"luck is an older name of {name}", "leave it out")
        return fields.switch(name, fields.choice("luck", (SHARED, OWN), SHARED) == SHARED)

    # Scenarios ------------------------------------------------------------------------------------------

    def _scenarios(self) -> tuple[Scenario, ...]:
        fields, items = self.fields, self.fields.items
        if missing(items.get("scenarios")):
            spot = fields.keys.get("scenarios", SourceLocation(str(self.file)))
            raise spot.error("the study has no scenarios", "as `scenarios: two-towns`, or a list of them")
        months = fields.number("months", None, whole=True, low=1, high=MOST_MONTHS)
        found: dict[str, Scenario] = {}
        for node in listing(items["scenarios"]):
            with collecting(self.problems):
                scenario = self._scenario(node, months)
                if scenario.name in found:
                    message = f"two scenarios are called {scenario.name!r}"
                    raise node.spot.error(message, "rename one of the files")
                found[scenario.name] = scenario
        self.problems.raise_first()
        if not found:
            raise items["scenarios"].spot.error("the study has no scenarios", "list at least one")
        if "set" not in fields or self.scenarios_in is not None:
            return tuple(found.values())
        return tuple(self._with_fixed(scenario) for scenario in found.values())

    def _scenario(self, node: Node, months: int | None) -> Scenario:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            message = f"a scenario is {node}, but must be the name of a scenario, or a scenario file"
            raise node.spot.error(message)
        reference = node.value
        try:
            if self.scenarios_in is not None:
                return load_scenario(self.scenarios_in / f"{stem_of(Path(reference))}.yaml")
            if reference.endswith(ENDINGS) or "/" in reference or os.sep in reference:
                reference = os.path.join(self.beside, reference)
            scenario = load_scenario(reference, months=months)
        except ScenarioError as error:
            if error.file is None:  # there is no such scenario
                raise node.spot.error(error.message, error.hint) from None
            raise
        own = _own_places(reference, scenario)
        if own:
            self.places[scenario.name] = own
        return scenario

    def _with_fixed(self, scenario: Scenario) -> Scenario:
        """The scenario with what the study sets in all runs."""
        node, key = self.fields.items["set"], self.fields.keys["set"]
        settings = settings_of(node, key, "set", [scenario])
        fixed = with_settings(scenario, settings, f"{self.file.name}:{key.line}")
        sources = dict(fixed.sources)
        for path, _ in settings:
            if not sources[path].startswith("assumption"):
                sources[path] = f"assumption of {self.file.name}"
        return replace(fixed, sources=sources)

    # Design and replicates ------------------------------------------------------------------------------

    def _kind(self) -> str:
        fields, node = self.fields, self.fields.items.get("design")
        if node is None:
            return "list" if "points" in fields or "factors" not in fields else "grid"
        if isinstance(node, YamlMapping) and len(node.items) == 1:
            (kind,) = node.items
            spot = node.keys[kind]
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            kind, spot = node.value, node.spot
        else:
            raise fields.wrong("design", f"one of {', '.join(KINDS)}", "as `design: {lhs: {points: 64}}`")
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS) or f"it may be {', '.join(KINDS)}"
            raise spot.error(f"there is no design {kind!r}", hint)
        return kind

    def _design(self, kind: str, factors: list[Factor], reader: FactorReader) -> Design:
        node = self.fields.items.get("design")
        spot = node.spot if node is not None else SourceLocation(str(self.file))
        given = node.items[kind] if isinstance(node, YamlMapping) else None
        names = _DESIGNS[kind]
        if given is None or missing(given):
            given = YamlMapping({}, {}, spot)
        elif not isinstance(given, YamlMapping):  # as `lhs: 64`
            if not names:
                raise given.spot.error(f"the design {kind} has no size", f"write `design: {kind}`")
            given = YamlMapping({next(iter(names)): given}, {next(iter(names)): given.spot}, given.spot)
        extra = ("second_order",) if kind == "sobol" else ()
        options = Fields(given, (*names, *extra), f"the design {kind}")
        if kind == "list":
            return Design("list", points=self._points(factors, reader))
        if not factors:
            raise spot.error(f"the design {kind} needs factors", "add `factors:` with at least one")
        if "points" in self.fields:
            message = f"points are for `design: list`, and this one is {kind}"
            raise self.fields.keys["points"].error(message)
        sizes = {}
        for name, default in names.items():
            if name not in options and default is None:
                message = f"the design does not say how many {name}"
                raise spot.error(message, f"as `{{{kind}: {{{name}: 64}}}}`")
            sizes[name] = options.count(name, default, 2)
        levels = sizes.pop("levels", 0)
        if kind == "morris" and levels % 2:
            raise options.items["levels"].spot.error(f"levels is {levels}, but must be even")
        count = next(iter(sizes.values()), 0)
        if kind == "sobol" and count & (count - 1):
            message = f"samples is {count}, but must be a power of 2"
            raise options.items["samples"].spot.error(message, f"as {2 ** round(math.log2(count))}")
        return Design(kind, size=count, levels=levels, second_order=options.switch("second_order", False))

    def _points(self, factors: list[Factor], reader: FactorReader) -> tuple[Mapping[str, Any], ...]:
        by_name = {factor.name: factor for factor in factors}
        node = self.fields.items.get("points")
        if node is None and factors:
            key = self.fields.keys["factors"]
            raise key.error("a list of points is missing", "add `points:`, or `design: grid`")
        found = []
        for item in listing(node) if node is not None else ():
            with collecting(self.problems):
                if not isinstance(item, YamlMapping):
                    raise item.spot.error(f"a point is {item}, but must be factors with values")
                for name, spot in item.keys.items():
                    if name not in by_name:
                        known = f"the factors are {', '.join(by_name) or 'none'}"
                        hint = did_you_mean(name, by_name) or known
                        raise spot.error(f"there is no factor {name!r}", hint)
                found.append({name: reader.value(by_name[name], v) for name, v in item.items.items()})
        return tuple(found)

    def _replicates(self, outcomes: set[str]) -> Replicates:
        node = self.fields.items.get("replicates")
        if not isinstance(node, YamlMapping):
            count = self.fields.count("replicates", 10, 1)
            return Replicates(count, count)
        fields = Fields(node, ("until", "at_least", "at_most", "confidence"), "replicates")
        least = fields.count("at_least", 5, 2)
        most = fields.count("at_most", max(100, least), least)
        until = node.items.get("until")
        if not isinstance(until, YamlMapping) or not until.items:
            spot = node.keys.get("until", node.spot)
            raise spot.error("until must be outcomes with half-widths", "as `until: {needs_met: 0.01}`")
        for name, spot in until.keys.items():
            if name not in outcomes:
                hint = did_you_mean(name, outcomes) or "it must be one of the study's outcomes"
                raise spot.error(f"there is no outcome {name!r} in this study", hint)
        targets = Fields(until, outcomes, "until")
        widths = {name: float(targets.number(name, None, above=0.0)) for name in until.items}
        return Replicates(least, most, widths, fields.number("confidence", 0.95, low=0.5, high=0.9999))


def _own_places(reference: str, scenario: Scenario) -> str:
    """The file of a scenario's table of places, "" if that is a shipped one."""
    for file in reversed(chain_of(reference)):
        node = file.content.items.get("places")
        if isinstance(node, Scalar):
            beside = file.path.parent / node.text
            return str(beside) if os.path.isfile(beside) and not file.shipped else ""
    return ""
