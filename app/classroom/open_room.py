"""A classroom opened from the command line: which scenarios, for whom, within what limits."""

from __future__ import annotations

import ipaddress

from ...scenarios import ScenarioTemplate
from ...scenarios.files import shipped_names
from .guard import Visitors, new_code
from .room import Classroom
from .worker import Limits

# A class of thirty shares the machine: Japan at one record for 20 people still fits, one record each does not.
CLASS_LIMITS = Limits(migrant_months=80e6, records=200_000, lives=10_000, seconds=30.0)


def open_room(
    scenario: str, *, seed: int | None = None, host: str = "127.0.0.1", class_mode: bool = False
) -> Classroom:
    """The room to explore `scenario`, a shipped one or a file, in. Errors: ScenarioError for what can't be loaded.

    Reached from other machines (`host`), it has a code to join by, and the limits of a class.
    """
    prepared = ScenarioTemplate(scenario)
    loaded = prepared.scenario(seed=seed)
    shipped = {name: name for name in shipped_names()}
    scenarios = shipped if scenario in shipped else {loaded.name: scenario, **shipped}
    first = scenario if scenario in shipped else loaded.name
    if scenarios[first] != scenario:  # a file that has the name of a shipped scenario
        scenarios = {**shipped, first: scenario}
    shared = not is_loopback(host)
    return Classroom(
        scenarios,
        first,
        first_seed=loaded.seed,
        visitors=Visitors(code=new_code() if shared else None),
        limits=CLASS_LIMITS if shared or class_mode else Limits(),
        hosts=(host,),
        class_mode=class_mode,
    )


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
