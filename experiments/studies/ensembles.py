"""Ensembles as they lie on disk: plausible sets of parameters with weights, those of a calibration or shipped ones."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...outcomes.whole_folder import OutputError
from ...scenarios import Scenario
from ...scenarios.bounded import UnreadableError, yaml_bytes
from ...scenarios.checks import get, range_text
from ...scenarios.errors import did_you_mean
from .provenance import rules_hash
from .study import Setting

MOST_BEYOND = 0.02  # of the emulators' errors, more than 3 deviations away
SETS, PARAMETERS, MANIFEST = "sets.csv", "parameters.csv", "manifest.json"
NOT_LEARNED = "not learned"  # the verdict on a parameter, of which the medoid then says nothing


OTHER = "another scenario"
FAR = 2.0  # so many times as long, or as coarse, as what was calibrated


@dataclass(frozen=True)
class MadeFor:
    """What a calibration ran: a scenario's name, for so many months, with so many people a record."""

    scenario: str
    months: int
    persons_per_record: float

    def __post_init__(self) -> None:
        """Errors: TypeError, ValueError for what no calibration wrote."""
        if not isinstance(self.scenario, str):
            raise TypeError(f"{self.scenario} is no name")
        for value in (self.months, self.persons_per_record):
            if isinstance(value, bool) or not 0 < value < math.inf:
                raise ValueError(f"{value} is no length, or no scale")

    def __str__(self) -> str:
        return f"{self.scenario} ({self.months} months, {self._people})"

    @property
    def _people(self) -> str:
        """As "20 people a record"."""
        return (
            f"{self.persons_per_record:g} {'person' if self.persons_per_record == 1 else 'people'} a record"
        )

    def far(self, scenario: Scenario) -> list[str]:
        """In what a scenario is far from it, in words."""
        own = MadeFor(scenario.name, scenario.months, scenario.parameters.scale.persons_per_record)
        told = []
        if self.scenario not in _built_on(scenario):
            told.append(OTHER)
        if _ratio(own.months, self.months) >= FAR:
            told.append(f"{own.months} months")
        if _ratio(own.persons_per_record, self.persons_per_record) >= FAR:
            told.append(own._people)
        return told


def _ratio(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _built_on(scenario: Scenario) -> set[str]:
    """The names of the files that a scenario is made of, and its own."""
    labels = {label.removeprefix("shipped ") for label in scenario.layers.values()}
    return {scenario.name, *(Path(label.rpartition(":")[0] or label).stem for label in labels)}


@dataclass(frozen=True)
class KeptEnsemble:
    """An ensemble as it lies in a folder. `own`: by parameter, in words, the values that are the scenario's own and not
    a policy's: what the calibrated scenario had, and the medoid's, which a shipped scenario has since. `rules`: a hash
    of the model's, then. `medoid`: the parameters of the set in the middle of which something was learned. `name`: the
    calibration's. `made_for`: what it ran. `doubts`: why its sets may not be what fits."""

    path: Path
    sets: tuple[dict[str, Any], ...]
    weights: NDArray[np.float64]
    own: dict[str, tuple[str, ...]]
    rules: str
    medoid: dict[str, Any]
    name: str = ""
    made_for: tuple[MadeFor, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Which one it is, for who wants to use the same: its name, and what of the model it was made with."""
        return f"ensemble {self.name or self.path.name}, rules' hash {self.rules[:8]}"

    @property
    def outdated(self) -> bool:
        """Whether the model has other rules by now."""
        return self.rules != rules_hash()

    def cautions(self, scenario: Scenario) -> list[str]:
        """What who uses it with a scenario should know, a sentence each."""
        told = list(self.doubts)
        if self.outdated:
            told.append(
                "The model has other rules than when this ensemble was made: calibrate again before you rely on it."
            )
        far = [(each.far(scenario), each) for each in self.made_for]
        if far and all(what for what, _ in far):
            what, nearest = min(far, key=lambda each: (OTHER in each[0], len(each[0])))
            unlike = (
                "is not built on it: its sets were never held against what was observed here"
                if OTHER in what
                else f"has {' and '.join(what)}: what is plausible there may not be here"
            )
            told.append(f"The ensemble was made for {nearest}, and {scenario.name} {unlike}.")
        return told

    def kept(self, scenario: Scenario) -> list[str]:
        """Parameters in which a scenario differs from the calibrated one: it does so on purpose.

        Errors: OutputError if it lacks a parameter.
        """
        for path in self.own:
            if path not in scenario.index.parameters:
                raise OutputError(f"{scenario.name} has no parameter {path}, which {self.path} holds")
            info = scenario.index.parameters[path]
            for number, each in enumerate(self.sets):
                if not info.takes(each[path]):
                    may = " or ".join(info.choices or ()) or range_text(info.low, info.high) or "as declared"
                    line = f"{self.path / SETS}:{number + 2}"
                    raise OutputError(f"{line}: {path} is {text_of(each[path])}, but must be {may}")
        values = scenario.parameters.model_dump()
        return [path for path, own in self.own.items() if text_of(get(values, path)) not in own]

    def settings(self, number: int, kept: Sequence[str] = ()) -> list[Setting]:
        """What a set gives, but for parameters that a scenario keeps."""
        return [(path, value) for path, value in self.sets[number].items() if path not in kept]

    def evenly(self, count: int, rng: np.random.Generator) -> list[int]:
        """So many sets, each as often as its weight is worth (systematic resampling), for whom needs equal weights."""
        places = (rng.random() + np.arange(count)) / count
        found = np.searchsorted(np.cumsum(self.weights), places * (1.0 - 1e-12))
        return [int(each) for each in np.minimum(found, len(self.sets) - 1)]


def text_of(value: object) -> str:
    """A parameter's value in words, shortly."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, int | float) else str(value)


# On disk --------------------------------------------------------------------------------------------------


def shipped_ensembles() -> tuple[str, ...]:
    """The names of the ensembles that come with the package; none before they have been made."""
    home = _shipped()
    if not home.is_dir():
        return ()
    return tuple(sorted(each.name for each in home.iterdir() if each.joinpath(MANIFEST).is_file()))


def _shipped() -> Traversable:
    return files(__package__.rpartition(".")[0]) / "ensembles"


def ensemble_of(chain: Sequence[str]) -> str | None:
    """The shipped ensemble of a scenario, by the names of the files that it builds on; None if there is none."""
    known = shipped_ensembles()
    return next((name for name in reversed(chain) if name in known), None)


def find_ensemble(reference: str | os.PathLike[str]) -> Path:
    """The folder of an ensemble: a shipped one by its name, a calibration's, or a path. Errors: OutputError."""
    name = os.fspath(reference)
    path = Path(name).expanduser()
    if not path.is_dir() and name in shipped_ensembles():
        return Path(str(_shipped() / name))
    if not path.is_dir():
        known = shipped_ensembles()
        hint = did_you_mean(name, known) or (f"the shipped ones are {', '.join(known)}" if known else "")
        raise OutputError(f"there is no ensemble {name!r}" + (f"; {hint}" if hint else ""))
    inside = path / "ensemble"
    return inside if not (path / SETS).exists() and (inside / MANIFEST).is_file() else path


def load_ensemble(folder: Path) -> KeptEnsemble:
    """The ensemble in a folder. Errors: OutputError if there is none, or it is damaged."""
    for name in (MANIFEST, SETS, PARAMETERS):
        if not (folder / name).is_file():
            raise OutputError(
                f"{folder} is no ensemble: it has no {name} (it is the folder `ensemble` of a calibration)"
            )
    sets = _with_columns(folder / SETS, read_sets, ("weight", "set"))
    known = _with_columns(folder / PARAMETERS, _read_texts, ("parameter",))
    try:
        weights = sets.pop("weight").to_numpy(float)
    except (TypeError, ValueError) as error:
        raise _damaged(folder / SETS, "a weight is no number") from error
    if bad := [n for n, weight in enumerate(weights) if not (math.isfinite(weight) and weight >= 0.0)]:
        raise _damaged(folder / SETS, f"line {bad[0] + 2}: a weight must be a number, 0 or more")
    sets = sets.drop(columns="set")
    columns = [known[name] for name in ("own", "medoid") if name in known]
    own = {
        path: tuple(dict.fromkeys(values)) for path, *values in zip(known["parameter"], *columns, strict=True)
    }
    facts = _facts(folder / MANIFEST)
    medoid = facts.medoid
    if facts.sets not in (None, len(sets)) or not _ends_with_a_line(folder / SETS):
        raise _damaged(folder / SETS, "its end is missing, or what follows it")
    if not len(sets) or set(own) != set(sets.columns) or not weights.sum() > 0 or not 0 <= medoid < len(sets):
        raise OutputError(f"{folder} is damaged: its sets and its parameters don't fit each other")
    rows = tuple({name: _plain(row[name]) for name in sets.columns} for row in sets.to_dict("records"))
    verdicts = known["verdict"] if "verdict" in known else [""] * len(known)
    learned = {
        path: rows[medoid][path]
        for path, verdict in zip(known["parameter"], verdicts, strict=True)
        if verdict != NOT_LEARNED
    }
    return KeptEnsemble(
        folder,
        rows,
        weights / weights.sum(),
        own,
        facts.rules,
        learned,
        facts.name,
        facts.made_for,
        facts.doubts,
    )


def copy_ensemble(folder: Path, target: Path) -> None:
    """What `load_ensemble` reads of an ensemble, into a new folder."""
    target.mkdir()
    for name in (MANIFEST, SETS, PARAMETERS):
        shutil.copyfile(folder / name, target / name)


def _ends_with_a_line(file: Path) -> bool:
    """Errors: OutputError."""
    try:
        with file.open("rb") as opened:
            opened.seek(-1, os.SEEK_END)
            return opened.read() == b"\n"
    except OSError as error:
        raise _damaged(file, f"it can't be read: {error.strerror or 'the disk refuses'}") from error


def _damaged(file: Path, why: str) -> OutputError:
    return OutputError(f"{file} is damaged ({why}): write the ensemble again")


def _with_columns(file: Path, read: Callable[[Path], pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """A table that has these columns. Errors: OutputError."""
    try:
        table = read(file)
    except OSError as error:
        raise _damaged(file, f"it can't be read: {error.strerror or 'the disk refuses'}") from error
    except ValueError as error:
        raise _damaged(file, "it is no table") from error
    if lacking := [name for name in columns if name not in table]:
        raise _damaged(file, f"it has no column {lacking[0]}")
    return table


@dataclass(frozen=True)
class _Facts:
    """Of an ensemble's manifest: the hash of the model's rules, the number of the medoid, and as `KeptEnsemble` has
    them."""

    rules: str
    medoid: int
    name: str
    made_for: tuple[MadeFor, ...]
    doubts: tuple[str, ...]
    sets: int | None


def _facts(file: Path) -> _Facts:
    """Errors: OutputError."""
    try:
        facts = json.loads(yaml_bytes(file))
    except UnreadableError as error:
        raise _damaged(file, f"it {error}") from error
    except (RecursionError, ValueError) as error:
        raise _damaged(file, "it is no JSON") from error
    if not isinstance(facts, dict) or not isinstance(facts.get("rules"), str):
        raise _damaged(file, "rules is missing, or no text")
    medoid = facts.get("medoid", 0)
    if not isinstance(medoid, int) or isinstance(medoid, bool):
        raise _damaged(file, "medoid is no whole number")
    try:
        made_for = tuple(MadeFor(**each) for each in facts.get("made_for", []))
        doubts = tuple(_doubts(facts))
    except (TypeError, ValueError) as error:
        raise _damaged(file, "what it was made for, or how well it fits, is not as it was written") from error
    return _Facts(facts["rules"], medoid, str(facts.get("name", "")), made_for, doubts, facts.get("sets"))


def _doubts(facts: dict[str, Any]) -> Iterator[str]:
    """Why the sets of a calibration may not be what fits, by its manifest."""
    limit, reached = float(facts.get("cutoff", 0.0)), [0.0, *map(float, facts.get("cutoffs", []))][-1]
    if reached > limit > 0.0:
        yield (
            f"Nothing met all targets of this ensemble: its sets are the nearest there were, {reached:.2f} deviations "
            f"away (at most {limit:g} are granted)."
        )
    beyond = float(facts.get("emulator_errors_beyond_3", 0.0))
    if beyond > MOST_BEYOND:
        yield (
            f"{100 * beyond:.1f}% of its emulators' errors lie beyond 3 deviations ({100 * MOST_BEYOND:g}% at most "
            "should): too few runs, or luck that is not normal."
        )


def _read_texts(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def read_sets(file: Path) -> pd.DataFrame:
    """A table of sets, each number exactly as it was written. Errors: OSError, ValueError."""
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return pd.DataFrame({name: [_value(cell) for cell in table[name]] for name in table.columns})


def _value(cell: str) -> Any:
    if cell in ("True", "False"):
        return cell == "True"
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
