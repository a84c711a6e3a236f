"""A finished run: what was simulated, the tables it left, and how it was made."""

from __future__ import annotations

import importlib.metadata
import math
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pandas as pd

from ..model.columns import Columns, joined
from ..scenarios.languages import current
from ..scenarios.schema import values_by_path
from .dictionary import conform
from .entries import SHIPPED_ENTRIES, Entries, entries_of
from .places_info import info_of_scenario, remembered

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from ..scenarios import Scenario
    from .deciding import OverSeeds

T = TypeVar("T")
# A table of at most so many rows is read whole and kept: reading it in pieces would cost more than it spares.
SMALL_TABLE = 100_000
# What can change a table besides the scenario: recorded with every run.
RECORDED_VERSIONS = ("local-citizenship", "mesa", "numba", "numpy", "pandas", "pyarrow")


@dataclass(frozen=True)
class ScenarioInfo:
    """What a run needs to remember of its scenario.

    `parameters`: path -> value at the start of the run; `layers`: path -> where the value came from
    ("default", "japan.yaml:12", "--set"); `sources`: path -> citation, "assumption" or "fitted to ...".
    `timeline`: the dated changes, each with `month` (from 0), `date`, `path`, `value`, `where`.
    `observed`: people who were counted, each with `status`, `date`, `persons`, `source`.
    `resolved`: the scenario as a nested mapping that can be written as YAML, or None. `own_table`: the CSV file of its
    places, unless that comes with the package.
    """

    name: str
    seed: int
    start: str
    months: int
    title: str = ""
    question: str = ""
    hash: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    timeline: tuple[Mapping[str, Any], ...] = ()
    observed: tuple[Mapping[str, Any], ...] = ()
    resolved: Mapping[str, Any] | None = field(default=None, compare=False)
    own_table: bytes | None = field(default=None, compare=False, repr=False)


class Source(Protocol):
    """A large table that can be read by columns or in pieces (a CountTable of the ledger, a Parquet file)."""

    @property
    def columns(self) -> list[str]: ...

    def __len__(self) -> int: ...

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame: ...

    def pieces(self) -> Iterator[pd.DataFrame]: ...


Table = pd.DataFrame | Source


class NoTable(KeyError):
    """A run has no table of this name: it was made without, or its folder is damaged."""


class Tables(Mapping[str, pd.DataFrame]):
    """Tables by name, named columns as ordered categories.

    A table given as a `Source` is read when first asked for. Asked for whole, it is kept, and so is one of at
    most SMALL_TABLE rows; `some` and `pieces` spare the memory of a larger one. `entries`: whose names the
    categories are.
    """

    def __init__(self, tables: Mapping[str, Table], entries: Entries = SHIPPED_ENTRIES) -> None:
        self.entries, self._given = entries, dict(tables)
        self._ready: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._ready:
            given = self._of(name)
            table = given if isinstance(given, pd.DataFrame) else given.frame()
            self._ready[name] = conform(name, table, self.entries)
        return self._ready[name]

    def __contains__(self, name: object) -> bool:
        return name in self._given  # a Mapping would make the table to see

    def _of(self, name: str) -> Table:
        if name not in self._given:
            raise NoTable(f"no table {name!r} in this run")
        return self._given[name]

    def _kept(self, name: str) -> Table:
        """The table itself where it is kept, else its source."""
        given = self._of(name)
        here = isinstance(given, pd.DataFrame) or name in self._ready or len(given) <= SMALL_TABLE
        return self[name] if here else given

    def some(self, name: str, columns: list[str]) -> pd.DataFrame:
        """Only these columns of a table. Errors: KeyError for a column it does not have."""
        kept = self._kept(name)
        if isinstance(kept, pd.DataFrame):
            return kept[columns]
        if missing := [column for column in columns if column not in kept.columns]:
            raise KeyError(missing[0])
        return conform(name, kept.frame(columns), self.entries, whole=False)

    def pieces(self, name: str, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
        """A table, or some of its columns, piece by piece, none of which is kept; a small one is one piece."""
        kept = self._kept(name)
        whole = columns is None
        for piece in [kept] if isinstance(kept, pd.DataFrame) else kept.pieces():
            some = piece if columns is None else piece[columns]
            yield some if piece is kept else conform(name, some, self.entries, whole=whole)

    def arrays(self, name: str, columns: Sequence[str]) -> Iterator[Columns]:
        """Some columns of a table as arrays, piece by piece. Errors: KeyError."""
        given: Any = self._of(name)
        if hasattr(given, "arrays") and len(given):
            yield from given.arrays(columns)
        else:
            for piece in self.pieces(name, list(columns)):
                yield Columns.of(piece)

    def columns(self, name: str) -> list[str]:
        """Names of a table's columns."""
        given = self._of(name)
        whole = isinstance(given, pd.DataFrame) or not len(given)  # an empty one may not know its columns
        return [str(c) for c in (self[name].columns if whole else given.columns)]

    def rows(self, name: str) -> int:
        """Number of a table's rows."""
        return len(self._of(name))

    def replaced(self, **tables: Table) -> Tables:
        """These tables with some put in place of those of their name, or added; shared, not copied."""
        result = Tables({**self._given, **tables}, self.entries)
        result._ready = {name: table for name, table in self._ready.items() if name not in tables}
        return result

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


class Run:
    """One finished run: scenario, tables, manifest.

    Made by `simulate(scenario)`, by `load_run(folder)` from disk, or by `Run.from_model(model)`. Measures and
    figures are functions of a run; they must not change its tables. `entries`: its services, needs, doors,
    kinds of NGO and trades. What its `scenario` says first is at hand: `scenario_name`, `title`, `question`, `seed`,
    `start` (the first month, "1990-01"), `months` (simulated), `parameters` (path -> value at the start), and
    `timeline` (the dated changes of parameters, in order).
    """

    def __init__(
        self,
        scenario: ScenarioInfo | Scenario,
        tables: Mapping[str, Table],
        manifest: Mapping[str, Any] | None = None,
        months: int | None = None,
    ) -> None:
        """`months`: those simulated, if the run ended before the scenario does."""
        self._scenario = scenario
        self.scenario_name, self.title, self.question = scenario.name, scenario.title, scenario.question
        self.seed, self.start = scenario.seed, scenario.start
        self.months = scenario.months if months is None else months
        if isinstance(tables, Tables):
            self._entries, self.tables = tables.entries, tables
        else:
            self._entries = entries_of(scenario.parameters)
            self.tables = Tables(tables, self._entries)
        self._spoken: dict[str, Entries] = {}
        self.manifest: dict[str, Any] = dict(manifest or {})
        self._made: dict[str, Any] = {}
        self.over_seeds: OverSeeds | None = None  # of its figures, where it was run under further seeds

    @property
    def entries(self) -> Entries:
        """Services, needs, doors, kinds of NGO and trades, called as in the language that is spoken."""
        code = current().code
        if code not in self._spoken:
            self._spoken[code] = self._entries.spoken()
        return self._spoken[code]

    @classmethod
    def from_model(cls, model: Any) -> Run:
        """What is left of a model that has run (a LocalCitizenship); tables are the
        ledger's as of now, so that the model may go on."""
        scenario = model.run_scenario
        timing = dict(getattr(model, "timing", None) or {})
        places = remembered(info_of_scenario(scenario))
        about = {"versions": versions(), "timing": with_speed(timing), "places": places}
        tables = {**model.ledger.sources(), **told_of_places(model)}
        return cls(scenario, tables, about, getattr(model, "month", None))

    @cached_property
    def scenario(self) -> ScenarioInfo:
        """What is remembered of its scenario."""
        given = self._scenario
        return given if isinstance(given, ScenarioInfo) else scenario_info(given, self.months)

    @property
    def scenario_hash(self) -> str:
        """What tells its scenario, seed and length from all others, without all that `scenario` remembers."""
        return self._scenario.hash

    @property
    def layers(self) -> Mapping[str, str]:
        """Path -> where its value was given: "--set", a file and line, or "default"."""
        return self._scenario.layers

    @property
    def counted(self) -> tuple[Mapping[str, Any], ...]:
        """People who were counted in the real country, as the scenario says under `observed`."""
        return _counted_of(self._scenario)

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """Path -> value at the start."""
        return _values_of(self._scenario)

    @cached_property
    def timeline(self) -> tuple[Mapping[str, Any], ...]:
        """The dated changes of parameters, in order."""
        return _timeline_of(self._scenario)

    def table(
        self, name: str, *, by: str | None = None, years: Any = None, groups: Sequence[str] = ()
    ) -> pd.DataFrame:
        """The ledger's table of this name; or the values of a measure (`E3.served_of_needs`), a row a year and group:
        year, id, measure, by, group, label, value, unit.

        Of a measure, `by` is what to divide it by ("status"), `years` are 2004, (1995, 2009) or "1995-2009", and
        `groups` those wanted. Errors: KeyError naming the tables there are; AskedError for what a measure can't tell.
        """
        if name in self.tables:
            return self.tables[name]
        if "." not in name and by is None and years is None and not groups:
            raise NoTable(f"no table {name!r} in this run; there are {', '.join(sorted(self.tables))}")
        from .asked.question import ask
        from .asked.values import tidy

        return tidy(self, ask(name, by, years, groups, self.entries))

    def plot(
        self,
        measure: str,
        *,
        by: str | None = None,
        kind: str | None = None,
        years: Any = None,
        groups: Sequence[str] = (),
        against: Sequence[Run] = (),
        observed: str | Path | pd.DataFrame | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """A chart of a measure: `run.plot("E3.served_of_needs", by="status", years=(1995, 2009))`.

        `kind`: "line", "bar", "map" or "heat"; what suits, if left out. `against`: further runs; those that differ by
        their seeds alone have their mean drawn, and a band. `observed`: a CSV file or a data frame (year, value, and
        group where there are groups) on top. `ax`: axes of one's own to draw into; without, the chart has a page with
        title and source, whose figure is the `.figure` of the axes returned. Errors: AskedError, in one sentence, for
        what can't be told or drawn.
        """
        from .asked.drawing import plot

        return plot(
            [self, *against], measure, by=by, kind=kind, years=years, groups=groups, observed=observed, ax=ax
        )

    def columns_of(self, name: str, columns: list[str]) -> pd.DataFrame:
        """Only these columns of a table: a large one is then not read whole. Errors: KeyError."""
        return self.tables.some(name, columns)

    def arrays_of(self, name: str, columns: Sequence[str]) -> Columns:
        """The same as arrays, which must not be changed. Errors: KeyError."""
        return joined(self.tables.arrays(name, columns))

    def cached(self, name: str, make: Callable[[Run], T]) -> T:
        """What `make` makes of this run, kept under `name` for whoever asks next; not to be changed."""
        if name not in self._made:
            self._made[name] = make(self)
        found: T = self._made[name]
        return found

    @property
    def persons_per_record(self) -> int:
        """How many people a simulated migrant stands for."""
        return int(self.parameters.get("scale.persons_per_record", 1))

    def date(self, month: int) -> str:
        """Month by its index from the start -> "1994-05"."""
        return date_of(self.start, int(month))

    def part(self, **tables: Table) -> Run:
        """A run of these tables alone, of the same scenario and entries."""
        return Run(self._scenario, Tables(tables, self._entries), months=self.months)

    def replaced(self, **tables: Table) -> Run:
        """The same run with some tables put in place of its own, or added."""
        run = Run(self._scenario, self.tables.replaced(**tables), self.manifest, self.months)
        run.over_seeds = self.over_seeds
        return run

    def parameter_at(self, path: str, month: int) -> Any:
        """Value of a parameter during a month, the timeline's changes included. Errors: KeyError."""
        value = self.parameters[path]
        for change in self.timeline:
            if change["path"] == path and change["month"] <= month:
                value = change["value"]
        return value

    def __repr__(self) -> str:
        return f"Run({self.scenario_name!r}, seed={self.seed}, start={self.start!r}, months={self.months})"


def date_of(start: str, month: int) -> str:
    """Month index from `start` ("1990-01") -> "1994-05"; negative indices lie before the start."""
    year, first = (int(part) for part in start.split("-")[:2])
    years, rest = divmod(first - 1 + month, 12)
    return f"{year + years:04d}-{rest + 1:02d}"


def _values_of(scenario: ScenarioInfo | Scenario) -> Mapping[str, Any]:
    """Path -> value at the start."""
    if isinstance(scenario, ScenarioInfo):
        return scenario.parameters
    return values_by_path(scenario.parameters)


def _timeline_of(scenario: ScenarioInfo | Scenario) -> tuple[Mapping[str, Any], ...]:
    """The dated changes, as a ScenarioInfo has them."""
    if isinstance(scenario, ScenarioInfo):
        return scenario.timeline
    return tuple(
        {
            "month": int(change.month),
            "date": date_of(scenario.start, int(change.month)),
            "path": change.path,
            "value": change.value,
            "where": str(change.where),
        }
        for change in scenario.timeline
    )


def _counted_of(scenario: ScenarioInfo | Scenario) -> tuple[Mapping[str, Any], ...]:
    """Who was counted, as a ScenarioInfo has it."""
    if isinstance(scenario, ScenarioInfo):
        return scenario.observed
    return tuple(each.plain() for each in scenario.observed)


def scenario_info(scenario: Scenario, months: int | None = None) -> ScenarioInfo:
    """What to remember of a Scenario; `months` if the run ended before the scenario does."""
    return ScenarioInfo(
        name=scenario.name,
        seed=scenario.seed,
        start=scenario.start,
        months=scenario.months if months is None else months,
        title=scenario.title,
        question=scenario.question,
        hash=scenario.hash,
        parameters=_values_of(scenario),
        layers=dict(scenario.layers),
        sources=dict(scenario.sources),
        timeline=_timeline_of(scenario),
        observed=_counted_of(scenario),
        resolved=scenario.resolved(),
        own_table=getattr(scenario.places, "own_table", None),
    )


def told_of_places(model: Any) -> dict[str, pd.DataFrame]:
    """Tables of what a table of places tells beside its figures: names in the country's own script, and services that
    were observed; none where it tells neither."""
    places, found = model.run_scenario.places, dict[str, pd.DataFrame]()
    if places.name_local:
        found["local_names"] = pd.DataFrame({"place": range(len(places)), "name_local": places.name_local})
    if places.observed:
        found["observed"] = pd.DataFrame(places.observed, columns=["place", "service", "date", "observed"])
    return {name: table.astype({"place": "int32"}) for name, table in found.items()}


def versions(*further: str) -> dict[str, str]:
    """Of Python, of the packages on which the tables depend, and `further` ones; "not installed" where absent."""
    named = {name: _version(name) for name in (*RECORDED_VERSIONS, *further)}
    return {"python": platform.python_version(), **named}


@cache
def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def with_speed(timing: Mapping[str, Any]) -> dict[str, Any]:
    """The model's timing and, where it can be had, migrant-months simulated a second."""
    result = dict(timing)
    seconds, work = result.get("model_seconds"), result.get("migrant_months")
    if seconds is not None and work is not None and math.isfinite(seconds) and seconds > 0:
        result["migrant_months_per_second"] = float(work) / float(seconds)
    return result
