"""The outcomes of a study file: which numbers are kept of each run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...outcomes.definitions import BY_ID, all_measures
from ...outcomes.headline import HEADLINES
from ...outcomes.kept import DIVIDED_BY, GROUPS, Kept, headline, measure
from ...outcomes.measures_table import ALL, COUNTRY
from ...scenarios import Scenario
from ...scenarios.checks import Problems
from ...scenarios.errors import did_you_mean
from ...scenarios.settings import month_number
from ...scenarios.yaml_text import Node, Scalar, SourceLocation, YamlMapping
from . import nodes

EVERY, LAST = "every", "last"
_KEYS = ("measure", "year", "name", "label")


def read_outcomes(node: Node | None, scenarios: tuple[Scenario, ...], problems: Problems) -> tuple[Kept, ...]:
    """What is kept; all headline numbers if the file does not say."""
    if node is None:
        return tuple(headline(name) for name in HEADLINES)
    if nodes.missing(node) or not nodes.listing(node):
        problems.add(node.spot.error("outcomes has no value", "leave it out, or list names as `- needs_met`"))
        return ()
    found: dict[str, Kept] = {}
    for item in nodes.listing(node):
        kept = _outcome(item, scenarios, problems)
        if kept is not None and kept.name in found:
            problems.add(
                item.spot.error(f"the outcome {kept.name!r} is given twice", "give one another `name`")
            )
        elif kept is not None:
            found[kept.name] = kept
    return tuple(found.values())


def _outcome(item: Node, scenarios: tuple[Scenario, ...], problems: Problems) -> Kept | None:
    if isinstance(item, Scalar) and isinstance(item.value, str):
        return _named(item.value, item.spot, problems)
    if not isinstance(item, YamlMapping):
        hint = (
            "as `needs_met`, `E3.served_of_needs`, or `measure: E3.served_of_needs` with a `status` below it"
        )
        problems.add(item.spot.error(f"an outcome is {item}, but must be a name", hint))
        return None
    node = item.items.get("measure")
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        problems.add(
            item.spot.error("this outcome does not say which measure it is", "begin it with `measure: E3...`")
        )
        return None
    kept = _named(node.value, node.spot, problems)
    if kept is None:
        return None
    parts = DIVIDED_BY.get(kept.theme, ())
    nodes.known_keys(item, (*_KEYS, *parts), f"the outcome {node.value}", problems)
    given = [part for part in parts if part in item.items]
    if len(given) > 1:
        spot = item.keys[given[1]]
        problems.add(spot.error(f"{node.value} is measured by {given[0]} or by {given[1]}, not by both"))
        return None
    by, group = (given[0], _group(given[0], item, scenarios, problems)) if given else (COUNTRY, ALL)
    year = _year(item, kept, scenarios, problems)
    if group is None:
        return None
    name = nodes.text(item, "name", "", problems)
    if kept.theme:
        kept = measure(kept.theme, kept.measure, by, group, year)
    kept = replace(kept, name=name or kept.name)
    return replace(kept, label=nodes.text(item, "label", kept.label, problems))


def _named(name: str, spot: SourceLocation, problems: Problems) -> Kept | None:
    if name in HEADLINES:
        return headline(name)
    theme, _, which = name.partition(".")
    if theme in BY_ID and which in {each.name for each in BY_ID[theme].measures}:
        return measure(theme, which)
    names = [*HEADLINES, *(f"{outcome.id}.{each.name}" for outcome, each in all_measures())]
    hint = did_you_mean(name, names)
    if hint is None and theme in BY_ID:
        hint = f"{theme} has {', '.join(each.name for each in BY_ID[theme].measures)}"
    problems.add(
        spot.error(f"there is no outcome {name!r}", hint or f"headline numbers are {', '.join(HEADLINES)}")
    )
    return None


def _group(by: str, item: YamlMapping, scenarios: tuple[Scenario, ...], problems: Problems) -> str | None:
    node = item.items[by]
    names: Iterable[str] = GROUPS.get(by, ())
    if by == "region":
        names = dict.fromkeys(region for scenario in scenarios for region in scenario.places.regions)
    names = tuple(names)
    said = node.text if isinstance(node, Scalar) else ""
    if said in names:
        return said
    near = did_you_mean(said, names)
    shown = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    problems.add(node.spot.error(f"there is no {by} {node}", near or f"it may be {shown}"))
    return None


def _year(item: YamlMapping, kept: Kept, scenarios: tuple[Scenario, ...], problems: Problems) -> int | None:
    """One year, or None for every one."""
    node = item.items.get("year")
    if node is None or (isinstance(node, Scalar) and node.value == EVERY and kept.theme):
        return None
    if not kept.theme:
        problems.add(item.keys["year"].error(f"{kept.name} is told of the whole run, and has no year"))
        return None
    firsts = [int(scenario.start[:4]) for scenario in scenarios]
    lasts = [int(scenario.date(scenario.months - 1)[:4]) for scenario in scenarios]
    if isinstance(node, Scalar) and node.value == LAST:
        if len({_last_december(scenario) for scenario in scenarios}) > 1:
            problems.add(node.spot.error("the scenarios end in different years", "give the year"))
        return _last_december(scenarios[0])
    if isinstance(node, Scalar) and isinstance(node.value, int) and not isinstance(node.value, bool):
        year = node.value
        if max(firsts) <= year <= min(lasts):
            return year
    said = "has no value" if nodes.missing(node) else f"is {node}"
    known = f"a year from {max(firsts)} to {min(lasts)}, {LAST} or {EVERY}"
    problems.add(
        (item.keys["year"] if nodes.missing(node) else node.spot).error(f"year {said}, but must be {known}")
    )
    return None


def _last_december(scenario: Scenario) -> int:
    """The last year whose December is run, or else the year in which the run ends."""
    end = scenario.date(scenario.months)
    month = month_number(Scalar(end, end, SourceLocation("")))
    assert month is not None
    first = int(scenario.start[:4])
    return max(month // 12 - 1, first)
