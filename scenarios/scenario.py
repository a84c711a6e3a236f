"""A scenario that can be run: every value settled, and known where it came from."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .checks import ParameterIndex, index_of, put
from .counted import Counted
from .errors import is_one_slip_away
from .places_shipped import SHIPPED as SHIPPED_TABLES
from .schema import SHIPPED, Parameters, values_by_path
from .schema.entries import DROP
from .settings import month_text, place_of
from .timeline import Change

if TYPE_CHECKING:
    from .places import Places


FAR_BEYOND = 60  # months after the last dated change in which a run says nothing of real years any more
SMALL_PART = 0.05  # of a country


@dataclass(frozen=True, eq=False)
class Scenario:
    """What a run is made of.

    `start` is the first month ("1990-01"), `months` the length, `places_name` the table as the scenario
    names it. `timeline` holds all dated changes by month (0 = start), those too late for this run included.
    `layers` and `sources` have every parameter's path, but for those that only say how an entry is shown: where
    its value at the start came from ("default", "japan.yaml:12", "--set"), and what vouches for it (a citation,
    "fitted to ...", or an assumption).
    `setting_layers` has the same for start, months, seed, places and places_seed.
    """

    name: str
    title: str
    question: str
    start: str
    months: int
    seed: int
    places: Places
    places_name: str
    places_seed: int
    timeline: list[Change]
    layers: Mapping[str, str]
    setting_layers: Mapping[str, str]
    sources: Mapping[str, str]
    regimes: tuple[tuple[int, Parameters], ...]  # (month, what holds from it), by month, the first at 0
    observed: tuple[Counted, ...] = ()  # people who were counted, to be shown beside the run's own

    @property
    def parameters(self) -> Parameters:
        """The parameters of the first month, changes dated to the start included."""
        return self.regimes[0][1]

    def parameters_at(self, month: int) -> Parameters:
        """The parameters that hold in a month (0 = start). Errors: ValueError before the start."""
        if month < 0:
            raise ValueError(f"month {month} lies before the start")
        return self.regimes[bisect_right(self.regimes, month, key=lambda regime: regime[0]) - 1][1]

    def date(self, month: int) -> str:
        """The month's date: 0 -> "1990-01" where the run starts then."""
        year, first = self.start.split("-")
        return month_text(int(year) * 12 + int(first) - 1 + month)

    @cached_property
    def index(self) -> ParameterIndex:
        """What may be named of this scenario: all its parameters, those of added entries included."""
        return index_of(self.parameters)

    def __getstate__(self) -> dict[str, Any]:
        # The index is found again where the scenario arrives, sooner than it would be sent.
        return {name: value for name, value in vars(self).items() if name != "index"}

    @property
    def unused_changes(self) -> list[Change]:
        """The dated changes that this run ends before."""
        return [change for change in self.timeline if change.month >= self.months]

    @property
    def never_offered(self) -> list[str]:
        """The services that no place offers at the start, where cities decide nothing that would bring them."""
        if any(parameters.city.pace > 0.0 for _, parameters in self.regimes) or not self.places.has_level:
            return []
        best = self.places.level.max(axis=0)
        return [name for name, level in zip(self.parameters.services, best, strict=True) if level <= 0.0]

    @property
    def odd_groups(self) -> list[tuple[str, str, str]]:
        """Doors whose group no other door has, and is one slip of the pen away from one: door, group, that one."""
        doors = self.parameters.doors.items()
        groups = [door.group for _, door in doors]
        found = []
        for name, door in doors:
            others = {each for each in groups if is_one_slip_away(door.group, each)}
            if door.group != name and groups.count(door.group) == 1 and others:
                found.append((name, door.group, min(others)))
        return found

    @property
    def beyond_its_dates(self) -> int | None:
        """The month of the last dated change, if the run goes on for FAR_BEYOND months after it; else None."""
        last = max((change.month for change in self.timeline if change.month < self.months), default=None)
        return last if last is not None and self.months - 1 - last > FAR_BEYOND else None

    @property
    def is_small_part(self) -> bool:
        """Whether it is so small a part of a country that what it does for all of it hardly counts."""
        voice, ngos = self.parameters.voice, self.parameters.ngos
        return (
            ngos.enabled
            and self.parameters.scale.share < SMALL_PART
            and (voice.cases > 0.0 or voice.state > 0.0)
        )

    @property
    def cracks_down_by_luck(self) -> bool:
        """Whether so small a part of a country decides, by the raids and arrests that happen to fall in it, on a
        crackdown of the state."""
        return self.parameters.scale.share < SMALL_PART and self.parameters.enforcement.borne < 1.0

    @property
    def people_at_start(self) -> float:
        """People of all doors who are here when the run begins."""
        parameters = self.parameters
        return parameters.scale.share * sum(door.initial for door in parameters.doors.values())

    def arrivals_by_year(self) -> dict[int, float]:
        """Year -> people a year who would come through all doors, as far as the state lets them; by whole years of the
        run's own, the first and the last as if they were whole."""
        first = self.start.split("-")
        begin = int(first[0]) * 12 + int(first[1]) - 1
        months: dict[int, list[float]] = {}
        for month in range(self.months):
            parameters = self.parameters_at(month)
            come = parameters.scale.share * sum(door.arrivals for door in parameters.doors.values())
            months.setdefault((begin + month) // 12, []).append(come)
        return {year: 12 * sum(each) / len(each) for year, each in months.items()}

    @property
    def borrowed(self) -> tuple[int, int, int]:
        """Of a scenario with a table of its own: values and dated changes that it takes over from Japan's, and values
        at their default, which were set with Japan in mind. None where its places come with the package."""
        if self.places_name in SHIPPED_TABLES:
            return 0, 0, 0
        own = {f"{self.name}.yaml", f"{self.name}.yml", "--set", "default"}
        files = [place_of(layer)[0] or layer for layer in self.layers.values()]
        dated = [place_of(change.where)[0] or change.where for change in self.timeline]
        theirs = {"japan.yaml", "japan-sample.yaml", "japan-drawn.yaml"} - own
        return (
            sum(each in theirs for each in files),
            sum(each in theirs for each in dated),
            files.count("default"),
        )

    @property
    def overtaken_sets(self) -> list[Change]:
        """The dated changes, during this run, of parameters that --set gave a value at the start."""
        return [
            change
            for change in self.timeline
            if change.month < self.months and self.layers[change.path] == "--set"
        ]

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hex, of all that can change a result; not of titles, nor of where a value came from."""
        matter = {
            "start": self.start,
            "months": self.months,
            "seed": self.seed,
            "places": self.places.fingerprint,
            "parameters": values_by_path(self.parameters, with_presentation=False),
            "timeline": [
                [change.month, change.path, change.value]
                for change in self.timeline
                if 0 < change.month < self.months
            ],
        }
        canonical = json.dumps(matter, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def resolved(self) -> dict[str, Any]:
        """The scenario as one file without `extends`: all values, sources and layers, ready to be written.

        Written as YAML it can be loaded and gives the same run, if the table of places is still to be found.
        """
        parameters = self.parameters.model_dump(mode="json")
        for section, entries in self.parameters.keyed():
            dropped = [name for name in getattr(SHIPPED, section).names if name not in entries]
            parameters[section] |= dict.fromkeys(dropped, DROP)
        timeline: dict[int, dict[str, Any]] = {}
        for change in self.timeline:
            if change.month > 0:
                entry = timeline.setdefault(change.month, {"from": self.date(change.month)})
                _put_new(entry, change.path, change.value)
        return {
            "title": self.title,
            **({"question": self.question} if self.question else {}),
            "start": self.start,
            "months": self.months,
            "seed": self.seed,
            "places": self.places_name,
            "places_seed": self.places_seed,
            **parameters,
            **({"timeline": list(timeline.values())} if timeline else {}),
            **({"observed": [each.plain() for each in self.observed]} if self.observed else {}),
            "sources": dict(self.sources),
            "layers": {**self.setting_layers, **self.layers},
        }


def regimes_of(values: dict[str, Any], timeline: list[Change]) -> tuple[tuple[int, Parameters], ...]:
    """The parameters that hold from each month at which something changes, by month, the first at 0.

    `values`: complete and sound, before any change; it is not changed. `timeline`: by month.
    """
    now = Parameters.model_validate(values)
    regimes = {0: now}
    values = now.model_dump()
    for month, changes in groupby(timeline, key=lambda change: change.month):
        touched = {}
        for change in changes:
            put(values, change.path, change.value)
            section = change.path.partition(".")[0]
            touched[section] = type(getattr(now, section))
        # The other sections are shared with the months before: a long timeline takes neither time nor room.
        changed = {name: section.model_validate(values[name]) for name, section in touched.items()}
        regimes[month] = now = now.model_copy(update=changed)
    return tuple(regimes.items())


def _put_new(values: dict[str, Any], path: str, value: Any) -> None:
    *heads, last = path.split(".")
    for part in heads:
        values = values.setdefault(part, {})
    values[last] = value
