"""What a study's results come from: rules, measures, scenarios, versions, and what each factor rests on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...outcomes.run import RECORDED_VERSIONS
from .study import LEVER, Study

_SAMPLERS = ("SALib", "scipy")

ASSUMED, FITTED, CITED = "assumption", "fitted", "cited"
SOURCES = (ASSUMED, FITTED, CITED, LEVER)  # levers apart, since they are chosen and not believed
WORDS = {
    ASSUMED: "assumed parameters",
    FITTED: "fitted parameters",
    CITED: "cited parameters",
    LEVER: "levers",
    "interplay": "interplay of these",
    "luck": "luck (replicates)",
}


def origins(study: Study, text: bytes) -> dict[str, Any]:
    """All that the results come from, as the manifest keeps it. `text`: the study's file."""
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
    else:
        kept = before.get("scenarios", {})
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
    files = [*(rooms / "agents").rglob("*.py"), *(rooms / "model").rglob("*.py")]
    return _hash([*files, rooms / "scenarios" / "catalogue.py"])


@cache
def measures_hash() -> str:
    """Of the sources of what is measured, figures left out."""
    return _hash((Path(__file__).resolve().parents[2] / "outcomes").glob("*.py"))


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


def rests_on(role: str, source: str) -> str:
    """What a factor rests on: one of SOURCES."""
    if role == LEVER:
        return LEVER
    words = source.strip().lower()
    return next((kind for kind in (ASSUMED, FITTED) if words.startswith(kind)), CITED)


def members(kinds: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The kinds that there are, in the order of SOURCES, and a matrix (kinds by factors) of who belongs to which."""
    found = [kind for kind in SOURCES if kind in kinds]
    return found, np.array([[each == kind for each in kinds] for kind in found], dtype=float)
