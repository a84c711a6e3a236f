"""What stands beside the rooms (benchmarks, makers of documents) asks the package only for names that it has.

Nobody runs these files with every change, and an import inside a function fails only when it is called.
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BESIDE = [*sorted((ROOT / "benchmarks").rglob("*.py")), *sorted((ROOT / "docs" / "make").rglob("*.py"))]


def names_asked_for(source: str) -> set[tuple[str, str]]:
    """(module, name) of every `from local_citizenship... import name`, wherever it stands."""
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("local_citizenship")
        for alias in node.names
    }


def lacking(source: str) -> list[str]:
    """The names that their module has not, as `module.name`."""
    told = []
    for module, name in sorted(names_asked_for(source)):
        if hasattr(importlib.import_module(module), name):
            continue
        try:
            importlib.import_module(f"{module}.{name}")
        except ImportError:
            told.append(f"{module}.{name}")
    return told


@pytest.mark.parametrize("file", BESIDE, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_name_asked_for_is_there(file: Path) -> None:
    assert lacking(file.read_text(encoding="utf-8")) == []


def test_a_name_that_has_gone_is_told_even_from_inside_a_function() -> None:
    source = "def later():\n    from local_citizenship.outcomes.run import Run, NeverThere\n"
    assert lacking(source) == ["local_citizenship.outcomes.run.NeverThere"]
