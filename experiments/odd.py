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
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from ..agents import chance, enrolling, migrant, municipality, nation, needs, ngo, services, settling, status
from ..model import books
from ..model.schedule import describe
from ..model.world import _SHARED as SHARED
from ..outcomes import collaboration, spread
from ..scenarios import catalogue, load_scenario, places_draw, places_layout
from ..scenarios.checks import number_text
from ..scenarios.parameter_table import parameter_table
from ..scenarios.schema import iter_parameters
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


ASSUMED, DEFINED, TECHNICAL = "assumption", "definition", "technical"
REGISTER = "after Japan's register"
# Module -> its fixed numbers: name, what it is, and what vouches for it.
_CONSTANTS: tuple[tuple[Any, tuple[tuple[str, str, str], ...]], ...] = (
    (
        municipality,
        (
            ("NEIGHBOURS", "nearest, and most similar, places a city looks at (B5)", ASSUMED),
            ("FULL_SIZE", "migrants at which size counts in full, but for a doubling begun (B3)", ASSUMED),
            ("FULL_DEPENDENCE", "share of residents at which dependence counts in full (B3)", ASSUMED),
            ("FULL_PROSPERITY", "fiscal strength at which prosperity counts in full (B3)", ASSUMED),
            ("FULL_LOBBY", "NGO workers a thousand migrants at full strength (B3, B7, C8)", ASSUMED),
            ("FULL_CONFLICT", "gain in share over twelve months that strains in full (B9)", ASSUMED),
            ("FADING", "part of what a survey found that is out of date a year later (B8)", ASSUMED),
        ),
    ),
    (
        ngo,
        (
            ("LEAST_STAFF", "workers an NGO never falls below (C4)", ASSUMED),
            ("ADJUSTMENT", "part of the way to affordable staff covered in a year (C4)", ASSUMED),
            ("RESERVE_YEARS", "years over which savings are spent on staff (C4)", ASSUMED),
        ),
    ),
    (
        needs,
        (
            ("MOST_HARM", "times lasting harm is counted (D10)", ASSUMED),
            ("HARM_RAISES_ILLNESS", "part by which each harm raises illness (D10)", ASSUMED),
        ),
    ),
    (
        settling,
        (
            ("ENCLAVE_SHARE", "own category's share of residents in a full enclave (D5, D6)", ASSUMED),
            ("NEVER_DUE", "the date that stands for never", TECHNICAL),
        ),
    ),
    (
        status,
        (
            ("LONG_PERMIT", "months of the permit given on marriage (A3)", ASSUMED),
            ("MARRIED_RENEWAL", "least chance of renewal for spouses of nationals (A3)", ASSUMED),
            ("SHORTEST_AMNESTY", "months of the shortest permit after an amnesty (A3, A5)", ASSUMED),
            ("NO_DATE", "the date that stands for no such date yet", TECHNICAL),
        ),
    ),
    (
        services,
        (
            ("OFFERED", "level above which a service is offered (B1)", ASSUMED),
            ("RIGHTS", "bit 15 of `knows`: the rights under national law (D2)", TECHNICAL),
            ("BY_EMPLOYER", "bit 11 of `enrolled`: the insurance of the job (A1)", TECHNICAL),
        ),
    ),
    (enrolling, (("MANY", "claims counted in a life at most", TECHNICAL),)),
    (
        migrant,
        (
            ("IDENTITY_MONTH", "step of identities from month to month", TECHNICAL),
            ("IDENTITY_DOOR", "step of identities from door to door", TECHNICAL),
        ),
    ),
    (
        nation,
        (
            ("PERCEPTION_LAG", "months it takes public concern to follow the news (A9)", ASSUMED),
            ("MOST_APPREHENSION", "highest chance a month of being apprehended (A4)", ASSUMED),
        ),
    ),
    (
        books,
        (("LONGEST_STAY", "years of stay from which the census puts all into one class", DEFINED),),
    ),
    (
        spread,
        (
            ("ADOPTED_LEVEL", "level above which a service counts as adopted (E7)", DEFINED),
            ("LEAST_NEEDS", "episodes (records) a year from which a share of needs met counts (E2)", DEFINED),
        ),
    ),
    (
        collaboration,
        (("LEAST_MIGRANTS", "migrants from which a municipality is counted (E9)", DEFINED),),
    ),
    (
        places_draw,
        (
            ("POPULATION_SHARE", "correlation of the scores of size and foreign share", REGISTER),
            ("POPULATION_FISCAL", "correlation of the scores of size and fiscal strength", REGISTER),
            ("SHARE_FISCAL", "correlation of the scores of foreign share and fiscal strength", REGISTER),
            ("ENOUGH_TO_DECORRELATE", "municipalities from which chance correlations go", TECHNICAL),
            ("LARGEST_POPULATION", "residents of the largest municipality", REGISTER),
            ("LARGEST_SHARE_OF_REGION", "share of its region in the largest municipality", REGISTER),
            ("SMALLEST_POPULATION", "residents of the smallest municipality", REGISTER),
            ("LARGEST_FOREIGN_SHARE", "largest foreign share", REGISTER),
            ("WIDEST_FOREIGN_SHARE", "largest deviation of log foreign share that counts", REGISTER),
            ("SMALLEST_FISCAL_STRENGTH", "least fiscal strength", ASSUMED),
        ),
    ),
    (
        places_layout,
        (
            ("KM_A_DEGREE", "kilometres a degree of latitude", DEFINED),
            ("REACH", "reach of a region over the distance of its two nearest centres", REGISTER),
            ("REACH_OF_ONE", "kilometres of reach by number of municipalities", ASSUMED),
            ("LARGEST_REACH", "kilometres a region reaches at most", ASSUMED),
            ("CENTRALITY", "how strongly size draws to the centre", REGISTER),
        ),
    ),
)


def _constants() -> str:
    rows = []
    for module, constants in _CONSTANTS:
        room, _, file = module.__name__.rpartition(".")
        where = f"`{room.rpartition('.')[2]}/{file}.py`"
        rows += [
            (f"`{name}`", number_text(getattr(module, name)), about, standing, where)
            for name, about, standing in constants
        ]
    return table(("constant", "value", "what it is", "status", "where"), rows)


def _base_case() -> str:
    """What the base case sets: run, doors that are open, other parameters, and the timeline."""
    case = load_scenario("japan")
    run = [
        ("start", case.start),
        ("months", case.months),
        ("seed", case.seed),
        ("places", f"`{case.places_name}` ({len(case.places):,} municipalities)"),
        ("places_seed", case.places_seed),
    ]
    values = {info.path: _value(info.default) for info in iter_parameters(case.parameters)}
    open_doors = [
        door
        for door in catalogue.DOORS
        if any(getattr(getattr(case.parameters.doors, door), name) for name in ("initial", "arrivals"))
    ]
    names = [path.split(".")[2] for path in values if path.startswith("doors.skilled.")]
    doors = [[f"`{name}`", *(values[f"doors.{door}.{name}"] for door in open_doors)] for name in names]
    others = [
        (f"`{path}`", values[path])
        for path, layer in case.layers.items()
        if layer != "default" and not path.startswith("doors.")
    ]
    dated = [
        (case.date(month), ", ".join(f"`{each.path}` {_value(each.value)}" for each in changes))
        for month, changes in groupby(case.timeline, key=lambda change: change.month)
    ]
    parts = [
        table(("setting", "value"), run),
        "Doors (all others are shut: `initial` and `arrivals` are 0):",
        table(("parameter", *open_doors), doors),
        "Other parameters: the defaults of 7.17" + (" but for" if others else "."),
        *([table(("parameter", "value"), others)] if others else []),
        "Dated changes, each holding from the month it names:",
        table(("from", "changes"), dated),
    ]
    return "\n\n".join(parts)


def _value(value: Any) -> str:
    return (
        number_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
    )


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
    "base-case": _base_case,
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
