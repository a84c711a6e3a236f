"""What a run remembers of its table of places: whether these may be towns that exist, and how they are mapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..scenarios.languages import later
from ..scenarios.places_shipped import SHIPPED

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from .run import Run

# Said of every run whose places may be towns that exist.
NO_ESTIMATE = "no estimate for any real town"
NOBODYS = later(
    "A simulated life: nobody lived it. Where its towns exist, nothing in it is an estimate for them."
)
# What ranks and shames: shown of towns that exist only to whoever asks for it, with the warning.
SENSITIVE = ("unauthorised", "tension")
WARNING = (
    "People are simulated. To order or colour towns that exist by unauthorised people or by hostility is to point "
    "at them with numbers that nobody counted there."
)


@dataclass(frozen=True)
class PlacesInfo:
    """`table`: its name; `synthetic`: whether its municipalities are drawn (None: not known); `named`: whether they may
    exist; `outlines`, `credit`, `language`: as `scenarios.places_shipped.TableInfo` has them."""

    table: str = ""
    synthetic: bool | None = None
    named: bool = False
    outlines: str = ""
    credit: str = ""
    language: str = ""


UNKNOWN = PlacesInfo()


def info_of_scenario(scenario: Scenario) -> PlacesInfo:
    """What a run of this scenario is to remember."""
    places, about = scenario.places, scenario.places.about
    return PlacesInfo(
        scenario.places_name, places.synthetic, places.named, about.outlines, about.credit, about.language
    )


def remembered(info: PlacesInfo) -> dict[str, Any]:
    """The same for a manifest."""
    return asdict(info)


def places_info(run: Run) -> PlacesInfo:
    """What a run remembers; of one that was made before, or elsewhere, as far as it does and makes sense here."""
    kept = run.manifest.get("places")
    if not isinstance(kept, Mapping):
        return UNKNOWN
    usual = asdict(UNKNOWN) | {"synthetic": True}
    sound = {name: kept[name] for name, value in usual.items() if isinstance(kept.get(name), type(value))}
    if sound.get("outlines") not in {about.outlines for about in SHIPPED.values()}:
        sound["outlines"] = ""
    return PlacesInfo(**sound)
