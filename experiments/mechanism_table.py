"""The table of mechanisms, read off the code: the rule, the parameters, the switch and the test of each.

A rule names its mechanism at the head of its docstring ("D3: ...", "A4/D3: ...", "B1 to B5: ..."), or in
brackets further down; a parameter in its declaration; a test in its name or at the head of its docstring, or,
for a measure, by calling it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..scenarios.schema import KeyedSection, Parameters, iter_parameters
from .mechanisms import BY_ID, Mechanism

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
RULES_OF_AGENTS = ("agents", "model")
RULES_OF_MEASURES = ("outcomes",)

_ID = r"[A-E]\d{1,2}"
_HEAD = re.compile(rf"({_ID}\b[^:]{{0,60}}):")
_BRACKETS = re.compile(rf"\(({_ID}(?:(?:, | and | to |/){_ID})*)\)")
_SPAN = re.compile(rf"({_ID})(?: to ({_ID}))?")
_IN_NAME = re.compile(r"(?:^|_)([a-e]\d{1,2})(?=_|$)")

HEADINGS = ("id", "mechanism", "rule", "parameters", "off", "test")


@dataclass(frozen=True)
class Row:
    """One mechanism with all that the code says of it."""

    mechanism: Mechanism
    rules: tuple[str, ...]  # module:function
    parameters: tuple[str, ...]
    tests: tuple[str, ...]  # file:function

    def gaps(self, tests_there: bool = True) -> list[str]:
        """What this row points at in vain: rule, parameter, switch or test."""
        found = []
        if not self.rules:
            found.append("no rule names it")
        if not self.mechanism.is_measure and not self.parameters:
            found.append("no parameter drives it")
        if not self.mechanism.off and not self.mechanism.instead:
            found.append("nothing switches it off, and nothing is said to vary instead")
        if tests_there and not self.tests:
            found.append("no test names it")
        return found


def ids_of(text: str) -> list[str]:
    """The mechanisms a text names, ranges in full: "B1 to B3, C2" -> B1, B2, B3, C2."""
    found = []
    for first, last in _SPAN.findall(text):
        if last and last[0] == first[0]:
            found += [f"{first[0]}{number}" for number in range(int(first[1:]), int(last[1:]) + 1)]
        else:
            found += [first] + ([last] if last else [])
    return found


def named_at_head(docstring: str) -> list[str]:
    """The mechanisms named before the first colon, if the docstring begins with one."""
    head = _HEAD.match(docstring)
    return ids_of(head.group(1)) if head else []


def named_by(docstring: str) -> list[str]:
    """The mechanisms a rule's docstring names: at its head, and in brackets further down."""
    return named_at_head(docstring) + [i for span in _BRACKETS.findall(docstring) for i in ids_of(span)]


def _functions(file: Path) -> Iterator[tuple[ast.FunctionDef, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node, ast.get_docstring(node) or ""


@cache
def rules() -> dict[str, tuple[str, ...]]:
    """Mechanism -> its rules as `room.module:function`; those that name nothing else come first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for room in (*RULES_OF_AGENTS, *RULES_OF_MEASURES):
        for file in sorted((ROOT / room).glob("*.py")):
            if file.stem == "schedule":
                continue  # its steps carry rules out, and are none
            for node, docstring in _functions(file):
                ids = named_by(docstring) if room in RULES_OF_AGENTS else named_at_head(docstring)
                for identity in dict.fromkeys(ids):
                    found.setdefault(identity, []).append((len(ids), f"{room}.{file.stem}:{node.name}"))
    return {identity: tuple(name for _, name in sorted(each)) for identity, each in found.items()}


@cache
def parameters() -> dict[str, tuple[str, ...]]:
    """Mechanism -> paths of the parameters that drive it; keyed sections once, as doors.<name>.permit."""
    everything = Parameters()
    keyed = {n for n in Parameters.model_fields if isinstance(getattr(everything, n), KeyedSection)}
    found: dict[str, dict[str, None]] = {}
    for info in iter_parameters(everything):
        section, *rest = info.path.split(".")
        path = f"{section}.<name>.{rest[-1]}" if section in keyed else info.path
        for identity in ids_of(info.mechanism):
            found.setdefault(identity, {})[path] = None
    return {identity: tuple(paths) for identity, paths in found.items()}


@cache
def found_tests() -> dict[str, tuple[str, ...]]:
    """Mechanism -> its tests as `file:function`; nothing where the tests are not installed."""
    measures = {
        name.rpartition(":")[2]: identity
        for identity, names in rules().items()
        if identity.startswith("E")
        for name in names
        if name.startswith(RULES_OF_MEASURES)
    }
    found: dict[str, dict[str, None]] = {}
    for file in sorted(TESTS.glob("test_*.py")):
        for node, docstring in _functions(file):
            if not node.name.startswith("test"):
                continue
            ids = [i.upper() for i in _IN_NAME.findall(node.name)] + named_at_head(docstring)
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
            ids += [measures[name] for name in sorted(names & measures.keys())]
            for identity in ids:
                found.setdefault(identity, {})[f"{file.name}:{node.name}"] = None
    return {identity: tuple(names) for identity, names in found.items()}


def rows() -> list[Row]:
    """All mechanisms, in order."""
    return [
        Row(
            mechanism,
            rules().get(identity, ()),
            parameters().get(identity, ()),
            found_tests().get(identity, ()),
        )
        for identity, mechanism in BY_ID.items()
    ]


def switches_of(mechanism: Mechanism) -> list[str]:
    """The settings that switch a mechanism off: `path=value`; keyed sections once, with names if not all."""
    parts: dict[str, list[str]] = {}
    for path, value in mechanism.off.items():
        section, *rest = path.split(".")
        short = f"{section}.<name>.{rest[-1]}" if len(rest) > 1 else path
        parts.setdefault(f"{short}={_written(value)}", []).append(rest[0])
    everything = Parameters()
    texts = []
    for text, names in parts.items():
        section = getattr(everything, text.partition(".")[0])
        if isinstance(section, KeyedSection) and len(names) < len(section.names):
            text += f" ({', '.join(names)})"
        texts.append(text)
    return texts


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def switch_text(mechanism: Mechanism) -> str:
    """How to switch a mechanism off, and the remark on it."""
    return "; ".join(filter(None, [", ".join(switches_of(mechanism)), mechanism.instead]))


def cells(row: Row) -> tuple[str, ...]:
    """The row as text, in the order of HEADINGS; `no test` where there is none to be found."""
    none = "no parameter: a measure" if row.mechanism.is_measure else "NONE"
    return (
        row.mechanism.id,
        f"{row.mechanism.name}: {row.mechanism.claim}",
        ", ".join(row.rules) or "NONE",
        ", ".join(row.parameters) or none,
        switch_text(row.mechanism),
        ", ".join(row.tests) or ("NONE" if TESTS.is_dir() else "(tests are in the source)"),
    )


def as_markdown() -> str:
    """The table in Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *map(cells, rows())]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
