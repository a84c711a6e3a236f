"""The numbered equations of docs/ODD.md: where they stand, what they use, what defines each symbol.

An equation is an indented block whose first line is `(NUMBER)  MECHANISMS  MODULE:FUNCTION`, MECHANISMS (A1, B2) left
out where the function is part of none.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from local_citizenship.agents import chance
from local_citizenship.agents.labour import TRADE
from local_citizenship.agents.ngo import NGO
from local_citizenship.app.mechanism_table import rules
from local_citizenship.model.layout import layout_of
from local_citizenship.model.world import shared_fields
from local_citizenship.scenarios.markdown import markdown_table
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED, iter_parameters

HERE = Path(__file__).parent
_READ = YAML(typ="safe")
SYMBOLS: dict[str, str] = {}
_given = _READ.load((HERE / "symbols.yaml").read_text(encoding="utf-8"))
SYMBOLS.update(_given["symbols"])
PROSE = {*_given["functions"], *_given["words"]}
_FIELDS = _READ.load((HERE / "odd.yaml").read_text(encoding="utf-8"))["fields"]

_HEAD = re.compile(r"^ {4,}\((\w+\.\d+(?:\.\d+)?)\)(?:  ([A-E]\d+(?:, [A-E]\d+)*))?  ([\w.]+:\w+)$")
_REFERENCE = re.compile(r"\bEq\. ([0-9A-D]+(?:\.\d+)+)")
_NAME = re.compile(r"[A-Za-zΣΦ][A-Za-z0-9_]*[₁₂₃]?(?:\.[A-Za-z][A-Za-z0-9_]*)*")
_CONDITION = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Equation:
    """Its number, the mechanisms it is part of, the function that holds it (module:name), and its lines."""

    number: str
    mechanisms: tuple[str, ...]
    function: str
    lines: tuple[str, ...]

    def names(self) -> set[str]:
        """Whatever stands in it as a name, conditions in square brackets left out."""
        return {name for line in self.lines for name in _NAME.findall(_CONDITION.sub(" ", line))}

    def defines(self) -> set[str]:
        """Names that stand on the left of an equals sign or an arrow."""
        parts = [part for line in self.lines for part in re.split(r";\s+", line)]
        found = (
            re.match(rf"\s*({_NAME.pattern})(?:\(\w+(?:, \w+)*\))?,?.{{0,40}}?\s(?:=|←)\s", part)
            for part in parts
        )
        return {each[1] for each in found if each}


def equations_of(text: str) -> list[Equation]:
    """All of a document, in order."""
    found, lines = [], iter(text.splitlines())
    for line in lines:
        head = _HEAD.match(line)
        if head:
            body = tuple(_block(lines))
            mechanisms = tuple(head[2].split(", ")) if head[2] else ()
            found.append(Equation(head[1], mechanisms, head[3], body))
    return found


def _block(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("    "):
            return
        yield line.strip()


def references_of(text: str) -> list[str]:
    """Numbers of the equations that the text refers to."""
    return _REFERENCE.findall(text)


def misplaced(equation: Equation) -> str:
    """What is wrong with where the equation says it is in the code; nothing if all is well."""
    module, name = equation.function.split(":")
    try:
        if not hasattr(importlib.import_module(f"local_citizenship.{module}"), name):
            return f"{equation.function} is not there"
    except ImportError:
        return f"{module} is no module"
    held = {id for id, functions in rules().items() if equation.function in functions}
    if held != set(equation.mechanisms):
        return f"{equation.function} stands for {', '.join(sorted(held)) or 'no mechanism'}"
    return ""


def records() -> dict[str, set[str]]:
    """Names of the state variables, by the word that stands before them where two records share one."""
    layout = layout_of(SHIPPED)
    return {
        "migrant": set(layout.migrant.names or ()),
        "place": set(layout.municipality.names or ()),
        "ngo": set(NGO.names or ()),
        "nation": set(_FIELDS["NATION"]),
        "trade": set(TRADE.names or ()),
        "world": {name for name, *_ in shared_fields(**SHIPPED.counts())},
    }


def known_names() -> set[str]:
    """All that may stand in an equation without being a symbol of the table."""
    agents = [names for record, names in records().items() if record != "world"]
    once = {name for names in agents for name in names if sum(name in each for each in agents) == 1}
    every = set.union(*agents)
    world = records()["world"]
    paths = {info.path for info in iter_parameters(SHIPPED)}
    index = {"doors": "d", "needs": "n", "services": "s", "trades": "j", "ngo_kinds": "i"}
    keyed = {
        f"{path.split('.')[0]}.{index[path.split('.')[0]]}.{path.split('.')[-1]}"
        for path in paths
        if path.split(".")[0] in ENTRY_SECTIONS
    }
    purposes = {name for name in vars(chance) if name.isupper()}
    qualified = {f"{record}.{name}" for record, names in records().items() for name in names}
    return once | (world - every) | paths | keyed | purposes | qualified


def symbol_table(text: str) -> str:
    """The table of symbols, with the equation that defines each."""
    where: dict[str, str] = {}
    for equation in equations_of(text):
        for name in equation.defines():
            where.setdefault(name, equation.number)
    rows = []
    for name, told in sorted(SYMBOLS.items(), key=lambda each: (each[0].lower(), each[0])):
        unit, _, meaning = told.partition(" | ")
        rows.append((f"`{name}`", meaning, unit, where.get(name, "-")))
    return markdown_table(("symbol", "meaning", "unit", "Eq."), rows)


def range_holds(text: str, values: np.ndarray) -> bool:
    """Whether values lie in a range as the tables write it: `0 to 1`, `≥ 0`, `any`, `0 or 1`."""
    if text == "any":
        return True
    if text.startswith("≥ "):
        return bool((values >= float(text[2:].replace("−", "-"))).all())
    ends = [float(part.replace(",", "").replace("−", "-")) for part in re.split(r" (?:to|or) ", text)]
    if " or " in text:
        return bool(np.isin(values, ends).all())
    return bool(((values >= ends[0] - 1e-12) & (values <= ends[1] + 1e-12)).all())
