"""What a server holds: scenarios, visitors, limits, the pool and its runs, and the class if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .class_state import Class
from .guard import Visitors
from .pool import Pool
from .runs import Runs
from .worker import Limits


@dataclass
class Classroom:
    """`scenarios`: name -> what it is loaded by; `first`, `first_seed`: what to begin with.

    `hosts`: further names of this machine; `join_address`: where others reach it; `class_mode`: whether there
    is a class.
    """

    scenarios: Mapping[str, str]
    first: str
    first_seed: int = 1
    class_mode: bool = False
    visitors: Visitors = field(default_factory=Visitors)
    limits: Limits = field(default_factory=Limits)
    hosts: tuple[str, ...] = ()
    join_address: str = ""
    workers: int = 2
    pool: Pool = field(init=False)
    runs: Runs = field(init=False)
    of_class: Class | None = field(init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(self.workers, self.scenarios[self.first])
        self.runs = Runs(self.pool, self.scenarios, self.limits)
        self.of_class = Class(self.first_seed) if self.class_mode else None
