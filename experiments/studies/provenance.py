"""What a study's results come from: rules, measures, scenarios, versions, and what each factor rests on."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ...outcomes.outcome_spec import OutcomeSpec
from ...outcomes.run import versions
from ...scenarios import Scenario
from ...scenarios.bounded import UnreadableError, refuse_other_kinds
from .study import LEVER

_SAMPLERS = ("SALib", "scipy")  # which can change a number too

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


class Runnable(Protocol):
    """What scenarios it runs, and what it keeps of each run: a study, or a calibration."""

    @property
    def scenarios(self) -> Sequence[Scenario]: ...

    @property
    def outcomes(self) -> Sequence[OutcomeSpec]: ...


def origins(study: Runnable, text: bytes, *libraries: str) -> dict[str, Any]:
    """All that the results come from, as the manifest keeps it. `text`: the study's file; `libraries`: that can change
    a number besides the usual ones."""
    return {
        "study": hashlib.sha256(text).hexdigest(),
        "scenarios": {scenario.name: scenario.hash for scenario in study.scenarios},
        "rules": rules_hash(),
        "measures": _hash("outcomes/*.py"),  # without figures
        "measure_files": {
            file: _hash_of(file) for file in sorted({each.file for each in study.outcomes} - {""})
        },
        "versions": versions(*_SAMPLERS, *libraries),
    }


def rules_hash() -> str:
    """Of the model's rules as they are, whatever comments and docstrings say of them."""
    return _hash("agents/**/*.py", "model/**/*.py", "scenarios/catalogue.py")


def changes(before: Mapping[str, Any], now: Mapping[str, Any], what: str = "the study") -> list[str]:
    """What differs, each in a few words."""
    found = []
    if before.get("study") != now["study"]:
        found.append(f"{what}'s file")
    else:
        kept = before.get("scenarios", {})
        found += [f"the scenario {n}" for n, digest in now["scenarios"].items() if kept.get(n) != digest]
    found += [f"the model's {name}" for name in ("rules", "measures") if before.get(name) != now[name]]
    then = before.get("measure_files", {})
    found += [f"your {file}" for file, digest in now["measure_files"].items() if then.get(file) != digest]
    then = before.get("versions", {})
    for name, version in now["versions"].items():
        if then.get(name) != version:
            found.append(f"{name} ({then.get(name, 'none')} then, {version} now)")
    return found


def _hash_of(file: str) -> str:
    """Of a user's file; "" if it can't be read."""
    try:
        refuse_other_kinds(file)
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]
    except (OSError, UnreadableError):
        return ""


@cache
def _hash(*patterns: str) -> str:
    """Of these sources' code, each with its name, in the order of their paths."""
    rooms, digest = Path(__file__).resolve().parents[2], hashlib.sha256()
    for file in sorted(file for pattern in patterns for file in rooms.glob(pattern)):
        digest.update(file.name.encode() + b"\0" + code_alone(file.read_text("utf-8")).encode())
    return digest.hexdigest()[:16]


def code_alone(source: str) -> str:
    """Python's source without comments, docstrings and empty lines: the same text under every version of Python."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            words = node.body[0]
            last = words.end_lineno or words.lineno
            lines[words.lineno - 1 : last] = [""] * (last - words.lineno + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())


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
