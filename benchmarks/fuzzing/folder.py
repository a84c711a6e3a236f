"""Folders of runs and studies, damaged: files cut, emptied, swapped, fields and columns that are not what they were.

Every command that reads such a folder must do its work or say in a sentence that it can't.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pandas as pd
import pyarrow.parquet as pq
from hypothesis import strategies as st

from local_citizenship.experiments.studies import running
from local_citizenship.experiments.studies.folder import create
from local_citizenship.outcomes.run_folder import save_run
from local_citizenship.outcomes.simulate import simulate

from .case import Case, Step, called
from .study import InThisProcess

RUN, STUDY, SOUND = "r", "s", "sound"  # what the folders are called; SOUND is as RUN was
STUDY_FILE = """\
scenarios: two-towns
months: 3
set: {scale: {share: 0.0002}, stories: {share: 1.0}}
factors: {fear.weight: [0, 5]}
design: grid
replicates: 2
outcomes: [needs_met, {measure: E3.served_of_needs, year: every}]
"""
READING: Mapping[str, tuple[tuple[str, ...], ...]] = {
    RUN: (
        ("story", RUN), ("story", RUN, "--list"), ("story", RUN, "--against", SOUND),
        ("story", SOUND, "--against", RUN),
        ("measures", RUN), ("measures", RUN, "--id", "E3"), ("compare", SOUND, RUN),
        ("compare", RUN, SOUND),
        ("compare", SOUND, RUN, "--out", "c"), ("handout", RUN, "-o", "h.html"), ("plot", RUN),
        ("check", f"{RUN}/scenario.yaml"),
        ("run", f"{RUN}/scenario.yaml", "--months", "2", "--out", RUN, "--overwrite", "--no-figures"),
        ("migrate", "--check", RUN),
    ),
    STUDY: (
        ("study", "status", STUDY), ("study", "resume", STUDY), ("study", "resume", STUDY, "--accept-changes"),
        ("study", "export", STUDY),
        ("study", "export", STUDY, "--wide"), ("sensitivity", STUDY), ("study", "plot", STUDY),
        ("study", "add-replicates", STUDY, "1"),
        ("study", "check", f"{STUDY}/study.yaml", "--quick"), ("handout", STUDY, "-o", "h.html"),
        ("migrate", "--check", STUDY),
    ),
}  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1, 50_000, 10**40, -5, 0.5, 1e308, "", "x", "1990-01", "\u65e5\u672c", "../..",
    "/etc/passwd", [], {}, [[]], {"a": 1},
    "x" * 2000, [None], "nan",
)  # fmt: skip
GONE = "(gone)"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Damages, and the commands that meet them."""
    which = draw(st.sampled_from((RUN, RUN, STUDY)))
    damages = draw(st.lists(_damage(which), min_size=1, max_size=3))
    reading = draw(st.lists(st.sampled_from(READING[which]), min_size=1, max_size=4, unique=True))
    made = tuple(f"{each[0]} {each[1]}" for each in damages)
    return Case(
        "folder", {}, {"of": which, "damages": damages, "reading": [list(each) for each in reading]}, made
    )


@st.composite
def _damage(draw: st.DrawFn, which: str) -> list[Any]:
    files = base(which)
    how = draw(st.sampled_from(("field", "field", "table", "table", "file")))
    if how == "field":
        name = draw(st.sampled_from([each for each in files if each.endswith("manifest.json")]))
        at = draw(st.sampled_from(list(_paths(json.loads(files[name])))))
        return ["field", name, list(at), draw(st.sampled_from((*VALUES, GONE)))]
    tables = [each for each in files if each.endswith(".parquet")]
    if how == "table":
        name = draw(st.sampled_from(tables))
        column = draw(st.sampled_from(columns(which)[name]))
        return ["table", name, column, draw(st.sampled_from(sorted(TABLE_DAMAGES)))]
    name = draw(st.sampled_from(sorted(files)))
    part = draw(st.floats(0.0, 1.0))
    what = draw(st.sampled_from(sorted(FILE_DAMAGES)))
    other = (
        draw(st.sampled_from(sorted(files)))
        if what == "swap"
        else base64.b64encode(draw(st.binary(min_size=1, max_size=9))).decode()
    )
    return [what, name, part, other]


def _paths(value: Any, above: tuple[Any, ...] = (), depth: int = 3) -> Iterator[tuple[Any, ...]]:
    """The places in JSON, some levels deep."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in list(items)[:40]:
        yield (*above, name)
        if depth > 1:
            yield from _paths(inner, (*above, name), depth - 1)


@cache
def base(which: str) -> dict[str, bytes]:
    """A sound folder: the name of each file below it -> content. The same each time, its times apart."""
    with TemporaryDirectory() as work:
        folder = Path(work, which)
        if which == RUN:
            save_run(
                simulate("two-towns", months=14, sets=["scale.share=0.0005", "stories.share=0.5"]),
                folder,
                csv=True,
            )
        else:
            file = Path(work, "mine.yaml")
            file.write_text(STUDY_FILE, encoding="utf-8")
            kept = create(file, folder)
            running.run_study(kept, lambda: InThisProcess(kept, 1))
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }


@cache
def columns(which: str) -> dict[str, list[str]]:
    """The columns of each table of the sound folder."""
    with TemporaryDirectory() as work:
        _laid_out(which, Path(work))
        return {
            name: list(pq.read_schema(Path(work, name)).names)
            for name in base(which)
            if name.endswith(".parquet")
        }


def _laid_out(which: str, folder: Path) -> None:
    for name, data in base(which).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def trial(case: Case, steps: list[Step]) -> None:
    """Lay out, damage, read. Errors: Fault."""
    which = case.does["of"]
    _laid_out(which, Path(which))
    if which == RUN:
        _laid_out(RUN, Path(SOUND))
    for what, name, *about in case.does["damages"]:
        if (Path(which) / name).is_file():  # else an earlier one has taken it away
            DAMAGES[what](Path(which) / name, *about)
    with patch.object(running, "LocalEngine", InThisProcess):
        for arguments in case.does["reading"]:
            called(steps, *arguments)


# What is done to a file ---------------------------------------------------------------------------------


def _field(file: Path, at: list[Any], value: Any) -> None:
    try:
        content = inner = json.loads(file.read_bytes())
        for name in at[:-1]:
            inner = inner[name]
        if value == GONE:
            del inner[at[-1]]
        else:
            inner[at[-1]] = value
    except (KeyError, IndexError, TypeError, ValueError):  # an earlier damage has changed what is above
        return
    file.write_text(json.dumps(content), encoding="utf-8")


def _table(file: Path, column: str, how: str) -> None:
    try:
        table = pd.read_parquet(file)
        if column in table:
            TABLE_DAMAGES[how](table, column).to_parquet(file)
    except (OSError, ValueError, TypeError, OverflowError):  # damaged before, or what such a column can't be
        return


TABLE_DAMAGES: dict[str, Callable[[Any, str], Any]] = {
    "without the column": lambda table, name: table.drop(columns=name),
    "renamed": lambda table, name: table.rename(columns={name: "x"}),
    "as text": lambda table, name: table.assign(**{name: table[name].astype(str) + "?"}),
    "nothing": lambda table, name: table.assign(**{name: None}),
    "negative": lambda table, name: table.assign(**{name: -1}),
    "large": lambda table, name: table.assign(**{name: 10**9}),
    "not a number": lambda table, name: table.assign(**{name: float("nan")}),
    "lists": lambda table, name: table.assign(**{name: [[1]] * len(table)}),
    "no rows": lambda table, name: table.iloc[:0],
    "one row": lambda table, name: table.iloc[:1],
    "half": lambda table, name: table.iloc[: len(table) // 2],
    "twice": lambda table, name: pd.concat([table, table]),
    "backwards": lambda table, name: table.iloc[::-1],
    "a column more": lambda table, name: table.assign(more=1),
    "no columns": lambda table, name: table.iloc[:, :0],
}


def _cut(file: Path, part: float, other: str) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(part * len(data))])


def _flip(file: Path, part: float, other: str) -> None:
    data, new = bytearray(file.read_bytes()), base64.b64decode(other)
    at = int(part * len(data))
    data[at : at + len(new)] = new
    file.write_bytes(bytes(data))


def _swap(file: Path, part: float, other: str) -> None:
    file.write_bytes(base(file.parts[0]).get(other, b""))


def _as_folder(file: Path, part: float, other: str) -> None:
    file.unlink()
    file.mkdir()


def _link(file: Path, part: float, other: str) -> None:
    file.unlink()
    file.symlink_to("nowhere")


def _no_folder(file: Path, part: float, other: str) -> None:
    if len(file.parts) > 2:
        shutil.rmtree(file.parent)


FILE_DAMAGES: dict[str, Callable[[Path, float, str], object]] = {
    "gone": lambda file, part, other: file.unlink(),
    "empty": lambda file, part, other: file.write_bytes(b""),
    "cut": _cut,
    "flip": _flip,
    "other bytes": lambda file, part, other: file.write_bytes(base64.b64decode(other)),
    "swap": _swap,
    "as a folder": _as_folder,
    "dangling link": _link,
    "no folder": _no_folder,
}
DAMAGES: dict[str, Callable[..., object]] = {**FILE_DAMAGES, "field": _field, "table": _table}
