"""The table of all parameters, as the documentation holds it."""

from __future__ import annotations

from collections.abc import Iterable

from .checks import number_text, range_text
from .schema import KeyedSection, Leaf, Parameters, Section, leaves

HEADINGS = ("parameter", "default", "unit", "range", "meaning", "source", "mechanism")


def parameter_table() -> str:
    """All parameters in Markdown, a heading and a table for each section.

    A section with one entry for each name (doors, needs, ...) has a table of its parameters, once, and a
    table of their defaults by name.
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


def _keyed(name: str, section: KeyedSection) -> list[str]:
    entries = [list(leaves(_entry(section, each))) for each in section.names]
    headings = tuple(heading for heading in HEADINGS if heading != "default")
    shared = [
        [
            cell
            for heading, cell in zip(HEADINGS, _row(leaf, f"{name}.<name>."), strict=True)
            if heading != "default"
        ]
        for leaf in entries[0]
    ]
    defaults = [
        [f"`{parameter[0].path}`", *(default_text(leaf) for leaf in parameter)]
        for parameter in zip(*entries, strict=True)
    ]
    return [
        _table(headings, shared),
        f"Defaults of `{name}`:\n",
        _table(("parameter", *section.names), defaults),
    ]


def _entry(section: KeyedSection, name: str) -> Section:
    entry = getattr(section, name)
    assert isinstance(entry, Section)
    return entry


def _row(leaf: Leaf, prefix: str = "") -> list[str]:
    bounds = ", ".join(leaf.choices) if leaf.choices else range_text(leaf.low, leaf.high)
    if leaf.type is bool:
        bounds = "true or false"
    path = f"`{prefix}{leaf.path}`"
    return [path, default_text(leaf), leaf.unit, bounds, leaf.meaning, leaf.source, leaf.mechanism or "-"]


def default_text(leaf: Leaf) -> str:
    """A parameter's default as people write it."""
    if isinstance(leaf.default, bool):
        return "true" if leaf.default else "false"
    return number_text(leaf.default) if isinstance(leaf.default, (int, float)) else str(leaf.default)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = tuple(headings)
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
