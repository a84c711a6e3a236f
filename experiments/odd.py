"""What docs/ODD.md takes from the code.

`python -m local_citizenship.experiments.odd` fills it in; with --check it tells what has drifted. Between a
line `<!-- generated: NAME -->` and the next `<!-- end of generated -->` stands what this module writes; the
rest of the document is written by hand.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ..agents import awareness, chance, migrant, municipality, needs, ngo, settling, status
from ..agents.nation import MOST_APPREHENSION, PERCEPTION_LAG
from ..model.schedule import describe
from ..model.world import _SHARED as SHARED
from ..scenarios import catalogue
from ..scenarios.parameter_table import parameter_table
from .mechanism_table import rules
from .mechanisms import GROUPS, MECHANISMS
from .odd_fields import FIELDS
from .patterns import PATTERNS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "ODD.md"
BEGIN, END = "<!-- generated: {} -->", "<!-- end of generated -->"
_BLOCK = re.compile(r"<!-- generated: ([a-z-]+) -->\n(.*?)<!-- end of generated -->", re.DOTALL)


def table(headings: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    headings = tuple(headings)
    everything = [headings, ("---",) * len(headings), *(tuple(str(c) for c in line) for line in lines)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in everything)


def comments(file: Path, name: str) -> dict[str, str]:
    """Field -> the comment beside it, in the list assigned to `name` in a source file."""
    source = file.read_text(encoding="utf-8")
    beside = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and token.line.strip() != token.string
    }
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == name for t in node.targets
        ):
            fields = [each for each in ast.walk(node) if isinstance(each, ast.Tuple) and each.elts]
            return {
                field.elts[0].value: beside.get(field.end_lineno or field.lineno, "")
                for field in fields
                if isinstance(field.elts[0], ast.Constant) and isinstance(field.elts[0].value, str)
            }
    raise KeyError(f"{file.name} assigns nothing to {name}")


def record(title: str, dtype: np.dtype[Any], beside: dict[str, str]) -> str:
    """The state variables of a record: name, type, meaning (the code's comment, or the word list's)."""
    lines = []
    for name in dtype.names or ():
        kind, shape = dtype[name].base, dtype[name].shape
        size = f" × {shape[0]}" if shape else ""
        meaning = beside.get(name) or FIELDS[title][name]
        lines.append((f"`{name}`", f"{kind}{size}", meaning))
    return table(("variable", "type", "meaning"), lines)


def _agent(module: Any, name: str) -> str:
    return record(name, getattr(module, name), comments(Path(module.__file__), name))


def _nation() -> str:
    return table(
        ("variable", "type", "meaning"), [(f"`{n}`", "float64", m) for n, m in FIELDS["NATION"].items()]
    )


def _world() -> str:
    file = ROOT / "model" / "world.py"
    return record("WORLD", np.dtype(SHARED), comments(file, "_SHARED"))


def _schedule() -> str:
    return table(("no.", "step", "what happens"), describe())


def _patterns() -> str:
    return table(("id", "pattern", "use"), [(p.id, p.wording, p.use) for p in PATTERNS.values()])


def _mechanisms() -> str:
    parts = []
    for group, title in GROUPS.items():
        lines = [
            (m.id, m.name, m.claim, ", ".join(f"`{name}`" for name in rules().get(m.id, ())))
            for m in MECHANISMS
            if m.id[0] == group
        ]
        parts.append(f"**{group}. {title}**\n\n" + table(("id", "mechanism", "claim", "rules"), lines))
    return "\n\n".join(parts)


def _catalogue() -> str:
    rows = []
    for need in catalogue.NEEDS:
        first, second = catalogue.CITY_ANSWERS[need]
        kinds = [kind for kind in catalogue.NGO_KINDS if need in catalogue.NGO_ANSWERS[kind]]
        family = "yes" if need in catalogue.FAMILY_NEEDS else "no"
        rows.append(
            (need, catalogue.RISK_OF_NEED[need], family, first or "-", second or "-", ", ".join(kinds))
        )
    headings = ("need", "risk", "families only", "city's first service", "second", "kinds of NGO")
    doors = [(name, catalogue.DOOR_KIND_OF[name]) for name in catalogue.DOORS]
    rungs = [
        (name, catalogue.RUNGS[rung])
        for name, rung in zip(catalogue.STATUSES, catalogue.RUNG_OF_STATUS, strict=True)
    ]
    names = [
        ("services (in this order)", ", ".join(catalogue.SERVICES)),
        ("sustained programmes", ", ".join(catalogue.SUSTAINED_PROGRAMMES)),
        ("kinds of NGO", ", ".join(catalogue.NGO_KINDS)),
        ("reasons to leave", ", ".join(catalogue.REASONS)),
        ("modes of claiming", ", ".join(catalogue.MODES)),
        ("holders of a right, from narrow to wide", ", ".join(catalogue.RIGHT_HOLDERS)),
    ]
    return "\n\n".join(
        [
            table(("status", "rung of formal rights"), rungs),
            table(("door", "kind"), doors),
            table(headings, rows),
            table(("list", "names"), names),
        ]
    )


def _draws() -> str:
    names = [
        (number, name)
        for name, number in vars(chance).items()
        if name.isupper() and not name.startswith("_") and isinstance(number, int) and name != "LANES"
    ]
    return ", ".join(f"{number} {name}" for number, name in sorted(names)) + "."


_CONSTANTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (municipality, ("NEIGHBOURS", "FULL_SIZE", "FULL_DEPENDENCE", "FULL_PROSPERITY", "FULL_LOBBY")),
    (municipality, ("FULL_CONFLICT", "FADING")),
    (ngo, ("LEAST_STAFF", "ADJUSTMENT", "RESERVE_YEARS")),
    (needs, ("MOST_HARM", "HARM_RAISES_ILLNESS")),
    (settling, ("ENCLAVE_SHARE", "NEVER_DUE")),
    (status, ("LONG_PERMIT", "MARRIED_RENEWAL", "SHORTEST_AMNESTY")),
    (awareness, ("OFFERED",)),
    (migrant, ("IDENTITY_MONTH", "IDENTITY_DOOR")),
)


def _constants() -> str:
    rows = [
        (f"`{name}`", getattr(module, name), f"`agents/{module.__name__.rpartition('.')[2]}.py`")
        for module, names in _CONSTANTS
        for name in names
    ]
    rows += [
        ("`PERCEPTION_LAG`", PERCEPTION_LAG, "`agents/nation.py`"),
        ("`MOST_APPREHENSION`", MOST_APPREHENSION, "`agents/nation.py`"),
    ]
    return table(("constant", "value", "where"), rows)


def _parameters() -> str:
    return re.sub(r"^## (\w+)$", r"#### Parameters of `\1`", parameter_table(), flags=re.MULTILINE).rstrip()


BLOCKS: dict[str, Callable[[], str]] = {
    "patterns": _patterns,
    "catalogue": _catalogue,
    "migrant": lambda: _agent(migrant, "MIGRANT"),
    "municipality": lambda: _agent(municipality, "MUNICIPALITY"),
    "ngo": lambda: _agent(ngo, "NGO"),
    "nation": _nation,
    "world": _world,
    "schedule": _schedule,
    "draws": _draws,
    "constants": _constants,
    "mechanisms": _mechanisms,
    "parameters": _parameters,
}


def filled(text: str) -> str:
    """The document with every generated block as the code has it. Errors: KeyError for an unknown block."""
    return _BLOCK.sub(lambda found: f"{BEGIN.format(found[1])}\n\n{BLOCKS[found[1]]()}\n\n{END}", text)


def drifted(text: str) -> list[str]:
    """Names of the generated blocks that differ from the code, and of those the document lacks."""
    there = dict(_BLOCK.findall(text))
    return [name for name, block in BLOCKS.items() if there.get(name, "").strip() != block().strip()]


def main(arguments: list[str]) -> int:
    """Fill the document in; with --check, say what has drifted and change nothing."""
    text = DOCUMENT.read_text(encoding="utf-8")
    if arguments == ["--check"]:
        names = drifted(text)
        if names:
            print(
                f"docs/ODD.md has drifted from the code: {', '.join(names)}. Run python -m {__package__}.odd"
            )
        return 1 if names else 0
    if arguments:
        print("usage: python -m local_citizenship.experiments.odd [--check]")
        return 2
    DOCUMENT.write_text(filled(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
