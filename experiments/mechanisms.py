"""The mechanisms of Tsuda (2008) that the model holds, and a scenario with each held in or out.

A mechanism is declared beside its main rule (`agents.mechanism`), what is measured beside its function (`theme`).
Rules say in their decorator which mechanisms they are part of, parameters in their declaration, tests by a marker;
`app.mechanism_table` puts it all side by side.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..agents import life  # noqa: F401 (which imports every file of rules)
from ..agents.mechanism import DECLARED, Mechanism, Settings
from ..model import catchments  # noqa: F401 (C11 is declared where it is worked out)
from ..outcomes.measures import BY_ID as THEMES
from ..outcomes.measures import OWN
from ..scenarios import Scenario
from ..scenarios.checks import is_of_no_door, spelt_out
from .studies.points import with_settings

GROUPS = {
    "A": "The state: formal citizenship",
    "B": "Municipalities: local citizenship conferred",
    "C": "NGOs: the gap filled",
    "D": "Migrants: local citizenship claimed, or not",
    "E": "What is measured",
}


def _in_order() -> dict[str, Mechanism]:
    measured = [
        Mechanism(theme.id, theme.title, theme.claim, instead=f"measured of any run; {theme.vary}")
        for theme in THEMES.values()
        if theme.id != OWN
    ]
    found = sorted([*DECLARED, *measured], key=lambda each: (each.id[0], int(each.id[1:])))
    return {each.id: each for each in found}


BY_ID = _in_order()
MECHANISMS = tuple(BY_ID.values())


def settings_text(settings: Settings) -> list[str]:
    """Settings as one writes them: `fear.weight=0`, `needs.*.right=nobody`."""
    return [
        f"{path}={value:g}" if isinstance(value, float) else f"{path}={str(value).lower()}"
        for path, value in settings.items()
    ]


def held(scenario: Scenario, settings: Settings) -> Scenario:
    """The scenario with these settings from its first month to its last.

    Unlike `--set`, which dated changes overtake: they are left out for these parameters. What is of a group of doors
    sets nothing where there is none of them. Errors: KeyError for a parameter that is unknown; pydantic's
    ValidationError for a value out of range.
    """
    each: dict[str, Any] = {}
    for path, value in settings.items():
        meant = spelt_out(path, scenario.parameters)
        there = is_of_no_door(path, scenario.parameters) or set(meant) & set(scenario.index.parameters)
        if not there:
            raise KeyError(f"there is no parameter {path}")
        each |= dict.fromkeys(meant, value)
    timeline = [change for change in scenario.timeline if change.path not in each]
    return with_settings(replace(scenario, timeline=timeline), list(each.items()), "held", changed=True)
