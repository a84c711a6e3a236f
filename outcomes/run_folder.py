"""A run on disk: one folder, written whole or not at all.

scenario.yaml        the resolved scenario, with the layer and source of each value; it can be run again
places.csv           its table of places, unless that comes with the package
manifest.json        the same for programs; seed, versions, scenario hash, speed, list of tables
tables/*.parquet     the ledger's tables, and all outcome measures by year (and *.csv on request)
data-dictionary.csv  unit and meaning of every column
seeds/               of further seeds: what its figures show, if it was run under some (kept_seeds.py)
figures/             put in by the caller, once the folder has its name
"""

from __future__ import annotations

import contextlib
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..scenarios.bounded import UnreadableError, refuse_other_kinds
from . import dictionary, kept_kinds
from .csv_text import Csv, write_csv
from .kept_seeds import read_seeds
from .manifest import DamagedManifest, OtherFormat, RunManifest, read_manifest
from .measures import Failed, Measure, MeasureError, with_measures
from .plain_yaml import dumped
from .run import Run, ScenarioInfo
from .whole_folder import OutputError, whole_folder

__all__ = ["OutputError", "load_run", "plain", "save_run"]

FORMAT = 1
MOST_PLACES = 200_000  # where a run does not say how many it has
MANIFEST, SCENARIO, DICTIONARY, TABLES = "manifest.json", "scenario.yaml", "data-dictionary.csv", "tables"
PLACES = "places.csv"
ROWS_AT_A_TIME = 131_072  # a row group: what is converted, and so held twice, at any time
# Size on disk over size in memory, on the safe side: for the message about a full disk.
PARQUET_SIZE, CSV_SIZE = 0.2, 0.8


def save_run(
    run: Run,
    folder: str | Path,
    *,
    csv: Csv = False,
    overwrite: bool = False,
    extra: Callable[[Path], object] | None = None,
    failed: Failed | None = None,
) -> Path:
    """Write `run` into `folder` and return its absolute path; parents are made where missing.

    `csv`: each table as CSV too, "excel" for how Excel wants it. `overwrite`: an older run of that name is replaced
    at once when the new one is complete. `extra(path)`: called with the unfinished folder to add to it.
    `failed(measure, error)`: told of each user's measure that fails, which costs no more than its own numbers; a
    warning is given where nobody is.
    Whatever goes wrong, an interruption included, no half-written folder is left and an older run stays.
    Errors: OutputError if the folder exists, is not a run, is being written, can't be made, or the disk is full.
    """
    target = Path(os.path.abspath(Path(folder).expanduser()))
    with whole_folder(
        target, overwrite, mark=MANIFEST, what="a run", needed=lambda: _estimated_bytes(run, csv)
    ) as partial_folder:
        (partial_folder / TABLES).mkdir()
        _write_tables(run, list(run.tables), partial_folder / TABLES, csv)
        raw, run = run, with_measures(run, failed or _warn)
        more = [name for name in run.tables if name not in raw.tables]
        _write_tables(run, more, partial_folder / TABLES, csv)
        pa.default_memory_pool().release_unused()  # else it would keep tens of MB while figures are drawn
        _write_text(partial_folder / SCENARIO, _scenario_yaml(run.scenario))
        if run.scenario.own_table is not None:
            (partial_folder / PLACES).write_bytes(run.scenario.own_table)
        columns = {name: run.tables.columns(name) for name in run.tables}
        write_csv(dictionary.describe(columns, run.entries), partial_folder / DICTIONARY, csv=csv)
        manifest = json.dumps(_manifest(run), indent=1, ensure_ascii=False) + "\n"
        _write_text(partial_folder / MANIFEST, manifest)
        if extra is not None:
            extra(partial_folder)
    return target


def _warn(measure: Measure, error: MeasureError) -> None:
    warnings.warn(str(error), stacklevel=2)


def on_disk(run: Run, folder: Path) -> Run:
    """The same run, its tables read from a folder in which they are written already."""
    readers = {name: ParquetTable(folder / TABLES / f"{name}.parquet") for name in run.tables}
    kept = Run(run.scenario, readers, run.manifest)
    kept.over_seeds = run.over_seeds
    return kept


def load_run(folder: str | Path) -> Run:
    """The run kept in `folder`; each table is read when first asked for. Errors: OutputError."""
    source = Path(folder).expanduser()
    if not source.is_dir():
        raise OutputError(f"there is no run folder {source}" + (": it is a file" if source.exists() else ""))
    if not (source / MANIFEST).is_file():
        raise OutputError(f"{source} is not a run folder: it has no {MANIFEST}")
    try:
        manifest = read_manifest(source / MANIFEST, RunManifest, FORMAT)
    except OtherFormat as error:
        raise OutputError(
            f"{source} was written in format {error}, and this version reads format {FORMAT}: run the scenario again"
        ) from error
    except DamagedManifest as error:
        raise OutputError(f"{source / MANIFEST} is damaged ({error}): run the scenario again") from error
    scenario = manifest.pop("scenario")
    known = {each.name for each in fields(ScenarioInfo)}
    info = ScenarioInfo(**{name: value for name, value in scenario.items() if name in known})
    places = manifest["tables"].get("places", {"rows": MOST_PLACES})["rows"]
    limits = kept_kinds.limits_of(info.months, places)
    readers = {
        name: ParquetTable(source / TABLES / f"{name}.parquet", kept["rows"], kept["columns"], limits)
        for name, kept in manifest["tables"].items()
    }
    run = Run(replace(info, timeline=tuple(info.timeline), observed=tuple(info.observed)), readers, manifest)
    run.over_seeds = read_seeds(source)
    return run


class ParquetTable:
    """A kept table, read whole, by columns or by row groups. Errors: OutputError if it can't be read, or is not the
    one that was written: of so many `rows` and these `columns`, where they are given. `limits`: see `kept_kinds`."""

    def __init__(
        self,
        file: Path,
        rows: int | None = None,
        columns: list[str] | None = None,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        self.file, self._rows, self._columns, self._limits = file, rows, columns, limits or {}
        self._known_to_be_whole = rows is None and columns is None

    def _check(self) -> None:
        """Once, before anything is read."""
        if self._known_to_be_whole:
            return
        with _told_of_damage(self.file):
            about = pq.read_metadata(self.file)
            for what, found, written in (
                ("rows", about.num_rows, self._rows),
                ("columns", about.schema.to_arrow_schema().names, self._columns),
            ):
                if written not in (None, [], found):  # none were noted of an empty table by 0.1.0
                    raise ValueError(f"it has other {what} than were written")
            if about.num_rows and (why := kept_kinds.misfit(self.file.stem, about, self._limits)):
                raise ValueError(why)
        self._known_to_be_whole = True

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        self._check()
        with _told_of_damage(self.file):
            return list(pq.read_schema(self.file).names)

    def __len__(self) -> int:
        self._check()
        with _told_of_damage(self.file):
            return int(pq.read_metadata(self.file).num_rows)

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The table, or some of its columns."""
        self._check()
        with _told_of_damage(self.file):
            return pd.read_parquet(self.file, columns=columns)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The table, a row group at a time."""
        self._check()
        with _told_of_damage(self.file), pq.ParquetFile(self.file) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group).to_pandas()


@contextlib.contextmanager
def _told_of_damage(file: Path) -> Iterator[None]:
    try:
        refuse_other_kinds(file)
        yield
    except FileNotFoundError as error:
        raise OutputError(f"the run folder is incomplete: {file} is missing") from error
    except UnreadableError as error:
        raise OutputError(f"{file} {error}: run the scenario again") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        why = " ".join(str(error).split())[:200]
        raise OutputError(f"{file} is damaged ({why}): run the scenario again") from error


def _estimated_bytes(run: Run, csv: Csv) -> float:
    in_memory = sum(4.0 * run.tables.rows(name) * len(run.tables.columns(name)) for name in run.tables)
    return in_memory * (PARQUET_SIZE + (CSV_SIZE if csv else 0.0))


# What is in the folder


def _write_tables(run: Run, names: Iterable[str], folder: Path, csv: Csv) -> None:
    for name in names:
        _write_parquet(run.tables.pieces(name), folder / f"{name}.parquet")
        if csv:
            for number, piece in enumerate(run.tables.pieces(name)):
                write_csv(piece, folder / f"{name}.csv", csv=csv, append=number > 0)


def _write_parquet(pieces: Iterable[pd.DataFrame], file: Path) -> None:
    """Piece by piece and by row groups, so that a large table is never held in memory a second time."""
    with contextlib.ExitStack() as stack:
        writer = None
        for table in pieces:
            if writer is None:
                schema = pa.Schema.from_pandas(table, preserve_index=False)
                writer = stack.enter_context(pq.ParquetWriter(file, schema, compression="zstd"))
            for first in range(0, max(1, len(table)), ROWS_AT_A_TIME):
                rows = table.iloc[first : first + ROWS_AT_A_TIME]
                writer.write_table(pa.Table.from_pandas(rows, schema=schema, preserve_index=False))


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _manifest(run: Run) -> dict[str, Any]:
    names = ("name", "title", "question", "hash", "seed", "start", "months")
    more = ("parameters", "layers", "sources", "timeline", "observed")
    scenario = {name: plain(getattr(run.scenario, name)) for name in (*names, *more)}
    tables = {
        name: {"rows": run.tables.rows(name), "columns": run.tables.columns(name)} for name in run.tables
    }
    return {"format": FORMAT, **plain(run.manifest), "tables": tables, "scenario": scenario}


def _scenario_yaml(info: ScenarioInfo) -> str:
    """The resolved scenario; of a run that was not made by a Scenario, as far as the run remembers it."""
    resolved: Any = info.resolved
    if resolved is None:
        head = ("name", "title", "question", "start", "months", "seed")
        resolved = {name: getattr(info, name) for name in head}
        resolved["parameters"] = {
            path: {"value": value, "layer": info.layers.get(path, ""), "source": info.sources.get(path, "")}
            for path, value in info.parameters.items()
        }
        resolved["timeline"] = info.timeline
    elif info.own_table is not None:
        resolved = {**resolved, "places": PLACES}
    return dumped(plain(resolved))


def plain(value: Any) -> Any:
    """The same with only what JSON and YAML know: NumPy numbers and tuples become numbers and lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
