"""Reading a study file: every mistake in it is told with file, line, column and the nearest valid name."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...scenarios import Scenario, ScenarioError, load_scenario
from ...scenarios.checks import Problems
from ...scenarios.errors import did_you_mean
from ...scenarios.files import chain_of
from ...scenarios.settings import HIGHEST_SEED, MOST_MONTHS
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping, read_mapping
from . import nodes
from .designs import KINDS, size
from .points import with_settings
from .read_factors import FactorReader, settings_of
from .read_outcomes import read_outcomes
from .study import OWN, SHARED, Design, Factor, Replicates, Study

ENDINGS = (".yaml", ".yml")
KEYS = (
    "title", "question", "scenarios", "months", "set", "factors", "design", "points", "replicates", "seed", "luck",
    "outcomes",
)  # fmt: skip
MOST_RUNS = 10_000_000
_SIZES: dict[str, dict[str, Any]] = {
    "lhs": {"points": None},
    "morris": {"trajectories": 10, "levels": 4},
    "sobol": {"samples": None},
    "grid": {"levels": 3},
    "ofat": {"levels": 3},
    "list": {},
}


def shipped_studies() -> tuple[str, ...]:
    """The names of the studies that come with the package."""
    folder = files(__package__.rpartition(".")[0]) / "examples"
    return tuple(
        sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml"))
    )


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
        return Path(str(files(__package__.rpartition(".")[0]) / "examples" / f"{name}.yaml"))
    path = Path(name)
    if path.is_dir():
        raise ScenarioError(
            f"{name} is a folder, not a study file", hint=f"`study resume {name}` goes on with a study"
        )
    if not os.path.isfile(path):
        beside = [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) if is_path else did_you_mean(name, shipped_studies())
        hint = hint or f"the shipped studies are {', '.join(shipped_studies())}"
        raise ScenarioError(f"there is no study {'file ' if is_path else ''}{name!r}", hint=hint)
    return path


def read_study(
    file: Path, *, name: str | None = None, beside: Path | None = None, scenarios_in: Path | None = None
) -> Study:
    """Read and check a study file, and load its scenarios.

    `beside`: the folder its scenario files are looked for in, if not its own.

    `scenarios_in`: a folder of the scenarios as a study has resolved them, with fixed settings and months in them;
    they are then taken from there. Errors: ScenarioError.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{file} cannot be read: {error.strerror or error}") from None
    try:
        given = read_mapping(data, str(file))
    except ScenarioError as error:
        if error.message == "the file is empty":
            error.hint = "a study needs at least `scenarios`"
        raise
    return _Reader(file, given, beside or file.parent, scenarios_in).study(
        name or file.name.removesuffix(".yaml").removesuffix(".yml")
    )


class _Reader:
    def __init__(self, file: Path, given: YamlMapping, beside: Path, scenarios_in: Path | None) -> None:
        self.file, self.given, self.beside, self.scenarios_in = file, given, beside, scenarios_in
        self.problems = Problems()
        self.places: dict[str, str] = {}

    def study(self, name: str) -> Study:
        given, problems = self.given, self.problems
        nodes.known_keys(given, KEYS, "a study", problems)
        problems.raise_first()
        scenarios = self._scenarios()
        problems.raise_first()
        kind = self._kind()
        reader = FactorReader(scenarios, kind != "list", problems)
        factors = (
            reader.factors(given.items["factors"], given.keys["factors"]) if "factors" in given.items else []
        )
        problems.raise_first()
        design = self._design(kind, factors, reader)
        outcomes = read_outcomes(given.items.get("outcomes"), scenarios, problems)
        problems.raise_first()
        replicates = self._replicates({each.name for each in outcomes})
        seed = nodes.number(given, "seed", 1, problems, whole=True, low=0, high=HIGHEST_SEED)
        luck = nodes.choice(given, "luck", (SHARED, OWN), SHARED, problems)
        title = nodes.text(given, "title", name, problems)
        question = nodes.text(given, "question", "", problems)
        problems.raise_first()
        runs = size(design, factors) * len(scenarios) * replicates.most
        if runs > MOST_RUNS:
            raise SourceLocation(str(self.file)).error(
                f"the study has {runs:,} runs, and {MOST_RUNS:,} are the most"
            )
        return Study(
            name,
            title,
            question,
            scenarios,
            tuple(factors),
            design,
            replicates,
            seed,
            luck,
            outcomes,
            self.places,
        )

    # Scenarios ------------------------------------------------------------------------------------------

    def _scenarios(self) -> tuple[Scenario, ...]:
        given, problems = self.given, self.problems
        if "scenarios" not in given.items or nodes.missing(given.items["scenarios"]):
            spot = given.keys.get("scenarios", SourceLocation(str(self.file)))
            raise spot.error("the study has no scenarios", "as `scenarios: two-towns`, or a list of them")
        months = nodes.number(given, "months", None, problems, whole=True, low=1, high=MOST_MONTHS)
        found: dict[str, Scenario] = {}
        for node in nodes.listing(given.items["scenarios"]):
            scenario = self._scenario(node, months)
            if scenario.name in found:
                problems.add(
                    node.spot.error(f"two scenarios are called {scenario.name!r}", "rename one of the files")
                )
            found[scenario.name] = scenario
        if not found:
            problems.add(
                given.items["scenarios"].spot.error("the study has no scenarios", "list at least one")
            )
        if problems.found or "set" not in given.items or self.scenarios_in is not None:
            return tuple(found.values())
        return tuple(self._with_fixed(scenario) for scenario in found.values())

    def _scenario(self, node: Node, months: int | None) -> Scenario:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise node.spot.error(
                f"a scenario is {node}, but must be the name of a scenario, or a scenario file"
            )
        reference = node.value
        try:
            if self.scenarios_in is not None:
                stem = Path(reference).name.removesuffix(".yaml").removesuffix(".yml")
                return load_scenario(self.scenarios_in / f"{stem}.yaml")
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
        node, key = self.given.items["set"], self.given.keys["set"]
        settings = settings_of(node, key, "set", scenario.parameters.model_dump(), self.problems)
        where = f"{self.file.name}:{key.line}"
        fixed = with_settings(scenario, settings, where)
        sources = dict(fixed.sources)
        for path, _ in settings:
            if not sources[path].startswith("assumption"):
                sources[path] = f"assumption of {self.file.name}"
        return replace(fixed, sources=sources)

    # Design and replicates ------------------------------------------------------------------------------

    def _kind(self) -> str:
        node = self.given.items.get("design")
        if node is None:
            return "list" if "points" in self.given.items or "factors" not in self.given.items else "grid"
        if isinstance(node, YamlMapping) and len(node.items) == 1:
            (kind,) = node.items
            spot, said = node.keys[kind], kind
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            spot, said = node.spot, node.value
        else:
            said = "has no value" if nodes.missing(node) else f"is {node}"
            spot = self.given.keys["design"] if nodes.missing(node) else node.spot
            raise spot.error(
                f"design {said}, but must be one of {', '.join(KINDS)}", "as `design: {lhs: {points: 64}}`"
            )
        if said not in KINDS:
            raise spot.error(
                f"there is no design {said!r}", did_you_mean(said, KINDS) or f"it may be {', '.join(KINDS)}"
            )
        return said

    def _design(self, kind: str, factors: list[Factor], reader: FactorReader) -> Design:
        problems, node = self.problems, self.given.items.get("design")
        spot = node.spot if node is not None else SourceLocation(str(self.file))
        options = node.items[kind] if isinstance(node, YamlMapping) else None
        if options is not None and nodes.missing(options):
            options = None
        sizes = {**_SIZES[kind], **({"second_order": False} if kind == "sobol" else {})}
        if options is not None and not isinstance(options, YamlMapping):
            only = next(iter(sizes), None)
            if only is None:
                raise options.spot.error(f"the design {kind} has no size", f"write `design: {kind}`")
            options = YamlMapping({only: options}, {only: options.spot}, options.spot)  # as `lhs: 64`
        group = options or YamlMapping({}, {}, spot)
        nodes.known_keys(group, sizes, f"the design {kind}", problems)
        if kind != "list" and not factors:
            raise spot.error(f"the design {kind} needs factors", "add `factors:` with at least one")
        if kind != "list" and "points" in self.given.items:
            raise self.given.keys["points"].error(f"points are for `design: list`, and this one is {kind}")
        if kind == "list":
            return Design("list", points=self._points(factors, reader))
        if kind in ("grid", "ofat"):
            return Design(kind, levels=self._size(group, "levels", 3, 2, spot))
        if kind == "morris":
            trajectories = self._size(group, "trajectories", 10, 2, spot)
            levels = self._size(group, "levels", 4, 2, spot)
            if levels % 2:
                problems.add(group.items["levels"].spot.error(f"levels is {levels}, but must be even"))
            return Design(kind, size=trajectories, levels=levels)
        if kind == "lhs":
            return Design(kind, size=self._size(group, "points", None, 2, spot))
        samples = self._size(group, "samples", None, 2, spot)
        if samples & (samples - 1):
            near = 2 ** round(math.log2(samples))
            problems.add(
                group.items["samples"].spot.error(
                    f"samples is {samples}, but must be a power of 2", f"as {near}"
                )
            )
        return Design(kind, size=samples, second_order=nodes.switch(group, "second_order", False, problems))

    def _size(
        self, group: YamlMapping, name: str, default: int | None, least: int, spot: SourceLocation
    ) -> int:
        if name not in group.items and default is None:
            self.problems.add(
                spot.error(f"the design does not say how many {name}", f"as `{{lhs: {{{name}: 64}}}}`")
            )
        return nodes.number(
            group, name, default or least, self.problems, whole=True, low=least, high=1_000_000
        )

    def _points(self, factors: list[Factor], reader: FactorReader) -> tuple[Mapping[str, Any], ...]:
        by_name = {factor.name: factor for factor in factors}
        node = self.given.items.get("points")
        if node is None:
            if factors:
                raise self.given.keys["factors"].error(
                    "a list of points is missing", "add `points:`, or `design: grid`"
                )
            return ()
        found = []
        for item in nodes.listing(node):
            if not isinstance(item, YamlMapping):
                self.problems.add(item.spot.error(f"a point is {item}, but must be factors with values"))
                continue
            for name, spot in item.keys.items():
                if name not in by_name:
                    hint = did_you_mean(name, by_name) or f"the factors are {', '.join(by_name) or 'none'}"
                    self.problems.add(spot.error(f"there is no factor {name!r}", hint))
            found.append({n: reader.value(by_name[n], v) for n, v in item.items.items() if n in by_name})
        return tuple(found)

    def _replicates(self, outcomes: set[str]) -> Replicates:
        node, problems = self.given.items.get("replicates"), self.problems
        if node is None:
            return Replicates(10, 10)
        if not isinstance(node, YamlMapping):
            count = nodes.number(self.given, "replicates", 10, problems, whole=True, low=1, high=1_000_000)
            return Replicates(count, count)
        nodes.known_keys(node, ("until", "at_least", "at_most", "confidence"), "replicates", problems)
        least = nodes.number(node, "at_least", 5, problems, whole=True, low=2, high=1_000_000)
        most = nodes.number(node, "at_most", max(100, least), problems, whole=True, low=least, high=1_000_000)
        confidence = nodes.number(node, "confidence", 0.95, problems, low=0.5, high=0.9999)
        until = node.items.get("until")
        if not isinstance(until, YamlMapping) or not until.items:
            spot = node.keys.get("until", node.spot)
            problems.add(
                spot.error("until must be outcomes with half-widths", "as `until: {needs_met: 0.01}`")
            )
            return Replicates(least, most)
        widths = {}
        for name, spot in until.keys.items():
            if name not in outcomes:
                hint = did_you_mean(name, outcomes) or "it must be one of the study's outcomes"
                problems.add(spot.error(f"there is no outcome {name!r} in this study", hint))
            widths[name] = float(nodes.number(until, name, 1.0, problems, above=0.0))
        return Replicates(least, most, widths, confidence)


def _own_places(reference: str, scenario: Scenario) -> str:
    """The file of a scenario's table of places, "" if that is a shipped one."""
    for file in reversed(chain_of(reference)):
        node = file.content.items.get("places")
        if isinstance(node, Scalar):
            beside = file.path.parent / node.text
            return str(beside) if os.path.isfile(beside) and not file.shipped else ""
    return ""
