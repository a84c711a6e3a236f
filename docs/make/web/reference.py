"""The pages of the reference that are made from what is declared: parameters, measures, tables, figures and more.

Each function gives pages: name (a path below `build/reference`, without ending) -> Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import local_citizenship
from local_citizenship.app import mechanism_table
from local_citizenship.app.parameters import range_text
from local_citizenship.experiments.mechanisms import GROUPS
from local_citizenship.outcomes.dictionary import columns_of, known_tables
from local_citizenship.outcomes.measures import BY_ID, REFERENCES, Theme
from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.scenarios.json_schema import json_schema
from local_citizenship.scenarios.markdown import markdown_table
from local_citizenship.scenarios.parameter_table import default_text
from local_citizenship.scenarios.schema import (
    SHIPPED,
    KeyedSection,
    ParameterInfo,
    Parameters,
    iter_parameters,
    prior_of,
    what_it_is,
)
from local_citizenship.scenarios.settings import SETTINGS

Pages = dict[str, str]
NAME = "NAME"  # stands for the name of an entry in the path of its parameters


def directive(kind: str, argument: str, content: str) -> str:
    """A directive of MyST; it holds no other."""
    return f"```{{{kind}}} {argument}\n{content}\n```\n"


def toctree(names: Iterable[str]) -> str:
    """A table of contents of pages beside this one, shown in the navigation alone."""
    return "```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


def parameters() -> Pages:
    """A page for each section of a scenario file, and one that lists them."""
    pages: Pages = {}
    lines = []
    for name in Parameters.model_fields:
        section = getattr(SHIPPED, name)
        about = _about(section)
        number = sum(1 for _ in iter_parameters(section))
        lines.append((f"[`{name}`](parameters/{name}.md)", about.partition(". ")[0].rstrip("."), number))
        body = _entries(name, section) if isinstance(section, KeyedSection) else _plain(name, section)
        pages[f"parameters/{name}"] = f"# `{name}`\n\n{about}\n\n{body}"
    total = sum(number for _, _, number in lines)
    pages["parameters"] = (
        "# Parameters\n\n"
        f"All {total:,} parameters of a scenario, by the sections of its file. Each is declared once, in "
        "`scenarios/schema/`, with default, unit, range, meaning and source; *assumption* says that nothing vouches "
        "for the value. A prior is what is believed of it before any fit, from which "
        "[calibration](../../docs/calibration.md) draws. In a terminal, `python3 start.py explain fear.weight` tells "
        "the same.\n\n"
        + markdown_table(("section", "about", "parameters"), lines)
        + "\n\n"
        + toctree(f"parameters/{name}" for name in Parameters.model_fields)
    )
    return pages


def _about(section: Any) -> str:
    return " ".join((type(section).__doc__ or "").split())


def _plain(name: str, section: Any) -> str:
    return "\n".join(_parameter(info, info.path) for info in iter_parameters(section, f"{name}."))


def _parameter(info: ParameterInfo, path: str, *, default: bool = True) -> str:
    facts = [f"Unit: {info.unit}." if info.unit else "", f"Range: {range_text(info)}."]
    if default:
        facts.insert(0, f"Default: {default_text(info)}.")
        if prior := prior_of(info):
            facts.append(f"Prior: {prior.words}.")
    facts.append(f"Source: {info.source.rstrip('.')}.")
    if info.mechanism:
        facts.append(f"Mechanism: {_linked(info.mechanism)}.")
    if info.start_only:
        facts.append("Read when a run begins: a timeline can't change it.")
    meaning = info.meaning[:1].upper() + info.meaning[1:]
    return directive("parameter", path, f"**{info.label}.** {meaning}.\n\n{' '.join(filter(None, facts))}")


def _linked(text: str) -> str:
    """Ids of mechanisms in a text, each with a link to what it is."""
    return re.sub(r"\b[A-E]\d{1,2}\b", lambda found: f"[{found[0]}](#{anchor(found[0])})", text)


def anchor(identity: str) -> str:
    """Where a mechanism, or a theme of measures, is told of."""
    return f"mechanism-{identity.lower()}"


def _entries(name: str, section: KeyedSection[Any]) -> str:
    """The entries, the parameters that each has, and the defaults by entry."""
    declared = {each: {info.path: info for info in iter_parameters(entry)} for each, entry in section.items()}
    first = declared[section.names[0]]
    entries = [
        (f"`{each}`", entry.label, entry.meaning, what_it_is(entry)) for each, entry in section.items()
    ]
    numbers = [path for path, info in first.items() if not (info.presentation or info.trait)]
    defaults = [
        (f"`{each}`", *(default_text(declared[each][path]) for path in numbers)) for each in section.names
    ]
    return "\n\n".join(
        [
            markdown_table(("name", "label", "meaning", "traits"), entries),
            f"A scenario file may add to `{name}` (`NAME: {{like: {section.names[0]}}}`, at most {section.limit} in "
            "all) and drop from it (`NAME: drop`); "
            "[scenario files](../../../docs/scenario-files.md#services-needs-doors-kinds-of-ngo-and-trades) tells how.",
            f"## What each of `{name}` has",
            *(_parameter(info, f"{name}.{NAME}.{path}", default=False) for path, info in first.items()),
            "## Defaults",
            markdown_table(("name", *(f"`{path}`" for path in numbers)), defaults),
        ]
    )


def measures() -> Pages:
    """All outcome measures, by theme."""
    parts = [
        "# Measures\n\nWhat came of a run, as `python3 start.py measures RUN` prints it, "
        "`plot --measure` draws it and a study keeps it. A measure of your own: "
        "[how to](../../docs/site/how-to/own-measure.md)."
    ]
    parts += [_theme(theme) for theme in BY_ID.values()]
    cited = "\n".join(f"* {short}: {full}." for short, full in REFERENCES.items())
    return {"measures": "\n\n".join([*parts, "## Sources", cited])}


def _theme(theme: Theme) -> str:
    parts = [
        f"({anchor(theme.id)})=\n## {theme.id} {theme.title}",
        f"{theme.claim[:1].upper()}{theme.claim[1:]}.",
        f"By year; of the whole country, and by {theme.groups}.",
        *theme.notes,
    ]
    for one in theme.measures:
        also = f" Charts also by {', '.join(one.also)}." if one.also else ""
        parts.append(
            directive(
                "measure",
                f"{theme.id}.{one.name}",
                f"**{one.label}.** {one.definition}\n\nUnit: {one.unit}. Source: {one.source}.{also}",
            )
        )
    return "\n\n".join(parts)


def mechanisms() -> Pages:
    """What the article claims, where the rule is, what takes it out, and its tests."""
    parts = [
        "# Mechanisms\n\nEach claim of the article that is a rule of the model: where the rule is "
        "(room.module:function), the parameters that drive it, what takes it out, and its tests. What each does is "
        "measured in [effects](../../docs/effects.md), and judged in "
        "[mechanisms judged](../../docs/mechanisms-judged.md). The same in a terminal: "
        "`python3 start.py mechanisms D3`."
    ]
    for group, title in GROUPS.items():
        rows = [row for row in mechanism_table.rows() if row.mechanism.id[0] == group]
        parts.append(f"## {group}. {title}")
        if group == "E":
            lines = [
                (f"[{row.mechanism.id}](measures.md#{anchor(row.mechanism.id)})", *row.cells[1:2])
                for row in rows
            ]
            parts.append(markdown_table(("id", "measured"), lines))
            continue
        for row in rows:
            _, _, rules, driven, off, tests = row.cells
            name, claim = row.mechanism.name, row.mechanism.claim
            facts = {"Rules": rules, "Parameters": driven, "Taken out by": off}
            told = "\n".join(f"* {what}: {_as_code(text)}" for what, text in facts.items())
            parts.append(
                f"({anchor(row.mechanism.id)})=\n### {row.mechanism.id} {name}\n\n"
                f"{claim[:1].upper()}{claim[1:]}.\n\n{told}\n\n"
                f":::{{dropdown}} {len(row.tests)} tests\n{_as_code(tests)}\n:::"
            )
    return {"mechanisms": "\n\n".join(parts)}


def _as_code(text: str) -> str:
    """Names in a list as code; a sentence stays one."""
    parts = text.split(", ")
    return ", ".join(part if " " in part else f"`{part}`" for part in parts)


def scenario_file() -> Pages:
    """The keys at the top of a scenario file, and the schema for editors."""
    rows = [
        (f"`{each.name}`", each.meaning, "-" if each.default is None else each.default)
        for each in SETTINGS.values()
    ]
    text = (
        "# Keys of a scenario file\n\nWhat a file may say is told in [scenario files](../../docs/scenario-files.md); "
        "its sections hold the [parameters](parameters.md). Beside them stand:\n\n"
        + markdown_table(("key", "meaning", "default"), rows)
        + "\n\nand `extends` (a shipped scenario, or a file beside this one), `timeline` (dated changes), "
        "`timeline_replaces` and `sources` (what vouches for a value, by path). Editors check and complete a file by "
        "[its JSON Schema](scenario.schema.json), which `python3 start.py new mine.yaml --schema` writes beside it.\n"
    )
    return {"scenario-file": text, "scenario.schema.json": json.dumps(json_schema(), indent=1)}


def tables() -> Pages:
    """The data dictionary: all columns of all tables that a run leaves."""
    parts = [
        "# Tables of a run\n\nA run's folder has them under `tables/`, as Parquet (and as CSV with `--csv`), with a "
        "dictionary of the run's own columns in `data-dictionary.csv`."
    ]
    for name in known_tables():
        rows = [(f"`{column}`", unit, meaning) for column, (unit, meaning) in columns_of(name).items()]
        parts.append(f"## `{name}`\n\n{markdown_table(('column', 'unit', 'meaning'), rows)}")
    return {"tables": "\n\n".join(parts)}


def figures() -> Pages:
    """The figures that every run leaves, of one run that is made as the page is read."""
    parts = [
        "# Figures of a run\n\nWhat `python3 start.py run two-towns` leaves in `figures/`, each with its table beside "
        "it. A title says what this one run shows, which another seed may not. Any measure can be drawn besides: see "
        "the [gallery](../../docs/gallery.md).",
        "```{typed}\n:quiet:\npython3 start.py run two-towns\n```",
    ]
    for drawing in FIGURES.values():
        shows = f"{drawing.shows[:1].upper()}{drawing.shows[1:]}"
        only = f"    python3 start.py plot runs/two-towns-seed1 --only {drawing.number:02d}"
        picture = f"```{{drawn}} runs/two-towns-seed1/figures/{drawing.stem}.png\n```"
        parts.append(f"## {drawing.number:02d} {drawing.name}\n\n{shows}.\n\n{only}\n\n{picture}")
    return {"figures": "\n\n".join(parts)}


def python() -> Pages:
    """The public names, from their docstrings."""
    parts = [
        "# Python\n\nThe public names of `local_citizenship`, from their docstrings. "
        "[From Python](../../docs/python.md) shows each at work."
    ]
    for name in local_citizenship.__all__:
        if name.startswith("__"):
            continue
        value = getattr(local_citizenship, name)
        kind = "autoclass" if isinstance(value, type) else "autofunction"
        members = "\n   :members:" if kind == "autoclass" else ""
        parts.append(f"## {name}\n\n```{{eval-rst}}\n.. {kind}:: local_citizenship.{name}{members}\n```")
    return {"python": "\n\n".join(parts)}
