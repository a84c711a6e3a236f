"""The table of all parameters, as the documentation holds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .checks import number_text, range_text
from .schema import KeyedSection, ParameterInfo, Parameters, iter_parameters, what_it_is

HEADINGS = ("parameter", "default", "unit", "range", "meaning", "source", "mechanism")


def parameter_table() -> str:
    """All parameters in Markdown, a heading and a table for each section.

    A section of entries (doors, needs, ...) has a table of its entries, one of their parameters, and one of the
    defaults by name.
    """
    everything = Parameters()
    parts: list[str] = []
    for name in Parameters.model_fields:
        section = getattr(everything, name)
        about = " ".join((type(section).__doc__ or "").split())
        parts.append(f"## {name}\n\n{about}\n")
        if isinstance(section, KeyedSection):
            parts += _keyed(name, section)
        else:
            parts.append(_table(HEADINGS, (_row(info) for info in iter_parameters(section, f"{name}."))))
    return "\n".join(parts)


def _keyed(name: str, section: KeyedSection[Any]) -> list[str]:
    fields = [
        [info for info in iter_parameters(entry) if not info.presentation] for entry in section.values()
    ]
    headings = tuple(heading for heading in HEADINGS if heading != "default")
    shared = [_row(info, f"{name}.<name>.") for info in fields[0]]
    entries = [
        (f"`{each}`", entry.label, entry.meaning, what_it_is(entry)) for each, entry in section.items()
    ]
    defaults = [
        [f"`{same[0].path}`", *(default_text(info) for info in same)]
        for same in zip(*fields, strict=True)
        if not same[0].trait
    ]
    return [
        _table(("name", "label", "meaning", "traits"), entries),
        f"A scenario file may add to `{name}` (`NAME: {{like: {section.names[0]}}}`, at most {section.limit} in "
        "all) and drop from it (`NAME: drop`). Each has:\n",
        _table(headings, ([row[0], *row[2:]] for row in shared)),
        f"Defaults of `{name}`:\n",
        _table(("parameter", *section.names), defaults),
    ]


def _row(info: ParameterInfo, prefix: str = "") -> list[str]:
    bounds = ", ".join(info.choices) if info.choices else range_text(info.low, info.high)
    if info.type in (bool, tuple):
        bounds = "true or false" if info.type is bool else "names of needs"
    path = f"`{prefix}{info.path}`"
    return [path, default_text(info), info.unit, bounds, info.meaning, info.source, info.mechanism or "-"]


def default_text(info: ParameterInfo) -> str:
    """A parameter's default as people write it."""
    if isinstance(info.default, tuple):
        return ", ".join(info.default) or "-"
    if isinstance(info.default, bool):
        return "true" if info.default else "false"
    return number_text(info.default) if isinstance(info.default, (int, float)) else str(info.default)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = tuple(headings)
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
