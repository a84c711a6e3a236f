"""The one place where a parameter is declared."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from .cities import City
from .doors import Doors
from .entries import KeyedSection
from .informal import Informal
from .migrants import Awareness, Belonging, Claiming, Moving, Settling, Stories
from .needs import Need, Needs
from .ngo_kinds import NgoKinds
from .ngos import Ngos
from .parameter import ParameterInfo, Section, full_label, iter_parameters, parts, values_by_path, what_it_is
from .policy import Language, Policy, Public, Voice
from .prior import Prior, prior_of
from .services import Services
from .state import Enforcement, Fear, Labour, Scale, Status
from .trades import Trades


class Parameters(Section):
    """All parameters of a run."""

    scale: Scale = Field(default_factory=Scale)
    doors: Doors = Field(default_factory=Doors)
    trades: Trades = Field(default_factory=Trades)
    labour: Labour = Field(default_factory=Labour)
    status: Status = Field(default_factory=Status)
    enforcement: Enforcement = Field(default_factory=Enforcement)
    fear: Fear = Field(default_factory=Fear)
    policy: Policy = Field(default_factory=Policy)
    public: Public = Field(default_factory=Public)
    services: Services = Field(default_factory=Services)
    city: City = Field(default_factory=City)
    ngos: Ngos = Field(default_factory=Ngos)
    ngo_kinds: NgoKinds = Field(default_factory=NgoKinds)
    voice: Voice = Field(default_factory=Voice)
    informal: Informal = Field(default_factory=Informal)
    needs: Needs = Field(default_factory=Needs)
    awareness: Awareness = Field(default_factory=Awareness)
    claiming: Claiming = Field(default_factory=Claiming)
    settling: Settling = Field(default_factory=Settling)
    belonging: Belonging = Field(default_factory=Belonging)
    moving: Moving = Field(default_factory=Moving)
    language: Language = Field(default_factory=Language)
    stories: Stories = Field(default_factory=Stories)

    @model_validator(mode="after")
    def _name_entries_there_are(self) -> Parameters:
        keyed = dict(self.keyed())
        for section, entries in keyed.items():
            for field, named in entries.naming().items():
                for called, entry in entries.items():
                    said = getattr(entry, field)
                    for name in said if isinstance(said, tuple) else (said,):
                        if name not in keyed[named]:
                            what = f"there is no such {keyed[named].one}"
                            raise ValueError(f"{section}.{called}.{field} holds {name!r}, but {what}")
        return self

    def keyed(self) -> Iterator[tuple[str, KeyedSection]]:
        """The sections of entries, by name."""
        yield from ((name, each) for name, each in parts(self) if isinstance(each, KeyedSection))

    def counts(self) -> dict[str, int]:
        """How many entries each of these sections has."""
        return {name: len(section) for name, section in self.keyed()}


SHIPPED = Parameters()
ENTRY_SECTIONS = tuple(name for name, _ in SHIPPED.keyed())

__all__ = [
    "ENTRY_SECTIONS",
    "SHIPPED",
    "KeyedSection",
    "Need",
    "ParameterInfo",
    "Parameters",
    "Prior",
    "full_label",
    "iter_parameters",
    "parts",
    "prior_of",
    "values_by_path",
    "what_it_is",
]
