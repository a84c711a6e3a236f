"""`LocalCitizenship`: the Mesa model."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import mesa

from .institutions import Municipality, Nation, Ngo
from .mesa_tools import HeadlineCollector, scenario_from, seed_from, sliders
from .population import Migrants
from .simulation import Simulation

if TYPE_CHECKING:
    from ..scenarios import Scenario

Progress = Callable[[int, int, int], None]


class LocalCitizenship(Simulation, mesa.Model):
    """Migrants move between municipalities of differing service levels and claim services, or do not.

    Args:
        scenario: a `Scenario`, or the name or path of one (which is then loaded).
        seed: the luck of the run, if not the scenario's own.
        rng: the same as Mesa passes it: a whole number, a SeedSequence or a Generator (see `seed_from`).
        engine: "compiled" (Numba), or "interpreted" (the same rules as plain Python, one migrant at a time).
        threads: how many threads share the migrants; results do not depend on it. If left out, as many as there are
            cores, or one in a process that was started beside others (see `usual_threads`).
        kwargs: parameters and settings as on the command line, `**{"fear.weight": 0}` or `fear__weight=0`,
            `months=24`; only for a scenario given by name or path.

    Errors: ScenarioError for a scenario or parameter that cannot be used; ValueError for any other argument.

    `step()` passes one month, `run()` all that are left; `migrants`, `municipalities`, `ngos`, `nation` are the
    agents, `ledger` what was observed. Municipalities, NGOs and the nation are Mesa agents in `model.agents`;
    migrants are records (see `model.migrants`), of which there may be a million.
    """

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike[str],
        *,
        seed: int | None = None,
        rng: Any = None,
        engine: str = "compiled",
        threads: int | None = None,
        **kwargs: Any,  # Mesa's SolaraViz looks for this very name
    ) -> None:
        settled = scenario_from(scenario, seed_from(seed, rng), kwargs)
        mesa.Model.__init__(self, rng=settled.seed)
        Simulation.__init__(self, settled, engine=engine, threads=threads)
        self.nation = Nation(self)
        self.municipalities = [Municipality(self, row) for row in range(len(self.state.cities))]
        self._ngo_agents: dict[int, Ngo] = {}
        self._collector: mesa.DataCollector | None = None

    @property
    def scenario(self) -> None:
        """None: Mesa 3.5 would hand a scenario of its own kind to the next model. Ours is `run_scenario`."""

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        pass

    @property
    def datacollector(self) -> mesa.DataCollector:
        """The headline outcomes of each month (see `HeadlineCollector`), or the collector that was put here."""
        if self._collector is None:
            self._collector = HeadlineCollector()
        if isinstance(self._collector, HeadlineCollector):
            self._collector.collect(self)
        return self._collector

    @datacollector.setter
    def datacollector(self, collector: mesa.DataCollector) -> None:
        self._collector = collector

    @staticmethod
    def model_params(scenario: str, *paths: str) -> dict[str, Any]:
        """What Mesa's SolaraViz takes as `model_params`: the scenario, its seed, and an input for each parameter.

        Errors: ScenarioError for a scenario or parameter that there is not.
        """
        return sliders(scenario, paths)

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

    def _begin(self) -> None:
        if not self._begun:
            super()._begin()
            self._meet_ngos()

    def step(self) -> None:
        """One month passes; after the last one `running` is False."""
        super().step()
        if self.state.ngos_changed:
            self._meet_ngos()
            self.state.ngos_changed = False
        self.running = self.state.month < self.run_scenario.months

    def run(self, progress: Progress | None = None) -> None:
        """All months that are left; `progress(months done, months in all, migrants)` after each."""
        while self.state.month < self.run_scenario.months:
            self.step()
            if progress is not None:
                progress(self.state.month, self.run_scenario.months, self.state.people_living())

    def release(self) -> None:
        """Give the migrants' memory back, once a run is over and its ledger is all that is wanted.

        Mesa 3.3 numbers agents in a register of the class Agent that holds every model ever made: the model is
        taken out of it, or it would stay in memory.
        """
        super().release()
        register = getattr(mesa.Agent, "_ids", None)
        if register is not None:
            register.pop(self, None)

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
