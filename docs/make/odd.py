"""What docs/ODD.md and docs/odd-summary.md take from the code.

`python docs/make/odd.py` fills them in; with --check it tells what has drifted. Between a line
`<!-- generated: NAME -->` and the next `<!-- end of generated -->` stands what this file writes; the rest of the
documents is written by hand. `odd.yaml` has the words for what the code says nothing of, `units.yaml` units and ranges
of state variables, `symbols.yaml` the symbols of equations.
"""

from __future__ import annotations

import ast
import importlib
import io
import re
import sys
import tokenize
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

sys.path.append(str(Path(__file__).parent))  # its neighbours are found by `python -P` too

import odd_equations
import odd_parts
import odd_summary

from local_citizenship.agents import chance
from local_citizenship.agents.labour import TRADE
from local_citizenship.agents.ngo import NGO
from local_citizenship.app.mechanism_table import rules
from local_citizenship.experiments.mechanisms import GROUPS, MECHANISMS
from local_citizenship.model.layout import layout_of
from local_citizenship.model.schedule import describe
from local_citizenship.model.world import shared_fields
from local_citizenship.scenarios import catalogue, load_scenario
from local_citizenship.scenarios.checks import number_text
from local_citizenship.scenarios.markdown import markdown_table
from local_citizenship.scenarios.parameter_table import parameter_table
from local_citizenship.scenarios.schema import SHIPPED, iter_parameters

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "ODD.md"
SUMMARY = ROOT / "docs" / "odd-summary.md"
WORDS = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
UNITS = YAML(typ="safe").load(Path(__file__).with_name("units.yaml").read_text(encoding="utf-8"))
BEGIN, END = "<!-- generated: {} -->", "<!-- end of generated -->"
_BLOCK = re.compile(r"<!-- generated: ([a-z-]+) -->\n(.*?)<!-- end of generated -->", re.DOTALL)


def comments(file: Path) -> dict[str, str]:
    """Field -> the comment beside it, of the records that a source file declares."""
    source = file.read_text(encoding="utf-8")
    beside = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and token.line.strip() != token.string
    }
    return {
        node.elts[0].value: beside.get(node.end_lineno or node.lineno, "")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Tuple)
        and node.elts
        and isinstance(node.elts[0], ast.Constant)
        and isinstance(node.elts[0].value, str)
    }


def record(title: str, dtype: np.dtype[Any], file: str) -> str:
    """The state variables of a record: name, type, unit, range, meaning (the comment in the code, or the word list's).

    Errors: KeyError for a variable whose unit, or meaning, is told nowhere.
    """
    beside = comments(ROOT / file)
    lines = []
    for name in dtype.names or ():
        kind, shape = dtype[name].base, dtype[name].shape
        size = f" × {' × '.join(map(str, shape))}" if shape else ""
        meaning = beside.get(name) or WORDS["fields"][title][name]
        lines.append((f"`{name}`", f"{kind}{size}", *unit_and_range(title, name), meaning))
    if title not in UNITS:
        return markdown_table(("variable", "type", "meaning"), lines)
    return markdown_table(("variable", "type", "unit", "range", "meaning"), lines)


def unit_and_range(title: str, name: str) -> tuple[str, ...]:
    """Unit and range of a state variable; nothing for records that hold no state of their own."""
    if title not in UNITS:
        return ()
    unit, _, span = UNITS[title][name].partition(" | ")
    return unit, span


def _nation() -> str:
    return markdown_table(
        ("variable", "type", "unit", "range", "meaning"),
        [
            (f"`{n}`", "float64", *unit_and_range("NATION", n), m)
            for n, m in WORDS["fields"]["NATION"].items()
        ],
    )


def _world() -> str:
    return record("WORLD", np.dtype(shared_fields(**SHIPPED.counts())), "model/world.py")


def _schedule() -> str:
    return markdown_table(("no.", "step", "what happens"), describe())


def _mechanisms() -> str:
    parts = []
    for group, title in GROUPS.items():
        lines = [
            (m.id, m.name, m.claim, ", ".join(f"`{name}`" for name in rules().get(m.id, ())))
            for m in MECHANISMS
            if m.id[0] == group
        ]
        parts.append(
            f"**{group}. {title}**\n\n" + markdown_table(("id", "mechanism", "claim", "rules"), lines)
        )
    return "\n\n".join(parts)


def _catalogue() -> str:
    needs = []
    for name, need in SHIPPED.needs.items():
        answering = [
            (each.turn, service) for service, each in SHIPPED.services.items() if name in each.answers
        ]
        services = [service for _, service in sorted(answering)] + ["-", "-"]
        kinds = [kind for kind, each in SHIPPED.ngo_kinds.items() if name in each.answers]
        whom = "a birth" if need.childbirth else "parents of pupils" if need.school_age else "all"
        needs.append((name, need.risk, whom, *services[:2], ", ".join(kinds)))
    rungs = [
        (name, catalogue.RUNGS[rung])
        for name, rung in zip(catalogue.STATUSES, catalogue.RUNG_OF_STATUS, strict=True)
    ]
    names = {
        "services (in this order)": SHIPPED.services.names,
        "sustained programmes": SHIPPED.services.having("programme"),
        "kinds of NGO": SHIPPED.ngo_kinds.names,
        "trades": SHIPPED.trades.names,
        "reasons to leave": catalogue.REASONS,
        "modes of claiming": catalogue.MODES,
        "holders of a right, from narrow to wide": catalogue.RIGHT_HOLDERS,
    }
    headings = ("need", "risk", "whom", "city's first service", "second", "kinds of NGO")
    tables = [
        markdown_table(("status", "rung of formal rights"), rungs),
        markdown_table(
            ("door", "kind", "trade"), [(name, door.kind, door.trade) for name, door in SHIPPED.doors.items()]
        ),
        markdown_table(headings, needs),
        markdown_table(("list", "names"), [(name, ", ".join(each)) for name, each in names.items()]),
    ]
    return "\n\n".join(tables)


def purposes() -> dict[str, int]:
    """What rules draw for, with their numbers."""
    return {
        name: number
        for name, number in vars(chance).items()
        if name.isupper() and not name.startswith("_") and isinstance(number, int) and name != "SLOTS"
    }


def _draws() -> str:
    return (
        ", ".join(f"{number} {name}" for name, number in sorted(purposes().items(), key=lambda each: each[1]))
        + "."
    )


def constants() -> dict[str, Path]:
    """Fixed numbers of the code by name (the first that is met of each name) -> the file that sets it."""
    found: dict[str, Path] = {}
    for room in ("agents", "model", "outcomes", "scenarios"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                targets = node.targets if isinstance(node, ast.Assign) else []
                names = [
                    each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
                ]
                for name in filter(str.isupper, names):
                    found.setdefault(name, file.relative_to(ROOT))
    return found


def value_of(name: str, file: Path) -> Any:
    """What a module sets a name to."""
    return getattr(
        importlib.import_module(".".join(("local_citizenship", *file.with_suffix("").parts))), name
    )


def _constants() -> str:
    files = constants()
    rows = []
    for name, text in WORDS["constants"].items():
        standing, _, about = text.partition(": ")
        value = number_text(value_of(name, files[name]))
        rows.append((f"`{name}`", value, about, standing, f"`{files[name].as_posix()}`"))
    return markdown_table(("constant", "value", "what it is", "status", "where"), rows)


def _base_case() -> str:
    """What the base case sets: run, doors that are open, other parameters, and the timeline."""
    case = load_scenario("japan")
    run = [
        ("start", case.start),
        ("months", case.months),
        ("seed", case.seed),
        ("places", f"`{case.places_name}` ({len(case.places):,} municipalities)"),
        ("regions", len(set(case.places.region))),
        ("places_seed", case.places_seed),
    ]
    told = [info for info in iter_parameters(case.parameters) if not (info.presentation or info.trait)]
    values = {info.path: _value(info.default) for info in told}
    open_doors = [door for door, entry in case.parameters.doors.items() if entry.initial or entry.arrivals]
    names = [path.split(".")[2] for path in values if path.startswith("doors.skilled.")]
    doors = [[f"`{name}`", *(values[f"doors.{door}.{name}"] for door in open_doors)] for name in names]
    others = [
        (f"`{path}`", values[path])
        for path, layer in case.layers.items()
        if layer != "default" and path in values and not path.startswith("doors.")
    ]
    dated = [
        (case.date(month), ", ".join(f"`{each.path}` {_value(each.value)}" for each in changes))
        for month, changes in groupby(case.timeline, key=lambda change: change.month)
    ]
    parts = [
        markdown_table(("setting", "value"), run),
        "Doors (all others are shut: `initial` and `arrivals` are 0):",
        markdown_table(("parameter", *open_doors), doors),
        "Other parameters: the defaults of appendix F" + (" but for" if others else "."),
        *([markdown_table(("parameter", "value"), others)] if others else []),
        "Dated changes, each holding from the month it names:",
        markdown_table(("from", "changes"), dated),
    ]
    return "\n\n".join(parts)


def _value(value: Any) -> str:
    return (
        number_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
    )


def _parameters() -> str:
    return re.sub(r"^## (\w+)$", r"#### Parameters of `\1`", parameter_table(), flags=re.MULTILINE).rstrip()


def written() -> str:
    """What is written by hand in the document."""
    return _BLOCK.sub("", DOCUMENT.read_text(encoding="utf-8"))


BLOCKS: dict[str, Callable[[], str]] = {
    "patterns": odd_parts.patterns,
    "symbols": lambda: odd_equations.symbol_table(written()),
    "catalogue": _catalogue,
    "migrant": lambda: record("MIGRANT", layout_of(SHIPPED).migrant, "agents/migrant.py"),
    "municipality": lambda: record("MUNICIPALITY", layout_of(SHIPPED).municipality, "agents/municipality.py"),
    "ngo": lambda: record("NGO", NGO, "agents/ngo.py"),
    "trade": lambda: record("TRADE", TRADE, "agents/labour.py"),
    "nation": _nation,
    "world": _world,
    "schedule": _schedule,
    "flow": odd_parts.flow,
    "events": odd_parts.events,
    "providers": odd_parts.providers,
    "where": lambda: odd_parts.where(written()),
    "sensitivity": lambda: odd_parts.sensitivity(written()),
    "draws": _draws,
    "constants": _constants,
    "mechanisms": _mechanisms,
    "parameters": _parameters,
    "base-case": _base_case,
}


# Of the summary; it shares some with the document.
SUMMARY_BLOCKS: dict[str, Callable[[], str]] = {
    "pattern-counts": odd_summary.pattern_counts,
    "scales": odd_summary.scales,
    "setting": odd_summary.setting,
    "equations": lambda: odd_summary.equations(written()),
    **{name: BLOCKS[name] for name in ("flow", "providers", "sensitivity")},
}
DOCUMENTS = {DOCUMENT: BLOCKS, SUMMARY: SUMMARY_BLOCKS}


def filled(text: str, blocks: dict[str, Callable[[], str]] = BLOCKS) -> str:
    """A document with every generated block as the code has it. Errors: KeyError for an unknown block."""
    return _BLOCK.sub(lambda found: f"{BEGIN.format(found[1])}\n\n{blocks[found[1]]()}\n\n{END}", text)


def drifted(text: str, blocks: dict[str, Callable[[], str]] = BLOCKS) -> list[str]:
    """Names of the generated blocks that differ from the code, and of those the document lacks."""
    there = dict(_BLOCK.findall(text))
    return [name for name, block in blocks.items() if there.get(name, "").strip() != block().strip()]


def main(arguments: list[str]) -> int:
    """Fill the documents in; with --check, say what has drifted and change nothing."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/make/odd.py [--check]")
        return 2
    failed = 0
    for document, blocks in DOCUMENTS.items():
        text = document.read_text(encoding="utf-8")
        if not arguments:
            document.write_text(filled(text, blocks), encoding="utf-8")
        elif names := drifted(text, blocks):
            name = document.relative_to(ROOT).as_posix()
            print(f"{name} has drifted from the code: {', '.join(names)}. Run python docs/make/odd.py")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
