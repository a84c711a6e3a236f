"""A run under further seeds: the tables of its figures and its outcomes, a column `seed` beside them; in the run's
folder as `seeds/`, where `plot` finds them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import ValidationError

from ..scenarios.bounded import UnreadableError, bounded_bytes, refuse_other_kinds
from .deciding import OverSeeds
from .headline import HEADLINES, headlines
from .manifest import KeptSeeds, misfit
from .whole_folder import OutputError

if TYPE_CHECKING:
    from .run import Run

FOLDER, ABOUT, OUTCOMES = "seeds", "seeds.json", "outcomes"
MOST_BYTES = 64_000_000  # of a table: that of a map of thousands of places over many seeds has a few


def tables_of_figures(run: Run) -> dict[str, Any]:
    """The tables of a run's figures, by name; and `outcomes`: its headline numbers (outcome, value)."""
    from .plots import FIGURES

    found: dict[str, Any] = {}
    for drawing in FIGURES.values():
        try:
            found[drawing.name] = drawing.data(run)
        except Exception:  # told where this run's own figure is drawn
            continue
    numbers = headlines(run, HEADLINES)
    found[OUTCOMES] = pd.DataFrame({"outcome": [*numbers], "value": [*numbers.values()]})
    return found


def over_seeds(tables: Mapping[int, Mapping[str, pd.DataFrame]]) -> OverSeeds:
    """Of each seed's tables: one of each name, with a column `seed`, where all seeds have one."""
    first = next(iter(tables.values()))
    names = [name for name in first if all(name in each for each in tables.values())]
    joined = {
        name: pd.concat([each[name].assign(seed=seed) for seed, each in tables.items()], ignore_index=True)
        for name in names
    }
    return OverSeeds([*tables], joined)


def write_seeds(over: OverSeeds, folder: Path) -> None:
    """Write into an empty folder."""
    for name in over.names:
        table = over.table(name)
        for column in table.select_dtypes("category"):
            table = table.astype({column: str})
        table.to_parquet(folder / f"{name}.parquet", index=False)
    about = {"seeds": [str(seed) for seed in over.seeds], "tables": over.names}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def read_seeds(run_folder: Path) -> OverSeeds | None:
    """What a run's folder holds of further seeds; None if nothing. Errors: OutputError if it is damaged."""
    file = run_folder / FOLDER / ABOUT
    if not file.exists():
        return None
    try:
        about = KeptSeeds.model_validate_json(bounded_bytes(file, MOST_BYTES))
    except UnreadableError as error:
        raise OutputError(f"{file} {error}: remove the folder {FOLDER}") from error
    except ValidationError as error:
        raise OutputError(f"{file} is damaged ({misfit(error)}): remove the folder {FOLDER}") from error
    return OverSeeds([int(seed) for seed in about.seeds], _Kept(run_folder / FOLDER, about.tables))


class _Kept(Mapping[str, pd.DataFrame]):
    """The tables of the folder, each read when it is asked for. Errors: OutputError."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self._folder, self._names = folder, names

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        file = self._folder / f"{name}.parquet"
        try:
            refuse_other_kinds(file)
            if file.stat().st_size > MOST_BYTES:
                raise ValueError(f"larger than {MOST_BYTES // 1_000_000} MB")
            return pd.read_parquet(file)
        except FileNotFoundError as error:
            raise OutputError(f"{file} is missing: run the scenario again, or remove the folder") from error
        except (OSError, ValueError, UnreadableError) as error:
            why = " ".join(str(error).split())[:200]
            raise OutputError(
                f"{file} is damaged ({why}): run the scenario again, or remove the folder"
            ) from error

    def __contains__(self, name: object) -> bool:
        return name in self._names  # a Mapping would read the file to see

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
