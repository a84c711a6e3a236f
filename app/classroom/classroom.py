"""The classroom behind `explore`: scenarios, visitors, limits, the pool and its runs, and the class if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...scenarios import ScenarioTemplate
from ...scenarios.files import shipped_names
from .class_state import Class
from .guard import is_loopback
from .pool import Pool
from .runs import Runs
from .visitors import Visitors, new_code
from .worker import Limits

# A class of thirty shares the machine: Japan at one record for 20 people still fits, one record each does not.
CLASS_LIMITS = Limits(migrant_months=80e6, records=200_000, lives=10_000, seconds=30.0)


@dataclass
class Classroom:
    """`scenarios`: name -> what it is loaded by; `first`, `first_seed`: what to begin with.

    `hosts`: further names of this machine; `join_address`: where others reach it; `class_mode`: whether there
    is a class; `language`: of the page, "auto" for that of each browser.
    """

    scenarios: Mapping[str, str]
    first: str
    first_seed: int = 1
    class_mode: bool = False
    visitors: Visitors = field(default_factory=Visitors)
    limits: Limits = field(default_factory=Limits)
    hosts: tuple[str, ...] = ()
    join_address: str = ""
    language: str = "en"
    workers: int = 2
    pool: Pool = field(init=False)
    runs: Runs = field(init=False)
    of_class: Class | None = field(init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(self.workers, self.scenarios[self.first])
        self.runs = Runs(self.pool, self.scenarios, self.limits)
        self.of_class = Class(self.first_seed) if self.class_mode else None


def open_classroom(
    scenario: str, *, seed: int | None = None, host: str = "127.0.0.1", class_mode: bool = False
) -> Classroom:
    """The classroom to explore `scenario`, a shipped one or a file, in. Errors: ScenarioError for what can't be loaded.

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
