"""The one place where a parameter is declared."""

from __future__ import annotations

from pydantic import Field

from .cities import City, Services
from .migrants import Awareness, Belonging, Claiming, Moving, Settling, Stories
from .needs import Needs
from .ngos import NgoKinds, Ngos
from .parameter import KeyedSection, Leaf, Section, leaves, parameter, values_by_path
from .policy import Language, Policy, Public, Voice
from .state import Doors, Enforcement, Fear, Labour, Scale, Status


class Parameters(Section):
    """All parameters of a run."""

    scale: Scale = Field(default_factory=Scale)
    doors: Doors = Field(default_factory=Doors)
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
    needs: Needs = Field(default_factory=Needs)
    awareness: Awareness = Field(default_factory=Awareness)
    claiming: Claiming = Field(default_factory=Claiming)
    settling: Settling = Field(default_factory=Settling)
    belonging: Belonging = Field(default_factory=Belonging)
    moving: Moving = Field(default_factory=Moving)
    language: Language = Field(default_factory=Language)
    stories: Stories = Field(default_factory=Stories)


__all__ = ["KeyedSection", "Leaf", "Parameters", "Section", "leaves", "parameter", "values_by_path"]
