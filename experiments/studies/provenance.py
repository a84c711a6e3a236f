"""What a study's results come from: rules, measures, scenarios, versions, and what each factor rests on."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterator, Mapping, Sequence
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
    """Python's source without comments, docstrings, empty lines and trailing blanks: the same text under every version
    of Python. Of other strings that go over several lines all is kept, empty lines and blanks too."""
    lines = source.split("\n")  # as Python counts them, and not at the further ends that `splitlines` knows
    docstrings = _docstrings(ast.parse(source))
    inside: set[int] = set()
    for kind, start, end in _comments_and_strings(source):
        if kind == tokenize.COMMENT:
            lines[start[0] - 1] = lines[start[0] - 1][: start[1]]
        else:
            inside.update(range(start[0] - 1, end[0] - 1))  # lines whose end is a part of the string
    for first, begins, last, ends in docstrings:
        before, after = lines[first].encode()[:begins].decode(), lines[last].encode()[ends:].decode().lstrip()
        lines[first:last] = [""] * (last - first)
        inside.difference_update(range(first, last))
        lines[last] = before + after.removeprefix(";").lstrip()
    kept = (line if row in inside else line.rstrip() for row, line in enumerate(lines))
    return "\n".join(line for row, line in enumerate(kept) if line or row in inside)


def _docstrings(tree: ast.Module) -> list[tuple[int, int, int, int]]:
    """Of each its first row, the byte at which it begins there, its last row and the byte at which it ends."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            words = node.body[0]
            assert words.end_lineno is not None
            assert words.end_col_offset is not None
            found.append((words.lineno - 1, words.col_offset, words.end_lineno - 1, words.end_col_offset))
    return found


def _comments_and_strings(source: str) -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
    """Kind (COMMENT or STRING), begin and end of each. An f-string is one, of however many tokens it is made."""
    begun: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind in ("COMMENT", "STRING"):
            yield token.type, token.start, token.end
        elif kind in ("FSTRING_START", "TSTRING_START"):
            begun.append(token.start)
        elif kind in ("FSTRING_END", "TSTRING_END"):
            yield tokenize.STRING, begun.pop(), token.end


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
