"""Settings and parameters of a scenario as the page's sliders, and the scenario file that brings a state back."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ...outcomes.invocation import typed
from ...scenarios import ScenarioError, ScenarioTemplate, list_scenarios, load_scenario
from ...scenarios.checks import all_parameters, get, put
from ...scenarios.schema import Parameters, full_label, iter_parameters
from ...scenarios.settings import HIGHEST_SEED, MOST_MONTHS

if TYPE_CHECKING:
    from ...scenarios.schema import ParameterInfo
    from .requests import RunRequest


@dataclass(frozen=True)
class Lever:
    """A parameter a teacher would reach for, and the range in which it shows."""

    path: str
    low: float | None = None
    high: float | None = None


# Chosen from docs/effects.md: each moves something that can be seen even in two towns (a test holds it to that;
# the national standard moves cities only where they decide: city.pace), and together they touch all who act.
LEVERS: tuple[Lever, ...] = (
    Lever("fear.weight", 0.0, 20.0),
    Lever("enforcement.apprehension", 0.0, 0.03),
    Lever("policy.guidance", 0.0, 1.0),
    Lever("status.amnesty", 0.0, 0.05),
    Lever("city.pace", 0.0, 1.0),
    Lever("city.budget", 0.0, 2_000.0),
    Lever("city.firewall", 0.0, 1.0),
    Lever("ngos.enabled"),
    Lever("ngos.cases_per_staff", 0.0, 40.0),
    Lever("awareness.outreach", 0.0, 0.06),
    Lever("awareness.orientation", 0.0, 1.0),
    Lever("language.barrier", 0.0, 1.0),
    Lever("settling.drift", 0.0, 0.01),
    Lever("doors.coethnic.arrivals", 0.0, 15_000.0),
)
_OF_THE_COUNTRY = re.compile(r"doors\.\w+\.(arrivals|initial)|trades\.\w+\.jobs|ngos\.initial")
_SMALL = 0.5  # of a country; a smaller world has its part of what is counted for the country
_STEPS = 100  # of a slider, about
# A parameter whose range ends further off than so many times its value has a slider that goes by the logarithm.
_LOGARITHMIC_FROM = 30.0
_SPAN = 30.0  # such a slider goes from the value over this to the value times this


def scenarios_shown(references: Mapping[str, str], first: str, seed: str) -> dict[str, Any]:
    """The scenarios there are to choose from, and what to begin with. A file that has a mistake now is among them,
    with the mistake for its question."""
    about = dict(_shipped())
    rows = []
    for name, reference in references.items():
        if name not in about or reference != name:  # a file of the user's
            try:
                own = load_scenario(reference)
                about[name] = (own.title, own.question)
            except ScenarioError as error:
                about[name] = (name, str(error))
        rows.append({"name": name, "title": about[name][0], "question": about[name][1]})
    return {"scenarios": rows, "first": first, "seed": seed}


@cache
def _shipped() -> dict[str, tuple[str, str]]:
    return {name: (title, question) for name, title, question in list_scenarios()}


@lru_cache(maxsize=64)
def scenario_shown(name: str, reference: str, edited: int = 0) -> dict[str, Any]:
    """What the page needs to make sliders for a scenario.

    `reference`: what it is loaded by; `edited`: when its file was last changed, so that it is read again.
    Errors: ScenarioError.
    """
    scenario = load_scenario(reference)
    dated: dict[str, list[dict[str, Any]]] = {}
    for change in scenario.timeline:
        if change.month > 0:
            date = scenario.date(change.month)
            dated.setdefault(change.path, []).append({"date": date, "value": change.value})
    small = scenario.parameters.scale.share < _SMALL
    parameters = [
        {
            **slider(all_parameters().get(info.path, info), info.default),
            "label": full_label(info, scenario.parameters),
            "source": scenario.sources[info.path],
            "changes": dated.get(info.path, []),
            "part": scenario.parameters.scale.share if small and _is_of_the_country(info.path) else None,
        }
        for info in iter_parameters(scenario.parameters)
        if info.in_world
    ]
    labels = {each["path"]: each["label"] for each in parameters}
    return {
        "name": name,
        "title": scenario.title,
        "question": scenario.question,
        "start": scenario.start,
        "settings": {
            "seed": {"value": str(scenario.seed), "low": "0", "high": str(HIGHEST_SEED)},
            "months": {"value": scenario.months, "low": 1, "high": MOST_MONTHS},
        },
        "levers": [
            {"path": lever.path, "label": labels[lever.path], "low": lever.low, "high": lever.high}
            for lever in LEVERS
            if lever.path in labels
        ],
        "sections": sections_shown(),
        "parameters": parameters,
    }


def _is_of_the_country(path: str) -> bool:
    """Whether a parameter counts what the whole country has, of which a world takes `scale.share`."""
    return _OF_THE_COUNTRY.fullmatch(path) is not None


@cache
def sections_shown() -> dict[str, dict[str, str]]:
    """Each section of a scenario file: its label, and in a line what it is about."""
    return {
        name: {
            "label": name.replace("_", " ").capitalize().replace("Ngo", "NGO"),
            "about": (type(getattr(Parameters(), name)).__doc__ or "").strip().partition("\n")[0],
        }
        for name in Parameters.model_fields
    }


def slider(info: ParameterInfo, value: Any) -> dict[str, Any]:
    """One parameter: what it is, and the slider for it.

    `kind`: "switch", "choice" (one of `choices`) or "number"; of a number, `whole` or not, `least` and `most`
    (the schema's bounds), and the slider's `low`, `high` and `step`, `scale` "linear" or "log". On a log scale
    the left end stands for 0 if `zero` is true.
    """
    about = {
        "path": info.path,
        "section": info.path.partition(".")[0],
        "label": info.label,
        "unit": info.unit,
        "meaning": info.meaning,
        "mechanism": info.mechanism,
        "value": value,
        "default": info.default,
        "choices": info.choices,
    }
    if info.type is bool:
        return {**about, "kind": "switch"}
    if info.choices is not None:
        return {**about, "kind": "choice"}
    return {**about, "kind": "number", "whole": info.type is int, **_range(info, float(value))}


def _range(info: ParameterInfo, value: float) -> dict[str, Any]:
    least = info.low if info.low is not None else min(0.0, 4 * value)
    most = max(1.0, 4 * abs(value)) if info.slider_end is None else max(info.slider_end, value)
    bounds = {"least": info.low, "most": info.high}
    usual = value or float(info.default)
    if least >= 0 and usual > 0 and most / usual > _LOGARITHMIC_FROM:
        low, high = max(least, _rounded(usual / _SPAN)), min(most, _rounded(usual * _SPAN))
        if info.type is int:
            low = max(1.0, round(low))
        return {**bounds, "low": low, "high": high, "step": None, "scale": "log", "zero": least == 0}
    step = _rounded((most - least) / _STEPS)
    if info.type is int:
        step = max(1.0, round(step))
    return {**bounds, "low": least, "high": most, "step": step, "scale": "linear", "zero": False}


def _rounded(number: float) -> float:
    """The number to the nearest of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(number))
    nearest = min((1.0, 2.0, 5.0, 10.0), key=lambda each: abs(math.log(number / power / each)))
    return float(f"{nearest * power:.12g}")


def scenario_file(reference: str, asked: RunRequest) -> str:
    """YAML text that extends the scenario and sets what the page has set. Errors: ScenarioError for what
    cannot be."""
    from ...outcomes.plain_yaml import dumped

    scenario = ScenarioTemplate(reference).scenario(sets=asked.sets, seed=asked.seed, months=asked.months)
    values = scenario.parameters.model_dump()
    content: dict[str, Any] = {
        "extends": asked.scenario if reference == asked.scenario else f"{asked.scenario}.yaml",
        "title": f"{scenario.title}, changed" if asked.sets else scenario.title,
        "question": scenario.question,
        "months": scenario.months,
        "seed": scenario.seed,
    }
    for path, layer in scenario.layers.items():
        if layer == "--set":
            *heads, _ = path.split(".")
            within = content
            for head in heads:
                within = within.setdefault(head, {})
            put(content, path, get(values, path))
    return f"# Made by {typed('explore')}. Run it with: {typed('run FILE')}\n{dumped(content)}"
