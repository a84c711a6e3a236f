"""A scenario as it passes, month by month, without Mesa: what `LocalCitizenship` is a Mesa model of.

To import Mesa takes longer than a small run, and a run that is only to be kept needs no agents of its kind.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ..agents.code_cache import cache_is_cold
from .census import take_census
from .schedule import Step, begin, pass_month
from .state import State, usual_threads

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from .ledger import Ledger


class Simulation:
    """A run of `scenario`; `engine` and `threads` as `LocalCitizenship` has them. `step()` passes one month."""

    def __init__(self, scenario: Scenario, *, engine: str = "compiled", threads: int | None = None) -> None:
        self.run_scenario = scenario
        self.state = State(scenario, engine=engine, threads=usual_threads() if threads is None else threads)
        self.timing: dict[str, Any] = {"model_seconds": 0.0, "migrant_months": 0, "compiled_now": False}
        loaded = bool(take_census.signatures)  # by an earlier run of this process
        self.timing["compiled_now"] = engine == "compiled" and not loaded and cache_is_cold()
        self._begun = self._halfway = False

    @property
    def month(self) -> int:
        """Months that have passed."""
        return self.state.month

    @property
    def date(self) -> str:
        """The month about to pass, as 1994-05."""
        return self.run_scenario.date(self.state.month)

    @property
    def ledger(self) -> Ledger:
        """What has been observed so far."""
        self.state.flush_logs()
        return self.state.ledger

    def _begin(self) -> None:
        if not self._begun:
            self._carry_out(begin)
            self._begun = True

    def _carry_out(self, step: Step) -> None:
        """To its end: of a month that was given up half way, nothing that follows would be true."""
        if self._halfway:
            raise RuntimeError(f"the run was interrupted within {self.date} and can't go on: make it anew")
        self._halfway = True
        step(self.state)
        self._halfway = False

    def step(self) -> None:
        """One month passes. Errors: RuntimeError if the one before was interrupted."""
        started = time.perf_counter()
        self._begin()
        self._carry_out(pass_month)
        self.timing["model_seconds"] += time.perf_counter() - started
        self.timing["migrant_months"] += self.state.people_living()

    def release(self) -> None:
        """Give the migrants' memory back, once a run is over and its ledger is all that is wanted."""
        self.state.migrants = self.state.migrants[:0].copy()
        self.state.used = 0
        self.state.close()
