"""What a calibration is held against: the shipped patterns of a country, and a user's own observations (CSV)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...outcomes.entries import entries_of
from ...outcomes.outcome_spec import OutcomeSpec, UnknownOutcome
from ...outcomes.wording import is_share
from ...scenarios import Scenario
from ...scenarios.csv_rows import CsvText, read_csv
from ...scenarios.errors import did_you_mean
from ...scenarios.yaml_text import Scalar, SourceLocation
from ..patterns import PATTERNS, Part, Pattern
from ..patterns.check import JAPAN, SAMPLE, SETTINGS
from ..studies.kept import OBSERVED, pattern_outcome
from ..studies.yaml_fields import Fields, listing
from .plan import ABOVE, BELOW, CHECK, FIT, Target

NEEDED = ("measure", "value", "tolerance")
LARGEST = 1e15  # a number beyond it is none that can be observed
COLUMNS = (*NEEDED, "group", "place", "date", "discrepancy", "use", "scenario", "source")
KEYS = ("patterns", "country", "file", "discrepancy")
COUNTRIES = tuple(dict.fromkeys([JAPAN, *(country for country, _ in SETTINGS.values())]))
OF_A_BOUND = 0.1  # of what a pattern calls "at least" so much: the tolerance, as a share of the bound


def read_targets(fields: Fields, beside: Path, scenarios: Sequence[Scenario], name: str = "") -> list[Target]:
    """All targets of the group `targets`; `name`: the user's table, if it is not called as the group says.

    Errors: ScenarioError.
    """
    share = fields.number("discrepancy", 1.0, low=0.0, high=100.0)
    found: list[Target] = []
    if "file" in fields:
        found += _of_file(fields, beside / (name or fields.text("file", "")), scenarios, share)
    found += _of_patterns(fields, scenarios, share)
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise fields.spot.error(f"{name} is a target twice", "leave one out")
    if not any(each.use == FIT for each in found):
        hint = "as `patterns: fit`, or `file: observed.csv`"
        raise fields.spot.error("there is no target to learn from", hint)
    return found


# Patterns -------------------------------------------------------------------------------------------------


def _of_patterns(fields: Fields, scenarios: Sequence[Scenario], share: float) -> list[Target]:
    """Those named, or those marked fit, to learn from; all others of the country to look at."""
    countries = {scenario.name: _country(scenario, fields) for scenario in scenarios}
    there = {
        each.id: each for each in PATTERNS.values() if any(_is_told(each, s, countries) for s in scenarios)
    }
    wanted = _wanted(fields, there)
    found = []
    for pattern in there.values():
        for scenario in scenarios:
            if _is_told(pattern, scenario, countries):
                use = FIT if pattern.id in wanted else CHECK
                found += [
                    _of_part(pattern, part, scenario, use, share) for part in pattern.parts if part.band
                ]
    return found


def _is_told(pattern: Pattern, scenario: Scenario, countries: Mapping[str, str]) -> bool:
    """Whether runs of the scenario tell of the pattern, which neither compares several, nor asks what is given."""
    given = pattern.given is not None and pattern.given(scenario.places)
    banded = any(part.band is not None for part in pattern.parts)
    return list(pattern.observers) == [countries[scenario.name]] and banded and not given


def _wanted(fields: Fields, there: Mapping[str, Pattern]) -> set[str]:
    """The ids of the patterns to learn from."""
    if "patterns" not in fields or fields.scalar("patterns") == "none":
        return set()
    node = fields.items["patterns"]
    if not there:
        of = f"the patterns are of {', '.join(COUNTRIES)}"
        raise node.spot.error(
            f"no pattern can be told of these scenarios: {of}", "say which with `country: japan`"
        )
    if fields.scalar("patterns") == FIT:
        return {each.id for each in there.values() if each.use == FIT}
    wanted = set()
    for item in listing(node):
        name = item.text if isinstance(item, Scalar) else str(item)
        if name not in there:
            what = (
                "can't be told of one run of these scenarios"
                if name in PATTERNS
                else "is no pattern, nor `fit`"
            )
            hint = did_you_mean(name, [FIT, *there]) or f"there are {', '.join(there)}"
            raise item.spot.error(f"{name!r} {what}", hint)
        wanted.add(name)
    return wanted


def _country(scenario: Scenario, fields: Fields) -> str:
    return fields.choice("country", COUNTRIES, scenario.name.removesuffix(SAMPLE))


def _of_part(pattern: Pattern, part: Part, scenario: Scenario, use: str, share: float) -> Target:
    band = part.band
    assert band is not None
    low, high = band.low, band.high
    if low is not None and high is not None:
        value, tolerance, side = (low + high) / 2, (high - low) / 2, ""
    else:
        value, side = (low, ABOVE) if low is not None else (high or 0.0, BELOW)
        tolerance = OF_A_BOUND * abs(value) or OF_A_BOUND
    outcome = pattern_outcome(f"{pattern.id}.{part.name}")
    assert outcome is not None
    return Target(
        scenario.name, outcome, value, tolerance, share * tolerance, use, side, f"pattern {pattern.id}"
    )


# A user's observations ------------------------------------------------------------------------------------


def _of_file(fields: Fields, file: Path, scenarios: Sequence[Scenario], share: float) -> list[Target]:
    if not file.is_file():
        near = did_you_mean(file.name, [each.name for each in file.parent.glob("*.csv")])
        named = fields.text("file", "")
        missing = (
            named if Path(named).name == file.name else str(file)
        )  # a calibration's folder keeps it as its own
        raise fields.items["file"].spot.error(f"there is no file {missing!r}", near)
    table = read_csv(file, "the table of targets")
    rows = list(table.rows())
    if len(rows) < 2:
        raise SourceLocation(str(file)).error(
            "the table holds no target", f"its columns: {', '.join(COLUMNS)}"
        )
    (line, header), *rest = rows
    if twice := [name for name in header if header.count(name) > 1]:
        raise table.error(f"the table has two columns {twice[0]!r}", line)
    for name in header:
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS) or f"there are {', '.join(COLUMNS)}"
            raise table.error(f"a table of targets has no column {name!r}", line, hint)
    for name in NEEDED:
        if name not in header:
            raise table.error(f"the column {name} is missing", line)
    found: dict[str, tuple[int, Target]] = {}
    for line, cells in rest:
        row = _Row(table, line, dict(zip(header, cells, strict=True)))
        target = _of_row(row, scenarios, share)
        if target.name in found:
            raise row.error(f"{target.name} is a target twice", f"it stands in line {found[target.name][0]}")
        found[target.name] = line, target
    return [target for _, target in found.values()]


class _Row:
    """A row of a table of targets. Errors: ScenarioError, by all it does."""

    def __init__(self, table: CsvText, line: int, cells: Mapping[str, str]) -> None:
        self.table, self.line, self.cells = table, line, cells

    def text(self, name: str) -> str:
        return self.cells.get(name, "")

    def number(self, name: str, least: float = -math.inf) -> float:
        text = self.table.number(self.text(name))
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and least <= value and abs(value) <= LARGEST):
            must = "a number" if least == -math.inf else f"a number, {least:g} or more"
            must += f", of {LARGEST:g} at most" if abs(value) > LARGEST else ""
            raise self.error(f"{name} is {self.text(name)!r}, but must be {must}")
        return value

    def error(self, message: str, hint: str | None = None) -> Exception:
        return self.table.error(message, self.line, hint)

    def one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        text = self.text(name) or default
        if text not in choices:
            hint = did_you_mean(text, choices)
            raise self.error(f"{name} is {text!r}, but must be one of {', '.join(choices)}", hint)
        return text


def _of_row(row: _Row, scenarios: Sequence[Scenario], share: float) -> Target:
    names = [scenario.name for scenario in scenarios]
    if len(names) > 1 and not row.text("scenario"):
        raise row.error(f"the row does not say its scenario: {', '.join(names)}")
    name = row.one_of("scenario", names, names[0])
    scenario = scenarios[names.index(name)]
    tolerance = row.number("tolerance", 0.0)
    discrepancy = row.number("discrepancy", 0.0) if row.text("discrepancy") else share * tolerance
    if tolerance == discrepancy == 0.0:
        hint = "the half width of a 95% interval, in the measure's unit"
        raise row.error("the tolerance is 0, and no run hits a number exactly", hint)
    outcome = _outcome(row, scenario)
    value = row.number("value")
    own = discrepancy if row.text("discrepancy") else 0.0
    if is_share(outcome.unit) and max(abs(value), tolerance, own) > 1.0:
        hint = "a percentage is written as a share: 0.65 for 65%"
        raise row.error(f"{row.text('measure')} is a {outcome.unit}, and none is above 1", hint)
    return Target(
        scenario=name,
        outcome=outcome,
        value=value,
        tolerance=tolerance,
        discrepancy=discrepancy,
        use=row.one_of("use", (FIT, CHECK), FIT),
        source=row.text("source"),
    )


def _outcome(row: _Row, scenario: Scenario) -> OutcomeSpec:
    group, place, date = (row.text(name) for name in ("group", "place", "date"))
    if group and place:
        raise row.error("a measure is of a group or of a place, not of both", "leave one out")
    if place and place not in scenario.places.regions:
        regions = ", ".join(scenario.places.regions[:12])
        hint = did_you_mean(place, scenario.places.regions) or f"its regions are {regions}"
        raise row.error(f"{scenario.name} has no region {place!r}", hint)
    year = date.removesuffix("-12")
    if date and not (year.isdecimal() and len(year) == 4):
        raise row.error(f"date is {date!r}, but must be a year as 2004", "measures are of calendar years")
    first, last = (int(scenario.date(month)[:4]) for month in (0, scenario.months - 1))
    if date and not first <= int(year) <= last:
        raise row.error(f"{scenario.name} runs from {first} to {last}, without {date}")
    parts = [f"[{group or place}]"] if group or place else []
    text = " ".join(["".join([row.text("measure"), *parts]), *([year] if year else [])])
    try:
        spec = OutcomeSpec.parse(text, entries_of(scenario.parameters))
    except UnknownOutcome as error:
        raise row.error(str(error)) from None
    if spec.theme and spec.theme != OBSERVED and not date:
        raise row.error(f"{row.text('measure')} is told year by year: give the date")
    return spec
