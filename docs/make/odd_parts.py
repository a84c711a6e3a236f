"""Tables and diagrams of docs/ODD.md that are read off declarations: events, providers, patterns' bands, where the code
of each submodel is, what runs with a mechanism on and off say of it."""

from __future__ import annotations

import csv
import re
from itertools import groupby, pairwise
from pathlib import Path

from odd_equations import Equation, equations_of

from local_citizenship.agents import chance
from local_citizenship.agents.life import EVENTS
from local_citizenship.agents.providers import PROVIDERS
from local_citizenship.experiments.patterns import PATTERNS
from local_citizenship.experiments.patterns.pattern import Part
from local_citizenship.model.schedule import describe
from local_citizenship.scenarios.checks import number_text
from local_citizenship.scenarios.markdown import markdown_table

_ROOT = Path(__file__).resolve().parents[2]
_SUBMODEL = re.compile(r"^### (7\.\d+) (.*)$", flags=re.MULTILINE)
_TOLD = ("needs_met", "take_up", "service_theil", "sustained")  # outcomes of docs/effects.csv


def patterns() -> str:
    """The patterns, with the band of each of their parts."""
    rows = [(p.id, p.wording, p.use, "; ".join(_band(part) for part in p.parts)) for p in PATTERNS.values()]
    return markdown_table(("id", "pattern", "use", "band"), rows)


def _band(part: Part) -> str:
    if part.band is None:
        return f"{part.name}: none"
    low, high = part.band.low, part.band.high
    if low is not None and high is not None:
        inside = f"{number_text(low)} to {number_text(high)}"
    elif low is not None:
        inside = f"{'above' if part.band.strict else 'at least'} {number_text(low)}"
    else:
        assert high is not None
        inside = f"{'below' if part.band.strict else 'at most'} {number_text(high)}"
    return f"{part.name}: {inside}{', clear' if part.clear else ''}"


def flow() -> str:
    """The steps of the month as a flow diagram; those of the fiscal year's first month and of December apart."""
    lines = ["```mermaid", "flowchart TD"]
    for number, name, told in describe():
        seldom = " (once a year)" if told.startswith(("In the fiscal year", "In December")) else ""
        lines.append(f'    S{number}["{number} {name}{seldom}"]')
    numbers = [number for number, *_ in describe()]
    lines += [f"    S{one} --> S{other}" for one, other in pairwise(numbers)]
    return "\n".join([*lines, f"    S{numbers[-1]} -->|next month| S{numbers[0]}", "```"])


def events() -> str:
    """The events of a month in a life, in order; those on one slot of chance compete."""
    slots = {
        number: name for name, number in vars(chance).items() if name.isupper() and isinstance(number, int)
    }
    rows = []
    for slot, group in groupby(EVENTS, key=lambda event: event.slot):
        for event in group:
            how = "its condition" if slot is None else f"slot({slots[slot]})"
            rows.append((event.name, how, ", ".join(event.mechanisms), event.meaning))
    return markdown_table(("event", "comes by", "mechanisms", "what happens"), rows)


def providers() -> str:
    """Who may help, in the order of asking, with the bit of refusal and what else sets them apart."""
    rows = [
        (
            str(order),
            each.name,
            str(each.refusal),
            *(
                "yes" if trait else "-"
                for trait in (each.is_claim, each.spares_search, each.be_found, each.visits_detained)
            ),
        )
        for order, each in enumerate(PROVIDERS, 1)
    ]
    return markdown_table(
        (
            "order",
            "provider",
            "bit of refusal",
            "to ask is a claim",
            "spares asking around",
            "found by it",
            "comes to the detained",
        ),
        rows,
    )


# Submodels -------------------------------------------------------------------------------------------------


def submodels(text: str) -> dict[str, tuple[str, list[str], list[Equation]]]:
    """Number -> title, mechanisms and equations of each submodel of element 7 that a heading names files for."""
    found = {}
    heads = [head for head in _SUBMODEL.finditer(text) if "`" in head[2]]
    ends = [head.start() for head in heads[1:]] + [text.find("\n## Appendix A")]
    for head, end in zip(heads, ends, strict=True):
        title, _, rest = head[2].partition(": ")
        named = re.findall(r"\b[A-E]\d{1,2}\b", rest)
        found[head[1]] = (title, named, equations_of(text[head.end() : end]))
    return found


def where(text: str) -> str:
    """The mechanisms of each submodel, and the files that hold its equations."""
    rows = []
    for number, (title, mechanisms, equations) in submodels(text).items():
        modules = sorted({each.function.split(":")[0].replace(".", "/") for each in equations})
        files = ", ".join(f"`{module}.py`" for module in modules)
        rows.append((f"{number} {title}", ", ".join(mechanisms), files or "`outcomes/`"))
    return markdown_table(("submodel", "mechanisms", "equations in"), rows)


def sensitivity(text: str) -> str:
    """Of each submodel the mechanism that moves each of a few outcomes most, by docs/effects.csv."""
    with (_ROOT / "docs" / "effects.csv").open(encoding="utf-8", newline="") as file:
        effects = [row for row in csv.DictReader(file) if row["outcome"] in _TOLD]
    labels = {row["outcome"]: f"{row['label'].lower()}" for row in effects}
    rows = []
    for number, (title, mechanisms, equations) in submodels(text).items():
        if equations:
            told = [
                _largest([row for row in effects if row["outcome"] == outcome], mechanisms)
                for outcome in _TOLD
            ]
            rows.append((f"{number} {title}", *told))
    return markdown_table(("submodel", *(labels[outcome] for outcome in _TOLD)), rows)


def _largest(effects: list[dict[str, str]], mechanisms: list[str]) -> str:
    """The mechanism with the largest change, and the change, of those whose interval leaves zero out."""
    clear = [row for row in effects if row["mechanism"] in mechanisms and row["clear"] == "True"]
    if not clear:
        return "none clear"
    most = max(clear, key=lambda row: abs(float(row["change"])))
    return f"{most['mechanism']}: {float(most['change']):+.3f}".replace("-", "−")
