"""The outcomes of a study file: which numbers are kept of each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...outcomes.declaration import groups_of
from ...outcomes.entries import Entries, entries_of
from ...outcomes.headline import HEADLINES
from ...outcomes.measures import BY_ID, all_measures
from ...outcomes.outcome_spec import OutcomeSpec, UnknownOutcome, headline, measure
from ...scenarios import Scenario
from ...scenarios.checks import Problems
from ...scenarios.errors import did_you_mean
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping
from .kept import OBSERVED, pattern_outcome
from .points import month_of
from .yaml_fields import Fields, collecting, listing, missing

EVERY, LAST = "every", "last"
_KEYS = ("measure", "year", "name", "label")


def read_outcomes(
    node: Node | None, scenarios: Sequence[Scenario], problems: Problems
) -> tuple[OutcomeSpec, ...]:
    """What is kept; all headline numbers if the file does not say."""
    if node is None:
        return tuple(headline(name) for name in HEADLINES)
    if missing(node) or not listing(node):
        raise node.spot.error("outcomes has no value", "leave it out, or list names as `- needs_met`")
    found: dict[str, OutcomeSpec] = {}
    for item in listing(node):
        with collecting(problems):
            spec = _outcome(item, scenarios)
            if spec.name in found:
                raise item.spot.error(f"the outcome {spec.name!r} is given twice", "give one another `name`")
            found[spec.name] = spec
    return tuple(found.values())


def _outcome(item: Node, scenarios: Sequence[Scenario]) -> OutcomeSpec:
    if isinstance(item, Scalar) and isinstance(item.value, str):
        return _named(item.value, item.spot, scenarios)
    if not isinstance(item, YamlMapping):
        hint = (
            "as `needs_met`, `E3.served_of_needs`, or `measure: E3.served_of_needs` with a `status` below it"
        )
        raise item.spot.error(f"an outcome is {item}, but must be a name", hint)
    node = item.items.get("measure")
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise item.spot.error(
            "this outcome does not say which measure it is", "begin it with `measure: E3...`"
        )
    spec = _named(node.value, node.spot, scenarios)
    divided = spec.theme not in ("", OBSERVED)
    parts = BY_ID[spec.theme].by if divided else ()
    fields = Fields(item, (*_KEYS, *parts), f"the outcome {node.value}")
    given = [part for part in parts if part in fields]
    if len(given) > 1:
        raise item.keys[given[1]].error(
            f"{node.value} is measured by {given[0]} or by {given[1]}, not by both"
        )
    if divided:
        by, group = spec.by, spec.group
        if given:
            (by,), node = given, item.items[given[0]]
            group = _checked(by, getattr(node, "text", str(node)), node.spot, scenarios)
        year = _year(fields, scenarios) if "year" in fields else spec.year
        spec = measure(spec.theme, spec.measure, by, group, year)
    elif "year" in fields:
        raise item.keys["year"].error(f"{spec.name} is told of the whole run, and has no year")
    return replace(spec, name=fields.text("name", spec.name), label=fields.text("label", spec.label))


def _named(name: str, spot: SourceLocation, scenarios: Sequence[Scenario]) -> OutcomeSpec:
    try:
        if observed := pattern_outcome(name):
            return observed
    except UnknownOutcome as error:
        raise spot.error(str(error)) from None
    try:
        spec = OutcomeSpec.parse(name, _entries(scenarios))
        if spec.by == "region":
            _checked(spec.by, spec.group, spot, scenarios)
        return spec
    except UnknownOutcome:
        theme = name.partition(".")[0]
        names = [*HEADLINES, *(f"{outcome.id}.{each.name}" for outcome, each in all_measures())]
        hint = did_you_mean(name, names)
        if hint is None and theme in BY_ID:
            hint = f"{theme} has {', '.join(each.name for each in BY_ID[theme].measures)}"
        hint = hint or f"headline numbers are {', '.join(HEADLINES)}"
        raise spot.error(f"there is no outcome {name!r}", hint) from None


def _entries(scenarios: Sequence[Scenario]) -> Entries:
    return entries_of(scenarios[0].parameters)


def _checked(by: str, group: str, spot: SourceLocation, scenarios: Sequence[Scenario]) -> str:
    """A group's name, if there is one of it."""
    names = groups_of(by, _entries(scenarios))
    if by == "region":
        names = tuple(dict.fromkeys(region for each in scenarios for region in each.places.regions))
    if group not in names:
        shown = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
        raise spot.error(f"there is no {by} {group!r}", did_you_mean(group, names) or f"it may be {shown}")
    return group


def _year(fields: Fields, scenarios: Sequence[Scenario]) -> int | None:
    """One year, or None for every one."""
    value = fields.scalar("year")
    if value == EVERY:
        return None
    if value == LAST:
        # The last year whose December is run, or else the year in which the run ends.
        years = {max(month_of(s.date(s.months)) // 12 - 1, int(s.start[:4])) for s in scenarios}
        if len(years) > 1:
            raise fields.items["year"].spot.error("the scenarios end in different years", "give the year")
        return years.pop()
    first = max(int(scenario.start[:4]) for scenario in scenarios)
    last = min(int(scenario.date(scenario.months - 1)[:4]) for scenario in scenarios)
    if isinstance(value, int) and not isinstance(value, bool) and first <= value <= last:
        return value
    raise fields.wrong("year", f"a year from {first} to {last}, {LAST} or {EVERY}")
