"""Reading a study file: every mistake in it is told with file, line, column and the nearest valid name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...outcomes.outcome_spec import OutcomeSpec
from ...scenarios.checks import Problems
from ...scenarios.errors import did_you_mean
from ...scenarios.settings import HIGHEST_SEED
from ...scenarios.yaml_text import Scalar, SourceLocation, YamlMapping, read_mapping
from .named_files import NamedFiles
from .points import KINDS, size
from .read_factors import FactorReader
from .read_outcomes import read_outcomes
from .read_scenarios import ScenarioReader, stem_of
from .read_worlds import read_worlds
from .study import Design, Factor, Replicates, Study
from .yaml_fields import Fields, collecting, listing, missing

KEYS = (
    "title", "question", "scenarios", "months", "set", "factors", "design", "points", "replicates", "seed",
    "common_random_numbers", "luck", "outcomes", "uncertainty",
)  # fmt: skip
_STUDIES = NamedFiles("study", lambda: files(__package__.rpartition(".")[0]) / "examples", "study resume")
find_study, shipped_studies = _STUDIES.find, _STUDIES.shipped
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


def list_studies() -> list[tuple[str, str]]:
    """The studies that come with the package: (name, question)."""
    found = []
    for name in shipped_studies():
        file = find_study(name)
        question = read_mapping(file.read_bytes(), file.name).items.get("question")
        found.append((name, question.text.strip() if isinstance(question, Scalar) else ""))
    return found


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
    study = _Reader(file, beside or file.parent, scenarios_in).study(name or stem_of(file))
    return replace(study, outcomes=(*study.outcomes, *own))


class _Reader:
    def __init__(self, file: Path, beside: Path, scenarios_in: Path | None) -> None:
        self.file, self.beside, self.scenarios_in = file, beside, scenarios_in
        self.fields = Fields.of_file(file, KEYS, "a study", "at least `scenarios`")
        self.problems = Problems()

    def study(self, name: str) -> Study:
        fields, problems = self.fields, self.problems
        reading = ScenarioReader(self.file, fields, self.beside, self.scenarios_in)
        scenarios = reading.read()
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
        seed = fields.number("seed", 1, whole=True, low=0, high=HIGHEST_SEED)
        kept_there = self.file.parent if self.scenarios_in is not None else None
        worlds = read_worlds(fields, design, factors, scenarios, seed, self.beside, kept_there)
        runs = (
            size(design, factors) * len(scenarios) * replicates.most * (len(worlds.points) if worlds else 1)
        )
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
            seed=seed,
            common_random_numbers=self._common_random_numbers(),
            outcomes=outcomes,
            places=reading.places,
            worlds=worlds,
        )

    def _common_random_numbers(self) -> bool:
        fields, name = self.fields, "common_random_numbers"
        if name in fields and "luck" in fields:
            raise fields.keys["luck"].error(f"luck is an older name of {name}", "leave it out")
        return fields.switch(name, fields.choice("luck", (SHARED, OWN), SHARED) == SHARED)

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
