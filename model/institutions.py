"""Municipalities, NGOs and the nation as Mesa agents whose properties read their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from ..agents.ngo import NGO

if TYPE_CHECKING:
    from .citizenship import LocalCitizenship


class Nation(mesa.Agent):
    """The state: enforcement and labour demand."""

    model: LocalCitizenship

    @property
    def apprehension(self) -> float:
        """Chance a month that an overstayer is apprehended."""
        return float(self.model.state.nation["apprehension"][0])

    @property
    def demand(self) -> float:
        """Labour demand, 1 in a boom."""
        return float(self.model.state.nation["demand"][0])


class Municipality(mesa.Agent):
    """One municipality; every field of the record is an attribute (`fiscal_strength`, `level`, `migrants` ...)."""

    model: LocalCitizenship

    def __init__(self, model: LocalCitizenship, row: int) -> None:
        super().__init__(model)
        self.row = row

    def __getattr__(self, name: str) -> Any:
        if name in (self.model.state.layout.municipality.names or ()):
            value = self.model.state.cities[name][self.row]
            return value.copy() if value.ndim else value.item()
        raise AttributeError(f"a municipality has no {name!r}")

    @property
    def name(self) -> str:
        """Its name."""
        return self.model.run_scenario.places.name[self.row]

    @property
    def services(self) -> dict[str, float]:
        """Level of each service, 0 to 1."""
        return dict(zip(self.model.state.parameters.services, self.level.tolist(), strict=True))


class Ngo(mesa.Agent):
    """One NGO; every field of the record is an attribute (`staff`, `funds`, `capacity` ...)."""

    model: LocalCitizenship

    def __init__(self, model: LocalCitizenship, identity: int) -> None:
        super().__init__(model)
        self.identity = identity
        self.row = -1

    def __getattr__(self, name: str) -> Any:
        if name in (NGO.names or ()):
            return self.model.state.ngos[name][self.row].item()
        raise AttributeError(f"an NGO has no {name!r}")

    @property
    def kind(self) -> str:
        """Which of the kinds of NGO."""
        return self.model.state.parameters.ngo_kinds.names[int(self.model.state.ngos["kind"][self.row])]
