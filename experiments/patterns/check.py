"""Holding the model against its patterns: the runs they need, observed and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from ...scenarios import Scenario, list_scenarios, load_scenario
from ..replicates import Progress, Replicate, run_many
from . import PATTERNS
from .pattern import Finding, Pattern, Values, judge, observe_all

JAPAN = "japan"
SAMPLE = "-sample"


TO_2011 = "months=264"  # of Japan: beyond its scenario's end, for what followed the crisis of 2008
# The scenarios that patterns ask for: a country's, with something changed.
SETTINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "japan": (JAPAN, (TO_2011,)),
    "japan without diffusion": (
        JAPAN,
        ("city.neighbours=0", "city.similar=0", "city.rivalry=0", "city.norm=0"),
    ),
    "italy": ("italy", ()),
    "italy under guidance": (
        "italy",
        ("policy.guidance=0.9", "policy.standard=0.6"),
    ),  # as in national-standard
    "korea": ("korea", ()),
    "spain": ("spain", ()),
}


@dataclass(frozen=True)
class SettingRuns:
    """The runs made for a setting."""

    scenario: Scenario
    replicates: Sequence[Replicate]


@dataclass(frozen=True)
class Check:
    """All patterns held against all runs. `runs` by setting; settings without a scenario are missing."""

    seeds: int
    runs: dict[str, SettingRuns]
    findings: tuple[Finding, ...]

    @property
    def japan(self) -> Scenario:
        """The scenario that was checked."""
        return self.runs[JAPAN].scenario


def check_patterns(
    scenario: str = JAPAN,
    seeds: int = 5,
    *,
    workers: int = 1,
    engine: str = "compiled",
    months: int | None = None,
    progress: Progress | None = None,
) -> Check:
    """Run what the patterns need and hold them against it.

    `scenario`: what to take for Japan, a shipped scenario or a file; other countries take part where a
    scenario of their name is shipped (a sample of it, if the name given is that of a sample). `months`:
    shorten all runs. `progress(finished, in all, replicate)` after each run. Errors:
    ScenarioError; ValueError for fewer than one seed or worker.
    """
    loaded: dict[str, Scenario] = {}
    for name, (country, sets) in SETTINGS.items():
        source = scenario if country == JAPAN else shipped(country, scenario.endswith(SAMPLE))
        if source is not None:
            loaded[name] = load_scenario(source, sets=sets, months=months)
    measures = [partial(observe_all, name) for name in loaded]
    found = run_many(
        list(loaded.values()), seeds, measures, workers=workers, engine=engine, progress=progress
    )
    runs = {
        name: SettingRuns(loaded[name], replicates) for name, replicates in zip(loaded, found, strict=True)
    }
    return Check(seeds, runs, tuple(find(each, runs, seeds) for each in PATTERNS.values()))


def shipped(country: str, sample: bool) -> str | None:
    """The shipped scenario of a country, or None."""
    names = [name for name, *_ in list_scenarios()]
    wanted = [f"{country}{SAMPLE}", country] if sample else [country]
    return next((name for name in wanted if name in names), None)


def find(pattern: Pattern, runs: dict[str, SettingRuns], seeds: int) -> Finding:
    """Hold one pattern against the runs that there are."""
    missing = [SETTINGS[name][0] for name in pattern.observers if name not in runs]
    if missing:
        countries = " nor ".join(dict.fromkeys(missing))
        return Finding(pattern, {}, None, f"there is no scenario {countries}")
    finding = judge(pattern, [of_seed(pattern, runs, number) for number in range(seeds)])
    holds = pattern.given
    if holds is not None and all(holds(runs[name].scenario.places) for name in pattern.observers):
        return replace(finding, hit=None, missed=(), given=True)
    return finding


def of_seed(pattern: Pattern, runs: dict[str, SettingRuns], number: int) -> Values | str:
    """The values of the replicate of this number, or why there are none."""
    observed: dict[str, Values] = {}
    for name in pattern.observers:
        replicate = runs[name].replicates[number]
        if replicate.values is None:
            return f"replicate {number} of {name} failed"
        found = replicate.values[pattern.id]
        if isinstance(found, str):
            return found
        observed[name] = found
    return pattern.values(observed)
