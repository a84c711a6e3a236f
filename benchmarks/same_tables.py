"""Whether two releases make the same tables: `python -m benchmarks.same_tables 0.1.0 .`

Each release is a revision of git, or a folder with a checkout (`.`: this one, as it lies here). Shipped scenarios
run in both under the same seed, and every table of a run is compared: names, columns and their order, types
(categories and their order too), rows and every value. What was renamed or added on purpose stands in CHANGES,
with the reason. One line a table; the exit status is 0 only if nothing else differs.

Tables of a revision are kept in the folder `--keep`, so that the next comparison only runs the new release.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ("two-towns", "railway-line", "japan-sample", "korea", "italy", "spain")
SHORT = ("two-towns", "railway-line")  # run to their end even if we are in a hurry
QUICK_MONTHS = 36
RELEASES = {"0.1.0": "8dead6a0e187d59653a2fc9fecf558d5e94335b3"}  # those that bear no tag
SCHEMA = "schema.json"
lay_out_links = runpy.run_path(str(ROOT / "start.py"))["lay_out_links"]


@dataclass(frozen=True)
class Change:
    """What differs on purpose. A `column` (or, without one, the `table`) is called `now` in the newer release.

    `was` empty: the newer release added it. `values`: old -> new names of a column's categories.
    """

    why: str
    table: str
    was: str = ""
    now: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


# Renamed or added on purpose since 0.1.0; CHANGELOG.md lists the same for readers.
CHANGES: tuple[Change, ...] = ()

# What a release does to be compared: only what every release has. A run's folder holds all its tables, `measures`
# too; types are noted from the tables themselves, since Parquet does not keep the order of categories.
CHILD = """
import json, sys
from pathlib import Path
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes import run_folder
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios import load_scenario

folder, asked = Path(sys.argv[1]), json.loads(sys.argv[2])
scenario = load_scenario(asked["scenario"], months=asked["months"], seed=asked["seed"], sets=asked["sets"])
model = LocalCitizenship(scenario, threads=asked["threads"])
model.run()
save = getattr(run_folder, "save_run", None) or run_folder.save  # as 0.1.0 calls it
load = getattr(run_folder, "load_run", None) or run_folder.load
save(Run.from_model(model), folder / "run")
run = load(folder / "run")
made = model.ledger.tables()
tables = {name: made[name] if name in made else run.tables[name] for name in run.tables}
schema = {}
for name, table in tables.items():
    columns = {}
    for column in table.columns:
        kind = table[column].dtype
        columns[column] = {"type": str(kind)}
        if columns[column]["type"] == "category":
            columns[column].update(names=[str(n) for n in kind.categories], ordered=bool(kind.ordered))
    schema[name] = {"columns": columns, "rows": len(table)}
    plain = {c: table[c].astype(object) for c, of in columns.items() if of["type"] == "category"}
    table.assign(**plain).to_parquet(folder / (name + ".parquet"), index=False)
(folder / "schema.json").write_text(json.dumps(schema))
"""


class Failed(Exception):
    """A release could not be laid out or run, for a reason that one message can tell."""


@dataclass(frozen=True)
class Asked:
    """One run to make: a shipped scenario and its settings."""

    scenario: str
    months: int | None = None
    seed: int | None = None
    sets: tuple[str, ...] = ()
    threads: int = 2

    @property
    def key(self) -> str:
        """A folder name that no other settings share."""
        settings = json.dumps([self.scenario, self.months, self.seed, self.sets])
        return f"{self.scenario}-{hashlib.sha256(settings.encode()).hexdigest()[:8]}"


class Release:
    """A revision or a folder, laid out so that Python finds it as `local_citizenship` without installing it."""

    def __init__(self, name: str, keep: Path) -> None:
        self.name, self.keep = name, keep
        self.commit = (
            ""
            if Path(name).is_dir()
            else _git("rev-parse", "--verify", "--quiet", f"{RELEASES.get(name, name)}^{{commit}}")
        )
        if self.commit:
            self.home = keep / self.commit[:12]
            self.tree = self.home / "tree"
            if not self.tree.is_dir():
                _extract(self.commit, self.tree)
        else:
            self.tree = Path(name).resolve()
            self.home = keep / hashlib.sha256(str(self.tree).encode()).hexdigest()[:12]
        if not (self.tree / "pyproject.toml").is_file():
            raise Failed(f"{name} holds no checkout of the project")
        self.links = lay_out_links(self.tree, self.home / "links").parent

    def tables(self, asked: Asked) -> Path:
        """The folder with the tables of a run; made anew unless the release is a revision that made them before."""
        folder = self.home / "tables" / asked.key
        if self.commit and (folder / SCHEMA).is_file():
            _say(f"{self.name}: {asked.scenario}, as kept")
            return folder
        _say(f"{self.name}: {asked.scenario} ...")
        started = time.perf_counter()
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{asked.key}-", dir=folder.parent))
        try:
            self._run(asked, unfinished)
            shutil.rmtree(unfinished / "run")
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        _say(f"{self.name}: {asked.scenario}, {time.perf_counter() - started:.0f} s")
        return folder

    def _run(self, asked: Asked, folder: Path) -> None:
        settings = {**vars(asked), "sets": list(asked.sets)}
        environment = {**os.environ, "PYTHONPATH": str(self.links)}
        environment.setdefault("LOCAL_CITIZENSHIP_CACHE", str(self.home / "rules"))
        done = subprocess.run(
            [sys.executable, "-P", "-c", CHILD, str(folder), json.dumps(settings)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise Failed(f"{self.name} could not run {asked.scenario}:\n{done.stdout}{done.stderr}".strip())


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{arguments[-1].removesuffix('^{commit}')} is neither a folder nor a revision of git")
    return done.stdout.strip()


def _extract(commit: str, tree: Path) -> None:
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    tree.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".tree-", dir=tree.parent))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(unfinished, filter="data")
    unfinished.rename(tree)


# Comparing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A table as a release made it, and the types of its columns."""

    frame: pd.DataFrame
    types: dict[str, dict]


def read_tables(folder: Path) -> dict[str, Table]:
    """All tables of a run, by name, in their order."""
    schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    return {
        name: Table(pd.read_parquet(folder / f"{name}.parquet"), about["columns"])
        for name, about in schema.items()
    }


def compare(
    old: Mapping[str, Table], new: Mapping[str, Table], changes: Iterable[Change] = CHANGES
) -> Iterator[tuple[str, str]]:
    """For each table its name and what was found: "identical", "identical but for ...", or "differs: ..."."""
    changes = tuple(changes)
    renamed = {change.was: change.now for change in changes if not change.table and change.was not in new}
    added = {change.now for change in changes if not change.table and not change.was}
    unseen = dict(new)
    for name, table in old.items():
        now = renamed.get(name, name)
        if now not in unseen:
            yield name, "differs: the newer release has no such table"
            continue
        of_table = [change for change in changes if change.table in (name, now)]
        found = _compare_table(table, unseen.pop(now), of_table)
        yield name, found if now == name else f"{found} (now called {now})"
    for name in unseen:
        yield name, "added on purpose" if name in added else "differs: the older release has no such table"


def _compare_table(old: Table, new: Table, changes: list[Change]) -> str:
    listed, expected = [], {}
    added = {change.now for change in changes if not change.was and change.now not in old.types}
    for column in old.types:
        now = next((c.now for c in changes if c.was == column and c.now in new.types), column)
        expected[now] = column
        if now != column:
            listed.append(f"{column} -> {now}")
    listed += [f"{column} added" for column in new.types if column in added]
    columns = [column for column in new.types if column not in added]
    if columns != list(expected):
        return f"differs: {_first_of_lists(list(expected), columns, 'column')}"
    if len(old.frame) != len(new.frame):
        return f"differs: {len(old.frame)} rows -> {len(new.frame)} rows" + _first_value(old, new, expected)
    for now, column in expected.items():
        names = next((c.values for c in changes if c.values and now in (c.now, c.was)), {})
        before, after = dict(old.types[column]), new.types[now]
        if "names" in before:
            before["names"] = [names.get(name, name) for name in before["names"]]
        if before != after:
            return f"differs: column {now}: type {_type_text(before)} -> {_type_text(after)}"
        row = _first_difference(
            old.frame[column].replace(dict(names)) if names else old.frame[column], new.frame[now]
        )
        if row is not None:
            return f"differs: {_value_text(old, new, column, now, row)}"
        listed += [f"{was} -> {to} in {now}" for was, to in names.items()]
    return f"identical but for {', '.join(listed)}" if listed else "identical"


def _first_value(old: Table, new: Table, expected: Mapping[str, str]) -> str:
    """Where tables of unequal length part."""
    rows = min(len(old.frame), len(new.frame))
    found = {}
    for now, column in expected.items():
        row = _first_difference(old.frame[column].iloc[:rows], new.frame[now].iloc[:rows])
        if row is not None:
            found[now] = row
    if not found:
        return f", which part after row {rows - 1}"
    now = min(found, key=lambda name: found[name])
    return f"; first {_value_text(old, new, expected[now], now, found[now])}"


def _value_text(old: Table, new: Table, column: str, now: str, row: int) -> str:
    before, after = old.frame[column].iloc[row : row + 1], new.frame[now].iloc[row : row + 1]
    return f"column {now}, row {row}: {before.tolist()[0]!r} -> {after.tolist()[0]!r}"


def _first_difference(old: pd.Series, new: pd.Series) -> int | None:
    """The first row in which two columns of one length differ; missing equals missing."""
    before, after = old.to_numpy(), new.to_numpy()
    differs = (before != after) & ~(pd.isna(old).to_numpy() & pd.isna(new).to_numpy())
    return int(np.argmax(differs)) if differs.any() else None


def _first_of_lists(old: list[str], new: list[str], what: str) -> str:
    """How two lists of names part."""
    gone, come = [n for n in old if n not in new], [n for n in new if n not in old]
    if gone or come:
        parts = [f"without {what} {', '.join(gone)}"] if gone else []
        return " and ".join([*parts, f"with {what} {', '.join(come)}"] if come else parts)
    place = next(i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    return f"{what} {place} is {new[place]}, and was {old[place]}"


def _type_text(about: Mapping) -> str:
    if "names" not in about:
        return str(about["type"])
    return f"{'ordered ' if about['ordered'] else ''}category of {', '.join(about['names'])}"


# The command --------------------------------------------------------------------------------------------


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", help="a revision of git, or a folder with a checkout")
    parser.add_argument("new", help="the same; `.` is the checkout as it lies here")
    parser.add_argument("--scenarios", nargs="+", default=SCENARIOS, metavar="NAME")
    parser.add_argument("--months", type=int, help="so many months of each")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_MONTHS} months of the countries")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--sets", nargs="+", default=(), metavar="KEY=VALUE", help="in both releases")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "same_tables", metavar="FOLDER")
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    keep = options.keep.resolve()
    same = True
    try:
        old, new = Release(options.old, keep), Release(options.new, keep)
        for scenario in options.scenarios:
            months = options.months or (QUICK_MONTHS if options.quick and scenario not in SHORT else None)
            asked = Asked(scenario, months, options.seed, tuple(options.sets), options.threads)
            before, after = read_tables(old.tables(asked)), read_tables(new.tables(asked))
            for table, found in compare(before, after):
                same = same and not found.startswith("differs")
                print(f"{scenario:14} {table:16} {found}", flush=True)
    except Failed as error:
        _say(str(error))
        return 2
    print("The tables are the same." if same else "The tables differ.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
