"""Modules of benchmarks/, which is no package that is installed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

_FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"


def benchmark_module(name: str) -> ModuleType:
    """`benchmarks.name`, imported without the checkout on the path, whose folders have generic names."""
    if "benchmarks" not in sys.modules:
        package = ModuleType("benchmarks")
        package.__path__ = [str(_FOLDER)]
        sys.modules["benchmarks"] = package
    return importlib.import_module(f"benchmarks.{name}")
