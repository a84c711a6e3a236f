"""What docs/odd-summary.md takes from the code, and from the equations of docs/ODD.md."""

from __future__ import annotations

from collections import Counter

from odd_equations import equations_of

from local_citizenship.experiments.mechanisms import MECHANISMS
from local_citizenship.experiments.patterns import PATTERNS
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.markdown import markdown_table
from local_citizenship.scenarios.schema import SHIPPED, iter_parameters

# The functions whose equations are shown.
SHOWN = (
    "agents.needs:need_rate",
    "agents.claiming:is_worth_the_trouble",
    "agents.fear:fear_of",
    "agents.fear:dares_city",
    "agents.providers.city:ask",
    "agents.cities.agenda:brought_up",
    "agents.cities.adoption:consider_service",
    "agents.labour:come_to_depend",
    "agents.ngo:close_accounts",
)


def pattern_counts() -> str:
    """How many patterns there are of each use."""
    counts = Counter(pattern.use for pattern in PATTERNS.values())
    return markdown_table(("use", "patterns"), [(use, str(number)) for use, number in sorted(counts.items())])


def scales() -> str:
    """What there is how many of."""
    case = load_scenario("japan")
    kept = [info for info in iter_parameters(SHIPPED) if not (info.presentation or info.trait)]
    rows = [
        ("step", "one month"),
        ("run of the base case", f"{case.months} months from {case.start}"),
        ("municipalities of the base case", f"{len(case.places):,}"),
        ("doors of entry of the base case", str(len(case.parameters.doors))),
        ("services of a city", str(len(SHIPPED.services.names))),
        ("kinds of need", str(len(SHIPPED.needs.names))),
        ("kinds of NGO", str(len(SHIPPED.ngo_kinds.names))),
        ("trades", str(len(SHIPPED.trades.names))),
        ("mechanisms", str(len(MECHANISMS))),
        ("parameters of the shipped model", f"{len(kept):,}"),
    ]
    return markdown_table(("what", "how many"), rows)


def setting() -> str:
    """The base case, and what changes in it."""
    case = load_scenario("japan")
    months = sorted({change.month for change in case.timeline})
    rows = [
        ("places", f"`{case.places_name}`"),
        ("dated changes", ", ".join(case.date(month) for month in months)),
    ]
    return markdown_table(("base case", "Japan"), rows)


def equations(text: str) -> str:
    """The equations of `SHOWN`, of the document `text`. Errors: KeyError for one that is not there."""
    found = {each.function: each for each in equations_of(text)}
    parts = []
    for function in SHOWN:
        each = found[function]
        head = f"({each.number})  {', '.join(each.mechanisms)}"
        parts.append("\n".join(f"    {line}" for line in (head, *each.lines)))
    return "\n\n".join(parts)
