"""The table of all parameters, as the documentation holds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .checks import number_text, range_text
from .markdown import markdown_table
from .schema import KeyedSection, Leaf, Parameters, leaves, what_it_is

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
            parts.append(_table(HEADINGS, (_row(leaf) for leaf in leaves(section, f"{name}."))))
    return "\n".join(parts)


def _keyed(name: str, section: KeyedSection[Any]) -> list[str]:
    fields = [[leaf for leaf in leaves(entry) if not leaf.presentation] for entry in section.values()]
    headings = tuple(heading for heading in HEADINGS if heading != "default")
    shared = [_row(leaf, f"{name}.<name>.") for leaf in fields[0]]
    entries = [
        (f"`{each}`", entry.label, entry.meaning, what_it_is(entry)) for each, entry in section.items()
    ]
    defaults = [
        [f"`{same[0].path}`", *(default_text(leaf) for leaf in same)]
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


def _row(leaf: Leaf, prefix: str = "") -> list[str]:
    bounds = ", ".join(leaf.choices) if leaf.choices else range_text(leaf.low, leaf.high)
    if leaf.type in (bool, tuple):
        bounds = "true or false" if leaf.type is bool else "names of needs"
    path = f"`{prefix}{leaf.path}`"
    return [path, default_text(leaf), leaf.unit, bounds, leaf.meaning, leaf.source, leaf.mechanism or "-"]


def default_text(leaf: Leaf) -> str:
    """A parameter's default as people write it."""
    if isinstance(leaf.default, tuple):
        return ", ".join(leaf.default) or "-"
    if isinstance(leaf.default, bool):
        return "true" if leaf.default else "false"
    return number_text(leaf.default) if isinstance(leaf.default, (int, float)) else str(leaf.default)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return markdown_table(headings, rows) + "\n"
