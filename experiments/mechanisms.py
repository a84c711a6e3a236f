"""The mechanisms of Tsuda (2008) that the model holds: name, the article's claim, and how to take each out.

`mechanisms.yaml` declares them. Rules say in their decorator which mechanisms they are part of, parameters in their
declaration, measures in theirs, tests by a marker; `app.evidence_commands` puts it all side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ..scenarios import Scenario
from ..scenarios.scenario import regimes_of
from ..scenarios.schema import SHIPPED, KeyedSection, Parameters

Settings = Mapping[str, Any]

GROUPS = {
    "A": "The state: formal citizenship",
    "B": "Municipalities: local citizenship conferred",
    "C": "NGOs: the gap filled",
    "D": "Migrants: local citizenship claimed, or not",
    "E": "What is measured",
}


@dataclass(frozen=True)
class Mechanism:
    """One mechanism. `without`: the settings that take it out; `brought_in`: settings that bring it in where it is
    left out by default; `instead`: what to vary where there is nothing to take out, or a remark.
    """

    id: str
    name: str
    claim: str
    without: Settings = field(default_factory=dict)
    brought_in: Settings = field(default_factory=dict)
    instead: str = ""

    @property
    def is_measure(self) -> bool:
        """Whether it is something measured rather than something that happens."""
        return self.id.startswith("E")


def _declared() -> dict[str, Mechanism]:
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return {identity: Mechanism(identity, **about) for identity, about in YAML(typ="safe").load(text).items()}


BY_ID = _declared()
MECHANISMS = tuple(BY_ID.values())


def _chosen(section: KeyedSection[Any], wanted: str) -> list[str]:
    """The entries that a path with an asterisk means. Errors: KeyError for an unknown group of them."""
    which: Callable[[Any], bool] = {
        "*": lambda entry: True,
        "*(side)": lambda door: door.kind == "side",
        "*(permit)": lambda door: not (door.visit or door.smuggled),
    }[wanted]
    return [name for name, entry in section.items() if which(entry)]


def spelt_out(settings: Settings, parameters: Parameters = SHIPPED) -> dict[str, Any]:
    """The settings with a path for each entry that is meant. `parameters`: whose entries."""
    found: dict[str, Any] = {}
    for path, value in settings.items():
        section, *wanted, last = path.split(".")
        if wanted and wanted[0].startswith("*"):
            found |= {
                f"{section}.{n}.{last}": value for n in _chosen(getattr(parameters, section), wanted[0])
            }
        else:
            found[path] = value
    return found


def settings_text(settings: Settings) -> list[str]:
    """Settings as one writes them: `fear.weight=0`, `needs.*.right=nobody`."""

    def written(value: Any) -> str:
        return (
            str(value).lower()
            if isinstance(value, bool)
            else f"{value:g}"
            if isinstance(value, float)
            else value
        )

    return [f"{path}={written(value)}" for path, value in settings.items()]


def held(scenario: Scenario, settings: Settings) -> Scenario:
    """The scenario with these settings from its first month to its last.

    Unlike `--set`, which dated changes overtake: they are left out for these parameters. Errors: KeyError for a
    parameter that is unknown; pydantic's ValidationError for a value out of range.
    """
    settings = spelt_out(settings, scenario.parameters)
    timeline = [change for change in scenario.timeline if change.path not in settings]
    values = scenario.parameters.model_dump()
    for path, value in settings.items():
        *heads, last = path.split(".")
        inner = values
        for name in heads:
            inner = inner[name]
        if last not in inner:
            raise KeyError(f"there is no parameter {path}")
        inner[last] = value
    regimes = regimes_of(values, timeline)
    layers = {**scenario.layers, **dict.fromkeys(settings, "held")}
    return replace(scenario, timeline=timeline, regimes=regimes, layers=layers)
