"""The script that holds two releases against each other finds what differs, and lets pass what is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scripts import benchmark_module

same_tables = benchmark_module("same_tables")
Change, Table, compare = same_tables.Change, same_tables.Table, same_tables.compare


def table(status: tuple[str, ...] = ("legal", "overstayer"), **columns: object) -> Any:
    """A small table as the script reads it."""
    frame = pd.DataFrame({"status": list(status), "stock": [1, 2], "level": [0.5, np.nan], **columns})
    types = {name: {"type": str(frame[name].dtype)} for name in frame}
    types["status"] = {"type": "category", "names": sorted(set(status)), "ordered": True}
    return Table(frame, types)


def found(old: Any, new: Any, *changes: Any) -> str:
    ((_, text),) = compare({"monthly": old}, {"monthly": new}, changes)
    return text


def test_the_same_is_the_same_also_where_values_are_missing() -> None:
    assert found(table(), table()) == "identical"


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (table(stock=[1, 3]), "column stock, row 1: 2 -> 3"),
        (table(level=[0.5, 0.1]), "column level, row 1: nan -> 0.1"),
        (table(stock=np.array([1, 2], "int32")), "column stock: type int64 -> int32"),
        (table(more=[0, 0]), "with column more"),
        (table(status=("legal", "irregular")), "category of legal, overstayer -> ordered category of irregular, legal"),
        (Table(table().frame[["stock", "status", "level"]],
               {name: table().types[name] for name in ("stock", "status", "level")}),
         "column 0 is stock, and was status"),
        (Table(table().frame.iloc[:1], table().types), "2 rows -> 1 rows, which part after row 0"),
        (Table(table().frame.iloc[1:], table().types), "2 rows -> 1 rows; first column"),
    ],
    ids=["value", "missing", "type", "column", "categories", "order", "fewer rows", "other rows"],
)  # fmt: skip
def test_what_differs_is_named(new: Any, says: str) -> None:
    text = found(table(), new)
    assert text.startswith("differs: ")
    assert says in text


def test_what_is_listed_passes() -> None:
    renamed = table(status=("legal", "irregular"), more=[0, 0])
    frame = renamed.frame.rename(columns={"stock": "persons"})
    types = {{"stock": "persons"}.get(name, name): of for name, of in renamed.types.items()}
    types["status"] = {**types["status"], "names": ["legal", "irregular"]}
    changes = [
        Change("the field's word", "monthly", "stock", "persons"),
        Change("new", "monthly", now="more"),
        Change("one word", "monthly", "status", values={"overstayer": "irregular"}),
    ]
    text = found(table(), Table(frame, types), *changes)
    assert text == "identical but for stock -> persons, more added, overstayer -> irregular in status"
    assert found(table(), Table(frame, types), *changes[:2]).startswith("differs")


def test_tables_that_come_or_go_are_named_unless_listed() -> None:
    old, new = {"a": table(), "b": table()}, {"a": table(), "c": table(), "d": table()}
    assert dict(compare(old, new, ())) == {
        "a": "identical",
        "b": "differs: the newer release has no such table",
        "c": "differs: the older release has no such table",
        "d": "differs: the older release has no such table",
    }
    changes = [Change("clearer", "", "b", "c"), Change("new", "", now="d")]
    assert dict(compare(old, new, changes)) == {
        "a": "identical",
        "b": "identical (now called c)",
        "d": "added on purpose",
    }


def test_what_is_no_release_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(same_tables.Failed, match="neither a folder nor a revision"):
        same_tables.Release("no-such-revision", tmp_path)
    with pytest.raises(same_tables.Failed, match="holds no checkout"):
        same_tables.Release(str(tmp_path), tmp_path)
