"""`LocalCitizenship`: the Mesa model."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import mesa

from ..agents.rule import cache_is_cold
from .institutions import Municipality, Nation, Ngo
from .population import Migrants
from .schedule import begin, pass_month
from .state import State

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from .ledger import Ledger

Progress = Callable[[int, int, int], None]


class LocalCitizenship(mesa.Model):
    """Migrants move between municipalities of differing service levels and claim services, or do not.

    Args:
        scenario: a `Scenario`, or the name or path of one (which is then loaded).
        engine: "compiled" (Numba), or "interpreted" (the same rules as plain Python, one migrant at a time).
        threads: how many threads share the migrants; results do not depend on it.

    `step()` passes one month, `run()` all that are left; `migrants`, `municipalities`, `ngos`, `nation` are the
    agents, `ledger` what was observed. Municipalities, NGOs and the nation are Mesa agents in `model.agents`;
    migrants are records (see `model.migrants`), of which there may be a million.
    """

    def __init__(self, scenario: Scenario | str, *, engine: str = "compiled", threads: int = 1) -> None:
        if isinstance(scenario, str):
            from ..scenarios import load_scenario

            scenario = load_scenario(scenario)
        super().__init__(rng=scenario.seed)
        self.run_scenario: Scenario = scenario
        self.state = State(scenario, engine=engine, threads=threads)
        self.timing: dict[str, Any] = {"model_seconds": 0.0, "migrant_months": 0, "compiled_now": False}
        self.timing["compiled_now"] = engine == "compiled" and cache_is_cold()
        self.nation = Nation(self)
        self.municipalities = [Municipality(self, row) for row in range(len(self.state.cities))]
        self._ngo_agents: dict[int, Ngo] = {}
        self._begun = False

    @property
    def month(self) -> int:
        """Months that have passed."""
        return self.state.month

    @property
    def date(self) -> str:
        """The month about to pass, as 1994-05."""
        return self.run_scenario.date(self.state.month)

    @property
    def migrants(self) -> Migrants:
        """All migrants present."""
        self._begin()
        return Migrants(self.state)

    @property
    def ngos(self) -> list[Ngo]:
        """The NGOs there are, by place."""
        self._begin()
        return list(self._ngo_agents.values())

    @property
    def ledger(self) -> Ledger:
        """What has been observed so far."""
        return self.state.ledger

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            begin(self.state)
            self._meet_ngos()

    def step(self) -> None:
        """One month passes; after the last one `running` is False."""
        started = time.perf_counter()
        self._begin()
        pass_month(self.state)
        if self.state.ngos_changed:
            self._meet_ngos()
            self.state.ngos_changed = False
        self.running = self.state.month < self.run_scenario.months
        self.timing["model_seconds"] += time.perf_counter() - started
        self.timing["migrant_months"] += self.state.people_living()

    def run(self, progress: Progress | None = None) -> None:
        """All months that are left; `progress(months done, months in all, migrants)` after each."""
        while self.state.month < self.run_scenario.months:
            self.step()
            if progress is not None:
                progress(self.state.month, self.run_scenario.months, self.state.people_living())

    def release(self) -> None:
        """Give the migrants' memory back, once a run is over and its ledger is all that is wanted.

        (Mesa before 3.4.2 keeps every model alive for as long as the process lives.)
        """
        self.state.migrants = self.state.migrants[:0].copy()
        self.state.used = 0

    def _meet_ngos(self) -> None:
        """Mesa agents for the NGOs founded, none for those that have closed."""
        present = {int(identity): row for row, identity in enumerate(self.state.ngos["identity"])}
        for identity in set(self._ngo_agents) - set(present):
            self._ngo_agents.pop(identity).remove()
        self._ngo_agents = {
            identity: self._ngo_agents.get(identity) or Ngo(self, identity) for identity in present
        }
        for identity, row in present.items():
            self._ngo_agents[identity].row = row
