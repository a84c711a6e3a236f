"""Modules of the checkout that are in no package which is installed: benchmarks, makers of documents, start.py."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def benchmark_module(name: str) -> ModuleType:
    """`benchmarks.name`, imported without the checkout on the path, whose folders have generic names."""
    if "benchmarks" not in sys.modules:
        package = ModuleType("benchmarks")
        package.__path__ = [str(ROOT / "benchmarks")]
        sys.modules["benchmarks"] = package
    return importlib.import_module(f"benchmarks.{name}")


def script(path: str) -> ModuleType:
    """A file that is run by itself, as `docs/make/places.py`, imported anew."""
    spec = importlib.util.spec_from_file_location(f"script {path}", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for the names of their fields' types
    spec.loader.exec_module(module)
    return module
