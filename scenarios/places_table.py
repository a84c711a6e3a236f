"""Reading a table of places: a CSV file checked row by row, of regions or of municipalities.

The two kinds are told apart by their columns. A table of municipalities may say what they are called in their own
script, and which services were observed there and when; what else is for people to read (`kind`, `note`) is let
be. Whatever is wrong ends in one ScenarioError with the file, the
line and the column's name. The columns are documented in data/README.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from .csv_rows import CsvText, read_csv
from .errors import ScenarioError, did_you_mean, shortened, unprintable
from .schema import SHIPPED

LEVEL = "level_"  # followed by the name of a service, whose starting level the column holds
# A column of levels that were seen: observed_schooling_2006, or observed_schooling_2006-04.
OBSERVED = re.compile(r"observed_(?P<service>.+)_(?P<date>\d{4}(-(0[1-9]|1[0-2]))?)")
ALIASES = {"born_abroad": "foreign_residents"}
MOST_MUNICIPALITIES = 1_000_000

# Ceilings: above anything that a place on earth has, and below what a slip of the pen or a damaged file brings.
MOST_IN_A_REGION = 2e9  # persons
MOST_IN_A_PLACE = 1e8
MOST_STRENGTH = 20.0  # fiscal strength; Japan's highest is 2.9
MOST_WILL = 3.0  # standard deviations, either way: one place in a thousand has more

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def _column(low: float, high: float, blank: float | None = None) -> Any:
    """A column of numbers. `blank`: what a blank cell stands for, or a table without the column; None: an error."""
    return field(metadata={"low": low, "high": high, "blank": blank})


@dataclass(frozen=True)
class Region:
    """One row of a region table: what its municipalities are drawn from. Deviations are of natural logs.

    Where the table does not say, the deviations lie between those of Japan's, Korea's and Spain's regions; the
    fiscal figures are near the mean and deviation of Japan's municipalities: without a column every region is
    taken as equally prosperous.
    """

    code: str
    name: str
    municipalities: int = _column(1, MOST_MUNICIPALITIES)
    population: int = _column(1, MOST_IN_A_REGION)
    foreign_residents: int = _column(0, MOST_IN_A_REGION)
    latitude: float = _column(-90.0, 90.0)
    longitude: float = _column(-180.0, 180.0)
    sd_log_population: float = _column(0.0, 5.0, blank=1.2)
    sd_log_foreign_share: float = _column(0.0, 5.0, blank=0.6)
    fiscal_strength_mean: float = _column(0.0, MOST_STRENGTH, blank=0.55)
    fiscal_strength_sd: float = _column(0.0, MOST_STRENGTH, blank=0.30)
    wider: str = ""  # the wider region it belongs to; "" where it is one of its own


@dataclass(frozen=True)
class Municipality:
    """One row of a municipality table. A trait is nan where the table leaves it to be drawn."""

    code: str
    region: str
    name: str
    name_local: str  # in the script of the country; "" where the table does not say
    level: tuple[float, ...]  # in the order of the services
    observed: tuple[tuple[str, str, float], ...]  # service, date ("2006" or "2006-04") and level seen, 0 to 1
    latitude: float = _column(-90.0, 90.0)
    longitude: float = _column(-180.0, 180.0)
    population: int = _column(1, MOST_IN_A_PLACE)
    foreign_residents: int = _column(0, MOST_IN_A_PLACE)
    fiscal_strength: float = _column(0.0, MOST_STRENGTH)
    history: float = _column(0.0, 1.0, blank=math.nan)
    internationalisation: float = _column(0.0, 1.0, blank=math.nan)
    industry: float = _column(0.0, 1.0, blank=math.nan)
    will: float = _column(-MOST_WILL, MOST_WILL, blank=math.nan)


Kind = TypeVar("Kind", Region, Municipality)


_COLUMNS: dict[type[Any], dict[str, Field[Any]]] = {
    kind: {each.name: each for each in fields(kind) if each.metadata} for kind in (Region, Municipality)
}

# What a table needs, and what it may have beside that.
REGION_MAY = (
    "code",
    "wider_region",
    *(name for name, each in _COLUMNS[Region].items() if each.metadata["blank"] is not None),
)
REGION_NEEDS = ("region", *(name for name in _COLUMNS[Region] if name not in REGION_MAY))
TRAITS = tuple(name for name, each in _COLUMNS[Municipality].items() if each.metadata["blank"] is not None)
NUMBERS = tuple(name for name in _COLUMNS[Municipality] if name not in TRAITS)
MUNICIPALITY_NEEDS = ("code", "region", "name", *NUMBERS)
MUNICIPALITY_TEXTS = ("name_local", "kind", "note")

# What tells the two kinds apart.
ONLY_REGIONS = frozenset(REGION_NEEDS + REGION_MAY) - frozenset(MUNICIPALITY_NEEDS + TRAITS)
ONLY_MUNICIPALITIES = frozenset(MUNICIPALITY_NEEDS + TRAITS) - frozenset(REGION_NEEDS + REGION_MAY)


@dataclass(frozen=True)
class Table:
    """A checked table: regions or municipalities, never both, sorted by code."""

    regions: tuple[Region, ...] = ()
    municipalities: tuple[Municipality, ...] = ()
    has_level: bool = False
    raw: bytes = field(default=b"", repr=False)  # the file as it was read


class _Row:
    """One row of the file; its readers check a cell and name line and column where it is wrong."""

    def __init__(self, table: CsvText, line: int, cells: Mapping[str, str]) -> None:
        self.table = table
        self.line = line
        self.cells = cells

    def error(self, message: str, hint: str | None = None) -> ScenarioError:
        return self.table.error(message, self.line, hint)

    def text(self, column: str) -> str:
        value = self.cells[column]
        if not value:
            raise self.error(f"column '{column}' is blank")
        if code := unprintable(value):
            raise self.error(f"column '{column}' holds the character {code}, which is not allowed")
        return value

    def number(self, column: str, low: float, high: float, *, whole: bool = False) -> float:
        value = self.table.number(self.text(column))
        if whole and self.table.may_be_thousands(self.cells[column]):
            hint = "write whole numbers in digits alone, as 1234567"
            raise self.error(
                f"column '{column}' holds '{self.cells[column]}', which can be read in two ways", hint
            )
        if not _NUMBER.fullmatch(value):
            hint = "write numbers without thousands separators, with a decimal point: 1234567 or 0.57"
            raise self.error(f"column '{column}' holds '{shortened(value)}', which is not a number", hint)
        number, value = float(value), shortened(value)
        if not low <= number <= high:
            if high - low <= 360.0:
                raise self.error(f"column '{column}' is {value}, outside {low:g} to {high:g}")
            bound = f"{low:g} or more" if number < low else f"{high:,.0f} or less"
            raise self.error(f"column '{column}' is {value}, but must be {bound}")
        return number

    def observed(self, services: Sequence[str]) -> Iterator[tuple[str, str, float]]:
        """Service, date and level of each service that was observed here."""
        for column, cell in self.cells.items():
            match = OBSERVED.fullmatch(column)
            if match and cell and match["service"] in services:
                yield match["service"], match["date"], self.number(column, 0.0, 1.0)

    def record(self, kind: type[Kind], **rest: Any) -> Kind:
        """The row as a region or a municipality; `rest`: what is no column of numbers."""
        found: dict[str, Any] = {}
        for name, column in _COLUMNS[kind].items():
            about = column.metadata
            if about["blank"] is not None and not self.cells.get(name):
                found[name] = about["blank"]
                continue
            found[name] = number = self.number(name, about["low"], about["high"], whole=column.type == "int")
            if column.type == "int":
                if number != int(number):
                    raise self.error(
                        f"column '{name}' is {shortened(self.cells[name])}, but must be a whole number"
                    )
                found[name] = int(number)
        people, foreign = found["population"], found["foreign_residents"]
        if foreign > people:
            raise self.error(f"column 'foreign_residents' is {foreign}, more than the population of {people}")
        return kind(**found, **rest)


def read_table(path: Path, services: Sequence[str] = SHIPPED.services.names) -> Table:
    """Read and check a table of places. `services`: those of the scenario. Raises ScenarioError."""
    text = read_csv(path)
    rows = text.rows()
    header_line, header = next(rows, (1, []))
    if not header:
        raise ScenarioError("the table of places is empty", file=str(path), line=1)
    columns, of_regions = _check_header(text, header_line, header, services)
    records = [_Row(text, line, dict(zip(columns, cells, strict=True))) for line, cells in rows]
    if not records:
        raise ScenarioError("the table of places has a header but no rows", file=str(path), line=header_line)
    if of_regions:
        return Table(regions=_regions(records), raw=text.raw)
    has_level = any(column.startswith(LEVEL) for column in columns)
    return Table(municipalities=_municipalities(records, services), has_level=has_level, raw=text.raw)


def _check_header(
    table: CsvText, line: int, header: list[str], services: Sequence[str]
) -> tuple[list[str], bool]:
    """The columns under their proper names, and whether the table is one of regions.

    A column of a shipped service that the scenario drops is allowed, and not read.
    """

    def error(message: str, hint: str | None = None) -> ScenarioError:
        return table.error(message, line, hint)

    columns = [ALIASES.get(column, column) for column in header]
    for place, column in enumerate(columns):
        if not column:
            raise error(f"column {place + 1} has no name")
        if column in columns[:place]:
            raise error(f"column '{shortened(column)}' appears twice")

    levels = [f"{LEVEL}{service}" for service in dict.fromkeys([*SHIPPED.services.names, *services])]
    regional = sum(column in ONLY_REGIONS for column in columns)
    municipal = sum(column in ONLY_MUNICIPALITIES or column in levels for column in columns)
    if regional == municipal:
        raise error(
            "the table is neither one of regions nor one of municipalities",
            "a table of regions has a column 'municipalities', one of municipalities the columns 'name' and "
            "'fiscal_strength'",
        )
    of_regions = regional > municipal
    needs, may = REGION_NEEDS, REGION_MAY
    if not of_regions:
        needs, may = (
            MUNICIPALITY_NEEDS,
            (*TRAITS, *MUNICIPALITY_TEXTS, *levels, *_observed(columns, levels, error)),
        )
    kind = "regions" if of_regions else "municipalities"
    known = [*needs, *may]
    for column in columns:
        if column not in known:
            raise error(f"a table of {kind} has no column '{shortened(column)}'", did_you_mean(column, known))
    for column in needs:
        if column not in columns:
            raise error(f"column '{column}' is missing from the table of {kind}")
    return columns, of_regions


def _observed(
    columns: list[str], levels: list[str], error: Callable[[str, str | None], ScenarioError]
) -> list[str]:
    """The columns of services that were observed. Errors: what begins like one, but names no service and date."""
    found = [column for column in columns if column.startswith("observed_")]
    for column in found:
        match = OBSERVED.fullmatch(column)
        if match is None:
            hint = "it names a service and a year or month, as observed_schooling_2006 or observed_schooling_2006-04"
            raise error(f"column '{column}' says neither what was observed nor when", hint)
        if f"{LEVEL}{match['service']}" not in levels:
            services = [each.removeprefix(LEVEL) for each in levels]
            raise error(f"there is no service '{match['service']}'", did_you_mean(match["service"], services))
    return found


def _regions(rows: list[_Row]) -> tuple[Region, ...]:
    found: list[Region] = []
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    total = 0
    for row in rows:
        name = row.text("region")
        code = row.text("code") if "code" in row.cells else name
        _only_once(row, "code", code, codes)
        _only_once(row, "region", name, names)
        wider = row.text("wider_region") if row.cells.get("wider_region") else ""
        region = row.record(Region, code=code, name=name, wider=wider)
        total += region.municipalities
        if total > MOST_MUNICIPALITIES:
            raise row.error(f"the table asks for more than {MOST_MUNICIPALITIES} municipalities")
        if region.population < region.municipalities:
            raise row.error(
                f"column 'population' is {region.population}, fewer people than the {region.municipalities} "
                "municipalities"
            )
        for column in ("sd_log_population", "sd_log_foreign_share"):
            if row.cells.get(column) == "" and region.municipalities > 1:
                raise row.error(
                    f"column '{column}' is blank, which only a region of one municipality may leave it"
                )
        found.append(region)
    return tuple(sorted(found, key=lambda region: region.code))


def _municipalities(rows: list[_Row], services: Sequence[str]) -> tuple[Municipality, ...]:
    if len(rows) > MOST_MUNICIPALITIES:
        raise rows[MOST_MUNICIPALITIES].error(f"the table has more than {MOST_MUNICIPALITIES} municipalities")
    found: list[Municipality] = []
    codes: dict[str, int] = {}
    for row in rows:
        code = row.text("code")
        _only_once(row, "code", code, codes)
        levels = [f"{LEVEL}{service}" for service in services]
        level = tuple(row.number(each, 0.0, 1.0) if each in row.cells else 0.0 for each in levels)
        texts = {"region": row.text("region"), "name": row.text("name")}
        texts["name_local"] = row.cells.get("name_local", "")
        seen = tuple(row.observed(services))
        found.append(row.record(Municipality, code=code, **texts, level=level, observed=seen))
    return tuple(sorted(found, key=lambda municipality: municipality.code))


def _only_once(row: _Row, column: str, value: str, seen: dict[str, int]) -> None:
    if value in seen:
        raise row.error(f"{column} '{shortened(value)}' appears twice, first on line {seen[value]}")
    seen[value] = row.line
