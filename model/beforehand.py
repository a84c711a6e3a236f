"""What would stop a run in one of its months, found before the first: chances that add up to more than one a month, and
memory that this computer has not got.

Every stage of the timeline is looked at as the months look at it (thinning.py), with everything that moves during a
run at its worst: neighbours as tense and prejudiced, the state as watchful as they can be, and wages as the table of
places has them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.cities.hostility import MOST_PREJUDICE
from ..agents.classes import be_of_class
from ..agents.code_cache import cache_is_cold
from ..agents.crackdown import monthly_reduction
from ..agents.here import Here
from ..agents.labour import most_laid_off
from ..agents.life import EVENTS, total_chance
from ..agents.nation import set_enforcement
from ..agents.raiding import MOST_RAIDED
from ..agents.rows import Row
from ..agents.rule import interpreted
from ..scenarios.checks import get, put
from ..scenarios.errors import ScenarioError
from ..scenarios.schema import Parameters
from ..scenarios.settings import place_of
from .derived import sources_of
from .engine import engine_called, interpreted_engine
from .jobs import Employers
from .layout import layout_of
from .thinning import FIRSTS, Thinning, chance_on, extreme_places, is_excess
from .world import change_world, field_of, new_world

if TYPE_CHECKING:
    from ..scenarios import Scenario

# So many stages are looked at sooner rule by rule than the machine code is loaded.
FEW_STAGES = 50
_WELCOME = 2.0  # as many times the usual arrivals as come in the best of times
_NATION = ("perception", "apprehension", "risk")


def check_beforehand(scenario: Scenario, *, runs_next: bool = False) -> None:
    """Errors: ScenarioError, with file, line and date where one is to blame, for a run that could not end.

    `runs_next`: machine code that is at hand will be loaded anyway, and looks in a moment.
    """
    check_memory(scenario)
    check_chances(scenario, engine_called("compiled") if runs_next and not cache_is_cold() else None)


def check_memory(scenario: Scenario) -> None:
    """Errors: ScenarioError if the people at the start, and who arrives in a month, take more memory than there is."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    scale = scenario.parameters.scale
    doors = scenario.parameters.doors.values()
    stages = [stage for month, stage in scenario.regimes if month < scenario.months]
    arrivals = max(_WELCOME * sum(door.arrivals for door in stage.doors.values()) for stage in stages)
    people = (sum(door.initial for door in doors) + arrivals) * scale.share
    layout = layout_of(scenario.parameters, len(scenario.places.code))
    needed = people / scale.persons_per_record * layout.migrant.itemsize
    if needed > memory:
        raise ScenarioError(
            f"{people:,.0f} migrants at the start and in a month take {needed / 1e9:,.0f} GB of memory, and this "
            f"computer has {memory / 1e9:,.0f} GB",
            hint="raise scale.persons_per_record, so that each record stands for more of them",
        )


def check_chances(scenario: Scenario, call: Callable[..., Any] | None = None) -> None:
    """Errors: ScenarioError, with file, line and date, if chances add up to more than one in any month of the run.

    `call`: an engine's way to call a kernel, where the run has one.
    """
    stages = [stage for stage in scenario.regimes if stage[0] < scenario.months]
    worst = _Worst(scenario)
    if call is None:
        call = engine_called("compiled" if len(stages) > FEW_STAGES else "interpreted")
    changed: dict[int, list[str]] = {}
    for change in scenario.timeline:
        changed.setdefault(change.month, []).append(change.path)
    by_rule = call is interpreted_engine
    find = worst.excess if by_rule else _ByKernel(call, scenario.parameters, worst).excess
    for month, parameters in stages:
        if found := find(parameters, changed.get(month, ())):
            raise _Excess(scenario, worst, month, *found).error()


class _Worst:
    """What may happen to anybody at worst, by door and slot of a month's random bytes."""

    def __init__(self, scenario: Scenario) -> None:
        self.layout = layout_of(scenario.parameters, len(scenario.places.code))
        self.wages = _usual_wages(scenario)
        self.ruthless = Employers(scenario.parameters, scenario.places).most_ruthless(scenario.parameters)
        self.doors = len(scenario.parameters.doors)
        # Slot -> fields of the world that its chances look at, what they held, and the chances by door.
        self._known: dict[int, tuple[list[str], list[Any], list[float]]] = {}

    def excess(self, parameters: Parameters, _: Iterable[str]) -> tuple[int, int, float] | None:
        """Door, slot and chance of the highest that is too high to be drawn, if any is: found rule by rule.

        Slots whose chances look at nothing that has changed since the stage before are not asked again.
        """
        array = _worst_world(parameters, self.wages)
        found = []
        for slot in total_chance:
            fields, held, chances = self._known.get(slot, ([], [], []))
            if not chances or held != [array[field].tolist() for field in fields]:
                read: set[str] = set()
                chances = [self.chance(array, parameters, door, slot, read) for door in range(self.doors)]
                fields = sorted(read)
                self._known[slot] = fields, [array[field].tolist() for field in fields], chances
            found += [(chance, door, slot) for door, chance in enumerate(chances)]
        chance, door, slot = max(found)
        return (door, slot, chance) if interpreted(is_excess)(chance) else None

    def chance(
        self, array: np.ndarray, parameters: Parameters, door: int, slot: int, read: set[str] | None = None
    ) -> float:
        """The most that the chances on a slot come to; the fields of the world they look at go to `read`."""
        world = _Watched(Row(array, 0), set() if read is None else read)
        extremes = self.places(parameters)
        someone = Row(np.zeros(1, self.layout.migrant), 0)
        kinds = self.layout.place, self.layout.region, self.layout.nation, self.layout.log
        others = [Row(np.zeros(1, kind), 0) for kind in kinds]
        most = 0.0
        for number in FIRSTS[slot][FIRSTS[slot] >= 0]:
            interpreted(be_of_class)(someone, world, door, int(number))
            for city in range(len(extremes)):
                here = Here(world, Row(extremes, city), *others)
                most = max(most, float(interpreted(chance_on)(slot, someone, here)))
        return most

    def places(self, parameters: Parameters) -> np.ndarray:
        """Two municipalities (2,), as bad as any can become."""
        extremes = extreme_places(parameters, self.layout.municipality)
        extremes["ruthless"] = np.max(self.ruthless)
        extremes["tension"], extremes["prejudice"] = 1.0, MOST_PREJUDICE
        extremes["raid"] = MOST_RAIDED if parameters.enforcement.raids > 0.0 else 0.0
        return extremes


class _ByKernel:
    """The same by the machine code of the months. Of each stage only what it changes is written."""

    def __init__(self, call: Callable[..., Any], parameters: Parameters, worst: _Worst) -> None:
        self._world = _worst_world(parameters, worst.wages)
        self._worst = worst
        self._thinning = Thinning(call, parameters, worst.layout)

    def excess(self, parameters: Parameters, changed: Iterable[str]) -> tuple[int, int, float] | None:
        """Door, slot and chance of the highest that is too high to be drawn, if any is."""
        change_world(self._world, parameters, changed)
        _worsen(self._world, parameters)
        try:
            self._thinning.set_bounds(self._world, self._worst.places(parameters))
        except ScenarioError:
            bounds = self._thinning.bounds.max(axis=1)
            door, slot = divmod(int(bounds.argmax()), bounds.shape[1])
            return door, slot, float(bounds[door, slot])
        return None


def _usual_wages(scenario: Scenario) -> float:
    """Fiscal strength where the jobs are, as the months work it out (month.lay_out_destinations)."""
    foreign = scenario.places.foreign_residents
    return float((foreign * scenario.places.fiscal_strength).sum() / max(1.0, foreign.sum()))


def _worst_world(parameters: Parameters, wages: float) -> np.ndarray:
    """A world array (1,) of these parameters, as bad as it can become."""
    world = new_world(parameters)
    world["usual_wages"] = wages
    world["offered"] = 1.0
    world["phone_kinds"] = (1 << len(parameters.ngo_kinds)) - 1
    _worsen(world, parameters)
    return world


def _worsen(world: np.ndarray, parameters: Parameters) -> None:
    """What the state does when the public fears crime most."""
    nation = np.zeros(1, [(name, float) for name in (*_NATION, "cracks_down")])
    nation["perception"] = nation["cracks_down"] = 1.0
    enforcement = parameters.enforcement
    reduction = monthly_reduction(enforcement.halve_in, enforcement.answers_in)
    interpreted(set_enforcement)(Row(nation, 0), Row(world, 0), reduction)
    world["laid_off"] = interpreted(most_laid_off)(Row(world, 0))
    for name in _NATION:
        world[name] = nation[name]


@dataclass(frozen=True)
class _Excess:
    """Chances of somebody of a door, on a slot, that add up to more than one a month from a month on."""

    scenario: Scenario
    worst: _Worst
    month: int
    door: int
    slot: int
    chance: float

    def error(self) -> ScenarioError:
        """The mistake, at the line that does most to bring it about."""
        since = f"from {self.scenario.date(self.month)} on, " if self.month else ""
        whose, hint = self._door, next(event.hint for event in EVENTS if event.slot == self.slot)
        message = f"{since}the chances of {whose} from {hint} can add up to {self.chance:.2f} a month"
        _, where, what = min(self._causes(), key=lambda cause: cause[0], default=(0.0, "", "one of them"))
        file, line = place_of(where)
        return ScenarioError(f"{message}, but must stay below 1", file=file, line=line, hint=f"lower {what}")

    @property
    def _door(self) -> str:
        return self.scenario.parameters.doors.names[self.door]

    def _causes(self) -> Iterator[tuple[float, str, str]]:
        """Values set in this month that matter: the chances without one, where it stands, what it is called."""
        scenario, worst = self.scenario, self.worst
        parameters = scenario.parameters_at(self.month)
        read: set[str] = set()
        worst.chance(_worst_world(parameters, worst.wages), parameters, self.door, self.slot, read)
        if self.month:
            before = scenario.parameters_at(self.month - 1).model_dump()
            given = {change.path: change.where for change in scenario.timeline if change.month == self.month}
        else:
            given = {path: where for path, where in scenario.layers.items() if where != "default"}
        read = sources_of(read)
        for path, where in given.items():
            value = get(parameters.model_dump(), path)
            of_other_door = path.startswith("doors.") and path.split(".")[1] != self._door
            if field_of(path) in read and not of_other_door and not isinstance(value, str):
                other = get(before, path) if self.month else scenario.index.parameters[path].default
                yield self._chance_with(parameters, worst.wages, path, other), where, f"{path} ({value:g})"
        if "usual_wages" in read:
            table, wages = scenario.places_name, f"{worst.wages:,.4g} on average where foreigners live"
            without = self._chance_with(parameters, 0.0)
            yield without, table, f"fiscal_strength in {table} ({wages})"

    def _chance_with(self, parameters: Parameters, wages: float, path: str = "", value: Any = None) -> float:
        values = parameters.model_dump()
        if path:
            put(values, path, value)
        changed = Parameters.model_validate(values)
        return self.worst.chance(_worst_world(changed, wages), changed, self.door, self.slot)


class _Watched:
    """A record that remembers which of its fields were read."""

    def __init__(self, record: Row, read: set[str]) -> None:
        self._record, self._read = record, read

    def __getattr__(self, name: str) -> Any:
        self._read.add(name)
        return getattr(self._record, name)
