"""What a study's results come from, beside its file: rules, measures, scenarios, versions; and what of it changed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ...outcomes.run import RECORDED_VERSIONS
from .study import Study

_MEASURES = (
    "cascade", "collaboration", "groups", "headline", "kept", "measures_table", "people", "run", "spread",
    "unevenness", "yearly",
)  # fmt: skip
_SAMPLERS = ("SALib", "scipy")


def origins(study: Study, text: bytes) -> dict[str, Any]:
    """All of it, as the manifest keeps it. `text`: the study's file."""
    return {
        "study": hashlib.sha256(text).hexdigest(),
        "scenarios": {scenario.name: scenario.hash for scenario in study.scenarios},
        "rules": rules_hash(),
        "measures": measures_hash(),
        "versions": versions(),
    }


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs, each in a few words."""
    found = []
    if before.get("study") != now["study"]:
        found.append("the study's file")
    kept = before.get("scenarios", {})
    if before.get("study") == now["study"]:
        found += [f"the scenario {n}" for n, digest in now["scenarios"].items() if kept.get(n) != digest]
    found += [f"the model's {name}" for name in ("rules", "measures") if before.get(name) != now[name]]
    versions = before.get("versions", {})
    for name, version in now["versions"].items():
        if versions.get(name) != version:
            found.append(f"{name} ({versions.get(name, 'none')} then, {version} now)")
    return found


@cache
def rules_hash() -> str:
    """Of the sources of the rules, the month and the catalogue they are written with."""
    rooms = Path(__file__).resolve().parents[2]
    files = [*(rooms / "agents").glob("*.py"), *(rooms / "model").glob("*.py")]
    return _hash(
        [*files, rooms / "scenarios" / "catalogue.py", *sorted((rooms / "scenarios" / "schema").glob("*.py"))]
    )


@cache
def measures_hash() -> str:
    """Of the sources of what is measured."""
    folder = Path(__file__).resolve().parents[2] / "outcomes"
    return _hash(folder / f"{name}.py" for name in _MEASURES)


@cache
def versions() -> dict[str, str]:
    """Of Python, and of the packages that can change a number."""
    found = {"python": platform.python_version()}
    for name in (*RECORDED_VERSIONS, *_SAMPLERS):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
