"""What `explain` tells: one parameter, one section, or all sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from ..outcomes.invocation import typed
from ..scenarios.checks import get, shipped_index, spelt_out, why_none
from ..scenarios.errors import nearest
from ..scenarios.schema import (
    ENTRY_SECTIONS,
    SHIPPED,
    ParameterInfo,
    iter_parameters,
    parts,
    prior_of,
    what_it_is,
)
from .console import UsageMistake
from .tables import add_row, titled

if TYPE_CHECKING:
    from ..scenarios import Scenario


def find(name: str, scenario: Scenario | None = None) -> list[ParameterInfo]:
    """The parameters called `name`: one by its path (or unambiguous end of it), all of a section, or those that an
    asterisk means.

    `scenario`: that whose entries may be named; without one, those shipped.

    Errors: UsageMistake with the nearest names if there is none.
    """
    index = scenario.index if scenario else shipped_index()
    every = list(index.parameters.values())
    name = name.strip().strip(".")
    exact = [info for info in every if info.path == name]
    section = [info for info in every if info.path.startswith(f"{name}.")]
    ending = [info for info in every if info.path.endswith(f".{name}")]
    if exact or section:
        return exact or section
    if name.count(".") == 2 and "*" in name:
        parameters = scenario.parameters if scenario else SHIPPED
        if found := spelt_out(name, parameters):
            return [index.parameters[path] for path in found]
        problem, hint = why_none(name, parameters)
        raise UsageMistake("; ".join([problem, *([hint] if hint else [])]))
    if len(ending) == 1:
        return ending
    if ending:
        paths = ", ".join(info.path for info in ending[:6]) + (", ..." if len(ending) > 6 else "")
        raise UsageMistake(f"{name!r} is the end of {len(ending)} parameters: {paths}. which one?")
    hint = index.unknown(name) if "." in name else None
    raise UsageMistake(f"there is no parameter {name!r}; {hint or _nearest(name, every)}")


def _nearest(name: str, every: Sequence[ParameterInfo]) -> str:
    known = {info.path: info.path for info in every}
    for info in every:
        head, _, last = info.path.rpartition(".")
        known.setdefault(last, info.path)
        known.setdefault(head, head)
    near = nearest(name, known)
    return f"did you mean {known[near]!r}?" if near else f"`{typed('explain')}` lists the sections"


def value_text(value: object) -> str:
    """A value as a scenario file would hold it."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def range_text(info: ParameterInfo) -> str:
    """The values a parameter may take."""
    if info.choices:
        return ", ".join(info.choices)
    if info.type is bool:
        return "true or false"
    if info.type is tuple:
        return "a list of needs"
    if info.low is None and info.high is None:
        return "any"
    low = "" if info.low is None else f"from {info.low:,.6g}"
    high = "" if info.high is None else f"to {info.high:,.6g}"
    return f"{low} {high}".strip()


def value_in(scenario: Scenario | None, info: ParameterInfo) -> object:
    """The value at the start of a run: the scenario's, or the default."""
    if scenario is None:
        return info.default
    value: object = get(scenario.parameters.model_dump(), info.path)
    return value


def all_parameters(scenario: Scenario | None = None) -> list[ParameterInfo]:
    """All parameters, of the scenario's entries if one is given."""
    index = scenario.index if scenario else shipped_index()
    return list(index.parameters.values())


def as_data(info: ParameterInfo, scenario: Scenario | None) -> dict[str, object]:
    """All that is known of one parameter, for other programs."""
    facts: dict[str, object] = {
        "path": info.path, "label": info.label, "meaning": info.meaning, "unit": info.unit,
        "type": info.type.__name__, "low": info.low, "high": info.high, "choices": info.choices,
        "default": info.default, "mechanism": info.mechanism, "source": info.source,
    }  # fmt: skip
    if scenario is not None:
        facts["value"] = value_in(scenario, info)
        facts["set_by"] = scenario.layers.get(info.path, "default")
        facts["source"] = scenario.sources.get(info.path, info.source)
    return facts


def one_parameter(info: ParameterInfo, scenario: Scenario | None) -> Table:
    """Everything known of one parameter."""
    facts = [
        ("label", info.label),
        ("meaning", info.meaning),
        ("value", f"{value_text(value_in(scenario, info))} {info.unit}"),
        ("range", range_text(info)),
    ]
    if scenario is None:
        facts.append(("source", info.source))
    else:
        facts.append(("default", value_text(info.default)))
        facts.append(("set by", scenario.layers.get(info.path, "default")))
        facts.append(("source", scenario.sources.get(info.path, info.source)))
    source = None if scenario is None else scenario.sources.get(info.path)
    if prior := prior_of(info, value_in(scenario, info), source):
        facts.append(("prior", prior.words))
    facts.append(("mechanism", info.mechanism or "none: it serves the observation"))
    if scenario is not None:
        facts += [
            (f"from {scenario.date(change.month)}", f"{value_text(change.value)} ({change.where})")
            for change in scenario.timeline
            if change.path == info.path
        ]
    table = titled(info.path)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for fact in facts:
        add_row(table, *fact)
    return table


def one_section(name: str, found: Sequence[ParameterInfo], scenario: Scenario | None) -> Table:
    """The parameters of one section, a line each; of a section of entries, these."""
    if name in ENTRY_SECTIONS:
        return _entries(name, scenario)
    table = titled(name, "parameter", "value", "unit", "range", "meaning")
    table.columns[0].no_wrap = True
    for info in found:
        value = value_text(value_in(scenario, info))
        add_row(table, info.path.removeprefix(f"{name}."), value, info.unit, range_text(info), info.meaning)
    return table


def _entries(name: str, scenario: Scenario | None) -> Table:
    """The entries of a section: label, meaning and traits of each."""
    section = getattr(scenario.parameters if scenario else SHIPPED, name)
    first = section.names[0]
    title = f"{name}: each has parameters, which `{typed('explain')} {name}.{first}` tells"
    table = titled(title, "name", "label", "meaning", "traits")
    for each, entry in section.items():
        add_row(table, each, entry.label, entry.meaning, what_it_is(entry))
    table.caption = f"a scenario file may add others, `{name}: {{NAME: {{like: {first}}}}}`, or drop one"
    return table


def all_sections(scenario: Scenario | None) -> Table:
    """The sections of a scenario file, each with what it is about and how many parameters it has there."""
    table = titled("Sections of a scenario", "section", "parameters", "about", numbers=("parameters",))
    for name, section in parts(scenario.parameters if scenario else SHIPPED):
        about = (type(section).__doc__ or "").strip().partition("\n")[0]
        add_row(table, name, sum(1 for _ in iter_parameters(section)), about)
    return table
