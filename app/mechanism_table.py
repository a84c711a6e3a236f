"""The table of mechanisms: the rules, parameters, measures and tests that declare each, and how to take it out.

A rule declares its mechanisms in its decorator, `@rule("D3")`; a parameter in its declaration; measures by their
theme; a test by the marker `@pytest.mark.mechanism("D3")`, or all tests of a file by `pytestmark`.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .. import agents, model
from ..agents.rule import RULES, mechanisms_of
from ..experiments.mechanisms import BY_ID, Mechanism, settings_text
from ..outcomes.measures import BY_ID as THEMES
from ..scenarios.markdown import markdown_table
from ..scenarios.schema import ENTRY_SECTIONS, SHIPPED, iter_parameters

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
HEADINGS = ("id", "mechanism", "rule", "parameters", "off", "test")


@dataclass(frozen=True)
class Row:
    """One mechanism with all that declares it."""

    mechanism: Mechanism
    rules: tuple[str, ...]  # room.module:function
    parameters: tuple[str, ...]
    tests: tuple[str, ...]  # file:function

    def gaps(self) -> list[str]:
        """What this row points at in vain: rule, parameter, switch or test."""
        measure, mechanism = self.mechanism.is_measure, self.mechanism
        wanted = {
            "no rule declares it": self.rules,
            "no parameter drives it": self.parameters or measure,
            "nothing takes it out, and nothing is said to vary instead": mechanism.without
            or mechanism.instead,
            "no test declares it": self.tests,
        }
        return [gap for gap, there in wanted.items() if not there]

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of HEADINGS."""
        mechanism = self.mechanism
        none = "no parameter: a measure" if mechanism.is_measure else "NONE"
        no_test = "NONE" if TESTS.is_dir() else "(tests are in the source)"
        off = "; ".join(filter(None, [", ".join(settings_text(mechanism.without)), mechanism.instead]))
        return (
            mechanism.id,
            f"{mechanism.name}: {mechanism.claim}",
            ", ".join(self.rules) or "NONE",
            ", ".join(self.parameters) or none,
            off,
            ", ".join(self.tests) or no_test,
        )


def _together(pairs: Iterator[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Mechanism -> names, each once, in the order in which they come."""
    found: dict[str, dict[str, None]] = {}
    for identity, name in pairs:
        found.setdefault(identity, {})[name] = None
    return {identity: tuple(names) for identity, names in found.items()}


@cache
def rules() -> dict[str, tuple[str, ...]]:
    """Mechanism -> its rules or measures as `room.module:function`; those that are of nothing else come first."""
    for room in (agents, model):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    named = []
    for each in RULES:
        named.append((_name(each.py_func), mechanisms_of(each)))
    for theme in THEMES.values():
        for compute, _ in theme.computed:
            named.append((_name(compute), (theme.id,)))
    named.sort(key=lambda rule: (len(rule[1]), rule[0]))
    return _together((identity, name) for name, ids in named for identity in ids)


def _name(function: Any) -> str:
    """`room.module:function`."""
    return f"{function.__module__.partition('.')[2]}:{function.__name__}"


@cache
def parameters() -> dict[str, tuple[str, ...]]:
    """Mechanism -> paths of the parameters that drive it; keyed sections once, as doors.<name>.permit."""

    def pairs() -> Iterator[tuple[str, str]]:
        for info in iter_parameters(SHIPPED):
            section, *_, last = info.path.split(".")
            path = f"{section}.<name>.{last}" if section in ENTRY_SECTIONS else info.path
            for identity in ids_of(info.mechanism):
                yield identity, path

    return _together(pairs())


def ids_of(text: str) -> list[str]:
    """The mechanisms a parameter names, ranges in full: "B1 to B3, C2" -> B1, B2, B3, C2."""
    found = []
    for group, first, last in re.findall(r"([A-E])(\d{1,2})(?: to [A-E](\d{1,2}))?", text):
        found += [f"{group}{number}" for number in range(int(first), int(last or first) + 1)]
    return found


@cache
def tests() -> dict[str, tuple[str, ...]]:
    """Mechanism -> the tests marked with it as `file:function`; nothing where the tests are not installed."""

    def pairs() -> Iterator[tuple[str, str]]:
        for file in sorted(TESTS.glob("test_*.py")):
            body = ast.parse(file.read_text(encoding="utf-8")).body
            of_all = [id_ for node in body for id_ in _marked_by_file(node)]
            for node in body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                    own = [id_ for decorator in node.decorator_list for id_ in _marked(decorator)]
                    for identity in own + of_all:
                        yield identity, f"{file.name}:{node.name}"

    return _together(pairs())


def _marked_by_file(node: ast.stmt) -> list[str]:
    """The mechanisms in `pytestmark = ...`."""
    is_mark = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    return _marked(node.value) if is_mark and isinstance(node, ast.Assign) else []


def _marked(node: ast.expr) -> list[str]:
    """The mechanisms in a marker, or in a list of markers."""
    if isinstance(node, ast.List):
        return [identity for each in node.elts for identity in _marked(each)]
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.mechanism":
        return [ast.literal_eval(argument) for argument in node.args]
    return []


def rows() -> list[Row]:
    """All mechanisms, in order."""
    return [
        Row(mechanism, rules().get(id_, ()), parameters().get(id_, ()), tests().get(id_, ()))
        for id_, mechanism in BY_ID.items()
    ]


def as_markdown() -> str:
    """The table in Markdown."""
    return markdown_table(HEADINGS, [row.cells for row in rows()])
