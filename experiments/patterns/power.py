"""Power: how often random behaviour meets each pattern. One that nearly anything meets says nothing of the model."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ...outcomes.whole_folder import write_whole
from ...scenarios.bounded import UnreadableError, yaml_bytes
from . import PATTERNS
from .pattern import Finding

EASY = 0.7  # a check pattern that more of the draws hit than this doesn't count
FIELDS = ("pattern", "draws", "hits_of_draws", "seeds", "hits_of_model", "scenario")


class PowerError(Exception):
    """The table of powers cannot be used, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class Power:
    """How one pattern fares in single runs: of random behaviour, and of the model as it is under other seeds."""

    draws: int
    hits: int
    seeds: int
    model_hits: int
    scenario: str

    @property
    def easy(self) -> bool:
        """Whether nearly anything hits it."""
        return self.draws > 0 and self.hits > EASY * self.draws


def marked(finding: Finding, power: Mapping[str, Power]) -> Finding:
    """The finding, with the reason why it doesn't count, if there is one."""
    pattern, own = finding.pattern, power.get(finding.pattern.id)
    easy = f"{own.hits} of {own.draws} random draws hit it" if own is not None and own.easy else ""
    return replace(finding, uncounted=finding.uncounted or easy) if pattern.use == "check" else finding


# In a file -----------------------------------------------------------------------------------------------


def power_file(report: Path) -> Path:
    """Where the power of the patterns of a report stands: beside it."""
    return report.with_name(f"{report.stem}-power.csv")


def write_power(file: Path, power: Mapping[str, Power]) -> None:
    """Write it as a table, a row for each pattern. Errors: OSError."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(FIELDS)
    rows.writerows((id, p.draws, p.hits, p.seeds, p.model_hits, p.scenario) for id, p in power.items())
    write_whole(file, text.getvalue())


def read_power(file: Path) -> dict[str, Power]:
    """What `write_power` wrote; nothing if there is no such file. Errors: PowerError."""
    if not file.exists():
        return {}
    try:
        rows = csv.DictReader(io.StringIO(yaml_bytes(file).decode()))
        return {row["pattern"]: _read(row) for row in rows if row["pattern"] in PATTERNS}
    except (UnreadableError, KeyError, TypeError, ValueError) as error:
        raise PowerError(
            f"{file} is no table of powers: make it anew with `patterns --power 40`, or remove it"
        ) from error


def _read(row: Mapping[str, str]) -> Power:
    numbers = [int(row[field]) for field in FIELDS[1:5]]
    return Power(numbers[0], numbers[1], numbers[2], numbers[3], row["scenario"])


def power_text(power: Power) -> str:
    """In a cell: random draws that hit it, beside the model's own seeds."""
    if not power.draws:
        return "–"
    return f"{power.hits} of {power.draws}; model {power.model_hits} of {power.seeds}"
