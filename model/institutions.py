"""Municipalities, NGOs and the nation as Mesa agents whose properties read their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa

from .schedule import jobs_offered

if TYPE_CHECKING:
    from .citizenship import LocalCitizenship


class _Recorded(mesa.Agent):
    """An agent of which every field of its record is an attribute."""

    model: LocalCitizenship
    called: ClassVar[str]
    records: ClassVar[str]  # which of the state's
    row = 0

    def __getattr__(self, name: str) -> Any:
        records = getattr(self.model.state, self.records)
        if name in records.dtype.names:
            value = records[name][self.row]
            return value.copy() if value.ndim else value.item()
        raise AttributeError(f"{self.called} has no {name!r}")


class Nation(_Recorded):
    """The state: `apprehension`, the chance a month that an overstayer is apprehended, labour `demand`, 1 in a boom,
    and the other fields of its record."""

    called, records = "the nation", "nation"

    @property
    def demand(self) -> float:
        """Jobs that trades offer, as a share of a boom's."""
        return jobs_offered(self.model.state)


class Municipality(_Recorded):
    """One municipality: `fiscal_strength`, `level`, `migrants` and all other fields of its record."""

    called, records = "a municipality", "cities"

    def __init__(self, model: LocalCitizenship, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """Its name."""
        return self.model.run_scenario.places.name[self.row]

    @property
    def services(self) -> dict[str, float]:
        """Level of each service, 0 to 1."""
        return dict(zip(self.model.state.parameters.services, self.level.tolist(), strict=True))


class Ngo(_Recorded):
    """One NGO: `staff`, `funds`, `capacity` and all other fields of its record."""

    called, records = "an NGO", "ngos"

    def __init__(self, model: LocalCitizenship, identity: int) -> None:
        super().__init__(model)
        self.identity = identity

    @property
    def kind(self) -> str:
        """Which of the kinds of NGO."""
        return self.model.state.parameters.ngo_kinds.names[int(self.model.state.ngos["kind"][self.row])]
